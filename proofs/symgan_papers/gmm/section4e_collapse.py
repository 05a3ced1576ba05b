r"""Section 4: Lemma 4.4, no mode collapse.

Let D be the separation of the generator's means, M their middle, :math:`\gamma` that of the true
ones. If :math:`D \le \gamma` and :math:`D \le 2`, then :math:`\partial_2 f \le \partial_1 f`, so
that a step never brings the means nearer:

- generator inside the true means: F < 0 on an interval around both, `inside`;
- both on one side: F changes sign once, at z; F(M) < 0 puts z beyond M, towards the true means,
  `one`;
- interlaced, :math:`\mu^*_1 < \hat\mu_1 < \mu^*_2 < \hat\mu_2` or its mirror image: F < 0 from M on
  (`gmm.lemma4-4.middle`), and F changes sign once, `one`: its sign is that of :math:`1 - H`, H
  increasing (`gmm.lemma4-4.one-end`, `gmm.lemma4-4.least`).

A mean at a true mean cancels it: one sign change, and F(M) < 0 as before. The generator is not
outside the true means, as :math:`D \le \gamma`. Separations above :math:`2\delta` cannot fall below
:math:`\delta` in one step of :math:`\delta/C`.
"""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.games.mixture import Mixture, normal_pdf
from symgan_papers.gmm.model_section4 import (
    Place,
    difference,
    gradient_ends,
    measured_gradient,
    numbers,
)
from symgan_papers.gmm.section4c_gradient import HALF, component

D, p, q = sp.symbols("D p q", positive=True)
y = Symbol("y", nonnegative=True)
m = Symbol("m", real=True)
delta, C = sp.symbols("delta C", positive=True)


def _gap(ends: tuple[Any, ...]) -> Any:
    """d_2 f - d_1 f where F > 0 between given ends; the means are m and m + D."""
    return component(ends, m + D) - component(ends, m)


def _measured_gap(ends: Any) -> Any:
    """The same by difference quotients of the mass that the two means lose."""

    def measure(place: Place) -> Any:
        fixed = ends(place)

        def lost(at: Any) -> Any:
            return -mpmath.fsum(s * mpmath.ncdf(e - at) for e, s in fixed) / 2

        first = place["m"]
        return mpmath.diff(lost, first + place["D"]) - mpmath.diff(lost, first)

    return measure


@claim(
    "gmm.lemma4-4",
    source="lemma 4.4",
    printed=r"\hat{\mu}' \in \text{Sep}(\delta)",
    formal=r"inside = -\tfrac12\varphi(p)(1 - e^{-D(p + D/2)}) - \tfrac12\varphi(q)(1 - e^{-D(q + "
    r"D/2)})",
    says="'sufficiently' small and large: delta <= 1 and C >= 1, and delta <= gamma/2 will do for "
    "delta <= gamma/100. A step keeps the means more than delta apart, wherever they are (no box "
    "is needed), and in order; a separation of at most 2 and gamma never shrinks. Judged: d_2 "
    "f - d_1 f where F < 0 from p left of the first to q right of the second mean (inside), and "
    "where it changes sign once, y beyond the middle (one); that these are the only cases is "
    "argued in words",
    expect=Verdict.PROVED,
)
def lemma() -> Examination:
    inside, one = sp.symbols("inside one", real=True)
    z = m + D / 2 + y
    exact = {inside: _gap((-sp.oo, m - p, m + D + q, sp.oo)), one: _gap((z, sp.oo))}

    def inside_ends(place: Place) -> Any:
        return [(place["m"] - place["p"], 1), (place["m"] + place["D"] + place["q"], -1)]

    def one_ends(place: Place) -> Any:
        return [(place["m"] + place["D"] / 2 + place["y"], -1)]

    wide = lambda s: normal_pdf(s) * (1 - sp.exp(-D * (s + D / 2))) / 2  # noqa: E731 - a formula
    symbols = (D, p, q, y, m)
    places = ((1, 1, Rational(1, 2), 1, 0), (Rational(1, 3), 2, 1, Rational(1, 5), 1))
    points = tuple(dict(zip(symbols, place, strict=True)) for place in places)
    statement = sp.And(
        eq(inside, -wide(p) - wide(q)),
        eq(one, -normal_pdf(y - D / 2) * (1 - sp.exp(-D * y)) / 2),
    )
    measures = {inside: _measured_gap(inside_ends), one: _measured_gap(one_ends)}
    return Examination(
        statement,
        exact,
        by_numbers(measures, points=points, digits=20),
        steps=(
            Step("2 F(M) = phi(M - mu*_1) + phi(M - mu*_2) - 2 phi(D/2) < 0 with both means on "
                 "one side of the true ones: |M - mu*_i| >= D/2, not both equal"),
            Step("interlaced: gmm.lemma4-4.middle, and one sign change because H increases "
                 "(gmm.lemma4-4.one-end)"),
            Step("F < 0 at M and on the far side of the generator: d_2 f - d_1 f is (one) or its "
                 "mirror image, y > 0"),
            Step("delta < D <= 2 delta, hence D <= gamma and D <= 2: D does not shrink; D >= 2 "
                 "delta: gmm.lemma4-4.far; both leave the order"),
            Step("at mu-hat = mu*, where no gradient exists, any choice of intervals: D = gamma >= "
                 "2 delta, as above"),
        ),
    )  # fmt: skip


@claim(
    "gmm.lemma4-4.far",
    source="lemma 4.4, separations above 2 delta; 'eta <= delta/C for some C sufficiently large'",
    formal=r"gap = 2 \delta - \frac{\delta}{C} \varphi(0)",
    says="a component of the gradient is at most phi(0)/2, half the integral of the positive part "
    "of phi': from 2 delta a step of delta/C leaves the separation at 2 delta - delta phi(0)/C at "
    "least, above delta for C >= 1 (phi(0) < 1)",
    expect=Verdict.PROVED,
)
def far() -> Examination:
    gap = Symbol("gap", real=True)
    x = Symbol("x", real=True)
    pull = sp.integrate(-sp.diff(normal_pdf(x), x), (x, 0, sp.oo)) / 2

    def measured(place: Place) -> Any:
        half = mpmath.quad(lambda s: s * mpmath.npdf(s), [0, 4, 20]) / 2
        return 2 * place["delta"] - 2 * place["delta"] / place["C"] * half

    points = ({delta: Rational(1, 4), C: 1}, {delta: 1, C: 3})
    return Examination(
        eq(gap, 2 * delta - delta / C * normal_pdf(0)),
        {gap: 2 * delta - 2 * delta / C * pull},
        by_numbers({gap: measured}, points=points, kind="integrated:mpmath", digits=25),
    )


@claim(
    "gmm.lemma4-4.middle",
    source="lemma 4.4, interlaced means",
    formal=r"slope = -s + \frac{D}{2} \tanh(D s/2)",
    says="for D <= 2 the generator's density falls beyond the middle M (the slope of its logarithm "
    "at M + s is judged; tanh y <= y). So F < 0 from M on with mu*_1 < mu-hat_1 < mu*_2 < mu-hat_2 "
    "and gamma >= D: moving mu*_1 up to mu*_2 - D, which is left of M, raises F there, and then G* "
    "is the generator's density shifted to the left",
    expect=Verdict.PROVED,
)
def middle() -> Examination:
    slope, s = Symbol("slope", real=True), Symbol("s", positive=True)
    density = Mixture((-D / 2, D / 2)).pdf(s)

    def measured(place: Place) -> Any:
        def height(x: Any) -> Any:
            half = place["D"] / 2
            return mpmath.log(mpmath.npdf(x, -half) + mpmath.npdf(x, half))

        return mpmath.diff(height, place["s"])

    points = ({D: 1, s: Rational(1, 3)}, {D: 2, s: 1}, {D: Rational(1, 5), s: 2})
    return Examination(
        eq(slope, -s + D * sp.tanh(D * s / 2) / 2),
        {slope: sp.simplify(sp.diff(sp.log(density), s).rewrite(sp.exp))},
        by_numbers({slope: measured}, points=points, digits=20),
        steps=(Step("-s + (D/2) tanh(D s/2) < -s + D^2 s/4 <= 0"),),
    )


@claim(
    "gmm.lemma4-4.least",
    source="lemma 4.4, interlaced means",
    formal=r"rate = \frac{D \cdot (4 - D^2 + r^2)}{2 (D^2 - r^2)}",
    says="p e^(D (D - p)/2) < 2D - p for 0 < p < D <= 2: with r = D - p the difference log((D + "
    "r)/(D - r)) - D r/2 is 0 at r = 0 and grows at the rate judged, which is positive",
    expect=Verdict.PROVED,
)
def least() -> Examination:
    rate, r = Symbol("rate", real=True), Symbol("r", positive=True)
    difference_of_logs = sp.log((D + r) / (D - r)) - D * r / 2

    def measured(place: Place) -> Any:
        def logs(s: Any) -> Any:
            p = place["D"] - s
            return mpmath.log((2 * place["D"] - p) / (p * mpmath.exp(place["D"] * s / 2)))

        return mpmath.diff(logs, place["r"])

    points = ({D: 1, r: HALF}, {D: 2, r: 1}, {D: 2, r: Rational(1, 10)})
    return Examination(
        eq(rate, D * (4 - D**2 + r**2) / (2 * (D**2 - r**2))),
        {rate: sp.together(sp.diff(difference_of_logs, r))},
        by_numbers({rate: measured}, points=points, digits=20),
        given=sp.And(r < D, D <= 2),
    )


@claim(
    "gmm.lemma4-4.one-end",
    source="lemma 4.4, interlaced means",
    formal=r"slope = e^{g \cdot (x - k)} [g \cdot (1 - u + v) - p u + D v]",
    says="interlaced means, with p = mu*_2 - mu-hat_1 < D, g = mu-hat_1 - mu*_1 >= D - p and D <= "
    "2: up to a positive factor F is 1 - H, H = (1 - u + v) e^(g (x - k)), u = e^(p (x - a)), v "
    "= e^(D (x - b)); the slope of H is positive, hence F changes sign once",
    expect=Verdict.PROVED,
)
def one_end() -> Examination:
    slope, x = Symbol("slope", real=True), Symbol("x", real=True)
    a, b, k = sp.symbols("a b k", real=True)
    g = Symbol("g", positive=True)
    u, v = sp.exp(p * (x - a)), sp.exp(D * (x - b))
    whole = (1 - u + v) * sp.exp(g * (x - k))

    def measured(place: Place) -> Any:
        def height(s: Any) -> Any:
            first = 1 - mpmath.exp(place["p"] * (s - place["a"]))
            return (first + mpmath.exp(place["D"] * (s - place["b"]))) * mpmath.exp(
                place["g"] * (s - place["k"])
            )

        return mpmath.diff(height, place["x"])

    symbols = (D, p, g, x, a, b, k)
    places = ((1, Rational(1, 2), 3, 0, 1, Rational(1, 3), 1), (2, 1, 1, 1, 0, Rational(1, 2), 0))
    points = tuple(dict(zip(symbols, place, strict=True)) for place in places)
    return Examination(
        eq(slope, sp.exp(g * (x - k)) * (g * (1 - u + v) - p * u + D * v)),
        {slope: sp.diff(whole, x)},
        by_numbers({slope: measured}, points=points, digits=20),
        steps=(
            Step("a = (mu-hat_1 + mu*_2)/2, b = M, k = (mu*_1 + mu-hat_1)/2; with r = x - a: u = "
                 "e^(p r), v = e^(D r - D (D - p)/2)"),
            Step("1 - u + v > 0: else phi(x - mu*_2) is at least the sum of the generator's two; "
                 "outside its means one of them is larger, and between them the sum is at least "
                 "phi(0) + phi(D), by gmm.lemma4-4.middle"),
            Step("so the bracket is at least Q = D - p - D u + (2D - p) v, whose one stationary "
                 "value, a minimum, is (D - p) (1 - u) where p u = (2D - p) v; there r < 0, hence "
                 "Q > 0, by gmm.lemma4-4.least"),
        ),
    )  # fmt: skip


@claim(
    "gmm.settled.lemma4-4.small-needed",
    source="lemma 4.4, 'let delta <= gamma/100 be sufficiently small'",
    formal=r"gap > \frac{1}{10}",
    says="'sufficiently small' is needed beside delta <= gamma/100 (1 is small enough, "
    "gmm.lemma4-4): with mu* = (-300, 0) and "
    "mu-hat = (-5/4, 5/4) both means move towards 0, the separation 5/2 falls at the rate gap = "
    "d_2 f - d_1 f, so for every C and delta just below 5/2 (far below gamma/100 = 3) a step "
    "leaves Sep(delta)",
    expect=Verdict.PROVED,
)
def small_needed() -> Examination:
    gap = Symbol("gap", real=True)
    star = (sp.Integer(-300), sp.Integer(0))
    hat = (Rational(-5, 4), Rational(5, 4))
    (_, first), (second, _) = gradient_ends(star, hat)

    def measured(_: Place) -> Any:
        # A true mean at -300 weighs nothing near 0: -40 gives the same to 300 digits.
        one, other = measured_gradient([mpmath.mpf(-40), mpmath.mpf(0)], numbers(hat))
        return other - one

    return Examination(
        gap > Rational(1, 10),
        {gap: second - first},
        by_numbers({gap: measured}, kind="scanned:mpmath"),
    )


@claim(
    "gmm.settled.lemma4-4.threshold",
    source="lemma 4.4, 'delta <= gamma/100 be sufficiently small'",
    formal=r"F_M = 0, \quad gap > \frac{3}{1000}",
    says="how small: with one true mean in the middle of the generator's and the other infinitely "
    "far, F in the middle changes sign at D = sqrt(8 log 2) = 2.355, and above that the means "
    "attract each other; up to D = 2 and D = gamma they do not (gmm.lemma4-4). A nearer true mean "
    "does it a little before: d_2 f - d_1 f = gap > 0 at mu* = (0.44, 2.7301), mu-hat = (0, 2.29), "
    "where gamma = 2.2901. Searches found no shrinking separation D < gamma for D <= 2.25",
    expect=Verdict.PROVED,
)
def threshold() -> Examination:
    value, gap = sp.symbols("F_M gap", real=True)
    star = (Rational(44, 100), Rational(27301, 10**4))
    hat = (sp.Integer(0), Rational(229, 100))
    (_, first), (second, _) = gradient_ends(star, hat)
    critical = sp.sqrt(8 * sp.log(2))
    middle_value = (normal_pdf(0) - 2 * normal_pdf(critical / 2)) / 2

    def measured(_: Place) -> Any:
        half = mpmath.sqrt(2 * mpmath.log(2))
        # A true mean at -40 weighs less than 10^-340 in the middle.
        return difference([mpmath.mpf(-40), mpmath.mpf(0)], [-half, half])(mpmath.mpf(0))

    def attracted(_: Place) -> Any:
        one, other = measured_gradient(numbers(star), numbers(hat))
        return other - one

    return Examination(
        sp.And(eq(value, 0), gap > Rational(3, 1000)),
        {value: middle_value, gap: second - first},
        by_numbers({value: measured, gap: attracted}, kind="scanned:mpmath"),
    )


@claim(
    "gmm.lemma4-4.not-clear",
    source="section 4, 'While the mu-hat_i start out separated and bounded, it is not clear that "
    "it does not mode collapse or diverge off to infinity'",
    says="whether separated, bounded means stay so needs a proof",
    expect=Verdict.INFORMAL,
    reason="says what is not clear beforehand; that they stay so is gmm.lemma4-4 and gmm.lemma4-5",
)
def not_clear() -> None: ...
