"""`reference`: the same system in multiprecision, by a path of its own.

Flows are integrated (never solved), maps iterated; nothing here uses closed forms or
generated code. Each answer is computed at two precisions, with different orders and
steps; unless they agree to the digits asked for, precision is raised until they do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import mpmath
from mpmath import mpf
from sympy import Symbol

from symgan.errors import Undecided
from symgan.kernels.errors import KernelError
from symgan.kernels.evaluate import evaluate, number
from symgan.kernels.integrator import Integration, Precision
from symgan.system import Flow, Map

_GUARD = 24
"""Extra bits of the first run; each further one adds as many and doubles the unit's."""
_RUNS = 6
"""Runs before the question is given up; the unit has shrunk to the 32nd power by then."""
METHODS = ("mpmath", "heyoka")


@dataclass(frozen=True)
class Solution:
    """States at the times asked for, and how far two computations agree.

    Behaves as the tuple of its states, each a tuple of mpf.

    Attributes:
        states: one tuple of mpf a time.
        agreement: digits to which the last two runs agree; infinite where they coincide.
        precisions: bits of the runs that were made.
    """

    states: tuple[tuple[Any, ...], ...]
    agreement: float
    precisions: tuple[int, ...]

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self.states)

    def __len__(self) -> int:
        return len(self.states)

    def __getitem__(self, index: int) -> tuple[Any, ...]:
        return self.states[index]


@dataclass(frozen=True)
class Reference:
    """A flow or map to be computed to a number of digits.

    Attributes:
        system: the flow or map.
        dps: digits to which two runs must agree.
        method: "mpmath", or "heyoka" for long runs of smooth flows.
    """

    system: Flow | Map
    dps: int
    method: str = "mpmath"

    def solve(
        self,
        x0: Mapping[Any, Any],
        times: Sequence[Any],
        parameters: Mapping[Any, Any] | None = None,
    ) -> Solution:
        """States at times (of a flow, from t = 0) or after numbers of steps (of a map).

        A component agrees where two runs differ by less than 10**-dps of its largest size
        at the times up to there: relative accuracy near t = 0, absolute at later zeros.

        Args:
            x0: state name or symbol -> number (int, float, str, Fraction, mpf, SymPy).
            times: increasing, not negative; whole numbers for a map.
            parameters: name or symbol -> number. Floats count as the exact binary numbers.

        Raises:
            KernelError: names, times or numbers that do not fit.
            Undecided: two runs do not agree within the budget; the flow is stiff, its
                solution explodes, or it slides along a switching surface.
        """
        with mpmath.workdps(15):
            start = by_symbol("initial value", x0, self.system.state)
            constants = by_symbol("parameter", parameters or {}, self.system.parameters)
            when = _increasing(times, whole=isinstance(self.system, Map))
            extra = _smallness([*start.values(), *constants.values()], times)
        previous: list[tuple[Any, ...]] | None = None
        tried: list[int] = []
        digits = -1.0
        for precision in self._precisions(extra):
            tried.append(precision.bits)
            states = self._run(start, constants, when, precision)
            if previous is not None:
                digits = agreement(previous, states)
                if digits >= self.dps:
                    return Solution(tuple(states), digits, tuple(tried))
            previous = states
        raise Undecided(
            f"two runs of the reference agree to {digits:.0f} digits, not {self.dps}, at "
            f"{tried[-1]} bits; ask for fewer digits or earlier times"
        )

    def _precisions(self, extra: int) -> Iterator[Precision]:
        digits = int(self.dps * 3.33) + 1
        for run in range(_RUNS):
            accuracy = digits + _GUARD * (run + 1)
            bits = (accuracy + extra) << run
            if self.method == "heyoka":  # floating point: accuracy is all there is to raise
                bits = accuracy = accuracy + (digits + extra) * (2 ** max(0, run - 1) - 1)
            yield Precision(bits, accuracy, order=int(0.35 * accuracy) + 4)

    def _run(
        self,
        start: Mapping[Symbol, Any],
        constants: Mapping[Symbol, Any],
        when: Sequence[Any],
        precision: Precision,
    ) -> list[tuple[Any, ...]]:
        with mpmath.workprec(precision.bits + 64):
            values = {s: number(v) for s, v in constants.items()}
            x0 = [number(start[s]) for s in self.system.state]
            if isinstance(self.system, Map):
                return _iterate(self.system, x0, [int(number(k)) for k in when], values)
            points = [number(t) for t in when]
            if self.method == "heyoka":
                from symgan.kernels.reference_heyoka import taylor_run

                return taylor_run(self.system, x0, points, values, precision.accuracy)
            return Integration(self.system, values, precision).run(x0, points)


def reference(system: Flow | Map, *, dps: int = 50, method: str = "mpmath") -> Reference:
    r"""The high-precision reference of a flow or map.

    Args:
        system: a flow (integrated by Taylor series of high order, breakpoints of Piecewise
            right-hand sides located) or a map (iterated).
        dps: digits to which two independent runs must agree.
        method: "mpmath", the referee; or "heyoka", a faster one of smooth flows for long runs,
            with the same check by two runs (neither encloses the solution).

    Raises:
        KernelError: the system is neither, draws noise, or dps is below 10; or a method that
            does not fit.

    >>> import sympy as sp
    >>> x, y = sp.symbols("x y", real=True)
    >>> circle = reference(Flow((x, y), (-y, x)), dps=30)
    >>> state = circle.solve({"x": 1, "y": 0}, [100])[0]
    >>> mpmath.nstr(state[0], 15), mpmath.nstr(mpmath.cos(100), 15)
    ('0.862318872287684', '0.862318872287684')
    """
    if not isinstance(system, Flow | Map):
        raise KernelError(f"no reference for {type(system).__name__}; give a Flow or a Map")
    if isinstance(system, Map) and system.noise:
        raise KernelError("a map that draws noise has no reference; put in values for the noise")
    if dps < 10:
        raise KernelError(f"dps = {dps} is less than 10 digits; use float64 kernels for that")
    if method not in METHODS:
        raise KernelError(f"unknown method {method!r}; choose one of: {', '.join(METHODS)}")
    if method == "heyoka" and not isinstance(system, Flow):
        raise KernelError("heyoka integrates flows; the reference of a map takes method='mpmath'")
    return Reference(system, dps, method)


def agreement(first: Sequence[Sequence[Any]], second: Sequence[Sequence[Any]]) -> float:
    """Digits to which two lists of states agree, each component on the scale it has had."""
    worst = mpf(0)
    sizes: list[Any] = []
    with mpmath.workdps(30):
        for one, other in zip(first, second, strict=True):
            sizes = sizes or [mpf(0)] * len(other)
            sizes = [max(size, abs(x)) for size, x in zip(sizes, other, strict=True)]
            for a, b, size in zip(one, other, sizes, strict=True):
                difference = _difference(a, b)
                if difference:
                    worst = max(worst, difference / size if size else mpf(1))
        return float(-mpmath.log10(worst)) if worst else float("inf")


def _difference(a: Any, b: Any) -> Any:
    with mpmath.workprec(max(64, a._mpf_[3], b._mpf_[3]) + abs(int(mpmath.mag(a or 1))) + 64):
        return abs(a - b)


def _iterate(
    map_: Map, x0: Sequence[Any], steps: Sequence[int], values: Mapping[Symbol, Any]
) -> list[tuple[Any, ...]]:
    x, k = tuple(x0), 0
    states: list[tuple[Any, ...]] = []
    for target in steps:
        while k < target:
            place = {**values, **dict(zip(map_.state, x, strict=True))}
            if map_.index is not None:
                place[map_.index] = mpf(k)
            x, k = tuple(evaluate(f, place) for f in map_.rhs), k + 1
        states.append(x)
    return states


def by_symbol(what: str, given: Mapping[Any, Any], known: Sequence[Symbol]) -> dict[Symbol, Any]:
    """What is given by name or symbol, by symbol.

    Raises:
        KernelError: a name that is not known, or one that is missing.
    """
    named = {key.name if isinstance(key, Symbol) else str(key): v for key, v in given.items()}
    names = [symbol.name for symbol in known]
    takes = ", ".join(names) or "none"
    unknown = [name for name in named if name not in names]
    missing = [name for name in names if name not in named]
    if unknown or missing:
        word, listed = ("unknown", unknown) if unknown else ("missing", missing)
        raise KernelError(f"{word} {what} {', '.join(map(repr, listed))}; it takes {takes}")
    return {symbol: named[symbol.name] for symbol in known}


def _increasing(times: Sequence[Any], *, whole: bool) -> tuple[Any, ...]:
    values = [number(t) for t in times]
    if not values:
        raise KernelError("give at least one time")
    if any(not mpmath.isfinite(t) or t < 0 for t in values) or values != sorted(values):
        raise KernelError("times must be finite, not negative and increasing")
    if whole and any(t != int(t) for t in values):
        raise KernelError("the times of a map are whole numbers of steps")
    return tuple(times)


def _smallness(inputs: Sequence[Any], times: Sequence[Any]) -> int:
    """Bits by which small inputs shrink results: products of them must keep their digits."""

    def below_one(values: Sequence[Any]) -> int:
        sizes = [abs(number(v)) for v in values]
        return max([0, *(-int(mpmath.mag(s)) for s in sizes if s)])

    return below_one(inputs) + 2 * below_one(times)
