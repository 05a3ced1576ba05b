"""Rank correlation of two tables: against brute force, SciPy, and neighbors that are wrong."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from symgan.errors import BadData
from symgan.stats import ranks
from symgan.stats.agreement import agreement, spearman

ROWS = st.lists(st.integers(-2, 3), min_size=3, max_size=3)
PAIRS = st.lists(st.tuples(ROWS, ROWS), min_size=1, max_size=2)


def products(row: list[int], other: tuple[Fraction, ...]) -> Fraction:
    return sum(((a - 2) * (b - 2) for a, b in zip(ranks(row), other, strict=True)), Fraction(0))


@given(PAIRS)
def test_the_tail_is_that_of_all_permutations(blocks: list[tuple[list[int], list[int]]]) -> None:
    first, second = ([list(side) for side in sides] for sides in zip(*blocks, strict=True))
    found = agreement(first, second)
    observed = sum(products(r, ranks(s)) for r, s in blocks)
    every = [
        sum(products(r, o) for r, o in zip(first, orders, strict=True))
        for orders in product(*(list(permutations(ranks(s))) for s in second))
    ]
    assert found.p_exact == Fraction(sum(total >= observed for total in every), len(every))
    assert found.mean == observed / (2 * len(blocks))  # 2 = (k^3 - k)/12 for three treatments


def test_without_ties_a_row_is_spearmans_coefficient() -> None:
    first, second = [3, 1, 4, 15, 9], [2, 7, 1, 8, 28]
    found = agreement([first], [second])
    assert float(found.rows[0]) == pytest.approx(spearmanr(first, second)[0], abs=1e-15)
    assert found.rows[0] != agreement([first], [second[::-1]]).rows[0]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=3, max_size=12))
def test_spearman_with_ties_is_scipys(pairs: list[tuple[int, int]]) -> None:
    one, other = ([pair[side] for pair in pairs] for side in (0, 1))
    if len(set(one)) == 1 or len(set(other)) == 1:
        with pytest.raises(BadData, match="all values of a list are equal"):
            spearman(one, other)
    else:  # rounding of a quotient and a root of whole numbers, and SciPy's own
        assert spearman(one, other) == pytest.approx(spearmanr(one, other)[0], abs=1e-12)


def test_agreement_runs_from_equal_to_opposite() -> None:
    table = [[1, 2, 3, 4], [4, 2, 1, 3], [2, 1, 4, 3]]
    same, opposite = agreement(table, table), agreement(table, [[-x for x in r] for r in table])
    assert (same.mean, same.p_exact) == (1, Fraction(1, 24**3))
    assert (opposite.mean, opposite.p_exact) == (-1, 1)


def test_tables_of_different_shapes_are_refused() -> None:
    with pytest.raises(BadData, match="tables of 1 x 2 and 2 x 2 values"):
        agreement([[1, 2]], [[1, 2], [1, 2]])
    with pytest.raises(BadData, match="2 and 3 values"):
        spearman([1, 2], [1, 2, 3])
