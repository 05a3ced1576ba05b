r"""Expectations that stay expectations: means under a standard law, exact where they can be.

A mean of a polynomial is a combination of moments; a mean of an exponential of a Gaussian has
a closed form. Everything else stays an unevaluated `Expectation`, whose derivatives are
expectations again:

.. math:: \partial_p\, E_z[g(z, p)] = E_z[\partial_p g(z, p)],

so fields and Jacobians keep them, and collapse to exact values where parameters make the
integrand a polynomial, as at an equilibrium with discriminator 0. Nothing is sampled.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import mpmath
import sympy as sp
from sympy import Basic, Dummy, Expr, Integer, Symbol
from sympy.integrals.quadrature import gauss_hermite, gauss_legendre

from symgan.errors import GameError


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


class Expectation(Expr):
    r"""An unevaluated :math:`E_z[g(z)]` under a standard law; evaluates where it can.

    Sums are split, factors free of z come out, polynomials in z become moments, odd integrands
    vanish, and :math:`E\,z^k e^{az} = \partial_a^k e^{a^2/2}` under N(0, 1). The bound variable
    is renamed, so that equal expectations are equal expressions.

    >>> z, w = sp.symbols("z w", real=True)
    >>> Expectation(w*z**2 + z, z, UNIFORM)
    w/3
    >>> Expectation(sp.tanh(w*z**2), z, UNIFORM).diff(w).subs(w, 0)
    1/3
    """

    is_commutative = True

    def __new__(cls, body: Any, variable: Symbol, law: Standard) -> Any:
        """The mean of the body over the variable."""
        body = sp.sympify(body)
        depth = 1 + max((e.depth for e in body.atoms(cls)), default=0)
        z = _bound(depth)
        body = _expanded(body.xreplace({variable: z}))
        terms = sp.Add.make_args(body)
        if len(terms) > 1:
            return sp.Add(*(cls(term, z, law) for term in terms))
        factor, rest = body.as_independent(z, as_Add=False)
        known = _closed(rest, z, law)
        if known is not None:
            return factor * known
        if factor == 1:
            return super().__new__(cls, rest, z, law)
        return factor * cls(rest, z, law)

    @property
    def body(self) -> Expr:
        """The integrand, in the bound variable."""
        return self.args[0]

    @property
    def variable(self) -> Any:
        """The bound variable."""
        return self.args[1]

    @property
    def law(self) -> Any:
        """The law of the bound variable."""
        return self.args[2]

    @property
    def depth(self) -> int:
        """How many expectations are nested, this one included."""
        inner = (e.depth for e in self.body.atoms(Expectation))
        return 1 + max(inner, default=0)

    @property
    def free_symbols(self) -> set[Any]:
        """The symbols but the bound one."""
        return self.body.free_symbols - {self.variable}

    @property
    def bound_symbols(self) -> list[Any]:
        """The variable that is integrated over."""
        return [self.variable]

    @property
    def is_number(self) -> bool:
        """Whether no symbol is left but the bound one."""
        return not self.free_symbols

    def _eval_derivative(self, s: Any) -> Any:
        return type(self)(sp.diff(self.body, s), self.variable, self.law)

    def _eval_is_extended_real(self) -> Any:
        return self.body.is_extended_real

    def _eval_is_finite(self) -> Any:
        return True if self.body.is_extended_real else None

    def _eval_is_nonnegative(self) -> Any:
        return True if self.body.is_nonnegative else None

    def _eval_is_positive(self) -> Any:
        return True if self.body.is_positive else None

    def _eval_evalf(self, prec: int) -> Any:
        if self.free_symbols:
            return None
        with mpmath.workprec(prec + 32):
            low, high = (mpmath.mpf(end) for end in self.law.ends)
            value = mpmath.quad(self._integrand(prec + 32), [low, 0, high])
        return sp.Float(value, precision=prec)

    def _integrand(self, prec: int) -> Any:
        """The integrand times the density, as a function of an mpf."""
        weighted = self.body * self.law.density(self.variable)
        if not self.body.has(Expectation):
            return sp.lambdify(self.variable, weighted, "mpmath")
        digits = int(prec / 3.3)
        return lambda t: weighted.xreplace({self.variable: sp.Float(t, digits)}).evalf(digits)

    def _sympystr(self, printer: Any) -> str:
        return f"E[{printer.doprint(self.body)}; {self.variable.name} ~ {self.law.name}]"

    def _latex(self, printer: Any, exp: Any = None) -> str:
        name = printer.doprint(self.variable)
        body = rf"\mathbb{{E}}_{{{name}}}\left[{printer.doprint(self.body)}\right]"
        return body if exp is None else rf"\left({body}\right)^{{{exp}}}"

    def _refuse(self, printer: Any, **options: Any) -> str:
        raise GameError(
            f"no generated code knows the expectation {self}; put a finite sum in its place with "
            "symgan.expectation.discretized(game, nodes)"
        )

    _pythoncode = _numpycode = _mpmathcode = _scipycode = _refuse


def _bound(depth: int) -> Dummy:
    """The bound variable at a depth: always the same, and no one else's."""
    name = "z" if depth == 1 else f"z_{depth}"
    return Dummy(name, dummy_index=7_000_000 + depth, real=True)


def _expanded(body: Any) -> Any:
    """A sum of products, denominators left alone."""
    if body.is_Add:
        return sp.Add(*map(_expanded, body.args))
    factors = sp.Mul.make_args(body)
    below = [f for f in factors if f.is_Pow and f.exp.is_negative]
    above = sp.Mul(*(f for f in factors if f not in below))
    opened = above.expand(deep=False, power_base=False, power_exp=False, log=False, basic=False)
    return sp.Add(*(sp.Mul(term, *below) for term in sp.Add.make_args(opened)))


def _closed(rest: Any, z: Any, law: Standard) -> Any:
    """The mean of a product whose factors all hold z, where it is known."""
    power, exponential = (sp.sympify(f) for f in rest.as_independent(sp.exp, as_Add=False))
    base, order = power.as_base_exp()
    whole = power == 1 or (base == z and order.is_Integer and order > 0)
    order = 0 if power == 1 else order
    if exponential == 1 and whole:
        return law.moment(int(order))
    if rest.xreplace({z: -z}) == -rest and _is_tame(rest):
        return Integer(0)
    if law == NORMAL and whole and isinstance(exponential, sp.exp):
        return _exponential(exponential.args[0], z, int(order))
    return None


def _is_tame(expression: Any) -> bool:
    """Whether no division or logarithm can make it infinite: 1/z is odd and has no mean."""
    below = (p.base for p in expression.atoms(sp.Pow) if not p.exp.is_nonnegative)
    inside = (a.args[0] for a in expression.atoms(sp.log))
    return all(e.is_positive for e in (*below, *inside))


def _exponential(exponent: Any, z: Any, order: int) -> Any:
    r""":math:`E\,z^k e^{az + b} = e^b \partial_a^k e^{a^2/2}` under N(0, 1)."""
    a = sp.diff(exponent, z)
    if a.has(z):
        return None
    slope = Dummy("a", real=True)
    mean = sp.diff(sp.exp(slope**2 / 2), slope, order).subs(slope, a)
    return sp.exp(exponent.subs(z, 0)) * mean


def discretized(system: Any, nodes: int, *, digits: int = 25) -> Any:
    r"""The same with finite sums for expectations: Gauss rules, exact to degree 2n - 1.

    Args:
        system: an expression or a `Game`. The sums are floating-point numbers: this is for
            simulation, never for exact results.
        nodes: n, the number of nodes.
        digits: digits of nodes and weights.

    >>> z, w = sp.symbols("z w", real=True)
    >>> mean = Expectation(sp.cos(w*z), z, UNIFORM)
    >>> abs(discretized(mean, 8).subs(w, 1) - sp.sin(1)) < 1e-15
    True
    """
    if isinstance(system, Expr):
        return _summed(system, nodes, digits)
    losses = tuple(_summed(loss, nodes, digits) for loss in system.losses)
    return replace(system, losses=losses)


def _summed(expression: Any, nodes: int, digits: int) -> Any:
    while found := expression.atoms(Expectation):
        inner = {e: _gauss(e, nodes, digits) for e in found if e.depth == 1}
        expression = expression.xreplace(inner)
    return expression


def _gauss(e: Expectation, nodes: int, digits: int) -> Any:
    normal = e.law == NORMAL
    places, weights = (gauss_hermite if normal else gauss_legendre)(nodes, digits)
    stretch, scale = (sp.sqrt(2), 1 / sp.sqrt(sp.pi)) if normal else (1, sp.Rational(1, 2))
    places = [(stretch * x).evalf(digits) for x in places]
    terms = (w * e.body.xreplace({e.variable: x}) for x, w in zip(places, weights, strict=True))
    return sp.N(scale, digits) * sp.Add(*terms)
