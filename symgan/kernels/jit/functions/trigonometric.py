r"""sin, cos and tan of any argument.

:math:`x = n\frac\pi2 + r + r'`, the rest as a sum of two floats. With a fused multiply-add
:math:`x - nP_1` is exact for the float :math:`P_1` next to :math:`\pi/2`, as long as n is; the next
two pieces of :math:`\pi/2` follow with their errors kept. Beyond `LARGE` a block of its own
multiplies by :math:`2/\pi` modulo 4 instead (`huge`); it runs only where a vector holds
such an argument, and changes no lane that does not.
"""

from __future__ import annotations

from typing import NamedTuple

from symgan.kernels.jit.functions.huge import huge_remainder
from symgan.kernels.jit.functions.parts import (
    coefficients,
    constants,
    format_of,
    horner,
    ordered_sum,
    product_with_error,
    rounding_shift,
    sum_with_error,
)
from symgan.kernels.jit.lanes import Lanes, Value


class Angle(NamedTuple):
    """A quadrant (its number in the lowest bits) and the rest, within pi/4."""

    quadrant: Value
    rest: Value
    low: Value


def angle(lanes: Lanes, x: Value, *, bounded: bool = False) -> Angle:
    """Split x; `bounded` promises that it is not large."""
    (scale,), shift = constants(lanes, "2/pi", 1), lanes.const(rounding_shift(lanes))
    shifted = lanes.fma(x, scale, shift)
    n = lanes.neg(lanes.sub(shifted, shift))
    first, second, third = constants(lanes, "pi/2", 3)
    head = lanes.fma(n, first, x)  # exact
    middle, middle_error = product_with_error(lanes, n, second)
    total, lost = sum_with_error(lanes, head, middle)
    low = lanes.add(lost, lanes.fma(n, third, middle_error))
    rest = ordered_sum(lanes, total, low)
    found = Angle(lanes.bits(shifted), *rest)
    return found if bounded else Angle(*huge_remainder(lanes, x, *found))


def _sine(lanes: Lanes, r: Value, low: Value) -> Value:
    r""":math:`\sin(r + r') = r + (r^3 S(r^2) + r'(1 - r^2/2))`."""
    z = lanes.mul(r, r)
    slope = lanes.fma(z, lanes.const(-0.5), lanes.const(1))
    cube = lanes.mul(r, z)
    bend = lanes.fma(cube, horner(lanes, coefficients(lanes, "sin"), z), lanes.mul(low, slope))
    return lanes.add(r, bend)


def _cosine(lanes: Lanes, r: Value, low: Value) -> Value:
    r""":math:`\cos(r + r') = 1 - r^2/2 + (r^4 C(r^2) - r r')`, what 1 - r^2/2 loses put back."""
    z = lanes.mul(r, r)
    one, half = lanes.const(1), lanes.mul(z, lanes.const(0.5))
    head, lost = ordered_sum(lanes, one, lanes.neg(half))
    bend = lanes.fma(lanes.mul(z, z), horner(lanes, coefficients(lanes, "cos"), z), lost)
    return lanes.add(head, lanes.fma(lanes.neg(r), low, bend))


def odd(lanes: Lanes, quadrant: Value) -> Value:
    """Whether sine and cosine change places."""
    return lanes.ieq(lanes.iand(quadrant, lanes.iconst(1)), lanes.iconst(1))


def signed(lanes: Lanes, value: Value, quadrant: Value) -> Value:
    """The value turned in quadrants 2 and 3."""
    turned = lanes.iand(quadrant, lanes.iconst(2))
    sign = lanes.shl(turned, lanes.bits_of_float - 2)
    return lanes.from_bits(lanes.ixor(lanes.bits(value), sign))


def sin(lanes: Lanes, x: Value, *, bounded: bool = False) -> Value:
    r""":math:`\sin x`; NaN at the infinities."""
    quadrant, r, low = angle(lanes, x, bounded=bounded)
    value = lanes.select(odd(lanes, quadrant), _cosine(lanes, r, low), _sine(lanes, r, low))
    return _or_tiny(lanes, x, signed(lanes, value, quadrant))


def cos(lanes: Lanes, x: Value, *, bounded: bool = False) -> Value:
    r""":math:`\cos x`; NaN at the infinities."""
    quadrant, r, low = angle(lanes, x, bounded=bounded)
    value = lanes.select(odd(lanes, quadrant), _sine(lanes, r, low), _cosine(lanes, r, low))
    return signed(lanes, value, lanes.iadd(quadrant, lanes.iconst(1)))


def tan(lanes: Lanes, x: Value) -> Value:
    r""":math:`\tan x` as a quotient of sine and cosine."""
    quadrant, r, low = angle(lanes, x)
    other = odd(lanes, quadrant)
    sine, cosine = _sine(lanes, r, low), _cosine(lanes, r, low)
    above = lanes.select(other, lanes.neg(cosine), sine)
    return _or_tiny(lanes, x, lanes.div(above, lanes.select(other, sine, cosine)))


def rotation(lanes: Lanes, x: Value, tail: Value, *, bounded: bool = False) -> tuple[Value, Value]:
    """Cosine and sine of x and a tail far below it."""
    quadrant, r, low = angle(lanes, x, bounded=bounded)
    low = lanes.add(low, tail)
    other, cosine, sine = odd(lanes, quadrant), _cosine(lanes, r, low), _sine(lanes, r, low)
    horizontal, vertical = lanes.select(other, sine, cosine), lanes.select(other, cosine, sine)
    turned = lanes.iadd(quadrant, lanes.iconst(1))
    return signed(lanes, horizontal, turned), signed(lanes, vertical, quadrant)


def _or_tiny(lanes: Lanes, x: Value, value: Value) -> Value:
    """x itself, its sign included, where x^3 is below the last digit of x."""
    tiny = lanes.lt(lanes.abs(x), lanes.const(2.0 ** -(format_of(lanes).stored // 2 + 2)))
    return lanes.select(tiny, x, value)
