r"""Settled: how well a generator with equal means fits the truth.

With equal means m the generator is N(m, 1). For :math:`|m| < a` F is positive outside an interval
[z_1, z_2], and the total variation f(m) has the slope G(z_1) - G(z_2), G the true density, as
:math:`G(z) = \varphi(z - m)` at both zeros.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import mpmath
import sympy as sp
from sympy import Expr, Rational, Symbol

from symgan.analysis.total_variation import TotalVariation, sign_changes, total_variation
from symgan.certify.ball import load_flint
from symgan.claims import Examination, Step, Verdict, claim, eq
from symgan.games.mixture import normal_cdf, normal_pdf
from symgan_papers.gmm.model_settled import (
    HALF,
    OURS,
    Place,
    a,
    below,
    difference,
    examined,
    m,
    slope,
    two_modes,
)

COLLAPSED = OURS + ", to 'mode collapse' and the success criterion of section 5"
TRUTH = (-HALF, HALF)
ZERO = Rational(0)
z = Symbol("z", real=True)


def collapsed_fit() -> Expr:
    """TV(N(0, 1), truth): the payoff of the two half-lines beyond x_0, less 1."""
    gan = two_modes()
    root = sp.acosh(sp.exp(a**2 / 2)) / a
    ends = dict(zip((*gan.left, *gan.right), (-sp.oo, root, -root, sp.oo), strict=True))
    return (gan.L.subs(dict.fromkeys(gan.mu, 0)).subs(ends) - 1).subs(a, HALF)


@cache
def enclosed(mean: Rational) -> TotalVariation:
    """TV(N(mean, 1), truth), enclosed."""
    return total_variation(TRUTH, (mean, mean))


@cache
def plain_fit(center: Any) -> Any:
    """Half the integral of |F| between its zeros, for |center| < 1/2 and a = 1/2."""
    F = difference(TRUTH, (center, center))

    def cumulative(y: Any) -> Any:
        return mpmath.fsum(below(y - t) for t in TRUTH) / 2 - below(y - center)

    def zero(low: Any, high: Any) -> Any:
        low, high = mpmath.mpf(low), mpmath.mpf(high)
        side = F(low)
        for _ in range(80):  # 2^-80 in place is 2^-160 in mass: F vanishes there
            middle = (low + high) / 2
            low, high = (middle, high) if F(middle) * side > 0 else (low, middle)
        return low

    return cumulative(zero(-6, center)) - cumulative(zero(center, 6))


@claim(
    "gmm.settled.collapsed.fit",
    source=COLLAPSED,
    formal=r"f_0 < \frac{3}{50}",
    says="a generator with both means at 0 has the total variation f_0 = Phi(1/2 - x_0) + "
    "Phi(-1/2 - x_0) - 2 Phi(-x_0) = 0.0580588657..., x_0 = 2 arcosh(e^{1/8}), from the truth "
    "(-1/2, 1/2): below the 0.1 that section 5 calls convergence to the truth",
    expect=Verdict.PROVED,
)
def fit() -> Examination:
    value = Symbol("f_0", positive=True)
    return examined(
        value < Rational(3, 50),
        {value: enclosed(ZERO).upper},
        {value: lambda s: plain_fit(0)},
        ({},),
        Step("in closed form", collapsed_fit()),
        kind="bisection:mpmath",
    )


@claim(
    "gmm.settled.collapsed.formula",
    source=COLLAPSED,
    formal=r"f_0 = \Phi(a - x_0) + \Phi(-a - x_0) - 2 \Phi(-x_0)",
    says="the same for all true means -a, a: half-lines beyond x_0 = arcosh(e^{a^2/2})/a are "
    "optimal, where f_0 is the payoff less 1; it is F's mass outside [-x_0, x_0] for any x_0",
    expect=Verdict.PROVED,
)
def formula() -> Examination:
    value, end = Symbol("f_0", real=True), Symbol("x_0", positive=True)
    gan = two_modes()
    ends = dict(zip((*gan.left, *gan.right), (-sp.oo, end, -end, sp.oo), strict=True))
    payoff = gan.L.subs(dict.fromkeys(gan.mu, 0)).subs(ends) - 1
    exact = {value: _one_sign(payoff)}

    def mass(s: Place) -> Any:
        F = difference((-s["a"], s["a"]), (0, 0))
        return -2 * mpmath.quad(F, [0, s["x_0"]], maxdegree=4)

    total = normal_cdf(a - end) + normal_cdf(-a - end) - 2 * normal_cdf(-end)
    points = ({a: HALF, end: 1}, {a: 2, end: Rational(3, 2)})
    return examined(
        eq(value, _one_sign(total)),
        exact,
        {value: mass},
        points,
        kind="quadrature:mpmath",
        digits=12,
    )


def _one_sign(expression: Expr) -> Expr:
    """Error functions of expanded arguments, whose sign SymPy takes out."""
    return expression.replace(sp.erf, lambda y: sp.erf(sp.expand(y)))


@claim(
    "gmm.settled.collapsed.least",
    source=COLLAPSED,
    formal=r"W = D (z_1 + z_2) (z_1 - z_2)",
    says="no equal means fit better than m = 0 if a <= 1. Let 0 < m < a, z_1 < m < z_2 the zeros "
    "of F: f'(m) = G(z_1) - G(z_2) = phi(z_1 - m) - phi(z_2 - m). The first is positive iff z_1 + "
    "z_2 > 0 (G is even and falls away from 0), the second iff z_1 + z_2 > 2 m, by W and D = "
    "-1/2: V, the difference of the exponents, is that with m. So z_1 + z_2 is never in "
    "[0, 2 m], and as it grows without bound for m -> a, f' > 0 on (0, a); for m >= a one half-"
    "line is optimal and f' = phi(z - m) > 0",
    expect=Verdict.PROVED,
)
def least() -> Examination:
    names = sp.symbols("W V D", real=True)
    z1, z2 = sp.symbols("z_1 z_2", real=True)

    def exponent(at: Any) -> Any:
        return sp.expand_log(sp.log(normal_pdf(at)), force=True)

    exact = {
        names[0]: sp.expand(exponent(z1) - exponent(z2)),
        names[1]: sp.expand(exponent(z1 - m) - exponent(z2 - m)),
        names[2]: sp.diff(exponent(z), z, 2) / 2,
    }

    def log_density(y: Any) -> Any:
        return mpmath.log(slope(below, [y], 0))

    numbers = {
        names[0]: lambda s: log_density(s["z_1"]) - log_density(s["z_2"]),
        names[1]: lambda s: log_density(s["z_1"] - s["m"]) - log_density(s["z_2"] - s["m"]),
        names[2]: lambda s: slope(lambda v: slope(log_density, [v], 0), [s["m"]], 0) / 2,
    }
    W, V, D = names
    statement = sp.And(
        eq(W, D * (z1 + z2) * (z1 - z2)),
        eq(V, D * (z1 + z2 - 2 * m) * (z1 - z2)),
        eq(D, -HALF),
    )
    points = ({z1: -1, z2: 2, m: Rational(1, 3)}, {z1: 0, z2: 3, m: 1})
    return examined(statement, exact, numbers, points)


@claim(
    "gmm.settled.collapsed.l1",
    source=COLLAPSED,
    formal=r"2 f_0 > \frac{1}{10}",
    says="with the L1 distance, twice the total variation of (3), in the criterion no generator "
    "with equal means succeeds, whatever its place: 2 f_0 = 0.1161...; nor with the total "
    "variation and any threshold below f_0",
    expect=Verdict.PROVED,
)
def l_one() -> Examination:
    value = Symbol("f_0", positive=True)
    return examined(
        2 * value > Rational(1, 10),
        {value: enclosed(ZERO).lower},
        {value: lambda s: plain_fit(0)},
        ({},),
        kind="bisection:mpmath",
    )


def least_slope() -> Rational:
    """A lower bound of f' on [3/50, 1], from zeros of F enclosed at 94 places.

    Both zeros move right with m, as F rises with m left of m and falls right of it. So on
    [m, m + 1/100] they are at least z_1(m) and z_2(m), and f' is at least phi(m + 1/100 - z_1(m))
    - phi(z_2(m) - m - 1/100); for m >= 1/2 without z_2.
    """
    flint = load_flint()
    before, flint.ctx.prec = flint.ctx.prec, 100
    try:

        def bell(y: Rational) -> Any:
            at = flint.arb(flint.fmpq(int(y.p), int(y.q)))
            return (-at * at / 2).exp() / (2 * flint.arb.pi()).sqrt()

        least = Rational(1)
        for k in range(6, 100):
            low, high = Rational(k, 100), Rational(k + 1, 100)
            first, *second = sign_changes(TRUTH, (low, low)).at
            slope = bell(high - first.lower)
            if second:
                assert second[0].lower > high
                slope -= bell(second[0].lower - high)
            mantissa, exponent = slope.lower().man_exp()
            least = min(least, Rational(int(mantissa)) * Rational(2) ** int(exponent))
        return least
    finally:
        flint.ctx.prec = before


@claim(
    "gmm.settled.collapsed.orbit",
    source=COLLAPSED + "; to Figure 3",
    formal=r"f_1 < \frac{1}{10}",
    says="optimal discriminators and steps of 0.3 from equal means m in [-1, 1]: both means move "
    "by -(3/20) f'(m), by less than P = (3/20) phi(0) < 3/50. For m > 3/50 f' is at least G > "
    "1/20, so that they come within 3/50 of 0 in 126 steps; there f' has the sign of m "
    "(gmm.settled.collapsed.least), so that no step leads out again. From then on the total "
    "variation is at most f_1, that at 3/50: every such run meets the criterion of section 5",
    expect=Verdict.PROVED,
)
def orbit() -> Examination:
    value, slope_least, pace = sp.symbols("f_1 G P", positive=True)
    near = Rational(3, 50)
    exact = {
        value: enclosed(near).upper,
        slope_least: least_slope(),
        pace: Rational(3, 20) * normal_pdf(0),
    }

    def smallest(s: Place) -> Any:
        """Of the difference quotients on a grid; near 1/2 and above F is all but one-signed."""
        places = [mpmath.mpf(k) / 100 for k in (6, 21, 36)]
        return min(slope(plain_fit, [at], 0) for at in places)

    numbers = {
        value: lambda s: plain_fit(mpmath.mpf("0.06")),
        slope_least: smallest,
        pace: lambda s: mpmath.mpf(3) / 20 * slope(below, [mpmath.mpf(0)], 0),
    }
    statement = sp.And(value < Rational(1, 10), slope_least > Rational(1, 20), pace < near)
    return examined(
        statement,
        exact,
        numbers,
        ({},),
        Step("f' = phi(z_1 - m) - phi(z_2 - m), two values of phi: |f'| < phi(0)"),
        Step("(1 - 3/50)/((3/20)(1/20)) < 126"),
        kind="quotients:mpmath",
    )


@claim(
    "gmm.settled.collapsed.how-far",
    source=COLLAPSED,
    formal=r"f_2 < \frac{1}{10}",
    says="how far from the middle equal means still succeed at 0.1: at m = 0.235 (f_2), not at m "
    "= 0.236 (f_3), and not beyond, as f rises with |m|",
    expect=Verdict.PROVED,
)
def how_far() -> Examination:
    low, high = sp.symbols("f_2 f_3", positive=True)
    near, far = Rational(235, 1000), Rational(236, 1000)
    exact = {
        low: enclosed(near).upper,
        high: enclosed(far).lower,
    }
    tenth = Rational(1, 10)
    numbers = {
        low: lambda s: plain_fit(mpmath.mpf("0.235")),
        high: lambda s: plain_fit(mpmath.mpf("0.236")),
    }
    return examined(
        sp.And(low < tenth, high > tenth), exact, numbers, ({},), kind="bisection:mpmath"
    )


@claim(
    "gmm.settled.collapsed.separation",
    source=COLLAPSED,
    formal=r"f_4 < \frac{1}{10}",
    says="for which truths the criterion 0.1 sees mode collapse at all: with both means at 0, "
    "true means -0.66 and 0.66 are fitted to f_4 < 0.1, true means -0.67 and 0.67 to f_5 > 0.1, "
    "and the fit worsens with a: f_0 has the slope phi(x_0 - a) - phi(x_0 + a) > 0 in a. So true "
    "means 1.34 apart are enough for the criterion to tell two modes from one, 1.32 are not",
    expect=Verdict.PROVED,
)
def separation() -> Examination:
    near, far = sp.symbols("f_4 f_5", positive=True)
    close, wide = Rational(66, 100), Rational(67, 100)
    exact = {
        near: total_variation((-close, close), (0, 0)).upper,
        far: total_variation((-wide, wide), (0, 0)).lower,
    }

    def measured(half: str) -> Any:
        def of(s: Place) -> Any:
            width = mpmath.mpf(half)

            def gap(y: Any) -> Any:
                return mpmath.log(mpmath.cosh(width * y)) - width**2 / 2

            end = mpmath.findroot(gap, (1, 2), solver="anderson")
            inside = (below(end - width) - below(-end - width)) - (below(end) - below(-end))
            return -inside

        return of

    tenth = Rational(1, 10)
    return examined(
        sp.And(near < tenth, far > tenth),
        exact,
        {near: measured("0.66"), far: measured("0.67")},
        ({},),
        kind="root:mpmath",
    )
