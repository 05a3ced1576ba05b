r"""Random numbers by counter in generated code, float64: the draws of `symgan.kernels.philox`.

The words and uniform numbers are the same bits as NumPy's; normal draws agree to the rounding of
the logarithm, sine and cosine.

Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3" (Philox 4x32, ten rounds);
Box and Muller 1958.
"""

from __future__ import annotations

import math

from symgan.kernels.errors import KernelError
from symgan.kernels.jit.functions.logarithm import log
from symgan.kernels.jit.functions.trigonometric import cos, sin
from symgan.kernels.jit.lanes import Lanes, Value

_ROUNDS = 10
_MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
_WEYL = (0x9E3779B9, 0xBB67AE85)
_LOW = 0xFFFFFFFF

Words = tuple[Value, Value, Value, Value]
Key = tuple[Value, Value]


def philox(lanes: Lanes, counter: Words, key: Key) -> Words:
    """Four random words for each counter of four, all below 2^32 in lanes of 64 bits.

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


def uniform(lanes: Lanes, high: Value, low: Value) -> Value:
    """A number in (0, 1) of 53 bits from two words."""
    top = _number(lanes, high)
    bits = lanes.fma(top, lanes.const(2.0**21), _number(lanes, lanes.lshr(low, 11)))
    return lanes.mul(lanes.add(bits, lanes.const(0.5)), lanes.const(2.0**-53))


def _number(lanes: Lanes, word: Value) -> Value:
    """A whole number below 2^52 as a float: its bits below those of 2^52, less 2^52."""
    shift = lanes.const(2.0**52)
    return lanes.sub(lanes.from_bits(lanes.ior(word, lanes.bits(shift))), shift)


def normals(lanes: Lanes, key: Key, stream: Value, step: Value, count: int) -> list[Value]:
    r"""Standard normal draws of one step of a stream.

    Args:
        lanes: where the code goes.
        key: the low and the high word of the seed.
        stream: whole numbers of 64 bits, the trajectories.
        step: a whole number below 2^31.
        count: how many draws.
    """
    found: list[Value] = []
    halves = lanes.iand(stream, lanes.iconst(_LOW)), lanes.lshr(stream, 32)
    for pair in range((count + 1) // 2):
        a, b, c, d = philox(lanes, (*halves, step, lanes.iconst(pair)), key)
        radius = lanes.sqrt(lanes.mul(lanes.const(-2), log(lanes, uniform(lanes, a, b))))
        angle = lanes.mul(lanes.const(2 * math.pi), uniform(lanes, c, d))
        found.append(lanes.mul(radius, cos(lanes, angle, bounded=True)))
        found.append(lanes.mul(radius, sin(lanes, angle, bounded=True)))
    return found[:count]
