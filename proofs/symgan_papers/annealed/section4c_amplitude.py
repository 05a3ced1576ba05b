r"""Section 4, equations (14) and (15): phase and amplitude of the persistent oscillation."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol, atan2, cos, sin, sqrt

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.games.annealed import alpha_r, psi, t
from symgan_papers.annealed.model import (
    IN_TIME,
    MATCHED,
    K,
    T,
    a,
    alpha_0,
    decoupled_solution,
    forced_amplitude,
    residual_amplitude,
)

Place = Mapping[str, Any]
A, B = sp.symbols("A B", real=True)
AMPLITUDE = Symbol("mathcal A", real=True)
POINTS = ({a: sp.Rational(1, 3), K: sp.Rational(2, 3), alpha_0: 1}, {a: 2, K: -3, alpha_0: 2})
IN_T = ({T: 3, alpha_0: 1, alpha_r: 3}, {T: sp.Rational(1, 2), alpha_0: 2, alpha_r: 5})


def _derived() -> Any:
    """Amplitude of psi from the matched start."""
    return residual_amplitude(decoupled_solution(), psi)


def _measured(place: Place) -> Any:
    start = {"theta_0": place["alpha_0"], "psi_0": mpmath.mpf(0)}
    return forced_amplitude({**place, **start})


@claim(
    "annealed.eq14.sum",
    source="eq. (14), first and third lines",
    printed=r"A\cos(t) + B\sin(t) = \mathcal{A} \sin(t + \phi),\quad \phi = \tan^{-1}(A, B)",
    says="two harmonics of one frequency add up to one, with the quadrant-aware arc tangent of "
    "(vertical A, horizontal B) as phase; for (A, B) other than (0, 0), where it has no value",
    expect=Verdict.PROVED,
)
def one_harmonic() -> Examination:
    wave = Symbol("psi_1(t)", real=True)
    points = ({A: 1, B: 2, t: 1}, {A: -3, B: -1, t: 2}, {A: 2, B: -5, t: 4})
    return Examination(
        eq(wave, sqrt(A**2 + B**2) * sin(t + atan2(A, B))),
        {wave: A * cos(t) + B * sin(t)},
        by_numbers(
            {wave: lambda p: p["A"] * mpmath.cos(p["t"]) + p["B"] * mpmath.sin(p["t"])},
            kind="evaluated:mpmath",
            points=points,
        ),
        given=sp.Ne(A**2 + B**2, 0),
        steps=(
            Step("sin(t + phi) = sin t cos phi + cos t sin phi, with A = R sin phi, B = R cos phi"),
        ),
    )


@claim(
    "annealed.eq14.phase-order",
    source="eq. (14), third line",
    formal=r"\psi_1(t) = \sqrt{A^2 + B^2} \sin(t + \operatorname{atan2}(B, A))",
    says="the print does not say the order: "
    "the quadrant-aware arc tangent takes the horizontal argument first, as some programs do",
    expect=Verdict.REFUTED,
    amended=r"\psi_1(t) = \sqrt{A^2 + B^2} \sin(t + \operatorname{atan2}(A, B))",
    repair="say that A is the vertical argument",
)
def phase_order() -> Examination:
    wave = Symbol("psi_1(t)", real=True)
    points = ({A: 1, B: 2, t: 1}, {A: -3, B: -1, t: 2}, {A: 2, B: -5, t: 4})
    return Examination(
        eq(wave, sqrt(A**2 + B**2) * sin(t + atan2(B, A))),
        {wave: A * cos(t) + B * sin(t)},
        by_numbers(
            {wave: lambda p: p["A"] * mpmath.cos(p["t"]) + p["B"] * mpmath.sin(p["t"])},
            kind="evaluated:mpmath",
            points=points,
        ),
        given=sp.Ne(A**2 + B**2, 0),
        amendment=eq(wave, sqrt(A**2 + B**2) * sin(t + atan2(A, B))),
    )


@claim(
    "annealed.eq14.amplitude",
    source="eq. (14), second line",
    printed=r"\mathcal{A} = \sqrt{A^2 + B^2 + 2 A B \cos(\frac{\pi}{2})}",
    says="the amplitude of the sum by the cosine rule; proved for any phase gap delta, of which "
    "the print is the case pi/2",
    expect=Verdict.PROVED,
)
def cosine_rule() -> Examination:
    gap = Symbol("delta", real=True)
    cosine, sine = A + B * cos(gap), B * sin(gap)  # of A cos t + B cos(t - delta)

    def largest(place: Place) -> Any:
        """The maximum over t: Newton on the derivative, from the best of 64 times."""

        def wave(x: Any) -> Any:
            return place["A"] * mpmath.cos(x) + place["B"] * mpmath.cos(x - place["delta"])

        def rate(x: Any) -> Any:
            return -place["A"] * mpmath.sin(x) - place["B"] * mpmath.sin(x - place["delta"])

        best = max((mpmath.mpf(n) / 10 for n in range(64)), key=wave)
        return wave(mpmath.findroot(rate, best))

    points = ({A: 1, B: 2, gap: 1}, {A: -3, B: 1, gap: 2}, {A: 2, B: 5, gap: sp.Rational(11, 7)})
    return Examination(
        eq(AMPLITUDE, sqrt(A**2 + B**2 + 2 * A * B * cos(gap))),
        {AMPLITUDE: sqrt(sp.expand(cosine**2 + sine**2))},
        by_numbers({AMPLITUDE: largest}, kind="maximized:mpmath", points=points),
        steps=(
            Step("A cos t + B cos(t - delta) = (A + B cos delta) cos t + B sin delta sin t"),
            Step("the print is the case delta = pi/2, where the last term is zero",
                 (A**2 + B**2 + 2 * A * B * cos(gap)).subs(gap, sp.pi / 2)),
        ),
    )  # fmt: skip


@claim(
    "annealed.eq15.substituted",
    source="eq. (15), first equality",
    printed=r"\mathcal{A} = \sqrt{\left(\frac{K}{1 + a^2}\right)^2"
    r" + \left(\frac{K a}{1 + a^2}\right)^2}",
    says="A and B substituted into (14); their wrong signs in (13) do not matter here",
    expect=Verdict.PROVED,
)
def substituted() -> Examination:
    return Examination(
        eq(AMPLITUDE, sqrt((K / (1 + a**2)) ** 2 + (K * a / (1 + a**2)) ** 2)),
        {AMPLITUDE: _derived()},
        by_numbers({AMPLITUDE: _measured}, kind="quadrature:mpmath", points=POINTS, digits=30),
        given=MATCHED,
        steps=(Step("amplitude of the derived solution", _derived()),),
    )


@claim(
    "annealed.eq15",
    source="eq. (15)",
    printed=r"\mathcal{A} = \frac{K}{1 + a^2}\sqrt{1 + a^2}",
    says="the amplitude of the persistent oscillation of psi",
    expect=Verdict.CONDITIONAL,
    amended=r"K \ge 0 \;(\alpha_r \ge \alpha_0);\text{ in general } \frac{|K|}{\sqrt{1 + a^2}}",
    repair="write |K|: for alpha_r < alpha_0 the printed amplitude is negative",
)
def amplitude() -> Examination:
    return Examination(
        eq(AMPLITUDE, K / (1 + a**2) * sqrt(1 + a**2)),
        {AMPLITUDE: _derived()},
        by_numbers({AMPLITUDE: _measured}, kind="quadrature:mpmath", points=POINTS, digits=30),
        given=MATCHED,
        condition=K >= 0,
        setting={K: sp.Rational(2, 3)},
        steps=(Step("amplitude of the derived solution", _derived()),),
    )


@claim(
    "annealed.eq15.denominator",
    source="below eq. (15)",
    formal=r"\lim_{T\to\infty} \left(1 + \frac{1}{T^2}\right) = 1",
    says="1 + a^2 tends to 1",
    expect=Verdict.PROVED,
)
def denominator() -> Examination:
    limit = Symbol("lim(1+a^2)", real=True)
    exact = {limit: sp.limit((1 + a**2).subs(IN_TIME), T, sp.oo)}
    numbers = {limit: lambda place: mpmath.limit(lambda n: 1 + 1 / mpmath.mpf(n) ** 2, mpmath.inf)}
    # Extrapolation leaves about a dozen digits.
    return Examination(
        eq(limit, 1), exact, by_numbers(numbers, kind="extrapolated:mpmath", digits=10)
    )


def _gap(place: Place) -> Any:
    return place["alpha_r"] - place["alpha_0"]


@claim(
    "annealed.eq15.k-vanishes",
    source="below eq. (15)",
    formal=r"\lim_{T\to\infty} K = 0",
    says="K goes to zero as T grows",
    expect=Verdict.PROVED,
)
def k_vanishes() -> Examination:
    limit = Symbol("lim K", real=True)
    exact = {limit: sp.limit(K.subs(IN_TIME), T, sp.oo)}
    numbers = {limit: lambda p: mpmath.limit(lambda n: _gap(p) / mpmath.mpf(n), mpmath.inf)}
    return Examination(
        eq(limit, 0), exact, by_numbers(numbers, kind="extrapolated:mpmath", points=IN_T, digits=10)
    )


@claim(
    "annealed.eq15.decreases",
    source="section 4, below eq. (15)",
    formal=r"\frac{d\mathcal{A}}{dT} < 0",
    says="the amplitude decreases as T increases",
    expect=Verdict.CONDITIONAL,
    amended=r"\alpha_0 \ne \alpha_r",
    repair="require alpha_0 != alpha_r; without a gap there is no oscillation at all",
)
def decreases() -> Examination:
    rate = Symbol("dA/dT", real=True)
    in_time = sp.simplify(_derived().subs(IN_TIME))
    exact = {rate: sp.diff(in_time, T)}

    def measured(place: Place) -> Any:
        def size(duration: Any) -> Any:
            inside = {"a": 1 / duration, "K": _gap(place) / duration, "alpha_0": place["alpha_0"]}
            return _measured(inside)

        return mpmath.diff(size, place["T"], h=mpmath.mpf(10) ** -12)

    points = (*IN_T, {T: 1, alpha_0: 4, alpha_r: 1})
    # The step 1e-12 of the difference quotient bounds its agreement.
    return Examination(
        rate < 0,
        exact,
        by_numbers({rate: measured}, kind="quadrature:mpmath", points=points, digits=12),
        condition=sp.Ne(alpha_0, alpha_r),
        setting={alpha_0: 1, alpha_r: 3},
        steps=(Step("A(T) =", in_time), Step("dA/dT =", exact[rate])),
    )


@claim(
    "annealed.eq15.inference",
    source="section 4, below eq. (15)",
    says="that K tends to zero proves that the amplitude decreases: a positive quantity that tends "
    "to zero as T grows decreases (held against (2 + sin 3T)/T)",
    formal=r"\frac{d}{dT} \frac{2 + \sin(3T)}{T} < 0",
    expect=Verdict.REFUTED,
    amended=r"\lim_{T\to\infty} \frac{2 + \sin(3T)}{T} = 0,\;"
    r" \frac{d\mathcal{A}}{dT} < 0\;(\alpha_0 \ne \alpha_r)",
    repair="differentiate A: a limit is no monotonicity (annealed.eq15.decreases)",
)
def inference() -> Examination:
    slope, limit, rate = sp.symbols("slope limit dA/dT", real=True)
    wobbling = (2 + sin(3 * T)) / T
    exact = {
        slope: sp.diff(wobbling, T),
        limit: sp.limit(wobbling, T, sp.oo),
        rate: sp.diff(sp.simplify(_derived().subs(IN_TIME)), T),
    }

    def value(x: Any) -> Any:
        return (2 + mpmath.sin(3 * x)) / x

    def size(place: Place, duration: Any) -> Any:
        inside = {"a": 1 / duration, "K": _gap(place) / duration, "alpha_0": place["alpha_0"]}
        return _measured(inside)

    numbers = {
        slope: lambda p: mpmath.diff(value, p["T"]),
        limit: lambda p: value(mpmath.mpf(10) ** 40),
        rate: lambda p: mpmath.diff(lambda x: size(p, x), p["T"], h=mpmath.mpf(10) ** -12),
    }
    points = ({T: 2, alpha_0: 1, alpha_r: 3}, {T: 4, alpha_0: 3, alpha_r: 1})
    return Examination(
        slope < 0,
        exact,
        by_numbers(numbers, kind="differentiated:mpmath", points=points, digits=10),
        amendment=sp.And(eq(limit, 0), rate < 0),
        amendment_given=sp.Ne(alpha_0, alpha_r),
    )


@claim(
    "annealed.eq15.vanishes",
    source="section 4",
    formal=r"\lim_{T\to\infty} \mathcal{A} = 0",
    says="the oscillation dies out as T grows",
    expect=Verdict.PROVED,
)
def vanishes() -> Examination:
    limit = Symbol("lim A", real=True)
    exact = {limit: sp.limit(sp.simplify(_derived().subs(IN_TIME)), T, sp.oo)}

    def measured(place: Place) -> Any:
        def size(n: Any) -> Any:
            duration = mpmath.mpf(2) ** n
            inside = {"a": 1 / duration, "K": _gap(place) / duration, "alpha_0": place["alpha_0"]}
            return _measured(inside)

        # A is an odd power series in 1/T: Richardson elimination of 1/T, 1/T^3, ...
        rows = [size(n) for n in range(10, 16)]
        for order in (1, 3, 5, 7, 9):
            weight = mpmath.mpf(2) ** order
            rows = [(weight * b - a) / (weight - 1) for a, b in itertools.pairwise(rows)]
        return rows[0]

    return Examination(
        eq(limit, 0),
        exact,
        by_numbers({limit: measured}, kind="extrapolated:mpmath", points=IN_T, digits=25),
    )
