r"""Appendix D: the switched system (10) and (11), the equilibrium, the potential (12)."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, IllPosed, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.model import (
    a,
    b,
    eta,
    fields,
    image,
    psi,
    theta,
    update,
    wasserstein_game,
)
from symgan_papers.dynamic.oracle_orbits import after

HALF = sp.Rational(1, 2)


@claim(
    "dynamic.eq10",
    source="eq. (10)",
    printed=r"\zeta^{\text{Dirac}}(\mathbf{x}) = \begin{cases} V_1 & \text{if } \psi\theta < 0 \\"
    r" V_2 & \text{if } \psi\theta > 0 \end{cases}",
    says="the field of the continuous system; on psi theta = 0 none is chosen, and the flow "
    "reaches that set in finite time",
    expect=Verdict.ILL_POSED,
    reason="which field is taken on the axes is left open, and the motion there depends on it",
    repair="give a rule on psi theta = 0",
)
def eq10() -> IllPosed:
    share = Symbol("r", real=True)
    field = share * fields(wasserstein_game())["V1"][0].subs(theta, 0)
    return IllPosed(
        eq(Symbol("theta_rate", real=True), field),
        bound=share,
        free_side=field,
        readings=("dynamic.settled.flow.filippov", "dynamic.settled.flow.caratheodory"),
        steps=(
            Step("on theta = 0 the share r of V_1, given by no case, moves theta so fast", field),
        ),
    )


@claim(
    "dynamic.eq7.tie",
    source="eq. (7)",
    printed=r"\zeta^{\text{Dirac}}(\theta, \psi) = \begin{cases} V_1 & : \text{if } \psi\theta < 0"
    r" \\ V_2 & : \text{if } \psi\theta > 0 \end{cases}",
    says="the oracle's choice; on a tie psi theta = 0 it makes none, and with eta = 1/n every "
    "rational orbit gets there",
    expect=Verdict.ILL_POSED,
    reason="which field is taken on a tie is left open, and the next state depends on it",
    repair="give a rule on psi theta = 0: with V_3, or with the player whose gradient is not 0, "
    "the oracle converges; with V_1 or V_2 orbits stop on ties",
)
def eq7_tie() -> IllPosed:
    share = Symbol("r", real=True)
    new = eta * share * fields(wasserstein_game())["V1"][0].subs(theta, 0)
    return IllPosed(
        eq(Symbol("theta_plus", real=True), new),
        bound=share,
        free_side=new,
        readings=(
            "dynamic.settled.w.attractive.stuck",
            "dynamic.settled.w.attractive.below-one",
            "dynamic.settled.w.attractive.to-sqrt2",
            "dynamic.settled.w.attractive.periodic",
            "dynamic.settled.w.lyapunov.ties",
        ),
        steps=(
            Step("at (0, psi) r = 1 with V_1, V_3 or the mover, r = 0 with V_2", new),
            Step("stability for eta < 2 does not depend on it: V stays on ties"),
        ),
    )


@claim(
    "dynamic.eq10.never-v3",
    source="appendix D, above eq. (10); a finding of ours",
    formal=r"\Delta_\theta \Delta_\psi = 0",
    says="of the set {V_1, V_2, V_3} with which the oracle is equipped (7) and (10) never choose "
    "V_3: off the ties the increments of theta and psi are never both different from 0",
    expect=Verdict.PROVED,
)
def never_v3() -> Examination:
    product = Symbol("product", real=True)
    moves = [fields(wasserstein_game())[name] for name in ("V1", "V2")]
    exact = {product: sp.expand(sum(v[0] * v[1] for v in moves)) * eta**2}

    def measured(place: Any) -> Any:
        state = (place["theta"], place["psi"])
        new = after(state, place["eta"], 1)
        return (new[0] - state[0]) * (new[1] - state[1])

    points = ({theta: -1, psi: 2, eta: 1}, {theta: 3, psi: 1, eta: sp.Rational(1, 10)})
    return Examination(
        eq(product, 0 * theta * psi * eta),
        exact,
        by_numbers({product: measured}, points=points),
        given=sp.Ne(theta * psi, 0),
    )


@claim(
    "dynamic.eq11.v1",
    source="eq. (11)",
    printed=r"\mathbf{x} - \eta V_1",
    formal=r"\theta^+ = \theta + \eta\psi",
    says="the printed update x - eta V_1 is the one of algorithm 1, which moves theta by eta psi",
    expect=Verdict.REFUTED,
    amended=r"\theta^+ = \theta - \eta\psi",
    repair="write x + eta V_1: V_1 of eq. (3) carries the minus sign already",
)
def eq11_v1() -> Examination:
    moved = Symbol("theta_plus", real=True)
    exact = {moved: theta - eta * fields(wasserstein_game())["V1"][0]}

    def measured(place: Any) -> Any:
        # - eta V_1 = eta grad L, by a difference quotient of L = -psi theta
        slope = mpmath.diff(lambda s: -s * place["psi"], place["theta"])
        return place["theta"] + place["eta"] * slope

    points = ({theta: -1, psi: 2, eta: 1}, {theta: 3, psi: -1, eta: sp.Rational(1, 10)})
    return Examination(
        eq(moved, theta + eta * psi),
        exact,
        by_numbers({moved: measured}, kind="differentiated:mpmath", points=points, digits=20),
        amendment=eq(moved, theta - eta * psi),
    )


@claim(
    "dynamic.eq11.v2",
    source="eq. (11)",
    printed=r"\mathbf{x} + \eta V_2",
    formal=r"\psi^+ = \psi - \eta\theta",
    says="the second case of (11) is the update of algorithm 1",
    expect=Verdict.PROVED,
)
def eq11_v2() -> Examination:
    moved = Symbol("psi_plus", real=True)
    exact = {moved: psi + eta * fields(wasserstein_game())["V2"][1]}

    def measured(place: Any) -> Any:
        slope = mpmath.diff(lambda s: -s * place["theta"], place["psi"])
        return place["psi"] + place["eta"] * slope

    points = ({theta: 1, psi: 2, eta: 1}, {theta: -3, psi: -1, eta: sp.Rational(1, 10)})
    return Examination(
        eq(moved, psi - eta * theta),
        exact,
        by_numbers({moved: measured}, kind="differentiated:mpmath", points=points, digits=20),
    )


@claim(
    "dynamic.eq11.stable",
    source="eq. (11) and theorem 3.1",
    formal=r"|\theta_k| \le a",
    says="the system as printed in (11) is stable: where psi theta < 0 the k-th iterate of the "
    "first case does not move theta away, |theta_0| = a, |psi_0| = b",
    expect=Verdict.REFUTED,
    amended=r"|\theta_k| = a + k \eta b",
    repair="write x + eta V_1; with the printed sign psi theta stays negative for ever and theta "
    "grows without bound from every start with psi theta < 0, for every eta",
)
def eq11_unstable() -> Examination:
    size, k = Symbol("size", real=True), Symbol("k", positive=True, integer=True)
    one = -(image(update(wasserstein_game(), "V1", -eta), -a, b)[0]) - a
    exact = {size: a + k * sp.expand(one)}

    def run(place: Any) -> Any:
        x = -place["a"]
        for _ in range(int(place["k"])):
            x = x - place["eta"] * place["b"]
        return abs(x)

    points = ({a: 1, b: 1, eta: 1, k: 3}, {a: 2, b: 1, eta: sp.Rational(1, 10), k: 50})
    return Examination(
        size <= a,
        exact,
        by_numbers({size: run}, points=points),
        amendment=eq(size, a + k * eta * b),
        steps=(Step("theta = -a, psi = b: theta - eta psi = -(a + eta b)"),),
    )


@claim(
    "dynamic.equilibrium-at-zero",
    source="appendix D, below eq. (11)",
    formal=r"v(0) = 0",
    says="(0, 0) is at rest under the field (8), and so under V_1, V_2 and V_3",
    expect=Verdict.PROVED,
)
def equilibrium_at_zero() -> Examination:
    names = sp.symbols("v_theta v_psi", real=True)
    at = {theta: sp.Integer(0), psi: sp.Integer(0)}
    field = fields(wasserstein_game())["V3"]
    measured = {
        names[0]: lambda _: -mpmath.diff(lambda s: -s * mpmath.mpf(0), 0),
        names[1]: lambda _: mpmath.diff(lambda s: -s * mpmath.mpf(0), 0),
    }
    return Examination(
        sp.And(eq(names[0], 0), eq(names[1], 0)),
        {name: v.subs(at) for name, v in zip(names, field, strict=True)},
        by_numbers(measured, kind="differentiated:mpmath", points=({},), digits=20),
    )


def potential() -> sp.Matrix:
    """H of equation (12), as printed."""
    return sp.Matrix([[theta**2 / 2, 0], [0, psi**2 / 2]])


@claim(
    "dynamic.eq12",
    source="eq. (12)",
    printed=r"H(\mathbf{x}) = \begin{pmatrix} \frac{1}{2}\theta^2 & 0 \\ 0 & \frac{1}{2}\psi^2"
    r" \end{pmatrix}",
    formal=r"\det H(\theta, 0) > 0",
    says="the matrix H(x) is a potential as appendix B asks for, positive definite off the "
    "equilibrium, in particular on the axis psi = 0, theta = a",
    expect=Verdict.REFUTED,
    amended=r"\det H(\theta, 0) = 0 \wedge \operatorname{tr} H = \frac{\theta^2}{2}",
    repair="take the trace, H = (theta^2 + psi^2)/2: a Lyapunov function is a number; the "
    "matrix is singular on both axes and its determinant is no better",
)
def eq12() -> Examination:
    det, trace = sp.symbols("det_H tr_H", real=True)
    at = potential().subs({theta: a, psi: 0})
    exact = {det: at.det(), trace: at.trace()}
    numbers = {
        det: lambda place: mpmath.det(mpmath.matrix([[place["a"] ** 2 / 2, 0], [0, 0]])),
        trace: lambda place: place["a"] ** 2 / 2,
    }
    return Examination(
        det + 0 * a > 0,
        exact,
        by_numbers(numbers, kind="evaluated:mpmath", points=({a: 1}, {a: 3})),
        amendment=sp.And(eq(det, 0), eq(trace, a**2 / 2)),
    )


@claim(
    "dynamic.eq12.trace",
    source="eq. (12), read as its trace",
    formal=r"\operatorname{tr} H = \frac{R}{2}",
    says="read as a number, the trace, H is positive definite: it is half the squared distance R",
    expect=Verdict.PROVED,
)
def eq12_trace() -> Examination:
    trace, distance = Symbol("tr_H", real=True), Symbol("R", positive=True)
    exact = {trace: sp.expand(potential().trace()).subs(theta**2, distance - psi**2)}

    def measured(place: Any) -> Any:
        x = mpmath.sqrt(place["R"] - place["psi"] ** 2)
        return mpmath.norm(mpmath.matrix([x, place["psi"]])) ** 2 / 2

    points = ({distance: 2, psi: 1}, {distance: 5, psi: -2}, {distance: 1, psi: 0})
    return Examination(
        eq(trace, distance / 2),
        exact,
        by_numbers({trace: measured}, kind="evaluated:mpmath", points=points),
    )
