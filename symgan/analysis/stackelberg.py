r"""Differential Stackelberg equilibria of two-player games: one player leads, the other follows.

With the follower's response :math:`r(x_1)`, :math:`\nabla_2\ell_2(x_1, r(x_1)) = 0`, the leader
descends :math:`\ell_1(x_1, r(x_1))`. With :math:`D = \partial_1 + r'^\top\partial_2` and
:math:`r' = -(\partial_{22}\ell_2)^{-1}\partial_{21}\ell_2` a differential Stackelberg equilibrium
has :math:`D\ell_1 = 0`, :math:`\partial_2\ell_2 = 0`, :math:`D^2\ell_1 > 0` and
:math:`\partial_{22}\ell_2 > 0`. In a zero-sum game :math:`D^2\ell_1` is the Schur complement
:math:`\ell_{11} - \ell_{12}\ell_{22}^{-1}\ell_{21}`.

Source: Fiez, Chasnov and Ratliff 2020, definition 4.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sympy as sp
from sympy import And, Expr, Matrix, Symbol
from sympy.logic.boolalg import Boolean

from symgan.analysis.conditions import tidy
from symgan.analysis.definite import positive_definite
from symgan.analysis.signs import vanishes
from symgan.analysis.wholes import require_whole
from symgan.differentiation import diff
from symgan.errors import GameError
from symgan.game import Game

Symbols = tuple[Symbol, ...]


def stackelberg(game: Game, point: Mapping[Symbol, Expr], *, leader: int = 0) -> Boolean:
    """The exact condition for a differential Stackelberg equilibrium at a stationary point.

    Args:
        game: two players.
        point: values of all state symbols, where v vanishes.
        leader: the player that leads.

    Raises:
        GameError: not two players, or no such player.

    >>> from symgan.games.quadratic import quadratic
    >>> game = quadratic(sp.Rational(-1, 2), 2, 1)
    >>> [stackelberg(game, game.equilibrium, leader=i) for i in (0, 1)]
    [True, False]
    """
    require_whole(game, "stackelberg")
    if len(game.players) != 2 or leader not in (0, 1):
        raise GameError(
            f"a Stackelberg game has two players, leader 0 or 1; game {game.name!r} has "
            f"{len(game.players)} players and the leader asked for is {leader}"
        )
    x, y = game.players[leader], game.players[1 - leader]
    first, second = game.losses[leader], game.losses[1 - leader]

    def here(matrix: Matrix) -> Matrix:
        return matrix.subs(dict(point), simultaneous=True).applyfunc(sp.expand)

    follower = here(sp.hessian(second, y))
    stable = positive_definite(follower)
    if stable is sp.false:
        return sp.false
    inverse = follower.inv()
    slope = -inverse * here(_mixed(second, y, x))  # r'(x), shape (len(y), len(x))
    pull = here(_gradient(first, y))  # what the follower's move costs the leader
    own = here(_gradient(first, x)) + slope.T * pull
    rests = And(*(vanishes(e) for e in own))
    mixed = here(_mixed(first, x, y)) * slope
    total = here(sp.hessian(first, x)) + mixed + mixed.T
    total += slope.T * here(sp.hessian(first, y)) * slope
    total += _bend(second, x, y, inverse, slope, pull, here)
    return tidy(And(stable, rests, positive_definite(total.applyfunc(sp.together))))


def _bend(
    second: Expr,
    x: Symbols,
    y: Symbols,
    inverse: Matrix,
    slope: Matrix,
    pull: Matrix,
    here: Callable[[Matrix], Matrix],
) -> Matrix:
    r"""The curvature of the response against its cost, :math:`\sum_a p_a r_a''`.

    Differentiating :math:`\partial_2\ell_2(x, r(x)) = 0` twice,
    :math:`r'' = -(\partial_{22}\ell_2)^{-1} D^2(\partial_2\ell_2)` with r' held fixed in D.
    """
    weights = inverse.T * pull
    if all(w == 0 for w in weights):
        return sp.zeros(len(x), len(x))
    total = sp.zeros(len(x), len(x))
    for weight, symbol in zip(weights, y, strict=True):
        force = diff(second, symbol)
        cross = here(_mixed(force, x, y)) * slope
        turn = here(sp.hessian(force, x)) + cross + cross.T
        total -= weight * (turn + slope.T * here(sp.hessian(force, y)) * slope)
    return total


def _gradient(f: Expr, variables: Symbols) -> Matrix:
    return Matrix([diff(f, s) for s in variables])


def _mixed(f: Expr, rows: Symbols, columns: Symbols) -> Matrix:
    return Matrix(len(rows), len(columns), lambda i, j: sp.diff(f, rows[i], columns[j]))
