r"""Exact signs of elementary expressions on domains given by inequalities.

The expression becomes a product of polynomial factors in generators
(`symgan.certify.generators`). Each factor's variables are moved to the open
half-line :math:`u > 0` by the domain (translation, reflection, or the Moebius map of an
interval), closed ends are cases of their own; a polynomial whose coefficients then share one
sign has that sign, which is a certificate without any solver. Unbounded variables are split into
:math:`x > 0`, :math:`x = 0`, :math:`x < 0`; a univariate factor without a root in the
domain has the sign it takes at one point.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import product
from typing import Any

import sympy as sp
from sympy import Dummy, Expr, Integer, Poly, Rational, Symbol
from sympy.logic.boolalg import Boolean

from symgan.certify.ball import enclose
from symgan.certify.domain import Range, read_domain
from symgan.certify.free import free_functions
from symgan.certify.generators import Generators, defined, numerator, prepare, rational_form
from symgan.errors import Undecided

Signs = frozenset[int]
ANY: Signs = frozenset({-1, 0, 1})
MOST_SPLITS = 4


@dataclass(frozen=True)
class Known:
    """Ranges of symbols and generators, and the relations of root generators."""

    ranges: Mapping[Symbol, Range]
    relations: Mapping[Symbol, tuple[int, Expr]]
    nonzero: tuple[Expr, ...] = ()


def signs(expression: Expr, given: Boolean = sp.true) -> Signs:
    r"""The set of signs (-1, 0, 1) that an expression can take: a proved superset.

    Where the expression is not defined, or not real, it has no sign; all signs are
    returned for one that is defined nowhere.

    >>> T = Symbol("T", positive=True)
    >>> signs(-T/(T**2 + 1)**sp.Rational(3, 2))
    frozenset({-1})
    >>> x = Symbol("x", real=True)
    >>> sorted(signs(x**2 - x + 1)), sorted(signs(x**2))
    ([1], [0, 1])
    """
    domain = read_domain(given)
    prepared = free_functions(prepare(expression).subs(dict(domain.equal)))
    generators = Generators()
    form = rational_form(prepared, generators)
    polynomial, bottom = numerator(form, generators)
    if not defined(prepared, bottom, generators):
        return ANY
    nonzero = tuple(
        sp.expand(p.lhs - p.rhs)
        for p in sp.And.make_args(domain.rest)
        if isinstance(p, sp.Unequality)
    )
    ranges = dict(domain.ranges) | _generator_ranges(generators, given)
    known = Known(ranges, generators.relations, nonzero)
    upper, lower = _without_complex(polynomial.as_expr(), bottom, generators)
    top, below = _product_signs(upper, known), _product_signs(lower, known) - {0}
    return frozenset(a * b for a, b in product(top, below)) if below else ANY


def _without_complex(top: Expr, bottom: Expr, generators: Generators) -> tuple[Expr, Expr]:
    """Cancel complex generators, which have no sign, where numerator and denominator share them."""
    shared = top.free_symbols & bottom.free_symbols
    if all(symbol.is_real for symbol in shared):
        return top, bottom
    reduced, extra = numerator(bottom, generators)
    return sp.fraction(sp.cancel(top * extra / reduced.as_expr()))


def _generator_ranges(generators: Generators, given: Boolean) -> dict[Symbol, Range]:
    """What is known of a generator beyond its assumptions: numbers, exponentials."""
    known: dict[Symbol, Range] = {}
    for symbol, value in generators.values.items():
        if value.is_number and value.is_real:
            known[symbol] = _number_range(value)
        elif isinstance(value, sp.log):
            known[symbol] = _log_range(signs(value.args[0] - 1, given), value.is_real is True)
        elif isinstance(value, sp.exp):
            exponent = value.args[0]
            if exponent.is_nonnegative:
                known[symbol] = Range(Integer(1), None, lower_closed=not exponent.is_positive)
            elif exponent.is_nonpositive:
                known[symbol] = Range(Integer(0), Integer(1), upper_closed=not exponent.is_negative)
    return known


def _log_range(argument: Signs, is_real: bool) -> Range:
    """Where log u lies, from the signs that u - 1 can take."""
    if -1 not in argument:
        return Range(lower=Integer(0), lower_closed=0 in argument)
    if 1 not in argument and is_real:  # below 1 it may leave the reals
        return Range(upper=Integer(0), upper_closed=0 in argument)
    return Range()


def _number_range(value: Expr) -> Range:
    """A rational interval that holds an irrational number, proved by ball arithmetic."""
    try:
        ball = enclose(value, {}).real
    except Undecided:  # a function without ball arithmetic: nothing is known of its size
        return Range()
    lower, upper = (_rational(end) for end in (ball.lower(), ball.upper()))
    margin = Rational(1, 2**80)
    return Range(lower - margin, upper + margin)


def _rational(ball: Any) -> Rational:
    fraction = ball.fmpq()
    return Rational(int(fraction.p), int(fraction.q))


def _product_signs(expression: Expr, known: Known) -> Signs:
    constant, factors = sp.factor_list(expression)
    start: Signs = frozenset({int(sp.sign(constant))}) if constant.is_real else ANY
    parts = (_power_signs(base, power, known) for base, power in factors)
    return reduce(lambda a, b: frozenset(x * y for x, y in product(a, b)), parts, start)


def _power_signs(base: Expr, power: int, known: Known) -> Signs:
    if not all(symbol.is_real or _is_bounded(symbol, known) for symbol in base.free_symbols):
        return ANY  # a complex value obeys no rule of signs, not even its square
    return frozenset(s**power if s else 0 for s in _factor_signs(base, known))


def _is_bounded(symbol: Symbol, known: Known) -> bool:
    place = known.ranges.get(symbol, Range())
    return place.lower is not None or place.upper is not None


def _factor_signs(factor: Expr, known: Known) -> Signs:
    if any(sp.expand(factor - sign * other) == 0 for other in known.nonzero for sign in (1, -1)):
        return _unrestricted_signs(factor, known) - {0}
    return _unrestricted_signs(factor, known)


def _unrestricted_signs(factor: Expr, known: Known) -> Signs:
    symbols = sorted(factor.free_symbols, key=str)
    try:
        for symbol in symbols:
            if symbol in known.relations and known.relations[symbol][0] == 2:
                return _root_signs(factor, symbol, known)
        univariate = _univariate_signs(factor, symbols, known)
        return _domain_signs(factor, known, splits=0) if univariate is None else univariate
    except sp.PolynomialError:  # a bound that is no polynomial in the other variables
        return ANY


def _root_signs(factor: Expr, root: Symbol, known: Known) -> Signs:
    r"""Signs of :math:`A + B r` with :math:`r = \sqrt{w} \ge 0`, through :math:`A^2 - B^2 w`."""
    polynomial = Poly(factor, root)
    if polynomial.degree() != 1 or root.is_nonnegative is not True:
        return _domain_signs(factor, known, splits=0)
    B, A = polynomial.all_coeffs()
    w = known.relations[root][1]
    size, gap = _rational_signs(w, known) - {-1}, _rational_signs(A**2 - B**2 * w, known)
    found: set[int] = set()
    parts = product(_rational_signs(A, known), _rational_signs(B, known), size)
    for first, second in ((a, b * r) for a, b, r in parts):
        if first * second > 0:
            found.add(first)
        elif first * second < 0:
            found |= {first * s for s in gap}
        elif first and 1 in gap:  # without the root the gap is A^2
            found.add(first)
        elif not first and second and -1 in gap:  # without A the gap is -B^2 w
            found.add(second)
        elif not first and not second and 0 in gap:
            found.add(0)
    return frozenset(found)


def _rational_signs(expression: Expr, known: Known) -> Signs:
    top, bottom = sp.fraction(sp.together(expression))
    pairs = product(_product_signs(top, known), _product_signs(bottom, known) - {0})
    return frozenset(a * b for a, b in pairs)


def _univariate_signs(factor: Expr, symbols: list[Symbol], known: Known) -> Signs | None:
    """No root in a rational interval: the sign at one point is the sign everywhere."""
    if len(symbols) != 1:
        return None
    symbol = symbols[0]
    place = _range(symbol, known)
    polynomial = Poly(factor, symbol)
    bounds = [b for b in (place.lower, place.upper) if b is not None]
    if not all(c.is_Rational for c in (*polynomial.coeffs(), *bounds)):
        return None
    roots = polynomial.count_roots(place.lower, place.upper)
    ends = ((place.lower, place.lower_closed), (place.upper, place.upper_closed))
    open_ends = (end for end, closed in ends if end is not None and not closed)
    roots -= sum(1 for end in open_ends if polynomial.eval(end) == 0)
    if roots:
        return None
    return frozenset({int(sp.sign(polynomial.eval(_inside(place))))})


def _inside(place: Range) -> Expr:
    if place.lower is not None and place.upper is not None:
        return (place.lower + place.upper) / 2
    if place.lower is not None:
        return place.lower + 1
    return place.upper - 1 if place.upper is not None else Integer(0)


def _range(symbol: Symbol, known: Known) -> Range:
    """A symbol's range from what was given and from its assumptions."""
    place = known.ranges.get(symbol, Range())
    if place.lower is None and symbol.is_nonnegative:
        place = Range(Integer(0), place.upper, not symbol.is_positive, place.upper_closed)
    if place.upper is None and symbol.is_nonpositive:
        place = Range(place.lower, Integer(0), place.lower_closed, not symbol.is_negative)
    return place


class _Moved(Dummy):
    """A variable that already lies on its open half-line."""


def _domain_signs(factor: Expr, known: Known, splits: int) -> Signs:
    """Move every variable to an open half-line, closed ends apart, and read coefficients."""
    symbol = _next_ranged(factor, known)
    if symbol is not None:
        cases = _ranged_cases(factor, symbol, _range(symbol, known))
        return frozenset().union(*(_domain_signs(case, known, splits) for case in cases))
    unbounded = sorted((s for s in factor.free_symbols if not isinstance(s, _Moved)), key=str)
    if not unbounded:
        return _coefficient_signs(factor)
    symbol = unbounded[0]
    if splits >= MOST_SPLITS or not symbol.is_real:
        return ANY
    u = _Moved(symbol.name, positive=True)
    values = (u, -u) if symbol.is_nonzero else (u, -u, Integer(0))
    cases = (sp.expand(factor.subs(symbol, value)) for value in values)
    return frozenset().union(*(_domain_signs(case, known, splits + 1) for case in cases))


def _ranged_cases(factor: Expr, symbol: Symbol, place: Range) -> list[Expr]:
    """The factor inside the range, its variable on u > 0, and at each closed end."""
    u = _Moved(symbol.name, positive=True)
    closed = ((place.lower, place.lower_closed), (place.upper, place.upper_closed))
    ends = [sp.expand(factor.subs(symbol, end)) for end, is_closed in closed if is_closed]
    return [_inside_range(factor, symbol, place, u), *ends]


def _inside_range(factor: Expr, symbol: Symbol, place: Range, u: Symbol) -> Expr:
    """Substitute u > 0; an interval goes there by a Moebius map, denominator cleared."""
    if place.lower is not None and place.upper is not None:
        value = (place.lower + place.upper * u) / (1 + u)
        degree = int(sp.degree(factor, symbol))
        return sp.expand(sp.cancel(factor.subs(symbol, value) * (1 + u) ** degree))
    if place.lower == 0:
        return factor.xreplace({symbol: u})
    value = place.lower + u if place.lower is not None else place.upper - u
    return sp.expand(factor.subs(symbol, value))


def _coefficient_signs(factor: Expr) -> Signs:
    """The common sign of all coefficients, for positive variables."""
    symbols = sorted(factor.free_symbols, key=str)
    if not symbols:
        return frozenset({int(sp.sign(factor))}) if factor.is_Rational else ANY
    numbers = Poly(factor, *symbols).coeffs()
    coefficients = {int(sp.sign(c)) if c.is_Rational else 0 for c in numbers}
    return frozenset(coefficients) if coefficients in ({1}, {-1}) else ANY


def _next_ranged(factor: Expr, known: Known) -> Symbol | None:
    """A variable with a range that no other unmoved variable's range depends on."""
    unmoved = [s for s in sorted(factor.free_symbols, key=str) if not isinstance(s, _Moved)]
    ranges = {s: _range(s, known) for s in unmoved}
    ranged = [s for s, r in ranges.items() if r.lower is not None or r.upper is not None]
    for symbol in ranged:
        used: set[Symbol] = set()
        for other in ranged:
            if other != symbol:
                bounds = (ranges[other].lower, ranges[other].upper)
                used |= {s for b in bounds if b is not None for s in b.free_symbols}
        if symbol not in used:
            return symbol
    return None
