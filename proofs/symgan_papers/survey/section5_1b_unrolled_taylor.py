r"""Section 5.1.1: what the work of Nagarajan and Kolter has to do with 1-unrolled GANs."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.rules.unrolled import unrolled_flow
from symgan_papers.survey.model_part1 import lam, minmax, theta_d, theta_g
from symgan_papers.survey.section5_1a_unrolled import STEPS, looped

q = Symbol("q", positive=True)
p, a, b = sp.symbols("p a b", real=True)


def _ahead(place: Any) -> Any:
    """V at one ascent step, on V = theta_g theta_d - q theta_d^2/2."""

    def payoff(g: Any, d: Any) -> Any:
        return g * d - place["q"] * d * d / 2

    g, d = place["theta_g"], place["theta_d"]
    return payoff(g, looped(payoff, g, d, place["lambda"], 1))


@claim(
    "survey.settled.unrolled.second-order",
    source="ours, to section 5.1.1, last sentence",
    formal=r"W = \theta_g \theta_d - q \theta_d^2 / 2 + \lambda (1 - \lambda q / 2)"
    r" (\theta_g - q \theta_d)^2",
    says="beyond the first order the 1-unrolled objective V_1 = W and the regularized objective "
    "V + lambda |grad V|^2 part: on V = theta_g theta_d - q theta_d^2/2 unrolling weighs the term "
    "by 1 - lambda q/2, and the two are one where V is affine in theta_d, q = 0",
    expect=Verdict.PROVED,
)
def second_order() -> Examination:
    value, y = sp.symbols("W y", real=True)
    payoff = theta_g * y - q * y**2 / 2
    last = theta_d + lam * sp.diff(payoff, y).subs(y, theta_d)
    here, slope = payoff.subs(y, theta_d), theta_g - q * theta_d
    return Examination(
        eq(value, here + lam * (1 - lam * q / 2) * slope**2),
        {value: sp.expand(payoff.subs(y, last))},
        by_numbers({value: _ahead}, kind="differentiated:mpmath", points=STEPS, digits=20),
    )


@claim(
    "survey.unrolled.nagarajan-kolter.field",
    source="section 5.1.1, last sentence",
    formal=r"F = -\theta_d",
    says="second reading: the work as discussed in section 4, a proof of stability, is one for "
    "1-unrolled GANs. Its dynamics has the generator descend V at the present discriminator; F is "
    "the force of 1-unrolled GANs on the generator, V = theta_g theta_d",
    expect=Verdict.REFUTED,
    amended=r"F = -\theta_d - 2 \lambda \theta_g",
    repair="say that their flow is the limit of 1-unrolled training for small lambda "
    "(survey.unrolled.nagarajan-kolter.limit)",
)
def field() -> Examination:
    force = Symbol("F", real=True)
    flow = unrolled_flow(minmax(theta_g * theta_d), steps=1, inner=lam)

    def measured(place: Any) -> Any:
        def ahead(g: Any) -> Any:
            return g * (place["theta_d"] + place["lambda"] * g)

        return -mpmath.diff(ahead, place["theta_g"])

    return Examination(
        eq(force, -theta_d),
        {force: flow.rhs[0]},
        by_numbers({force: measured}, kind="differentiated:mpmath", points=STEPS, digits=20),
        amendment=eq(force, -theta_d - 2 * lam * theta_g),
    )


@claim(
    "survey.unrolled.nagarajan-kolter.limit",
    source="section 5.1.1, last sentence",
    formal=r"F = -p \theta_g - \theta_d",
    says="third reading: their flow is the limit of the 1-unrolled one as lambda goes to 0; F is "
    "the limit of the force for V = p theta_g^2/2 + theta_g theta_d - q theta_d^2/2",
    expect=Verdict.PROVED,
)
def limit() -> Examination:
    force = Symbol("F", real=True)
    payoff = p * theta_g**2 / 2 + theta_g * theta_d - q * theta_d**2 / 2
    flow = unrolled_flow(minmax(payoff), steps=1, inner=lam)

    def measured(place: Any) -> Any:
        step = mpmath.mpf(10) ** -45

        def ahead(g: Any) -> Any:
            d = place["theta_d"] + step * (g - place["q"] * place["theta_d"])
            return place["p"] * g * g / 2 + g * d - place["q"] * d * d / 2

        return -mpmath.diff(ahead, place["theta_g"])

    points = tuple({**place, p: n} for n, place in enumerate(STEPS, 1))
    return Examination(
        eq(force, -p * theta_g - theta_d),
        {force: sp.limit(flow.rhs[0], lam, 0)},
        by_numbers({force: measured}, kind="differentiated:mpmath", points=points, digits=20),
    )


@claim(
    "survey.unrolled.nagarajan-kolter.regularizer",
    source="section 5.1.1, last sentence",
    formal=r"R = (\theta_g + 2 a \theta_d + 2 b \theta_g \theta_d)^2",
    says="the work of Nagarajan and Kolter is based on 1-unrolled GANs; first reading, its "
    "regularization term |grad V|^2 is what one unrolled step adds to V, to first order in "
    "lambda, for any V: here V = theta_g theta_d + a theta_d^2 + b theta_g theta_d^2, the "
    "gradient in theta_d, and R = dV_1/dlambda at lambda = 0",
    expect=Verdict.PROVED,
)
def regularizer() -> Examination:
    rate, y = sp.symbols("R y", real=True)
    payoff = theta_g * y + a * y**2 + b * theta_g * y**2
    last = theta_d + lam * sp.diff(payoff, y).subs(y, theta_d)
    exact = {rate: sp.expand(sp.diff(payoff.subs(y, last), lam).subs(lam, 0))}

    def measured(place: Any) -> Any:
        def value(d: Any) -> Any:
            g = place["theta_g"]
            return g * d + place["a"] * d * d + place["b"] * g * d * d

        d = place["theta_d"]
        slope = mpmath.diff(value, d)
        return mpmath.diff(lambda step: value(d + step * slope), 0)

    points = ({theta_g: 1, theta_d: 2, a: 3, b: -1}, {theta_g: -2, theta_d: 1, a: 1, b: 2})
    return Examination(
        eq(rate, (theta_g + 2 * a * theta_d + 2 * b * theta_g * theta_d) ** 2),
        exact,
        by_numbers({rate: measured}, kind="differentiated:mpmath", points=points, digits=20),
        steps=(Step("V_1 = V(theta_g, theta_d + lambda grad V); Taylor's formula"),),
    )
