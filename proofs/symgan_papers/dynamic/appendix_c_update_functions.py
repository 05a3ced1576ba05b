r"""Appendix C: what an oracle can and cannot do to the eigenvalues; Figure 6's caption."""

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
    fields,
    paper_game,
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
    "dynamic.appc.unilateral",
    source="appendix C, first sentence",
    says="earlier work assumes one update function for all initial conditions",
    expect=Verdict.INFORMAL,
    reason="a description of the literature",
)
def unilateral() -> None: ...


@claim(
    "dynamic.appc.all-iterates",
    source="appendix C, second sentence",
    formal=r"F'(\frac{3}{2}) \ge -1",
    says="the learning rate must be so small that the eigenvalues of F' are in the unit ball at "
    "all iterates; judged on L = theta^2/2 + theta^4/4 - psi^2/2, eta = 1/2, from theta = 3/2",
    expect=Verdict.REFUTED,
    amended=r"F'(\frac{3}{2}) = -\frac{23}{8},\quad"
    r" \frac{F(\theta)}{\theta} = \frac{1 - \theta^2}{2}",
    repair="at the equilibrium; elsewhere it is neither needed (here every start with "
    "theta^2 < 3 converges) nor enough for a sequence of different maps",
)
def all_iterates() -> Examination:
    expansion, ratio = sp.symbols("F'(3/2) F/theta", real=True)
    game = paper_game(theta**2 / 2 + theta**4 / 4 - psi**2 / 2, "quartic")
    moved = after(game, "V3", rate=Rational(1, 2))[0]
    exact = {
        expansion: sp.diff(moved, theta).subs(theta, Rational(3, 2)),
        ratio: sp.cancel(moved / theta),
    }

    def on(x: Any) -> Any:
        return x - mpmath.diff(lambda u: u**2 / 2 + u**4 / 4, x) / 2

    numbers = {
        expansion: lambda _: mpmath.diff(on, mpmath.mpf(3) / 2),
        ratio: lambda q: on(q["theta"]) / q["theta"],
    }
    points = ({theta: Rational(3, 2)}, {theta: -1}, {theta: Rational(1, 3)})
    return Examination(
        expansion >= -1,
        exact,
        # A difference quotient of a difference quotient keeps about half of the digits.
        by_numbers(numbers, points=points, digits=15),
        amendment=sp.And(eq(expansion, Rational(-23, 8)), eq(ratio, (1 - theta**2) / 2)),
        given=sp.Ne(theta, 0),
        steps=(
            Step("one step of Sim-GDA in theta", moved),
            Step("|1 - theta^2| < 2 for theta^2 < 3: the distance shrinks at every iterate"),
        ),
    )


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


@claim(
    "dynamic.appc.unit-circle.product",
    source="appendix C, last paragraph",
    formal=r"\rho(F_1 F_2) \le 1",
    says="with a non-infinitesimal learning rate the oracle ensures absolute values of at most 1; "
    "judged on two iterations (V_2, V_1) at learning rate 5/2",
    expect=Verdict.REFUTED,
    amended=r"\rho(F_1 F_2) = 4",
    repair="for eta < 2; beyond it the compositions that the oracle makes are hyperbolic",
)
def product() -> Examination:
    radius, rate = Symbol("rho", real=True), Rational(5, 2)
    x, y = after(wasserstein_game(), "V2", "V1", rate=rate)
    values = sp.Matrix([x, y]).jacobian(STATE).eigenvals()
    return Examination(
        radius <= 1,
        {radius: max(abs(v) for v in values)},
        by_numbers({radius: _radius(("V2", "V1"), mpmath.mpf(5) / 2)}, digits=25),
        amendment=eq(radius, 4),
        steps=(Step("eigenvalues -4 and -1/4; dynamic.thm5-1.lyapunov.any-rate is such an orbit"),),
    )


@claim(
    "dynamic.appc.unit-circle.bce",
    source="appendix C, last paragraph",
    formal=r"\lambda(F_1') \le 1",
    says="the same with BCE loss, for a single update V_1 of the Dirac-GAN",
    expect=Verdict.REFUTED,
    amended=r"\lambda(F_1') = 1 + \frac{\eta\psi^2 e^{\psi\theta}}{(1 + e^{\psi\theta})^2}",
    repair="V_1 expands wherever psi is not 0, V_2 contracts wherever theta is not 0",
)
def bce() -> Examination:
    value = Symbol("lambda", real=True)
    jacobian = update(bce_game(), "V1").jacobian()
    wave = sp.exp(psi * theta)

    def measured(q: Place) -> Any:
        return 1 - q["eta"] * mpmath.diff(lambda x: BCE(x, q["psi"]), q["theta"], 2)

    return Examination(
        value <= 1,
        {value: jacobian[0, 0]},
        by_numbers({value: measured}, points=POINTS, digits=20),
        amendment=eq(value, 1 + eta * psi**2 * wave / (1 + wave) ** 2),
        steps=(Step("the Jacobian is triangular: eigenvalues 1 and", jacobian[0, 0]),),
    )


@claim(
    "dynamic.appc.decomposition",
    source="appendix C, last sentence; Figure 6, caption",
    formal=r"V_1 \cdot V_2 = 0,\quad |V_3|^2 = |V_1|^2 + |V_2|^2",
    says="Figure 6 decomposes the gradient field v into orthogonal components of generator and "
    "discriminator; for the Dirac-GAN with Wasserstein loss",
    expect=Verdict.PROVED,
)
def decomposition() -> Examination:
    names = sp.symbols("V_1*V_2 |V_3|^2", real=True)
    one, two, both = (sp.Matrix(fields(wasserstein_game())[key]) for key in ("V1", "V2", "V3"))
    exact = {names[0]: one.dot(two), names[1]: sp.expand(both.dot(both))}

    def moves(q: Place) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
        """What V_1 and V_2 do to the state, an update of the learning rate 1."""
        x, y = q["theta"], q["psi"]
        by_one = (x - slope(WASSERSTEIN, 0, x, y), y)
        by_two = (x, y + slope(WASSERSTEIN, 1, x, y))
        return (by_one[0] - x, by_one[1] - y), (by_two[0] - x, by_two[1] - y)

    def dot(q: Place) -> Any:
        (a, b), (c, d) = moves(q)
        return a * c + b * d

    def norm(q: Place) -> Any:
        (a, b), (c, d) = moves(q)
        return (a + c) ** 2 + (b + d) ** 2

    return Examination(
        sp.And(eq(names[0], 0), eq(names[1], one.dot(one) + two.dot(two))),
        exact,
        by_numbers({names[0]: dot, names[1]: norm}, points=POINTS, digits=20),
    )


@claim(
    "dynamic.appc.flexibility",
    source="appendix C, last sentence; Figure 6, caption",
    says="adaptive choice of the field gives greater flexibility; such regimes can seek saddle "
    "points more efficiently",
    expect=Verdict.INFORMAL,
    reason="'flexibility' and 'efficiently' are not measured; what the oracle gains on the "
    "Dirac-GAN is judged with theorem 3.1",
)
def flexibility() -> None: ...
