r"""exp and what is made of it: expm1, the logistic function, softplus, hyperbolic functions.

:math:`x = n\log 2 + r`, :math:`|r| \le \tfrac12\log 2`, :math:`e^x = 2^n e^r`. With a fused
multiply-add :math:`x - n\,\ell` is exact for the float :math:`\ell` next to :math:`\log 2`: both
terms are multiples of the last bit that r can hold. What :math:`\ell` lacks follows in a second
step. Results below the normal range are scaled there in one last product, which rounds once.
"""

from __future__ import annotations

from typing import NamedTuple

from symgan.kernels.jit.functions.parts import (
    coefficients,
    constants,
    format_of,
    horner,
    power_of_two,
    rounding_shift,
)
from symgan.kernels.jit.lanes import Lanes, Value


class Reduced(NamedTuple):
    """x = n log 2 + rest + low; n stands in the lowest bits of `shifted`."""

    shifted: Value
    rest: Value
    low: Value | None


def reduce(lanes: Lanes, x: Value, *, tail: Value | None = None, low: bool = False) -> Reduced:
    """Split x (and a tail far below it) at the nearest multiple of log 2.

    Args:
        lanes: where the code goes.
        x: the argument.
        tail: a number far below it, to be added.
        low: keep what rounding the rest loses.
    """
    (scale,), shift = constants(lanes, "log2(e)", 1), lanes.const(rounding_shift(lanes))
    shifted = lanes.fma(x, scale, shift)
    n = lanes.neg(lanes.sub(shifted, shift))
    high_log, low_log = constants(lanes, "log(2)", 2)
    head = lanes.fma(n, high_log, x)  # exact
    if low:
        correction = lanes.mul(n, low_log)
        rest = lanes.add(head, correction)
        return Reduced(shifted, rest, lanes.add(lanes.sub(head, rest), correction))
    if tail is not None:
        return Reduced(shifted, lanes.add(head, lanes.fma(n, low_log, tail)), None)
    return Reduced(shifted, lanes.fma(n, low_log, head), None)


def exp(lanes: Lanes, x: Value) -> Value:
    r""":math:`e^x`, rounded once more where it is below the normal range."""
    return exp_of_sum(lanes, clamped(lanes, x), None)


def clamped(lanes: Lanes, x: Value, *, below: bool = True, above: bool = True) -> Value:
    """x where e^x neither over- nor underflows for certain; NaN passes."""
    form = format_of(lanes)
    if above:
        x = lanes.lesser(lanes.const(form.top), x)
    return lanes.greater(lanes.const(form.bottom), x) if below else x


def exp_of_sum(lanes: Lanes, x: Value, tail: Value | None) -> Value:
    r""":math:`e^{x + t}` for a clamped x and a tail t far below it."""
    form = format_of(lanes)
    found = reduce(lanes, x, tail=tail)
    if lanes.scales:
        shift = lanes.const(rounding_shift(lanes))
        e_r = horner(lanes, [1.0, 1.0, *coefficients(lanes, "exp")], found.rest)
        return lanes.scale(e_r, lanes.sub(found.shifted, shift))
    small = lanes.lt(x, lanes.const(form.normal))
    # twice e^r times 2^(n - 1): 2^1024 itself is no number
    usual, lifted = (lanes.iconst((form.bias - 1 + k) << form.stored) for k in (0, form.lift))
    exponent = lanes.shl(lanes.bits(found.shifted), form.stored)
    power = lanes.from_bits(lanes.iadd(exponent, lanes.select(small, lifted, usual)))
    value = lanes.mul(_twice_exp(lanes, found.rest), power)
    back = lanes.select(small, lanes.const(2.0**-form.lift), lanes.const(1))
    return lanes.mul(value, back)


def _twice_exp(lanes: Lanes, r: Value) -> Value:
    doubled = [2.0, 2.0, *(2 * c for c in coefficients(lanes, "exp"))]
    return horner(lanes, doubled, r)


def expm1(lanes: Lanes, x: Value) -> Value:
    r""":math:`e^x - 1 = 2\,(2^{n-1}(e^r - 1) + 2^{n-1} - \tfrac12)`."""
    form = format_of(lanes)
    inside = lanes.greater(lanes.const(-float(form.stored)), clamped(lanes, x, below=False))
    found = reduce(lanes, inside, low=True)
    rise, power = _rise(lanes, found), power_of_two(lanes, found.shifted, -1)
    half = lanes.fma(rise, power, lanes.sub(power, lanes.const(0.5)))
    tiny = lanes.lt(lanes.abs(x), lanes.const(2.0 ** -(form.stored + 2)))
    return lanes.select(tiny, x, lanes.add(half, half))


def _rise(lanes: Lanes, found: Reduced) -> Value:
    r""":math:`e^r - 1`, relative to itself."""
    assert found.low is not None
    square = lanes.mul(found.rest, found.rest)
    bend = lanes.fma(square, horner(lanes, coefficients(lanes, "expm1"), found.rest), found.low)
    return lanes.add(found.rest, bend)


def sigmoid(lanes: Lanes, x: Value) -> Value:
    r""":math:`1/(1 + e^{-x}) = 2^{-k}/(2^{-k} + 2^{n-k} + 2^{n-k}(e^r - 1))`.

    The power k keeps the denominator finite where the result is subnormal.
    """
    form = format_of(lanes)
    # below -stored * log 2 the result rounds to 1
    inside = lanes.lesser(lanes.const(-form.bottom), lanes.neg(x))
    inside = lanes.greater(lanes.const(-0.75 * form.stored), inside)
    found = reduce(lanes, inside)
    one = lanes.const(2.0**-form.lift)
    if lanes.scales:
        shift = lanes.const(rounding_shift(lanes))
        power = lanes.scale(one, lanes.sub(found.shifted, shift))
    else:
        power = power_of_two(lanes, found.shifted, -form.lift)
    # (2^(n-k) r) q with q = (e^r - 1)/r: the first product is exact, and q is what comes last
    slope = horner(lanes, [1.0, *coefficients(lanes, "exp")], found.rest)
    rise = lanes.mul(power, found.rest)
    return lanes.div(one, lanes.fma(rise, slope, lanes.add(power, one)))


def _half_exp(lanes: Lanes, x: Value) -> Value:
    r""":math:`\tfrac12 e^x` for :math:`x \ge 0`, finite where the result of a sum is."""
    found = reduce(lanes, lanes.lesser(lanes.const(format_of(lanes).top + 0.75), x))
    power = power_of_two(lanes, found.shifted, -2)
    return lanes.mul(_twice_exp(lanes, found.rest), power)


def cosh(lanes: Lanes, x: Value) -> Value:
    r""":math:`h + 1/(4h)` with :math:`h = \tfrac12 e^{|x|}`."""
    half = _half_exp(lanes, lanes.abs(x))
    return lanes.add(half, lanes.div(lanes.const(0.25), half))


def sinh(lanes: Lanes, x: Value) -> Value:
    r""":math:`h - 1/(4h)` with :math:`h = \tfrac12 e^{|x|}`; a polynomial below 1."""
    size, square = lanes.abs(x), lanes.mul(x, x)
    bend = lanes.mul(lanes.mul(x, square), horner(lanes, coefficients(lanes, "sinh"), square))
    half = _half_exp(lanes, size)
    far = lanes.sub(half, lanes.div(lanes.const(0.25), half))
    near = lanes.lt(size, lanes.const(1))
    return lanes.copysign(lanes.select(near, lanes.add(x, bend), far), x)


def tanh(lanes: Lanes, x: Value) -> Value:
    r""":math:`(1 - q)/(1 + q)` with :math:`q = e^{-2|x|} = 2^n + 2^n(e^r - 1)`."""
    form, one = format_of(lanes), lanes.const(1)
    double = lanes.mul(lanes.const(-2), lanes.abs(x))
    found = reduce(lanes, lanes.greater(lanes.const(-float(form.stored)), double), low=True)
    rise, power = _rise(lanes, found), power_of_two(lanes, found.shifted, 0)
    above = lanes.fma(lanes.neg(power), rise, lanes.sub(one, power))
    below = lanes.fma(power, rise, lanes.add(one, power))
    return lanes.copysign(lanes.div(above, below), x)
