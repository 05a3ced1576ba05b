"""Where the smallest spectral radius probably is: a numeric search, and simple exact guesses.

Nothing here is evidence; `symgan.analysis.tune` proves or discards what it proposes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice, product
from typing import Any

import numpy as np
import sympy as sp
from sympy import Expr, Matrix, Rational, Symbol

Ranges = Sequence[tuple[Expr, Expr]]
ROUNDS, SAMPLES, SHRINK = 150, 240, 0.86
NEAR, COARSE = 2e-6, 1e-4
"""A kink stops the search 1e-5 away from it, so simple numbers are tried from farther."""
MOST_GUESSES = 300


def search(
    matrix: Matrix, symbols: Sequence[Symbol], ranges: Ranges, seed: int
) -> tuple[list[float], float]:
    """The best point of a shrinking random search, and the spectral radius there.

    Args:
        matrix: entries in the symbols alone.
        symbols: what may be chosen.
        ranges: an open range a symbol, possibly infinite.
        seed: of the random generator.
    """
    evaluate = sp.lambdify(list(symbols), [list(row) for row in matrix.tolist()], "numpy")
    rng = np.random.default_rng(seed)
    n, dim = matrix.rows, len(symbols)

    def radius(points: Any) -> Any:
        rows = evaluate(*points.T)
        stacked = np.empty((len(points), n, n))
        for i in range(n):
            for j in range(n):
                stacked[:, i, j] = rows[i][j]
        with np.errstate(all="ignore"):
            good = np.isfinite(stacked).all(axis=(1, 2))
            found = np.full(len(points), np.inf)
            found[good] = np.abs(np.linalg.eigvals(stacked[good])).max(axis=1)
        return found

    starts = _to_ranges(rng.random((4000, dim)), ranges)
    values = radius(starts)
    best, best_value = None, np.inf
    for start in np.argsort(values)[:4]:
        center, value = starts[start], values[start]
        width = 0.3 * (1 + np.abs(center))
        for _ in range(ROUNDS):
            points = center + width * rng.standard_normal((SAMPLES, dim))
            points = points[_inside(points, ranges)]
            if len(points):
                found = radius(points)
                k = int(np.argmin(found))
                if found[k] < value:
                    center, value = points[k], found[k]
            width = width * SHRINK
        if value < best_value:
            best, best_value = center, value
    assert best is not None
    return [float(v) for v in best], float(best_value)


def guesses(near: Sequence[float]) -> Iterator[tuple[Expr, ...]]:
    """Exact points close to a numeric one, simplest coordinates first."""
    yield from islice(product(*(exact_numbers(v) for v in near)), MOST_GUESSES)


def exact_numbers(value: float) -> list[Expr]:
    """Rationals of small height, their square roots and quadratic numbers close to a value."""
    found: list[Expr] = []
    for most, distance in ((12, COARSE), (60, NEAR)):
        simple = Fraction(value).limit_denominator(most)
        if abs(float(simple) - value) < distance:
            found.append(Rational(simple.numerator, simple.denominator))
        square = Fraction(value * value).limit_denominator(most)
        if abs(float(square) - value * value) < distance and value:
            root = sp.sqrt(Rational(square.numerator, square.denominator))
            found.append(root if value > 0 else -root)
    for c, d, size, side in product((1, 2, 3, 4, 5, 6), (2, 3, 5, 6, 7), (1, 2, 3, 4), (1, -1)):
        b = side * size
        a = round(value * c - b * d**0.5)
        if abs(a + b * d**0.5 - value * c) < COARSE / 10:
            found.append((a + b * sp.sqrt(d)) / sp.Integer(c))
    return list(dict.fromkeys(found))


def _to_ranges(unit: Any, ranges: Ranges) -> Any:
    """Points of the unit cube spread over the ranges, infinite ones through t / (1 - t)."""
    columns = []
    for k, (low, high) in enumerate(ranges):
        t = unit[:, k]
        if low.is_finite and high.is_finite:
            columns.append(float(low) + (float(high) - float(low)) * t)
        elif low.is_finite:
            columns.append(float(low) + t / (1 - t))
        elif high.is_finite:
            columns.append(float(high) - t / (1 - t))
        else:
            columns.append(np.tan(np.pi * (t - 0.5)))
    return np.stack(columns, axis=1)


def _inside(points: Any, ranges: Ranges) -> Any:
    good = np.ones(len(points), dtype=bool)
    for k, (low, high) in enumerate(ranges):
        good &= (points[:, k] > float(low)) & (points[:, k] < float(high))
    return good
