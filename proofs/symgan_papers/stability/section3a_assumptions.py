r"""Assumptions: realizability, h_D and h_G, and the arrows below them."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Verdict, claim, eq
from symgan.losses import GenericLoss
from symgan_papers.stability.model import (
    CONCAVE,
    EQUILIBRIUM,
    FREE,
    LOG_LOSS,
    Place,
    a,
    average,
    f1,
    f2,
    measured,
    plain_field,
    plain_mean,
    plain_payoff,
    psi,
    quadratic_loss,
    quotient,
    sample_payoff,
    w,
    x,
)


@claim(
    "stability.assumption1",
    source="assumptions, 1",
    printed=r"p_{\theta_G^*}(x) = p_{data}(x), \quad D_{\theta_D^*}(x) = 0\ \forall x",
    formal=r"\dot w = 0",
    says="the global equilibrium is realizable: where the generator makes the data's distribution "
    "and the discriminator is zero everywhere both updates vanish, for every f; on the small "
    "system w' = a' = 0 at (0, 1)",
    expect=Verdict.PROVED,
)
def assumption1() -> Examination:
    names = sp.symbols("w_dot a_dot", real=True)
    payoff = sample_payoff(GenericLoss)
    exact = {
        names[0]: average(sp.diff(payoff, w).subs(EQUILIBRIUM).subs(FREE)),
        names[1]: average(-sp.diff(payoff, a).subs(EQUILIBRIUM).subs(FREE)),
    }

    def entry(i: int) -> Any:
        return lambda s: plain_field(plain_payoff(quadratic_loss(s)))(0, 1)[i]

    return measured(
        sp.And(eq(names[0], 0 * f1), eq(names[1], 0 * f1)),
        exact,
        {names[0]: entry(0), names[1]: entry(1)},
        CONCAVE,
    )


@claim(
    "stability.h-d",
    source="assumptions, h_D",
    printed=r"h_D(\theta_D) = E_{p_{data}}[D_{\theta_D}(x)^2]",
    formal=r"H = \frac{w^2}{5}",
    says="h_D, the discriminator's mean square on the data; on the small system H = w^2/5, zero "
    "at the equilibrium alone",
    expect=Verdict.PROVED,
)
def h_d() -> Examination:
    value = Symbol("H", real=True)
    return measured(
        eq(value, w**2 / 5),
        {value: average((w * x**2) ** 2)},
        {value: lambda s: mpmath.quad(lambda z: (s["w"] * z**2) ** 2, [0, 1])},
        ({w: 1}, {w: -3}),
        kind="quadrature:mpmath",
    )


@claim(
    "stability.h-d.exponent",
    source="assumptions, h_D, the scan's exponent behind the bracket",
    formal=r"V_{pp} = f_2 S",
    says="where the exponent stands (the scan is unclear): it is the mean of the square, E D(x)^2, "
    "that has the curvature S with which the arrow below says V_pp = f''(0) S for the "
    "discriminator's curvature of V; the square of the mean, (E D(x))^2, has none here (H = 0), "
    "and a Hessian of rank at most one for any D. Judged on D(x) = psi x, data and generated "
    "samples uniform on [-1, 1]",
    expect=Verdict.PROVED,
)
def exponent() -> Examination:
    bend, outside, inside = sp.symbols("V_pp H S", real=True)
    payoff = GenericLoss(psi * x) + GenericLoss(-psi * x)
    exact = {
        bend: average(sp.diff(payoff, psi, 2).subs(psi, 0).subs(FREE)),
        outside: sp.diff(average(psi * x) ** 2, psi, 2),
        inside: sp.diff(average((psi * x) ** 2), psi, 2),
    }

    def curved(s: Place) -> Any:
        f = quadratic_loss(s)
        return quotient(lambda d: plain_mean(lambda z: f(d * z) + f(-d * z)), (0,), 2)

    numbers = {
        bend: curved,
        outside: lambda s: quotient(lambda d: plain_mean(lambda z: d * z) ** 2, (0,), 2),
        inside: lambda s: quotient(lambda d: plain_mean(lambda z: (d * z) ** 2), (0,), 2),
    }
    return measured(
        sp.And(eq(bend, f2 * inside), eq(outside, 0 * f2)),
        exact,
        numbers,
        (CONCAVE[0], CONCAVE[2]),
    )


def _h_g() -> Any:
    """h_G of the small system: the discriminator's slope is x^2, data and samples apart."""
    return (average(x**2) - average((a * x) ** 2)) ** 2


def _plain_h_g(g: Any) -> Any:
    return mpmath.quad(lambda z: z**2 - (g * z) ** 2, [0, 1]) ** 2


@claim(
    "stability.h-g",
    source="assumptions, h_G",
    printed=r"h_G(\theta_G) = \|E_{p_{data}}[\nabla_{\theta_D} D_{\theta_D^*}(x)] -"
    r" E_{p_{\theta_G}}[\nabla_{\theta_D} D_{\theta_D^*}(x)]\|^2",
    formal=r"H = \frac{(1 - a^2)^2}{9}",
    says="h_G, by how much the generator misses the moments that the equilibrium discriminator's "
    "gradient sees; on the small system H = (1 - a^2)^2/9",
    expect=Verdict.PROVED,
)
def h_g() -> Examination:
    value = Symbol("H", real=True)
    return measured(
        eq(value, (1 - a**2) ** 2 / 9),
        {value: _h_g()},
        {value: lambda s: _plain_h_g(s["a"])},
        ({a: 2}, {a: Rational(-1, 3)}),
        kind="quadrature:mpmath",
    )


@claim(
    "stability.h.notion",
    source="assumptions, 'A notion of how different the parameters are from equilibrium'",
    formal=r"H > 0",
    says="h_G is a notion of how different the generator's parameters are from the equilibrium's: "
    "positive for every other a",
    expect=Verdict.CONDITIONAL,
    amended=r"a > 0",
    repair="say near the equilibrium: h_G compares distributions, on the moments that D sees, and "
    "a = -1 generates the same one as a = 1",
)
def notion() -> Examination:
    value = Symbol("H", real=True)
    return measured(
        value > 0,
        {value: sp.factor(_h_g())},
        {value: lambda s: _plain_h_g(s["a"])},
        ({a: 2}, {a: Rational(1, 3)}, {a: -1}),
        kind="quadrature:mpmath",
        given=sp.Ne(a, 1),
        condition=a > 0,
        setting={a: Rational(1, 2)},
    )


@claim(
    "stability.h.locally-convex",
    source="assumptions, 'at equilibrium, these locally convex functions'",
    formal=r"S = 2 g_1^2",
    says="h_D and h_G are convex at the equilibrium: their Hessians there are positive "
    "semidefinite, each being the minimum 0 of a mean or a sum of squares. S is the curvature at "
    "the equilibrium of the square of any function that vanishes there, g_1 t + r_1 t^2 + ... "
    "along a direction: D(x) for h_D, a component of the difference of means for h_G",
    expect=Verdict.PROVED,
)
def locally_convex() -> Examination:
    curvature, step = sp.symbols("S tau", real=True)
    slope, rest = sp.symbols("g_1 r_1", real=True)
    square = (step * slope + step**2 * rest) ** 2

    def plain(s: Place) -> Any:
        return quotient(lambda t: (t * s["g_1"] + t**2 * s["r_1"]) ** 2, (0,), 2)

    return measured(
        eq(curvature, 2 * slope**2),
        {curvature: sp.diff(square, step, 2).subs(step, 0)},
        {curvature: plain},
        ({slope: 2, rest: 1}, {slope: -1, rest: 3}),
    )


k = Symbol("k", nonnegative=True)
u = Symbol("u", positive=True)


@claim(
    "stability.h.locally-convex.around",
    source="assumptions, 'these locally convex functions'",
    formal=r"K \ge 0",
    says="h_D is convex in a neighborhood of the equilibrium. Judged on D(x) = psi_1 psi_2 e_1 + k "
    "(psi_1 + psi_2 e_2), where 1, e_1 = 3^(1/2) x and e_2 = 5^(1/2) (3 x^2 - 1)/2 are orthonormal "
    "for data uniform on [-1, 1]; the equilibrium is psi = (0, 0), and assumption 2 says k > 0: K "
    "is the determinant of the Hessian of h_D at (u, u)",
    expect=Verdict.CONDITIONAL,
    amended=r"u \le k",
    repair="ask for it under assumption 2 (k > 0): a positive definite Hessian stays so nearby, "
    "here for u <= k, and a D linear in its parameters makes h_D convex "
    "everywhere. With k = 0 it is convex at the equilibrium, but in no neighborhood of it",
)
def locally_convex_around() -> Examination:
    value = Symbol("K", real=True)
    first, second = sp.symbols("psi_1 psi_2", real=True)

    def score(c: Any, d: Any, weight: Any, z: Any, root: Any) -> Any:
        return root(3) * c * d * z + weight * (c + d * root(5) * (3 * z**2 - 1) / 2)

    h = average(sp.expand(score(first, second, k, x, sp.sqrt) ** 2))
    hessian = sp.hessian(h, (first, second)).det().subs({first: u, second: u})

    def plain(s: Place) -> Any:
        def h(c: Any, d: Any) -> Any:
            return plain_mean(lambda z: score(c, d, s["k"], z, mpmath.sqrt) ** 2)

        at = (s["u"], s["u"])
        return quotient(h, at, 2, 0) * quotient(h, at, 0, 2) - quotient(h, at, 1, 1) ** 2

    points = ({u: 1, k: 0}, {u: Rational(1, 50), k: 0}, {u: Rational(1, 5), k: 1}, {u: 2, k: 2})
    return measured(
        value >= 0,
        {value: sp.factor(hessian)},
        {value: plain},
        points,
        condition=u <= k,
        setting={k: sp.Integer(1), u: Rational(1, 5)},
    )


@claim(
    "stability.strong-convexity",
    source="assumptions, 'locally strongly convex'",
    printed=r"\nabla^2_{\theta_D} h_D(\theta_D)|_{\theta_D^*} \succ 0, \quad"
    r" \nabla^2_{\theta_G} h_G(\theta_G)|_{\theta_G^*} \succ 0",
    formal=r"H_D = \frac{2}{5}",
    says="both are strongly convex at the equilibrium (the scan's > is the order of matrices): on "
    "the small system h_D'' = 2/5 and h_G'' = 8/9 are positive, so that it satisfies assumption 2",
    expect=Verdict.PROVED,
)
def strong_convexity() -> Examination:
    names = sp.symbols("H_D H_G", real=True)
    exact = {
        names[0]: sp.diff(average((w * x**2) ** 2), w, 2),
        names[1]: sp.diff(_h_g(), a, 2).subs(a, 1),
    }
    numbers = {
        names[0]: lambda s: quotient(lambda d: plain_mean(lambda z: (d * z**2) ** 2), (0,), 2),
        names[1]: lambda s: quotient(_plain_h_g, (1,), 2),
    }
    statement = sp.And(eq(names[0], Rational(2, 5)), eq(names[1], Rational(8, 9)))
    return measured(statement, exact, numbers)


@claim(
    "stability.strong-convexity.discriminator",
    source="assumptions, arrow below h_D",
    printed=r"\nabla^2_{\theta_D} V(\theta_D, \theta_G^*) \prec 0",
    formal=r"V_{ww} < 0",
    says="that h_D is strongly convex means that V is strongly concave in the discriminator (read "
    "so from the scan's second row, with the arrows above it): V_ww = f''(0) h_D''",
    expect=Verdict.CONDITIONAL,
    amended=r"f_2 < 0",
    repair="require f''(0) < 0: for the WGAN V is linear in w whatever h_D is",
)
def discriminator_curvature() -> Examination:
    bend = Symbol("V_ww", real=True)
    payoff = sample_payoff(GenericLoss)
    exact = {bend: average(sp.diff(payoff, w, 2).subs(EQUILIBRIUM).subs(FREE))}

    def plain(s: Place) -> Any:
        return quotient(plain_payoff(quadratic_loss(s)), (0, 1), 2, 0)

    return measured(
        bend < 0,
        exact,
        {bend: plain},
        CONCAVE,
        given=f2 <= 0,
        condition=f2 < 0,
        setting=LOG_LOSS,
    )


@claim(
    "stability.strong-convexity.generator",
    source="assumptions, arrow below h_G",
    printed=r"\nabla^2_{\theta_G} \|\nabla_{\theta_D} V(\theta_D, \theta_G)\|^2 \succ 0",
    formal=r"N > 0",
    says="that h_G is strongly convex means that the squared gradient of the discriminator is, at "
    "the equilibrium (read so from the scan's second row): it is f'(0)^2 h_G",
    expect=Verdict.CONDITIONAL,
    amended=r"f_1 \ne 0",
    repair="require f'(0) != 0, as both of the poster's losses do",
)
def generator_curvature() -> Examination:
    bend = Symbol("N", real=True)
    gradient = average(sp.diff(sample_payoff(GenericLoss), w).subs(w, 0).subs(FREE))
    exact = {bend: sp.diff(gradient**2, a, 2).subs(a, 1)}

    def plain(s: Place) -> Any:
        payoff = plain_payoff(quadratic_loss(s))
        return quotient(lambda g: quotient(payoff, (0, g), 1, 0) ** 2, (1,), 2)

    return measured(
        bend > 0,
        exact,
        {bend: plain},
        (*CONCAVE[:2], {f1: 0, f2: -1}),
        condition=sp.Ne(f1, 0),
        setting=LOG_LOSS,
    )
