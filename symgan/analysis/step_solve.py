r"""Polynomial conditions solved for the step, with signs of coefficients as cases.

A solution is a list of cases: where its condition on the parameters holds, the steps of an
open interval satisfy everything. Linear and quadratic conditions (also in a power of the
step) are solved; anything else has no closed form here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import product
from math import gcd

import sympy as sp
from sympy import And, Expr, Integer, Interval, Mul, Or, Poly, Set, Symbol
from sympy.logic.boolalg import Boolean

from symgan.analysis.budget import Budget
from symgan.analysis.conditions import tidy
from symgan.analysis.prune import implied, impossible, without_implied
from symgan.analysis.signs import positive, sign, size, split, vanishes
from symgan.analysis.step_order import compare

MOST_CASES = 12
MOST_PAIRS = 24
"""Beyond, two solutions are not intersected: every pair of cases is a question to the solver."""


@dataclass(frozen=True)
class Case:
    """Where the condition on the parameters holds, all steps from low to high."""

    condition: Boolean
    low: Expr
    high: Expr


Cases = list[Case]


def solve_all(expressions: Iterable[Expr], symbol: Symbol, budget: Budget) -> Cases | None:
    """All positive steps at which every expression is positive; None without a closed form."""
    found: Cases = [Case(sp.true, Integer(0), sp.oo)]
    open_signs = [e for e in expressions if sign(e) != 1]
    if _is_hopeless(open_signs, symbol):
        return None
    needed = without_implied(open_signs, symbol > 0, Budget(budget.left / 3))
    if not all(_has_closed_form(e, symbol) for e in needed):
        return None
    for expression in sorted(needed, key=sp.count_ops):
        budget.check(f"solving the conditions for {symbol}")
        cases = _solve(expression, symbol)
        if cases is None or len(found) * len(cases) > MOST_PAIRS:
            return None
        budget.check(f"solving the conditions for {symbol}")
        found = [c for pair in product(found, cases) for c in _meet(*pair)]
        if len(found) > MOST_CASES:
            return None
    return _united(found)


def _is_hopeless(expressions: list[Expr], symbol: Symbol) -> bool:
    """Whether a condition without a closed form does not follow from all the others."""
    for e in expressions:
        if not _has_closed_form(e, symbol):
            others = (other > 0 for other in expressions if other is not e)
            return not implied(e > 0, And(symbol > 0, *others))
    return False


def _united(cases: Cases) -> Cases:
    """Cases with the same interval as one."""
    conditions: dict[tuple[Expr, Expr], Boolean] = {}
    for c in cases:
        ends = (c.low, c.high)
        conditions[ends] = tidy(Or(conditions.get(ends, sp.false), c.condition))
    return [Case(condition, *ends) for ends, condition in conditions.items()]


def as_set(cases: Cases) -> Set | None:
    """The set of steps; None where its form changes with the parameters."""
    if not cases:
        return sp.S.EmptySet
    if all(c.condition == cases[0].condition for c in cases):
        where = cases[0].condition
        return sp.Union(*(_interval(c.low, _where(c.high, where)) for c in cases))
    for one, other in ((a, b) for k, a in enumerate(cases) for b in cases[k + 1 :]):
        both = tidy(And(one.condition, other.condition))
        if both is not sp.false and not impossible(both):
            return None
    return _interval(_by_case([(c.low, c.condition) for c in cases]),
                     _by_case([(c.high, c.condition) for c in cases]))  # fmt: skip


def _by_case(ends: list[tuple[Expr, Boolean]]) -> Expr:
    """One expression for an end; 0, so that the interval is empty, where no case holds."""
    if all(end == 0 for end, _ in ends):
        return Integer(0)
    return sp.Piecewise(*ends, (0, True), evaluate=False)


def _interval(low: Expr, high: Expr) -> Set:
    return Interval.open(low, high)


def _where(high: Expr, condition: Boolean) -> Expr:
    return high if condition is sp.true else _by_case([(high, condition)])


def _has_closed_form(expression: Expr, symbol: Symbol) -> bool:
    """Whether every factor that can change its sign is solved for the step by square roots."""
    factors = [(f, power) for f, power in split(expression)[1] if symbol in f.free_symbols]
    unsure = [(f, power) for f, power in factors if sign(f) is None]
    return len(unsure) <= 2 and all(
        power % 2 == 1 and len(_in_powers(f, symbol)) <= 3 for f, power in unsure
    )


def _in_powers(factor: Expr, symbol: Symbol) -> list[Expr]:
    r"""The coefficients in :math:`t = \eta^d` with d as large as can be."""
    polynomial = Poly(factor, symbol)
    return polynomial.all_coeffs()[:: _common_power(polynomial)]


def _common_power(polynomial: Poly) -> int:
    return gcd(*(m[0] for m in polynomial.monoms() if m[0]))


def _solve(expression: Expr, symbol: Symbol) -> Cases | None:
    """One condition ``expression > 0``."""
    known = sign(expression)
    if known is not None:
        return [Case(sp.true, Integer(0), sp.oo)] if known > 0 else []
    constant, factors = split(expression)
    outer: list[Expr] = []
    inner: list[Expr] = []
    for base, power in factors:
        fixed = sign(base)
        if fixed is not None:
            constant *= fixed ** abs(power)
        elif power % 2 == 0:
            if symbol in base.free_symbols:
                return None  # a single step is excluded: left to the exact condition
            outer.append(base**2)
        else:
            (inner if symbol in base.free_symbols else outer).append(base)
    if len(inner) > 2:
        return None
    found: Cases = []
    for chosen in product((1, -1), repeat=len(inner)):
        rest = positive(constant * Mul(*chosen) * Mul(*outer))
        if rest is sp.false:
            continue
        parts = [_one_factor(s * f, symbol) for s, f in zip(chosen, inner, strict=True)]
        if any(p is None for p in parts):
            return None
        start = [Case(rest, Integer(0), sp.oo)]
        found += reduce(lambda a, b: [c for pair in product(a, b or []) for c in _meet(*pair)],
                        parts, start)  # fmt: skip
    return found


def _one_factor(factor: Expr, symbol: Symbol) -> Cases | None:
    step, coefficients = _common_power(Poly(factor, symbol)), _in_powers(factor, symbol)
    if len(coefficients) > 3:
        return None
    cases = _linear(*coefficients) if len(coefficients) == 2 else _quadratic(*coefficients)
    return [
        Case(c.condition, _take_root(c.low, step), _take_root(c.high, step))
        for c in cases
        if c.condition is not sp.false
    ]


def _take_root(end: Expr, degree: int) -> Expr:
    if degree == 1 or end in (sp.oo, 0):
        return end
    return real_root(end) if degree == 2 else sp.root(end, degree)


def real_root(square: Expr) -> Expr:
    """The square root, squares taken out; where the square is negative nobody asks.

    >>> b = Symbol("b", real=True)
    >>> real_root(4 - 4*b**2)
    2*sqrt(1 - b**2)
    """
    top, bottom = sp.fraction(sp.factor(sp.together(square)))
    outside, inside = Integer(1), Integer(1)
    for part in Mul.make_args(sp.factor(top * bottom)):
        base, exponent = part.as_base_exp()
        if part.is_Rational:
            root = sp.sqrt(abs(part))
            outside, inside = (
                (outside * root, inside * sp.sign(part))
                if root.is_Rational
                else (outside, inside * part)
            )
        elif exponent.is_Integer and exponent > 1:
            outside *= size(base ** (exponent // 2))
            inside *= base ** (exponent % 2)
        else:
            inside *= part
    return outside * sp.sqrt(sp.expand(inside)) / size(bottom)


def _linear(slope: Expr, offset: Expr) -> Iterator[Case]:
    r"""Positive t with :math:`a t + b > 0`."""
    end = sp.factor(-offset / slope)
    for a, b in product((1, 0, -1), repeat=2):
        where = And(_has_sign(slope, a), _has_sign(offset, b))
        if where is sp.false or (a <= 0 and b <= 0):
            continue
        if a < 0:
            yield Case(where, Integer(0), end)
        elif b < 0:
            yield Case(where, end, sp.oo)
        else:
            yield Case(where, Integer(0), sp.oo)


def _quadratic(a: Expr, b: Expr, c: Expr) -> Iterator[Case]:
    r"""Positive t with :math:`a t^2 + b t + c > 0`."""
    discriminant = sp.factor(b**2 - 4 * a * c)
    for s in (1, 0, -1):
        where = _has_sign(a, s)
        if where is sp.false:
            continue
        if s == 0:
            for case in _linear(b, c):
                yield Case(And(where, case.condition), case.low, case.high)
            continue
        root = real_root(discriminant)
        small, large = (sp.factor((-b - s * root) / (2 * a)), sp.factor((-b + s * root) / (2 * a)))
        middle = sp.factor(-b / (2 * a))
        yield from _with_leading_sign(s, where, b, c, discriminant, small, middle, large)


def _with_leading_sign(
    s: int,
    where: Boolean,
    b: Expr,
    c: Expr,
    discriminant: Expr,
    small: Expr,
    middle: Expr,
    large: Expr,
) -> Iterator[Case]:
    """For a leading coefficient of sign s; s b and s c are minus the sum and the product."""
    for t in (1, 0, -1):
        ends = And(where, _has_sign(s * c, t))
        if ends is sp.false:
            continue
        if t < 0:  # one positive root
            yield Case(ends, large if s > 0 else Integer(0), sp.oo if s > 0 else large)
        elif t == 0:  # 0 is a root, the other one has the sign of -s b
            rises = And(ends, _has_sign(s * b, -1))
            if s > 0:
                yield Case(rises, large, sp.oo)
                yield Case(And(ends, Or(positive(b), vanishes(b))), Integer(0), sp.oo)
            else:
                yield Case(rises, Integer(0), large)
        else:
            two = And(ends, _has_sign(s * b, -1), _has_sign(discriminant, 1))
            one = And(ends, _has_sign(s * b, -1), _has_sign(discriminant, 0))
            if s < 0:
                yield Case(two, small, large)
                continue
            yield Case(two, Integer(0), small)
            yield Case(two, large, sp.oo)
            yield Case(one, Integer(0), middle)
            yield Case(one, middle, sp.oo)
            none = And(ends, Or(positive(b), vanishes(b), positive(-discriminant)))
            yield Case(tidy(none), Integer(0), sp.oo)


def _has_sign(expression: Expr, value: int) -> Boolean:
    if value == 0:
        return vanishes(expression)
    return positive(value * expression)


def _meet(one: Case, other: Case) -> Iterator[Case]:
    condition = tidy(And(one.condition, other.condition))
    if condition is sp.false or impossible(condition):
        return
    low = _extreme(one.low, other.low, condition, largest=True)
    high = _extreme(one.high, other.high, condition, largest=False)
    if high == low or compare(low, high, condition) == 1:
        return
    yield Case(condition, low, high)


def _extreme(one: Expr, other: Expr, given: Boolean, *, largest: bool) -> Expr:
    order = compare(one, other, given)
    if order is None:
        return sp.Max(one, other) if largest else sp.Min(one, other)
    return one if (order >= 0) == largest else other
