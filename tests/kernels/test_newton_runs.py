"""The first change of sign of a Newton sequence, against exact sequences."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from symgan.kernels.newton_runs import (
    bound,
    first_change,
    linear_change,
    polynomial,
    powers,
    value,
)

LIMIT = 14
nodes = st.lists(st.sampled_from([0.5, 1.0, 2.0]), min_size=1, max_size=4)
"""Powers of two up to the limit keep all sums of float64 exact."""


def exact(coefficients: list[int], r: list[float], count: int) -> list[Fraction]:
    """G(0), ..., G(count) by c -> Uc."""
    c, found = [Fraction(v) for v in coefficients], []
    for _ in range(count + 1):
        found.append(c[0])
        above = [*c[1:], Fraction(0)]
        c = [Fraction(q) * v + a for q, v, a in zip(r, c, above, strict=True)]
    return found


def sign(v: Fraction) -> int:
    return (v > 0) - (v < 0)


@settings(max_examples=120, deadline=None)
@given(nodes, st.data())
def test_no_change_of_sign_is_missed(r: list[float], data: st.DataObject) -> None:
    c = data.draw(st.lists(st.integers(-9, 9), min_size=len(r), max_size=len(r)))
    sequence = exact(c, r, LIMIT)
    columns = [np.array([float(v)]) for v in c]
    count = int(first_change(columns, powers(r, LIMIT), np.array([float(LIMIT)]))[0])
    changes = [n for n, v in enumerate(sequence) if sign(v) != sign(sequence[0])]
    first = min([*changes, LIMIT])
    assert 1 <= count <= max(first, 1)
    _, dropped = bound([np.sign(c[0]) * column for column in columns])
    if c[0] and not dropped.any():
        assert count == first  # one sign change of the coefficients: the formula is sharp


@settings(max_examples=60, deadline=None)
@given(nodes, st.integers(0, LIMIT), st.data())
def test_values_after_many_steps(r: list[float], count: int, data: st.DataObject) -> None:
    c = data.draw(st.lists(st.integers(-9, 9), min_size=len(r), max_size=len(r)))
    columns, steps = [np.array([float(v)]) for v in c], np.array([float(count)])
    expected = exact(c, r, count)[-1]
    assert value(columns, powers(r, LIMIT), steps)[0] == expected
    ones = exact(c, [1.0] * len(r), count)[-1]
    assert polynomial(columns, steps)[0] == ones


def test_a_sequence_that_touches_zero_and_comes_back() -> None:
    """5 - 3 n + n (n - 1) / 2 is positive again at n = 5; the bound stops before n = 2."""
    columns = [np.array([v]) for v in (5.0, -3.0, 1.0)]
    count = first_change(columns, powers([1.0] * 3, 100), np.array([100.0]))[0]
    assert count == 1.0
    assert [polynomial([c[0] for c in columns], float(n)) for n in (1, 2, 5)] == [2, 0, 0]


@settings(max_examples=120, deadline=None)
@given(
    st.floats(1e-150, 1e150),
    st.floats(1e-160, 1e150),
    st.sampled_from([0, 1, 2, 3, 17, 1000, 2**30]),
)
def test_straight_lines_are_checked_before_and_after(a: float, d: float, multiple: int) -> None:
    """Ties and their neighbors: the start is a multiple of the slope, as floats have it."""
    start = multiple * d if multiple else a
    limit = 2.0**40
    count = float(linear_change(np.array([start]), np.array([-d]), np.array([limit]))[0])
    with np.errstate(over="ignore"):
        assert count == 1 or start + (count - 1) * -d > 0
        assert count == limit or start + count * -d <= 0
    if multiple and start < 1e300:
        exactly = -(-Fraction(start) // Fraction(d))
        assert abs(count - exactly) <= 1  # the product above is rounded
