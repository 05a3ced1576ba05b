"""Mini-batches and latent draws by number: the same whenever, wherever and in whatever order."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from symgan.empirical.data import BLOCK, Circle, Images, Ring, Stream, batches, latents, seeds
from symgan.empirical.data.normal import box_muller, normal
from symgan.empirical.data.streams import Indexed
from symgan.errors import BadData, UnknownName

UNLIKELY = 1e-9
"""Probability that sound draws fail one statistical test."""

TINY = Images("tiny", torch.arange(12, dtype=torch.uint8).reshape(12, 1, 1, 1), levels=11)
"""Twelve images of one pixel, the k-th of value k."""

STREAMS: dict[str, Callable[[int, int], Stream]] = {
    "normal": lambda batch, seed: latents(3, batch, seed),
    "uniform": lambda batch, seed: latents(2, batch, seed, law="uniform"),
    "plane": lambda batch, seed: batches(Ring(), batch, seed),
    "epochs": lambda batch, seed: batches(TINY, batch, seed),
    "replacement": lambda batch, seed: batches(TINY, batch, seed, order="replacement"),
}
# Iterations around the ends of blocks, and one that a study ends at.
ITERATIONS = st.sampled_from([0, 1, 63, 64, 65, 127, 128, 29_999]) | st.integers(0, 10**6)


@pytest.mark.parametrize("kind", STREAMS)
@settings(max_examples=12)
@given(data=st.data())
def test_an_iteration_is_the_same_whenever_it_is_asked_for(kind: str, data: st.DataObject) -> None:
    batch, seed = data.draw(st.integers(1, 7)), data.draw(st.integers(-3, 3))
    asked = data.draw(st.lists(ITERATIONS, min_size=1, max_size=12))
    used = STREAMS[kind](batch, seed)
    answers = [used.at(k) for k in asked]
    for k, answer in zip(asked, answers, strict=True):
        fresh = STREAMS[kind](batch, seed)
        assert torch.equal(fresh.at(k), answer)
        assert torch.equal(used.at(k), answer)


@pytest.mark.parametrize("kind", STREAMS)
@settings(max_examples=8)
@given(first=ITERATIONS)
def test_a_block_holds_its_iterations(kind: str, first: int) -> None:
    block = STREAMS[kind](5, 1).block(first)
    alone = STREAMS[kind](5, 1)
    assert torch.equal(block, torch.stack([alone.at(first + i) for i in range(BLOCK)]))
    assert not torch.equal(block[:-1], block[1:])


@settings(max_examples=15)
@given(st.integers(1, 7), st.lists(st.integers(0, 70), min_size=2, max_size=4))
def test_normal_rows_split(length: int, parts: list[int]) -> None:
    whole, pieces = seeds.stream("split"), seeds.stream("split")
    drawn = torch.cat([normal((rows, length), pieces) for rows in parts])
    assert torch.equal(normal((sum(parts), length), whole), drawn)


def test_the_ends_of_uniform_draws_are_finite() -> None:
    ends = np.array([[0.0, 0.0], [1 - 2.0**-53, 0.5]])
    found = box_muller(ends)
    assert found[0].tolist() == [0, 0]
    assert found[1, 0] == pytest.approx(-math.sqrt(106 * math.log(2)))  # 8.57 deviations


@pytest.mark.parametrize("kind", STREAMS)
def test_seeds_and_iterations_have_draws_of_their_own(kind: str) -> None:
    drawn = [STREAMS[kind](50, seed).at(k) for seed in (0, 1) for k in (0, 1, 64, 128)]
    for i, one in enumerate(drawn):
        for other in drawn[:i]:
            assert not torch.equal(one, other)


def test_data_and_latents_of_one_seed_are_different_streams() -> None:
    points = batches(Circle(), 64, 0).at(0)
    angle = torch.atan2(points[:, 1], points[:, 0]) / (2 * math.pi) % 1
    uniform = (latents(1, 64, 0, law="uniform").at(0)[:, 0] + 1) / 2
    assert (angle - uniform).abs().max() > 0.1
    again = batches(Circle(radius=2.0), 64, 0).at(0)  # one name: the same draws, another size
    assert torch.allclose(again, 4 * points)


@pytest.mark.parametrize("kind", ["normal", "plane", "epochs"])
def test_single_precision_sees_the_rounded_draws_of_double(kind: str) -> None:
    builders: dict[str, Callable[[torch.dtype], Stream]] = {
        "normal": lambda dtype: latents(3, 8, 0, dtype=dtype),
        "plane": lambda dtype: batches(Ring(), 8, 0, dtype=dtype),
        "epochs": lambda dtype: batches(TINY, 8, 0, dtype=dtype),
    }
    single, double = (builders[kind](d).at(70) for d in (torch.float32, torch.float64))
    assert (single.dtype, double.dtype) == (torch.float32, torch.float64)
    assert torch.equal(single, double.to(torch.float32))


def test_threads_do_not_change_a_bit() -> None:
    before = torch.get_num_threads()
    try:
        found = []
        for threads in (1, 4):
            torch.set_num_threads(threads)
            found.append(latents(101, 128, 3).at(5))
    finally:
        torch.set_num_threads(before)
    assert torch.equal(*found)


def in_epochs(stream: Stream, iterations: int) -> bool:
    """Whether the images come as one permutation after another."""
    values = torch.cat([stream.at(k).flatten() for k in range(iterations)])
    whole = values[: len(values) // len(TINY) * len(TINY)].reshape(-1, len(TINY))
    every = TINY.take(torch.arange(len(TINY))).flatten()
    return all(torch.equal(epoch.sort().values, every) for epoch in whole)


@pytest.mark.parametrize("batch", [1, 5, 12, 17, 30])
def test_each_epoch_meets_every_image_once(batch: int) -> None:
    iterations = 2 * BLOCK + 3
    assert in_epochs(batches(TINY, batch, 0), iterations)
    assert not in_epochs(batches(TINY, batch, 0, order="replacement"), iterations)


def frequencies(codes: Tensor, count: int) -> Tensor:
    """How often each of some whole numbers occurs."""
    return torch.bincount(codes, minlength=count).double() / len(codes)


def bound(cases: int, count: int) -> float:
    """Hoeffding's, for the frequencies of all cases at once."""
    return math.sqrt(math.log(2 * cases / UNLIKELY) / (2 * count))


def test_permutations_are_uniform() -> None:
    three = Images("three", torch.arange(3, dtype=torch.uint8).reshape(3, 1, 1, 1))
    stream = batches(three, 3, 0)
    assert isinstance(stream, Indexed)
    orders = torch.stack([stream._permutation(epoch) for epoch in range(4000)])
    found = frequencies(orders[:, 0] * 3 + orders[:, 1], 9)
    expected = torch.tensor([0, 1, 1, 1, 0, 1, 1, 1, 0]) / 6
    limit = bound(9, len(orders))
    assert (found - expected).abs().max() < limit
    # A shuffle by three random swaps of any two is not uniform: 4/27 against 5/27.
    swapped = torch.tensor([0, 4, 5, 5, 0, 5, 4, 4, 0]) / 27
    assert (swapped - expected).abs().max() < limit  # too near to tell by 4000
    cyclic = torch.tensor([0, 1, 0, 0, 0, 1, 1, 0, 0]) / 3  # rotations alone
    assert (cyclic - expected).abs().max() > 2 * limit


def test_replacement_draws_uniformly() -> None:
    stream = batches(TINY, 100, 0, order="replacement")
    values = torch.cat([stream.block(first).flatten() for first in range(0, 3 * BLOCK, BLOCK)])
    codes = ((values + 1) / 2 * 11).round().long()
    limit = bound(12, len(codes))
    assert (frequencies(codes, 12) - 1 / 12).abs().max() < limit
    missing_last = frequencies(codes % 11, 12)  # as if the last image were never drawn
    assert (missing_last - 1 / 12).abs().max() > limit


def distance(values: Tensor, cdf: Callable[[Tensor], Tensor]) -> float:
    """Kolmogorov's, between a sample and a law."""
    ordered = values.sort().values
    n = len(ordered)
    level = cdf(ordered)
    steps = torch.arange(n + 1, dtype=torch.float64) / n
    return float(torch.maximum(steps[1:] - level, level - steps[:-1]).max())


def test_latents_follow_their_laws() -> None:
    normal = latents(10, 100, 4, dtype=torch.float64).block(0).flatten()
    uniform = latents(10, 100, 4, law="uniform", dtype=torch.float64).block(0).flatten()
    limit = math.sqrt(math.log(2 / UNLIKELY) / (2 * len(normal)))  # Dvoretzky, Kiefer, Wolfowitz
    assert distance(normal, torch.special.ndtr) < limit
    assert distance(uniform, lambda x: (x + 1) / 2) < limit
    assert distance(1.1 * normal, torch.special.ndtr) > limit
    assert distance(uniform**3, lambda x: (x + 1) / 2) > limit


def test_entries_of_a_latent_vector_are_uncorrelated() -> None:
    draws = latents(6, 100, 4, dtype=torch.float64).block(0).reshape(-1, 6)
    found = torch.corrcoef(draws.T) - torch.eye(6)
    # Normal to first order with deviation 1/sqrt(n): 7 of them, for 15 pairs below 1e-9.
    assert found.abs().max() < 7 / math.sqrt(len(draws))
    mixed = draws + 0.2 * draws.roll(1, 1)
    assert (torch.corrcoef(mixed.T) - torch.eye(6)).abs().max() > 7 / math.sqrt(len(draws))


def test_what_was_drawn_is_kept_and_no_more() -> None:
    stream = latents(2, 3, 0)
    assert stream.block(64).data_ptr() == stream.block(64).data_ptr()
    for first in range(0, 40 * BLOCK, BLOCK):
        stream.block(first)
    kept = [list(pair) for pair in pairwise(stream._blocks)]
    assert len(stream._blocks) == 8
    assert kept[-1] == [38, 39]
    stream.block(32 * BLOCK)  # the oldest, asked for again, stays; the next oldest goes
    stream.block(40 * BLOCK)
    assert (32 in stream._blocks, 33 in stream._blocks) == (True, False)


@pytest.mark.parametrize(
    ("ask", "error", "words"),
    [
        (lambda: latents(2, 0, 0), BadData, "batch = 0"),
        (lambda: latents(0, 2, 0), BadData, "dimension = 0"),
        (lambda: latents(2, 2, 0, law="cauchy"), UnknownName, "normal, uniform"),
        (lambda: batches(TINY, 2, 0, order="sorted"), UnknownName, "epochs, replacement"),
        (lambda: latents(2, 2, 0).at(-1), BadData, "iteration -1"),
        (lambda: latents(2, 2, 0).block(-64), BadData, "iteration -64"),
    ],
)
def test_what_cannot_be_drawn_is_said(
    ask: Callable[[], object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        ask()
