r"""Settled: the small system globally, its best weight, and what a step changes."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Step, Verdict, claim, eq
from symgan.losses import wasserstein
from symgan.rules.alternating import alternating
from symgan_papers.stability.model import (
    LOG,
    TRADITIONAL,
    Place,
    a,
    along,
    gamma,
    invariants,
    jacobian_at_rest,
    linear_game,
    linear_payoff,
    mean_quotient,
    measured,
    p,
    plain_field,
    plain_jacobian,
    poster_flow,
    quotient,
    sample_game,
    uniform_wgan,
    w,
    x,
)
from symgan_papers.stability.section5_figures import (
    ENERGY,
    b,
    change,
    plain_energy,
    plain_wgan,
)

OURS = "ours"
"""Where a statement stands that is not the poster's."""
d, z = sp.symbols("d z", positive=True)
h = Symbol("h", positive=True)


@claim(
    "stability.settled.energy",
    source=OURS + ", to the open question on global convergence and to the LaSalle panel",
    formal=r"E_1 < 0",
    says="with the traditional loss the small system converges to (0, 1) from every start with a "
    "> 0 (and to (0, -1) from a < 0): the energy w^2 + a^2/2 - log a, convex and unbounded "
    "towards the edge, falls for each sample z > 0 wherever w is not 0, E_1 being its rate at w = "
    "d and E_2 at w = -d, and on w = 0 only (0, 1) stays. The argument needs f' > 0 falling "
    "strictly, nothing else of f: the rate is 2 w z^2 (f'(w z^2) - f'(-w a^2 z^2))",
    expect=Verdict.PROVED,
)
def energy() -> Examination:
    names = sp.symbols("E_1 E_2", real=True)
    rate = along(ENERGY, poster_flow(sample_game(TRADITIONAL))).subs({a: b, x: z})
    exact = {
        name: sp.factor(sp.simplify(rate.subs(w, value)))
        for name, value in zip(names, (d, -d), strict=True)
    }

    def falling(sign: int) -> Any:
        def of(s: Place) -> Any:
            def payoff(u: Any, g: Any) -> Any:
                return LOG(u * s["z"] ** 2) + LOG(-u * (g * s["z"]) ** 2)

            return change(plain_energy, plain_field(payoff))({"w": sign * s["d"], "b": s["b"]})

        return of

    points = ({d: 1, b: 2, z: 1}, {d: Rational(1, 9), b: Rational(1, 3), z: Rational(1, 2)})
    return measured(
        sp.And(*(name < 0 for name in names)),
        exact,
        {names[0]: falling(1), names[1]: falling(-1)},
        points,
        Step("at w = 0, w' = f'(0) (1 - a^2)/3 leaves w = 0 unless a = 1 (LaSalle)"),
    )


@claim(
    "stability.settled.basin",
    source=OURS + ", to the figure and to the open question on global convergence",
    formal=r"E_1 = -\frac{4 (1 - b^2)^2 \eta}{9}",
    says="the regularized small WGAN converges to (0, 1) from every start with a > 0, for every "
    "eta > 0: the first integral w^2 + a^2/2 - log a of the unregularized one falls at a = b at "
    "the rate E_1, and on a = 1 only w = 0 stays. By symmetry a < 0 leads to (0, -1); the line a "
    "= 0 is invariant, and on it w grows without bound (w' = 1/3): the basin of the two "
    "equilibria is exactly a != 0",
    expect=Verdict.PROVED,
)
def basin() -> Examination:
    names = sp.symbols("E_1 a_dot w_dot drift", real=True)
    flow = poster_flow(uniform_wgan(), gamma)
    exact = {
        names[0]: sp.factor(along(ENERGY, flow).subs(a, b)),
        names[1]: flow.rhs[1].subs(a, 0),
        names[2]: flow.rhs[0].subs(a, 0),
        names[3]: flow.rhs[1].subs(a, 1),
    }

    def field(s: Place, g: Any) -> Any:
        return plain_field(plain_wgan, s["gamma"])(s["w"], g)

    numbers = {
        names[0]: lambda s: change(plain_energy, plain_field(plain_wgan, s["gamma"]))(s),
        names[1]: lambda s: field(s, 0)[1],
        names[2]: lambda s: field(s, 0)[0],
        names[3]: lambda s: field(s, 1)[1],
    }
    statement = sp.And(
        eq(names[0], -4 * gamma * (1 - b**2) ** 2 / 9),
        eq(names[1], 0 * w),
        eq(names[2], Rational(1, 3)),
        eq(names[3], 2 * w / 3),
    )
    points = ({w: 2, b: 3, gamma: 1}, {w: -1, b: Rational(1, 2), gamma: Rational(1, 4)})
    return measured(statement, exact, numbers, points)


@claim(
    "stability.settled.period",
    source=OURS + ", to the panel 'WGAN, eta = 0'",
    formal=r"P_2 = \frac{\pi}{2}",
    says="how long the closed orbits of the small WGAN take: log a obeys u'' = (2/9)(1 - e^{2 u}), "
    "and the period of the small ones is 3 pi + P_2 A^2 + ..., A the amplitude of log a, with P_2 "
    "= pi/2",
    expect=Verdict.PROVED,
)
def period() -> Examination:
    value, u = sp.symbols("P_2 u", real=True)
    force = Rational(2, 9) * (1 - sp.exp(2 * u))
    k1, k2, k3 = (-sp.diff(force, u, i).subs(u, 0) / sp.factorial(i) for i in (1, 2, 3))
    shift = (9 * k3 * k1 - 10 * k2**2) / (24 * k1**2)  # Lindstedt: omega (1 + shift A^2)
    exact = {value: sp.simplify(-2 * sp.pi / sp.sqrt(k1) * shift)}

    def potential(y: Any) -> Any:
        return mpmath.mpf(2) / 9 * (mpmath.exp(2 * y) / 2 - y)

    def turning(amplitude: Any) -> Any:
        """The other turning point of the orbit that turns at the amplitude."""
        level, y = potential(amplitude), -amplitude
        for _ in range(9):  # Newton's method doubles five digits up to a hundred and more
            y -= (potential(y) - level) / (mpmath.mpf(2) / 9 * (mpmath.exp(2 * y) - 1))
        return y

    def time(amplitude: Any) -> Any:
        """The period, by the midpoint rule: in t the integrand is analytic and periodic."""
        low, level, points = turning(amplitude), potential(amplitude), 32
        middle, half = (amplitude + low) / 2, (amplitude - low) / 2

        def pace(t: Any) -> Any:
            y = middle + half * mpmath.sin(t)
            return half * mpmath.cos(t) / mpmath.sqrt(2 * (level - potential(y)))

        angles = ((2 * i + 1) * mpmath.pi / (2 * points) - mpmath.pi / 2 for i in range(points))
        return 2 * mpmath.pi / points * mpmath.fsum(pace(t) for t in angles)

    def second(s: Place) -> Any:
        """From two small orbits; the first harmonic is half the width up to the third order."""

        def excess(tiny: Any) -> Any:
            return (time(tiny) - 3 * mpmath.pi) / ((tiny - turning(tiny)) / 2) ** 2

        with mpmath.workdps(100):
            tiny = mpmath.mpf(10) ** -5
            return 2 * excess(tiny / 2) - excess(tiny)

    # Extrapolated from orbits of size 1e-5: what is left is of the order of its square.
    return measured(
        eq(value, sp.pi / 2), exact, {value: second}, (), kind="quadrature:mpmath", digits=8
    )


@claim(
    "stability.settled.period.monotone",
    source=OURS + ", to the panel 'WGAN, eta = 0'",
    formal=r"M = 2 (e^{4 u} - 4 u e^{2 u} - 1)",
    says="the larger an orbit, the longer it takes, for all of them: with y = 2 log a the force is "
    "a positive multiple of U_1, U = e^y - 1 - y, and by Chicone's criterion the period grows with "
    "the size if C = 6 U U_2^2 - 3 U_1^2 U_2 - 2 U U_1 U_3, U_k its derivatives, is positive for "
    "y != 0. C(0) = 0, and M, the slope of C e^{-y} at y = 2 u, is 4 e^{2 u} (sinh 2 u - 2 u), of "
    "the sign of u",
    expect=Verdict.PROVED,
)
def monotone() -> Examination:
    slope, rest, u, y = sp.symbols("M C_0 u y", real=True)
    U = sp.exp(y) - 1 - y
    one, two, three = (sp.diff(U, y, i) for i in (1, 2, 3))
    scaled = (6 * U * two**2 - 3 * one**2 * two - 2 * U * one * three) * sp.exp(-y)
    exact = {
        slope: sp.expand(sp.diff(sp.expand(scaled), y).subs(y, 2 * u)),
        rest: scaled.subs(y, 0),
    }

    def potential(v: Any) -> Any:
        return mpmath.quad(mpmath.expm1, [0, v], method="gauss-legendre")  # it is entire

    def criterion(v: Any) -> Any:
        value, first, second, third = mpmath.diffs(potential, v, 3)  # all from the same four
        whole = 6 * value * second**2 - 3 * first**2 * second - 2 * value * first * third
        return whole * mpmath.exp(-v)

    def steepness(s: Place) -> Any:
        """Quotients of quotients double the digits twice; fifteen are compared, ten spare."""
        with mpmath.workdps(25):
            return mpmath.diff(criterion, 2 * s["u"])

    numbers = {slope: steepness, rest: lambda s: criterion(mpmath.mpf(0))}
    statement = sp.And(eq(slope, 2 * (sp.exp(4 * u) - 4 * u * sp.exp(2 * u) - 1)), eq(rest, 0 * u))
    points = ({u: Rational(1, 2)}, {u: -1})
    return measured(statement, exact, numbers, points, digits=15)


@claim(
    "stability.settled.best-weight",
    source=OURS + ", to 'eta not too large' and 'more stable'",
    formal=r"R = -2 p",
    says="size (1, 1), curvature k < 2 p: the weight (2 p - k)/(2 p^2) is the best one. It makes "
    "both eigenvalues -p (their sum is R = -2 p, their product p^2), and no weight moves both "
    "further left, since their product is p^2 for all. Smaller weights spiral, larger ones are "
    "nodes with a slow direction; for k >= 2 p the best weight is 0",
    expect=Verdict.PROVED,
)
def best_weight() -> Examination:
    total, product = sp.symbols("R S", real=True)
    k = Symbol("k", nonnegative=True)
    best = (2 * p - k) / (2 * p**2)
    J = poster_flow(linear_game(k), gamma).jacobian()
    exact = {total: J.trace().subs(gamma, best), product: sp.expand(J.det())}

    def matrix(s: Place) -> Any:
        weight = (2 * s["p"] - s["k"]) / (2 * s["p"] ** 2)
        return plain_jacobian(linear_payoff({"q": s["k"], **s}), (0, 0), weight)

    numbers = {
        total: lambda s: invariants(matrix(s))[0],
        product: lambda s: invariants(matrix(s))[1],
    }
    points = ({k: 1, p: 2, gamma: 1}, {k: 0, p: Rational(2, 3), gamma: 1})
    return measured(
        sp.And(eq(total, -2 * p), eq(product, p**2)), exact, numbers, points, given=k < 2 * p
    )


@claim(
    "stability.settled.best-weight.small",
    source=OURS + ", to the panels of the figure",
    formal=r"R_W = -\frac{4}{3}",
    says="on the small system the best weight, at which spirals become nodes, is 3/2 for the WGAN "
    "(double eigenvalue -2/3, sum R_W) and 51/20 for the traditional GAN (double eigenvalue -1/3, "
    "sum R_G = -2/3); the poster's 0.25 reaches 1/9",
    expect=Verdict.PROVED,
)
def best_small() -> Examination:
    names = sp.symbols("R_W D_W R_G D_G", real=True)
    wgan = jacobian_at_rest(wasserstein, Rational(3, 2))
    gan = jacobian_at_rest(TRADITIONAL, Rational(51, 20))
    values = (wgan.trace(), wgan.trace() ** 2 - 4 * wgan.det(), gan.trace(),
              gan.trace() ** 2 - 4 * gan.det())  # fmt: skip

    def plain_gan() -> Any:
        at = (mpmath.mpf(0), mpmath.mpf(1))
        up, mixed = (mean_quotient(LOG, at, *o) for o in ((2, 0), (1, 1)))
        # grad_D V vanishes at the equilibrium: its square has the curvature of products alone.
        eta = mpmath.mpf(51) / 20
        return mpmath.matrix([[up, mixed], [-mixed - 2 * eta * mixed * up, -2 * eta * mixed**2]])

    def plain_w() -> Any:
        return plain_jacobian(plain_wgan, (0, 1), mpmath.mpf(3) / 2)

    def gap(matrix: Any) -> Any:
        trace, det = invariants(matrix)
        return trace**2 - 4 * det

    numbers = {
        names[0]: lambda s: invariants(plain_w())[0],
        names[1]: lambda s: gap(plain_w()),
        names[2]: lambda s: invariants(plain_gan())[0],
        names[3]: lambda s: gap(plain_gan()),
    }
    statement = sp.And(
        eq(names[0], -Rational(4, 3)),
        eq(names[1], 0),
        eq(names[2], -Rational(2, 3)),
        eq(names[3], 0),
    )
    return measured(statement, dict(zip(names, values, strict=True)), numbers)


@claim(
    "stability.settled.step",
    source=OURS + ", to 'infinitesimally' and to 'eta not too large'",
    formal=r"M = 1 - \frac{8 \eta h}{9} + \frac{4 h^2}{9}",
    says="a finite step h of simultaneous updates is what bounds eta from above: on the small "
    "WGAN the eigenvalues of a step have the product M, and N = (1 + mu_1)(1 + mu_2) = 4 - 16 eta "
    "h/9 + 4 h^2/9: both lie inside the unit circle exactly for h/2 < eta < 9/(4 h) + h/4. "
    "Without regularizer M > 1: every step size diverges",
    expect=Verdict.PROVED,
)
def step() -> Examination:
    product, shifted = sp.symbols("M N", real=True)
    J = jacobian_at_rest(wasserstein, gamma)
    exact = {
        product: sp.expand((sp.eye(2) + h * J).det()),
        shifted: sp.expand((2 * sp.eye(2) + h * J).det()),
    }

    def multipliers(s: Place) -> Any:
        A = plain_jacobian(plain_wgan, (0, 1), s["gamma"])
        return mpmath.eig(mpmath.eye(2) + s["h"] * A, left=False, right=False)

    numbers = {
        product: lambda s: mpmath.re(mpmath.fprod(multipliers(s))),
        shifted: lambda s: mpmath.re(mpmath.fprod(1 + m for m in multipliers(s))),
    }
    statement = sp.And(
        eq(product, 1 - 8 * gamma * h / 9 + 4 * h**2 / 9),
        eq(shifted, 4 - 16 * gamma * h / 9 + 4 * h**2 / 9),
    )
    points = ({gamma: Rational(1, 4), h: Rational(1, 10)}, {gamma: 3, h: 2})
    return measured(statement, exact, numbers, points)


@claim(
    "stability.settled.order",
    source=OURS + ", to 'simultaneously (not alternately) and infinitesimally'",
    formal=r"W_1 = \frac{1 - a^2}{3}",
    says="'not alternately' is no restriction in the infinitesimal limit: a round of alternating "
    "updates of size h moves the small WGAN, to first order in h, by the same field (W_1, A_1); "
    "the orders differ from the second order on",
    expect=Verdict.PROVED,
)
def order() -> Examination:
    names = sp.symbols("W_1 A_1", real=True)
    game = uniform_wgan()
    state = game.state
    found = dict(zip(state, alternating(game, h).rhs, strict=True))
    exact = {
        name: sp.expand(sp.diff(found[symbol], h).subs(h, 0))
        for name, symbol in zip(names, (w, a), strict=True)
    }

    def rounds(part: int) -> Any:
        def of(s: Place) -> Any:
            def after(t: Any) -> Any:
                d = s["w"] + t * quotient(plain_wgan, (s["w"], s["a"]), 1, 0)
                g = s["a"] - t * quotient(plain_wgan, (d, s["a"]), 0, 1)
                return (d, g)[part]

            return quotient(after, (0,), 1)

        return of

    points = ({w: 1, a: 2}, {w: -1, a: Rational(1, 3)})
    return measured(
        sp.And(eq(names[0], (1 - a**2) / 3), eq(names[1], 2 * a * w / 3)),
        exact,
        {names[0]: rounds(0), names[1]: rounds(1)},
        points,
    )


@claim(
    "stability.settled.curvature",
    source=OURS + ", to 'concave-concavity arbitrarily close to equilibrium'",
    formal=r"V_{aa} = -\frac{2 w}{3}",
    says="on the small WGAN the payoff is concave in the minimizing a for w > 0 and convex for w "
    "< 0: every neighborhood of the equilibrium holds both",
    expect=Verdict.PROVED,
)
def curvature() -> Examination:
    bend = Symbol("V_aa", real=True)
    return measured(
        eq(bend, -2 * w / 3),
        {bend: sp.diff(uniform_wgan().losses[0], a, 2)},
        {bend: lambda s: quotient(plain_wgan, (s["w"], s["a"]), 0, 2)},
        ({w: 1, a: 2}, {w: -1, a: Rational(1, 3)}),
    )
