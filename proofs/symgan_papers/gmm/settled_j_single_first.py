r"""Settled: a single Gaussian under first order dynamics with one interval.

The truth is N(0, 1). The ordered equilibria are mu = 0 with the middle of the interval at 0; mu = 0
with an empty interval anywhere; and any other mu with an empty interval at mu/2, the zero of F.
"""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Step, Verdict, claim, eq
from symgan.games.mixture import normal_pdf
from symgan_papers.gmm.model_section5 import in_doubt
from symgan_papers.gmm.model_settled import (
    HALF,
    OURS,
    Place,
    a,
    examined,
    one_mode,
    plain_field,
    plain_jacobian,
    two_modes,
)
from symgan_papers.gmm.settled_e_stability import coefficients
from symgan_papers.gmm.settled_f_single import plain_variation

SINGLE = OURS + ", to section 2.2: 'simple GAN dynamics always converge' for single Gaussians"
h, d = sp.symbols("h d", positive=True)
mu, low, high = sp.symbols("mu l r", real=True)


def polynomial(at: tuple[Any, Any, Any]) -> list[Any]:
    """The coefficients behind s^3 of the characteristic polynomial at (mu, l, r)."""
    gan = one_mode()
    state = dict(zip((gan.mu[0], gan.left[0], gan.right[0]), at, strict=True))
    J = gan.game.flow().jacobian().subs(state)
    return [sp.expand(c) for c in J.charpoly(Symbol("s")).all_coeffs()[1:]]


def plain_polynomial(state: tuple[Any, Any, Any]) -> list[Any]:
    return coefficients(plain_jacobian((0,), state, modes=1))[1:]


@claim(
    "gmm.settled.single.first-order.attracts",
    source=SINGLE,
    formal=r"c_1 = 2 h \varphi(h)",
    says="the true mean with the interval [-h, h]: the characteristic polynomial is s (s^2 + c_1 s "
    "+ c_2), c_2 = c_1^2/2 (c_3 = 0 belongs to the curve of equilibria), so that its roots are h "
    "phi(h) (-1 +- i): exponentially stable modulo equilibria for every h > 0, under equal steps "
    "below 1/(h phi(h)), which is sqrt(2 pi e) = 4.13 at least",
    expect=Verdict.PROVED,
)
def attracts() -> Examination:
    names = sp.symbols("c_1 c_2 c_3", real=True)
    exact = dict(zip(names, polynomial((0, -h, h)), strict=True))

    def part(k: int) -> Any:
        return lambda s: plain_polynomial((mpmath.mpf(0), -s["h"], s["h"]))[k]

    statement = sp.And(
        eq(names[0], 2 * h * normal_pdf(h)),
        eq(names[1], names[0] ** 2 / 2),
        eq(names[2], 0 * h),
    )
    points = ({h: 1}, {h: Rational(1, 3)})
    return examined(statement, exact, {name: part(k) for k, name in enumerate(names)}, points)


@claim(
    "gmm.settled.single.first-order.saddle",
    source=SINGLE,
    formal=r"c_2 = -\frac{d^2}{2} \varphi(\frac{d}{2})^2",
    says="an empty interval at the zero d/2 of F, the mean at d: the state rests, for every d, and "
    "its characteristic polynomial is s^3 + c_2 s (c_1 = c_3 = 0) with c_2 < 0: a saddle, left at "
    "the rate d phi(d/2)/sqrt 2",
    expect=Verdict.PROVED,
)
def saddle() -> Examination:
    names = sp.symbols("c_1 c_2 c_3", real=True)
    exact = dict(zip(names, polynomial((d, d / 2, d / 2)), strict=True))

    def part(k: int) -> Any:
        return lambda s: plain_polynomial((s["d"], s["d"] / 2, s["d"] / 2))[k]

    statement = sp.And(
        eq(names[0], 0 * d),
        eq(names[1], -(d**2) / 2 * normal_pdf(d / 2) ** 2),
        eq(names[2], 0 * d),
    )
    points = ({d: 1}, {d: 3})
    return examined(statement, exact, {name: part(k) for k, name in enumerate(names)}, points)


@claim(
    "gmm.settled.single.first-order.always",
    source="section 2.2: simple GAN dynamics always converge for single Gaussians",
    formal=r"f = 0",
    says="read as: the first order dynamics with one interval converge to the truth from every "
    "start. The start with the mean at d and an empty interval at d/2 rests (A = B = C = 0), at "
    "the total variation f",
    expect=Verdict.REFUTED,
    amended=r"f = \mathrm{erf}(\frac{d}{2 \sqrt{2}})",
    repair="say locally (gmm.settled.single.first-order.attracts), or with an optimal "
    "discriminator in continuous time (gmm.settled.single.flow); 'almost always' would not do: an "
    "open set of starts runs away (gmm.settled.single.first-order.runaway, reached from ordered "
    "ends in gmm.settled.single.first-order.runaway.from-ordered)",
)
def always() -> Examination:
    names = sp.symbols("f A B C", real=True)
    gan = one_mode()
    at = {gan.mu[0]: d, gan.left[0]: d / 2, gan.right[0]: d / 2}
    best = {gan.mu[0]: d, gan.left[0]: -sp.oo, gan.right[0]: d / 2}
    rates = [rate.subs(at) for rate in gan.game.flow().rhs]
    exact = dict(zip(names, (gan.L.subs(best) - 1, *rates), strict=True))

    def moved(k: int) -> Any:
        return lambda s: plain_field((0,), (s["d"], s["d"] / 2, s["d"] / 2), modes=1)[k]

    numbers = {names[0]: lambda s: plain_variation(s["d"])}
    numbers |= {name: moved(k) for k, name in enumerate(names[1:])}
    amendment = sp.And(
        eq(names[0], sp.erf(d / (2 * sp.sqrt(2)))), *(eq(name, 0 * d) for name in names[1:])
    )
    return examined(eq(names[0], 0 * d), exact, numbers, ({d: 1}, {d: 3}), amendment=amendment)


@claim(
    "gmm.settled.single.first-order.runaway",
    source=SINGLE,
    formal=r"D = \varphi(r - \mu) - \varphi(l)",
    says="with crossed ends, which (10) and (11) allow, the generator can run away: D is the rate "
    "of l - mu. If mu >= 10, |l - mu| <= 1 and 0 <= r <= 4 at some time, then from there on the "
    "mean moves at more than phi(2) - phi(6) > 0.05, and r stays below 4 + 0.0002 t (beyond 4 it "
    "moves at less than phi(4)), so that |D| stays below phi(6 + 0.049 t) + phi(8 + 0.05 t), whose "
    "integral is below 10^-6: the left end goes with the mean for ever, and the total variation "
    "tends to 1. These starts hold an open set",
    expect=Verdict.PROVED,
)
def runaway() -> Examination:
    rate = Symbol("D", real=True)
    gan = one_mode()
    state = dict(zip((gan.mu[0], gan.left[0], gan.right[0]), (mu, low, high), strict=True))
    field = gan.game.flow().rhs
    exact = {rate: (field[1] - field[0]).subs(state)}

    def measured(s: Place) -> Any:
        found = plain_field((0,), (s["mu"], s["l"], s["r"]), modes=1)
        return found[1] - found[0]

    points = ({mu: 2, low: 1, high: HALF}, {mu: -1, low: 0, high: 3})
    return examined(
        eq(rate, normal_pdf(high - mu) - normal_pdf(low)),
        exact,
        {rate: measured},
        points,
        Step("mu' = phi(l - mu) - phi(r - mu), l' = phi(l - mu) - phi(l)"),
    )


def orbit(start: tuple[Any, Any, Any], steps: int, eta: Any) -> tuple[Any, Any, Any]:
    """Steps of (9)-(11) with thirty digits."""
    with mpmath.workdps(30):
        scale = 1 / mpmath.sqrt(2 * mpmath.pi)

        def bell(y: Any) -> Any:
            return scale * mpmath.exp(-y * y / 2)

        mean, left, right = (mpmath.mpf(v.p) / v.q for v in start)
        pace = mpmath.mpf(eta.p) / eta.q
        for _ in range(steps):
            at_left, at_right = bell(left - mean), bell(right - mean)
            mean, left, right = (
                mean - pace * (at_right - at_left),
                left - pace * (bell(left) - at_left),
                right + pace * (bell(right) - at_right),
            )
        return mean, left, right


@claim(
    "gmm.settled.single.first-order.runaway.from-ordered",
    source=SINGLE,
    formal=r"164 < m < 165",
    says="ordered ends lead there: from the mean 2 and the interval [7/5, 17/10] the mean is "
    "beyond 164 after 3000 steps of 0.3 (m), with r < l",
    expect=Verdict.CHECKED,
    reason="one orbit with thirty digits, not enclosed; it enters the set of "
    "gmm.settled.single.first-order.runaway",
)
def from_ordered() -> Examination:
    mean = Symbol("m", real=True)
    start = (sp.Integer(2), Rational(7, 5), Rational(17, 10))
    return in_doubt(
        sp.And(mean > 164, mean < 165),
        {mean: lambda: orbit(start, 3000, Rational(3, 10))[0]},
        kind="simulated:mpmath",
    )


@claim(
    "gmm.settled.first-order.runaway",
    source=OURS + ", to section 5: runs that fail",
    formal=r"D = \frac{1}{2} (\varphi(r_1 - \mu_1) + \varphi(r_2 - \mu_1) - \varphi(l_2 - \mu_1) + "
    r"\varphi(l_1 - \mu_2) - \varphi(l_1 + a) - \varphi(l_1 - a))",
    says="the same with two modes: D is the rate of l_1 - mu_1, in which nothing is left of their "
    "own attraction. Where l_1 and mu_1 are together and far to the right of all else, D is "
    "negligible, and they move right at nearly phi(l_1 - mu_1)/2 without end, as in "
    "gmm.settled.single.first-order.runaway: one mode is lost for ever",
    expect=Verdict.PROVED,
)
def runaway_two() -> Examination:
    rate = Symbol("D", real=True)
    gan = two_modes()
    field = dict(zip(gan.state, gan.game.flow().rhs, strict=True))
    (l1, l2), (r1, r2), (m1, m2) = gan.left, gan.right, gan.mu
    exact = {rate: field[l1] - field[m1]}

    def measured(s: Place) -> Any:
        state = [s[name] for name in ("mu1", "mu2", "l1", "l2", "r1", "r2")]
        found = plain_field((-s["a"], s["a"]), state)
        return found[2] - found[0]

    total = normal_pdf(r1 - m1) + normal_pdf(r2 - m1) - normal_pdf(l2 - m1)
    total += normal_pdf(l1 - m2) - normal_pdf(l1 + a) - normal_pdf(l1 - a)
    points = ({a: HALF, m1: 2, m2: 0, l1: 1, l2: 0, r1: -1, r2: HALF},)
    return examined(eq(rate, total / 2), exact, {rate: measured}, points)
