"""One torch step from equal states is the exact map's, for every rule and game.

The suite has every game with one rule and every rule and option with one game; Hypothesis draws
from the whole product. All of it, from four states each, errs by less than 3 ulp.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symgan import rules
from symgan.errors import GameError
from symgan.game import Game, zero_sum
from symgan.games.atoms import dirac_atoms, runaway_critic, stuck_critic
from symgan.games.dirac import dirac
from symgan.losses import jensen_shannon
from symgan.rules.dynamic_gda import dynamic_gda
from symgan.rules.oracle import oracle
from symgan.rules.steps import INDEX
from tests.contracts.cases import BULKY, OPTIONS, RESTRICTED, eta, game_cases, rule_cases
from tests.empirical.bridge.exact import (
    FEW,
    Case,
    advanced,
    drawn_values,
    error,
    step,
)

GAMES = game_cases(concrete=True)
NAMES = {rule: name for name, rule in rules.catalog().items()}


@cache
def cases(name: str) -> dict[str, Case]:
    """All rules and options on one game."""
    game = GAMES[name]
    found = rule_cases(game).items()
    return {label: Case(game, NAMES[rule], options, eta) for label, (rule, options) in found}


def _unrestricted(name: str) -> dict[str, Case]:
    """Those of them that every game takes."""
    game, found = GAMES[name], dict[str, Case]()
    for rule in sorted(set(rules.catalog()) - RESTRICTED - BULKY):
        for options in ({}, *OPTIONS.get(rule, lambda _: ())(game)):
            label = "-".join([rule, *(f"{k}={v}" for k, v in options.items())])
            found[label] = Case(game, rule, options, eta)
    return found


def _covering() -> dict[str, Case]:
    """Every game with one rule in turn, then what was left out on the quadratic game."""
    found: dict[str, Case] = {}
    met: set[str] = set()
    for turn, name in enumerate(sorted(GAMES)):
        some = _unrestricted(name)
        label = list(some)[turn % len(some)]
        found[f"{name}-{label}"] = some[label]
        met.add(label)
    rest = {label: case for label, case in cases("quadratic").items() if label not in met}
    return found | {f"quadratic-{label}": case for label, case in rest.items()}


COVERING = _covering()


@pytest.mark.parametrize("which", COVERING)
def test_a_step_is_that_of_the_exact_map(which: str) -> None:
    assert step(COVERING[which], seed=len(which), k=3).error <= FEW


def test_the_covering_meets_every_game_and_rule() -> None:
    assert {case.game.losses for case in COVERING.values()} == {g.losses for g in GAMES.values()}
    assert {case.name for case in COVERING.values() if not case.options} == set(rules.catalog())


@settings(max_examples=6)
@given(st.sampled_from(sorted(GAMES)), st.data(), st.integers(0, 10**6), st.integers(0, 9))
def test_steps_from_any_state(name: str, data: st.DataObject, seed: int, k: int) -> None:
    found = cases(name)
    done = step(found[data.draw(st.sampled_from(sorted(found)))], seed, k)
    assume(done.solved or "hinge" not in name)
    assert done.error <= FEW


def test_a_proximal_step_onto_a_kink_has_no_solution_and_says_so() -> None:
    r"""Where :math:`x^+` would lie on the kink of the hinge, v jumps across what it should be."""
    case = Case(GAMES["dirac-hinge"], "proximal-point", {}, eta)
    unsolved = step(case, seed=1)
    assert not unsolved.solved
    assert unsolved.error > 1000 * FEW
    assert step(case, seed=2).solved


@pytest.mark.parametrize("name", ["simultaneous", "alternating", "consensus", "competitive"])
def test_players_with_steps_of_their_own(name: str) -> None:
    game = GAMES["linear-quadratic"]
    steps = tuple(eta.func(f"eta_{i}", positive=True) for i in range(2))
    case = Case(game, name, {}, steps)
    assert step(case, seed=5).error <= FEW
    system, values = case.exact(), drawn_values(case.exact(), 5)
    after, _ = advanced(Case(game, name, {}, steps[::-1]).update(values), system, values, 0)
    assert error(system, after, values, 0) > 1000 * FEW


def _drifting() -> Game:
    """Players with clocks of their own, one of which is also turned by its drift."""
    a, b, c, t = sp.symbols("a b c t", real=True)
    losses = (a * b**2 - a * c * t + c**2 * b, a * c * sp.cos(t) - c**3 / 3)
    return Game("drifting", ((a, b), (c,)), losses, time=t, drift=(b * t - c, -2 * a * b, a - t))


MOVING = [
    *("symplectic-adjustment", "consensus", "competitive", "proximal-point", "extragradient"),
    *("alternating", "optimistic", "unrolled", "heavy-ball", "gradient-norm", "hamiltonian"),
    "local-symplectic-surgery-two-timescale",
]


@pytest.mark.parametrize("k", [0, 3])
@pytest.mark.parametrize("name", MOVING)
def test_games_that_move_by_themselves(name: str, k: int) -> None:
    steps = (eta.func("eta_0", positive=True), eta.func("eta_1", positive=True))
    case = Case(_drifting(), name, {}, steps)
    assert step(case, seed=4, k=k).error <= FEW
    system, values = case.exact(), drawn_values(case.exact(), 4)
    late, _ = advanced(case.update(values), system, values, k + 1)
    assert error(system, late, values, k) > 1000 * FEW or (name, k) == ("optimistic", 0)


TIED = {"theta": 0.0, "psi": -0.3, "eta": 0.25}


@pytest.mark.parametrize("tie", ["mover", "generator", "discriminator", "both", "stay"])
@pytest.mark.parametrize("values", [TIED, {**TIED, "theta": 0.7}, {**TIED, "psi": 0.0}])
def test_the_dirac_oracle_at_ties(tie: str, values: dict[str, float]) -> None:
    """A product of two floats is zero only where one of them is: ties are decided exactly."""
    case = Case(dirac(jensen_shannon), "dirac-oracle", {"tie": tie}, eta)
    after, _ = advanced(case.update(values), case.exact(), values, 0)
    assert error(case.exact(), after, values, 0) <= FEW


@pytest.mark.parametrize("k", [0, 1, 2])
def test_switched_orders_by_sympy_conditions(k: int) -> None:
    from symgan.empirical.bridge import TorchGame
    from symgan.empirical.bridge.rules.oracle import oracle as torch_oracle

    game = dirac(jensen_shannon)
    theta, psi = game.state
    choose: list[Any] = [((0,), theta > psi + INDEX), ((1,), psi > 1), ((0, 1), True)]
    system: Any = oracle(choose)(game, eta)
    for seed in range(3):
        values = {**drawn_values(system, seed, reach=0.0), "eta": 0.125}
        own = {n: values[n] for n in ("theta", "psi")}
        update = torch_oracle(choose)(TorchGame(game, own), values["eta"])
        after, _ = advanced(update, system, values, k)
        assert error(system, after, values, k) <= FEW


ATOMS = {"dirac": dirac_atoms(jensen_shannon), "stuck": stuck_critic(), "runaway": runaway_critic()}


@pytest.mark.parametrize("undefined", ["switch", "keep", "generator", "discriminator"])
@pytest.mark.parametrize("name", ATOMS)
def test_dynamic_gda_on_atoms(name: str, undefined: Any) -> None:
    from symgan.empirical.bridge import TorchGame
    from symgan.empirical.bridge.rules.dynamic_gda import dynamic_gda as torch_gda

    atoms = ATOMS[name]
    system = dynamic_gda(atoms.game, eta, undefined=undefined, **atoms.projections)
    for seed in range(5):
        values = drawn_values(system, seed, reach=1.0)
        values |= {"last": float(seed % 3), "w_last": abs(values["w_last"])}
        if seed % 4 == 0:
            values |= {"theta": 0.0, "psi": 0.0, "w_last": 0.0}
        own = {s.name: values[s.name] for s in atoms.game.state}
        update = torch_gda(
            TorchGame(atoms.game, own), values["eta"], undefined=undefined, **atoms.projections
        )
        after, _ = advanced(update, system, values, 0)
        assert error(system, after, values, 0) <= FEW


def test_a_rule_refuses_what_symgan_refuses() -> None:
    theta, psi = dirac().state
    apart = zero_sum(
        theta**2 - psi**2, minimize=theta, maximize=psi, equilibrium={theta: 0, psi: 0}
    )
    with pytest.raises(GameError, match="do not interact"):
        Case(apart, "dirac-oracle", {}, eta).update({"theta": 1.0, "psi": 1.0, "eta": 0.1})
