"""KID: unbiased by enumeration in exact fractions, its error by leaving out and by repetition."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from math import sqrt
from statistics import stdev

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from symgan.empirical.metrics.kernel import kid, kid_subsets
from symgan.errors import BadData
from tests.empirical.metrics.points import normal

Point = tuple[int, ...]


def kernel(u: Point, v: Point) -> Fraction:
    return (Fraction(sum(a * b for a, b in zip(u, v, strict=True)), len(u)) + 1) ** 3


def mean(terms: Sequence[Fraction]) -> Fraction:
    return sum(terms, Fraction(0)) / len(terms)


def within(x: Sequence[Point], repeated: bool) -> Fraction:
    pairs = product(range(len(x)), repeat=2)
    return mean([kernel(x[i], x[j]) for i, j in pairs if repeated or i != j])


def mmd2(x: Sequence[Point], y: Sequence[Point], *, repeated: bool) -> Fraction:
    """The squared MMD: of laws uniform on x and y if `repeated`, else the U-statistic."""
    cross = mean([kernel(u, v) for u, v in product(x, y)])
    return within(x, repeated) + within(y, repeated) - 2 * cross


points = st.lists(st.tuples(*[st.integers(-4, 4)] * 2), min_size=3, max_size=5)


@settings(max_examples=30)
@given(points, points)
def test_the_value_is_the_u_statistic(x: list[Point], y: list[Point]) -> None:
    """Kernel values are at most 17^3: the tolerance is some units of their last place."""
    exact = float(mmd2(x, y, repeated=False))
    assert abs(kid(torch.tensor(x), torch.tensor(y)).value - exact) <= 1e-11


P, Q = [(0, 1), (2, -1), (1, 1)], [(1, 0), (3, 2)]


@pytest.mark.parametrize(("repeated", "unbiased"), [(False, True), (True, False)])
def test_its_mean_over_all_samples_is_the_distance_of_the_laws(
    repeated: bool, unbiased: bool
) -> None:
    """All samples of three points with replacement; the V-statistic is the false neighbor."""
    found = [
        mmd2(x, y, repeated=repeated) for x in product(P, repeat=3) for y in product(Q, repeat=3)
    ]
    assert (mean(found) == mmd2(P, Q, repeated=True)) is unbiased


def test_the_error_is_that_of_leaving_out_each_sample() -> None:
    x, y = normal(0, 9, 2), normal(1, 6, 2)
    variance = 0.0
    for one, other in ((x, y), (y, x)):
        n = len(one)
        left = [kid(torch.cat([one[:i], one[i + 1 :]]), other).value for i in range(n)]
        variance += stdev(left) ** 2 * (n - 1) ** 2 / n
    assert kid(x, y).error == pytest.approx(sqrt(variance), rel=1e-11)


def test_the_error_is_what_repetition_shows() -> None:
    """400 repetitions know a deviation to 4 %; the bias of a jackknife at n = 60 is a few %."""
    repeats, n = 400, 60
    x, y = normal(2, repeats, n, 2), normal(3, repeats, n, 2) + 0.7
    found = [kid(x[k], y[k]) for k in range(repeats)]
    typical = sqrt(sum(f.error**2 for f in found) / repeats)
    assert typical == pytest.approx(stdev(f.value for f in found), rel=0.15)


def test_parts_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = normal(4, 25, 3), normal(5, 30, 3)
    whole = kid(x, y)
    monkeypatch.setattr("symgan.empirical.metrics.kernel._ROWS", 7)
    assert kid(x, y).value == pytest.approx(whole.value, abs=1e-12)
    assert kid(x, y).error == pytest.approx(whole.error, rel=1e-10)


@pytest.mark.parametrize("size", [2, 3])
def test_the_mean_over_many_subsets_is_the_whole(size: int) -> None:
    x, y = normal(6, 12, 2), normal(7, 10, 2) + 1
    found = kid_subsets(x, y, torch.Generator().manual_seed(0), subsets=1500, size=size)
    error = found.deviation / sqrt(1500)
    assert abs(found.value - kid(x, y).value) <= 4 * error
    assert abs(found.value - 1.3 * kid(x, y).value) > 4 * error


def test_subsets_come_from_the_generator_and_hold_no_sample_twice() -> None:
    x = normal(11, 6, 2)
    first, again, other = (
        kid_subsets(x, x, torch.Generator().manual_seed(s), subsets=3, size=4) for s in (1, 1, 2)
    )
    assert first == again != other
    whole = kid_subsets(x, x, torch.Generator().manual_seed(1), subsets=3, size=6)
    assert whole.values == pytest.approx([kid(x, x).value] * 3, rel=1e-12)


def test_the_scale_of_features_matters_and_their_order_does_not() -> None:
    x, y = normal(8, 20, 3), normal(9, 20, 3) + 0.5
    turn = torch.linalg.qr(normal(10, 3, 3)).Q
    assert kid(x @ turn, (y @ turn).flip(0)).value == pytest.approx(kid(x, y).value, rel=1e-11)
    assert kid(2 * x, 2 * y).value != pytest.approx(kid(x, y).value, rel=0.5)


@pytest.mark.parametrize(
    ("n", "subsets", "size", "says"),
    [(5, 3, 6, "2 to 5 samples"), (5, 1, 3, "subsets = 1"), (5, 3, 1, "size = 1")],
)
def test_subsets_that_do_not_fit_are_named(n: int, subsets: int, size: int, says: str) -> None:
    x: Tensor = torch.zeros(n, 2)
    with pytest.raises(BadData, match=says):
        kid_subsets(x, torch.zeros(9, 2), torch.Generator(), subsets=subsets, size=size)


def test_too_few_samples_are_named() -> None:
    with pytest.raises(BadData, match="n >= 3"):
        kid(torch.zeros(2, 2), torch.zeros(5, 2))
