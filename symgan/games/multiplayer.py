r"""n-player games with a linear field: every pair of players meets in a matrix.

.. math:: \ell_i(x) = \tfrac12 x_i^\top M_{ii} x_i + \sum_{j \ne i} x_i^\top M_{ij} x_j,
    \qquad v(x) = M x .

The symmetric part of M is the potential part of the game, the antisymmetric one the
Hamiltonian part.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import sympy as sp
from sympy import Integer, Matrix, Rational

from symgan.catalog import game
from symgan.errors import GameError
from symgan.game import Game

WEAK = Rational(1, 100)
"""The curvature that Balduzzi et al. give each player."""


def polymatrix(M: Any, sizes: Sequence[int] | None = None, *, name: str = "polymatrix") -> Game:
    r"""The game whose field is :math:`v(x) = Mx`.

    Args:
        M: (n, n); its diagonal blocks are symmetric, as a loss has symmetric second derivatives.
        sizes: how many parameters each player has; one each unless given.
        name: what the game is called.

    Raises:
        GameError: M is not square, the sizes do not add up, or a diagonal block is not symmetric.

    Source: Balduzzi et al. 2018.

    >>> polymatrix([[1, 2], [3, 4]]).v
    (x_1 + 2*x_2, 3*x_1 + 4*x_2)
    """
    M = Matrix(M)
    counts: list[int] = [1] * M.rows if sizes is None else list(sizes)
    if M.rows != M.cols or sum(counts) != M.rows or min(counts, default=0) < 1:
        raise GameError(f"players of sizes {counts} need a square matrix of their sum: {M.shape}")
    x = sp.symbols(f"x_1:{M.rows + 1}", real=True)
    ends = accumulate(counts)
    blocks = [range(end - size, end) for end, size in zip(ends, counts, strict=True)]
    return Game(
        name,
        tuple(tuple(x[i] for i in block) for block in blocks),
        tuple(_loss(M, x, block) for block in blocks),
        parameters=tuple(sorted(M.free_symbols, key=str)),
        equilibrium={s: Integer(0) for s in x},
        source="Balduzzi et al. 2018",
    )


def _loss(M: Matrix, x: Sequence[Any], block: range) -> Any:
    own = M.extract(list(block), list(block))
    if own != own.T:
        raise GameError(f"the block {own} of one player is not symmetric, so no loss has it")
    pairs = ((i, j) for i in block for j in range(M.cols))
    return sp.Add(
        *(M[i, j] * x[i] * x[j] * (Rational(1, 2) if j in block else 1) for i, j in pairs)
    )


@game("four-player")
def four_player(epsilon: Any = WEAK) -> Game:
    r"""The weakly attracting four-player game: :math:`\epsilon I` plus an antisymmetric matrix.

    Args:
        epsilon: how strongly each player's own curvature attracts.

    Source: Balduzzi et al. 2018.

    >>> four_player(0).v
    (x_2 + x_3 + x_4, -x_1 + x_3 + x_4, -x_1 - x_2 + x_4, -x_1 - x_2 - x_3)
    """
    upper = sp.ones(4, 4).upper_triangular(1)
    return polymatrix(sp.eye(4) * epsilon + upper - upper.T, name="four-player")


@game("three-player-ring")
def three_player_ring(epsilon: Any = WEAK) -> Game:
    r"""Three players in a ring: :math:`\ell_i = \epsilon x_i^2/2 + x_i(x_{i+1} - x_{i-1})`.

    Without curvature the field turns about the diagonal, on which everything rests.

    Args:
        epsilon: each player's own curvature.

    >>> three_player_ring().v[0]
    x_1/100 + x_2 - x_3
    """
    turn = Matrix([[0, 1, -1], [-1, 0, 1], [1, -1, 0]])
    return polymatrix(sp.eye(3) * epsilon + turn, name="three-player-ring")


def conflicting_potentials() -> Game:
    r"""A potential game whose players' losses disagree: :math:`\ell_1 = x^2 + 3xy`, ...

    :math:`\ell_1 = x^2 + 3xy,\ \ell_2 = y^2 + 3xy`: each player alone descends, together they
    diverge along :math:`x = -y`, since :math:`v = \nabla(x^2 + y^2 + 3xy)` has a saddle: a
    differential Nash equilibrium that repels.

    >>> conflicting_potentials().J.eigenvals()
    {5: 1, -1: 1}
    """
    return polymatrix([[2, 3], [3, 2]], name="conflicting-potentials")
