r"""Random numbers by counter in generated code, float64: the bits of `symgan.kernels.philox`.

Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3" (Philox 4x32, ten rounds).
"""

from __future__ import annotations

from typing import Any

from symgan.kernels.errors import KernelError
from symgan.kernels.jit.functions.normal_pair import normal_pair

_ROUNDS = 10
_MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
_WEYL = (0x9E3779B9, 0xBB67AE85)
_LOW = 0xFFFFFFFF

Words = tuple[Any, Any, Any, Any]
Key = tuple[Any, Any]


def philox(lanes: Any, counter: Words, key: Key) -> Words:
    """Four random words for each counter of four, all below 2^32 in lanes of 64 bits.

    Args:
        lanes: the operations: `Lanes`, or another writer with the same ones.
        counter: words.
        key: words.

    Raises:
        KernelError: float32, whose lanes do not hold a product of words.
    """
    if not lanes.double:
        raise KernelError("seeded noise in generated code is drawn in float64")
    low = lanes.iconst(_LOW)
    first, second = map(lanes.iconst, _MULTIPLIERS)
    a, b, c, d = counter
    k, m = key
    for _ in range(_ROUNDS):
        left, right = lanes.imul(first, a), lanes.imul(second, c)
        a, b, c, d = (
            lanes.ixor(lanes.ixor(lanes.lshr(right, 32), b), k),
            lanes.iand(right, low),
            lanes.ixor(lanes.ixor(lanes.lshr(left, 32), d), m),
            lanes.iand(left, low),
        )
        k, m = (
            lanes.iand(lanes.iadd(word, lanes.iconst(step)), low)
            for word, step in zip((k, m), _WEYL, strict=True)
        )
    return a, b, c, d


def normals(lanes: Any, key: Key, stream: Any, step: Any, count: int) -> list[Any]:
    r"""Standard normal draws of one step of a stream.

    Args:
        lanes: the operations, as for `philox`.
        key: the low and the high word of the seed.
        stream: whole numbers of 64 bits, the trajectories.
        step: a whole number below 2^31.
        count: how many draws.
    """
    found: list[Any] = []
    halves = lanes.iand(stream, lanes.iconst(_LOW)), lanes.lshr(stream, 32)
    for pair in range((count + 1) // 2):
        words = philox(lanes, (*halves, step, lanes.iconst(pair)), key)
        found += normal_pair(lanes, words)
    return found[:count]
