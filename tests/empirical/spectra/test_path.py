"""Path-angle and path-norm, where closed forms say what they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symgan.empirical.bridge import TorchGame
from symgan.empirical.spectra import path
from symgan.errors import BadData
from symgan.games.quadratic import bilinear, quadratic

ALPHA = np.linspace(0.55, 1.45, 10)


def game_at(game: Any, theta: float, psi: float) -> TorchGame:
    return TorchGame(game, {"theta": theta, "psi": psi})


def angle(J: np.ndarray[Any, Any], start: np.ndarray[Any, Any], alpha: float) -> float:
    """Of v = Jx on the way from a start to zero."""
    v = J @ ((1 - alpha) * start)
    return float(-start @ v / (np.linalg.norm(start) * np.linalg.norm(v)))


COORDINATES = st.floats(-4, 4).filter(lambda x: abs(x) > 1e-3)


@settings(deadline=None, max_examples=20)
@given(theta=COORDINATES, psi=COORDINATES, P=st.sampled_from([0, 1, 2]), Q=st.sampled_from([0, 3]))
def test_angle_and_norm_on_the_way_to_a_linear_equilibrium(
    theta: float, psi: float, P: int, Q: int
) -> None:
    start, end = game_at(quadratic(P, 3, Q), theta, psi), game_at(quadratic(P, 3, Q), 0, 0)
    J = np.array([[P, -3.0], [3.0, Q]])
    at = np.array([theta, psi])
    found = path(start, start.parameters, end.parameters, ALPHA)
    wanted = [angle(J, at, a) for a in ALPHA]
    norms = np.linalg.norm(np.outer(1 - ALPHA, J @ at), axis=1)
    # Rounding of the sums in v, which the angle divides by |v| >= |x|.
    assert np.abs(found.angle - wanted).max() < 1e-12
    assert np.abs(found.norm - norms).max() < 1e-12 * (1 + norms.max())
    assert np.allclose(np.hypot(*found.norms.T), found.norm, rtol=1e-14, atol=0)


def test_an_attracting_end_turns_the_sign_and_a_center_has_none() -> None:
    start, end = game_at(quadratic(1, 0, 1), 3, 4), game_at(quadratic(1, 0, 1), 0, 0)
    straight = path(start, start.parameters, end.parameters, ALPHA)
    assert straight.angle == pytest.approx(np.sign(ALPHA - 1), abs=1e-12)
    assert straight.sign_changes == pytest.approx([1.0], abs=1e-12)
    turn = game_at(bilinear(), 3, 4)
    around = path(turn, turn.parameters, end.parameters, ALPHA)
    assert np.abs(around.angle).max() < 1e-12
    assert np.abs(straight.angle).min() > 0.9  # so that the two are told apart


def test_the_angle_is_not_a_number_where_the_field_vanishes() -> None:
    start, end = game_at(quadratic(1, 0, 1), 3, 4), game_at(quadratic(1, 0, 1), 0, 0)
    found = path(start, start.parameters, end.parameters, [0.5, 1.0])
    assert np.isnan(found.angle[1])
    assert found.norm[1] == 0


def test_a_path_needs_two_points() -> None:
    game = game_at(bilinear(), 1, 2)
    with pytest.raises(BadData, match="two different points"):
        path(game, game.parameters, game.parameters, [0.0])
