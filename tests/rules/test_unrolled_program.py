"""Straight-line programs of rules: equal to the maps that they stand for, and right beyond them."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy as sp
from mpmath import mpf
from sympy import Rational, Symbol

from symgan.errors import GameError
from symgan.game import Game, zero_sum
from symgan.games.mixture import Mixture, MixtureGan, mixture_gan
from symgan.games.quadratic import bilinear
from symgan.kernels import compile
from symgan.program import Program
from symgan.rules.alternating import alternating, alternating_program
from symgan.rules.unrolled import unrolled, unrolled_program
from tests.rules.exact_rings import equal

eta = Symbol("eta", positive=True)
s = Symbol("s", positive=True)
x, y, z, w = sp.symbols("x y z w", real=True)
COUPLED = zero_sum(x**3 * y + x * y * z - y**2 * z**2 + x * z, minimize=x, maximize=(y, z))
THREE = Game(
    "three",
    players=((x,), (y,), (z,)),
    losses=(x * y**2 + x * z, y**2 * x - z * y, z**3 * x + y * z),
)
time = Symbol("t", real=True)
TIMED = Game(
    "timed",
    players=((x,), (y,)),
    losses=(x * y**2 * time + x**2, -x * y + time * y**2),
    time=time,
    drift=(x * y, time),
)
GAMES = {
    "bilinear": bilinear(),
    "coupled": COUPLED,
    "three": THREE,
    "timed": TIMED,
}


@cache
def gan() -> MixtureGan:
    return mixture_gan(truth=Mixture((Rational(-1, 2), Rational(1, 2))))


@cache
def five() -> Program:
    return unrolled_program(gan().game, eta, steps=5)


def same(program: Program, map_: Any) -> bool:
    """Equal right-hand sides, exactly; the same symbols."""
    written = program.map()
    assert written.state == map_.state
    assert set(written.parameters) == set(map_.parameters)
    assert written.index == map_.index
    assert written.updates == map_.updates
    return equal(written.rhs, map_.rhs)


@pytest.mark.parametrize("through", [True, False])
@pytest.mark.parametrize("inner", [None, s, Rational(1, 7)])
@pytest.mark.parametrize("name", GAMES)
def test_programs_are_the_unrolled_maps(name: str, inner: Any, through: bool) -> None:
    game = GAMES[name]
    for steps in (1, 2):
        options = {"steps": steps, "through": through, "inner": inner}
        program = unrolled_program(game, eta, **options)
        assert same(program, unrolled(game, eta, **options)), steps


def test_steps_of_its_own_for_every_player() -> None:
    etas = (eta, s)
    program = unrolled_program(COUPLED, etas, steps=2)
    assert same(program, unrolled(COUPLED, etas, steps=2))
    assert not same_rhs(program, unrolled(COUPLED, eta, steps=2))


def test_one_step_on_the_mixture_game() -> None:
    game = gan().game
    assert same(unrolled_program(game, eta), unrolled(game, eta))


def test_false_neighbors_are_told_apart() -> None:
    one = unrolled_program(COUPLED, eta, steps=2)
    assert not same_rhs(one, unrolled(COUPLED, eta, steps=1))
    assert not same_rhs(one, unrolled(COUPLED, eta, steps=2, through=False))


def same_rhs(program: Program, map_: Any) -> bool:
    return equal(program.map().rhs, map_.rhs)


def reference_step(start: list[Any], h: Any, steps: int, *, through: bool = True) -> list[Any]:
    """Unrolled descent on the mixture game, written apart: the generator's slope by differences.

    With 90 digits and a central difference of width 1e-25 the slope has 45 digits, of which
    third derivatives of order 100 leave more than 40.
    """
    truth = (mpf(-1) / 2, mpf(1) / 2)

    def density(mu: Any, at: Any) -> Any:
        return sum(mpmath.npdf(at - m) for m in mu) / 2

    def answer(mu: Any, ends: list[Any]) -> list[Any]:
        for _ in range(steps):
            ends = move(mu, ends)
        return ends

    def move(mu: Any, ends: list[Any]) -> list[Any]:
        slopes = [density(truth, e) - density(mu, e) for e in ends]
        return [
            e - h * f if i < 2 else e + h * f
            for i, (e, f) in enumerate(zip(ends, slopes, strict=True))
        ]

    def loss(mu: Any, ends: list[Any]) -> Any:
        def mass(m: Any, e: Any) -> Any:
            return mpmath.ncdf(e - m) / 2

        total = mpf(1)
        for left, right in zip(ends[:2], ends[2:], strict=True):
            total += sum(mass(m, right) - mass(m, left) for m in truth)
            total -= sum(mass(m, right) - mass(m, left) for m in mu)
        return total

    mu, ends = start[:2], start[2:]
    small, moved = mpf(10) ** -25, []
    fixed = answer(mu, ends)
    for j in range(2):
        up, down = list(mu), list(mu)
        up[j] += small
        down[j] -= small
        ahead = [answer(m, ends) if through else fixed for m in (up, down)]
        slope = (loss(up, ahead[0]) - loss(down, ahead[1])) / (2 * small)
        moved.append(mu[j] - h * slope)
    return [*moved, *move(mu, ends)]


STARTS = np.array(
    [
        [-1.0, 2.5, -1.0, 0.2, -1.0, 2.5],
        [0.3, -0.7, -2.0, 0.1, -0.4, 1.5],
        [1.5, -0.25, -1.5, 0.0, -0.25, 2.0],
    ]
)


@pytest.mark.parametrize("row", range(3))
def test_five_steps_against_fifty_digits(row: int) -> None:
    """Rounding: some 300 operations on numbers of order 1, of which 40 follow one another."""
    start = STARTS[row]
    got = compile(five()).step(start, {"eta": 0.3})
    with mpmath.workdps(90):
        numbers = [mpf(float(c)) for c in start]
        want = reference_step(numbers, mpf(0.3), 5)
        blind = reference_step(numbers, mpf(0.3), 5, through=False)
        errors = [abs(mpf(float(g)) - e) for g, e in zip(got, want, strict=True)]
        assert max(errors) < 40 * 2.0**-53 * max(1, max(map(abs, numbers)))
        assert max(abs(a - b) for a, b in zip(want[:2], blind[:2], strict=True)) > 1e-4


def test_five_steps_of_a_random_batch_against_fifty_digits() -> None:
    """Rounding as above; ends in any order, crossed intervals among them."""
    starts = np.random.default_rng(5).uniform(-2.5, 2.5, (6, 6))
    got = compile(five()).step(starts, {"eta": 0.3})
    with mpmath.workdps(90):
        for start, row in zip(starts, got, strict=True):
            want = reference_step([mpf(float(c)) for c in start], mpf(0.3), 5)
            errors = [abs(mpf(float(g)) - e) for g, e in zip(row, want, strict=True)]
            assert max(errors) < 40 * 2.0**-53 * 2.5


def test_five_steps_are_short_and_the_nested_map_is_refused_at_once() -> None:
    assert len(five().assignments) == 5 * (4 + 4 * 2)
    with pytest.raises(GameError, match=r"make an expression of \d+ operations"):
        unrolled(gan().game, eta, steps=5)
    with pytest.raises(GameError, match=r"written out, the program holds \d+ operations"):
        five().map()


@pytest.mark.parametrize("options", [{"n_d": 2}, {"n_g": 2, "order": (1, 0)}, {}])
@pytest.mark.parametrize("name", ["bilinear", "coupled"])
def test_turns_as_a_program(name: str, options: dict[str, Any]) -> None:
    game = GAMES[name]
    assert same(alternating_program(game, eta, **options), alternating(game, eta, **options))


def test_many_discriminator_steps_on_the_mixture_game() -> None:
    """Seven turns of the discriminator as one program, and one at a time."""
    program = compile(alternating_program(gan().game, eta, n_d=7))
    one = compile(alternating_program(gan().game, eta, n_d=1))
    state = one.step(STARTS, {"eta": 0.3})
    for _ in range(6):
        state = _discriminator().step(state, {"eta": 0.3})
    got = program.step(STARTS, {"eta": 0.3})
    assert np.abs(got - state).max() < 1e-14  # some ten ulp: seven roundings of numbers below 3
    assert np.abs(got - _discriminator().step(state, {"eta": 0.3})).max() > 1e-3


@cache
def _discriminator() -> Any:
    game = gan().game
    v = game.v
    rhs = (*game.state[:2], *(a - eta * f for a, f in zip(game.state[2:], v[2:], strict=True)))
    return compile(Program(game.state, rhs, parameters=(eta,)))


@pytest.mark.parametrize(
    ("steps", "message"),
    [(0, "whole number"), (201, "more than 200"), (True, "whole number"), (1.5, "whole number")],
)
def test_wrong_steps_are_refused(steps: Any, message: str) -> None:
    with pytest.raises(GameError, match=message):
        unrolled_program(COUPLED, eta, steps=steps)


def test_values_that_nothing_needs_are_not_written_out() -> None:
    """Sixty squarings would hold 2^60 operations."""
    names = sp.symbols("t0:60", real=True)
    squares = ((names[0], x), *((b, a**2 + a) for a, b in pairwise(names)))
    assert Program((x,), (x + names[1],), squares).map().rhs == (x**2 + 2 * x,)
    with pytest.raises(GameError, match="operations, more than"):
        Program((x,), (names[-1],), squares).map()


def test_programs_refuse_what_they_cannot_say() -> None:
    for wrong in ("x", None):
        with pytest.raises(GameError, match="in a program is no Expr; text is not read"):
            Program((x,), (wrong,))  # type: ignore[arg-type]
    with pytest.raises(GameError, match="'x' in a program is no Symbol"):
        Program(("x",), (x,))  # type: ignore[arg-type]
    with pytest.raises(GameError, match="is no program; give one"):
        Program((x,), (x,)).then(None)  # type: ignore[arg-type]
    t = Symbol("t", real=True)
    with pytest.raises(GameError, match="undeclared symbols: t"):
        Program((x,), (t,), ())
    with pytest.raises(GameError, match="undeclared symbols: t"):
        Program((x,), (x,), ((w, t), (t, x)))
    with pytest.raises(GameError, match="uses the name x twice"):
        Program((x,), (x,), ((x, x),))
    with pytest.raises(GameError, match="as many right-hand sides"):
        Program((x, y), (x,))
    with pytest.raises(GameError, match="no parameter of the program"):
        Program((x,), (x,)).subs({y: 1})
    with pytest.raises(GameError, match="cannot compose"):
        Program((x,), (x,)).then(Program((y,), (y,)))


def test_composition_and_values_keep_the_names_apart() -> None:
    t = Symbol("t", real=True)
    step = Program((x, y), (t * y, t - x), ((t, x * y + s),), parameters=(s,))
    twice = step.then(step)
    assert len(set(twice.names)) == 4
    written = step.map().then(step.map())
    assert same_rhs(twice, written)
    assert same_rhs(twice.subs({s: 3}), written.subs({s: 3}))
    assert not same_rhs(twice.subs({s: 3}), written.subs({s: 2}))
