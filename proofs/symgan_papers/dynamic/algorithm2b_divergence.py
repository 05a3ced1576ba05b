r"""Algorithm 2: its divergence, and the Dirac-GAN: where it is (7), where it has no answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.algorithm_model import (
    DIFFERENCES,
    DIRAC,
    THRESHOLDS,
    Scene,
    after,
    distance,
    executed,
    run,
    w_last,
)
from symgan_papers.dynamic.model import Place, eta, gradients, psi, theta, wasserstein_game

CHOICE = Symbol("zeta", integer=True)
product = Symbol("p", positive=True)
"""|psi theta| off the tie."""


@claim(
    "dynamic.alg2.dirac",
    source="section 5, first paragraph",
    formal=r"\psi\theta < 0 \Rightarrow \zeta = 1,\quad \psi\theta > 0 \Rightarrow \zeta = 2",
    says="Dynamic-GDA builds on the Dirac oracle: with one real and one generated atom it is "
    "(7), off the tie psi theta = 0 and after the first iteration",
    expect=Verdict.PROVED,
)
def dirac() -> Examination:
    names = sp.symbols("zeta_neg_V1 zeta_neg_V2 zeta_pos_V1 zeta_pos_V2", integer=True)
    fakes = (-product, -product, product, product)
    lasts = (1, 2, 1, 2)
    exact = {
        name: executed(Scene((sp.Integer(0),), (fake,), last))
        for name, fake, last in zip(names, fakes, lasts, strict=True)
    }

    def second_choice(sign: int) -> Callable[[Place], Any]:
        def measure(place: Place) -> Any:
            t, p = place["theta"], sign * place["p"] / place["theta"]
            # The first iteration is always V_2; it ends at (t, p).
            start = (t, p + place["eta"] * t)
            return mpmath.mpf(run(DIRAC, start, place["eta"], 2, THRESHOLDS)[1][1])

        return measure

    def third_choice(sign: int) -> Callable[[Place], Any]:
        def measure(place: Place) -> Any:
            t, p, rate = place["theta"], sign * place["p"] / place["theta"], place["eta"]
            # The second iteration is V_1, from a state with psi theta < 0, and ends at (t, p).
            back = t - rate * p
            start = (back, p + rate * back)
            states, choices = run(DIRAC, start, rate, 3, THRESHOLDS)
            assert choices[1] == 1
            assert abs(states[2][0] - t) < mpmath.mpf(10) ** -DIFFERENCES
            return mpmath.mpf(choices[2])

        return measure

    negative = ({theta: Rational(1, 10), product: 1, eta: Rational(1, 100)},)
    numbers = {
        names[0]: third_choice(-1),
        names[1]: second_choice(-1),
        names[2]: _after_overshoot,
        names[3]: second_choice(1),
    }
    return Examination(
        sp.And(eq(names[0], 1), eq(names[1], 1), eq(names[2], 2), eq(names[3], 2)),
        exact,
        by_numbers(numbers, kind="executed:mpmath", points=negative),
        given=sp.And(sp.Ne(theta, 0), eta > 0, product > 0),
        steps=(Step("d(x) = 0 and d(xhat) = psi theta: lines 4-7 read the sign of psi theta"),),
    )


def _after_overshoot(place: Place) -> Any:
    """The choice after a V_1 that overshot: psi theta > 0 with V_LAST = V_1."""
    t, rate = place["theta"], mpmath.mpf(1)
    states, choices = run(DIRAC, (t, -10 * t + rate * t), rate, 3, THRESHOLDS)
    assert choices[1] == 1
    assert states[2][0] * states[2][1] > 0
    return mpmath.mpf(choices[2])


@claim(
    "dynamic.alg2.dirac.tie",
    source="section 5, first paragraph; eq. (7); a finding of ours",
    formal=r"\zeta = 1",
    says="the tie psi theta = 0 that (7) leaves open: Dynamic-GDA, coming from V_2, takes V_1 "
    "there, since w = 0 does not grow (where w_LAST is not zero)",
    expect=Verdict.PROVED,
)
def tie() -> Examination:
    scene = Scene((sp.Integer(0),), (sp.Integer(0),), 2, sp.Integer(0), w_last)

    def measure(place: Place) -> Any:
        t, rate = place["theta"], place["eta"]
        return mpmath.mpf(run(DIRAC, (t, rate * t), rate, 2, THRESHOLDS)[1][1])

    points = ({theta: 2, eta: 1}, {theta: -1, eta: Rational(1, 2)})
    return Examination(
        eq(CHOICE, 1),
        {CHOICE: executed(scene)},
        by_numbers({CHOICE: measure}, kind="executed:mpmath", points=points),
        given=sp.And(sp.Ne(theta, 0), eta > 0),
    )


@claim(
    "dynamic.alg2.defined",
    source="Algorithm 2, lines 9 and 15",
    formal=r"w_{LAST} \ne 0",
    says="w/w_LAST has a value whenever lines 9 and 15 ask for it; judged on the Dirac-GAN with "
    "learning rate 1 from (1, 1), which stands at (1, 0) after one iteration",
    expect=Verdict.REFUTED,
    amended=r"w_{LAST} = 0,\quad \theta_2 = 1,\quad \psi_2 = 0,\quad \nabla_\psi\mathcal{L} = -1",
    repair="compare w with c w_LAST in place of the quotient with c, and say what follows from "
    "0 < 0: the state (1, 0) is no equilibrium, yet V_1 leaves it where it is",
)
def defined() -> Examination:
    names = sp.symbols("w_LAST theta_2 psi_2 slope", real=True)
    game, one = wasserstein_game(), sp.Integer(1)
    first = dict(zip((theta, psi), _stepped(game, "V2", {theta: one, psi: one}), strict=True))
    choice = executed(Scene((sp.Integer(0),), (first[psi] * first[theta],), 2, sp.Integer(0), one))
    second = dict(zip((theta, psi), _stepped(game, f"V{choice}", first), strict=True))
    slope = gradients(game)[1].subs(second)
    values = (sp.Abs(first[psi] * first[theta]), second[theta], second[psi], slope)

    def state(number: int, part: int) -> Callable[[Place], Any]:
        one = mpmath.mpf(1)
        return lambda _: run(DIRAC, (one, one), one, number, THRESHOLDS)[0][number][part]

    def last(place: Place) -> Any:
        return distance([mpmath.mpf(0)], [state(1, 0)(place) * state(1, 1)(place)])

    def slope_there(place: Place) -> Any:
        return mpmath.diff(lambda p: DIRAC.payoff(state(2, 0)(place), p), state(2, 1)(place))

    numbers = dict(zip(names, (last, state(2, 0), state(2, 1), slope_there), strict=True))
    return Examination(
        sp.Ne(names[0], 0, evaluate=False),
        dict(zip(names, values, strict=True)),
        by_numbers(numbers, digits=DIFFERENCES),
        amendment=sp.And(*(eq(n, value) for n, value in zip(names, (0, 1, 0, -1), strict=True))),
        steps=(
            Step("iteration 1: V_LAST is Null, V_2: psi becomes 1 - 1", eq(psi, 0)),
            Step("iteration 2: w = 0 and w/w_LAST = 0 < c_1, so V_1: theta moves by psi = 0"),
            Step("iteration 3: w = 0 = w_LAST, V_LAST = V_1: 0/0 is compared with c_2"),
        ),
    )


def _stepped(game: Any, field: str, at: dict[Any, Any]) -> tuple[Any, Any]:
    x, y = (part.subs(at) for part in after(game, field, rate=sp.Integer(1)))
    return x, y


@claim(
    "dynamic.alg2.divergence",
    source="Algorithm 2, line 1",
    printed=r"w \leftarrow \mathcal{W}(d(x; \psi) || d(\hat{x}; \psi))",
    formal=r"E_r d - E_f d \ge 0",
    says="w is a divergence; read as the critic's difference of means, the Wasserstein loss, it "
    "would have to be nonnegative; judged on overlapping projections -g, h and 0, h + k",
    expect=Verdict.REFUTED,
    amended=r"E_r d - E_f d = -\frac{g + k}{2},\quad \mathcal{W} = \frac{g + k}{2}",
    repair="say that w is the Wasserstein distance of the two samples of projections; with the "
    "difference of means the quotient w/w_LAST changes sign and the thresholds lose their meaning",
)
def divergence() -> Examination:
    means, cost = sp.symbols("mean_difference W", real=True)
    g, h, k = sp.symbols("g h k", positive=True)
    real, fake = (-g, h), (sp.Integer(0), h + k)
    # On the line the cheapest matching is the sorted one; both samples are sorted.
    exact = {
        means: sp.expand(sum(real) - sum(fake)) / 2,
        cost: sum(sp.Abs(x - y) for x, y in zip(real, fake, strict=True)) / 2,
    }

    def samples(q: Place) -> tuple[list[Any], list[Any]]:
        return [-q["g"], q["h"]], [mpmath.mpf(0), q["h"] + q["k"]]

    numbers = {
        means: lambda q: (mpmath.fsum(samples(q)[0]) - mpmath.fsum(samples(q)[1])) / 2,
        cost: lambda q: distance(*samples(q)),
    }
    points = ({g: 1, h: 2, k: 3}, {g: Rational(1, 2), h: 1, k: Rational(1, 3)})
    return Examination(
        means >= 0,
        exact,
        by_numbers(numbers, points=points),
        amendment=sp.And(eq(means, -(g + k) / 2), eq(cost, (g + k) / 2)),
    )
