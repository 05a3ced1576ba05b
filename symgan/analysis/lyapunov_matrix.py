r"""Quadratic Lyapunov functions of linear flows, and unobservable subspaces, over the rationals."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp
from sympy import ImmutableMatrix, Matrix
from sympy.polys.matrices import DomainMatrix

from symgan.analysis.minors import leading_minors
from symgan.errors import GameError, Undecided


@dataclass(frozen=True)
class Quadratic:
    r"""A strict quadratic Lyapunov function :math:`V = z^\top S z` of :math:`z' = Mz`.

    Attributes:
        S: symmetric, positive definite.
        R: :math:`-(SM + M^\top S)`, positive definite, so that :math:`V' = -z^\top R z`.
        minors_S: leading principal minors of S, all positive.
        minors_R: those of R.
    """

    S: ImmutableMatrix
    R: ImmutableMatrix
    minors_S: tuple[sp.Rational, ...]
    minors_R: tuple[sp.Rational, ...]


def check_quadratic(M: Matrix, S: Matrix) -> Quadratic:
    """The certificate that S is a strict Lyapunov matrix of M, over the rationals.

    Raises:
        Undecided: S is none; names the minor that is not positive.
        GameError: S is not symmetric.

    >>> check_quadratic(Matrix([[-1, 1], [-1, 0]]), Matrix([[3, -1], [-1, 2]])).minors_R
    (4, 4)
    """
    if S != S.T:
        raise GameError("a Lyapunov matrix is symmetric")
    R = -(S * M + M.T * S)
    found = tuple(_minors(matrix) for matrix in (S, R))
    for name, minors in zip("SR", found, strict=True):
        wrong = next((k for k, minor in enumerate(minors, 1) if minor <= 0), None)
        if wrong is not None:
            raise Undecided(
                f"the matrix is no strict Lyapunov matrix: leading minor {wrong} of {name} is "
                f"{minors[wrong - 1]}"
            )
    return Quadratic(ImmutableMatrix(S), ImmutableMatrix(R), *found)


def solve_quadratic(M: Matrix) -> Matrix:
    r"""The solution of :math:`SM + M^\top S = -I`, exactly; unique for a Hurwitz matrix.

    Raises:
        GameError: two eigenvalues of M add up to zero, so that there is no unique solution.

    >>> solve_quadratic(Matrix([[-1]]))
    Matrix([[1/2]])
    """
    n = M.rows
    places = [(i, j) for i in range(n) for j in range(i, n)]
    number = {place: k for k, place in enumerate(places)}
    rows = []
    for i, j in places:
        row = [sp.Integer(0)] * len(places)
        for k in range(n):  # (S M)_ij + (S M)_ji
            row[number[min(i, k), max(i, k)]] += M[k, j]
            row[number[min(j, k), max(j, k)]] += M[k, i]
        rows.append(row)
    right = [[sp.Integer(-1 if i == j else 0)] for i, j in places]
    system = DomainMatrix.from_Matrix(Matrix(rows)).to_field()
    side = DomainMatrix.from_Matrix(Matrix(right)).convert_to(system.domain)
    if system.rank() < len(places):
        raise GameError("two eigenvalues add up to zero, so the Lyapunov equation has no solution")
    values = system.lu_solve(side).to_Matrix()
    return Matrix(n, n, lambda i, j: values[number[min(i, j), max(i, j)]])


def unobservable(C: Matrix, K: Matrix) -> list[Matrix]:
    r"""A basis of the largest K-invariant subspace of :math:`\ker C`.

    It is the intersection of the kernels of :math:`C, CK, \dots, CK^{n-1}`. Where K is skew it
    carries those eigenvalues of :math:`K - C^\top C` that lie on the imaginary axis.

    Args:
        C: shape (k, n), rational.
        K: shape (n, n), rational.

    >>> unobservable(Matrix([[1, 0, 0]]), Matrix([[0, 1, 0], [-1, 0, 0], [0, 0, 0]]))
    [Matrix([
    [0],
    [0],
    [1]])]
    """
    row, rows = DomainMatrix.from_Matrix(C).convert_to(sp.QQ), []
    step = DomainMatrix.from_Matrix(K).convert_to(sp.QQ)
    rank = -1
    while True:
        rows.append(row)
        stacked = rows[0].vstack(*rows[1:]) if len(rows) > 1 else rows[0]
        found = stacked.rank()
        if found == rank:  # the rank has settled, so it stays (Cayley-Hamilton)
            break
        rank, row = found, row * step
    basis = stacked.nullspace().to_Matrix()
    return [basis[i, :].T for i in range(basis.rows)]


def _minors(matrix: Matrix) -> tuple[sp.Rational, ...]:
    exact = DomainMatrix.from_Matrix(matrix).convert_to(sp.QQ)
    minors = leading_minors(exact.to_dense().to_list(), sp.QQ)
    return tuple(sp.QQ.to_sympy(minor) for minor in minors)
