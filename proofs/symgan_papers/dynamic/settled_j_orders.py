r"""The settled theorem: simultaneous and alternating orders at the same step.

Ours, not the paper's (the bounds of Mescheder et al. 2018, sharpened at their ends). With
Wasserstein loss: simultaneous descent-ascent diverges for every eta; alternation with n_g
and n_d updates is bounded exactly for n_g n_d eta^2 < 4 and never converges; the oracle is
stable exactly for eta < 2 and converges for all but countably many of these eta.
"""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.model import eta, psi, theta, update
from symgan_papers.dynamic.model import wasserstein_game as game
from symgan_papers.dynamic.oracle_orbits import alternated, moved, square

OURS = "ours: orders at the same step, Wasserstein loss"
n_g, n_d = sp.symbols("n_g n_d", positive=True, integer=True)
trace, det, size = sp.symbols("tr det size", real=True)
START = (
    {theta: 1, psi: 2, eta: sp.Rational(1, 10)},
    {theta: -1, psi: sp.Rational(1, 2), eta: sp.Rational(3, 2)},
    {theta: 2, psi: -1, eta: 2},
)


def round_matrix() -> sp.Matrix:
    """One round, n_d updates of psi and then n_g of theta, as a matrix on (theta, psi)."""
    down = sp.Matrix([[1, 0], [-n_d * eta, 1]])
    up = sp.Matrix([[1, n_g * eta], [0, 1]])
    return up * down


def _numeric_round(place: Any) -> Any:
    """The same matrix from simulated rounds of the two unit vectors."""
    columns = []
    for start in ((1, 0), (0, 1)):
        state: Any = (mpmath.mpf(start[0]), mpmath.mpf(start[1]))
        for field in ("V2",) * int(place["n_d"]) + ("V1",) * int(place["n_g"]):
            state = moved(state, field, place["eta"])
        columns.append(state)
    return mpmath.matrix([[columns[0][0], columns[1][0]], [columns[0][1], columns[1][1]]])


COUNTS = (
    {n_g: 1, n_d: 1, eta: sp.Rational(1, 10)},
    {n_g: 1, n_d: 5, eta: sp.Rational(3, 2)},
    {n_g: 2, n_d: 3, eta: 2},
)


@claim(
    "dynamic.settled.orders.simultaneous",
    source=OURS,
    formal=r"R_{plus} = (1 + \eta^2)(\theta^2 + \psi^2)",
    says="a simultaneous update multiplies the distance by sqrt(1 + eta^2), from every start "
    "and for every eta > 0",
    expect=Verdict.PROVED,
)
def sim() -> Examination:
    new = update(game(), "V3").rhs
    exact = {size: sp.expand(sum(v**2 for v in new))}

    def measured(place: Any) -> Any:
        return square(moved((place["theta"], place["psi"]), "V3", place["eta"]))

    return Examination(
        eq(size, (1 + eta**2) * (theta**2 + psi**2)),
        exact,
        by_numbers({size: measured}, points=START),
    )


@claim(
    "dynamic.settled.orders.alternating.trace",
    source=OURS,
    formal=r"\operatorname{tr} = 2 - n_g n_d \eta^2, \quad \det = 1",
    says="a round of alternation has determinant 1, so it never converges from an open set, and "
    "trace 2 - n_g n_d eta^2: its orbits are bounded exactly for n_g n_d eta^2 < 4",
    expect=Verdict.PROVED,
)
def alternating() -> Examination:
    exact = {trace: sp.expand(round_matrix().trace()), det: sp.expand(round_matrix().det())}
    numbers = {
        trace: lambda p: _numeric_round(p)[0, 0] + _numeric_round(p)[1, 1],
        det: lambda p: mpmath.det(_numeric_round(p)),
    }
    return Examination(
        sp.And(eq(trace, 2 - n_g * n_d * eta**2), eq(det, 1)),
        exact,
        by_numbers(numbers, points=COUNTS),
        steps=(Step("|tr| < 2: a rotation in other coordinates; > 2: a saddle"),),
    )


@claim(
    "dynamic.settled.orders.alternating.edge",
    source=OURS,
    formal=r"(M + I)^2 = 0, \quad M + I \ne 0 \quad (n_g n_d \eta^2 = 4)",
    says="at n_g n_d eta^2 = 4 alternation is unstable: -1 is a double eigenvalue with one "
    "eigenvector, a Jordan block; the first entry of M + I is -2",
    expect=Verdict.PROVED,
)
def jordan() -> Examination:
    names = sp.symbols("N_11 N_12 N_21 N_22 first", real=True)
    at = (round_matrix() + sp.eye(2)).subs(n_g, 4 / (n_d * eta**2))
    square_of = (at * at).applyfunc(sp.simplify)
    exact = dict(zip(names, (*square_of, sp.simplify(at[0, 0])), strict=True))

    def entry(i: int) -> Any:
        def measure(place: Any) -> Any:
            count = 4 / (place["n_d"] * place["eta"] ** 2)
            matrix = _numeric_round({**place, "n_g": count}) + mpmath.eye(2)
            flat = [*(matrix * matrix), matrix[0, 0]]
            return flat[i]

        return measure

    numbers = {name: entry(i) for i, name in enumerate(names)}
    points = ({n_d: 1, eta: 2}, {n_d: 4, eta: 1}, {n_d: 2, eta: 1})
    return Examination(
        sp.And(*(eq(name, 0 * eta * n_d) for name in names[:4]), eq(names[4], -2)),
        exact,
        by_numbers(numbers, points=points),
    )


@claim(
    "dynamic.settled.orders.alternating.invariant",
    source=OURS,
    formal=r"Q = \theta^2 - \eta\theta\psi + \psi^2, \quad Q^+ = Q",
    says="alternation in the order psi, theta (n_d = n_g = 1) keeps Q: with V of the oracle it "
    "shares the form, but not the absolute value, so nothing ever falls",
    expect=Verdict.PROVED,
)
def invariant() -> Examination:
    new = update(game(), "V2").then(update(game(), "V1")).rhs

    def q(x: Any, y: Any) -> Any:
        return x**2 - eta * x * y + y**2

    def measured(place: Any) -> Any:
        x, y = alternated((place["theta"], place["psi"]), place["eta"], 7)
        return x * x - place["eta"] * x * y + y * y

    return Examination(
        eq(size, theta**2 - eta * theta * psi + psi**2),
        {size: sp.expand(q(*new))},
        by_numbers({size: measured}, points=START),
    )


@claim(
    "dynamic.settled.orders.alternating.amplification",
    source=OURS,
    formal=r"(2 - \eta)\lambda_2 = (2 + \eta)\lambda_1",
    says="so alternation (1, 1) enlarges the distance at most by sqrt((2 + eta)/(2 - eta)), the "
    "ratio of the axes of the ellipse Q = const that its rounds end on; at irrational rotations "
    "it comes as close to that as one likes, at eta = 1 it does not reach it",
    expect=Verdict.PROVED,
)
def amplification() -> Examination:
    low, high = sp.symbols("lambda_1 lambda_2", real=True)
    form = sp.hessian(theta**2 - eta * theta * psi + psi**2, (theta, psi)) / 2
    along = sp.Matrix([1, 1]), sp.Matrix([1, -1])
    exact = {
        low: ((along[0].T * form * along[0])[0] / 2),
        high: ((along[1].T * form * along[1])[0] / 2),
    }

    def values(place: Any) -> Any:
        h = place["eta"]
        return sorted(mpmath.eigsy(mpmath.matrix([[1, -h / 2], [-h / 2, 1]]), eigvals_only=True))

    points = ({eta: sp.Rational(1, 10)}, {eta: 1}, {eta: sp.Rational(3, 2)})
    return Examination(
        eq((2 - eta) * high, (2 + eta) * low),
        exact,
        by_numbers(
            {low: lambda p: values(p)[0], high: lambda p: values(p)[1]},
            kind="eigenvalues:mpmath",
            points=points,
        ),
        given=eta < 2,
    )


@claim(
    "dynamic.settled.orders.smaller-excursion",
    source=OURS,
    formal=r"S - (1 + \eta^2) - \frac{1}{1 + \eta^2} = \frac{\eta^6}{1 + \eta^2}",
    says="over the worst start alternation (1, 1) enlarges the squared distance more than the "
    "oracle does, for eta <= sqrt 2: already its first round by s with s + 1/s = S = 2 + eta^4, "
    "so s > 1 + eta^2, the oracle's worst (settled.w.amplification.sqrt2)",
    expect=Verdict.PROVED,
)
def smaller() -> Examination:
    total = Symbol("S", real=True)
    one = round_matrix().subs({n_g: 1, n_d: 1})
    exact = {total: sp.expand((one.T * one).trace())}

    def measured(place: Any) -> Any:
        found = _numeric_round({**place, "n_g": 1, "n_d": 1})
        values = mpmath.svd(found, compute_uv=False)
        return sum(v**2 for v in values)

    points = ({eta: sp.Rational(1, 10)}, {eta: 1}, {eta: sp.Rational(7, 5)})
    return Examination(
        eq(total - (1 + eta**2) - 1 / (1 + eta**2), eta**6 / (1 + eta**2)),
        exact,
        by_numbers({total: measured}, kind="svd:mpmath", points=points),
        steps=(Step("det M = 1: the squared singular values are s and 1/s; s + 1/s grows in s"),),
    )


@claim(
    "dynamic.settled.orders.smaller-excursion.beyond",
    source=OURS,
    formal=r"R_{plus} = 1 - \cos(x) \cos(2t - 3x)",
    says="and for sqrt 2 < eta = 2 cos x < 2 too: a round turns (sin t, sin(t + x)) by -2x, up "
    "to its sign, R = 1 - cos x cos(2t + x); so from the least R, 1 - cos x, some round ends with "
    "2t + x within 2x < pi/2 of pi, at R >= 1 + cos x cos 2x: the ratio exceeds 1/(1 - cos x) = "
    "2/(2 - eta), the oracle's bound",
    expect=Verdict.PROVED,
)
def beyond() -> Examination:
    t, x = sp.symbols("t x", real=True)
    step = 2 * sp.cos(x)
    whole = update(game(), "V2", step).then(update(game(), "V1", step)).rhs
    at = {theta: sp.sin(t), psi: sp.sin(t + x)}
    new = (v.subs(at, simultaneous=True) for v in whole)

    def measured(place: Any) -> Any:
        start = (mpmath.sin(place["t"]), mpmath.sin(place["t"] + place["x"]))
        return square(alternated(start, 2 * mpmath.cos(place["x"]), 1))

    half = sp.Rational(1, 2)
    points = ({t: 1, x: half}, {t: -half, x: sp.Rational(1, 3)}, {t: 2, x: sp.Rational(3, 4)})
    return Examination(
        eq(size, 1 - sp.cos(x) * sp.cos(2 * t - 3 * x)),
        {size: sum(v**2 for v in new)},
        by_numbers({size: measured}, points=points),
        steps=(Step("steps of 4x cannot pass over an arc of the length 4x"),),
    )
