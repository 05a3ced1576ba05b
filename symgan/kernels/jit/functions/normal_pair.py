r"""Two standard normal draws from four random words: Box and Muller, in operations that round once.

No multiply-add is fused here, and no function of a library is called. What is written through
`Lanes` and what NumPy computes (`symgan.kernels.arrays`) are therefore the same bits, on every
machine. With :math:`u, w \in (0, 1]` of 53 bits,

.. math:: \sqrt{-2\log u}\,\cos 2\pi w, \qquad \sqrt{-2\log u}\,\sin 2\pi w ;

the quarter of the circle and the rest of :math:`4w` are exact, so that one rounding of
:math:`\pi/2` is all that an angle costs. The error of a draw is below 4 units in the last place of
the draw (tests measure it against 50 digits).

Source: Box and Muller 1958; the logarithm's terms are arranged as in fdlibm, e_log.c.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symgan.kernels.jit.functions.logarithm import binary
from symgan.kernels.jit.functions.parts import (
    coefficients,
    constants,
    ordered_sum,
    rounding_shift,
)
from symgan.kernels.jit.functions.trigonometric import odd, signed


def normal_pair(lanes: Any, words: Sequence[Any]) -> tuple[Any, Any]:
    """Two draws.

    Args:
        lanes: the operations: `Lanes`, or another arithmetic with the same ones.
        words: four, each below 2^32.
    """
    a, b, c, d = words
    log = _log(lanes, uniform(lanes, a, b))
    radius = lanes.sqrt(lanes.mul(lanes.const(-2), log))
    cosine, sine = _circle(lanes, uniform(lanes, c, d))
    return lanes.mul(radius, cosine), lanes.mul(radius, sine)


def uniform(lanes: Any, high: Any, low: Any) -> Any:
    """A number in (0, 1] of 53 bits from two words; 1 for the largest of 2^53."""
    top = lanes.mul(_number(lanes, high), lanes.const(2.0**21))
    bits = lanes.add(top, _number(lanes, lanes.lshr(low, 11)))
    return lanes.mul(lanes.add(bits, lanes.const(0.5)), lanes.const(2.0**-53))


def _number(lanes: Any, word: Any) -> Any:
    """A whole number below 2^52 as a float: its bits below those of 2^52, less 2^52."""
    shift = lanes.const(2.0**52)
    return lanes.sub(lanes.from_bits(lanes.ior(word, lanes.bits(shift))), shift)


def _log(lanes: Any, x: Any) -> Any:
    r""":math:`k\log 2 + (f - (f^2/2 - (s(f^2/2 + z L(z)) + k\,l)))`, log 2 with a low part l."""
    high_log, low_log = constants(lanes, "log(2)", 2)
    k, m, _ = binary(lanes, x, subnormal=False)
    f = lanes.sub(m, lanes.const(1))
    s = lanes.div(f, lanes.add(f, lanes.const(2)))
    z = lanes.mul(s, s)
    half_square = lanes.mul(f, lanes.mul(f, lanes.const(0.5)))
    bend = lanes.add(lanes.mul(z, _polynomial(lanes, "log", z)), half_square)
    rest = lanes.add(lanes.mul(s, bend), lanes.mul(k, low_log))
    return lanes.add(lanes.mul(k, high_log), lanes.add(f, lanes.sub(rest, half_square)))


def _circle(lanes: Any, w: Any) -> tuple[Any, Any]:
    r""":math:`\cos 2\pi w` and :math:`\sin 2\pi w`."""
    shift, (quarter,) = lanes.const(rounding_shift(lanes)), constants(lanes, "pi/2", 1)
    fourfold = lanes.mul(w, lanes.const(4))
    shifted = lanes.add(fourfold, shift)
    r = lanes.mul(lanes.sub(fourfold, lanes.sub(shifted, shift)), quarter)
    z = lanes.mul(r, r)
    sine = lanes.add(r, lanes.mul(lanes.mul(r, z), _polynomial(lanes, "sin", z)))
    half = lanes.mul(z, lanes.const(0.5))
    head, lost = ordered_sum(lanes, lanes.const(1), lanes.neg(half))
    bend = lanes.mul(lanes.mul(z, z), _polynomial(lanes, "cos", z))
    cosine = lanes.add(head, lanes.add(bend, lost))
    quadrant = lanes.bits(shifted)
    turned, other = lanes.iadd(quadrant, lanes.iconst(1)), odd(lanes, quadrant)
    return (
        signed(lanes, lanes.select(other, sine, cosine), turned),
        signed(lanes, lanes.select(other, cosine, sine), quadrant),
    )


def _polynomial(lanes: Any, name: str, x: Any) -> Any:
    """A polynomial of `tables` by Horner's rule, each product and each sum rounded."""
    found = coefficients(lanes, name)
    value = lanes.const(found[-1])
    for c in found[-2::-1]:
        value = lanes.add(lanes.mul(value, x), lanes.const(c))
    return value
