r"""Hypothesis strategies for exact numbers: rationals, parameters under a condition, states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import Any

import sympy as sp
from hypothesis import assume
from hypothesis import strategies as st
from sympy import Rational, Symbol
from sympy.logic.boolalg import Boolean

from symgan.differentiation import diff
from symgan.errors import GameError

Values = dict[Symbol, Rational]

VERY_FINE = 10**6
"""The largest denominator: how near to an end of a range values are drawn on purpose."""
FAR = 1000
"""Where an unbounded range is cut, unless a larger bound is asked for."""


def rationals(
    low: Any = -FAR, high: Any = FAR, *, denominator: int = 1000
) -> st.SearchStrategy[Rational]:
    r"""Rational numbers between two exact bounds, both drawn on purpose where rational.

    They shrink towards small denominators, then towards small numerators.

    Args:
        low: the lower bound, exact.
        high: the upper bound, exact.
        denominator: the largest denominator of ordinary draws.

    Raises:
        GameError: a bound is a float, is no real number, or the bounds are in the wrong order.

    >>> from hypothesis import find
    >>> find(rationals(0, 1), lambda x: x > 0)
    1
    """
    low, high = _exact(low), _exact(high)
    if not low <= high:
        raise GameError(f"the range from {low} to {high} is empty; give the lower bound first")
    drawn = _fractions(_rounded(low, up=True), _rounded(high, up=False), denominator)
    return drawn.filter(lambda x: bool(low <= x) and bool(x <= high))


def values(symbols: Iterable[Symbol], given: Boolean = sp.true) -> st.SearchStrategy[Values]:
    r"""Rational values for symbols that meet their assumptions and a condition, exactly.

    The symbols get their values in turn: of each, the range that the condition leaves
    it (given those before) is computed exactly, and its ends are drawn on purpose.

    Args:
        symbols: real symbols, in the order in which they get values.
        given: relations between them.

    >>> from hypothesis import find
    >>> a, b = sp.symbols("a b", positive=True)
    >>> find(values((a, b), a*b < 4), lambda v: v[a] > 2)[b] < 2
    True
    """
    ordered = tuple(symbols)

    @st.composite
    def drawn(draw: st.DrawFn) -> Values:
        found: Values = {}
        for symbol in ordered:
            pieces = _pieces(symbol, given.subs(found))
            piece = draw(st.sampled_from(pieces)) if len(pieces) > 1 else pieces[0]
            found[symbol] = draw(_within(piece))
        assume(given.subs(found) == sp.true)
        return found

    return drawn()


def states(
    symbols: Sequence[Symbol], *, size: int = 100, denominator: int = 100
) -> st.SearchStrategy[Values]:
    r"""Rational states, with ties on purpose: zeros, and entries of one size.

    Switching surfaces pass through zeros of coordinates and equal coordinates; a state
    drawn at random never lies on one.

    Args:
        symbols: the state symbols.
        size: the bound on each coordinate.
        denominator: the largest denominator.

    >>> from hypothesis import find
    >>> x, y = sp.symbols("x y", real=True)
    >>> find(states((x, y)), lambda v: v[x] * v[y] < 0)
    {x: 1, y: -1}
    """
    ordinary = rationals(-size, size, denominator=denominator)

    @st.composite
    def drawn(draw: st.DrawFn) -> Values:
        found = [draw(ordinary) for _ in symbols]
        for place in range(len(found)):
            tie = draw(st.sampled_from(("none", "none", "none", "zero", "equal", "opposite")))
            other = found[draw(st.integers(0, len(found) - 1))]
            ties = {"zero": sp.S.Zero, "equal": other, "opposite": -other}
            found[place] = ties.get(tie, found[place])
        return dict(zip(symbols, found, strict=True))

    return drawn()


def steps(below: Any = 2, *, also: Sequence[Any] = ()) -> st.SearchStrategy[Rational]:
    r"""Positive rational step sizes up to a bound, the bound and nearly zero included.

    Args:
        below: the largest step.
        also: further steps worth drawing (thresholds of the claim at hand).

    Raises:
        GameError: the bound is not positive.

    >>> from hypothesis import find
    >>> find(steps(3), lambda eta: True)
    1
    """
    bound = _exact(below)
    if not bound > 0:
        raise GameError(f"no step is positive and at most {below}; give a positive bound")
    chosen = [_exact(x) for x in also if _exact(x).is_Rational]
    drawn = rationals(0, bound).filter(lambda x: x > 0)
    return st.one_of(drawn, st.sampled_from(chosen)) if chosen else drawn


def point(values: Mapping[Any, Any]) -> str:
    """Exact values as one line of text: ``eta = 5/2, psi = 1, theta = 0``."""
    return ", ".join(f"{s} = {v}" for s, v in sorted(values.items(), key=lambda i: str(i[0])))


@st.composite
def _fractions(
    draw: st.DrawFn,
    low: Fraction,
    high: Fraction,
    denominator: int,
    left_open: bool = False,
    right_open: bool = False,
) -> Rational:
    """p/q: anywhere between the bounds, or the first or last two.

    The numerator is drawn in any case, and one that was drawn at an end may also be drawn
    anywhere: so a failure at an end still shrinks to small numbers.
    """
    largest = draw(st.sampled_from((12, denominator, denominator, VERY_FINE)))
    q = draw(st.integers(1, largest))
    least = floor(low * q) + 1 if left_open else ceil(low * q)
    most = ceil(high * q) - 1 if right_open else floor(high * q)
    if least > most:  # the range is too short for this denominator
        return _rational((low + high) / 2)
    place = draw(st.sampled_from(("any", "any", "any", "low", "high")))
    first = max(least, most - 1) if place == "high" else least
    last = min(least + 1, most) if place == "low" else most
    return Rational(draw(st.integers(first, last)), q)


def _exact(value: Any) -> Any:
    found = sp.sympify(value)
    if found.has(sp.Float) or not found.is_extended_real:
        raise GameError(f"{value} is no exact real number; write fractions, e.g. Rational(1, 10)")
    return found


def _rational(value: Fraction) -> Rational:
    return Rational(value.numerator, value.denominator)


def _rounded(bound: Any, *, up: bool) -> Fraction:
    """A rational at most 1e-9 inside an exact bound; the bound itself where it is rational."""
    if bound in (sp.oo, -sp.oo):
        return Fraction(FAR if bound is sp.oo else -FAR)
    if bound.is_Rational:
        return Fraction(int(bound.p), int(bound.q))
    scaled = bound * 10**9
    return Fraction(int(sp.ceiling(scaled) if up else sp.floor(scaled)), 10**9)


def _pieces(symbol: Symbol, given: Boolean) -> list[Any]:
    """The pieces of `_range`; a draw that leaves none is given up."""
    found = _range(symbol, given)
    assume(bool(found))
    return found


@lru_cache(maxsize=256)
def _range(symbol: Symbol, given: Boolean) -> list[Any]:
    """The intervals that assumptions and the relations in this symbol alone leave it."""
    alone = [p for p in sp.And.make_args(given) if p.free_symbols == {symbol}]
    plain = sp.Dummy(str(symbol), real=True)
    low, high = (0 if symbol.is_nonnegative else -FAR), (0 if symbol.is_nonpositive else FAR)
    allowed: Any = sp.Interval(low, high)
    for part in alone:
        allowed = allowed & _solutions(part.subs(symbol, plain), plain)
    if symbol.is_nonzero:
        allowed = allowed - sp.FiniteSet(0)
    parts = allowed.args if isinstance(allowed, sp.Union) else (allowed,)
    return [p for part in parts for p in _as_intervals(part)]


def _solutions(condition: Any, symbol: Symbol) -> Any:
    """The set of a relation in one symbol; a linear one without SymPy's solver, which is slow."""
    if isinstance(condition, sp.Lt | sp.Le | sp.Gt | sp.Ge):
        gap = condition.lhs - condition.rhs
        slope = diff(gap, symbol)
        if slope.is_number and slope.is_nonzero:
            end, strict = -gap.subs(symbol, 0) / slope, isinstance(condition, sp.Lt | sp.Gt)
            above = isinstance(condition, sp.Gt | sp.Ge) == bool(slope.is_positive)
            whole = (end, sp.oo, strict, True) if above else (-sp.oo, end, True, strict)
            return sp.Interval(*whole)
    return condition.as_set()


def _as_intervals(part: Any) -> list[sp.Interval]:
    if isinstance(part, sp.Interval):
        return [part]
    if isinstance(part, sp.FiniteSet):
        return [sp.Interval(x, x) for x in part if x.is_Rational]
    return []


def _within(piece: Any) -> st.SearchStrategy[Rational]:
    if piece.is_FiniteSet:
        return st.just(next(iter(piece)))
    low, high = _rounded(piece.inf, up=True), _rounded(piece.sup, up=False)
    inside = _fractions(low, high, FAR, bool(piece.left_open), bool(piece.right_open))
    return inside.filter(lambda x: bool(piece.contains(x)))
