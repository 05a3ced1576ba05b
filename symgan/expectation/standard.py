"""Standard laws on the line, and the means under them that have a closed form."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Basic, Dummy, Expr, Integer

from symgan.differentiation import diff


class Standard(Basic):
    """A parameter-free symmetric law on the line: what an `Expectation` is taken over."""

    name = ""
    ends: tuple[Any, Any] = (-sp.oo, sp.oo)

    def moment(self, order: int) -> Expr:
        """The exact moment of this order."""
        raise NotImplementedError

    def density(self, z: Any) -> Expr:
        """The density at z, inside the ends."""
        raise NotImplementedError


class StandardNormal(Standard):
    """N(0, 1)."""

    name = "N(0, 1)"

    def moment(self, order: int) -> Expr:
        """0 for odd orders, (n - 1)!! for even ones."""
        return Integer(0) if order % 2 else sp.factorial2(order - 1)

    def density(self, z: Any) -> Expr:
        r""":math:`e^{-z^2/2} / \sqrt{2\pi}`."""
        return sp.exp(-(sp.sympify(z) ** 2) / 2) / sp.sqrt(2 * sp.pi)


class StandardUniform(Standard):
    """The uniform law on [-1, 1]."""

    name = "U(-1, 1)"
    ends = (Integer(-1), Integer(1))

    def moment(self, order: int) -> Expr:
        """0 for odd orders, 1/(n + 1) for even ones."""
        return Integer(0) if order % 2 else sp.Rational(1, order + 1)

    def density(self, z: Any) -> Expr:
        """1/2."""
        del z
        return sp.Rational(1, 2)


NORMAL, UNIFORM = StandardNormal(), StandardUniform()


def closed_form(rest: Any, z: Any, law: Standard) -> Any:
    """The mean of a product whose factors all hold z, where it is known."""
    parts: tuple[Any, Any] = rest.as_independent(sp.exp, as_Add=False)
    power, exponential = parts
    base, order = power.as_base_exp()
    whole = power == 1 or (base == z and order.is_Integer and order > 0)
    order = 0 if power == 1 else order
    if rest == power and whole:
        return law.moment(int(order))
    if rest.has(sp.DiracDelta):
        return _delta(rest, z, law)
    if rest.xreplace({z: -z}) == -rest and _is_tame(rest, z, law):
        return Integer(0)
    if law == NORMAL and whole and isinstance(exponential, sp.exp):
        return _exponential(exponential.args[0], z, int(order))
    return None


def _delta(rest: Any, z: Any, law: Standard) -> Any:
    r""":math:`E\,g(z)\,\delta(h(z)) = \sum_{h(z_i) = 0} g(z_i) p(z_i) / |h'(z_i)|`.

    For h a polynomial of rational numbers whose real roots are simple and off the law's ends.
    """
    deltas = [f for f in sp.Mul.make_args(rest) if isinstance(f, sp.DiracDelta)]
    others = rest / sp.Mul(*deltas)
    if len(deltas) != 1 or len(deltas[0].args) > 1 or others.has(sp.DiracDelta):
        return None
    inside = deltas[0].args[0]
    if inside.free_symbols != {z} or not all(c.is_Rational for c in _coefficients(inside, z)):
        return None
    roots, low, high = sp.real_roots(sp.Poly(inside, z)), *law.ends
    if len(set(roots)) < len(roots) or {low, high} & set(roots):
        return None
    weight = others * law.density(z) / sp.Abs(diff(inside, z))
    return sp.Add(*(weight.subs(z, r) for r in roots if low < r < high))


def _coefficients(expression: Any, z: Any) -> list[Any]:
    """The coefficients of a polynomial; of anything else, something that is not rational."""
    return sp.Poly(expression, z).all_coeffs() if expression.is_polynomial(z) else [sp.nan]


_POLES = (sp.tan, sp.cot, sp.sec, sp.csc, sp.coth, sp.csch, sp.atanh, sp.acoth, sp.gamma)
"""Functions that are infinite somewhere on the real line."""


def _is_tame(expression: Any, z: Any, law: Standard) -> bool:
    """Whether an odd integrand has a mean: 1/z, tan(2z) and, under N(0, 1), sinh(z^3) have none."""
    if expression.has(*_POLES):
        return False
    below = (p.base for p in expression.atoms(sp.Pow) if not p.exp.is_nonnegative)
    inside = (a.args[0] for a in expression.atoms(sp.log))
    if not all(e.is_positive for e in (*below, *inside)):
        return False
    growing = (a.args[0] for a in expression.atoms(sp.exp, sp.sinh, sp.cosh))
    return law == UNIFORM or all(_grows_linearly(e, z) for e in growing)


def _grows_linearly(exponent: Any, z: Any) -> bool:
    """Whether the exponential of it has a Gaussian mean for sure."""
    if not exponent.has(z):
        return True
    return bool(exponent.is_polynomial(z)) and sp.degree(exponent, z) <= 1


def _exponential(exponent: Any, z: Any, order: int) -> Any:
    r""":math:`E\,z^k e^{az + b} = e^b \partial_a^k e^{a^2/2}` under N(0, 1)."""
    a = diff(exponent, z)
    if a.has(z):
        return None
    slope = Dummy("a", real=True)
    mean = sp.diff(sp.exp(slope**2 / 2), slope, order).subs(slope, a)
    return sp.exp(exponent.subs(z, 0)) * mean
