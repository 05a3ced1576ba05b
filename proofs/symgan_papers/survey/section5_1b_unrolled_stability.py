r"""Section 5.1.1: whether unrolling stabilizes, and what it has to do with gradient-norm terms."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Matrix, Rational, Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.rules.unrolled import unrolled_flow
from symgan_papers.survey.model_part1 import k, lam, minmax, theta_d, theta_g
from symgan_papers.survey.section5_1a_unrolled import STEPS, iterate, looped

q, s = sp.symbols("q s", positive=True)
p, a, b = sp.symbols("p a b", real=True)
eta = Symbol("eta", positive=True)


def _round(through: bool) -> Matrix:
    """One round on V = theta_g theta_d: k ascents, then a descent of V_k or of V; s = k lam eta."""
    last, y = iterate(), Symbol("y", real=True)
    ahead = theta_g * last
    slope = sp.diff(ahead, theta_g) if through else sp.diff(theta_g * y, theta_g).subs(y, last)
    new = Matrix([theta_g - eta * slope, last])
    return new.jacobian(Matrix([theta_g, theta_d])).subs(eta, s / (k * lam))


def _rounded(place: Any, through: bool) -> list[Any]:
    """The same matrix from the images of two unit vectors, by loops."""
    count, step = 4, mpmath.mpf(1) / 8
    rate = place["s"] / (count * step)

    def ahead(g: Any, d: Any) -> Any:
        for _ in range(count):
            d = d + step * g
        return d

    def image(g: Any, d: Any) -> tuple[Any, Any]:
        last = ahead(g, d)
        slope = mpmath.diff(lambda x: x * (ahead(x, d) if through else last), g)
        return g - rate * slope, last

    one, zero = mpmath.mpf(1), mpmath.mpf(0)
    (e, g), (f, h) = image(one, zero), image(zero, one)
    return [e, f, g, h]


def _numbers(trace: Symbol, determinant: Symbol, through: bool) -> dict[Symbol, Any]:
    def total(place: Any) -> Any:
        e = _rounded(place, through)
        return e[0] + e[3]

    def product(place: Any) -> Any:
        e = _rounded(place, through)
        return e[0] * e[3] - e[1] * e[2]

    return {trace: total, determinant: product}


SIZES = ({s: Rational(1, 10)}, {s: Rational(1, 2)}, {s: Rational(13, 10)})


@claim(
    "survey.unrolled.stability",
    source="section 5.1.1, below the fourth display",
    formal=r"J > 0",
    says="including the term improves the stability of training: on V = theta_g theta_d a round of "
    "k ascents and one descent of V_k with step eta contracts, where without the term it "
    "conserves an ellipse; s = k lambda eta, trace T and determinant D = 1 - s < 1, and "
    "J = 1 + T + D is what decides (1 - T + D = s)",
    expect=Verdict.CONDITIONAL,
    amended=r"s < \frac{4}{3}",
    repair="require k lambda eta < 4/3: beyond it the round with the term diverges, while the "
    "round without it stays bounded up to k lambda eta = 4 (survey.settled.unrolled.practice)",
)
def stability() -> Examination:
    jury = Symbol("J", real=True)
    matrix = _round(True)
    trace, determinant = sp.cancel(matrix.trace()), sp.cancel(matrix.det())

    def measured(place: Any) -> Any:
        e = _rounded(place, True)
        return 1 + e[0] + e[3] + e[0] * e[3] - e[1] * e[2]

    return Examination(
        jury > 0,
        {jury: sp.expand(1 + trace + determinant)},
        by_numbers({jury: measured}, points=SIZES, digits=20),
        condition=s < Rational(4, 3),
        setting={s: Rational(1, 10)},
        steps=(
            Step("trace", trace),
            Step("determinant", determinant),
            Step("Jury: |D| < 1, 1 + T + D > 0 and 1 - T + D > 0 are a spectral radius below 1"),
        ),
    )


@claim(
    "survey.settled.unrolled.practice",
    source="ours, to section 5.1.1",
    formal=r"T = 2 - s, \quad D = 1",
    says="without the term the same round has determinant 1 and trace 2 - s: a center for "
    "s < 4 on V = theta_g theta_d, whatever the number of ascents",
    expect=Verdict.PROVED,
)
def practice() -> Examination:
    trace, determinant = sp.symbols("T D", real=True)
    matrix = _round(False)
    exact = {trace: sp.cancel(matrix.trace()), determinant: sp.cancel(matrix.det())}
    return Examination(
        sp.And(eq(trace, 2 - s), eq(determinant, 1)),
        exact,
        by_numbers(_numbers(trace, determinant, False), points=SIZES, digits=20),
    )


@claim(
    "survey.settled.unrolled.half",
    source="ours, to section 5.1.1",
    formal=r"T = -4 \lambda, \quad W = -2 \lambda",
    says="where the discriminator only looks ahead and moves by itself, two unrolled steps damp "
    "V = theta_g theta_d with trace T; without the second term half of that, W, is left: the "
    "look-ahead alone stabilizes too",
    expect=Verdict.PROVED,
)
def half() -> Examination:
    full, without = sp.symbols("T W", real=True)
    game = minmax(theta_g * theta_d)
    exact = {
        name: unrolled_flow(game, steps=2, through=through, inner=lam).jacobian().trace()
        for name, through in ((full, True), (without, False))
    }

    def damping(through: bool) -> Any:
        def measured(place: Any) -> Any:
            def ahead(g: Any, d: Any) -> Any:
                return looped(lambda x, y: x * y, g, d, place["lambda"], 2)

            def force(g: Any) -> Any:
                fixed = ahead(g, mpmath.mpf(1))
                return -mpmath.diff(
                    lambda x: x * (ahead(x, mpmath.mpf(1)) if through else fixed),
                    g,
                    h=mpmath.mpf(10) ** -15,
                )

            # The discriminator's own slope does not depend on it: only the generator damps.
            return (force(mpmath.mpf(3)) - force(mpmath.mpf(1))) / 2

        return measured

    points = ({lam: Rational(1, 10)}, {lam: 1}, {lam: Rational(2, 3)})
    return Examination(
        sp.And(eq(full, -4 * lam), eq(without, -2 * lam)),
        exact,
        by_numbers(
            {full: damping(True), without: damping(False)},
            kind="differentiated:mpmath",
            points=points,
            digits=12,
        ),
    )


@claim(
    "survey.settled.unrolled.envelope",
    source="ours, to section 5.1.1",
    formal=r"S = \frac{r^k (1 - r^k)(\theta_g - q \theta_d)}{q}",
    says="the term thrown away vanishes as the discriminator comes to its optimum: on "
    "V = theta_g theta_d - q theta_d^2/2 it is S with r = 1 - lambda q, and goes to 0 with k for "
    "|r| < 1. Full unrolling and a fully trained discriminator give one gradient",
    expect=Verdict.PROVED,
)
def envelope() -> Examination:
    gap, y = sp.symbols("S y", real=True)
    ratio = Symbol("r", positive=True)
    step = (1 - ratio) / q
    last = iterate(curvature=q).subs(lam, step)
    slope = sp.diff(theta_g * y - q * y**2 / 2, y).subs(y, last)
    exact = {gap: sp.powsimp(sp.expand(slope * sp.diff(last, theta_g)))}

    def measured(place: Any) -> Any:
        def payoff(g: Any, d: Any) -> Any:
            return g * d - place["q"] * d * d / 2

        def ahead(g: Any) -> Any:
            d = place["theta_d"]
            for _ in range(int(place["k"])):
                d = d + (1 - place["r"]) / place["q"] * (g - place["q"] * d)
            return d

        g = place["theta_g"]
        return mpmath.diff(lambda d: payoff(g, d), ahead(g)) * mpmath.diff(ahead, g)

    points = (
        {theta_g: 1, theta_d: 2, ratio: Rational(1, 2), q: 1, k: 3},
        {theta_g: -2, theta_d: 1, ratio: Rational(4, 5), q: 2, k: 5},
        {theta_g: 3, theta_d: -1, ratio: Rational(1, 3), q: 1, k: 1},
    )
    return Examination(
        eq(gap, ratio**k * (1 - ratio**k) * (theta_g - q * theta_d) / q),
        exact,
        by_numbers({gap: measured}, kind="differentiated:mpmath", points=points, digits=20),
        given=ratio < 1,
    )


def _ahead(place: Any) -> Any:
    """V at one ascent step, on V = theta_g theta_d - q theta_d^2/2."""

    def payoff(g: Any, d: Any) -> Any:
        return g * d - place["q"] * d * d / 2

    g, d = place["theta_g"], place["theta_d"]
    return payoff(g, looped(payoff, g, d, place["lambda"], 1))


@claim(
    "survey.unrolled.nagarajan-kolter.regularizer",
    source="section 5.1.1, last sentence",
    formal=r"W = \theta_g \theta_d - q \theta_d^2 / 2 + (\theta_g - q \theta_d)^2 \lambda",
    says="the work of Nagarajan and Kolter is based on 1-unrolled GANs: first reading, its "
    "regularized generator objective V + lambda |grad V|^2 is the 1-unrolled V_1 = W",
    expect=Verdict.REFUTED,
    amended=r"W = \theta_g \theta_d - q \theta_d^2 / 2 + \lambda (1 - \lambda q / 2)"
    r" (\theta_g - q \theta_d)^2",
    repair="say similar: the two agree to first order in lambda (survey.settled.unrolled."
    "first-order), and exactly where V is affine in theta_d",
)
def regularizer() -> Examination:
    value, y = sp.symbols("W y", real=True)
    payoff = theta_g * y - q * y**2 / 2
    last = theta_d + lam * sp.diff(payoff, y).subs(y, theta_d)
    here, slope = payoff.subs(y, theta_d), theta_g - q * theta_d
    return Examination(
        eq(value, here + lam * slope**2),
        {value: sp.expand(payoff.subs(y, last))},
        by_numbers({value: _ahead}, kind="differentiated:mpmath", points=STEPS, digits=20),
        amendment=eq(value, here + lam * (1 - lam * q / 2) * slope**2),
    )


@claim(
    "survey.unrolled.nagarajan-kolter.field",
    source="section 5.1.1, last sentence",
    formal=r"F = -\theta_d",
    says="second reading: the dynamics whose stability they prove, where the generator descends V "
    "at the present discriminator, is that of 1-unrolled GANs; F is the latter's force on the "
    "generator, V = theta_g theta_d",
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
    "survey.settled.unrolled.first-order",
    source="ours, to section 5.1.1",
    formal=r"R = (\theta_g + 2 a \theta_d + 2 b \theta_g \theta_d)^2",
    says="for any V the 1-unrolled objective is V + lambda |grad V|^2 to first order, gradient in "
    "theta_d: here V = theta_g theta_d + a theta_d^2 + b theta_g theta_d^2, R = dV_1/dlambda at 0",
    expect=Verdict.PROVED,
)
def first_order() -> Examination:
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
