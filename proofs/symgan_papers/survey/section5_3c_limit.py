r"""Section 5.3.1: the macroscopic limit, and what is read off it.

On the invariant plane P = r = 0 the strict limit is the logistic equation
:math:`q' = \tau q(\Lambda - \kappa - \Lambda(1 + \tau\eta_T/2) q^2)`, solved in closed form:
M(t) leaves M(0) and tends to another point.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, SecondRoute, Step, Verdict, by_numbers, claim, eq
from symgan.games.spiked import (
    Lambda,
    Lambda_G,
    P,
    S,
    eta_g,
    eta_t,
    lambda_,
    macroscopic_flow,
    parameters,
    q,
    r,
    slope_s,
    slope_z,
    strict_flow,
    tau,
    tau_g,
    z,
)
from symgan.kernels import reference
from symgan.system import Flow
from symgan_papers.survey.model_section5_3 import (
    LONG_POINTS,
    NAMES,
    POINTS,
    Place,
    kappa,
    measured,
    measured_strict,
    speeds,
)

start = Symbol("q_0", positive=True)
t = Symbol("t", nonnegative=True)
LATE = 100
"""A time by which the logistic solutions below have settled to more than 38 digits."""
GIVEN = sp.And(kappa() < Lambda, eta_t > 0, eta_g > 0)
SMALL_NOISE = {eta_t: Rational(1, 2), eta_g: Rational(1, 3), Lambda_G: 1, tau_g: 1}
LOGISTIC = (
    {start: Rational(1, 5), t: 1, Lambda: 1, tau: 1, **SMALL_NOISE},
    {start: Rational(1, 2), t: Rational(1, 3), Lambda: 2, tau: Rational(3, 4), **SMALL_NOISE},
)


@claim(
    "survey.whl.limit.ode",
    source="section 5.3.1, the deterministic M(t)",
    says="the limit M(t) solves an ordinary differential equation: n times the expected change "
    "of M in one step tends to these five right-hand sides (d = 1, F(x) = x^2/2; h_S and h_z are "
    "lambda H' at S and z)",
    formal=r"P' = \tilde\tau(\Lambda_G q r - h_S P), \ldots",
    expect=Verdict.PROVED,
)
def ode() -> Examination:
    names = speeds()
    exact = dict(zip(names, macroscopic_flow(None).rhs, strict=True))
    pull_s, pull_z = lambda_ * slope_s, lambda_ * slope_z
    h = eta_t - eta_g - pull_z
    noise = eta_t * (Lambda * q**2 + eta_t * z) + eta_g * (Lambda_G * r**2 + eta_g * z)
    sides = (
        tau_g * (Lambda_G * q * r - pull_s * P),
        tau * (Lambda * q - Lambda_G * P * r + h * q),
        tau * (Lambda * P * q - Lambda_G * S * r + h * r) + tau_g * (Lambda_G * z - pull_s) * r,
        2 * tau_g * (Lambda_G * r**2 - pull_s * S),
        2 * tau * (Lambda * q**2 - Lambda_G * r**2 + h * z) + tau**2 * noise,
    )
    return Examination(
        sp.And(*map(eq, names, sides)),
        exact,
        _by_enumeration(names),
        steps=(
            Step("the squared length of the discriminator's gradient is n b + O(1)", noise),
            Step("so that (tau/n)^2 of it is of order 1/n, as the drift is"),
        ),
    )


def _by_enumeration(names: tuple[Symbol, ...]) -> SecondRoute:
    measures = {s: _measure(name) for s, name in zip(names, NAMES, strict=True)}
    return by_numbers(measures, points=LONG_POINTS, kind="enumerated:mpmath")


def _measure(name: str) -> Any:
    return lambda p: measured(name, p)


@claim(
    "survey.whl.strict",
    source="section 5.3.1, lambda -> infinity (strict regularization)",
    says="strict regularization holds w and V at length 1 and leaves three equations, in which "
    "the noise enters through h alone (d = 1)",
    formal=r"P' = \tilde\tau\Lambda_G r(q - P r), \ldots",
    expect=Verdict.PROVED,
)
def strict() -> Examination:
    names = speeds(("P", "q", "r"))
    exact = dict(zip(names, strict_flow().rhs, strict=True))
    noise = eta_t * (Lambda * q**2 + eta_t) + eta_g * (Lambda_G * r**2 + eta_g)
    h = Lambda_G * r**2 - Lambda * q**2 - tau * noise / 2
    sides = (
        tau_g * Lambda_G * r * (q - P * r),
        tau * (Lambda * q - Lambda_G * P * r + h * q),
        tau * (Lambda * P * q - Lambda_G * r + h * r) + tau_g * Lambda_G * r * (1 - r**2),
    )
    measures = {s: _strict_measure(n) for s, n in zip(names, ("P", "q", "r"), strict=True)}
    return Examination(
        sp.And(*map(eq, names, sides)),
        exact,
        by_numbers(measures, points=POINTS, kind="enumerated:mpmath"),
        steps=(
            Step("exactly: both are divided by their lengths after each step"),
            Step("measured: lambda H' takes the values that keep S' = z' = 0"),
        ),
    )


def _strict_measure(name: str) -> Any:
    return lambda p: measured_strict(name, p)


@cache
def logistic() -> Flow:
    """The strict limit on the invariant plane P = r = 0, a flow of q alone."""
    flow = strict_flow()
    rest = [f.subs({P: 0, r: 0}) for f in flow.rhs]
    assert rest[0] == rest[2] == 0  # the plane is invariant
    return Flow((q,), (sp.factor(rest[1]),), parameters=parameters)


@cache
def solution() -> tuple[Any, Any]:
    """q(t)^2 from q_0, and its limit; x = 1/q^2 obeys a linear equation."""
    field = logistic().rhs[0]
    growth = sp.Poly(sp.expand(field / q), q)
    linear, cubic = growth.coeff_monomial(1), growth.coeff_monomial(q**2)
    rest = -linear / cubic
    square = 1 / (1 / rest + (1 / start**2 - 1 / rest) * sp.exp(-2 * linear * t))
    residual = sp.diff(square, t) - 2 * square * (linear + cubic * square)
    assert sp.simplify(residual) == 0
    assert sp.simplify(square.subs(t, 0) - start**2) == 0
    return square, rest


def integrated(p: Place, when: Any) -> Any:
    """q(t)^2 by the 50-digit integrator."""
    numbers = {s: p[s.name] for s in parameters}
    state = reference(logistic(), dps=45).solve({"q": p["q_0"]}, [when], numbers)[0]
    return state[0] ** 2


@claim(
    "survey.whl.limit.plugged-in",
    source="section 5.3.1, the conclusion with n -> infinity",
    printed=r"\max_{0 \le k < \infty} \mathbb{E} \left| \left| M_k - M(0) \right| \right| \le 0",
    formal=r"D \le 0",
    says="for n -> infinity, M_k has not moved from M(0) at any step k, the maximum over all k "
    "being taken as printed; D is q(t)^2 - q(0)^2, a part of M(t) - M(0), at k = tn, from "
    "P = r = 0 and q_0 below its rest value (for each fixed k: survey.whl.limit.fixed-step)",
    expect=Verdict.REFUTED,
    repair="let k grow with n: k/n = t stays, and the conclusion is that max over k <= nT of "
    "E|M_k - M(k/n)| tends to 0. M(k/n) tends to M(0) for fixed k, and uniformly for k = o(n); "
    "for all k <= nT only from rest points (survey.settled.whl.blank-start)",
)
def limit_plugged_in() -> Examination:
    moved = Symbol("D", real=True)
    square, rest = solution()
    gap = Symbol("g", positive=True)  # 1/q_0^2 - 1/rest
    elapsed = Symbol("e", positive=True)  # 1 - exp(-2 tau (Lambda - kappa) t), for t > 0
    level = Symbol("rest", positive=True)
    found = 1 / (1 / level + gap * (1 - elapsed)) - 1 / (1 / level + gap)
    return _moved(moved, square, rest, gap, elapsed, level, found)


def _moved(
    moved: Symbol, square: Any, rest: Any, gap: Symbol, elapsed: Symbol, level: Symbol, found: Any
) -> Examination:
    """The exact value in g, e and the rest value; measured by integration."""
    rate = 2 * tau * (Lambda - kappa())
    back = {level: rest, gap: 1 / start**2 - 1 / rest, elapsed: 1 - sp.exp(-rate * t)}
    assert sp.simplify(found.subs(back) - (square - start**2)) == 0
    points = (
        {level: Rational(1, 2), gap: 3, elapsed: Rational(1, 3)},
        {level: Rational(9, 10), gap: Rational(1, 4), elapsed: Rational(4, 5)},
    )
    formula = gap * elapsed / ((1 / level + gap) * (1 / level + gap * (1 - elapsed)))
    return Examination(
        moved <= 0,
        {moved: found},
        by_numbers({moved: _from_level}, points=points),
        given=sp.And(elapsed < 1, level < 1),
        amendment=sp.And(eq(moved, formula), moved > 0),
        steps=(
            Step("q(t)^2 on the plane P = r = 0", square),
            Step("g = 1/q_0^2 - 1/rest > 0 and e = 1 - exp(-2 tau (Lambda - kappa) t)"),
            Step("k/n does not tend to 0 where k = tn; 'k < infinity' hides this limit"),
        ),
    )


def _from_level(p: Place) -> Any:
    """q(t)^2 - q(0)^2 by integration of the strict flow with this rest value and gap.

    With Lambda = tau = 1 and eta_T = 0 the rest value is 1 - eta_G^2/2, and so is the rate.
    """
    noise = mpmath.sqrt(2 * (1 - p["rest"]))
    numbers = {Lambda: 1, Lambda_G: 1, eta_t: 0, eta_g: noise, tau: 1, tau_g: 1}
    began = 1 / mpmath.sqrt(1 / p["rest"] + p["g"])
    when = -mpmath.log(1 - p["e"]) / (2 * p["rest"])
    state = reference(logistic(), dps=45).solve({"q": began}, [when], numbers)[0]
    return state[0] ** 2 - began**2


@claim(
    "survey.whl.limit.initial-state",
    source="section 5.3.1: converges to the initial state",
    says="in training, the deterministic state converges to the initial state: q(t)^2 from "
    "P = r = 0 for t -> infinity (with k fixed and n -> infinity: survey.whl.limit.fixed-step)",
    formal=r"Q = q_0^2",
    expect=Verdict.REFUTED,
    amended=r"Q = \frac{2 \Lambda - \tau (\eta_T^2 + \eta_G^2)}{\Lambda (2 + \tau \eta_T)}",
    repair="write: is deterministic, and follows the differential equation from the initial state",
)
def initial_state() -> Examination:
    last = Symbol("Q", real=True)
    square, rest = solution()
    assert square.subs(sp.exp(square.atoms(sp.exp).pop().args[0]), 0).equals(rest)
    exact = {last: rest}
    return Examination(
        eq(last, start**2),
        exact,
        by_numbers({last: lambda p: integrated(p, LATE)}, points=LOGISTIC),
        given=GIVEN,
        amendment=eq(
            last, (2 * Lambda - tau * (eta_t**2 + eta_g**2)) / (Lambda * (2 + tau * eta_t))
        ),
        steps=(Step("the logistic equation leads every q_0 > 0 there", square),),
    )


@claim(
    "survey.whl.begs",
    source="section 5.3.1: the assumption actually begs the question",
    says="M(t) is already in the assumption on M_0: it fixes M at later times, so that two "
    "models with the same M_0 (here with rates tau and 2 tau) move alike at time 0",
    formal=r"A = B",
    expect=Verdict.REFUTED,
    amended=r"B = 2 A",
    repair="drop the suspicion: the assumption is the conclusion's case k = 0, which is needed, "
    "and no more; where M goes depends on rates and noise as well, and a start without "
    "randomness satisfies it trivially",
)
def begs() -> Examination:
    one, other = sp.symbols("A B", real=True)
    field = macroscopic_flow(None).rhs[1]
    exact = {one: field, other: field.subs(tau, 2 * tau)}

    def measure(factor: int) -> Any:
        return lambda p: measured("q", {**p, "tau": factor * p["tau"]})

    return Examination(
        eq(one, other),
        exact,
        by_numbers(
            {one: measure(1), other: measure(2)}, points=LONG_POINTS, kind="enumerated:mpmath"
        ),
        amendment=eq(other, 2 * one),
        steps=(Step("q' at the start", field),),
    )


@claim(
    "survey.whl.weird",
    source="section 5.3.1: connect to Neural Tangent Kernels, very weird",
    says="the conclusion probably connects to neural tangent kernels and is weird",
    expect=Verdict.INFORMAL,
    reason="what is weird is the mistaken limit (survey.whl.limit.plugged-in); here the weights "
    "move by their own length, while the tangent-kernel regime is one where they hardly move",
)
def weird() -> None: ...
