r"""Settled: the blocks of the Jacobian, with and without regularizer, and their limits."""

from __future__ import annotations

from functools import cache
from typing import Any

import mpmath
import sympy as sp
from sympy import Matrix, Rational, Symbol

from symgan.claims import Examination, Step, Verdict, claim, eq
from symgan.game import zero_sum
from symgan.losses import GenericLoss
from symgan_papers.stability.model import (
    LINEAR,
    LOG,
    TRADITIONAL,
    Place,
    average,
    f1,
    f2,
    gamma,
    linear_game,
    linear_payoff,
    measured,
    p,
    plain_jacobian,
    plain_mean,
    poster_flow,
    psi,
    q,
    quadratic_loss,
    quotient,
    theta,
    x,
)

OURS = "ours"
"""Where a statement stands that is not the poster's."""


def _general(n: int) -> tuple[Any, Matrix, Matrix]:
    """A linear GAN of n parameters a player with symmetric Q and any P, regularized."""
    d, g = (Matrix(sp.symbols(f"{s}_1:{n + 1}", real=True)) for s in "dg")
    Q = Matrix(n, n, lambda i, j: Symbol(f"q_{min(i, j) + 1}{max(i, j) + 1}", real=True))
    P = Matrix(n, n, lambda i, j: Symbol(f"p_{i + 1}{j + 1}", real=True))
    payoff = (-d.T * Q * d / 2 + d.T * P * g)[0]
    names = tuple(sorted(Q.free_symbols | P.free_symbols, key=str))
    game = zero_sum(payoff, minimize=tuple(g), maximize=tuple(d), parameters=names)
    return poster_flow(game, gamma), Q, P


def _plain_regularized(s: Place, n: int) -> Any:
    """Its Jacobian from difference quotients of both losses, then in coordinates (d, z)."""

    def V(*z: Any) -> Any:
        bend = sum(
            s[f"q_{min(i, j) + 1}{max(i, j) + 1}"] * z[i] * z[j] for i in range(n) for j in range(n)
        )
        mixed = (s[f"p_{i + 1}{j + 1}"] * z[i] * z[n + j] for i in range(n) for j in range(n))
        return -bend / 2 + sum(mixed)

    def down(*z: Any) -> Any:
        slopes = (quotient(V, z, *(int(k == i) for k in range(2 * n))) for i in range(n))
        return -V(*z) - s["gamma"] * sum(slope**2 for slope in slopes)

    J = mpmath.zeros(2 * n)
    for i in range(2 * n):
        for j in range(2 * n):
            orders = [int(k == i) + int(k == j) for k in range(2 * n)]
            J[i, j] = quotient(V if i < n else down, (0,) * (2 * n), *orders)
    change = mpmath.eye(2 * n)
    for i in range(n):
        for j in range(n):
            change[n + i, j] = 2 * s["gamma"] * s[f"p_{j + 1}{i + 1}"]
    return change * J * change**-1


def _similar(n: int, places: tuple[tuple[int, int], ...], values: dict[Any, Any]) -> Examination:
    flow, Q, P = _general(n)
    change = sp.eye(2 * n)
    change[n:, :n] = 2 * gamma * P.T
    back = sp.eye(2 * n)
    back[n:, :n] = -2 * gamma * P.T
    found = (change * flow.jacobian() * back).applyfunc(sp.expand)
    key = sp.zeros(2 * n)
    key[:n, :n], key[:n, n:], key[n:, :n] = -(Q + 2 * gamma * P * P.T), P, -P.T
    names = {ij: Symbol(f"K_{ij[0] + 1}{ij[1] + 1}", real=True) for ij in places}

    @cache
    def plain(items: tuple[tuple[str, Any], ...]) -> Any:
        return _plain_regularized(dict(items), n)

    def entry(ij: tuple[int, int]) -> Any:
        return lambda s: plain(tuple(sorted(s.items())))[ij]

    return measured(
        sp.And(*(eq(names[ij], key[ij]) for ij in places)),
        {name: found[ij] for ij, name in names.items()},
        {name: entry(ij) for ij, name in names.items()},
        (values,),
        Step("what remains of all entries", (found - key).applyfunc(sp.expand)),
        Step("so it is the key lemma's matrix with Q + 2 eta P P^T in the place of Q"),
        digits=20,
    )


def _values(n: int) -> dict[Any, Any]:
    """Small numbers for all entries."""
    Q, P = _general(n)[1:]
    entries = sorted(Q.free_symbols | P.free_symbols, key=str)
    return {gamma: Rational(1, 4)} | {
        name: Rational((5 * i) % 7 - 2, 1 + i % 3) for i, name in enumerate(entries)
    }


@claim(
    "stability.settled.regularized",
    source=OURS + ", to the theorem on the regularized system",
    formal=r"K_{11} = -(q_{11} + 2 \eta (p_{11}^2 + p_{12}^2))",
    says="'eta not too large' is not needed: in the variables (theta_D, theta_G + 2 eta P^T "
    "theta_D) the regularized linearization is the key lemma's matrix K with Q + 2 eta P P^T in "
    "the place of Q. It is stable for every eta >= 0 where Q is positive definite and P of full "
    "column rank, and for every eta > 0 and any Q >= 0 where P is also square. All entries for "
    "two parameters a player",
    expect=Verdict.PROVED,
)
def regularized() -> Examination:
    places = tuple((i, j) for i in range(4) for j in range(4) if i < 2 or j < 3)
    return _similar(2, places, _values(2))


@claim(
    "stability.settled.regularized.size-3-3",
    source=OURS + ", to the theorem on the regularized system",
    formal=r"K_{11} = -(q_{11} + 2 \eta (p_{11}^2 + p_{12}^2 + p_{13}^2))",
    says="the same for three parameters a player, all entries free",
    expect=Verdict.PROVED,
)
def regularized_3_3() -> Examination:
    places = (
        (0, 0),
        (0, 1),
        (1, 2),
        (2, 2),
        (0, 3),
        (1, 5),
        (2, 4),
        (3, 0),
        (4, 2),
        (5, 1),
        (4, 4),
    )
    return _similar(3, places, _values(3))


@claim(
    "stability.settled.rates",
    source=OURS + ", to the key lemma",
    formal=r"X = \lambda^2 + \lambda r + s",
    says="how fast: an eigenvector (d, g) of the key lemma's matrix, |d| = 1, has an eigenvalue "
    "with lambda^2 + lambda r + s = 0, r = d* Q d and s = |P^T d|^2 (X is the residual of the "
    "first row after g = -P^T d/lambda, times lambda). So every non-real eigenvalue has a real "
    "part between -q_max/2 and -q_min/2, the extreme eigenvalues of Q, and a modulus not above "
    "the norm of P",
    expect=Verdict.PROVED,
)
def rates() -> Examination:
    residual, r, s = sp.symbols("X r s", real=True)
    lam = Symbol("lambda", positive=True)
    t = Symbol("t", real=True)
    flow, Q, P = _general(2)
    J = flow.jacobian().subs(gamma, 0)
    unit = Matrix([(1 - t**2) / (1 + t**2), 2 * t / (1 + t**2)])
    whole = unit.col_join(-P.T * unit / lam)
    exact = {
        residual: sp.cancel(lam * unit.dot((lam * whole - J * whole)[:2])),
        r: sp.cancel(unit.dot(Q * unit)),
        s: sp.cancel((P.T * unit).dot(P.T * unit)),
    }

    def parts(place: Place) -> tuple[Any, Any, Any]:
        angle = 2 * mpmath.atan(place["t"])
        d = mpmath.matrix([mpmath.cos(angle), mpmath.sin(angle)])
        Qn = mpmath.matrix([[place["q_11"], place["q_12"]], [place["q_12"], place["q_22"]]])
        Pn = mpmath.matrix([[place["p_11"], place["p_12"]], [place["p_21"], place["p_22"]]])
        return d, Qn, Pn

    def first_row(place: Place) -> Any:
        d, Qn, Pn = parts(place)
        g = -(Pn.T * d) / place["lambda"]
        row = place["lambda"] * d + Qn * d - Pn * g
        return place["lambda"] * (d.T * row)[0]

    def rayleigh(place: Place) -> Any:
        d, Qn, _ = parts(place)
        return (d.T * Qn * d)[0]

    def seen(place: Place) -> Any:
        d, _, Pn = parts(place)
        return mpmath.norm(Pn.T * d) ** 2

    values = {k: v for k, v in _values(2).items() if k != gamma}
    return measured(
        eq(residual, lam**2 + lam * r + s),
        exact,
        {residual: first_row, r: rayleigh, s: seen},
        ({lam: 2, t: Rational(1, 3), **values}, {lam: Rational(1, 5), t: -2, **values}),
        kind="evaluated:mpmath",
    )


@claim(
    "stability.settled.support",
    source=OURS + ", to assumption 1, 'D = 0 for all x'",
    formal=r"t = 2 c F",
    says="'for all x' is needed, not only for x in the data: with data and a generator of one "
    "point (0 and theta), D(x) = psi x + c x^2, c > 0, is zero on the data at psi = 0, and (0, 0) "
    "rests with p_G = p_data; but the lower right block of J is not zero, its trace is t = 2 c "
    "f'(0), F = f'(0) > 0, and the equilibrium repels",
    expect=Verdict.PROVED,
)
def support() -> Examination:
    trace, slope = sp.symbols("t F", real=True)
    c = Symbol("c", positive=True)
    payoff = TRADITIONAL(0) + TRADITIONAL(-psi * theta - c * theta**2)
    game = zero_sum(payoff, minimize=theta, maximize=psi, parameters=(c,))
    J = poster_flow(game).jacobian({psi: 0, theta: 0})
    score = Symbol("u", real=True)
    exact = {trace: J.trace(), slope: sp.diff(TRADITIONAL(score), score).subs(score, 0)}

    def plain(s: Place) -> Any:
        A = plain_jacobian(lambda d, g: LOG(-d * g - s["c"] * g**2), (0, 0))
        return A[0, 0] + A[1, 1]

    points = ({c: 1}, {c: Rational(1, 7)})
    return measured(
        sp.And(eq(trace, 2 * c * slope), slope > 0),
        exact,
        {trace: plain, slope: lambda s: quotient(LOG, (0,), 1)},
        points,
    )


@claim(
    "stability.settled.blocks",
    source=OURS + ", to the arrows below h_D and h_G",
    formal=r"V_{12} = f_2 H_{12}",
    says="for any f the blocks are -Q = f''(0) Hess h_D and P^T P = f'(0)^2 Hess h_G/2: the "
    "poster's two conditions are those of the key lemma. Judged for D(x) = psi_1 x + psi_2 (x^2 + "
    "x) and the generator a z + b, all entries",
    expect=Verdict.PROVED,
)
def blocks() -> Examination:
    one, two, a, b = sp.symbols("psi_1 psi_2 a b", real=True)
    free = {GenericLoss(0, 1): f1, GenericLoss(0, 2): f2}
    rest = {one: 0, two: 0, a: 1, b: 0}

    def D(y: Any) -> Any:
        return one * y + two * (y**2 + y)

    made = a * x + b
    payoff = GenericLoss(D(x)) + GenericLoss(-D(made))
    J = poster_flow(zero_sum(payoff, minimize=(a, b), maximize=(one, two), parameters=(x,)))
    J = J.jacobian(rest).subs(free).applyfunc(average)
    P = J[:2, 2:]
    h_d = sp.hessian(average(D(x) ** 2), (one, two))
    moments = [average(sp.diff(D(x), s) - sp.diff(D(made), s)) for s in (one, two)]
    h_g = sp.hessian(sum(m**2 for m in moments), (a, b)).subs(rest)
    pairs = ((0, 0), (0, 1), (1, 1))
    own = {ij: Symbol(f"V_{ij[0] + 1}{ij[1] + 1}", real=True) for ij in pairs}
    curved = {ij: Symbol(f"H_{ij[0] + 1}{ij[1] + 1}", real=True) for ij in pairs}
    gram = {ij: Symbol(f"N_{ij[0] + 1}{ij[1] + 1}", real=True) for ij in pairs}
    missed = {ij: Symbol(f"G_{ij[0] + 1}{ij[1] + 1}", real=True) for ij in pairs}
    exact = {}
    for ij in pairs:
        exact |= {own[ij]: J[ij], curved[ij]: h_d[ij], gram[ij]: (P.T * P)[ij], missed[ij]: h_g[ij]}

    def mean(integrand: Any) -> Any:
        return plain_mean(integrand)

    def score(c: Any, d: Any, y: Any) -> Any:
        return c * y + d * (y**2 + y)

    def V(s: Place) -> Any:
        f = quadratic_loss(s)
        return lambda c, d, g, k: mean(lambda z: f(score(c, d, z)) + f(-score(c, d, g * z + k)))

    def orders(n: int, *places: int) -> list[int]:
        return [places.count(k) for k in range(n)]

    def second(s: Place, i: int, j: int) -> Any:
        return quotient(V(s), (0, 0, 1, 0), *orders(4, i, j))

    def squares(s: Place, i: int, j: int) -> Any:
        return sum(second(s, k, 2 + i) * second(s, k, 2 + j) for k in (0, 1))

    def missing(g: Any, k: Any) -> Any:
        first = mean(lambda z: z - (g * z + k))
        return first**2 + mean(lambda z: z**2 + z - (g * z + k) ** 2 - (g * z + k)) ** 2

    def h(c: Any, d: Any) -> Any:
        return mean(lambda z: score(c, d, z) ** 2)

    numbers: dict[Any, Any] = {}
    for i, j in pairs:
        numbers |= {
            own[i, j]: lambda s, i=i, j=j: second(s, i, j),
            curved[i, j]: lambda s, i=i, j=j: quotient(h, (0, 0), *orders(2, i, j)),
            gram[i, j]: lambda s, i=i, j=j: squares(s, i, j),
            missed[i, j]: lambda s, i=i, j=j: quotient(missing, (1, 0), *orders(2, i, j)),
        }
    statement = sp.And(
        *(eq(own[ij], f2 * curved[ij]) for ij in pairs),
        *(eq(gram[ij], f1**2 * missed[ij] / 2) for ij in pairs),
    )
    return measured(
        statement, exact, numbers, ({f1: Rational(1, 2), f2: -Rational(1, 4)},), digits=20
    )


@claim(
    "stability.settled.concave-concavity",
    source=OURS + ", to 'hard because of concave-concavity'",
    formal=r"t = 0",
    says="convexity in the minimizer and concavity in the maximizer are neither needed nor "
    "enough: the linear WGAN, V = -psi theta, has both (its second derivatives V_tt and V_pp "
    "vanish) and is a center, J having trace t = 0 and determinant D = 1; the GAN of "
    "stability.conclusion.stable lacks the former and is stable",
    expect=Verdict.PROVED,
)
def concave_concavity() -> Examination:
    names = sp.symbols("t D V_tt V_pp", real=True)
    payoff = -psi * theta
    J = poster_flow(zero_sum(payoff, minimize=theta, maximize=psi)).jacobian()
    values = (J.trace(), J.det(), sp.diff(payoff, theta, 2), sp.diff(payoff, psi, 2))

    def V(d: Any, g: Any) -> Any:
        return LINEAR(-d * g)

    numbers = {
        names[0]: lambda s: sum(mpmath.re(plain_jacobian(V, (0, 0))[i, i]) for i in (0, 1)),
        names[1]: lambda s: mpmath.det(plain_jacobian(V, (0, 0))),
        names[2]: lambda s: quotient(V, (s["psi"], s["theta"]), 0, 2),
        names[3]: lambda s: quotient(V, (s["psi"], s["theta"]), 2, 0),
    }
    statement = sp.And(
        eq(names[0], 0 * psi), eq(names[1], 1), eq(names[2], 0 * psi), eq(names[3], 0 * psi)
    )
    points = ({psi: 1, theta: 2}, {psi: -3, theta: Rational(1, 2)})
    return measured(statement, dict(zip(names, values, strict=True)), numbers, points)


@claim(
    "stability.settled.own-curvature",
    source=OURS + ", to the theorem on the regularized system",
    formal=r"D = q r + p^2",
    says="with a curvature r of V in the generator too (no realizable GAN has one) the "
    "regularizer still needs no bound: size (1, 1) has the trace -q - r - 2 eta p^2 and the "
    "determinant D = q r + p^2 for every eta, so that it repairs r < 0 as soon as 2 eta p^2 > -q "
    "- r, and cannot repair q r + p^2 < 0",
    expect=Verdict.PROVED,
)
def own_curvature() -> Examination:
    total, product, r = sp.symbols("R D r", real=True)
    game = linear_game()
    payoff = game.losses[0] + r * theta**2 / 2
    bent = zero_sum(payoff, minimize=theta, maximize=psi, parameters=(*game.parameters, r))
    J = poster_flow(bent, gamma).jacobian()
    exact = {total: J.trace(), product: sp.expand(J.det())}

    def matrix(s: Place) -> Any:
        plain = linear_payoff(s)
        return plain_jacobian(lambda d, g: plain(d, g) + s["r"] * g**2 / 2, (0, 0), s["gamma"])

    numbers = {
        total: lambda s: matrix(s)[0, 0] + matrix(s)[1, 1],
        product: lambda s: mpmath.det(matrix(s)),
    }
    points = ({q: 1, p: 2, r: -1, gamma: Rational(1, 4)}, {q: Rational(1, 3), p: 1, r: 2, gamma: 5})
    return measured(
        sp.And(eq(total, -q - r - 2 * gamma * p**2), eq(product, q * r + p**2)),
        exact,
        numbers,
        points,
    )
