r"""Section 5.1.1: whether unrolling stabilizes."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Matrix, Rational, Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.rules.unrolled import unrolled_flow
from symgan_papers.survey.model_part1 import k, lam, minmax, theta_d, theta_g
from symgan_papers.survey.section5_1a_unrolled import iterate, looped

q, s = sp.symbols("q s", positive=True)
p, b = sp.symbols("p b", real=True)
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


@claim(
    "survey.settled.unrolled.any-quadratic",
    source="ours, to section 5.1.1",
    formal=r"T = -p - q - \frac{b^2 (1 - r^4)}{q}, \quad D = p q + b^2, \quad"
    r" W = -p - q - \frac{b^2 (1 - r^2)}{q}",
    says="unrolling helps on every quadratic game, V = p theta_g^2/2 + b theta_g theta_d - "
    "q theta_d^2/2, and never moves the determinant D of the flow: after k = 2 steps ahead, "
    "r = 1 - lambda q, the trace is T, and W without the term that is thrown away; -p - q would "
    "be that of the plain flow. So for 0 < r < 1 the term lets more equilibria attract, and none "
    "fewer. For k steps r^4 is r^(2k) and r^2 is r^k",
    expect=Verdict.PROVED,
)
def any_quadratic() -> Examination:
    trace, determinant, without = sp.symbols("T D W", real=True)
    ratio = Symbol("r", positive=True)
    game = minmax(p * theta_g**2 / 2 + b * theta_g * theta_d - q * theta_d**2 / 2)

    def jacobian(through: bool) -> Matrix:
        flow = unrolled_flow(game, steps=2, through=through, inner=lam)
        return flow.jacobian().subs(lam, (1 - ratio) / q)

    full = jacobian(True)
    exact = {
        trace: sp.expand(full.trace()),
        determinant: sp.expand(full.det()),
        without: sp.expand(jacobian(False).trace()),
    }

    def entries(place: Any, through: bool) -> list[Any]:
        def value(g: Any, d: Any) -> Any:
            return place["p"] * g * g / 2 + place["b"] * g * d - place["q"] * d * d / 2

        def ahead(g: Any, d: Any) -> Any:
            return looped(value, g, d, (1 - place["r"]) / place["q"], 2)

        def force(g: Any, d: Any) -> tuple[Any, Any]:
            fixed, h = ahead(g, d), mpmath.mpf(10) ** -15
            down = mpmath.diff(lambda x: value(x, ahead(x, d) if through else fixed), g, h=h)
            return -down, mpmath.diff(lambda y: value(g, y), d)

        one, zero = mpmath.mpf(1), mpmath.mpf(0)
        (e, g), (f, h) = force(one, zero), force(zero, one)
        return [e, f, g, h]

    def total(through: bool) -> Any:
        return lambda place: entries(place, through)[0] + entries(place, through)[3]

    def product(place: Any) -> Any:
        e = entries(place, True)
        return e[0] * e[3] - e[1] * e[2]

    points = (
        {p: -1, q: 2, b: 3, ratio: Rational(1, 2)},
        {p: Rational(1, 3), q: 1, b: -1, ratio: Rational(4, 5)},
    )
    shift = b**2 / q
    return Examination(
        sp.And(
            eq(trace, -p - q - shift * (1 - ratio**4)),
            eq(determinant, p * q + b**2),
            eq(without, -p - q - shift * (1 - ratio**2)),
        ),
        exact,
        by_numbers(
            {trace: total(True), determinant: product, without: total(False)},
            kind="differentiated:mpmath",
            points=points,
            digits=12,
        ),
        steps=(
            Step("theta_d^k = r^k theta_d + (1 - r^k) b theta_g/q by induction over k, and"),
            Step("dV_k/dtheta_g = (p + b^2 (1 - r^(2 k))/q) theta_g + b r^(2 k) theta_d"),
        ),
    )
