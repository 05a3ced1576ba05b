r"""Section 2: the annealed data point, equation (7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol, exp

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.games.annealed import (
    T,
    alpha,
    alpha_0,
    alpha_r,
    annealed,
    exponential_schedule,
    psi,
    t,
    theta,
)
from symgan.losses import GenericLoss, exponential, with_loss
from symgan_papers.annealed.model import schedule_at

Place = Mapping[str, Any]
f = GenericLoss
switch = Symbol("lambda", real=True)
DATA = (
    {theta: 1, psi: 2, alpha: 3, alpha_0: 1, alpha_r: 3, T: 3, t: 1, switch: 1},
    {
        theta: -1,
        psi: Rational(1, 2),
        alpha: 2,
        alpha_0: 2,
        alpha_r: -1,
        T: 1,
        t: 2,
        switch: Rational(1, 2),
    },
    {theta: 2, psi: -1, alpha: 1, alpha_0: 0, alpha_r: 1, T: 2, t: Rational(1, 2), switch: 0},
)


def _line(symbol: Symbol, printed: Any, **options: Any) -> Examination:
    """One line of (7) for a free loss: derived from the losses, and by difference quotients."""
    rate = Symbol(rf"\dot{{{symbol.name}}}", real=True)
    game = annealed(GenericLoss, switch=switch, **options)
    exact = {rate: game.flow().rhs[game.state.index(symbol)]}

    def quotient(place: Place) -> Any:
        payoff = sp.lambdify((theta, psi, alpha), with_loss(game.losses[0], exponential), "mpmath")
        at = {theta: place["theta"], psi: place["psi"], alpha: place["alpha"]}
        slope = mpmath.diff(lambda x: payoff(*({**at, symbol: x}).values()), at[symbol])
        if symbol is not alpha:
            return slope if symbol is psi else -slope
        moving = mpmath.diff(lambda time: schedule_at(place, time), place["t"])
        descends = options.get("side", "generator") == "generator"
        return (-slope if descends else slope) * place["lambda"] + moving

    route = by_numbers(
        {rate: quotient},
        kind="differentiated:mpmath",
        points=DATA,
        loss=exponential,
        digits=20,  # what a central difference leaves of the working precision
    )
    return Examination(eq(rate, printed), exact, route)


@claim(
    "annealed.eq7.theta",
    source="eq. (7), first line",
    printed=r"\dot\theta = -\psi f'(\psi\theta)",
    says="the generator's line is that of (5)",
    expect=Verdict.PROVED,
)
def line_theta() -> Examination:
    return _line(theta, -psi * f(psi * theta, 1))


@claim(
    "annealed.eq7.psi",
    source="eq. (7), second line",
    printed=r"\dot\psi = \theta f'(\psi\theta) - \alpha f'(-\psi\alpha)",
    says="the discriminator sees the moving data point",
    expect=Verdict.PROVED,
)
def line_psi() -> Examination:
    return _line(psi, theta * f(psi * theta, 1) - alpha * f(-psi * alpha, 1))


PRINTED_ALPHA = switch * (-psi * f(-psi * alpha, 1)) + (alpha_r - alpha_0) / T * exp(-t / T)


@claim(
    "annealed.eq7.alpha",
    source="eq. (7), third line",
    printed=r"\dot\alpha = \lambda [-\psi f'(-\psi\alpha)] + \frac{1}{T}(\alpha_r - \alpha_0)"
    r" e^{-\frac{t}{T}}",
    says="the data point follows the SGD update imposed by the objective, which descends L as "
    "the generator's does (and as Figure 1(b) shows), plus the annealing",
    expect=Verdict.REFUTED,
    amended=r"\dot\alpha = +\lambda \psi f'(-\psi\alpha) + \frac{1}{T}(\alpha_r - \alpha_0)"
    r" e^{-\frac{t}{T}}",
    repair="flip the sign of the coupling; printed, alpha ascends L and (7) with f(y) = y runs "
    "away instead of circling (2, 0, 2)",
)
def line_alpha() -> Examination:
    derived = _line(alpha, PRINTED_ALPHA)
    repaired = switch * psi * f(-psi * alpha, 1) + (alpha_r - alpha_0) / T * exp(-t / T)
    (rate,) = derived.exact
    return Examination(
        derived.statement,
        derived.exact,
        derived.second,
        amendment=eq(rate, repaired),
        steps=(
            Step(
                "L depends on alpha through f(-psi alpha); its slope there",
                -psi * f(-psi * alpha, 1),
            ),
            Step("descent subtracts this slope: the coupling is +lambda psi f'(-psi alpha)"),
            Step("which sign Figure 1(b) needs is settled in annealed.fig1b"),
        ),
    )


@claim(
    "annealed.eq7.alpha.ascent",
    source="eq. (7), third line",
    printed=r"\dot\alpha = \lambda [-\psi f'(-\psi\alpha)] + \frac{1}{T}(\alpha_r - \alpha_0)"
    r" e^{-\frac{t}{T}}",
    says="the other reading: the data point ascends L, on the discriminator's side",
    expect=Verdict.PROVED,
)
def line_alpha_ascent() -> Examination:
    return _line(alpha, PRINTED_ALPHA, side="discriminator")


@claim(
    "annealed.eq7.alpha.annealing",
    source="eq. (7), third line, with (6)",
    formal=r"\frac{d}{dt}\alpha(t) = \frac{1}{T}(\alpha_r - \alpha_0) e^{-\frac{t}{T}}",
    says="the annealing term of (7) is the derivative of (6)",
    expect=Verdict.PROVED,
)
def annealing_term() -> Examination:
    rate = Symbol("dalpha/dt", real=True)
    exact = {rate: sp.diff(exponential_schedule(), t)}
    numbers = {rate: lambda p: mpmath.diff(lambda time: schedule_at(p, time), p["t"])}
    route = by_numbers(numbers, kind="differentiated:mpmath", points=DATA, digits=20)
    return Examination(eq(rate, (alpha_r - alpha_0) / T * exp(-t / T)), exact, route)


def _slope(place: Place, of: Symbol, by: Symbol) -> Any:
    """How one line of (7) changes with one state, by differences, for f(y) = -exp(-y)."""
    at = {name: place[name] for name in ("theta", "psi", "alpha")}

    def rate(value: Any) -> Any:
        x, y, z = ({**at, by.name: value}[name] for name in ("theta", "psi", "alpha"))
        prime_fake, prime_real = mpmath.exp(-y * x), mpmath.exp(y * z)
        lines = {psi: x * prime_fake - z * prime_real, alpha: place["lambda"] * y * prime_real}
        return lines[of]

    return mpmath.diff(rate, at[by.name])


@claim(
    "annealed.eq7.partially-decoupled",
    source="section 2, around eq. (7)",
    says="with the switch off alpha does not see theta and psi, while psi sees alpha",
    expect=Verdict.PROVED,
)
def partially_decoupled() -> Examination:
    by_theta, by_psi, back = sp.symbols("da/dtheta da/dpsi dpsi/dalpha", real=True)
    jacobian = annealed(GenericLoss, switch=0).flow().jacobian()
    exact = {by_theta: jacobian[2, 0], by_psi: jacobian[2, 1], back: jacobian[1, 2]}
    seen = -f(-psi * alpha, 1) + psi * alpha * f(-psi * alpha, 2)
    off = tuple({**point, switch: 0} for point in DATA)
    numbers = {
        by_theta: lambda p: _slope({**p, "lambda": 0}, alpha, theta),
        by_psi: lambda p: _slope({**p, "lambda": 0}, alpha, psi),
        back: lambda p: _slope(p, psi, alpha),
    }
    route = by_numbers(
        numbers, kind="differentiated:mpmath", points=off, loss=exponential, digits=20
    )
    statement = sp.And(eq(by_theta, 0), eq(by_psi, 0), eq(back, seen))
    return Examination(statement, exact, route, steps=(Step("Jacobian of (7), any f", jacobian),))


@claim(
    "annealed.eq7.coupled",
    source="section 2, around eq. (7)",
    says="with the switch on the dynamics of alpha is coupled with the other states: it sees psi",
    formal=r"\frac{\partial \dot\alpha}{\partial \psi} = \lambda (f'(-\psi\alpha)"
    r" - \psi\alpha f''(-\psi\alpha))",
    expect=Verdict.PROVED,
)
def coupled() -> Examination:
    by_psi = Symbol("da/dpsi", real=True)
    jacobian = annealed(GenericLoss, switch=switch).flow().jacobian()
    seen = switch * (f(-psi * alpha, 1) - psi * alpha * f(-psi * alpha, 2))
    route = by_numbers(
        {by_psi: lambda p: _slope(p, alpha, psi)},
        kind="differentiated:mpmath",
        points=DATA,
        loss=exponential,
        digits=20,
    )
    steps = (Step("Jacobian of (7), any f, alpha descending", jacobian),)
    return Examination(eq(by_psi, seen), {by_psi: jacobian[2, 1]}, route, steps=steps)


@claim(
    "annealed.pre-training",
    source="section 2, below eq. (7)",
    printed=r"\theta(0) = \alpha(0) = \alpha_0",
    says="beta-GAN starts from a uniform distribution that the generator has been trained to make; "
    "here that is theta(0) = alpha(0) = alpha_0",
    expect=Verdict.INFORMAL,
    reason="a definition of the start; what it implies is judged in annealed.psi0",
)
def pre_training() -> None: ...
