r"""Appendix C, last paragraph: eigenvalues on, inside and outside the unit circle."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.algorithm_model import after
from symgan_papers.dynamic.model import (
    BCE,
    WASSERSTEIN,
    Place,
    bce_game,
    eta,
    image,
    psi,
    slope,
    theta,
    update,
    wasserstein_game,
)

POINTS = (
    {theta: 1, psi: 2, eta: Rational(1, 10)},
    {theta: -2, psi: Rational(1, 2), eta: Rational(5, 2)},
)
STATE = (theta, psi)


def _images(fields_in_turn: tuple[str, ...], rate: Any) -> tuple[tuple[Any, Any], ...]:
    """Where updates on numbers take the two unit vectors (Wasserstein loss: a linear map)."""
    found = []
    for x, y in ((mpmath.mpf(1), mpmath.mpf(0)), (mpmath.mpf(0), mpmath.mpf(1))):
        for field in fields_in_turn:
            if field == "V1":
                x = x - rate * slope(WASSERSTEIN, 0, x, y)
            else:
                y = y + rate * slope(WASSERSTEIN, 1, x, y)
        found.append((x, y))
    return tuple(found)


def _area(fields_in_turn: tuple[str, ...]) -> Any:
    def measure(q: Place) -> Any:
        (a, c), (b, d) = _images(fields_in_turn, q["eta"])
        return a * d - b * c

    return measure


def _radius(fields_in_turn: tuple[str, ...], rate: Any) -> Any:
    def measure(_: Place) -> Any:
        (a, c), (b, d) = _images(fields_in_turn, rate)
        values = mpmath.eig(mpmath.matrix([[a, b], [c, d]]), left=False, right=False)
        return max(abs(v) for v in values)

    return measure


@claim(
    "dynamic.appc.unit-circle.single",
    source="appendix C, last paragraph",
    formal=r"(\lambda - 1)^2 = 0",
    says="an oracle's update operator has eigenvalues of absolute value on the unit circle: on "
    "the Dirac-GAN with Wasserstein loss both single updates have the double eigenvalue 1",
    expect=Verdict.PROVED,
)
def single() -> Examination:
    names = sp.symbols("det_1 det_2 trace_1 trace_2", real=True)
    steps = [update(wasserstein_game(), field).jacobian() for field in ("V1", "V2")]
    values = (*(sp.expand(m.det()) for m in steps), *(sp.expand(m.trace()) for m in steps))

    def trace(field: str) -> Any:
        def measure(q: Place) -> Any:
            (a, _), (_, d) = _images((field,), q["eta"])
            return a + d

        return measure

    measured = (_area(("V1",)), _area(("V2",)), trace("V1"), trace("V2"))
    return Examination(
        sp.And(*(eq(n, v) for n, v in zip(names, (1, 1, 2, 2), strict=True))),
        dict(zip(names, values, strict=True)),
        by_numbers(dict(zip(names, measured, strict=True)), points=POINTS, digits=25),
        steps=(Step("determinant 1 and trace 2: (lambda - 1)^2"),),
    )


SEQUENCE = ("V1", "V2", "V2", "V1", "V2")


@claim(
    "dynamic.appc.unit-circle.inside",
    source="appendix C, last paragraph",
    formal=r"|\det F'| < 1",
    says="an oracle can ensure eigenvalues inside the unit circle: judged on a sequence of "
    "updates (V_1, V_2, V_2, V_1, V_2) of the Dirac-GAN with Wasserstein loss",
    expect=Verdict.REFUTED,
    amended=r"\det F' = 1",
    repair="every product of updates by V_1 and V_2 has determinant 1, so no sequence has both "
    "eigenvalues inside; what converges does so by switching, not by eigenvalues",
)
def inside() -> Examination:
    determinant = Symbol("det", real=True)
    x, y = after(wasserstein_game(), *SEQUENCE)
    jacobian = sp.Matrix([x, y]).jacobian(STATE)
    return Examination(
        determinant < 1,
        {determinant: sp.expand(jacobian.det())},
        by_numbers({determinant: _area(SEQUENCE)}, points=POINTS, digits=25),
        amendment=eq(determinant, 1),
        steps=(Step("each factor is a shear of determinant 1, so every product is"),),
    )


RATE = Rational(1, 10)
"""The learning rate of Figure 2."""
first_count, second_count = sp.symbols("p q", positive=True, integer=True)


def _fields_of_a_period() -> tuple[str, ...]:
    """What the oracle applies from (1, 0) until theta is again alone, ties moving the mover."""
    game, state, found = wasserstein_game(), (sp.Integer(1), sp.Integer(0)), []
    while not found or state[1] != 0:
        product = state[0] * state[1]
        found.append("V1" if product < 0 or state[0] == 0 else "V2")
        state = image(update(game, found[-1], RATE), *state)
    return tuple(found)


def _recounted_period() -> tuple[str, ...]:
    """The same with theta and psi in tenths and hundredths, as integers."""
    x, y, found = 10000, 0, []
    while not found or y:
        generator = x * y < 0 or x == 0
        x, y = (x + y // 10, y) if generator else (x, y - x // 10)
        found.append("V1" if generator else "V2")
    return tuple(found)


def _radius_of_the_period(q: Place) -> Any:
    return _radius(_recounted_period(), mpmath.mpf(1) / 10)(q)


def _phases_trace(q: Place) -> Any:
    """The trace of p updates by V_1 and q by V_2, from the images of the unit vectors."""
    turns = ("V2",) * int(q["q"]) + ("V1",) * int(q["p"])
    (a, _), (_, d) = _images(turns, q["eta"])
    return a + d


@claim(
    "dynamic.appc.unit-circle.product",
    source="appendix C, last paragraph",
    formal=r"\rho(F_\zeta) \le 1",
    says="with a non-infinitesimal learning rate the oracle ensures absolute values of at most 1; "
    "judged at Figure 2's learning rate 1/10 on the product of the updates that the oracle makes "
    "on the Dirac-GAN with Wasserstein loss from (1, 0) until it is at (-1/100, 0)",
    expect=Verdict.REFUTED,
    amended=r"\rho(F_\zeta) = 100,\quad \operatorname{tr} F_1^p F_2^q = 2 - p q \eta^2",
    repair="drop the sentence: for no eta > 0 do the products that the oracle makes stay in the "
    "unit circle, since its phases have any length; where its orbits converge, as this one does, "
    "the state lies on the contracting eigenvector",
)
def product() -> Examination:
    radius, trace = sp.symbols("rho trace", real=True)
    turns = _fields_of_a_period()
    shears = {f: update(wasserstein_game(), f, RATE).jacobian() for f in ("V1", "V2")}
    whole = sp.eye(2)
    for field in turns:
        whole = shears[field] * whole
    one, two = (update(wasserstein_game(), field).jacobian() for field in ("V1", "V2"))
    phases = one**first_count * two**second_count
    exact = {
        radius: max(abs(v) for v in whole.eigenvals()),
        trace: sp.expand(phases.trace()),
    }
    numbers = {
        radius: _radius_of_the_period,
        trace: _phases_trace,
    }
    points = (
        {eta: RATE, first_count: 101, second_count: 101},
        {eta: Rational(3, 2), first_count: 1, second_count: 1},
        {eta: Rational(1, 3), first_count: 2, second_count: 5},
    )
    return Examination(
        radius <= 1,
        exact,
        # 202 difference quotients of about 30 digits each, one after the other.
        by_numbers(numbers, points=points, digits=20),
        amendment=sp.And(
            eq(radius, 100), eq(trace, 2 - first_count * second_count * eta**2)
        ),
        steps=(
            Step(f"the updates: V_2, V_1 {turns.count('V1')} times, V_2 again", whole),
            Step("(1, 0) is taken to (-1/100, 0): the contracting eigenvector; the other is -100"),
            Step("a phase from (t, -p) makes at least t/(eta p) updates, so p q eta^2 > 4 occurs "
                 "for every eta, and then the trace is below -2"),
        ),
    )  # fmt: skip


@claim(
    "dynamic.appc.unit-circle.bce",
    source="appendix C, last paragraph",
    formal=r"\lambda(F_1') \le 1",
    says="the same with BCE loss, for a single update V_1 of the Dirac-GAN",
    expect=Verdict.REFUTED,
    amended=r"\lambda(F_1') = 1 + \frac{\eta\psi^2 e^{\psi\theta}}{(1 + e^{\psi\theta})^2},"
    r"\quad \lambda(F_2') = 1 - \frac{\eta\theta^2 e^{\psi\theta}}{(1 + e^{\psi\theta})^2}",
    repair="V_1 expands wherever psi is not 0; V_2 stays in the unit circle exactly where eta "
    "theta^2 sigma'(psi theta) <= 2, which (theta, psi) = (3, 0) with eta = 1 does not obey",
)
def bce() -> Examination:
    one, two = sp.symbols("lambda_1 lambda_2", real=True)
    first, second = (update(bce_game(), field).jacobian() for field in ("V1", "V2"))
    wave = sp.exp(psi * theta)
    bump = wave / (1 + wave) ** 2

    def in_theta(q: Place) -> Any:
        return 1 - q["eta"] * mpmath.diff(lambda x: BCE(x, q["psi"]), q["theta"], 2)

    def in_psi(q: Place) -> Any:
        return 1 + q["eta"] * mpmath.diff(lambda y: BCE(q["theta"], y), q["psi"], 2)

    return Examination(
        one <= 1,
        {one: first[0, 0], two: second[1, 1]},
        by_numbers({one: in_theta, two: in_psi}, points=POINTS, digits=20),
        amendment=sp.And(eq(one, 1 + eta * psi**2 * bump), eq(two, 1 - eta * theta**2 * bump)),
        steps=(
            Step("the Jacobians are triangular: eigenvalues 1 and", first[0, 0]),
            Step("for V_2: 1 and", second[1, 1]),
        ),
    )
