"""Maps as functions of multiprecision numbers, with their comparisons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import sympy as sp
from sympy import Symbol

from symgan.kernels.errors import KernelError
from symgan.kernels.evaluate import COMPARE
from symgan.kernels.exact_numbers import by_name
from symgan.kernels.switching import branched, guard, relations
from symgan.system import Map


@dataclass(frozen=True)
class Multiprecision:
    """A map without parameters as functions of multiprecision numbers.

    Attributes:
        map: the map, its kinks written as Piecewise.
        relations: the comparisons that look at the state, in the order of `guards`.
        step, guards: (state, index) -> the next state; left minus right of each comparison.
    """

    map: Map
    relations: tuple[Any, ...]
    step: Callable[..., Any] = field(repr=False, compare=False)
    guards: Callable[..., Any] = field(repr=False, compare=False)

    def decided(self, guards: Sequence[Any]) -> tuple[bool, ...]:
        """How the comparisons turn out where the guards have these values."""
        return tuple(
            bool(COMPARE[type(r)](g, 0)) for r, g in zip(self.relations, guards, strict=True)
        )


def multiprecision(map: Map, parameters: Mapping[Any, Any] | None = None) -> Multiprecision:
    """The functions of a map with numbers for its parameters.

    The comparisons stand in the order of `comparisons`, whatever the numbers are.

    Raises:
        KernelError: a map with noise, or one with parameters left.
    """
    if map.noise:
        raise KernelError("a map that draws noise has no reference; put in values for the noise")
    values = exact_values(map.parameters, parameters or {}, "parameter")
    if missing := [p.name for p in map.parameters if p not in values]:
        raise KernelError(f"no value for {', '.join(missing)}; give one to each parameter")
    rhs = tuple(branched(f).subs(values) for f in map.rhs)
    found = tuple(r.subs(values) for r in comparisons(map))
    memory = tuple((s, v.subs(values)) for s, v in map.memory)
    plain = replace(map, rhs=rhs, parameters=(), memory=memory, stages=())
    arguments = [*map.state, map.index or sp.Dummy("index")]
    step = sp.lambdify(arguments, rhs, modules="mpmath")
    guards = sp.lambdify(arguments, [guard(r) for r in found], modules="mpmath")
    return Multiprecision(plain, found, step, guards)


def comparisons(map: Map) -> tuple[Any, ...]:
    """The comparisons of a map that look at its state, kinks written as such.

    >>> x = Symbol("x", real=True)
    >>> comparisons(Map((x,), (abs(x) - 1,)))
    (x > 0,)
    """
    found = relations([branched(f) for f in map.rhs])
    return tuple(r for r in found if r.free_symbols & set(map.visible))


def exact_values(
    known: Sequence[Symbol], values: Mapping[Any, Any], what: str
) -> dict[Symbol, Any]:
    """Exact numbers under their symbols, where names are allowed too."""
    given = by_name(values, known, what)
    return {symbol: exact_number(value) for symbol, value in given.items()}


def exact_number(value: Any) -> Any:
    """A number as an exact SymPy number; a float is the binary number that it is.

    >>> exact_number(0.5), exact_number(sp.Rational(1, 3))
    (1/2, 1/3)
    """
    if isinstance(value, float | np.floating):
        if not np.isfinite(value):
            raise KernelError(f"{value} is not a finite number")
        return sp.Rational(*float(value).as_integer_ratio())
    return sp.sympify(value)
