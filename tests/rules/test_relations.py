"""Rules that are one another in disguise, held as identities over all states and steps."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import Matrix, Rational

from symgan import rules
from symgan.errors import GameError
from symgan.game import Game
from symgan.games.quadratic import quadratic
from symgan.rules.alternating import alternating
from symgan.rules.extragradient import extragradient, past_extragradient
from symgan.rules.heavy_ball import heavy_ball
from symgan.rules.lookahead import lookahead, lookahead_over
from symgan.rules.optimistic import optimistic
from symgan.rules.proximal_point import proximal_point
from symgan.rules.simultaneous import simultaneous
from symgan.rules.steps import INDEX
from symgan.rules.two_timescale import two_timescale
from symgan.system import Map
from tests.rules.examples import GAMES, alpha, b, beta, difference, eta, p, q, visible

every_game = pytest.mark.parametrize("game", GAMES.values(), ids=GAMES)
r = sp.Symbol("r", positive=True)


def reparametrized(game: Game, sign: int = 1) -> tuple[list[Any], list[Any]]:
    """Both ways round the square: optimistic after the change of variables, and before it.

    The half-steps of the past extragradient are iterates of the optimistic gradient:
    (x, y) -> (x - eta v(y), y), one iteration later on games with time.
    """
    past, ahead = past_extragradient(game, eta), optimistic(game, eta)
    n = len(game.state)
    x, y, half = past.state[:n], past.state[n:], past.rhs[n:]
    change = [s + sign * (h - s) for s, h in zip(x, half, strict=True)]
    to: dict[Any, Any] = dict(zip(ahead.state, (*change, *y), strict=True))
    later = [f.subs(INDEX, INDEX + 1).subs(to, simultaneous=True) for f in ahead.rhs]
    step: dict[Any, Any] = dict(zip(past.state, past.rhs, strict=True))
    moved = (f.subs(INDEX, INDEX + 1) for f in (*change, *y))
    return later, [f.subs(step, simultaneous=True) for f in moved]


@every_game
def test_optimistic_is_past_extragradient_reparametrized(game: Game) -> None:
    assert difference(*reparametrized(game)) == []


def test_the_reparametrization_with_a_wrong_sign() -> None:
    assert difference(*reparametrized(GAMES["quadratic"], sign=-1))


@every_game
def test_both_start_alike(game: Game) -> None:
    """The first half-step, the first optimistic step and the first plain step are one."""
    past = past_extragradient(game, eta)
    half = [f.subs(dict(past.memory), simultaneous=True) for f in past.rhs[len(game.state) :]]
    start = {INDEX: sp.Integer(0)}
    for other in (half, visible(optimistic(game, eta)), visible(heavy_ball(game, eta))):
        found = [f.subs(start) for f in other]
        assert difference(found, [f.subs(start) for f in simultaneous(game, eta).rhs]) == []


@every_game
def test_degenerate_options(game: Game) -> None:
    n, everyone = len(game.state), range(len(game.players))
    plain, turns = simultaneous(game, eta).rhs, alternating(game, eta).rhs
    assert difference(heavy_ball(game, eta, beta=0).rhs[:n], plain) == []
    assert difference(heavy_ball(game, eta, beta=0, alternating=True).rhs[:n], turns) == []
    assert difference(optimistic(game, eta, optimism=0).rhs[:n], plain) == []
    assert difference(two_timescale(game, eta, tau=1).rhs, plain) == []
    ratios = tuple(sp.Integer(i + 2) for i in everyone[1:])
    steps = (eta, *(eta * ratio for ratio in ratios))
    there = simultaneous(game, steps).rhs
    assert difference(two_timescale(game, eta, tau=ratios).rhs, there) == []


@every_game
def test_momentum_of_each_player_is_its_own(game: Game) -> None:
    """In turn, the second player sees the first one's momentum in the same round."""
    n = len(game.players)
    momenta = (beta, *(sp.Integer(0),) * (n - 1))
    system = heavy_ball(game, eta, beta=momenta, alternating=True)
    assert len(system.stages) == n
    first = system.stages[0].rhs[0]
    x, past = system.state[0], system.state[len(game.state)]
    assert sp.expand(sp.diff(first, past) + beta) == 0
    assert sp.expand(first.subs(past, x) - simultaneous(game, eta).rhs[0]) == 0
    assert [s.updates for s in system.stages] == [1] * n


EXPLICIT = sorted(set(rules.catalog()) - {"dirac-oracle"})


BENT = {"local-symplectic-surgery", "local-symplectic-surgery-two-timescale"}
"""Rules that are nonlinear on linear games: their regularization follows the state."""


def explicit(name: str, game: Game) -> Map | None:
    """The map of a rule, if it has one in closed form."""
    system = rules.named(name)(game, eta)
    return system if isinstance(system, Map) else None


@pytest.mark.parametrize("name", EXPLICIT)
@pytest.mark.parametrize("label", ["quadratic", "dirac", "annealed"])
def test_lookahead_of_one_full_step_is_the_rule(name: str, label: str) -> None:
    game = GAMES[label]
    system = explicit(name, game)
    ahead = lookahead(rules.named(name), k=1, alpha=1)
    if system is None:
        with pytest.raises(GameError, match="has none in closed form on 'dirac'"):
            ahead(game, eta)
        return
    same = ahead(game, eta)
    assert difference(same.rhs, system.rhs) == []
    assert (same.state, same.memory, same.updates) == (system.state, system.memory, system.updates)


@pytest.mark.parametrize("name", sorted(set(EXPLICIT) - BENT))
@pytest.mark.parametrize("k", [1, 3])
def test_lookahead_linearly(name: str, k: int) -> None:
    """On linear games the slow map is (1 - alpha) + alpha M^k, memory included."""
    game = quadratic(Rational(1, 2), 3, 2)
    fast = rules.named(name)(game, eta).jacobian()
    slow = lookahead(rules.named(name), k=k, alpha=alpha)(game, eta)
    expected = (1 - alpha) * sp.eye(fast.rows) + alpha * fast**k
    assert difference(slow.jacobian(), expected) == []
    once_more = (1 - alpha) * sp.eye(fast.rows) + alpha * fast ** (k + 1)
    assert difference(slow.jacobian(), once_more)


def test_lookahead_counts_iterations_of_the_fast_rule() -> None:
    """On games with time fast step j of slow step n is step k n + j."""
    game = GAMES["annealed"]
    slow = lookahead(simultaneous, k=3, alpha=1)(game, eta)
    fast = simultaneous(game, eta)
    state = fast.state
    for j in range(3):
        here = {**dict(zip(fast.state, state, strict=True)), INDEX: 3 * INDEX + j}
        state = tuple(f.subs(here, simultaneous=True) for f in fast.rhs)
    assert difference(slow.rhs, state) == []


@pytest.mark.parametrize("base", [heavy_ball, optimistic, past_extragradient])
@pytest.mark.parametrize("label", ["quadratic", "dirac"])
def test_reset_memory_starts_anew(base: Any, label: str) -> None:
    """A slow step with reset memory is the interpolated one from the start of an orbit."""
    game = GAMES[label]
    kept = lookahead(base, k=2, alpha=alpha)(game, eta)
    reset = lookahead(base, k=2, alpha=alpha, memory="reset")(game, eta)
    assert reset.state == game.state
    assert reset.memory == ()
    assert difference(reset.rhs, visible(kept)) == []
    assert kept.state == base(game, eta).state


@pytest.mark.parametrize("memory", ["interpolate", "reset"])
def test_memory_as_velocity_or_as_previous_iterate(memory: Any) -> None:
    """Lookahead commutes with the change of variables (x, past) -> (x, x - past)."""
    game = quadratic(p, b, q)
    theta, psi = game.state
    u, w = sp.symbols("u w", real=True)
    ball = heavy_ball(game, eta)
    velocity = dict(zip(ball.state[2:], (theta - u, psi - w), strict=True))
    step = [f.subs(velocity, simultaneous=True) for f in ball.rhs]
    moving = Map(
        (theta, psi, u, w),
        (*step[:2], step[0] - step[2], step[1] - step[3]),
        parameters=ball.parameters,
        memory=((u, sp.Integer(0)), (w, sp.Integer(0))),
        updates=2,
    )
    here = lookahead(heavy_ball, memory=memory)(game, eta)
    there = lookahead(lambda *_: moving, memory=memory)(game, eta)
    assert (
        difference([f.subs(velocity, simultaneous=True) for f in here.rhs[:2]], there.rhs[:2]) == []
    )


def test_lookahead_by_name_is_lookahead() -> None:
    game = GAMES["quadratic"]
    options: dict[str, Any] = {"beta": Rational(-1, 2), "alternating": True}
    by_name = lookahead_over(game, eta, base="heavy-ball", k=3, alpha=alpha, **options)
    assert by_name == lookahead(heavy_ball, k=3, alpha=alpha)(game, eta, **options)


def test_lookahead_nests() -> None:
    """Half of half of the way is a quarter of it: 1/2 + 1/2 (1/2 + 1/2 F) = 3/4 + 1/4 F."""
    game = GAMES["dirac"]
    twice = lookahead(lookahead(simultaneous, k=1), k=1)(game, eta)
    once = lookahead(simultaneous, k=1, alpha=Rational(1, 4))(game, eta)
    assert difference(twice.rhs, once.rhs) == []


@pytest.mark.parametrize("label", ["bilinear", "quadratic", "matrix", "annealed"])
def test_proximal_point_is_descent_backwards(label: str) -> None:
    """x = x+ + eta v(x+): inserting the solution gives back the state."""
    game = GAMES[label]
    system = explicit("proximal-point", game)
    assert system is not None
    after: dict[Any, Any] = dict(zip(game.state, system.rhs, strict=True))
    clock = {} if game.time is None else {game.time: eta * (INDEX + 1)}
    field = (v - d for v, d in zip(game.v, game.moving, strict=True))
    back = [
        (x + eta * f.subs(clock)).subs(after, simultaneous=True)
        for x, f in zip(game.state, field, strict=True)
    ]
    assert difference(back, game.state) == []


@pytest.mark.parametrize("label", ["quadratic", "matrix", "dirac", "three"])
def test_implicit_function_theorem(label: str) -> None:
    """The Jacobian at the equilibrium is (I + eta J)^-1, whichever form the step has."""
    game = GAMES[label]
    assert game.equilibrium is not None
    found = proximal_point(game, eta).jacobian(game.equilibrium)
    forward = sp.eye(len(game.state)) + eta * game.J.subs(game.equilibrium, simultaneous=True)
    assert difference(found * forward, sp.eye(len(game.state))) == []


@pytest.mark.parametrize("rule", [extragradient, optimistic, past_extragradient])
def test_near_the_proximal_point(rule: Any) -> None:
    """Extragradient agrees with the proximal point to second order in eta for every state,
    optimistic rules along an orbit: where memory is the state one such step ago.

    Source: Mokhtari et al. 2020.
    """
    game = quadratic(p, b, q)
    n = len(game.state)
    implicit = proximal_point(game, eta)
    assert isinstance(implicit, Map)
    system = rule(game, eta)
    x = Matrix(game.state)
    ago = (sp.eye(n) + eta * game.J) * x  # the state whose proximal step is x
    memory = {optimistic: ago, past_extragradient: x}.get(rule, Matrix([]))
    here = dict(zip(system.state[n:], memory, strict=True))
    for f, g in zip(system.rhs[:n], implicit.rhs, strict=True):
        gap = f.subs(here, simultaneous=True) - g
        slopes = [sp.expand(sp.diff(gap, eta, order).subs(eta, 0)) for order in range(4)]
        assert slopes[:3] == [0, 0, 0]
        assert slopes[3] != 0
