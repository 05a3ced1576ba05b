"""Random numbers in generated code are those of NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symgan.kernels.errors import KernelError
from symgan.kernels.jit.functions import philox as emitted
from symgan.kernels.jit.lanes import Lanes, Value
from symgan.kernels.philox import normals, philox
from tests.kernels.jit.vectors import Vectors

COUNT = 3


def _words(lanes: Lanes, a: Value, b: Value, c: Value, d: Value, k: Value, m: Value) -> Any:
    words = emitted.philox(lanes, (a, b, c, d), (k, m))
    return [*map(lanes.from_bits, words), emitted.uniform(lanes, words[0], words[1])]


def _normals(lanes: Lanes, k: Value, m: Value, stream: Value, step: Value) -> Any:
    return emitted.normals(lanes, (k, m), stream, step, COUNT)


WORDS = Vectors(_words, ["integer"] * 6, 5, np.float64)
NORMALS = Vectors(_normals, ["integer"] * 4, COUNT, np.float64)
word = st.sampled_from([0, 1, 0xFFFFFFFF]) | st.integers(0, 0xFFFFFFFF)


@settings(max_examples=30)
@given(st.tuples(word, word, word, word), st.tuples(word, word))
def test_words_and_uniforms_are_the_same_bits(counter: Any, key: Any) -> None:
    wanted = philox(counter, key)
    columns = [np.array([w], dtype=np.uint64) for w in (*counter, *key)]
    *words, uniform = WORDS(*columns)
    assert [int(w.view(np.uint64)[0]) for w in words] == [int(w) for w in wanted]
    bits = (int(wanted[0]) << 21) | (int(wanted[1]) >> 11)
    assert float(uniform[0]) == (float(bits) + 0.5) * 2.0**-53


@settings(max_examples=10)
@given(st.integers(0, 2**64 - 1), st.integers(0, 2**31 - 1), st.integers(0, 2**64 - 100))
def test_normals_agree_to_rounding(seed: int, step: int, first: int) -> None:
    """Within 8 units of the larger of the draw and 1: logarithm, root, angle, two products."""
    streams = np.arange(first, first + 64, dtype=np.uint64)
    wanted = normals(seed, streams, step, COUNT)
    key = (np.full(64, part, dtype=np.uint64) for part in (seed & 0xFFFFFFFF, seed >> 32))
    got = np.stack(NORMALS(*key, streams, np.full(64, step, dtype=np.uint64)))
    assert np.all(np.abs(got - wanted) <= 8 * 2.0**-53 * np.maximum(np.abs(wanted), 1) * 2)
    assert not np.allclose(got, normals(seed ^ 1, streams, step, COUNT))


def test_single_precision_is_refused() -> None:
    lanes = Lanes(np.float32, 4)
    words = tuple(lanes.argument(n, "integer") for n in "abcd")
    with pytest.raises(KernelError, match="drawn in float64"):
        emitted.philox(lanes, words, words[:2])  # type: ignore[arg-type]
