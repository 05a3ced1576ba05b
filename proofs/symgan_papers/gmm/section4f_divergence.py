r"""Section 4: Lemma 4.5, no divergence; how the lemmas make Theorem 3.1; remarks on the proofs.

A mean of the generator within eta phi(0)/2 of the right face of B(2C) is right of all true means.
If it is the rightmost of all, F < 0 from some end on, and its slope is positive: with one end or
three always (see Lemma 4.2), with two because F is negative at the mean itself
(`gmm.lemma4-5.margin`). If the generator's other mean is farther right or at the same place,
there is one end and both slopes are positive. So it moves inward, and no mean moves farther than
eta phi(0)/2. Nothing is asked of the separation of the means.
"""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.games.mixture import normal_cdf, normal_pdf
from symgan_papers.gmm.model_section4 import (
    Place,
    gradient_ends,
    measured_gradient,
    measured_tv,
    numbers,
)
from symgan_papers.gmm.section4c_gradient import component, p, slope_of_mass, u

m, x = sp.symbols("m x", real=True)
t, d, eta, K = sp.symbols("t d eta K", positive=True)


@claim(
    "gmm.lemma4-5",
    source="lemma 4.5",
    printed=r"\hat{\mu}' \in B(2C)",
    formal=r"slope = \tfrac12\varphi(u)(1 - e^{-p(u + p/2)})",
    says="for C >= 3 and eta <= 1 a step keeps mu-hat in B(2C) if mu* is in B(C) (sides C: "
    "|mu*_i| <= C/2, |mu-hat_i| <= C). Judged: the slope of f in the rightmost mean where F > 0 "
    "on an interval whose ends lie u and u + p left of it: positive, the step goes inward; that "
    "this is the only case to fear is argued in words. For C >= 3/2 with B(C) read as |mu_i| <= C",
    expect=Verdict.PROVED,
)
def lemma() -> Examination:
    slope = Symbol("slope", real=True)

    def ends(y: Place) -> list[tuple[Any, int]]:
        return [(y["m"] - y["u"] - y["p"], -1), (y["m"] - y["u"], 1)]

    points = ({u: 1, p: 2, m: 0}, {u: Rational(1, 3), p: 1, m: 1})
    return Examination(
        eq(slope, normal_pdf(u) * (1 - sp.exp(-p * (u + p / 2))) / 2),
        {slope: component((m - u - p, m - u), m)},
        by_numbers({slope: slope_of_mass(ends, "m")}, points=points, digits=20),
        steps=(
            Step("one end z: |slope| = phi(z - m)/2 > 0, of the sign that leads inward; three: "
                 "lemma 4.2"),
            Step("two ends, generator outside: F < 0 at the mean (gmm.lemma4-5.margin), so u > 0"),
            Step("an inward step of at most eta phi(0)/2 < eta/5 does not reach the other face; "
                 "a mean farther than that from the face cannot cross it"),
        ),
    )  # fmt: skip


@claim(
    "gmm.lemma4-5.margin",
    source="lemma 4.5, 'C > 0 be sufficiently large'",
    formal=r"h > \frac{7}{10} > \log 2",
    says="at a mean of the generator that is 13/10 or more right of both true means F <= "
    "phi(13/10) - phi(0)/2 < 0, since h = (13/10)^2/2 is above log 2; near the face of B(2C) the "
    "distance is at least C/2 - eta/5 >= 13/10",
    expect=Verdict.PROVED,
)
def margin() -> Examination:
    value, two = sp.symbols("h log_2", real=True)
    way, limit = Rational(13, 10), Rational(7, 10)
    measures = {
        value: lambda _: mpmath.log(mpmath.npdf(0) / mpmath.npdf(mpmath.mpf(13) / 10)),
        two: lambda _: mpmath.quad(lambda y: 1 / y, [1, 2]),
    }
    return Examination(
        sp.And(value > limit, two < limit),
        {value: sp.integrate(x, (x, 0, way)), two: sp.log(2)},
        by_numbers(measures, digits=20),
    )


@claim(
    "gmm.settled.lemma4-5.large-needed",
    source="lemma 4.5, 'C > 0 be sufficiently large'",
    formal=r"slope < -\frac{1}{50}",
    says="'C sufficiently large' is needed: at mu* = (2/5, 2/5), mu-hat = (-13/20, 4/5) the slope "
    "in mu-hat_2 is negative and every step leaves the box |mu_i| <= 4/5, which is B(2C) for C = "
    "4/5 (or C = 2/5, if B(C) is |mu_i| <= C), with mu* in B(C); a random search found no such "
    "state for C = 9/10 or more, and from 3 on there is none",
    expect=Verdict.PROVED,
)
def large_needed() -> Examination:
    slope = Symbol("slope", real=True)
    star, hat = (Rational(2, 5),) * 2, (-Rational(13, 20), Rational(4, 5))
    return Examination(
        slope < -Rational(1, 50),
        {slope: gradient_ends(star, hat)[1][1]},
        by_numbers(
            {slope: lambda _: measured_gradient(numbers(star), numbers(hat))[1]},
            kind="scanned:mpmath",
        ),
    )


@claim(
    "gmm.section4.together",
    source="section 4, 'Together, these four lemmas together suffice to prove Theorem 3.1 by "
    "setting parameters appropriately'",
    formal=r"after = 1 - \frac{T \eta K^2}{2}",
    says="they do, for theorem 3.1 with eta a polynomial in delta and e^(-C^2) and T one in "
    "1/delta and e^(C^2) (gmm.thm3-1.step, gmm.thm3-1.time), with one thing that the text leaves "
    "out: f <= phi(0) rho in Opt(rho) and |grad f| is bounded, so that an orbit which has met "
    "Opt(rho) stays below phi(0) rho + O(eta). The argument is in words and its polynomials are "
    "not computed (a proof with constants, by another way: gmm.settled.thm3-1.explicit). Judged: "
    "T steps of lemma 4.1 with c = 1/2 and |grad f| >= K leave f below 1 - T eta K^2/2, so that it "
    "meets Opt(rho) within T = 2/(eta K^2) steps (after), and the rate at which a mean's "
    "displacement d raises f (rise)",
    expect=Verdict.PROVED,
)
def together() -> Examination:
    after, rise = sp.symbols("after rise", real=True)
    half = Rational(1, 2)
    shift = normal_cdf(d / 2) - normal_cdf(-d / 2)
    exact = {
        after: 1 - sp.summation(eta * (1 - half) * K**2, (Symbol("k", integer=True), 1, t)),
        rise: sp.diff(shift / 2, d),
    }

    def descended(y: Place) -> Any:
        f = mpmath.mpf(1)
        for _ in range(int(y["t"])):
            f -= y["eta"] * y["K"] ** 2 / 2
        return f

    def raised(y: Place) -> Any:
        zero = mpmath.mpf(0)
        return mpmath.diff(lambda s: measured_tv([zero, zero], [s, zero]), y["d"])

    points = ({t: 3, eta: Rational(1, 10), K: Rational(1, 2), d: 1},
              {t: 7, eta: 1, K: Rational(1, 3), d: Rational(1, 5)})  # fmt: skip
    return Examination(
        sp.And(eq(after, 1 - t * eta * K**2 / 2), eq(rise, normal_pdf(d / 2) / 2)),
        exact,
        by_numbers({after: descended, rise: raised}, points=points, digits=20),
        steps=(
            Step("with the theorem's delta and C: gamma = delta/2, the lemmas' delta and rho are "
                 "delta/200, so that the start is in Sep; the lemmas' C is max(2C, 3), so that mu* "
                 "is in B(C) and the start in B(2C)"),
            Step("lemmas 4.4 and 4.5 keep the orbit in Sep and in the box, where lemmas 4.2 and "
                 "4.3 apply to each segment that does not meet Opt(rho); f <= phi(0) rho in "
                 "Opt(rho) by the rate judged"),
            Step("a segment that meets Opt(rho): f <= phi(0) rho + eta phi(0)^2/2 at its end, "
                 "since |grad f| <= phi(0)/sqrt 2; one that does not lowers f"),
            Step("an iterate that hits mu* exactly has no gradient: the footnote's noise, or any "
                 "choice of intervals, after which f = O(eta)"),
        ),
    )  # fmt: skip


def _remark(label: str, source: str, says: str, reason: str) -> Any:
    return claim(
        f"gmm.section4.{label}",
        source=source,
        says=says,
        expect=Verdict.INFORMAL,
        reason=reason,
    )


@_remark(
    "outline",
    "section 4, 'We provide now a high level overview of the proof'; 'The key element ... "
    "particularly challenging'; 'Putting all these together appropriately yields the desired "
    "claim'",
    "an overview; progress towards the optimum must be quantified",
    "announces the lemmas, which have their own entries",
)
def outline() -> None: ...


@_remark(
    "proof-techniques",
    "section 4, 'Lemmas 4.2, 4.4, 4.5 all follow from involved case analyses ... structure about "
    "the possible discriminator intervals by reasoning about the structure of the current mean "
    "estimate'",
    "the proofs distinguish cases by the order of the means",
    "a remark on proofs in the supplement; ours has three cases, by the number of sign changes "
    "(gmm.lemma4-2, gmm.lemma4-4, gmm.lemma4-5)",
)
def proof_techniques() -> None: ...


@_remark(
    "surprising",
    "after lemma 4.2, 'The above lemma statement is slightly surprising at first glance'",
    "a lower bound on the gradient everywhere surprises",
    "an impression; what resolves it is gmm.gradient-undefined and gmm.local-optima.undefined",
)
def surprising() -> None: ...
