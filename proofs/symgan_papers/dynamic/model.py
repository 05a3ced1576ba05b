r"""What the claims share: the Dirac-GAN with the paper's signs, its updates, measurements.

Exact values come from the game by differentiation. Measurements (the second route) use
the plain arithmetic of `oracle_orbits`, or difference quotients of the payoff; they share
no expression with the exact route.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import mpmath
import sympy as sp
from sympy import Expr, Symbol

from symgan.claims import Examination, SecondRoute, Step, by_z3
from symgan.game import Game, zero_sum
from symgan.system import Map

theta, psi = sp.symbols("theta psi", real=True)
eta = Symbol("eta", positive=True)
a, b = sp.symbols("a b", positive=True)
"""|theta| and |psi| off the ties."""
m, f = sp.symbols("m f", positive=True)
"""Sizes of the coordinate that the oracle moves and of the one it leaves."""

Place = Mapping[str, Any]
Measure = Callable[[Place], Any]
State = tuple[Any, Any]


def sigma(y: Any) -> Expr:
    """The logistic function."""
    return 1 / (1 + sp.exp(-sp.sympify(y)))


def paper_game(payoff: Any, name: str) -> Game:
    """min over theta, max over psi of a payoff, with the paper's signs."""
    rest = {theta: sp.Integer(0), psi: sp.Integer(0)}
    symbols = sp.sympify(payoff).free_symbols - {theta, psi}
    return zero_sum(
        payoff,
        minimize=theta,
        maximize=psi,
        name=name,
        parameters=tuple(sorted(symbols, key=str)),
        equilibrium=rest,
    )


@cache
def wasserstein_game() -> Game:
    """The Dirac-GAN with Wasserstein loss, L = -psi theta (lemma D.3)."""
    return paper_game(-psi * theta, "dirac-wasserstein")


@cache
def bce_game() -> Game:
    """The Dirac-GAN with BCE loss, L = log sigma(psi 0) + log(1 - sigma(psi theta))."""
    return paper_game(sp.log(sigma(0)) + sp.log(1 - sigma(psi * theta)), "dirac-bce")


def gradients(game: Game) -> tuple[Expr, Expr]:
    """The gradients of the payoff L in theta and in psi."""
    return sp.diff(game.losses[0], theta), sp.diff(game.losses[0], psi)


def fields(game: Game) -> dict[str, tuple[Expr, Expr]]:
    """V_1, V_2 and V_3 of equation (3)."""
    g_theta, g_psi = gradients(game)
    zero = sp.Integer(0)
    return {"V1": (-g_theta, zero), "V2": (zero, g_psi), "V3": (-g_theta, g_psi)}


def update(game: Game, field: str, step: Any = eta) -> Map:
    """x + eta V for one of the fields (algorithm 1)."""
    new = tuple(s + step * v for s, v in zip((theta, psi), fields(game)[field], strict=True))
    symbols = {s for e in new for s in e.free_symbols} - {theta, psi}
    return Map((theta, psi), new, parameters=tuple(sorted(symbols, key=str)))


def image(system: Map, x: Any, y: Any) -> tuple[Expr, Expr]:
    """Where a map takes a state."""
    first, second = (e.subs({theta: x, psi: y}, simultaneous=True) for e in system.rhs)
    return first, second


WASSERSTEIN: Callable[[Any, Any], Any] = lambda x, y: -x * y  # noqa: E731 - a table of payoffs
BCE: Callable[[Any, Any], Any] = lambda x, y: (  # noqa: E731
    mpmath.log(mpmath.mpf(1) / 2) + mpmath.log(1 / (1 + mpmath.exp(x * y)))
)
"""The payoffs as plain numbers, for difference quotients."""


def slope(payoff: Callable[[Any, Any], Any], place: int, x: Any, y: Any) -> Any:
    """A partial derivative of a payoff by difference quotients (0: theta, 1: psi)."""
    if place == 0:
        return mpmath.diff(lambda s: payoff(s, y), x)
    return mpmath.diff(lambda s: payoff(x, s), y)


def examined(
    statement: Any,
    exact: Mapping[Any, Any],
    *steps: Step,
    second: SecondRoute | None = None,
    **more: Any,
) -> Examination:
    """An examination whose second route is z3 unless another one is given."""
    return Examination(
        statement, dict(exact), second or by_z3(dict(exact)), steps=tuple(steps), **more
    )
