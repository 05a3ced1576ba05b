r"""Degenerate minima with a one-dimensional kernel: the splitting lemma, carried out exactly.

Let F have a critical point at 0 with a positive semidefinite Hessian whose kernel is spanned by u.
In coordinates :math:`x = t u + w` the equation :math:`\partial_w F(t, w) = 0` has one smooth
solution :math:`w(t)`, and F is, up to a change of variables, :math:`g(t) + |w|^2/2` with
:math:`g(t) = F(t, w(t))`. So 0 is a strict local minimum exactly if it is one of g, which the
first term of its Taylor series decides. Lines through 0 would not do:
Peano's :math:`(y - x^2)(y - 3x^2)` has a minimum on each of them and none in the plane.

Source: Gromoll and Meyer 1969; Poston and Stewart, Catastrophe Theory, chapter 4.
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp
from sympy import Expr, Integer, Matrix, Symbol

from symgan.differentiation import diff

HIGHEST_ORDER = 8
Series = list[Expr]
"""Rational Taylor coefficients, from order 0 to the highest."""


def reduced_term(F: Expr, variables: Sequence[Symbol], H: Matrix) -> tuple[int, Expr] | None:
    r"""The first term :math:`(k, c)`, :math:`g(t) = c t^k + \dots`, of the reduced function.

    Args:
        F: a polynomial with rational coefficients and a critical point at 0.
        variables: its variables.
        H: its Hessian at 0, positive semidefinite.

    Returns:
        None where F is no such polynomial, the kernel is not one-dimensional, or g vanishes up
        to order 8.

    >>> x, y = sp.symbols("x y", real=True)
    >>> reduced_term((y - x**2)**2 - 2*x**6, (x, y), sp.diag(0, 2))
    (6, -2)
    """
    kernel = H.nullspace() if not H.free_symbols else []
    if len(kernel) != 1 or not F.is_polynomial(*variables):
        return None
    if any(not c.is_Rational for c in sp.Poly(F, *variables).coeffs()):
        return None
    (u,) = kernel
    place = next(i for i, entry in enumerate(u) if entry != 0)
    u = u / u[place]
    others = [i for i in range(len(variables)) if i != place]
    rest = H.extract(others, others)
    gradient = [sp.Poly(diff(F, variables[i]), *variables) for i in others]
    curve = [[Integer(0), entry] + [Integer(0)] * (HIGHEST_ORDER - 1) for entry in u]
    for order in range(2, HIGHEST_ORDER + 1):
        forces = Matrix([_along(g, curve)[order] for g in gradient])
        for i, c in zip(others, -rest.LUsolve(forces), strict=True):
            curve[i][order] = c
    terms = _along(sp.Poly(F, *variables), curve)
    return next(((k, c) for k, c in enumerate(terms) if k >= 2 and c != 0), None)


def _along(F: sp.Poly, curve: Sequence[Series]) -> Series:
    """The Taylor coefficients of a polynomial along a curve, up to the highest order."""
    total = [Integer(0)] * (HIGHEST_ORDER + 1)
    for powers, coefficient in F.terms():
        term = [coefficient] + [Integer(0)] * HIGHEST_ORDER
        for coordinate, power in zip(curve, powers, strict=True):
            for _ in range(power):
                term = _product(term, coordinate)
        total = [a + b for a, b in zip(total, term, strict=True)]
    return total


def _product(one: Series, other: Series) -> Series:
    found = [Integer(0)] * (HIGHEST_ORDER + 1)
    for i, left in enumerate(one):
        if left != 0:
            for j, right in enumerate(other[: HIGHEST_ORDER + 1 - i]):
                found[i + j] += left * right
    return found
