r"""Section 5.2.2, end: the two-time-scale approximation, and symplectic gradient adjustment."""

from __future__ import annotations

from functools import cache
from itertools import combinations
from typing import Any

import mpmath
import sympy as sp
from sympy import Matrix, Rational, Symbol

from symgan import rules
from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
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

b, k, r, weight = sp.symbols("b k r weight", positive=True)
low, turn, first, size, total, limit = sp.symbols("low turn first size total limit", real=True)


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
    formal=r"first = (p \theta + s \psi + p \phi - s \chi) / 2",
    says="h1's first component on a quadratic payoff, phi = (phi, chi)",
    expect=Verdict.PROVED,
)
def two_timescale_slow() -> Examination:
    pair = _pair()
    phi, chi = sp.symbols("phi chi", real=True)
    named = dict(zip(pair.state[2:], (phi, chi), strict=True))

    def number(place: Place) -> Any:
        payoff, state = quadratic_at(place), [place["theta"], place["psi"]]
        J = jacobian_of(payoff, *state)
        other = mpmath.matrix([place["phi"], place["chi"]])
        return (field_of(payoff, *state)[0] + (J.T * other)[0]) / 2

    return Examination(
        eq(first, (p * theta + s * psi + p * phi - s * chi) / 2),
        {first: sp.expand(-pair.rhs[0].subs(named, simultaneous=True))},
        by_numbers(
            {first: number},
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
    formal=r"total = \pi^2 / 6",
    says="such sequences exist: a^k = 1/k and b^k = k^{-2/3}, whose sums diverge and whose squares "
    "sum to pi^2/6 and to zeta(4/3)",
    expect=Verdict.PROVED,
)
def sequences() -> Examination:
    j = Symbol("j", integer=True, positive=True)
    squares = sp.summation(1 / j**2, (j, 1, sp.oo))

    def number(place: Place) -> Any:
        return mpmath.nsum(lambda n: 1 / n**2, [1, mpmath.inf])

    return Examination(
        eq(total, sp.pi**2 / 6),
        {total: squares},
        by_numbers({total: number}, points=({k: 1},), kind="summed:mpmath", digits=30),
        steps=(Step("by the integral test sum k^-p is infinite for p <= 1 and finite for p > 1"),),
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


BOTH_WORST = {p: Rational(-1, 64), s: Rational(2, 5), q: Rational(1, 5)}
"""Both players sit at a maximum of their own losses, and simultaneous descent leaves."""
coefficients = sp.symbols("a1:5", real=True)
SLOW_PHI = tuple(Rational(n, 3276800000) for n in (236944000, 56978070, 677556, 68121))


@claim(
    "survey.settled.lss.slow-phi",
    source="section 5.2.2, above the last displays",
    says="the ratio of rates matters: with phi at half the rate of theta instead of far faster the "
    "approximation is drawn to a point where both players sit at their worst, p = -1/64, s = 2/5, "
    "q = 1/5, which simultaneous descent itself leaves: the characteristic polynomial has these "
    "coefficients a1, ..., a4, which satisfy the conditions of Routh and Hurwitz",
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
            place = {str(name): mpmath.mpf(v.p) / v.q for name, v in BOTH_WORST.items()}
            values, _vectors = mpmath.eig(_pair_matrix(place, mpmath.mpf(1) / 2))
            products = (mpmath.fprod(some) for some in combinations(values, k))
            return mpmath.re(mpmath.fsum(products))

        return measure

    a1, a2, a3, a4 = SLOW_PHI
    assert min(a1, a4, a1 * a2 - a3, (a1 * a2 - a3) * a3 - a1**2 * a4) > 0  # Routh, Hurwitz
    return Examination(
        sp.And(*(eq(a, value) for a, value in zip(coefficients, SLOW_PHI, strict=True))),
        exact,
        by_numbers({a: number(k) for k, a in enumerate(coefficients, 1)}, points=({k: 1},)),
    )


@claim(
    "survey.sga.decomposition",
    source="section 5.2.2, last paragraph",
    formal=r"turn = s",
    says="symplectic gradient adjustment uses the decomposition of the Jacobian into a symmetric "
    "and an antisymmetric part: here diag(p, -q) and [[0, s], [-s, 0]] (turn: the latter's entry)",
    expect=Verdict.PROVED,
)
def decomposition() -> Examination:
    J = game().J
    A, S = (J - J.T) / 2, (J + J.T) / 2

    def part(sign: int, i: int, j: int) -> Any:
        def number(place: Place) -> Any:
            M = jacobian_of(quadratic_at(place), mpmath.mpf(1), mpmath.mpf(1))
            return (M[i, j] + sign * M[j, i]) / 2

        return number

    return Examination(
        sp.And(eq(turn, s), eq(low, p), eq(size, 0 * s)),
        {turn: A[0, 1], low: S[0, 0], size: S[0, 1]},
        by_numbers(
            {turn: part(-1, 0, 1), low: part(1, 0, 0), size: part(1, 0, 1)},
            points=({p: 1, s: 2, q: -3}, {p: -1, s: 3, q: 5}),
            kind="differentiated:mpmath",
            digits=15,
        ),
    )


@claim(
    "survey.sga.well",
    source="section 5.2.2, last paragraph",
    says="symplectic gradient adjustment can also do well, and is stated for n players",
    expect=Verdict.INFORMAL,
    reason="no criterion is given; survey.settled.sga.* say where it converges",
)
def adjustment_well() -> None: ...


def _adjusted(payoff: Payoff, lam: Any) -> Any:
    """The matrix of v + lambda A^T v at a rest point, on numbers."""
    J = jacobian_of(payoff, mpmath.mpf(1), mpmath.mpf(1))
    A = (J - J.T) / 2
    return J + lam * A.T * J


@claim(
    "survey.settled.sga.bilinear",
    source="section 5.2.2, last paragraph",
    formal=r"low = weight b^2",
    says="on V = b theta psi the adjusted field has eigenvalues with real part w b^2, w its "
    "weight: it converges for every w > 0, as consensus optimization does",
    expect=Verdict.PROVED,
)
def adjusted_bilinear() -> Examination:
    flow = rules.named_flow("symplectic-adjustment")(game(b * theta * psi), lam=weight)
    roots = (-flow.jacobian()).eigenvals()

    def number(place: Place) -> Any:
        M = _adjusted(lambda x, y: place["b"] * x * y, place["weight"])
        return min(mpmath.re(v) for v in mpmath.eig(M)[0])

    return Examination(
        eq(low, weight * b**2),
        {low: sp.Min(*(sp.re(sp.expand(root)) for root in roots))},
        by_numbers({low: number}, points=({b: 1, weight: 2}, {b: 3, weight: Rational(1, 2)}),
                   kind="differentiated:mpmath", digits=15),
    )  # fmt: skip


@claim(
    "survey.settled.sga.worst",
    source="section 5.2.2, last paragraph",
    formal=r"low = -1",
    says="unlike consensus optimization it leaves the point where both players sit at their worst, "
    "V = (psi^2 - theta^2)/2, whatever its weight: nothing is antisymmetric there",
    expect=Verdict.PROVED,
)
def adjusted_worst() -> Examination:
    flow = rules.named_flow("symplectic-adjustment")(game((psi**2 - theta**2) / 2), lam=weight)
    ((root, _),) = (-flow.jacobian()).eigenvals().items()

    def number(place: Place) -> Any:
        M = _adjusted(lambda x, y: (y * y - x * x) / 2, place["weight"])
        return min(mpmath.re(v) for v in mpmath.eig(M)[0])

    return Examination(
        eq(low, -1 + 0 * weight),
        {low: root},
        by_numbers({low: number}, points=({weight: 2}, {weight: Rational(1, 2)}),
                   kind="differentiated:mpmath", digits=15),
    )  # fmt: skip
