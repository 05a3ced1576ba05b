r"""The numbers of exact orbits: rationals of python-flint or of Python, and floats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any, Literal

import numpy as np
import sympy as sp
from sympy import Symbol

from symgan.kernels.errors import KernelError
from symgan.system import Map

Arithmetic = Literal["exact", "float64", "float32"]


def number_type(name: Arithmetic) -> tuple[Callable[[Any], Any], Callable[[Any], int] | None]:
    """A number from a fraction, and the size of a number in bits where it can grow."""
    if name == "exact":
        return _rationals()
    kinds: dict[str, Any] = {"float64": np.float64, "float32": np.float32}
    if name not in kinds:
        raise KernelError(f"unknown arithmetic {name!r}; choose exact, float64 or float32")
    kind = kinds[name]
    return (lambda value: kind(float(value))), None


def _rationals() -> tuple[Callable[[Any], Any], Callable[[Any], int]]:
    try:
        from flint import fmpq  # pyright: ignore[reportMissingTypeStubs]
    except ImportError:
        return Fraction, lambda x: max(x.numerator.bit_length(), x.denominator.bit_length())
    return (lambda value: fmpq(value.numerator, value.denominator)), fmpq.height_bits


def parameter_numbers(map: Map, values: Mapping[Any, Any]) -> dict[Symbol, Any]:
    """A rational for every parameter of a map."""
    given = by_name(values, map.parameters, "parameter")
    missing = [str(p) for p in map.parameters if p not in given]
    if missing:
        raise KernelError(f"an exact orbit needs a number for {', '.join(missing)}")
    return {p: sp.Rational(as_fraction(given[p], f"parameter {p}")) for p in given}


def by_name(values: Mapping[Any, Any], known: Iterable[Symbol], what: str) -> dict[Symbol, Any]:
    """Values under their symbols, where names are allowed too."""
    symbols = {symbol.name: symbol for symbol in known}
    unknown = [str(key) for key in values if str(key) not in symbols]
    if unknown:
        listed = ", ".join(symbols) or "none"
        raise KernelError(f"unknown {what} {', '.join(unknown)}; there is {listed}")
    return {symbols[str(key)]: value for key, value in values.items()}


def as_fraction(value: Any, what: str) -> Fraction:
    """An exact rational; a float is refused, since it is seldom the number that was meant."""
    number = sp.nan if isinstance(value, str) else sp.sympify(value)
    if isinstance(number, sp.Rational):
        return Fraction(int(number.p), int(number.q))
    raise KernelError(f"{what} is {value}, not a rational number; write Rational(1, 10), not 0.1")


def to_sympy(x: Any) -> Any:
    """Any number of an orbit as an exact SymPy number; what is not finite is `nan`."""
    if isinstance(x, np.floating) and not np.isfinite(x):
        return sp.nan
    if isinstance(x, np.floating):
        return sp.Rational(Fraction(float(x)))
    return sp.Rational(int(x.numerator), int(x.denominator))
