r"""What the functions share: polynomials, sums and products with their errors, powers of two.

Source: Dekker 1971, "A floating-point technique for extending the available precision"; Knuth, The
Art of Computer Programming 2, 4.2.2, for the error of a sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from symgan.kernels.jit.functions.constants import pieces
from symgan.kernels.jit.functions.tables import TABLES
from symgan.kernels.jit.lanes import Lanes, Value


class Pair(NamedTuple):
    """An unevaluated sum of two vectors, the second far below the first."""

    high: Value
    low: Value


@dataclass(frozen=True)
class Format:
    """What depends on the floating-point format.

    Attributes:
        stored: bits of the significand that are stored.
        bias: of the exponent.
        top, bottom: e^x overflows beyond the one and is zero below the other.
        normal: e^x is a normal number above it.
        lift: powers of two that bring any subnormal result among the normal ones.
    """

    stored: int
    bias: int
    top: float
    bottom: float
    normal: float
    lift: int


_FORMATS = {
    True: Format(52, 1023, 710.0, -746.0, -707.0, 64),
    False: Format(23, 127, 89.0, -104.0, -86.0, 32),
}


def format_of(lanes: Lanes) -> Format:
    """The format of these lanes."""
    return _FORMATS[lanes.double]


def constants(lanes: Lanes, name: str, count: int) -> list[Value]:
    """A constant as a sum of vectors, largest first."""
    return [lanes.const(c) for c in pieces(name, count, lanes.double)]


def coefficients(lanes: Lanes, name: str) -> tuple[float, ...]:
    """A polynomial of `tables`, the constant coefficient first."""
    return TABLES[name][0 if lanes.double else 1]


def horner(lanes: Lanes, coefficients: Sequence[float], x: Value) -> Value:
    """The polynomial at x, the constant coefficient first."""
    value = lanes.const(coefficients[-1])
    for c in coefficients[-2::-1]:
        value = lanes.fma(value, x, lanes.const(c))
    return value


def rounding_shift(lanes: Lanes) -> float:
    """1.5 * 2^stored: added, it rounds to a whole number that stands in the lowest bits."""
    return 1.5 * 2.0 ** format_of(lanes).stored


def power_of_two(lanes: Lanes, shifted: Value, offset: int) -> Value:
    """2^(n + offset), where n has been rounded by `rounding_shift`."""
    form = format_of(lanes)
    exponent = lanes.shl(lanes.bits(shifted), form.stored)
    return lanes.from_bits(lanes.iadd(exponent, lanes.iconst((form.bias + offset) << form.stored)))


def sum_with_error(lanes: Lanes, a: Value, b: Value) -> Pair:
    """a + b rounded, and what rounding lost; exact."""
    total = lanes.add(a, b)
    back = lanes.sub(total, a)
    lost = lanes.add(lanes.sub(a, lanes.sub(total, back)), lanes.sub(b, back))
    return Pair(total, lost)


def ordered_sum(lanes: Lanes, a: Value, b: Value) -> Pair:
    """`sum_with_error` where a is zero or not the smaller in magnitude."""
    total = lanes.add(a, b)
    return Pair(total, lanes.sub(b, lanes.sub(total, a)))


def product_with_error(lanes: Lanes, a: Value, b: Value) -> Pair:
    """a b rounded, and what rounding lost."""
    product = lanes.mul(a, b)
    return Pair(product, lanes.fma(a, b, lanes.neg(product)))


def infinity(lanes: Lanes) -> Value:
    """Positive infinity in every lane."""
    return lanes.const(float("inf"))


def not_a_number(lanes: Lanes) -> Value:
    """NaN in every lane."""
    return lanes.const(float("nan"))


def is_infinite(lanes: Lanes, x: Value) -> Value:
    """Whether x is an infinity of either sign."""
    return lanes.eq(lanes.abs(x), infinity(lanes))
