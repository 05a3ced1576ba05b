"""Games: what is refused, with which sentence, and what is allowed."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from sympy import Symbol

from symgan.errors import GameError, SymganError
from symgan.game import Game, zero_sum

theta, psi, eps = sp.symbols("theta psi epsilon", real=True)


def game(payoff: Any, **fields: Any) -> Game:
    return zero_sum(payoff, minimize=theta, maximize=psi, name="trial", **fields)


class TestRefusals:
    """One sentence that names the thing and the remedy."""

    @pytest.mark.parametrize(
        ("build", "sentence"),
        [
            (lambda: game(eps * theta), r"undeclared symbols: epsilon; give each to a player"),
            (lambda: game(Symbol("theta") * psi), r"undeclared symbols: theta.*assumptions"),
            (lambda: zero_sum(theta, minimize=theta, maximize=()), r"player 2 .*no parameters"),
            (lambda: zero_sum(theta, minimize=(), maximize=psi), r"player 1 .*no parameters"),
            (lambda: zero_sum(theta, minimize=theta, maximize=theta), r"theta belongs to two"),
            (lambda: zero_sum(theta, minimize=(theta, theta), maximize=psi), r"theta belongs"),
            (lambda: Game("g", ((theta,), (psi,)), (theta,)), r"2 players and 1 losses"),
            (lambda: zero_sum(theta, minimize="theta", maximize=psi), r"'t', which is not a SymPy"),
            (lambda: game(sp.I * theta), r"loss 1 .* is not real"),
            (lambda: game(sp.sqrt(-1 - theta**2)), r"is not real"),
            (lambda: game(theta * sp.oo), r"infinity or an undefined value"),
            (lambda: game(sp.log(theta - theta)), r"undefined value"),
            (lambda: game(sp.floor(theta)), r"cannot be differentiated in theta"),
            (lambda: game(sp.Heaviside(theta * psi)), r"cannot be differentiated in theta"),
            (lambda: game(psi * sp.sign(theta)), r"cannot be differentiated in theta"),
            (lambda: game(sp.Mod(psi, 2)), r"cannot be differentiated in psi"),
            (lambda: game(sp.Function("h")(theta)), r"GenericLoss is a free loss"),
            (lambda: game(sp.Piecewise((1, theta > 0), (0, True))), r"jumps at theta = 0"),
            (lambda: game(sp.Piecewise((psi, 2 * theta < psi), (0, True))), r"jumps at .* = "),
            (lambda: game("theta*psi"), r"is text; build it from symbols"),
            (lambda: game(theta < psi), r"not a scalar expression"),
            (lambda: game(sp.Matrix([theta])), r"not a scalar expression"),
            (lambda: game(theta, drift=(1,)), r"a drift of 1 entries"),
            (lambda: game(theta, drift=(eps, 0)), r"drift epsilon holds undeclared"),
        ],
    )  # fmt: skip
    def test_bad_games(self, build: Any, sentence: str) -> None:
        with pytest.raises(GameError, match=sentence) as caught:
            build()
        assert "\n" not in str(caught.value)
        assert caught.value.exit_code == 2

    def test_symbols_that_are_not_real(self) -> None:
        w = Symbol("w", imaginary=True)
        with pytest.raises(
            GameError, match=r"symbol w of game is not real; declare it with real=True"
        ):
            zero_sum(w**2 * psi, minimize=w, maximize=psi)

    def test_modulus_of_a_symbol_without_assumptions(self) -> None:
        z = Symbol("z")
        with pytest.raises(GameError, match=r"symbols with real=True"):
            zero_sum(sp.Abs(z) * psi, minimize=z, maximize=psi)


@pytest.mark.parametrize(
    "payoff",
    [
        sp.Abs(theta) * psi,
        sp.Min(0, theta * psi - 1),
        sp.Max(theta, psi),
        sp.Piecewise((theta, theta > 0), (0, True)),
        sp.Piecewise((theta**2, theta > 1), (2 * theta - 1, True)) * psi,
        sp.log(1 + sp.exp(-theta * psi)),
        sp.sqrt(1 + theta**2) + psi,
        sp.Integer(0),
    ],
)
def test_corners_are_allowed(payoff: sp.Expr) -> None:
    """A hinge has no derivative at its corner, and is what GANs are trained with."""
    assert len(game(payoff).v) == 2


polynomials = st.lists(st.integers(-3, 3), min_size=6, max_size=6).map(
    lambda c: sum(
        k * m
        for k, m in zip(c, [theta, psi, theta * psi, theta**2, psi**2, theta * psi**2], strict=True)
    )
)


@given(polynomials)
def test_zero_sum_field(payoff: Any) -> None:
    """Second route to v: the differential of the payoff, with the maximizer's sign turned."""
    trial = game(payoff)
    assert sum(trial.losses) == 0
    h = Symbol("h")
    moved = sp.expand(sp.sympify(payoff).subs({theta: theta + h}, simultaneous=True) - payoff)
    assert sp.expand(trial.v[0] - moved.coeff(h, 1)) == 0
    moved = sp.expand(payoff - sp.sympify(payoff).subs({psi: psi + h}, simultaneous=True))
    assert sp.expand(trial.v[1] - moved.coeff(h, 1)) == 0
    assert trial.flow().rhs == tuple(-entry for entry in trial.v)
    assert trial.flow().jacobian() == -trial.J


def test_drift_joins_the_flow() -> None:
    t = Symbol("t", nonnegative=True)
    trial = game(theta * psi, time=t, drift=(0, sp.exp(-t)))
    assert trial.flow().rhs == (-psi, theta + sp.exp(-t))
    assert not trial.flow().autonomous
    assert game(theta * psi).moving == (0, 0)


def test_frozen_and_comparable() -> None:
    assert game(theta * psi) == game(theta * psi)
    assert game(theta * psi) != game(-theta * psi)
    with pytest.raises(AttributeError):
        game(theta * psi).name = "other"  # type: ignore[misc]


def test_errors_carry_their_exit_codes() -> None:
    from symgan import errors

    codes = {kind.__name__: kind.exit_code for kind in SymganError.__subclasses__()}
    assert codes["GameError"] == codes["UnknownName"] == 2
    assert (codes["MissingExtra"], codes["Undecided"], codes["BadData"]) == (3, 4, 5)
    missing = errors.MissingExtra("z3-solver", "proofs", "deciding signs")
    assert "pip install 'symgan[proofs]'" in str(missing)
