"""Who moves: eq. (5) and algorithm 2 against plain readings of them."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from symgan.empirical import orders
from symgan.empirical.orders import BOTH, DISCRIMINATOR, GENERATOR, NOBODY, Seen, decide, named
from symgan.errors import BadData, UnknownName

BATCH = 3
VALUES = st.sampled_from([-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, math.nan, math.inf])


def algorithm2(last: int, w_last: float, real: list[float], fake: list[float]) -> int:
    """Algorithm 2 line by line, for one member; min and max of what holds NaN are NaN."""
    w = sum(abs(a - b) for a, b in zip(sorted(real), sorted(fake), strict=True)) / len(real)
    ratio = math.nan if w_last == w == 0 else math.inf if w_last == 0 else w / w_last
    if last == NOBODY:
        return DISCRIMINATOR
    if max(real) < min(fake):
        return DISCRIMINATOR
    if max(fake) < min(real):
        return GENERATOR
    if last == GENERATOR:
        return GENERATOR if ratio < 0.75 else DISCRIMINATOR
    return DISCRIMINATOR if ratio > 1.1 else GENERATOR


@given(
    st.sampled_from([NOBODY, GENERATOR, DISCRIMINATOR]),
    st.sampled_from([0.0, 0.25, 1.0, 1 / 1.1, 1 / 0.75, 4.0]),
    st.lists(VALUES.filter(math.isfinite), min_size=BATCH, max_size=BATCH),
    st.lists(VALUES.filter(math.isfinite), min_size=BATCH, max_size=BATCH),
)
def test_decisions_are_those_of_algorithm_2(
    last: int, w_last: float, real: list[float], fake: list[float]
) -> None:
    """Among other members, whose states do not matter."""
    one = torch.ones(3, dtype=torch.float64)
    rows = [torch.tensor([r, r, r], dtype=torch.float64) for r in (real, fake)]
    rows[1][0], rows[1][2] = 7.0, -7.0
    seen = Seen(torch.tensor([1, last, 2]), one * w_last, torch.zeros(3, BATCH))
    real_rows, fake_rows = map(orders.in_order, rows)
    after = decide(seen, real_rows, fake_rows, 1.1 * one, 0.75 * one)
    assert after.last[1].item() == algorithm2(last, w_last, real, fake)
    assert after.last[[0, 2]].tolist() == [DISCRIMINATOR, GENERATOR]
    expected = sum(abs(a - b) for a, b in zip(sorted(real), sorted(fake), strict=True)) / BATCH
    assert after.divergence[1].item() == pytest.approx(expected, rel=1e-15)  # three additions


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_projections_that_are_no_numbers_end_no_run(value: float) -> None:
    seen = Seen(torch.tensor([GENERATOR]), torch.ones(1), torch.zeros(1, 2))
    broken = torch.tensor([[0.0, value]])
    one = torch.ones(1)
    assert decide(seen, broken, torch.zeros(1, 2), one, one).last.item() == DISCRIMINATOR


def test_unequal_batches_are_refused() -> None:
    one = torch.ones(1)
    seen = Seen.start(1, 2, one)
    with pytest.raises(BadData, match="batches of equal size"):
        decide(seen, torch.zeros(1, 2), torch.zeros(1, 3), one, one)


@pytest.mark.parametrize("n_d", [1, 2, 5])
def test_alternation_is_equation_5(n_d: int) -> None:
    """The generator moves where i = n_d modulo n_d + 1, with i counted from 0."""
    order = named(f"alt{n_d}")
    assert isinstance(order, orders.Fixed)
    for i in range(40):
        assert order.at(i) == (GENERATOR if i % (n_d + 1) == n_d else DISCRIMINATOR)


def test_further_orders() -> None:
    sim, two = named("sim"), named("alt2:3")
    assert isinstance(sim, orders.Fixed)
    assert isinstance(two, orders.Fixed)
    assert sim.at(17) == BOTH == GENERATOR | DISCRIMINATOR
    assert [two.at(k) for k in range(6)] == [2, 2, 2, 1, 1, 2]


@pytest.mark.parametrize("name", ["", "alt", "alt0", "alt-1", "simultaneous", "alt1:0"])
def test_an_unknown_order_names_the_known(name: str) -> None:
    with pytest.raises(UnknownName, match="choose one of: sim, alt1, alt5, dynamic, altN"):
        named(name)
