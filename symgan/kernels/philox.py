r"""Normal draws by counter: the draw of a stream at a step depends on nothing but their numbers.

Trajectories that run in any batches, in any order, on any number of threads see the same noise.
The words become normal draws in operations that round alike everywhere (`normal_pair`), so that
generated code and NumPy draw the same bits on every machine.

Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3" (Philox 4x32, ten rounds);
Box and Muller 1958 for the normal distribution.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from symgan.kernels.arrays import Arrays
from symgan.kernels.errors import KernelError
from symgan.kernels.jit.functions.normal_pair import normal_pair
from symgan.kernels.values import require_count

_ROUNDS = 10
_MULTIPLIERS = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
_WEYL = (0x9E3779B9, 0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)

Words = tuple[NDArray[np.uint64], ...]


def philox(counter: tuple[Any, Any, Any, Any], key: tuple[int, int]) -> Words:
    """Four random 32-bit words for each counter of four.

    Args:
        counter: arrays of words that broadcast against one another.
        key: two words.

    >>> [hex(int(word)) for word in philox((0, 0, 0, 0), (0, 0))]
    ['0x6627e8d5', '0xe169c58d', '0xbc57ac4c', '0x9b00dbd8']
    """
    a, b, c, d = np.broadcast_arrays(*(np.asarray(word, dtype=np.uint64) for word in counter))
    k, m = key
    for _ in range(_ROUNDS):
        first, second = _MULTIPLIERS[0] * a, _MULTIPLIERS[1] * c
        a, b, c, d = (
            (second >> _HALF) ^ b ^ np.uint64(k),
            second & _LOW,
            (first >> _HALF) ^ d ^ np.uint64(m),
            first & _LOW,
        )
        k, m = (k + _WEYL[0]) & 0xFFFFFFFF, (m + _WEYL[1]) & 0xFFFFFFFF
    return a, b, c, d


def normals(seed: int, stream: Any, step: int, count: int) -> NDArray[np.float64]:
    r"""Standard normal draws, (count, ...): one column a draw, one element a stream.

    Args:
        seed: a whole number from 0 to 2^64 - 1, the key.
        stream: whole numbers from 0 to 2^64 - 1, an array.
        step: a whole number from 0 to 2^31 - 1.
        count: how many draws, 0 or more.

    Raises:
        KernelError: a number out of its range.

    >>> both = normals(7, [3, 4], 5, 2)
    >>> bool((normals(7, 4, 5, 2) == both[:, 1]).all())
    True
    """
    count = require_count(count, "count", 0)
    stream = require_counters(seed, stream, step)
    key = (seed & 0xFFFFFFFF, seed >> 32)
    words = np.atleast_1d(stream)
    found: list[NDArray[np.float64]] = []
    for pair in range((count + 1) // 2):
        found += normal_pair(Arrays(), philox((words & _LOW, words >> _HALF, step, pair), key))
    return np.reshape(found[:count], (count, *stream.shape))


def require_counters(seed: int, stream: Any, step: int) -> NDArray[np.uint64]:
    """The streams as words of 64 bits.

    Raises:
        KernelError: a seed, a stream or a step out of range.
    """
    step, seed = require_count(step, "step", 0), require_count(seed, "seed", 0)
    stream = np.asarray(stream)
    if stream.dtype.kind not in "iu" or (stream.size and int(stream.min()) < 0):
        raise KernelError("streams of noise are numbered by whole numbers from 0")
    if seed >= 1 << 64 or step >= 1 << 31:
        raise KernelError(f"seed {seed} must be below 2^64 and step {step} below 2^31")
    return stream.astype(np.uint64)
