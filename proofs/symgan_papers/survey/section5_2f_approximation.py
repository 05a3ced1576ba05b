r"""Section 5.2.2: the two-time-scale approximation of local symplectic surgery."""

from __future__ import annotations

from functools import cache
from itertools import combinations
from typing import Any

import mpmath
import sympy as sp
from sympy import Matrix, Rational, Symbol

from symgan import rules
from symgan.claims import Examination, Verdict, by_numbers, claim, eq
from symgan_papers.survey.model_section5_2 import (
    Payoff,
    Place,
    Vector,
    field_of,
    game,
    jacobian_of,
    p,
    psi,
    q,
    quadratic_at,
    s,
    surgery,
    theta,
)

k, r = sp.symbols("k r", positive=True)
turn, first, second, total, limit, other, excess = sp.symbols(
    "turn first second total limit other excess", real=True
)
mu, slow, own = sp.symbols("mu slow own", real=True)


@cache
def _pair() -> Any:
    """The two-time-scale flow on the quadratic game: (theta, psi) slow, phi fast."""
    return rules.named_flow("local-symplectic-surgery-two-timescale")(game(), tau=r, lam=k)


@claim(
    "survey.lss.two-timescale.h2",
    source="section 5.2.2, last displays",
    printed=r"h_2(\theta, \phi) = v'(\theta)^T v'(\theta) \phi - v'(\theta)^T v(\theta)"
    r" + \lambda(\theta) \phi",
    says="where h2 vanishes, phi is what the flow h multiplies v'^T with, so that h1 = h there",
    expect=Verdict.PROVED,
)
def two_timescale_fixed() -> Examination:
    pair = _pair()
    solved = sp.solve(pair.rhs[2:], pair.state[2:], dict=True)[0]
    flow = rules.named_flow("local-symplectic-surgery")(game(), lam=k)
    reached = [f.subs(solved, simultaneous=True) for f in pair.rhs[:2]]
    names = sp.symbols("reached_g reached_d h_g h_d", real=True)
    exact = dict(zip(names, map(sp.cancel, (*reached, *flow.rhs)), strict=True))

    def measured(way: Any, i: int) -> Any:
        def measure(place: Place) -> Any:
            payoff, state = quadratic_at(place), [place["theta"], place["psi"]]
            return -way(payoff, state, place["k"])[i]

        return measure

    ways = [(_at_rest, 0), (_at_rest, 1), (surgery, 0), (surgery, 1)]
    places = (
        {p: 1, s: 2, q: -3, k: 1, theta: 1, psi: 2},
        {p: -1, s: 3, q: -2, k: Rational(1, 2), theta: 2, psi: -1},
    )
    return Examination(
        sp.And(eq(names[0] - names[2], 0), eq(names[1] - names[3], 0)),
        exact,
        by_numbers(
            {name: measured(*way) for name, way in zip(names, ways, strict=True)},
            points=places,
            kind="differentiated:mpmath",
            digits=15,
        ),
    )


def _at_rest(payoff: Payoff, state: Vector, damp: Any) -> Vector:
    """h1 where phi' = -h2 rests: two steps of conjugate gradients from phi = 0 solve it."""
    J = jacobian_of(payoff, *state)
    v = mpmath.matrix(field_of(payoff, *state))
    phi, rest = mpmath.matrix([0, 0]), J.T * v
    way = rest.copy()
    for _ in range(2):
        bent = J.T * (J * way) + damp * way
        old = (rest.T * rest)[0]
        step = old / (way.T * bent)[0]
        phi, rest = phi + step * way, rest - step * bent
        way = rest + ((rest.T * rest)[0] / old) * way
    return list((v + J.T * phi) / 2)


@claim(
    "survey.lss.two-timescale.h1",
    source="section 5.2.2, last displays",
    printed=r"h_1(\theta, \phi) = \frac{1}{2} (v(\theta) + v'(\theta)^T \phi)",
    says="both components of h1 on a quadratic payoff, phi = (phi, chi): half of v + v'^T phi, "
    "with the transpose, so that chi enters the first with the sign of -s",
    expect=Verdict.PROVED,
)
def two_timescale_slow() -> Examination:
    pair = _pair()
    phi, chi = sp.symbols("phi chi", real=True)
    named = dict(zip(pair.state[2:], (phi, chi), strict=True))

    def component(i: int) -> Any:
        def number(place: Place) -> Any:
            payoff, state = quadratic_at(place), [place["theta"], place["psi"]]
            J = jacobian_of(payoff, *state)
            weights = mpmath.matrix([place["phi"], place["chi"]])
            return (field_of(payoff, *state)[i] + (J.T * weights)[i]) / 2

        return number

    return Examination(
        sp.And(
            eq(first, (p * theta + s * psi + p * phi - s * chi) / 2),
            eq(second, (-s * theta - q * psi + s * phi - q * chi) / 2),
        ),
        {
            name: sp.expand(-f.subs(named, simultaneous=True))
            for name, f in zip((first, second), pair.rhs, strict=False)
        },
        by_numbers(
            {first: component(0), second: component(1)},
            points=(
                {p: 1, s: 2, q: -3, theta: 1, psi: 2, phi: 3, chi: -1},
                {p: -1, s: 3, q: 2, theta: 2, psi: -1, phi: 1, chi: 5},
            ),
            kind="differentiated:mpmath",
            digits=15,
        ),
    )


@claim(
    "survey.lss.two-timescale.ratio",
    source="section 5.2.2, below the last displays",
    printed=r"\lim_{t\to\infty} \frac{a^k}{b^k} = 0",
    formal=r"limit = 0",
    says="the ratio of the steps tends to 0 as t, which does not occur in it, tends to infinity: "
    "a^k = 1/k, b^k = k^{-2/3}",
    expect=Verdict.REFUTED,
    amended=r"total = 0",
    repair="let k tend to infinity: then the limit (total) is 0 for these steps",
)
def ratio_of_steps() -> Examination:
    t = Symbol("t", positive=True)
    quotient = (1 / k) / k ** Rational(-2, 3)

    def far_out(place: Place) -> Any:
        x = mpmath.mpf(10) ** 300
        return (1 / x) / x ** (-mpmath.mpf(2) / 3)

    return Examination(
        eq(limit, 0),
        {limit: sp.limit(quotient, t, sp.oo), total: sp.limit(quotient, k, sp.oo)},
        by_numbers(
            {
                limit: lambda place: (1 / place["k"]) / place["k"] ** (-mpmath.mpf(2) / 3),
                total: far_out,
            },
            points=({k: 8}, {k: 27}),
        ),
        amendment=eq(total, 0 * k),
    )


@claim(
    "survey.lss.two-timescale.conditions",
    source="section 5.2.2, below the last displays",
    printed=r"\sum a^k = \infty, \quad \sum b^k = \infty, \quad \sum (a^k)^2 < \infty, \quad"
    r" \sum (b^k)^2 < \infty",
    says="such sequences exist: a^k = 1/k, whose sums exceed log n by a number that tends to "
    "Euler's constant (excess) and therefore diverge, b^k = k^{-2/3}, which is larger, and the "
    "squares sum to pi^2/6 (total) and to zeta(4/3) (other)",
    expect=Verdict.PROVED,
)
def sequences() -> Examination:
    j = Symbol("j", integer=True, positive=True)
    third = Rational(1, 3)
    exact = {
        excess: sp.limit(sp.harmonic(j) - sp.log(j), j, sp.oo),
        total: sp.summation(1 / j**2, (j, 1, sp.oo)),
        other: sp.summation(j ** (-4 * third), (j, 1, sp.oo)),
    }

    def rest(_: Place) -> Any:
        """Euler's constant as the sum of 1/n - log(1 + 1/n), which telescopes."""
        return mpmath.nsum(lambda n: 1 / n - mpmath.log1p(1 / n), [1, mpmath.inf])

    def squares(power: Any) -> Any:
        """The sum of n^-power: the alternating one lacks twice its even terms."""

        def number(_: Place) -> Any:
            e = mpmath.mpf(power.p) / power.q
            alternating = mpmath.nsum(lambda n: (-1) ** int(n + 1) * n**-e, [1, mpmath.inf])
            return alternating / (1 - 2 ** (1 - e))

        return number

    return Examination(
        sp.And(eq(excess, sp.EulerGamma), eq(total, sp.pi**2 / 6), eq(other, sp.zeta(4 * third))),
        exact,
        by_numbers(
            {excess: rest, total: squares(6 * third), other: squares(4 * third)},
            points=({},),
            kind="summed:mpmath",
            digits=25,
        ),
    )


@claim(
    "survey.lss.two-timescale.same-solution",
    source="section 5.2.2, below the last displays",
    says="the discrete method converges to the same solution as the flow",
    expect=Verdict.INFORMAL,
    reason="a theorem of the source on stochastic approximation that needs bounded iterates and "
    "conditions on the noise which the survey does not state; its algebra is "
    "survey.lss.two-timescale.h2",
)
def same_solution() -> None: ...


def _pair_matrix(place: Place, rate: Any) -> Any:
    """The matrix of (h1, rate h2) at a rest point with lambda = 0, on numbers."""
    J = jacobian_of(quadratic_at(place), mpmath.mpf(1), mpmath.mpf(1))
    G = J.T * J
    whole = mpmath.matrix(4, 4)
    for i in range(2):
        for j in range(2):
            whole[i, j], whole[i, j + 2] = J[i, j] / 2, J[j, i] / 2
            whole[i + 2, j], whole[i + 2, j + 2] = -rate * G[i, j], rate * G[i, j]
    return whole


@claim(
    "survey.lss.two-timescale.avoids",
    source="section 5.2.2, above the last displays",
    formal=r"turn = -(s^2 - p q)^2 p q / r^2",
    says="the approximation can avoid points that are no local Nash equilibria: at a rest point "
    "the determinant of its linearization (turn) is this whatever the ratio 1/r of the rates, "
    "lambda being 0 there; where just one player sits at its worst, p q > 0, it is negative, so "
    "that one direction repels",
    expect=Verdict.PROVED,
)
def avoids() -> Examination:
    pair = rules.named_flow("local-symplectic-surgery-two-timescale")(game(), tau=1 / r, lam=0)
    matrix = -Matrix(pair.rhs).jacobian(Matrix(pair.state))

    def number(place: Place) -> Any:
        return mpmath.det(_pair_matrix(place, 1 / place["r"]))

    return Examination(
        eq(turn, -p * q * (s**2 - p * q) ** 2 / r**2),
        {turn: sp.factor(matrix.det(method="berkowitz"))},
        by_numbers(
            {turn: number},
            points=(
                {p: -1, s: 3, q: -2, r: 1},
                {p: 2, s: 1, q: -1, r: Rational(1, 5)},
                {p: Rational(1, 2), s: 2, q: 3, r: 4},
            ),
            kind="differentiated:mpmath",
            digits=15,
        ),
    )


@claim(
    "survey.settled.lss.fast-phi",
    source="section 5.2.2, above the last displays",
    formal=r"slow = (s^2 - p q)^2 (\mu - p) (\mu + q)",
    says="the faster phi, the better: as the ratio r of the rates goes to 0 (the survey's last "
    "condition), r^2 times the characteristic polynomial of the approximation at a rest point "
    "tends to slow: two eigenvalues tend to p and -q and the others to infinity like those of "
    "v'^T v'/r (v' invertible): a point with p < 0 or q > 0 is left if phi is fast enough",
    expect=Verdict.PROVED,
)
def fast_phi() -> Examination:
    pair = rules.named_flow("local-symplectic-surgery-two-timescale")(game(), tau=1 / r, lam=0)
    matrix = -Matrix(pair.rhs).jacobian(Matrix(pair.state))
    shifted = (mu * sp.eye(4) - matrix).det(method="berkowitz")

    def number(place: Place) -> Any:
        tiny = mpmath.mpf(10) ** -25
        return tiny**2 * mpmath.det(place["mu"] * mpmath.eye(4) - _pair_matrix(place, 1 / tiny))

    return Examination(
        eq(slow, (s**2 - p * q) ** 2 * (mu - p) * (mu + q)),
        {slow: sp.expand(r**2 * shifted).subs(r, 0)},
        by_numbers(
            {slow: number},
            points=(
                {p: -1, s: 3, q: -2, mu: 2},
                {p: 2, s: 1, q: -1, mu: Rational(1, 5)},
                {p: Rational(1, 2), s: 2, q: 3, mu: -1},
            ),
            kind="differentiated:mpmath",
            digits=15,
        ),
    )


BOTH_WORST = {p: Rational(-1, 64), s: Rational(2, 5), q: Rational(1, 5)}
"""Both players sit at a maximum of their own losses, and simultaneous descent leaves."""
coefficients = sp.symbols("a1:5", real=True)
SLOW_PHI = tuple(Rational(n, 3276800000) for n in (236944000, 56978070, 677556, 68121))


def _worst() -> dict[str, Any]:
    return {str(name): mpmath.mpf(v.p) / v.q for name, v in BOTH_WORST.items()}


@claim(
    "survey.settled.lss.slow-phi",
    source="section 5.2.2, above the last displays",
    says="the ratio of rates matters: with phi at half the rate of theta instead of far faster the "
    "approximation is drawn to a point where both players sit at their worst, p = -1/64, s = 2/5, "
    "q = 1/5, which simultaneous descent itself leaves (own: the trace of v', negative): the "
    "characteristic polynomial has these coefficients a1, ..., a4, which satisfy the conditions "
    "of Routh and Hurwitz",
    expect=Verdict.PROVED,
)
def slow_phi() -> Examination:
    pair = rules.named_flow("local-symplectic-surgery-two-timescale")(
        game(), tau=Rational(1, 2), lam=0
    )
    matrix = Matrix(pair.rhs).jacobian(Matrix(pair.state)).subs(BOTH_WORST)
    exact = dict(zip(coefficients, matrix.charpoly().all_coeffs()[1:], strict=True))

    def number(k: int) -> Any:
        """Up to sign the k-th elementary symmetric function of the numeric eigenvalues."""

        def measure(_: Place) -> Any:
            values, _vectors = mpmath.eig(_pair_matrix(_worst(), mpmath.mpf(1) / 2))
            products = (mpmath.fprod(some) for some in combinations(values, k))
            return mpmath.re(mpmath.fsum(products))

        return measure

    def descent(_: Place) -> Any:
        J = jacobian_of(quadratic_at(_worst()), mpmath.mpf(1), mpmath.mpf(1))
        return J[0, 0] + J[1, 1]

    a1, a2, a3, a4 = SLOW_PHI
    assert min(a1, a4, a1 * a2 - a3, (a1 * a2 - a3) * a3 - a1**2 * a4) > 0  # Routh, Hurwitz
    return Examination(
        sp.And(
            eq(own, Rational(-69, 320)),
            *(eq(a, value) for a, value in zip(coefficients, SLOW_PHI, strict=True)),
        ),
        {**exact, own: game().J.trace().subs(BOTH_WORST)},
        by_numbers(
            {own: descent, **{a: number(k) for k, a in enumerate(coefficients, 1)}},
            points=({k: 1},),
        ),
    )
