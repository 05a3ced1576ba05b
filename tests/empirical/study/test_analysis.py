"""Statistics of studies whose answers are known beforehand."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise

import mpmath
import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy import stats

from symgan.data import exact, table
from symgan.empirical.study.analysis import ALL, analyze
from symgan.empirical.study.contrasts import contrasts, exactly
from symgan.empirical.study.design import DATASETS, GANS
from symgan.empirical.study.printed import METHODS, compare
from symgan.errors import BadData
from symgan.stats import ranks
from tests.empirical.study.made import ORDERS, result

PRINTED = {
    (row["gan"], row["dataset"].lower(), row["method"]): float(exact(row["value"]))
    for row in table("dynamic_table1").rows
}


def ordered(gan: str, data: str, order: str, seed: int) -> float:
    """Dynamic first everywhere, then sim, alt5, alt1; seeds only shift all of them."""
    place = ("dynamic", "sim", "alt5", "alt1").index(order)
    return (1 + place) * (1 + 0.1 * seed) * (1 + len(gan) + len(data))


def noisy(gan: str, data: str, order: str, seed: int) -> float:
    key = [ord(c) for c in gan + data + order]
    return float(np.random.default_rng([seed, *key]).lognormal())


def test_orders_that_always_stand_alike_are_told_apart() -> None:
    found = analyze(result(ordered))
    everywhere = found.ranked[ALL]
    assert everywhere.test.average_ranks == (2, 4, 3, 1)  # sim, alt1, alt5, dynamic
    assert everywhere.test.kendall_w == 1
    assert everywhere.p_exact == Fraction(math.factorial(4), math.factorial(4) ** 4)
    assert everywhere.first == (0, 0, 0, 4)
    assert everywhere.over_seeds is not None
    assert [(i.low, i.high) for i in everywhere.over_seeds] == [(2, 2), (4, 4), (3, 3), (1, 1)]
    assert all(view.average_ranks == (2, 4, 3, 1) for view in found.seeds)


def test_blocks_are_pairs_and_seeds_no_further_blocks() -> None:
    few, many = (analyze(result(noisy, seeds=range(n))) for n in (1, 7))
    assert few.ranked[ALL].test.blocks == many.ranked[ALL].test.blocks == 4
    assert few.ranked["ring"].test.blocks == 2


def test_a_cell_is_the_median_with_the_range_of_its_seeds() -> None:
    found = analyze(result(noisy, seeds=range(5)))
    values = sorted(noisy("WGAN", "line", "alt5", s) for s in range(5))
    cell = found.cells["WGAN", "line", "alt5"]
    assert cell.median == values[2]
    assert (cell.interval.low, cell.interval.high, cell.interval.level) == (
        values[0],
        values[4],
        0.9375,
    )
    assert cell.mean == pytest.approx(np.mean(values), rel=1e-15)
    assert cell.mean_interval is not None
    expected = stats.t.interval(0.95, 4, np.mean(values), stats.sem(values))
    assert (cell.mean_interval.low, cell.mean_interval.high) == pytest.approx(expected, rel=1e-11)


def test_ranks_of_medians_are_friedmans_of_scipy() -> None:
    study = result(noisy)
    found = analyze(study)
    columns = [
        [found.cells[gan, data, order].median for gan in study.gans for data in study.datasets]
        for order in ORDERS
    ]
    statistic, p = stats.friedmanchisquare(*columns)
    test = found.ranked[ALL].test
    assert float(test.statistic) == pytest.approx(statistic, rel=1e-12)
    assert float(test.p_chi_square) == pytest.approx(p, rel=1e-10)


def test_diverged_members_rank_last_and_never_vanish() -> None:
    def value(gan: str, data: str, order: str, seed: int) -> float:
        gone = order == "dynamic" and data == "ring" and seed < 2
        return math.inf if gone else ordered(gan, data, order, seed)

    found = analyze(result(value))
    cell = found.cells["WGAN", "ring", "dynamic"]
    assert (cell.median, cell.diverged, cell.mean) == (math.inf, 2, None)
    assert cell.interval.high == math.inf
    assert found.ranked["ring"].test.average_ranks == (1, 3, 2, 4)
    assert found.ranked["line"].test.average_ranks == (2, 4, 3, 1)


def test_one_of_three_diverged_leaves_the_median_finite() -> None:
    def value(gan: str, data: str, order: str, seed: int) -> float:
        return math.inf if order == "dynamic" and seed == 2 else ordered(gan, data, order, seed)

    found = analyze(result(value))
    assert found.cells["WGAN", "ring", "dynamic"].median < math.inf
    assert found.ranked[ALL].test.average_ranks == (2, 4, 3, 1)


def test_contrasts_say_which_order_is_nearer_and_by_how_much() -> None:
    found = {(c.first, c.second): c for c in analyze(result(ordered)).contrasts}
    one = found["sim", "dynamic"]
    assert one.ratio == pytest.approx(2, rel=1e-14)
    assert (one.wins, one.losses) == (0, 4)
    assert found["alt1", "alt5"].ratio == pytest.approx(4 / 3, rel=1e-14)
    assert one.p_sign == one.p_wilcoxon == Fraction(1, 8)


@given(st.lists(st.lists(st.floats(0.01, 10), min_size=2, max_size=2), min_size=5, max_size=9))
@settings(max_examples=8)
@example([[1.0, 1.0]] * 4 + [[0.010000000000000002, 0.01]])
@example([[5e-324, 1e308]] * 3 + [[0.5, 0.25]] * 2)
def test_contrasts_are_scipys(rows: list[list[float]]) -> None:
    assume(any(x != y for x, y in rows))
    found = contrasts(["a", "b"], rows)[0]
    logs = [float(mpmath.log(mpmath.mpf(x) / y)) for x, y in rows]
    assert found.ratio == pytest.approx(math.exp(np.median(logs)), rel=1e-12)
    differ = [log for log in logs if log]
    assert (found.wins, found.losses) == (sum(x < y for x, y in rows), sum(x > y for x, y in rows))
    sizes = sorted(abs(log) for log in differ)
    apart = all(b > a * (1 + 1e-12) for a, b in pairwise(sizes))  # by more than roundings
    if apart and len(differ) == len(logs):  # SciPy's exact test knows no ties
        expected = stats.wilcoxon(differ, method="exact")[1]
        assert found.p_wilcoxon is not None
        assert float(found.p_wilcoxon) == pytest.approx(expected, rel=1e-12)


def test_contrasts_bear_members_that_diverged() -> None:
    found = contrasts(["a", "b"], [[1.0, math.inf], [math.inf, math.inf], [0.5, 2.0]])[0]
    assert (found.wins, found.losses, found.ratio) == (2, 0, 0.25)
    assert found.interval.low == 0
    both = contrasts(["a", "b"], [[1.0, math.inf], [math.inf, 1.0]])[0]
    assert (both.ratio, both.interval.low, both.interval.high) == (1, 0, math.inf)


@given(st.lists(st.floats(0, 1e300) | st.just(math.inf), min_size=1, max_size=6))
def test_exact_numbers_rank_like_the_floats(values: list[float]) -> None:
    places = [1 + sum(x < y for x in values) + (values.count(y) - 1) / 2 for y in values]
    assert list(map(float, ranks(exactly(values)))) == places


def test_a_study_of_one_order_is_refused() -> None:
    with pytest.raises(BadData, match="one order has nothing to rank"):
        analyze(result(ordered, orders=("sim",)))


def test_the_same_seed_of_resampling_gives_the_same_numbers() -> None:
    study = result(noisy)
    assert analyze(study, seed=1) == analyze(study, seed=1)
    assert analyze(study, seed=1).p_scores != analyze(study, seed=2).p_scores


def test_the_printed_table_agrees_with_itself() -> None:
    def value(gan: str, data: str, order: str, seed: int) -> float:
        return PRINTED[gan, data, METHODS[order]] * (1 + 0.01 * (seed - 1))

    study = result(value, gans=GANS, datasets=DATASETS)
    found = analyze(study)
    beside = compare(found)
    assert beside is not None
    assert beside.within.mean == 1
    assert beside.inside == 128
    assert beside.first == found.ranked[ALL].first == (4, 4, 8, 16)
    assert all(f.printed == f.measured for f in beside.findings)
    for name, ranked in found.ranked.items():
        assert beside.average_ranks[name] == ranked.test.average_ranks
    # section 6.1: "exactly half" of the pairs, three of four data sets
    assert beside.findings[0].printed == "16 of 32"
    assert beside.findings[1].printed.startswith("3 of 4")


def test_a_study_that_contradicts_the_print_is_shown_to() -> None:
    def value(gan: str, data: str, order: str, seed: int) -> float:
        return 1 / PRINTED[gan, data, METHODS[order]] + seed * 1e-6

    beside = compare(analyze(result(value, gans=GANS, datasets=DATASETS)))
    assert beside is not None
    assert beside.within.mean == -1
    assert beside.within.p_exact == 1
    assert beside.inside == 0
    assert beside.findings[0].measured != beside.findings[0].printed
    assert beside.averages == pytest.approx(-1, abs=1e-15)


def test_what_the_paper_did_not_print_is_not_compared() -> None:
    assert compare(analyze(result(noisy, orders=("sim", "alt3")))) is None
    assert compare(analyze(result(noisy, datasets=("digits",)))) is None
