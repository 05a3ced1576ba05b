"""Where code is tried: simple rationals, a deciding grid, and floats over many magnitudes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product
from math import prod
from typing import Any

import numpy as np
import sympy as sp
from sympy import Integer, Rational, Symbol

from symgan.audit.derived import Derived
from symgan.certify.identity import admits, rational_points
from symgan.differentiation import diff
from symgan.kernels.switching import branched, guard, relations

Point = dict[Symbol, Rational]

LARGEST_GRID = 1500
"""Starts of a deciding grid, at most: some seconds in rational arithmetic."""
SIMPLE = tuple(
    Rational(p, q)
    for p, q in ((0, 1), (1, 1), (-1, 1), (2, 1), (-2, 1), (1, 2), (-1, 2), (3, 1), (-3, 1),
                 (3, 2), (-3, 2), (1, 3), (-1, 3), (2, 3), (4, 1), (1, 4), (5, 1), (-5, 1))
)  # fmt: skip
"""The simplest first."""


def generic(symbols: Sequence[Symbol]) -> Point:
    """One point without zeros, equal values or simple relations, exact in binary."""
    numerators = (3, 5, -7, 11, -13, 17, 19, -23, 29, -31, 37, 41, -43, 47)
    found = {}
    for i, s in enumerate(symbols):
        value = Rational(numerators[i % len(numerators)], 8 * (1 + i // len(numerators)))
        found[s] = next(v for v in (value, -value, *fallback()) if admits(s, v))
    return found


def fallback() -> Iterator[Rational]:
    """Numbers for symbols with narrow assumptions (whole numbers, probabilities)."""
    yield from SIMPLE


def simple(derived: Derived, count: int) -> list[Point]:
    """Simple rational points, zeros and equal values among them, and points on conditions."""
    points = list(islice(rational_points(set(derived.symbols)), count))
    return points + [tied for point in points[: count // 4] for tied in _ties(derived, point)]


def special(derived: Derived) -> list[Point]:
    """Points that code may treat apart: zeros, ones, equal and opposite coordinates, conditions."""
    base = generic(derived.symbols)
    zero = Integer(0)
    found: list[Point] = [{**base, **dict.fromkeys(derived.state, value)} for value in SIMPLE[:3]]
    for i, s in enumerate(derived.state):
        found += [{**base, s: value} for value in SIMPLE[:3]]
        found.append({**base, **dict.fromkeys(derived.state, zero), s: base[s]})
        for t in derived.state[:i]:
            found += [{**base, s: base[t]}, {**base, s: -base[t]}]
    found += _ties(derived, base)
    return [p for p in found if all(admits(s, v) for s, v in p.items())]


def far(derived: Derived) -> list[Point]:
    """Points far out in each direction, where code may clip."""
    base = generic(derived.symbols)
    found = [
        {**base, s: sign * base[s] + sign * size}
        for s in derived.state
        for size in (Integer(100), Integer(10) ** 6)
        for sign in (1, -1)
    ]
    return [p for p in found if all(admits(s, v) for s, v in p.items())]


def _ties(derived: Derived, point: Point) -> list[Point]:
    """The point moved to where a condition is an equality."""
    found = []
    values = {**point, **derived.fixed}
    for condition in conditions(derived):
        gap = guard(condition)
        for s in derived.state:
            slope = diff(gap, s)
            if slope == 0 or s in slope.free_symbols:
                continue
            root = -(gap / slope).subs(s, 0).subs(values)
            if root.is_Rational and admits(s, root):
                found.append({**point, s: root})
    return found


def conditions(derived: Derived) -> tuple[Any, ...]:
    """The comparisons that branch on the players' symbols."""
    found = relations([branched(f) for f in derived.entries])
    return tuple(r for r in found if r.free_symbols & set(derived.state))


def grid(derived: Derived) -> list[Point] | None:
    """Points that tell polynomials of the derived degrees apart; None: no polynomial, or too many.

    A polynomial of degree at most :math:`d_s` in each symbol that vanishes on a grid of
    :math:`d_s + 1` values a symbol is zero.
    """
    if derived.memory or derived.index is not None:
        return None
    degrees = dict.fromkeys(derived.symbols, 0)
    for f in derived.entries:
        held = f.subs(derived.fixed)
        if not held.is_polynomial(*derived.symbols):
            return None
        for s in derived.symbols:
            degrees[s] = max(degrees[s], int(sp.degree(held, s)) if held.has(s) else 0)
    if prod(d + 1 for d in degrees.values()) > LARGEST_GRID:
        return None
    axes = [_axis(s, d + 1) for s, d in degrees.items()]
    return [dict(zip(degrees, values, strict=True)) for values in product(*axes)]


def _axis(symbol: Symbol, count: int) -> list[Rational]:
    walk = (*SIMPLE, *(Integer(n) for n in range(6, 6 + count)))
    return list(islice((v for v in walk if admits(symbol, v)), count))


def floats(derived: Derived, count: int, seed: int) -> list[Point]:
    r"""Points that are exact in binary, from :math:`2^{-30}` to :math:`2^{20}`.

    In half of them all coordinates are of one size, so that no term is lost beside another;
    in the others sizes differ. Every fifth has a zero in it, and simple ones come first.
    """
    draw = np.random.default_rng(seed)
    small = [v for v in SIMPLE if v.q in (1, 2, 4)]
    found = []
    for i in range(count):
        size = 0 if i < count // 2 else int(draw.integers(-30, 20))
        point: Point = {}
        for s in derived.symbols:
            own = size if i % 2 or s not in derived.state else int(draw.integers(-12, 12))
            value = Rational(int(draw.integers(1, 64)) * int(draw.choice([-1, 1])), 16)
            value = value * Rational(2) ** own if s in derived.state else value / 4
            if i < count // 4:
                value = small[int(draw.integers(len(small)))]
            point[s] = next(v for v in (value, -value, *fallback()) if admits(s, v))
        if i % 5 == 0:
            s = derived.state[int(draw.integers(len(derived.state)))]
            point[s] = Integer(0) if admits(s, Integer(0)) else point[s]
        found.append(point)
    return found


def by_size(symbols: Sequence[Symbol], count: int, *, binary: bool = False) -> Iterator[Point]:
    """Simple points, those with the simplest coordinates first; exact in binary if asked."""
    values = [v for v in SIMPLE if not binary or v.q in (1, 2, 4)]
    axes = {s: [v for v in values if admits(s, v)] or [Integer(1)] for s in symbols}
    total = 0
    made = 0
    while made < count and total < 3 * len(SIMPLE):
        for ranks in _ranks([len(axis) for axis in axes.values()], total):
            yield {s: axis[r] for (s, axis), r in zip(axes.items(), ranks, strict=True)}
            made += 1
            if made >= count:
                return
        total += 1


def _ranks(lengths: Sequence[int], total: int) -> Iterator[tuple[int, ...]]:
    """Positions on the axes that add up to a total."""
    if not lengths:
        if total == 0:
            yield ()
        return
    for first in range(min(total, lengths[0] - 1) + 1):
        for rest in _ranks(lengths[1:], total - first):
            yield (first, *rest)
