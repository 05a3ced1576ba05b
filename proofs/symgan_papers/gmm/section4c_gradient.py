r"""Section 4: Lemma 4.2, the lower bound on the gradient, and the remarks after it.

Order the four means, :math:`m_1 \le m_2 \le m_3 \le m_4`; R bounds their sizes. By Descartes'
rule F has one, two or three sign changes; where a mean of the generator is a true mean the two
terms cancel and the other two leave one.

One. The positive set is a half-line with end z in :math:`[m_1, m_4]`; both components are
:math:`\pm\frac12\varphi(z - \hat\mu_j)`.

Two, a < b; one pair of means encloses the other. Left of :math:`(m_1 + m_2)/2` and right of
:math:`(m_3 + m_4)/2` only can F change sign, since in between both pairs' differences share one
sign. And :math:`b - a > 2` (`gmm.settled.lemma4-2.width`). Not both :math:`a < m_1 - 1` and
:math:`b > m_4 + 1`: as :math:`y\varphi(y)` falls beyond 1, F(b) = 0 would give :math:`m_4 - m_3 <
m_2 - m_1` and F(a) = 0 the opposite. One of the generator's means is farther than
:math:`\delta/2` from (a + b)/2; the end nearer to it is then at a distance :math:`d \le 2R + 1`.

Three, a < b < c. F has one sign on each side of :math:`[m_1, m_4]`, so that the ends lie inside;
one of :math:`m_1, m_4` is the generator's and its component is a sum of positive terms.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import sympy as sp
from sympy import Expr, Rational, Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.games.mixture import Mixture, mixture_gan, normal_pdf
from symgan_papers.gmm.model_section4 import (
    Place,
    measured_gradient,
    measured_norm_squared,
    measured_tv,
    norm_squared,
    numbers,
)

u, p, q, v = sp.symbols("u p q v", positive=True)
w, z, m = sp.symbols("w z m", real=True)
HALF = Rational(1, 2)


def component(positive: tuple[Any, ...], mean: Any) -> Expr:
    """The slope of f in the second mean, where F > 0 on the intervals between given ends."""
    gan = mixture_gan(intervals=len(positive) // 2)
    second = gan.mu[1]
    slope = sp.diff(gan.L, second).subs(
        dict(zip((*gan.left, *gan.right), (*positive[::2], *positive[1::2]), strict=True))
    )
    return slope.subs(second, mean)


def slope_of_mass(ends: Callable[[Place], list[tuple[Any, int]]], mean: str) -> Any:
    """The same by difference quotients: less half the mass of the intervals as the mean moves."""

    def measure(place: Place) -> Any:
        fixed = ends(place)

        def lost(y: Any) -> Any:
            return -mpmath.fsum(sign * mpmath.ncdf(e - y) for e, sign in fixed) / 2

        return mpmath.diff(lost, place[mean])

    return measure


@claim(
    "gmm.lemma4-2",
    source="lemma 4.2, with Rect(0) read as the states with a mean at a true mean",
    printed=r"\|\nabla f_{\mu^*}(\hat{\mu})\|_2 \geq K",
    formal=r"g_{three} = \tfrac12\varphi(u + p + q) + \tfrac12\varphi(u)(1 - e^{-p(u + p/2)})",
    says="for mu*, mu-hat in B(C) and mu-hat in Sep(delta) the gradient has at least the length K "
    "= Omega(1) (delta e^(-C^2)/C)^O(1); proved with K = phi(2R + 1) (1 - e^(-delta))/2, where "
    "|means| <= R (R = C/2, or C), for every mu-hat but mu* and its mirror image: neither gamma "
    "nor Rect(0) is needed. Judged: the extreme component with three sign changes at distances u, "
    "u + p, u + p + q, and the component of the farther mean with two, at distances w, w + 2v; "
    "the cases are argued in words",
    expect=Verdict.PROVED,
)
def lemma() -> Examination:
    three, two = sp.symbols("g_three g_two", real=True)
    exact = {
        three: component((-sp.oo, m - u - p - q, m - u - p, m - u), m),
        two: component((-sp.oo, m - w - 2 * v, m + w, sp.oo), m),
    }
    statement = sp.And(
        eq(three, normal_pdf(u + p + q) / 2 + normal_pdf(u) * (1 - sp.exp(-p * (u + p / 2))) / 2),
        eq(two, -normal_pdf(w) * (1 - sp.exp(-2 * v * (w + v))) / 2),
    )

    def three_ends(y: Place) -> list[tuple[Any, int]]:
        c = y["m"] - y["u"]
        return [(c - y["p"] - y["q"], 1), (c - y["p"], -1), (c, 1)]

    def two_ends(y: Place) -> list[tuple[Any, int]]:
        return [(y["m"] - y["w"] - 2 * y["v"], 1), (y["m"] + y["w"], -1)]

    measures = {three: slope_of_mass(three_ends, "m"), two: slope_of_mass(two_ends, "m")}
    symbols = (u, p, q, v, w, m)
    places = ((1, HALF, 2, 1, HALF, 0), (Rational(1, 5), 1, 1, HALF, 0, 1))
    points = tuple(dict(zip(symbols, place, strict=True)) for place in places)
    return Examination(
        statement,
        exact,
        by_numbers(measures, points=points, digits=20),
        steps=(
            Step("one sign change: |g| = phi(z - m)/2 with |z - m| <= 2R"),
            Step("two: the nearer end at |w| <= 2R + 1, and the exponent is the width b - a "
                 "times the mean's distance from the middle of (a, b): more than 2 delta/2 "
                 "(gmm.settled.lemma4-2.width), for a mean inside (a, b), and by the same formula "
                 "outside"),
            Step("three: u > 0, since right of m_4 both pairs push F to one sign; |g| > phi(2R)/2"),
            Step("the form: (C + 1)^2/2 = C^2 + 1 - (C - 1)^2/2 <= C^2 + 1, 1 - e^(-y) >= y/2 up "
                 "to 1: K >= phi(0) delta e^(-C^2)/(4 e) for R = C/2; R = C: phi(2C + 1)"),
        ),
    )  # fmt: skip


@claim(
    "gmm.lemma4-2.form",
    source="lemma 4.2, the form of K",
    printed=r"K = K(\delta, C) = \Omega(1) \cdot (\delta e^{-C^2} / C)^{O(1)}",
    formal=r"size = C^2 + 1 - \frac{(C - 1)^2}{2}",
    says="phi(2R + 1) (1 - e^(-delta))/2 with R = C/2 is at least a constant times delta e^(-C^2), "
    "that form with power 1: the exponent of phi(C + 1) has the size judged, at most C^2 + 1, and "
    "1 - e^(-y) >= y/2 for y <= 1",
    expect=Verdict.PROVED,
)
def form() -> Examination:
    side, size = Symbol("C", positive=True), Symbol("size", real=True)
    radius = side / 2
    return Examination(
        eq(size, side**2 + 1 - (side - 1) ** 2 / 2),
        {size: sp.expand_log(-sp.log(normal_pdf(2 * radius + 1) / normal_pdf(0)), force=True)},
        by_numbers(
            {size: lambda y: mpmath.log(mpmath.npdf(0) / mpmath.npdf(y["C"] + 1))},
            points=({side: 1}, {side: Rational(7, 2)}),
            digits=30,
        ),
    )


@claim(
    "gmm.lemma4-2.far-ends",
    source="lemma 4.2, its case of two sign changes",
    formal=r"slope = (1 - p^2) \varphi(p)",
    says="y phi(y) falls beyond y = 1: what keeps both ends of the optimal discriminator from "
    "being farther than 1 from all means",
    expect=Verdict.PROVED,
)
def far_ends() -> Examination:
    slope = Symbol("slope", real=True)
    return Examination(
        eq(slope, (1 - p**2) * normal_pdf(p)),
        {slope: sp.diff(p * normal_pdf(p), p)},
        by_numbers(
            {slope: lambda y: mpmath.diff(lambda s: s * mpmath.npdf(s), y["p"])},
            points=({p: HALF}, {p: 2}),
            digits=20,
        ),
    )


def along_diagonal() -> tuple[Expr, Expr]:
    """The slopes of f at mu* = (-1/2, 1/2) towards (1, 1) and towards (-1, -1)."""
    t = Symbol("t", positive=True)
    truth = Mixture((-HALF, HALF))
    # G* has one peak, so G*(x) and G*(x - t) cross once, at t/2 by symmetry; F > 0 left of that.
    # G*(x) and G*(x + t) cross at -t/2, with F > 0 right of it.
    ahead = truth.cdf(t / 2) - truth.cdf(t / 2 - t)
    back = (1 - truth.cdf(-t / 2)) - (1 - truth.cdf(-t / 2 + t))
    return sp.diff(ahead, t).subs(t, 0), sp.diff(back, t).subs(t, 0)


def one_sided(sign: int) -> Callable[[Place], Any]:
    """f(mu* + h (sign, sign))/h for a tiny h."""

    def measure(_: Place) -> Any:
        star, h = [mpmath.mpf(-1) / 2, mpmath.mpf(1) / 2], mpmath.mpf(10) ** -20
        return measured_tv(star, [y + sign * h for y in star]) / h

    return measure


@claim(
    "gmm.lemma4-2.as-printed",
    source="lemma 4.2 with its Rect(0) = {|mu-hat_i - mu*_j| < 0} as printed",
    formal=r"f'(\mu^*; h) = -f'(\mu^*; -h)",
    says="as printed Rect(0) is empty and the lemma covers mu-hat = mu*: the gradient must exist "
    "there; judged at mu* = (-1/2, 1/2) with slopes S, T of f towards h = (1, 1) and -h",
    expect=Verdict.REFUTED,
    amended=r"S = \varphi(1/2), \quad T = \varphi(1/2)",
    repair="ask for mu-hat != mu* (more than that is not needed), or write <= in Rect",
)
def as_printed() -> Examination:
    ahead, back = sp.symbols("S T", real=True)
    value = normal_pdf(HALF)
    first, second = along_diagonal()
    return Examination(
        eq(ahead, -back),
        {ahead: first, back: second},
        by_numbers({ahead: one_sided(1), back: one_sided(-1)}, kind="scanned:mpmath", digits=25),
        amendment=sp.And(eq(ahead, value), eq(back, value)),
    )


@claim(
    "gmm.gradient-undefined",
    source="after lemma 4.2, 'the gradient is not continuous (defined) everywhere'; figure 1, "
    "'the objective function is not differentiable at optimality'; section 6, 'it is not even "
    "defined there'",
    formal=r"S = T",
    says="at the optimum f rises at the same rate S = T = phi(1/2) > 0 in opposite directions, so "
    "that it has no gradient (judged at mu* = (-1/2, 1/2), figure 1's); where G_mu-hat is not "
    "G_mu* f is continuously differentiable, with double zeros of F too (dominated convergence: F "
    "has isolated zeros)",
    expect=Verdict.PROVED,
)
def undefined() -> Examination:
    ahead, back = sp.symbols("S T", real=True)
    first, second = along_diagonal()
    return Examination(
        sp.And(eq(ahead, normal_pdf(HALF)), eq(back, normal_pdf(HALF))),
        {ahead: first, back: second},
        by_numbers({ahead: one_sided(1), back: one_sided(-1)}, kind="scanned:mpmath", digits=25),
    )


@claim(
    "gmm.gradient-never-zero",
    source="after lemma 4.2, 'It says that the gradient is never 0'",
    formal=r"n_{middle} > 0",
    says="the gradient is never 0 where it is defined; right for separated means, which lemma 4.2 "
    "assumes and the sentence leaves out (all of them: gmm.lemma4-2). Judged: its squared length "
    "at mu-hat = (-s, s) where F < 0 between -z and z only, as for true means (-t, t), t > s",
    expect=Verdict.CONDITIONAL,
    repair="add 'for separated means': at the collapsed state s = 0 it is 0",
)
def never_zero() -> Examination:
    size = Symbol("n", real=True)
    s, end = Symbol("s", nonnegative=True), Symbol("z", positive=True)
    one = component((-sp.oo, -end, end, sp.oo), s)

    def lost(place: Place) -> Callable[[Any], Any]:
        return lambda y: -(mpmath.ncdf(-place["z"] - y) - mpmath.ncdf(place["z"] - y)) / 2

    def measured(place: Place) -> Any:
        """Both slopes by difference quotients of the mass outside (-z, z)."""
        return sum(mpmath.diff(lost(place), y) ** 2 for y in (-place["s"], place["s"]))

    return Examination(
        size > 0,
        # By symmetry both components have one size.
        {size: sp.factor(2 * one**2)},
        by_numbers(
            {size: measured},
            points=({s: 1, end: HALF}, {s: HALF, end: 2}, {s: 0, end: 1}),
            digits=20,
        ),
        condition=s > 0,
        setting={s: HALF, end: 1},
        steps=(
            Step("the slope in mu-hat_2, -phi(z - s) (1 - e^(-2 s z))/2", sp.factor(one)),
            Step("(0, 0) with mu* = (-1, 1): F changes sign at -z and z, cosh z = e^(1/2)"),
        ),
    )


@claim(
    "gmm.local-optima.undefined",
    source="after lemma 4.2, 'the local optima themselves all have an undefined gradient'; 'no "
    "local optima at all'",
    formal=r"rate = -\tfrac12 [p \varphi(p) + q \varphi(q)]",
    says="the local minima of f are mu* and its mirror image only, where no gradient exists: off "
    "the line of collapse the gradient is not 0 (gmm.lemma4-2); on it, at (m, m) with F < 0 on (m "
    "- p, m + q), the slope difference d_2 f - d_1 f changes with the separation at the negative "
    "rate judged, so that moving the means apart lowers f (where one end is infinite its term "
    "drops out). At the minima f(mu* + h) = N(h) + o(|h|), N(-h) = N(h) (gmm.settled.cone), not 0 "
    "for h = (1, 1). Optima means minima: (0, 0) against (-2, 2), of gradient 0, looks like a "
    "local maximum",
    expect=Verdict.PROVED,
)
def local_optima() -> Examination:
    rate = Symbol("rate", real=True)
    one = component((-sp.oo, z - p, z + q, sp.oo), m)
    # d_2 f(m + D/2) - d_1 f(m - D/2) to first order in D is the slope of one component in its mean;
    # the ends move alike for both, to second order in D.
    exact = {rate: sp.diff(one, m).subs(m, z)}

    def measured(y: Place) -> Any:
        def gap(sep: Any) -> Any:
            def slope(at: Any) -> Any:
                return (mpmath.npdf(y["z"] - y["p"], at) - mpmath.npdf(y["z"] + y["q"], at)) / 2

            return slope(y["z"] + sep / 2) - slope(y["z"] - sep / 2)

        return mpmath.diff(gap, 0)

    points = ({p: 1, q: HALF, z: 0}, {p: HALF, q: 3, z: 1})
    statement = sp.And(
        eq(rate, -(p * normal_pdf(p) + q * normal_pdf(q)) / 2),
        rate < 0,
    )
    return Examination(statement, exact, by_numbers({rate: measured}, points=points, digits=20))


@claim(
    "gmm.local-optima.largest",
    source="after lemma 4.2, 'points near the local optima of our problem actually have some of "
    "the largest derivatives compared to other points'",
    formal=r"ratio = e^{-1/8}",
    says="no gradient is longer than phi(0)/sqrt 2 (gmm.settled.gradient-bound); arbitrarily near "
    "mu*, towards (1, 1), it has e^(-1/8) = 88 % of that length for mu* = (-1/2, 1/2), while at "
    "(-5, 5) it has less than a tenth; for any true means d apart it has at least the part every "
    "= (1 + e^(-d^2/2))/2 of it there, more than half",
    expect=Verdict.PROVED,
)
def largest() -> Examination:
    ratio, away, every = sp.symbols("ratio away every", real=True)
    d = Symbol("d", positive=True)
    star, hat = (-HALF, HALF), (sp.Integer(-5), sp.Integer(5))
    cap = normal_pdf(0) ** 2 / 2
    near = along_diagonal()[0] / sp.sqrt(2)
    exact = {
        ratio: sp.powsimp(near / sp.sqrt(cap)),
        away: norm_squared(star, hat)[1] / cap,
        every: Mixture((0, d)).pdf(0) / sp.sqrt(2 * cap),
    }

    def close(_: Place) -> Any:
        h = mpmath.mpf(10) ** -25
        one, other = measured_gradient(numbers(star), [y + h for y in numbers(star)])
        return mpmath.hypot(one, other) * 2 * mpmath.sqrt(mpmath.pi)

    def height(y: Place) -> Any:
        """The density of the true mixture at its first mean, by its distribution function."""
        return mpmath.diff(lambda x: (mpmath.ncdf(x) + mpmath.ncdf(x - y["d"])) / 2, 0)

    far = measured_norm_squared(star, hat)
    measures = {
        ratio: close,
        away: lambda y: far(y) * 4 * mpmath.pi,
        every: lambda y: height(y) / mpmath.npdf(0),
    }
    return Examination(
        sp.And(
            eq(ratio, sp.exp(-Rational(1, 8))),
            away < Rational(1, 100),
            eq(every, (1 + sp.exp(-(d**2) / 2)) / 2),
        ),
        exact,
        by_numbers(measures, points=({d: 1}, {d: 3}), kind="scanned:mpmath", digits=20),
        steps=(
            Step("N is homogeneous: <grad N(h), h> = N(h), so |grad N(1, 1)| >= N(1, 1)/sqrt 2, "
                 "and N(1, 1), half the variation of G*, is at least its maximum, hence at least "
                 "G*(mu*_1)"),
        ),
    )  # fmt: skip
