r"""Real powers, :math:`x^y = e^{y\log x}` with the logarithm to more digits than the format holds.

Signs, zeros and infinities as C's pow: a negative base needs a whole exponent, and
:math:`x^0 = 1^y = 1` even for NaN.
"""

from __future__ import annotations

from symgan.kernels.jit.functions.exponential import clamped, exp_of_sum
from symgan.kernels.jit.functions.logarithm import log_pair
from symgan.kernels.jit.functions.parts import (
    format_of,
    infinity,
    is_infinite,
    not_a_number,
)
from symgan.kernels.jit.lanes import Lanes, Value


def power(lanes: Lanes, x: Value, y: Value) -> Value:
    r""":math:`x^y`."""
    zero, one = lanes.const(0), lanes.const(1)
    size = lanes.abs(x)
    log = log_pair(lanes, size)
    top = infinity(lanes)
    at_end = lanes.select(lanes.eq(size, zero), lanes.neg(top), top)
    usual = lanes.both(lanes.gt(size, zero), lanes.lt(size, top))
    high = lanes.select(usual, log.high, at_end)
    product = lanes.mul(y, high)
    error = lanes.fma(y, log.low, lanes.fma(y, high, lanes.neg(product)))
    bounded = lanes.lt(lanes.abs(product), lanes.const(2 * format_of(lanes).top))
    tail = lanes.select(lanes.both(usual, bounded), error, zero)
    value = exp_of_sum(lanes, clamped(lanes, product), tail)
    value = _signed(lanes, x, y, value)
    trivial = lanes.either(lanes.eq(y, zero), lanes.eq(x, one))
    mirrored = lanes.both(lanes.eq(size, one), is_infinite(lanes, y))
    return lanes.select(lanes.either(trivial, mirrored), one, value)


def _signed(lanes: Lanes, x: Value, y: Value, value: Value) -> Value:
    """The sign of an odd power; NaN for a broken power of a negative number, and for NaN."""
    half = lanes.mul(y, lanes.const(0.5))
    whole = lanes.eq(lanes.trunc(y), y)
    odd = lanes.both(whole, lanes.ne(lanes.trunc(half), half))
    negative = lanes.ilt(lanes.bits(x), lanes.iconst(0))
    value = lanes.select(lanes.both(negative, odd), lanes.neg(value), value)
    finite = lanes.both(lanes.lt(x, lanes.const(0)), lanes.gt(x, lanes.neg(infinity(lanes))))
    refused = lanes.either(lanes.both(finite, lanes.invert(whole)), lanes.isnan(x))
    return lanes.select(refused, not_a_number(lanes), value)
