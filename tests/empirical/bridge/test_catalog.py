"""The rules on torch are those of symgan: names, options, defaults, updates, refusals."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
import sympy as sp
import torch

from symgan import rules
from symgan.empirical.bridge import Batches, Memory, Solver, TorchGame
from symgan.empirical.bridge import rules as torch_rules
from symgan.empirical.bridge.rules.lookahead import lookahead
from symgan.empirical.bridge.rules.oracle import oracle
from symgan.errors import BadData, GameError, UnknownName
from symgan.games.multiplayer import three_player_ring
from symgan.games.quadratic import bilinear, quadratic
from tests.contracts.cases import OPTIONS, eta
from tests.empirical.bridge.exact import Case, as_float, drawn_values

OF_TORCH_ALONE = {
    "proximal-point": {"solver"},
    "competitive": {"solver"},
    "local-symplectic-surgery": {"solver"},
    "dirac-oracle": {"equilibrium"},
}
"""Options that exact maps have no use for."""

NAMES = sorted(rules.catalog())


def two() -> TorchGame:
    return TorchGame(quadratic(2, 3, 5), {"theta": 1, "psi": -2})


def _options(rule: Any) -> dict[str, Any]:
    keywords = inspect.signature(rule).parameters.values()
    return {p.name: p.default for p in keywords if p.kind is p.KEYWORD_ONLY}


def test_the_catalogs_are_one() -> None:
    assert set(torch_rules.catalog()) == set(rules.catalog())


@pytest.mark.parametrize("name", NAMES)
def test_options_have_the_names_and_defaults_of_the_exact_rules(name: str) -> None:
    exact, ours = _options(rules.named(name)), _options(torch_rules.named(name))
    assert set(ours) - set(exact) == OF_TORCH_ALONE.get(name, set())
    assert set(exact) <= set(ours)
    for option, default in exact.items():
        if isinstance(default, sp.Symbol):  # a number is needed, unless another option replaces it
            assert ours[option] in (inspect.Parameter.empty, None), option
        else:
            assert ours[option] == as_float(default), option


def _cases() -> list[Any]:
    game = three_player_ring()
    made: list[Any] = []
    for name in NAMES:
        if name in ("dirac-oracle",) or name.startswith("local"):
            continue
        for options in ({}, *OPTIONS.get(name, lambda _: ())(game)):
            label = "-".join([name, *(f"{k}={v}" for k, v in options.items())])
            made.append(pytest.param(Case(game, name, options, eta), id=label))
    return made


@pytest.mark.parametrize("case", _cases())
def test_updates_are_those_of_the_exact_map(case: Case) -> None:
    system = case.exact()
    assert case.update(drawn_values(system, 1)).updates == system.updates


class Recorded:
    """A game that writes down the batches that it is asked for."""

    def __init__(self, game: TorchGame) -> None:
        self.game = game
        self.seen: list[Any] = []

    @property
    def parameters(self) -> Any:
        return self.game.parameters

    def losses(self, parameters: Any, batch: Any = None) -> Any:
        self.seen.append(batch)
        return self.game.losses(parameters)


@pytest.mark.parametrize(
    ("name", "options", "draws"),
    [
        ("simultaneous", {}, 1),
        ("alternating", {"n_d": 3}, 4),
        ("extragradient", {}, 2),
        ("heavy-ball", {"beta": 0.5, "alternating": True}, 2),
        ("lookahead", {"base": "extragradient", "k": 3}, 6),
    ],
)
def test_every_evaluation_may_have_a_batch(name: str, options: Any, draws: int) -> None:
    players = Recorded(two())
    update = torch_rules.named(name)(players, 0.1, **options)
    assert update.draws == draws
    update.step(Batches(tuple(range(draws))))
    assert players.seen == list(range(draws))
    with pytest.raises(BadData, match="evaluates the field more than"):
        update.step(Batches(tuple(range(draws - 1))))


@pytest.mark.parametrize("name", ["optimistic", "past-extragradient"])
def test_one_fresh_gradient_a_step_after_the_first(name: str) -> None:
    players = Recorded(two())
    update = torch_rules.named(name)(players, 0.1)
    for batch in "abc":
        update.step(batch)
    assert players.seen == ["a", "a", "b", "c"]


def test_steps_write_in_place_and_can_be_taken_up_again() -> None:
    game, again = two(), two()
    update = torch_rules.named("heavy-ball")(game, 0.1, beta=0.5)
    held = game.parameters[0][0]
    for _ in range(3):
        update.step()
    assert game.parameters[0][0] is held
    with torch.no_grad():
        for (own,), (other,) in zip(again.parameters, game.parameters, strict=True):
            own.copy_(other)
    later = torch_rules.named("heavy-ball")(again, 0.1, beta=0.5)
    later.restore(update.iteration, update.memory)
    forgetful = torch_rules.named("heavy-ball")(two(), 0.1, beta=0.5)
    for one in (update, later, forgetful):
        one.step()
    assert torch.equal(game.parameters[0][0], again.parameters[0][0])
    assert not torch.equal(game.parameters[0][0], forgetful.players.parameters[0][0])


def test_memory_does_not_follow_the_players() -> None:
    game = two()
    update = torch_rules.named("heavy-ball")(game, 0.1, beta=0.5)
    update.step()
    assert isinstance(update.memory, Memory)
    assert float(update.memory.nests[0][0][0]) == 1.0
    assert float(game.parameters[0][0].detach()) != 1.0


REFUSED: dict[str, tuple[str, Any, dict[str, Any]]] = {
    "needs a number for beta": ("heavy-ball", 0.1, {}),
    "has no option speed": ("simultaneous", 0.1, {"speed": 2}),
    "is not positive; give a positive step": ("simultaneous", 0.0, {}),
    "3 step sizes for 2 players": ("simultaneous", (1, 2, 3), {}),
    "the step size 'x' is not a finite number": ("simultaneous", "x", {}),
    "takes one step": ("two-timescale", (0.1, 0.2), {"tau": 2}),
    "2 ratios of steps for 1 players": ("two-timescale", 0.1, {"tau": (1, 2)}),
    "not a permutation": ("alternating", 0.1, {"order": (0, 0)}),
    "n_d = 0: give a whole number": ("alternating", 0.1, {"n_d": 0}),
    "n_g = 1.5: give a whole number": ("alternating", 0.1, {"n_g": 1.5}),
    "beta = 1.0 is not between": ("heavy-ball", 0.1, {"beta": 1}),
    "the extrapolation 0.0 is not positive": ("extragradient", 0.1, {"extrapolation": 0}),
    "optimism = -1.0 is negative": ("optimistic", 0.1, {"optimism": -1}),
    "epsilon 0.0 is not positive": ("symplectic-adjustment", 0.1, {"align": True, "epsilon": 0}),
    "lambda = -1.0 is negative": ("local-symplectic-surgery", 0.1, {"lam": -1}),
    "give the regularization lam": ("local-symplectic-surgery", 0.1, {}),
    "steps = 0: give a whole number": ("unrolled", 0.1, {"steps": 0}),
    "unknown tie 'none'": ("dirac-oracle", 0.1, {"tie": "none"}),
    "choose one of: interpolate, reset": ("lookahead", 0.1, {"memory": "keep"}),
    "slow step alpha 0.0 is not positive": ("lookahead", 0.1, {"alpha": 0}),
}


@pytest.mark.parametrize("sentence", REFUSED)
def test_wrong_options_are_refused_in_a_sentence(sentence: str) -> None:
    name, step, options = REFUSED[sentence]
    with pytest.raises(GameError, match=sentence.replace("(", r"\(")):
        torch_rules.named(name)(two(), step, **options)


def test_other_refusals() -> None:
    ring = TorchGame(three_player_ring(), {"x_1": 1, "x_2": 1, "x_3": 1})
    with pytest.raises(UnknownName, match="unknown rule 'newton'; choose one of: alternating"):
        torch_rules.named("newton")
    with pytest.raises(GameError, match="there are 3, not 2"):
        torch_rules.named("dirac-oracle")(ring, 0.1)
    with pytest.raises(GameError, match="give equilibrium="):
        torch_rules.named("dirac-oracle")(Recorded(two()), 0.1)
    with pytest.raises(GameError, match="is one of SymPy, and"):
        oracle([((0,), sp.Gt(sp.Symbol("x"), 0))])(Recorded(two()), 0.1)
    with pytest.raises(GameError, match="end with True"):
        oracle([((0,), lambda x, k, batch: False)])(two(), 0.1).step()
    with pytest.raises(GameError, match="each once"):
        oracle([((2,), True)])(two(), 0.1)
    with pytest.raises(GameError, match="whole number of at least 1"):
        lookahead(torch_rules.named("simultaneous"), k=0)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"theta": 1}, "no value for psi of game 'bilinear'"),
        ({"theta": 1, "psi": 1, "phi": 2}, "has no symbol phi; it has theta, psi"),
        ({"theta": 1, "psi": "one"}, "psi = 'one' is not a number"),
        ({"theta": 1, "psi": float("nan")}, "is not finite"),
    ],
)
def test_games_without_their_values(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadData, match=sentence):
        TorchGame(bilinear(), values)


@pytest.mark.parametrize("options", [{"rtol": -1.0}, {"rtol": 2.0}, {"most": 0}, {"restart": 0}])
def test_solvers_that_solve_nothing(options: Any) -> None:
    with pytest.raises(BadData):
        Solver(**options)
