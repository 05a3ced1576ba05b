r"""Elementary expressions as rational functions in generators with known relations.

An expression is rewritten over generators: its symbols, :math:`e^{m}` for each
independent exponent :math:`m`, roots :math:`r` with :math:`r^q = b`, :math:`i` with
:math:`i^2 = -1`, absolute values with :math:`|u|^2 = u^2`, and each remaining function
value as a free quantity. Reduced modulo these relations, a numerator that is the zero
polynomial proves an identity; the converse needs a witness (`symgan.certify.identity`).

The rewriting is one-way sound: every rule used is an identity on the real domain of the
symbols' assumptions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import lcm
from typing import Any

import sympy as sp
from sympy import Abs, Add, Dummy, Expr, Integer, Mul, Pow, Rational, Symbol, exp, log

_TRIGONOMETRIC = (sp.sin, sp.cos, sp.tan, sp.cot, sp.sec, sp.csc)
_HYPERBOLIC = (sp.sinh, sp.cosh, sp.tanh, sp.coth, sp.sech, sp.csch)


@dataclass
class Generators:
    """The generators met so far; ``relations[g] = (q, b)`` says :math:`g^q = b`."""

    exponents: dict[Expr, int] = field(default_factory=dict)
    symbols: dict[Expr, Symbol] = field(default_factory=dict)
    relations: dict[Symbol, tuple[int, Expr]] = field(default_factory=dict)

    def name(self, value: Expr, **assumptions: bool | None) -> Symbol:
        """The generator that stands for a value."""
        if value not in self.symbols:
            self.symbols[value] = Dummy(f"g{len(self.symbols)}", **assumptions)
        return self.symbols[value]

    @property
    def values(self) -> dict[Symbol, Expr]:
        """Generator -> the value it stands for."""
        return {symbol: value for value, symbol in self.symbols.items()}


def prepare(expression: Any) -> Expr:
    """Bring an expression to exponentials, powers and opaque functions.

    Raises:
        ValueError: it holds a float; exact statements have none.
    """
    expression = sp.sympify(expression)
    if expression.has(sp.Float):
        raise ValueError(f"an exact statement holds a float: {expression}")
    expression = expression.doit()
    if expression.has(sp.atan2):
        expression = sp.expand_trig(expression)
    if expression.has(*_TRIGONOMETRIC, *_HYPERBOLIC):
        expression = expression.rewrite((*_TRIGONOMETRIC, *_HYPERBOLIC), exp)
    if expression.has(log):
        expression = sp.expand_log(expression.replace(log, _factored_log))
    return expression


def _factored_log(argument: Expr) -> Expr:
    """The logarithm of a factored argument, so that equal logarithms look alike."""
    return log(argument) if argument.is_Rational else log(sp.factor(argument))


def rational_form(expression: Expr, generators: Generators) -> Expr:
    """The expression as a rational function of symbols and generators."""
    for exponent in _exponents(expression):
        for monomial, coefficient in _exponent_terms(exponent):
            known = generators.exponents.get(monomial, 1)
            generators.exponents[monomial] = lcm(known, int(coefficient.q))
    return _convert(expression, generators)


def _exponents(expression: Expr) -> Iterator[Expr]:
    """What stands over e once every power is written as an exponential or a root."""
    for node in expression.atoms(exp, Pow):
        base, exponent = (sp.E, node.args[0]) if isinstance(node, exp) else node.as_base_exp()
        if base is sp.E:
            yield exponent
        elif not exponent.is_Rational:
            yield sp.expand(exponent * log(base))


def defined(expression: Expr, denominator: Expr, generators: Generators) -> bool:
    """Whether an expression is defined somewhere, as far as its denominator tells."""
    if expression.has(sp.nan, sp.zoo, sp.oo, -sp.oo):
        return False
    return not numerator(denominator, generators)[0].is_zero


def numerator(expression: Expr, generators: Generators) -> tuple[sp.Poly, Expr]:
    """Numerator, reduced modulo the relations, and denominator of a rational form."""
    top, bottom = sp.fraction(sp.together(expression))
    # Innermost generators come first, so their relations hold only earlier ones.
    for symbol, (degree, power) in reversed(generators.relations.items()):
        top, extra = sp.fraction(sp.together(_fold(top, symbol, degree, power)))
        bottom = bottom * extra
    variables = sorted(top.free_symbols, key=str)
    if not variables:
        variables = [Dummy("unit")]
    return sp.Poly(top, *variables), bottom


def _fold(expression: Expr, symbol: Symbol, degree: int, power: Expr) -> Expr:
    """Replace ``symbol**degree`` by its value in a polynomial in the symbol."""
    if symbol not in expression.free_symbols:
        return expression
    polynomial = sp.Poly(expression, symbol)
    return Add(
        *(c * power ** (k // degree) * symbol ** (k % degree) for (k,), c in polynomial.terms())
    )


def _exponent_terms(exponent: Expr) -> list[tuple[Expr, Rational]]:
    terms = []
    for term in Add.make_args(sp.expand(exponent)):
        coefficient, monomial = term.as_coeff_Mul(rational=True)
        terms.append((monomial, coefficient))
    return terms


def _convert(node: Expr, generators: Generators) -> Expr:
    if node.is_Rational or isinstance(node, Symbol):
        return node
    if node is sp.I:
        symbol = generators.name(sp.I)
        generators.relations.setdefault(symbol, (2, Integer(-1)))
        return symbol
    if isinstance(node, Add | Mul):
        return node.func(*(_convert(arg, generators) for arg in node.args))
    if node is sp.E or isinstance(node, exp):
        return _convert_exp(node.args[0] if isinstance(node, exp) else Integer(1), generators)
    if isinstance(node, Pow):
        return _convert_power(node, generators)
    if isinstance(node, Abs):
        return _convert_abs(node, generators)
    if node.is_number and not node.args:
        return generators.name(node, positive=node.is_positive)
    if all(isinstance(arg, Expr) for arg in node.args):
        node = node.func(*(sp.factor_terms(sp.expand(arg)) for arg in node.args))
    return generators.name(node, real=node.is_real)


def _convert_exp(exponent: Expr, generators: Generators) -> Expr:
    factors = []
    for monomial, coefficient in _exponent_terms(exponent):
        denominator = generators.exponents.setdefault(monomial, int(coefficient.q))
        if denominator % coefficient.q:
            raise ValueError(f"exponent {exponent} was not collected first")
        positive = True if monomial.is_real else None
        base = generators.name(exp(monomial / denominator), positive=positive)
        factors.append(base ** int(coefficient * denominator))
    return Mul(*factors)


def _convert_power(node: Expr, generators: Generators) -> Expr:
    base, exponent = node.as_base_exp()
    if exponent.is_Integer:
        return _convert(base, generators) ** exponent
    if not exponent.is_Rational:
        return _convert_exp(sp.expand(exponent * log(base)), generators)
    if exponent.q == 2:
        outside, inside = _square_free(base)
        if inside == 1:
            return _convert(outside, generators) ** exponent.p
        root = _root(inside, 2, generators)
        return (_convert(outside, generators) * root) ** exponent.p
    return _root(base, int(exponent.q), generators) ** exponent.p


def _root(base: Expr, degree: int, generators: Generators) -> Expr:
    if base.is_Rational and base.is_positive and degree == 2:
        primes = sp.factorint(base.p)
        return Mul(*(_prime_root(sp.Integer(p), generators) for p in primes))
    top, bottom = numerator(_convert(base, generators), generators)
    inner = sp.cancel(top.as_expr() / bottom)  # radicands that are equal share their root
    for symbol, relation in generators.relations.items():
        if relation == (degree, inner):
            return symbol
    symbol = generators.name(
        Pow(base, Rational(1, degree)), positive=base.is_positive, nonnegative=base.is_nonnegative
    )
    generators.relations[symbol] = degree, inner
    return symbol


def _prime_root(prime: Integer, generators: Generators) -> Symbol:
    symbol = generators.name(sp.sqrt(prime), positive=True)
    generators.relations.setdefault(symbol, (2, prime))
    return symbol


def _square_free(radicand: Expr) -> tuple[Expr, Expr]:
    r"""Split :math:`\sqrt{b} = u\sqrt{w}` with w square-free, for real factors of b."""
    if not radicand.is_real:
        return Integer(1), radicand
    try:
        top, bottom = sp.fraction(sp.together(radicand))
        constant, factors = _quotient_factors(top, bottom)
    except sp.PolynomialError:
        return Integer(1), radicand
    if not all(base.is_real for base, _ in factors):
        return Integer(1), radicand
    outside, inside = Integer(1), Integer(1)
    for base, power in factors:
        outside *= Abs(base) ** (power // 2)
        inside *= base ** (power % 2)
    square, rest = _rational_square(constant)
    return outside * square, sp.expand(inside) * rest


def _quotient_factors(top: Expr, bottom: Expr) -> tuple[Rational, list[tuple[Expr, int]]]:
    upper, over = sp.factor_list(top)
    lower, under = sp.factor_list(bottom)
    powers: dict[Expr, int] = {}
    for base, power in over:
        powers[base] = powers.get(base, 0) + power
    for base, power in under:
        powers[base] = powers.get(base, 0) - power
    return Rational(upper) / Rational(lower), list(powers.items())


def _rational_square(constant: Rational) -> tuple[Rational, Rational]:
    r"""Split :math:`c = s^2 w` with w a square-free integer of c's sign."""
    square, rest = Integer(1), Integer(constant.p * constant.q)
    denominator = Integer(constant.q)
    for prime, power in sp.factorint(abs(rest)).items():
        square *= Integer(prime) ** (power // 2)
    return square / denominator, rest / square**2


def _convert_abs(node: Expr, generators: Generators) -> Expr:
    inner = node.args[0]
    if inner.is_nonnegative:
        return _convert(inner, generators)
    if not inner.is_real:
        return generators.name(node, nonnegative=True)
    squared = _convert(inner, generators) ** 2
    symbol = generators.name(node, nonnegative=True)
    generators.relations.setdefault(symbol, (2, squared))
    return symbol
