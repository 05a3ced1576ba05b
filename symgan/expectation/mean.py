r"""The unevaluated expectation."""

from __future__ import annotations

from itertools import combinations, count
from typing import Any

import mpmath
import sympy as sp
from sympy import Dummy, Expr, Integer, Symbol
from sympy.core.cache import cacheit

from symgan.differentiation import diff
from symgan.errors import GameError
from symgan.expectation.standard import UNIFORM, Standard, closed_form

_ELEMENTARY = (
    *(sp.exp, sp.log, sp.tanh, sp.sinh, sp.cosh, sp.sin, sp.cos, sp.atan),
    *(sp.Abs, sp.sign, sp.Min, sp.Max, sp.Heaviside),
)
"""Functions whose means quadrature gives, between the kinks of the last ones."""


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

    depth: int  # how many expectations are nested, this one included
    _free: frozenset[Any]

    def __new__(cls, body: Any, variable: Symbol, law: Standard) -> Any:
        """The mean of the body over the variable."""
        return _mean(sp.sympify(body), variable, law)

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
    def free_symbols(self) -> set[Any]:
        """The symbols but the bound one."""
        return set(self._free)

    @property
    def bound_symbols(self) -> list[Any]:
        """The variable that is integrated over."""
        return [self.variable]

    @property
    def is_number(self) -> bool:
        """Whether it has a value: no symbol is left but the bound one, no free loss.

        Distributions (a hinge differentiated twice) have means that quadrature does not see;
        nested expectations are left alone, as their quadrature takes minutes.
        """
        return (
            not self._free
            and self.depth == 1
            and all(isinstance(f, _ELEMENTARY) for f in self.body.atoms(sp.Function, sp.Derivative))
        )

    def _eval_derivative(self, s: Any) -> Any:
        if s not in self._free:
            return Integer(0)
        return Expectation(diff(self.body, s), self.variable, self.law)

    def _eval_is_extended_real(self) -> Any:
        return self.body.is_extended_real

    def _eval_is_finite(self) -> Any:
        return True if self.body.is_extended_real else None

    def _eval_is_nonnegative(self) -> Any:
        return True if self.body.is_nonnegative else None

    def _eval_is_positive(self) -> Any:
        return True if self.body.is_positive else None

    def _eval_evalf(self, prec: int) -> Any:
        if not self.is_number:
            return None
        with mpmath.workprec(prec + 32):
            far = mpmath.mpf(1) if self.law == UNIFORM else 8 + mpmath.sqrt(1.4 * (prec + 32))
            kinks = {r for r in self._kinks(prec + 32) if -far < r < far}
            value = mpmath.quad(self._integrand(), sorted({-far, mpmath.mpf(0), far, *kinks}))
        return sp.Float(value, precision=prec)

    def _gaps(self) -> list[Any]:
        """What changes sign where the integrand has a kink."""
        found: list[Any] = []
        for f in self.body.atoms(sp.Abs, sp.sign, sp.Heaviside, sp.Min, sp.Max):
            extreme = isinstance(f, sp.Min | sp.Max)
            found += [a - b for a, b in combinations(f.args, 2)] if extreme else [f.args[0]]
        return [gap for gap in found if gap.has(self.variable)]

    def _kinks(self, prec: int) -> list[Any]:
        """The real places where it has one."""
        digits = int(prec / 3.3)
        roots = (r for gap in self._gaps() for r in sp.Poly(gap, self.variable).nroots(n=digits))
        return [mpmath.mpf(r) for r in roots if r.is_real]

    def _integrand(self) -> Any:
        """The integrand times the density, as a function of an mpf.

        The Gaussian density falls below the precision 8 standard deviations before the end, so
        that moderate growth does not matter. `symgan.analysis.enclose_means` is rigorous.
        """
        weighted = self.body * self.law.density(self.variable)
        return sp.lambdify(self.variable, weighted, "mpmath")

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


@cacheit
def _mean(body: Any, variable: Symbol, law: Standard) -> Any:
    """Sums split, factors out, the bound variable renamed; unevaluated where nothing is known."""
    if variable not in body.free_symbols:
        return body
    if body.is_Add:
        return sp.Add(*(_mean(term, variable, law) for term in body.args))
    factor, rest = body.as_independent(variable, as_Add=False)
    if factor != 1:
        return factor * _mean(rest, variable, law)
    depth = 1 + max((e.depth for e in body.atoms(Expectation)), default=0)
    z = _fresh(depth, body.free_symbols - {variable})
    body = _expanded(body.xreplace({variable: z}))
    if body.is_Add:
        return _mean(body, z, law)
    known = closed_form(body, z, law)
    if known is not None:
        return known
    made = Expr.__new__(Expectation, body, z, law)
    made.depth, made._free = depth, frozenset(body.free_symbols - {z})
    return made


def _fresh(depth: int, taken: set[Any]) -> Dummy:
    """The bound variable at a depth, or a far one while an outer expectation holds its name.

    The outer one is renamed when it is rebuilt around this one, and then this one is, too.
    """
    return next(z for k in count(depth, 1000) if (z := _bound(k)) not in taken)


def _bound(depth: int) -> Dummy:
    """The bound variable at a depth: always the same, and no one else's."""
    name = "z" if depth == 1 else f"z_{depth}"
    return Dummy(name, dummy_index=7_000_000 + depth, real=True)


def _opened(factor: Any) -> Any:
    """Products and powers of sums multiplied out, exponentials and logarithms left alone."""
    return factor.expand(deep=False, power_base=False, power_exp=False, log=False, basic=False)


def _expanded(body: Any) -> Any:
    """A sum of products, denominators left alone."""
    if body.is_Add:
        return sp.Add(*map(_expanded, body.args))
    factors = sp.Mul.make_args(body)
    if not any(f.is_Add or (f.is_Pow and f.base.is_Add) for f in factors):
        return body
    below = [f for f in factors if f.is_Pow and f.exp.is_negative]
    above = sp.Mul(*(_opened(f) for f in factors if f not in below))
    opened = _opened(above)
    return sp.Add(*(sp.Mul(term, *below) for term in sp.Add.make_args(opened)))
