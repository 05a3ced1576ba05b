r"""Section 5.3: gradient flows, what they ignore, and the stochastic equation of the weights."""

from __future__ import annotations

import itertools
from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.games.quadratic import bilinear
from symgan.games.spiked import (
    Lambda,
    Lambda_G,
    P,
    S,
    eta_g,
    eta_t,
    lambda_,
    macroscopic_flow,
    mean_game,
    q,
    r,
    slope_s,
    slope_z,
    tau,
    tau_g,
    z,
)
from symgan.games.spiked_rows import microscopic
from symgan.rules.simultaneous import simultaneous
from symgan_papers.survey.model_section5_3 import LONG_POINTS, Place, measured, nodes

eta = Symbol("eta", positive=True)
LARGE = 10**42
"""An n at which what is of order 1/n is below the digits that are compared."""


@claim(
    "survey.whl.discretized",
    source="section 5.3: properties of gradient flow may not carry over when discretized",
    says="the flow of the bilinear game keeps theta^2 + psi^2, every simultaneous step of size "
    "eta multiplies it by 1 + eta^2",
    formal=r"F = 0 \wedge G = (1 + \eta^2)(\theta^2 + \psi^2)",
    expect=Verdict.PROVED,
)
def discretized() -> Examination:
    along, after = sp.symbols("F G", real=True)
    game = bilinear()
    x, y = game.state
    energy = x**2 + y**2
    rate = sum(sp.diff(energy, s) * f for s, f in zip((x, y), game.flow().rhs, strict=True))
    stepped = simultaneous(game, eta).rhs
    exact = {along: sp.expand(rate), after: sp.expand(stepped[0] ** 2 + stepped[1] ** 2)}

    def step(p: Place, size: Any) -> Any:
        # descend -theta psi in theta, ascend it in psi, by difference quotients of the payoff
        first, second = p[x.name], p[y.name]
        down = mpmath.diff(lambda u: -u * second, first)
        up = mpmath.diff(lambda u: -first * u, second)
        return (first - size * down) ** 2 + (second + size * up) ** 2

    measures = {
        along: lambda p: mpmath.diff(lambda h: step(p, h), 0),
        after: lambda p: step(p, p["eta"]),
    }
    points = ({x: 1, y: 2, eta: Rational(1, 10)}, {x: -3, y: 1, eta: 2})
    return Examination(
        sp.And(eq(along, 0), eq(after, (1 + eta**2) * energy)),
        exact,
        # Difference quotients of smooth functions at 65 digits are good for about 30.
        by_numbers(measures, points=points, kind="differentiated:mpmath", digits=25),
    )


@claim(
    "survey.whl.gradient-flow",
    source="section 5.3: in gradient flow, the idealized training process is always deterministic",
    says="a gradient flow has one solution from each start",
    expect=Verdict.INFORMAL,
    reason="a definition: a flow draws nothing. One solution from each start needs a field that "
    "is locally Lipschitz, as it is here",
)
def gradient_flow() -> None: ...


@claim(
    "survey.whl.noise-ignored",
    source="section 5.3, quotation of Wang et al.",
    says="gradient flow ignores the stochasticity: the flow of the expected loss differs from "
    "the limit of training in z' alone, by tau^2 times the noise",
    formal=r"Z = \tau^2 (\Lambda \eta_T q^2 + \eta_T^2 z + \Lambda_G \eta_G r^2 + \eta_G^2 z)",
    expect=Verdict.PROVED,
)
def noise_ignored() -> Examination:
    missing, others = sp.symbols("Z A", real=True)
    gaps = [a - b for a, b in zip(macroscopic_flow(_linear).rhs, _mean_rates(), strict=True)]
    gaps = [sp.expand(gap) for gap in gaps]
    exact = {missing: gaps[4], others: sp.Add(*(gap**2 for gap in gaps[:4]))}
    noise = Lambda * eta_t * q**2 + eta_t**2 * z + Lambda_G * eta_g * r**2 + eta_g**2 * z
    measures = {missing: _missing, others: lambda p: mpmath.mpf(0) + _other_gaps(p)}
    return Examination(
        sp.And(eq(missing, tau**2 * noise), eq(others, 0)),
        exact,
        # A sum of squared differences of 50-digit numbers.
        by_numbers(measures, points=LONG_POINTS, kind="enumerated:mpmath"),
        steps=(
            Step("A is the sum of the squared differences in P', q', r' and S'"),
            Step("with the lengths held at 1, no noise is left in the gradient flow at all"),
        ),
    )


def _linear(x: Any) -> Any:
    """The penalty H(x) = x; any other one has other slopes, the same in both systems."""
    return x


def _mean_rates() -> tuple[Any, ...]:
    """Rates of change of P, q, r, S and z along the gradient flow of the expected loss."""
    size = 3
    game = mean_game(size, penalty=_linear)
    V, w = (sp.Matrix(player) for player in game.players)
    dV = -tau_g * sp.Matrix(game.v[:size])
    dw = -tau * sp.Matrix(game.v[size:])
    U = sp.Matrix([1, *[0] * (size - 1)])
    rates = (U.dot(dV), U.dot(dw), V.dot(dw) + dV.dot(w), 2 * V.dot(dV), 2 * w.dot(dw))
    v, second, third = sp.symbols("v w_2 w_3", real=True)
    placed = dict(zip((*V, *w), (P, v, 0, q, second, third), strict=True))
    found = []
    for rate in rates:
        value = sp.expand(sp.expand(rate).subs(placed, simultaneous=True))
        value = sp.expand(value.subs(third**2, z - q**2 - second**2))
        value = sp.expand(value.subs(second, (r - P * q) / v))
        found.append(sp.expand(value.subs(v**2, S - P**2)))
    return tuple(found)


def _missing(p: Place) -> Any:
    """What the squared steps add to z', by enumeration: with and without tau^2."""
    # z' = 2 tau a + tau^2 b: two rates tell b
    once, twice = (measured("z", {**p, "tau": k * p["tau"]}) for k in (1, 2))
    return (twice - 2 * once) / 2


def _other_gaps(p: Place) -> Any:
    """The same for P', q', r' and S' (linear in tau, with what tau_G adds)."""
    total = mpmath.mpf(0)
    for name in ("P", "q", "r", "S"):
        at = [measured(name, {**p, "tau": k * p["tau"]}) for k in (1, 2, 3)]
        # beyond the comparison's digits a second difference of equal numbers is rounding
        bent = at[0] - 2 * at[1] + at[2]
        total += mpmath.mpf(0) if abs(bent) < mpmath.mpf(10) ** -50 else bent**2
    return total


@claim(
    "survey.whl.overparameterization",
    source="section 5.3: rather than the continuous time limit, the overparameterization limit",
    says="the analysis is in the overparameterization limit rather than in continuous time",
    expect=Verdict.INFORMAL,
    reason="terms: the limit n -> infinity with k = tn and rates tau/n is one of continuous time "
    "as well (t is continuous in M(t)), and n is the dimension of data, features and critic "
    "alike (survey.whl.infinitely-wide.units)",
)
def overparameterization() -> None: ...


@claim(
    "survey.whl.first-work",
    source="section 5.3.1, first sentence",
    says="Wang et al. (2019) were the first the authors know of with this approach, an idea from "
    "mean-field analysis",
    expect=Verdict.INFORMAL,
    reason="history of the field",
)
def first_work() -> None: ...


@claim(
    "survey.whl.sde",
    source="section 5.3.1: the microscopic dynamics can be described by an SDE",
    says="in the time t = k/n (rates tau/n, one sample a step) a row of X scaled by sqrt n, "
    "(u, v, omega), has these drifts and rates of variance: a stochastic equation whose Brownian "
    "motion drives the discriminator's weight alone; v obeys an ordinary equation given omega",
    formal=r"d\omega = f_\omega dt + \tau\sqrt{b} dB, dv = f_v dt",
    expect=Verdict.PROVED,
)
def sde() -> Examination:
    names = sp.symbols("drift_v drift_w variance_v variance_w", real=True)
    found = microscopic()
    u, v, omega = found.state
    exact = dict(zip(names, (*found.drift[1:], *found.diffusion[1:]), strict=True))
    pull_s, pull_z = lambda_ * slope_s, lambda_ * slope_z
    b = eta_t * (Lambda * q**2 + eta_t * z) + eta_g * (Lambda_G * r**2 + eta_g * z)
    sides = (
        tau_g * (Lambda_G * r * omega - pull_s * v),
        tau * (Lambda * q * u - Lambda_G * r * v + (eta_t - eta_g - pull_z) * omega),
        sp.Integer(0),
        tau**2 * b,
    )
    measures = {s: _row_measure(s.name) for s in names}
    places = tuple({**p, u: 1, v: Rational(1, 2), omega: Rational(-2, 3)} for p in LONG_POINTS)
    return Examination(
        sp.And(*map(eq, names, sides)),
        exact,
        by_numbers(measures, points=places, kind="enumerated:mpmath"),
        steps=(Step("n times the fourth moments of a step tend to 0: no jumps are left"),),
    )


def _row_measure(name: str) -> Any:
    """Moments of a row's step for a large n, summed over outcomes of the three-point law."""

    def of(p: Place) -> Any:
        value = _row_w(p, name == "variance_w") if name.endswith("w") else _row_v(p, name)
        # at this n a rate of variance of order 1/n is below the digits that are compared
        return mpmath.mpf(0) if abs(value) < mpmath.mpf(10) ** -40 else value

    return of


def _row_v(p: Place, name: str) -> Any:
    size = mpmath.mpf(LARGE)
    pull = p["lambda"] * p["H'(S)"] * p["v"]
    total = mpmath.mpf(0)
    for outcome in itertools.product(nodes(), repeat=2):
        (g, share), (x, other) = outcome
        g *= mpmath.sqrt(p["Lambda_G"])
        score = g * p["r"] + mpmath.sqrt(p["eta_G"] * p["z"]) * x
        step = p["tau_G"] / size * (score * g * p["omega"] - pull)
        total += share * other * (step if name == "drift_v" else step**2)
    return size * total


def _row_w(p: Place, squared: bool) -> Any:
    size = mpmath.mpf(LARGE)
    sides = (("Lambda", "eta_T", "q", "u"), ("Lambda_G", "eta_G", "r", "v"))
    (mean, square), (mean_g, square_g) = (_side(p, size, *names) for names in sides)
    pull = p["lambda"] * p["H'(z)"] * p["omega"]
    first = mean - mean_g - pull
    if not squared:
        return p["tau"] * first
    spread = square - mean**2 + square_g - mean_g**2
    return p["tau"] ** 2 * (spread + first**2) / size


def _side(p: Place, size: Any, second: str, noise: str, overlap: str, entry: str) -> Any:
    """Mean and mean square of (y.w) sqrt(n) y_i."""
    own, root = p["omega"] / mpmath.sqrt(size), mpmath.sqrt(p[noise])
    rest = mpmath.sqrt(p["z"] - own**2)
    mean = square = mpmath.mpf(0)
    for (c, one), (a, two), (e, three) in itertools.product(nodes(), repeat=3):
        code = mpmath.sqrt(p[second]) * c
        score = code * p[overlap] + root * (a * own + rest * e)
        value = score * (code * p[entry] + mpmath.sqrt(size) * root * a)
        mean += one * two * three * value
        square += one * two * three * value**2
    return mean, square
