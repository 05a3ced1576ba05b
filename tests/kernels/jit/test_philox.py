"""Random numbers in generated code are those of NumPy, bit for bit, and right to 4 units."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mpf

from symgan.kernels import Seeded, compile
from symgan.kernels.arrays import Arrays
from symgan.kernels.errors import KernelError
from symgan.kernels.jit.functions import philox as emitted
from symgan.kernels.jit.functions.normal_pair import normal_pair, uniform
from symgan.kernels.jit.lanes import Lanes, Value
from symgan.kernels.philox import normals, philox
from symgan.system import Map
from tests.kernels.jit.vectors import Vectors

COUNT = 3
LARGEST = 0xFFFFFFFF


def _words(lanes: Lanes, a: Value, b: Value, c: Value, d: Value, k: Value, m: Value) -> Any:
    words = emitted.philox(lanes, (a, b, c, d), (k, m))
    return [*map(lanes.from_bits, words), uniform(lanes, words[0], words[1])]


def _normals(lanes: Lanes, k: Value, m: Value, stream: Value, step: Value) -> Any:
    return emitted.normals(lanes, (k, m), stream, step, COUNT)


def _pair(lanes: Lanes, *words: Value) -> Any:
    return normal_pair(lanes, words)


WORDS = Vectors(_words, ["integer"] * 6, 5, np.float64)
NORMALS = Vectors(_normals, ["integer"] * 4, COUNT, np.float64)
PAIRS = Vectors(_pair, ["integer"] * 4, 2, np.float64, 4)
EDGES = (0, 1, 1 << 11, 1 << 29, 1 << 30, 1 << 31, 3 << 30, 0xB504F333, LARGEST - 2048, LARGEST)
"""Ends, quarters of the circle, and the number next to sqrt(1/2), where the exponent changes."""
word = st.sampled_from(EDGES) | st.integers(0, LARGEST)


@settings(max_examples=30)
@given(st.tuples(word, word, word, word), st.tuples(word, word))
def test_words_and_uniforms_are_the_same_bits(counter: Any, key: Any) -> None:
    wanted = philox(counter, key)
    columns = [np.array([w], dtype=np.uint64) for w in (*counter, *key)]
    *words, found = WORDS(*columns)
    assert [int(w.view(np.uint64)[0]) for w in words] == [int(w) for w in wanted]
    bits = (int(wanted[0]) << 21) | (int(wanted[1]) >> 11)
    assert float(found[0]) == (float(bits) + 0.5) * 2.0**-53


@settings(max_examples=10)
@given(st.integers(0, 2**64 - 1), st.integers(0, 2**31 - 1), st.integers(0, 2**64 - 100))
def test_normals_are_the_same_bits(seed: int, step: int, first: int) -> None:
    streams = np.arange(first, first + 64, dtype=np.uint64)
    wanted = normals(seed, streams, step, COUNT)
    key = (np.full(64, part, dtype=np.uint64) for part in (seed & LARGEST, seed >> 32))
    got = np.stack(NORMALS(*key, streams, np.full(64, step, dtype=np.uint64)))
    assert (got.view(np.uint64) == wanted.view(np.uint64)).all()
    assert not np.allclose(got, normals(seed ^ 1, streams, step, COUNT))


def exact(words: Any) -> tuple[Any, Any]:
    """The two draws of four words with 50 digits; the circle in quarters, which are exact."""
    a, b, c, d = map(int, words)
    u, w = (mpf(float((h << 21) | (low >> 11)) + 0.5) / 2**53 for h, low in ((a, b), (c, d)))
    radius = mpmath.sqrt(-2 * mpmath.log(u))
    return radius * mpmath.cospi(2 * w), radius * mpmath.sinpi(2 * w)


def units(got: float, wanted: Any) -> float:
    """The error in units in the last place."""
    if wanted == 0:
        return 0.0 if got == 0 else np.inf
    return float(abs(mpf(got) - wanted) / mpf(np.spacing(abs(float(wanted)))))


def errors(words: Any, draws: Any) -> float:
    with mpmath.workdps(50):
        pairs = (zip(row, exact(w), strict=True) for w, row in zip(words.T, draws.T, strict=True))
        return max(units(float(g), e) for pair in pairs for g, e in pair)


def test_draws_are_right_to_four_units() -> None:
    """A search over 50,000 draws, among them some near 0, near 1 and near the axes, found 2.9."""
    draw = np.random.default_rng(1)
    words = draw.integers(0, LARGEST, (4, 400), dtype=np.uint64, endpoint=True)
    words[0, :100] >>= draw.integers(0, 32, 100).astype(np.uint64)
    words[0, 100:200] = LARGEST - words[0, 100:200] % 2048
    words[:, 200:300] = draw.choice(EDGES, (4, 100))
    words[:, 0] = 558348161, 1265823532, 3564725621, 2991129182  # the worst found
    found = np.stack(normal_pair(Arrays(), tuple(words)))
    assert 2.8 < errors(words, found) <= 4
    assert errors(words, np.nextafter(found, found + 1) * (1 + 2.0**-50)) > 4
    assert (np.stack(PAIRS(*words)).view(np.uint64) == found.view(np.uint64)).all()


@pytest.mark.parametrize("count", [1, 2, 3])
def test_noise_drawn_in_the_loop_is_that_of_the_array(count: int) -> None:
    """Whatever the batch, its split, the threads, and where the run was cut."""
    x, c = sp.symbols("x c", real=True)
    noise = sp.symbols(f"w:{count}", real=True)
    total = sum(sp.Integer(i + 1) * w for i, w in enumerate(noise))
    kernel = compile(Map((x,), (c * x + total,), (c,), noise=noise), backend="jit", portable=True)
    streams = np.arange(83) + 2**40
    start, half = np.linspace(-1, 1, 83)[:, None], {"c": 0.5}
    seeded = Seeded(2**63 + 5, streams)
    draws = np.moveaxis(seeded.fitted((83,)).draws(0, 9, count, slice(None)), 1, -1)
    got = kernel.iterate(start, 9, half, noise=seeded)
    assert (got == kernel.iterate(start, 9, half, noise=draws)).all()
    path = kernel.trajectory(start, 9, half, noise=seeded, every=3)
    assert (path[-1] == got).all()
    assert (path[1] == kernel.iterate(start, 3, half, noise=seeded)).all()
    on = kernel.iterate(path[1], 6, half, noise=seeded, first=3, workers=2)
    assert (on == got).all()
    part = kernel.iterate(start[50:53], 9, half, noise=Seeded(2**63 + 5, streams[50:53]))
    assert (part == got[50:53]).all()
    assert not (kernel.iterate(start, 9, half, noise=Seeded(5, streams)) == got).any()


def test_numpy_draws_the_noise_of_the_jit() -> None:
    """In a map whose one sum is rounded alike everywhere: halving is exact."""
    x, w = sp.symbols("x w", real=True)
    kernels = [compile(Map((x,), (x / 2 + w,), noise=(w,)), backend=b) for b in ("jit", "numpy")]
    start = np.linspace(-1, 1, 83)[:, None]
    jit, plain = (kernel.iterate(start, 20, noise=Seeded(3)) for kernel in kernels)
    assert (jit == plain).all()


@pytest.mark.parametrize(
    ("noise", "words"),
    [
        (Seeded(-1), "seed must be a whole number"),
        (Seeded(1 << 64), "must be below"),
        (Seeded(1, [0.5, 1]), "whole numbers from 0"),
        (Seeded(1, [-1, 1]), "whole numbers from 0"),
    ],
)
def test_numbers_out_of_range_are_refused(noise: Seeded, words: str) -> None:
    x, w = sp.symbols("x w", real=True)
    kernel = compile(Map((x,), (x + w,), noise=(w,)), backend="jit")
    with pytest.raises(KernelError, match=words):
        kernel.iterate([[0.0], [1.0]], 3, noise=noise)


def test_steps_out_of_range_are_refused() -> None:
    x, w = sp.symbols("x w", real=True)
    kernel = compile(Map((x,), (x + w,), noise=(w,)), backend="jit")
    kernel.iterate([[0.0]], 2, noise=Seeded(1), first=2**31 - 2)
    with pytest.raises(KernelError, match="step 2147483648 below"):
        kernel.iterate([[0.0]], 3, noise=Seeded(1), first=2**31 - 2)


def test_single_precision_is_refused() -> None:
    lanes = Lanes(np.float32, 4)
    words = tuple(lanes.argument(n, "integer") for n in "abcd")
    with pytest.raises(KernelError, match="drawn in float64"):
        emitted.philox(lanes, words, words[:2])  # type: ignore[arg-type]
