r"""Figure 1 (c): optimal discriminator dynamics, and what happens at optimality."""

from __future__ import annotations

import itertools
from typing import Any

import mpmath
import sympy as sp
from sympy import Integer, Rational, Symbol

from symgan.certify.ball import load_flint
from symgan.claims import Examination, Step, Verdict, claim, eq
from symgan.games.mixture import normal_pdf
from symgan_papers.gmm.figure1_data import ARRIVED, ETA, FOLLOWED, OPTIMAL, SETTLED, TRUTH
from symgan_papers.gmm.model_front import (
    BITS,
    above,
    distance,
    game,
    gap,
    measured,
    phi,
    plain_distance,
)
from symgan_papers.gmm.model_front_optimal import optimal_orbit, plain_optimal_orbit

q_first, q_last, q_flips, q_end, q_move = sp.symbols("d_0 d_max n z v", real=True)
c, x, u, eta = sp.symbols("c x u eta", positive=True)
AFTER = range(ARRIVED, FOLLOWED + 1)
LATE = range(SETTLED, FOLLOWED + 1)
KIND = "simulated:mpmath"
HALF = Rational(1, 2)


def exact_orbit() -> Any:
    """Panel (c), enclosed in balls."""
    return optimal_orbit(TRUTH, OPTIMAL, ETA, FOLLOWED)


def plain() -> Any:
    """Panel (c), in fifty digits."""
    return plain_optimal_orbit(TRUTH, OPTIMAL, ETA, FOLLOWED)


def plain_distances() -> list[Any]:
    """The distances of the plain orbit from step 60 on."""
    return [plain_distance(TRUTH, tuple(map(float, plain()[t][0]))) for t in AFTER]


@claim(
    "gmm.fig1c",
    source="Figure 1, (c) and caption: 'the optimal discriminator dynamics converge'; 'it remains "
    "roughly at optimality from step to step'",
    formal=r"d_{max} < \frac{1}{100}",
    says="with optimal discriminators the means come near the truth and stay near it, from "
    "initial data of ours, -3/2 and -1/5: the total variation falls from above 1/4 and is below "
    "1/100 at each of the steps 60 to 100; zeros of F enclosed, none missed",
    expect=Verdict.PROVED,
)
def near() -> Examination:
    states = exact_orbit()
    with load_flint().ctx.workprec(BITS):
        late = max(distance(TRUTH, states[t].means)[1] for t in AFTER)
        early = distance(TRUTH, states[0].means)[0]
    numbers = {
        q_first: lambda _: plain_distance(TRUTH, OPTIMAL),
        q_last: lambda _: max(plain_distances()),
    }
    statement = sp.And(q_first > Rational(1, 4), q_last < Rational(1, 100), evaluate=False)
    return measured(statement, {q_first: early, q_last: late}, numbers, kind=KIND)


@claim(
    "gmm.fig1c.varies-wildly",
    source="Figure 1, caption: 'and then the discriminator varies wildly'",
    formal=r"n = 20",
    says="then the discriminator varies wildly: on the orbit of gmm.fig1c F has one zero z from "
    "step 80 to step 100, |z| < 1/50, and at each of the twenty steps the discriminator changes "
    "between the half-lines left and right of it, that is nearly everywhere",
    expect=Verdict.PROVED,
)
def wild() -> Examination:
    states = [exact_orbit()[t] for t in LATE]
    with load_flint().ctx.workprec(BITS):
        farthest = max(above(abs(z)) for s in states for z in s.zeros)
    single = all(len(s.zeros) == 1 for s in states)
    flips = sum(single and a.first != b.first for a, b in itertools.pairwise(states))

    def signs(_: Any) -> int:
        seen = [plain()[t] for t in LATE]
        sides = [gap(z[0] - 1, [mpmath.mpf(-0.5), mpmath.mpf(0.5)], m) > 0 for m, z in seen]
        return sum(a != b for a, b in itertools.pairwise(sides))

    numbers = {
        q_flips: signs,
        q_end: lambda _: max(abs(z) for t in LATE for z in plain()[t][1]),
    }
    statement = sp.And(eq(q_flips, 20), q_end < Rational(1, 50), evaluate=False)
    return measured(statement, {q_flips: Integer(flips), q_end: farthest}, numbers, kind=KIND)


@claim(
    "gmm.fig1c.still-moving",
    source="abstract, 'provably converges', section 1, 'do converge', Figure 1, caption, "
    "'converge', read as a limit (the caption itself goes on with 'roughly')",
    formal=r"v = 0",
    says="the means of (c) converge in the strict sense, so that their moves tend to 0: read on "
    "means (-m, m) about true means (-c, c), which the dynamics keep in this form; v is the "
    "limit of |dL/dmu_2| for m -> c from above, c = (u tanh u)^(1/2)",
    expect=Verdict.REFUTED,
    amended=r"v = \frac{1}{2} (\varphi(x - c) - \varphi(x + c)), x = \sqrt{u / \tanh u}",
    repair="say 'come within O(eta) of the truth', as theorem 3.1 does with its delta: unless it "
    "is hit exactly, moves keep a size eta v > 0, v = (phi(x - c) - phi(x + c))/2 with x tanh(c x) "
    "= c, since F changes sign at x however near m is to c",
)
def no_limit() -> Examination:
    gan, m = game(), Symbol("m", positive=True)
    (l1, l2), (r1, r2) = gan.left, gan.right
    ends = {l1: -x, r1: x, l2: x, r2: x}
    slope = sp.diff(gan.L, gan.mu[1]).subs(ends).subs(gan.mu[1], c)
    tilt = sp.diff(gan.generator.pdf(x).subs({gan.mu[0]: -m, gan.mu[1]: m}), m).subs(m, c)
    rest = Symbol("t", real=True)
    places = {c: sp.sqrt(u * sp.tanh(u)), x: sp.sqrt(u / sp.tanh(u))}
    # (x - c) phi(x - c) = (x + c) phi(x + c), divided by x phi(x - c)
    ratio = sp.powsimp(sp.expand(2 * tilt / (x * normal_pdf(x - c))), force=True)
    ratio = ratio.subs({sp.exp(-2 * c * x): (1 - sp.tanh(u)) / (1 + sp.tanh(u))})
    value = (normal_pdf(x - c) - normal_pdf(x + c)) / 2
    exact = {q_move: slope.subs(places), rest: sp.simplify(ratio.subs(c, x * sp.tanh(u)))}

    def center(p: Any) -> Any:
        return mpmath.sqrt(p["u"] * mpmath.tanh(p["u"]))

    def pull(p: Any) -> Any:
        """|dL/dmu_2| for m just above c, at the zero found by bisection."""
        near_c = center(p)
        m = near_c + mpmath.mpf(10) ** -30

        def difference(z: Any) -> Any:
            return gap(z, (-near_c, near_c), (-m, m))

        low, high = mpmath.mpf(0), mpmath.mpf(20)
        for _ in range(120):
            middle = (low + high) / 2
            low, high = (middle, high) if difference(middle) > 0 else (low, middle)
        return (phi(low - m) - phi(low + m)) / 2

    def tangent(p: Any) -> Any:
        z, at = mpmath.sqrt(p["u"] / mpmath.tanh(p["u"])), center(p)
        return mpmath.diff(lambda m: phi(z - m) + phi(z + m), at)

    points = ({u: HALF}, {u: 1}, {u: 2 * HALF / 5})
    statement = eq(q_move, 0 * u)
    amendment = sp.And(eq(q_move, value.subs(places)), eq(rest, 0 * u), evaluate=False)
    return measured(
        statement,
        exact,
        {q_move: pull, rest: tangent},
        points,
        Step("x is where dF/dm vanishes at m = c (t = 0)"),
        kind="bisected:mpmath",
        amendment=amendment,
    )


@claim(
    "gmm.fig1c.not-differentiable",
    source="Figure 1, caption: 'because the objective function is not differentiable at "
    "optimality'",
    formal=r"D_{right} = \varphi(c)",
    says="f is not differentiable at the true means: for means moved together, (t - c, t + c) "
    "against (-c, c), c <= 1, where the truth has one mode, f = P(-|t|/2 < X < |t|/2) under the "
    "truth, whose one-sided derivatives at t = 0 are phi(c) and -phi(c); everywhere else it is "
    "differentiable (gmm.eq8)",
    expect=Verdict.PROVED,
)
def kink() -> Examination:
    gan, t = game(), Symbol("t", real=True)
    right, left = sp.symbols("D_right D_left", real=True)
    cdf = gan.truth.cdf(x).subs({gan.truth.means[0]: -c, gan.truth.means[1]: c})
    middle = cdf.subs(x, t / 2) - cdf.subs(x, -t / 2)  # f for t > 0; f is even
    exact = {
        right: sp.diff(middle, t).subs(t, 0),
        left: sp.diff(middle.subs(t, -t), t).subs(t, 0),
    }

    def quotient(sign: int) -> Any:
        h = mpmath.mpf(10) ** -12

        def measure(p: Any) -> Any:
            """The difference quotient of half the integral of |F|, which changes sign at h/2."""
            truth, moved = (-p["c"], p["c"]), (sign * h - p["c"], sign * h + p["c"])
            nodes = [-15, -5, sign * h / 2, 5, 15]
            whole = mpmath.quad(lambda y: abs(gap(y, truth, moved)), nodes)
            return sign * whole / 2 / h

        return measure

    points = ({c: HALF}, {c: 1}, {c: HALF / 3})
    return measured(
        sp.And(eq(right, normal_pdf(c)), eq(left, -normal_pdf(c)), evaluate=False),
        exact,
        {right: quotient(1), left: quotient(-1)},
        points,
        kind="integrated:mpmath",
        digits=18,  # a quotient over h = 1e-12 errs by about h^2
        given=c <= 1,
    )


@claim(
    "gmm.fig1c.step-to-step",
    source="Figure 1, caption: 'remains roughly at optimality from step to step'",
    formal=r"v = \frac{1}{2} \varphi(0)",
    says="from step to step a mean moves by at most eta phi(0)/2 whatever the discriminator: v is "
    "the largest |dL/dmu_j| over all events, that of a half-line ending at mu_j; total variation "
    "therefore changes by at most eta phi(0)^2/2 = eta/(4 pi), its slope in a mean being at most "
    "phi(0)/2: below 1/100 for eta = 1/10",
    expect=Verdict.PROVED,
)
def step_to_step() -> Examination:
    gan, slope = game(), Symbol("s", real=True)
    (l1, l2), (r1, r2) = gan.left, gan.right
    mean = gan.mu[0]
    reached = sp.diff(gan.L, mean).subs({l1: -sp.oo, r1: mean}).subs({l2: 0, r2: 0})
    z = Symbol("z", positive=True)
    most = sp.integrate(z * normal_pdf(z), (z, 0, sp.oo)) / 2
    far = sp.erf(z / (2 * sp.sqrt(2)))  # the distance of N(0, 1) from N(z, 1)
    exact = {q_move: most, q_end: sp.simplify(reached), slope: sp.diff(far, z).subs(z, 0) / 2}
    numbers = {
        q_move: lambda _: mpmath.quad(lambda y: y * phi(y), [0, 4, 12, 40]) / 2,
        q_end: lambda _: mpmath.diff(lambda m: -mpmath.ncdf(-m) / 2, 0),
        slope: lambda _: mpmath.diff(lambda h: (2 * mpmath.ncdf(h / 2) - 1) / 2, 0),
    }
    half = normal_pdf(0) / 2
    statement = sp.And(eq(q_move, half), eq(q_end, half), eq(slope, half), evaluate=False)
    steps = (
        Step(
            "dP(N(m, 1) in A)/dm is the integral of (y - m) phi(y - m) over A, greatest for y > m"
        ),
        Step("the halves of a mixture: |f(a) - f(b)| <= (phi(0)/2) (|a_1 - b_1| + |a_2 - b_2|)"),
        Step("two means, each moved by eta phi(0)/2: eta phi(0)^2/2"),
    )
    return measured(statement, exact, numbers, (), *steps, kind="integrated:mpmath")
