"""Code of one vector written out for several.

No vector is wider than a register, so that any number of them may be in flight. Many are written
line by line for some of them at a time, so that work that waits for nothing is close by; two or
three one after the other. What is the same for all is written once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from symgan.kernels.jit.levels import WIDTH
from symgan.kernels.jit.loops import ENTRY

INTERLEAVED = 4
"""Vectors that are written line by line: one line for all of them takes as long as the next would
wait. Code for fewer has an order of its own (`schedule`)."""
SCALING_BITS = 512
"""Bits of the vectors of machines that multiply by powers of two in one instruction."""
_VECTOR = f"<{WIDTH} x "
_NAME = re.compile(r"%[\w.]+")
_SCALE = re.compile(r"(%\S+) = @scale (<\S+ x (\w+)>) (\S+|splat \(.+\)), <\S+ x \w+> (\S+)")
_MEMORY = re.compile(r"(.*(?:load|store) <\S+ x (\w+)>.*, ptr )(%[\w.]+)(, align \d+)")
_NUMBER, _OFFSET = "\0", "\1"
"""Stand for the number of a vector in its group, and for the lanes ahead of it."""
_KINDS = {"double": ("pd", "i8"), "float": ("ps", "i16")}


def written_out(text: str, width: int, vectors: int) -> str:
    """The text of a function for groups of several vectors.

    Args:
        text: as `Loop` writes it, for one vector.
        width: lanes of a vector.
        vectors: how many.

    >>> load = "  %x = load <@WIDTH@ x double>, ptr %p, align 8"
    >>> double = "  %y = fadd <@WIDTH@ x double> %x, %x"
    >>> head = "define void @symgan_kernel() {"
    >>> text = "\\n".join([head, load, double, "}"])
    >>> for line in written_out(text, 8, 2).splitlines()[1:-1]:
    ...     print(line)
      %x.p0 = getelementptr double, ptr %p, i64 0
      %x.v0 = load <8 x double>, ptr %x.p0, align 8
      %y.v0 = fadd <8 x double> %x.v0, %x.v0
      %x.p1 = getelementptr double, ptr %p, i64 8
      %x.v1 = load <8 x double>, ptr %x.p1, align 8
      %y.v1 = fadd <8 x double> %x.v1, %x.v1
    """
    ahead, entry, body = text.partition(f"define void @{ENTRY}(")
    found = [ahead.replace(WIDTH, str(width)).rstrip("\n")] if ahead else []
    if vectors == 1 and "@scale" not in body:
        return "\n".join([*found, (entry + body).replace(WIDTH, str(width))])
    lines = (entry + body).splitlines()
    own = _own(lines) if vectors > 1 else set[str]()
    found += _scalings(lines, width)
    waiting: list[str] = []
    together = 1 if vectors < INTERLEAVED else INTERLEAVED
    for line in lines:
        one = _scaled(line.replace(WIDTH, str(width)))
        if own and _VECTOR in line and _differs(line, own):
            waiting.append(_marked(one, own))
            continue
        if _VECTOR not in line:
            found += _copies(waiting, vectors, together, width)
            waiting = []
            one = line.replace(WIDTH, str(width * vectors))
        found.append(one)
    return "\n".join(found) + "\n"


def _own(lines: Iterable[str]) -> set[str]:
    """The names whose values differ between the vectors."""
    own: set[str] = set()
    for line in lines:
        name, equals, made = line.strip().partition(" = ")
        if equals and _VECTOR in line:
            differs = made.startswith(("load", "phi")) or not own.isdisjoint(_NAME.findall(made))
            own |= {name} if differs else set()
    return own


def _differs(line: str, own: set[str]) -> bool:
    """Whether a line stands for as many as there are vectors."""
    name, equals, _ = line.strip().partition(" = ")
    if equals:
        return name in own
    return " store " in line or not own.isdisjoint(_NAME.findall(line))


def _copies(lines: list[str], vectors: int, together: int, width: int) -> Iterator[str]:
    """Marked straight-line code for so many vectors; of those together line by line."""
    ahead = [line for line in lines if " phi " in line]
    rest = [line for line in lines if " phi " not in line]
    for some, group in ((ahead, vectors), (rest, together)):
        pieces = some if group > 1 else ["\n".join(some)] if some else []
        for first in range(0, vectors, group):
            for piece in pieces:
                for u in range(first, min(vectors, first + group)):
                    yield piece.replace(_NUMBER, str(u)).replace(_OFFSET, str(u * width))


def _marked(line: str, own: set[str]) -> str:
    """A line, with the address that it loads from or stores to, and with marks for the vector."""
    ahead = ""
    memory = _MEMORY.fullmatch(line) if " load " in line or " store " in line else None
    if memory:
        before, element, address, after = memory.groups()
        place = f"{_NAME.findall(before)[0] if ' load ' in line else address}.p{_NUMBER}"
        ahead = f"  {place} = getelementptr {element}, ptr {address}, i64 {_OFFSET}\n"
        line = f"{before}{place}{after}"
    return ahead + _NAME.sub(
        lambda name: f"{name[0]}.v{_NUMBER}" if name[0] in own else name[0], line
    )


def _scaled(line: str) -> str:
    """Multiplications by powers of two as the instruction that there is for them."""
    found = _SCALE.fullmatch(line.strip()) if "@scale" in line else None
    if found is None:
        return line
    name, vector, element, a, n = found.groups()
    suffix, mask = _KINDS[element]
    call = f"call {vector} @llvm.x86.avx512.mask.scalef.{suffix}.{SCALING_BITS}"
    return f"  {name} = {call}({vector} {a}, {vector} {n}, {vector} undef, {mask} -1, i32 4)"


def _scalings(lines: Iterable[str], width: int) -> list[str]:
    """The declarations of those instructions."""
    used = {
        found[3] for line in lines if "@scale" in line and (found := _SCALE.fullmatch(line.strip()))
    }
    declared: list[str] = []
    for element in sorted(used):
        (suffix, mask), vector = _KINDS[element], f"<{width} x {element}>"
        name = f"@llvm.x86.avx512.mask.scalef.{suffix}.{SCALING_BITS}"
        declared.append(f"declare {vector} {name}({vector}, {vector}, {vector}, {mask}, i32)")
    return declared
