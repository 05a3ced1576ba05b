r"""Forcing terms :math:`\sum c\,t^k e^{zt}` and their Laplace transforms, by formula.

.. math:: \mathcal L\{t^k e^{zt}\} = \frac{k!}{(s - z)^{k+1}}

Sines and cosines are pairs of conjugate exponents; their transforms are combined so that
no imaginary unit is left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy as sp
from sympy import Add, Expr, I, Integer, Mul, Poly, Symbol, exp

from symgan.errors import GameError

Terms = Mapping[tuple[Expr, int], Expr]
"""(exponent z, power k) -> coefficient c of :math:`t^k e^{zt}`."""


@dataclass(frozen=True)
class Fraction:
    r"""One partial fraction of a transform, :math:`N(s)/g(s)^m`, all real.

    Attributes:
        numerator: N, a polynomial in s.
        factor: g, linear or quadratic and monic in s.
        power: m.
    """

    numerator: Expr
    factor: Expr
    power: int


def exponential_terms(expression: Expr, time: Symbol) -> Terms:
    r"""Split a function of time into :math:`\sum c\,t^k e^{zt}`.

    Args:
        expression: sums and products of polynomials, exponentials, sines, cosines and
            their hyperbolic counterparts, with arguments of degree one in time.
        time: the time symbol.

    Raises:
        GameError: any other dependence on time; the sentence names the term.

    >>> t, a = sp.symbols("t a", positive=True)
    >>> dict(exponential_terms(3*t*sp.exp(-a*t) + 1, t))
    {(0, 0): 1, (-a, 1): 3}
    """
    flat = sp.expand(_as_exponentials(expression, time), power_exp=False, log=False)
    terms: dict[tuple[Expr, int], Expr] = {}
    for term in Add.make_args(flat):
        exponent, power, coefficient = _parse(term, time)
        key = (exponent, power)
        terms[key] = terms.get(key, Integer(0)) + coefficient
    return {key: value for key, value in terms.items() if sp.expand(value) != 0}


def fractions(terms: Terms, s: Symbol) -> tuple[Fraction, ...]:
    r"""The Laplace transform of real forcing terms as real partial fractions.

    >>> s, w = Symbol("s"), sp.Symbol("w", positive=True)
    >>> t = sp.Symbol("t", nonnegative=True)
    >>> fractions(exponential_terms(sp.sin(w*t), t), s)
    (Fraction(numerator=w, factor=s**2 + w**2, power=1),)
    """
    found = []
    for (exponent, power), coefficient in terms.items():
        shift, omega = real_and_imaginary(exponent)
        if omega == 0:
            found.append(Fraction(sp.factorial(power) * coefficient, s - shift, power + 1))
        elif _leads(omega):
            found.append(_pair(shift, omega, power, coefficient, s))
    return tuple(found)


def real_and_imaginary(exponent: Expr) -> tuple[Expr, Expr]:
    r"""Split :math:`z = \sigma + i\omega` whose symbols are all real."""
    omega = sp.expand(exponent).coeff(I)
    return sp.expand(exponent - I * omega), omega


def _leads(omega: Expr) -> bool:
    """Of two conjugate exponents, keep the one without a leading minus sign."""
    return not omega.could_extract_minus_sign()


def _pair(shift: Expr, omega: Expr, power: int, coefficient: Expr, s: Symbol) -> Fraction:
    r""":math:`2\,\mathrm{Re}\, k!\,c\,(x + i\omega)^{k+1} / (x^2 + \omega^2)^{k+1}`, x = s - σ."""
    x = s - shift
    real, imaginary = real_and_imaginary(coefficient)
    product = sp.expand((real + I * imaginary) * (x + I * omega) ** (power + 1))
    numerator = 2 * sp.factorial(power) * real_and_imaginary(product)[0]
    return Fraction(sp.expand(numerator), sp.expand(x**2 + omega**2), power + 1)


def _as_exponentials(expression: Expr, time: Symbol) -> Expr:
    def oscillates(node: Expr) -> bool:
        return isinstance(node, sp.sin | sp.cos) and node.has(time)

    def hyperbolic(node: Expr) -> bool:
        return isinstance(node, sp.sinh | sp.cosh) and node.has(time)

    expression = expression.replace(oscillates, lambda node: _shifted(node, time))
    return expression.replace(hyperbolic, lambda node: node.rewrite(exp))


def _shifted(node: Expr, time: Symbol) -> Expr:
    r"""Write :math:`\cos(\omega t + \varphi)` with exponentials of :math:`\omega t` alone."""
    rate, phase = _linear(node.args[0], time)
    plus, minus = exp(I * rate * time), exp(-I * rate * time)
    cosine, sine = (plus + minus) / 2, (plus - minus) / (2 * I)
    if isinstance(node, sp.cos):
        return cosine * sp.cos(phase) - sine * sp.sin(phase)
    return sine * sp.cos(phase) + cosine * sp.sin(phase)


def _parse(term: Expr, time: Symbol) -> tuple[Expr, int, Expr]:
    coefficient: Expr = Integer(1)
    exponent: Expr = Integer(0)
    power = 0
    for factor in Mul.make_args(term):
        base, index = factor.as_base_exp()
        if not factor.has(time):
            coefficient *= factor
        elif base == time and index.is_Integer and index.is_positive:
            power += int(index)
        elif not base.has(time) and (base is sp.E or base.is_positive):
            rate, offset = _linear(index, time)
            exponent += rate * sp.log(base)
            coefficient *= base**offset
        elif isinstance(factor, exp):
            rate, offset = _linear(factor.args[0], time)
            exponent += rate
            coefficient *= exp(offset)
        else:
            raise _refusal(term)
    return sp.expand(exponent), power, coefficient


def _linear(argument: Expr, time: Symbol) -> tuple[Expr, Expr]:
    if not argument.is_polynomial(time):
        raise _refusal(argument)
    polynomial = Poly(argument, time)
    if polynomial.degree() > 1:
        raise _refusal(argument)
    rate, offset = polynomial.coeff_monomial(time), polynomial.coeff_monomial(1)
    return rate, offset


def _refusal(term: Expr) -> GameError:
    return GameError(
        f"the forcing holds {term}, which is not a sum of c*t^k*exp(r*t), sines and cosines in "
        "time; integrate such a flow numerically, or solve it piece by piece"
    )
