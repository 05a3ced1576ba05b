r"""Section 5.1.4, the Wasserstein GAN: its objective, and laws that do not overlap."""

from __future__ import annotations

from itertools import product
from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.analysis.divergence import divergence, jensen_shannon
from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.survey.model_part1 import jensen_shannon_of, largest

theta, a, b, s, t = sp.symbols("theta a b s t", positive=True)


@claim(
    "survey.wgan.no-overlap",
    source="section 5.1.4, first sentence",
    formal=r"W = \theta, \quad J = \ln 2, \quad H = 2",
    says="the Wasserstein distance has a better property than divergences where the laws do not "
    "overlap: between points at distance theta it is W = theta, with slope 1, where the "
    "Jensen-Shannon and the squared Hellinger divergence, J and H, are constant and relative "
    "entropies infinite",
    expect=Verdict.PROVED,
)
def no_overlap() -> Examination:
    distance, js, hellinger = sp.symbols("W J H", real=True)
    y = Symbol("y", real=True)
    exact = {
        distance: sp.integrate(1, (y, 0, theta)),  # the gap of the distribution functions
        js: jensen_shannon((1, 0), (0, 1)),
        hellinger: divergence("hellinger", (1, 0), (0, 1)),
    }
    tiny = mpmath.mpf(10) ** -60

    def sup(place: Any) -> Any:
        """The best slope of a 1-Lipschitz critic, by golden sections, times the distance."""
        return largest(lambda slope: slope * place["theta"], -1, 1) * place["theta"]

    numbers = {
        distance: sup,
        js: lambda _: jensen_shannon_of((1 - tiny, tiny), (tiny, 1 - tiny)),
        hellinger: lambda _: 2 * (mpmath.sqrt(1 - tiny) - mpmath.sqrt(tiny)) ** 2,
    }
    points = ({theta: 1}, {theta: sp.Rational(1, 5)}, {theta: 3})
    return Examination(
        sp.And(eq(distance, theta), eq(js, sp.log(2)), eq(hellinger, 2)),
        exact,
        # 1e-60 of overlap is felt at 1e-30 by the Hellinger divergence.
        by_numbers(numbers, kind="maximized:mpmath", points=points, digits=25),
        steps=(Step("the relative entropies", divergence("kl", (1, 0), (0, 1))),),
    )


@claim(
    "survey.wgan.objective",
    source="section 5.1.4, first display",
    printed=r"V(D, G)_{\|D\|_L \leq 1} = E_{x \sim p_{data}} [D(x)] - E_{x \sim p_{gen}} [D(x)]",
    formal=r"W = s a + t b",
    says="the objective of the Wasserstein GAN is maximized over discriminators of Lipschitz "
    "constant at most 1, where it is the Wasserstein distance: on the points 0, s and s + t, the "
    "gaps of the distribution functions being a and -b between them",
    expect=Verdict.PROVED,
)
def objective() -> Examination:
    best = Symbol("W", real=True)
    masses = (a, -b - a, b)  # of p_data - p_gen on the three points
    corners = [
        sp.expand(sum(m * d for m, d in zip(masses, (0, i * s, i * s + j * t), strict=True)))
        for i, j in product((-1, 1), repeat=2)
    ]
    (top,) = (c for c in corners if all(sp.expand(c - other).is_nonnegative for other in corners))

    def measured(place: Any) -> Any:
        x, y = place["s"], place["t"]

        def value(first: Any, second: Any) -> Any:
            outputs = (0, first * x, first * x + second * y)
            gaps = (place["a"], -place["b"] - place["a"], place["b"])
            return sum(m * d for m, d in zip(gaps, outputs, strict=True))

        one = largest(lambda slope: value(slope, 0), -1, 1)
        return value(one, largest(lambda slope: value(one, slope), -1, 1))

    points = (
        {a: sp.Rational(1, 3), b: sp.Rational(1, 5), s: 1, t: 2},
        {a: sp.Rational(1, 7), b: sp.Rational(1, 2), s: 3, t: sp.Rational(1, 2)},
    )
    return Examination(
        eq(best, s * a + t * b),
        {best: top},
        by_numbers({best: measured}, kind="maximized:mpmath", points=points),
        steps=(
            Step("linear in the two slopes of D, so that a corner of [-1, 1]^2 is best"),
            Step("the integral of |F_data - F_gen| over the line is s a + t b too"),
        ),
    )


@claim(
    "survey.wgan.hard",
    source="section 5.1.4, below the first display",
    says="to converge with a discriminator that satisfies the Lipschitz condition is always hard "
    "in practice; the famous method is the gradient penalty",
    expect=Verdict.INFORMAL,
    reason="practice and fame; that the Wasserstein GAN alone does not converge is judged in "
    "survey.problems.wgan-suffers",
)
def hard() -> None: ...
