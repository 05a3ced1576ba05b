"""What a typed expression may hold: its functions, constants and limits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp
from sympy import Expr, Integer

MAX_LENGTH = 2000
MAX_DEPTH = 60
MAX_EXPONENT = 64
MAX_BITS = 4096
"""Limits on the text (characters), its nesting, a numeric power, and the digits of a number."""
LARGEST = Integer(10) ** 100
"""Numbers beyond this, or nearer to 0 than its inverse, are refused: their powers leave float64."""

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "exp": sp.exp,
    "log": sp.log,
    "sqrt": sp.sqrt,
    "sin": sp.sin,
    "cos": sp.cos,
    "tan": sp.tan,
    "tanh": sp.tanh,
    "erf": sp.erf,
    "abs": sp.Abs,
    "Abs": sp.Abs,
    "sign": sp.sign,
    "logistic": lambda x: 1 / (1 + sp.exp(-x)),
    "sigmoid": lambda x: 1 / (1 + sp.exp(-x)),
    "softplus": lambda x: sp.log(1 + sp.exp(x)),
    "Min": sp.Min,
    "Max": sp.Max,
}
"""The functions that may be called; all take one argument, but Min and Max any number."""

VARIADIC = frozenset({"Min", "Max"})
CONSTANTS: dict[str, Expr] = {"pi": sp.pi}
