r"""The settled theorem, BCE loss in discrete time.

Ours, not the paper's. An update moves the one size m by eta w f against the other one, w =
sigma(-m f) <= 1/2 under V_1 and sigma(m f) >= 1/2 under V_2. Near (0, 0) this is the
Wasserstein oracle with the step eta/2: threshold 4. Proved: stable for eta <= 2, for
eta <= sqrt 2 with a bound on every orbit; unstable for eta > 4. Between 2 and 4 see
`settled_o_bce_stable` and, at the resonant steps 4 cos(pi/j), `settled_n_bce_turns`; at 4,
stable too, `settled_p_bce_edge` and `settled_q_bce_edge_stable`.
"""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.model import bce_game, eta, f, gradients, m, psi, sigma, theta
from symgan_papers.dynamic.oracle_orbits import logistic, moved

OURS = "ours: the oracle of eq. (7) settled, BCE loss"
by_1, by_2 = sp.symbols("by_V1 by_V2", real=True)
w = Symbol("w", positive=True)
POINTS = (
    {eta: 1, m: 1, f: 2},
    {eta: sp.Rational(3, 2), m: sp.Rational(1, 3), f: 1},
    {eta: 2, m: 1, f: sp.Rational(1, 5)},
)


def _moves() -> tuple[Any, Any]:
    """eta w f - m from both halves, as in settled.w.halves."""
    g_theta, g_psi = (sp.simplify(g) for g in gradients(bce_game()))
    first = (theta - eta * g_theta).subs({theta: -m, psi: f})
    second = -(psi + eta * g_psi).subs({theta: f, psi: m})
    return first, second


def _measured(place: Any) -> tuple[Any, Any]:
    first = moved((-place["m"], place["f"]), "V1", place["eta"], logistic)[0]
    second = -moved((place["f"], place["m"]), "V2", place["eta"], logistic)[1]
    return first, second


NUMBERS = {by_1: lambda place: _measured(place)[0], by_2: lambda place: _measured(place)[1]}


@claim(
    "dynamic.settled.bce.halves",
    source=OURS,
    formal=r"\eta\sigma(\mp m f) f - m",
    says="the oracle on BCE is that on Wasserstein with the step eta sigma(-m f) under V_1 and "
    "eta sigma(m f) under V_2",
    expect=Verdict.PROVED,
)
def halves() -> Examination:
    first, second = eta * f * sigma(-m * f) - m, eta * f * sigma(m * f) - m
    return Examination(
        sp.And(eq(by_1, first), eq(by_2, second)),
        dict(zip((by_1, by_2), _moves(), strict=True)),
        by_numbers(NUMBERS, points=POINTS),
    )


@claim(
    "dynamic.settled.bce.v1.half",
    source=OURS,
    formal=r"\sigma(-y) = \frac{1}{2}(1 - \tanh\frac{y}{2})",
    says="the effective step of V_1 is eta/2 (1 - tanh(y/2)), of V_2 eta/2 (1 + tanh(y/2)), "
    "y = m f: at most eta/2 and at most eta everywhere",
    expect=Verdict.PROVED,
)
def effective() -> Examination:
    y, less, more = Symbol("y", positive=True), *sp.symbols("less more", real=True)
    half = sp.Rational(1, 2)
    exact = {less: sigma(-y), more: sigma(y)}
    numbers = {
        less: lambda p: mpmath.mpf(1) / (1 + mpmath.exp(p["y"])),
        more: lambda p: 1 - mpmath.mpf(1) / (1 + mpmath.exp(p["y"])),
    }
    return Examination(
        sp.And(eq(less, half * (1 - sp.tanh(y / 2))), eq(more, half * (1 + sp.tanh(y / 2)))),
        exact,
        by_numbers(numbers, kind="evaluated:mpmath", points=({y: 1}, {y: 3})),
    )


@claim(
    "dynamic.settled.bce.global",
    source=OURS,
    formal=r"\eta w_1 f \cdot \eta \le \frac{\eta^2}{2} f, \quad \eta w_2 f \le \eta f",
    says="for eta <= sqrt 2 the weighted size max(eta |theta|, |psi|) never grows, on every "
    "orbit: an overshoot of theta ends below w_1 eta f with w_1 < 1/2, so eta times it below "
    "f; one of psi ends below w_2 eta f with w_2 < 1, so below eta |theta|",
    expect=Verdict.PROVED,
)
def everywhere() -> Examination:
    exact = {by_1: f - eta * _moves()[0], by_2: eta * f - _moves()[1]}
    numbers = {
        by_1: lambda p: p["f"] - p["eta"] * _measured(p)[0],
        by_2: lambda p: p["eta"] * p["f"] - _measured(p)[1],
    }
    # w_1 = (1 - t)/2 and w_2 = (1 + t)/2 with t = tanh(m f/2) in (0, 1)
    value = sp.tanh(m * f / 2)
    first = f * (1 - eta**2 / 2) + eta**2 / 2 * value * f + eta * m
    second = eta * f * (1 - value) / 2 + m
    points = tuple(p for p in POINTS if p[eta] < sp.sqrt(2))
    return Examination(
        sp.And(eq(by_1, first), eq(by_2, second)),
        exact,
        by_numbers(numbers, points=points),
        given=eta**2 <= 2,
        steps=(Step("both right sides are sums of what is not negative for eta^2 <= 2"),),
    )


@claim(
    "dynamic.settled.bce.local",
    source=OURS,
    formal=r"f - m_{plus} = \frac{(2 - f^2)m}{2} + u f",
    says="at eta = 2, and so below, max(|theta|, |psi|) never grows from starts with both sizes "
    "at most sqrt 2: a V_2 update ends at (1 + t) f - m, t = tanh(m f/2) = m f/2 - u, u >= 0",
    expect=Verdict.PROVED,
)
def local() -> Examination:
    gap, u = Symbol("gap", real=True), Symbol("u", nonnegative=True)
    new = eta * w * f - m
    share = m * f / 2 - u
    exact = {gap: sp.expand((f - new).subs(eta, 2).subs(w, (1 + share) / 2))}

    def measured(place: Any) -> Any:
        weight = (1 + place["m"] * place["f"] / 2 - place["u"]) / 2
        return place["f"] + moved((place["f"], place["m"]), "V2", 2, lambda _: weight)[1]

    points = ({m: 1, f: 1, u: 0}, {m: sp.Rational(1, 2), f: 1, u: sp.Rational(1, 8)})
    return Examination(
        eq(gap, m * (2 - f**2) / 2 + u * f),
        exact,
        by_numbers({gap: measured}, points=points),
        steps=(Step("tanh(y) <= y; V_1 has an effective step of at most eta/2 <= 1"),),
    )


@claim(
    "dynamic.settled.bce.tanh",
    source=OURS,
    formal=r"\frac{d}{dy}(y - \tanh y) = \tanh^2 y",
    says="tanh(y) <= y for y >= 0, as the local statement uses: the difference starts at 0 and "
    "never falls",
    expect=Verdict.PROVED,
)
def tanh_below() -> Examination:
    y, rate = Symbol("y", positive=True), Symbol("rate", real=True)
    exact = {rate: sp.diff(y - sp.tanh(y), y)}

    def measured(place: Any) -> Any:
        return mpmath.diff(lambda s: s - (1 - 2 / (mpmath.exp(2 * s) + 1)), place["y"])

    return Examination(
        eq(rate, sp.tanh(y) ** 2),
        exact,
        by_numbers(
            {rate: measured}, kind="differentiated:mpmath", points=({y: 1}, {y: 3}), digits=20
        ),
    )


@claim(
    "dynamic.settled.bce.unstable",
    source=OURS,
    formal=r"m_{plus} = q f + u f + v",
    says="for eta > 4 the equilibrium is unstable: while the product y of the sizes is so small "
    "that eta sigma(-y) >= 1 + q with 1 < q < eta/2 - 1, a state with m <= f goes to another "
    "one with the larger size at least q times as large, so every start with 0 < m <= f, "
    "however close, leaves the neighborhood where y is that small",
    expect=Verdict.PROVED,
)
def unstable() -> Examination:
    new, q = Symbol("m_plus", real=True), Symbol("q", positive=True)
    slack, less = sp.symbols("u v", nonnegative=True)
    # eta w = 1 + q + u and m = f - v
    exact = {new: (eta * w * f - m).subs({eta: (1 + q + slack) / w, m: f - less})}

    def measured(place: Any) -> Any:
        step = (1 + place["q"] + place["u"]) / place["w"]
        state = (-(place["f"] - place["v"]), place["f"])
        return moved(state, "V1", step, lambda _: place["w"])[0]

    points = (
        {q: 2, slack: 1, less: 0, f: 1, w: sp.Rational(1, 3)},
        {q: sp.Rational(3, 2), slack: 0, less: 1, f: 2, w: sp.Rational(2, 5)},
    )
    return Examination(
        eq(new, q * f + slack * f + less),
        exact,
        by_numbers({new: measured}, points=points),
        given=q > 1,
        steps=(Step("sigma(-y) tends to 1/2 < sigma(y): 1 + q < eta/2 leaves room near 0"),),
    )


@claim(
    "dynamic.settled.bce.ray",
    source=OURS,
    formal=r"\eta_{\mathrm{eff}} = \frac{\eta}{2}",
    says="to first order at a tie or at 0 both players' steps are eta/2: the slope of the loss "
    "there is -sigma(0) = -1/2, so the threshold of the linearized oracle is 4, twice that of "
    "Wasserstein and the same as for alternating descent with BCE",
    expect=Verdict.PROVED,
)
def linear_threshold() -> Examination:
    names = sp.symbols("s_1 s_2", real=True)
    g_theta, g_psi = gradients(bce_game())
    at = {theta: sp.Integer(0), psi: sp.Integer(0)}
    exact = {
        names[0]: -eta * sp.diff(g_theta, psi).subs(at),
        names[1]: -eta * sp.diff(g_psi, theta).subs(at),
    }

    def measured(i: int) -> Any:
        def measure(place: Any) -> Any:
            def image(s: Any) -> Any:
                state = (mpmath.mpf(0), s) if i == 0 else (s, mpmath.mpf(0))
                return moved(state, ("V1", "V2")[i], place["eta"], logistic)[i]

            return (-1) ** i * mpmath.diff(image, 0)

        return measure

    return Examination(
        sp.And(eq(names[0], eta / 2), eq(names[1], eta / 2)),
        exact,
        by_numbers(
            {names[0]: measured(0), names[1]: measured(1)},
            kind="differentiated:mpmath",
            points=({eta: 1}, {eta: 3}),
            digits=20,
        ),
    )


@claim(
    "dynamic.settled.bce.local.needed",
    source=OURS,
    formal=r"|\psi_1| = (6\sigma(\frac{3}{10}) - \frac{1}{10}) S",
    says="far from 0 the larger size can grow at eta = 2: from theta = 3, psi = 1/10 the update "
    "V_2 leads to |psi| = 6 sigma(3/10) - 1/10 > 3, so the bound on the sizes is needed",
    expect=Verdict.PROVED,
)
def local_needed() -> Examination:
    size, scale = Symbol("size", real=True), Symbol("S", positive=True)
    new = -(psi + 2 * sp.simplify(gradients(bce_game())[1])).subs(
        {theta: 3, psi: sp.Rational(1, 10)}
    )

    def measured(place: Any) -> Any:
        return -place["S"] * moved((mpmath.mpf(3), mpmath.mpf(1) / 10), "V2", 2, logistic)[1]

    return Examination(
        eq(size, (6 * sigma(sp.Rational(3, 10)) - sp.Rational(1, 10)) * scale),
        {size: new * scale},
        by_numbers({size: measured}, points=({scale: 1}, {scale: 3})),
        steps=(Step("its value is 3.3467 to four digits"),),
    )
