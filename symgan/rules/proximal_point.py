r"""Proximal point: the gradient is taken where the step ends."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Expr, Matrix
from sympy.polys.matrices import DomainMatrix

from symgan.catalog import rule
from symgan.differentiation import jacobian
from symgan.game import Game
from symgan.implicit import ImplicitMap
from symgan.rules.steps import (
    INDEX,
    Move,
    assemble,
    descent,
    field_at_start,
    new_symbols,
    remembered,
)
from symgan.system import Map


def _first_order(game: Game) -> tuple[Expr, ...]:
    """That of plain descent: both ends of a small step agree."""
    return field_at_start(game)


@rule("proximal-point", first_order=_first_order)
def proximal_point(game: Game, eta: Any) -> Map | ImplicitMap:
    r"""Proximal point, the implicit step :math:`x^+ = x - \eta\, v(x^+)`.

    Where :math:`v(x) = Jx + b` is affine in the state the step is solved exactly,
    :math:`x^+ = (I + \eta J)^{-1}(x - \eta b)`; the map is defined where
    :math:`\det(I + \eta J) \ne 0`, which holds for every step if v is monotone. Otherwise
    the result is an `ImplicitMap`, whose Jacobian at a fixed point is
    :math:`(I + \eta J)^{-1}` by the implicit function theorem.

    On a game with time the field is taken at :math:`(k + 1)\eta`, the implicit Euler step.

    Args:
        game: the game.
        eta: the step, or one step a player.

    Returns:
        A `Map` where v is affine in the state, else an `ImplicitMap`.

    Raises:
        GameError: a wrong number of steps, or a step that is not positive.

    Source: Martinet 1970; Rockafellar 1976.

    >>> from sympy import Symbol
    >>> from symgan.games.quadratic import bilinear
    >>> proximal_point(bilinear(), Symbol("eta", positive=True)).rhs[0]
    (eta*psi + theta)/(eta**2 + 1)
    """
    move, n = descent(game, eta), len(game.players)
    solved = _solve_affine(game, move)
    if solved is not None:
        return assemble(game, solved, eta, updates=n)
    after = remembered(game, "next")
    residual = Matrix(after) - Matrix(game.state) - move(after, INDEX + 1)
    return ImplicitMap(
        game.state,
        after,
        tuple(residual),
        parameters=(*game.parameters, *new_symbols(game, eta)),
        index=None if game.time is None else INDEX,
        updates=n,
    )


def _solve_affine(game: Game, move: Move) -> Matrix | None:
    r"""The solution of :math:`x^+ = x + A x^+ + c` where the move is affine, else None."""
    x = Matrix(game.state)
    step = move(x, INDEX + 1)
    A = jacobian(step, x)
    if A.free_symbols & set(game.state):
        return None
    c = step.subs(dict.fromkeys(game.state, 0))
    inverse = DomainMatrix.from_Matrix(sp.eye(len(x)) - A).to_field().inv().to_Matrix()
    return (inverse * x).applyfunc(sp.together) + inverse * c
