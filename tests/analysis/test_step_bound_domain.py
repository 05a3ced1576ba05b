"""What `step_bound` takes: maps that are rational in the step, linear ones or with a point."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import Interval, sqrt

from symgan.analysis.step_bound import step_bound
from symgan.errors import GameError
from symgan.games.dirac import dirac
from symgan.losses import jensen_shannon
from symgan.rules.local_symplectic_surgery import local_symplectic_surgery
from symgan.system import Map

x = sp.Symbol("x", real=True)
eta, beta, s = sp.symbols("eta beta s", positive=True)


@pytest.mark.parametrize(
    ("factor", "named"),
    [
        (1 - sp.sin(eta), "sin"),
        (1 - s * eta * sp.exp(-eta), "exp"),
        (1 - sqrt(eta), "sqrt"),
        (1 - eta**s, r"eta\*\*s"),
        (1 - sp.Max(eta, 1), "Max"),
    ],
)
def test_what_is_not_rational_in_the_step_is_refused(factor: Any, named: str) -> None:
    with pytest.raises(GameError, match=rf"{named}.* is not rational in the step eta"):
        step_bound(Map((x,), (factor * x,), (eta, s)), eta)


def test_functions_of_other_parameters_are_no_trouble() -> None:
    found = step_bound(Map((x,), (x - eta * sp.exp(beta) * x,), (eta, beta)), eta)
    assert found.asymptotic == Interval.open(0, 2 * sp.exp(-beta))


def test_a_long_nonlinear_map_is_refused_without_being_written_out() -> None:
    """Its Jacobian has thousands of terms, and no step depends on them."""
    update = local_symplectic_surgery(dirac(jensen_shannon), eta)
    with pytest.raises(GameError, match=r"not linear.*give at="):
        step_bound(update, eta)


def test_a_linear_map_need_not_look_like_one() -> None:
    hidden = (sp.exp(x) + 1) * (1 - eta) * x - sp.exp(x) * (1 - eta) * x
    assert step_bound(Map((x,), (hidden,), (eta,)), eta).asymptotic == Interval.open(0, 2)
