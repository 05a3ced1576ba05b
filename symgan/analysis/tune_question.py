"""What a tuning asks: an iteration, the symbols to choose, and conditions on its radius."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import And, Expr, Matrix, Symbol
from sympy.logic.boolalg import Boolean

from symgan.analysis.circle import von_neumann
from symgan.analysis.field import build_field
from symgan.analysis.linear_map import LinearMap, linear_map
from symgan.analysis.points import jacobian_at
from symgan.analysis.reduction import (
    Scaling,
    find_scaling,
    fixed_directions,
    folded,
    modulo_tangent,
)
from symgan.analysis.schur import bilinear_expressions, cleared
from symgan.analysis.signs import sign
from symgan.errors import GameError
from symgan.game import Game

Ends = tuple[Any, Any]


@dataclass(frozen=True)
class Search:
    """What is tuned: the iteration, the symbols to choose and their open ranges."""

    system: LinearMap
    symbols: tuple[Symbol, ...]
    ranges: tuple[tuple[Expr, Expr], ...]
    scaling: Scaling

    @property
    def allowed(self) -> Boolean:
        """That all values lie in their ranges."""
        pairs = zip(self.symbols, self.ranges, strict=True)
        return And(*(And(s > low, s < high) for s, (low, high) in pairs))

    def below(self, radius: Expr) -> Boolean:
        """The exact condition for a spectral radius below a positive number."""
        found = [self.allowed]
        for factor, _ in self.system.factors:
            entries = self.system.field.coefficients(factor)
            scaled = [c * radius ** (len(entries) - 1 - k) for k, c in enumerate(entries)]
            field = build_field(scaled)
            expressions = bilinear_expressions(cleared([field.element(c) for c in scaled], field))
            found += [e > 0 for e in expressions if sign(e) != 1]
        return And(*found)

    def at_most(self, radius: Expr, values: Mapping[Symbol, Expr]) -> bool:
        """Whether no eigenvalue at exact values is larger than a radius."""
        inside = self.allowed.subs(values)
        if inside is not sp.true:
            return False
        for factor, _ in self.system.factors:
            entries = [c.subs(values) for c in self.system.field.coefficients(factor)]
            if radius == 0:
                if any(sign(sp.expand(c)) != 0 for c in entries[1:]):
                    return False
                continue
            n = len(entries) - 1
            scaled = [sp.radsimp(sp.expand(c / radius**k)) for k, c in enumerate(entries)]
            field = build_field(scaled)
            whole = cleared([field.element(c) for c in scaled], field)
            if n and von_neumann(whole) is not sp.true:
                return False
        return True


def ask(
    rule: Callable[..., Any], game: Game, over: Mapping[str, Ends], options: Mapping[str, Any]
) -> Search:
    """The question in numbers, where the parameters of the game only scale the step.

    Raises:
        GameError: see `symgan.analysis.tune.tune`.
    """
    if not over:
        raise GameError("nothing to tune; name options and their ranges in over")
    ranges = {name: _range(name, ends) for name, ends in over.items()}
    symbols = {
        name: Symbol(name, positive=True) if low >= 0 else Symbol(name, real=True)
        for name, (low, _) in ranges.items()
    }
    given = {**options, **symbols}
    if "eta" not in given:
        raise GameError("the step is missing: tune 'eta' or give it as an option")
    system = rule(game, given.pop("eta"), **given)
    J = _jacobian(system, game)
    for step in symbols.values():
        J, _ = folded(J, step) if len(symbols) == 1 else (J, {})
    chosen = tuple(symbols.values())
    scaling = find_scaling(J, chosen[0]) if J.free_symbols - set(chosen) else Scaling()
    left = sorted((scaling.reduce(J).free_symbols - set(chosen)), key=str)
    moved = [s for s in chosen if scaling.factor(s) != 1]
    fixed = [s for s in moved if ranges[s.name] != (0, sp.oo)]
    if left or fixed or set(scaling.weights) & set(chosen):
        names = ", ".join(str(s) for s in (*left, *fixed)) or "the options"
        raise GameError(f"{names} cannot be scaled away; give values to the game's parameters")
    reduced = linear_map(scaling.reduce(J), chosen[0])
    return Search(reduced, chosen, tuple(ranges[s.name] for s in chosen), scaling)


def _jacobian(system: Any, game: Game) -> Matrix:
    """At the game's equilibrium, modulo the fixed directions of an affine map."""
    if hasattr(system, "linearization"):
        system = system.linearization(dict(game.equilibrium or {}))
    constant = system.jacobian().applyfunc(sp.expand)
    if constant.free_symbols & set(system.state):
        if game.equilibrium is None:
            raise GameError(f"{game.name!r} is not affine and declares no equilibrium to tune at")
        return jacobian_at(system, system.lift(game.equilibrium))
    return modulo_tangent(constant, fixed_directions(constant))


def _range(name: str, ends: Ends) -> tuple[Expr, Expr]:
    low = -sp.oo if ends[0] is None else sp.sympify(ends[0])
    high = sp.oo if ends[1] is None else sp.sympify(ends[1])
    if not low < high:
        raise GameError(f"the range ({low}, {high}) of {name} is empty")
    return low, high
