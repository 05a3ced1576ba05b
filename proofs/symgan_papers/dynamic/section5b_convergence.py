r"""Theorem 5.1, second assertion: locally convergent where Sim-GDA and Alt-GDA are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.algorithm_model import (
    Numbers,
    linear_part,
    penalized_dirac,
    run,
)
from symgan_papers.dynamic.model import Place, eta, image, paper_game, psi, theta, update
from symgan_papers.dynamic.section5a_lyapunov import (
    GROWTH,
    HALF,
    SMALL,
    SPIRAL,
    SPIRAL_RATE,
    exact_growth,
    measured_growth,
    spiral_game,
    spiral_period,
)

READ_OFF = 15
"""Digits: linear parts are read off states of size 1e-20."""

t = Symbol("t", positive=True)


@claim(
    "dynamic.thm5-1.converges",
    source="theorem 5.1, second sentence, main text and appendix",
    formal=r"G < 1",
    says="where Sim-GDA and Alt-GDA are locally convergent Dynamic-GDA is too; judged on the GAN "
    "of dynamic.thm5-1.lyapunov, L = theta^2 - psi theta - psi^2/16, strictly convex-concave at "
    "its saddle point (0, 0), with learning rate 1/2, where both others converge",
    expect=Verdict.REFUTED,
    amended=r"G = 4 - 5\left(\frac{15}{16}\right)^{11},\quad |\lambda_{Sim}|^2 = \frac{1}{4},"
    r"\quad \lambda_{Alt} \in \{0, \frac{11}{16}\}",
    repair="none within the method: a rule that updates one player alone for as long as the "
    "projections stay separated lets the other wait at a distance that it has long outgrown",
)
def converges() -> Examination:
    names = sp.symbols("det_Sim disc_Sim det_Alt trace_Alt", real=True)
    game = spiral_game()
    sim = update(game, "V3", SPIRAL_RATE).jacobian()
    alt = update(game, "V2", SPIRAL_RATE).then(update(game, "V1", SPIRAL_RATE)).jacobian()
    bends = sp.symbols("L_theta_theta L_psi_psi", real=True)
    values = (sim.det(), sim.trace() ** 2 - 4 * sim.det(), alt.det(), alt.trace())
    exact = {
        GROWTH: exact_growth(),
        **dict(zip(names, values, strict=True)),
        bends[0]: sp.diff(game.losses[0], theta, 2),
        bends[1]: sp.diff(game.losses[0], psi, 2),
    }
    at_rest, half = (mpmath.mpf(0), mpmath.mpf(0)), {"eta": mpmath.mpf(1) / 2}
    sim_det, sim_trace = linear_part(SPIRAL.payoff, in_turn=False)
    alt_det, alt_trace = linear_part(SPIRAL.payoff, in_turn=True)
    numbers = {
        GROWTH: measured_growth,
        names[0]: lambda _: sim_det(half),
        names[1]: lambda _: sim_trace(half) ** 2 - 4 * sim_det(half),
        names[2]: lambda _: mpmath.chop(alt_det(half), mpmath.mpf(10) ** -READ_OFF),
        names[3]: lambda _: alt_trace(half),
        bends[0]: lambda _: mpmath.diff(SPIRAL.payoff, at_rest, (2, 0)),
        bends[1]: lambda _: mpmath.diff(SPIRAL.payoff, at_rest, (0, 2)),
    }
    return Examination(
        GROWTH < 1,
        exact,
        # The linear parts are read off states of size 1e-20.
        by_numbers(numbers, digits=READ_OFF),
        amendment=sp.And(
            eq(GROWTH, 4 - 5 * Rational(15, 16) ** 11),
            eq(names[0], Rational(1, 4)),
            names[1] < 0,
            eq(names[2], 0),
            eq(names[3], Rational(11, 16)),
            eq(bends[0], 2),
            eq(bends[1], Rational(-1, 8)),
        ),
        steps=(
            Step("Jacobian of Sim-GDA's step: its eigenvalues are not real", sim),
            Step("Jacobian of Alt-GDA's round, discriminator first", alt),
            Step("L_theta_theta = 2 > 0 > -1/8 = L_psi_psi: a strict saddle point"),
            Step("Dynamic-GDA: (t/2, t) is taken to", sp.Tuple(*spiral_period())),
        ),
    )


def _discriminant(
    determinant: Callable[[Place], Any], trace: Callable[[Place], Any]
) -> Callable[[Place], Any]:
    return lambda q: trace(q) ** 2 - 4 * determinant(q)


@claim(
    "dynamic.thm5-1.converges.realizable",
    source="theorem 5.1, second sentence",
    formal=r"w_{LAST} \ne 0",
    says="what the second sentence presupposes: near an equilibrium where both others converge "
    "Dynamic-GDA goes on at all; on the Dirac-GAN with gradient penalty psi^2/2, eta < 1, "
    "from (t, eta t/(1 - eta)), as near as one likes, its quotient w/w_LAST has a value (that it "
    "does not converge where it has is dynamic.thm5-1.converges)",
    expect=Verdict.REFUTED,
    amended=r"w_{LAST} = 0,\quad (\theta_2, \psi_2) = (t, 0),\quad"
    r" \nabla_\psi\mathcal{L} = -t",
    repair="give Algorithm 2 an answer for 0/0: it stands at (t, 0), no equilibrium, with "
    "w = w_LAST = 0",
)
def realizable() -> Examination:
    names = sp.symbols("w_LAST theta_2 psi_2 slope det_Sim det_Alt", real=True)
    game = penalized_dirac()
    start = (t, eta * t / (1 - eta))
    first = tuple(sp.cancel(x) for x in image(update(game, "V2"), *start))
    second = tuple(sp.cancel(x) for x in image(update(game, "V1"), *first))
    rise = sp.diff(game.losses[0], psi).subs({theta: second[0], psi: second[1]})
    sim = update(game, "V3").jacobian()
    alt = update(game, "V2").then(update(game, "V1")).jacobian()
    values = (sp.Abs(first[0] * first[1]), *second, rise, sim.det(), sp.expand(alt.det()))
    gan = Numbers(
        lambda x, y: -y * x - y * y / 2, lambda x, y: [mpmath.mpf(0)], lambda x, y: [y * x]
    )

    def state(number: int, part: int) -> Callable[[Place], Any]:
        def measure(q: Place) -> Any:
            rate = q["eta"]
            found = run(gan, (q["t"], rate * q["t"] / (1 - rate)), rate, number)[0]
            return mpmath.chop(found[number][part], SMALL**5)

        return measure

    measured = (
        lambda q: abs(state(1, 0)(q) * state(1, 1)(q)),
        state(2, 0),
        state(2, 1),
        lambda q: -state(2, 0)(q) - state(2, 1)(q),
        linear_part(gan.payoff, in_turn=False)[0],
        linear_part(gan.payoff, in_turn=True)[0],
    )
    places = ({eta: Rational(1, 4), t: Rational(1, 1000)}, {eta: HALF, t: 1})
    return Examination(
        sp.Ne(names[0], 0, evaluate=False),
        dict(zip(names, values, strict=True)),
        by_numbers(dict(zip(names, measured, strict=True)), points=places, digits=15),
        given=eta < 1,
        amendment=sp.And(
            eq(names[0], 0),
            eq(names[1], t),
            eq(names[2], 0),
            eq(names[3], -t),
            eq(names[4], 1 - eta + eta**2),
            eq(names[5], 1 - eta),
        ),
        steps=(
            Step("the first V_2 ends at psi = 0", sp.Tuple(*first)),
            Step("a tie, w = 0: V_1 follows and moves theta by eta psi = 0"),
            Step("then w = w_LAST = 0 and V_LAST = V_1: 0/0 < c_2?"),
        ),
    )


@claim(
    "dynamic.thm5-1.converges.convex-concave",
    source="theorem 5.1, second sentence",
    formal=r"\theta_4 < \theta_0",
    says="the same for a strictly convex-concave GAN whose generator reaches the data: real atom "
    "0, generated atom theta, critic psi x + x^2, Wasserstein loss, weight decay 3/2 "
    "theta^2 and psi^2, so L = theta^2/2 - psi theta - psi^2; judged from (t, 0), eta <= "
    "1/4, where both others converge",
    expect=Verdict.REFUTED,
    amended=r"\theta_4 = \theta_0 = t,\quad d(\hat{x}) - d(x) = \theta^2 u > 0",
    repair="none within the method: even the best critic, psi = -theta/2, scores the generated "
    "atom higher, so the critic is updated for ever and theta never moves",
)
def convex_concave() -> Examination:
    names = sp.symbols("theta_4 lead det_Sim disc_Sim det_Alt disc_Alt", real=True)
    game = paper_game(theta**2 / 2 - psi * theta - psi**2, "stuck-critic")
    u = Symbol("u", positive=True)  # 1 + psi/theta, which V_2 keeps positive
    state = (t, sp.Integer(0))
    for _ in range(4):
        state = tuple(sp.expand(x) for x in image(update(game, "V2"), state[0], state[1]))
    sim = update(game, "V3").jacobian()
    alt = update(game, "V2").then(update(game, "V1")).jacobian()
    linear = [sp.expand(x) for m in (sim, alt) for x in (m.det(), m.trace() ** 2 - 4 * m.det())]
    values = (state[0], sp.expand((psi * theta + theta**2).subs(psi, (u - 1) * theta)), *linear)
    gan = Numbers(
        lambda x, y: x * x / 2 - y * x - y * y,
        lambda x, y: [mpmath.mpf(0)],
        lambda x, y: [y * x + x * x],
    )

    def last(q: Place) -> Any:
        found, choices = run(gan, (q["t"], mpmath.mpf(0)), q["eta"], 4)
        assert choices == [2, 2, 2, 2]
        return found[4][0]

    def lead(q: Place) -> Any:
        x, y = q["theta"], (q["u"] - 1) * q["theta"]
        return gan.fake(x, y)[0] - gan.real(x, y)[0]

    measured = [last, lead]
    for in_turn in (False, True):
        determinant, trace = linear_part(gan.payoff, in_turn=in_turn)
        measured += [determinant, _discriminant(determinant, trace)]
    places = (
        {eta: Rational(1, 10), t: Rational(1, 1000), u: HALF, theta: 1},
        {eta: Rational(1, 4), t: 1, u: 2, theta: -3},
    )
    return Examination(
        names[0] < t,
        dict(zip(names, values, strict=True)),
        # The linear parts are read off states of size 1e-20.
        by_numbers(dict(zip(names, measured, strict=True)), points=places, digits=15),
        given=eta <= Rational(1, 4),
        amendment=sp.And(
            eq(names[0], t),
            eq(names[1], theta**2 * u),
            eq(names[2], 1 - 3 * eta + 3 * eta**2),
            names[2] < 1,
            names[3] < 0,
            names[4] < 1,
            names[5] < 0,
        ),
        steps=(
            Step("with psi = (u - 1) theta, u > 0, the generated atom leads by theta^2 u: V_2"),
            Step("V_2 takes u - 1/2 to (1 - 2 eta)(u - 1/2), so u stays positive: V_2 for ever"),
            Step("Jacobian of Sim-GDA's step", sim),
        ),
    )
