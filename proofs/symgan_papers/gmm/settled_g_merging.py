r"""Settled: how two means merge, how fast, and what makes them.

Both means move by the same function, :math:`\mu_j' = P'(\mu_j)/2`, where P(m) is the probability
of the discriminator's set under N(m, 1): they climb one hill.
"""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Verdict, claim, eq
from symgan.games.mixture import mixture_gan, normal_cdf, normal_pdf
from symgan_papers.gmm.model_settled import (
    HALF,
    OURS,
    Place,
    below,
    examined,
    m,
    one_mode,
    plain_field,
    slope,
    two_modes,
)

MERGE = OURS + ", to 'the two generators collapse into a single generator'"
eta = Symbol("eta", positive=True)
y = Symbol("y", real=True)


def plain_ends(s: Place) -> tuple[tuple[Any, Any], ...]:
    return ((s["l1"], s["r1"]), (s["l2"], s["r2"]))


def plain_mass(s: Place, center: Any) -> Any:
    """P(m), from the error function."""
    return mpmath.fsum(below(r - center) - below(left - center) for left, r in plain_ends(s))


def hill() -> Any:
    """P(m) from the generator's part of the payoff, with both means at m."""
    gan = two_modes()
    zero = gan.L.subs(dict.fromkeys(gan.mu, m))
    return -(zero - 1) + sp.Add(
        *(gan.truth.cdf(r) - gan.truth.cdf(el) for el, r in zip(gan.left, gan.right, strict=True))
    )


@claim(
    "gmm.settled.merging.hill",
    source=MERGE,
    formal=r"V = \frac{1}{2} P_1",
    says="with P(m) the probability of the discriminator's set under N(m, 1), each mean of the "
    "generator moves with half the slope of P at its own place (V and P_1 at mu_1): both climb "
    "the same hill, whatever the truth is; the truth acts through the ends alone",
    expect=Verdict.PROVED,
)
def climbs() -> Examination:
    names = sp.symbols("V P_1", real=True)
    gan = two_modes()
    mean = gan.mu[0]
    exact = {names[0]: gan.game.flow().rhs[0], names[1]: sp.diff(hill(), m).subs(m, mean)}

    def moved(s: Place) -> Any:
        state = (s["mu1"], s["mu2"], s["l1"], s["l2"], s["r1"], s["r2"])
        return plain_field((-1, 1), state)[0]

    def climbed(s: Place) -> Any:
        return slope(lambda u: plain_mass(s, u), [s["mu1"]], 0)

    (l1, l2), (r1, r2), second = gan.left, gan.right, gan.mu[1]
    points = ({mean: 0, second: 1, l1: -1, r1: HALF, l2: 1, r2: 3},)
    return examined(eq(names[0], names[1] / 2), exact, {names[0]: moved, names[1]: climbed}, points)


@claim(
    "gmm.settled.merging.factor",
    source=MERGE,
    formal=r"q = 1 + \frac{\eta}{2} P_2",
    says="near equal means m a step multiplies their distance by q, P_2 = P''(m): they merge where "
    "P is concave (exponentially, at the rate -P_2/2 in the flow), and separate where it is "
    "convex. Between distinct means the factor is 1 + eta/2 times a value of P'' between them",
    expect=Verdict.PROVED,
)
def factor() -> Examination:
    names = sp.symbols("q P_2", real=True)
    gan = two_modes()
    first, second = gan.mu
    rhs = gan.game.flow().rhs
    apart = first - second + eta * (rhs[0] - rhs[1])
    exact = {
        names[0]: sp.diff(apart, first).subs({first: m, second: m}),
        names[1]: sp.diff(hill(), m, 2),
    }

    def measured(s: Place) -> Any:
        def distance(u: Any) -> Any:
            state = (s["m"] + u, s["m"] - u, s["l1"], s["l2"], s["r1"], s["r2"])
            field = plain_field((-1, 1), state)
            return 2 * u + s["eta"] * (field[0] - field[1])

        return slope(distance, [mpmath.mpf(0)], 0) / 2

    def curved(s: Place) -> Any:
        return slope(lambda v: slope(lambda u: plain_mass(s, u), [v], 0), [s["m"]], 0)

    (l1, l2), (r1, r2) = gan.left, gan.right
    points = ({m: 0, l1: -1, r1: HALF, l2: 1, r2: 3, eta: Rational(3, 10)},)
    return examined(
        eq(names[0], 1 + eta * names[1] / 2),
        exact,
        {names[0]: measured, names[1]: curved},
        points,
    )


@claim(
    "gmm.settled.merging.range",
    source=MERGE,
    formal=r"B = \sqrt{\frac{2}{\pi}} e^{-\frac{1}{2}}",
    says="how fast at most: P'' is a sum of rises of -y phi(y), y = x - m, whose slope is S = (y^2 "
    "- 1) phi(y): it falls on [-1, 1] and rises outside, by 2 phi(1) = B in all each way. So |P''| "
    "<= B for any number of intervals that do not overlap (l_1 <= r_1 <= l_2 <= ...): a step of "
    "0.3 changes the distance by at most 7.3 per cent. Both bounds are sharp: the interval [m - 1, "
    "m + 1] merges, its complement separates. For steps below 2/B = sqrt(2 pi e) = 4.13 the means "
    "never meet and never pass each other",
    expect=Verdict.PROVED,
)
def spread() -> Examination:
    names = sp.symbols("B S C", real=True)
    gan = one_mode()
    low, high = gan.left[0], gan.right[0]
    mean = gan.mu[0]
    bend = sp.diff(gan.L, mean, 2)
    at = {mean: m, low: m - 1, high: m + 1}
    outside = sp.limit(bend.subs(mean, m).subs({low: m - y, high: m - 1}), y, sp.oo)
    rise = sp.diff(-y * normal_pdf(y), y)
    exact = {names[0]: bend.subs(at), names[1]: rise, names[2]: 2 * outside}

    def curvature(ends: Any) -> Any:
        def of(s: Place) -> Any:
            def mass(u: Any) -> Any:
                return mpmath.fsum(below(r - u) - below(left - u) for left, r in ends(s["m"]))

            return -slope(lambda v: slope(mass, [v], 0), [s["m"]], 0)

        return of

    numbers = {
        names[0]: curvature(lambda c: ((c - 1, c + 1),)),
        names[1]: lambda s: mpmath.diff(below, s["y"], 3),
        names[2]: curvature(lambda c: ((c - 60, c - 1), (c + 1, c + 60))),
    }
    statement = sp.And(
        eq(names[0], sp.sqrt(2 / sp.pi) * sp.exp(-HALF)),
        eq(names[1], (y**2 - 1) * normal_pdf(y)),
        eq(names[2], -sp.sqrt(2 / sp.pi) * sp.exp(-HALF)),
    )
    points = ({m: 0, y: 2}, {m: 1, y: Rational(1, 3)})
    return examined(statement, exact, numbers, points)


@claim(
    "gmm.settled.merging.one-interval",
    source=MERGE + "; to 'discriminator collapse'",
    formal=r"q = e^{-2 h u}",
    says="one interval merges everything: for [c - h, c + h] the hill P has its top at c and no "
    "other point of rest, since on a mean at c - u, u > 0, the pull of the left end is q < 1 times "
    "that of the right end, and the other way about for u < 0. So if one of the two intervals has "
    "collapsed and the other stands still, all means run to its middle: discriminator collapse "
    "makes mode collapse, whatever the truth",
    expect=Verdict.PROVED,
)
def one_interval() -> Examination:
    ratio, c = Symbol("q", positive=True), Symbol("c", real=True)
    h, u = sp.symbols("h u", positive=True)
    gan = one_mode()
    low, high = gan.left[0], gan.right[0]
    pull = gan.gradient()[0].subs(gan.mu[0], c - u)
    of_right, of_left = pull.subs(low, -sp.oo), -pull.subs(high, sp.oo)
    exact = {ratio: of_right.subs(high, c + h) / of_left.subs(low, c - h)}

    def measured(s: Place) -> Any:
        right, left = (slope(below, [sign * s["h"] + s["u"]], 0) for sign in (1, -1))
        return right / left

    return examined(
        eq(ratio, sp.exp(-2 * h * u)),
        exact,
        {ratio: measured},
        ({c: 1, h: 1, u: 2}, {c: 0, h: Rational(1, 3), u: HALF}),
    )


@claim(
    "gmm.settled.merging.rate",
    source=MERGE,
    formal=r"R = h \varphi(h)",
    says="there each mean approaches the middle exponentially at the rate R, h being half the "
    "width: at most phi(1) = 0.242, for h = 1",
    expect=Verdict.PROVED,
)
def rate() -> Examination:
    value, h = Symbol("R", real=True), Symbol("h", positive=True)
    gan = mixture_gan(intervals=1)
    mean = gan.mu[0]
    at = {gan.left[0]: -h, gan.right[0]: h}
    exact = {value: -sp.diff(gan.game.flow().rhs[0], mean).subs(mean, 0).subs(at)}

    def measured(s: Place) -> Any:
        def pull(u: Any) -> Any:
            return plain_field((-1, 1), (u, 5, -s["h"], s["h"]))[0]

        return -slope(pull, [mpmath.mpf(0)], 0)

    return examined(
        eq(value, h * normal_pdf(h)), exact, {value: measured}, ({h: 1}, {h: Rational(1, 3)})
    )


@claim(
    "gmm.settled.merging.mean-inside",
    source=MERGE,
    formal=r"P = \Phi(h - m) + \Phi(h + m) - 1",
    says="the hill of a symmetric discriminator [-h, h]: P has its only maximum at 0, while the "
    "two outer half-lines, with 1 - P, have their only minimum there; those, held fixed, "
    "drive means on either side of 0 apart without bound. They are optimal for both means at 0: "
    "what leaves these where they are drives any on either side of 0 apart",
    expect=Verdict.PROVED,
)
def inside() -> Examination:
    mass, h = Symbol("P", real=True), Symbol("h", positive=True)
    gan = one_mode()
    at = {gan.left[0]: -h, gan.right[0]: h, gan.mu[0]: m}
    true = normal_cdf(h) - normal_cdf(-h)
    exact = {mass: sp.expand(1 + true - gan.L.subs(at))}

    def measured(s: Place) -> Any:
        density = lambda u: slope(below, [u - s["m"]], 0)  # noqa: E731
        return mpmath.quad(density, [-s["h"], 0, s["h"]], maxdegree=4)

    return examined(
        eq(mass, normal_cdf(h - m) + normal_cdf(h + m) - 1),
        exact,
        {mass: measured},
        ({h: 1, m: 0}, {h: 2, m: Rational(1, 3)}),
        kind="quadrature:mpmath",
        digits=12,
    )
