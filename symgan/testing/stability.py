r"""Stability claims as property tests: exact orbits from exact starts, shrunk exactly.

A claim speaks of all orbits of a map whose parameters meet a condition. Its property test
draws rational parameters and states (ends of ranges and ties on purpose), iterates the map
in rationals, and asks the claim of each orbit. There is no rounding: an orbit that breaks
the claim is a counterexample, and Hypothesis shrinks it to small numbers.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import sympy as sp
from hypothesis import Phase, settings
from hypothesis import given as drawn_from
from sympy import Expr, Rational, Symbol
from sympy.logic.boolalg import Boolean

from symgan.errors import GameError
from symgan.kernels.errors import KernelError
from symgan.kernels.exact import OrbitKernel, compile_orbit
from symgan.system import Map
from symgan.testing.values import Values, point, states, values


@dataclass(frozen=True)
class Orbit:
    """A finite exact orbit.

    Attributes:
        system: the map.
        parameters: their rational values.
        states: one mapping an iterate, state symbol -> rational; the start first.
    """

    system: Map
    parameters: Mapping[Symbol, Rational]
    states: tuple[Mapping[Symbol, Rational], ...]

    def along(self, expression: Any) -> tuple[Expr, ...]:
        """The exact values of an expression in state and parameters, an iterate each."""
        symbols = (*self.system.state, *self.parameters)
        value = _evaluator(symbols, sp.sympify(expression))
        return tuple(value({**here, **self.parameters}) for here in self.states)

    def describe(self) -> str:
        """Parameters and the start, in one line."""
        return f"from {point(self.states[0])} at {point(self.parameters)}"


_PHASES = tuple(phase for phase in Phase if phase is not Phase.explain)

Check = Callable[[Orbit], bool]


class Broken(AssertionError):
    """A stability claim that an exact orbit breaks."""


def stability_claim(
    system: Map,
    given: Boolean = sp.true,
    *,
    steps: int = 12,
    max_examples: int = 100,
    size: int = 10,
) -> Callable[[Check], Callable[[], None]]:
    r"""Turn a claim on every orbit into a property test without arguments.

    The decorated function gets an `Orbit` and says whether the claim holds on it. What it
    becomes is found by pytest, or can be called: it raises `Broken` with the simplest
    orbit that breaks the claim.

    Args:
        system: the map; rational in state and parameters, Piecewise and absolute values
            allowed.
        given: the condition on the parameters under which the claim is made.
        steps: iterations of each orbit.
        max_examples: orbits drawn.
        size: bound on the coordinates of the starts.

    Raises:
        GameError: the map draws noise.
        KernelError: the map is not rational.

    >>> import sympy as sp
    >>> from symgan import games, rules
    >>> eta = sp.Symbol("eta", positive=True)
    >>> game = games.named("bilinear")()
    >>> theta, psi = game.state
    >>> alternating = rules.named("alternating")(game, eta)
    >>> @stability_claim(alternating, eta < 2, max_examples=20)
    ... def energy_is_kept(orbit):
    ...     return len(set(orbit.along(theta**2 + eta*theta*psi + psi**2))) == 1
    >>> energy_is_kept()
    >>> @stability_claim(alternating, eta < 2)
    ... def norm_is_kept(orbit):
    ...     return len(set(orbit.along(theta**2 + psi**2))) == 1
    >>> norm_is_kept()
    Traceback (most recent call last):
    ...
    symgan.testing.stability.Broken: norm_is_kept fails from psi = 1, theta = 0 at eta = 1
    """
    if system.noise:
        raise GameError("a stability claim speaks of orbits without noise; give the noise a value")
    kernel = compile_orbit(_with_parameters(system))

    def decorate(check: Check) -> Callable[[], None]:
        @settings(max_examples=max_examples, deadline=None, phases=_PHASES)
        @drawn_from(values(system.parameters, given), states(system.visible, size=size))
        def test(parameters: Values, start: Values) -> None:
            orbit = _orbit(system, kernel, parameters, start, steps)
            if not check(orbit):
                raise Broken(f"{check.__name__} fails {orbit.describe()}")

        # Hypothesis asks pytest for arguments of `test`; what is handed out has none.
        @functools.wraps(check, assigned=("__module__", "__name__", "__qualname__", "__doc__"))
        def run() -> None:
            try:
                test()
            except Broken as found:  # without Hypothesis's notes: the sentence says it all
                raise Broken(str(found)) from None

        del run.__wrapped__
        return run

    return decorate


def nonincreasing(function: Any) -> Check:
    r"""The claim :math:`V(x_{k+1}) \le V(x_k)`.

    Args:
        function: V, an expression in state and parameters.
    """
    return lambda orbit: all(bool(b <= a) for a, b in pairwise(orbit.along(function)))


def kept(quantity: Any) -> Check:
    r"""The claim :math:`Q(x_{k+1}) = Q(x_k)`."""
    return lambda orbit: len(set(orbit.along(quantity))) == 1


def amplified_at_most(factor: Any) -> Check:
    r"""The claim :math:`\|x_k\|^2 \le K\,\|x_0\|^2` on the players' parameters, for all k.

    Args:
        factor: K, an expression in the parameters.
    """

    def check(orbit: Orbit) -> bool:
        bound = sp.sympify(factor).subs(dict(orbit.parameters))
        start, *later = orbit.along(sp.Add(*(s**2 for s in orbit.system.visible)))
        return all(bool(size <= bound * start) for size in later)

    return check


@lru_cache(maxsize=64)
def _evaluator(
    symbols: tuple[Symbol, ...], expression: Expr
) -> Callable[[Mapping[Symbol, Rational]], Expr]:
    """The exact value of an expression at a point: generated code where it is rational."""
    result = sp.Symbol("_".join(["value", *map(str, symbols)]), real=True)  # a name not taken
    try:
        kernel = compile_orbit(Map((*symbols, result), (*symbols, expression)))
    except KernelError:
        return lambda point: expression.subs(dict(point), simultaneous=True)
    return lambda point: kernel.orbit({**point, result: 0}, 1, stop=()).state(1)[result]


def _with_parameters(system: Map) -> Map:
    """The map with its parameters as constant coordinates: compiled once for all values."""
    return Map(
        (*system.state, *system.parameters),
        (*system.rhs, *system.parameters),
        index=system.index,
        memory=system.memory,
    )


def _orbit(
    system: Map, kernel: OrbitKernel, parameters: Values, start: Values, steps: int
) -> Orbit:
    found = kernel.orbit({**start, **parameters}, steps, stop=())
    rows = (found.state(k) for k in range(len(found)))
    return Orbit(system, parameters, tuple({s: row[s] for s in system.state} for row in rows))
