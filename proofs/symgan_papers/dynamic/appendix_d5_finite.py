r"""Appendix D: lemmas D.5 and D.6, Wasserstein and BCE loss with finite learning rates."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.appendix_d5_orbits import bce_growth
from symgan_papers.dynamic.model import (
    BCE,
    WASSERSTEIN,
    a,
    b,
    bce_game,
    gradients,
    image,
    psi,
    sigma,
    slope,
    theta,
    update,
    wasserstein_game,
)
from symgan_papers.dynamic.oracle_orbits import after, moved, square

bound = Symbol("B", real=True)
nonzero = sp.symbols("theta psi", real=True, nonzero=True)
POINTS = (
    {nonzero[0]: 3, nonzero[1]: -1},
    {nonzero[0]: -1, nonzero[1]: 2},
    {nonzero[0]: sp.Rational(1, 2), nonzero[1]: -3},
)


def _bound(game: Any, which: int) -> Any:
    """Lemma D.2's bound with a loss's own gradient."""
    gradient = gradients(game)[which].subs(dict(zip((theta, psi), nonzero, strict=True)))
    symbol = nonzero[which]
    return (symbol**2 - 2 * symbol) / (2 * gradient)


def _measured_bound(payoff: Any, which: int) -> Any:
    def measure(place: Any) -> Any:
        x, y = place["theta"], place["psi"]
        at = (x, y)[which]
        return at * (at - 2) / (2 * slope(payoff, which, x, y))

    return measure


def _substituted(payoff: Any, game: Any, which: int, printed: Any, right: Any) -> Examination:
    return Examination(
        eq(bound, printed),
        {bound: _bound(game, which)},
        by_numbers(
            {bound: _measured_bound(payoff, which)},
            kind="differentiated:mpmath",
            points=POINTS,
            digits=20,
        ),
        amendment=eq(bound, right),
    )


X, Y = nonzero


@claim(
    "dynamic.lemma-d5.step.theta",
    source="lemma D.5, proof",
    printed=r"\eta \leq 1 - \frac{\theta}{2}",
    formal=r"\frac{\theta^2 - 2\theta}{2\nabla_\theta L} = 1 - \frac{\theta}{2}",
    says="lemma D.2's bound on V_1 with the Wasserstein gradient -psi put in",
    expect=Verdict.REFUTED,
    amended=r"\frac{\theta^2 - 2\theta}{-2\psi} = \frac{\theta}{\psi}(1 - \frac{\theta}{2})",
    repair="keep the factor theta/psi: the gradient in theta is -psi, not -theta",
)
def d5_theta() -> Examination:
    return _substituted(WASSERSTEIN, wasserstein_game(), 0, 1 - X / 2 + 0 * Y, X / Y * (1 - X / 2))


@claim(
    "dynamic.lemma-d5.step.psi",
    source="lemma D.5, proof",
    printed=r"\eta \leq 1 - \frac{\psi}{2}",
    formal=r"\frac{\psi^2 - 2\psi}{2\nabla_\psi L} = 1 - \frac{\psi}{2}",
    says="lemma D.2's bound on V_2 with the Wasserstein gradient -theta put in",
    expect=Verdict.REFUTED,
    amended=r"\frac{\psi^2 - 2\psi}{-2\theta} = \frac{\psi}{\theta}(1 - \frac{\psi}{2})",
    repair="keep the factor psi/theta",
)
def d5_psi() -> Examination:
    return _substituted(WASSERSTEIN, wasserstein_game(), 1, 1 - Y / 2 + 0 * X, Y / X * (1 - Y / 2))


gain = Symbol("gain", real=True)


def _gain(field: str, step: Any, x: Any, y: Any) -> Any:
    """Growth of the squared distance in one update (Wasserstein loss)."""
    new = image(update(wasserstein_game(), field, step), x, y)
    return sp.expand(sum(n**2 for n in new) - x**2 - y**2)


@claim(
    "dynamic.lemma-d5.v1",
    source="lemma D.5",
    printed=r"\eta \leq 1 - \frac{\theta}{2} \text{ when } \zeta^{\text{Dirac}} \rightarrow V_1",
    formal=r"\Delta \le 0",
    says="a step within the bound does not enlarge the distance under V_1, as the proof of lemma "
    "D.2 has it (theta = -a, psi = b, the step at the bound, 1 + a/2); with the bounds asked of "
    "the whole orbit the lemma is true (dynamic.lemma-d5)",
    expect=Verdict.REFUTED,
    amended=r"\Delta = (1 + \frac{a}{2})((1 + \frac{a}{2})b - 2a)b",
    repair="for one update the distance does not grow exactly if eta <= 2 |theta|/|psi|; a "
    "bound that serves all states needs another V, and is eta < 2 (dynamic.settled.w.lyapunov)",
)
def d5_v1() -> Examination:
    step = 1 + a / 2
    return _one_step("V1", step, -1, step * b * (step * b - 2 * a))


@claim(
    "dynamic.lemma-d5.v2",
    source="lemma D.5",
    printed=r"\eta \leq 1 - \frac{\psi}{2} \text{ when } \zeta^{\text{Dirac}} \rightarrow V_2",
    formal=r"\Delta \le 0",
    says="a step within the bound does not enlarge the distance under V_2, as the proof of lemma "
    "D.2 has it (theta = -a, psi = -b, the step at the bound, 1 + b/2)",
    expect=Verdict.REFUTED,
    amended=r"\Delta = (1 + \frac{b}{2})((1 + \frac{b}{2})a - 2b)a",
    repair="as for V_1, with theta and psi exchanged",
)
def d5_v2() -> Examination:
    step = 1 + b / 2
    return _one_step("V2", step, -1, step * a * (step * a - 2 * b))


def _one_step(field: str, step: Any, side: int, right: Any) -> Examination:
    y_side = 1 if field == "V1" else -1

    def measured(place: Any) -> Any:
        state = (side * place["a"], y_side * place["b"])
        size = place["a"] if field == "V1" else place["b"]
        return square(moved(state, field, 1 + size / 2)) - square(state)

    points = ({a: 1, b: 1}, {a: 1, b: 3}, {a: 5, b: sp.Rational(1, 2)})
    return Examination(
        gain <= 0,
        {gain: _gain(field, step, side * a, y_side * b)},
        by_numbers({gain: measured}, points=points),
        amendment=eq(gain, right),
        steps=(Step("change of the squared distance", right),),
    )


@claim(
    "dynamic.lemma-d5.any-eta",
    source="lemma D.5",
    formal=r"\psi_1 \le 2a",
    says="the bounds asked of the start alone: they let every step pass somewhere, and a step "
    "that they let pass is stable: with eta = 4 the state (-10, -10) is inside both bounds "
    "(1 + 5 = 6), and so is every (-a, -b) with a, b >= 6; there V_2 leads to psi = 4 a - b, "
    "which is no further than 2 a",
    expect=Verdict.REFUTED,
    amended=r"\psi_1 = 4a - b",
    repair="ask the bounds of every update (dynamic.lemma-d5), or bound eta by 2, whatever the "
    "state",
)
def d5_any() -> Examination:
    new = Symbol("psi_1", real=True)
    at = image(update(wasserstein_game(), "V2", 4), -a, -b)[1]

    def measured(place: Any) -> Any:
        return moved((-place["a"], -place["b"]), "V2", 4)[1]

    return Examination(
        new <= 2 * a,
        {new: at},
        by_numbers({new: measured}, points=({a: 6, b: 6}, {a: 10, b: 10}, {a: 7, b: 8})),
        given=sp.And(a >= 6, b >= 6),
        amendment=eq(new, 4 * a - b),
        steps=(Step("(-10, -10) -> (-10, 30) -> (110, 30): it never comes back"),),
    )


@claim(
    "dynamic.lemma-d5.conclusion",
    source="lemma D.5, last sentence",
    formal=r"R_2 \le 5d^2",
    says="stable for sizeable rates, eta = 2 included, which the bounds, asked of the start "
    "alone, admit at theta <= -2: from (-d, 2d) the third iterate is no further away than the "
    "start, 5 d^2",
    expect=Verdict.REFUTED,
    amended=r"R_2 = 25 d^2",
    repair="require eta < 2: at eta = 2 the states (d, 2d), (3d, 4d), ... walk away linearly",
)
def d5_conclusion() -> Examination:
    d, size = Symbol("d", positive=True), Symbol("R_2", real=True)
    game = wasserstein_game()
    state: tuple[Any, Any] = (-d, 2 * d)
    for field in ("V1", "V2"):
        state = image(update(game, field, 2), *state)

    def measured(place: Any) -> Any:
        return square(after((-place["d"], 2 * place["d"]), 2, 2))

    return Examination(
        size <= 5 * d**2,
        {size: sp.expand(state[0] ** 2 + state[1] ** 2)},
        by_numbers({size: measured}, points=({d: 1}, {d: sp.Rational(1, 7)})),
        amendment=eq(size, 25 * d**2),
    )


@claim(
    "dynamic.lemma-d6",
    source="lemma D.6",
    formal=r"f - \eta\frac{1 + t}{2} f + qf \ge 0",
    says="the lemma prints no bound after its where; read without one, the system is stable for "
    "every eta: judged as dynamic.thm3-1.bce-finite",
    expect=Verdict.CONDITIONAL,
    amended=r"\eta \le 2",
    repair="print the bound: eta <= 2 suffices, near the equilibrium, and sqrt 2 everywhere; "
    "beyond 4 the equilibrium is unstable (dynamic.settled.bce.unstable)",
)
def d6() -> Examination:
    return bce_growth()


@claim(
    "dynamic.lemma-d6.bound.theta",
    source="lemma D.6, proof, last display",
    printed=r"\eta \leq \frac{\theta^2 - 2\theta}{2\sigma(\psi\theta)\psi}",
    formal=r"B = \frac{\theta^2 - 2\theta}{2\sigma(\psi\theta)\psi}",
    says="lemma D.2's bound on V_1 with the gradient of the BCE loss put in",
    expect=Verdict.REFUTED,
    amended=r"B = -\frac{\theta^2 - 2\theta}{2\sigma(\psi\theta)\psi}",
    repair="the gradient is -sigma psi (dynamic.lemma-d4.gradient.theta)",
)
def d6_theta() -> Examination:
    printed = (X**2 - 2 * X) / (2 * sigma(X * Y) * Y)
    return _substituted(BCE, bce_game(), 0, printed, -printed)


@claim(
    "dynamic.lemma-d6.bound.psi",
    source="lemma D.6, proof, last display",
    printed=r"\eta \leq \frac{\psi^2 - 2\psi}{2\sigma(\psi\theta)\theta}",
    formal=r"B = \frac{\psi^2 - 2\psi}{2\sigma(\psi\theta)\theta}",
    says="lemma D.2's bound on V_2 with the gradient of the BCE loss put in",
    expect=Verdict.REFUTED,
    amended=r"B = -\frac{\psi^2 - 2\psi}{2\sigma(\psi\theta)\theta}",
    repair="the gradient is -sigma theta (dynamic.lemma-d4.gradient.psi)",
)
def d6_psi() -> Examination:
    printed = (Y**2 - 2 * Y) / (2 * sigma(X * Y) * X)
    return _substituted(BCE, bce_game(), 1, printed, -printed)


@claim(
    "dynamic.lemma-d6.saturates",
    source="lemma D.6, last paragraph",
    formal=r"B \ge 1",
    says="a relatively large eta is admitted even far away, since sigma saturates the "
    "denominator: the printed bound on V_1, at theta = -a, psi = b, is at least 1 when "
    "a^2 + b^2 >= 4",
    expect=Verdict.REFUTED,
    amended=r"B = \frac{a^2 + 2a}{2b}(1 + e^{ab})",
    repair="near the psi axis the printed bound tends to 0 however far away, since sigma(psi "
    "theta) tends to 1/2 there; so does the right one, 2a (1 + exp(a b))/b",
)
def d6_saturates() -> Examination:
    step = Symbol("B", real=True)
    weight = sp.simplify((-gradients(bce_game())[0] / psi).subs({theta: -a, psi: b}))

    def measured(place: Any) -> Any:
        x, y = -place["a"], place["b"]
        return x * (x - 2) / (-2 * slope(BCE, 0, x, y))

    return Examination(
        step >= 1,
        {step: (a**2 + 2 * a) / (2 * b * weight)},
        by_numbers(
            {step: measured},
            kind="differentiated:mpmath",
            points=({a: sp.Rational(1, 10), b: 3}, {a: 1, b: 2}),
            digits=20,
        ),
        given=a**2 + b**2 >= 4,
        amendment=eq(step, (a**2 + 2 * a) / (2 * b) * (1 + sp.exp(a * b))),
    )
