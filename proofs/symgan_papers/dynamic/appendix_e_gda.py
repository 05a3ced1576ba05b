r"""Appendix E: Algorithms 3 (Sim-GDA) and 4 (Alt-GDA), as printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.rules.alternating import alternating
from symgan.rules.simultaneous import simultaneous
from symgan_papers.dynamic.model import Place, eta, psi, theta, wasserstein_game

THETA, PSI = sp.symbols("theta^+ psi^+", real=True)
POINTS = (
    {theta: 2, psi: 3, eta: sp.Rational(1, 10)},
    {theta: -1, psi: sp.Rational(1, 2), eta: sp.Rational(3, 2)},
)


def _payoff(t: Any, p: Any) -> Any:
    return -p * t


def _slope(t: Any, p: Any, part: int) -> Any:
    """A partial derivative of the payoff by central differences."""
    if part == 0:
        return mpmath.diff(lambda x: _payoff(x, p), t)
    return mpmath.diff(lambda y: _payoff(t, y), p)


def _numbers(step: Callable[[Any, Any, Any], tuple[Any, Any]]) -> dict[Symbol, Any]:
    """(theta, psi) after a step on numbers."""
    return {
        THETA: lambda q: step(q["theta"], q["psi"], q["eta"])[0],
        PSI: lambda q: step(q["theta"], q["psi"], q["eta"])[1],
    }


def _together(t: Any, p: Any, rate: Any) -> tuple[Any, Any]:
    return t - rate * _slope(t, p, 0), p + rate * _slope(t, p, 1)


def _in_turn(n_d: int) -> Callable[[Any, Any, Any], tuple[Any, Any]]:
    """n_d updates of psi, then one of theta."""

    def step(t: Any, p: Any, rate: Any) -> tuple[Any, Any]:
        for _ in range(n_d):
            p = p + rate * _slope(t, p, 1)
        return t - rate * _slope(t, p, 0), p

    return step


def _route(step: Callable[[Any, Any, Any], tuple[Any, Any]]) -> Any:
    return by_numbers(_numbers(step), kind="executed:mpmath", points=POINTS, digits=25)


L = -psi * theta


@claim(
    "dynamic.alg3.gradient",
    source="Algorithm 3",
    printed=r"\psi \leftarrow \psi + \eta \mathcal{L}(\theta, \psi),\quad"
    r" \theta \leftarrow \theta - \eta \mathcal{L}(\theta, \psi)",
    formal=r"\psi^+ = \psi - \eta\psi\theta",
    says="Sim-GDA adds the loss itself; judged on the Dirac-GAN with Wasserstein loss",
    expect=Verdict.REFUTED,
    amended=r"\psi^+ = \psi + \eta\nabla_\psi\mathcal{L}",
    repair="write the gradient of L in both lines",
)
def gradient3() -> Examination:
    found = simultaneous(wasserstein_game(), eta).rhs
    return Examination(
        eq(PSI, psi + eta * L),
        {THETA: found[0], PSI: found[1]},
        _route(_together),
        amendment=sp.And(eq(PSI, psi - eta * theta), eq(THETA, theta + eta * psi)),
        steps=(Step("the gradients of L = -psi theta are -psi and -theta", L),),
    )


@claim(
    "dynamic.alg3.sim-is-alt",
    source="Algorithm 3",
    printed=r"\psi \leftarrow \psi + \eta \mathcal{L}(\theta, \psi),\quad"
    r" \theta \leftarrow \theta - \eta \mathcal{L}(\theta, \psi)",
    formal=r"\theta^+ = \theta + \eta\psi",
    says="with the gradients restored, the two assignments in a row are the simultaneous step: "
    "the second line uses the psi that the iteration began with",
    expect=Verdict.REFUTED,
    amended=r"\theta^+ = \theta + \eta(\psi - \eta\theta)",
    repair="assign both in one line (or keep the old psi): as printed the second line uses the "
    "new psi, which is Alt-GDA with n_d = 1, the very method Sim-GDA is compared with",
)
def sim_is_alt() -> Examination:
    alternate = alternating(wasserstein_game(), eta, order=(1, 0)).rhs
    return Examination(
        eq(THETA, theta + eta * psi),
        {THETA: alternate[0], PSI: alternate[1]},
        _route(_in_turn(1)),
        amendment=sp.And(eq(THETA, theta + eta * (psi - eta * theta)), eq(PSI, psi - eta * theta)),
        steps=(
            Step("psi is assigned first; theta then sees the new psi", alternate[0]),
            Step("Sim-GDA would have", simultaneous(wasserstein_game(), eta).rhs[0]),
        ),
    )


@claim(
    "dynamic.alg3.stability",
    source="Algorithm 3",
    formal=r"D = 1,\quad T = 2 - \eta^2",
    says="what the slip changes: the printed program has determinant 1 and is stable for eta < 2 "
    "on the Dirac-GAN, where Sim-GDA has determinant 1 + eta^2 and spirals out for every eta",
    expect=Verdict.PROVED,
)
def stability3() -> Examination:
    determinant, trace = sp.symbols("D T", real=True)
    step = alternating(wasserstein_game(), eta, order=(1, 0)).jacobian()

    def entry(row: int, column: int, place: Place) -> Any:
        one, zero = mpmath.mpf(1), mpmath.mpf(0)
        return _in_turn(1)(*((one, zero), (zero, one))[column], place["eta"])[row]

    def area(place: Place) -> Any:
        a, b, c, d = (entry(i, j, place) for i in (0, 1) for j in (0, 1))
        return a * d - b * c

    numbers = {determinant: area, trace: lambda q: entry(0, 0, q) + entry(1, 1, q)}
    return Examination(
        sp.And(eq(determinant, 1), eq(trace, 2 - eta**2)),
        {determinant: sp.expand(step.det()), trace: sp.expand(step.trace())},
        by_numbers(numbers, kind="executed:mpmath", points=POINTS, digits=25),
    )


@claim(
    "dynamic.alg4.gradient",
    source="Algorithm 4",
    printed=r"\theta \leftarrow \theta - \eta \mathcal{L}(\theta, \psi)",
    formal=r"\theta^+ = \theta + \eta\psi^+\theta",
    says="Alt-GDA subtracts the loss itself; judged on the Dirac-GAN with Wasserstein loss, "
    "n_d = 1",
    expect=Verdict.REFUTED,
    amended=r"\theta^+ = \theta - \eta\nabla_\theta\mathcal{L}(\theta, \psi^+)",
    repair="write the gradient of L in both lines",
)
def gradient4() -> Examination:
    found = alternating(wasserstein_game(), eta, order=(1, 0)).rhs
    return Examination(
        eq(THETA, theta + eta * PSI * theta),
        {THETA: found[0], PSI: found[1]},
        _route(_in_turn(1)),
        amendment=sp.And(eq(THETA, theta + eta * PSI), eq(PSI, psi - eta * theta)),
    )


@claim(
    "dynamic.alg4.order",
    source="Algorithm 4 and eq. (5)",
    formal=r"\psi^+ = \psi - 3\eta\theta,\quad \theta^+ = \theta + \eta(\psi - 3\eta\theta)",
    says="with the gradients restored, Algorithm 4 makes the round of (5): n_d updates of the "
    "discriminator, then one of the generator; judged for n_d = 3",
    expect=Verdict.PROVED,
)
def order4() -> Examination:
    found = alternating(wasserstein_game(), eta, n_d=3, order=(1, 0)).rhs
    return Examination(
        sp.And(eq(PSI, psi - 3 * eta * theta), eq(THETA, theta + eta * (psi - 3 * eta * theta))),
        {THETA: sp.expand(found[0]), PSI: sp.expand(found[1])},
        _route(_in_turn(3)),
        steps=(Step("(5) returns V_2 for i = 0, ..., n_d - 1 and V_1 for i = n_d"),),
    )
