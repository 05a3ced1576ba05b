"""Single steps of the case analysis for equilibria: factors, signs, roots."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp
from sympy import Expr, Poly, Symbol, exp
from sympy.logic.boolalg import Boolean

from symgan.analysis.signs import nonnegative, positive, sign
from symgan.differentiation import diff
from symgan.losses import GenericLoss

_HYPERBOLIC = (sp.sinh, sp.cosh, sp.tanh, sp.coth, sp.sech, sp.csch)


@dataclass(frozen=True)
class Assumed:
    """What the caller assumes not to vanish: expressions, or orders of a free loss."""

    nonzero: tuple[int | Expr, ...] = ()

    def holds(self, factor: Expr) -> bool:
        """Whether the factor is assumed not to vanish."""
        if isinstance(factor, GenericLoss) and factor.order in self.nonzero:
            return True
        return any(isinstance(e, Expr) and sp.expand(factor - e) == 0 for e in self.nonzero)


def numerator_factors(equation: Expr) -> list[Expr] | None:
    """The distinct factors of an equation's numerator; None where it vanishes identically.

    >>> x, y = sp.symbols("x y", real=True)
    >>> numerator_factors(y - y*sp.tanh(x)**2)
    [y, exp(2*x)]
    """
    expression = sp.sympify(equation)
    if expression.has(*_HYPERBOLIC):
        expression = expression.rewrite(_HYPERBOLIC, exp)
    top = sp.fraction(sp.factor(sp.together(expression)))[0]
    if top == 0:
        return None
    bases = (f.as_base_exp()[0] if not isinstance(f, exp) else f for f in sp.Mul.make_args(top))
    return [b for b in dict.fromkeys(bases) if not b.is_Rational] or [sp.Integer(1)]


def may_vanish(factor: Expr, assumed: Assumed) -> bool:
    """Whether nothing proves, or assumes, that a factor is never zero."""
    parts = (p.as_base_exp()[0] for p in sp.Mul.make_args(sp.factor(factor)))
    return any(
        sign(p) not in (1, -1) and p.is_zero is not False and not assumed.holds(p) for p in parts
    )


def solve_parameter(e: Expr) -> dict[Symbol, Expr]:
    """Solve ``e = 0`` for a parameter that occurs linearly with a numeric coefficient.

    Where none does, the equation stays a condition and nothing is substituted.
    """
    for symbol in sorted(e.free_symbols, key=str):
        slope = diff(e, symbol)
        if isinstance(symbol, Symbol) and slope.is_Rational and slope != 0:
            return {symbol: sp.expand(symbol - e / slope)}
    return {}


def univariate_roots(equation: Expr, x: Symbol) -> list[tuple[Expr, Boolean]] | None:
    """All real roots with their conditions, or None where no method applies.

    Quadratics with parameters, polynomials with rational coefficients, and polynomials of
    degree one in ``exp(c*x)``.
    """
    if equation.is_polynomial(x):
        return _polynomial_roots(Poly(equation, x))
    exponentials = {e for e in equation.atoms(exp) if x in e.free_symbols}
    if len(exponentials) != 1:
        return None
    (e,) = exponentials
    u = sp.Dummy("u", positive=True)
    inner, outer = e.args[0], equation.xreplace({e: u})
    rate = diff(inner, x)
    if x in outer.free_symbols or rate.free_symbols or rate == 0 or not outer.is_polynomial(u):
        return None
    roots = _polynomial_roots(Poly(outer, u))
    if roots is None:
        return None
    offset = inner.subs(x, 0)
    return [
        (sp.expand((sp.log(r) - offset) / rate), sp.And(condition, positive(r)))
        for r, condition in roots
        if positive(r) is not sp.false
    ]


def _polynomial_roots(polynomial: Poly) -> list[tuple[Expr, Boolean]] | None:
    coefficients = polynomial.all_coeffs()
    if all(c.is_Rational for c in coefficients):
        return [(r, sp.true) for r in dict.fromkeys(sp.real_roots(polynomial))]
    if polynomial.degree() == 1 and sign(coefficients[0]):
        return [(-coefficients[1] / coefficients[0], sp.true)]
    if polynomial.degree() == 2 and sign(coefficients[0]):
        a, b, c = coefficients
        discriminant = sp.factor(b**2 - 4 * a * c)
        condition = nonnegative(discriminant)
        if condition is sp.false:
            return []
        root = sp.sqrt(discriminant)
        return [((-b - root) / (2 * a), condition), ((-b + root) / (2 * a), condition)]
    return None
