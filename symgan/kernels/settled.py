r"""Orbits of maps to a number of digits: precision is raised until two runs agree.

A run in multiprecision may still decide a branch wrongly: a switched map can lose digits at every
switch, so that no fixed number of digits lasts. Under the Dirac oracle with steps :math:`\eta` and
the Wasserstein loss, one player stands still while the other crosses zero. With q the distance of
the moving player in units of its step, it overshoots by the share :math:`f = \lceil q \rceil - q`
of a step, and the next crossing takes

.. math:: q' = \frac{1}{\eta^2 (\lceil q \rceil - q)}, \qquad \frac{dq'}{dq} = (\eta q')^2

steps: a continued fraction. An error of q grows by :math:`1/(\eta f)^2` at each switch, which
costs about :math:`2 \lg(1/\eta) + 0.87` digits on average over f; fifty digits last for about
twenty switches at :math:`\eta = 1/10`, some five thousand steps.

An orbit here is settled when two runs, one with twice the bits of the other, agree to the digits
asked for at every step, and no comparison is so close to an equality that both may have rounded it
to one side: two runs that agree may both be wrong at an exact tie. Those are decided in rational
arithmetic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import mpmath
import sympy as sp
from mpmath import mpf

from symgan.errors import Undecided
from symgan.kernels.errors import KernelError
from symgan.kernels.evaluate import number, sized
from symgan.kernels.exact import compile_orbit
from symgan.kernels.multiprecision import Multiprecision, exact_number, exact_values, multiprecision
from symgan.kernels.orbits import OrbitTooLarge, State
from symgan.kernels.switching import guard
from symgan.kernels.values import require_count
from symgan.system import Map

MAX_BITS = 1 << 14
"""About 4,900 digits."""
_FIRST = 64
"""Bits of the first run beyond the digits asked for."""
_EXACT_BITS = 1 << 17
"""The budget of exact arithmetic where a comparison may be an equality."""
_CLOSE = 0.5
"""A comparison whose sides agree to this share of all bits may be an equality: a random one
does so with probability 2**(-bits/2), below 1e-16 for every run that is made."""


@dataclass(frozen=True)
class Settled:
    """An orbit that two precisions agree on.

    Attributes:
        states: x_0, ..., x_n, each a tuple of mpf.
        decisions: how the map's comparisons turn out at x_0, ..., x_n.
        digits: to which the last two runs agree, at the worst step; infinite where they coincide.
        bits: of the runs that were made.
        exact: whether an exact equality was met that multiprecision decides wrongly; the
            orbit was followed in rational arithmetic then, and rounded.
    """

    states: tuple[tuple[Any, ...], ...] = field(repr=False)
    decisions: tuple[tuple[bool, ...], ...] = field(repr=False)
    digits: float
    bits: tuple[int, ...]
    exact: bool = False


def settled_orbit(
    map: Map,
    x0: Mapping[Any, Any],
    steps: int,
    parameters: Mapping[Any, Any] | None = None,
    *,
    digits: int = 20,
    max_bits: int = MAX_BITS,
) -> Settled:
    r"""The orbit of a map to a number of digits, every comparison decided as in exact arithmetic.

    Args:
        map: without noise; Piecewise, Abs, Min, Max, sign may stand in it.
        x0: state symbol or name -> number; floats count as the binary numbers they are.
        steps: how many.
        parameters: parameter symbol or name -> number, likewise.
        digits: to which two runs must agree at every step, relative to the state's norm.
        max_bits: the precision at which the question is given up.

    Raises:
        Undecided: the budget of bits is spent, or a comparison is an equality to all digits and
            the map is not rational (or its exact numbers grow too large) to decide it.
        KernelError: names or numbers that do not fit.

    >>> x, eta = sp.symbols("x eta", real=True)
    >>> tent = Map((x,), (sp.Piecewise((2*x, x < sp.Rational(1, 2)), (2 - 2*x, True)),))
    >>> found = settled_orbit(tent, {x: sp.Rational(1, 7)}, 100)
    >>> mpmath.nstr(found.states[100][0], 15), found.bits
    ('0.285714285714286', (130, 260, 520))
    """
    steps = require_count(steps, "steps", 0)
    program = multiprecision(map, parameters)
    start = program.map.lift(exact_values(map.visible, x0, "initial value"))
    return settle(program, tuple(start.values()), steps, digits=digits, max_bits=max_bits)


def settle(
    program: Multiprecision,
    start: Sequence[Any],
    steps: int,
    *,
    digits: int = 20,
    max_bits: int = MAX_BITS,
) -> Settled:
    """As `settled_orbit`, from values of all state symbols and functions made before."""
    first = tuple(exact_number(value) for value in start)
    tried: list[int] = []
    previous: list[State] | None = None
    agreed, bits = -1.0, int(3.33 * digits) + _FIRST
    while bits <= max_bits:
        tried.append(bits)
        states = _run(program, first, steps, bits)
        if previous is not None:
            agreed, until = _agreement(previous, states, digits)
            decided, close = _decisions(program, states[: until + 1], bits)
            parted = agreed < digits and {until, until - 1} & set(close)
            if close and (parted or not _agrees(program, first, close, decided)):
                return _settled_exactly(program, first, steps, close[0], tried)
            if agreed >= digits:
                return Settled(tuple(states), tuple(decided), agreed, tuple(tried))
        previous, bits = states, 2 * bits
    raise Undecided(
        f"{steps} steps need more than {max_bits} bits: at {tried[-1] if tried else bits} bits two "
        f"runs agree to {max(agreed, 0):.0f} of {digits} digits; make fewer steps or raise max_bits"
    )


def _run(program: Multiprecision, start: Sequence[Any], steps: int, bits: int) -> list[State]:
    with mpmath.workprec(bits):
        x = tuple(number(value) for value in start)
        states = [x]
        for k in range(steps):
            x = tuple(map(mpf, program.step(*x, mpf(k))))
            states.append(x)
    return states


def _agreement(first: Sequence[State], second: Sequence[State], digits: int) -> tuple[float, int]:
    """Digits of agreement at the worst step, up to the first step with too few, and that step."""
    worst = float("inf")
    for k, (one, other) in enumerate(zip(first, second, strict=True)):
        with mpmath.workprec(64 + max(x._mpf_[3] for x in (*one, *other))):
            gap = max(abs(a - b) for a, b in zip(one, other, strict=True))
            size = max(map(abs, other))
            if not gap:
                continue
            worst = min(worst, float(mpmath.log10(size / gap)) if size else -1.0)
        if worst < digits:
            return worst, k
    return worst, len(first) - 1


def _decisions(
    program: Multiprecision, states: Sequence[State], bits: int
) -> tuple[list[tuple[bool, ...]], list[int]]:
    """How the comparisons turn out, and the steps at which one is too close to call."""
    found, close = [], []
    with mpmath.workprec(bits):
        for k, x in enumerate(states):
            guards = program.guards(*x, mpf(k))
            found.append(program.decided(guards))
            sizes = [max(map(abs, pair)) for pair in zip(x, states[max(k - 1, 0)], strict=True)]
            scales = _scales(program, sizes, k)
            close += [k] * any(
                abs(g) <= s * mpf(2) ** (-bits * _CLOSE)
                for g, s in zip(guards, scales, strict=True)
            )
    return found, close


def _scales(program: Multiprecision, sizes: Sequence[Any], k: int) -> list[Any]:
    """The magnitudes of the guards at the sizes that the state came from."""
    place = dict(zip(program.map.state, sizes, strict=True))
    if program.map.index is not None:
        place[program.map.index] = mpf(k)
    return [sized(guard(r), place).magnitude for r in program.relations]


def _agrees(
    program: Multiprecision,
    start: Sequence[Any],
    close: Sequence[int],
    found: Sequence[tuple[bool, ...]],
) -> bool:
    """Whether rational arithmetic decides alike what may be an equality."""
    _, exact = _exactly(program, start, close[-1], close[0])
    return all(exact[k] == found[k] for k in close)


def _exactly(
    program: Multiprecision, start: Sequence[Any], steps: int, close: int
) -> tuple[list[State], list[tuple[bool, ...]]]:
    """The orbit in rational arithmetic, with its decisions.

    Raises:
        Undecided: the map is not rational, or its numbers outgrow the budget.
    """
    whole = replace(program.map, memory=())
    named = dict(zip(whole.state, start, strict=True))
    try:
        kernel = compile_orbit(whole)
        orbit = kernel.orbit(named, steps, max_bits=_EXACT_BITS, stop=())
    except (KernelError, OrbitTooLarge) as error:
        raise Undecided(
            f"at step {close} a comparison is an equality to all digits, which no precision "
            f"decides, and exact arithmetic cannot follow: {error}"
        ) from error
    order = sorted(set(program.relations), key=sp.default_sort_key)  # as the kernel has them
    places = [order.index(r) for r in program.relations]
    decided = [tuple(row[i] for i in places) for row in kernel.decisions(orbit)]
    return list(orbit.states), decided


def _settled_exactly(
    program: Multiprecision, start: Sequence[Any], steps: int, close: int, bits: Sequence[int]
) -> Settled:
    states, decided = _exactly(program, start, steps, close)
    with mpmath.workprec(bits[-1]):
        rounded = tuple(tuple(map(number, x)) for x in states)
    return Settled(rounded, tuple(decided), float("inf"), tuple(bits), exact=True)
