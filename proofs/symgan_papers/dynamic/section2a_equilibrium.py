r"""Section 2.1: the min-max problem, its loss, and what an equilibrium is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mpmath
import sympy as sp

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.model import (
    BCE,
    WASSERSTEIN,
    bce_game,
    examined,
    psi,
    theta,
    wasserstein_game,
)

Place = Mapping[str, Any]
p, q = sp.symbols("p q", real=True)
AT_REST = {theta: 0, psi: 0}


def curvatures(payoff: Any) -> tuple[Any, Any]:
    """Second derivatives of L in theta and in psi at (0, 0)."""
    found = (sp.diff(payoff, s, 2).subs(AT_REST) for s in (theta, psi))
    first, second = (sp.simplify(c) for c in found)
    return first, second


def measured_curvature(payoff: Any, place: int) -> Any:
    """A second difference quotient of a payoff at (0, 0)."""

    def along(s: Any) -> Any:
        return payoff(s, mpmath.mpf(0)) if place == 0 else payoff(mpmath.mpf(0), s)

    return lambda _: mpmath.diff(along, 0, 2)


@claim(
    "dynamic.eq1",
    source="eq. (1)",
    printed=r"\min_{\theta} \max_{\psi} \mathcal{L}(\theta, \psi)",
    says="theta minimizes and psi maximizes one function L",
    expect=Verdict.INFORMAL,
    reason="a definition: nothing is asserted",
)
def eq1() -> None: ...


@claim(
    "dynamic.saddle.section2",
    source="section 2.1, equilibrium",
    printed=r"\nabla_{\psi}^2 \mathcal{L} < 0 < \nabla_{\theta}^2 \mathcal{L}",
    says="the equilibrium of training, here that of the Dirac-GAN with Wasserstein loss, has "
    "strict curvature of both signs",
    expect=Verdict.REFUTED,
    amended=r"\nabla_\psi^2 L = \nabla_\theta^2 L = 0",
    repair="read the inequalities as weak, or drop them: L = -psi theta is linear in each player",
)
def section2_saddle() -> Examination:
    return _strict_saddle(wasserstein_game().losses[0], WASSERSTEIN, swapped=False)


@claim(
    "dynamic.saddle.section2.bce",
    source="section 2.1, equilibrium",
    printed=r"\nabla_{\psi}^2 \mathcal{L} < 0 < \nabla_{\theta}^2 \mathcal{L}",
    says="the same for the Dirac-GAN with BCE loss",
    expect=Verdict.REFUTED,
    amended=r"\nabla_\psi^2 L = \nabla_\theta^2 L = 0",
    repair="read the inequalities as weak: L depends on psi theta alone, so both curvatures "
    "vanish at (0, 0) for every loss",
)
def section2_saddle_bce() -> Examination:
    return _strict_saddle(bce_game().losses[0], BCE, swapped=False)


@claim(
    "dynamic.saddle.appendix-d",
    source="appendix D, below eq. (11)",
    printed=r"\nabla_{\theta}^2 \mathcal{L}(\theta, \psi) < 0 < \nabla_{\psi}^2"
    r" \mathcal{L}(\theta, \psi)",
    says="the saddle points to be solved for have the opposite curvatures",
    expect=Verdict.REFUTED,
    amended=r"\nabla_\theta^2 L = \nabla_\psi^2 L = 0",
    repair="drop the inequalities: on the Dirac-GAN neither definition has a solution",
)
def appendix_d_saddle() -> Examination:
    return _strict_saddle(wasserstein_game().losses[0], WASSERSTEIN, swapped=True)


def _strict_saddle(payoff: Any, numbers: Any, *, swapped: bool) -> Examination:
    names = sp.symbols("L_theta_theta L_psi_psi", real=True)
    exact = dict(zip(names, curvatures(payoff), strict=True))
    measured = {name: measured_curvature(numbers, i) for i, name in enumerate(names)}
    above, below = (names[1], names[0]) if swapped else names
    return Examination(
        sp.And(below < 0, above > 0),
        exact,
        by_numbers(measured, kind="differentiated:mpmath", points=({},), digits=20),
        amendment=sp.And(eq(below, 0), eq(above, 0)),
        steps=(Step("L depends on theta psi alone, so each player's curvature at 0 is 0"),),
    )


@claim(
    "dynamic.saddle.one-definition",
    source="section 2.1 and appendix D",
    formal=r"q < 0",
    says="the two definitions of a saddle point, p the curvature in psi and q that in theta, "
    "say the same: where p < 0 < q, also q < 0 < p",
    expect=Verdict.REFUTED,
    amended=r"q > 0",
    repair="swap theta and psi in appendix D; as printed the two exclude one another",
)
def one_definition() -> Examination:
    given = sp.And(p < 0, q > 0)
    return examined(q < 0, {}, given=given, amendment=q > 0)


QUADRATIC = sp.symbols("alpha beta c", real=True)


def _rates() -> tuple[Any, Any]:
    """Trace and determinant of the flow of L = (alpha theta^2 - beta psi^2)/2 + c theta psi."""
    alpha, beta, c = QUADRATIC
    payoff = (alpha * theta**2 - beta * psi**2) / 2 + c * theta * psi
    flow = sp.Matrix([-sp.diff(payoff, theta), sp.diff(payoff, psi)])
    jacobian = flow.jacobian(sp.Matrix([theta, psi]))
    return jacobian.trace(), jacobian.det()


def _measured_rates(place: Place) -> tuple[Any, Any]:
    """Sum and product of the numerical eigenvalues of the same flow."""
    matrix = mpmath.matrix([[-place["alpha"], -place["c"]], [place["c"], -place["beta"]]])
    first, second = mpmath.eig(matrix, left=False, right=False)
    return mpmath.re(first + second), mpmath.re(first * second)


@claim(
    "dynamic.saddle.section2.min-max",
    source="section 2.1, equilibrium, and eq. (1)",
    formal=r"\operatorname{tr} < 0 < \det",
    says="section 2's definition fits eq. (1): for L = (alpha theta^2 - beta psi^2)/2 + "
    "c theta psi with alpha, beta > 0 the flow of gradient descent-ascent, and so small enough "
    "steps, comes to rest at (0, 0)",
    expect=Verdict.PROVED,
)
def section2_fits() -> Examination:
    alpha, beta, _ = QUADRATIC
    return _attracts(sp.And(alpha > 0, beta > 0))


@claim(
    "dynamic.saddle.appendix-d.min-max",
    source="appendix D, below eq. (11), and eq. (1)",
    formal=r"\operatorname{tr} < 0 < \det",
    says="appendix D's definition fits eq. (1) too: with alpha, beta < 0 the flow of gradient "
    "descent-ascent comes to rest at (0, 0)",
    expect=Verdict.REFUTED,
    amended=r"\operatorname{tr} > 0",
    repair="swap theta and psi: the printed signs are those of max over theta, min over psi",
)
def appendix_d_repels() -> Examination:
    alpha, beta, _ = QUADRATIC
    return _attracts(sp.And(alpha < 0, beta < 0), repelled=True)


def _attracts(given: Any, *, repelled: bool = False) -> Examination:
    alpha, beta, c = QUADRATIC
    trace, det = sp.symbols("tr det", real=True)
    exact = dict(zip((trace, det), _rates(), strict=True))
    sign = -1 if repelled else 1
    points = tuple(
        {alpha: sign * x, beta: sign * y, c: z}
        for x, y, z in ((1, 2, 1), (sp.Rational(1, 3), 1, -2), (3, 1, sp.Rational(1, 2)))
    )
    numbers = {
        trace: lambda place: _measured_rates(place)[0],
        det: lambda place: _measured_rates(place)[1],
    }
    return Examination(
        sp.And(trace < 0, det > 0),
        exact,
        by_numbers(numbers, kind="eigenvalues:mpmath", points=points),
        given=given,
        amendment=sp.And(trace > 0, det > 0) if repelled else None,
        steps=(Step("trace and determinant of the flow", sp.Tuple(*_rates())),),
    )


@claim(
    "dynamic.saddle.matches",
    source="section 2.1, equilibrium",
    formal=r"\nabla L(1, 0) \ne 0",
    says="at an equilibrium the synthetic distribution is the target's: in particular for "
    "d(x) = -(x - 1)^2/2 + psi x (x - 1) + psi^2 x/2, data at 0 and synthetic data at theta, "
    "(1, 0) is none: as its curvatures have the strict signs, its gradient does not vanish",
    expect=Verdict.REFUTED,
    amended=r"L_\theta = L_\psi = 0, \quad L_{\theta\theta} = 1, \quad L_{\psi\psi} = -1",
    repair="require that d can tell the two distributions apart near the equilibrium, as "
    "Mescheder et al. 2018 do (assumption I); on the Dirac-GAN it holds",
)
def matches() -> Examination:
    names = sp.symbols("L_theta L_psi L_theta_theta L_psi_psi", real=True)

    def critic(x: Any, weight: Any) -> Any:
        return -((x - 1) ** 2) / 2 + weight * x * (x - 1) + weight**2 * x / 2

    payoff, at = critic(sp.Integer(0), psi) - critic(theta, psi), {theta: 1, psi: 0}
    orders = ((theta, 1), (psi, 1), (theta, 2), (psi, 2))
    slopes = (sp.diff(payoff, s, n).subs(at) for s, n in orders)

    def numbers(x: Any, y: Any) -> Any:
        return critic(mpmath.mpf(0), y) - critic(x, y)

    def measured(place: int, order: int) -> Any:
        if place == 0:
            return lambda _: mpmath.diff(lambda s: numbers(s, mpmath.mpf(0)), 1, order)
        return lambda _: mpmath.diff(lambda s: numbers(mpmath.mpf(1), s), 0, order)

    cases = ((0, 1), (1, 1), (0, 2), (1, 2))
    first, second, upward, downward = names
    return Examination(
        first**2 + second**2 > 0,
        dict(zip(names, slopes, strict=True)),
        by_numbers(
            {n: measured(*case) for n, case in zip(names, cases, strict=True)},
            kind="differentiated:mpmath",
            points=({},),
            digits=20,
        ),
        amendment=sp.And(eq(first, 0), eq(second, 0), eq(upward, 1), eq(downward, -1)),
        steps=(Step("a strict saddle point of L = d(0) - d(theta) with the synthetic atom at 1"),),
    )
