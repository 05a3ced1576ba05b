"""Tuning against optima of the literature; a smaller rate, or a worse point, is refused."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest
import sympy as sp
from sympy import Rational, sqrt

from symgan.analysis.budget import Budget
from symgan.analysis.tune import _none_below, tune
from symgan.analysis.tune_question import ask
from symgan.errors import GameError
from symgan.games.quadratic import bilinear, quadratic
from symgan.rules.extragradient import extragradient
from symgan.rules.heavy_ball import heavy_ball
from symgan.rules.optimistic import optimistic
from symgan.rules.simultaneous import simultaneous
from symgan.rules.two_timescale import two_timescale

s = sp.Symbol("s", positive=True)
ETA = (0, None)
TWO_BOWLS = quadratic(sp.diag(1, 4), sp.zeros(2, 1), 1)


def named(values: Any) -> dict[str, Any]:
    return {str(k): v for k, v in values.items()}


def radius(rule: Any, game: Any, values: dict[str, Any]) -> float:
    numbers = dict(values)
    J = rule(game, numbers.pop("eta"), **numbers).jacobian().evalf()
    return float(np.abs(np.linalg.eigvals(np.array(J.tolist(), dtype=float))).max())


def test_heavy_ball_of_polyak() -> None:
    r"""Reference: Polyak 1964: curvatures 1 and 4: :math:`\beta = 1/9,\ \eta = 4/9`, rate 1/3."""
    found = tune(heavy_ball, TWO_BOWLS, {"eta": ETA, "beta": (-1, 1)})
    assert named(found.values) == {"eta": Rational(4, 9), "beta": Rational(1, 9)}
    assert found.rate == found.lower == Rational(1, 3)
    assert found.enclosure == {}


def test_a_smaller_rate_is_refused_and_a_larger_one_is_not() -> None:
    question = ask(heavy_ball, TWO_BOWLS, {"eta": ETA, "beta": (-1, 1)}, {})
    optimum = dict(zip(question.symbols, (Rational(4, 9), Rational(1, 9)), strict=True))
    assert question.at_most(Rational(1, 3), optimum)
    assert not question.at_most(Rational(333, 1000), optimum)
    assert not question.at_most(
        Rational(1, 3), {k: v + Rational(1, 99) for k, v in optimum.items()}
    )
    exact = _none_below(question, Rational(1, 3), Budget(10))
    looser = _none_below(question, Rational(34, 100), Budget(10))
    assert exact is not None
    assert exact.holds is True
    assert looser is None or looser.holds is not True


def test_optimistic_on_bilinear() -> None:
    """No optimism is better than 1: step 1/(2 s), rate 1/sqrt 2."""
    found = tune(optimistic, bilinear(s), {"eta": ETA, "optimism": (0, 3)})
    assert named(found.values) == {"eta": 1 / (2 * s), "optimism": 1}
    assert found.rate == found.lower == 1 / sqrt(2)


def test_one_parameter_agrees_with_step_bound() -> None:
    found = tune(simultaneous, quadratic(1, 2, 1), {"eta": ETA})
    assert named(found.values) == {"eta": Rational(1, 5)}
    assert found.rate == found.lower == 2 / sqrt(5)


def test_a_nilpotent_optimum() -> None:
    """Trace and determinant vanish at once: by hand 5 eta^2 - 10 eta + 1 = 0."""
    found = tune(two_timescale, quadratic(1, 2, 1), {"eta": ETA, "tau": ETA})
    assert found.rate == found.lower == 0
    step = named(found.values)["eta"]
    assert sp.expand(5 * step**2 - 10 * step + 1) == 0


def test_an_enclosure_where_no_simple_number_fits() -> None:
    rule = partial(heavy_ball, alternating=True)
    found = tune(rule, bilinear(1), {"eta": ETA, "beta": (-1, 1)}, budget=20)
    values = named(found.values)
    assert 0 < found.lower < found.rate < 1
    assert found.rate - found.lower < Rational(1, 20)
    assert radius(rule, bilinear(1), values) <= float(found.rate)
    for symbol, (low, high) in found.enclosure.items():
        assert low < found.values[symbol] < high
    for shift in (Rational(1, 4), Rational(-1, 4)):
        assert radius(rule, bilinear(1), values | {"eta": values["eta"] + shift}) > found.rate


def test_bad_input() -> None:
    p = sp.Symbol("p", real=True)
    with pytest.raises(GameError, match="nothing to tune"):
        tune(extragradient, bilinear(1), {})
    with pytest.raises(GameError, match="empty"):
        tune(extragradient, bilinear(1), {"eta": (1, 0)})
    with pytest.raises(GameError, match="step is missing"):
        tune(heavy_ball, bilinear(1), {"beta": (-1, 1)})
    with pytest.raises(GameError, match="cannot be scaled away"):
        tune(simultaneous, quadratic(p, s, 1), {"eta": ETA})
