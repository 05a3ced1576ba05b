r"""Section 3, Figure 1(b): switch on. As printed the system runs away; repaired it circles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mpmath
import sympy as sp

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.games.annealed import alpha, alpha_r, psi, t, theta
from symgan_papers.annealed.model import (
    FIGURE,
    IN_TIME,
    MATCHED,
    K,
    T,
    a,
    alpha_0,
    autonomous,
    autonomous_solution,
    coupled,
    coupled_solution,
    psi_0,
    residual_amplitude,
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


def _settled(place: Place, symbol: Any, part: str) -> Any:
    """Centre and amplitude over one late period, by the discrete Fourier transform."""
    flow = coupled("generator")
    index, period = flow.state.index(symbol), 2 * mpmath.pi / mpmath.sqrt(2)
    times = (LATE + period * k / 6 for k in range(6))
    values = [state[index] for state in states_at(flow, place, times)]
    if part == "centre":
        return sum(values) / 6
    turns = [mpmath.expjpi(-mpmath.mpf(k) / 3) for k in range(6)]
    return abs(sum(x * turn for x, turn in zip(values, turns, strict=True))) / 3


def _settled_centre(symbol: Any) -> Any:
    return lambda place: _settled(place, symbol, "centre")


@claim(
    "annealed.fig1b",
    source="Figure 1(b), eq. (7) as printed",
    formal=r"\lim_{t \to \infty} \frac{\theta(t)}{t^2} = 0",
    says="(7) with the switch on oscillates, so stays bounded: theta(t)/t^2 tends to 0",
    expect=Verdict.REFUTED,
    amended=r"\lim \theta/t^2 = \frac{\alpha_r - \alpha_0}{2}\text{ as printed; }"
    r"0 \text{ with } +\lambda\psi f'(-\psi\alpha)",
    repair="flip the sign of the coupling in (7) (annealed.eq7.alpha); as printed theta - alpha "
    "is driven to alpha_0 - alpha_r and never returns, so psi falls linearly, theta quadratically",
)
def runs_away() -> Examination:
    printed, repaired = sp.symbols("lim_printed lim_repaired", real=True)

    def growth(side: Any) -> Any:
        theta_t = coupled_solution(side).solution[0].subs({theta_0: alpha_0, psi_0: 0})
        return sp.limit(sp.expand(theta_t.subs(IN_TIME)) / t**2, t, sp.oo)

    exact = {printed: growth("discriminator"), repaired: growth("generator")}

    def second_difference(side: Any) -> Any:
        """t^2 / 2 times the second difference of theta at a late time, over t^2."""

        def measure(place: Place) -> Any:
            inside = {**place, "a": 1 / place["T"], "theta_0": place["alpha_0"], "psi_0": 0}
            inside["K"] = (place["alpha_r"] - place["alpha_0"]) / place["T"]
            late, gap = 100 * place["T"], 2 * mpmath.pi / mpmath.sqrt(2)
            times = (late + k * gap for k in range(3))
            first, middle, last = (x[0] for x in states_at(coupled(side), inside, times))
            return (first - 2 * middle + last) / gap**2 / 2

        return measure

    points = (
        {T: 1, alpha_0: 1, alpha_r: 3, t: 1},
        {T: sp.Rational(1, 2), alpha_0: 2, alpha_r: -1, t: 1},
    )
    numbers = {
        printed: second_difference("discriminator"),
        repaired: second_difference("generator"),
    }
    return Examination(
        eq(printed, 0),
        exact,
        by_numbers(numbers, points=points),
        amendment=sp.And(eq(printed, (alpha_r - alpha_0) / 2), eq(repaired, 0)),
        steps=(
            Step("as printed, theta - alpha moves by the schedule alone, against it"),
            Step("theta(t) as printed", coupled_solution("discriminator").solution[0]),
        ),
    )


@claim(
    "annealed.fig1b.centre",
    source="Figure 1(b), coupling repaired",
    printed=r"(\theta, \psi, \alpha) = (2, 0, 2)",
    says="the repaired system oscillates around (2, 0, 2); in general, for every T and every "
    "start, around the midpoint of theta(0) and alpha_r",
    expect=Verdict.PROVED,
)
def centre() -> Examination:
    means = sp.symbols("mean_theta mean_psi mean_alpha", real=True)
    solution = coupled_solution("generator")
    exact = dict(zip(means, solution.center, strict=True))
    numbers = {
        name: _settled_centre(symbol)
        for name, symbol in zip(means, (theta, psi, alpha), strict=True)
    }
    middle = (theta_0 + alpha_0 + K / a) / 2
    statement = sp.And(eq(means[0], middle), eq(means[1], 0), eq(means[2], middle))
    at_figure = tuple(sp.simplify(c.subs(IN_TIME).subs(FIGURE)) for c in solution.center)
    return Examination(
        statement,
        exact,
        # The transient exp(-a t) that is left at the late period limits the agreement.
        by_numbers(numbers, points=GENERAL, digits=24),
        steps=(
            Step("theta + alpha moves only by the schedule: it tends to theta(0) + alpha_r"),
            Step("in the setting of the figure", sp.Tuple(*at_figure)),
        ),
    )


@claim(
    "annealed.fig1b.wrong-point",
    source="section 3",
    says="(2, 0, 2) is different from the favorite equilibrium (3, 0, 3)",
    expect=Verdict.PROVED,
)
def wrong_point() -> Examination:
    miss = sp.Symbol("alpha_r - mean_theta", real=True)
    center = coupled_solution("generator").center[0].subs(IN_TIME)
    exact = {miss: sp.simplify(alpha_r - center)}

    def measured(place: Place) -> Any:
        inside = {**place, "a": 1 / place["T"]}
        inside["K"] = (place["alpha_r"] - place["alpha_0"]) / place["T"]
        return place["alpha_r"] - _settled(inside, theta, "centre")

    points = (
        {T: 1, alpha_0: 1, alpha_r: 3, theta_0: 1, psi_0: 0},
        {T: sp.Rational(1, 2), alpha_0: 2, alpha_r: -1, theta_0: 3, psi_0: 1},
    )
    return Examination(
        eq(miss, (alpha_r - theta_0) / 2),
        exact,
        by_numbers({miss: measured}, points=points, digits=24),
        steps=(Step("the miss is zero only if the generator already starts at alpha_r"),),
    )


@claim(
    "annealed.fig1b.amplitude",
    source="Figure 1(b), coupling repaired",
    says="the system keeps oscillating: from the matched start theta keeps the amplitude "
    "|K|/(2 sqrt(a^2 + 2)) at the frequency sqrt(2)",
    expect=Verdict.PROVED,
)
def amplitude() -> Examination:
    size, frequency = sp.symbols("A_theta omega", real=True)
    solution = coupled_solution("generator")
    exact = {size: residual_amplitude(solution, theta), frequency: solution.omega}

    def turning(place: Place) -> Any:
        flow, gap = coupled("generator"), mpmath.mpf(1) / 4
        x = [state[1] for state in states_at(flow, place, (LATE + k * gap for k in range(3)))]
        # psi swings about 0: x0 + x2 = 2 cos(w h) x1.
        return mpmath.acos((x[0] + x[2]) / (2 * x[1])) / gap

    numbers = {size: lambda place: _settled(place, theta, "amplitude"), frequency: turning}
    matched = tuple({**p, theta_0: p[alpha_0], psi_0: 0} for p in GENERAL)
    return Examination(
        sp.And(eq(size, sp.Abs(K) / (2 * sp.sqrt(a**2 + 2))), eq(frequency, sp.sqrt(2))),
        exact,
        by_numbers(numbers, points=matched, digits=22),
        given=MATCHED,
    )


@claim(
    "annealed.fig1b.reduced",
    source="Figure 1(b), coupling repaired",
    says="the amplitude is reduced against Figure 1(a): for every T that of theta stays below 1 "
    "and that of psi below sqrt(2), where (a) has 2 sqrt(2), and 2 from the same start (1, 0)",
    expect=Verdict.PROVED,
)
def reduced() -> Examination:
    names = sp.symbols("A_theta A_psi^2 A_same A_own", real=True)
    at = {alpha_0: 1, alpha_r: 3}
    solution, free = coupled_solution("generator"), autonomous_solution().amplitude[0]
    assert free is not None
    starts = ({theta_0: 1, psi_0: 0, alpha_r: 3}, {theta_0: 1, psi_0: 2, alpha_r: 3})
    exact = {
        names[0]: residual_amplitude(solution, theta).subs(IN_TIME).subs(at),
        names[1]: residual_amplitude(solution, psi).subs(IN_TIME).subs(at) ** 2,
        names[2]: sp.simplify(free.subs(starts[0])),
        names[3]: sp.simplify(free.subs(starts[1])),
    }

    def settled(symbol: Any) -> Any:
        def measure(place: Place) -> Any:
            inside = {"a": 1 / place["T"], "K": 2 / place["T"], "psi_0": mpmath.mpf(0)}
            inside |= {"alpha_0": mpmath.mpf(1), "theta_0": mpmath.mpf(1)}
            return _settled(inside, symbol, "amplitude")

        return measure

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

    numbers = {
        names[0]: settled(theta),
        names[1]: lambda place: settled(psi)(place) ** 2,
        names[2]: distance(0),
        names[3]: distance(2),
    }
    statement = sp.And(
        names[0] < 1,
        names[1] < 2,
        eq(names[2], 2),
        eq(names[3], 2 * sp.sqrt(2)),
    )
    points = ({T: sp.Rational(1, 3)}, {T: 1}, {T: sp.Rational(3, 2)})
    return Examination(
        statement,
        exact,
        by_numbers(numbers, points=points, digits=15),
        steps=(Step("amplitude of theta, any T", exact[names[0]]),),
    )


@claim(
    "annealed.fig1b.centre.as-printed",
    source="Figure 1(b), eq. (7) as printed",
    formal=r"\lim_{t\to\infty} \dot\psi(t) = 0",
    says="with the printed coupling too the system settles around some point: psi stops drifting",
    expect=Verdict.REFUTED,
    amended=r"\lim_{t\to\infty} \dot\psi(t) = \alpha_0 - \alpha_r",
    repair="flip the sign of the coupling (annealed.eq7.alpha); as printed there is no centre",
)
def no_centre() -> Examination:
    drift = sp.Symbol("lim psi'", real=True)
    psi_t = coupled_solution("discriminator").solution[1].subs({theta_0: alpha_0, psi_0: 0})
    exact = {drift: sp.limit(sp.diff(psi_t.subs(IN_TIME), t), t, sp.oo)}

    def late(place: Place) -> Any:
        inside = {**place, "a": 1 / place["T"], "theta_0": place["alpha_0"], "psi_0": mpmath.mpf(0)}
        inside["K"] = (place["alpha_r"] - place["alpha_0"]) / place["T"]
        flow, time = coupled("discriminator"), 100 * place["T"]
        early, later = states_at(flow, inside, (time, time + 1))
        return later[1] - early[1]

    points = ({T: 1, alpha_0: 1, alpha_r: 3}, {T: sp.Rational(1, 2), alpha_0: 2, alpha_r: -1})
    return Examination(
        eq(drift, 0),
        exact,
        by_numbers({drift: late}, points=points),
        amendment=eq(drift, alpha_0 - alpha_r),
    )


@claim(
    "annealed.fig1b.initial-state",
    source="Figure 1(b), coupling repaired",
    formal=r"\frac{\partial A^2}{\partial \psi_0} = \frac{K + (a^2 + 2)\psi_0}{a^2 + 2}",
    says="as in (a): "
    "with the coupling repaired the amplitude of theta depends on the initial state: its "
    "square grows with the distance of psi(0) from -K/(a^2 + 2)",
    expect=Verdict.PROVED,
)
def initial_state() -> Examination:
    rate = sp.Symbol("dA^2/dpsi_0", real=True)
    exact = {rate: sp.diff(squared_amplitude(coupled_solution("generator")), psi_0)}

    def measured(place: Place) -> Any:
        def squared(start: Any) -> Any:
            return _settled({**place, "psi_0": start}, theta, "amplitude") ** 2

        # A^2 is quadratic in psi(0): the central difference is exact for any step.
        return (squared(place["psi_0"] + 1) - squared(place["psi_0"] - 1)) / 2

    return Examination(
        eq(rate, (K + (a**2 + 2) * psi_0) / (a**2 + 2)),
        exact,
        by_numbers({rate: measured}, points=GENERAL, digits=22),
    )
