"""Predictions against the rules themselves, on networks close to an equilibrium.

The eigenvalues are measured on the network, the multipliers come from the symbolic rules, and what
is observed are orbits of the rules that train networks: they share no formula.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
import sympy as sp

from symgan.empirical.bridge.fields import flatten
from symgan.empirical.spectra import GameJacobian, derive, eigenvalues
from symgan.empirical.spectra.blocks import predict_blocks
from symgan.empirical.spectra.confront import (
    Confrontation,
    Eigenpair,
    confront,
    eigenpairs,
    observed_growth,
)
from symgan.empirical.spectra.prediction import Prediction, one
from tests.empirical.spectra.tiny import expanding, stable

MARGIN = 2e-5
"""Of a perturbation of 1e-5 of the parameters what is not linear is about 1e-5."""
SETTLED = 0.02
"""Growth of a random perturbation over iterations 75 to 150: other modes and the turning of the
fastest change its size by a factor of about 3, and 3^(1/75) = 1.015."""
RULES: list[tuple[str, dict[str, Any]]] = [
    ("simultaneous", {}),
    ("extragradient", {}),
    ("optimistic", {}),
    ("heavy-ball", {"beta": sp.Rational(1, 2)}),
    ("lookahead", {"k": 3}),
    ("proximal-point", {}),
]


@cache
def spiral() -> Eigenpair:
    return max(eigenpairs(GameJacobian(stable()).dense()), key=lambda pair: pair.value.imag)


@cache
def predicted(name: str, where: Any) -> Prediction:
    return one(derive(name), eigenvalues(GameJacobian(where())).values)


@pytest.mark.parametrize(("rule", "options"), RULES)
def test_networks_do_what_the_eigenvalue_map_says(rule: str, options: dict[str, Any]) -> None:
    found = confront(derive(rule, **options), stable(), spiral(), 0.5, steps=8)
    assert found.agrees(MARGIN), found


def test_a_wrong_eigenvalue_or_rule_is_rejected() -> None:
    value = spiral().value
    off = Eigenpair(value * 1.001, spiral().right, spiral().left)
    assert not confront(derive("simultaneous"), stable(), off, 0.5, steps=8).agrees(MARGIN)
    right = confront(derive("extragradient"), stable(), spiral(), 0.5, steps=8)
    other = derive("simultaneous").radius(0.5 * value)
    wrong = Confrontation("", 0.5, value, float(other), right.observed, right.residual)
    assert not wrong.agrees(MARGIN)


def test_the_parameters_are_put_back() -> None:
    players = stable()
    before = flatten(players.parameters).tolist()
    confront(derive("simultaneous"), players, spiral(), 0.5, steps=3)
    assert flatten(players.parameters).tolist() == before


@cache
def growth(rule: str, factor: float) -> float:
    """Of a random perturbation at a multiple of the predicted bound."""
    step = factor * predicted(rule, stable).stable[0].high
    return observed_growth(rule, stable(), step, steps=150)


@pytest.mark.parametrize("rule", ["simultaneous", "extragradient"])
@pytest.mark.parametrize("factor", [0.95, 1.05])
def test_perturbations_die_below_the_predicted_step_and_grow_above(
    rule: str, factor: float
) -> None:
    prediction = predicted(rule, stable)
    [span] = prediction.stable
    assert prediction.sure is not None
    assert prediction.sure[0].high == pytest.approx(span.high, rel=1e-9)
    assert prediction.map is not None
    every = eigenvalues(GameJacobian(stable())).array
    rate = float(prediction.map.radius(factor * span.high * every).max())
    assert (growth(rule, factor) < 1) == (factor < 1) == prediction.stable_at(factor * span.high)
    assert growth(rule, factor) == pytest.approx(rate, abs=SETTLED)


def test_a_bound_that_is_ten_percent_off_is_refuted() -> None:
    wrong = 1.1  # times the predicted bound
    assert (growth("extragradient", 1.05) < 1) != (wrong > 1.05)


def test_alternation_is_predicted_from_the_matrix_of_its_step() -> None:
    J = GameJacobian(stable())
    [span] = predict_blocks("alternating", J.dense(), J.sizes).stable
    below, above = (
        observed_growth("alternating", stable(), f * span.high, steps=80) for f in (0.95, 1.05)
    )
    assert below < 1 < above


def test_extragradient_holds_an_expanding_spiral_between_two_steps() -> None:
    assert predicted("simultaneous", expanding).stable == ()
    [span] = predicted("extragradient", expanding).stable
    assert 0.7 < span.low < span.high < 1.4
    pairs = eigenpairs(GameJacobian(expanding()).dense())
    out = min(pairs, key=lambda pair: pair.value.real)
    assert out.value.real < 0 < abs(out.value.imag)
    for rule, factor, dies in (
        ("extragradient", 1.1, True),
        ("extragradient", 0.9, False),
        ("simultaneous", 1.1, False),
    ):
        found = confront(derive(rule), expanding(), out, factor * span.low, steps=8)
        assert found.agrees(MARGIN), found
        assert (found.observed < 1) == dies
    assert observed_growth("extragradient", expanding(), 1.05 * span.high, steps=100) > 1


def test_a_run_that_leaves_the_numbers_counts_as_growth() -> None:
    assert np.isinf(observed_growth("simultaneous", stable(), 1e200, steps=4))
