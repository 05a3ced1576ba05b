r"""Section 4, equation (18): the centre of theta and the limit of slow annealing."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol, cos, exp, sin

from symgan.claims import Examination, IllPosed, Step, Verdict, by_numbers, claim, eq
from symgan.games.annealed import alpha_r, t
from symgan_papers.annealed.model import (
    IN_TIME,
    K,
    T,
    a,
    alpha_0,
    decoupled,
    state_at,
)
from symgan_papers.annealed.section4d_generator import (
    PSI1_INTEGRAL,
    THETA_T,
    derived_theta,
    in_time,
)

Place = Mapping[str, Any]
LIMIT = Symbol("lim theta(t)", real=True)


GAP = (alpha_r - alpha_0) / (1 + a**2)


@claim(
    "annealed.eq18",
    source="eq. (18)",
    printed=r"\lim_{T\to\infty} \theta(t) = \alpha_r + \Psi_1(t)",
    says="the steady state of theta for slow annealing",
    expect=Verdict.ILL_POSED,
    reason="the left side does not depend on T, but Psi_1(t) on the right does (through K and a); "
    "the order of the limits in t and T is open",
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
    source="eq. (18), read at a fixed time t",
    formal=r"\lim_{T\to\infty} (\theta(t) - \Psi_1(t)) = \alpha_r",
    says="at a fixed time, theta(t) - Psi_1(t) tends to alpha_r as T grows",
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
    source="eq. (18), read with t to infinity first, T to infinity second",
    formal=r"\lim_{T\to\infty}\lim_{t\to\infty} (\theta(t) - \Psi_1(t)) = \alpha_r",
    says="in the steady state, theta(t) - Psi_1(t) tends to alpha_r as T grows",
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
    source="eq. (18): oscillation around the desired equilibrium, for which the text needs large T",
    formal=r"\lim_{T\to\infty}\text{ centre of }\theta = \alpha_r",
    says="theta oscillates around alpha_r; sharper than printed, it does so for every T: "
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
