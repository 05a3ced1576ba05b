r"""log and what is made of it: log1p, softplus, inverse hyperbolic functions.

:math:`x = 2^k m` with :math:`\sqrt{1/2} \le m < \sqrt2`; with :math:`f = m - 1` and
:math:`s = f/(2 + f)`, :math:`\log m = 2\,\mathrm{artanh}\,s`. As :math:`2s = f - sf`, the leading
term can be the exact f: :math:`\log m = f - (f^2/2 - s\,(f^2/2 + z L(z)))`, :math:`z = s^2`.

Source: this arrangement of the terms is that of fdlibm (Sun Microsystems 1993), e_log.c.
"""

from __future__ import annotations

from typing import NamedTuple

from symgan.kernels.jit.functions.exponential import clamped, exp_of_sum
from symgan.kernels.jit.functions.parts import (
    Pair,
    coefficients,
    constants,
    format_of,
    horner,
    infinity,
    not_a_number,
    ordered_sum,
    product_with_error,
)
from symgan.kernels.jit.lanes import Lanes, Value


class Binary(NamedTuple):
    """x = 2^k m, both as floats."""

    k: Value
    m: Value
    whole: Value
    """The bits of 2^k but for an offset: what scales a correction to x into one to m."""


def binary(lanes: Lanes, x: Value, *, subnormal: bool = True) -> Binary:
    """Split a positive finite x."""
    form = format_of(lanes)
    shift = form.stored + 2
    bias = lanes.const(2.0**form.stored + form.bias)
    if subnormal:
        small = lanes.lt(x, lanes.const(2.0 ** (1 - form.bias)))
        x = lanes.select(small, lanes.mul(x, lanes.const(2.0**shift)), x)
        bias = lanes.select(small, lanes.const(2.0**form.stored + form.bias + shift), bias)
    lowest = lanes.bits(constants(lanes, "sqrt(1/2)", 1)[0])
    one = lanes.iconst(form.bias << form.stored)
    moved = lanes.iadd(lanes.bits(x), lanes.isub(one, lowest))
    exponent = lanes.lshr(moved, form.stored)
    k = lanes.sub(
        lanes.from_bits(lanes.ior(exponent, lanes.bits(lanes.const(2.0**form.stored)))), bias
    )
    mantissa = lanes.iand(moved, lanes.iconst((1 << form.stored) - 1))
    return Binary(
        k, lanes.from_bits(lanes.iadd(mantissa, lowest)), lanes.shl(exponent, form.stored)
    )


def log_of(lanes: Lanes, k: Value, f: Value, low: Value | None = None) -> Value:
    r""":math:`k\log 2 + \log(1 + f) + low`."""
    high_log, low_log = constants(lanes, "log(2)", 2)
    s = lanes.div(f, lanes.add(f, lanes.const(2)))
    z = lanes.mul(s, s)
    half_square = lanes.mul(f, lanes.mul(f, lanes.const(0.5)))
    bend = lanes.fma(z, horner(lanes, coefficients(lanes, "log"), z), half_square)
    rest = lanes.mul(k, low_log) if low is None else lanes.fma(k, low_log, low)
    small = lanes.sub(lanes.fma(s, bend, rest), half_square)
    return lanes.fma(k, high_log, lanes.add(f, small))


def log(lanes: Lanes, x: Value) -> Value:
    r""":math:`\log x`; -inf at zeros of either sign, NaN below."""
    parts = binary(lanes, x)
    value = log_of(lanes, parts.k, lanes.sub(parts.m, lanes.const(1)))
    return _at_ends(lanes, x, value, lanes.const(0))


def _at_ends(lanes: Lanes, x: Value, value: Value, pole: Value) -> Value:
    """The value between a pole and infinity; -inf there, inf there, NaN elsewhere."""
    top = infinity(lanes)
    at_pole = lanes.select(lanes.eq(x, pole), lanes.neg(top), not_a_number(lanes))
    value = lanes.select(lanes.gt(x, pole), value, at_pole)
    return lanes.select(lanes.eq(x, top), top, value)


def log1p(lanes: Lanes, x: Value) -> Value:
    r""":math:`\log(1 + x)`: the rounding of 1 + x is carried along."""
    form, one = format_of(lanes), lanes.const(1)
    total = lanes.add(one, x)
    back = lanes.sub(total, one)
    large = lanes.gt(x, one)
    lost = lanes.select(large, lanes.sub(one, lanes.sub(total, x)), lanes.sub(x, back))
    parts = binary(lanes, total, subnormal=False)
    down = lanes.isub(lanes.iconst((2 * form.bias) << form.stored), parts.whole)
    counts = lanes.lt(x, lanes.const(2.0 ** (form.stored + 2)))
    scaled = lanes.select(counts, lanes.mul(lost, lanes.from_bits(down)), lanes.const(0))
    f, low = ordered_sum(lanes, lanes.sub(parts.m, one), scaled)
    value = lanes.copysign(log_of(lanes, parts.k, f, low), x)
    tiny = lanes.lt(lanes.abs(x), lanes.const(2.0 ** -(form.stored + 2)))
    return lanes.select(tiny, x, _at_ends(lanes, x, value, lanes.const(-1)))


def log1p_of_share(lanes: Lanes, e: Value) -> Value:
    r""":math:`\log(1 + e)` for e from 0 to 1, without a split."""
    s = lanes.div(e, lanes.add(e, lanes.const(2)))
    z = lanes.mul(s, s)
    half_square = lanes.mul(e, lanes.mul(e, lanes.const(0.5)))
    bend = lanes.fma(z, horner(lanes, coefficients(lanes, "log1p"), z), half_square)
    return lanes.add(e, lanes.fma(s, bend, lanes.neg(half_square)))


def softplus(lanes: Lanes, x: Value) -> Value:
    r""":math:`\log(1 + e^x) = \max(x, 0) + \log(1 + e^{-|x|})`."""
    decay = exp_of_sum(lanes, clamped(lanes, lanes.neg(lanes.abs(x)), above=False), None)
    return lanes.add(lanes.greater(x, lanes.const(0)), log1p_of_share(lanes, decay))


def asinh(lanes: Lanes, x: Value) -> Value:
    r""":math:`\log(1 + a + a^2/(1 + \sqrt{1 + a^2}))`, a = |x|; :math:`\log a + \log 2` far out."""
    one, size = lanes.const(1), lanes.abs(x)
    far = lanes.gt(size, lanes.const(2.0 ** (format_of(lanes).bias // 2 - 2)))
    square = lanes.mul(size, size)
    root = lanes.sqrt(lanes.add(square, one))
    near = lanes.add(size, lanes.div(square, lanes.add(root, one)))
    value = _log1p_or_double(lanes, near, size, far)
    tiny = lanes.lt(size, lanes.const(2.0 ** -(format_of(lanes).stored // 2 + 2)))
    return lanes.copysign(lanes.select(tiny, size, value), x)


def acosh(lanes: Lanes, x: Value) -> Value:
    r""":math:`\log(1 + d + \sqrt{2d + d^2})`, d = x - 1; NaN below 1."""
    d = lanes.sub(x, lanes.const(1))
    far = lanes.gt(x, lanes.const(2.0 ** (format_of(lanes).bias // 2 - 2)))
    root = lanes.sqrt(lanes.mul(d, lanes.add(d, lanes.const(2))))
    value = _log1p_or_double(lanes, lanes.add(d, root), x, far)
    return lanes.select(lanes.lt(d, lanes.const(0)), not_a_number(lanes), value)


def _log1p_or_double(lanes: Lanes, near: Value, size: Value, far: Value) -> Value:
    r""":math:`\log(1 + near)`, or :math:`\log(2\,size)` where that is far."""
    (ln2,) = constants(lanes, "log(2)", 1)
    value = log1p(lanes, lanes.select(far, size, near))
    return lanes.select(far, lanes.add(value, ln2), value)


def atanh(lanes: Lanes, x: Value) -> Value:
    r""":math:`\tfrac12\log(1 + 2a/(1 - a))`, a = |x|."""
    size = lanes.abs(x)
    argument = lanes.div(lanes.add(size, size), lanes.sub(lanes.const(1), size))
    value = lanes.mul(lanes.const(0.5), log1p(lanes, argument))
    return lanes.copysign(value, x)


def log_pair(lanes: Lanes, x: Value) -> Pair:
    r""":math:`\log x` for positive finite x to about 15 bits beyond the format."""
    k, m, _ = binary(lanes, x)
    f, two = lanes.sub(m, lanes.const(1)), lanes.const(2)
    below, below_low = ordered_sum(lanes, two, f)
    inverse = lanes.div(lanes.const(1), below)
    s = lanes.mul(f, inverse)
    remainder = lanes.fma(lanes.neg(s), below, f)
    s_low = lanes.mul(lanes.fma(lanes.neg(s), below_low, remainder), inverse)
    z, z_error = product_with_error(lanes, s, s)
    z_low = lanes.fma(lanes.add(s, s), s_low, z_error)
    cube, cube_error = product_with_error(lanes, s, z)
    cube_low = lanes.fma(s, z_low, lanes.fma(s_low, z, cube_error))
    c, c_low = constants(lanes, "2/3", 2)
    third, third_error = product_with_error(lanes, c, cube)
    third_low = lanes.fma(c, cube_low, lanes.fma(c_low, cube, third_error))
    tail = lanes.mul(lanes.mul(cube, z), horner(lanes, coefficients(lanes, "log_tail"), z))
    high_log, low_log = constants(lanes, "log(2)", 2)
    whole, whole_error = product_with_error(lanes, k, high_log)
    first, first_error = ordered_sum(lanes, whole, lanes.add(s, s))
    second, second_error = ordered_sum(lanes, first, third)
    small = lanes.add(lanes.fma(two, s_low, lanes.fma(k, low_log, whole_error)), third_low)
    small = lanes.add(lanes.add(lanes.add(first_error, second_error), small), tail)
    return ordered_sum(lanes, second, small)
