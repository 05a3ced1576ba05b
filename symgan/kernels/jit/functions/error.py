r"""erf and erfc.

erf has a polynomial on [0, 0.84375]; on [0.46875, inf) with :math:`u = 1/(a + K)`,
:math:`\mathrm{erfc}(a) = e^{-a^2} u\,P(u)`. What rounding takes from :math:`a^2` and u goes
into the exponent.
"""

from __future__ import annotations

from symgan.kernels.jit.functions.exponential import clamped, exp_of_sum
from symgan.kernels.jit.functions.parts import (
    coefficients,
    horner,
    product_with_error,
    sum_with_error,
)
from symgan.kernels.jit.lanes import Lanes, Value

_FIRST, _LAST, _SHIFT, _CENTER = 0.46875, 0.84375, 3.75, 0.125
"""As in `derive`: where erfc's polynomial begins, where erf's ends, K and the center."""


def _near(lanes: Lanes, x: Value) -> Value:
    """erf about 0."""
    square = lanes.mul(x, x)
    return lanes.fma(x, horner(lanes, coefficients(lanes, "erf"), square), x)


def _tail(lanes: Lanes, x: Value) -> Value:
    """erfc of the magnitude, from 0.46875 on."""
    # beyond 30 it is 0, and squares stay finite
    size, one = lanes.lesser(lanes.const(30), lanes.abs(x)), lanes.const(1)
    square, lost = product_with_error(lanes, size, size)
    below, below_low = sum_with_error(lanes, size, lanes.const(_SHIFT))
    u = lanes.div(one, below)
    turned = lanes.neg(u)
    share = lanes.fma(turned, below_low, lanes.fma(turned, below, one))
    power = clamped(lanes, lanes.neg(square), above=False)
    decay = exp_of_sum(lanes, power, lanes.sub(share, lost))
    centered = lanes.sub(u, lanes.const(_CENTER))
    series = horner(lanes, coefficients(lanes, "erfc"), centered)
    return lanes.mul(decay, lanes.mul(u, series))


def erf(lanes: Lanes, x: Value) -> Value:
    r""":math:`\mathrm{erf}(x) = \frac2{\sqrt\pi}\int_0^x e^{-t^2}\,dt`."""
    far = lanes.sub(lanes.const(1), _tail(lanes, x))
    near = lanes.lt(lanes.abs(x), lanes.const(_LAST))
    return lanes.copysign(lanes.select(near, _near(lanes, x), far), x)


def erfc(lanes: Lanes, x: Value) -> Value:
    r""":math:`\mathrm{erfc}(x) = 1 - \mathrm{erf}(x)`, relative to itself in the right tail."""
    tail = _tail(lanes, x)
    left = lanes.sub(lanes.const(2), tail)
    far = lanes.select(lanes.lt(x, lanes.const(0)), left, tail)
    near = lanes.lt(lanes.abs(x), lanes.const(_FIRST))
    return lanes.select(near, lanes.sub(lanes.const(1), _near(lanes, x)), far)
