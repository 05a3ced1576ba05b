"""Exact numbers rounded to floating point, once."""

from __future__ import annotations

import struct
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
import sympy as sp


@lru_cache(4096)
def hexadecimal(value: Any, dtype: np.dtype[Any]) -> str:
    """A rounded number as LLVM writes it: the bits of a double."""
    return struct.pack(">d", float(rounded(value, dtype))).hex().upper()


def rounded(value: Any, dtype: Any) -> np.floating[Any]:
    """The floating-point number nearest to an exact one, ties to even.

    Args:
        value: an int, a float, a Fraction, or a SymPy number.
        dtype: float64 or float32.

    >>> float(rounded(sp.pi, np.float64)), float(rounded(Fraction(1, 10), np.float32))
    (3.141592653589793, 0.10000000149011612)
    """
    kind = np.dtype(dtype).type
    if isinstance(value, float | np.floating):
        return kind(value)
    if isinstance(value, sp.Basic):
        if value.is_Rational:
            value = Fraction(int(value.p), int(value.q))
        else:
            digits = sp.Float(sp.N(value, 60), 60)
            if not digits.is_finite:
                return kind(float(digits))
            value = Fraction(int(sp.Rational(digits).p), int(sp.Rational(digits).q))
    exact = Fraction(value)
    return kind(_double(exact) if kind is np.float64 else nearest(exact, 24, -149))


def _double(exact: Fraction) -> float:
    """`nearest` for float64: Python's quotient of two whole numbers is rounded so, and fast."""
    try:
        return exact.numerator / exact.denominator
    except OverflowError:
        return nearest(exact, 53, -1074)


def nearest(exact: Fraction, precision: int, least: int) -> float:
    """A fraction rounded to so many bits, ties to even; the last bit is at least 2^least.

    >>> nearest(Fraction(1, 3), 24, -149) == float(np.float32(1) / np.float32(3))
    True
    """
    if exact == 0:
        return 0.0
    magnitude = abs(exact)
    exponent = magnitude.numerator.bit_length() - magnitude.denominator.bit_length()
    if Fraction(2) ** exponent > magnitude:
        exponent -= 1
    last = max(exponent - precision + 1, least)
    whole = round(magnitude / Fraction(2) ** last)
    try:
        size = float(whole * Fraction(2) ** last)
    except OverflowError:
        size = float("inf")
    return -size if exact < 0 else size
