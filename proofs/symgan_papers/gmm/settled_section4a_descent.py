r"""Lemma 4.1 settled: what each hypothesis is needed for, sharpness, the descent lemma."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath
import sympy as sp
from sympy import Integer, Rational, Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.gmm.model_section4 import Place
from symgan_papers.gmm.section4a_descent import (
    POINTS,
    U,
    c,
    change,
    change_of_linear,
    eta,
    s,
    slope_on_segment,
    t,
)

OURS = "ours: lemma 4.1"


def cantor(x: Fraction) -> Fraction:
    """The Cantor function at a rational number, 0 to the left of [0, 1] and 1 to the right."""
    if x <= 0 or x >= 1:
        return Fraction(int(x >= 1))
    value, place = Fraction(0), Fraction(1, 2)
    for _ in range(200):
        digit, x = divmod(3 * x, 1)
        if digit == 1:
            return value + place
        value, place = value + place * (digit == 2), place / 2
    raise ValueError("a place of the Cantor set whose ternary digits do not end")


def cantor_limit(x: Any) -> Any:
    """The same as the limit of piecewise linear functions, by their recursion from 0 to 1."""

    def step(y: Any, depth: int) -> Any:
        if y <= 0 or y >= 1 or depth == 0:
            return min(max(y, mpmath.mpf(0)), mpmath.mpf(1))
        if 3 * y < 1:
            return step(3 * y, depth - 1) / 2
        return (1 + step(3 * y - 2, depth - 1)) / 2 if 3 * y > 2 else mpmath.mpf(1) / 2

    return step(x, 160)


@claim(
    "gmm.settled.lemma4-1.lipschitz-needed",
    source=OURS,
    formal=r"change = 1 > -3 = -\eta(1 - c)|g'(x)|^2",
    says="without 'Lipschitz' the lemma is false even with c = 0: g(y) = y - 4 Cantor(y) has g' = "
    "1 almost everywhere on the segment from x = 2 to x' = 2 - 3 g'(2) = -1 and is continuous, "
    "yet it rises by 1; what is needed is absolute continuity on the segment",
    expect=Verdict.PROVED,
)
def lipschitz_needed() -> Examination:
    bound = Symbol("bound", real=True)
    x, step = Fraction(2), Fraction(3)

    def g(y: Fraction) -> Fraction:
        return y - 4 * cantor(y)

    slope = g(x + 1) - g(x)  # g is linear on [1, oo), with this slope
    rise = g(x - step * slope) - g(x)

    start = mpmath.mpf(2)

    def plain(y: Any) -> Any:
        return y - 4 * cantor_limit(y)

    def measured(_: Place) -> Any:
        return plain(start - 3 * mpmath.diff(plain, start)) - plain(start)

    exact = {change: Rational(rise), bound: Rational(-step * slope**2)}
    return Examination(
        sp.And(eq(change, 1), eq(bound, -3)),
        exact,
        by_numbers(
            {change: measured, bound: lambda _: -3 * mpmath.diff(plain, start) ** 2}, digits=20
        ),
        steps=(
            Step("off the Cantor set, which has measure zero, g is locally y - constant"),
            Step("the rise hides in a null set: -3 + 4 Cantor(2) - 4 Cantor(-1)", Integer(1)),
        ),
    )


@claim(
    "gmm.settled.lemma4-1.any-c",
    source=OURS,
    formal=r"change \le -\eta \cdot (1 - c) U^2",
    says="'c < 1' is not needed for the inequality, which bounds the rise by eta (c - 1) |grad|^2 "
    "where c > 1; it is needed for progress only",
    expect=Verdict.PROVED,
)
def any_c() -> Examination:
    points = tuple({**p, c: p[c] + 1} for p in POINTS)
    return Examination(
        change <= -eta * (1 - c) * U**2,
        {change: slope_on_segment()},
        by_numbers({change: change_of_linear}, points=points, kind="evaluated:mpmath"),
        given=c > 1,
    )


@claim(
    "gmm.settled.lemma4-1.sharp",
    source=OURS,
    formal=r"change = -\eta [(1 - c) + c \epsilon] U^2",
    says="the factor 1 - c cannot be improved: a slope that drops from U to (1 - c) U after the "
    "part epsilon of the segment is differentiable at x and changes g by -eta ((1 - c) + c "
    "epsilon) U^2; equality itself needs c = 0 or a zero gradient, since g is differentiable at x",
    expect=Verdict.PROVED,
)
def sharp() -> Examination:
    eps = Symbol("epsilon", positive=True)
    first = sp.integrate(-eta * U**2, (t, 0, eps))
    rest = sp.integrate(-eta * (1 - c) * U**2, (t, eps, 1))

    def measured(place: Place) -> Any:
        upper, drop, kink = place["U"], place["c"], -place["epsilon"] * place["eta"] * place["U"]

        def g(x: Any) -> Any:
            return upper * (x if x >= kink else kink + (1 - drop) * (x - kink))

        return g(-place["eta"] * upper) - g(mpmath.mpf(0))

    points = tuple({**p, eps: e} for p, e in zip(POINTS, (Rational(1, 3), 1, 0.01), strict=True))
    points = tuple({k: sp.nsimplify(v) for k, v in p.items()} for p in points)
    return Examination(
        eq(change, -eta * ((1 - c) + c * eps) * U**2),
        {change: first + rest},
        by_numbers({change: measured}, points=points),
    )


@claim(
    "gmm.settled.lemma4-1.descent-lemma",
    source=OURS,
    formal=r"change = -\eta \left(1 - \tfrac{L\eta}{2}\right) U^2 - \eta s U",
    says="the stronger form, with a bound c(v) that varies along the segment and its mean in the "
    "place of c, contains the descent lemma: an L-Lipschitz gradient gives c(v) = L eta t at the "
    "part t of the segment, hence progress eta (1 - L eta/2) |grad|^2; lemma 4.1 itself gives 1 - "
    "L eta",
    expect=Verdict.PROVED,
)
def descent_lemma() -> Examination:
    ell = Symbol("L", positive=True)
    mean = sp.integrate(slope_on_segment().subs(c, ell * eta * t), (t, 0, 1))

    def measured(place: Place) -> Any:
        """A quadratic of curvature L and a linear term, at both ends."""
        upper = place["U"] + place["s"]

        def g(x: Any) -> Any:
            # Its slope falls from U + s by L times the way gone; the way is eta U.
            return upper * x + place["L"] * x * x / 2

        return g(-place["eta"] * place["U"]) - g(mpmath.mpf(0))

    points = tuple({**p, ell: Rational(1, 4)} for p in POINTS)
    return Examination(
        eq(change, -eta * (1 - ell * eta / 2) * U**2 - eta * s * U),
        {change: sp.expand(mean)},
        by_numbers({change: measured}, points=points),
        steps=(Step("s >= 0 is the mean slack of Cauchy-Schwarz along the segment"),),
    )
