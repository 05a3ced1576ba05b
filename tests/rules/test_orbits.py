"""Orbits of every rule against loops written out by hand in multiprecision.

The loops know two gradients as plain functions and nothing of symgan; they are compared
with the 50-digit reference and with the float64 kernels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy as sp
from mpmath import mpf
from sympy import Rational

from symgan.game import Game
from symgan.games.annealed import annealed
from symgan.games.dirac import dirac
from symgan.games.quadratic import quadratic
from symgan.implicit import ImplicitMap
from symgan.kernels import compile, reference
from symgan.losses import jensen_shannon
from symgan.rules.extragradient import extragradient, past_extragradient
from symgan.rules.heavy_ball import heavy_ball
from symgan.rules.lookahead import lookahead
from symgan.rules.optimistic import optimistic
from symgan.rules.proximal_point import proximal_point
from symgan.rules.simultaneous import simultaneous
from symgan.rules.two_timescale import two_timescale
from symgan.system import Map

STEPS = 30
ETA, BETA, TAU = Rational(1, 10), Rational(-1, 4), Rational(3)
X0 = (Rational(3, 2), Rational(-2, 3), Rational(1, 3))
Vector = list[Any]


@dataclass(frozen=True)
class Example:
    """A game, and its descent direction F(x, t) = d(t) - v(x) written out."""

    game: Game
    field: Callable[[Vector, Any], Vector]


def _logistic(x: Vector, _: Any) -> Vector:
    slope = 1 / (1 + mpmath.exp(x[0] * x[1]))
    return [-x[1] * slope, x[0] * slope]


def _linear(x: Vector, _: Any) -> Vector:
    return [-(2 * x[0] - 3 * x[1]), -(5 * x[1] + 3 * x[0])]


def _moving(x: Vector, t: Any) -> Vector:
    """The annealed game with alpha(t) from 1/3 to 2 at scale 4."""
    return [-x[1], x[0] - x[2], mpf(5) / 12 * mpmath.exp(-t / 4)]


def _annealed() -> Game:
    game = annealed()
    T, start, target = game.parameters
    return game.subs({T: 4, start: Rational(1, 3), target: 2})


EXAMPLES = {
    "dirac": Example(dirac(loss=jensen_shannon), _logistic),
    "quadratic": Example(quadratic(2, 3, 5), _linear),
    "annealed": Example(_annealed(), _moving),
}


def add(x: Vector, *terms: tuple[Any, Vector]) -> Vector:
    """x plus scaled vectors."""
    return [xi + sum(c * v[i] for c, v in terms) for i, xi in enumerate(x)]


Loop = Callable[[Callable[[Vector, Any], Vector], Vector, Any], Iterator[Vector]]


def loop_two_timescale(F: Any, x: Vector, h: Any) -> Iterator[Vector]:
    k = 0
    while True:
        yield x
        moves = [F(x, t)[i] for i, t in enumerate((k * h, 3 * k * h, k * h)[: len(x)])]
        x = [a + c * m for a, c, m in zip(x, (h, 3 * h, h), moves, strict=False)]
        k += 1


def loop_extragradient(F: Any, x: Vector, h: Any) -> Iterator[Vector]:
    k = 0
    while True:
        yield x
        half = add(x, (h, F(x, k * h)))
        x = add(x, (h, F(half, (k + 1) * h)))
        k += 1


def loop_past_extragradient(F: Any, x: Vector, h: Any) -> Iterator[Vector]:
    k, half = 0, x
    while True:
        yield x
        half = add(x, (h, F(half, k * h)))
        x = add(x, (h, F(half, (k + 1) * h)))
        k += 1


def loop_optimistic(F: Any, x: Vector, h: Any) -> Iterator[Vector]:
    k, last = 0, F(x, mpf(0))
    while True:
        yield x
        now = F(x, k * h)
        x = add(x, (2 * h, now), (-h, last))
        k, last = k + 1, now


def loop_heavy_ball(F: Any, x: Vector, h: Any) -> Iterator[Vector]:
    k, velocity = 0, [mpf(0)] * len(x)
    while True:
        yield x
        velocity = [-mpf(1) / 4 * u + h * f for u, f in zip(velocity, F(x, k * h), strict=True)]
        x = add(x, (1, velocity))
        k += 1


def loop_alternating_ball(F: Any, x: Vector, h: Any) -> Iterator[Vector]:
    k, velocity = 0, [mpf(0)] * len(x)
    while True:
        yield x
        x, velocity = list(x), list(velocity)
        for i in range(len(x)):
            velocity[i] = -velocity[i] / 4 + h * F(x, k * h)[i]
            x[i] += velocity[i]
        k += 1


def loop_lookahead(F: Any, x: Vector, h: Any) -> Iterator[Vector]:
    """Three plain steps, then a third of the way; time runs with the fast steps."""
    k = 0
    while True:
        yield x
        fast = x
        for j in range(3):
            fast = add(fast, (h, F(fast, (3 * k + j) * h)))
        x = [a + (f - a) / 3 for a, f in zip(x, fast, strict=True)]
        k += 1


def loop_lookahead_ball(F: Any, x: Vector, h: Any) -> Iterator[Vector]:
    """Two heavy-ball steps from rest, then half of the way."""
    k = 0
    while True:
        yield x
        start = add(x, (h, F(x, 2 * k * h)))
        push = [-(s - a) / 4 for s, a in zip(start, x, strict=True)]
        fast = add(start, (1, push), (h, F(start, (2 * k + 1) * h)))
        x = [(a + f) / 2 for a, f in zip(x, fast, strict=True)]
        k += 1


def loop_proximal_point(F: Any, x: Vector, h: Any) -> Iterator[Vector]:
    """The implicit step by fixed-point iteration, a contraction at this step."""
    k = 0
    while True:
        yield x
        after = x
        for _ in range(400):
            after = add(x, (h, F(after, (k + 1) * h)))
        x = after
        k += 1


def over(rule: Any, **options: Any) -> Callable[[Game], Any]:
    return lambda game: rule(game, ETA, **options)


RULES: dict[str, tuple[Callable[[Game], Any], Loop]] = {
    "two-timescale": (over(two_timescale, tau=TAU), loop_two_timescale),
    "extragradient": (over(extragradient), loop_extragradient),
    "past-extragradient": (over(past_extragradient), loop_past_extragradient),
    "optimistic": (over(optimistic), loop_optimistic),
    "heavy-ball": (over(heavy_ball, beta=BETA), loop_heavy_ball),
    "alternating-ball": (over(heavy_ball, beta=BETA, alternating=True), loop_alternating_ball),
    "lookahead": (over(lookahead(simultaneous, k=3, alpha=Rational(1, 3))), loop_lookahead),
    "lookahead-ball": (over(lookahead(heavy_ball, memory="reset"), beta=BETA), loop_lookahead_ball),
    "proximal-point": (over(proximal_point), loop_proximal_point),
}


def orbit_by_hand(loop: Loop, example: Example, steps: int = STEPS) -> list[Vector]:
    """The orbit of a loop, start included, with 60 digits."""
    with mpmath.workdps(60):
        x0 = [mpf(q.p) / q.q for q in X0[: len(example.game.state)]]
        states = loop(example.field, x0, mpf(1) / 10)
        return [next(states) for _ in range(steps + 1)]


def start_of(system: Map) -> dict[Any, Any]:
    return system.lift(dict(zip(system.visible, X0, strict=False)))


def orbit_of_implicit(system: ImplicitMap, steps: int) -> list[Vector]:
    """The orbit of an implicit map: Newton's method from the present state."""
    arguments = [*system.state, *system.next]
    equation = sp.lambdify(arguments, list(system.residual), "mpmath")
    with mpmath.workdps(60):
        states = [[mpf(q.p) / q.q for q in X0[: len(system.state)]]]
        for _ in range(steps):
            here = states[-1]
            after = mpmath.findroot(lambda *y, here=here: equation(*here, *y), here)
            states.append(list(after))
        return states


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("example", EXAMPLES)
def test_orbits_are_those_of_the_loops(rule: str, example: str) -> None:
    build, loop = RULES[rule]
    case = EXAMPLES[example]
    system = build(case.game)
    by_hand = orbit_by_hand(loop, case)
    if isinstance(system, ImplicitMap):
        exact = orbit_of_implicit(system, STEPS)
    else:
        exact = list(reference(system, dps=40).solve(start_of(system), range(STEPS + 1)))
    for there, here in zip(by_hand, exact, strict=True):
        # Both carry 40 digits or more; orbits of order 1 and below lose none in 30 steps.
        assert all(abs(a - b) < mpf(10) ** -35 for a, b in zip(there, here, strict=False))


EXPLICIT = [
    (rule, name)
    for rule, (build, _) in RULES.items()
    for name, example in EXAMPLES.items()
    if isinstance(build(example.game), Map)
]
"""All but the proximal point on the Dirac-GAN: kernels take maps."""


@pytest.mark.parametrize(("rule", "example"), EXPLICIT)
def test_kernels_follow_from_a_lifted_start(rule: str, example: str) -> None:
    build, loop = RULES[rule]
    case = EXAMPLES[example]
    system = build(case.game)
    start = np.array([float(x) for x in start_of(system).values()])
    kernel = compile(system)
    table = kernel.trajectory(start, STEPS)
    by_hand = np.array([[float(x) for x in state] for state in orbit_by_hand(loop, case)])
    n = len(system.visible)
    # Contracting or nearly neutral maps of order 1: rounding adds at most a few units of
    # 2^-53 a step, 30 steps.
    assert np.abs(table[:, :n] - by_hand).max() < 30 * 16 * 2.0**-53
    assert np.array_equal(kernel.iterate(start, STEPS), table[-1])


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_start_that_forgets_memory_is_seen(example: str) -> None:
    """The false neighbor: zeros in the place of the lifted memory end elsewhere."""
    build, loop = RULES["heavy-ball"]
    case = EXAMPLES[example]
    system = build(case.game)
    memory = dict.fromkeys((s for s, _ in system.memory), Rational(0))
    wrong = reference(system, dps=20).solve({**start_of(system), **memory}, [3])[0]
    right = orbit_by_hand(loop, case, 3)[-1]
    assert max(abs(a - b) for a, b in zip(right, wrong, strict=False)) > mpf(10) ** -3
