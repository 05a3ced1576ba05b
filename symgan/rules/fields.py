r"""What rules that follow another field than v are written in, as maps and as flows.

A rule here is a field F on the state; its map is :math:`x^+ = x - \eta F(x)` and its flow
:math:`\dot x = -F(x)`. On a game with a drift d the field that such rules start from is
:math:`v - d`, which is what vanishes at rest; so every F below vanishes where the game rests.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Dummy, Expr, Matrix, Symbol
from sympy.polys.matrices import DomainMatrix

from symgan.errors import GameError
from symgan.game import Game
from symgan.rules.steps import (
    INDEX,
    assemble,
    new_symbols,
    player_steps,
    refuse_size,
    remembered,
    spread,
)
from symgan.system import Flow, Map


def field(game: Game) -> Matrix:
    r"""The field that the game's flow descends, :math:`v(x) - d(t)`, as a column."""
    return Matrix([v - d for v, d in zip(game.v, game.moving, strict=True)])


def slope(game: Game) -> Matrix:
    r"""The Jacobian J of that field in the state; the game's own where the drift is free of it."""
    return field(game).jacobian(Matrix(game.state))


def follow(game: Game, eta: Any, F: Matrix, *settings: Any, updates: int | None = None) -> Map:
    r"""The map :math:`x^+ = x - \eta F(x)`; every player's clock is its own step.

    Args:
        game: the game.
        eta: the step, or one step a player.
        F: the field, a column over the state.
        *settings: the rule's options, whose symbols become parameters.
        updates: fresh single-player gradients an iteration; one a player unless given.
    """
    steps = spread(game, player_steps(game, eta))
    now = [f if game.time is None else f.xreplace({game.time: INDEX * h})
           for f, h in zip(F, steps, strict=True)]  # fmt: skip
    rhs = [x - h * f for x, h, f in zip(game.state, steps, now, strict=True)]
    count = len(game.players) if updates is None else updates
    return assemble(game, Matrix(rhs), eta, *settings, updates=count)


def flowing(
    game: Game,
    F: Matrix,
    *settings: Any,
    memory: tuple[Symbol, ...] = (),
    rest: Matrix | None = None,
) -> Flow:
    r"""The flow :math:`\dot x = -F(x)`, followed by that of further state, where there is any.

    Args:
        game: the game.
        F: the field, a column over the state.
        *settings: the options, whose symbols become parameters.
        memory: further state symbols.
        rest: their right-hand side.
    """
    parameters = (*game.parameters, *new_symbols(game, *settings))
    rhs = (*(-F), *(rest if rest is not None else ()))
    return Flow((*game.state, *memory), rhs, parameters=parameters, time=game.time)


def at_start(game: Game, F: Matrix) -> tuple[Expr, ...]:
    r"""The first-order field of ``follow``: :math:`-F` at the start of time."""
    now = {} if game.time is None else {game.time: sp.Integer(0)}
    return tuple((-F).subs(now))


def own(game: Game, value: Any, default: Symbol, what: str) -> Any:
    """The value of an option; its default is refused where the game has the same symbol.

    Raises:
        GameError: it is, and how to give the option another one.
    """
    if value == default and default in game.parameters:
        raise GameError(
            f"the game has a parameter {default} of its own; give the {what} a value or "
            "another symbol"
        )
    return value


def companions(game: Game, suffix: str) -> tuple[Symbol, ...]:
    """A further real symbol for each of the state: a velocity may be negative where x is not.

    >>> from symgan.games.quadratic import bilinear
    >>> companions(bilinear(), "velocity")
    (theta_velocity, psi_velocity)
    """
    return tuple(Symbol(s.name, real=True) for s in remembered(game, suffix))


def solve(A: Matrix, b: Matrix, what: str) -> Matrix:
    r"""The solution of :math:`Ay = b` by Cramer's rule, :math:`\operatorname{adj}(A)\,b/\det A`.

    Entries are names while this is worked out, so that nothing inside them is expanded.

    Args:
        A: a square matrix of expressions.
        b: a column.
        what: what A is called in the sentence that refuses.

    Raises:
        GameError: the determinant is zero identically, or the solution grows beyond use.

    >>> a, b, c = sp.symbols("a b c")
    >>> solve(Matrix([[1, a], [0, b]]), Matrix([c, 1]), "this matrix").T
    Matrix([[(-a + b*c)/b, 1/b]])
    """
    adjugate, determinant = adjugate_and_determinant(A)
    if vanishes(determinant):
        raise GameError(f"{what} is singular at every state; the rule has no step to take there")
    solution = (adjugate * b) / determinant
    refuse_size(sum(f.count_ops() for f in solution), 1, 1)
    return solution


def adjugate_and_determinant(A: Matrix) -> tuple[Matrix, Expr]:
    """Both, with the entries as names: nothing inside them is touched."""
    names = {entry: Dummy() for entry in A if not entry.is_Rational}
    values = {name: entry for entry, name in names.items()}
    named = A.applyfunc(lambda entry: names.get(entry, entry))
    adjugate, determinant = DomainMatrix.from_Matrix(named).adj_det()
    scale = adjugate.domain.to_sympy(determinant)
    return adjugate.to_Matrix().xreplace(values), scale.xreplace(values)


def vanishes(expression: Expr) -> bool:
    """Whether the expanded numerator is zero; an identity that needs more is not seen."""
    return sp.expand(sp.together(expression).as_numer_denom()[0]) == 0
