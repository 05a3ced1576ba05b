r"""Numbers with errors, and floating-point numbers, as decimals."""

from __future__ import annotations

import math
from typing import Any

import sympy as sp
from sympy import Expr, Rational

from symgan.report.typesetting.roots import decimal

DIGITS = 12
"""Significant digits up to which an enclosure is written out, however narrow it is."""


def enclosure(lower: Any, upper: Any) -> str:
    r"""A number between two bounds as a decimal and a radius that covers both.

    Args:
        lower, upper: rationals, or both the same infinity.

    >>> print(enclosure(Rational(3332, 10000), Rational(3334, 10000)))
    0.3333 \pm 10^{-4}
    >>> print(enclosure(sp.oo, sp.oo), enclosure(Rational(1, 2), Rational(1, 2)))
    \infty 0.5
    """
    low, high = sp.sympify(lower), sp.sympify(upper)
    if not (low.is_finite and high.is_finite):
        return r"-\infty" if low is sp.S.NegativeInfinity else r"\infty"
    for places in range(_places((low + high) / 2), -400, -1):
        center, radius = _rounded(low, high, places)
        if radius <= 9:
            if radius == 0:
                return decimal(center)
            return rf"{_decimal(center, places)} \pm {_scaled(radius, -places)}"
    raise ValueError(f"an enclosure of width {high - low} has no decimal")


def _places(middle: Expr) -> int:
    """Decimal places for as many significant digits as are written."""
    if middle == 0:
        return 2 * DIGITS
    return DIGITS - 1 - int(sp.floor(sp.log(abs(middle), 10).evalf(30)))


def _rounded(low: Expr, high: Expr, places: int) -> tuple[Rational, Any]:
    """The middle rounded to decimal places, and the radius that covers both ends, in units."""
    unit = Rational(1, 10) ** places
    center = sp.floor((low + high) / 2 / unit + Rational(1, 2)) * unit
    return center, sp.ceiling(max(center - low, high - center) / unit)


def _decimal(value: Any, places: int) -> str:
    """A decimal with this many places, in powers of ten where it is very small or large."""
    exponent = _exponent(value)
    if value != 0 and not -4 <= exponent <= DIGITS:
        text = _decimal(value / Rational(10) ** exponent, places + exponent)
        return rf"{text} \cdot 10^{{{exponent}}}"
    text = decimal(Rational(value))
    if places <= 0:
        return text
    text += "" if "." in text else "."
    return text.ljust(text.index(".") + 1 + places, "0")


def _exponent(value: Any) -> int:
    return 0 if value == 0 else int(sp.floor(sp.log(abs(value), 10).evalf(30)))


def _scaled(factor: Any, exponent: int) -> str:
    power = rf"10^{{{exponent}}}"
    if exponent == 0:
        return f"{factor}"
    return power if factor == 1 else rf"{factor} \cdot {power}"


def floating(value: float, digits: int = 4) -> str:
    r"""A floating-point number to some digits, with a power of ten where that is shorter.

    >>> print(floating(1.5e-7), floating(0.25), floating(float("inf")))
    1.5 \cdot 10^{-7} 0.25 \infty
    """
    if math.isnan(value):
        return r"\text{not a number}"
    if math.isinf(value):
        return r"\infty" if value > 0 else r"-\infty"
    mantissa, mark, exponent = f"{value:.{digits}g}".partition("e")
    if not mark:
        return mantissa
    power = f"10^{{{int(exponent)}}}"
    return {"1": power, "-1": f"-{power}"}.get(mantissa, rf"{mantissa} \cdot {power}")


def outward(lower: Any, upper: Any, digits: int = 6) -> str:
    r"""An interval with decimal ends that holds the one between two rationals.

    >>> print(outward(Rational(1, 3), Rational(2, 3)))
    [0.333333, 0.666667]
    """
    unit = Rational(1, 10) ** digits
    low, high = sp.floor(lower / unit) * unit, sp.ceiling(upper / unit) * unit
    return f"[{decimal(low)}, {decimal(high)}]"
