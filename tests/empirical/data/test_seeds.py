"""Streams by key: the whole state of the generator is the key's, and keys do not collide."""

from __future__ import annotations

import hashlib
import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from symgan.empirical.data import derived_seed, seeds, stream

KEYS = st.lists(st.integers() | st.text(max_size=6), min_size=1, max_size=4).map(tuple)
UNLIKELY = 1e-9
"""Probability that a sound generator fails one statistical test."""


def raw(generator: torch.Generator, count: int) -> list[float]:
    """Uniform draws, each of 53 bits from two 32-bit outputs."""
    return torch.rand(count, generator=generator, dtype=torch.float64).tolist()


def test_the_generator_is_the_twister_in_the_state_of_the_key() -> None:
    # Another implementation of MT19937, given the same 624 words. PyTorch joins two outputs to
    # 64 bits and takes the lower 53.
    words = np.frombuffer(seeds.digest((3, "latents", 17), 4 * 624), dtype="<u4")
    twister = np.random.MT19937()
    twister.state = {"bit_generator": "MT19937", "state": {"key": words.copy(), "pos": 624}}
    outputs = [[int(value) for value in pair] for pair in twister.random_raw(2000).reshape(-1, 2)]
    expected = [((high << 32 | low) % 2**53) / 2**53 for high, low in outputs]
    assert raw(stream(3, "latents", 17), 1000) == expected
    assert raw(stream(3, "latents", 18), 1000) != expected


def test_the_digest_is_shake_of_the_written_key() -> None:
    written = b"symgan;int:2:-3;str:4:a;b:"
    assert seeds.digest((-3, "a;b:"), 16) == hashlib.shake_256(written).digest(16)


@settings(max_examples=60)
@given(KEYS, KEYS)
def test_different_keys_have_different_streams(one: tuple, other: tuple) -> None:
    same = [type(x) for x in one] == [type(x) for x in other] and one == other
    assert (seeds.digest(one, 32) == seeds.digest(other, 32)) == same
    assert (derived_seed(*one) == derived_seed(*other)) == same
    assert 0 <= derived_seed(*one) < 2**63


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("a", "b"), ("ab",)),
        (("a;str:1:b",), ("a", "b")),
        ((1, 23), (12, 3)),
        ((1,), ("1",)),
        ((0,), (2**32,)),
        ((7,), (7, 0)),
    ],
)
def test_keys_that_look_alike_differ(one: tuple, other: tuple) -> None:
    assert raw(stream(*one), 4) != raw(stream(*other), 4)


def test_integers_are_the_same_key_whatever_library_they_are_of() -> None:
    assert seeds.digest((np.int64(7), "a"), 8) == seeds.digest((7, "a"), 8)
    assert seeds.digest((np.uint8(7), "a"), 8) != seeds.digest((8, "a"), 8)
    with pytest.raises(TypeError, match="float"):
        stream(7.0)  # type: ignore[arg-type] - refused at run time


def test_seeding_by_number_would_collide() -> None:
    # The reason for filling the state: PyTorch's own seeding forgets the upper half of a seed.
    one, other = (torch.Generator().manual_seed(seed) for seed in (5, 5 + 2**32))
    assert raw(one, 100) == raw(other, 100)
    assert raw(stream(5), 100) != raw(stream(5 + 2**32), 100)


def covariance(one: torch.Generator, other: torch.Generator, count: int) -> float:
    """Of uniform draws of two generators; 1/12 where they agree."""
    x, y = (torch.rand(count, generator=g, dtype=torch.float64) - 0.5 for g in (one, other))
    return float((x * y).mean())


@pytest.mark.parametrize("other", [(1, "a", 0), (0, "b", 0), (0, "a", 1), (0, "a", 64)])
def test_streams_of_neighboring_keys_are_uncorrelated(other: tuple) -> None:
    count = 20_000
    # Products lie in [-1/4, 1/4]: Hoeffding's inequality.
    bound = 0.25 * math.sqrt(2 * math.log(2 / UNLIKELY) / count)
    assert abs(covariance(stream(0, "a", 0), stream(*other), count)) < bound
    assert covariance(stream(0, "a", 0), stream(0, "a", 0), count) > bound


def test_an_unknown_layout_of_the_state_is_refused() -> None:
    state = torch.Generator().manual_seed(1).get_state().numpy()
    seeds._state_words(state)
    shifted = np.roll(state, 8)
    for wrong in (state[:-8], shifted, torch.Generator().manual_seed(2).get_state().numpy()):
        with pytest.raises(RuntimeError, match="layout"):
            seeds._state_words(wrong.copy())
