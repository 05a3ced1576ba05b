"""Eigenvalue maps: derived from the rules, held against exact maps of games of four parameters."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from symgan import rules
from symgan.empirical.spectra.multipliers import EigenvalueMap, NoFunctionOfJ, derive
from symgan.errors import GameError, SymganError
from symgan.game import Game

HALF = sp.Rational(1, 2)
FUNCTIONS: list[tuple[str, dict[str, Any]]] = [
    ("simultaneous", {}),
    ("extragradient", {}),
    ("extragradient", {"extrapolation": HALF}),
    ("past-extragradient", {"extrapolation": HALF}),
    ("optimistic", {"optimism": HALF}),
    ("heavy-ball", {"beta": -HALF}),
    ("proximal-point", {}),
    ("lookahead", {"k": 3, "alpha": sp.Rational(1, 3)}),
    ("lookahead", {"base": "optimistic"}),
]
ETA = sp.Rational(3, 16)
J = sp.Matrix([[2, 1, 1, -3], [1, -1, 2, 1], [-1, 2, 3, HALF], [3, 0, HALF, 1]])
"""Symmetric within each player of two parameters, else arbitrary."""


def game() -> Game:
    x = sp.symbols("a b c d", real=True)
    losses = []
    for own in ((0, 1), (2, 3)):
        inside = sum(J[i, j] * x[i] * x[j] / 2 for i in own for j in own)
        across = sum(J[i, j] * x[i] * x[j] for i in own for j in range(4) if j not in own)
        losses.append(inside + across)
    return Game("four", ((x[0], x[1]), (x[2], x[3])), tuple(losses))


def distance(found: NDArray[Any], wanted: NDArray[Any]) -> float:
    """Between two multisets of complex numbers: the largest distance of the best pairing."""
    table = np.abs(found[:, None] - wanted[None, :])
    return float(table[linear_sum_assignment(table)].max())


def off(found: EigenvalueMap, rule: str, options: dict[str, Any]) -> float:
    """How far multipliers are from the eigenvalues of the rule's own map."""
    exact = rules.named(rule)(game(), ETA, **options).jacobian()
    wanted = np.linalg.eigvals(np.array(exact, dtype=float))
    values = np.linalg.eigvals(np.array(J, dtype=float))
    return distance(found.multipliers(float(ETA) * values).ravel(), wanted)


@pytest.mark.parametrize(("rule", "options"), FUNCTIONS)
def test_multipliers_are_the_eigenvalues_of_the_map(rule: str, options: dict[str, Any]) -> None:
    found = derive(rule, **options)
    # Eigenvalues of these matrices have condition numbers below 10: rounding leaves 1e-14.
    assert off(found, rule, options) < 1e-12


def test_another_map_is_told_apart() -> None:
    right = derive("extragradient")
    a = [list(c) for c in right.coefficients]
    a[0][2] = a[0][2] * Fraction(99, 100)
    wrong = replace(right, coefficients=tuple(tuple(c) for c in a))
    assert off(wrong, "extragradient", {}) > 1e-3


@pytest.mark.parametrize(
    ("rule", "options", "polynomial", "gradients"),
    [
        ("simultaneous", {}, "z - 1 + u", 1),
        ("extragradient", {}, "z - 1 + u - u**2", 2),
        ("optimistic", {}, "z**2 - z + 2*u*z - u", 1),
        ("heavy-ball", {"beta": HALF}, "z**2 - (3/2)*z + 1/2 + u*z", 1),
        ("proximal-point", {}, "(1 + u)*z - 1", 1),
        ("lookahead", {"k": 2}, "z - 1/2 - (1 - u)**2/2", 2),
    ],
)
def test_textbook_maps(rule: str, options: dict[str, Any], polynomial: str, gradients: int) -> None:
    found = derive(rule, **options)
    assert sp.expand(found.polynomial - sp.sympify(polynomial)) == 0
    assert found.gradients == gradients


@pytest.mark.parametrize(
    ("rule", "options", "reason"),
    [
        ("alternating", {}, "players' blocks"),
        ("competitive", {}, "players' blocks"),
        ("two-timescale", {"tau": 2}, "players' blocks"),
        ("heavy-ball", {"beta": HALF, "alternating": True}, "players' blocks"),
        ("consensus", {"gamma": 1}, "transpose"),
        ("symplectic-adjustment", {}, "transpose"),
    ],
)
def test_rules_that_need_more_than_j_say_what(
    rule: str, options: dict[str, Any], reason: str
) -> None:
    with pytest.raises(NoFunctionOfJ, match=reason):
        derive(rule, **options)


def test_an_option_without_a_value_is_named() -> None:
    with pytest.raises(GameError, match="beta"):
        derive("heavy-ball")


@pytest.mark.parametrize("rule", sorted(rules.catalog()))
def test_every_rule_is_derived_or_refused(rule: str) -> None:
    refused, at_rest = "", np.ones(1)
    try:
        at_rest = derive(rule).multipliers(0.0)
    except SymganError as refusal:
        refused = str(refusal)
    assert refused == "" or rule.split("-")[0] in refused.lower()
    assert np.abs(at_rest - 1).min() == 0  # nothing moves without a step


def test_a_pole_is_an_infinite_multiplier() -> None:
    assert np.isinf(derive("proximal-point").radius(-1.0))
