r"""Section 2.2, equation (6): its minimizer, and whether its maximum is attained."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Verdict, claim, eq
from symgan.games.mixture import normal_pdf
from symgan_papers.gmm.figure2_data import MEANS, TRUTH
from symgan_papers.gmm.model_front import game, gap, measured, phi
from symgan_papers.gmm.model_front_rates import means_at, truth_at
from symgan_papers.gmm.section2d_dynamics import PLACES

gan = game()
mu1, mu2 = gan.mu
(l1, l2), (r1, r2) = gan.left, gan.right
x, s = sp.symbols("x s", real=True)
c = Symbol("c", positive=True)
q_value, q_other, q_third, q_total = sp.symbols("V v d M", real=True)


@claim(
    "gmm.eq6.argmin",
    source="eq. (6): 'mu = arg min max L'",
    printed=r"\hat{\mu} = \arg \min_{\mu} \max_{\ell, r} L(\mu, \ell, r)",
    formal=r"V = v",
    says="the minimizer is unique up to the order of the means: exchanging them leaves L as it is "
    "(V and v), and total variation vanishes only where the mixtures agree, that is at the true "
    "means in one of their two orders: P = (mu_1 - mu*_1)(mu_1 - mu*_2) is then 0, being made of "
    "the differences d and M of their first two moments",
    expect=Verdict.PROVED,
)
def argmin() -> Examination:
    exchanged = gan.L.subs({mu1: mu2, mu2: mu1}, simultaneous=True)

    def value(p: Any, order: int) -> Any:
        means = means_at(p)[::order]
        parts = ((1, truth_at(p)), (-1, means))
        ends = ((p["l1"], p["r1"]), (p["l2"], p["r2"]))
        total = mpmath.mpf(1)
        for el, r in ends:
            for w, pair in parts:
                total += w * sum(mpmath.quad(lambda y, m=m: phi(y - m), [el, r]) for m in pair) / 2
        return total

    def moment(power: int) -> Any:
        terms = ((1, gan.truth), (-1, gan.generator))  # by generating functions
        parts = [
            (k * w, m) for k, mix in terms for w, m in zip(mix.weights, mix.means, strict=True)
        ]
        whole = sum(w * sp.exp(m * x + x**2 / 2) for w, m in parts)
        return sp.expand(sp.diff(whole, x, power).subs(x, 0))

    def plain(power: int) -> Any:
        return lambda p: mpmath.quad(
            lambda y: y**power * gap(y, truth_at(p), means_at(p)), [-30, -4, 0, 4, 30]
        )

    t1, t2 = gan.truth.means
    product = Symbol("P", real=True)
    exact = {q_value: gan.L, q_other: exchanged, q_third: moment(1), q_total: moment(2)}
    numbers = {
        q_value: lambda p: value(p, 1),
        q_other: lambda p: value(p, -1),
        q_third: plain(1),
        q_total: plain(2),
        product: lambda p: (p["mu1"] - p["mustar1"]) * (p["mu1"] - p["mustar2"]),
    }
    made = (t1 + t2 + mu2 - mu1) * q_third - q_total
    statement = sp.And(eq(q_value, q_other), eq(product, made), evaluate=False)
    exact[product] = sp.expand((mu1 - t1) * (mu1 - t2))
    return measured(statement, exact, numbers, PLACES, digits=20)


@claim(
    "gmm.eq6.maximum",
    source="eqs. (4), (6), (7): 'max over l, r' with (5)'s real ends",
    formal=r"q \le 1",
    says="the maximum over real ends is attained: then moving l1 further left could not gain, "
    "dL/dl1 = -F(l1) >= 0 for some l1 however far left, so that the generator's density would "
    "reach the true one there (q is the ratio of the true mode's density at -2 to the generator's "
    "at -1, at the place -3/2 - s of Figure 2's axis)",
    expect=Verdict.REFUTED,
    amended=r"q = e^{s}",
    repair="allow infinite ends, or write sup: wherever the smallest or the largest true mean lies "
    "outside the generator's, F > 0 on a whole half-line (the other true mode at 2 exceeds the "
    "generator's at 5/2 there as well), and every real end leaves some of it out; attained if the "
    "generator's means enclose the true ones",
)
def maximum() -> Examination:
    t, ratio = Symbol("s", positive=True), Symbol("q", real=True)
    place = -Rational(3, 2) - t
    found = sp.powsimp(sp.expand(normal_pdf(place - TRUTH[0]) / normal_pdf(place - MEANS[0])))
    exact = {ratio: sp.simplify(found)}

    def plain(p: Any) -> Any:
        y = -mpmath.mpf(3) / 2 - p["s"]
        return phi(y + 2) / phi(y + 1)

    points = ({t: 1}, {t: Rational(1, 3)}, {t: 4})
    return measured(ratio <= 1, exact, {ratio: plain}, points, amendment=eq(ratio, sp.exp(t)))
