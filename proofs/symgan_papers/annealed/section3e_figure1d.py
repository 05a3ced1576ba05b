r"""Section 3, Figure 1(d): switch off, T = 30."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Verdict, by_numbers, claim, eq
from symgan.games.annealed import alpha, alpha_r, exponential_schedule, psi, t, theta
from symgan_papers.annealed.model import (
    FIGURE,
    K,
    T,
    a,
    alpha_0,
    amplitude_in_time,
    decoupled,
    decoupled_solution,
    forced_amplitude,
    state_at,
    states_at,
)

Place = Mapping[str, Any]


@claim(
    "annealed.fig1d.centre",
    source="section 3, Figure 1(d)",
    says="with T = 30 the oscillation is around the correct equilibrium point (3, 0, 3)",
    expect=Verdict.PROVED,
)
def long_centre() -> Examination:
    means = sp.symbols("mean_theta mean_psi mean_alpha", real=True)
    setting = {**FIGURE, a: Rational(1, 30), K: Rational(1, 15)}
    exact = {
        name: sp.simplify(part.subs(setting))
        for name, part in zip(means, decoupled_solution().center, strict=True)
    }
    place = {"a": mpmath.mpf(1) / 30, "K": mpmath.mpf(1) / 15, "alpha_0": 1, "theta_0": 1}

    def mean(symbol: Any) -> Any:
        def measure(_: Place) -> Any:
            index = decoupled().state.index(symbol)
            # exp(-900/30) is 1e-13; six points of a period give the mean of one harmonic.
            times = [900 + 2 * mpmath.pi * n / 6 for n in range(6)]
            inside = {**place, "psi_0": 0, "a": mpmath.mpf(1) / 30, "K": mpmath.mpf(1) / 15}
            return sum(state[index] for state in states_at(decoupled(), inside, times)) / 6

        return measure

    numbers = {name: mean(s) for name, s in zip(means, (theta, psi, alpha), strict=True)}
    return Examination(
        sp.And(eq(means[0], 3), eq(means[1], 0), eq(means[2], 3)),
        exact,
        by_numbers(numbers, digits=12),
    )


@claim(
    "annealed.fig1d.reduced",
    source="section 3, Figure 1(d)",
    says="T = 30 leaves a smaller amplitude than T = 3: 2/sqrt(901) < 2/sqrt(10)",
    expect=Verdict.PROVED,
)
def long_reduced() -> Examination:
    long, short = sp.symbols("A_30 A_3", real=True)
    size = amplitude_in_time().subs({alpha_0: 1, alpha_r: 3})
    exact = {long: size.subs(T, 30), short: size.subs(T, 3)}

    def measured(duration: int) -> Any:
        inside = {"a": mpmath.mpf(1) / duration, "K": mpmath.mpf(2) / duration}
        start = {"alpha_0": mpmath.mpf(1), "theta_0": mpmath.mpf(1), "psi_0": mpmath.mpf(0)}
        with mpmath.workdps(30):
            return forced_amplitude({**inside, **start})

    numbers = {long: lambda place: measured(30), short: lambda place: measured(3)}
    statement = sp.And(eq(long, 2 / sp.sqrt(901)), eq(short, 2 / sp.sqrt(10)), long < short)
    return Examination(statement, exact, by_numbers(numbers, kind="quadrature:mpmath", digits=25))


@claim(
    "annealed.fig1d.slower-approach",
    source="section 3, Figure 1(d)",
    says="T = 30 results in a slower approach to alpha_r than T = 3: at every t > 0 the gap that "
    "is left is larger",
    expect=Verdict.PROVED,
)
def long_slower() -> Examination:
    long, short = sp.symbols("gap_30 gap_3", real=True)
    later = Symbol("t", positive=True)
    gap = (alpha_r - exponential_schedule()).subs({alpha_0: 1, alpha_r: 3}).subs(t, later)
    exact = {long: gap.subs(T, 30), short: gap.subs(T, 3)}

    def measured(duration: int) -> Any:
        def measure(place: Place) -> Any:
            inside = {"a": mpmath.mpf(1) / duration, "K": mpmath.mpf(2) / duration}
            start = {"alpha_0": mpmath.mpf(1), "theta_0": mpmath.mpf(1), "psi_0": mpmath.mpf(0)}
            return 3 - state_at(decoupled(), {**inside, **start}, place["t"])[2]

        return measure

    points = ({later: Rational(1, 100)}, {later: 5}, {later: 60})
    return Examination(
        short < long, exact, by_numbers({long: measured(30), short: measured(3)}, points=points)
    )
