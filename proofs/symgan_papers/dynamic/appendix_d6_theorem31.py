r"""Theorem 3.1, each assertion apart, and the inequality (13) of its proof."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.appendix_d5_orbits import bce_growth
from symgan_papers.dynamic.model import (
    a,
    b,
    bce_game,
    eta,
    examined,
    fields,
    psi,
    sigma,
    theta,
    wasserstein_game,
)
from symgan_papers.dynamic.oracle_orbits import logistic, moved, square

SIZES = ({a: 1, b: 1}, {a: 2, b: sp.Rational(1, 3)}, {a: sp.Rational(1, 5), b: 3})
by_1, by_2 = sp.symbols("by_V1 by_V2", real=True)
size, ratio = sp.symbols("size ratio", real=True)


def _falling(game: Any, weight: Any, number: Any) -> Examination:
    """The rate of the squared distance under V_1 at (-a, b) and under V_2 at (a, b)."""
    v_1, v_2 = fields(game)["V1"][0], fields(game)["V2"][1]
    exact = {
        by_1: sp.simplify((2 * theta * v_1).subs({theta: -a, psi: b})),
        by_2: sp.simplify((2 * psi * v_2).subs({theta: a, psi: b})),
    }

    def rate(state: Any, field: str) -> Any:
        def along(s: Any) -> Any:
            return square(moved(state, field, s, number))

        return mpmath.diff(along, 0)

    numbers = {
        by_1: lambda p: rate((-p["a"], p["b"]), "V1"),
        by_2: lambda p: rate((p["a"], p["b"]), "V2"),
    }
    first, second = -2 * a * b * weight(-a * b), -2 * a * b * weight(a * b)
    return Examination(
        sp.And(eq(by_1, first), eq(by_2, second), by_1 < 0, by_2 < 0),
        exact,
        by_numbers(numbers, kind="differentiated:mpmath", points=SIZES, digits=20),
        steps=(
            Step("the squared distance never grows, on ties neither: delta = epsilon"),
            Step("never attractive: orbits end on the axes (dynamic.settled.flow.filippov)"),
        ),
    )


@claim(
    "dynamic.thm3-1.w-infinitesimal",
    source="theorem 3.1",
    formal=r"\dot R = -2ab",
    says="with Wasserstein loss and infinitesimal learning rates the oracle is Lyapunov stable",
    expect=Verdict.PROVED,
)
def w_infinitesimal() -> Examination:
    return _falling(wasserstein_game(), lambda _: sp.Integer(1), lambda _: 1)


@claim(
    "dynamic.thm3-1.bce-infinitesimal",
    source="theorem 3.1",
    formal=r"\dot R = -2ab\,\sigma(\psi\theta)",
    says="with BCE loss and infinitesimal learning rates the oracle is Lyapunov stable",
    expect=Verdict.PROVED,
)
def bce_infinitesimal() -> Examination:
    return _falling(bce_game(), sigma, logistic)


@claim(
    "dynamic.thm3-1.w-finite",
    source="theorem 3.1",
    formal=r"a^2 - \eta a b + b^2 > 0",
    says="with Wasserstein loss and any finite learning rate the oracle is Lyapunov stable: V, "
    "which no update increases, is positive off the equilibrium",
    expect=Verdict.CONDITIONAL,
    amended=r"\eta < 2",
    repair="require eta < 2; there V = theta^2 - eta |theta psi| + psi^2 proves it "
    "(dynamic.settled.w.stable), and from 2 on it is false (dynamic.settled.w.unstable)",
)
def w_finite() -> Examination:
    value = Symbol("V", real=True)
    return examined(
        value > 0,
        {value: a**2 - eta * a * b + b**2},
        Step("no update increases V (dynamic.settled.w.lyapunov.overshoot, .short, .ties)"),
        Step("a start with V < 0 overshoots for ever, V = const < 0 a hyperbola, and escapes"),
        Step("at eta = 2 too exact orbits walk away (dynamic.settled.w.unstable.edge)"),
        condition=eta < 2,
        setting={eta: sp.Rational(1, 10)},
    )


@claim(
    "dynamic.thm3-1.bce-finite",
    source="theorem 3.1",
    formal=r"f - \eta\frac{1 + t}{2} f + qf \ge 0",
    says="with BCE loss and any finite learning rate too: near the equilibrium, sizes qf (moved) "
    "<= f <= 7/5, t = tanh(q f^2/2), an update does not end beyond f. Judged at eta <= 2 and at "
    "eta >= 5, where each such update leads to another one, growing for ever",
    expect=Verdict.CONDITIONAL,
    amended=r"\eta \le 2",
    repair="require eta <= 2, which this inequality proves; the sharp bound is eta <= 4: stable "
    "up to there (dynamic.settled.bce.off-resonance, at the steps 4 cos(pi/j) "
    "dynamic.settled.bce.resonant.odd, .four and .even, at 4 dynamic.settled.bce.edge.stable), "
    "unstable beyond (dynamic.settled.bce.unstable)",
)
def bce_finite() -> Examination:
    return bce_growth()


@claim(
    "dynamic.thm3-1.approaches",
    source="section 3.2, below theorem 3.1",
    formal=r"\psi(T) = 0",
    says="the oracle approaches the saddle point, with infinitesimal learning rates: from "
    "theta = -a, psi = b both coordinates are 0 when theta meets 0, at T = a/b",
    expect=Verdict.REFUTED,
    amended=r"\psi(T) = b",
    repair="say does not move away; in continuous time every orbit off the axes stops on an axis "
    "(dynamic.settled.flow.filippov). With finite steps, Wasserstein loss and eta < 2 the "
    "sentence holds for all starts if the player with a gradient moves on ties and eta is not "
    "2 cos(pi/k), k >= 3; at those steps, or with V_1 or V_2 on ties, for almost all",
)
def approaches() -> Examination:
    time, end = Symbol("T", positive=True), Symbol("psi_T", real=True)
    v = fields(wasserstein_game())["V1"]
    exact = {end: b + v[1] * time}

    def measured(place: Any) -> Any:
        """psi when theta changes its sign, by updates with a step of a/(100 b)."""
        state = (-place["a"], place["b"])
        for _ in range(100):
            state = moved(state, "V1", place["a"] / (100 * place["b"]))
        return state[1]

    return Examination(
        eq(end, 0 * a * b),
        exact,
        by_numbers({end: measured}, points=SIZES),
        amendment=eq(end, b + 0 * a),
    )
