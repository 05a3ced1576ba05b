r"""Conclusion and open questions."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Step, Verdict, claim, eq
from symgan.game import zero_sum
from symgan_papers.stability.model import (
    LOG,
    TRADITIONAL,
    Place,
    a,
    along,
    eigenvalues,
    gamma,
    invariants,
    jacobian_at_rest,
    linear_game,
    linear_payoff,
    mean_jacobian,
    measured,
    p,
    plain_field,
    plain_jacobian,
    poster_flow,
    psi,
    q,
    quotient,
    sample_payoff,
    theta,
    w,
    x,
)

d = Symbol("d", positive=True)
z = Symbol("z", positive=True)


@claim(
    "stability.conclusion.stable",
    source="conclusion",
    formal=r"V_{aa} < 0",
    says="despite lack of concave-convexity GANs are locally stable under right conditions: on "
    "the small system with the traditional loss V is concave in the minimizing a at every (d, 1), "
    "d > 0, however near the equilibrium (each sample's share V_aa), and yet J has negative trace "
    "and positive determinant there",
    expect=Verdict.PROVED,
)
def stable() -> Examination:
    bend, trace, det = sp.symbols("V_aa tr D", real=True)
    J = jacobian_at_rest(TRADITIONAL)
    second = sp.diff(sample_payoff(TRADITIONAL), a, 2).subs({a: 1, w: d, x: z})
    exact = {bend: sp.factor(sp.simplify(second)), trace: J.trace(), det: J.det()}

    def plain(s: Place) -> Any:
        return quotient(lambda g: LOG(-s["d"] * (g * s["z"]) ** 2), (1,), 2)

    numbers = {
        bend: plain,
        trace: lambda s: invariants(mean_jacobian(LOG))[0],
        det: lambda s: invariants(mean_jacobian(LOG))[1],
    }
    points = ({d: 1, z: 1}, {d: Rational(1, 1000), z: Rational(1, 2)})
    return measured(sp.And(bend < 0, trace < 0, det > 0), exact, numbers, points)


@claim(
    "stability.conclusion.practice",
    source="conclusion",
    says="perhaps this is why GANs work so well in practice",
    expect=Verdict.INFORMAL,
    reason="a conjecture about practice",
)
def practice() -> None: ...


@claim(
    "stability.conclusion.enhance",
    source="conclusion",
    formal=r"A = -\eta p^2",
    says="the regularizer can provably enhance local stability: the WGAN's eigenvalues, on the "
    "axis without it, get the real part A = -eta p^2, while eta p < 1",
    expect=Verdict.PROVED,
)
def enhance() -> Examination:
    real, turning = sp.symbols("A R", real=True)
    J = poster_flow(linear_game(0), gamma).jacobian()
    exact = {real: J.trace() / 2, turning: J.trace() ** 2 - 4 * J.det()}

    def roots(s: Place) -> Any:
        return eigenvalues(plain_jacobian(linear_payoff(s), (0, 0), s["gamma"]))

    numbers = {
        real: lambda s: max(mpmath.re(r) for r in roots(s)),
        turning: lambda s: mpmath.re((roots(s)[0] - roots(s)[1]) ** 2),
    }
    points = ({p: Rational(2, 3), gamma: Rational(1, 4)}, {p: 2, gamma: Rational(1, 9)})
    return measured(
        sp.And(eq(real, -gamma * p**2), turning < 0),
        exact,
        numbers,
        points,
        given=gamma < 1 / p,
    )


@claim(
    "stability.open.techniques",
    source="open questions",
    says="to be analyzed: other objectives and optimization techniques, unrolled GANs, f-GAN",
    expect=Verdict.INFORMAL,
    reason="a question",
)
def techniques() -> None: ...


@claim(
    "stability.open.relaxing",
    source="open questions",
    says="what if the equilibrium is not realizable and the discriminator not linear in its "
    "parameters? Without strong curvature?",
    expect=Verdict.INFORMAL,
    reason="questions; to the first stability.settled.required.realizable answers that both "
    "happen, to the second stability.settled.required.h-d that strong curvature is not needed in "
    "every direction",
)
def relaxing() -> None: ...


@claim(
    "stability.open.slower",
    source="open questions, 'Intuitively: slower convergence'",
    formal=r"A = -\frac{q}{2}",
    says="with weak curvature q convergence is slower: the real part of the eigenvalues is A = "
    "-q/2 while q < 2 p (size (1, 1))",
    expect=Verdict.PROVED,
)
def slower() -> Examination:
    real, turning = sp.symbols("A R", real=True)
    J = poster_flow(linear_game()).jacobian()
    exact = {real: J.trace() / 2, turning: J.trace() ** 2 - 4 * J.det()}

    def roots(s: Place) -> Any:
        return eigenvalues(plain_jacobian(linear_payoff(s), (0, 0)))

    numbers = {
        real: lambda s: max(mpmath.re(r) for r in roots(s)),
        turning: lambda s: mpmath.re((roots(s)[0] - roots(s)[1]) ** 2),
    }
    points = ({q: 1, p: 2}, {q: Rational(1, 10), p: Rational(1, 3)})
    return measured(sp.And(eq(real, -q / 2), turning < 0), exact, numbers, points, given=q < 2 * p)


c = Symbol("c", positive=True)


@claim(
    "stability.open.still-stable",
    source="open questions, 'but still stable'",
    formal=r"E_1 \le 0",
    says="without strong curvature the equilibrium is still stable, though not exponentially. "
    "Judged on data and a generator of one point each (0 and theta), D(x) = psi x + c psi^2 x^4, "
    "c > 0, the traditional loss: assumption 1 holds, h_G'' = 2, h_D = 0; E_1 is the rate of half "
    "the squared distance from (0, 0), F = f'(-D(theta)) > 0",
    expect=Verdict.REFUTED,
    amended=r"E_1 = 2 c \psi^2 \theta^4 F",
    repair="say that it may be stable, neutral (c = 0: every circle is an orbit) or unstable: the "
    "terms of higher order decide, and here every start but (0, 0) moves away",
)
def still_stable() -> Examination:
    rate, slope = sp.symbols("E_1 F", real=True)
    D = psi * theta + c * psi**2 * theta**4
    payoff = TRADITIONAL(0) + TRADITIONAL(-D)
    flow = poster_flow(zero_sum(payoff, minimize=theta, maximize=psi, parameters=(c,)))
    score = Symbol("u", real=True)
    exact = {
        rate: sp.simplify(along((psi**2 + theta**2) / 2, flow)),
        slope: sp.diff(TRADITIONAL(score), score).subs(score, -D),
    }

    def score_of(s: Place, y: Any, t: Any) -> Any:
        return y * t + s["c"] * y**2 * t**4

    def rising(s: Place) -> Any:
        field = plain_field(lambda y, t: LOG(-score_of(s, y, t)))
        first, second = field(s["psi"], s["theta"])

        def half(h: Any) -> Any:
            return ((s["psi"] + h * first) ** 2 + (s["theta"] + h * second) ** 2) / 2

        return quotient(half, (0,), 1)

    numbers = {
        rate: rising,
        slope: lambda s: quotient(LOG, (-score_of(s, s["psi"], s["theta"]),), 1),
    }
    points = ({psi: 1, theta: 2, c: 1}, {psi: Rational(1, 9), theta: -1, c: 3})
    return measured(
        rate <= 0,
        exact,
        numbers,
        points,
        Step("F > 0, so that E_1 > 0 wherever psi theta is not 0"),
        amendment=sp.And(eq(rate, 2 * c * psi**2 * theta**4 * slope), slope > 0),
    )


@claim(
    "stability.open.global",
    source="open questions",
    says="does global convergence hold, at least for a linear discriminator and generator?",
    expect=Verdict.INFORMAL,
    reason="a question; for symmetric data and a location it does (stability.settled.location), "
    "for the small system from every a != 0 (stability.settled.energy, stability.settled.basin)",
)
def global_convergence() -> None: ...


@claim(
    "stability.open.existence",
    source="open questions",
    says="when do equilibria satisfying these conditions exist?",
    expect=Verdict.INFORMAL,
    reason="a question",
)
def existence() -> None: ...
