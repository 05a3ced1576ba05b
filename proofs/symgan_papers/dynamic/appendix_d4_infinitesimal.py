r"""Appendix D: lemmas D.3 and D.4, Wasserstein and BCE loss in continuous time."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.model import (
    BCE,
    WASSERSTEIN,
    Measure,
    a,
    b,
    bce_game,
    fields,
    gradients,
    psi,
    sigma,
    slope,
    theta,
    wasserstein_game,
)

POINTS = ({theta: -1, psi: 2}, {theta: 3, psi: -1}, {theta: sp.Rational(1, 2), psi: 1})
SIZES = ({a: 1, b: 1}, {a: 2, b: sp.Rational(1, 3)}, {a: sp.Rational(1, 5), b: 3})
y = Symbol("y", real=True)
gradient, other = sp.symbols("L_theta L_psi", real=True)


def _slopes(payoff: Any) -> dict[Any, Measure]:
    """Both gradients of a payoff by difference quotients."""

    def part(i: int) -> Measure:
        return lambda place: slope(payoff, i, place["theta"], place["psi"])

    return {gradient: part(0), other: part(1)}


def _compared(payoff: Any, game: Any, statement: Any, amendment: Any = None) -> Examination:
    exact = dict(zip((gradient, other), gradients(game), strict=True))
    return Examination(
        statement,
        exact,
        by_numbers(_slopes(payoff), kind="differentiated:mpmath", points=POINTS, digits=20),
        amendment=amendment,
    )


@claim(
    "dynamic.lemma-d3.gradient.theta",
    source="lemma D.3, proof",
    printed=r"\nabla_{\theta} \mathcal{L}(\theta, \psi) = -\psi",
    formal=r"L_\theta = -\psi",
    says="the gradient of the Wasserstein loss in theta",
    expect=Verdict.PROVED,
)
def d3_theta() -> Examination:
    return _compared(WASSERSTEIN, wasserstein_game(), eq(gradient, -psi))


@claim(
    "dynamic.lemma-d3.gradient.psi",
    source="lemma D.3, proof",
    printed=r"\nabla_{\psi} \mathcal{L}(\theta, \psi) = -\theta",
    formal=r"L_\psi = -\theta",
    says="the gradient of the Wasserstein loss in psi",
    expect=Verdict.PROVED,
)
def d3_psi() -> Examination:
    return _compared(WASSERSTEIN, wasserstein_game(), eq(other, -theta))


@claim(
    "dynamic.lemma-d3.loss",
    source="lemma D.3, proof, and eq. (6)",
    printed=r"\mathcal{L}(\theta, \psi) = -\psi\theta",
    formal=r"L = -\psi\theta",
    says="the Wasserstein loss E d(real) - E d(fake) of the GAN (6), data at 0, synthetic data "
    "at theta",
    expect=Verdict.PROVED,
)
def d3_loss() -> Examination:
    value, x, z = Symbol("L", real=True), Symbol("x", real=True), Symbol("z", real=True)
    d, made = x * psi, z * theta
    exact = {value: d.subs(x, 0) - d.subs(x, made.subs(z, 1))}

    def measured(place: Any) -> Any:
        real, latent = [0, 0, 0], [1, 1, 1]  # samples of delta(0) and delta(1)
        pairs = zip(real, latent, strict=True)
        scores = [place["psi"] * (r - place["theta"] * s) for r, s in pairs]
        return sum(scores) / len(scores)

    return Examination(
        eq(value, -psi * theta), exact, by_numbers({value: measured}, kind="sampled", points=POINTS)
    )


rates = sp.symbols("rate_1 rate_2", real=True)


def _rates(game: Any) -> dict[Any, Any]:
    """grad H . V_1 at (-a, b) and grad H . V_2 at (a, b)."""
    v1, v2 = fields(game)["V1"][0], fields(game)["V2"][1]
    values = ((theta * v1).subs({theta: -a, psi: b}), (psi * v2).subs({theta: a, psi: b}))
    return dict(zip(rates, values, strict=True))


def _measured_rates(payoff: Any) -> dict[Any, Measure]:
    return {
        rates[0]: lambda p: p["a"] * slope(payoff, 0, -p["a"], p["b"]),
        rates[1]: lambda p: p["b"] * slope(payoff, 1, p["a"], p["b"]),
    }


def _decreasing(payoff: Any, game: Any, first: Any, second: Any) -> Examination:
    return Examination(
        sp.And(eq(rates[0], first), eq(rates[1], second), rates[0] < 0, rates[1] < 0),
        _rates(game),
        by_numbers(_measured_rates(payoff), kind="differentiated:mpmath", points=SIZES, digits=20),
        steps=(
            Step("V_1 at (-a, b), V_2 at (a, b); the other two quadrants by x -> -x"),
            Step("on ties V_1, V_2 and V_3 keep H (dynamic.lemma-d1.tie)"),
            Step("so H = (theta^2 + psi^2)/2 never grows and each ball is invariant"),
        ),
    )


@claim(
    "dynamic.lemma-d3.condition",
    source="lemma D.3, proof, last display",
    printed=r"\psi\theta < 0 \implies 0 \geq \theta\psi",
    says="the condition of lemma D.1 on V_1 holds trivially: the rate of H is theta psi, here "
    "-a b; on V_2 it is -psi theta",
    expect=Verdict.PROVED,
)
def d3_condition() -> Examination:
    return _decreasing(WASSERSTEIN, wasserstein_game(), -a * b, -a * b)


@claim(
    "dynamic.lemma-d3",
    source="lemma D.3",
    says="with Wasserstein loss and an infinitesimal learning rate the oracle's equilibrium is "
    "Lyapunov stable: the squared distance S = a^2 + b^2 falls at the rate 2 a b off the ties",
    formal=r"\dot S = -2ab",
    expect=Verdict.PROVED,
)
def d3() -> Examination:
    return _distance(WASSERSTEIN, wasserstein_game(), -2 * a * b, -2 * a * b)


@claim(
    "dynamic.lemma-d4",
    source="lemma D.4",
    says="with BCE loss too: the squared distance falls at the rate 2 a b sigma(-a b) under V_1 "
    "and 2 a b sigma(a b) under V_2",
    formal=r"\dot S = -2ab\,\sigma(\psi\theta)",
    expect=Verdict.PROVED,
)
def d4() -> Examination:
    return _distance(BCE, bce_game(), -2 * a * b * sigma(-a * b), -2 * a * b * sigma(a * b))


def _distance(payoff: Any, game: Any, first: Any, second: Any) -> Examination:
    exact = {name: 2 * value for name, value in _rates(game).items()}
    measured = _measured_rates(payoff)
    numbers = {
        rates[0]: lambda p: 2 * measured[rates[0]](p),
        rates[1]: lambda p: 2 * measured[rates[1]](p),
    }
    return Examination(
        sp.And(eq(rates[0], first), eq(rates[1], second), rates[0] < 0, rates[1] < 0),
        exact,
        by_numbers(numbers, kind="differentiated:mpmath", points=SIZES, digits=20),
        steps=(
            Step("the squared distance is a Lyapunov function: with delta = epsilon"),
            Step("on ties no field changes it to first order (dynamic.lemma-d1.tie)"),
        ),
    )


@claim(
    "dynamic.lemma-d4.sigmoid",
    source="lemma D.4, proof",
    printed=r"\sigma'(x) = \sigma(x)(1 - \sigma(x))x'",
    formal=r"\frac{d}{d\theta}\sigma(\psi\theta) = \sigma(\psi\theta)(1 - \sigma(\psi\theta))\psi",
    says="the derivative of the logistic function, chain rule included",
    expect=Verdict.PROVED,
)
def sigmoid() -> Examination:
    found, value = Symbol("dsigma", real=True), sigma(psi * theta)

    def measured(place: Any) -> Any:

        return mpmath.diff(lambda s: (1 + mpmath.tanh(s * place["psi"] / 2)) / 2, place["theta"])

    return Examination(
        eq(found, value * (1 - value) * psi),
        {found: sp.diff(value, theta)},
        by_numbers({found: measured}, kind="differentiated:mpmath", points=POINTS, digits=20),
    )


@claim(
    "dynamic.lemma-d4.sigmoid.range",
    source="lemma D.4, proof, last sentence",
    formal=r"0 < \sigma < 1",
    says="sigma lies strictly between 0 and 1",
    expect=Verdict.PROVED,
)
def sigmoid_range() -> Examination:
    value = Symbol("sigma", real=True)

    def measured(place: Any) -> Any:

        return (1 + mpmath.tanh(place["y"] / 2)) / 2

    return Examination(
        sp.And(value > 0, value < 1),
        {value: sigma(y)},
        by_numbers({value: measured}, kind="evaluated:mpmath", points=({y: -5}, {y: 0}, {y: 20})),
    )


def _printed_gradient(factor: Any) -> Any:
    value = sigma(psi * theta)
    return value * (1 - value) * factor / (1 - value)


@claim(
    "dynamic.lemma-d4.gradient.theta",
    source="lemma D.4, proof (and D.6)",
    printed=r"\nabla_{\theta} \mathcal{L}(\theta, \psi) = \frac{\sigma(\psi\theta)"
    r"(1 - \sigma(\psi\theta))\psi}{1 - \sigma(\psi\theta)}",
    formal=r"L_\theta = \frac{\sigma(\psi\theta)(1 - \sigma(\psi\theta))\psi}"
    r"{1 - \sigma(\psi\theta)}",
    says="the gradient of the BCE loss in theta",
    expect=Verdict.REFUTED,
    amended=r"L_\theta = -\psi\sigma(\psi\theta)",
    repair="a minus sign: the derivative of log(1 - sigma) is -sigma'/(1 - sigma)",
)
def d4_theta() -> Examination:
    right = -psi * sigma(psi * theta)
    return _compared(BCE, bce_game(), eq(gradient, _printed_gradient(psi)), eq(gradient, right))


@claim(
    "dynamic.lemma-d4.gradient.psi",
    source="lemma D.4, proof (and D.6)",
    printed=r"\nabla_{\psi} \mathcal{L}(\theta, \psi) = \frac{\sigma(\psi\theta)"
    r"(1 - \sigma(\psi\theta))\theta}{1 - \sigma(\psi\theta)}",
    formal=r"L_\psi = \frac{\sigma(\psi\theta)(1 - \sigma(\psi\theta))\theta}"
    r"{1 - \sigma(\psi\theta)}",
    says="the gradient of the BCE loss in psi",
    expect=Verdict.REFUTED,
    amended=r"L_\psi = -\theta\sigma(\psi\theta)",
    repair="a minus sign, as in theta",
)
def d4_psi() -> Examination:
    right = -theta * sigma(psi * theta)
    return _compared(BCE, bce_game(), eq(other, _printed_gradient(theta)), eq(other, right))


value = Symbol("bound", real=True)


@claim(
    "dynamic.lemma-d4.condition.theta",
    source="lemma D.4, proof, last display",
    printed=r"\psi\theta < 0 \implies 0 \geq -\theta\psi\sigma(\psi\theta)",
    formal=r"-\theta\psi\sigma(\psi\theta) \le 0",
    says="the condition on V_1 holds trivially (theta = -a, psi = b)",
    expect=Verdict.REFUTED,
    amended=r"-\theta\nabla_\theta L = \theta\psi\sigma(\psi\theta) < 0",
    repair="with the right gradient -psi sigma the condition reads 0 >= theta psi sigma, true "
    "where psi theta < 0; as printed it fails everywhere there",
)
def d4_condition_theta() -> Examination:
    return _condition(-1)


@claim(
    "dynamic.lemma-d4.condition.psi",
    source="lemma D.4, proof, last display",
    printed=r"\psi\theta > 0 \implies 0 \geq \psi\theta\sigma(\psi\theta)",
    formal=r"\psi\theta\sigma(\psi\theta) \le 0",
    says="the condition on V_2 holds trivially (theta = a, psi = b)",
    expect=Verdict.REFUTED,
    amended=r"\psi\nabla_\psi L = -\psi\theta\sigma(\psi\theta) < 0",
    repair="with the right gradient -theta sigma the condition reads 0 >= -psi theta sigma; as "
    "printed it fails everywhere where psi theta > 0",
)
def d4_condition_psi() -> Examination:
    return _condition(1)


def _condition(side: int) -> Examination:
    """The printed bound, and the right one from the derived gradient, at (side a, b)."""
    right = rates[0] if side < 0 else rates[1]
    product = side * a * b
    exact = {value: side * product * sigma(product), right: _rates(bce_game())[right]}
    measured = _measured_rates(BCE)[right]
    numbers = {value: lambda place: -measured(place), right: measured}
    return Examination(
        value <= 0,
        exact,
        by_numbers(numbers, kind="differentiated:mpmath", points=SIZES, digits=20),
        amendment=sp.And(eq(right, -a * b * sigma(product)), eq(value, a * b * sigma(product))),
    )
