"""The order of straight-line code: independent chains of operations side by side.

An operation waits some cycles for what it depends on, and a processor looks only some hundred
operations ahead. Lines are therefore put in the order in which two ideal units would begin them,
always the earliest line that can begin, among those that follow closely. What is computed does not
change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush
from typing import NamedTuple

_NAME = re.compile(r"%[\w.]+")
_LATENCY = {
    "fdiv": 13,
    "sqrt": 20,
    "fadd": 4,
    "fsub": 4,
    "fmul": 4,
    "fma": 4,
    "scale": 5,
    "fcmp": 5,
    "select": 5,
}
_OPERATION = re.compile("|".join(_LATENCY))
_REST = 1
WINDOW = 10
"""Lines a register, times vectors in flight, among which the next one is sought: what is begun is
held until it is used."""
NEIGHBORS = 4
"""Operations that may change places (`in_step`)."""


class Line(NamedTuple):
    """A line of straight-line code.

    Attributes:
        text: as it stands.
        names: in it, as they stand; first the one that it makes.
        needs: the places of the lines that make the others, as often.
        latency: cycles until its result is there.
    """

    text: str
    names: tuple[str, ...]
    needs: tuple[int, ...]
    latency: int


def read(lines: Iterable[str]) -> list[Line]:
    """The lines with their names and latencies.

    >>> read(["  %b = call T @llvm.fma.T(T %a, T %a, T %c)"])[0][1:]
    (('%b', '%a', '%a', '%c'), (), 4)
    """
    known: dict[str, int] = {}
    places: dict[str, int] = {}
    found: list[Line] = []
    for line in lines:
        names = tuple(_NAME.findall(line))
        needs = tuple([places[name] for name in names[1:] if name in places])
        places[names[0] if names else ""] = len(found)
        found.append(Line(line, names, needs, _latency(line, known)))
    return found


def scheduled(lines: Sequence[Line], vectors: int, registers: int = 32) -> list[Line]:
    """The lines as read, in the order of an ideal machine with two units.

    Args:
        lines: straight-line code, every name before its uses.
        vectors: registers that one value fills, so many operations is a line.
        registers: how many there are.

    >>> chain = [f"%{c}{i} = fmul T %{c}{i - 1}, %{c}{i - 1}" for c in "ab" for i in (1, 2)]
    >>> [line.names[0] for line in scheduled(read(chain), 1)]
    ['%a1', '%b1', '%a2', '%b2']
    """
    users, waits = _uses(lines)
    begin = [0.0] * len(lines)
    ready = [place for place, count in enumerate(waits) if count == 0]
    heapify(ready)
    later: list[tuple[float, int]] = []
    order: list[int] = []
    done, first, clock, reach = [False] * len(lines), 0, 0.0, max(1, WINDOW * registers // vectors)
    while len(order) < len(lines):
        while later and later[0][0] <= clock:
            heappush(ready, heappop(later)[1])
        while first < len(lines) and done[first]:
            first += 1
        if not ready or ready[0] > first + reach:
            if not later:
                clock, reach = clock + 1, reach + len(lines)
                continue
            clock = max(clock, later[0][0])
            continue
        place = heappop(ready)
        done[place] = True
        order.append(place)
        clock += vectors / 2
        end = clock + lines[place].latency
        for user in users[place]:
            if begin[user] < end:
                begin[user] = end
            waits[user] -= 1
            if waits[user] == 0:
                heappush(later, (begin[user], user))
    return [lines[place] for place in order]


def _uses(lines: Sequence[Line]) -> tuple[list[list[int]], list[int]]:
    """The lines that use what each makes, and how many others each waits for."""
    users: list[list[int]] = [[] for _ in lines]
    for place, line in enumerate(lines):
        for need in line.needs:
            users[need].append(place)
    return users, [len(line.needs) for line in lines]


def in_step(lines: Sequence[Line], vector: str) -> list[str]:
    """The same code in which LLVM keeps to the order of the lines, but for a few at a time.

    Left alone it puts chain after chain to save registers, and the processor waits. Here neighbors
    go through an instruction that does nothing, all at once: what follows waits for each of them.

    Args:
        lines: straight-line code.
        vector: the type of the values that may be kept in step.

    >>> lines = [f"  %{c} = fmul <8 x double> %x, %{c}0" for c in "abcd"]
    >>> lines.append("  %e = fadd <8 x double> %a, %d")
    >>> found = in_step(read(lines), "<8 x double>")
    >>> found[0], len(found)
    ('  %a.free = fmul <8 x double> %x, %a0', 8)
    """
    last = {name: place for place, line in enumerate(lines) for name in line.names[1:]}
    computed = re.compile(f" = (call|fadd|fsub|fmul|fdiv|@scale) {re.escape(vector)} ")
    found: list[str] = []
    begin, made = 0, list[str]()
    for place, line in enumerate(lines):
        made += line.names[:1] if computed.search(line.text) else ()
        if len(made) == NEIGHBORS or place == len(lines) - 1:
            some = [line.text for line in lines[begin : place + 1]]
            found += _tied(some, [n for n in made if last.get(n, 0) > place], vector)
            begin, made = place + 1, []
    return found


def _tied(lines: Sequence[str], names: Sequence[str], vector: str) -> list[str]:
    """Lines, and the values of these names from one instruction that does nothing."""
    if len(names) < 2:
        return list(lines)
    free = [_NAME.sub(lambda n: f"{n[0]}.free" if n[0] in names else n[0], line) for line in lines]
    kinds = f"{{ {', '.join([vector] * len(names))} }}"
    places = ",".join(["=v"] * len(names) + [str(i) for i in range(len(names))])
    given = ", ".join(f"{vector} {name}.free" for name in names)
    tie = f"{names[0]}.tie"
    parts = [f"  {name} = extractvalue {kinds} {tie}, {i}" for i, name in enumerate(names)]
    return [*free, f'  {tie} = call {kinds} asm "", "{places}"({given})', *parts]


def longest_chain(lines: Sequence[Line]) -> int:
    """The cycles of the longest chain of lines that wait for one another.

    >>> code = ["%b = fmul T %a, %a", "%c = fadd T %b, %a", "%d = fadd T %a, %a"]
    >>> longest_chain(read(code))
    8
    """
    ends: list[int] = []
    for line in lines:
        begin = max([ends[need] for need in line.needs], default=0)
        ends.append(begin + line.latency)
    return max(ends, default=0)


def _latency(line: str, known: dict[str, int]) -> int:
    """The cycles of a line; those of lines that begin alike are known."""
    made = line.partition(" = ")[2]
    head = made.partition("(" if made.startswith("call") else " ")[0]
    if head not in known:
        found = _OPERATION.search(head)
        known[head] = _LATENCY[found[0]] if found else _REST
    return known[head]
