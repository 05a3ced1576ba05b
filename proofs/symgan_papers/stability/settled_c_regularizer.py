r"""Settled: the regularizer beside unrolling, and linear players globally."""

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
    linear_game,
    linear_payoff,
    measured,
    p,
    plain_field,
    poster_flow,
    psi,
    q,
    quotient,
    saddle_jacobian,
    theta,
    uniform_wgan,
    w,
)
from symgan_papers.stability.section5_figures import plain_wgan

OURS = "ours"
"""Where a statement stands that is not the poster's."""
h = Symbol("h", positive=True)
STATES = (
    {q: 1, p: 2, psi: 1, theta: -1, h: Rational(1, 4)},
    {q: 3, p: Rational(1, 2), psi: -2, theta: 5, h: 2},
)


def ahead(payoff: Any, symbol: Symbol, step: Any) -> Any:
    """The payoff after one step of the discriminator."""
    return payoff.subs(symbol, symbol + step * sp.diff(payoff, symbol))


@claim(
    "stability.settled.unrolled.wgan",
    source=OURS + ", to 'similar to 1-unrolled'",
    formal=r"U = V + h N",
    says="for a WGAN with a discriminator linear in its parameters 'similar' is 'the same': the "
    "1-unrolled loss U with step h is V + h |grad_D V|^2 exactly, N the squared norm (small WGAN)",
    expect=Verdict.PROVED,
)
def unrolled_wgan() -> Examination:
    names = sp.symbols("U V N", real=True)
    payoff = uniform_wgan().losses[0]
    exact = {
        names[0]: ahead(payoff, w, h),
        names[1]: payoff,
        names[2]: sp.diff(payoff, w) ** 2,
    }

    def gradient(s: Place) -> Any:
        return quotient(plain_wgan, (s["w"], s["a"]), 1, 0)

    numbers = {
        names[0]: lambda s: plain_wgan(s["w"] + s["h"] * gradient(s), s["a"]),
        names[1]: lambda s: plain_wgan(s["w"], s["a"]),
        names[2]: lambda s: gradient(s) ** 2,
    }
    points = ({w: 1, a: 2, h: 3}, {w: -1, a: Rational(1, 3), h: Rational(1, 4)})
    return measured(eq(names[0], names[1] + h * names[2]), exact, numbers, points)


def _gradient(s: Place) -> Any:
    return quotient(linear_payoff(s), (s["psi"], s["theta"]), 1, 0)


def _value(s: Place) -> Any:
    return linear_payoff(s)(s["psi"], s["theta"])


@claim(
    "stability.settled.unrolled.difference",
    source=OURS + ", to 'similar to 1-unrolled'",
    formal=r"U - V - h N = -\frac{q h^2 N}{2}",
    says="for a GAN with curvature q of the discriminator (size (1, 1)) the two differ by -q h^2 "
    "N/2: the regularizer overstates what one step gains",
    expect=Verdict.PROVED,
)
def difference() -> Examination:
    names = U, V, N = sp.symbols("U V N", real=True)
    payoff = linear_game().losses[0]
    values = (sp.expand(ahead(payoff, psi, h)), payoff, sp.expand(sp.diff(payoff, psi) ** 2))
    numbers = {
        U: lambda s: linear_payoff(s)(s["psi"] + s["h"] * _gradient(s), s["theta"]),
        V: _value,
        N: lambda s: _gradient(s) ** 2,
    }
    return measured(
        eq(U - V - h * N, -q * h**2 * N / 2),
        dict(zip(names, values, strict=True)),
        numbers,
        STATES,
    )


@claim(
    "stability.settled.unrolled.pure",
    source=OURS + ", to 'approximation of the pure minimization problem'",
    formal=r"V + \frac{N}{2 q} = \frac{p^2 \theta^2}{2 q}",
    says="with the weight 1/(2 q) the regularized objective is the pure minimization problem: V + "
    "N/(2 q) is max_D V = p^2 theta^2/(2 q) whatever the discriminator (size (1, 1)); larger "
    "weights overshoot it. The 1-unrolled loss U is the same at twice that step, 1/q",
    expect=Verdict.PROVED,
)
def pure() -> Examination:
    names = U, V, N = sp.symbols("U V N", real=True)
    payoff = linear_game().losses[0]
    values = (
        sp.expand(ahead(payoff, psi, 1 / q)),
        payoff,
        sp.expand(sp.diff(payoff, psi) ** 2),
    )
    numbers = {
        U: lambda s: linear_payoff(s)(s["psi"] + _gradient(s) / s["q"], s["theta"]),
        V: _value,
        N: lambda s: _gradient(s) ** 2,
    }
    best = p**2 * theta**2 / (2 * q)
    return measured(
        sp.And(eq(V + N / (2 * q), best), eq(U, best)),
        dict(zip(names, values, strict=True)),
        numbers,
        STATES,
    )


@claim(
    "stability.settled.regularized.tall",
    source=OURS + ", to the theorem on the regularized system, 'similar assumptions'",
    formal=r"a_3 = 0",
    says="for a WGAN 'similar' must say more than full column rank of P: with two discriminator "
    "and one generator parameter, P = (p, p)^T, the regularized Jacobian has the eigenvalue 0 "
    "(a_3, minus its determinant, vanishes), along psi_1 - psi_2, where all points rest for a "
    "discriminator linear in its parameters; the other two have the sum -a_1 = -4 eta p^2 and the "
    "product a_2 = 2 p^2",
    expect=Verdict.PROVED,
)
def tall() -> Examination:
    names = sp.symbols("a_1 a_2 a_3", real=True)
    one, two = sp.symbols("psi_1 psi_2", real=True)
    payoff = p * (one + two) * theta
    game = zero_sum(payoff, minimize=theta, maximize=(one, two), parameters=(p,))
    found = poster_flow(game, gamma).jacobian().charpoly().all_coeffs()[1:]

    def plain(s: Place) -> list[Any]:
        def V(d: Any, e: Any, g: Any) -> Any:
            return s["p"] * (d + e) * g

        def whole(d: Any, e: Any, g: Any) -> Any:
            slopes = (quotient(V, (d, e, g), *orders) for orders in ((1, 0, 0), (0, 1, 0)))
            return V(d, e, g) + s["gamma"] * sum(slope**2 for slope in slopes)

        # Rows of ascent come from V, the row of descent from the regularized loss.
        J = saddle_jacobian(V, (0, 0, 0), 2)
        J[2, :] = saddle_jacobian(whole, (0, 0, 0), 2)[2, :]
        r, y, z = eigenvalues(J)
        return [-mpmath.re(r + y + z), mpmath.re(r * y + y * z + r * z), -mpmath.re(r * y * z)]

    statement = sp.And(eq(names[2], 0 * p), eq(names[0], 4 * gamma * p**2), eq(names[1], 2 * p**2))
    return measured(
        statement,
        dict(zip(names, map(sp.expand, found), strict=True)),
        {name: (lambda s, k=k: plain(s)[k]) for k, name in enumerate(names)},
        ({p: 2, gamma: 1}, {p: 1, gamma: Rational(1, 4)}),
        digits=20,
    )


@claim(
    "stability.settled.regularized.exactly",
    source=OURS + ", to the theorem on the regularized system",
    formal=r"a_3 = c p^2",
    says="exactly when, for any Q = -V_DD >= 0: the regularized Jacobian is Hurwitz for every eta "
    "> 0 if P has full column rank and no direction u != 0 of the discriminator has Q u = 0 and "
    "P^T u = 0, and for no eta otherwise. (Q + 2 eta P P^T is then positive definite, and the key "
    "lemma applies as in stability.settled.regularized; or else J is singular.) Judged for size "
    "(2, 1), P = (p, 0)^T, Q with rows (a, b), (b, c): the Hurwitz determinants of order 1 and 2 "
    "are H_1 = A + c and H_2 = (A + c)(a c - b^2 + 2 eta p^2 c) + p^2 A, A = a + 2 eta p^2, both "
    "positive; the last coefficient is a_3 = c p^2, positive exactly if (0, 1) is no such "
    "direction",
    expect=Verdict.PROVED,
)
def exactly() -> Examination:
    names = sp.symbols("H_1 H_2 a_3", real=True)
    one, two = sp.symbols("psi_1 psi_2", real=True)
    top, b, c = sp.symbols("a b c", real=True)
    payoff = -(top * one**2 + 2 * b * one * two + c * two**2) / 2 + p * one * theta
    game = zero_sum(payoff, minimize=theta, maximize=(one, two), parameters=(top, b, c, p))
    first, second, last = poster_flow(game, gamma).jacobian().charpoly().all_coeffs()[1:]
    values = (sp.expand(first), sp.factor(first * second - last), sp.expand(last))

    def plain(s: Place) -> Any:
        def V(d: Any, e: Any, g: Any) -> Any:
            own = s["a"] * d**2 + 2 * s["b"] * d * e + s["c"] * e**2
            return -own / 2 + s["p"] * d * g

        def whole(d: Any, e: Any, g: Any) -> Any:
            slopes = (quotient(V, (d, e, g), *orders) for orders in ((1, 0, 0), (0, 1, 0)))
            return V(d, e, g) + s["gamma"] * sum(slope**2 for slope in slopes)

        J = saddle_jacobian(V, (0, 0, 0), 2)
        J[2, :] = saddle_jacobian(whole, (0, 0, 0), 2)[2, :]
        return eigenvalues(J)

    def orlando(s: Place) -> Any:
        r, y, z = plain(s)
        return -mpmath.re((r + y) * (y + z) * (r + z))

    damped = top + 2 * gamma * p**2
    statement = sp.And(
        eq(names[0], damped + c),
        eq(names[1], (damped + c) * (top * c - b**2 + 2 * gamma * p**2 * c) + p**2 * damped),
        eq(names[2], c * p**2),
    )
    points = (
        {top: 2, b: 1, c: 3, p: 2, gamma: 1},
        {top: 1, b: -1, c: 1, p: Rational(1, 3), gamma: Rational(1, 4)},
    )
    return measured(
        statement,
        dict(zip(names, values, strict=True)),
        {
            names[0]: lambda s: -mpmath.re(sum(plain(s))),
            names[1]: orlando,
            names[2]: lambda s: -mpmath.re(mpmath.fprod(plain(s))),
        },
        points,
        kind="eigenvalues:mpmath",
        digits=20,
    )


d, z = sp.symbols("d z", positive=True)


@claim(
    "stability.settled.location",
    source=OURS + ", to the open question on global convergence and to the LaSalle panel",
    formal=r"E_1 < 0",
    says="for a linear discriminator psi x, a generator z + theta and data and latent variable of "
    "one law symmetric about 0 the GAN converges to (0, 0) from everywhere, in any dimension: the "
    "distance from the equilibrium never grows. E_1, its rate at psi = d for a pair of samples "
    "+-z (traditional loss), is negative; psi = -d is its mirror image. With u = psi . x the rate "
    "is the mean of u (f'(u) - f'(-u) + f'(u - psi . theta) - f'(-u - psi . theta))/2, not "
    "positive for f' falling, and zero for psi = 0 alone if f' falls strictly and the law has a "
    "regular covariance; there psi' = -f'(0) theta",
    expect=Verdict.PROVED,
)
def location() -> Examination:
    rate = Symbol("E_1", real=True)
    f = TRADITIONAL
    payoff = sum(f(psi * s) + f(-psi * (s + theta)) for s in (z, -z)) / 2
    flow = poster_flow(zero_sum(payoff, minimize=theta, maximize=psi, parameters=(z,)))
    found = along((psi**2 + theta**2) / 2, flow).subs(psi, d)
    exact = {rate: sp.factor(sp.simplify(found))}

    def falling(s: Place) -> Any:
        def V(y: Any, t: Any) -> Any:
            return sum(LOG(y * u) + LOG(-y * (u + t)) for u in (s["z"], -s["z"])) / 2

        first, second = plain_field(V)(s["d"], s["theta"])

        def half(t: Any) -> Any:
            return ((s["d"] + t * first) ** 2 + (s["theta"] + t * second) ** 2) / 2

        return quotient(half, (0,), 1)

    points = ({d: 1, theta: 3, z: 1}, {d: Rational(1, 9), theta: -1, z: 2}, {d: 1, theta: 0, z: 5})
    return measured(rate < 0, exact, {rate: falling}, points, Step("the rate", exact[rate]))


@claim(
    "stability.settled.location.wgan",
    source=OURS + ", to the open question on global convergence",
    formal=r"E_1 = 0",
    says="the same system with f(t) = t turns on circles for ever: E_1 = 0, for every law; and "
    "with the gradient-norm regularizer it converges from everywhere, E_2 = -2 eta theta^2",
    expect=Verdict.PROVED,
)
def location_wgan() -> Examination:
    names = sp.symbols("E_1 E_2", real=True)
    game = zero_sum(-psi * theta, minimize=theta, maximize=psi)
    energy = (psi**2 + theta**2) / 2
    exact = {
        names[0]: along(energy, poster_flow(game)),
        names[1]: along(energy, poster_flow(game, gamma)),
    }

    def rate(weighted: bool) -> Any:
        def of(s: Place) -> Any:
            weight = s["gamma"] if weighted else 0
            first, second = plain_field(lambda y, t: -y * t, weight)(s["psi"], s["theta"])

            def half(t: Any) -> Any:
                return ((s["psi"] + t * first) ** 2 + (s["theta"] + t * second) ** 2) / 2

            return quotient(half, (0,), 1)

        return of

    points = ({psi: 1, theta: 3, gamma: 1}, {psi: -2, theta: Rational(1, 2), gamma: Rational(1, 4)})
    return measured(
        sp.And(eq(names[0], 0 * psi), eq(names[1], -2 * gamma * theta**2)),
        exact,
        {names[0]: rate(False), names[1]: rate(True)},
        points,
    )


T = Symbol("T", positive=True)


@claim(
    "stability.settled.until",
    source=OURS + ", to 'until theta_D' = 0, theta_G' = 0'",
    formal=r"M = e^{-q T}",
    says="from another start an equilibrium is never attained: the flow of time T changes areas "
    "by the factor M, which never vanishes, so that no segment of starts is brought to one point "
    "(size (1, 1); in general by uniqueness of solutions)",
    expect=Verdict.PROVED,
)
def until() -> Examination:
    area = Symbol("M", real=True)
    A = poster_flow(linear_game()).jacobian()

    def flowed(s: Place) -> Any:
        M = mpmath.matrix([[-s["q"], s["p"]], [-s["p"], 0]])
        return mpmath.det(mpmath.expm(s["T"] * M, method="taylor"))

    return measured(
        eq(area, sp.exp(-q * T)),
        {area: sp.exp(T * A.trace())},  # Liouville's formula
        {area: flowed},
        ({q: 1, T: 2, p: 3}, {q: Rational(1, 10), T: 5, p: Rational(1, 3)}),
        kind="expm:mpmath",
    )
