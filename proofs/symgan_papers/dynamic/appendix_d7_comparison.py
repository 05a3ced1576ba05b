r"""Theorem 3.1, the comparison with the fixed orders, and inequality (13)."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.model import (
    BCE,
    bce_game,
    eta,
    fields,
    gradients,
    psi,
    sigma,
    slope,
    theta,
    update,
    wasserstein_game,
)
from symgan_papers.dynamic.oracle_orbits import after, alternated, logistic, moved, square

size, ratio = sp.symbols("size ratio", real=True)
names = sp.symbols("oracle fixed", real=True)
POINTS = (
    {theta: 1, psi: 2, eta: sp.Rational(1, 10)},
    {theta: -1, psi: sp.Rational(1, 2), eta: sp.Rational(3, 2)},
)
n_g, n_d = sp.symbols("n_g n_d", positive=True, integer=True)
d, k = Symbol("d", positive=True), Symbol("k", positive=True, integer=True)


def _edge_orbits() -> tuple[Any, Any]:
    """At eta = 2: distances after k updates from the states that grow fastest.

    The oracle takes sizes (0, d) to (k d, (k + 1) d); alternation has the Jordan block -1.
    """
    oracle = (k * d) ** 2 + ((k + 1) * d) ** 2
    round_ = sp.Matrix(
        update(wasserstein_game(), "V2", 2).then(update(wasserstein_game(), "V1", 2)).rhs
    ).jacobian(sp.Matrix([theta, psi]))
    nilpotent = round_ + sp.eye(2)
    # (-I + N)^k = (-1)^k (I - k N), since N^2 = 0
    assert nilpotent * nilpotent == sp.zeros(2, 2)
    state = (sp.eye(2) - k * nilpotent) * sp.Matrix([0, d])
    return sp.expand(oracle), sp.expand((state.T * state)[0])


@claim(
    "dynamic.thm3-1.tighter-than-alt",
    source="theorem 3.1",
    formal=r"R_k \le 25 d^2",
    says="the oracle's bound on the learning rate is better than alternation's: at eta = 2, "
    "where alternation (1, 1) is unstable - the squared distance from (0, d) after k rounds is "
    "d^2 (8 k^2 - 4 k + 1) - the oracle from (0, d) stays within a fixed multiple, 25 d^2",
    expect=Verdict.REFUTED,
    amended=r"R_k = (2k^2 + 2k + 1) d^2, \quad R_k^{\text{Alt}} = (8k^2 - 4k + 1) d^2",
    repair="the two have one threshold, eta = 2, and both grow linearly there; what is tighter "
    "is the excursion (dynamic.thm3-1.tighter-than-alt.radius) and, against n_g n_d > 1, the "
    "threshold (dynamic.thm3-1.tighter-than-alt.unbalanced)",
)
def tighter_than_alt() -> Examination:
    exact = dict(zip(names, _edge_orbits(), strict=True))

    def oracle(place: Any) -> Any:
        return square(after((mpmath.mpf(0), place["d"]), 2, int(place["k"])))

    def fixed(place: Any) -> Any:
        return square(alternated((mpmath.mpf(0), place["d"]), 2, int(place["k"])))

    points = ({k: 1, d: 1}, {k: 7, d: 1}, {k: 20, d: sp.Rational(1, 3)})
    return Examination(
        names[0] <= 25 * d**2,
        exact,
        by_numbers({names[0]: oracle, names[1]: fixed}, points=points),
        amendment=sp.And(
            eq(names[0], (2 * k**2 + 2 * k + 1) * d**2),
            eq(names[1], (8 * k**2 - 4 * k + 1) * d**2),
        ),
    )


@claim(
    "dynamic.thm3-1.tighter-than-alt.radius",
    source="section 3.2, below theorem 3.1",
    formal=r"\frac{2 + \eta}{2 - \eta} - \frac{2}{2 - \eta} = \frac{\eta}{2 - \eta}",
    says="the oracle oscillates in a smaller radius than alternation: its squared distance stays "
    "below 2/(2 - eta) times the first one, where alternation has (2 + eta)/(2 - eta)",
    expect=Verdict.PROVED,
)
def radius() -> Examination:
    low, gap = Symbol("low", real=True), Symbol("gap", real=True)
    form = sp.Matrix([[1, -eta / 2], [-eta / 2, 1]])
    values = {"low": 1 - eta / 2, "high": 1 + eta / 2}
    assert sp.expand((form - values["low"] * sp.eye(2)).det()) == 0
    assert sp.expand((form - values["high"] * sp.eye(2)).det()) == 0
    # the oracle's sizes are positive, so V is at most the squared distance
    exact = {gap: values["high"] / values["low"] - 1 / values["low"], low: values["low"]}

    def measured(place: Any) -> Any:
        h = place["eta"]
        found = sorted(mpmath.eigsy(mpmath.matrix([[1, -h / 2], [-h / 2, 1]]), eigvals_only=True))
        return found[1] / found[0] - 1 / found[0]

    points = ({eta: sp.Rational(1, 10)}, {eta: 1}, {eta: sp.Rational(3, 2)})
    return Examination(
        eq(gap, eta / (2 - eta)),
        {gap: exact[gap]},
        by_numbers({gap: measured}, kind="eigenvalues:mpmath", points=points),
        given=eta < 2,
    )


@claim(
    "dynamic.thm3-1.tighter-than-alt.unbalanced",
    source="theorem 3.1",
    formal=r"\eta_{\text{Alt}}^2 = \frac{4}{n_g n_d}",
    says="against alternation with n_g n_d > 1 the oracle's bound is better: alternation's "
    "threshold, where the trace 2 - n_g n_d eta^2 of a round is -2, is eta = 2/sqrt(n_g n_d) < 2",
    expect=Verdict.PROVED,
)
def unbalanced() -> Examination:
    edge = Symbol("edge", real=True)
    step = Symbol("h", positive=True)
    down, up = sp.Matrix([[1, 0], [-n_d * step, 1]]), sp.Matrix([[1, n_g * step], [0, 1]])
    found = sp.solve(sp.Eq((up * down).trace(), -2), step)[0]

    def trace(place: Any, h: Any) -> Any:
        columns = []
        for start in ((1, 0), (0, 1)):
            state: Any = start
            for field in ("V2",) * int(place["n_d"]) + ("V1",) * int(place["n_g"]):
                state = moved(state, field, h)
            columns.append(state)
        return columns[0][0] + columns[1][1]

    def measured(place: Any) -> Any:
        return mpmath.findroot(lambda h: trace(place, h) + 2, (0.5, 2)) ** 2

    points = ({n_g: 1, n_d: 5}, {n_g: 2, n_d: 1}, {n_g: 2, n_d: 3})
    return Examination(
        eq(edge, 4 / (n_g * n_d)),
        {edge: found**2},
        by_numbers({edge: measured}, kind="root:mpmath", points=points),
    )


@claim(
    "dynamic.thm3-1.tighter-than-sim",
    source="theorem 3.1",
    formal=r"R_{plus} = (1 + \eta^2)(\theta^2 + \psi^2)",
    says="the oracle's bound is better than that of the simultaneous order, which has none: each "
    "update multiplies the squared distance by 1 + eta^2, where the oracle is stable to 2",
    expect=Verdict.PROVED,
)
def tighter_than_sim() -> Examination:
    new = update(wasserstein_game(), "V3").rhs
    exact = {size: sp.expand(sum(v**2 for v in new))}
    return Examination(
        eq(size, (1 + eta**2) * (theta**2 + psi**2)),
        exact,
        by_numbers(
            {size: lambda p: square(moved((p["theta"], p["psi"]), "V3", p["eta"]))}, points=POINTS
        ),
    )


@claim(
    "dynamic.thm3-1.sim-infinitesimal",
    source="theorem 3.1, proof",
    formal=r"\dot R > 0",
    says="simultaneous training is not stable near equilibria of the Dirac-GAN even for an "
    "infinitesimal learning rate: the squared distance grows off the equilibrium (BCE loss)",
    expect=Verdict.REFUTED,
    amended=r"\dot R = 0",
    repair="write not asymptotically stable: for every loss F(psi theta) the flow circles on "
    "its level of the distance, which is Lyapunov stable; the oracle's flow is no better",
)
def sim_infinitesimal() -> Examination:
    rate = Symbol("rate", real=True)
    v = fields(bce_game())["V3"]
    exact = {rate: sp.simplify(2 * theta * v[0] + 2 * psi * v[1])}

    def measured(place: Any) -> Any:
        x, y = place["theta"], place["psi"]
        speed = -slope(BCE, 0, x, y), slope(BCE, 1, x, y)
        return mpmath.diff(lambda s: square((x + s * speed[0], y + s * speed[1])), 0)

    points = tuple({key: v for key, v in p.items() if key is not eta} for p in POINTS)
    return Examination(
        rate + 0 * theta > 0,
        exact,
        by_numbers({rate: measured}, kind="differentiated:mpmath", points=points, digits=20),
        amendment=eq(rate, 0 * theta),
    )


@claim(
    "dynamic.thm3-1.sim-diverges",
    source="theorem 3.1, proof",
    formal=r"R_{plus} = (1 + \eta^2 \sigma(\psi\theta)^2)(\theta^2 + \psi^2)",
    says="for every finite learning rate simultaneous training leads away from the equilibrium "
    "with BCE loss as well, each update multiplying the squared distance by 1 + (eta sigma)^2",
    expect=Verdict.PROVED,
)
def sim_diverges() -> Examination:
    g_theta, g_psi = (sp.simplify(g) for g in gradients(bce_game()))
    new = theta - eta * g_theta, psi + eta * g_psi
    weight = sigma(psi * theta)

    def measured(place: Any) -> Any:
        return square(moved((place["theta"], place["psi"]), "V3", place["eta"], logistic))

    return Examination(
        eq(size, (1 + eta**2 * weight**2) * (theta**2 + psi**2)),
        {size: sum(v**2 for v in new)},
        by_numbers({size: measured}, points=POINTS),
    )


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
        {names[1]: _edge_orbits()[1]},
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
    repair="compare thresholds of one kind: lemma D.2's bound depends on the state and tends to "
    "0 (at theta = 2) as well as to infinity; the oracle's threshold is 2",
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
