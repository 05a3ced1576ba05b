r"""Rigorous enclosures of expectations, by ball arithmetic.

On a bounded law the integral is enclosed by Arb's validated quadrature. Under N(0, 1) it is cut
at :math:`\pm R`, and the tails are bounded: from the integrand's tree follows
:math:`|g(z)| \le C (1 + |z|)^p e^{a|z|}`, and for :math:`R \ge a + p + 1`

.. math:: \int_R^\infty C (1 + z)^p e^{az} \frac{e^{-z^2/2}}{\sqrt{2\pi}}\,dz
    \le \frac{C}{\sqrt{2\pi}} (1 + R)^p e^{aR - R^2/2},

as the logarithm of the integrand falls at least as fast as -z from R on.

Source: Johansson 2018, "Numerical integration in arbitrary-precision ball arithmetic".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import Dummy, Expr, Symbol

from symgan.certify.ball import load_flint
from symgan.errors import Undecided
from symgan.expectation import NORMAL, Expectation


def enclose_means(
    expression: Expr, point: Mapping[Symbol, Any] | None = None, *, bits: int = 128
) -> Any:
    r"""A ball (flint ``arb``) that contains a real expression with expectations.

    Args:
        expression: an expression in which expectations are not nested.
        point: exact values of its symbols.
        bits: the working precision.

    Raises:
        Undecided: a function without enclosure, a tail without bound, a nested expectation, or
            a symbol without a value.
        MissingExtra: python-flint is not installed.

    >>> from symgan.expectation import UNIFORM
    >>> z = Symbol("z", real=True)
    >>> ball = enclose_means(Expectation(sp.tanh(z + 1), z, UNIFORM))
    >>> exact = sp.log(sp.cosh(2)) / 2
    >>> abs(float(ball) - float(exact)) < 1e-15
    True
    """
    flint = load_flint()
    here: Any = sp.sympify(expression).xreplace(
        {s: sp.sympify(x) for s, x in (point or {}).items()}
    )
    with flint.ctx.workprec(bits):
        names = {e: Dummy() for e in here.atoms(Expectation)}
        balls = {name: _mean(flint, e, bits) for e, name in names.items()}
        value = _Walk(flint, balls, analytic=False).value(here.xreplace(names))
        if not value.imag.contains(0):
            raise Undecided(f"{expression} is not real at this point")
        return value.real


def _mean(flint: Any, e: Expectation, bits: int) -> Any:
    if e.depth > 1 or e.free_symbols:
        raise Undecided(f"{e} is nested or holds symbols; no enclosure is known")
    z, body = e.variable, e.body * e.law.density(e.variable)

    def integrand(x: Any, analytic: bool) -> Any:
        return _Walk(flint, {z: x}, analytic=analytic).value(body)

    integrand(flint.acb(0), False)  # a refusal inside the quadrature would not come out of it
    if e.law != NORMAL:
        return flint.acb.integral(integrand, flint.acb(-1), flint.acb(1))
    growth = _growth(flint, e.body, z)
    far = growth.rate + growth.power + flint.arb(1.4 * bits).sqrt() + 2
    far = flint.arb(far.upper())
    tail = growth.tail(flint, far)
    inner = flint.acb.integral(integrand, flint.acb(-far), flint.acb(far))
    return inner + flint.acb(flint.arb(0, float(2 * tail.upper() * (1 + 2**-20))))


class _Walk:
    """Values of an expression tree in complex balls; not-a-number off the holomorphic domain."""

    def __init__(self, flint: Any, values: Mapping[Any, Any], *, analytic: bool) -> None:
        self.flint, self.values, self.analytic = flint, values, analytic

    def value(self, node: Any) -> Any:
        flint = self.flint
        if node in self.values:
            return self.values[node]
        if node.is_Rational:
            return flint.acb(flint.arb(flint.fmpq(int(node.p), int(node.q))))
        if node is sp.pi:
            return flint.acb.pi()
        if node is sp.E:
            return flint.acb(1).exp()
        if node.is_Add:
            return sum((self.value(a) for a in node.args[1:]), self.value(node.args[0]))
        if node.is_Mul:
            product = self.value(node.args[0])
            for factor in node.args[1:]:
                product = product * self.value(factor)
            return product
        if node.is_Pow:
            return self._power(*node.as_base_exp())
        return self._function(node)

    def _power(self, base: Any, exponent: Any) -> Any:
        z = self.value(base)
        if exponent.is_Integer:
            return z ** int(exponent)
        if exponent in (sp.Rational(1, 2), -sp.Rational(1, 2)):
            root = z.sqrt(analytic=self.analytic)
            return root if exponent > 0 else 1 / root
        raise Undecided(f"no enclosure for {base}**({exponent}) under an expectation")

    def _function(self, node: Any) -> Any:
        known = _FUNCTIONS.get(node.func)
        if known is None:
            raise Undecided(f"no enclosure for {node} under an expectation; give it a value")
        arguments = [self.value(a) for a in node.args]
        return known(self.analytic, *arguments)


def _plain(name: str) -> Callable[..., Any]:
    return lambda analytic, z: getattr(z, name)()


def _kinked(name: str) -> Callable[..., Any]:
    """A function of reals with a kink: no number where a holomorphic one is asked for."""
    return lambda analytic, z, *_: getattr(z, name)(analytic=analytic)


def _extreme(name: str) -> Callable[..., Any]:
    def function(analytic: bool, first: Any, *others: Any) -> Any:
        for other in others:
            first = getattr(first, name)(other, analytic=analytic)
        return first

    return function


_FUNCTIONS: dict[Any, Callable[..., Any]] = {
    sp.exp: _plain("exp"),
    sp.tanh: _plain("tanh"),
    sp.sinh: _plain("sinh"),
    sp.cosh: _plain("cosh"),
    sp.sin: _plain("sin"),
    sp.cos: _plain("cos"),
    sp.log: lambda analytic, z: z.log(analytic=analytic),
    sp.Abs: _kinked("real_abs"),
    sp.sign: _kinked("real_sgn"),
    sp.Heaviside: _kinked("real_heaviside"),
    sp.Max: _extreme("real_max"),
    sp.Min: _extreme("real_min"),
}


@dataclass(frozen=True)
class _Growth:
    """The bound C (1 + |z|)^p e^{a|z|}; C and a are balls, of which the upper ends count."""

    scale: Any
    power: int
    rate: Any

    def __add__(self, other: _Growth) -> _Growth:
        rate = self.rate if self.rate >= other.rate else other.rate
        return _Growth(self.scale + other.scale, max(self.power, other.power), rate)

    def __mul__(self, other: _Growth) -> _Growth:
        power, rate = self.power + other.power, self.rate + other.rate
        return _Growth(self.scale * other.scale, power, rate)

    def tail(self, flint: Any, far: Any) -> Any:
        """A bound of one tail from `far` on."""
        height = (1 + far) ** self.power * (self.rate * far - far * far / 2).exp()
        return self.scale * height / (2 * flint.arb.pi()).sqrt()


def _growth(flint: Any, node: Any, z: Any) -> _Growth:
    """A bound of a real expression for all real z.

    Raises:
        Undecided: none is known.
    """
    one, zero = flint.arb(1), flint.arb(0)
    if not node.has(z):
        return _Growth(_size(flint, node), 0, zero)
    if node == z:
        return _Growth(one, 1, zero)
    if isinstance(node, sp.tanh | sp.sin | sp.cos | sp.sign | sp.Heaviside):
        return _Growth(one, 0, zero)
    if node.is_Add or isinstance(node, sp.Min | sp.Max):
        parts = [_growth(flint, a, z) for a in node.args]
        return sum(parts[1:], parts[0])
    if isinstance(node, sp.Abs):
        return _growth(flint, node.args[0], z)
    if node.is_Mul:
        parts = [_growth(flint, a, z) for a in _without_logistic(node)] or [_Growth(one, 0, zero)]
        product = parts[0]
        for part in parts[1:]:
            product = product * part
        return product
    return _growth_of_function(flint, node, z)


def _growth_of_function(flint: Any, node: Any, z: Any) -> _Growth:
    one, zero = flint.arb(1), flint.arb(0)
    if node.is_Pow and node.exp.is_Integer and node.exp > 0:
        base = _growth(flint, node.base, z)
        n = int(node.exp)
        return _Growth(base.scale**n, base.power * n, base.rate * n)
    if node.is_Pow and node.exp.is_negative and _logistic_exponent(node.base) is not None:
        return _Growth(one, 0, zero)
    if isinstance(node, sp.exp) and sp.Poly(node.args[0], z).degree() == 1:
        slope, constant = sp.Poly(node.args[0], z).all_coeffs()
        return _Growth(_size(flint, constant).exp(), 0, _size(flint, slope))
    if isinstance(node, sp.log) and (u := _logistic_exponent(node.args[0])) is not None:
        inner = _growth(flint, u, z)
        return _Growth(one, 0, zero) + inner  # log(1 + e^u) <= log 2 + |u|
    raise Undecided(f"no bound of {node} is known on the tails of the normal law")


def _size(flint: Any, constant: Any) -> Any:
    ball = abs(_Walk(flint, {}, analytic=False).value(constant))
    return flint.arb(ball.upper())


def _logistic_exponent(node: Any) -> Any:
    """The u of 1 + e^u."""
    if (
        node.is_Add
        and len(node.args) == 2
        and node.args[0] == 1
        and isinstance(node.args[1], sp.exp)
    ):
        return node.args[1].args[0]
    return None


def _without_logistic(product: Any) -> list[Any]:
    """Factors of a product but e^{mu} (1 + e^u)^{-n} with 0 <= m <= n, which is at most 1."""
    factors = list(product.args)
    for factor in factors:
        base, power = factor.as_base_exp()
        u = _logistic_exponent(base)
        if u is None or not (power.is_Integer and power < 0):
            continue
        for other in factors:
            if isinstance(other, sp.exp):
                ratio = sp.cancel(other.args[0] / u)
                if ratio.is_Integer and 0 <= ratio <= -power:
                    return [f for f in factors if f not in (factor, other)]
    return factors
