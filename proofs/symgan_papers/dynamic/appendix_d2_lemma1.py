r"""Appendix D: lemma D.1, stability for infinitesimal learning rates, and its proof."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.model import (
    WASSERSTEIN,
    a,
    b,
    fields,
    gradients,
    paper_game,
    psi,
    slope,
    theta,
    wasserstein_game,
)

H = (theta**2 + psi**2) / 2
rate = Symbol("dH/dt", real=True)


def _rate(game: Any, field: str) -> Any:
    """grad H . V, the rate of H along one field."""
    return sp.expand(
        sum(sp.diff(H, s) * v for s, v in zip((theta, psi), fields(game)[field], strict=True))
    )


def _measured_rate(payoff: Any, field: str) -> Any:
    """The rate of H along a field, both by difference quotients."""

    def measure(place: Any) -> Any:
        x, y = place["theta"], place["psi"]
        v = (
            -slope(payoff, 0, x, y) if field != "V2" else mpmath.mpf(0),
            slope(payoff, 1, x, y) if field != "V1" else mpmath.mpf(0),
        )
        return mpmath.diff(lambda s: ((x + s * v[0]) ** 2 + (y + s * v[1]) ** 2) / 2, 0)

    return measure


POINTS = ({theta: -1, psi: 2}, {theta: 3, psi: -1}, {theta: sp.Rational(1, 2), psi: 1})


def _generic(field: str) -> tuple[Any, Any]:
    """H's rate along a field for L = c psi theta + k theta^2 - h psi^2, and that payoff."""
    c, k, h = sp.symbols("c k h", real=True)
    payoff = c * psi * theta + k * theta**2 - h * psi**2
    return _rate(paper_game(payoff, "quadratic"), field), payoff


@claim(
    "dynamic.lemma-d1.rate",
    source="lemma D.1, statement",
    formal=r"\dot H = -\theta(c\psi + 2k\theta)",
    says="the quantity that the lemma's first condition bounds is the rate of H along V_1, "
    "here for every L = c psi theta + k theta^2 - h psi^2",
    expect=Verdict.PROVED,
)
def rate_v1() -> Examination:
    found, payoff = _generic("V1")
    c, k, h = sp.symbols("c k h", real=True)

    def measured(place: Any) -> Any:
        def numbers(x: Any, y: Any) -> Any:
            return place["c"] * x * y + place["k"] * x**2 - place["h"] * y**2

        return _measured_rate(numbers, "V1")(place)

    points = tuple({**p, c: -1, k: 2, h: 1} for p in POINTS)
    return Examination(
        eq(rate, -theta * sp.diff(payoff, theta)),
        {rate: found},
        by_numbers({rate: measured}, kind="differentiated:mpmath", points=points, digits=20),
    )


@claim(
    "dynamic.lemma-d1.gradient",
    source="lemma D.1, proof, display of grad H . zeta",
    printed=r"-\theta \mathcal{L}(\theta, \psi)",
    formal=r"\dot H = \theta\psi\theta",
    says="the rate of H along V_1 is -theta L (Wasserstein loss)",
    expect=Verdict.REFUTED,
    amended=r"\dot H = \theta\psi",
    repair="write the gradient of L for L, as the lemma's statement does",
)
def gradient_lost() -> Examination:
    game = wasserstein_game()
    return Examination(
        eq(rate, -theta * game.losses[0]),
        {rate: _rate(game, "V1")},
        by_numbers(
            {rate: _measured_rate(WASSERSTEIN, "V1")},
            kind="differentiated:mpmath",
            points=POINTS,
            digits=20,
        ),
        amendment=eq(rate, theta * psi),
    )


@claim(
    "dynamic.lemma-d1.gradient.psi",
    source="lemma D.1, proof, display of grad H . zeta",
    printed=r"\psi \mathcal{L}(\theta, \psi)",
    formal=r"\dot H = -\psi\psi\theta",
    says="the rate of H along V_2 is psi L (Wasserstein loss)",
    expect=Verdict.REFUTED,
    amended=r"\dot H = -\theta\psi",
    repair="write the gradient of L for L",
)
def gradient_lost_psi() -> Examination:
    game = wasserstein_game()
    return Examination(
        eq(rate, psi * game.losses[0]),
        {rate: _rate(game, "V2")},
        by_numbers(
            {rate: _measured_rate(WASSERSTEIN, "V2")},
            kind="differentiated:mpmath",
            points=POINTS,
            digits=20,
        ),
        amendment=eq(rate, -theta * psi),
    )


@claim(
    "dynamic.lemma-d1.proof-condition",
    source="lemma D.1, proof, last display",
    printed=r"0 \geq -\theta \mathcal{L}(\theta, \psi)",
    says="the proof's last condition, with L for its gradient, holds for the Wasserstein loss "
    "where psi theta < 0 (theta = -a, psi = b), as lemma D.3 needs",
    expect=Verdict.REFUTED,
    amended=r"0 \geq -\theta \nabla_\theta L",
    repair="write the gradient of L for L",
)
def proof_condition() -> Examination:
    value, right = sp.symbols("minus_theta_L minus_theta_grad_L", real=True)
    game, at = wasserstein_game(), {theta: -a, psi: b}
    exact = {
        value: (-theta * game.losses[0]).subs(at),
        right: (-theta * gradients(game)[0]).subs(at),
    }
    numbers = {
        value: lambda place: place["a"] * WASSERSTEIN(-place["a"], place["b"]),
        right: lambda place: place["a"] * slope(WASSERSTEIN, 0, -place["a"], place["b"]),
    }
    return Examination(
        value <= 0,
        exact,
        by_numbers(
            numbers,
            kind="differentiated:mpmath",
            points=({a: 1, b: 1}, {a: 2, b: sp.Rational(1, 3)}),
            digits=20,
        ),
        amendment=sp.And(eq(value, a**2 * b), eq(right, -a * b)),
    )


@claim(
    "dynamic.lemma-d1.or",
    source="lemma D.1, statement",
    printed=r"0 \geq -\theta \nabla_{\theta} \mathcal{L}(\theta, \psi) \text{ so long as }"
    r" \psi\theta < 0, \text{ or when } 0 \geq \psi \nabla_{\psi} \mathcal{L}(\theta, \psi)"
    r" \text{ so long as } \psi\theta > 0",
    formal=r"\nabla H \cdot V_2 \le 0",
    says="one of the two conditions is enough: for L = (psi theta)^2 the first one holds, "
    "-theta grad L = -2 (psi theta)^2, so H does not grow where psi theta > 0 either",
    expect=Verdict.REFUTED,
    amended=r"\nabla H \cdot V_1 = -2 a^2 b^2, \quad \nabla H \cdot V_2 = 2 a^2 b^2",
    repair="write and for or: each condition speaks of its own half of the plane",
)
def either() -> Examination:
    first, second = sp.symbols("rate_1 rate_2", real=True)
    game = paper_game((psi * theta) ** 2, "squared")
    exact = {
        first: _rate(game, "V1").subs({theta: -a, psi: b}),
        second: _rate(game, "V2").subs({theta: a, psi: b}),
    }

    def measured(field: str, sign: int) -> Any:
        def measure(place: Any) -> Any:
            at = {"theta": sign * place["a"], "psi": place["b"]}
            return _measured_rate(lambda x, y: (x * y) ** 2, field)(at)

        return measure

    numbers = {first: measured("V1", -1), second: measured("V2", 1)}
    return Examination(
        second <= 0,
        exact,
        by_numbers(
            numbers,
            kind="differentiated:mpmath",
            points=({a: 1, b: 1}, {a: 2, b: sp.Rational(1, 3)}),
            digits=20,
        ),
        amendment=sp.And(eq(first, -2 * a**2 * b**2), eq(second, 2 * a**2 * b**2)),
        steps=(Step("psi' = 2 theta^2 psi there: psi grows exponentially"),),
    )


@claim(
    "dynamic.lemma-d1",
    source="lemma D.1",
    formal=r"\nabla H \cdot V_1 = -u",
    says="with both conditions H does not grow off the ties: where the first one holds with "
    "slack, theta grad_theta L = u >= 0, its rate is -u; the second one is alike",
    expect=Verdict.PROVED,
)
def lemma_d1() -> Examination:
    slack, grad = Symbol("u", nonnegative=True), Symbol("g", real=True)
    # The condition 0 >= -theta g, written as theta g = u >= 0.
    first = sp.Symbol("rate_1", real=True)
    value = (sp.diff(H, theta) * (-grad)).subs(theta, slack / grad)

    def measured(place: Any) -> Any:
        x = place["u"] / place["g"]
        return mpmath.diff(lambda s: (x - s * place["g"]) ** 2 / 2, 0)

    points = ({slack: 1, grad: -2}, {slack: 0, grad: 1}, {slack: 3, grad: sp.Rational(1, 2)})
    return Examination(
        eq(first, -slack),
        {first: value},
        by_numbers({first: measured}, kind="differentiated:mpmath", points=points, digits=20),
        given=sp.Ne(grad, 0),
        steps=(Step("V_2 in psi theta > 0 is the same with psi and -grad_psi L"),),
    )


@claim(
    "dynamic.lemma-d1.tie",
    source="lemma D.1, proof",
    formal=r"\nabla H \cdot V_1 = \theta\psi s, \quad \nabla H \cdot V_3 = 0",
    says="the ties, which the proof leaves out, do no harm on the Dirac-GAN: with slope -s of "
    "the loss, V_1 and V_2 change H at the rates theta psi s and -theta psi s, which vanish "
    "where psi theta = 0, and V_3 keeps H everywhere",
    expect=Verdict.PROVED,
)
def tie_is_neutral() -> Examination:
    inner, both = sp.symbols("s rate_3", real=True)
    game = paper_game(-inner * psi * theta, "sloped")
    exact = {rate: _rate(game, "V1"), both: _rate(game, "V3")}

    def measured(field: str) -> Any:
        def measure(place: Any) -> Any:
            # A payoff F(psi theta) with the slope -s at the point, and curvature.
            at = place["theta"] * place["psi"]

            def payoff(x: Any, y: Any) -> Any:
                return -place["s"] * x * y + (x * y - at) ** 2

            return _measured_rate(payoff, field)(place)

        return measure

    return Examination(
        sp.And(eq(rate, theta * psi * inner), eq(both, 0)),
        exact,
        by_numbers(
            {rate: measured("V1"), both: measured("V3")},
            kind="differentiated:mpmath",
            points=tuple({**p, inner: s} for p, s in zip(POINTS, (1, -2, 3), strict=True)),
            digits=20,
        ),
    )
