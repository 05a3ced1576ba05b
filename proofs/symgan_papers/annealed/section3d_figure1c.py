r"""Section 3, Figure 1(c): switch off, T = 3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol, exp

from symgan.claims import Examination, Step, Verdict, by_numbers, by_z3, claim, eq
from symgan.games.annealed import alpha, alpha_r, exponential_schedule, psi, t, theta
from symgan_papers.annealed.model import (
    FIGURE,
    IN_TIME,
    K,
    T,
    a,
    alpha_0,
    amplitude_in_time,
    coupled_solution,
    decoupled,
    decoupled_solution,
    forced_amplitude,
    psi_0,
    squared_amplitude,
    state_at,
    theta_0,
)

Place = Mapping[str, Any]
GENERAL = (
    {a: 1, K: 1, alpha_0: 1, theta_0: 1, psi_0: 0},
    {a: 2, K: -3, alpha_0: -1, theta_0: 2, psi_0: 1},
)
LATE = 60  # by then the transient exp(-a t), a >= 1, lies below 1e-26
delta = Symbol("delta", positive=True)
step, k = Symbol("h", positive=True), Symbol("k", nonnegative=True)


def _mean(place: Place, symbol: Any) -> Any:
    """Mean over one late period by the trapezoidal rule, exact for one harmonic."""
    index = decoupled().state.index(symbol)
    times = [LATE + 2 * mpmath.pi * n / 6 for n in range(6)]
    return sum(state_at(decoupled(), place, time)[index] for time in times) / 6


def _late_mean(symbol: Any) -> Any:
    return lambda place: _mean(place, symbol)


@claim(
    "annealed.fig1c.centre",
    source="section 3, Figure 1(c)",
    printed=r"(\theta, \psi, \alpha) = (3, 0, 3)",
    says="with the switch off the system oscillates around the correct point (3, 0, 3); in general "
    "around (alpha_r, 0, alpha_r), for every T and every start, not only for large T",
    expect=Verdict.PROVED,
)
def centre() -> Examination:
    means = sp.symbols("mean_theta mean_psi mean_alpha", real=True)
    solution = decoupled_solution()
    exact = dict(zip(means, solution.center, strict=True))
    numbers = {
        name: _late_mean(symbol) for name, symbol in zip(means, (theta, psi, alpha), strict=True)
    }
    target = alpha_0 + K / a
    statement = sp.And(eq(means[0], target), eq(means[1], 0), eq(means[2], target))
    at_figure = tuple(sp.simplify(c.subs(IN_TIME).subs(FIGURE)) for c in solution.center)
    return Examination(
        statement,
        exact,
        # The transient exp(-a t) that is left at the late period limits the agreement.
        by_numbers(numbers, points=GENERAL, digits=24),
        steps=(Step("in the setting of the figure", sp.Tuple(*at_figure)),),
    )


@claim(
    "annealed.fig1c.bounded",
    source="section 3, Figure 1(c)",
    says="the states stay bounded: the solution has no part that grows",
    expect=Verdict.PROVED,
)
def bounded() -> Examination:
    rates = sp.symbols("lim_theta/t lim_psi/t", real=True)
    solution = decoupled_solution().solution
    exact = {
        name: sp.limit(sp.expand(part) / t, t, sp.oo)
        for name, part in zip(rates, solution[:2], strict=True)
    }

    def slope(place: Place, index: int) -> Any:
        late = state_at(decoupled(), place, LATE + 20 * mpmath.pi)[index]
        return (late - state_at(decoupled(), place, LATE)[index]) / (20 * mpmath.pi)

    numbers = {rates[0]: lambda p: slope(p, 0), rates[1]: lambda p: slope(p, 1)}
    return Examination(
        sp.And(*(eq(name, 0) for name in rates)),
        exact,
        by_numbers(numbers, points=GENERAL, digits=24),
    )


@claim(
    "annealed.fig1c.amplitude",
    source="section 3, Figure 1(c)",
    says="the amplitude is lower than in Figure 1(a), 2/sqrt(1 + T^2) against 2 sqrt(2); it is "
    "also lower than the 2 of the autonomous GAN from the same start, for every T",
    expect=Verdict.PROVED,
)
def amplitude() -> Examination:
    size, same_start, own_start = sp.symbols("A_c A_same A_a", real=True)
    found = amplitude_in_time()
    exact = {
        size: sp.simplify(found.subs({alpha_0: 1, alpha_r: 3})),
        same_start: sp.Integer(2),
        own_start: sp.sqrt((1 - 3) ** 2 + sp.Integer(2) ** 2),
    }
    statement = sp.And(eq(size, 2 / sp.sqrt(1 + T**2)), size < same_start, same_start < own_start)
    return Examination(
        statement, exact, by_z3(exact), steps=(Step("amplitude from the matched start", found),)
    )


@claim(
    "annealed.fig1c.decreases",
    source="section 3",
    says="the amplitude decreases more by increasing T: dA/dT < 0 for every T",
    expect=Verdict.CONDITIONAL,
    amended=r"\alpha_0 \ne \alpha_r",
    repair="require alpha_0 != alpha_r; a schedule that does not move leaves no oscillation at all",
)
def decreases() -> Examination:
    rate = Symbol("dA/dT", real=True)
    exact = {rate: sp.diff(amplitude_in_time(), T)}

    def measured(place: Place) -> Any:
        def size(duration: Any) -> Any:
            constant = (place["alpha_r"] - place["alpha_0"]) / duration
            start = {"theta_0": place["alpha_0"], "psi_0": mpmath.mpf(0)}
            return forced_amplitude({**place, **start, "a": 1 / duration, "K": constant})

        with mpmath.workdps(25):
            return (size(place["T"] * 1.0001) - size(place["T"] * 0.9999)) / (place["T"] * 2e-4)

    points = (
        {T: 3, alpha_0: 1, alpha_r: 3},
        {T: sp.Rational(1, 2), alpha_0: 2, alpha_r: -1},
    )
    return Examination(
        rate < 0,
        exact,
        by_numbers({rate: measured}, kind="quadrature:mpmath", points=points, digits=10),
        condition=sp.Ne(alpha_0, alpha_r),
        setting={alpha_0: 1, alpha_r: 3},
        steps=(Step("A(T) =", amplitude_in_time()), Step("dA/dT =", exact[rate])),
    )


@claim(
    "annealed.fig1c.as-fig1b",
    source="section 3: the system is oscillating as Fig. 1(b)",
    says="the oscillation persists as in Figure 1(b), and at the same frequency",
    expect=Verdict.REFUTED,
    amended=r"\omega_c = 1,\quad \omega_b = \sqrt{2}",
    repair="both persist, but drop the likeness of frequency: coupling alpha stiffens the pair",
)
def as_fig1b() -> Examination:
    here, there = sp.symbols("omega_c omega_b", real=True)
    exact = {here: decoupled_solution().omega, there: coupled_solution("generator").omega}

    def frequency(coupling: int) -> Any:
        matrix = mpmath.matrix([[0, -1, 0], [1, 0, -1], [0, coupling, 0]])
        return max(abs(value.imag) for value in mpmath.eig(matrix)[0])

    numbers = {here: lambda place: frequency(0), there: lambda place: frequency(1)}
    return Examination(
        eq(here, there),
        exact,
        by_numbers(numbers, kind="eigenvalues:mpmath"),
        amendment=sp.And(eq(here, 1), eq(there, sp.sqrt(2))),
    )


@claim(
    "annealed.fig1c.initial-state",
    source="section 3: the dependence on the initial state is an undesirable effect (of 1(a))",
    says="annealing removes the dependence on the initial state: the squared amplitude does not "
    "change with psi(0)",
    expect=Verdict.REFUTED,
    amended=r"A^2 = \left(\theta_0 - \alpha_0 - \frac{aK}{1+a^2}\right)^2"
    r" + \left(\psi_0 + \frac{K}{1+a^2}\right)^2",
    repair="drop the contrast: the amplitude is the distance of the start from "
    "(alpha_0 + a K/(1 + a^2), -K/(1 + a^2)), the one start without residual oscillation",
)
def initial_state() -> Examination:
    squared, rate = sp.symbols("A^2 dA^2/dpsi_0", real=True)
    found = squared_amplitude(decoupled_solution())
    exact = {squared: found, rate: sp.diff(found, psi_0)}

    def changed(place: Place) -> Any:
        up, down = (forced_amplitude({**place, "psi_0": place["psi_0"] + d}) for d in (1, -1))
        return (up**2 - down**2) / 4

    numbers = {squared: lambda place: forced_amplitude(place) ** 2, rate: changed}
    silent = (theta_0 - alpha_0 - a * K / (1 + a**2)) ** 2 + (psi_0 + K / (1 + a**2)) ** 2
    return Examination(
        eq(rate, 0),
        exact,
        by_numbers(numbers, kind="quadrature:mpmath", points=GENERAL, digits=30),
        amendment=eq(squared, silent),
    )


@claim(
    "annealed.fig1c.takes-longer",
    source="section 3",
    says="increasing T means it takes longer for alpha to move from alpha_0 to alpha_r: the time "
    "to come within the fraction delta of the gap grows with T",
    expect=Verdict.PROVED,
)
def takes_longer() -> Examination:
    rate = Symbol("dt/dT", real=True)
    gap = (exponential_schedule() - alpha_r) / (alpha_0 - alpha_r)
    (arrival,) = sp.solve(sp.Eq(sp.simplify(gap), delta), t, check=False)
    exact = {rate: sp.diff(arrival, T)}

    def measured(place: Place) -> Any:
        def arrives(duration: Any) -> Any:
            return mpmath.findroot(lambda x: mpmath.exp(-x / duration) - place["delta"], duration)

        return mpmath.diff(arrives, place["T"])

    points = ({T: 3, delta: Rational(1, 10)}, {T: Rational(1, 2), delta: Rational(9, 10)})
    return Examination(
        rate > 0,
        exact,
        by_numbers({rate: measured}, kind="root:mpmath", points=points, digits=15),
        given=delta < 1,
        steps=(Step("time of arrival", arrival),),
    )


@claim(
    "annealed.fig1c.finer-steps",
    source="section 3: slower annealing or finer annealing steps in discrete setting",
    says="in discrete time with step h, increasing T makes the annealing steps finer: the k-th "
    "step, exp(-kh/T)(1 - exp(-h/T)) of the gap, shrinks for every k",
    expect=Verdict.REFUTED,
    amended=r"\frac{d}{dT}\left(1 - e^{-\frac{h}{T}}\right) < 0",
    repair="say the largest (first) step; late steps grow with T, since the gap closes later",
)
def finer_steps() -> Examination:
    every, first = sp.symbols("d(step_k)/dT d(step_0)/dT", real=True)
    fraction = exp(-k * step / T) * (1 - exp(-step / T))
    exact = {every: sp.diff(fraction, T), first: sp.diff(fraction.subs(k, 0), T)}

    def measured(place: Place, count: Any) -> Any:
        def size(duration: Any) -> Any:
            h = place["h"]
            return mpmath.exp(-count * h / duration) * -mpmath.expm1(-h / duration)

        return mpmath.diff(size, place["T"])

    numbers = {
        every: lambda place: measured(place, place["k"]),
        first: lambda place: measured(place, 0),
    }
    points = ({T: 3, step: 1, k: 0}, {T: 3, step: 1, k: 10}, {T: Rational(1, 2), step: 2, k: 1})
    return Examination(
        every < 0,
        exact,
        by_numbers(numbers, kind="differentiated:mpmath", points=points, digits=15),
        amendment=first < 0,
        steps=(Step("the k-th step as a fraction of the gap", fraction),),
    )
