"""Constants in as many pieces as a function needs, each rounded from what the others leave."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import mpmath
import numpy as np
from mpmath import mpf

_DIGITS = 400
"""Enough for 2^1024 * 2/pi modulo 4 to 80 further digits."""

_EXACT: dict[str, Callable[[], Any]] = {
    "log2(e)": lambda: 1 / mpmath.log(2),
    "log(2)": lambda: mpmath.log(2),
    "2/pi": lambda: 2 / mpmath.pi,
    "pi/4": lambda: mpmath.pi / 4,
    "pi/2": lambda: mpmath.pi / 2,
    "3pi/4": lambda: 3 * mpmath.pi / 4,
    "pi": lambda: +mpmath.pi,
    "2pi": lambda: 2 * mpmath.pi,
    "2/3": lambda: mpf(2) / 3,
    "tan(pi/8)": lambda: mpmath.tan(mpmath.pi / 8),
    "tan(3pi/8)": lambda: mpmath.tan(3 * mpmath.pi / 8),
    "sqrt(1/2)": lambda: mpmath.sqrt(mpf(1) / 2),
}


def _pieces(value: Any, count: int, kind: Any) -> tuple[float, ...]:
    found: list[float] = []
    for _ in range(count):
        found.append(float(kind(float(value)) if kind is np.float64 else single(value)))
        value -= mpf(found[-1])
    return tuple(found)


def single(value: Any) -> np.float32:
    """A multiprecision number rounded once to float32."""
    with mpmath.workprec(24):
        return np.float32(float(+value))


@cache
def pieces(name: str, count: int, double: bool) -> tuple[float, ...]:
    """A constant as a sum of floats, largest first.

    >>> high, low = pieces("pi", 2, True)
    >>> high, low
    (3.141592653589793, 1.2246467991473532e-16)
    """
    with mpmath.workdps(_DIGITS):
        return _pieces(_EXACT[name](), count, np.float64 if double else np.float32)


@cache
def turns(exponent: int, double: bool) -> tuple[float, ...]:
    """Four floats whose sum is 2^exponent * 2/pi modulo 4, within [-2, 2]."""
    with mpmath.workdps(_DIGITS):
        quarter_turns = mpmath.ldexp(2 / mpmath.pi, exponent)
        rest = quarter_turns - 4 * mpmath.nint(quarter_turns / 4)
        return _pieces(rest, 4, np.float64 if double else np.float32)
