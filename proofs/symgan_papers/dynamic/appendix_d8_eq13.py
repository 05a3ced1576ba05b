r"""Inequality (13), and the bounds that the proof of theorem 3.1 compares."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.appendix_d7_comparison import edge_orbits
from symgan_papers.dynamic.model import (
    eta,
    gradients,
    psi,
    slope,
    theta,
    wasserstein_game,
)
from symgan_papers.dynamic.oracle_orbits import alternated, moved, square

size, ratio = sp.symbols("size ratio", real=True)
names = sp.symbols("oracle fixed", real=True)
n_g, n_d = sp.symbols("n_g n_d", positive=True, integer=True)
d, k = Symbol("d", positive=True), Symbol("k", positive=True, integer=True)


@claim(
    "dynamic.eq13",
    source="eq. (13)",
    printed=r"\eta \leq \frac{2}{\sqrt{n_g n_d} \nabla \mathcal{L}(\theta, \psi)}",
    formal=r"\eta \sqrt{n_g n_d} |\nabla L(0, 0)| = 2",
    says="the bound is one of stability at the equilibrium: there sqrt(n_g n_d) |grad L| eta is "
    "2 at the largest step",
    expect=Verdict.REFUTED,
    amended=r"\eta \sqrt{n_g n_d} |\nabla L(0, 0)| = 0",
    repair="write the slope |f'(0)| of the loss for grad L, and a strict inequality: at the "
    "equilibrium grad L vanishes and (13) bounds nothing",
)
def eq13() -> Examination:
    at = {theta: sp.Integer(0), psi: sp.Integer(0)}
    slopes = [g.subs(at) for g in gradients(wasserstein_game())]
    exact = {size: eta * sp.sqrt(n_g * n_d) * sp.sqrt(sum(s**2 for s in slopes))}

    def measured(place: Any) -> Any:
        zero = mpmath.mpf(0)
        parts = [slope(lambda x, y: -x * y, i, zero, zero) for i in (0, 1)]
        return place["eta"] * mpmath.sqrt(place["n_g"] * place["n_d"]) * mpmath.hypot(*parts)

    points = ({eta: 2, n_g: 1, n_d: 1}, {eta: 1, n_g: 2, n_d: 2})
    return Examination(
        eq(size, 2 + 0 * eta),
        exact,
        by_numbers({size: measured}, kind="differentiated:mpmath", points=points, digits=20),
        amendment=eq(size, 0 * eta),
    )


@claim(
    "dynamic.eq13.strict",
    source="eq. (13), with |f'(0)| = 1 for the gradient",
    formal=r"R_k \le 5 d^2",
    says="equality is admitted: at eta = 2, n_g = n_d = 1 alternation does not diverge, in "
    "particular the squared distance from (0, d) stays below 5 times the first",
    expect=Verdict.REFUTED,
    amended=r"R_k = (8k^2 - 4k + 1) d^2",
    repair="a strict inequality: at equality a round is a Jordan block with the eigenvalue -1",
)
def eq13_strict() -> Examination:
    def fixed(place: Any) -> Any:
        return square(alternated((mpmath.mpf(0), place["d"]), 2, int(place["k"])))

    points = ({k: 1, d: 1}, {k: 7, d: 1}, {k: 20, d: sp.Rational(1, 3)})
    return Examination(
        names[1] <= 5 * d**2,
        {names[1]: edge_orbits()[1]},
        by_numbers({names[1]: fixed}, points=points),
        amendment=eq(names[1], (8 * k**2 - 4 * k + 1) * d**2),
    )


@claim(
    "dynamic.eq13.repaired",
    source="eq. (13), repaired",
    formal=r"\operatorname{tr} = 2 - n_g n_d (\eta c)^2, \quad \det = 1",
    says="ours: for a loss with the slope c at 0 a round of alternation has determinant 1 and "
    "this trace, so its eigenvalues lie on the unit circle, simple, exactly for eta |c| < "
    "2/sqrt(n_g n_d)",
    expect=Verdict.PROVED,
)
def eq13_repaired() -> Examination:
    c = Symbol("c", real=True)
    trace, det = sp.symbols("tr det", real=True)
    down, up = sp.Matrix([[1, 0], [n_d * eta * c, 1]]), sp.Matrix([[1, -n_g * eta * c], [0, 1]])
    whole = up * down

    def matrix(place: Any) -> Any:
        columns = []
        for start in ((1, 0), (0, 1)):
            state: Any = start
            for field in ("V2",) * int(place["n_d"]) + ("V1",) * int(place["n_g"]):
                state = moved(state, field, place["eta"], lambda _: -place["c"])
            columns.append(state)
        return mpmath.matrix([[columns[0][0], columns[1][0]], [columns[0][1], columns[1][1]]])

    numbers = {
        trace: lambda p: matrix(p)[0, 0] + matrix(p)[1, 1],
        det: lambda p: mpmath.det(matrix(p)),
    }
    points = (
        {n_g: 1, n_d: 1, eta: 1, c: -1},
        {n_g: 2, n_d: 3, eta: sp.Rational(1, 10), c: 2},
        {n_g: 1, n_d: 5, eta: 2, c: -sp.Rational(1, 2)},
    )
    return Examination(
        sp.And(eq(trace, 2 - n_g * n_d * (eta * c) ** 2), eq(det, 1)),
        {trace: sp.expand(whole.trace()), det: sp.expand(whole.det())},
        by_numbers(numbers, points=points),
    )


@claim(
    "dynamic.thm3-1.bounds-compared",
    source="theorem 3.1, proof, below eq. (13)",
    printed=r"\eta \leq \frac{\theta^2 - 2\theta}{2\nabla_{\theta}\mathcal{L}(\theta, \psi)}",
    formal=r"\frac{2}{\sqrt{n_g n_d}} \le \frac{\theta^2 - 2\theta}{2\nabla_\theta L}",
    says="(13), read with |f'(0)| = 1, is tighter than the bound placed by the oracle, lemma "
    "D.2's, in the half where it is positive: Wasserstein loss, theta = 2 + c, psi = -b",
    expect=Verdict.REFUTED,
    amended=r"\frac{\theta^2 - 2\theta}{2\nabla_\theta L} = \frac{c(2 + c)}{2b}",
    repair="compare thresholds of one kind: lemma D.2's bound depends on the state, tends to 0 at "
    "theta = 2 and to infinity, and below 2 is negative (dynamic.lemma-d2.near), so that it is "
    "not the looser one; the oracle's threshold is 2",
)
def bounds_compared() -> Examination:
    c, b = sp.symbols("c b", positive=True)
    x = 2 + c
    gradient = gradients(wasserstein_game())[0].subs(psi, -b)

    def measured(place: Any) -> Any:
        at, y = 2 + place["c"], -place["b"]
        return (at * at - 2 * at) / (2 * slope(lambda p, q: -p * q, 0, at, y))

    points = ({c: sp.Rational(1, 3), b: 1, n_g: 1, n_d: 1}, {c: 1, b: 2, n_g: 1, n_d: 5})
    return Examination(
        2 / sp.sqrt(n_g * n_d) <= ratio,
        {ratio: sp.factor((x**2 - 2 * x) / (2 * gradient))},
        by_numbers({ratio: measured}, kind="differentiated:mpmath", points=points, digits=20),
        amendment=eq(ratio, c * (2 + c) / (2 * b)),
        steps=(Step("at theta = 2 the bound is 0: no step at all"),),
    )
