r"""Exact signs of elementary expressions on domains given by inequalities.

The expression becomes a product of polynomial factors in generators
(`symgan.certify.generators`). Each factor's variables are moved to the open or closed
half-line :math:`u > 0` or :math:`u \ge 0` by the domain (translation, reflection, or the
Moebius map of an interval); a polynomial whose coefficients then share one sign has that
sign, which is a certificate without any solver. Unbounded variables are split into
:math:`x > 0`, :math:`x = 0`, :math:`x < 0`; a univariate factor without a root in the
domain has the sign it takes at one point.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from itertools import product
from typing import Any

import sympy as sp
from sympy import Dummy, Expr, Integer, Poly, Rational, Symbol
from sympy.logic.boolalg import Boolean

from symgan.certify.ball import enclose
from symgan.certify.generators import Generators, numerator, prepare, rational_form
from symgan.certify.identity import free_functions

Signs = frozenset[int]
ANY: Signs = frozenset({-1, 0, 1})
MOST_SPLITS = 4


@dataclass(frozen=True)
class Range:
    """Where one variable lies: an interval with open or closed ends."""

    lower: Expr | None = None
    upper: Expr | None = None
    lower_closed: bool = False
    upper_closed: bool = False


@dataclass(frozen=True)
class Domain:
    """Equations solved for symbols, ranges of symbols, and what else was given."""

    equal: Mapping[Symbol, Expr] = field(default_factory=dict)
    ranges: Mapping[Symbol, Range] = field(default_factory=dict)
    rest: Boolean = sp.true


@dataclass(frozen=True)
class Known:
    """Ranges of symbols and generators, and the relations of root generators."""

    ranges: Mapping[Symbol, Range]
    relations: Mapping[Symbol, tuple[int, Expr]]
    nonzero: tuple[Expr, ...] = ()


def signs(expression: Expr, given: Boolean = sp.true) -> Signs:
    r"""The set of signs (-1, 0, 1) that an expression can take: a proved superset.

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
    nonzero = tuple(
        sp.expand(p.lhs - p.rhs)
        for p in sp.And.make_args(domain.rest)
        if isinstance(p, sp.Unequality)
    )
    ranges = dict(domain.ranges) | _generator_ranges(generators, given)
    known = Known(ranges, generators.relations, nonzero)
    top = _product_signs(polynomial.as_expr(), known)
    below = _product_signs(bottom, known) - {0}
    return frozenset(a * b for a, b in product(top, below))


def read_domain(given: Boolean) -> Domain:
    """Sort a conjunction into solved equations, ranges of symbols, and the rest."""
    equal: dict[Symbol, Expr] = {}
    ranges: dict[Symbol, Range] = {}
    rest: list[Boolean] = []
    for part in sp.And.make_args(given):
        part = part.subs(equal) if equal else part
        if isinstance(part, sp.Equality) and _solve_into(part, equal):
            continue
        if not _range_into(part, ranges):
            rest.append(part)
    return Domain(equal, ranges, sp.And(*rest))


def _solve_into(part: sp.Equality, equal: dict[Symbol, Expr]) -> bool:
    """Solve an equation for a symbol that it holds linearly with a number as coefficient."""
    difference = sp.expand(part.lhs - part.rhs)
    for side in (part.lhs, part.rhs, *sorted(difference.free_symbols, key=str)):
        coefficient = difference.coeff(side, 1) if isinstance(side, Symbol) else sp.Integer(0)
        if coefficient.is_Rational and coefficient != 0:
            value = side - difference / coefficient
            if side not in sp.expand(value).free_symbols:
                equal[side] = sp.expand(value)
                return True
    return False


def _range_into(part: Boolean, ranges: dict[Symbol, Range]) -> bool:
    """Read ``x > e`` and its like, with x a symbol and e free of bounded symbols."""
    if not isinstance(
        part, sp.StrictGreaterThan | sp.GreaterThan | sp.StrictLessThan | sp.LessThan
    ):
        return False
    big, small, closed = part.gts, part.lts, isinstance(part, sp.GreaterThan | sp.LessThan)
    if isinstance(big, Symbol) and _fresh(small, big, ranges):
        old = ranges.get(big, Range())
        if old.lower is None:
            ranges[big] = Range(small, old.upper, closed, old.upper_closed)
            return True
    if isinstance(small, Symbol) and _fresh(big, small, ranges):
        old = ranges.get(small, Range())
        if old.upper is None:
            ranges[small] = Range(old.lower, big, old.lower_closed, closed)
            return True
    return False


def _fresh(bound: Expr, symbol: Symbol, ranges: Mapping[Symbol, Range]) -> bool:
    symbols = bound.free_symbols
    return symbol not in symbols and not any(
        symbol in (range_.lower or Integer(0)).free_symbols
        or symbol in (range_.upper or Integer(0)).free_symbols
        for other, range_ in ranges.items()
        if other in symbols
    )


def _generator_ranges(generators: Generators, given: Boolean) -> dict[Symbol, Range]:
    """What is known of a generator beyond its assumptions: numbers, exponentials."""
    known: dict[Symbol, Range] = {}
    for symbol, value in generators.values.items():
        if value.is_number and value.is_real:
            known[symbol] = _number_range(value)
        elif isinstance(value, sp.log):
            known[symbol] = _log_range(signs(value.args[0] - 1, given))
        elif isinstance(value, sp.exp):
            exponent = value.args[0]
            if exponent.is_nonnegative:
                known[symbol] = Range(Integer(1), None, lower_closed=not exponent.is_positive)
            elif exponent.is_nonpositive:
                known[symbol] = Range(Integer(0), Integer(1), upper_closed=not exponent.is_negative)
    return known


def _log_range(argument: Signs) -> Range:
    """Where log u lies, from the signs that u - 1 can take."""
    if -1 not in argument:
        return Range(lower=Integer(0), lower_closed=0 in argument)
    if 1 not in argument:
        return Range(upper=Integer(0), upper_closed=0 in argument)
    return Range()


def _number_range(value: Expr) -> Range:
    """A rational interval that holds an irrational number, proved by ball arithmetic."""
    ball = enclose(value, {}).real
    lower, upper = (_rational(end) for end in (ball.lower(), ball.upper()))
    margin = Rational(1, 2**80)
    return Range(lower - margin, upper + margin)


def _rational(ball: Any) -> Rational:
    fraction = ball.fmpq()
    return Rational(int(fraction.p), int(fraction.q))


def _product_signs(expression: Expr, known: Known) -> Signs:
    constant, factors = sp.factor_list(expression)
    start: Signs = frozenset({int(sp.sign(constant))}) if constant.is_real else ANY
    parts = (_power(_factor_signs(base, known), power) for base, power in factors)
    return reduce(lambda a, b: frozenset(x * y for x, y in product(a, b)), parts, start)


def _power(base: Signs, power: int) -> Signs:
    return frozenset(s**power if s else 0 for s in base)


def _factor_signs(factor: Expr, known: Known) -> Signs:
    if any(sp.expand(factor - sign * other) == 0 for other in known.nonzero for sign in (1, -1)):
        return _unrestricted_signs(factor, known) - {0}
    return _unrestricted_signs(factor, known)


def _unrestricted_signs(factor: Expr, known: Known) -> Signs:
    symbols = sorted(factor.free_symbols, key=str)
    for symbol in symbols:
        if symbol in known.relations and known.relations[symbol][0] == 2:
            return _root_signs(factor, symbol, known)
    univariate = _univariate_signs(factor, symbols, known)
    if univariate is not None:
        return univariate
    return _domain_signs(factor, known, frozenset(), splits=0)


def _root_signs(factor: Expr, root: Symbol, known: Known) -> Signs:
    r"""Signs of :math:`A + B r` with :math:`r = \sqrt{w} \ge 0`, through :math:`A^2 - B^2 w`."""
    polynomial = Poly(factor, root)
    if polynomial.degree() != 1 or root.is_nonnegative is not True:
        return _domain_signs(factor, known, frozenset(), splits=0)
    B, A = polynomial.all_coeffs()
    w = known.relations[root][1]
    size = _rational_signs(w, known) - {-1}
    found: set[int] = set()
    for sign_a, sign_b, sign_w in product(
        _rational_signs(A, known), _rational_signs(B, known), size
    ):
        second = sign_b * sign_w
        if sign_a * second >= 0:
            found.add(sign_a or second)
        else:
            found |= {sign_a * s for s in _rational_signs(A**2 - B**2 * w, known)}
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
    """A variable that already lies on its half-line."""


class _Blurred(_Moved):
    """A moved variable with a closed end at infinity, where no coefficient shows strictness."""


def _domain_signs(factor: Expr, known: Known, closed: frozenset[Symbol], splits: int) -> Signs:
    """Move every variable to a half-line, those with a range first, and read coefficients."""
    while (symbol := _next_ranged(factor, known)) is not None:
        factor, is_closed, moved = _move(factor, symbol, _range(symbol, known))
        closed = closed | {moved} if is_closed else closed
    unbounded = sorted((s for s in factor.free_symbols if not isinstance(s, _Moved)), key=str)
    if not unbounded:
        return _coefficient_signs(factor, closed)
    symbol = unbounded[0]
    if splits >= MOST_SPLITS or not symbol.is_real:
        return ANY
    u = _Moved(symbol.name, positive=True)
    values = (u, -u) if symbol.is_nonzero else (u, -u, Integer(0))
    cases = (sp.expand(factor.subs(symbol, value)) for value in values)
    return frozenset().union(*(_domain_signs(c, known, closed, splits + 1) for c in cases))


def _coefficient_signs(factor: Expr, closed: frozenset[Symbol]) -> Signs:
    """The common sign of all coefficients; strict if a term cannot vanish."""
    symbols = sorted(factor.free_symbols, key=str)
    if not symbols:
        return frozenset({int(sp.sign(factor))}) if factor.is_Rational else ANY
    terms = Poly(factor, *symbols).terms()
    coefficients = {int(sp.sign(c)) if c.is_Rational else None for _, c in terms}
    if len(coefficients) != 1 or None in coefficients:
        return ANY
    sign = int(sp.sign(terms[0][1]))
    strict = not any(isinstance(symbol, _Blurred) for symbol in closed) and any(
        all(power == 0 or symbols[i] not in closed for i, power in enumerate(powers))
        for powers, _ in terms
    )
    return frozenset({sign}) if strict else frozenset({sign, 0})


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


def _move(factor: Expr, symbol: Symbol, place: Range) -> tuple[Expr, bool, Symbol]:
    """Substitute a half-line variable; say whether u = 0 belongs to the domain.

    An interval goes to the half-line by the Moebius map; its positive denominator is
    cleared. Its closed ends lie at u = 0 and at infinity, so strictness is given up there.
    """
    u = _Moved(symbol.name, positive=True)
    if place.lower is not None and place.upper is not None:
        u = _Blurred(symbol.name, positive=True)
        degree = int(sp.degree(factor, symbol))
        value = (place.lower + place.upper * u) / (1 + u)
        cleared = sp.cancel(factor.subs(symbol, value) * (1 + u) ** degree)
        is_closed = place.lower_closed or place.upper_closed
        return sp.expand(cleared), is_closed, u
    if place.lower is not None:
        return sp.expand(factor.subs(symbol, place.lower + u)), place.lower_closed, u
    assert place.upper is not None
    return sp.expand(factor.subs(symbol, place.upper - u)), place.upper_closed, u
