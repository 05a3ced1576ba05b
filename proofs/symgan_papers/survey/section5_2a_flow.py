r"""Section 5.2, opening: the update rules, their limit, and the vector field."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp

from symgan import rules
from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.survey.model_section5_2 import (
    POINTS,
    Place,
    game,
    gamma,
    p,
    psi,
    q,
    quadratic_at,
    s,
    stepped,
    theta,
)

new_g, new_d = sp.symbols("new_g new_d", real=True)
speed_g, speed_d = sp.symbols("speed_g speed_d", real=True)
a = sp.Symbol("a", positive=True)
b = sp.Symbol("b", real=True)
modulus = sp.Symbol("modulus", real=True)

TINY = mpmath.mpf(10) ** -20


def _image(place: Place, step: Any) -> list[Any]:
    return stepped(quadratic_at(place), [place["theta"], place["psi"]], step)


@claim(
    "survey.update-rules.generator",
    source="section 5.2, first display",
    printed=r"\theta_g^{k+1} = \theta_g^k - \gamma \nabla_{\theta_g} V(\theta_g^k, \theta_d^k)",
    formal=r"new_g = \theta - \gamma (p \theta + s \psi)",
    says="the generator takes a descent step on V, both players seeing the same state: on the "
    "payoff p theta^2/2 + s theta psi + q psi^2/2 it is what simultaneous descent does",
    expect=Verdict.PROVED,
)
def update_generator() -> Examination:
    exact = rules.named("simultaneous")(game(), gamma).rhs[0]
    return Examination(
        eq(new_g, theta - gamma * (p * theta + s * psi)),
        {new_g: exact},
        by_numbers({new_g: lambda place: _image(place, place["gamma"])[0]}, points=POINTS,
                   kind="differentiated:mpmath", digits=25),
    )  # fmt: skip


@claim(
    "survey.update-rules.discriminator",
    source="section 5.2, first display",
    printed=r"\theta_d^{k+1} = \theta_d^k + \gamma \nabla_{\theta_d} V(\theta_g^k, \theta_d^k)",
    formal=r"new_d = \psi + \gamma (s \theta + q \psi)",
    says="the discriminator takes an ascent step on V at the same time",
    expect=Verdict.PROVED,
)
def update_discriminator() -> Examination:
    exact = rules.named("simultaneous")(game(), gamma).rhs[1]
    return Examination(
        eq(new_d, psi + gamma * (s * theta + q * psi)),
        {new_d: exact},
        by_numbers({new_d: lambda place: _image(place, place["gamma"])[1]}, points=POINTS,
                   kind="differentiated:mpmath", digits=25),
    )  # fmt: skip


def _speeds(place: Place) -> list[Any]:
    """Displacement over step, for a tiny step."""
    state = [place["theta"], place["psi"]]
    return [(new - old) / TINY for new, old in zip(_image(place, TINY), state, strict=True)]


@claim(
    "survey.gradient-flow.limit",
    source="section 5.2, second display",
    printed=r"\dot{\theta} = -v(\theta)",
    says="as the step goes to 0 the update's displacement over the step tends to -v, with the v "
    "of the next display",
    expect=Verdict.PROVED,
)
def gradient_flow() -> Examination:
    step = rules.named("simultaneous")(game(), gamma)
    slopes = [sp.limit(sp.expand((f - x) / gamma), gamma, 0, "+")
              for f, x in zip(step.rhs, step.state, strict=True)]  # fmt: skip
    return Examination(
        sp.And(eq(speed_g, -(p * theta + s * psi)), eq(speed_d, s * theta + q * psi)),
        {speed_g: slopes[0], speed_d: slopes[1]},
        by_numbers(
            {speed_g: lambda place: _speeds(place)[0], speed_d: lambda place: _speeds(place)[1]},
            points=POINTS,
            digits=15,
        ),
    )


@claim(
    "survey.gradient-flow.field",
    source="section 5.2, third display",
    printed=r"v(\theta_g, \theta_d) = \begin{bmatrix} \nabla_{\theta_g} V(\theta_g, \theta_d) \\"
    r" -\nabla_{\theta_d} V(\theta_g, \theta_d) \end{bmatrix}",
    says="v stacks the generator's gradient and minus the discriminator's: it is the simultaneous "
    "gradient of the two losses V and -V",
    expect=Verdict.PROVED,
)
def field() -> Examination:
    v = game().v
    return Examination(
        sp.And(eq(speed_g, p * theta + s * psi), eq(speed_d, -s * theta - q * psi)),
        {speed_g: v[0], speed_d: v[1]},
        by_numbers(
            {speed_g: lambda place: -_speeds(place)[0], speed_d: lambda place: -_speeds(place)[1]},
            points=POINTS,
            digits=15,
        ),
    )


@claim(
    "survey.gradient-flow.insight",
    source="section 5.2, below the third display",
    says="analyzing the continuous game limit gives insight into the convergence of training",
    expect=Verdict.INFORMAL,
    reason="a judgement of usefulness; what carries over is survey.settled.flow-to-steps",
)
def insight() -> None: ...


@claim(
    "survey.settled.flow-to-steps",
    source="section 5.2, below the third display",
    formal=r"modulus - 1 = \gamma (\gamma (a^2 + b^2) - 2 a)",
    says="where the flow converges exponentially small steps do too, and exactly how small: for "
    "an eigenvalue a + bi of v' with a > 0 the step multiplies by a number whose squared modulus "
    "less 1 is this, so that it contracts iff gamma < 2a/(a^2 + b^2)",
    expect=Verdict.PROVED,
)
def flow_to_steps() -> Examination:
    eigenvalue = 1 - gamma * (a + sp.I * b)
    exact = sp.expand(eigenvalue * sp.conjugate(eigenvalue))

    def measured(place: Place) -> Any:
        return abs(1 - place["gamma"] * mpmath.mpc(place["a"], place["b"])) ** 2

    return Examination(
        eq(modulus - 1, gamma * (gamma * (a**2 + b**2) - 2 * a)),
        {modulus: exact},
        by_numbers(
            {modulus: measured},
            points=(
                {a: 1, b: 2, gamma: sp.Rational(1, 5)},
                {a: 1, b: 2, gamma: sp.Rational(3, 5)},
                {a: 3, b: 0, gamma: sp.Rational(1, 2)},
                {a: sp.Rational(1, 10), b: 5, gamma: 1},
            ),
        ),
        steps=(Step("|1 - gamma lambda|^2 = 1 - 2 gamma a + gamma^2 (a^2 + b^2)"),),
    )
