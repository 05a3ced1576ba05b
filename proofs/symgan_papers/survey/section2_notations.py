r"""Section 2: notations."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.survey.model_part1 import smoothed

theta, a, b, c = sp.symbols("theta a b c", real=True)


@claim(
    "survey.notation.delta",
    source="section 2",
    printed=r"\delta_{\theta}(x) = \delta(x - \theta)",
    formal=r"E = a + b \theta + c \theta^3",
    says="delta_theta is the Dirac delta at theta: the mean of a function g under it is g(theta), "
    "here for g(x) = a + b x + c x^3",
    expect=Verdict.PROVED,
)
def delta() -> Examination:
    x, mean = Symbol("x", real=True), Symbol("E", real=True)
    g = a + b * x + c * x**3
    exact = {mean: sp.integrate(g * sp.DiracDelta(x - theta), (x, -sp.oo, sp.oo))}

    def measured(p: Any) -> Any:
        # A normal law of width 1e-25 about theta: the mean moves by its variance, 1e-50.
        width = mpmath.mpf(10) ** -25
        return smoothed(lambda s: p["a"] + p["b"] * s + p["c"] * s**3, p["theta"], width)

    points = ({theta: 2, a: 1, b: -3, c: 1}, {theta: sp.Rational(-1, 3), a: 2, b: 1, c: 5})
    return Examination(
        eq(mean, a + b * theta + c * theta**3),
        exact,
        by_numbers({mean: measured}, kind="quadrature:mpmath", points=points),
        steps=(Step("the integral of g(x) delta(x - theta) over the line"),),
    )
