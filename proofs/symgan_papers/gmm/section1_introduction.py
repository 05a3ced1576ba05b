r"""Abstract and section 1: what the model is said to show; most of it is judged where it stands."""

from __future__ import annotations

from functools import cache
from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.certify.ball import load_flint
from symgan.claims import Examination, Verdict, claim, eq
from symgan_papers.gmm.figure2_data import TRUTH, UNSIGNED_RIGHT, setup
from symgan_papers.gmm.model_front import (
    BITS,
    HALF,
    ball,
    closed,
    distance,
    game,
    measured,
    phi,
    plain_distance,
    plain_update,
    stepper,
)

UPDATES, ROUNDS = 20, 150
q_far, q_first, q_second, q_rate = sp.symbols("d k k' v", real=True)


@cache
def rounds() -> tuple[Any, ...]:
    """After 150 rounds of 20 discriminator updates and one of the generator, in balls."""
    data = setup(UNSIGNED_RIGHT)
    with load_flint().ctx.workprec(BITS):
        step = stepper(0)
        constants = tuple(ball(v) for v in (*TRUTH, data.eta))
        state = tuple(ball(v) for v in data.state)
        for _ in range(ROUNDS):
            for _ in range(UPDATES):
                state = closed((*state[:2], *step(*state, *constants)[2:]))
            state = (*step(*state, *constants)[:2], *state[2:])
        return state


@claim(
    "gmm.intro.many-updates",
    source="section 1: 'often fails to converge, even when the discriminator is allowed many more "
    "gradient update steps than the generator'",
    formal=r"d > \frac{1}{5}",
    says="it fails with twenty discriminator updates for each of the generator, too, from some "
    "initial data: Figure 2's with the right interval [1, 5/2], ends that would cross held "
    "together; total variation above 1/5 after 150 rounds (how often is not said here)",
    expect=Verdict.PROVED,
)
def many_updates() -> Examination:
    def plain(_: Any) -> float:
        data = setup(UNSIGNED_RIGHT)
        state = tuple(float(v) for v in data.state)
        for _ in range(ROUNDS):
            for _ in range(UPDATES):
                state = (*state[:2], *plain_update(data, state)[2:])
            state = (*plain_update(data, state)[:2], *state[2:])
        return plain_distance(TRUTH, state[:2])

    with load_flint().ctx.workprec(BITS):
        lower = distance(TRUTH, rounds())[0]
    return measured(
        q_far > Rational(1, 5), {q_far: lower}, {q_far: plain}, kind="simulated:float64"
    )


@claim(
    "gmm.intro.non-convex",
    source="section 1: 'the overall loss function driving the GAN dynamics is usually non-convex'",
    formal=r"k < 0",
    says="L is not convex in the generator's means: with D = [-1, 1] its second derivative in mu_1 "
    "is positive at mu_1 = 0 (k') and negative at 2 (k)",
    expect=Verdict.PROVED,
)
def non_convex() -> Examination:
    gan = game()
    (l1, l2), (r1, r2) = gan.left, gan.right
    bend = sp.diff(gan.L.subs({l1: -1, r1: 1, l2: 2, r2: 2}), gan.mu[0], 2)
    exact = {q_first: bend.subs(gan.mu[0], 2), q_second: bend.subs(gan.mu[0], 0)}

    def measure(place: int) -> Any:
        return lambda _: mpmath.diff(
            lambda m: -(mpmath.ncdf(1 - m) - mpmath.ncdf(-1 - m)) / 2, place, 2
        )

    numbers = {q_first: measure(2), q_second: measure(0)}
    statement = sp.And(q_first < 0, q_second > 0, evaluate=False)
    return measured(statement, exact, numbers, kind="differentiated:mpmath")


@claim(
    "gmm.intro.non-convex-sets",
    source="section 2.1: 'because of the non-convexity of the objective function, and of the "
    "generator and discriminator sets'",
    formal=r"k = \frac{c^4}{4}",
    says="the sets (2) and (5) are not convex: the even mixture of G at means (-c, c) and (0, 0) "
    "has mean 0, and a member of (2) with its variance has a fourth moment smaller by k > 0; the "
    "mean of the indicators of [0, 1] and [2, 3] takes the value 1/2 (k'). Their parameters, mu in "
    "the plane and l1 <= r1 <= l2 <= r2, do form convex sets",
    expect=Verdict.PROVED,
)
def non_convex_sets() -> Examination:
    c, y = Symbol("c", positive=True), Symbol("y", real=True)
    gan = game()
    parts = zip(gan.generator.weights, gan.generator.means, strict=True)
    generating = sp.Add(*(w * sp.exp(m * y + y**2 / 2) for w, m in parts))  # of the moments

    def moment(power: int, means: tuple[Any, Any]) -> Any:
        at = generating.subs(dict(zip(gan.mu, means, strict=True)))
        return sp.diff(at, y, power).subs(y, 0)

    def mixed(power: int) -> Any:
        return (moment(power, (-c, c)) + moment(power, (0, 0))) / 2

    half = sp.sqrt(sp.expand(sp.simplify(mixed(2))) - 1)  # (2)'s variance is 1 + half^2
    excess = sp.expand(sp.simplify(mixed(4) - moment(4, (-half, half))))
    inside = sp.Piecewise((1, sp.And(y >= 0, y <= 1)), (0, True))
    other = sp.Piecewise((1, sp.And(y >= 2, y <= 3)), (0, True))
    exact = {q_first: excess, q_second: ((inside + other) / 2).subs(y, HALF)}

    def fourth(p: Any) -> Any:
        def mean(power: int, places: Any) -> Any:
            return mpmath.quad(
                lambda z: z**power * sum(phi(z - m) for m in places) / len(places),
                [-30, -5, 0, 5, 30],
            )

        places = (-p["c"], p["c"], 0, 0)
        near = mpmath.sqrt(mean(2, places) - 1)
        return mean(4, places) - mean(4, (-near, near))

    numbers = {
        q_first: fourth,
        q_second: lambda _: mpmath.mpf(sum(low <= 0.5 <= low + 1 for low in (0, 2))) / 2,
    }
    statement = sp.And(eq(q_first, c**4 / 4), eq(q_second, HALF), evaluate=False)
    return measured(statement, exact, numbers, ({c: 1}, {c: Rational(3, 2)}), digits=20)


@claim(
    "gmm.intro.essentially-any",
    source="section 1: 'The GAN with optimal discriminator converges from (essentially) any "
    "starting point'",
    formal=r"v = 0",
    says="the word in parentheses is needed: equal means stay equal whatever the discriminator, "
    "the difference v of their gradients being 0, so that two modes are never reached. Any other "
    "start has its means some delta apart, and with small steps the dynamics come within any "
    "distance of a truth with two means: gmm.settled.thm3-1.explicit",
    expect=Verdict.PROVED,
)
def essentially_any() -> Examination:
    gan, m = game(), Symbol("m", real=True)
    first, second = gan.mu
    pull = sp.diff(gan.L, first) - sp.diff(gan.L, second)
    exact = {q_rate: pull.subs({first: m, second: m})}

    def measure(p: Any) -> Any:
        def payoff(a: Any, b: Any) -> Any:
            ends = ((p["l1"], p["r1"]), (p["l2"], p["r2"]))
            return (
                -sum(mpmath.ncdf(r - c) - mpmath.ncdf(el - c) for el, r in ends for c in (a, b)) / 2
            )

        one, other = ((1, 0), (0, 1))
        return mpmath.diff(payoff, (p["m"],) * 2, one) - mpmath.diff(payoff, (p["m"],) * 2, other)

    (l1, l2), (r1, r2) = gan.left, gan.right
    points = ({m: 0, l1: -2, r1: -1, l2: 0, r2: 3}, {m: 1, l1: -1, r1: 0, l2: 1, r2: 2})
    return measured(
        eq(q_rate, 0 * m), exact, {q_rate: measure}, points, kind="differentiated:mpmath"
    )


@claim(
    "gmm.intro.first-order-sufficient",
    source="section 1: 'go against the common wisdom that first order methods are sufficiently "
    "strong'; the conjectures after it",
    says="first order methods might not suffice for the saddle points of GANs, and discriminator "
    "collapse might matter in more complex ones",
    expect=Verdict.INFORMAL,
    reason="opinions and conjectures on other models; that first order dynamics fail here is "
    "judged in gmm.fig1b, gmm.fig1d, gmm.fig2d",
)
def sufficient() -> None: ...
