"""Predictions from eigenvalues: exact step bounds of toy games, and what errors do to them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sympy as sp

from symgan import rules
from symgan.analysis import step_bound
from symgan.empirical.bridge import TorchGame
from symgan.empirical.spectra import Eigenvalue, Eigenvalues, GameJacobian, eigenvalues, predict
from symgan.empirical.spectra.blocks import LARGEST, matrix, predict_blocks
from symgan.empirical.spectra.diagnose import diagnose
from symgan.empirical.spectra.multipliers import derive
from symgan.empirical.spectra.plane import drawn_step
from symgan.empirical.spectra.prediction import one
from symgan.errors import BadData, UnknownName
from symgan.games.quadratic import bilinear, quadratic

ETA = sp.Symbol("eta", positive=True)
J = np.array([[2.0, -3.0], [3.0, 5.0]])


def spectrum_of(values: list[complex], error: float = 0.0) -> Eigenvalues:
    found = tuple(Eigenvalue(v, 0.0, 1.0, error) for v in values)
    return Eigenvalues(found, len(found), (), 0, max(map(abs, values)))


def measured(game: Any) -> Eigenvalues:
    return eigenvalues(GameJacobian(TorchGame(game, {"theta": 0, "psi": 0})))


@pytest.mark.parametrize("rule", ["simultaneous", "extragradient", "optimistic"])
@pytest.mark.parametrize("game", [quadratic(2, 3, 5), quadratic(1, 2, 0)])
def test_bounds_and_best_steps_are_the_exact_ones(rule: str, game: Any) -> None:
    exact = step_bound(rules.named(rule)(game, ETA), ETA)
    found = one(derive(rule), measured(game).values)
    assert found.stable[0].high == pytest.approx(float(exact.asymptotic.sup), rel=1e-11)
    assert found.best_rate is not None
    assert found.best_step is not None
    # Two multipliers may meet at the best step, where the radius has a square root: sqrt(1e-10).
    assert found.best_rate == pytest.approx(float(exact.best[0].rate), rel=1e-4)
    assert found.best_step == pytest.approx(float(exact.best[0].step), rel=1e-4)


@pytest.mark.parametrize(
    ("rule", "options"),
    [("alternating", {}), ("consensus", {"gamma": 1}), ("competitive", {})],
)  # fmt: skip
def test_matrices_of_further_rules_give_the_exact_bounds(
    rule: str, options: dict[str, Any]
) -> None:
    exact = step_bound(rules.named(rule)(quadratic(2, 3, 5), ETA, **options), ETA)
    found = predict_blocks(rule, J, (1, 1), options)
    [span] = found.stable
    # Solvers inside a rule stop at a residual of about 1e-10.
    assert span.high == pytest.approx(float(exact.asymptotic.sup), rel=1e-7)
    assert found.best_rate == pytest.approx(float(exact.best[0].rate), rel=1e-4)
    assert found.sure is None


def test_the_matrix_of_a_rule_is_its_exact_jacobian() -> None:
    exact = rules.named("alternating")(quadratic(2, 3, 5), sp.Rational(1, 8)).jacobian()
    found = matrix("alternating", J, (1, 1), 0.125, {})
    assert np.abs(found - np.array(exact, dtype=float)).max() < 1e-15
    other = matrix("alternating", J, (1, 1), 0.125, {"order": (1, 0)})
    assert np.abs(found - other).max() > 0.1


def test_rules_with_memory_and_large_games_have_no_matrix() -> None:
    with pytest.raises(BadData, match="remembers"):
        matrix("heavy-ball", J, (1, 1), 0.1, {"beta": 0.5, "alternating": True})
    with pytest.raises(BadData, match=str(LARGEST)):
        predict_blocks("alternating", np.eye(LARGEST + 1), (LARGEST, 1))


def test_two_eigenvalues_bind_a_rule_where_the_tighter_one_does() -> None:
    found = one(derive("simultaneous"), spectrum_of([8 + 0j, 0.25 + 3j, 0.25 - 3j]).values)
    assert found.stable[0].high == pytest.approx(0.5 / (0.0625 + 9))
    assert found.binding == 0.25 + 3j
    assert found.stable_at(0.05)
    assert not found.stable_at(0.06)


def test_errors_shorten_what_is_sure() -> None:
    spans = []
    for error in (0.0, 0.01, 0.1):
        found = one(derive("simultaneous"), spectrum_of([0.25 + 1j], error).values)
        assert found.sure is not None
        spans.append(found.sure[0].high)
    exact = one(derive("simultaneous"), spectrum_of([0.25 + 1j]).values).stable[0].high
    assert spans[0] == pytest.approx(exact, rel=1e-9)
    # 2 Re/|.|^2 at the worst point of the circle, of which eight are tried.
    around = [0.25 + 1j + 0.1 * np.exp(2j * np.pi * k / 8) for k in range(8)]
    assert spans[2] == pytest.approx(min(2 * v.real / abs(v) ** 2 for v in around), rel=1e-9)
    assert spans[1] < spans[0]


def test_an_eigenvalue_on_the_axis_within_its_error_leaves_nothing_sure() -> None:
    found = one(derive("simultaneous"), spectrum_of([1e-4 + 1j], 1e-3).values)
    assert found.stable
    assert found.sure == ()


def test_an_unknown_error_leaves_nothing_to_say_of_sureness() -> None:
    found = one(derive("simultaneous"), spectrum_of([1 + 1j], float("nan")).values)
    assert found.sure is None


def test_zeros_stand_apart_and_expanding_ones_are_counted() -> None:
    values = [*spectrum_of([1 + 1j, -0.5 + 0j]).values, Eigenvalue(1e-17, 1e-17, 1.0, 1e-16)]
    found = predict(replace(spectrum_of([1 + 1j]), values=tuple(values), size=3))
    assert (found.zeros, found.expanding, len(found.used)) == (1, 1, 2)
    assert found.best is None
    kept = {p.rule: p for p in found.attracting}
    assert kept["simultaneous"].stable[0].high == pytest.approx(1.0)


def test_rules_are_ranked_by_rate_a_gradient() -> None:
    found = predict(measured(bilinear()))
    rates = [p.rate_per_gradient for p in found.predictions if p.rate_per_gradient is not None]
    assert rates == sorted(rates)
    by_rule = {p.rule: p for p in found.predictions}
    assert by_rule["simultaneous"].stable == by_rule["heavy-ball:beta=-1/2"].stable == ()
    eg = by_rule["extragradient"]
    assert eg.best_rate == pytest.approx(np.sqrt(3) / 2, rel=1e-9)  # at eta^2 = 1/2
    assert eg.rate_per_gradient == pytest.approx((3 / 4) ** 0.25, rel=1e-9)
    assert found.best is not None
    assert not found.best.implicit


def test_an_implicit_rule_is_ever_better_and_never_the_best() -> None:
    found = predict(measured(quadratic(2, 3, 5)), [("proximal-point", {}), ("simultaneous", {})])
    [implicit] = [p for p in found.predictions if p.implicit]
    assert implicit.best_step == np.inf
    assert found.best is not None
    assert found.best.rule == "simultaneous"


def test_rules_left_out_say_why_and_unknown_ones_are_refused() -> None:
    found = predict(measured(bilinear()), [("alternating", {}), ("heavy-ball", {})])
    assert [name for name, _ in found.left_out] == ["alternating", "heavy-ball"]
    assert "blocks" in found.left_out[0][1]
    assert "beta" in found.left_out[1][1]
    with pytest.raises(UnknownName, match="choose one of"):
        predict(measured(bilinear()), [("sideways", {})])


def test_a_diagnosis_of_a_small_game_holds_every_kind_of_rule() -> None:
    tried: list[tuple[str, dict[str, Any]]] = [
        ("simultaneous", {}),
        ("alternating", {}),
        ("heavy-ball", {}),
    ]
    J = GameJacobian(TorchGame(quadratic(2, 3, 5), {"theta": 0, "psi": 0}))
    found = diagnose(J, tried)
    assert [p.rule for p in found.predictions] == ["alternating", "simultaneous"]
    [(name, reason)] = found.left_out
    assert name == "heavy-ball"
    assert "beta" in reason


def test_steps_found_once_are_those_of_each_part() -> None:
    """What is said without expanding eigenvalues is what the others alone would say."""
    kept = [8 + 0j, 0.25 + 3j, 0.25 - 3j]
    found = predict(spectrum_of([*kept, -0.5 + 1j, -0.5 - 1j]))
    assert found.attracting == predict(spectrum_of(kept)).predictions
    assert found.expanding == 2
    assert all(not p.stable for p in found.predictions if p.rule == "simultaneous")


def test_rates_of_one_up_to_rounding_tell_nothing() -> None:
    slow = one(derive("simultaneous"), spectrum_of([2 + 0j, 1e-14 + 0j]).values)
    fast = one(derive("simultaneous"), spectrum_of([2 + 0j, 1e-3 + 0j]).values)
    assert slow.stable == fast.stable
    assert (slow.telling, fast.telling) == (False, True)
    assert drawn_step(slow) == pytest.approx(slow.stable[0].high / 2)
    assert drawn_step(fast) == fast.best_step
