r"""The settled theorem, Wasserstein loss: the Lyapunov function, and the sharp threshold 2.

Ours, not the paper's. Off the ties the oracle moves the coordinate of size m by eta f
against the other one, of size f: m becomes eta f - m with the sign flipped if m < eta f
(an overshoot), else m - eta f. With V = theta^2 - eta |theta psi| + psi^2 an overshoot keeps V
and any other update lowers it, so (0, 0) is Lyapunov stable for eta < 2 whatever is done
on ties; for eta >= 2 it is unstable.
"""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.model import (
    eta,
    examined,
    f,
    image,
    m,
    update,
    wasserstein_game,
)
from symgan_papers.dynamic.oracle_orbits import after, moved, square

OURS = "ours: the oracle of eq. (7) settled, Wasserstein loss"
before, then = sp.symbols("V V_1", real=True)
size = Symbol("size", real=True)


def lyapunov(x: Any, y: Any, step: Any = eta) -> Any:
    """V for sizes x = |theta| and y = |psi|."""
    return x**2 - step * x * y + y**2


def number_v(state: Any, step: Any) -> Any:
    """V of a state in numbers."""
    return square(state) - step * abs(state[0] * state[1])


def signed_move() -> tuple[Any, Any]:
    """eta f - m from both halves: V_1 at (-m, f), V_2 at (f, m) with its sign turned."""
    game = wasserstein_game()
    first = image(update(game, "V1"), -m, f)[0]
    second = -image(update(game, "V2"), f, m)[1]
    return first, second


OVER = ({eta: 1, f: 2, m: 1}, {eta: sp.Rational(3, 2), f: 1, m: 1}, {eta: 3, f: 1, m: 2})
SHORT = ({eta: 1, f: 2, m: 5}, {eta: sp.Rational(1, 10), f: 1, m: 3}, {eta: 3, f: 1, m: 3})


def _measured(place: Any) -> tuple[Any, Any]:
    state = (-place["m"], place["f"])
    return number_v(state, place["eta"]), number_v(after(state, place["eta"], 1), place["eta"])


NUMBERS = {before: lambda place: _measured(place)[0], then: lambda place: _measured(place)[1]}


@claim(
    "dynamic.settled.w.halves",
    source=OURS,
    formal=r"\eta f - m",
    says="V_1 in psi theta < 0 and V_2 in psi theta > 0 do the same to the sizes: the moved "
    "coordinate becomes eta f - m, counted against its old sign",
    expect=Verdict.PROVED,
)
def halves() -> Examination:
    names = sp.symbols("by_V1 by_V2", real=True)
    exact = dict(zip(names, signed_move(), strict=True))
    numbers = {
        names[0]: lambda p: moved((-p["m"], p["f"]), "V1", p["eta"])[0],
        names[1]: lambda p: -moved((p["f"], p["m"]), "V2", p["eta"])[1],
    }
    return Examination(
        sp.And(eq(names[0], eta * f - m), eq(names[1], eta * f - m)),
        exact,
        by_numbers(numbers, points=(*OVER, *SHORT)),
        steps=(Step("with x -> -x this covers all four quadrants"),),
    )


@claim(
    "dynamic.settled.w.lyapunov.overshoot",
    source=OURS,
    formal=r"V_1 = V",
    says="an update that overshoots, m < eta f, keeps V = theta^2 - eta |theta psi| + psi^2",
    expect=Verdict.PROVED,
)
def overshoot() -> Examination:
    exact = {before: lyapunov(m, f), then: sp.expand(lyapunov(signed_move()[0], f))}
    return Examination(eq(then, before), exact, by_numbers(NUMBERS, points=OVER), given=m < eta * f)


@claim(
    "dynamic.settled.w.lyapunov.short",
    source=OURS,
    formal=r"V_1 - V = -(m - \eta f) 2\eta f",
    says="an update that does not overshoot, m >= eta f, lowers V by 2 eta f (m - eta f)",
    expect=Verdict.PROVED,
)
def short() -> Examination:
    exact = {before: lyapunov(m, f), then: sp.expand(lyapunov(-signed_move()[0], f))}
    return Examination(
        eq(then - before, -2 * eta * f * (m - eta * f)),
        exact,
        by_numbers(NUMBERS, points=SHORT),
        given=m >= eta * f,
    )


@claim(
    "dynamic.settled.w.lyapunov.ties",
    source=OURS,
    formal=r"V(\eta t, t) = t^2",
    says="whichever player moves on a tie (t the coordinate that is not 0), V stays: V_1, V_2 "
    "and V_3 move one coordinate from 0 to eta t, or none",
    expect=Verdict.PROVED,
)
def ties() -> Examination:
    t = Symbol("t", positive=True)
    names = sp.symbols("V_1 V_2 V_3", real=True)
    game = wasserstein_game()
    at = (sp.Integer(0), t)
    values = (image(update(game, name), *at) for name in ("V1", "V2", "V3"))
    exact = {n: lyapunov(sp.Abs(x), sp.Abs(y)) for n, (x, y) in zip(names, values, strict=True)}

    def measured(field: str) -> Any:
        return lambda p: number_v(moved((mpmath.mpf(0), p["t"]), field, p["eta"]), p["eta"])

    numbers = {n: measured(k) for n, k in zip(names, ("V1", "V2", "V3"), strict=True)}
    return Examination(
        sp.And(*(eq(n, t**2 + 0 * eta) for n in names)),
        exact,
        by_numbers(numbers, points=({t: 1, eta: 1}, {t: 3, eta: sp.Rational(1, 10)})),
        steps=(Step("the other axis is the same with the players exchanged"),),
    )


@claim(
    "dynamic.settled.w.lyapunov",
    source=OURS,
    formal=r"V - (1 - \frac{\eta}{2})(m^2 + f^2) = \frac{\eta}{2}(m - f)^2",
    says="V is positive definite exactly for eta < 2: it lies between (1 - eta/2) and 1 times "
    "the squared distance, the lower value at |theta| = |psi|",
    expect=Verdict.PROVED,
)
def definite() -> Examination:
    exact = {before: lyapunov(m, f)}

    def measured(place: Any) -> Any:
        return number_v((place["m"], -place["f"]), place["eta"])

    return Examination(
        eq(before - (1 - eta / 2) * (m**2 + f**2), eta / 2 * (m - f) ** 2),
        exact,
        by_numbers({before: measured}, points=(*OVER, *SHORT)),
        steps=(Step("with V nonincreasing on every update this is Lyapunov stability"),),
    )


@claim(
    "dynamic.settled.w.stable",
    source=OURS,
    formal=r"2R_0 - (2 - \eta)R_k = (m - f)^2 \eta + 2u + 2w",
    says="for 0 < eta < 2, every start and every tie rule the distance never exceeds "
    "sqrt(2/(2 - eta)) times its first value: V has not grown, V_k = V_0 - u with u >= 0, and "
    "R_0 = V_0 + w with w = eta |theta_0 psi_0|, so 2 R_0 - (2 - eta) R_k is not negative "
    "(R the squared distances, m and f the sizes at k)",
    expect=Verdict.PROVED,
)
def stable() -> Examination:
    start, now = sp.symbols("R_0 R_k", real=True)
    u, w = sp.symbols("u w", nonnegative=True)
    exact = {now: m**2 + f**2, start: lyapunov(m, f) + u + w}

    def measured(place: Any) -> Any:
        state = (place["m"], -place["f"])
        return number_v(state, place["eta"]) + place["u"] + place["w"]

    numbers = {now: lambda p: square((p["f"], p["m"])), start: measured}
    points = tuple({**p, u: k, w: 2 * k} for k, p in enumerate((*OVER, *SHORT)))
    return Examination(
        eq(2 * start - (2 - eta) * now, eta * (m - f) ** 2 + 2 * u + 2 * w),
        exact,
        by_numbers(numbers, kind="evaluated:mpmath", points=points),
        steps=(Step("V never grows: the overshooting, the short and the tied updates one by one"),),
    )


@claim(
    "dynamic.settled.w.max-norm",
    source=OURS,
    formal=r"-m < \eta f - m < f",
    says="for eta <= 1 the larger of |theta| and |psi| never grows: the moved coordinate ends "
    "between -m and f; for eta > 1 it can grow (m below (eta - 1) f)",
    expect=Verdict.PROVED,
)
def max_norm() -> Examination:
    exact = {size: signed_move()[0]}
    return examined(sp.And(size < f, size > -m), exact, given=eta <= 1)


@claim(
    "dynamic.settled.w.no-norm",
    source=OURS,
    formal=r"\eta f(\eta f - 2m), \quad \eta m(2f + \eta m), \quad \eta^2(m^2 + f^2)",
    says="no oracle over V_1, V_2, V_3 makes the distance a Lyapunov function: at theta = -m, "
    "psi = f with m < eta f/2 all three fields enlarge it, by these amounts, whatever eta is",
    expect=Verdict.PROVED,
)
def no_norm() -> Examination:
    names = sp.symbols("D_1 D_2 D_3", real=True)
    game = wasserstein_game()
    images = (image(update(game, name), -m, f) for name in ("V1", "V2", "V3"))
    exact = {
        n: sp.expand(x**2 + y**2 - m**2 - f**2) for n, (x, y) in zip(names, images, strict=True)
    }

    def measured(field: str) -> Any:
        def measure(place: Any) -> Any:
            state = (-place["m"], place["f"])
            return square(moved(state, field, place["eta"])) - square(state)

        return measure

    numbers = {n: measured(k) for n, k in zip(names, ("V1", "V2", "V3"), strict=True)}
    right = (eta * f * (eta * f - 2 * m), eta * m * (2 * f + eta * m), eta**2 * (m**2 + f**2))
    points = ({eta: 1, f: 3, m: 1}, {eta: sp.Rational(1, 10), f: 30, m: 1})
    return Examination(
        sp.And(*(eq(n, r) for n, r in zip(names, right, strict=True))),
        exact,
        by_numbers(numbers, points=points),
        given=m < eta * f / 2,
    )
