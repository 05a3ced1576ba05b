r"""Gradient norm based regularization: the field, the theorem, and what is said of both."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Verdict, claim, eq
from symgan_papers.stability.model import (
    Place,
    a,
    eigenvalues,
    gamma,
    linear_game,
    linear_payoff,
    measured,
    p,
    plain_field,
    plain_jacobian,
    poster_flow,
    psi,
    q,
    quotient,
    theta,
    uniform_wgan,
    w,
)
from symgan_papers.stability.section5_figures import plain_wgan

WEIGHTS = (
    {q: 1, p: 2, gamma: Rational(1, 4)},
    {q: Rational(1, 10), p: Rational(1, 3), gamma: 5},
    {q: 4, p: 1, gamma: 30},
)
R, S = sp.symbols("R S", real=True)


@claim(
    "stability.regularizer",
    source="gradient norm based regularization",
    printed=r"\dot\theta_D = \nabla_{\theta_D} V(\theta_D, \theta_G), \quad \dot\theta_G ="
    r" -\nabla_{\theta_G} V(\theta_D, \theta_G) - \eta \nabla_{\theta_G}"
    r" \|\nabla_{\theta_D} V(\theta_D, \theta_G)\|^2",
    formal=r"\dot a = \frac{2 a w}{3} + \frac{4 (1 - a^2) \eta a}{9}",
    says="the generator's update with the regularizer (the scan has the square of the norm above "
    "the line); on the small WGAN w' = (1 - a^2)/3 and a' = 2 a w/3 + 4 eta a (1 - a^2)/9",
    expect=Verdict.PROVED,
)
def regularizer() -> Examination:
    names = sp.symbols("w_dot a_dot", real=True)

    def entry(i: int) -> Any:
        return lambda s: plain_field(plain_wgan, s["gamma"])(s["w"], s["a"])[i]

    statement = sp.And(
        eq(names[0], Rational(1, 3) - a**2 / 3),
        eq(names[1], 2 * a * w / 3 + 4 * gamma * a * (1 - a**2) / 9),
    )
    points = ({w: 1, a: 2, gamma: 1}, {w: -1, a: Rational(1, 3), gamma: Rational(1, 4)})
    return measured(
        statement,
        dict(zip(names, poster_flow(uniform_wgan(), gamma).rhs, strict=True)),
        {name: entry(i) for i, name in enumerate(names)},
        points,
    )


@claim(
    "stability.regularizer.generator-minimizes",
    source="gradient norm based regularization, 'Generator minimizes (the objective + the norm of "
    "the discriminator's gradient)'",
    formal=r"\dot a = -M_2",
    says="the generator descends the objective plus the squared norm of the discriminator's "
    "gradient with the weight eta, as displayed above the sentence: M_2 is the slope of V + eta "
    "|grad_D V|^2 in its parameter, on the small WGAN. (The norm itself would do no better: its "
    "slope M_1 has the size 2 a/3 next to the equilibrium, so that the field would jump there)",
    expect=Verdict.PROVED,
)
def generator_minimizes() -> Examination:
    rate, norm, square = sp.symbols("a_dot M_1 M_2", real=True)
    flow = poster_flow(uniform_wgan(), gamma)
    payoff, own = uniform_wgan().losses[0], sp.diff(uniform_wgan().losses[0], w)
    beyond = {a: 1 + p}  # a > 1, where |grad_D V| = -grad_D V
    exact = {
        rate: flow.rhs[1].subs(beyond),
        norm: sp.diff(-own, a).subs(beyond),
        square: sp.diff(payoff + gamma * own**2, a).subs(beyond),
    }

    def gradient(s: Place, g: Any) -> Any:
        return abs(quotient(plain_wgan, (s["w"], g), 1, 0))

    def objective(s: Place) -> Any:
        def of(g: Any) -> Any:
            return plain_wgan(s["w"], g) + s["gamma"] * gradient(s, g) ** 2

        return quotient(of, (1 + s["p"],), 1)

    numbers = {
        rate: lambda s: plain_field(plain_wgan, s["gamma"])(s["w"], 1 + s["p"])[1],
        norm: lambda s: quotient(lambda g: gradient(s, g), (1 + s["p"],), 1),
        square: objective,
    }
    points = ({w: 1, p: 2, gamma: 1}, {w: -1, p: Rational(1, 3), gamma: Rational(1, 4)})
    statement = sp.And(eq(rate, -square), eq(norm, 2 * (1 + p) / 3))
    return measured(statement, exact, numbers, points)


def _roots(s: Place) -> list[Any]:
    """Eigenvalues of the regularized linear GAN, by difference quotients of its payoff."""
    return eigenvalues(plain_jacobian(linear_payoff(s), (0, 0), s["gamma"]))


def _sum_and_product(curvature: Any) -> tuple[dict[Any, Any], dict[Any, Any]]:
    J = poster_flow(linear_game(curvature), gamma).jacobian()
    exact = {R: J.trace(), S: sp.expand(J.det())}
    numbers = {
        R: lambda s: mpmath.re(sum(_roots(s))),
        S: lambda s: mpmath.re(mpmath.fprod(_roots(s))),
    }
    return exact, numbers


@claim(
    "stability.thm-regularized.gan",
    source="results, theorem on the regularized system",
    formal=r"R < 0",
    says="under similar assumptions the regularized GAN system is exponentially stable when eta "
    "is not too large. Size (1, 1): the eigenvalues have the sum R = -q - 2 eta p^2 and the "
    "product p^2; all sizes, and that no bound on eta is needed: stability.settled.regularized",
    expect=Verdict.PROVED,
)
def regularized_gan() -> Examination:
    exact, numbers = _sum_and_product(q)
    statement = sp.And(R < 0, S > 0, eq(R, -q - 2 * gamma * p**2), eq(S, p**2))
    return measured(statement, exact, numbers, WEIGHTS)


@claim(
    "stability.thm-regularized.wgan",
    source="results, theorem on the regularized system",
    formal=r"R < 0",
    says="the same for the WGAN, whose discriminator has no curvature: for every eta > 0 the sum "
    "is R = -2 eta p^2 and the product p^2 (at eta = 0 it is a center); what 'similar assumptions' "
    "must say for other sizes is stability.settled.regularized.exactly",
    expect=Verdict.PROVED,
)
def regularized_wgan() -> Examination:
    exact, numbers = _sum_and_product(0)
    points = ({p: 2, gamma: Rational(1, 4)}, {p: Rational(1, 3), gamma: 50})
    statement = sp.And(R < 0, S > 0, eq(R, -2 * gamma * p**2), eq(S, p**2))
    return measured(statement, exact, numbers, points)


@claim(
    "stability.more-stable",
    source="gradient norm based regularization, 1: 'Makes Jacobian more stable'",
    formal=r"C > 0",
    says="the regularizer makes the Jacobian more stable: it moves the eigenvalues to the left. "
    "Size (1, 1), with k the discriminator's curvature and complex eigenvalues at eta = 0, whose "
    "real part is then -k/2: C is the product of (eigenvalue + k/2) over the regularized "
    "eigenvalues, positive exactly if both lie left of -k/2",
    expect=Verdict.CONDITIONAL,
    amended=r"4 \eta k p^2 < 4 p^2 - k^2",
    repair="require 4 eta k p^2 < 4 p^2 - k^2: a larger weight leaves an eigenvalue to the right "
    "of where it was, close to -1/(2 eta) for large eta; for the WGAN (k = 0) every eta > 0 "
    "helps. Where k >= 2 p every eta > 0 slows the convergence down "
    "(stability.settled.best-weight)",
)
def more_stable() -> Examination:
    k, C = Symbol("k", nonnegative=True), Symbol("C", real=True)
    J = poster_flow(linear_game(k), gamma).jacobian()
    exact = {C: sp.expand((J + k / 2 * sp.eye(2)).det())}

    def plain(s: Place) -> Any:
        roots = eigenvalues(plain_jacobian(linear_payoff({"q": s["k"], **s}), (0, 0), s["gamma"]))
        return mpmath.re(mpmath.fprod(root + s["k"] / 2 for root in roots))

    points = ({k: 1, p: 2, gamma: Rational(1, 4)}, {k: 1, p: 1, gamma: 5}, {k: 0, p: 1, gamma: 9})
    return measured(
        C > 0,
        exact,
        {C: plain},
        points,
        condition=4 * gamma * k * p**2 < 4 * p**2 - k**2,
        setting={k: sp.Integer(0), p: Rational(2, 3), gamma: Rational(1, 4)},
    )


@claim(
    "stability.more-stable.damping",
    source="gradient norm based regularization, 1: 'Makes Jacobian more stable'",
    formal=r"R = -q - 2 \eta p^2",
    says="in the sense of damping it always does: the eigenvalues' sum falls by 2 eta p^2 and "
    "their product stays, so that areas shrink faster for every eta",
    expect=Verdict.PROVED,
)
def damping() -> Examination:
    exact, numbers = _sum_and_product(q)
    return measured(sp.And(eq(R, -q - 2 * gamma * p**2), eq(S, p**2)), exact, numbers, WEIGHTS)


@claim(
    "stability.foresight",
    source="gradient norm based regularization, 2",
    formal=r"I \le g r",
    says="when the norm g of the discriminator's gradient is small the discriminator cannot "
    "improve itself much: its gain I by a move of length r at most g r. V is taken as g s + c "
    "s^2/2 along the move, s <= r",
    expect=Verdict.CONDITIONAL,
    amended=r"c \le 0",
    repair="require V to be concave in the discriminator (f concave and D linear in its "
    "parameters make it so) and bound the move: with c > 0 a vanishing gradient may be a minimum "
    "of V, and without a bound on r a WGAN's discriminator gains without bound however small g > "
    "0 is",
)
def foresight() -> Examination:
    gain, c = Symbol("I", real=True), Symbol("c", real=True)
    g, r = sp.symbols("g r", positive=True)
    s = Symbol("s", real=True)
    V = g * s + c * s**2 / 2

    def moved(place: Place) -> Any:
        # The gain is the integral of the slope along the move.
        return mpmath.quad(lambda t: place["g"] + place["c"] * t, [0, place["r"]])

    points = ({g: 1, r: 2, c: -1}, {g: Rational(1, 9), r: 1, c: 3}, {g: 2, r: 1, c: 0})
    return measured(
        gain <= g * r,
        {gain: V.subs(s, r) - V.subs(s, 0)},
        {gain: moved},
        points,
        kind="quadrature:mpmath",
        condition=c <= 0,
        setting={c: -Rational(1, 10)},
    )


@claim(
    "stability.foresight.rate",
    source="gradient norm based regularization, 2",
    formal=r"\dot V = N",
    says="exactly: along the discriminator's own update V rises at the rate of the squared norm N "
    "of its gradient, which is what the regularizer lets the generator descend (small WGAN)",
    expect=Verdict.PROVED,
)
def foresight_rate() -> Examination:
    rise, norm = sp.symbols("V_dot N", real=True)
    payoff, flow = uniform_wgan().losses[0], poster_flow(uniform_wgan())
    exact = {rise: sp.diff(payoff, w) * flow.rhs[0], norm: sp.diff(payoff, w) ** 2}

    def rising(s: Place) -> Any:
        speed = (1 - s["a"] ** 2) / 3
        return quotient(lambda t: plain_wgan(s["w"] + t * speed, s["a"]), (0,), 1)

    numbers = {rise: rising, norm: lambda s: quotient(plain_wgan, (s["w"], s["a"]), 1, 0) ** 2}
    points = ({w: 1, a: 2}, {w: -1, a: Rational(1, 3)})
    return measured(eq(rise, norm), exact, numbers, points)


@claim(
    "stability.unrolled",
    source="gradient norm based regularization, 3",
    formal=r"U_1 = N",
    says="the regularizer is similar to the 1-unrolled approximation of the pure minimization "
    "problem: the generator's 1-unrolled loss V(theta_D + eta grad_D V, theta_G) is, to first "
    "order in eta, V + eta |grad_D V|^2, with the same sign and the factor 1: U_1 is its slope in "
    "eta at 0. Judged on the linear GAN with N the squared norm, for all states",
    expect=Verdict.PROVED,
)
def unrolled() -> Examination:
    slope, norm = sp.symbols("U_1 N", real=True)
    game = linear_game()
    payoff, step = game.losses[0], Symbol("h", real=True)
    ahead = psi + step * sp.diff(payoff, psi)
    exact = {
        slope: sp.expand(sp.diff(payoff.subs(psi, ahead), step).subs(step, 0)),
        norm: sp.expand(sp.diff(payoff, psi) ** 2),
    }

    def gradient(s: Place) -> Any:
        return quotient(linear_payoff(s), (s["psi"], s["theta"]), 1, 0)

    def ahead_slope(s: Place) -> Any:
        move = gradient(s)
        return quotient(lambda h: linear_payoff(s)(s["psi"] + h * move, s["theta"]), (0,), 1)

    points = ({q: 1, p: 2, psi: 1, theta: -1}, {q: 3, p: Rational(1, 2), psi: -2, theta: 5})
    return measured(
        eq(slope, norm), exact, {slope: ahead_slope, norm: lambda s: gradient(s) ** 2}, points
    )


@claim(
    "stability.unrolled.stop-gradient",
    source="gradient norm based regularization, 3, if the unrolled step is held fixed",
    formal=r"G_1 = \frac{N_1}{2}",
    says="similar also if the generator's gradient is not taken through the unrolled step, with "
    "half the weight: the first order in eta of its gradient, G_1, is half the gradient N_1 of "
    "|grad_D V|^2 in theta_G",
    expect=Verdict.PROVED,
)
def stop_gradient() -> Examination:
    slope, norm = sp.symbols("G_1 N_1", real=True)
    payoff, step = linear_game().losses[0], Symbol("h", real=True)
    ahead = psi + step * sp.diff(payoff, psi)
    exact = {
        slope: sp.expand(sp.diff(sp.diff(payoff, theta).subs(psi, ahead), step).subs(step, 0)),
        norm: sp.expand(sp.diff(sp.diff(payoff, psi) ** 2, theta)),
    }

    def gradient(s: Place, g: Any) -> Any:
        return quotient(linear_payoff(s), (s["psi"], g), 1, 0)

    def frozen(s: Place) -> Any:
        move = gradient(s, s["theta"])

        def down(h: Any) -> Any:
            return quotient(linear_payoff(s), (s["psi"] + h * move, s["theta"]), 0, 1)

        return quotient(down, (0,), 1)

    numbers = {
        slope: frozen,
        norm: lambda s: quotient(lambda g: gradient(s, g) ** 2, (s["theta"],), 1),
    }
    points = ({q: 1, p: 2, psi: 1, theta: -1}, {q: 3, p: Rational(1, 2), psi: -2, theta: 5})
    return measured(eq(slope, norm / 2), exact, numbers, points)
