r"""Orbits in exact rational arithmetic, and the same program in floating point.

For short orbits of maps with rational right-hand sides (Piecewise, Abs, Min and Max
included): no rounding, so a comparison is decided as it is, a tie is a tie, and a period
or a fixed point is a fact. The price are denominators that grow; a budget in bits stops
an orbit before it stops the machine.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp
from sympy import Symbol
from sympy.core.relational import Relational

from symgan.kernels.errors import KernelError
from symgan.kernels.exact_code import Coder, build, require_closed, step_lines
from symgan.kernels.exact_numbers import (
    Arithmetic,
    as_fraction,
    by_name,
    number_type,
    parameter_numbers,
)
from symgan.kernels.orbits import End, FloatRun, Orbit, OrbitTooLarge, State
from symgan.kernels.values import require_count
from symgan.system import Map

MAX_BITS = 1 << 14
"""Numerators and denominators of about 5,000 decimal digits."""


@dataclass(frozen=True)
class OrbitKernel:
    """A map with numbers for its parameters, compiled for one state at a time.

    Attributes:
        map: the map, parameters put in.
        arithmetic: the type of number it computes in.
        source: the generated code.
    """

    map: Map
    arithmetic: Arithmetic
    source: str = field(repr=False)
    _step: Callable[..., State] = field(repr=False, compare=False)
    _tie: Callable[..., bool] = field(repr=False, compare=False)
    _decide: Callable[..., tuple[bool, ...]] = field(repr=False, compare=False)
    _number: Callable[[Any], Any] = field(repr=False, compare=False)
    _bits: Callable[[Any], int] | None = field(repr=False, compare=False)

    def orbit(
        self,
        start: Mapping[Any, Any],
        steps: int,
        *,
        max_bits: int = MAX_BITS,
        stop: Iterable[str] = (End.FIXED_POINT, End.PERIOD),
    ) -> Orbit:
        """The orbit of a start.

        Args:
            start: visible state symbol -> rational number; memory starts as the map says.
            steps: at most how many iterations.
            max_bits: the budget for each numerator and denominator.
            stop: the events that end it: "fixed point", "period", "tie". A map that depends
                on its index has neither of the first two.

        Raises:
            OrbitTooLarge: the budget is spent; the orbit so far is kept in it.
            KernelError: a start that is not rational, a division by zero, an unknown event.
        """
        watched = _events(stop) - ({End.FIXED_POINT, End.PERIOD} if self.map.index else set())
        steps = require_count(steps, "steps", 0)
        first = self._start(start)
        try:
            with np.errstate(all="ignore"):
                return self._run(first, steps, max_bits, watched)
        except ZeroDivisionError:
            raise KernelError(
                f"the map divides by zero on the orbit of {first}; make fewer than {steps} steps"
            ) from None

    def _start(self, start: Mapping[Any, Any]) -> State:
        lifted = self.map.lift(by_name(start, self.map.visible, "state symbol"))
        return tuple(self._number(as_fraction(lifted[s], f"the start of {s}")) for s in lifted)

    def ties(self, orbit: Orbit) -> tuple[int, ...]:
        """The iterations of an orbit whose state makes a comparison of the map an equality."""
        return tuple(k for k, x in enumerate(orbit.states) if self._tie(*x, self._clock(k)))

    def decisions(self, orbit: Orbit) -> list[tuple[bool, ...]]:
        """How the map's comparisons turn out along an orbit, in this kernel's arithmetic."""
        with np.errstate(all="ignore"):
            outcomes = [self._decide(*x, self._clock(k)) for k, x in enumerate(orbit.states)]
        return [tuple(map(bool, outcome)) for outcome in outcomes]

    def _clock(self, k: int) -> Any:
        return 0 if self.map.index is None else self._number(Fraction(k))

    def _run(self, x: State, steps: int, max_bits: int, watched: set[End]) -> Orbit:
        """Step by step; `anchor` waits for the orbit to come back (Brent's method)."""
        step, bits, clock = self._step, self._bits, self._clock
        tie = self._tie if End.TIE in watched else None
        fixed, periods = End.FIXED_POINT in watched, End.PERIOD in watched
        states, anchor, turn = [x], x, 1
        if tie and tie(*x, clock(0)):
            return Orbit(self.map.state, (x,), End.TIE)
        for k in range(1, steps + 1):
            y = step(*x, clock(k - 1))
            if bits is not None and max(map(bits, y)) > max_bits:
                raise OrbitTooLarge(max_bits, Orbit(self.map.state, tuple(states), End.STEPS))
            states.append(y)
            if fixed and y == x:
                return Orbit(self.map.state, tuple(states), End.FIXED_POINT, period=1)
            if tie and tie(*y, clock(k)):
                return Orbit(self.map.state, tuple(states), End.TIE)
            if periods and y == anchor:
                break
            if k == turn:
                anchor, turn = y, 2 * turn
            x = y
        return self._first_return(states) if periods else self._ended(states)

    def _ended(self, states: list[State]) -> Orbit:
        return Orbit(self.map.state, tuple(states), End.STEPS)

    def _first_return(self, states: list[State]) -> Orbit:
        """The orbit up to its first repeated state, if the last state is a repeated one."""
        last = len(states) - 1
        period = next((p for p in range(1, last + 1) if states[last - p] == states[last]), 0)
        if not period:
            return self._ended(states)
        first = bisect_left(
            range(last - period), True, key=lambda i: states[i] == states[i + period]
        )
        return Orbit(self.map.state, tuple(states[: first + period + 1]), End.PERIOD, period)


def compile_orbit(
    map: Map, parameters: Mapping[Any, Any] | None = None, *, arithmetic: Arithmetic = "exact"
) -> OrbitKernel:
    r"""Compile a map with rational right-hand sides for one exact orbit at a time.

    Args:
        map: the map; Piecewise, Abs, Min, Max, sign and Mod may stand in it.
        parameters: parameter symbol or name -> rational number.
        arithmetic: "exact" (rationals of python-flint where it is installed, else Python's
            fractions), or "float64" or "float32": the same program in floating point.

    Raises:
        KernelError: a right-hand side that is not rational, a map with noise, a parameter
            without a value or with one that is not rational.

    >>> theta, psi, eta = sp.symbols("theta psi eta", real=True)
    >>> turn = Map((theta, psi), (-psi, theta))
    >>> orbit = compile_orbit(turn).orbit({theta: 1, psi: 0}, 10)
    >>> orbit.end.value, orbit.period, orbit.state(1)
    ('period', 4, {theta: 0, psi: 1})
    """
    if map.noise:
        raise KernelError("an exact orbit follows no draws; this map has noise")
    ready = map.subs(parameter_numbers(map, parameters or {}))
    require_closed(ready.rhs)
    number, bits = number_type(arithmetic)
    coder = Coder({s: f"x{i}" for i, s in enumerate(_arguments(ready))})
    codes = ["\n".join([_head(ready), *lines]) for lines in _bodies(ready, coder)]
    step, tie, decide = (build(code, number, coder.constants) for code in codes)
    return OrbitKernel(ready, arithmetic, codes[0], step, tie, decide, number, bits)


def exact_orbit(
    map: Map,
    start: Mapping[Any, Any],
    steps: int,
    parameters: Mapping[Any, Any] | None = None,
    *,
    arithmetic: Arithmetic = "exact",
    max_bits: int = MAX_BITS,
    stop: Iterable[str] = (End.FIXED_POINT, End.PERIOD),
) -> Orbit:
    r"""The orbit of a rational start in exact arithmetic, without a kernel to keep.

    Otherwise as `compile_orbit` and `OrbitKernel.orbit`.

    >>> x = Symbol("x", real=True)
    >>> tent = Map((x,), (sp.Piecewise((2*x, x < sp.Rational(1, 2)), (2 - 2*x, True)),))
    >>> orbit = exact_orbit(tent, {x: sp.Rational(1, 7)}, 100)
    >>> orbit.end.value, orbit.period, [str(s[0]) for s in orbit.states]
    ('period', 3, ['1/7', '2/7', '4/7', '6/7', '2/7'])
    """
    kernel = compile_orbit(map, parameters, arithmetic=arithmetic)
    return kernel.orbit(start, steps, max_bits=max_bits, stop=stop)


def against_floats(
    map: Map,
    start: Mapping[Any, Any],
    steps: int,
    parameters: Mapping[Any, Any] | None = None,
    *,
    arithmetic: Arithmetic = "float64",
    max_bits: int = MAX_BITS,
) -> FloatRun:
    r"""Follow a start exactly and in floats, and say where the floats leave.

    A float program departs where rounding turns a comparison, and where a product that is
    not zero underflows: :math:`\psi\theta` is zero to float32 below about
    :math:`10^{-45}`, states of size :math:`10^{-23}`. Both orbits go on after that.

    Args:
        map: the map.
        start: visible state symbol -> rational number.
        steps: at most how many iterations.
        parameters: parameter symbol or name -> rational number.
        arithmetic: "float64" or "float32".
        max_bits: the budget of the exact orbit.

    Raises:
        OrbitTooLarge: the exact orbit spends its budget.
        KernelError: as `compile_orbit`.
    """
    kernels = [compile_orbit(map, parameters, arithmetic=kind) for kind in ("exact", arithmetic)]
    exact, computed = (k.orbit(start, steps, max_bits=max_bits) for k in kernels)
    decided = zip(kernels[0].decisions(exact), kernels[1].decisions(computed), strict=False)
    departure = next((k for k, (a, b) in enumerate(decided) if a != b), None)
    return FloatRun(exact, computed, departure)


def _arguments(map: Map) -> tuple[Symbol, ...]:
    return (*map.state, map.index or Symbol("k"))


def _head(map: Map) -> str:
    return f"def run({', '.join(f'x{i}' for i in range(len(map.state) + 1))}):"


def _relations(map: Map) -> list[Any]:
    """The comparisons of a map that look at the players' parameters."""
    found = set().union(*(f.atoms(Relational) for f in map.rhs))
    seen = (r for r in found if r.free_symbols & set(map.visible))
    return sorted(seen, key=sp.default_sort_key)


def _bodies(map: Map, coder: Coder) -> tuple[list[str], ...]:
    """The bodies of a step, of whether a state is a tie, and of all comparisons."""
    relations = _relations(map)
    ties = " or ".join(f"{coder(r.lhs)} == {coder(r.rhs)}" for r in relations) or "False"
    decisions = "".join(f"{coder(r)}, " for r in relations)
    return step_lines(map.rhs, coder), [f"    return {ties}"], [f"    return ({decisions})"]


def _events(stop: Iterable[str]) -> set[End]:
    try:
        return {End(event) for event in stop}
    except ValueError as error:
        known = ", ".join(repr(e.value) for e in End if e is not End.STEPS)
        raise KernelError(f"{error}; an orbit stops at {known}") from None
