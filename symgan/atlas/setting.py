r"""Where a regularized game rests, and the linear problem it is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import sympy as sp
from sympy import Basic, Expr, ImmutableMatrix, Matrix, Symbol
from sympy.logic.boolalg import Boolean

from symgan.analysis.equilibria import equilibria
from symgan.analysis.points import jacobian_at
from symgan.atlas.axes import Specimen, build, penalized
from symgan.atlas.cell import Verdict
from symgan.atlas.problem import Problem, problem
from symgan.certify.identity import is_zero
from symgan.certify.limit import limited
from symgan.differentiation import diff, jacobian
from symgan.errors import GameError, SymganError, Undecided
from symgan.game import Game
from symgan.results import Equilibrium


@dataclass(frozen=True)
class Setting:
    """A game with a regularizer, ready for every rule.

    Attributes:
        specimen, regularizer: the names on the first three axes.
        game: the regularized game; None where the regularizer does not apply.
        equilibrium: where its cells are decided.
        linear: whether v is affine.
        crossed: whether a loss has a gradient in another player's parameters there.
        scaled, plain: the linear problem with and without its common factor divided out.
        jacobian: of v at the equilibrium.
        refusal: the verdict of all its cells, where there is nothing to decide.
        reason: why; or how the equilibrium was chosen.
        where: for which parameters the equilibrium exists; all, or all but zeros of expressions.
    """

    specimen: Specimen
    regularizer: str
    game: Game | None = None
    equilibrium: Mapping[Symbol, Expr] = field(default_factory=dict)
    linear: bool = False
    crossed: bool = False
    scaled: Problem | None = None
    plain: Problem | None = None
    jacobian: ImmutableMatrix | None = None
    refusal: Verdict | None = None
    reason: str = ""
    where: Boolean = sp.true


SECONDS = 20.0
"""Processor time to find where a regularized game rests."""


def settle(specimen: Specimen, regularizer: str) -> Setting:
    """The setting of a game and a regularizer; what cannot be set up says why."""
    try:
        plain = build(specimen)
        game = penalized(plain, regularizer, specimen)
    except GameError as error:
        return Setting(specimen, regularizer, refusal=Verdict.NOT_APPLICABLE, reason=str(error))
    except SymganError as error:
        return Setting(specimen, regularizer, refusal=Verdict.UNDECIDED, reason=str(error))
    blank = Setting(specimen, regularizer, game)
    try:
        with limited(SECONDS, "the equilibrium"):
            return _at_rest(blank, game, plain)
    except GameError as error:
        return Setting(
            specimen, regularizer, game, refusal=Verdict.NOT_APPLICABLE, reason=str(error)
        )
    except Undecided as error:
        if _beyond_algebra(plain):
            return Setting(
                specimen,
                regularizer,
                game,
                refusal=Verdict.NOT_APPLICABLE,
                reason=f"{plain.name} declares no equilibrium, and exponentials or error functions "
                "of its state leave none that algebra could find: there is no point to look at",
            )
        return Setting(specimen, regularizer, game, refusal=Verdict.UNDECIDED, reason=str(error))


def _beyond_algebra(plain: Game) -> bool:
    """Whether a game declares no equilibrium, and that of its field is no algebraic question.

    Where it has functions of the state beyond roots and the search found nothing even without a
    regularizer, there is no point at which rules could be compared.
    """
    if plain.equilibrium is not None:
        return False
    beyond = (n for v in plain.v for n in v.atoms(sp.Function, sp.exp))
    if not any(n.free_symbols & set(plain.state) for n in beyond):
        return False
    try:
        return not equilibria(plain.flow())
    except Undecided:
        return True


def _at_rest(blank: Setting, game: Game, plain: Game) -> Setting:
    at, reason, where = _equilibrium(game, plain)
    if at is None:
        return Setting(
            blank.specimen,
            blank.regularizer,
            game,
            refusal=Verdict.NO_EQUILIBRIUM,
            reason=reason,
        )
    J = -jacobian_at(game.flow(), at)  # refuses kinks and points that do not rest
    if J.has(sp.Integral, sp.Derivative) or _opaque(J):
        raise Undecided(f"the Jacobian of {game.name!r} has no closed form at the equilibrium")
    slopes = jacobian(game.v, game.state).applyfunc(sp.expand)
    linear = not slopes.free_symbols & set(game.state)
    return Setting(
        blank.specimen,
        blank.regularizer,
        game,
        at,
        linear,
        _crossed(game, at),
        problem(game, at, whole_line=linear),
        problem(game, at, whole_line=linear, scaled=False),
        ImmutableMatrix(J),
        None,
        reason,
        where,
    )


def _opaque(jacobian: Matrix) -> bool:
    """Whether an entry holds a function that is no number and no elementary one."""
    return any(
        type(node).__name__ == "Expectation" for e in jacobian for node in sp.preorder_traversal(e)
    )


Chosen = tuple[Mapping[Symbol, Expr] | None, str, Boolean]
"""An equilibrium, how it was chosen, and where it exists."""


def _equilibrium(game: Game, plain: Game) -> Chosen:
    """The declared equilibrium, the plain game's, or the first that exists."""
    if game.equilibrium is not None:
        return game.equilibrium, "", sp.true
    if game is not plain and plain.equilibrium is None:
        at, reason, where = _equilibrium(plain, plain)
        if at is not None and _rests(game, at):
            return at, reason, where
    surfaces = _kinks(game)
    try:
        found = [e for part in _smooth_parts(game, surfaces) for e in equilibria(part.flow())]
    except Undecided:
        found = _beside_norms(game)
        if not found:
            raise
    if not found:
        beside = f" away from {', '.join(f'{s} = 0' for s in surfaces)}" if surfaces else ""
        across = (
            f"; across {surfaces[0]} = 0 it jumps without vanishing on either side"
            if surfaces
            else ""
        )
        return None, f"the field of {game.name} vanishes nowhere{beside}{across}", sp.true
    first = min(found, key=_simplest)
    if not _almost_everywhere(first.condition):
        raise Undecided(f"the equilibrium {dict(first.point)} exists only where {first.condition}")
    here = {_back(game, s): v.xreplace(_names(game, v)) for s, v in first.point.items()}
    where = first.condition.xreplace(_names(game, first.condition))
    beside = "" if where is sp.true else f", where {_unequal(where)}"
    shown = ", ".join(f"{s} = {v}" for s, v in here.items())
    others = f"; {len(found) - 1} more not shown" if len(found) > 1 else ""
    return here, f"the equilibrium at {shown}{beside} was found, none is declared{others}", where


def _almost_everywhere(condition: Boolean) -> bool:
    """Whether a condition only excludes zeros of expressions, as a denominator does."""
    return condition is sp.true or all(
        isinstance(c, sp.Ne) and sp.cancel(c.lhs - c.rhs) != 0 for c in sp.And.make_args(condition)
    )


def _unequal(condition: Boolean) -> str:
    """Such a condition as text."""
    return " and ".join(sorted(f"{c.lhs} != {c.rhs}" for c in sp.And.make_args(condition)))


def _beside_norms(game: Game) -> list[Equilibrium]:
    """Equilibria on one side of a symbol under a root, where the norm of a vector is not 0.

    A norm has no derivative at 0, and along a line it is an absolute value: with a symbol of one
    sign it can be solved. These need not be all equilibria.
    """
    roots = {n for v in game.v for n in v.atoms(sp.Pow) if n.exp.is_Rational and n.exp.q == 2}
    under = {s for n in roots for s in n.free_symbols}
    for symbol in (s for s in game.state if s in under):
        for part in _smooth_parts(game, (symbol,)):
            try:
                found = equilibria(part.flow())
            except SymganError:  # the other side, or another symbol, may be solved
                continue
            if everywhere := [e for e in found if e.condition is sp.true]:
                return everywhere
    return []


def _rests(game: Game, at: Mapping[Symbol, Expr]) -> bool:
    """Whether a smooth field vanishes at a point."""
    if any(v.has(sp.Abs, sp.sign, sp.Piecewise) for v in game.v):
        return False
    return all(is_zero(v.subs(dict(at), simultaneous=True)).holds is True for v in game.v)


def _simplest(found: Equilibrium) -> Any:
    """What exists for all parameters comes first, then isolated points, then short formulas."""
    values = tuple(found.point.values())
    size = sum(v.count_ops() for v in values)
    conditional = found.condition is not sp.true
    return conditional, len(found.free), size, sp.default_sort_key(values)


def _kinks(game: Game) -> tuple[Symbol, ...]:
    """State symbols across whose zero the field is not smooth."""
    nodes = {n for v in game.v for n in v.atoms(sp.Abs, sp.sign)}
    bare = {n.args[0] for n in nodes}
    odd = [n for n in bare if n not in game.state]
    if odd:
        raise Undecided(f"the field of {game.name!r} is not smooth where {odd[0]} = 0")
    return tuple(s for s in game.state if s in bare)


def _smooth_parts(game: Game, surfaces: tuple[Symbol, ...]) -> Iterator[Game]:
    """The game on each side of its kinks: symbols of one sign, which solve the Abs and sign."""
    for signs in product(("positive", "negative"), repeat=len(surfaces)):
        new = {
            s: Symbol(s.name, real=True, **{side: True})
            for s, side in zip(surfaces, signs, strict=True)
        }
        yield Game(
            name=game.name,
            players=tuple(tuple(new.get(s, s) for s in player) for player in game.players),
            losses=tuple(loss.subs(new) for loss in game.losses),
            parameters=game.parameters,
        )


def _back(game: Game, symbol: Symbol) -> Symbol:
    return next(s for s in game.state if s.name == symbol.name)


def _names(game: Game, value: Basic) -> dict[Symbol, Symbol]:
    return {s: t for s in value.free_symbols for t in game.state if t.name == s.name}


def _crossed(game: Game, at: Mapping[Symbol, Expr]) -> bool:
    for player, loss in zip(game.players, game.losses, strict=True):
        for symbol in game.state:
            if symbol not in player:
                slope = diff(loss, symbol).subs(dict(at), simultaneous=True)
                if sp.expand(slope) != 0:
                    return True
    return False
