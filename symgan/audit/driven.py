r"""A map's next state, predicted from where code in fact stands, with what the map remembers.

Comparing two trajectories compares two accumulations of rounding: in a game that spirals out they
part without anything being wrong. Here the reference starts each step from the state that the
code shows, and advances only its own memory (previous iterates, momenta, means) along the way,
so that what is compared is one step, and the bound stays at a few roundoffs for ever.

The bound of a step is

.. math:: 8\,\bigl(e + (k + 1)\,u\,\max_{j \le k} |x_j|\bigr), \qquad k = 0, 1, \dots

with e of `symgan.audit.tracked`. The second part: code may keep another variable than the one it
shows (a sum of steps, a velocity in place of a difference), which it rounds once a step. The
factor 8: e is that of one way of writing the formula; other orders of the same operations, fused
or spread out, make a few roundings where it has one. A generator of correct variants measures how
much of the bound is used (tests/audit).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import mpmath
from mpmath import mpf
from sympy import Symbol

from symgan.audit.tracked import DIGITS, Tracked, Unclear, exact, rounded, track
from symgan.system import Map

SLACK = 8
UNITS = {"float64": (53, -1022), "float32": (24, -126)}
"""Bits of the significand, and the least exponent of a normal number."""


@dataclass(frozen=True)
class Reference:
    """A map with numbers for its parameters.

    Attributes:
        map: with symbols for the options that are not whole numbers.
        values: of its parameters, exact.
    """

    map: Map
    values: tuple[tuple[Symbol, Any], ...]


@dataclass(frozen=True)
class Step:
    """One component of one step that lies outside the bound.

    Attributes:
        step: counted from 1.
        component: the name of the symbol.
        expected: where the map goes, rounded to float64.
        found: where the code went.
        bound: how far apart they may be.
    """

    step: int
    component: str
    expected: float
    found: float
    bound: float


@dataclass(frozen=True)
class Comparison:
    """A trajectory held against a map.

    Attributes:
        wrong: the first component outside the bound; None where there is none.
        steps: how many steps were compared.
        worst: the largest error in units of the bound, where they agree.
        unclear: why the comparison ended early; empty where it did not.
    """

    wrong: Step | None
    steps: int
    worst: float
    unclear: str = ""


def compare(
    reference: Reference,
    states: Sequence[Sequence[float]],
    dtype: str = "float64",
    later: tuple[int, Reference] | None = None,
) -> Comparison:
    """Hold the states that code went through against a map, step by step.

    Args:
        reference: the map.
        states: visible states x_0, x_1, ..., as the code shows them.
        dtype: of the code's numbers.
        later: after how many steps other values stand for the parameters, and these.
    """
    u = mpf(2) ** -UNITS[dtype][0]
    tiny = mpf(2) ** UNITS[dtype][1]
    worst = 0.0
    with mpmath.workdps(DIGITS):
        run = _Run(reference, states[0], u)
        for k, (now, after) in enumerate(pairwise(states)):
            if later is not None and later[0] == k:
                run.hold(later[1])
            try:
                ahead = run.advance(now, k)
            except Unclear as why:
                return Comparison(None, k, worst, str(why))
            for symbol, known, found, size in zip(
                reference.map.visible, ahead, after, run.sizes, strict=True
            ):
                bound = SLACK * (known.error + (k + 1) * u * size) + tiny
                wrong = _outside(k, symbol, known, found, bound)
                if wrong is not None:
                    return Comparison(wrong, k + 1, worst)
                worst = max(worst, float(abs(mpf(found) - known.value) / bound))
    return Comparison(None, len(states) - 1, worst)


def predictions(reference: Reference, states: Sequence[Sequence[float]]) -> Iterator[list[Any]]:
    """Where the map goes from each state that the code went through.

    Raises:
        Unclear: as `symgan.audit.tracked.track`.
    """
    run = _Run(reference, states[0], mpf(2) ** -UNITS["float64"][0])
    for k, now in enumerate(states[:-1]):
        yield [known.value for known in run.advance(now, k)]


def _outside(k: int, symbol: Symbol, known: Tracked, found: float, bound: Any) -> Step | None:
    if mpmath.isfinite(found) and abs(mpf(found) - known.value) <= bound:
        return None
    return Step(k + 1, symbol.name, float(known.value), found, float(bound))


class _Run:
    """The map's memory along a trajectory."""

    def __init__(self, reference: Reference, start: Sequence[float], u: Any) -> None:
        self._map, self._u = reference.map, u
        self.hold(reference)
        self.sizes = [abs(mpf(x)) for x in start]
        here = {**self._fixed, **self._observed(start)}
        self._memory = {s: track(value, here, u) for s, value in self._map.memory}

    def hold(self, reference: Reference) -> None:
        """Take the values of the parameters from now on from another reference."""
        self._fixed = {
            s: exact(mpf(v.p)) if v.is_Integer else rounded(mpf(v.p) / v.q, self._u)
            for s, v in reference.values
        }

    def _observed(self, state: Sequence[float]) -> dict[Symbol, Tracked]:
        return {s: exact(x) for s, x in zip(self._map.visible, state, strict=True)}

    def advance(self, state: Sequence[float], k: int) -> list[Tracked]:
        """The visible state after a step from this one; memory moves on."""
        self.sizes = [max(old, abs(mpf(x))) for old, x in zip(self.sizes, state, strict=True)]
        clock: Mapping[Any, Tracked] = (
            {} if self._map.index is None else {self._map.index: exact(k)}
        )
        here = {**self._fixed, **self._observed(state), **self._memory, **clock}
        done: dict[Any, Tracked] = {}
        after = {
            s: track(f, here, self._u, done)
            for s, f in zip(self._map.state, self._map.rhs, strict=True)
        }
        self._memory = {s: after[s] for s in self._memory}
        return [after[s] for s in self._map.visible]
