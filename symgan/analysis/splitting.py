r"""Degenerate minima with a one-dimensional kernel: the splitting lemma, carried out exactly.

Let F have a critical point at 0 with a positive semidefinite Hessian whose kernel is spanned by u.
In coordinates :math:`x = t u + w` the equation :math:`\partial_w F(t, w) = 0` has one smooth solution
:math:`w(t)`, and F is, up to a change of variables, :math:`g(t) + |w|^2/2` with
:math:`g(t) = F(t, w(t))`. So 0 is a strict local minimum exactly if it is one of g, which the first
term of its Taylor series decides. The restriction of F to the line :math:`w = 0` would not do:
:math:`(y - x^2)^2 - 2x^4` has a minimum on every line through 0 and none in the plane.

Source: Gromoll and Meyer 1969; Poston and Stewart, Catastrophe Theory, chapter 4.
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp
from sympy import Dummy, Expr, Integer, Matrix, Symbol

HIGHEST_ORDER = 8


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
    t = Dummy("t", real=True)
    rest = H.extract(others, others)
    gradient = [sp.diff(F, variables[i]) for i in others]
    w = [Integer(0)] * len(others)
    for order in range(2, HIGHEST_ORDER + 1):
        at = _curve(variables, u, others, w, t)
        forces = Matrix([_coefficient(g, at, t, order) for g in gradient])
        step = -rest.LUsolve(forces)
        w = [value + c * t**order for value, c in zip(w, step, strict=True)]
    at = _curve(variables, u, others, w, t)
    terms = ((k, _coefficient(F, at, t, k)) for k in range(2, HIGHEST_ORDER + 1))
    return next(((k, c) for k, c in terms if c != 0), None)


def _curve(
    variables: Sequence[Symbol], u: Matrix, others: list[int], w: list[Expr], t: Symbol
) -> dict[Symbol, Expr]:
    """The point t u + w(t) of the curve found so far."""
    added = dict(zip(others, w, strict=True))
    return {s: t * u[i] + added.get(i, Integer(0)) for i, s in enumerate(variables)}


def _coefficient(F: Expr, at: dict[Symbol, Expr], t: Symbol, order: int) -> Expr:
    """The coefficient of a power of t in F along a curve."""
    return sp.Poly(F.subs(at, simultaneous=True), t).coeff_monomial(t**order)
