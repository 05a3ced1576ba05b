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
from symgan.implicit import ImplicitMap
from symgan.system import Flow, Map

Update = Map | ImplicitMap
"""What a rule returns."""

DIGITS = 50
STEP = sp.Rational(1, 10**20)
"""Central differences err by h^2 f'''/6: with h = 1e-20 and 90 working digits the quotient
is right to about 40 digits where third derivatives are moderate; 30 are asked for."""
AGREE = mpmath.mpf(10) ** -30

Values = Mapping[Any, Any]
"""Symbol -> value."""


def is_zero(expression: Any) -> bool:
    """Whether an expression is zero by expansion of numerators alone; no heuristics."""
    if sp.expand(expression) == 0:
        return True
    folded = sp.piecewise_fold(sp.sympify(expression))
    if isinstance(folded, sp.Piecewise):
        return all(is_zero(branch) for branch, _ in folded.args)
    return sp.expand(sp.together(folded).as_numer_denom()[0]) == 0


def equilibrium_violations(game: Game) -> list[str]:
    """Entries of v (less the drift) that the declared equilibrium does not zero."""
    point: dict[Any, Any] = dict(game.equilibrium or {})
    missing = [f"{symbol} has no value" for symbol in game.state if symbol not in point]
    field = (v - d for v, d in zip(game.v, game.moving, strict=True))
    rest = (f.subs(point, simultaneous=True) for f in field)
    return missing + [f"v[{i}] = {f}" for i, f in enumerate(rest) if not is_zero(f)]


def fixed_point_violations(system: Update, point: Values) -> list[str]:
    """Entries of the map that move the point; memory stands at its initial value."""
    if isinstance(system, ImplicitMap):
        left = _at_rest(system, dict(point))
    else:
        left = _displacement(system, system.lift(point))
    return [f"entry {i} moves by {m}" for i, m in enumerate(left) if not is_zero(m)]


def start_violations(system: Update, eta: Symbol) -> list[str]:
    """Entries, memory included, that a step of size 0 moves from the start of an orbit.

    Memory starts in terms of the visible state, so that this holds at every state.
    """
    if isinstance(system, ImplicitMap):
        left = _at_rest(system, {x: x for x in system.state})
    else:
        left = _displacement(system, system.lift({x: x for x in system.visible}))
    still = (m.subs(eta, 0) for m in left)
    return [f"entry {i} starts to move by {m}" for i, m in enumerate(still) if not is_zero(m)]


def first_order_violations(system: Update, eta: Symbol, declared: tuple[Any, ...]) -> list[str]:
    """Where the derivative in eta at 0 of what is visible differs from the declared field.

    Memory stands at its initial value.
    """
    visible = system.state if isinstance(system, ImplicitMap) else system.visible
    if len(declared) != len(visible):
        return [f"{len(declared)} entries declared for {len(visible)}"]
    return [
        f"entry {i}: {slope} is not {entry}"
        for i, (slope, entry) in enumerate(zip(_slopes(system, eta), declared, strict=True))
        if not is_zero(slope - entry)
    ]


def update_violations(system: Update, losses: tuple[type, ...], values: Values) -> list[str]:
    """Whether an iteration takes as many fresh single-player gradients as it says.

    Players have free losses of classes of their own: a fresh gradient is a first derivative
    at a place of its own that is not made of memory alone. Switched maps are counted on the
    branch at these values.
    """
    fresh = set(system.next if isinstance(system, ImplicitMap) else system.visible)
    rhs = system.residual if isinstance(system, ImplicitMap) else system.rhs
    found = set().union(*(_branch(f, values).atoms(*losses) for f in rhs))
    count = sum(f.order == 1 and bool(f.free_symbols & fresh) for f in found)
    return [] if count == system.updates else [f"{count} gradients, {system.updates} declared"]


def jacobian_violations(system: Flow | Update, values: Values) -> list[str]:
    """Where the exact Jacobian differs from a central difference quotient at a point.

    The image of an implicit map is found by Newton's method, for the quotient anew.
    """
    here = dict(values)
    if isinstance(system, ImplicitMap):
        here.update(zip(system.next, _image(system, values), strict=True))
    exact = _evaluate(tuple(system.jacobian().flat()), here)
    quotients = zip(*(_quotients(system, symbol, values) for symbol in system.state), strict=True)
    flat = [quotient for row in quotients for quotient in row]
    places = [(i, symbol) for i in range(len(system.state)) for symbol in system.state]
    return [
        f"d rhs[{i}] / d {symbol}: {there} is not {quotient}"
        for (i, symbol), there, quotient in zip(places, exact, flat, strict=True)
        if not abs(there - quotient) <= AGREE * (1 + abs(there))
    ]


def stage_violations(system: Update, values: Values) -> list[str]:
    """Where going through the stages one by one ends elsewhere than the map."""
    if isinstance(system, ImplicitMap):
        return []
    here = dict(values)
    for stage in system.stages or (system,):
        here.update(zip(stage.state, _evaluate(stage.rhs, here), strict=True))
    there = _evaluate(system.rhs, values)
    return [
        f"entry {i}: the stages end at {here[symbol]}, the map at {end}"
        for i, (symbol, end) in enumerate(zip(system.state, there, strict=True))
        if not abs(here[symbol] - end) <= AGREE * (1 + abs(end))
    ]


def point_of(system: Flow | Update, numbers: tuple[Any, ...]) -> dict[Symbol, Any]:
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


def _displacement(system: Map, point: Values) -> list[Any]:
    """How far a map moves each state symbol."""
    at: dict[Any, Any] = dict(point)
    pairs = zip(system.state, system.rhs, strict=True)
    return [f.subs(at, simultaneous=True) - sp.sympify(at[symbol]) for symbol, f in pairs]


def _at_rest(system: ImplicitMap, point: Values) -> list[Any]:
    """The residual where the next state is the present one."""
    both: dict[Any, Any] = {s: point[x] for x, y in _pairs(system) for s in (x, y)}
    return [r.subs(both, simultaneous=True) for r in system.residual]


def _slopes(system: Update, eta: Symbol) -> list[Any]:
    """The derivative in eta at 0; an implicit one by differentiating the equation."""
    if isinstance(system, ImplicitMap):
        back: dict[Any, Any] = {eta: 0, **{y: x for x, y in _pairs(system)}}
        residual = sp.Matrix(system.residual)
        after = residual.jacobian(sp.Matrix(system.next)).subs(back, simultaneous=True)
        return list(after.LUsolve(-residual.diff(eta).subs(back, simultaneous=True)))
    start = {eta: sp.Integer(0), **dict(system.memory)}
    slopes = zip(system.state, (sp.diff(f, eta) for f in system.rhs), strict=True)
    return [f.subs(start, simultaneous=True) for s, f in slopes if s in system.visible]


def _pairs(system: ImplicitMap) -> list[tuple[Symbol, Symbol]]:
    return list(zip(system.state, system.next, strict=True))


def _branch(expression: Any, values: Values) -> Any:
    """The expression on the branch that stands at these values."""
    known = {**values}

    def chosen(*branches: Any) -> Any:
        held = (value for value, where in branches if where.subs(known) == sp.true)
        return next(held)

    return expression.replace(sp.Piecewise, chosen)


def _image(system: Flow | Update, values: Values) -> list[Any]:
    """The right-hand side at a point, or what solves the equation there."""
    if not isinstance(system, ImplicitMap):
        return _evaluate(system.rhs, values)
    symbols = (*values, *system.next)
    with mpmath.workdps(2 * DIGITS + 60):
        equation = _compiled(system.residual, symbols)
        fixed = [_mp(value) for value in values.values()]
        start = [_mp(values[x]) for x in system.state]
        return list(mpmath.findroot(lambda *y: equation(*fixed, *y), start))


def _quotients(system: Flow | Update, symbol: Symbol, values: Values) -> list[Any]:
    """One column of the Jacobian as central differences."""
    right = _image(system, {**values, symbol: values[symbol] + STEP})
    left = _image(system, {**values, symbol: values[symbol] - STEP})
    with mpmath.workdps(DIGITS + 40):
        return [(a - b) / (2 * _mp(STEP)) for a, b in zip(right, left, strict=True)]


def _evaluate(expressions: tuple[Any, ...], values: Values) -> list[Any]:
    """Values of expressions at a point, with 90 digits."""
    with mpmath.workdps(DIGITS + 40):
        return _compiled(expressions, tuple(values))(*map(_mp, values.values()))


@cache
def _compiled(expressions: tuple[Any, ...], symbols: tuple[Symbol, ...]) -> Any:
    """A function of the values; a step and its derivative off the place where it jumps."""
    steps = {"Heaviside": lambda x, *_: mpmath.mpf(x > 0), "DiracDelta": lambda x, *_: 0 / x}
    return sp.lambdify(symbols, list(expressions), modules=[steps, "mpmath"], cse=True)


def _mp(number: Any) -> Any:
    if isinstance(number, mpmath.mpf):
        return number
    return mpmath.mpf(number.p) / mpmath.mpf(number.q)
