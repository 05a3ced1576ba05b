r"""Games that decouple along singular vectors, reduced to blocks of two.

**Hypothesis** (checked): two players with n and m parameters, an affine field, and the
Jacobian of the field

.. math:: J = \begin{pmatrix} p\,1_n & -B \\ B^\top & q\,1_m \end{pmatrix}.

With :math:`B = U \Sigma V^\top` the orthogonal change :math:`\theta \to U\theta, \psi \to V\psi`
turns the game into one game :math:`(p, \sigma, q)` with scalar players for each singular value
:math:`\sigma > 0`, and into single players with curvature p (q) for each left (right) null
vector. Every rule made of gradients, sums and scalar multiples commutes with such a change, so
its linearization is similar to the direct sum of those of the blocks. Only :math:`\sigma^2`
matters: B's singular values need not be computed, the characteristic polynomial of
:math:`B^\top B` answers, exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import Expr, Matrix, Poly, Symbol

from symgan.analysis.reduction import fixed_directions, modulo_tangent, parities
from symgan.analysis.step_bound import SECONDS, step_bound_of_matrix
from symgan.analysis.wholes import require_whole
from symgan.certify.identity import is_zero
from symgan.errors import GameError
from symgan.game import Game, zero_sum
from symgan.results_discrete import StepBound

Rule = Callable[..., Any]


@dataclass(frozen=True)
class Blocks:
    """How a game decouples.

    Attributes:
        game: the block, with one parameter a player and interaction `singular`.
        singular: the symbol of a singular value, positive.
        squares: (irreducible factor of the characteristic polynomial of the Gram matrix,
            in `square`; multiplicity), without the root 0; empty for symbolic interactions.
        square: the variable of these factors.
        rank: the rank of the interaction; None where it depends on parameters.
        kernels: dimensions of the left and the right null space; None likewise.
    """

    game: Game
    singular: Symbol
    squares: tuple[tuple[Poly, int], ...]
    square: Symbol
    rank: int | None
    kernels: tuple[int, int] | None


def blocks(game: Game) -> Blocks:
    """The blocks of a game that decouples along singular vectors.

    Raises:
        GameError: the hypothesis does not hold; the sentence says which part of it.

    >>> from symgan.games.quadratic import bilinear
    >>> found = blocks(bilinear(Matrix([[3, 0, 0], [0, 4, 0]])))
    >>> [factor.as_expr() for factor, _ in found.squares], found.kernels
    ([u - 16, u - 9], (0, 1))
    """
    require_whole(game, "blocks")
    n = _two_players(game)
    J = game.J.applyfunc(sp.expand)
    if J.free_symbols & set(game.state):
        raise GameError(
            f"the field of {game.name!r} is not affine, so it has no constant blocks; linearize it"
        )
    top, bottom = J[:n, :n], J[n:, n:]
    B = -J[:n, n:]
    _require(J[n:, :n] - B.T, "J_21 = -J_12^T (each player's gain is the other's loss)")
    p, q = top[0, 0], bottom[0, 0]
    _require(top - p * sp.eye(n), "the first player's Hessian is a multiple of 1")
    _require(bottom - q * sp.eye(J.rows - n), "the second player's Hessian is a multiple of 1")
    taken = {s.name for s in (*game.state, *game.parameters)}
    singular = Symbol(_new("sigma", taken), positive=True)
    square = Symbol("u")
    squares, rank = _gram(B, square)
    kernels = None if rank is None else (B.rows - rank, B.cols - rank)
    return Blocks(_block(game, p, q, singular), singular, squares, square, rank, kernels)


def singular_step_bound(
    rule: Rule, game: Game, symbol: Symbol, *, budget: float = SECONDS, **options: Any
) -> StepBound:
    r"""The stable steps of a rule on a whole game, from its blocks.

    For a rational interaction the answer is exact for the game as it stands: the
    intersection over its singular values, with null directions modulo the equilibria they
    span. For a symbolic one it is that of a block, a formula in the singular value
    ``sigma``, to be intersected over all of them.

    Args:
        rule: an update rule that is built from gradients; ``rule(game, symbol, **options)``.
        game: see `blocks`.
        symbol: the step.
        budget: seconds.
        **options: options of the rule.

    Raises:
        GameError: the game does not decouple, or see `step_bound`.

    >>> from symgan.games.quadratic import bilinear
    >>> from symgan.rules.alternating import alternating
    >>> eta = Symbol("eta", positive=True)
    >>> wide = bilinear(Matrix([[3, 0, 0], [0, 4, 0]]))
    >>> singular_step_bound(alternating, wide, eta).marginal
    Interval.open(0, 1/2)
    """
    require_whole(game, "singular_step_bound")
    found = blocks(game)
    system = rule(found.game, symbol, **options)
    if hasattr(system, "linearization"):
        system = system.linearization(dict.fromkeys(system.state, sp.Integer(0)))
    J = system.jacobian().applyfunc(sp.cancel)
    if found.rank is None:
        return step_bound_of_matrix(J, symbol, budget=budget)
    return step_bound_of_matrix(whole_matrix(found, J), symbol, budget=budget)


def whole_matrix(found: Blocks, J: Matrix) -> Matrix:
    """A matrix with the spectrum and the Jordan structure of the whole iteration.

    Repeated singular values stand once, and so do null vectors of a side; fixed directions
    of these are left out.

    Args:
        found: the blocks.
        J: the Jacobian of the rule on the block.

    Raises:
        GameError: the rule treats a change of sign of one player differently.
    """
    signs = parities(J, found.singular)
    if signs is None:
        raise GameError("this rule does not commute with rotations of a player's parameters")
    odd = [0 if s == signs[0] else 1 for s in signs]
    even = J.applyfunc(lambda e: e)
    for i in range(J.rows):
        for j in range(J.cols):
            even[i, j] = sp.cancel(J[i, j] * found.singular ** (odd[j] - odd[i]))
    parts = [_at_companion(even, found, factor) for factor, _ in found.squares]
    for side, size in enumerate(found.kernels or (0, 0)):
        rows = [i for i in range(J.rows) if odd[i] == side]
        if size:
            alone = J.extract(rows, rows).subs(found.singular, 0)
            rest = modulo_tangent(alone, fixed_directions(alone))
            parts += [rest] if rest.rows else []
    if not parts:
        raise GameError("every state is a fixed point of this map, so no step moves anything")
    return sp.diag(*parts)


def _at_companion(J: Matrix, found: Blocks, factor: Poly) -> Matrix:
    r"""The matrix with :math:`\sigma^2` replaced by a matrix whose eigenvalues are the squares."""
    C = _companion(factor)
    grid = [[_value_at(e, found.singular, C) for e in row] for row in J.tolist()]
    return (
        Matrix(sp.BlockMatrix(grid)) if C.rows > 1 else Matrix([[g[0, 0] for g in r] for r in grid])
    )


def _value_at(entry: Expr, singular: Symbol, C: Matrix) -> Matrix:
    top, bottom = (Poly(part, singular) for part in sp.fraction(sp.together(entry)))
    value = _polynomial_at(top, C)
    if bottom.degree() == 0:
        return (value / bottom.LC()).applyfunc(sp.cancel)
    return (value * _polynomial_at(bottom, C).inv()).applyfunc(sp.cancel)


def _polynomial_at(polynomial: Poly, C: Matrix) -> Matrix:
    total = sp.zeros(*C.shape)
    for (power,), coefficient in polynomial.terms():
        if power % 2:
            raise GameError("this rule does not commute with rotations of a player's parameters")
        total += coefficient * C ** (power // 2)
    return total


def _companion(factor: Poly) -> Matrix:
    a = factor.monic().all_coeffs()[1:]
    n = len(a)
    return Matrix(n, n, lambda i, j: -a[n - 1 - j] if i == n - 1 else int(j == i + 1))


def _two_players(game: Game) -> int:
    if len(game.players) != 2:
        raise GameError(f"{game.name!r} has {len(game.players)} players; singular vectors pair two")
    if game.time is not None or any(d != 0 for d in game.moving):
        raise GameError(f"{game.name!r} moves by itself; blocks need a game without drift")
    return len(game.players[0])


def _require(residual: Matrix, what: str) -> None:
    for entry in residual:
        if is_zero(entry).holds is not True:
            raise GameError(
                f"the game does not decouple along singular vectors: it needs that {what}"
            )


def _gram(B: Matrix, square: Symbol) -> tuple[tuple[tuple[Poly, int], ...], int | None]:
    if not all(e.is_Rational for e in B):
        return (), None
    small = B.T * B if B.cols <= B.rows else B * B.T
    characteristic = Poly(small.charpoly(square).as_expr(), square, domain="QQ")
    factors = [(f, m) for f, m in characteristic.factor_list()[1] if f.eval(0) != 0]
    return tuple(factors), sum(f.degree() * m for f, m in factors)


def _block(game: Game, p: Expr, q: Expr, singular: Symbol) -> Game:
    x, y = game.players[0][0], game.players[1][0]
    payoff = p * x**2 / 2 - singular * x * y - q * y**2 / 2
    return zero_sum(
        payoff,
        minimize=x,
        maximize=y,
        name=f"block of {game.name}",
        parameters=tuple(sorted(payoff.free_symbols - {x, y}, key=str)),
        equilibrium={x: sp.Integer(0), y: sp.Integer(0)},
        source=game.source,
    )


def _new(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name
