r"""The settled theorem, Wasserstein loss: for which steps, starts and tie rules it converges.

Ours, not the paper's. Write eta = 2 cos(x), 0 < x < pi/2. On a level of V the sizes (moved,
other) are proportional to (sin t, sin(t + x)), and an overshoot is t -> t + x: a rotation.
It ends, at the latest when t > pi - 2x, with a short update, which lowers V; only an orbit
that meets a tie exactly can go on for ever, and that needs x = pi/k.
"""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.model import eta, f, image, m, update
from symgan_papers.dynamic.model import wasserstein_game as game
from symgan_papers.dynamic.oracle_orbits import after, moved
from symgan_papers.dynamic.settled_a_lyapunov import lyapunov, number_v

OURS = "ours: the oracle of eq. (7) settled, Wasserstein loss"
t, x = sp.symbols("t x", real=True)
new, drop = sp.symbols("m_plus drop", real=True)
THIRD = sp.Rational(1, 3)


@claim(
    "dynamic.settled.w.rotation",
    source=OURS,
    formal=r"m_{plus} = \sin(t + 2x)",
    says="an overshoot takes the sizes sin t (moved), sin(t + x) to sin(t + x) (moved next), "
    "sin(t + 2x): t grows by x; so at most pi/x phases of length one follow one another",
    expect=Verdict.PROVED,
)
def rotation() -> Examination:
    step = 2 * sp.cos(x)
    exact = {new: image(update(game(), "V1", step), -sp.sin(t), sp.sin(t + x))[0]}

    def measured(place: Any) -> Any:
        at, turn = place["t"], place["x"]
        state = (-mpmath.sin(at), mpmath.sin(at + turn))
        return moved(state, "V1", 2 * mpmath.cos(turn))[0]

    points = ({t: 0, x: 1}, {t: THIRD, x: sp.Rational(1, 2)}, {t: 1, x: sp.Rational(3, 2)})
    return Examination(
        eq(new, sp.sin(t + 2 * x)), exact, by_numbers({new: measured}, points=points)
    )


@claim(
    "dynamic.settled.w.attractive.drop",
    source=OURS,
    formal=r"\delta_V = 4\cos(x)\sin(t + x)\sin(t + 2x)",
    says="the update that ends a rotation, where sin(t + 2x) <= 0, changes V by eta times 2 "
    "sin(t + x) sin(t + 2x): on the orbit of a tie, t = k x, this is 0 exactly if x = pi/j and "
    "a definite drop otherwise",
    expect=Verdict.PROVED,
)
def rotation_drop() -> Examination:
    step = 2 * sp.cos(x)
    size = -image(update(game(), "V1", step), -sp.sin(t), sp.sin(t + x))[0]
    old = lyapunov(sp.sin(t), sp.sin(t + x), step)
    exact = {drop: lyapunov(size, sp.sin(t + x), step) - old}

    def measured(place: Any) -> Any:
        at, turn = place["t"], place["x"]
        state, size = (-mpmath.sin(at), mpmath.sin(at + turn)), 2 * mpmath.cos(turn)
        return number_v(after(state, size, 1), size) - number_v(state, size)

    # pi - 2x <= t <= pi - x: the update is short
    points = (
        {t: 2, x: 1},
        {t: sp.Rational(5, 2), x: sp.Rational(1, 2)},
        {t: 1, x: sp.Rational(3, 2)},
    )
    return Examination(
        eq(drop, 4 * sp.cos(x) * sp.sin(t + x) * sp.sin(t + 2 * x)),
        exact,
        by_numbers({drop: measured}, points=points),
    )


@claim(
    "dynamic.settled.w.attractive.below-one",
    source=OURS,
    formal=r"\eta u f < \eta f",
    says="0 < eta < 1, the player with a gradient moving on ties: every start converges, since "
    "each phase multiplies the standing coordinate by eta u, u < 1 (and on a tie by eta)",
    expect=Verdict.PROVED,
)
def below_one() -> Examination:
    # The last update of a phase starts from 0 <= m < eta f.
    u = Symbol("u", positive=True)
    left = Symbol("left", real=True)
    exact = {left: image(update(game(), "V1"), -eta * f * (1 - u), f)[0]}

    def measured(place: Any) -> Any:
        start = -place["eta"] * place["f"] * (1 - place["u"])
        return moved((start, place["f"]), "V1", place["eta"])[0]

    half = sp.Rational(1, 2)
    points = ({eta: half, f: 1, u: half}, {eta: THIRD, f: 2, u: sp.Rational(9, 10)})
    return Examination(
        left < eta * f,
        exact,
        by_numbers({left: measured}, points=points),
        given=sp.And(eta < 1, u < 1),
    )


@claim(
    "dynamic.settled.w.attractive.to-sqrt2",
    source=OURS,
    formal=r"V_3 - V_0 = -2\eta^2(\eta^2 - 1)(2 - \eta^2) f^2",
    says="1 < eta < sqrt 2, moving on ties: three updates after a tie (0, f) V has fallen by a "
    "fixed share, so V tends to 0 on every orbit: if it did not, the states after short updates "
    "would come near ties (dynamic.settled.w.phase.end), and three updates later V would have "
    "dropped by that share of it",
    expect=Verdict.PROVED,
)
def to_sqrt2() -> Examination:
    state: tuple[Any, Any] = (sp.Integer(0), f)
    for field in ("V3", "V2", "V1"):
        state = image(update(game(), field), *state)
    # theta starts at eta f > 0 and has not changed its sign: a short update
    exact = {drop: sp.expand(lyapunov(state[0], -state[1]) - f**2)}

    def measured(place: Any) -> Any:
        start = (mpmath.mpf(0), place["f"])
        return number_v(after(start, place["eta"], 3), place["eta"]) - place["f"] ** 2

    points = ({eta: sp.Rational(5, 4), f: 1}, {eta: sp.Rational(7, 5), f: 3})
    return Examination(
        eq(drop, -2 * eta**2 * (eta**2 - 1) * (2 - eta**2) * f**2),
        exact,
        by_numbers({drop: measured}, points=points),
        given=eta > 1,
        steps=(
            Step("(0, f) -> (eta f, f) -> (eta f, (1 - eta^2) f) -> ((2 eta - eta^3) f, .)"),
            Step("no coordinate met on the way is 0, so near a tie the updates are the same ones"),
        ),
    )


@claim(
    "dynamic.settled.w.attractive.periodic",
    source=OURS,
    formal=r"\sin((j - 1)x) = \sin(x), \quad \sin(jx) = 0 \quad (x = \pi/j)",
    says="at eta = 2 cos(pi/j), j >= 3, the orbit of a tie returns to a tie at the same distance: "
    "it is periodic, and with it all starts that meet a tie. After j - 1 updates the sizes are "
    "sin((j-1)x), sin(jx) against 0, sin(x) at the start, and sin((j-1)x) = sin(x) at x = pi/j",
    expect=Verdict.PROVED,
)
def periodic() -> Examination:
    j = Symbol("j", positive=True, integer=True)
    names = sp.symbols("moved_end other_end", real=True)
    # by dynamic.settled.w.rotation t = (j - 2) x after j - 2 updates; here the last one
    turn = sp.pi / j
    before = sp.expand((j - 2) * turn)
    sizes = sp.sin(before), sp.sin(sp.expand((j - 1) * turn))
    end = image(update(game(), "V1", 2 * sp.cos(turn)), -sizes[0], sizes[1])
    exact = {n: sp.expand_trig(v) for n, v in zip(names, reversed(end), strict=True)}

    def measured(i: int) -> Any:
        def measure(place: Any) -> Any:
            order = int(place["j"])
            angle = mpmath.pi / order
            state = (mpmath.mpf(0), mpmath.sin(angle))
            for k in range(order - 1):  # the tie moves theta, then the players alternate
                state = moved(state, "V1" if k % 2 == 0 else "V2", 2 * mpmath.cos(angle))
            return sorted(map(abs, state), reverse=True)[i]

        return measure

    points = tuple({j: k} for k in (3, 4, 5, 6, 8, 10, 12))
    return Examination(
        sp.And(eq(names[0], sp.sin(turn)), eq(names[1], 0 * j)),
        exact,
        by_numbers({names[0]: measured(0), names[1]: measured(1)}, points=points),
        given=j >= 3,
        steps=(Step("2 cos(pi/j) is rational for j >= 3 only at j = 3, eta = 1 (Niven)"),),
    )


@claim(
    "dynamic.settled.w.attractive.eta-one",
    source=OURS,
    formal=r"(0, g) \to (g, g) \to (g, 0) \to (g, -g)",
    says="eta = 1 is subtractive Euclid on the sizes: theta/psi rational ends on the orbit of a "
    "tie (0, g), which keeps the distance g or g sqrt 2 for ever",
    expect=Verdict.PROVED,
)
def eta_one() -> Examination:
    names = sp.symbols("theta_1 psi_1 theta_2 psi_2 theta_3 psi_3", real=True)
    state: tuple[Any, Any] = (sp.Integer(0), f)
    values: list[Any] = []
    for field in ("V3", "V2", "V3"):
        state = image(update(game(), field, 1), *state)
        values += state

    def measured(k: int, i: int) -> Any:
        return lambda place: after((mpmath.mpf(0), place["f"]), 1, k)[i]

    numbers = {name: measured(n // 2 + 1, n % 2) for n, name in enumerate(names)}
    right = (f, f, f, 0 * f, f, -f)
    return Examination(
        sp.And(*(eq(n, r) for n, r in zip(names, right, strict=True))),
        dict(zip(names, values, strict=True)),
        by_numbers(numbers, points=({f: 1}, {f: sp.Rational(2, 7)})),
        steps=(
            Step("rational sizes end on a tie: dynamic.settled.w.phase-map.finite at N = 1"),
            Step("a multiple of g stays one: integer states never come closer than 1"),
        ),
    )


@claim(
    "dynamic.settled.w.attractive.golden",
    source=OURS,
    formal=r"(G^2 c, c) \to (c, c/G^2)",
    says="at eta = 1 some orbits do converge: with the golden ratio G, sizes G^2 c (moved) and c "
    "become c (moved) and c/G^2 after three updates",
    expect=Verdict.PROVED,
)
def golden() -> Examination:
    ratio = (1 + sp.sqrt(5)) / 2
    one = image(update(game(), "V1", 1), 0, f)[0]
    exact = {new: -(ratio**2) * f + 3 * one}

    def measured(place: Any) -> Any:
        g = (1 + mpmath.sqrt(5)) / 2
        return after((-(g**2) * place["f"], place["f"]), 1, 3)[0]

    return Examination(
        eq(new, f / ratio**2),
        exact,
        by_numbers({new: measured}, points=({f: 1}, {f: 3})),
        steps=(Step("G^2 - 1 = G, G - 1 = 1/G, 1 - 1/G = 1/G^2: two short updates, one flip"),),
    )


@claim(
    "dynamic.settled.w.attractive.stuck",
    source=OURS,
    formal=r"V_1(c, 0) = V_2(0, c) = 0",
    says="if V_1 is taken on ties every (c, 0) is a fixed point, if V_2 every (0, c): with "
    "eta = 1/n every rational start then stops off the equilibrium, since it meets a tie; V_1 "
    "moves (0, c) to (eta c, c) and V_2 moves (c, 0) to (c, -eta c)",
    expect=Verdict.PROVED,
)
def stuck() -> Examination:
    names = sp.symbols("x_1 y_1 x_2 y_2 x_3 y_4", real=True)
    first, second = update(game(), "V1"), update(game(), "V2")
    zero = sp.Integer(0)
    values = (
        *image(first, m, zero),
        *image(second, zero, m),
        image(first, zero, m)[0],
        image(second, m, zero)[1],
    )
    cases = (
        ("V1", 1, 0, 0), ("V1", 1, 0, 1), ("V2", 0, 1, 0), ("V2", 0, 1, 1), ("V1", 0, 1, 0),
        ("V2", 1, 0, 1),
    )  # fmt: skip

    def measured(field: str, right: int, up: int, i: int) -> Any:
        return lambda p: moved((right * p["m"], up * p["m"]), field, p["eta"])[i]

    numbers = {n: measured(*case) for n, case in zip(names, cases, strict=True)}
    right = (m, 0 * m, 0 * m, m, eta * m, -eta * m)
    return Examination(
        sp.And(*(eq(n, r) for n, r in zip(names, right, strict=True))),
        dict(zip(names, values, strict=True)),
        by_numbers(numbers, points=({m: 1, eta: 1}, {m: 2, eta: THIRD})),
    )


@claim(
    "dynamic.settled.w.attractive.almost-all",
    source=OURS,
    formal=r"\det V_1' = \det V_2' = 1",
    says="whatever the rule on ties, almost every start meets none: each update is linear on its "
    "half of the plane with determinant 1, so the starts that meet an axis after k updates lie "
    "on finitely many lines, and those that ever do on countably many, a set of measure 0. That "
    "the others converge for eta < 2 is dynamic.settled.w.attractive.off-ties",
    expect=Verdict.PROVED,
)
def almost_all() -> Examination:
    names = sp.symbols("det_1 det_2", real=True)
    variables = sp.Matrix(sp.symbols("theta psi", real=True))
    exact = {
        name: sp.Matrix(update(game(), field).rhs).jacobian(variables).det() + 0 * eta
        for name, field in zip(names, ("V1", "V2"), strict=True)
    }

    def measured(field: str) -> Any:
        def measure(place: Any) -> Any:
            (p, q), (u, v) = (moved(e, field, place["eta"]) for e in ((1, 0), (0, 1)))
            return p * v - q * u

        return measure

    numbers = {names[0]: measured("V1"), names[1]: measured("V2")}
    return Examination(
        sp.And(eq(names[0], 1 + 0 * eta), eq(names[1], 1 + 0 * eta)),
        exact,
        by_numbers(numbers, points=({eta: 1}, {eta: THIRD})),
    )
