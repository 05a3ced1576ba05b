r"""Section 3.1: discriminator collapse, when it happens and how fast."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Integer, Rational, Symbol

from symgan.certify.ball import load_flint
from symgan.claims import Examination, Step, Verdict, claim, eq
from symgan_papers.gmm.model_front import (
    BITS,
    Setup,
    below,
    gap,
    measured,
    mixture_density,
    orbit,
    plain_orbit,
)
from symgan_papers.gmm.model_front_rates import (
    HALF,
    PLACE,
    eta,
    gan,
    images,
    l1,
    means_at,
    mu1,
    mu2,
    r1,
    slope_of_payoff,
    truth_at,
    x,
)

q_f_l, q_f_r, q_f_x, q_f_y, q_width, q_rate = sp.symbols("F_l F_r F_x F_y w v", real=True)
KIND = "simulated:float64"


@claim(
    "gmm.collapse.whenever.fixed-generator",
    source="section 3.1: 'This happens whenever this interval lies entirely in a region ...'",
    formal=r"w = r_1 - l_1 + \eta (F_l + F_r)",
    says="with the generator held fixed: an update changes an interval's width by eta (F(l) + "
    "F(r)); where F <= -e on the interval it shrinks by at least 2 eta e an update (2 e in "
    "continuous time) and, its ends moving inward, stays there, so that its width reaches 0 within "
    "w_0/(2 e)",
    expect=Verdict.PROVED,
)
def shrinks() -> Examination:
    new = images()
    exact = {q_width: new[r1] - new[l1], q_f_l: gan.F(l1), q_f_r: gan.F(r1)}
    numbers = {
        q_width: lambda p: (
            p["r1"]
            - p["l1"]
            + p["eta"] * (slope_of_payoff(p, p["r1"]) + slope_of_payoff(p, p["l1"]))
        ),
        q_f_l: lambda p: gap(p["l1"], truth_at(p), means_at(p)),
        q_f_r: lambda p: gap(p["r1"], truth_at(p), means_at(p)),
    }
    points = (
        PLACE | {l1: -1, r1: Rational(1, 5), eta: Rational(3, 10)},
        PLACE | {l1: 1, r1: 2, eta: HALF},
    )
    return measured(eq(q_width, r1 - l1 + eta * (q_f_l + q_f_r)), exact, numbers, points)


STAYING = Setup(
    (-HALF, HALF),
    (-Rational(1, 10), -Rational(9, 5)),
    (-Rational(7, 2), Integer(-2)),
    (Integer(-3), Rational(9, 5)),
    Rational(1, 10),
)
"""The generator's density is more than ten times the true one on the left interval."""
STEPS = 1500


@claim(
    "gmm.collapse.whenever",
    source="section 3.1: 'This happens whenever this interval lies entirely in a region ...'",
    formal=r"w_{min} \le 0",
    says="an interval collapses whenever it lies entirely in a region where the generator's "
    "density "
    "is much larger, under the first order dynamics (true means -1/2 and 1/2, step 1/10, means "
    "-1/10, -9/5, intervals [-7/2, -3], [-2, 9/5], where it is more than ten times larger)",
    expect=Verdict.REFUTED,
    amended=r"w_{min} > \frac{1}{10}, w_{1500} > \frac{4}{5}, q > 10",
    repair="say 'as long as the generator stays there': here it leaves the region, the interval's "
    "width never falls below 1/10 in 1500 steps, and it has grown from 1/2 to more than 4/5 by "
    "then; for a fixed generator the sentence is right (gmm.collapse.whenever.fixed-generator)",
)
def whenever() -> Examination:
    least, ratio, grown = sp.symbols("w_min q w_1500", real=True)
    with load_flint().ctx.workprec(BITS):
        widths = [below(s[4] - s[2]) for s in orbit(STAYING, STEPS)]
        pieces = [load_flint().arb(-3.25 + k / 64, 1 / 128) for k in range(-16, 17)]
        dense = [_balls(p, STAYING.means) / _balls(p, STAYING.truth) for p in pieces]
    exact = {least: min(widths), ratio: min(below(d) for d in dense), grown: widths[STEPS]}

    def plain_ratio(_: Any) -> Any:
        at = [mpmath.mpf(-7) / 2 + mpmath.mpf(k) / 80 for k in range(41)]
        truth, means = ([mpmath.mpf(m.p) / m.q for m in v] for v in (STAYING.truth, STAYING.means))
        return min(mixture_density(z, means) / mixture_density(z, truth) for z in at)

    numbers = {
        least: lambda _: min(s[4] - s[2] for s in plain_orbit(STAYING, STEPS)),
        ratio: plain_ratio,
        grown: lambda _: plain_orbit(STAYING, STEPS)[-1][4] - plain_orbit(STAYING, STEPS)[-1][2],
    }
    return measured(
        least <= 0,
        exact,
        numbers,
        kind=KIND,
        amendment=sp.And(
            least > Rational(1, 10), grown > Rational(4, 5), ratio > 10, evaluate=False
        ),
    )


def _balls(place: Any, means: Any) -> Any:
    """A multiple of a mixture's density at a ball, times e^(x^2/2)."""
    flint = load_flint()
    rationals = [flint.arb(flint.fmpq(int(m.p), int(m.q))) for m in means]
    return sum((m * place - m * m / 2).exp() for m in rationals)


@claim(
    "gmm.collapse.discriminator-density",
    source="section 3.1: 'a region where the generator PDF is much larger than the discriminator "
    "PDF'",
    formal=r"g > 1",
    says="taken at its word, the generator's density exceeds the discriminator on the interval, "
    "where the discriminator is 1 (g is the largest density of any generator of (2))",
    expect=Verdict.REFUTED,
    amended=r"g = \frac{1}{\sqrt{2\pi}}",
    repair="read 'than the true PDF': a discriminator of (5) has no density, and is 1 on its "
    "intervals, which no density of (2) reaches",
)
def discriminator_density() -> Examination:
    top = Symbol("g", real=True)
    z = Symbol("z", real=True)
    same = gan.generator.pdf(z).subs({mu1: 0, mu2: 0})
    peak = sp.solve(sp.diff(same, z), z)[0]
    exact = {top: same.subs(z, peak)}
    numbers = {top: lambda _: max(mixture_density(mpmath.mpf(k) / 8, (0, 0)) for k in range(-8, 9))}
    steps = (
        Step("each component is at most phi(0), so their mean is, with equality for one mean"),
    )
    return measured(top > 1, exact, numbers, (), *steps, amendment=eq(top, 1 / sp.sqrt(2 * sp.pi)))


@claim(
    "gmm.collapse.local-minimum",
    source="section 1: 'the gradient updates for the discriminator are stuck in a local minimum'; "
    "section 3.1: 'attraction of local maxima'",
    formal=r"v = 2 F_x",
    says="a closed interval at x is a strict local minimum of the discriminator's loss -L among "
    "the intervals around it where F(x) < 0: opening it to [x - s, x + s] changes L at the rate "
    "2 F(x), to [x, x + s] or [x - s, x] at F(x); the generator fooling it means just F < 0 there",
    expect=Verdict.PROVED,
)
def local_minimum() -> Examination:
    s = Symbol("s", real=True)
    opened = gan.L.subs({l1: x - s, r1: x + s})
    exact = {q_rate: sp.diff(opened, s).subs(s, 0), q_f_x: gan.F(x)}

    def rate(p: Any) -> Any:
        def mass(h: Any) -> Any:
            parts = [(1, truth_at(p)), (-1, means_at(p))]
            return sum(
                c * (mpmath.ncdf(p["x"] + h - m) - mpmath.ncdf(p["x"] - h - m)) / 2
                for c, pair in parts
                for m in pair
            )

        return mpmath.diff(mass, 0)

    numbers = {q_rate: rate, q_f_x: lambda p: gap(p["x"], truth_at(p), means_at(p))}
    points = (PLACE | {x: -1}, PLACE | {x: Rational(3, 2)})
    return measured(eq(q_rate, 2 * q_f_x), exact, numbers, points)
