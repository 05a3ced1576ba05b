r"""Matrix games on the simplex: projected descent, softmax play, replicator flow.

Two players mix over n and m actions. The first minimizes :math:`p^\top A q`, the second
:math:`p^\top B q`; B is -A unless given. Three dynamics:

- *projected descent* in orthonormal coordinates y of the simplex around its center,
  :math:`p = \frac1n \mathbf 1 + U y`: inside the simplex, Euclidean projection of the gradient;
  coordinates know no border, so orbits that would leave are followed outside;
- *softmax*: descent in logits, the last one 0;
- *replicator*: :math:`\dot p_i = -p_i\,((Aq)_i - p^\top A q)`, no gradient of parameters but of
  the simplex's own metric.

In rock-paper-scissors none converges in continuous time from anywhere but the center: the
first turns in circles, replicator flow conserves :math:`\prod_i p_i q_i`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sympy as sp
from sympy import Expr, Integer, Matrix, Rational, Symbol

from symgan.catalog import game
from symgan.errors import GameError
from symgan.game import Game
from symgan.system import Flow

ROCK_PAPER_SCISSORS = Matrix([[0, 1, -1], [-1, 0, 1], [1, -1, 0]])
"""What the row player loses: rock to paper, paper to scissors, scissors to rock."""


@game("rock-paper-scissors")
def rock_paper_scissors() -> Game:
    r"""Rock-paper-scissors in orthonormal coordinates of the two simplices.

    :math:`U^\top A U` is :math:`\sqrt3` times a rotation by a right angle: a bilinear game.

    >>> rock_paper_scissors().v[:2]
    (sqrt(3)*y_2, -sqrt(3)*y_1)
    """
    return projected(ROCK_PAPER_SCISSORS, name="rock-paper-scissors")


def projected(A: Any, B: Any = None, *, name: str = "matrix-game") -> Game:
    r"""A matrix game in orthonormal coordinates around the centers of the simplices.

    Args:
        A: what the first player loses, (n, m).
        B: what the second player loses, (n, m); -A unless given.
        name: what the game is called.

    Raises:
        GameError: shapes differ, or a player has one action.

    >>> projected([[1, -1], [-1, 1]]).v
    (2*y_1, -2*x_1)
    """
    A, B = _payoffs(A, B)
    x, p = _centered("x", A.rows)
    y, q = _centered("y", A.cols)
    return _game(name, A, B, (x, p), (y, q))


def softmax_play(A: Any, B: Any = None, *, name: str = "softmax-game") -> Game:
    r"""A matrix game in logits: :math:`p_i = e^{x_i} / \sum_j e^{x_j}`, the last logit 0.

    Args:
        A: what the first player loses, (n, m).
        B: what the second player loses, (n, m); -A unless given.
        name: what the game is called.

    Raises:
        GameError: shapes differ, or a player has one action.

    >>> pennies = softmax_play([[1, -1], [-1, 1]])
    >>> pennies.J.subs(pennies.equilibrium)
    Matrix([
    [   0, 1/4],
    [-1/4,   0]])
    """
    A, B = _payoffs(A, B)
    return _game(name, A, B, _logits("x", A.rows), _logits("y", A.cols))


def replicator(A: Any, B: Any = None) -> Flow:
    r"""Replicator flow of two populations: :math:`\dot p_i = -p_i((Aq)_i - p^\top Aq)`.

    Args:
        A: what the first player loses, (n, m).
        B: what the second player loses, (n, m); -A unless given.

    Raises:
        GameError: shapes differ, or a player has one action.

    Source: Taylor and Jonker 1978; Hofbauer and Sigmund 1998.

    >>> flow = replicator(ROCK_PAPER_SCISSORS)
    >>> {sp.expand(f) for f in flow.jacobian().subs({s: sp.Rational(1, 3) for s in flow.state}
    ...     ) * sp.ones(6, 1)}
    {0}
    """
    A, B = _payoffs(A, B)
    p = Matrix(sp.symbols(f"p_1:{A.rows + 1}", positive=True))
    q = Matrix(sp.symbols(f"q_1:{A.cols + 1}", positive=True))
    rhs = (*_excess(p, A * q), *_excess(q, B.T * p))
    return Flow((*p, *q), rhs, parameters=_parameters(A, B))


def replicator_alone(A: Any) -> Flow:
    r"""Replicator flow of one population, :math:`\dot p_i = -p_i((Ap)_i - p^\top Ap)`.

    Args:
        A: what an action loses to another, (n, n).

    Raises:
        GameError: A is not square, or has one action.

    >>> replicator_alone(ROCK_PAPER_SCISSORS).rhs[0]
    -p_1*(p_2 - p_3)
    """
    A, _ = _payoffs(A, None)
    if A.rows != A.cols:
        raise GameError(f"a population plays itself: the matrix must be square, not {A.shape}")
    p = Matrix(sp.symbols(f"p_1:{A.rows + 1}", positive=True))
    return Flow(tuple(p), _excess(p, A * p), parameters=_parameters(A, A))


def interior_integral(state: Any) -> Expr:
    r""":math:`\prod_i p_i`, which replicator flow conserves in rock-paper-scissors.

    In a zero-sum game with an interior equilibrium of equal weights,
    :math:`\frac{d}{dt}\sum_i \ln p_i = -\sum_i (Aq)_i + n\,p^\top Aq`, whose sum over both
    players vanishes where all rows and columns of A sum to zero.

    Args:
        state: the symbols of the probabilities.

    >>> flow = replicator(ROCK_PAPER_SCISSORS)
    >>> V = interior_integral(flow.state)
    >>> on_simplex = {flow.state[2]: 1 - flow.state[0] - flow.state[1],
    ...     flow.state[5]: 1 - flow.state[3] - flow.state[4]}
    >>> change = sum(sp.diff(V, s) * f for s, f in zip(flow.state, flow.rhs))
    >>> sp.expand(change.subs(on_simplex))
    0
    """
    return sp.Mul(*state)


def _payoffs(A: Any, B: Any) -> tuple[Matrix, Matrix]:
    A = Matrix(A)
    B = -A if B is None else Matrix(B)
    if A.shape != B.shape:
        raise GameError(
            f"the players' matrices have shapes {A.shape} and {B.shape}; give one shape"
        )
    if min(A.shape) < 2:
        raise GameError(
            f"a matrix game of shape {A.shape} leaves a player no choice; give two actions"
        )
    return A, B


def _centered(name: str, n: int) -> tuple[tuple[Symbol, ...], Matrix]:
    """Coordinates, and the point of the simplex that they mean."""
    symbols = sp.symbols(f"{name}_1:{n}", real=True)
    columns = [
        Matrix([1] * k + [-k] + [0] * (n - k - 1)) / sp.sqrt(k * (k + 1)) for k in range(1, n)
    ]
    center = sp.ones(n, 1) * Rational(1, n)
    moves = (s * column for s, column in zip(symbols, columns, strict=True))
    return symbols, sum(moves, center)


def _logits(name: str, n: int) -> tuple[tuple[Symbol, ...], Matrix]:
    symbols = sp.symbols(f"{name}_1:{n}", real=True)
    weights = [*map(sp.exp, symbols), Integer(1)]
    return symbols, Matrix(weights) / sp.Add(*weights)


def _game(name: str, A: Matrix, B: Matrix, first: Any, second: Any) -> Game:
    (x, p), (y, q) = first, second
    losses = tuple((p.T * matrix * q)[0] for matrix in (A, B))
    if all(loss.is_polynomial(*x, *y) for loss in losses):
        losses = tuple(map(sp.expand, losses))
    center: dict[Any, Any] = {s: Integer(0) for s in (*x, *y)}
    source = "Hofbauer and Sigmund 1998"
    found = Game(name, (x, y), losses, parameters=_parameters(A, B), source=source)
    left = [sp.expand(v.subs(center, simultaneous=True)) for v in found.v]
    return replace(found, equilibrium=center) if all(v == 0 for v in left) else found


def _excess(p: Matrix, costs: Matrix) -> tuple[Expr, ...]:
    average = sp.expand((p.T * costs)[0])
    return tuple(-share * (cost - average) for share, cost in zip(p, costs, strict=True))


def _parameters(A: Matrix, B: Matrix) -> tuple[Symbol, ...]:
    return tuple(sorted(A.free_symbols | B.free_symbols, key=str))
