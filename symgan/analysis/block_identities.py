r"""The key lemma for symbolic blocks of a given size: polynomial identities that prove it.

All statements are about symbolic Q (n x n), P (n x m), :math:`\gamma`, :math:`\epsilon` and
:math:`\lambda`; :math:`G = P^\top P`, and inverses are cleared by determinants, so that every
identity is one of polynomials with integer coefficients, decided by expanding.

From them the lemma follows without another calculation. *Dissipation*:
:math:`\mathrm{Re}\,z^* M z = -u^* Q_s u`, so no eigenvalue has positive real part if
:math:`Q_s \ge 0`, and on the axis :math:`Q_s u = 0`. *Observability*: from :math:`Mz = \lambda z`
and :math:`u = 0` follows :math:`\det(G) z = 0`; if :math:`\det G \ne 0` nothing is on the axis.
*Gram*: :math:`\det G` is a sum of squares of the maximal minors of P, so it is positive
exactly for full column rank. *Kernel*: a w with :math:`Pw = 0` gives :math:`M(0, w) = 0`.
*Lyapunov* and *Schur*: the strict Lyapunov function and its exact range. *Similarity*: the
regularized form is the unregularized one with :math:`Q + 2\gamma PP^\top`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import sympy as sp
from sympy import ImmutableMatrix, Matrix
from sympy.polys.matrices import DomainMatrix

from symgan.analysis.block_jacobian import block_matrix, shear
from symgan.errors import GameError

LARGEST = 3


@dataclass(frozen=True)
class BlockIdentity:
    """An identity between matrices of polynomials.

    Attributes:
        name: dissipation, observability, gram, kernel, lyapunov, schur, similarity, center.
        left, right: both sides, as stated (not expanded).
        holds: whether all entries of the difference expand to the zero polynomial.
    """

    name: str
    left: ImmutableMatrix
    right: ImmutableMatrix
    holds: bool


@dataclass(frozen=True)
class Blocks:
    """Symbolic blocks: Q symmetric or not, P, gamma, epsilon and an eigenvalue."""

    Q: Matrix
    P: Matrix
    gamma: sp.Symbol
    epsilon: sp.Symbol
    eigenvalue: sp.Symbol


def key_identities(n: int, m: int, *, symmetric: bool = False) -> tuple[BlockIdentity, ...]:
    r"""The identities of the module for n discriminator and m generator parameters.

    Args:
        n, m: sizes, 1 to 3, :math:`m \le n` (else P has no full column rank).
        symmetric: take Q symmetric.

    Raises:
        GameError: other sizes.

    >>> [(e.name, e.holds) for e in key_identities(1, 1)][:3]
    [('dissipation', True), ('observability', True), ('gram', True)]
    """
    if not 1 <= m <= n <= LARGEST:
        raise GameError(
            f"block identities are expanded for 1 <= m <= n <= {LARGEST}, not n = {n}, m = {m}"
        )
    return tuple(
        BlockIdentity(name, ImmutableMatrix(left), ImmutableMatrix(right), equal(left, right))
        for name, left, right in statements(symbolic_blocks(n, m, symmetric=symmetric))
    )


def symbolic_blocks(n: int, m: int, *, symmetric: bool = False) -> Blocks:
    """Blocks whose entries are real symbols q_ij, p_ij."""
    Q = Matrix(n, n, lambda i, j: sp.Symbol(_entry("q", i, j, symmetric), real=True))
    P = Matrix(n, m, lambda i, j: sp.Symbol(_entry("p", i, j, False), real=True))
    gamma, epsilon = sp.symbols("gamma epsilon", real=True)
    return Blocks(Q, P, gamma, epsilon, sp.Symbol("lambda"))


def statements(b: Blocks) -> Iterator[tuple[str, Matrix, Matrix]]:
    """Name, left and right side of every identity."""
    n, m = b.P.shape
    M, G = block_matrix(b.Q, b.P), b.P.T * b.P
    yield "dissipation", M + M.T, sp.diag(-b.Q - b.Q.T, sp.zeros(m, m))
    yield "observability", *_observability(b, M, G)
    yield "gram", Matrix([[_determinant(G)]]), Matrix([[_minor_squares(b.P)]])
    cokernel = Matrix.vstack(sp.zeros(n, m), sp.eye(m))
    yield "kernel", M * cokernel, Matrix.vstack(b.P, sp.zeros(m, m))
    yield "lyapunov", *_lyapunov(b, M, G)
    yield "schur", *_schur(b, G)
    regular, T = block_matrix(b.Q, b.P, b.gamma), shear(b.P, b.gamma)
    plain = block_matrix(b.Q + 2 * b.gamma * b.P * b.P.T, b.P)
    yield "similarity", T * regular, plain * T
    yield "center", *_center(b, G)


def equal(left: Matrix, right: Matrix) -> bool:
    """Whether two matrices of polynomials agree, by expanding the difference."""
    difference = left - right
    symbols = sorted(difference.free_symbols, key=str)
    if not symbols:
        return difference == sp.zeros(*difference.shape)
    ring = sp.ZZ[tuple(symbols)]
    return all(ring.from_sympy(e) == 0 for e in difference)


def _entry(letter: str, i: int, j: int, symmetric: bool) -> str:
    i, j = (min(i, j), max(i, j)) if symmetric else (i, j)
    return f"{letter}_{i + 1}{j + 1}"


def _observability(b: Blocks, M: Matrix, G: Matrix) -> tuple[Matrix, Matrix]:
    r"""A left inverse, up to :math:`\det G`, of the rows :math:`M - \lambda I` and :math:`u`."""
    n, m = b.P.shape
    rows = Matrix.vstack(M - b.eigenvalue * sp.eye(n + m), Matrix.hstack(sp.eye(n), sp.zeros(n, m)))
    solve = _adjugate(G) * b.P.T
    determinant = _determinant(G)
    left = Matrix.vstack(
        Matrix.hstack(sp.zeros(n, n + m), determinant * sp.eye(n)),
        Matrix.hstack(solve, sp.zeros(m, m), solve * (b.Q + b.eigenvalue * sp.eye(n))),
    )
    return left * rows, determinant * sp.eye(n + m)


def _lyapunov(b: Blocks, M: Matrix, G: Matrix) -> tuple[Matrix, Matrix]:
    r"""S M + M^T S = -R for the S with cross term :math:`-\epsilon P`."""
    n, m = b.P.shape
    S = Matrix.vstack(
        Matrix.hstack(sp.eye(n), -b.epsilon * b.P),
        Matrix.hstack(-b.epsilon * b.P.T, sp.eye(m)),
    )
    return S * M + M.T * S, -_decrease(b, G)


def _decrease(b: Blocks, G: Matrix) -> Matrix:
    """R of the module `block_jacobian`."""
    cross = -b.epsilon * b.Q.T * b.P
    return Matrix.vstack(
        Matrix.hstack(b.Q + b.Q.T - 2 * b.epsilon * b.P * b.P.T, cross),
        Matrix.hstack(cross.T, 2 * b.epsilon * G),
    )


def _schur(b: Blocks, G: Matrix) -> tuple[Matrix, Matrix]:
    r"""R is congruent to its Schur complement beside :math:`2\epsilon G`, up to :math:`2\det G`.

    With :math:`W = (2\det G)\,I` below :math:`\mathrm{adj}(G)P^\top Q` the complement is
    :math:`Q + Q^\top - 2\epsilon X`, X as in `epsilon_bound`.
    """
    n, m = b.P.shape
    twice = 2 * _determinant(G)
    pull = _adjugate(G) * b.P.T * b.Q
    W = Matrix.vstack(
        Matrix.hstack(twice * sp.eye(n), sp.zeros(n, m)),
        Matrix.hstack(pull, twice * sp.eye(m)),
    )
    taken = b.Q.T * b.P * pull  # det(G) Q^T Pi Q
    complement = twice**2 * (b.Q + b.Q.T - 2 * b.epsilon * b.P * b.P.T) - twice * b.epsilon * taken
    right = sp.diag(complement, twice**2 * 2 * b.epsilon * G)
    return W.T * _decrease(b, G) * W, right


def _center(b: Blocks, G: Matrix) -> tuple[Matrix, Matrix]:
    r"""Without curvature, :math:`\det(\lambda I - M) = \lambda^{n-m}\det(\lambda^2 I + G)`."""
    n, m = b.P.shape
    s = b.eigenvalue
    left = _determinant(s * sp.eye(n + m) - block_matrix(sp.zeros(n, n), b.P))
    return Matrix([[left]]), Matrix([[s ** (n - m) * _determinant(s**2 * sp.eye(m) + G)]])


def _minor_squares(P: Matrix) -> sp.Expr:
    rows = combinations(range(P.rows), P.cols)
    return sp.Add(*(_determinant(P.extract(list(r), list(range(P.cols)))) ** 2 for r in rows))


def _determinant(matrix: Matrix) -> sp.Expr:
    """By expansion over the ring of polynomials: no division, no branching on zeros."""
    exact = DomainMatrix.from_Matrix(matrix)
    return exact.domain.to_sympy(exact.charpoly()[-1]) * (-1) ** matrix.rows


def _adjugate(matrix: Matrix) -> Matrix:
    """The transposed matrix of cofactors."""
    n = matrix.rows
    if n == 1:
        return sp.eye(1)

    def cofactor(i: int, j: int) -> sp.Expr:
        minor = matrix.copy()
        minor.row_del(j)
        minor.col_del(i)
        return (-1) ** (i + j) * _determinant(minor)

    return Matrix(n, n, cofactor)
