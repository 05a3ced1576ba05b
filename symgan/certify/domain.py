"""Domains: what a conjunction of equations and inequalities says of single symbols."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp
from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean


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
    """Whether a finite bound depends on the symbol neither directly nor through other bounds."""
    if bound.has(sp.oo, -sp.oo, sp.zoo, sp.nan):
        return False
    seen: set[Any] = set()
    ahead: set[Any] = set(bound.free_symbols)
    while ahead:
        seen |= ahead
        places = (ranges[s] for s in ahead if s in ranges)
        ends = (end for place in places for end in (place.lower, place.upper))
        ahead = set().union(*(end.free_symbols for end in ends if end is not None)) - seen
    return symbol not in seen


def refinements(given: Boolean, taken: set[Any]) -> dict[Symbol, Symbol]:
    """Symbols whose given range has a sign their assumptions do not say yet."""
    refined: dict[Symbol, Symbol] = {}
    for symbol, place in read_domain(given).ranges.items():
        if place.lower is not None and place.lower.is_nonnegative and not symbol.is_positive:
            strict = not place.lower_closed or place.lower.is_positive
            sign = "positive" if strict else "nonnegative"
        elif place.upper is not None and place.upper.is_nonpositive and not symbol.is_negative:
            strict = not place.upper_closed or place.upper.is_negative
            sign = "negative" if strict else "nonpositive"
        else:
            continue
        known = {k: v for k, v in symbol._assumptions_orig.items() if v is not None}
        new = Symbol(symbol.name, **(known | {sign: True}))
        if new != symbol and new not in taken:  # names may repeat, under other assumptions
            refined[symbol] = new
    return refined


def assumed(symbol: Symbol, value: Expr) -> Iterator[Boolean]:
    """What a symbol's assumptions say of the value that takes its place."""
    conditions = (
        ("positive", sp.StrictGreaterThan),
        ("negative", sp.StrictLessThan),
        ("nonnegative", sp.GreaterThan),
        ("nonpositive", sp.LessThan),
        ("nonzero", sp.Unequality),
    )
    for name, relation in conditions:
        if getattr(symbol, f"is_{name}") and getattr(value, f"is_{name}") is None:
            yield relation(value, 0)
