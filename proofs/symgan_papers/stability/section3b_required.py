r"""Assumptions: what they imply, what is required for stability, and the relaxation."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Step, Verdict, claim, eq
from symgan.game import zero_sum
from symgan.losses import GenericLoss
from symgan_papers.stability.model import (
    CONCAVE,
    EQUILIBRIUM,
    FREE,
    LOG,
    LOG_LOSS,
    TRADITIONAL,
    Place,
    a,
    average,
    f1,
    f2,
    measured,
    plain_field,
    plain_jacobian,
    plain_mean,
    plain_payoff,
    poster_flow,
    psi,
    quadratic_loss,
    quotient,
    saddle_jacobian,
    theta,
    w,
    x,
)

OURS = "ours"
"""Where a statement stands that is not the poster's."""


@claim(
    "stability.locally-unique",
    source="assumptions, 'implying a locally unique equilibrium'",
    formal=r"D < 0",
    says="the assumptions imply a locally unique equilibrium: the Jacobian is regular. Judged on "
    "the small system with D(x) = w x^2 + u x, where h_D'' = diag(2/5, 2/3) and h_G'' = 8/9: D is "
    "the determinant, negative for a stable system of three parameters",
    expect=Verdict.CONDITIONAL,
    amended=r"f_2 < 0",
    repair="require f''(0) < 0: for f(t) = t every (w, u, a) = (0, u, 1) is an equilibrium, with "
    "strongly convex h_D and h_G at (0, 0, 1). V_DD < 0, read off the arrow below h_D as part of "
    "the assumption, says the same",
)
def locally_unique() -> Examination:
    value, more = Symbol("D", real=True), Symbol("u", real=True)
    made = a * x
    payoff = GenericLoss(w * x**2 + more * x) + GenericLoss(-w * made**2 - more * made)
    game = zero_sum(payoff, minimize=a, maximize=(w, more), parameters=(x,))
    J = poster_flow(game).jacobian({**EQUILIBRIUM, more: 0}).subs(FREE).applyfunc(average)
    exact = {value: sp.factor(J.det())}

    def plain(s: Place) -> Any:
        f = quadratic_loss(s)

        def V(d: Any, e: Any, g: Any) -> Any:
            def sample(z: Any) -> Any:
                return f(d * z**2 + e * z) + f(-d * (g * z) ** 2 - e * g * z)

            return plain_mean(sample)

        rows = saddle_jacobian(V, (0, 0, 1), 2)
        return mpmath.det(rows)

    return measured(
        value < 0,
        exact,
        {value: plain},
        (CONCAVE[0], CONCAVE[1]),
        given=sp.And(f2 <= 0, sp.Ne(f1, 0)),
        condition=f2 < 0,
        setting=LOG_LOSS,
    )


@claim(
    "stability.assumptions.required",
    source="assumptions, 'they shed light on what is required for stability'",
    says="some of the assumptions are strong, yet they shed light on what is required for "
    "stability",
    expect=Verdict.INFORMAL,
    reason="it does not say that they are necessary; which of them are is "
    "stability.settled.required.h-g (yes), stability.settled.required.h-d and "
    "stability.settled.required.realizable (no)",
)
def required() -> None: ...


@claim(
    "stability.settled.required.h-d",
    source=OURS + ", to 'what is required for stability' and to the relaxation's 'must'",
    formal=r"H = \frac{1}{128}",
    says="strong convexity of h_D is not required, nor is the relaxation's 'must'; it is enough "
    "that no undamped direction decouples: with Q = -V_DD >= 0 J is Hurwitz exactly if P has full "
    "column rank and no eigenvector u of P P^T has Q u = 0 (in words, as for the key lemma). The "
    "witness has data at 1, a generator at theta, D(x) = psi_1 x + psi_2 (x - 1) and the "
    "traditional loss: h_D is psi_1^2, psi_2 is no direction of equilibria, and yet all Hurwitz "
    "determinants are positive; H is their product, a_1 and a_3 the outer coefficients",
    expect=Verdict.PROVED,
)
def required_h_d() -> Examination:
    product, least, last = sp.symbols("H a_1 a_3", real=True)
    one, two = sp.symbols("psi_1 psi_2", real=True)
    payoff = TRADITIONAL(one) + TRADITIONAL(-one * theta - two * (theta - 1))
    game = zero_sum(payoff, minimize=theta, maximize=(one, two))
    J = poster_flow(game).jacobian({one: 0, two: 0, theta: 1})
    a1, a2, a3 = J.charpoly().all_coeffs()[1:]
    exact = {product: a1 * (a1 * a2 - a3) * a3, least: a1, last: a3}

    def V(d: Any, e: Any, g: Any) -> Any:
        return LOG(d) + LOG(-d * g - e * (g - 1))

    def roots() -> Any:
        rows = saddle_jacobian(V, (0, 0, 1), 2)
        return mpmath.eig(rows, left=False, right=False)

    def orlando(s: Place) -> Any:
        """a_1 Delta_2 a_3 through the roots: Orlando's formula for the middle factor."""
        r, y, z = roots()
        return mpmath.re((r + y + z) * (r + y) * (y + z) * (r + z) * r * y * z) * -1

    return measured(
        sp.And(eq(product, Rational(1, 128)), least > 0, last > 0),
        exact,
        {
            product: orlando,
            least: lambda s: -mpmath.re(sum(roots())),
            last: lambda s: -mpmath.re(mpmath.fprod(roots())),
        },
        ({},),
        Step("the Jacobian", J),
        Step("J z = i omega z with z = (d, g) gives Q d = 0 and P P^T d = omega^2 d, and back"),
    )


@claim(
    "stability.settled.required.h-g",
    source=OURS + ", to 'what is required for stability'",
    formal=r"D = 0",
    says="strong convexity of h_G is required: where the interaction does not see a direction of "
    "the generator (P u = 0, here for n_D = n_G = 2 and P = (b, c)^T (1, -m)) J is singular",
    expect=Verdict.PROVED,
)
def required_h_g() -> Examination:
    value = Symbol("D", real=True)
    q1, q2, q3, b, c, m = names = sp.symbols("q_1 q_2 q_3 b c m", real=True)
    d1, d2, g1, g2 = sp.symbols("d_1 d_2 g_1 g_2", real=True)
    payoff = -(q1 * d1**2 + 2 * q2 * d1 * d2 + q3 * d2**2) / 2 + (b * d1 + c * d2) * (g1 - m * g2)
    game = zero_sum(payoff, minimize=(g1, g2), maximize=(d1, d2), parameters=names)
    exact = {value: sp.expand(poster_flow(game).jacobian().det())}

    def smallest(s: Place) -> Any:
        P = mpmath.matrix([[s["b"], -s["b"] * s["m"]], [s["c"], -s["c"] * s["m"]]])
        J = mpmath.zeros(4)
        J[0, 0], J[0, 1], J[1, 0], J[1, 1] = -s["q_1"], -s["q_2"], -s["q_2"], -s["q_3"]
        J[:2, 2:], J[2:, :2] = P, -P.T
        return mpmath.svd(J, compute_uv=False)[3]

    points = ({q1: 2, q2: 1, q3: 3, b: 1, c: 2, m: 5}, {q1: 1, q2: 0, q3: 1, b: 3, c: -1, m: 1})
    return measured(eq(value, 0 * q1), exact, {value: smallest}, points, kind="svd:mpmath")


@claim(
    "stability.settled.required.realizable",
    source=OURS + ", to 'what is required for stability' and to the open question on "
    "non-realizability",
    formal=r"t = \frac{c}{4} - \frac{3}{16}",
    says="realizability is not required if D is linear in its parameters: where D = 0 for all x "
    "and the means of grad D agree, both players rest and V_GG = 0, and V_DD is still f''(0) times "
    "a mean of squares. If D is not linear, V_DD also holds f'(0) times the difference of the "
    "means of its second derivatives, and either may win. Data at 0 and 1, half each, a generator "
    "at one point theta, D(x) = psi x + c psi^2 x^2 and the traditional loss: (0, 1/2) rests (r = "
    "0), and J has the trace t and the determinant d = 1/4: stable exactly for c < 3/4",
    expect=Verdict.PROVED,
)
def required_realizable() -> Examination:
    names = sp.symbols("t d r", real=True)
    c = Symbol("c", real=True)
    real, fake = psi + c * psi**2, psi * theta + c * psi**2 * theta**2
    payoff = (TRADITIONAL(0) + TRADITIONAL(real)) / 2 + TRADITIONAL(-fake)
    flow = poster_flow(zero_sum(payoff, minimize=theta, maximize=psi, parameters=(c,)))
    rest = {psi: 0, theta: Rational(1, 2)}
    J = flow.jacobian(rest)
    speed = sum(f.subs(rest) ** 2 for f in flow.rhs)
    exact = {names[0]: sp.expand(J.trace()), names[1]: sp.expand(J.det()), names[2]: speed}
    half = mpmath.mpf(1) / 2

    def V(s: Place) -> Any:
        def score(d: Any, y: Any) -> Any:
            return d * y + s["c"] * (d * y) ** 2

        return lambda d, g: (LOG(0) + LOG(score(d, 1))) / 2 + LOG(-score(d, g))

    def plain(s: Place) -> Any:
        return plain_jacobian(V(s), (0, half))

    numbers = {
        names[0]: lambda s: plain(s)[0, 0] + plain(s)[1, 1],
        names[1]: lambda s: mpmath.det(plain(s)),
        names[2]: lambda s: sum(f**2 for f in plain_field(V(s))(0, half)),
    }
    statement = sp.And(
        eq(names[0], c / 4 - Rational(3, 16)), eq(names[1], Rational(1, 4)), eq(names[2], 0 * c)
    )
    return measured(statement, exact, numbers, ({c: 0}, {c: Rational(1, 2)}, {c: 2}))


@claim(
    "stability.relaxation",
    source="assumptions, 'Relaxation: zero eigenvalues must correspond to flat directions within "
    "a subspace of equilibria'",
    formal=r"H = \frac{4}{5}",
    says="the strong convexity can be relaxed to zero eigenvalues along flat directions in a "
    "subspace of equilibria. Judged on D(x) = (psi_1 + psi_2) x^2 with any f: h_D has the Hessian "
    "eigenvalues H = 4/5 and 0; along psi_1 - psi_2 all points rest; the other two eigenvalues "
    "have trace 4 f''(0)/5 and determinant 8 f'(0)^2/9",
    expect=Verdict.PROVED,
)
def relaxation() -> Examination:
    names = sp.symbols("H drift trace det", real=True)
    one, two = sp.symbols("psi_1 psi_2", real=True)
    D, made = one + two, a * x
    payoff = GenericLoss(D * x**2) + GenericLoss(-D * made**2)
    flow = poster_flow(zero_sum(payoff, minimize=a, maximize=(one, two), parameters=(x,)))
    rest = {one: 0, two: 0, a: 1}
    J = flow.jacobian(rest).subs(FREE).applyfunc(average)
    _, half, whole, product = J.charpoly().all_coeffs()
    hessian = sp.hessian(average((D * x**2) ** 2), (one, two))
    along = {one: w, two: -w, a: 1}
    drift = sum(average(f.subs(along).subs(FREE)) ** 2 for f in flow.rhs)
    exact = {names[0]: hessian.trace() - hessian.det(), names[1]: drift + product**2,
             names[2]: -half, names[3]: whole}  # fmt: skip

    def payoff_of(s: Place) -> Any:
        plain = plain_payoff(quadratic_loss(s))
        return lambda d, e, g: plain(d + e, g)

    def spectrum_of(s: Place) -> Any:
        V = payoff_of(s)

        rows = saddle_jacobian(V, (0, 0, 1), 2)
        found = mpmath.eig(rows, left=False, right=False)
        return sorted(found, key=abs)[1:]

    def moved(s: Place) -> Any:
        V, at = payoff_of(s), (s["w"], -s["w"], 1)
        return sum(quotient(V, at, *(int(k == i) for k in range(3))) ** 2 for i in range(3))

    def largest(s: Place) -> Any:
        def h(d: Any, e: Any) -> Any:
            return plain_mean(lambda z: ((d + e) * z**2) ** 2)

        entries = [[quotient(h, (0, 0), 2, 0), quotient(h, (0, 0), 1, 1)],
                   [quotient(h, (0, 0), 1, 1), quotient(h, (0, 0), 0, 2)]]  # fmt: skip
        return max(mpmath.eigsy(mpmath.matrix(entries), eigvals_only=True))

    numbers = {
        names[0]: largest,
        names[1]: moved,
        names[2]: lambda s: mpmath.re(sum(spectrum_of(s))),
        names[3]: lambda s: mpmath.re(mpmath.fprod(spectrum_of(s))),
    }
    statement = sp.And(
        eq(names[0], Rational(4, 5)),
        eq(names[1], 0 * w),
        eq(names[2], 4 * f2 / 5),
        eq(names[3], 8 * f1**2 / 9),
    )
    points = ({w: 1, **CONCAVE[0]}, {w: Rational(-1, 3), **CONCAVE[2]})
    return measured(statement, exact, numbers, points, digits=20)
