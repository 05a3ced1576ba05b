r"""Section 3: instances of theorem 3.1, and what its polynomials taken literally would say."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.certify.ball import load_flint
from symgan.claims import Examination, Step, Verdict, claim, eq
from symgan.games.mixture import normal_pdf
from symgan_papers.gmm.figure1_data import ETA, TRUTH, tenths
from symgan_papers.gmm.model_front import (
    BITS,
    below,
    distance,
    game,
    gap,
    in_balls,
    measured,
    phi,
    plain_distance,
)
from symgan_papers.gmm.model_front_optimal import optimal_orbit, plain_optimal_orbit

C, delta, eta, K = sp.symbols("C delta eta K", positive=True)
q_far, q_least, q_slope, q_size = sp.symbols("d h g D", real=True)
HALF = Rational(1, 2)
STARTS = (tenths(-15, 10), tenths(3, 13))
STEPS = 80


def _farthest() -> Any:
    """A bound of the total variation at step 80 from every start."""
    with load_flint().ctx.workprec(BITS):
        ends = (optimal_orbit(TRUTH, start, ETA, STEPS)[-1].means for start in STARTS)
        return max(distance(TRUTH, means)[1] for means in ends)


@claim(
    "gmm.thm3-1.instances",
    source="theorem 3.1, instances",
    formal=r"d < \frac{1}{100}",
    says="instances: true means -1/2, 1/2, C = 3/2, delta = 1/100, eta = 1/10, T = 80, from means "
    "(-3/2, 1) and (3/10, 13/10) (from (-3/2, -1/5): gmm.fig1c): the total variation is at most "
    "delta at T, with a step far longer than those of the proof (gmm.thm3-1); nothing is said "
    "here of other starts",
    expect=Verdict.PROVED,
)
def instances() -> Examination:
    def plain(_: Any) -> Any:
        ends = (plain_optimal_orbit(TRUTH, start, ETA, STEPS)[-1][0] for start in STARTS)
        return max(plain_distance(TRUTH, tuple(map(float, means))) for means in ends)

    return measured(
        q_far < Rational(1, 100), {q_far: _farthest()}, {q_far: plain}, kind="simulated:mpmath"
    )


def _slopes() -> tuple[Any, Any]:
    """Over m in [2/5, 3/5], x in [1, 11/10]: the least h, and the sign of dF/dm at x = 11/10."""
    gan, m, x = game(), Symbol("m", real=True), Symbol("x", real=True)
    two = sp.expand(gan.generator.pdf(x).subs({gan.mu[0]: -m, gan.mu[1]: m}))
    height, tilt = normal_pdf(x - m) - normal_pdf(x + m), sp.diff(two, m)
    with load_flint().ctx.workprec(BITS):
        arb = load_flint().arb
        values = in_balls((x, m), [height, tilt])
        means = [arb(0.4 + (k + 0.5) / 80, 1 / 156) for k in range(16)]
        ends = [arb(1 + (k + 0.5) / 80, 1 / 156) for k in range(8)]
        least = min(below(values(z, m)[0]) for z in ends for m in means)
        return least, min(below(values(arb(11) / 10, m)[1]) for m in means)


@claim(
    "gmm.thm3-1.step",
    source="theorem 3.1, its step taken literally",
    printed=r"\eta = \text{poly}(1/\delta, e^{-C^2})",
    formal=r"\frac{h^2}{40} \le \frac{1}{10000}",
    says="the step may be a polynomial in 1/delta and e^(-C^2): it then does not "
    "fall with delta, and an eta_0 > 0, say 1/10, is kept while delta falls, to 1/10000 (a growing "
    "one throws the means out to where gradients vanish). On means (-m, m), true "
    "ones -1/2, 1/2, a mean moves by eta h/2, and f(m) >= h |m - 1/2|, h the least slope on |m - "
    "1/2| <= 1/10; so f >= eta h^2/4 at one of any two successive steps, while the theorem, for "
    "all initial points, has delta at T from the start and from its image",
    expect=Verdict.REFUTED,
    amended=r"h > \frac{17}{100}, g > 0",
    repair="write eta = poly(delta, e^(-C^2)): total variation at most delta at T and at T + 1 "
    "demands eta <= 4 delta/h^2 in this example; with h > 17/100, eta < 140 delta",
)
def step() -> Examination:
    least, tilt = _slopes()

    def slope(m: Any) -> Any:
        """h at m: F's positive zero by bisection."""
        near = m + mpmath.mpf(10) ** -20
        low, high = mpmath.mpf(0), mpmath.mpf(8)
        for _ in range(80):
            middle = (low + high) / 2
            positive = gap(middle, (-m, m), (-near, near)) > 0
            low, high = (middle, high) if positive else (low, middle)
        return phi(low - m) - phi(low + m)

    def plain_tilt(m: Any) -> Any:
        z = mpmath.mpf(11) / 10
        return mpmath.diff(lambda y: (phi(z - y) + phi(z + y)) / 2, m)

    grid = [mpmath.mpf(k) / 100 for k in range(40, 61, 2)]
    numbers = {
        q_least: lambda _: min(map(slope, grid)),
        q_slope: lambda _: min(map(plain_tilt, grid)),
    }
    steps = (
        Step(
            "dF/dm < 0 at x = 1, as tanh m < m, and > 0 at 11/10 (g): the zero of F lies between, "
            "at a mean between m and 1/2; F = -(m - 1/2) dG/dm at that mean"
        ),
        Step("a polynomial in 1/delta with a limit for delta -> 0 is constant"),
    )
    return measured(
        q_least**2 / 40 <= Rational(1, 10000),
        {q_least: least, q_slope: tilt},
        numbers,
        (),
        *steps,
        kind="bisected:mpmath",
        amendment=sp.And(q_least > Rational(17, 100), q_slope > 0, evaluate=False),
    )


@claim(
    "gmm.thm3-1.time",
    source="theorem 3.1, its time taken literally",
    printed=r"T = \text{poly}(1/\delta, e^{-C^2})",
    formal=r"d \le K",
    says="for fixed delta the time stays bounded as C grows, as polynomials in "
    "1/delta and e^(-C^2) do (by K; eta stays bounded, too): fewer than d steps do not lead from "
    "means (-C, -C + delta) to within total variation delta <= 1/4 of (C - delta, C)",
    expect=Verdict.REFUTED,
    amended=r"d = \frac{2 (2C - 3) \sqrt{2\pi}}{\eta}",
    repair="write T = poly(1/delta, e^(C^2)): no step moves a mean by more than eta phi(0)/2 "
    "(gmm.fig1c.step-to-step), and one has to pass C - delta - 2, or the event (C - delta - 1, oo) "
    "tells the two apart by 2 Phi(1) - 1 > 2/3; it even grows exponentially in C^2 "
    "(gmm.thm3-1.necessary)",
)
def time() -> Examination:
    z = Symbol("z", positive=True)
    most = sp.integrate(z * normal_pdf(z), (z, 0, sp.oo)) / 2
    exact = {q_far: sp.simplify((2 * C - 3) / (eta * most))}

    def least(p: Any) -> Any:
        fastest = mpmath.quad(lambda y: y * phi(y), [0, 4, 12, 40]) / 2
        return (2 * p["C"] - 3) / (p["eta"] * fastest)

    points = ({C: 3, eta: Rational(1, 10), K: 1}, {C: 9, eta: Rational(1, 3), K: 5})
    return measured(
        q_far <= K,
        exact,
        {q_far: least},
        points,
        kind="integrated:mpmath",
        amendment=eq(q_far, 2 * (2 * C - 3) * sp.sqrt(2 * sp.pi) / eta),
    )


@claim(
    "gmm.thm3-1.scale",
    source="below theorem 3.1: 'The dependence on e^(-C^2) is necessary, as ... the initial "
    "gradients will necessarily be of this scale'",
    formal=r"g \le e^{-C^2}",
    says="far apart the initial gradients are of the size e^(-C^2) itself: g is |dL/dmu_1| at "
    "means (-C, -C + delta) against (C - delta, C) (that some power of e^(-C^2) is needed is "
    "right: gmm.thm3-1.necessary)",
    expect=Verdict.REFUTED,
    amended=r"g = \frac{1}{2\sqrt{2\pi}} e^{-C^2/2}, F = 0",
    repair="write e^(-C^2/2): by symmetry F is odd and changes sign at 0 only (Descartes), D is "
    "[0, oo), and g = phi(C)/2; the other mean's is phi(C - delta)/2. That they are small and make "
    "the time grow is right, the power is not; at a distance d apart it is e^(-d^2/8)",
)
def scale() -> Examination:
    gan, x = game(), Symbol("x", real=True)
    middle = Symbol("F", real=True)
    (l1, l2), (r1, r2) = gan.left, gan.right
    slope = sp.diff(gan.L, gan.mu[0]).subs({r1: x, l1: 0, l2: 0, r2: 0}).limit(x, sp.oo)
    names = (*gan.truth.means, *gan.mu)
    far = dict(zip(names, (C - delta, C, -C, -C + delta), strict=True))
    exact = {
        q_slope: -slope.subs(gan.mu[0], -C),
        middle: sp.simplify(gan.F(x).subs(far).subs(x, 0)),
    }

    def payoff_slope(p: Any) -> Any:
        return -mpmath.diff(lambda m: -(1 - mpmath.ncdf(-m)) / 2, -p["C"])

    def at_zero(p: Any) -> Any:
        c, d = p["C"], p.get("delta", mpmath.mpf(1) / 10)
        return gap(mpmath.mpf(0), (c - d, c), (-c, -c + d))

    amendment = sp.And(
        eq(q_slope, sp.exp(-(C**2) / 2) / (2 * sp.sqrt(2 * sp.pi))),
        eq(middle, 0 * C),
        evaluate=False,
    )
    return measured(
        q_slope <= sp.exp(-(C**2)),
        exact,
        {q_slope: payoff_slope, middle: at_zero},
        ({C: 2}, {C: 5}),
        amendment=amendment,
        kind="differentiated:mpmath",
    )


@claim(
    "gmm.thm3-1.how-far-apart",
    source="below theorem 3.1: 'where C is a bound on how far apart the mu* and mu-hat are'",
    formal=r"D \le C",
    says="theorem 3.1's C bounds how far a true mean and a generator's mean are apart (D, the "
    "largest such distance that it allows)",
    expect=Verdict.REFUTED,
    amended=r"D = 2C",
    repair="say 'how far the means are from 0', or 'half a bound': they may be at C and -C. By the "
    "same token delta <= 2 C is needed for any means with |mu_1 - mu_2| >= delta",
)
def far_apart() -> Examination:
    x, y = sp.symbols("x y", real=True)
    corners = [(x - y).subs({x: s * C, y: t * C}) for s in (-1, 1) for t in (-1, 1)]
    exact = {q_size: sp.Max(*corners)}

    def largest(p: Any) -> Any:
        places = [p["C"] * k / 4 for k in range(-4, 5)]
        return max(abs(u - v) for u in places for v in places)

    return measured(
        q_size <= C, exact, {q_size: largest}, ({C: 1}, {C: 3}), amendment=eq(q_size, 2 * C)
    )
