"""What must hold for every game and every update rule, as functions that name violations.

Each law returns the list of what breaks it: empty for a sound game or rule. The same
functions are held against deliberately wrong neighbors.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.game import Game
from symgan.system import Flow, Map, System

DIGITS = 50
STEP = sp.Rational(1, 10**20)
"""Central differences err by h^2 f'''/6: with h = 1e-20 and 90 working digits the quotient
is right to about 40 digits where third derivatives are moderate; 30 are asked for."""
AGREE = mpmath.mpf(10) ** -30

Values = Mapping[Any, Any]
"""Symbol -> value."""


def is_zero(expression: Any) -> bool:
    """Whether an expression is zero by expansion alone; no heuristics."""
    return sp.expand(expression) == 0


def equilibrium_violations(game: Game) -> list[str]:
    """Entries of v (less the drift) that the declared equilibrium does not zero."""
    point: dict[Any, Any] = dict(game.equilibrium or {})
    missing = [f"{symbol} has no value" for symbol in game.state if symbol not in point]
    field = (v - d for v, d in zip(game.v, game.moving, strict=True))
    rest = (f.subs(point, simultaneous=True) for f in field)
    return missing + [f"v[{i}] = {f}" for i, f in enumerate(rest) if not is_zero(f)]


def fixed_point_violations(system: Map, point: Values) -> list[str]:
    """Entries of the map that move the point."""
    at: dict[Any, Any] = dict(point)
    moved = (
        f.subs(at, simultaneous=True) - sp.sympify(at[symbol])
        for symbol, f in zip(system.state, system.rhs, strict=True)
    )
    return [f"entry {i} moves by {m}" for i, m in enumerate(moved) if not is_zero(m)]


def first_order_violations(system: Map, eta: Symbol, declared: tuple[Any, ...]) -> list[str]:
    """Where the derivative of the map in eta at 0 differs from the declared field."""
    if len(declared) != len(system.rhs):
        return [f"{len(declared)} entries declared for {len(system.rhs)}"]
    slopes = (sp.diff(f, eta).subs(eta, 0) for f in system.rhs)
    return [
        f"entry {i}: {slope} is not {entry}"
        for i, (slope, entry) in enumerate(zip(slopes, declared, strict=True))
        if not is_zero(slope - entry)
    ]


def jacobian_violations(system: System, values: Values) -> list[str]:
    """Where the exact Jacobian differs from a central difference quotient at a point."""
    exact = _evaluate(tuple(system.jacobian().flat()), values)
    quotients = zip(*(_quotients(system, symbol, values) for symbol in system.state), strict=True)
    flat = [quotient for row in quotients for quotient in row]
    places = [(i, symbol) for i in range(len(system.rhs)) for symbol in system.state]
    return [
        f"d rhs[{i}] / d {symbol}: {there} is not {quotient}"
        for (i, symbol), there, quotient in zip(places, exact, flat, strict=True)
        if not abs(there - quotient) <= AGREE * (1 + abs(there))
    ]


def stage_violations(system: Map, values: Values) -> list[str]:
    """Where going through the stages one by one ends elsewhere than the map."""
    here = dict(values)
    for stage in system.stages or (system,):
        here.update(zip(stage.state, _evaluate(stage.rhs, here), strict=True))
    there = _evaluate(system.rhs, values)
    return [
        f"entry {i}: the stages end at {here[symbol]}, the map at {end}"
        for i, (symbol, end) in enumerate(zip(system.state, there, strict=True))
        if not abs(here[symbol] - end) <= AGREE * (1 + abs(end))
    ]


def point_of(system: System, numbers: tuple[Any, ...]) -> dict[Symbol, Any]:
    """Values for all symbols of a system: numbers in turn, adapted to the assumptions.

    Steps stay below 1/20: iterated exponentials leave every number range otherwise.
    """
    clock = system.time if isinstance(system, Flow) else system.index
    symbols = (*system.state, *system.parameters, *((clock,) if clock is not None else ()))
    values: dict[Symbol, Any] = {}
    for symbol, number in zip(symbols, numbers * len(symbols), strict=False):
        positive = symbol.is_positive or symbol.is_nonnegative
        values[symbol] = abs(number) + 1 if positive else number
        if symbol.name == "eta":
            values[symbol] = values[symbol] / 60
        if symbol.is_integer:
            values[symbol] = sp.ceiling(values[symbol])
    return values


def _quotients(system: System, symbol: Symbol, values: Values) -> list[Any]:
    """One column of the Jacobian as central differences."""
    right = _evaluate(system.rhs, {**values, symbol: values[symbol] + STEP})
    left = _evaluate(system.rhs, {**values, symbol: values[symbol] - STEP})
    with mpmath.workdps(DIGITS + 40):
        return [(a - b) / (2 * _mp(STEP)) for a, b in zip(right, left, strict=True)]


def _evaluate(expressions: tuple[Any, ...], values: Values) -> list[Any]:
    """Values of expressions at a point, with 90 digits."""
    with mpmath.workdps(DIGITS + 40):
        return _compiled(expressions, tuple(values))(*map(_mp, values.values()))


@cache
def _compiled(expressions: tuple[Any, ...], symbols: tuple[Symbol, ...]) -> Any:
    """A function of the values; a step and its derivative off the place where it jumps."""
    steps = {"Heaviside": lambda x, *_: mpmath.mpf(x > 0), "DiracDelta": lambda x: 0 / x}
    return sp.lambdify(symbols, list(expressions), modules=[steps, "mpmath"], cse=True)


def _mp(number: Any) -> Any:
    if isinstance(number, mpmath.mpf):
        return number
    return mpmath.mpf(number.p) / mpmath.mpf(number.q)
