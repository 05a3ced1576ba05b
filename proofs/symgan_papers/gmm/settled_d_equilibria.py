r"""Settled: all equilibria of the first-order dynamics, with the true means and without them.

Let :math:`S(m) = \sum_i [\varphi(r_i - m) - \varphi(\ell_i - m)]`. The flow of (9)-(11) is
:math:`\mu_j' = -S(\mu_j)/2, r_i' = F(r_i), \ell_i' = -F(\ell_i)`. Put
:math:`\gamma(x) = (\varphi(x - \mu^*_1), \varphi(x - \mu^*_2))`, a loop that starts and ends at the
origin. With :math:`\ell_1 \le r_1 \le \ell_2 \le r_2`, exactly these points rest:

* A. true means, four distinct ends, and :math:`\gamma(\ell_1), \gamma(r_1), \gamma(\ell_2),
  \gamma(r_2)` are the vertices of a parallelogram;
* B. both intervals empty, at zeros of F; with the true means anywhere;
* C. equal generator means m, one interval [l, r] of midpoint m with F(l) = F(r) = 0, and the other
  one empty at a zero of F.
"""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Step, Verdict, claim, eq
from symgan.games.mixture import normal_pdf
from symgan_papers.gmm.model_settled import (
    HALF,
    OURS,
    Place,
    a,
    difference,
    examined,
    plain_field,
    plain_payoff,
    slope,
    two_modes,
    x,
)

left, right = sp.symbols("l r", positive=True)
DISTANT = OURS + ", to equations (9)-(11)"


@claim(
    "gmm.settled.equilibria.parallelogram",
    source=DISTANT,
    formal=r"V = \frac{1}{2} (\varphi(l_1 + a) + \varphi(l_2 + a) - \varphi(r_1 + a) - "
    r"\varphi(r_2 + a))",
    says="with the true means -a, a all four ends stand still (F vanishes identically: the field "
    "E of the end r_2 is 0), and the means move by V and W, W being V at -a: the point rests iff "
    "gamma(l_1) + gamma(l_2) = gamma(r_1) + gamma(r_2), gamma(x) = (phi(x + a), phi(x - a)). That "
    "is {l_1, l_2} = {r_1, r_2} as sets (with ordered ends: both intervals empty), or the four "
    "points of the loop gamma are the vertices of a parallelogram, l and r in turn",
    expect=Verdict.PROVED,
)
def parallelogram() -> Examination:
    names = sp.symbols("V W E", real=True)
    gan = two_modes()
    field = dict(zip(gan.state, gan.game.flow().rhs, strict=True))
    true = {gan.mu[0]: -a, gan.mu[1]: a}
    values = (*(field[mean] for mean in gan.mu), field[gan.right[1]])
    exact = dict(zip(names, (value.subs(true) for value in values), strict=True))
    (l1, l2), (r1, r2) = gan.left, gan.right

    def balance(at: Any) -> Any:
        pairs = ((l1, 1), (l2, 1), (r1, -1), (r2, -1))
        return HALF * sp.Add(*(sign * normal_pdf(end + at) for end, sign in pairs))

    def moved(part: int) -> Any:
        def of(s: Place) -> Any:
            true_means = (-s["a"], s["a"])
            state = (*true_means, s["l1"], s["l2"], s["r1"], s["r2"])
            return plain_field(true_means, state)[part]

        return of

    points = (
        {a: HALF, l1: -1, r1: 0, l2: 1, r2: 2},
        {a: 2, l1: -3, r1: 1, l2: Rational(3, 2), r2: 5},
    )
    return examined(
        sp.And(eq(names[0], balance(a)), eq(names[1], balance(-a)), eq(names[2], 0 * a)),
        exact,
        {name: moved(part) for name, part in zip(names, (0, 1, 5), strict=True)},
        points,
        Step("three changes of sign along l_1 < r_1 < l_2 < r_2: at most three balanced means"),
    )


@claim(
    "gmm.settled.equilibria.one-interval",
    source=DISTANT,
    formal=r"Q = e^{2 a (r - l)}",
    says="one proper interval, or two that touch, balances no two means at once: the ratio q(m) = "
    "phi(r - m)/phi(l - m), which is 1 for a balanced m, changes by the factor Q from m = -a to "
    "m = a. So a discriminator with one empty interval is in no equilibrium with distinct means, "
    "true or not: only its midpoint is balanced",
    expect=Verdict.PROVED,
)
def one_interval() -> Examination:
    ratio = Symbol("Q", positive=True)
    gan = two_modes(intervals=1)
    (low,), (high,) = gan.left, gan.right
    low_end, high_end = sp.symbols("l r", real=True)

    def quotient(mean: Symbol, at: Any) -> Any:
        pull = sp.diff(gan.L, mean).subs(mean, at)
        return (pull.subs(low, -sp.oo) / -pull.subs(high, sp.oo)).subs(
            {low: low_end, high: high_end}
        )

    exact = {ratio: quotient(gan.mu[1], a) / quotient(gan.mu[0], -a)}

    def measured(s: Place) -> Any:
        def pull(mean: Any, end: Any) -> Any:
            far = mpmath.mpf(40)  # beyond it a Gaussian has less than 10^-345 of its mass

            def payoff(c: Any) -> Any:
                return plain_payoff((0,), (c,), ((-far, end),))

            return slope(payoff, [mean], 0)

        high_mean, low_mean = s["a"], -s["a"]
        up = pull(high_mean, s["r"]) / pull(high_mean, s["l"])
        return up / (pull(low_mean, s["r"]) / pull(low_mean, s["l"]))

    points = (
        {a: HALF, low_end: -1, high_end: 2},
        {a: 2, low_end: 0, high_end: 1},
    )
    return examined(
        eq(ratio, sp.exp(2 * a * (high_end - low_end))),
        exact,
        {ratio: measured},
        points,
        Step("with wrong means F has three zeros at most (gmm.settled.modes.bound), on which four"),
        Step("ordered ends make no two proper intervals apart: only empty intervals are left"),
    )


@claim(
    "gmm.settled.equilibria.convex-loop",
    source=DISTANT,
    formal=r"K = 2 a (x^2 + 1 - a^2) p q",
    says="how many parallelograms (component A): K = gamma' x gamma'', p and q being gamma's "
    "components. For a <= 1, the case of a unimodal truth and of the paper's Figures 1 and 3, the "
    "loop bounds a strictly convex set, in which every chord but the longest of its direction has "
    "exactly one other of its direction and length: almost every pair x < y makes the side "
    "of exactly one parallelogram, and so two neighboring ends, in a circle, of exactly one "
    "equilibrium. Component A is a surface. For a > 1 (Figure 2: a = 2) the loop bends inward "
    "between -sqrt(a^2 - 1) and sqrt(a^2 - 1)",
    expect=Verdict.PROVED,
)
def convex_loop() -> Examination:
    bend, p, q = sp.symbols("K p q", real=True)
    curve = [normal_pdf(x + a), normal_pdf(x - a)]
    first, second = ([sp.diff(c, x, order) for c in curve] for order in (1, 2))
    exact = {
        bend: first[0] * second[1] - first[1] * second[0],
        p: curve[0],
        q: curve[1],
    }

    def density(sign: int, order: int) -> Any:
        def of(s: Place) -> Any:
            return mpmath.diff(
                lambda y: mpmath.erf(y / mpmath.sqrt(2)) / 2, s["x"] + sign * s["a"], order + 1
            )

        return of

    def measured(s: Place) -> Any:
        (p1, p2), (q1, q2) = ([density(sign, order)(s) for order in (1, 2)] for sign in (1, -1))
        return p1 * q2 - q1 * p2

    numbers = {bend: measured, p: density(1, 0), q: density(-1, 0)}
    points = ({a: HALF, x: Rational(1, 3)}, {a: 2, x: -1}, {a: 1, x: 2})
    return examined(
        eq(bend, 2 * a * (x**2 + 1 - a**2) * p * q),
        exact,
        numbers,
        points,
        kind="differentiated:mpmath",
    )


@claim(
    "gmm.settled.equilibria.symmetric",
    source=DISTANT,
    formal=r"V = e^{-\frac{a^2}{2}} (\varphi(l) \sinh(a l) - \varphi(r) \sinh(a r))",
    says="the symmetric discriminators [-r, -l], [l, r] about the middle of the true means: the "
    "two generator equations become one, since mu_1 moves by U = -V where mu_2 moves by V, and it "
    "asks for T(l) = T(r), T(x) = phi(x) sinh(a x). T rises from 0 on [0, x_*], falls to 0 on "
    "[x_*, oo), x_* tanh(a x_*) = a: exactly one r > x_* for each 0 < l < x_*. The curve runs from "
    "the whole line (l -> 0, r -> oo) to two empty intervals at -x_*, x_* (l, r -> x_*)",
    expect=Verdict.PROVED,
)
def symmetric() -> Examination:
    names = sp.symbols("V U R", real=True)
    gan = two_modes()
    rhs = gan.game.flow().rhs
    ends = (
        *zip(gan.left, (-right, left), strict=True),
        *zip(gan.right, (-left, right), strict=True),
    )
    at = {gan.mu[0]: -a, gan.mu[1]: a, **dict(ends)}
    turning = normal_pdf(x) * sp.sinh(a * x)
    rising = sp.diff(turning, x) / (normal_pdf(x) * sp.cosh(a * x))
    exact = {names[0]: rhs[1].subs(at), names[1]: rhs[0].subs(at), names[2]: rising}

    def moved(part: int) -> Any:
        def of(s: Place) -> Any:
            true = (-s["a"], s["a"])
            return plain_field(true, (*true, -s["r"], s["l"], -s["l"], s["r"]))[part]

        return of

    def measured_rise(s: Place) -> Any:
        def height(y: Any) -> Any:
            lifts = (mpmath.exp(-((y - k * s["a"]) ** 2) / 2) for k in (1, -1))
            first, second = lifts
            return first - second  # 2 sqrt(2 pi) e^{-a^2/2} T

        total = mpmath.fsum(mpmath.exp(-((s["x"] - k * s["a"]) ** 2) / 2) for k in (1, -1))
        return slope(height, [s["x"]], 0) / total

    def balance(y: Any) -> Any:
        return normal_pdf(y) * sp.sinh(a * y)

    statement = sp.And(
        eq(names[0], sp.exp(-(a**2) / 2) * (balance(left) - balance(right))),
        eq(names[1], -sp.exp(-(a**2) / 2) * (balance(left) - balance(right))),
        eq(names[2], a - x * sp.tanh(a * x)),
    )
    points = (
        {a: HALF, left: HALF, right: 2, x: 1},
        {a: 2, left: 1, right: 3, x: Rational(1, 2)},
    )
    return examined(
        statement,
        exact,
        {names[0]: moved(1), names[1]: moved(0), names[2]: measured_rise},
        points,
        Step("R = T'/(phi cosh(a x)) falls strictly: x tanh(a x) rises from 0 without bound"),
    )


@claim(
    "gmm.settled.equilibria.empty",
    source=DISTANT,
    formal=r"R_1 = G - H",
    says="component B: where both intervals are empty, l_i = r_i = x_i, the means rest whatever "
    "they are (V = W = 0), and the ends move by R_i = F(x_i) = G - H, true density minus "
    "generated density, and -R_i: the point rests iff F(x_1) = F(x_2) = 0. So an empty interval "
    "off the zeros of F is no equilibrium of (10)-(11): its width r - l starts with the rate 2 "
    "F(x)",
    expect=Verdict.PROVED,
)
def empty() -> Examination:
    names = sp.symbols("R_1 D_1 V W G H", real=True)
    gan = two_modes()
    x1, x2 = sp.symbols("x1 x2", real=True)
    at = dict(zip((*gan.left, *gan.right), (x1, x2, x1, x2), strict=True))
    field = [value.subs(at) for value in gan.game.flow().rhs]
    exact = dict(
        zip(
            names,
            (field[4], field[4] - field[2], field[0], field[1], gan.truth.pdf(x1),
             gan.generator.pdf(x1)),
            strict=True,
        )
    )  # fmt: skip

    def whole(s: Place) -> tuple[Any, ...]:
        state = (s["mu1"], s["mu2"], s["x1"], s["x2"], s["x1"], s["x2"])
        return plain_field((-s["a"], s["a"]), state)

    def mean_density(centers: Any) -> Any:
        def of(s: Place) -> Any:
            return difference(centers(s), (s["x1"] + 60, s["x1"] + 70))(s["x1"])

        return of

    numbers = {
        names[0]: lambda s: whole(s)[4],
        names[1]: lambda s: whole(s)[4] - whole(s)[2],
        names[2]: lambda s: whole(s)[0],
        names[3]: lambda s: whole(s)[1],
        names[4]: mean_density(lambda s: (-s["a"], s["a"])),
        names[5]: mean_density(lambda s: (s["mu1"], s["mu2"])),
    }
    mu1, mu2 = gan.mu
    points = (
        {a: HALF, mu1: 1, mu2: 3, x1: 0, x2: 1},
        {a: 2, mu1: -1, mu2: HALF, x1: -3, x2: 2},
    )
    rate = names[4] - names[5]
    return examined(
        sp.And(
            eq(names[0], rate),
            eq(names[1], 2 * rate),
            eq(names[2], 0 * a),
            eq(names[3], 0 * a),
        ),
        exact,
        numbers,
        points,
    )


@claim(
    "gmm.settled.equilibria.collapsed",
    source=DISTANT,
    formal=r"F = \varphi(x) (e^{-\frac{a^2}{2}} \cosh(a x) - 1)",
    says="component C, equal means m: F = F(x) at m = 0. For a <= 1 the truth is unimodal and "
    "even, so that F(l) = F(r) = 0 with m the middle of [l, r] needs m = 0 and r = -l = x_0, "
    "cosh(a x_0) = e^{a^2/2}: one isolated interval. With E = F' + x F, which is F' at a zero, F "
    "rises at x_0. Moving both ends outward alike leaves equal means at rest to first order (U, "
    "the rate of mu_1 along that, is 0): an eigenvector of value F'(x_0) > 0, as l' = -F(l), r' = "
    "F(r). So component C is unstable for a <= 1",
    expect=Verdict.PROVED,
)
def collapsed() -> Examination:
    value, rate, pull = sp.symbols("F E U", real=True)
    gan = two_modes()
    density = gan.F(x).subs({gan.mu[0]: 0, gan.mu[1]: 0})
    moved, end, other = gan.game.flow().rhs[0], gan.right[0], gan.left[0]
    outward = sp.diff(moved, end) - sp.diff(moved, other)
    at = {gan.mu[0]: 0, gan.mu[1]: 0, end: x, other: -x}
    exact = {
        value: density,
        rate: sp.diff(density, x) + x * density,
        pull: outward.subs(at),
    }

    def plain(s: Place) -> Any:
        return difference((-s["a"], s["a"]), (0, 0))

    numbers = {
        value: lambda s: plain(s)(s["x"]),
        rate: lambda s: slope(plain(s), [s["x"]], 0) + s["x"] * plain(s)(s["x"]),
        pull: lambda s: slope(
            lambda y: plain_field((-s["a"], s["a"]), (0, 0, -y, 5, y, 5))[0], [s["x"]], 0
        ),
    }
    scale = sp.exp(-(a**2) / 2)
    statement = sp.And(
        eq(value, normal_pdf(x) * (scale * sp.cosh(a * x) - 1)),
        eq(rate, a * scale * normal_pdf(x) * sp.sinh(a * x)),
        eq(pull, 0 * a),
    )
    points = ({a: HALF, x: 2}, {a: 2, x: -1}, {a: 1, x: Rational(1, 3)})
    return examined(statement, exact, numbers, points)
