r"""The simple ways in which roots lie on the unit circle while all others lie inside.

Cheaper than Miller's recursion, and enough wherever at most one root 1, or one root -1, or one
complex pair is critical: a root 1 leaves the quotient :math:`(g(z) - g(1))/(z - 1)`, which must
be Schur; and a Hurwitz polynomial loses exactly one simple imaginary pair where
:math:`\Delta_{n-1} = 0` and :math:`a_n, \Delta_1, \dots, \Delta_{n-2} > 0`.

Source: Liu 1994, "Criterion of Hopf bifurcations without using eigenvalues".
"""

from __future__ import annotations

from sympy import And, Or, false
from sympy.logic.boolalg import Boolean

from symgan.analysis.circle import schur_condition
from symgan.analysis.minors import leading_minors
from symgan.analysis.schur import (
    Cleared,
    Coefficients,
    bilinear,
    hurwitz_matrix,
    strictly_positive,
)
from symgan.analysis.signs import vanishes


def simple_crossing(polynomial: Cleared) -> Boolean:
    """The condition for one critical root, or one pair, that is simple, all others inside."""
    return Or(_real(polynomial, 1), _real(polynomial, -1), _pair(polynomial))


def _real(polynomial: Cleared, value: int) -> Boolean:
    """A root at 1 or -1: Horner's scheme gives the quotient and the remainder."""
    row: Coefficients = []
    total = polynomial.domain.zero
    for c in polynomial.entries:
        total = (total if value == 1 else -total) + c
        row.append(total)
    at_value = vanishes(polynomial.expression(row[-1]))
    if at_value is false:
        return at_value
    quotient = Cleared(row[:-1], polynomial.domain, polynomial.field)
    return And(at_value, schur_condition(quotient))


def _pair(polynomial: Cleared) -> Boolean:
    entries, K = polynomial.entries, polynomial.domain
    n = len(entries) - 1
    if n == 1:
        return Or()
    lead, H = entries[0], bilinear(entries, K)
    minors = leading_minors(hurwitz_matrix(H, K), K)
    strict = [lead * H[0], lead * H[n]]
    strict += [minors[k - 1] * lead ** (k % 2) for k in range(1, n - 1)]
    zero = vanishes(polynomial.expression(minors[n - 2]))
    return And(zero, *(strictly_positive(polynomial.expression(e)) for e in strict))
