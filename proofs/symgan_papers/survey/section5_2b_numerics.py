r"""Section 5.2.1: the Jacobian of the vector field, its eigenvalues, and fixed-point iterations."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan import rules
from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.system import Map
from symgan_papers.survey.model_section5_2 import (
    POINTS,
    Place,
    field_of,
    game,
    gamma,
    jacobian_of,
    p,
    psi,
    q,
    quadratic_at,
    s,
    square,
    stepped,
    theta,
)

J11, J12, J21, J22 = sp.symbols("J11 J12 J21 J22", real=True)
a, b, c, d = sp.symbols("a b c d", positive=True)
mu = Symbol("mu", real=True)
like, ratio, jump, moved = sp.symbols("like ratio jump moved", real=True)
narrow, wide = sp.symbols("narrow wide", positive=True)
ENTRIES = (J11, J12, J21, J22)


def _entry(i: int, j: int) -> Any:
    return lambda place: jacobian_of(quadratic_at(place), place["theta"], place["psi"])[i, j]


@claim(
    "survey.jacobian",
    source="section 5.2.1, first display",
    printed=r"v'(\theta_g, \theta_d) = \begin{bmatrix} \nabla^2_{\theta_g} V & \nabla^2_{\theta_g,"
    r" \theta_d} V \\ -\nabla^2_{\theta_d, \theta_g} V & -\nabla^2_{\theta_d} V \end{bmatrix}",
    says="the Jacobian of v, its blocks the second derivatives p, s and q of V with these signs",
    expect=Verdict.PROVED,
)
def jacobian() -> Examination:
    J = game().J
    exact = {J11: J[0, 0], J12: J[0, 1], J21: J[1, 0], J22: J[1, 1]}
    places = [(0, 0), (0, 1), (1, 0), (1, 1)]
    numbers = {name: _entry(*ij) for name, ij in zip(ENTRIES, places, strict=True)}
    return Examination(
        sp.And(eq(J11, p), eq(J12, s), eq(J21, -s), eq(J22, -q)),
        exact,
        by_numbers(numbers, points=POINTS, kind="differentiated:mpmath", digits=20),
    )


def _rate(sign: int) -> tuple[Any, Any]:
    """d|x|^2/dt at (theta, theta) of the quartic game with plus or minus c."""
    quartic = sign * c * (theta**4 - psi**4) / 4
    payoff = mu * (theta**2 - psi**2) / 2 + theta * psi + quartic
    flow = game(payoff).flow()
    exact = 2 * sp.Add(*(x * f for x, f in zip(flow.state, flow.rhs, strict=True)))

    def number(place: Place) -> Any:
        def value(x: Any, y: Any) -> Any:
            bend = sign * place["c"] * (x**4 - y**4) / 4
            return place["mu"] * (x * x - y * y) / 2 + x * y + bend

        x = mpmath.sqrt(place["a"])
        return -2 * sum(x * v for v in field_of(value, x, x))

    at = {theta: sp.sqrt(a), psi: sp.sqrt(a)}
    return sp.expand(exact.subs(at, simultaneous=True)), number


@claim(
    "survey.jacobian.decides",
    source="section 5.2.1, above the first display",
    formal=r"like > 0",
    says="the convergence properties are determined by the eigenvalues of the Jacobian: V = mu "
    "(theta^2 - psi^2)/2 + theta psi + c (theta^4 - psi^4)/4 and the same with -c have the "
    "eigenvalues mu +- i, so near (0, 0), here at theta^2 = psi^2 = a with c a < mu unless "
    "mu = 0, d|x|^2/dt has one sign for both (like: the product of the two)",
    expect=Verdict.CONDITIONAL,
    repair="where no eigenvalue has real part 0; at mu = 0 one of the two converges to (0, 0) and "
    "the other leaves it, with equal eigenvalues",
)
def jacobian_decides() -> Examination:
    (plus, number), (minus, other) = _rate(1), _rate(-1)
    places = (
        {mu: 0, c: 1, a: Rational(1, 3)},
        {mu: 1, c: 2, a: Rational(1, 4)},
        {mu: 3, c: 1, a: Rational(5, 2)},
    )
    return Examination(
        like > 0,
        {like: sp.expand(plus * minus)},
        by_numbers(
            {like: lambda place: number(place) * other(place)},
            points=places,
            kind="differentiated:mpmath",
            digits=20,
        ),
        given=sp.And(mu >= 0, sp.Or(sp.Eq(mu, 0), c * a < mu)),
        condition=mu > 0,
        setting={mu: 1},
        steps=(
            Step("d|x|^2/dt = -2 mu |x|^2 -+ 2 c (theta^4 + psi^4)"),
            Step("within c |x|^2 < |mu| the first term decides, since x^4 + y^4 <= |x|^4"),
        ),
    )


@claim(
    "survey.fixed-point-iteration",
    source="section 5.2.1, key observation",
    formal=r"ratio < 1",
    says="if all eigenvalues of the iteration's Jacobian at the fixed point have absolute value "
    "below 1 the iteration converges to the fixed point: x -> x/2 + c x^3 has the eigenvalue 1/2 "
    "at 0, so it should come closer from every start x = a (ratio: of the distances)",
    expect=Verdict.CONDITIONAL,
    repair="say locally: from starts near enough, here c a^2 < 1/2",
)
def fixed_point_iteration() -> Examination:
    step = Map((theta,), (theta / 2 + c * theta**3,), parameters=(c,))
    exact = sp.cancel(step.rhs[0].subs(theta, a) / a)

    def number(place: Place) -> Any:
        x = place["a"]
        return (x / 2 + place["c"] * x * x * x) / x

    return Examination(
        ratio < 1,
        {ratio: exact},
        by_numbers(
            {ratio: number},
            points=(
                {c: 1, a: 2},
                {c: 1, a: Rational(1, 2)},
                {c: 3, a: Rational(2, 5)},
                {c: 2, a: Rational(1, 7)},
            ),
        ),
        condition=2 * c * a**2 < 1,
        setting={c: 1, a: Rational(1, 10)},
    )


@claim(
    "survey.fixed-point-iteration.vector-field",
    source="section 5.2.1, key observation",
    formal=r"moved < \theta^2",
    says="the other reading: the Jacobian spoken of so far is that of v; if its eigenvalues lie "
    "inside the unit circle the iteration x - gamma v(x) converges (V = p theta^2/2)",
    expect=Verdict.REFUTED,
    amended=r"moved - \theta^2 = \gamma p (\gamma p - 2) \theta^2",
    repair="take the eigenvalues 1 - gamma p of the iteration's Jacobian, not p of the field's: "
    "it converges iff 0 < gamma p < 2",
)
def eigenvalues_of_the_field() -> Examination:
    step = rules.named("simultaneous")(game(p * theta**2 / 2), gamma).rhs[0]

    def number(place: Place) -> Any:
        slope = mpmath.diff(lambda x: place["p"] * x * x / 2, place["theta"])
        return (place["theta"] - place["gamma"] * slope) ** 2

    return Examination(
        moved < theta**2,
        {moved: sp.expand(step**2)},
        by_numbers(
            {moved: number},
            points=(
                {p: Rational(-1, 2), theta: 1, gamma: 1},
                {p: Rational(1, 2), theta: 2, gamma: Rational(1, 3)},
                {p: Rational(3, 4), theta: -1, gamma: 2},
            ),
            kind="differentiated:mpmath",
            digits=25,
        ),
        given=sp.And(p > -1, p < 1, sp.Ne(theta, 0)),
        amendment=eq(moved - theta**2, gamma * p * (gamma * p - 2) * theta**2),
    )


@claim(
    "survey.fixed-point-problem",
    source="section 5.2.1, below the key observation",
    formal=r"jump = \gamma^2 ((p \theta + s \psi)^2 + (s \theta + q \psi)^2)",
    says="finding the equilibrium can be recast as a fixed-point problem: x - gamma v(x) leaves x "
    "where it is iff v(x) = 0, whatever gamma > 0, since it moves x by gamma |v| (jump: squared)",
    expect=Verdict.PROVED,
)
def fixed_point_problem() -> Examination:
    map_ = rules.named("simultaneous")(game(), gamma)
    exact = sum((f - x) ** 2 for f, x in zip(map_.rhs, map_.state, strict=True))

    def number(place: Place) -> Any:
        state = [place["theta"], place["psi"]]
        there = stepped(quadratic_at(place), state, place["gamma"])
        return square([y - x for x, y in zip(state, there, strict=True)])

    return Examination(
        eq(jump, gamma**2 * ((p * theta + s * psi) ** 2 + (s * theta + q * psi) ** 2)),
        {jump: sp.expand(exact)},
        by_numbers({jump: number}, points=POINTS, kind="differentiated:mpmath", digits=25),
    )


@claim(
    "survey.fixed-point-problem.newton",
    source="section 5.2.1, below the key observation",
    says="recast in a similar way as Newton's method",
    expect=Verdict.INFORMAL,
    reason="a comparison without a criterion; Newton's map x - v'(x)^{-1} v(x) has the same fixed "
    "points where v' is invertible, and the Jacobian 0 there instead of I - gamma v'",
)
def newton() -> None: ...


@claim(
    "survey.two-factors.zero-real-part",
    source="section 5.2.1, first item",
    formal=r"moved - a^2 = \gamma^2 b^2 a^2",
    says="convergence suffers from eigenvalues with zero real part: on V = b theta psi, whose "
    "eigenvalues are +-b i, every step multiplies the squared distance from (0, 0) by "
    "1 + gamma^2 b^2 > 1, from the start (a, 0)",
    expect=Verdict.PROVED,
)
def zero_real_part() -> Examination:
    map_ = rules.named("simultaneous")(game(b * theta * psi), gamma)
    image = [f.subs({theta: a, psi: 0}, simultaneous=True) for f in map_.rhs]

    def number(place: Place) -> Any:
        x, y = place["a"], mpmath.mpf(0)
        slopes = [
            mpmath.diff(lambda t: place["b"] * t * y, x),
            mpmath.diff(lambda t: place["b"] * x * t, y),
        ]
        return (x - place["gamma"] * slopes[0]) ** 2 + (y + place["gamma"] * slopes[1]) ** 2

    return Examination(
        eq(moved - a**2, gamma**2 * b**2 * a**2),
        {moved: sp.expand(sum(f**2 for f in image))},
        by_numbers(
            {moved: number},
            points=({a: 1, b: 2, gamma: Rational(1, 3)}, {a: 3, b: Rational(1, 2), gamma: 1}),
            kind="differentiated:mpmath",
            digits=25,
        ),
    )


def _best(real: Any, imaginary: Any) -> Any:
    """The least |1 - gamma lambda|^2 over all steps, attained at a/(a^2 + b^2)."""
    step = Symbol("step", positive=True)
    size = sp.expand((1 - step * real) ** 2 + step**2 * imaginary**2)
    (optimum,) = sp.solve(sp.diff(size, step), step)
    return sp.factor(size.subs(step, optimum))


def _searched(real: str, imaginary: str) -> Any:
    """The same minimum by golden-section search: its value is right to twice the digits."""

    def number(place: Place) -> Any:
        x, y = place[real], place[imaginary]
        low, high = mpmath.mpf(0), 2 * x / (x * x + y * y)
        ratio = (mpmath.sqrt(5) - 1) / 2

        def size(t: Any) -> Any:
            return abs(1 - t * mpmath.mpc(x, y)) ** 2

        for _ in range(120):
            one, two = high - ratio * (high - low), low + ratio * (high - low)
            low, high = (low, two) if size(one) < size(two) else (one, high)
        return size((low + high) / 2)

    return number


@claim(
    "survey.two-factors.imaginary-part",
    source="section 5.2.1, second item",
    formal=r"wide > narrow",
    says="convergence suffers from eigenvalues with big imaginary part: the best step for a + di "
    "contracts less than that for c + bi whenever d > b, and both real parts are positive",
    expect=Verdict.CONDITIONAL,
    repair="compare the imaginary part with the real part: the best contraction is "
    "b^2/(a^2 + b^2), a function of b/a alone; at equal real parts the sentence is right",
)
def imaginary_part() -> Examination:
    return Examination(
        wide > narrow,
        {wide: _best(a, d), narrow: _best(c, b)},
        by_numbers(
            {wide: _searched("a", "d"), narrow: _searched("c", "b")},
            points=(
                {a: 4, d: 2, c: 1, b: 1},
                {a: 1, d: 3, c: 1, b: 2},
                {a: 2, d: 5, c: 2, b: 1},
            ),
            kind="searched:mpmath",
            digits=15,
        ),
        given=d > b,
        condition=eq(a, c),
        setting={a: 1, c: 1},
        steps=(Step("min over gamma of |1 - gamma (a + bi)|^2 = b^2/(a^2 + b^2)"),),
    )
