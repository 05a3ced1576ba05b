r"""Definiteness of symmetric matrices as exact conditions on their entries."""

from __future__ import annotations

import sympy as sp
from sympy import And, Matrix
from sympy.logic.boolalg import Boolean
from sympy.polys.matrices import DomainMatrix

from symgan.analysis.conditions import tidy
from symgan.analysis.field import build_field
from symgan.analysis.minors import leading_minors
from symgan.analysis.signs import nonnegative, positive
from symgan.certify.identity import is_zero
from symgan.errors import GameError


def positive_definite(H: Matrix) -> Boolean:
    r"""The condition :math:`H > 0`: all leading principal minors are positive (Sylvester).

    Args:
        H: symmetric, shape (n, n), entries real.

    Raises:
        GameError: H is not symmetric.

    >>> a, b = sp.symbols("a b", real=True)
    >>> positive_definite(Matrix([[a, b], [b, 1]]))
    (a > 0) & (a - b**2 > 0)
    """
    require_symmetric(H)
    if H.rows == 0:
        return sp.true
    field = build_field(H)
    rows = [[field.element(e) for e in row] for row in H.tolist()]
    minors = leading_minors(rows, field.domain)
    return tidy(And(*(positive(field.expression(minor)) for minor in minors)))


def positive_semidefinite(H: Matrix) -> Boolean:
    r"""The condition :math:`H \ge 0`: no eigenvalue is negative.

    All roots of :math:`\det(sI - H) = s^n - e_1 s^{n-1} + e_2 s^{n-2} - \dots` are real, so none
    is negative exactly if every :math:`e_k \ge 0` (Descartes). Leading minors would not do.

    Args:
        H: symmetric, shape (n, n), entries real.

    Raises:
        GameError: H is not symmetric.

    >>> a = sp.Symbol("a", real=True)
    >>> positive_semidefinite(Matrix([[0, a], [a, 1]]))
    Eq(a, 0)
    """
    require_symmetric(H)
    if H.rows == 0:
        return sp.true
    field = build_field(H)
    rows = [[field.element(e) for e in row] for row in H.tolist()]
    coefficients = DomainMatrix(rows, H.shape, field.domain).charpoly()[1:]
    sums = (field.expression(c) * (-1) ** k for k, c in enumerate(coefficients, 1))
    return tidy(And(*(nonnegative(e) for e in sums)))


def require_symmetric(H: Matrix) -> None:
    """Refuse a matrix that is not symmetric, entry by entry and exactly.

    Raises:
        GameError: names the entry.
    """
    if H.rows != H.cols:
        raise GameError(f"a symmetric matrix is square, not of shape {H.shape}")
    for i in range(H.rows):
        for j in range(i):
            if H[i, j] != H[j, i] and is_zero(H[i, j] - H[j, i]).holds is not True:
                raise GameError(
                    f"entries ({i}, {j}) and ({j}, {i}) of the matrix are {H[i, j]} and {H[j, i]}; "
                    "give a symmetric matrix"
                )
