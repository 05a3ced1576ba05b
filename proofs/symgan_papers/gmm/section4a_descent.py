r"""Section 4: Lemma 4.1, progress of gradient descent without smoothness.

Along the segment a Lipschitz function is absolutely continuous, so that its change is the
integral of its slope. At v the slope towards x' is :math:`-\eta\langle\nabla g(v), \nabla
g(x)\rangle`, and with :math:`\nabla g(v) = \nabla g(x) - d`, :math:`|d| \le c|\nabla g(x)|`,
Cauchy-Schwarz bounds it. In coordinates with :math:`\nabla g(x) = (U, 0)` one has :math:`d = (cU
- s, q)` with a slack :math:`s \ge 0`; the change is the mean of the slopes.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import mpmath
import sympy as sp
from sympy import Expr, Rational, Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.gmm.model_section4 import Place, measured_tv

eta, U = sp.symbols("eta U", positive=True)
c = Symbol("c", positive=True)
s = Symbol("s", nonnegative=True)
q, t = sp.symbols("q t", real=True)
change = Symbol("change", real=True)
POINTS = (
    {eta: Rational(1, 10), U: 2, c: Rational(1, 2), s: Rational(1, 3)},
    {eta: 3, U: 1, c: Rational(1, 4), s: 0},
    {eta: 1, U: Rational(1, 5), c: Rational(9, 10), s: Rational(1, 9)},
)


@cache
def slope_on_segment() -> Expr:
    """The slope of g towards x' where its gradient has changed by (cU - s, q)."""
    at_x = sp.Matrix([U, 0])
    at_v = at_x - sp.Matrix([c * U - s, q])
    return sp.expand(-eta * at_v.dot(at_x))


def change_of_linear(place: Place) -> Any:
    """g(x') - g(x) of a function on numbers, whose gradient off x is (U - cU + s, 1/3)."""
    first = place["U"] * (1 - place["c"]) + place["s"]

    def g(x: Any, y: Any) -> Any:
        return first * x + y / 3

    start = (mpmath.mpf(2), mpmath.mpf(5))
    return g(start[0] - place["eta"] * place["U"], start[1]) - g(*start)


@claim(
    "gmm.lemma4-1",
    source="lemma 4.1",
    printed=r"g(x') - g(x) \leq -\eta(1 - c) \|\nabla g(x)\|_2^2",
    says="for a Lipschitz function g, differentiable at x and at almost all v of the segment from "
    "x to x' = x - eta grad g(x), whose gradient changes by at most c |grad g(x)| there, a step "
    "lowers g by eta (1 - c) |grad g(x)|^2 at least",
    expect=Verdict.PROVED,
)
def lemma() -> Examination:
    return Examination(
        change <= -eta * (1 - c) * U**2,
        {change: slope_on_segment()},
        by_numbers({change: change_of_linear}, points=POINTS, kind="evaluated:mpmath"),
        given=c < 1,
        steps=(
            Step("a Lipschitz function is absolutely continuous on the segment: its change is the "
                 "integral of its slope, and sets of measure zero do not matter"),
            Step("the slope at v, towards x', with grad g(v) = (U, 0) - (cU - s, q)",
                 slope_on_segment()),
            Step("|(cU - s, q)| <= cU forces s >= 0 (Cauchy-Schwarz); the mean over the segment is "
                 "the change divided by the time 1"),
            Step("c = 0 is the limit of small c, c < 0 is impossible for U > 0; for U = 0 x' = x"),
        ),
    )  # fmt: skip


@claim(
    "gmm.lemma4-1.progress",
    source="section 4, before lemma 4.1: 'gradient descent makes actual progress'",
    formal=r"change < 0",
    says="where the change of the derivative is smaller than the derivative (c < 1) a step lowers "
    "g strictly",
    expect=Verdict.PROVED,
)
def progress() -> Examination:
    return Examination(
        change < 0,
        {change: slope_on_segment()},
        by_numbers({change: change_of_linear}, points=POINTS, kind="evaluated:mpmath"),
        given=c < 1,
        steps=(Step("gradients that are not zero; without one x' = x and nothing happens"),),
    )


@claim(
    "gmm.lemma4-1.non-smooth",
    source="section 4, before lemma 4.1: 'for any Lipschitz function, even if non-smooth'",
    formal=r"g(x') - g(x) = -\eta\left[\tfrac{1}{2} + \tfrac{1}{2}(1 - c)\right] U^2",
    says="a kink on the segment does no harm: a function whose slope drops from U to (1 - c) U "
    "half way is lowered by the mean of both",
    expect=Verdict.PROVED,
)
def non_smooth() -> Examination:
    half = sp.integrate(-eta * U**2, (t, 0, Rational(1, 2)))
    rest = sp.integrate(-eta * (1 - c) * U**2, (t, Rational(1, 2), 1))

    def measured(place: Place) -> Any:
        """The kinked function itself, at both ends."""
        upper, drop = place["U"], place["c"]
        kink = -place["eta"] * upper / 2

        def g(x: Any) -> Any:
            return upper * x if x >= kink else upper * kink + (1 - drop) * upper * (x - kink)

        return g(-place["eta"] * upper) - g(mpmath.mpf(0))

    return Examination(
        eq(change, -eta * U**2 * (Rational(1, 2) + (1 - c) / 2)),
        {change: half + rest},
        by_numbers({change: measured}, points=tuple({**p, s: 0} for p in POINTS)),
        given=c < 1,
    )


@claim(
    "gmm.weaker-condition",
    source="section 4, before lemma 4.1: 'this change of derivative condition is much weaker than "
    "typical assumptions one makes to analyze gradient descent'",
    formal=r"\frac{|\nabla g(x) - \nabla g(x')|}{|\nabla g(x)|} < 1",
    says="the typical assumption, an L-Lipschitz gradient and a step for which gradient descent "
    "decreases, eta < 2/L, implies the condition of lemma 4.1 with some c < 1; judged on g = L "
    "x^2/2 with eta = kappa/L. Weaker in the other direction: gmm.lemma4-1.non-smooth has no "
    "Lipschitz gradient",
    expect=Verdict.CONDITIONAL,
    repair="take eta < 1/L, the usual choice but for its end 1/L: then c = eta L will do; from 1/L "
    "to 2/L descent still works and the condition fails at x'",
)
def weaker() -> Examination:
    kappa, ell, x = sp.symbols("kappa L x", positive=True)
    ratio = Symbol("ratio", real=True)
    slope = sp.diff(ell * t**2 / 2, t)
    at_x = slope.subs(t, x)
    moved = sp.cancel((at_x - slope.subs(t, x - kappa / ell * at_x)) / at_x)

    def measured(place: Place) -> Any:
        def g(y: Any) -> Any:
            return 3 * y * y / 2

        start = mpmath.diff(g, mpmath.mpf(2))
        return abs(start - mpmath.diff(g, 2 - place["kappa"] / 3 * start)) / abs(start)

    points = tuple({kappa: Rational(k, 4)} for k in (1, 3, 4, 7))
    return Examination(
        ratio < 1,
        {ratio: moved},
        by_numbers({ratio: measured}, points=points, digits=20),
        given=kappa < 2,
        condition=kappa < 1,
        setting={kappa: Rational(1, 10)},
        steps=(Step("with eta = kappa/L, the relative change of the gradient over a step", moved),),
    )


@claim(
    "gmm.objective-not-convex",
    source="section 4: 'our objective function is neither convex nor smooth'; section 6: 'our loss "
    "function is not smooth'",
    formal=r"f(0, 0) > \tfrac12 f(-1, 1) + \tfrac12 f(1, -1) = 0",
    says="f is not convex: with mu* = (-1, 1) both (-1, 1) and (1, -1) are global minima, f = 0, "
    "and between them f(0, 0) > 0; nor on ordered means, where f rises to its bound 1 along (-t, "
    "t) (not smooth: gmm.gradient-undefined)",
    expect=Verdict.PROVED,
)
def not_convex() -> Examination:
    middle = Symbol("f_middle", real=True)
    root = sp.exp(Rational(1, 2))
    z = sp.log(root + sp.sqrt(root**2 - 1))
    cdf = lambda x: (1 + sp.erf(x / sp.sqrt(2))) / 2  # noqa: E731 - a formula
    # F > 0 outside (-z, z), and F is even.
    value = 2 * ((cdf(-z - 1) + cdf(-z + 1)) / 2 - cdf(-z))

    def measured(_: Place) -> Any:
        return measured_tv([mpmath.mpf(-1), mpmath.mpf(1)], [mpmath.mpf(0), mpmath.mpf(0)])

    return Examination(
        sp.And(middle > Rational(1, 5), middle < Rational(6, 25)),
        {middle: value},
        by_numbers({middle: measured}, kind="scanned:mpmath"),
        steps=(Step("F(0, x) = 0 at cosh x = e^(1/2)", z), Step("f(0, 0)", value)),
    )
