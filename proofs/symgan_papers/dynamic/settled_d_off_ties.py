r"""The settled theorem, Wasserstein loss: every orbit that meets no tie converges for eta < 2.

Ours, not the paper's. Let V tend to V* > 0 on an orbit without ties. Rotations end within pi/x
phases (settled.w.rotation), so short updates recur, and their drops 2 eta f (m - eta f)
tend to 0. At each the standing size f obeys f^2 >= V >= V* at the end of its phase
(settled.w.phase.end), so m - eta f tends to 0: the state after it has the moved size m - eta
f > 0, its sign unchanged, and comes next to a tie (0, f) on the side where the tie's own
rotation starts. Off x = pi/k that rotation ends, within pi/x updates decided by strict
inequalities, with a drop by a fixed share of V (settled.w.attractive.drop), and so does
the orbit next to it. At x = pi/k it ends next to a tie again, and the offset d obeys cot d' =
cot d - 2 cot x (settled.w.attractive.off-ties): cot d falls by a constant a rotation, so d
cannot stay near 0. Either way V falls below V*: V tends to 0.
"""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.model import eta, f, image, update
from symgan_papers.dynamic.model import wasserstein_game as game
from symgan_papers.dynamic.oracle_orbits import after, chosen, moved
from symgan_papers.dynamic.settled_a_lyapunov import lyapunov, number_v

OURS = "ours: the oracle of eq. (7) settled, Wasserstein loss"


@claim(
    "dynamic.settled.w.phase.end",
    source=OURS,
    formal=r"f^2 - V = (1 - u) \eta^2 u f^2",
    says="at the end of a phase, the moved size being eta u f, 0 <= u < 1, V is at most the "
    "square of the size f that stood still: a short update next to f = 0 belongs to a phase that "
    "ends with V near 0",
    expect=Verdict.PROVED,
)
def phase_end() -> Examination:
    u, value = Symbol("u", nonnegative=True), Symbol("V", real=True)
    end = image(update(game(), "V1"), -eta * f * (1 - u), f)
    exact = {value: sp.expand(lyapunov(end[0], end[1]))}

    def measured(place: Any) -> Any:
        step, fixed = place["eta"], place["f"]
        # a phase of three updates
        start = -step * fixed * (3 - place["u"])
        return number_v(after((start, fixed), step, 3), step)

    third = sp.Rational(1, 3)
    points = ({eta: 1, f: 2, u: third}, {eta: third, f: 1, u: 0}, {eta: 3 * third, f: 1, u: third})
    return Examination(
        eq(f**2 - value, eta**2 * u * (1 - u) * f**2),
        exact,
        by_numbers({value: measured}, points=points),
        given=u < 1,
    )


@claim(
    "dynamic.settled.w.attractive.off-ties",
    source=OURS,
    formal=r"\frac{f'}{m'} = \frac{f}{m} - 2\cos(x)",
    says="for 0 < eta < 2 every orbit that meets no tie converges to (0, 0). What is special at "
    "eta = 2 cos x, x = pi/k: next to a tie, at t = d on its level, the rotation ends at "
    "t = d + (k - 2) x and a short update leads from the sizes sin d (moved), sin(d + x) to "
    "sin d (moved), sin(x - d), whose offset d' has cot d' = cot d - 2 cot x: the ratio "
    "sin(d' + x)/sin d' = cot d' sin x + cos x of the sizes is 2 cos x less than before, so "
    "that the offset grows until the drop of V is definite",
    expect=Verdict.PROVED,
)
def off_ties() -> Examination:
    x, d = sp.symbols("x d", real=True)
    stands, moves = sp.symbols("f_end m_end", real=True)
    # t = d + (k - 2) x with k x = pi: sin t = sin(2x - d), sin(t + x) = sin(x - d)
    short = image(update(game(), "V1", 2 * sp.cos(x)), -sp.sin(2 * x - d), sp.sin(x - d))
    exact = {moves: -short[0], stands: short[1]}

    def run(place: Any) -> tuple[Any, Any]:
        """The whole rotation from offset d, simulated, and the short update that ends it."""
        angle, offset = place["x"], place["d"]
        order = int(mpmath.nint(mpmath.pi / angle))
        state = (-mpmath.sin(offset), mpmath.sin(offset + angle))
        for _ in range(order - 1):
            state = moved(state, chosen(state, "V1"), 2 * mpmath.cos(angle))
        sizes = sorted(map(abs, state))
        return sizes[0], sizes[1]

    numbers = {moves: lambda p: run(p)[0], stands: lambda p: run(p)[1]}
    small = sp.Rational(1, 50)
    points = tuple({x: sp.pi / k, d: small} for k in (3, 4, 5, 7))
    less = sp.sin(d + x) - 2 * sp.cos(x) * sp.sin(d)  # (f/m - 2 cos x) m
    return Examination(
        sp.And(eq(moves, sp.sin(d)), eq(stands * sp.sin(d), less * moves)),
        exact,
        by_numbers(numbers, points=points),
        steps=(
            Step("V falls by 4 cos x sin d sin(x - d) then"),
            Step("off x = pi/k: the tie's orbit drops definitely (settled.w.attractive.drop)"),
            Step("drops tend to 0 only next to ties: V <= f^2 (settled.w.phase.end) bounds f"),
        ),
    )
