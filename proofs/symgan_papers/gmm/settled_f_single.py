r"""Settled: a single Gaussian with an optimal discriminator, flow and steps.

The truth is N(0, 1), the generator N(d, 1). F changes its sign once, at d/2: the optimal
discriminator is the half-line on the truth's side, and mu descends the total variation.
"""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Verdict, claim, eq
from symgan.games.mixture import normal_pdf
from symgan_papers.gmm.model_settled import (
    OURS,
    Place,
    difference,
    examined,
    one_mode,
    plain_payoff,
    slope,
    x,
)

SINGLE = OURS + ", to section 2.2: 'simple GAN dynamics always converge' for single Gaussians"
d, eta = sp.symbols("d eta", positive=True)
c, y = sp.symbols("c y", positive=True)
FAR = 50


def pull() -> Any:
    """The slope of L in mu at the optimal discriminator, for mu = d > 0."""
    gan = one_mode()
    gradient = gan.gradient()[0].subs({gan.left[0]: -sp.oo, gan.right[0]: d / 2})
    return gradient.subs(gan.mu[0], d)


def measured_pull(distance: Any) -> Any:
    """The slope of the total variation in the distance, by quotients."""
    return slope(plain_variation, [mpmath.mpf(distance)], 0)


def plain_variation(distance: Any) -> Any:
    """The payoff of the half-line below the middle, less 1."""
    ends = ((-mpmath.mpf(FAR), distance / 2),)
    return plain_payoff((0,), (distance,), ends) - 1


@claim(
    "gmm.settled.single.optimal",
    source=SINGLE,
    formal=r"f = \mathrm{erf}(\frac{d}{2 \sqrt{2}})",
    says="Q, twice the logarithm of the ratio of the true to the generated density, falls linearly "
    "through 0 at d/2: F changes its sign there and nowhere else, so that the half-line below d/2 "
    "is optimal among all discriminators; the total variation is f, its slope, which moves mu, is "
    "g = phi(d/2)",
    expect=Verdict.PROVED,
)
def optimal() -> Examination:
    names = sp.symbols("f g Q", real=True)
    gan = one_mode()
    at = {gan.mu[0]: d, gan.left[0]: -sp.oo, gan.right[0]: d / 2}
    payoff = sp.expand_func(gan.L.subs(at))
    ratio = sp.log(gan.truth.pdf(x) / gan.generator.pdf(x).subs(gan.mu[0], d))
    exact = {
        names[0]: payoff - 1,
        names[1]: pull(),
        names[2]: 2 * sp.expand(sp.expand_log(sp.logcombine(ratio, force=True), force=True)),
    }

    def density(center: Any) -> Any:
        return difference((center,), (10**3,))

    def log_ratio(s: Place) -> Any:
        return 2 * mpmath.log(density(0)(s["x"]) / density(s["d"])(s["x"]))

    numbers = {
        names[0]: lambda s: plain_variation(s["d"]),
        names[1]: lambda s: measured_pull(s["d"]),
        names[2]: log_ratio,
    }
    statement = sp.And(
        eq(names[0], sp.erf(d / (2 * sp.sqrt(2)))),
        eq(names[1], normal_pdf(d / 2)),
        eq(names[2], 2 * d * (d / 2 - x)),
    )
    points = ({d: 1, x: 2}, {d: 3, x: -1})
    return examined(statement, exact, numbers, points)


@claim(
    "gmm.settled.single.flow",
    source=SINGLE,
    formal=r"T_1 = \sqrt{2 \pi} e^{\frac{d^2}{8}}",
    says="the flow with an optimal discriminator, d' = -phi(d/2), reaches the truth from the "
    "distance d in the finite time T = 2 pi erfi(d/(2 sqrt 2)): it always converges. T_1 is the "
    "time for a unit of distance, U the slope of that T, which vanishes at d = 0. T grows "
    "exponentially in the squared distance, like e^{d^2/8}/d",
    expect=Verdict.PROVED,
)
def flow() -> Examination:
    names = sp.symbols("T_1 U", positive=True)
    time = 2 * sp.pi * sp.erfi(d / (2 * sp.sqrt(2)))
    exact = {names[0]: 1 / pull(), names[1]: sp.diff(time, d)}

    def plain_time(u: Any) -> Any:
        return 2 * mpmath.pi * mpmath.erfi(u / mpmath.sqrt(8))

    numbers = {
        names[0]: lambda s: 1 / measured_pull(s["d"]),
        names[1]: lambda s: slope(plain_time, [s["d"]], 0),
    }
    pace = sp.sqrt(2 * sp.pi) * sp.exp(d**2 / 8)
    statement = sp.And(*(eq(name, pace) for name in names))
    return examined(statement, exact, numbers, ({d: 1}, {d: 3}))


@claim(
    "gmm.settled.single.steps",
    source=SINGLE,
    formal=r"q = 1 + \frac{\eta d}{4} \varphi(\frac{d}{2})",
    says="steps with an optimal discriminator, d -> d - eta phi(d/2) (mirrored for d < 0). From "
    "every start they enter |d| <= eta phi(0) in finitely many steps and stay: there the next d "
    "is between -eta phi(0) and d. They converge iff they hit the truth exactly, which only "
    "countably many starts do: moves keep a size of eta phi(eta phi(0)/2) at least. The slope q "
    "of the map exceeds 1 on both sides of the truth, so that every periodic orbit repels. The "
    "total variation ends below eta/(2 pi): it is at most phi(0) d (at 0 its slope G is phi(0), "
    "and it falls with d)",
    expect=Verdict.PROVED,
)
def steps() -> Examination:
    names = sp.symbols("q G", real=True)
    exact = {names[0]: sp.diff(d - eta * pull(), d), names[1]: pull().subs(d, 0)}
    numbers = {
        names[0]: lambda s: slope(lambda u: u - s["eta"] * measured_pull(u), [s["d"]], 0),
        names[1]: lambda s: measured_pull(0),
    }
    statement = sp.And(
        eq(names[0], 1 + eta * d / 4 * normal_pdf(d / 2)),
        eq(names[1], 1 / sp.sqrt(2 * sp.pi)),
    )
    points = ({d: 1, eta: Rational(3, 10)}, {d: Rational(1, 9), eta: 2})
    return examined(statement, exact, numbers, points)


@claim(
    "gmm.settled.single.cycle",
    source=SINGLE,
    formal=r"D = -c",
    says="the only orbits of period two are {c, -c} with 2 c = eta phi(c/2), one for each step: D "
    "is where c goes (eta eliminated). The two moves of such an orbit are equal and opposite, "
    "phi(d/2) has the same value at both points, and so they are c and -c; c rises with eta",
    expect=Verdict.PROVED,
)
def cycle() -> Examination:
    image = Symbol("D", real=True)
    moved = c - eta * pull().subs(d, c)
    exact = {image: moved.subs(eta, 2 * c / normal_pdf(c / 2))}

    def measured(s: Place) -> Any:
        step = 2 * s["c"] / measured_pull(s["c"])
        return s["c"] - step * measured_pull(s["c"])

    return examined(eq(image, -c), exact, {image: measured}, ({c: 1}, {c: Rational(1, 7)}))
