"""A shorter study beside the full one, and the page that shows it."""

from __future__ import annotations

import pytest

from symgan.empirical.study.analysis import Analysis, analyze
from symgan.empirical.study.shorter import beside_full
from symgan.errors import BadData
from tests.empirical.study.made import ORDERS, result


def made(order: tuple[str, ...], iterations: int) -> Analysis:
    """Orders from the best to the worst, alike in all pairs."""
    return analyze(
        result(lambda g, d, o, s: 0.1 * (1 + order.index(o)) + 0.01 * s, iterations=iterations)
    )


def test_equal_rankings_agree_and_opposite_ones_do_not() -> None:
    full = made(ORDERS, 200)
    same, opposite = made(ORDERS, 100), made(ORDERS[::-1], 100)
    text = beside_full(same, full)
    assert "| Sim | 1.000 | 4 | 1.000 | 4 |" in text
    assert "| order | average rank, 100 iterations, 3 seeds | first |" in text
    assert "the two is 1.000" in text
    assert "4 of 4 pairs have the same order first" in text
    other = beside_full(opposite, full)
    assert "| Sim | 4.000 | 0 | 1.000 | 4 |" in other
    assert "the two is -1.000" in other
    assert "0 of 4 pairs have the same order first" in other


def test_studies_of_other_cells_are_not_compared() -> None:
    fewer = analyze(result(lambda g, d, o, s: len(g) + ORDERS.index(o) + s, gans=("WGAN",)))
    with pytest.raises(BadData, match="different grids"):
        beside_full(fewer, made(ORDERS, 200))
