r"""Section 5.2.2, first half: the Jacobian's symmetry, equilibria, and local Nash equilibria."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Matrix, Rational

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.survey.model_section5_2 import (
    POINTS,
    Place,
    field_of,
    game,
    jacobian_of,
    p,
    psi,
    q,
    quadratic_at,
    s,
    theta,
)

upper, lower, form, gain, loss, slope = sp.symbols("upper lower form gain loss slope", real=True)
a, b = sp.symbols("a b", positive=True)
c, drop = sp.symbols("c drop", real=True)

MIXED = theta**3 * psi**2 + sp.exp(theta * psi)
"""A payoff with unequal powers, so that its mixed derivatives could differ by a slip."""


@claim(
    "survey.jacobian.symmetry",
    source="section 5.2.2, below the first display",
    printed=r"\nabla^2_{\theta_d,\theta_g}V(\theta_g,\theta_d) ="
    r" (\nabla^2_{\theta_g,\theta_d}V(\theta_g,\theta_d))^T",
    formal=r"upper = lower",
    says="the mixed derivatives agree, for V with continuous second derivatives (the survey's "
    "games are smooth): V = theta^3 psi^2 + exp(theta psi)",
    expect=Verdict.PROVED,
)
def symmetry() -> Examination:
    def payoff(x: Any, y: Any) -> Any:
        return x**3 * y**2 + mpmath.exp(x * y)

    def mixed(order: str) -> Any:
        def number(place: Place) -> Any:
            x, y = place["theta"], place["psi"]
            if order == "psi first":
                return mpmath.diff(lambda t: mpmath.diff(lambda u: payoff(t, u), y), x)
            return mpmath.diff(lambda u: mpmath.diff(lambda t: payoff(t, u), x), y)

        return number

    return Examination(
        sp.And(eq(upper, lower), eq(upper, sp.diff(MIXED, theta, psi))),
        {upper: game(MIXED).J[0, 1], lower: -game(MIXED).J[1, 0]},
        by_numbers(
            {upper: mixed("psi first"), lower: mixed("theta first")},
            points=({theta: 1, psi: Rational(1, 2)}, {theta: -1, psi: Rational(1, 3)}),
            kind="differentiated:mpmath",
            digits=12,
        ),
    )


def _gains(place: Place) -> tuple[Any, Any]:
    """What theta gains, and psi loses, by leaving the origin alone."""
    payoff = quadratic_at(place)
    x, y, zero = place["a"], place["b"], mpmath.mpf(0)
    return payoff(x, zero) - payoff(zero, zero), payoff(zero, zero) - payoff(zero, y)


@claim(
    "survey.equilibrium.saddle",
    source="section 5.2.2, second display",
    printed=r"V(\theta_g^*, \theta_d) \le V(\theta_g^*, \theta_d^*) \le V(\theta_g, \theta_d^*)",
    says="an equilibrium, which section 5.2 defines by v = 0, satisfies this near itself: at "
    "(0, 0) on V = p theta^2/2 + s theta psi + q psi^2/2, where v = 0 for all p, s and q",
    expect=Verdict.REFUTED,
    amended=r"gain = p a^2 / 2",
    repair="say local Nash equilibrium; v = 0 says only that it is stationary, and here the "
    "display holds iff p >= 0 >= q",
)
def saddle() -> Examination:
    found = game()
    V = found.losses[0]
    exact = {
        gain: V.subs({theta: a, psi: 0}, simultaneous=True),
        loss: -V.subs({theta: 0, psi: b}, simultaneous=True),
    }
    return Examination(
        sp.And(gain >= 0, loss >= 0),
        exact,
        by_numbers(
            {gain: lambda place: _gains(place)[0], loss: lambda place: _gains(place)[1]},
            points=(
                {p: -1, s: 1, q: -1, a: 1, b: 1},
                {p: 1, s: 0, q: -2, a: 2, b: 1},
                {p: 1, s: 3, q: 2, a: 1, b: 3},
                {p: 0, s: 1, q: 0, a: 1, b: 1},
            ),
        ),
        amendment=sp.And(eq(gain, p * a**2 / 2), eq(loss, -q * b**2 / 2)),
    )


@claim(
    "survey.equilibrium.saddle.nash",
    source="section 5.2.2, second display",
    formal=r"drop = - a c^2 (1 - a p / 2)",
    says="the other reading: the display defines the (local Nash) equilibrium, and such a point "
    "is an equilibrium in the sense of section 5.2, v = 0: were V = c theta + p theta^2/2 with "
    "c not 0 near the point, moving to -a c would change V by drop, which is negative for every "
    "small a > 0",
    expect=Verdict.PROVED,
)
def saddle_is_stationary() -> Examination:
    V = game(c * theta + p * theta**2 / 2).losses[0]

    def number(place: Place) -> Any:
        x = -place["a"] * place["c"]
        return place["c"] * x + place["p"] * x * x / 2

    return Examination(
        eq(drop, -a * c**2 * (1 - a * p / 2)),
        {drop: sp.expand(V.subs({theta: -a * c, psi: 0}, simultaneous=True))},
        by_numbers(
            {drop: number},
            points=(
                {c: 1, p: 1, a: Rational(1, 3)},
                {c: -2, p: -5, a: Rational(1, 9)},
                {c: Rational(1, 7), p: 7, a: Rational(1, 10)},
            ),
        ),
        steps=(Step("the discriminator's part is the same with -V; further terms are smaller"),),
    )


def _form(place: Place) -> Any:
    """x' v' x with numbers."""
    J = jacobian_of(quadratic_at(place), mpmath.mpf(1), mpmath.mpf(2))
    x = mpmath.matrix([place["theta"], place["psi"]])
    return (x.T * J * x)[0]


@claim(
    "survey.positive-definite",
    source="section 5.2.2, below the second display",
    printed=r"v' \succ 0 \Leftrightarrow \nabla^2_{\theta_g} V \succ 0 \wedge"
    r" \nabla^2_{\theta_d} V \prec 0",
    formal=r"form = p \theta^2 - q \psi^2",
    says="v' is positive definite iff the generator's Hessian is positive and the "
    "discriminator's negative definite: in x' v' x the interactions cancel (form: x' v' x, one "
    "parameter a player)",
    expect=Verdict.PROVED,
)
def positive_definite() -> Examination:
    x = Matrix([theta, psi])
    return Examination(
        eq(form, p * theta**2 - q * psi**2),
        {form: sp.expand((x.T * game().J * x)[0])},
        by_numbers({form: _form}, points=POINTS, kind="differentiated:mpmath", digits=18),
        steps=(
            Step(
                "for players with several parameters and mixed derivatives S the two terms are"
                " x_g' S x_d - x_d' S^T x_g = 0 likewise, which leaves x_g' P x_g - x_d' Q x_d"
            ),
        ),
    )


@claim(
    "survey.local-nash.positive-definite",
    source="section 5.2.2, below the second display",
    formal=r"slope > 0",
    says="a local Nash equilibrium has a positive definite v': on V = p theta^2/2 + s theta psi + "
    "q psi^2/2 with p >= 0 >= q, where (0, 0) is one, the generator's own entry of v' (slope), "
    "x' v' x at x = (1, 0), would have to be positive",
    expect=Verdict.REFUTED,
    amended=r"slope \ge 0",
    repair="say positive semidefinite, or strict (differential) local Nash equilibrium; the "
    "bilinear game's own Nash equilibrium has v' + v'^T = 0",
)
def nash_positive() -> Examination:
    unit = {"theta": mpmath.mpf(1), "psi": mpmath.mpf(0)}
    return Examination(
        slope > 0,
        {slope: game().J[0, 0]},
        by_numbers(
            {slope: lambda place: _form({**place, **unit})},
            points=(
                {p: 0, s: 1, q: 0},
                {p: 0, s: 3, q: -1},
                {p: Rational(2, 7), s: -1, q: Rational(-1, 3)},
            ),
            kind="differentiated:mpmath",
            digits=18,
        ),
        given=sp.And(p >= 0, q <= 0),
        amendment=slope >= 0,
        steps=(
            Step("V(0, psi) = q psi^2/2 <= V(0, 0) <= p theta^2/2 = V(theta, 0) iff p >= 0 >= q"),
            Step(
                "further terms of V are smaller near the point, so that the same p >= 0 >= q is "
                "necessary at a local Nash equilibrium of every smooth V; then x' v' x >= 0"
            ),
        ),
    )


@claim(
    "survey.local-nash.converse",
    source="section 5.2.2, third display",
    printed=r"v(\theta_g^*, \theta_d^*) = 0 \quad v'(\theta_g^*, \theta_d^*) \succ 0",
    formal=r"gain > 0",
    says="conversely a point with v = 0 and v' positive definite is a local Nash equilibrium (the "
    "sentence breaks off; so it is read): on a quadratic payoff with p > 0 > q leaving (0, 0) "
    "alone costs either player; further terms are smaller near it",
    expect=Verdict.PROVED,
)
def nash_converse() -> Examination:
    V = game().losses[0]
    exact = {
        gain: V.subs({theta: a, psi: 0}, simultaneous=True),
        loss: -V.subs({theta: 0, psi: b}, simultaneous=True),
    }
    return Examination(
        sp.And(gain > 0, loss > 0),
        exact,
        by_numbers(
            {gain: lambda place: _gains(place)[0], loss: lambda place: _gains(place)[1]},
            points=(
                {p: 1, s: 5, q: -2, a: 2, b: 1},
                {p: Rational(1, 9), s: -1, q: -1, a: 1, b: 1},
            ),
        ),
        given=sp.And(p > 0, q < 0),
    )


@claim(
    "survey.previous-methods.same-flow",
    source="section 5.2.2, below the third display",
    printed=r"\dot{\theta} = -v(\theta)",
    formal=r"slope = 0",
    says="the previous methods just find the solution of this flow and use no property of v': also "
    "consensus optimization of section 5.2.1, whose correction grad L would have to vanish (slope: "
    "its first component, on V = s theta psi)",
    expect=Verdict.REFUTED,
    amended=r"slope = s^2 \theta",
    repair="except consensus optimization, whose field holds v'(theta)^T v(theta)",
)
def same_flow() -> Examination:
    found = game(s * theta * psi)
    correction = found.J.T * Matrix(found.v)

    def number(place: Place) -> Any:
        def payoff(x: Any, y: Any) -> Any:
            return place["s"] * x * y

        def length(x: Any) -> Any:
            v = field_of(payoff, x, place["psi"])
            return (v[0] ** 2 + v[1] ** 2) / 2

        step = mpmath.mpf(10) ** -10
        x = place["theta"]
        return (length(x + step) - length(x - step)) / (2 * step)

    return Examination(
        eq(slope, 0),
        {slope: sp.expand(correction[0])},
        by_numbers(
            {slope: number},
            points=({s: 2, theta: 1, psi: 3}, {s: Rational(1, 3), theta: -2, psi: 1}),
            kind="differentiated:mpmath",
            digits=18,
        ),
        amendment=eq(slope, s**2 * theta),
    )


@claim(
    "survey.settled.nash-and-attraction",
    source="section 5.2.2",
    formal=r"form > 0",
    says="what is true between the two notions: at a strict local Nash equilibrium of a zero-sum "
    "game the flow contracts the distance itself (form: -d|x|^2/dt over 2, on p > 0 > q); the "
    "converse fails (survey.not-every-equilibrium)",
    expect=Verdict.PROVED,
)
def strict_nash_contracts() -> Examination:
    flow = game().flow()
    exact = -sum(x * f for x, f in zip(flow.state, flow.rhs, strict=True))

    def number(place: Place) -> Any:
        state = [place["theta"], place["psi"]]
        v = field_of(quadratic_at(place), *state)
        return sum(x * u for x, u in zip(state, v, strict=True))

    return Examination(
        form > 0,
        {form: sp.expand(exact)},
        by_numbers(
            {form: number},
            points=(
                {p: 1, s: 5, q: -2, theta: 2, psi: 1},
                {p: Rational(1, 9), s: -1, q: Rational(-1, 5), theta: 1, psi: -1},
            ),
            kind="differentiated:mpmath",
            digits=20,
        ),
        given=sp.And(p > 0, q < 0, sp.Or(sp.Ne(theta, 0), sp.Ne(psi, 0))),
    )
