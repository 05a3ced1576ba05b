r"""Elementary functions in generated code: every instruction of them is written here.

Each is free of branches, but for arguments of sine, cosine and tangent beyond 2^31 (float32:
2^16), and holds over its whole domain: subnormal numbers, signed zeros, infinities and NaN
included. Errors are in units in the last place of the exact result; `Emitter` states the bounds,
and tests measure them against 50 digits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.codegen.cfunctions import expm1, log1p

from symgan.kernels.jit.functions import (
    error,
    exponential,
    inverse,
    logarithm,
    power,
    trigonometric,
)
from symgan.kernels.jit.lanes import Lanes, Value
from symgan.kernels.rewrite import sigmoid, softplus


@dataclass(frozen=True)
class Emitter:
    """How a function is written, and how exact it is.

    Attributes:
        emit: (lanes, operands) -> the value.
        ulp, ulp32: bounds of the error in float64 and float32, in units in the last place.
    """

    emit: Callable[..., Value]
    ulp: float
    ulp32: float

    def __call__(self, lanes: Lanes, *operands: Value) -> Value:
        """`emit`."""
        return self.emit(lanes, *operands)


FUNCTIONS: dict[Any, Emitter] = {
    sp.exp: Emitter(exponential.exp, 1.0, 1.0),
    expm1: Emitter(exponential.expm1, 1.75, 1.75),
    sigmoid: Emitter(exponential.sigmoid, 2.75, 2.75),
    sp.sinh: Emitter(exponential.sinh, 2.0, 2.0),
    sp.cosh: Emitter(exponential.cosh, 1.5, 1.5),
    sp.tanh: Emitter(exponential.tanh, 2.25, 2.25),
    sp.log: Emitter(logarithm.log, 1.0, 1.0),
    log1p: Emitter(logarithm.log1p, 1.0, 1.0),
    softplus: Emitter(logarithm.softplus, 2.25, 2.25),
    sp.asinh: Emitter(logarithm.asinh, 2.0, 2.0),
    sp.acosh: Emitter(logarithm.acosh, 3.0, 3.0),
    sp.atanh: Emitter(logarithm.atanh, 2.25, 2.25),
    sp.sin: Emitter(trigonometric.sin, 1.0, 1.0),
    sp.cos: Emitter(trigonometric.cos, 1.0, 1.0),
    sp.tan: Emitter(trigonometric.tan, 2.5, 2.5),
    sp.asin: Emitter(inverse.asin, 1.5, 1.5),
    sp.acos: Emitter(inverse.acos, 1.25, 1.25),
    sp.atan: Emitter(inverse.atan, 2.0, 2.0),
    sp.atan2: Emitter(inverse.atan2, 2.5, 2.5),
    sp.erf: Emitter(error.erf, 2.0, 2.0),
    sp.erfc: Emitter(error.erfc, 7.5, 7.5),
    sp.Pow: Emitter(power.power, 1.25, 1.25),
}
"""SymPy class -> what writes it; `Pow` for real exponents, signs and ends as C's pow."""
