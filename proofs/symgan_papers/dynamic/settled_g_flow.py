r"""The settled theorem in continuous time: stable, never attractive (Filippov); Caratheodory.

Ours, not the paper's. Where psi theta < 0 only theta moves, by psi w; where psi theta > 0
only psi, by -theta w; w = 1 (Wasserstein) or sigma(psi theta) (BCE). Each orbit runs
straight into an axis and, in Filippov's sense, stays at the point where it meets it.
"""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.model import (
    BCE,
    a,
    b,
    bce_game,
    fields,
    gradients,
    psi,
    sigma,
    slope,
    theta,
    wasserstein_game,
)

OURS = "ours: the oracle of eq. (10) settled, continuous time"
time, rate = sp.symbols("T rate", real=True)
SIZES = ({a: 1, b: 1}, {a: 2, b: sp.Rational(1, 3)}, {a: sp.Rational(1, 5), b: 3})


@claim(
    "dynamic.settled.flow.time-to-axis",
    source=OURS,
    formal=r"T = \frac{a}{b}",
    says="Wasserstein: from theta = -a, psi = b the orbit meets theta = 0 after the time a/b, "
    "with psi = b unchanged; the other quadrants are alike",
    expect=Verdict.PROVED,
)
def time_to_axis() -> Examination:
    speed = fields(wasserstein_game())["V1"][0].subs({theta: -a, psi: b})
    x = Symbol("x", positive=True)
    exact = {time: sp.integrate(1 / speed, (x, 0, a))}

    def measured(place: Any) -> Any:
        """Where theta(t), integrated by Taylor steps, changes its sign."""
        path = mpmath.odefun(lambda _, y: [place["b"]], 0, [-place["a"]])
        return mpmath.findroot(lambda t: path(t)[0], (place["a"] / place["b"]) * mpmath.mpf("0.9"))

    return Examination(
        eq(time, a / b),
        exact,
        by_numbers({time: measured}, points=SIZES, digits=14),
    )


@claim(
    "dynamic.settled.flow.time-to-axis.bce",
    source=OURS,
    formal=r"T = \frac{a}{b} + \frac{e^{ab} - 1}{b^2}",
    says="BCE: from theta = -a, psi = b the orbit meets the axis after the time a/b + (exp(a b) "
    "- 1)/b^2: finite, but exponentially long where a b is large",
    expect=Verdict.PROVED,
)
def time_to_axis_bce() -> Examination:
    x = Symbol("x", positive=True)
    speed = sp.simplify(-gradients(bce_game())[0].subs({theta: -x, psi: b}))
    exact = {time: sp.integrate(sp.expand(1 / (b * (speed / b))), (x, 0, a))}

    def measured(place: Any) -> Any:
        y = place["b"]
        return mpmath.quad(lambda s: 1 / -slope(BCE, 0, -s, y), [0, place["a"]])

    return Examination(
        eq(time, a / b + (sp.exp(a * b) - 1) / b**2),
        exact,
        by_numbers({time: measured}, kind="integrated:mpmath", points=SIZES[:2], digits=18),
        steps=(Step("speed of theta", b * sigma(-x * b)),),
    )


@claim(
    "dynamic.settled.flow.distance",
    source=OURS,
    formal=r"\dot R = 2\theta\psi w \text{ or } -2\theta\psi w",
    says="the squared distance R never grows (V_1: 2 theta psi w where theta psi < 0, V_2: "
    "-2 theta psi w where theta psi > 0, w > 0): Lyapunov stable with delta = epsilon, for "
    "Wasserstein, BCE and every loss with a slope of this sign",
    expect=Verdict.PROVED,
)
def distance() -> Examination:
    w = Symbol("w", positive=True)
    names = sp.symbols("by_V1 by_V2", real=True)
    g_theta, g_psi = (w * g for g in gradients(wasserstein_game()))
    exact = {names[0]: 2 * theta * -g_theta, names[1]: 2 * psi * g_psi}

    def measured(field: str) -> Any:
        def measure(place: Any) -> Any:
            x, y = place["theta"], place["psi"]

            def along(s: Any) -> Any:
                step = s * place["w"]
                new = (x + step * y, y) if field == "V1" else (x, y - step * x)
                return new[0] ** 2 + new[1] ** 2

            return mpmath.diff(along, 0)

        return measure

    numbers = {names[0]: measured("V1"), names[1]: measured("V2")}
    points = ({theta: -1, psi: 2, w: 1}, {theta: 3, psi: 1, w: sp.Rational(1, 2)})
    return Examination(
        sp.And(eq(names[0], 2 * theta * psi * w), eq(names[1], -2 * theta * psi * w)),
        exact,
        by_numbers(numbers, kind="differentiated:mpmath", points=points, digits=20),
    )


share = Symbol("lambda", real=True)


@claim(
    "dynamic.settled.flow.filippov",
    source=OURS,
    formal=r"(1 - \lambda)(b, 0) + \lambda (0, 0) = 0 \Leftrightarrow \lambda = 1",
    says="at (0, b) the limits of the two fields are (b, 0) and (0, 0): Filippov's set, their "
    "convex hull, holds 0, and the field beyond the axis does not move theta, so (0, b) is at "
    "rest and nothing leaves it; likewise (a, 0). Both axes are equilibria: (0, 0) is stable "
    "and attracts no start with theta psi != 0",
    expect=Verdict.PROVED,
)
def filippov() -> Examination:
    names = sp.symbols("hull_theta hull_psi", real=True)
    at = {theta: sp.Integer(0), psi: b}
    pushed, beyond = (fields(wasserstein_game())[k] for k in ("V1", "V2"))
    exact = {
        name: ((1 - share) * p + share * q).subs(at, simultaneous=True)
        for name, p, q in zip(names, pushed, beyond, strict=True)
    }

    def limit(i: int) -> Any:
        def measure(place: Any) -> Any:
            """The two fields just off the axis, tiny against the 20 digits compared."""
            tiny, y = mpmath.mpf(10) ** -40, place["b"]
            first = (y, mpmath.mpf(0))  # V_1 at (-tiny, b)
            second = (mpmath.mpf(0), -tiny)  # V_2 at (tiny, b)
            return (1 - place["lambda"]) * first[i] + place["lambda"] * second[i]

        return measure

    points = ({share: 0, b: 1}, {share: sp.Rational(1, 3), b: 2}, {share: 1, b: 3})
    return Examination(
        sp.And(eq(names[0], (1 - share) * b), eq(names[1], 0 * share)),
        exact,
        by_numbers(
            {names[0]: limit(0), names[1]: limit(1)},
            kind="evaluated:mpmath",
            points=points,
            digits=20,
        ),
    )


@claim(
    "dynamic.settled.flow.caratheodory",
    source=OURS,
    formal=r"V_1(0, b) = (b, 0), \quad V_2(0, b) = (0, 0)",
    says="with a field chosen on the axis itself (Caratheodory) the rule decides: at (0, b) V_2 "
    "rests, while V_1 and V_3 point across an axis beyond which theta stands still, so the "
    "orbit has no continuation; at (a, 0) V_1 rests, V_2 and V_3 end the orbit",
    expect=Verdict.PROVED,
)
def caratheodory() -> Examination:
    names = sp.symbols("x_1 y_2 x_3 y_1 x_2", real=True)
    on_psi, on_theta = {theta: sp.Integer(0), psi: b}, {theta: a, psi: sp.Integer(0)}
    field = fields(wasserstein_game())
    exact = {
        names[0]: field["V1"][0].subs(on_psi),
        names[1]: field["V2"][1].subs(on_psi),
        names[2]: field["V3"][0].subs(on_psi),
        names[3]: field["V1"][0].subs(on_theta),
        names[4]: field["V2"][1].subs(on_theta),
    }

    def at(which: int, on_axis: str) -> Any:
        def measure(place: Any) -> Any:
            x, y = (0, place["b"]) if on_axis == "psi" else (place["a"], 0)
            payoff = lambda p, q: -p * q  # noqa: E731
            value = slope(payoff, which, mpmath.mpf(x), mpmath.mpf(y))
            return -value if which == 0 else value

        return measure

    numbers = {
        names[0]: at(0, "psi"),
        names[1]: at(1, "psi"),
        names[2]: at(0, "psi"),
        names[3]: at(0, "theta"),
        names[4]: at(1, "theta"),
    }
    right = (b, 0 * b, b, 0 * a, -a)
    return Examination(
        sp.And(*(eq(n, r) for n, r in zip(names, right, strict=True))),
        exact,
        by_numbers(numbers, kind="differentiated:mpmath", points=SIZES, digits=20),
    )
