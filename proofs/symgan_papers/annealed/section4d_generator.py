r"""Section 4, equations (16) and (17): theta(t)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol, cos, exp, sin

from symgan.claims import Examination, Step, Verdict, by_numbers, by_z3, claim, eq
from symgan.games.annealed import alpha_r, psi, t, theta
from symgan_papers.annealed.model import (
    MATCH,
    MATCHED,
    K,
    a,
    alpha_0,
    decoupled,
    decoupled_solution,
    places,
    s,
    simulated,
    state_at,
    theta_0,
)
from symgan_papers.annealed.section4a_laplace import Psi, Theta, in_laplace_domain
from symgan_papers.annealed.section4b_partial_fractions import PRINTED, A, B, C

Place = Mapping[str, Any]
THETA_T = Symbol("theta(t)", real=True)
LIMIT = Symbol("lim theta(t)", real=True)
x = Symbol("x", real=True)
PSI1_PRINTED = PRINTED[A] * cos(x) + PRINTED[B] * sin(x)
PSI1_INTEGRAL = sp.integrate(PSI1_PRINTED, (x, 0, t))  # the printed Psi_1(t)
DECAY_INTEGRAL = (1 - exp(-a * t)) / a  # of e^{-a tau} from 0 to t


def derived_theta() -> Any:
    return decoupled_solution().solution[0].subs(MATCH)


def in_time(statement: Any, **options: Any) -> Examination:
    """A statement on theta(t) from the matched start: derived, and simulated."""
    return Examination(
        statement,
        {THETA_T: derived_theta()},
        by_numbers({THETA_T: simulated(decoupled(), theta)}, points=places()),
        given=MATCHED,
        **options,
    )


@claim(
    "annealed.eq16",
    source="eq. (16)",
    printed=r"\theta(s) = \frac{1}{s}[\theta(0) - \psi(s)]",
    says="theta in the Laplace domain in terms of psi",
    expect=Verdict.PROVED,
)
def eq16() -> Examination:
    return in_laplace_domain(eq(Theta, (theta_0 - Psi) / s))


@claim(
    "annealed.eq16.integrator",
    source="below eq. (16); first line of (17)",
    printed=r"\theta(t) = \theta(0) - \int_0^t \psi(\tau) d\tau",
    says="1/s acts as an integrator",
    expect=Verdict.PROVED,
)
def eq17_line1() -> Examination:
    integral = Symbol("int_0^t psi", real=True)
    solution = decoupled_solution().solution
    exact = {THETA_T: solution[0], integral: sp.integrate(solution[1].subs(t, x), (x, 0, t))}

    def summed(place: Place) -> Any:
        # Gauss-Legendre on the simulated psi: 50 digits need a few dozen nodes.
        ends = [0, place["t"] / 2, place["t"]]
        return mpmath.quad(
            lambda at: simulated(decoupled(), psi)({**place, "t": at}),
            ends,
            method="gauss-legendre",
        )

    numbers = {THETA_T: simulated(decoupled(), theta), integral: summed}
    return Examination(
        eq(THETA_T, theta_0 - integral), exact, by_numbers(numbers, points=places()[:2])
    )


@claim(
    "annealed.eq17.line2",
    source="eq. (17), second line, with psi_1 as printed in (13)",
    printed=r"\theta(t) = \theta(0) - \frac{K}{1 + a^2} {\int_0^t e^{-a\tau} d\tau}"
    r" + \int_0^t \psi_1(\tau) d\tau",
    says="psi from (13) inserted into the first line",
    expect=Verdict.REFUTED,
    amended=r"\theta(t) = \theta(0) + \frac{K}{1 + a^2} {\int_0^t e^{-a\tau} d\tau}"
    r" + \int_0^t \psi_1(\tau) d\tau",
    repair="flip the sign of the K term; with it the printed (wrong) psi_1 enters rightly, since "
    "psi is minus the printed psi_1 minus the printed C e^{-at}",
)
def eq17_line2() -> Examination:
    printed = theta_0 - K / (1 + a**2) * DECAY_INTEGRAL + PSI1_INTEGRAL
    return in_time(
        eq(THETA_T, printed),
        amendment=eq(THETA_T, theta_0 + K / (1 + a**2) * DECAY_INTEGRAL + PSI1_INTEGRAL),
        steps=(
            Step("printed Psi_1(t), the integral of the printed psi_1", PSI1_INTEGRAL),
            Step("theta(t) derived", derived_theta()),
        ),
    )


@claim(
    "annealed.eq17.line2.from-line1",
    source="eq. (17), the step from the first to the second line",
    formal=r"-\int_0^t (\psi_1(\tau) + C e^{-a\tau}) d\tau ="
    r" -\frac{K}{1 + a^2} {\int_0^t e^{-a\tau} d\tau} + \int_0^t \psi_1(\tau) d\tau",
    says="the second line follows from the first by (13) as printed",
    expect=Verdict.REFUTED,
    amended=r"-\int_0^t (\psi_1(\tau) + C e^{-a\tau}) d\tau ="
    r" -\frac{K}{1 + a^2} {\int_0^t e^{-a\tau} d\tau} - \int_0^t \psi_1(\tau) d\tau",
    repair="the sign of the integral of psi_1 has to stay; a second error that undoes the first",
)
def eq17_step() -> Examination:
    from_13 = Symbol("-int psi", real=True)
    exact = {from_13: -PSI1_INTEGRAL - PRINTED[C] * DECAY_INTEGRAL}

    def measured(place: Place) -> Any:
        size = place["K"] / (1 + place["a"] ** 2)

        def printed_psi(at: Any) -> Any:
            wave = place["a"] * mpmath.sin(at) - mpmath.cos(at)
            return size * (wave + mpmath.exp(-place["a"] * at))

        return -mpmath.quad(printed_psi, [0, place["t"]])

    kept = -K / (1 + a**2) * DECAY_INTEGRAL
    return Examination(
        eq(from_13, kept + PSI1_INTEGRAL),
        exact,
        by_numbers({from_13: measured}, kind="quadrature:mpmath", points=places()),
        amendment=eq(from_13, kept - PSI1_INTEGRAL),
    )


@claim(
    "annealed.eq17.integrand",
    source="eq. (17), second line: the integrand over tau",
    formal=r"\int_{\tau=0}^{\tau=t} e^{-at} d\tau = \frac{1 - e^{-at}}{a}",
    says="the integrand e^{-at}, as printed, read as the decaying exponential of the derivation",
    expect=Verdict.REFUTED,
    amended=r"\int_0^t e^{-a\tau} d\tau = \frac{1 - e^{-at}}{a}",
    repair="write e^{-a tau}: with t the integrand is constant and the integral is t e^{-at}",
)
def eq17_integrand() -> Examination:
    as_printed, meant = sp.symbols("I_printed I_meant", real=True)
    exact = {
        as_printed: sp.integrate(exp(-a * t), (x, 0, t)),
        meant: sp.integrate(exp(-a * x), (x, 0, t)),
    }
    numbers = {
        as_printed: lambda p: mpmath.quad(lambda _: mpmath.exp(-p["a"] * p["t"]), [0, p["t"]]),
        meant: lambda p: mpmath.quad(lambda at: mpmath.exp(-p["a"] * at), [0, p["t"]]),
    }
    points = ({a: sp.Rational(1, 3), t: 2}, {a: 2, t: 1})
    return Examination(
        eq(as_printed, DECAY_INTEGRAL),
        exact,
        by_numbers(numbers, kind="quadrature:mpmath", points=points),
        amendment=eq(meant, DECAY_INTEGRAL),
    )


@claim(
    "annealed.eq17.line3",
    source="eq. (17), third line, as an equation for every t",
    printed=r"\theta(t) = \theta(0) + \frac{K}{1 + a^2}\frac{1}{a} + \int_0^t \psi_1(\tau) d\tau",
    says="the decaying term integrated",
    expect=Verdict.REFUTED,
    amended=r"\theta(t) = \theta(0) + \frac{K}{1 + a^2}\frac{1 - e^{-at}}{a}"
    r" + \int_0^t \psi_1(\tau) d\tau",
    repair="keep the factor 1 - e^{-at}; the line holds only as t tends to infinity",
)
def eq17_line3() -> Examination:
    constant = K / (1 + a**2) / a
    return in_time(
        eq(THETA_T, theta_0 + constant + PSI1_INTEGRAL),
        amendment=eq(THETA_T, theta_0 + constant * (1 - exp(-a * t)) + PSI1_INTEGRAL),
    )


@claim(
    "annealed.eq17.line3.from-line2",
    source="eq. (17), the step from the second to the third line",
    formal=r"-\frac{K}{1 + a^2} \lim_{t\to\infty} \int_0^t e^{-a\tau} d\tau"
    r" = \frac{K}{1 + a^2}\frac{1}{a}",
    says="the third line follows from the second, for large t",
    expect=Verdict.REFUTED,
    amended=r"-\frac{K}{1 + a^2} \lim_{t\to\infty} \int_0^t e^{-a\tau} d\tau"
    r" = -\frac{K}{1 + a^2}\frac{1}{a}",
    repair="the sign has to stay; the slip undoes the wrong sign of the second line",
)
def eq17_line23() -> Examination:
    limit = Symbol("lim", real=True)
    exact = {limit: -K / (1 + a**2) * sp.limit(DECAY_INTEGRAL, t, sp.oo)}

    def measured(place: Place) -> Any:
        ends = [0, 1 / place["a"], 10 / place["a"], mpmath.inf]
        integral = mpmath.quad(lambda at: mpmath.exp(-place["a"] * at), ends)
        return -place["K"] / (1 + place["a"] ** 2) * integral

    points = ({a: sp.Rational(1, 3), K: 2}, {a: 2, K: -1})
    return Examination(
        eq(limit, K / (1 + a**2) / a),
        exact,
        by_numbers({limit: measured}, kind="quadrature:mpmath", points=points, digits=30),
        amendment=eq(limit, -K / (1 + a**2) / a),
    )


@claim(
    "annealed.eq17.line3.asymptotic",
    source="eq. (17), third line, as t tends to infinity",
    formal=r"\lim_{t\to\infty}\left[\theta(t) - \theta(0) - \frac{K}{1 + a^2}\frac{1}{a}"
    r" - \int_0^t \psi_1(\tau) d\tau\right] = 0",
    says="the third line is right in the steady state",
    expect=Verdict.PROVED,
)
def eq17_line3_asymptotic() -> Examination:
    rest = sp.simplify(derived_theta() - alpha_0 - K / (1 + a**2) / a - PSI1_INTEGRAL)
    exact = {LIMIT: sp.limit(rest, t, sp.oo)}

    def late(place: Place) -> Any:
        start = {**place, "theta_0": place["alpha_0"], "psi_0": mpmath.mpf(0)}
        k, rate, time = place["K"], place["a"], 92 / place["a"]  # exp(-92) is 1e-40
        value = state_at(decoupled(), start, time)[0]

        def wave(at: Any) -> Any:
            return k / (1 + rate**2) * (rate * mpmath.sin(at) - mpmath.cos(at))

        integral = mpmath.quad(wave, mpmath.linspace(0, time, int(time) + 2))
        return value - place["alpha_0"] - k / (1 + rate**2) / rate - integral

    points = ({a: 1, K: 2, alpha_0: 1}, {a: 2, K: -3, alpha_0: 3})
    return Examination(
        eq(LIMIT, 0),
        exact,
        by_numbers({LIMIT: late}, points=points, digits=35),
        steps=(Step("what is left at time t", rest),),
    )


@claim(
    "annealed.eq17.line4",
    source="eq. (17), fourth line",
    formal=r"\frac{K}{1 + a^2}\frac{1}{a} = \frac{\alpha_r - \alpha_0}{1 + a^2}",
    says="K/a is the gap alpha_r - alpha_0",
    expect=Verdict.PROVED,
)
def eq17_line4() -> Examination:
    left = Symbol("K/((1+a^2)a)", real=True)
    exact = {left: ((alpha_r - alpha_0) * a) / (1 + a**2) / a}
    return Examination(eq(left, (alpha_r - alpha_0) / (1 + a**2)), exact, by_z3(exact))


@claim(
    "annealed.eq17.psi1-integral",
    source="below eq. (17)",
    says="Psi_1(t), the integral of a sinusoid from 0 to t, is itself a sinusoid: its mean over a "
    "period is zero",
    expect=Verdict.REFUTED,
    amended=r"\text{mean of } \Psi_1 = \frac{K a}{1 + a^2}",
    repair="call it a sinusoid plus the constant K a/(1 + a^2); this constant is what moves the "
    "centre of (17) from theta(0) + (alpha_r - alpha_0)/(1 + a^2) to alpha_r exactly",
)
def psi1_integral() -> Examination:
    mean = Symbol("mean Psi_1", real=True)
    exact = {mean: sp.integrate(PSI1_INTEGRAL, (t, 0, 2 * sp.pi)) / (2 * sp.pi)}

    def measured(place: Place) -> Any:
        size = place["K"] / (1 + place["a"] ** 2)

        def wave(at: Any) -> Any:
            return size * (place["a"] * mpmath.sin(at) - mpmath.cos(at))

        times = [2 * mpmath.pi * n / 6 for n in range(6)]
        return sum(mpmath.quad(wave, [0, time]) for time in times) / 6

    points = ({a: sp.Rational(1, 3), K: 2}, {a: 2, K: -1})
    return Examination(
        eq(mean, 0),
        exact,
        by_numbers({mean: measured}, kind="quadrature:mpmath", points=points),
        amendment=eq(mean, K * a / (1 + a**2)),
    )
