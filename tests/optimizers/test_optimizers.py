"""The optimizers as maps: discovery, turns, relations to rules, fixed points, refusals."""

from __future__ import annotations

import inspect
from typing import Any

import mpmath
import pytest
import sympy as sp
from sympy import Integer, Rational

from symgan import games, optimizers, rules
from symgan.errors import GameError, UnknownName
from symgan.game import Game, zero_sum
from symgan.games.multiplayer import four_player
from symgan.games.quadratic import bilinear
from symgan.kernels.evaluate import evaluate, number
from symgan.optimizers.adam import adam, adamw, optimistic_adam
from symgan.optimizers.momentum import momentum
from symgan.optimizers.rmsprop import rmsprop
from symgan.rules.heavy_ball import heavy_ball
from symgan.rules.optimistic import optimistic
from symgan.rules.simultaneous import simultaneous
from symgan.system import Map

eta, eps = sp.symbols("eta epsilon", positive=True)
x, y = sp.symbols("x y", real=True)
HALF, THIRD = Rational(1, 2), Rational(1, 3)
CUBIC = zero_sum(x * y + x**3 / 3, minimize=x, maximize=y)


def at(system: Map, number: int = 0) -> dict[Any, Any]:
    """A rational state, squares positive."""
    values = {s: Rational(3 * i + number + 1, 7) * (-1) ** i for i, s in enumerate(system.state)}
    return {s: abs(v) if str(s).endswith("_square") else v for s, v in values.items()}


def step(system: Map, state: dict[Any, Any], k: int = 0) -> dict[Any, Any]:
    """The next state."""
    index = {} if system.index is None else {system.index: k}
    values = (f.subs(state | index, simultaneous=True) for f in system.rhs)
    return dict(zip(system.state, values, strict=True))


def test_optimizers_are_no_rules() -> None:
    """Nor named like one: the contracts and the atlas take rules alone."""
    assert not set(optimizers.catalog()) & set(rules.catalog())
    with pytest.raises(UnknownName, match="choose one of: adam, adamw, momentum"):
        optimizers.named("adm")


@pytest.mark.parametrize("name", optimizers.catalog())
def test_options_of_the_map_near_an_equilibrium_are_the_same(name: str) -> None:
    near = set(inspect.signature(optimizers.near_equilibrium(name)).parameters)
    own = set(inspect.signature(optimizers.named(name)).parameters)
    assert own - near <= {"bias_correction"}
    assert near <= own


@pytest.mark.parametrize("name", optimizers.catalog())
def test_turns_compose_to_the_round(name: str) -> None:
    system = optimizers.named(name)(CUBIC, eta, order=(1, 0, 1))
    assert len(system.stages) == system.updates == 3
    with mpmath.workdps(50):
        for k in (0, 2):
            clock = {system.index or sp.Dummy(): k, eta: Rational(2, 5)}
            here = {s: number(value) for s, value in (at(system) | clock).items()}
            whole = {s: evaluate(f, here) for s, f in zip(system.state, system.rhs, strict=True)}
            for stage in system.stages:
                pairs = list(zip(stage.state, stage.rhs, strict=True))
                here |= {s: evaluate(f, here) for s, f in pairs}
            assert max(abs(whole[s] - here[s]) for s in system.state) < 1e-40


def test_a_player_counts_its_own_steps() -> None:
    """In round k = 2 of (1, 0, 1) player 1 makes its fifth and sixth step, player 0 its third."""
    b = sp.Symbol("b", positive=True)
    system = adam(CUBIC, eta, beta1=b, beta2=0, eps=0, order=(1, 0, 1))
    counts = []
    for stage, symbol in zip(system.stages, (y, x, y), strict=True):
        moved = dict(zip(stage.state, stage.rhs, strict=True))[symbol]
        powers = (p.exp for p in moved.atoms(sp.Pow) if p.base == b)
        counts.append({e.subs(stage.index, 2) for e in powers})
    assert counts == [{5}, {3}, {6}]


def test_momentum_is_heavy_ball() -> None:
    r"""With :math:`x_{k-1} = x_k + \eta b_k`: one step of both from equal states, exactly."""
    system, rule = momentum(CUBIC, eta, momentum=THIRD), heavy_ball(CUBIC, eta, beta=THIRD)
    ball = at(system)
    after = step(system, ball)
    names = dict(zip(rule.visible, rule.state[len(rule.visible) :], strict=True))
    balls = dict(zip(system.visible, system.state[len(system.visible) :], strict=True))
    lifted = {s: ball[s] for s in rule.visible}
    lifted |= {names[s]: ball[s] + eta * ball[balls[s]] for s in rule.visible}
    expected = step(rule, lifted)
    for s in system.visible:
        assert sp.expand(after[s] - expected[s]) == 0
        assert sp.expand(after[s] + eta * after[balls[s]] - expected[names[s]]) == 0


def test_without_momentum_it_is_simultaneous_descent() -> None:
    plain = simultaneous(CUBIC, eta).rhs
    moved = momentum(CUBIC, eta, momentum=0).rhs[:2]
    assert [sp.expand(a - b) for a, b in zip(moved, plain, strict=True)] == [0, 0]


def test_forgetting_at_once_is_descent_by_signs() -> None:
    for system in (
        rmsprop(CUBIC, eta, alpha=0, eps=0),
        adam(CUBIC, eta, beta1=0, beta2=0, eps=0),
    ):
        for s, v in zip(system.visible, CUBIC.v, strict=True):
            moved = dict(zip(system.state, system.rhs, strict=True))[s] - s
            assert sp.simplify(moved + eta * v / sp.Abs(v)) == 0


def test_optimistic_adam_near_rest_is_the_optimistic_rule() -> None:
    r"""Without a mean of gradients, with :math:`u = v(x_{k-1})/\epsilon`."""
    near = optimizers.near_equilibrium("optimistic-adam")(CUBIC, eta, beta1=0, eps=1)
    rule = optimistic(CUBIC, eta)
    state = at(rule)
    before = {s: v.subs({x: state[rule.state[2]], y: state[rule.state[3]]})
              for s, v in zip((x, y), CUBIC.v, strict=True)}  # fmt: skip
    lifted = {x: state[x], y: state[y], **{s: Integer(0) for s in near.state[2:4]}}
    lifted |= {s: before[q] for s, q in zip(near.state[4:], (x, y), strict=True)}
    mine, theirs = step(near, lifted), step(rule, state)
    assert all(sp.expand(mine[s] - theirs[s]) == 0 for s in (x, y))


@pytest.mark.parametrize("build", [adam, adamw, optimistic_adam])
def test_the_bias_correction_dies_out(build: Any) -> None:
    """The limit in k of the indexed map is the autonomous one."""
    full, free = build(CUBIC, eta), build(CUBIC, eta, bias_correction=False)
    assert free.index is None
    for f, limit in zip(full.rhs, free.rhs, strict=True):
        powers = [p for p in f.atoms(sp.Pow) if full.index in p.exp.free_symbols]
        assert all(0 < p.base < 1 and p.exp == full.index + 1 for p in powers)
        assert sp.expand(f.xreplace(dict.fromkeys(powers, Integer(0))) - limit) == 0


def test_fixed_points_are_those_of_the_field() -> None:
    """Of Adam without bias correction: v = 0, for any step; AdamW's do not depend on it either."""
    at_rest = {s: Integer(0) for s in adam(CUBIC, eta).state}
    assert step(adam(CUBIC, eta), at_rest) == at_rest
    one = Game("one", ((x,),), (x**2 / 2 - x,))
    system = adamw(one, eta, beta1=HALF, beta2=HALF, eps=1, weight_decay=1, bias_correction=False)
    rest = (3 - sp.sqrt(5)) / 2  # x + (x - 1)/(|x - 1| + 1) = 0
    g = one.v[0].subs(x, rest)
    state = dict(zip(system.state, (rest, g, g**2), strict=True))
    after = step(system, state)
    assert all(sp.simplify(after[s] - value) == 0 for s, value in state.items())


ANNEALED = games.catalog()["annealed"]()


@pytest.mark.parametrize("name", optimizers.catalog())
@pytest.mark.parametrize(
    ("game", "step_size", "options", "says"),
    [
        (ANNEALED, eta, {}, "drift or time of its own"),
        (bilinear(), -1, {}, "not positive"),
        (bilinear(), (eta, eta, eta), {}, "3 step sizes for 2 players"),
        (bilinear(), eta, {"order": (0,)}, "holds each of the players"),
        (bilinear(), eta, {"order": "01"}, "holds each of the players"),
        (bilinear(), eta, {"order": (0, 1, 2)}, "holds each of the players"),
        (bilinear(), sp.Symbol("theta", positive=True), {}, "called like a symbol of the game"),
        (four_player(), eta, {"order": (0, 1, 2)}, "holds each of the players"),
    ],
)
def test_what_all_refuse(
    name: str, game: Game, step_size: Any, options: dict[str, Any], says: str
) -> None:
    for build in (optimizers.named(name), optimizers.near_equilibrium(name)):
        with pytest.raises(GameError, match=says):
            build(game, step_size, **options)


@pytest.mark.parametrize(
    ("build", "options"),
    [
        (adam, {"beta1": 1}),
        (adam, {"beta2": -HALF}),
        (adam, {"eps": -eps}),
        (adamw, {"weight_decay": -1}),
        (optimistic_adam, {"beta1": Rational(3, 2)}),
        (rmsprop, {"alpha": 1}),
        (rmsprop, {"momentum": 1}),
        (momentum, {"momentum": "0.9"}),
        (momentum, {"weight_decay": -HALF}),
    ],
)
def test_options_out_of_range_are_refused(build: Any, options: dict[str, Any]) -> None:
    with pytest.raises(GameError, match=r"outside \[0, 1\)|is negative|not a finite number"):
        build(bilinear(), eta, **options)
