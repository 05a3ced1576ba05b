r"""The settled theorem, BCE loss below 4: stable off the resonant steps, and at eta = 2 sqrt 2.

Ours, not the paper's. V is that of the step h = eta/2 < 2 (`settled_k_bce_perturbed`); the
other resonant steps are in `settled_n_bce_turns`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.model import bce_game, f, gradients, m, psi, theta
from symgan_papers.dynamic.oracle_orbits import moved
from symgan_papers.dynamic.settled_a_lyapunov import lyapunov, number_v
from symgan_papers.dynamic.settled_k_bce_perturbed import h
from symgan_papers.dynamic.settled_n_bce_turns import NEAR, OURS, forced

room, rise = sp.symbols("room rise", real=True)
t = Symbol("t", positive=True)
s, d_3, f_3 = sp.symbols("s d_3 f_3", real=True)
RATE = 2 * sp.sqrt(2)


@claim(
    "dynamic.settled.bce.rise",
    source=OURS,
    formal=r"\delta_V = (hf - htf - 2m)htf",
    says="an update of V_1 with t = tanh(m f/2) <= m f/2 that overshoots changes V by -h t (h(1 - "
    "t) f - 2m) f, one of V_2 by the same with -t for t: by at most h t k f^2 <= h^2 m f^3, as "
    "the effective step k is at most 2h and 0 <= m <= k f; a short one by no more",
    expect=Verdict.PROVED,
)
def overshoot_rise() -> Examination:
    new = h * (1 - t) * f - m

    def measured(place: Any) -> Any:
        state, rate = (-place["m"], place["f"]), place["h"]
        after = moved(state, "V1", rate, lambda _: 1 - place["t"])
        return number_v(state, rate) - number_v(after, rate)

    half = sp.Rational(1, 2)
    return Examination(
        eq(rise, h * t * (h * (1 - t) * f - 2 * m) * f),
        {rise: sp.expand(lyapunov(m, f, h) - lyapunov(new, f, h))},
        by_numbers(
            {rise: measured},
            points=({h: 1, t: half, f: 4, m: 1}, {h: sp.Rational(3, 2), t: half / 2, f: 3, m: 1}),
        ),
        given=m < h * (1 - t) * f,
        steps=(Step("a short one: settled.bce.perturbed.short, with the same t"),),
    )


@claim(
    "dynamic.settled.bce.off-resonance",
    source=OURS,
    formal=r"R = (1 - \frac{h}{2})^2 (m^4 + m^2 f^2 + f^2 (m - f)^2) + "
    r"(1 - \frac{h}{2})(m^2 + f^2)(m - f)^2 h + \frac{h^2}{4} (m - f)^4",
    says="for 0 < eta < 4, eta not 4 cos(pi/j), (0, 0) is stable under every rule on ties, and "
    "attractive if the player with a gradient moves on them: V^2 - 2(1 - h/2)^2 m f^3 is the sum "
    "of squares above, so an update raises V by at most 2h^2/(2 - h)^2 V^2, and only the last two "
    "of a player's successive updates do, while in two rotations V falls by a fixed share",
    expect=Verdict.PROVED,
)
def off_resonance() -> Examination:
    defect = 2 - h
    exact = {room: sp.expand(lyapunov(m, f, h) ** 2 - defect**2 / 2 * m * f**3)}
    squares = (
        (1 - h / 2) ** 2 * (m**4 + m**2 * f**2 + f**2 * (m - f) ** 2)
        + h * (1 - h / 2) * (m**2 + f**2) * (m - f) ** 2
        + h**2 / 4 * (m - f) ** 4
    )

    def measured(place: Any) -> Any:
        size, rate = place["m"] * place["f"] ** 3, place["h"]
        return number_v((place["m"], place["f"]), rate) ** 2 - (2 - rate) ** 2 / 2 * size

    return Examination(
        eq(room, squares),
        exact,
        by_numbers(
            {room: measured},
            points=(
                {h: 1, m: 2, f: 1},
                {h: sp.Rational(3, 2), m: 1, f: 3},
                {h: 1, m: sp.Rational(1, 2), f: 1},
            ),
        ),
        given=h < 2,
        steps=(
            Step("the last update before a tie is short by d >= 0: V falls by 2 h d f + O(V^2)"),
            Step(
                "d and f both at least c sqrt V: a fixed share; f below: its phase ends at O(c^2)V"
            ),
            Step(
                "d below: next comes the turn of a tie, which ends short by a fixed share of f, "
                "sin(n x) and sin((n + 1) x) not 0 (settled.w.attractive.drop)"
            ),
            Step("at most pi/x + 2 overshoots a turn, each O(V^2): less than the share near 0"),
        ),
    )


@cache
def _third(first: str) -> tuple[Any, Any]:
    """The third-order terms of d' and f' in the turn of the tie (0, f) at eta = 2 sqrt 2."""
    size, lam = sp.symbols("size lambda", positive=True)
    scaled = {theta: lam * theta, psi: lam * psi}
    cubic = [
        sp.series(g.subs(scaled, simultaneous=True), lam, 0, 4).removeO().subs(lam, 1)
        for g in gradients(bce_game())
    ]
    state, turn = ([sp.Integer(0), size], 0) if first == "V1" else ([size, sp.Integer(0)], 1)
    for _ in range(3):
        move = (-1) ** (turn + 1) * RATE * cubic[turn]
        at = {theta: state[0], psi: state[1]}
        whole = sp.expand(state[turn] + move.subs(at, simultaneous=True))
        state[turn] = sum(whole.coeff(size, k) * size**k for k in range(4))
        turn = 1 - turn
    # the signs of the last mover and of the other one, who has moved once
    last = 1 if first == "V1" else -1
    return last * state[1 - turn].coeff(size, 3), -state[turn].coeff(size, 3)


def _at_four(part: int, order: Any) -> Any:
    """Of V_1 first at s = 1, of V_2 first at s = -1."""
    return (1 + order) / 2 * _third("V1")[part] + (1 - order) / 2 * _third("V2")[part]


def _measured_four(part: int) -> Any:
    def measure(place: Any) -> Any:
        first = "V1" if place["s"] > 0 else "V2"

        def end(size: Any) -> Any:
            return forced((0 * size, size), mpmath.sqrt(8), 3, first)[part]

        return mpmath.taylor(end, 0, 3)[3]

    return measure


@claim(
    "dynamic.settled.bce.resonant.four",
    source=OURS,
    formal=r"d_3 = -s, f_3 = \sqrt{2} s",
    says="at eta = 4 cos(pi/4), (0, 0) is stable under every rule on ties, and attractive if the "
    "player with a gradient moves on them: the turn of a tie adds -s f^3 to d and sqrt 2 s f^3 to "
    "f, with the same s in every turn: s = -1 lowers f each time; with s = 1, d falls below 0 and "
    "V with it in fewer than three turns from where f may rise, d < 2 f^3",
    expect=Verdict.PROVED,
)
def four() -> Examination:
    return Examination(
        sp.And(eq(d_3, -s), eq(f_3, sp.sqrt(2) * s)),
        {d_3: _at_four(0, s), f_3: _at_four(1, s)},
        by_numbers(
            {d_3: _measured_four(0), f_3: _measured_four(1)},
            kind="differentiated:mpmath",
            points=({s: 1}, {s: -1}),
            digits=10,  # of a third difference at the working precision
        ),
        given=sp.Eq(s**2, 1),
        steps=(*NEAR, Step("j - 1 = 3 is odd: the last mover of a turn is the first one")),
    )
