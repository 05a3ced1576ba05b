r"""Section 2.2: the update fields (3) and the orders (4) and (5) as decision oracles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.rules.simultaneous import simultaneous
from symgan_papers.dynamic.model import (
    BCE,
    Measure,
    bce_game,
    eta,
    fields,
    psi,
    slope,
    theta,
    update,
    wasserstein_game,
)
from symgan_papers.dynamic.oracle_orbits import State, alternated, moved

PLACES = (
    {theta: 1, psi: 2, eta: sp.Rational(1, 10)},
    {theta: -1, psi: sp.Rational(1, 2), eta: sp.Rational(3, 2)},
)


def _rate(field: str) -> Any:
    """d/d eta of L(x + eta V) at eta = 0, for the BCE loss."""
    game = bce_game()
    moved_payoff = game.losses[0].subs(
        dict(zip((theta, psi), update(game, field).rhs, strict=True)), simultaneous=True
    )
    return sp.diff(moved_payoff, eta).subs(eta, 0)


def _measured_rate(field: str) -> Measure:
    """The same by difference quotients of the payoff along the measured field."""

    def measure(place: Any) -> Any:
        x, y = place["theta"], place["psi"]
        v = (-slope(BCE, 0, x, y), slope(BCE, 1, x, y))
        v = (v[0] if field != "V2" else 0, v[1] if field != "V1" else 0)
        return slope(BCE, 0, x, y) * v[0] + slope(BCE, 1, x, y) * v[1]

    return measure


def _field_claim(field: str, right: Any) -> Examination:
    rate = Symbol("dL/deta", real=True)
    size = 1 / (1 + sp.exp(-psi * theta))
    return Examination(
        eq(rate, right * size**2),
        {rate: _rate(field)},
        by_numbers(
            {rate: _measured_rate(field)},
            kind="differentiated:mpmath",
            points=PLACES,
            digits=20,
        ),
        steps=(Step("the field", sp.Tuple(*fields(bce_game())[field])),),
    )


@claim(
    "dynamic.eq3.v1",
    source="eq. (3)",
    printed=r"V_1 \rightarrow (-\nabla_{\theta}\mathcal{L}(\theta, \psi), 0)",
    formal=r"\frac{dL}{d\eta} = - (\psi \sigma(\psi\theta))^2",
    says="V_1 moves theta alone and lowers L; with BCE loss at the rate (psi sigma)^2",
    expect=Verdict.PROVED,
)
def v1() -> Examination:
    return _field_claim("V1", -(psi**2))


@claim(
    "dynamic.eq3.v2",
    source="eq. (3)",
    printed=r"V_2 \rightarrow (0, \nabla_{\psi}\mathcal{L}(\theta, \psi))",
    formal=r"\frac{dL}{d\eta} = (\theta \sigma(\psi\theta))^2",
    says="V_2 moves psi alone and raises L; with BCE loss at the rate (theta sigma)^2",
    expect=Verdict.PROVED,
)
def v2() -> Examination:
    return _field_claim("V2", theta**2)


@claim(
    "dynamic.eq3.v3",
    source="eq. (3)",
    printed=r"V_3 \rightarrow (-\nabla_{\theta}\mathcal{L}(\theta, \psi), "
    r"\nabla_{\psi}\mathcal{L}(\theta, \psi))",
    formal=r"\frac{dL}{d\eta} = (\theta^2 - \psi^2) \sigma(\psi\theta)^2",
    says="V_3 moves both, by V_1 + V_2; the rates of L add up",
    expect=Verdict.PROVED,
)
def v3() -> Examination:
    return _field_claim("V3", theta**2 - psi**2)


def _both(values: tuple[Any, Any]) -> dict[Any, Any]:
    return dict(zip(sp.symbols("theta_plus psi_plus", real=True), values, strict=True))


def _measured(run: Callable[[State, Any], State]) -> dict[Any, Measure]:
    names = sp.symbols("theta_plus psi_plus", real=True)

    def part(i: int) -> Measure:
        return lambda place: run((place["theta"], place["psi"]), place["eta"])[i]

    return {name: part(i) for i, name in enumerate(names)}


@claim(
    "dynamic.eq4",
    source="eq. (4)",
    printed=r"\zeta^{\text{Sim}}(i) = V_3",
    formal=r"(\theta^+, \psi^+) = (\theta + \eta\psi, \psi - \eta\theta)",
    says="simultaneous descent-ascent is the oracle that always chooses V_3 (Wasserstein loss)",
    expect=Verdict.PROVED,
)
def eq4() -> Examination:
    exact = _both(simultaneous(wasserstein_game(), eta).rhs)
    first, second = exact
    return Examination(
        sp.And(eq(first, theta + eta * psi), eq(second, psi - eta * theta)),
        exact,
        by_numbers(_measured(lambda s, h: moved(s, "V3", h)), points=PLACES),
    )


n_d = Symbol("n_d", positive=True, integer=True)


def _alternating_round() -> tuple[Any, Any]:
    """The state after one period of (5), i = 0 .. n_d, for a symbolic n_d."""
    k = Symbol("k", integer=True, nonnegative=True)
    # V_2 leaves theta alone, so its n_d updates add up.
    one = update(wasserstein_game(), "V2").rhs[1] - psi
    late = psi + sp.summation(one, (k, 1, n_d))
    first = update(wasserstein_game(), "V1").rhs[0].subs(psi, late)
    return sp.expand(first), sp.expand(late)


@claim(
    "dynamic.eq5",
    source="eq. (5)",
    printed=r"\zeta^{\text{Alt}}(i) = \begin{cases} V_1 : i \equiv n_d \pmod{n_d + 1} \\"
    r" V_2 : \text{otherwise} \end{cases}",
    formal=r"(\theta, \psi)_{n_d + 1} = (\theta + \eta(\psi - n_d \eta \theta), "
    r"\psi - n_d\eta\theta)",
    says="i counted from 0, a period of n_d + 1 iterations is n_d updates of the discriminator "
    "and then one of the generator (Wasserstein loss)",
    expect=Verdict.PROVED,
)
def eq5() -> Examination:
    exact = _both(_alternating_round())
    first, second = exact

    def run(place: Any) -> State:
        count, state = int(place["n_d"]), (place["theta"], place["psi"])
        for i in range(count + 1):
            state = moved(state, "V1" if (i - count) % (count + 1) == 0 else "V2", place["eta"])
        return state

    numbers = {first: lambda place: run(place)[0], second: lambda place: run(place)[1]}
    points = tuple(
        {**place, n_d: n} for place, n in zip((*PLACES, PLACES[0]), (1, 3, 5), strict=True)
    )
    late = psi - n_d * eta * theta
    return Examination(
        sp.And(eq(first, theta + eta * late), eq(second, late)),
        exact,
        by_numbers(numbers, kind="simulated:mpmath", points=points),
    )


@claim(
    "dynamic.eq5.from-one",
    source="eq. (5); a finding of ours",
    formal=r"(\theta, \psi)_{2} = (\theta + \eta\psi, \psi - \eta(\theta + \eta\psi))",
    says="the order of the two players in (5) depends on whether i starts at 0 or at 1, which is "
    "not printed: from 1 the generator moves first (n_d = 1, after i = 1, 2), where from 0, as "
    "in algorithm 4, the discriminator does",
    expect=Verdict.PROVED,
)
def from_one() -> Examination:
    game = wasserstein_game()
    exact = _both(update(game, "V1").then(update(game, "V2")).rhs)
    first, second = exact

    def run(state: State, step: Any) -> State:
        for i in (1, 2):
            state = moved(state, "V1" if (i - 1) % 2 == 0 else "V2", step)
        return state

    late = theta + eta * psi
    return Examination(
        sp.And(eq(first, late), eq(second, psi - eta * late)),
        exact,
        by_numbers(_measured(run), points=PLACES),
    )


@claim(
    "dynamic.eq5.update-ratio",
    source="section 2.2, above eq. (4)",
    formal=r"N_\psi = n_{d} N_\theta",
    says="n_d is the number of discriminator updates per generator update: a period of n_d + 1 "
    "iterations holds n_d of the one for one of the other, wherever it starts",
    expect=Verdict.PROVED,
)
def update_ratio() -> Examination:
    moves, generator = sp.symbols("N_psi N_theta", real=True)
    periods = Symbol("r", positive=True, integer=True)
    # The residue n_d occurs once among n_d + 1 consecutive integers; the others are V_2.
    i = Symbol("i", integer=True)
    exact = {generator: periods, moves: periods * (sp.summation(1, (i, 0, n_d)) - 1)}

    def count(field: str) -> Measure:
        def measure(place: Any) -> Any:
            period, n = int(place["n_d"]) + 1, int(place["n_d"])
            window = range(7, 7 + period * int(place["r"]))
            chosen = ["V1" if i % period == n % period else "V2" for i in window]
            return mpmath.mpf(chosen.count(field))

        return measure

    return Examination(
        eq(moves, n_d * generator),
        exact,
        by_numbers(
            {moves: count("V2"), generator: count("V1")},
            kind="counted",
            points=({n_d: 1, periods: 2}, {n_d: 3, periods: 5}, {n_d: 5, periods: 1}),
        ),
    )


@claim(
    "dynamic.any-oracle",
    source="section 2.2, below eq. (5)",
    says="a decision oracle may be any method that produces a field",
    expect=Verdict.INFORMAL,
    reason="a definition; the oracles (4), (5) and (7) are judged one by one",
)
def any_oracle() -> None: ...


@claim(
    "dynamic.encapsulates",
    source="section 2.2, above eq. (3)",
    formal=r"\psi^+ = \psi - 2\eta\theta - \eta^2\psi + \eta^3\theta",
    says="V_1, V_2 and V_3 encapsulate alternating and simultaneous training: two rounds V_2, "
    "V_1, V_2 of the fields give the alternating orbit",
    expect=Verdict.PROVED,
)
def encapsulates() -> Examination:
    game, last = wasserstein_game(), Symbol("psi_plus", real=True)
    path = update(game, "V2").then(update(game, "V1")).then(update(game, "V2"))
    exact = {last: path.rhs[1]}

    def run(place: Any) -> Any:
        state = alternated((place["theta"], place["psi"]), place["eta"], 1)
        return moved(state, "V2", place["eta"])[1]

    right = psi - 2 * eta * theta - eta**2 * psi + eta**3 * theta
    return Examination(
        eq(last, right), exact, by_numbers({last: run}, kind="simulated:mpmath", points=PLACES)
    )
