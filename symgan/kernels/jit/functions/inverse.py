r"""asin, acos, atan and atan2: polynomials about 0, and exact identities that lead there."""

from __future__ import annotations

from symgan.kernels.jit.functions.parts import (
    coefficients,
    constants,
    format_of,
    horner,
    is_infinite,
    ordered_sum,
)
from symgan.kernels.jit.lanes import Lanes, Value


def _or_itself(lanes: Lanes, x: Value, value: Value) -> Value:
    """x where x^3 is below its last digit."""
    tiny = lanes.lt(lanes.abs(x), lanes.const(2.0 ** -(format_of(lanes).stored // 2 + 2)))
    return lanes.select(tiny, x, value)


def _arc(lanes: Lanes, numerator: Value, size: Value) -> Value:
    r"""The arc tangent of the quotient of two numbers that are not negative.

    About 0, 1 and infinity: :math:`\arctan\frac y x = \frac\pi4 + \arctan\frac{y - x}{y + x} =
    \frac\pi2 - \arctan\frac xy`.
    """
    y, x = numerator, size
    low_end, high_end = (constants(lanes, f"tan({n}pi/8)", 1)[0] for n in ("", "3"))
    middle = lanes.gt(y, lanes.mul(low_end, x))
    steep = lanes.gt(y, lanes.mul(high_end, x))
    above = lanes.select(middle, lanes.sub(y, x), y)
    above = lanes.select(steep, lanes.neg(x), above)
    below = lanes.select(middle, lanes.add(y, x), x)
    below = lanes.select(steep, y, below)
    t = lanes.div(above, below)
    zero = lanes.const(0)
    bases = [
        lanes.select(steep, half, lanes.select(middle, quarter, zero))
        for quarter, half in zip(
            constants(lanes, "pi/4", 2), constants(lanes, "pi/2", 2), strict=True
        )
    ]
    z = lanes.mul(t, t)
    bend = lanes.mul(lanes.mul(t, z), horner(lanes, coefficients(lanes, "atan"), z))
    return lanes.add(bases[0], lanes.add(t, lanes.add(bend, bases[1])))


def atan(lanes: Lanes, x: Value) -> Value:
    r""":math:`\arctan x`."""
    value = _arc(lanes, lanes.abs(x), lanes.const(1))
    return _or_itself(lanes, x, lanes.copysign(value, x))


def atan2(lanes: Lanes, y: Value, x: Value) -> Value:
    r"""The angle of the point (x, y), signs of zeros and infinities as in C."""
    form, one, zero = format_of(lanes), lanes.const(1), lanes.const(0)
    height, width = lanes.abs(y), lanes.abs(x)
    endless = lanes.both(is_infinite(lanes, y), is_infinite(lanes, x))
    height, width = (lanes.select(endless, one, v) for v in (height, width))
    large = lanes.gt(lanes.greater(height, width), lanes.const(2.0 ** (form.bias - 2)))
    small = lanes.lt(lanes.greater(height, width), lanes.const(2.0 ** (form.stored - form.bias)))
    scale = lanes.select(large, lanes.const(0.25), one)
    scale = lanes.select(small, lanes.const(2.0 ** (2 * form.stored)), scale)
    nothing = lanes.both(lanes.eq(height, zero), lanes.eq(width, zero))
    height, width = lanes.mul(height, scale), lanes.mul(width, scale)
    width = lanes.select(nothing, one, width)
    value = _arc(lanes, height, width)
    pi, pi_low = constants(lanes, "pi", 2)
    behind = lanes.ilt(lanes.bits(x), lanes.iconst(0))
    mirrored = lanes.sub(pi, lanes.sub(value, pi_low))
    return lanes.copysign(lanes.select(behind, mirrored, value), y)


def _half_angle(lanes: Lanes, size: Value) -> tuple[Value, Value]:
    r""":math:`\arcsin\sqrt{(1-a)/2}` as a root and what follows it."""
    z = lanes.mul(lanes.const(0.5), lanes.sub(lanes.const(1), size))
    s = lanes.sqrt(z)
    return s, lanes.mul(lanes.mul(s, z), horner(lanes, coefficients(lanes, "asin"), z))


def asin(lanes: Lanes, x: Value) -> Value:
    r""":math:`\arcsin x`; :math:`\frac\pi2 - 2\arcsin\sqrt{(1 - |x|)/2}` beyond 1/2."""
    size = lanes.abs(x)
    square = lanes.mul(x, x)
    series = horner(lanes, coefficients(lanes, "asin"), square)
    near = lanes.fma(lanes.mul(size, square), series, size)
    s, bend = _half_angle(lanes, size)
    half, half_low = constants(lanes, "pi/2", 2)
    head, lost = ordered_sum(lanes, half, lanes.mul(lanes.const(-2), s))
    rest = lanes.fma(lanes.const(-2), bend, lanes.add(lost, half_low))
    far = lanes.add(head, rest)
    value = lanes.select(lanes.gt(size, lanes.const(0.5)), far, near)
    return _or_itself(lanes, x, lanes.copysign(value, x))


def acos(lanes: Lanes, x: Value) -> Value:
    r""":math:`\arccos x = 2\arcsin\sqrt{(1 - x)/2}` beyond 1/2, mirrored below -1/2."""
    size = lanes.abs(x)
    square = lanes.mul(x, x)
    half, half_low = constants(lanes, "pi/2", 2)
    pi, pi_low = constants(lanes, "pi", 2)
    series = horner(lanes, coefficients(lanes, "asin"), square)
    bend = lanes.fma(lanes.mul(x, square), series, lanes.neg(half_low))
    near = lanes.sub(half, lanes.add(x, bend))
    s, rest = _half_angle(lanes, size)
    ahead = lanes.fma(lanes.const(2), rest, lanes.add(s, s))
    behind = lanes.sub(pi, lanes.sub(ahead, pi_low))
    far = lanes.select(lanes.gt(x, lanes.const(0)), ahead, behind)
    return lanes.select(lanes.gt(size, lanes.const(0.5)), far, near)
