"""What rules refuse, with one sentence each, and what they take."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import Rational, Symbol

from symgan import rules
from symgan.catalog import mark_of
from symgan.errors import GameError, UnknownName
from symgan.game import Game, zero_sum
from symgan.games.annealed import annealed, linear_ramp
from symgan.games.dirac import dirac
from symgan.losses import jensen_shannon
from symgan.rules.alternating import alternating
from symgan.rules.extragradient import extragradient
from symgan.rules.heavy_ball import heavy_ball
from symgan.rules.lookahead import lookahead, lookahead_over
from symgan.rules.optimistic import optimistic
from symgan.rules.proximal_point import proximal_point
from symgan.rules.simultaneous import simultaneous
from symgan.rules.two_timescale import two_timescale
from symgan.system import Map
from tests.rules.examples import GAMES, eta, three_players

game = GAMES["bilinear"]
xi = Symbol("xi", real=True)
half: Any = Rational(1, 2)
keep: Any = "keep"


def noisy(game: Game, eta: Any) -> Map:
    rhs = (game.state[0] + xi, *game.state[1:])
    return Map(game.state, rhs, noise=(xi,))


@pytest.mark.parametrize("name", sorted(rules.catalog()))
@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (0, "step size 0 is not positive"),
        (Rational(-1, 2), r"step size -1/2 is not positive"),
        (sp.I, "step size I is not positive"),
        (Symbol("h", negative=True), "step size h is not positive"),
        ("0.1", "step size '0.1' is not a finite number or symbol"),
        (sp.oo, "is not a finite number or symbol"),
        (sp.nan, "is not a finite number or symbol"),
        ((1, 1, 1), "3 step sizes for 2 players"),
    ],
)
def test_bad_steps(name: str, step: Any, sentence: str) -> None:
    if name == "two-timescale" and isinstance(step, tuple):
        sentence = "two-timescale descent takes one step"
    with pytest.raises(GameError, match=sentence):
        rules.named(name)(game, step)


@pytest.mark.parametrize("name", sorted(set(rules.catalog()) - {"two-timescale"}))
def test_a_step_for_each_player(name: str) -> None:
    """Equal steps given one by one change nothing; unequal ones reach their own players."""
    rule = rules.named(name)
    assert rule(game, (eta, eta)).rhs == rule(game, eta).rhs
    a, b = sp.symbols("a b", positive=True)
    assert {a, b} <= set(rule(game, (a, b)).parameters)


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda: two_timescale(game, eta, tau=-1), "tau = -1 is not positive"),
        (lambda: two_timescale(game, eta, tau=(1, 2)), "2 ratios of steps for 1 players after"),
        (lambda: two_timescale(game, eta, tau="3"), "ratio of steps '3' is not"),
        (
            lambda: two_timescale(annealed(schedule=linear_ramp()), eta),
            "the game has a parameter tau of its own",
        ),
        (lambda: extragradient(game, eta, extrapolation=0), "extrapolation = 0 is not positive"),
        (lambda: optimistic(game, eta, optimism=-1), "optimism = -1 is negative"),
        (lambda: heavy_ball(game, eta, beta=1), "momentum beta = 1 is not between -1 and 1"),
        (lambda: heavy_ball(game, eta, beta=Rational(-3, 2)), "is not between -1 and 1"),
        (lambda: heavy_ball(game, eta, beta=sp.I / 2), "is not between -1 and 1"),
        (lambda: heavy_ball(game, eta, beta=(0, 0, 0)), "3 momentum coefficients for 2 players"),
        (lambda: simultaneous(game, Symbol("psi")), "option psi is called like a symbol"),
        (lambda: lookahead(simultaneous, k=0), "k = 0: lookahead makes a whole number"),
        (lambda: lookahead(simultaneous, k=True), "k = True: lookahead makes a whole number"),
        (lambda: lookahead(simultaneous, k=half), "k = 1/2: lookahead makes"),
        (lambda: lookahead(simultaneous, alpha=0), "alpha = 0 is not positive"),
        (lambda: lookahead(simultaneous, memory=keep)(game, eta), "memory = 'keep'; choose one"),
        (lambda: lookahead(proximal_point)(dirac(), eta), "has none in closed form on 'dirac'"),
        (lambda: lookahead(noisy)(game, eta), "would reuse its draws"),
        (
            lambda: lookahead(simultaneous, k=40)(dirac(loss=jensen_shannon), eta),
            r"\d of 40 steps make an expression of \d+ operations, more than 50000",
        ),
        (
            lambda: alternating(dirac(), eta, n_d=40),
            r"of 41 steps make an expression of \d+ operations, more than 50000",
        ),
    ],
)
def test_bad_options(build: Any, sentence: str) -> None:
    with pytest.raises(GameError, match=sentence):
        build()


def test_unknown_base() -> None:
    with pytest.raises(UnknownName, match="unknown rule 'adam'"):
        lookahead_over(game, eta, base="adam")


def test_many_fast_steps_of_a_linear_game() -> None:
    """Affine maps stay affine: fifty steps are a matter of milliseconds, not of 4^50 terms."""
    slow = lookahead(simultaneous, k=50, alpha=1)(game, Rational(1, 7))
    z = 1 + sp.I / 7
    assert sp.expand(slow.jacobian().det() - sp.expand(z * sp.conjugate(z)) ** 50) == 0


def test_many_turns_of_a_linear_game() -> None:
    """The discriminator's n turns at curvature 1 act as (1 - eta)^n."""
    game = GAMES["quadratic"].subs(dict(zip(GAMES["quadratic"].parameters, (1, 1, 1), strict=True)))
    M = alternating(game, Rational(1, 7), n_d=40).jacobian()
    assert M.det() == Rational(6, 7) ** 41


def test_memory_avoids_the_names_of_the_game() -> None:
    x, y = sp.symbols("x x_prev", real=True)
    system = heavy_ball(zero_sum(x * y, minimize=x, maximize=y), eta)
    assert [s.name for s in system.state] == ["x", "x_prev", "x_prev_", "x_prev_prev"]


def test_memory_has_the_assumptions_of_what_it_remembers() -> None:
    x, y = Symbol("x", positive=True), Symbol("y", real=True)
    system = optimistic(zero_sum(x * y, minimize=x, maximize=y), eta)
    assert [s.is_positive for s in system.state] == [True, None, True, None]


def test_lookahead_is_marked_after_its_base() -> None:
    mark = mark_of(lookahead(heavy_ball, k=5, alpha=Rational(1, 2)))
    assert mark.name == "lookahead(heavy ball)"
    assert mark.summary == "Lookahead over heavy ball: 5 fast steps, slow step 1/2"


def test_what_an_iteration_costs() -> None:
    """A past extragradient that is reset looks up one gradient a player more than it says."""
    from symgan.rules.extragradient import past_extragradient
    from tests.contracts.cases import OPAQUE, OWN_LOSSES
    from tests.contracts.laws import update_violations

    opaque = OPAQUE["2 players"]
    kept = lookahead(past_extragradient)(opaque, eta)
    reset = lookahead(past_extragradient, memory="reset")(opaque, eta)
    assert kept.updates == reset.updates == 4
    assert update_violations(kept, OWN_LOSSES, {}) == []
    assert update_violations(reset, OWN_LOSSES, {}) == ["6 gradients, 4 declared"]


def test_three_players_in_turn() -> None:
    """The third player sees what the first two did in the same round."""
    players = three_players()
    system = heavy_ball(players, eta, beta=0, alternating=True)
    (x,), (y, z), (w,) = players.players
    here: dict[Any, Any] = {x: 1, y: 2, z: 3, w: 5, eta: Rational(1, 10)}
    found = [f.subs(here | dict(zip(system.state[4:], (1, 2, 3, 5), strict=True))) for f in
             system.rhs[:4]]  # fmt: skip
    x1 = 1 - Rational(1, 10) * (2 + 3 * 3)
    y1, z1 = 2 - Rational(1, 10) * (-x1 + 2), 3 - Rational(1, 10) * 5
    assert found == [x1, y1, z1, 5 - Rational(1, 10) * (z1 * x1 - y1)]
