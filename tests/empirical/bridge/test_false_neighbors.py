"""The contract of a step rejects every rule but the right one, and each small slip in it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
import sympy as sp
import torch

from symgan import rules
from symgan.empirical.bridge import TorchGame
from symgan.empirical.bridge.rules import named
from symgan.empirical.bridge.update import Update
from symgan.game import Game, zero_sum
from symgan.system import Map
from tests.contracts.cases import eta
from tests.empirical.bridge.exact import FEW, OPEN, Case, advanced, error

REJECTED = 1000 * FEW
"""What a false neighbor errs by at least: a slip is no rounding."""

VALUES = {
    **{"theta": 0.8125, "psi": -0.4375, "eta": 0.25},
    **{"beta": 0.375, "gamma": 0.3125, "tau": 0.4375, "xi": 0.1875},
}
"""Numbers with few digits, so that what rounds is the step."""
MEMORY = (0.6875, -0.5625)


@cache
def generic() -> Game:
    """A game with all terms that rules treat differently, and no symmetry between players."""
    theta, psi = sp.symbols("theta psi", real=True)
    payoff = theta**2 / 2 + 3 * theta * psi / 2 - psi**2 / 4 + theta**2 * psi / 3 + psi**3 * theta
    rest = {theta: sp.Integer(0), psi: sp.Integer(0)}
    return zero_sum(payoff, minimize=theta, maximize=psi, equilibrium=rest)


def _case(name: str) -> Case:
    return Case(generic(), name, {}, eta)


@cache
def _system(name: str) -> Any:
    return _case(name).exact()


def _values(system: Any) -> dict[str, float]:
    past = dict(zip([s.name for s in system.state[2:]], MEMORY, strict=False))
    return {**VALUES, **past}


def _memories(system: Any) -> int:
    return len(system.state) - 2


NAMES = sorted(rules.catalog())


@pytest.mark.parametrize("name", NAMES)
def test_each_rule_is_its_own(name: str) -> None:
    system = _system(name)
    after, _ = advanced(_case(name).update(_values(system)), system, _values(system), 0)
    assert error(system, after, _values(system), 0) <= FEW


@pytest.mark.parametrize("right", NAMES)
def test_no_rule_passes_for_another(right: str) -> None:
    """Those with the same number of memories: the others do not even fit."""
    system, passed = _system(right), []
    for wrong in NAMES:
        fits = wrong != right and _memories(_system(wrong)) == _memories(system)
        if fits:
            values = _values(system)
            after, _ = advanced(_case(wrong).update(values), system, values, 0)
            if error(system, after, values, 0) < REJECTED:
                passed.append(wrong)
    assert passed == []


SLIPS: dict[str, tuple[str, Mapping[str, Any], Mapping[str, Any]]] = {
    "weight of the wrong sign": ("consensus", {"gamma": 0.3125}, {"gamma": -0.3125}),
    "half a penalty": ("gradient-norm", {"gamma": 0.3125}, {"gamma": 0.15625}),
    "rotation the other way": ("symplectic-adjustment", {}, {"lam": -1}),
    "a half-step that is nearly right": ("extragradient", {}, {"extrapolation": 1 + 1e-9}),
    "momentum of the wrong sign": ("heavy-ball", {"beta": 0.375}, {"beta": -0.375}),
    "players at once": ("heavy-ball", {"beta": 0.375, "alternating": True}, {"beta": 0.375}),
    "players in the wrong order": ("alternating", {}, {"order": (1, 0)}),
    "one turn too many": ("alternating", {}, {"n_d": 2}),
    "unroll that is not differentiated": ("unrolled", {}, {"through": False}),
    "unroll that is differentiated": ("unrolled", {"through": False}, {}),
    "one step of the unroll forgotten": ("unrolled", {"steps": 2}, {"steps": 1}),
    "an inner step that is nearly right": ("unrolled", {}, {"inner": 0.25 * (1 + 1e-9)}),
    "optimism nearly right": ("optimistic", {}, {"optimism": 1 + 1e-9}),
    "regularization forgotten": ("local-symplectic-surgery", {"xi": 0.1875}, {"lam": 0}),
    "a fast step forgotten": ("lookahead", {"k": 3}, {"k": 2}),
    "memory dropped": ("lookahead", {"base": "optimistic"}, {"base": "past-extragradient"}),
    "a ratio nearly right": ("two-timescale", {"tau": 0.4375}, {"tau": 0.4375 + 1e-9}),
    "the other player at a switch": ("dirac-oracle", {}, {"equilibrium": "elsewhere"}),
}


def _exact_options(options: Mapping[str, Any]) -> dict[str, Any]:
    return {k: sp.Rational(v) if isinstance(v, float) else v for k, v in options.items()}


def _plain(name: str, options: Mapping[str, Any], values: Mapping[str, float]) -> Update:
    game = TorchGame(generic(), {n: values[n] for n in ("theta", "psi")})
    given = dict(options)
    if given.get("equilibrium") == "elsewhere":
        far = torch.full((1,), 4.0, dtype=torch.float64)
        given["equilibrium"] = ((far,), (0 * far,))
    for option in OPEN.get(name, "").split():
        if not (option in given or (option == "xi" and "lam" in given)):
            given[option] = values[option]
    return named(name)(game, values["eta"], **given)


@pytest.mark.parametrize("slip", SLIPS)
def test_slips_within_a_rule(slip: str) -> None:
    name, right, wrong = SLIPS[slip]
    system: Any = rules.named(name)(generic(), eta, **_exact_options(right))
    values = _values(system)
    after, _ = advanced(_plain(name, right, values), system, values, 0)
    assert error(system, after, values, 0) <= FEW
    after, _ = advanced(_plain(name, wrong, values), system, values, 0)
    assert error(system, after, values, 0) > REJECTED


class Ascending:
    """Players whose losses have the wrong sign."""

    def __init__(self, game: TorchGame) -> None:
        self.game = game.game
        self._inner = game

    @property
    def parameters(self) -> Any:
        return self._inner.parameters

    @property
    def equilibrium(self) -> Any:
        return self._inner.equilibrium

    def losses(self, parameters: Any, batch: Any = None) -> Any:
        return tuple(-loss for loss in self._inner.losses(parameters))


def _ascended(name: str) -> float:
    system = _system(name)
    values = _values(system)
    players: Any = Ascending(_plain(name, {}, values).players)  # pyright: ignore[reportArgumentType]
    options = {option: values[option] for option in OPEN.get(name, "").split()}
    after, _ = advanced(named(name)(players, values["eta"], **options), system, values, 0)
    return error(system, after, values, 0)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "hamiltonian"])
def test_ascent_is_no_descent(name: str) -> None:
    assert _ascended(name) > REJECTED


def test_descent_on_the_size_of_the_gradient_does_not_know_its_sign() -> None:
    assert _ascended("hamiltonian") <= FEW


@pytest.mark.parametrize("k", [0, 3])
def test_a_clock_that_is_one_step_late(k: int) -> None:
    from symgan.games.annealed import annealed

    case = Case(annealed(), "extragradient", {}, eta)
    system = case.exact()
    assert isinstance(system, Map)
    values = {s.name: 0.3125 for s in (*system.state, *system.parameters)} | {"alpha_0": 0.75}
    on_time, _ = advanced(case.update(values), system, values, k)
    late, _ = advanced(case.update(values), system, values, k + 1)
    assert error(system, on_time, values, k) <= FEW
    assert error(system, late, values, k) > REJECTED
