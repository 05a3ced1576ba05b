"""Numbers on their way into code and out of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from numbers import Integral
from numbers import Rational as AnyRational
from typing import Any

import mpmath
import numpy as np
import sympy as sp
from mpmath import mpf
from sympy import Expr, Rational

from symgan.audit.subject import Arithmetic, AuditError

DOUBLE = 8
"""Bytes of a float in double precision."""
DIGITS = 60
"""The working precision in decimal digits: ten more than the 50 that are compared."""


def handed(value: Any, arithmetic: Arithmetic) -> Any:
    """An exact number, or a symbol, as code of an arithmetic receives it."""
    if arithmetic is Arithmetic.SYMBOLIC:
        return value
    if arithmetic is Arithmetic.RATIONAL:
        return Fraction(int(value.p), int(value.q))
    if arithmetic is Arithmetic.DIGITS:
        return mpf(int(value.p)) / int(value.q)
    return float(value)


def flat(result: Any, names: Sequence[str] = ()) -> list[Any]:
    """The numbers in what code returned, in order; arrays, tensors and matrices by rows."""
    if isinstance(result, Mapping):
        return flat([result[name] for name in names]) if set(names) == set(result) else [result]
    if isinstance(result, sp.MatrixBase):
        return list(result)
    if hasattr(result, "detach"):
        result = result.detach().cpu().numpy()
    if isinstance(result, np.ndarray | np.generic):
        short = result.dtype.kind == "f" and result.dtype.itemsize < DOUBLE  # `read` refuses them
        return list(np.ravel(result)) if short else np.ravel(result).tolist()
    if isinstance(result, str | bytes) or not isinstance(result, Iterable):
        return [result]
    return [number for part in result for number in flat(part)]


def read(value: Any, arithmetic: Arithmetic) -> Any:
    """One returned number in the terms in which it is compared; None if it is of a lower kind.

    Raises:
        AuditError: it is no real number at all.
    """
    if isinstance(value, bool | np.bool_):
        raise AuditError(f"{value!r} was returned where a number is wanted")
    if _is_short(value):
        raise AuditError(
            f"numbers of {value.dtype} were returned, whose rounding would hide faults; let the "
            "code keep the precision of its inputs (float64)"
        )
    if arithmetic is Arithmetic.SYMBOLIC:
        return _expression(value)
    if isinstance(value, Integral):
        value = Fraction(int(value))
    if isinstance(value, Rational):
        value = Fraction(int(value.p), int(value.q))
    if isinstance(value, AnyRational):
        return _ratio(value, arithmetic)
    if arithmetic is Arithmetic.RATIONAL:
        return None
    if isinstance(value, Expr) and value.is_number:
        value = value._to_mpmath(mpmath.mp.prec) if value.is_Float else mpf(sp.N(value, DIGITS))
    if arithmetic is Arithmetic.DIGITS:
        return value if isinstance(value, mpf) else None
    if not isinstance(value, float | mpf):
        raise AuditError(f"{value!r} was returned where a real number is wanted")
    return float(value)


def _is_short(value: Any) -> bool:
    """Whether a number has fewer bits than double precision."""
    return isinstance(value, np.floating) and value.dtype.itemsize < DOUBLE


def _ratio(value: Any, arithmetic: Arithmetic) -> Any:
    if arithmetic is Arithmetic.RATIONAL:
        return Rational(int(value.numerator), int(value.denominator))
    if arithmetic is Arithmetic.DIGITS:
        return mpf(int(value.numerator)) / int(value.denominator)
    return float(value)


def _expression(value: Any) -> Any:
    if isinstance(value, str) or value is None:
        return None
    try:
        found = sp.sympify(value)
    except (sp.SympifyError, TypeError, ValueError):
        return None
    if not isinstance(found, Expr) or found.is_Matrix or found.has(sp.I):
        return None
    return found


def decimal(expression: Expr) -> Expr:
    """The expression with its binary constants read as the decimals they print as: 0.1 is 1/10."""
    put = {f: Rational(repr(float(f))) for f in expression.atoms(sp.Float)}
    return expression.xreplace(put) if put else expression


def shown(value: Any) -> str:
    """A number for a sentence: exact, or 17 digits."""
    if isinstance(value, str):
        return value
    if isinstance(value, mpf):
        return mpmath.nstr(value, 17)
    return repr(value) if isinstance(value, float) else str(value)
