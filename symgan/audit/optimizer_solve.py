"""The value of one option with which a method explains what code does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor
from typing import Any

import mpmath
import sympy as sp
from mpmath import mpf

from symgan.audit.driven import Reference, compare, predictions
from symgan.audit.optimizer_rules import Method
from symgan.audit.tracked import DIGITS, Unclear
from symgan.errors import SymganError
from symgan.game import Game

States = Sequence[Sequence[float]]
Run = tuple[Game, Sequence[States]]
"""A game, and states that code went through on it, one trajectory a start."""
_LARGEST = 10**4
"""Denominators beyond this are no option that anybody wrote, but a fit."""
_ROUNDS = 30


def solved(method: Method, runs: Sequence[Run]) -> str | None:
    """One step or option with another value that explains all trajectories, as a sentence's end.

    The value is solved for on the first step that depends on it, taken as the simplest fraction
    within rounding, and then has to fit every step of every trajectory.

    Args:
        method: what code was held to.
        runs: games, and the states that code went through on them.
    """
    game = runs[0][0]
    several = len(game.players) if len(game.players) > 1 else 0
    names = ("eta", *method.numeric, *(f"eta_{i}" for i in range(several)))
    for name in names:
        value = _fitting(method, name, runs)
        if value is not None:
            return _sentence(method, game, name, value)
    return None


def _fitting(method: Method, name: str, runs: Sequence[Run]) -> Any:
    try:
        references = [method.reference(game, free=name) for game, _ in runs]
    except SymganError:
        return None  # the option is not one that may be a symbol: a flag in disguise
    key = f"{name}_option"
    with mpmath.workdps(DIGITS):
        for states in runs[0][1]:
            value = _solved(references[0], key, states)
            if value is not None and all(
                fits(_with(reference, key, value), traces)
                for reference, (_, traces) in zip(references, runs, strict=True)
            ):
                return value
    return None


def fits(reference: Reference, traces: Sequence[States], dtype: str = "float64") -> bool:
    """Whether a map takes every step of every trajectory."""
    steps = 0
    for states in traces:
        found = compare(reference, states, dtype)
        if found.wrong is not None:
            return False
        steps += found.steps
    return steps > 0


def _with(reference: Reference, name: str, value: Any) -> Reference:
    held = tuple((s, value if s.name == name else v) for s, v in reference.values)
    return replace(reference, values=held)


def _solved(reference: Reference, name: str, states: States) -> Any:
    """The simplest fraction for which the first step that depends on the option is right."""
    (asked,) = (v for s, v in reference.values if s.name == name)

    def ahead(value: Any, last: int | None = None) -> list[list[Any]]:
        try:
            shown = states if last is None else states[: last + 2]
            return list(predictions(_with(reference, name, sp.sympify(value)), shown))
        except Unclear:
            return []

    first, second = asked, asked * sp.Rational(7, 8) + sp.Rational(1, 97)
    place = _first_difference(ahead(first), ahead(second))
    if place is None:
        return None
    k, i = place

    def miss(value: Any) -> Any:
        rows = ahead(sp.Rational(Fraction(str(mpmath.nstr(value, DIGITS)))), k)
        return rows[k][i] - mpf(states[k + 1][i]) if len(rows) > k else mpf("nan")

    found = _secant(miss, mpf(first.p) / first.q, mpf(second.p) / second.q)
    return None if found is None else simplest(found, max(abs(found), mpf(1)) * mpf(10) ** -9)


def _first_difference(one: list[list[Any]], other: list[list[Any]]) -> tuple[int, int] | None:
    for k, (a, b) in enumerate(zip(one, other, strict=False)):
        for i, (x, y) in enumerate(zip(a, b, strict=True)):
            if abs(x - y) > mpf(10) ** -9 * max(abs(x), abs(y)):
                return k, i
    return None


def _secant(function: Callable[[Any], Any], x0: Any, x1: Any) -> Any:
    f0, f1 = function(x0), function(x1)
    for _ in range(_ROUNDS):
        if not (mpmath.isfinite(f0) and mpmath.isfinite(f1)) or f0 == f1:
            return None
        x0, f0, x1 = x1, f1, x1 - f1 * (x1 - x0) / (f1 - f0)
        if abs(x1 - x0) <= mpf(10) ** -20 * max(abs(x1), mpf(1)):
            return x1
        f1 = function(x1)
        if f1 == 0:
            return x1
    return None


def simplest(value: Any, within: Any) -> Any:
    """The fraction of least denominator near a number; None where that is above 10**4.

    >>> simplest(mpf("0.33333333333"), mpf("1e-9"))
    1/3
    """
    for q in range(1, _LARGEST + 1):
        low, high = ceil((value - within) * q), floor((value + within) * q)
        if low <= high:
            return sp.Rational(low if abs(low) <= abs(high) else high, q)
    return None


def _sentence(method: Method, game: Game, name: str, value: Any) -> str:
    if name == "eta":
        eta = method.eta[0]
        if value == eta**2:
            return f"applies the step size twice: its steps are those of eta^2 = {value}"
        return f"is {method.name} with eta = {value}, which is {value / eta} times what was asked"
    if name.startswith("eta_"):
        player = int(name.removeprefix("eta_"))
        symbols = ", ".join(map(str, game.players[player]))
        return (
            f"takes the step {value} for player {player + 1} ({symbols}), not {method.eta[player]}"
        )
    return f"is {method.name} with {name} = {value}, not {method.at(name)}"
