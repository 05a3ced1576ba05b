r"""Abstract and section 1: what is said of Sim-GDA, Alt-GDA and the new method."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Rational

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.algorithm_model import linear_part, penalized_dirac
from symgan_papers.dynamic.model import (
    WASSERSTEIN,
    Place,
    eta,
    image,
    psi,
    theta,
    update,
    wasserstein_game,
)

RATES = ({eta: Rational(1, 10)}, {eta: 1}, {eta: Rational(19, 10)})
READ_OFF = 15
"""Digits: linear parts are read off states of size 1e-20."""


def _penalized(x: Any, y: Any) -> Any:
    return -x * y - y * y / 2


@claim(
    "dynamic.abstract.reputation",
    source="abstract and section 1",
    says="GANs have a notorious reputation for instability; min-max problems are challenging; "
    "stabilizing GANs remains open",
    expect=Verdict.INFORMAL,
    reason="an assessment of the literature",
)
def reputation() -> None: ...


@claim(
    "dynamic.abstract.nearly-all",
    source="abstract, sections 1 and 2.1, Figure 1",
    says="nearly all GAN optimization is built on simultaneous or alternating updates",
    expect=Verdict.INFORMAL,
    reason="a survey of practice, without a count",
)
def nearly_all() -> None: ...


@claim(
    "dynamic.abstract.non-convergent",
    source="abstract; sections 1 and 3.2",
    formal=r"\det_{Sim} = 1 + \eta^2,\quad \det_{Alt} = 1",
    says="simple GANs are not convergent under Sim-GDA and Alt-GDA: on the Dirac-GAN with "
    "Wasserstein loss one simultaneous step multiplies areas by 1 + eta^2, one alternating round "
    "keeps them, for every learning rate",
    expect=Verdict.PROVED,
)
def non_convergent() -> Examination:
    sim, alt = sp.symbols("det_Sim det_Alt", real=True)
    game = wasserstein_game()
    exact = {
        sim: sp.expand(update(game, "V3").jacobian().det()),
        alt: sp.expand(update(game, "V2").then(update(game, "V1")).jacobian().det()),
    }
    numbers = {
        sim: linear_part(WASSERSTEIN, in_turn=False)[0],
        alt: linear_part(WASSERSTEIN, in_turn=True)[0],
    }
    return Examination(
        sp.And(eq(sim, 1 + eta**2), eq(alt, 1)),
        exact,
        by_numbers(numbers, kind="iterated:mpmath", points=RATES, digits=READ_OFF),
        steps=(Step("a linear map that tends to 0 everywhere has |det| < 1"),),
    )


@claim(
    "dynamic.abstract.contrast",
    source="abstract, second but last sentence; section 3, first paragraph",
    formal=r"T_{Alt}^2 - 4 \ge 0",
    says="in contrast to Sim-GDA and Alt-GDA the new method is Lyapunov stable with "
    "non-infinitesimal learning rates; judged by what would make Alt-GDA unstable on the Dirac-GAN "
    "with Wasserstein loss for every learning rate: a trace T with |T| >= 2",
    expect=Verdict.REFUTED,
    amended=r"(\theta^+)^2 - \eta\theta^+\psi^+ + (\psi^+)^2 = \theta^2 - \eta\theta\psi + \psi^2,"
    r"\quad T_{Alt}^2 - 4 = \eta^2(\eta^2 - 4)",
    repair="say Sim-GDA only: for eta < 2 Alt-GDA keeps a positive definite quadratic form and is "
    "Lyapunov stable, with the same threshold 2 as the Dirac oracle",
)
def contrast() -> Examination:
    kept, trace = sp.symbols("Q^+ T^2-4", real=True)
    step = update(wasserstein_game(), "V2").then(update(wasserstein_game(), "V1"))
    x, y = image(step, theta, psi)
    exact = {
        kept: sp.expand(x**2 - eta * x * y + y**2),
        trace: sp.factor(step.jacobian().trace() ** 2 - 4),
    }

    def form(q: Place) -> Any:
        rate, b = q["eta"], q["psi"] - q["eta"] * q["theta"]
        a = q["theta"] + rate * b
        return a * a - rate * a * b + b * b

    measured = linear_part(WASSERSTEIN, in_turn=True)[1]
    numbers = {kept: form, trace: lambda q: measured(q) ** 2 - 4}
    points = tuple(r | {theta: 2, psi: -1} for r in RATES)
    return Examination(
        trace >= 0,
        exact,
        by_numbers(numbers, kind="iterated:mpmath", points=points, digits=READ_OFF),
        given=eta < 2,
        amendment=sp.And(
            eq(kept, theta**2 - eta * theta * psi + psi**2), eq(trace, eta**2 * (eta**2 - 4))
        ),
        steps=(
            Step("one round, discriminator first", sp.Tuple(x, y)),
            Step("the form is positive definite exactly for eta < 2"),
        ),
    )


@claim(
    "dynamic.abstract.analogs",
    source="abstract and section 1",
    says="Dynamic-GDA leverages generalized analogs of the properties of the simple case",
    expect=Verdict.INFORMAL,
    reason="a description; which properties carry over is judged in sections 4 and 5",
)
def analogs() -> None: ...


@claim(
    "dynamic.intro.guarantees",
    source="section 1, fourth paragraph",
    formal=r"\det_{Sim} \ge 1",
    says="Alt-GDA and Sim-GDA have proven convergence guarantees only under impractical "
    "assumptions such as unconstrained training time or infinitesimal learning rates; read as: at "
    "no fixed learning rate is convergence certain, which is the second half (the first, on time, "
    "is not judged); on the Dirac-GAN with gradient penalty psi^2/2 and Sim-GDA, eta < 1",
    expect=Verdict.REFUTED,
    amended=r"|\lambda_{Sim}|^2 = 1 - \eta + \eta^2 < 1,\quad D_{Sim} = -3\eta^2",
    repair="only local guarantees; equation (9) of the paper itself is a bound of finite size, and "
    "at a linear rate the time to any precision is bounded",
)
def guarantees() -> Examination:
    det, disc = sp.symbols("det_Sim D_Sim", real=True)
    jacobian = update(penalized_dirac(), "V3").jacobian()
    exact = {
        det: sp.expand(jacobian.det()),
        disc: sp.expand(jacobian.trace() ** 2 - 4 * jacobian.det()),
    }
    determinant, trace = linear_part(_penalized, in_turn=False)
    numbers = {det: determinant, disc: lambda q: trace(q) ** 2 - 4 * determinant(q)}
    return Examination(
        det >= 1,
        exact,
        by_numbers(
            numbers,
            kind="iterated:mpmath",
            points=({eta: Rational(1, 10)}, {eta: Rational(1, 2)}),
            digits=READ_OFF,
        ),
        given=eta < 1,
        amendment=sp.And(eq(det, 1 - eta + eta**2), det < 1, eq(disc, -3 * eta**2)),
        steps=(
            Step("the map is linear, so it converges from everywhere", jacobian),
            Step("eigenvalues are not real: their squared modulus is the determinant"),
        ),
    )


@claim(
    "dynamic.intro.strong",
    source="section 1, fifth paragraph",
    formal=r"\theta_8^2 + \psi_8^2 < 2",
    says="simple GANs with the oracle have strong Lyapunov stability; 'strong' is not defined and "
    "is read as asymptotic here: on the Dirac-GAN with Wasserstein loss, learning rate 1, from "
    "(1, 1), moving at a tie the player whose gradient is not zero",
    expect=Verdict.REFUTED,
    amended=r"(\theta_8, \psi_8) = (\theta_0, \psi_0)",
    repair="drop 'strong': at learning rate 1 the orbit of (1, 1) has period 8, and with a tie "
    "rule that repeats V_1 it stops at (1, 0), no equilibrium",
)
def strong() -> Examination:
    names = sp.symbols("theta_8 psi_8", real=True)
    game, state = wasserstein_game(), (sp.Integer(1), sp.Integer(1))
    for _ in range(8):
        state = image(update(game, _moving(*state), sp.Integer(1)), *state)

    def measured(part: int) -> Any:
        def measure(_: Place) -> Any:
            x, y = 1, 1
            for _step in range(8):
                generator = x * y < 0 or x == 0
                x, y = (x + y, y) if generator else (x, y - x)
            return (x, y)[part]

        return measure

    return Examination(
        names[0] ** 2 + names[1] ** 2 < 2,
        dict(zip(names, state, strict=True)),
        by_numbers({names[0]: measured(0), names[1]: measured(1)}, kind="simulated:integers"),
        amendment=sp.And(eq(names[0], 1), eq(names[1], 1)),
        steps=(Step("(1,1), (1,0), (1,-1), (0,-1), (-1,-1), (-1,0), (-1,1), (0,1), (1,1)"),),
    )


def _moving(x: Any, y: Any) -> str:
    """The oracle's field; at a tie that of the player whose gradient is not zero."""
    if x * y == 0:
        return "V1" if x == 0 else "V2"
    return "V1" if x * y < 0 else "V2"


@claim(
    "dynamic.intro.state-of-the-art",
    source="section 1, first contribution",
    says="state-of-the-art GAN methods with adaptive updating patterns have stronger stability "
    "than with Alt-GDA or Sim-GDA, shown theoretically",
    expect=Verdict.INFORMAL,
    reason="the theory covers the Dirac-GAN with two losses (theorem 3.1) and theorem 5.1; no "
    "state-of-the-art method is analyzed",
)
def state_of_the_art() -> None: ...


@claim(
    "dynamic.intro.all-proofs",
    source="section 1, last sentence",
    says="the appendix holds all proofs",
    expect=Verdict.INFORMAL,
    reason="a remark on the text; the proof of theorem 5.1 is marked a sketch, and the bound of "
    "lemma D.6 is missing",
)
def all_proofs() -> None: ...


@claim(
    "dynamic.intro.order",
    source="section 1, first paragraph",
    says="the order of updates is among the most overlooked aspects of GAN training",
    expect=Verdict.INFORMAL,
    reason="an assessment; that the order matters is dynamic.alg1.order",
)
def order() -> None: ...
