r"""Section 5.2.2, end: symplectic gradient adjustment."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational

from symgan import rules
from symgan.claims import Examination, Verdict, by_numbers, claim, eq
from symgan_papers.survey.model_section5_2 import (
    Payoff,
    Place,
    game,
    jacobian_of,
    p,
    psi,
    q,
    quadratic_at,
    s,
    theta,
)

b, weight = sp.symbols("b weight", positive=True)
low, turn, size, trace, determinant = sp.symbols("low turn size trace determinant", real=True)


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
    "survey.settled.sga.non-nash",
    source="section 5.2.2, last paragraph",
    says="where one player alone sits at its worst it is no better than descent: V = -theta^2/2 + "
    "3 theta psi - psi^2 attracts it with every weight w > 0, the trace 1 + 18 w and the "
    "determinant 7 + 63 w^2 of the adjusted matrix being positive",
    expect=Verdict.PROVED,
)
def adjusted_non_nash() -> Examination:
    payoff = game(-(theta**2) / 2 + 3 * theta * psi - psi**2)
    flow = rules.named_flow("symplectic-adjustment")(payoff, lam=weight)
    J = -flow.jacobian()

    def number(place: Place) -> Any:
        return _adjusted(lambda x, y: -x * x / 2 + 3 * x * y - y * y, place["weight"])

    return Examination(
        sp.And(eq(trace, 1 + 18 * weight), eq(determinant, 7 + 63 * weight**2)),
        {trace: sp.expand(J.trace()), determinant: sp.expand(J.det())},
        by_numbers(
            {
                trace: lambda place: number(place)[0, 0] + number(place)[1, 1],
                determinant: lambda place: mpmath.det(number(place)),
            },
            points=({weight: 2}, {weight: Rational(1, 2)}, {weight: Rational(1, 9)}),
            kind="differentiated:mpmath",
            digits=15,
        ),
    )


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
