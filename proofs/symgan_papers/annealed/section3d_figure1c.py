r"""Section 3, Figure 1(c): switch off, T = 3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.games.annealed import alpha, alpha_r, exponential_schedule, psi, t, theta
from symgan_papers.annealed.model import (
    FIGURE,
    IN_TIME,
    K,
    T,
    a,
    alpha_0,
    amplitude_in_time,
    autonomous,
    autonomous_solution,
    coupled,
    coupled_solution,
    decoupled,
    decoupled_solution,
    forced_amplitude,
    psi_0,
    residual_amplitude,
    schedule_at,
    squared_amplitude,
    state_at,
    states_at,
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
    return sum(state[index] for state in states_at(decoupled(), place, times)) / 6


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
    says="the states stay bounded: no part of the solution grows; what is not constant, decaying "
    "or one harmonic is zero",
    expect=Verdict.PROVED,
)
def bounded() -> Examination:
    growing = sp.symbols("secular_theta secular_psi", real=True)
    exact = dict(zip(growing, decoupled_solution().secular[:2], strict=True))

    def left_over(index: int) -> Any:
        """A state minus a constant, cos, sin and exp(-at) fitted to four earlier states."""

        def measure(place: Place) -> Any:
            def parts(x: Any) -> list[Any]:
                return [1, mpmath.cos(x), mpmath.sin(x), mpmath.exp(-place["a"] * x)]

            times = [mpmath.mpf(n) for n in (0, 1, 2, 4)]
            later = mpmath.mpf(40)
            *values, end = (x[index] for x in states_at(decoupled(), place, [*times, later]))
            fitted = mpmath.lu_solve(
                mpmath.matrix([parts(x) for x in times]), mpmath.matrix(values)
            )
            found = sum(c * part for c, part in zip(fitted, parts(later), strict=True))
            return end - found

        return measure

    numbers = {growing[0]: left_over(0), growing[1]: left_over(1)}
    return Examination(
        sp.And(*(eq(name, 0) for name in growing)),
        exact,
        by_numbers(numbers, points=GENERAL, digits=30),
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
    found, free = amplitude_in_time(), autonomous_solution().amplitude[0]
    assert free is not None
    exact = {
        size: sp.simplify(found.subs({alpha_0: 1, alpha_r: 3})),
        same_start: sp.simplify(free.subs({theta_0: 1, psi_0: 0, alpha_r: 3})),
        own_start: sp.simplify(free.subs({theta_0: 1, psi_0: 2, alpha_r: 3})),
    }

    def distance(height: int) -> Any:
        def measure(_: Place) -> Any:
            start = {
                "theta_0": mpmath.mpf(1),
                "psi_0": mpmath.mpf(height),
                "alpha_r": mpmath.mpf(3),
            }
            x, y = state_at(autonomous(), start, mpmath.mpf(1))
            return mpmath.hypot(x - 3, y)

        return measure

    def forced(place: Place) -> Any:
        start = {"alpha_0": mpmath.mpf(1), "theta_0": mpmath.mpf(1), "psi_0": mpmath.mpf(0)}
        return forced_amplitude({**start, "a": 1 / place["T"], "K": 2 / place["T"]})

    numbers = {size: forced, same_start: distance(0), own_start: distance(2)}
    statement = sp.And(
        eq(size, 2 / sp.sqrt(1 + T**2)),
        size < same_start,
        eq(same_start, 2),
        eq(own_start, 2 * sp.sqrt(2)),
    )
    points = ({T: Rational(1, 10)}, {T: 3}, {T: 30})
    return Examination(
        statement,
        exact,
        by_numbers(numbers, kind="quadrature:mpmath", points=points, digits=30),
        steps=(Step("amplitude from the matched start", found),),
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
    source="section 3, Figure 1(c)",
    says="as in Figure 1(b) the oscillation persists: its squared amplitude is positive in both "
    "(from the matched start, K != 0); the frequencies differ, 1 here and sqrt(2) there",
    expect=Verdict.PROVED,
)
def as_fig1b() -> Examination:
    here, there, slow, fast = sp.symbols("A_c^2 A_b^2 omega_c omega_b", real=True)
    other = coupled_solution("generator")
    exact = {
        here: residual_amplitude(decoupled_solution(), theta) ** 2,
        there: residual_amplitude(other, theta) ** 2,
        slow: decoupled_solution().omega,
        fast: other.omega,
    }

    def frequency(coupling: int) -> Any:
        matrix = mpmath.matrix([[0, -1, 0], [1, 0, -1], [0, coupling, 0]])
        return max(abs(value.imag) for value in mpmath.eig(matrix)[0])

    def spread(place: Place) -> Any:
        """Squared amplitude of theta under the repaired coupling, from three late states."""
        gap = mpmath.pi / (2 * mpmath.sqrt(2))
        start = {**place, "theta_0": place["alpha_0"], "psi_0": mpmath.mpf(0)}
        times = (LATE + n * gap for n in range(3))
        x = [state[0] for state in states_at(coupled("generator"), start, times)]
        # A quarter period apart: x0 - m, x1 - m, -(x0 - m) with the mean m.
        mean = (x[0] + x[2]) / 2
        return (x[0] - mean) ** 2 + (x[1] - mean) ** 2

    def forced(place: Place) -> Any:
        return forced_amplitude({**place, "theta_0": place["alpha_0"], "psi_0": 0}) ** 2

    numbers = {here: forced, there: spread}
    numbers |= {slow: lambda place: frequency(0), fast: lambda place: frequency(1)}
    return Examination(
        sp.And(here > 0, there > 0, eq(slow, 1), eq(fast, sp.sqrt(2))),
        exact,
        by_numbers(numbers, points=GENERAL, digits=30),
        given=sp.Ne(K, 0),
    )


@claim(
    "annealed.fig1c.initial-state",
    source="section 3, Figure 1(c)",
    formal=r"A^2 = \left(\theta_0 - \alpha_0 - \frac{aK}{1+a^2}\right)^2"
    r" + \left(\psi_0 + \frac{K}{1+a^2}\right)^2",
    says="as in (a): "
    "annealing does not remove the dependence on the initial state: the amplitude is the "
    "distance of the start from (alpha_0 + aK/(1 + a^2), -K/(1 + a^2)), the one silent start",
    expect=Verdict.PROVED,
)
def initial_state() -> Examination:
    squared = Symbol("A^2", real=True)
    silent = (theta_0 - alpha_0 - a * K / (1 + a**2)) ** 2 + (psi_0 + K / (1 + a**2)) ** 2
    return Examination(
        eq(squared, silent),
        {squared: squared_amplitude(decoupled_solution())},
        by_numbers(
            {squared: lambda place: forced_amplitude(place) ** 2},
            kind="quadrature:mpmath",
            points=GENERAL,
            digits=30,
        ),
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
    source="section 3, Figure 1(c)",
    formal=r"\frac{d}{dT}\left(1 - e^{-\frac{h}{T}}\right) < 0",
    says="in discrete time with step h, increasing T makes the annealing steps finer: each closes "
    "the fraction 1 - exp(-h/T) of the gap that is left, which shrinks as T grows",
    expect=Verdict.PROVED,
)
def finer_steps() -> Examination:
    rate = Symbol("d(fraction)/dT", real=True)
    gap = exponential_schedule() - alpha_r
    fraction = sp.simplify(1 - gap.subs(t, (k + 1) * step) / gap.subs(t, k * step))
    exact = {rate: sp.diff(fraction, T)}

    def measured(place: Place) -> Any:
        def size(duration: Any) -> Any:
            late, early = (
                schedule_at({**place, "T": duration}, n * place["h"]) - place["alpha_r"]
                for n in (place["k"] + 1, place["k"])
            )
            return 1 - late / early

        return mpmath.diff(size, place["T"])

    ends = {alpha_0: 1, alpha_r: 3}
    points = ({**ends, T: 3, step: 1, k: 0}, {**ends, T: Rational(1, 2), step: 2, k: 1})
    return Examination(
        rate < 0,
        exact,
        by_numbers({rate: measured}, kind="differentiated:mpmath", points=points, digits=15),
        steps=(
            Step("the fraction of the remaining gap, the same for every k", fraction),
            Step("as a share of the whole gap late steps grow with T: the gap closes later"),
        ),
    )
