r"""Section 4, equation (18): the centre of theta and the limit of slow annealing."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol, cos, exp, sin

from symgan.claims import Examination, IllPosed, Step, Verdict, by_numbers, claim, eq
from symgan.games.annealed import alpha_r, t, theta
from symgan_papers.annealed.model import (
    IN_TIME,
    MATCH,
    MATCHED,
    K,
    T,
    a,
    alpha_0,
    decoupled,
    decoupled_solution,
    places,
    simulated,
    state_at,
    states_at,
)
from symgan_papers.annealed.section4d_generator import (
    DECAY_INTEGRAL,
    PSI1_INTEGRAL,
    PSI1_REPAIRED,
    THETA_T,
    derived_theta,
    in_time,
)

Place = Mapping[str, Any]
x = Symbol("x", real=True)
LIMIT = Symbol("lim theta(t)", real=True)


GAP = (alpha_r - alpha_0) / (1 + a**2)


@claim(
    "annealed.eq18",
    source="eq. (18)",
    printed=r"\lim_{T\to\infty} \theta(t) = a_r + \Psi_1(t)",
    says="the steady state of theta for slow annealing",
    expect=Verdict.ILL_POSED,
    reason="the left side does not depend on T, but Psi_1(t) on the right does (through K and a); "
    "the order of the limits in t and T is open; a_r is not defined (a is 1/T; alpha_r is meant, "
    "here, in the sentence after it and once in section 3)",
    repair="write theta(t) = alpha_r + [sinusoid] + [transient], which holds for every T",
)
def eq18() -> IllPosed:
    right = alpha_r + PSI1_INTEGRAL.subs(IN_TIME)
    return IllPosed(
        eq(LIMIT, alpha_r + Symbol("Psi_1(t)", real=True)),
        bound=T,
        free_side=right,
        readings=("annealed.eq18.fixed-time", "annealed.eq18.steady-state", "annealed.eq18.centre"),
        steps=(Step("the right side in terms of T", right),),
    )


@claim(
    "annealed.eq18.fixed-time",
    source="eq. (18), a reading",
    formal=r"\lim_{T\to\infty} (\theta(t) - \Psi_1(t)) = \alpha_r",
    says="at a fixed time, theta(t) - Psi_1(t) tends to alpha_r as T grows (Psi_1 tends to 0 "
    "whichever sign it has)",
    expect=Verdict.REFUTED,
    amended=r"\lim_{T\to\infty} (\theta(t) - \Psi_1(t)) = \alpha_0",
    repair="replace alpha_r by alpha_0: with ever slower annealing nothing has moved yet at time t",
)
def eq18_fixed_time() -> Examination:
    difference = (derived_theta() - PSI1_INTEGRAL).subs(IN_TIME)
    exact = {LIMIT: sp.limit(difference, T, sp.oo)}

    def measured(place: Place) -> Any:
        def at_duration(n: Any) -> Any:
            duration = mpmath.mpf(2) ** n
            k, rate = (place["alpha_r"] - place["alpha_0"]) / duration, 1 / duration
            start = {
                "alpha_0": place["alpha_0"],
                "theta_0": place["alpha_0"],
                "psi_0": mpmath.mpf(0),
            }
            value = state_at(decoupled(), {**start, "a": rate, "K": k}, place["t"])[0]

            def wave(at: Any) -> Any:
                return k / (1 + rate**2) * (rate * mpmath.sin(at) - mpmath.cos(at))

            return value - mpmath.quad(wave, [0, place["t"]])

        # The error is a power series in 1/T: Richardson extrapolation on doublings.
        rows = [at_duration(n) for n in range(20, 26)]
        for order in range(1, 6):
            weight = mpmath.mpf(2) ** order
            rows = [
                (weight * later - earlier) / (weight - 1)
                for earlier, later in itertools.pairwise(rows)
            ]
        return rows[0]

    points = ({alpha_0: 1, alpha_r: 3, t: 2}, {alpha_0: -1, alpha_r: 4, t: 5})
    return Examination(
        eq(LIMIT, alpha_r),
        exact,
        by_numbers({LIMIT: measured}, points=points, digits=25),
        amendment=eq(LIMIT, alpha_0),
        steps=(Step("theta(t) - Psi_1(t) in terms of T", sp.simplify(difference)),),
    )


@claim(
    "annealed.eq18.steady-state",
    source="eq. (18), a reading",
    formal=r"\lim_{T\to\infty}\lim_{t\to\infty} (\theta(t) - \Psi_1(t)) = \alpha_r",
    says="t to infinity first, T second: "
    "in the steady state, theta(t) - Psi_1(t) tends to alpha_r as T grows",
    expect=Verdict.PROVED,
)
def eq18_steady_state() -> Examination:
    settled = sp.limit(sp.simplify(derived_theta() - PSI1_INTEGRAL), t, sp.oo)
    exact = {LIMIT: sp.limit(settled.subs(IN_TIME), T, sp.oo)}

    def measured(place: Place) -> Any:
        def settled_at(n: Any) -> Any:
            duration = mpmath.mpf(2) ** n
            k, rate = (place["alpha_r"] - place["alpha_0"]) / duration, 1 / duration
            start = {
                "alpha_0": place["alpha_0"],
                "theta_0": place["alpha_0"],
                "psi_0": mpmath.mpf(0),
            }
            time = 46 * duration  # exp(-46) is 1e-20
            value = state_at(decoupled(), {**start, "a": rate, "K": k}, time)[0]
            wave = rate - rate * mpmath.cos(time) - mpmath.sin(time)
            return value - k / (1 + rate**2) * wave

        # The error is a series in 1/T^2: two eliminations leave the order 2^-22.
        rows = [settled_at(n) for n in (3, 4, 5)]
        first = [(4 * b - c) / 3 for c, b in itertools.pairwise(rows)]
        return (16 * first[1] - first[0]) / 15

    points = ({alpha_0: 1, alpha_r: 3}, {alpha_0: -1, alpha_r: 4})
    return Examination(
        eq(LIMIT, alpha_r),
        exact,
        by_numbers({LIMIT: measured}, points=points, digits=6),
        steps=(Step("t to infinity first", settled),),
    )


@claim(
    "annealed.eq18.centre",
    source="eq. (18)",
    formal=r"\lim_{T\to\infty}\text{ centre of }\theta = \alpha_r",
    says="for which the text needs large T: "
    "theta oscillates around alpha_r; sharper than printed, it does so for every T: "
    "theta(t) = alpha_r + (sinusoid of mean zero) + (transient)",
    expect=Verdict.PROVED,
)
def eq18_centre() -> Examination:
    wave = K / (1 + a**2) * (sin(t) + a * cos(t))
    transient = K * exp(-a * t) / (a * (1 + a**2))
    return in_time(
        eq(THETA_T, alpha_0 + K / a - wave - transient),
        steps=(
            Step("theta(0) + (alpha_r - alpha_0)/(1 + a^2) of (17)", alpha_0 + GAP),
            Step("plus the mean of Psi_1, K a/(1 + a^2), is alpha_r for every T"),
        ),
    )


@claim(
    "annealed.eq18.tracking",
    source="section 4, last paragraph",
    formal=r"(\theta(t) - \alpha(t))^2 + \psi(t)^2 ="
    r" \frac{K^2 (1 + e^{-2at} - 2 e^{-at} \cos(t))}{1 + a^2}",
    says="from the matched start the pair tracks the moving data: its squared distance from "
    "(alpha(t), 0) is this, never more than 4 (alpha_r - alpha_0)^2/(1 + T^2)",
    expect=Verdict.PROVED,
)
def tracking() -> Examination:
    distance, c, e = Symbol("distance^2", real=True), Symbol("c", real=True), Symbol("e", real=True)
    path = tuple(part.subs(MATCH) for part in decoupled_solution().solution)
    exact = {distance: (path[0] - path[2]) ** 2 + path[1] ** 2}

    def measured(place: Place) -> Any:
        value = state_at(decoupled(), place, place["t"])
        return (value[0] - value[2]) ** 2 + value[1] ** 2

    law = eq(distance, K**2 * (1 + exp(-2 * a * t) - 2 * exp(-a * t) * cos(t)) / (1 + a**2))
    # With c = cos t and e = exp(-at) the bracket is at most (1 + e)^2, so at most 4.
    inside = sp.And(c >= -1, c <= 1, e > 0, e <= 1)
    bound = sp.Implies(inside, 1 + e**2 - 2 * e * c <= 4, evaluate=False)
    corners = ((-1, 1), (sp.Rational(1, 2), sp.Rational(1, 3)), (1, 1))
    points = tuple({**p, c: u, e: w} for p, (u, w) in zip(places(), corners, strict=True))
    return Examination(
        sp.And(law, bound), exact, by_numbers({distance: measured}, points=points), given=MATCHED
    )


@claim(
    "annealed.repairs-together",
    source="eqs. (12), (13), (17), (18)",
    says="the repairs agree with one another: psi of the repaired (13), integrated by the first "
    "line of (17), gives the repaired second line, whose centre is alpha_r",
    expect=Verdict.PROVED,
)
def repairs_together() -> Examination:
    integral, middle = sp.symbols("theta_0-int_psi centre", real=True)
    size = K / (1 + a**2)
    psi_repaired = size * (cos(x) - a * sin(x) - exp(-a * x))
    exact = {
        integral: alpha_0 - sp.integrate(psi_repaired, (x, 0, t)),
        THETA_T: derived_theta(),
        middle: decoupled_solution().center[0].subs(MATCH),
    }

    def summed(place: Place) -> Any:
        k, rate = place["K"] / (1 + place["a"] ** 2), place["a"]

        def wave(at: Any) -> Any:
            return k * (mpmath.cos(at) - rate * mpmath.sin(at) - mpmath.exp(-rate * at))

        return place["alpha_0"] - mpmath.quad(wave, [0, place["t"]])

    def late_mean(place: Place) -> Any:
        start = {**place, "theta_0": place["alpha_0"], "psi_0": mpmath.mpf(0)}
        times = [92 / place["a"] + 2 * mpmath.pi * n / 6 for n in range(6)]
        return sum(state[0] for state in states_at(decoupled(), start, times)) / 6

    numbers = {integral: summed, THETA_T: simulated(decoupled(), theta), middle: late_mean}
    line2 = alpha_0 + size * DECAY_INTEGRAL - PSI1_REPAIRED
    statement = sp.And(eq(integral, line2), eq(THETA_T, line2), eq(middle, alpha_0 + K / a))
    return Examination(
        statement, exact, by_numbers(numbers, points=places(), digits=30), given=MATCHED
    )
