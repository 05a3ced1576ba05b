"""Rank statistics: properties by other routes, and reference values with their source."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import permutations, product

import mpmath
import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symgan.errors import BadData, Undecided
from symgan.stats import (
    bootstrap_average_ranks,
    chi_square_tail,
    compare_ranks,
    conover,
    f_tail,
    friedman,
    holm,
    mending_cells,
    mending_transpositions,
    normal_tail,
    range_tail,
    rank_sums,
    ranks,
    sampled_friedman_tail,
    sign_test,
    wilcoxon,
)

SMALL = st.integers(-3, 3).map(Fraction)  # few values: ties are drawn on purpose
MIXED = SMALL | st.fractions(max_denominator=9)


def tables(most_blocks: int, most_treatments: int) -> st.SearchStrategy[list[list[Fraction]]]:
    """Tables of values, with ties."""
    return st.integers(2, most_treatments).flatmap(
        lambda k: st.lists(
            st.lists(MIXED, min_size=k, max_size=k), min_size=1, max_size=most_blocks
        )
    )


def not_all_tied(table: list[list[Fraction]]) -> bool:
    return any(len(set(row)) > 1 for row in table)


@given(st.lists(MIXED, min_size=1, max_size=9))
def test_ranks_count_pairs(values: list[Fraction]) -> None:
    by_pairs = tuple(Fraction(sum(1 + (a > b) - (a < b) for b in values) + 1, 2) for a in values)
    assert ranks(values) == by_pairs
    n = len(values)
    assert sum(by_pairs) == Fraction(n * (n + 1), 2)
    assert ranks([-v for v in values], higher_is_better=True) == by_pairs


def test_floats_are_refused() -> None:
    with pytest.raises(BadData, match=r"0\.5 is not an exact number"):
        ranks([0.5, 1])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ([], "no blocks"),
        ([[1, 2], [1]], "blocks hold 1, 2 values"),
        ([[1], [2]], "at least two values"),
        ([[]], "holds no values"),
        ([[2, 2], [1, 1]], "ties all its treatments"),
    ],
)
def test_tables_that_cannot_be_ranked_are_refused(table: list[list[int]], why: str) -> None:
    with pytest.raises(BadData, match=why):
        friedman(table)


@given(tables(6, 4).filter(not_all_tied))
def test_friedman_is_a_ratio_of_variances(table: list[list[Fraction]]) -> None:
    """Another formula: between over within blocks, ranks centered; W from the definition."""
    test = friedman(table)
    n, k = len(table), len(table[0])
    centered = [[r - Fraction(k + 1, 2) for r in ranks(row)] for row in table]
    between = sum(sum(column) ** 2 for column in zip(*centered, strict=True))
    within = sum(r * r for row in centered for r in row)
    assert test.statistic == (k - 1) * between / within
    assert 0 <= test.kendall_w <= 1
    if not any(len(set(row)) < k for row in table):  # Friedman's own formula, without ties
        squares = sum(total**2 for total in test.rank_sums)
        assert test.statistic == Fraction(12, n * k * (k + 1)) * squares - 3 * n * (k + 1)
        # Kendall 1939: twelve times the variance of the sums over its largest value.
        spread = sum((total - Fraction(n * (k + 1), 2)) ** 2 for total in test.rank_sums)
        assert test.kendall_w == 12 * spread / (n**2 * (k**3 - k))


@settings(max_examples=40)
@given(tables(4, 3).filter(not_all_tied))
def test_exact_p_is_the_share_of_all_orders(table: list[list[Fraction]]) -> None:
    observed = friedman(table).statistic
    orders = [list(permutations(ranks(row))) for row in table]
    found = [friedman(rows).statistic >= observed for rows in product(*orders)]
    assert friedman(table).p_exact == Fraction(sum(found), len(found))


@pytest.mark.parametrize(
    ("sums", "n", "tail"),
    [
        # Friedman 1937, tables V and VI; Hollander and Wolfe 1999, table A.22 (k, n, Q).
        ((3, 6, 9), 3, "0.028"),  # k = 3, n = 3, Q = 6
        ((4, 8, 12), 4, "0.005"),  # k = 3, n = 4, Q = 8
        ((2, 4, 6, 8), 2, "0.042"),  # k = 4, n = 2, Q = 6
        ((3, 6, 9, 12), 3, "0.002"),  # k = 4, n = 3, Q = 9
    ],
)
def test_exact_p_agrees_with_printed_tables(sums: tuple[int, ...], n: int, tail: str) -> None:
    test = friedman([list(range(len(sums)))] * n)
    assert test.rank_sums == sums
    assert f"{float(test.p_exact):.3f}" == tail


def test_exact_p_for_many_blocks_is_near_the_sampled_one() -> None:
    table = [[(i * 7 + j * j * 3) % 11 for j in range(4)] for i in range(30)]
    exact = float(friedman(table).p_exact)
    m = 20_000
    sampled = float(sampled_friedman_tail(table, seed=3, samples=m))
    # Five standard errors of a binomial share: a chance of 6e-7 for this one seed.
    assert abs(sampled - exact) < 5 * math.sqrt(exact * (1 - exact) / m)


def test_more_treatments_than_can_be_counted_are_refused() -> None:
    with pytest.raises(Undecided, match="6 treatments is too large; use p_chi_square"):
        _ = friedman([list(range(6))] * 2).p_exact


@given(st.fractions(0, 60, max_denominator=50), st.integers(1, 12))
def test_chi_square_tail_is_the_incomplete_gamma(x: Fraction, degrees: int) -> None:
    found = chi_square_tail(sp.Rational(x.numerator, x.denominator), degrees)
    with mpmath.workdps(30):
        half = mpmath.mpf(x.numerator) / x.denominator / 2
        other = mpmath.gammainc(mpmath.mpf(degrees) / 2, half, mpmath.inf, regularized=True)
        # 30 digits are kept; the closed form loses up to 14 to cancellation in 1 - erf.
        assert abs(mpmath.mpf(str(sp.N(found, 45))) - other) < mpmath.mpf(10) ** -25


@pytest.mark.parametrize(
    ("degrees", "quantile", "tail"),
    [(1, "3.841", 0.05), (3, "7.815", 0.05), (3, "11.345", 0.01), (2, "5.991", 0.05)],
)
def test_chi_square_tail_at_tabulated_quantiles(degrees: int, quantile: str, tail: float) -> None:
    # Abramowitz and Stegun, table 26.8: three decimals move the tail by less than 2e-5.
    assert float(chi_square_tail(sp.Rational(quantile), degrees)) == pytest.approx(tail, abs=2e-5)


@given(st.fractions(0, 20, max_denominator=9), st.integers(1, 9), st.integers(1, 9))
def test_f_tail_turns_into_its_reciprocal(x: Fraction, above: int, below: int) -> None:
    assume(x > 0)
    both = f_tail(sp.Rational(x), above, below) + f_tail(1 / sp.Rational(x), below, above)
    assert abs(both - 1) < mpmath.mpf(10) ** -14  # mpmath's working precision outside: 15


def test_normal_and_range_tails_at_tabulated_quantiles() -> None:
    assert float(normal_tail(sp.Rational("1.959964"))) == pytest.approx(0.05, abs=1e-7)
    # Demsar 2006, table 5a: q_0.05 = 2.569 for four treatments, sqrt(2) taken out.
    assert float(range_tail(2.569 * math.sqrt(2), 4)) == pytest.approx(0.05, abs=1e-4)
    # Two treatments: the range is |N(0, 2)|.
    assert float(range_tail(1.7, 2)) == pytest.approx(float(normal_tail(1.7 / math.sqrt(2))))


@given(st.lists(st.fractions(0, 1, max_denominator=40), min_size=1, max_size=6))
def test_holm_rejects_what_the_step_down_procedure_rejects(p_values: list[Fraction]) -> None:
    adjusted = holm([sp.Rational(p.numerator, p.denominator) for p in p_values])
    for level in (Fraction(1, 20), Fraction(1, 5), Fraction(1, 2)):
        rejected: set[int] = set()
        for step, index in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
            if p_values[index] * (len(p_values) - step) > level:
                break
            rejected.add(index)
        assert {i for i, p in enumerate(adjusted) if p <= sp.Rational(level)} == rejected


def test_holm_refuses_what_is_no_probability() -> None:
    with pytest.raises(BadData, match="between 0 and 1"):
        holm([sp.Rational(3, 2)])


@settings(max_examples=60)
@given(st.lists(MIXED, min_size=1, max_size=7))
def test_signed_tests_count_all_signs(differences: list[Fraction]) -> None:
    used = [d for d in differences if d != 0]
    if not used:
        with pytest.raises(BadData, match="all differences are zero"):
            wilcoxon(differences)
        return
    weights = ranks([abs(d) for d in used])
    for found, weight in ((wilcoxon(used), weights), (sign_test(used), (1,) * len(used))):
        half = Fraction(sum(weight)) / 2
        observed = abs(sum(w for w, d in zip(weight, used, strict=True) if d > 0) - half)
        all_signs = product((0, 1), repeat=len(used))
        hits = sum(
            abs(sum(w for w, s in zip(weight, signs, strict=True) if s) - half) >= observed
            for signs in all_signs
        )
        assert found == Fraction(hits, 2 ** len(used))


def test_pairs_are_compared_in_standard_errors() -> None:
    (pair,) = compare_ranks([[1, 2]] * 3 + [[2, 1]])
    assert pair.difference == Fraction(-1, 2)
    assert pair.z == -1  # two treatments: the z of the sign test, (1 - 3) / sqrt(4)
    assert float(pair.p_nemenyi) == pytest.approx(float(pair.p_normal), rel=1e-12)


@given(
    st.lists(st.lists(MIXED, min_size=2, max_size=2), min_size=2, max_size=9).filter(not_all_tied)
)
def test_two_treatments_have_one_question(table: list[list[Fraction]]) -> None:
    """For two treatments Conover's t squared is Iman and Davenport's F."""
    (p,) = conover(table).values()
    assert abs(p - friedman(table).p_iman_davenport) < mpmath.mpf(10) ** -14  # of 15 digits


def test_conover_with_the_formula_written_out() -> None:
    """Rank sums 4, 5, 9 of three blocks: A = 42, C = 36, Q = 14/3."""
    table = [[1, 2, 3], [1, 2, 3], [2, 1, 3]]
    t = 5 / math.sqrt(2 * 3 * 6 * (1 - Fraction(14, 18)) / 4)
    # Student's t with four degrees has a closed form (Abramowitz and Stegun 26.7.4).
    sine = t / math.sqrt(4 + t * t)
    inside = sine * (1 + (1 - sine**2) / 2)
    assert float(conover(table)[0, 2]) == pytest.approx(1 - inside, rel=1e-12)
    with pytest.raises(BadData, match="at least two blocks"):
        conover([[1, 2, 3]])


def test_bootstrap_is_seeded_and_holds_the_mean() -> None:
    table = [[1, 2, 3]] * 25 + [[3, 1, 2]] * 20
    one, two, other = (bootstrap_average_ranks(table, seed=s, resamples=101) for s in (1, 1, 2))
    assert one == two != other
    for interval, total in zip(one, rank_sums(table), strict=True):
        assert interval.low <= total / 45 <= interval.high
    with pytest.raises(BadData, match="must lie between 0 and 1"):
        bootstrap_average_ranks(table, seed=1, level=1.0)


@settings(max_examples=60)
@given(tables(3, 3).filter(not_all_tied), st.data())
def test_mending_finds_every_single_change(
    table: list[list[Fraction]], data: st.DataObject
) -> None:
    """A change made at random, if it moves the ranks, is found from its averages."""
    place = data.draw(st.integers(0, len(table) - 1))
    cell = data.draw(st.integers(0, len(table[0]) - 1))
    others = [v for i, v in enumerate(table[place]) if i != cell]
    value = data.draw(MIXED.filter(lambda v: v not in others))
    changed = [list(row) for row in table]
    changed[place][cell] = value
    target = [total / len(table) for total in rank_sums(changed)]
    found = mending_cells(table, target)
    if ranks(changed[place]) == ranks(table[place]):
        assert rank_sums(changed) == rank_sums(table)
        return
    assert any((c.block, c.treatment) == (place, cell) and c.allows(value) for c in found)
    false = [mean + Fraction(1, 7 * len(table)) for mean in target]
    assert mending_cells(table, false) == ()
    assert mending_transpositions(table, false) == ()
