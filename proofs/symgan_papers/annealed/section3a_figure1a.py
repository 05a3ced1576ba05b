r"""Section 3, Figure 1(a): the autonomous tiny-GAN."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, by_z3, claim, eq
from symgan.games.annealed import alpha_r, psi, t, theta, tiny_gan
from symgan.losses import GenericLoss
from symgan_papers.annealed.model import (
    autonomous,
    autonomous_solution,
    psi_0,
    squared_amplitude,
    state_at,
    states_at,
    theta_0,
)

Place = Mapping[str, Any]
POINTS = (
    {alpha_r: 3, theta_0: 1, psi_0: 2, t: 1},
    {alpha_r: -1, theta_0: sp.Rational(1, 2), psi_0: -3, t: 4},
)
PANEL = {alpha_r: 3, theta_0: 1, psi_0: 2}


def _after(index: int, turns: int) -> Any:
    """Measures a component some turns of 2 pi after the time t."""

    def measure(place: Place) -> Any:
        return state_at(autonomous(), place, place["t"] + 2 * mpmath.pi * turns)[index]

    return measure


def _average(index: int) -> Any:
    """Mean over one period by the trapezoidal rule, exact for a single harmonic."""

    def measure(place: Place) -> Any:
        times = [2 * mpmath.pi * k / 6 for k in range(6)]
        return sum(state[index] for state in states_at(autonomous(), place, times)) / 6

    return measure


@claim(
    "annealed.fig1a.centre",
    source="section 3, Figure 1(a)",
    printed=r"(\theta^*, \psi^*) = (3, 0)",
    says="with f(y) = y and alpha_r = 3 the states oscillate around (3, 0) (in general around "
    "(alpha_r, 0), their mean over a period)",
    expect=Verdict.PROVED,
)
def centre() -> Examination:
    means = sp.symbols("mean_theta mean_psi", real=True)
    solution = autonomous_solution()
    exact = dict(zip(means, solution.center, strict=True))
    numbers = {means[0]: _average(0), means[1]: _average(1)}
    return Examination(
        sp.And(eq(means[0], alpha_r), eq(means[1], 0)),
        exact,
        by_numbers(numbers, points=POINTS),
        steps=(Step("theta(t) is", solution.solution[0]), Step("psi(t) is", solution.solution[1])),
    )


@claim(
    "annealed.fig1a.equilibrium",
    source="section 3",
    says="(3, 0) is the equilibrium point of (5) with alpha_r = 3",
    expect=Verdict.PROVED,
)
def equilibrium() -> Examination:
    fields = sp.symbols("F_theta F_psi", real=True)
    rhs = tiny_gan(GenericLoss).flow().subs({alpha_r: 3}).rhs
    exact = {
        name: part.subs({theta: 3, psi: 0}, simultaneous=True)
        for name, part in zip(fields, rhs, strict=True)
    }

    def payoff(x: Any, y: Any) -> Any:
        return -mpmath.exp(-y * x) - mpmath.exp(3 * y)  # f(y) = -exp(-y), alpha_r = 3

    numbers = {
        fields[0]: lambda _: -mpmath.diff(lambda x: payoff(x, mpmath.mpf(0)), 3),
        fields[1]: lambda _: mpmath.diff(lambda y: payoff(mpmath.mpf(3), y), 0),
    }
    return Examination(
        sp.And(*(eq(name, 0) for name in fields)),
        exact,
        # Difference quotients keep about half of the working precision.
        by_numbers(numbers, kind="differentiated:mpmath", digits=20),
        steps=(Step("for every loss f, the field at (3, 0) is zero"),),
    )


@claim(
    "annealed.fig1a.global",
    source="section 3",
    says="for f(y) = y the oscillation is global: from every state the distance from (alpha_r, 0) "
    "is conserved, so orbits are circles and stay bounded",
    expect=Verdict.PROVED,
)
def globally() -> Examination:
    rate = Symbol("dV/dt", real=True)
    flow = autonomous()
    V = (theta - alpha_r) ** 2 + psi**2
    exact = {rate: sum(sp.diff(V, x) * f for x, f in zip(flow.state, flow.rhs, strict=True))}
    return Examination(
        eq(rate, 0), exact, by_z3(exact), steps=(Step("V =", V), Step("dV/dt =", exact[rate]))
    )


@claim(
    "annealed.fig1a.initial-state",
    source="section 3",
    says="the amplitude depends on the initial state: it is the initial distance from the "
    "equilibrium (2 sqrt(2) from (1, 2))",
    expect=Verdict.PROVED,
)
def initial_state() -> Examination:
    amplitude = Symbol("A_theta", real=True)
    solution = autonomous_solution()
    exact = {amplitude: sp.sqrt(squared_amplitude(solution))}

    def measured(place: Place) -> Any:
        # theta - mean and psi are a quarter period apart: their squares add up to A^2.
        x, y = state_at(autonomous(), place, place["t"])
        return mpmath.hypot(x - place["alpha_r"], y)

    return Examination(
        eq(amplitude, sp.sqrt((theta_0 - alpha_r) ** 2 + psi_0**2)),
        exact,
        by_numbers({amplitude: measured}, points=POINTS),
        steps=(Step("from (1, 2)", sp.simplify(exact[amplitude].subs(PANEL))),),
    )


@claim(
    "annealed.fig1a.no-limit-cycle",
    source="section 3",
    says="the oscillation is not a stable limit cycle: every orbit closes after 2 pi, whatever "
    "its start, so no closed orbit is isolated",
    expect=Verdict.PROVED,
)
def no_limit_cycle() -> Examination:
    now = sp.symbols("theta(t) psi(t)", real=True)
    later = sp.symbols("theta(t+2pi) psi(t+2pi)", real=True)
    solution = autonomous_solution().solution
    exact = dict(zip(now, solution, strict=True))
    exact |= {
        name: sp.expand_trig(part.subs(t, t + 2 * sp.pi))
        for name, part in zip(later, solution, strict=True)
    }
    numbers = {
        name: _after(i, turns)
        for names, turns in ((now, 0), (later, 1))
        for i, name in enumerate(names)
    }
    statement = sp.And(*(eq(x, y) for x, y in zip(later, now, strict=True)))
    return Examination(statement, exact, by_numbers(numbers, points=POINTS))


@claim(
    "annealed.fig1a.unsustained",
    source="section 3",
    says="such an oscillation is called unsustained",
    expect=Verdict.INFORMAL,
    reason="a name; the standard term for a family of closed orbits is a center. Read as dying out "
    "it would be false: annealed.fig1a.global",
)
def unsustained() -> None: ...
