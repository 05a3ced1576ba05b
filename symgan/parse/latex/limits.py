"""What a value read from LaTeX may be: defined, real, and of a size that cannot stall a machine."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Expr, Rational

from symgan.parse.vocabulary import LARGEST, MAX_BITS, MAX_EXPONENT

MAX_LENGTH = 4000
"""Characters: a display of several lines is longer than what one types."""
MAX_DEPTH = 30
"""Nested groups; each takes about a dozen of Python's calls."""
MAX_ENTRIES = 36
"""Entries of a matrix."""
MAX_TERMS = 64
"""Terms of a sum or product whose ends are numbers."""


def fault(value: Any) -> str:
    """Why a value is refused; empty if it is not."""
    if not isinstance(value, Expr) or isinstance(value, sp.MatrixBase):
        return ""
    if value.has(sp.zoo, sp.nan):
        return "this has no value (a division by zero, or the log of zero)"
    if value.has(sp.I) or value.is_extended_real is False:
        return "this is not real"
    rationals = value.atoms(Rational) - {sp.oo, -sp.oo}
    if any(max(abs(n.p), n.q).bit_length() > MAX_BITS for n in rationals):
        return f"a number here has more than {MAX_BITS} bits"
    numbers = {*rationals, *([value] if value.is_number and value.is_finite else [])}
    if not all(_in_range(n) for n in numbers):
        return "a number here is beyond 1e100 or nearer to 0 than 1e-100"
    return ""


def exponent_fault(exponent: Any) -> str:
    """Why a numeric exponent is refused; empty if it is not."""
    if not exponent.is_number:
        return ""
    size = abs(exponent) if exponent.is_Rational else abs(exponent.evalf(5))
    if not size.is_comparable or size <= MAX_EXPONENT:
        return ""
    return f"exponents beyond {MAX_EXPONENT} are refused"


def _in_range(number: Expr) -> bool:
    size = abs(number) if number.is_Rational else abs(number.evalf(5))
    if not size.is_comparable:  # an undetermined value, such as f(0)
        return True
    return bool(size == 0 or 1 / LARGEST <= size <= LARGEST)
