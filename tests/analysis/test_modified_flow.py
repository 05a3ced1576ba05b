"""Modified flows: the order of agreement is measured at 50 digits, with and without corrections."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import mpmath
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Matrix, Rational, Symbol

from symgan import rules
from symgan.analysis.modified_flow import ModifiedFlow, modified_flow
from symgan.errors import GameError
from symgan.game import Game
from symgan.games.annealed import annealed
from symgan.games.dirac import dirac
from symgan.games.quadratic import bilinear, quadratic
from symgan.implicit import ImplicitMap
from symgan.losses import jensen_shannon
from symgan.system import Flow, Map
from symgan.testing import polynomial_games

eta = Symbol("eta", positive=True)
ONE_STEP = (
    "alternating",
    "competitive",
    "consensus",
    "extragradient",
    "gradient-norm",
    "hamiltonian",
    "proximal-point",
    "simultaneous",
    "symplectic-adjustment",
    "two-timescale",
    "unrolled",
)
OPTIONS: dict[str, dict[str, Any]] = {
    "consensus": {"gamma": Rational(1, 3)},
    "gradient-norm": {"gamma": Rational(1, 3)},
    "two-timescale": {"tau": 2},
}
STEPS = (Rational(1, 100), Rational(1, 200))


def step_of(name: str, game: Game) -> Any:
    return rules.named(name)(game, eta, **OPTIONS.get(name, {}))


def exponential(flow: Any, start: list[Any], time: Any, h: Any) -> list[Any]:
    """The flow after time h by 16 classical Runge-Kutta steps: their error, about
    h (h/16)^4 < 2e-15, is below a millionth of the errors that are measured here."""
    symbols = (*flow.state, *((flow.time,) if flow.time is not None else ()))
    F = sp.lambdify(symbols, [f.subs(eta, h) for f in flow.rhs], "mpmath")

    def field(t: Any, x: Any) -> Any:
        return mpmath.matrix(F(*x, *((t,) if flow.time is not None else ())))

    x, k = mpmath.matrix(start), mpmath.mpf(h.p) / h.q / 16
    for _ in range(16):
        a = field(time, x)
        b = field(time + k / 2, x + k / 2 * a)
        c = field(time + k / 2, x + k / 2 * b)
        d = field(time + k, x + k * c)
        x, time = x + k / 6 * (a + 2 * b + 2 * c + d), time + k
    return list(x)


def image(system: Any, start: list[Any], index: int, h: Any) -> list[Any]:
    """One step; of an implicit map by Newton's method."""
    put = {eta: h} if system.index is None else {eta: h, system.index: index}
    if isinstance(system, Map):
        F = sp.lambdify(system.state, [f.subs(put) for f in system.rhs], "mpmath")
        return list(F(*start))
    symbols = (*system.state, *system.next)
    R = sp.lambdify(symbols, [f.subs(put) for f in system.residual], "mpmath")
    return list(mpmath.findroot(lambda *y: R(*start, *y), start))


def gap(system: Any, flow: Flow, h: Any) -> Any:
    """|map - flow| after one step from a point in general position, at the second iteration."""
    with mpmath.workdps(50):
        start = [mpmath.mpf(n) / 7 for n in (5, -3, 4)][: len(flow.state)]
        there = exponential(flow, start, 2 * mpmath.mpf(h.p) / h.q, h)
        here = image(system, start, 2, h)
        return max(abs(a - b) for a, b in zip(here, there, strict=True))


def cut(found: ModifiedFlow, keep: int) -> Flow:
    """The flow with its first terms alone."""
    kept = range(len(found.flow.state))
    rhs = tuple(sum(eta**j * f[i] for j, f in enumerate(found.terms[:keep])) for i in kept)
    return replace(found.flow, rhs=rhs)


def measured_orders(system: Any, order: int) -> list[float]:
    """log2 of the ratio of errors at h and h/2, less one: the order of agreement of the flow,
    whole and without its last correction."""
    found = modified_flow(system, symbol=eta, order=order, time=Symbol("s", real=True))
    assert cut(found, order + 1).rhs == found.flow.rhs
    ratios = []
    for flow in (found.flow, cut(found, order)):
        coarse, fine = (gap(system, flow, h) for h in STEPS)
        ratios.append(float(mpmath.log(coarse / fine, 2)) - 1)
    return ratios


@pytest.mark.parametrize("name", ONE_STEP)
def test_agreement_to_the_order_asked_for(name: str) -> None:
    """A step's error is C h^(p+2) (1 + O(h)): with h = 1/100 the exponent shows to a tenth.
    The false neighbor, the same flow without its last correction, is one order worse."""
    system = step_of(name, dirac(jensen_shannon))
    assert measured_orders(system, 1) == pytest.approx([2, 1], abs=0.15)


@pytest.mark.parametrize("name", ["alternating", "extragradient"])
def test_two_corrections(name: str) -> None:
    system = step_of(name, dirac(jensen_shannon))
    assert measured_orders(system, 2) == pytest.approx([3, 2], abs=0.15)


@pytest.mark.parametrize("name", ["simultaneous", "extragradient"])
def test_a_game_with_time(name: str) -> None:
    values = {"alpha_0": 2, "alpha_r": 1, "T": 3}
    game = annealed(jensen_shannon)
    game = game.subs({s: values[s.name] for s in game.parameters})
    system = step_of(name, game)
    assert measured_orders(system, 1) == pytest.approx([2, 1], abs=0.15)


@settings(max_examples=10)
@given(game=st.integers(2, 3).flatmap(lambda n: polynomial_games(players=n)))
def test_first_corrections_in_terms_of_v(game: Game) -> None:
    """-Jv/2 for plain descent, +Jv/2 for proximal and extragradient steps, and -(L - U)v/2 for
    turns, with L below and U above the diagonal: each player has seen the earlier ones move.

    Source: Hairer, Lubich and Wanner 2006, IX.1; Rosca et al. 2021, theorems 3.1 and 3.2.
    """
    v, J = Matrix(game.v), game.J
    turns = J.copy()
    for i in range(J.rows):
        for j in range(i):
            turns[i, j] = -J[i, j]
    expected = {
        "simultaneous": -J * v / 2,
        "proximal-point": J * v / 2,
        "extragradient": J * v / 2,
        "alternating": -turns * v / 2,
    }
    for name, correction in expected.items():
        found = modified_flow(step_of(name, game), symbol=eta).terms
        assert (Matrix(found[0]) + v).expand().is_zero_matrix, name
        assert (Matrix(found[1]) - correction).expand().is_zero_matrix, name


def test_linear_steps_have_the_logarithm() -> None:
    """x+ = Mx is the flow of log(M)/eta: for a rotation, log(1 + i eta)/eta."""
    found = modified_flow(step_of("simultaneous", bilinear()), symbol=eta, order=5).terms
    rates = [1, Rational(1, 2), Rational(-1, 3), Rational(-1, 4), Rational(1, 5), Rational(1, 6)]
    theta, psi = bilinear().state
    turn, grow = (psi, -theta), (theta, psi)
    expected = [tuple(r * s for s in (grow if j % 2 else turn)) for j, r in enumerate(rates)]
    assert [tuple(map(sp.expand, f)) for f in found] == expected


def test_the_step_is_a_parameter_of_the_flow() -> None:
    found = modified_flow(step_of("simultaneous", quadratic(2, 3, 5)), symbol=eta, order=0)
    assert (found.order, len(found.terms), found.flow.parameters) == (0, 1, (eta,))
    assert found.flow.rhs == found.terms[0]


x = Symbol("x", real=True)
noise = Symbol("xi", real=True)


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda: rules.named("heavy-ball")(bilinear(), eta), "remembers theta_prev, psi_prev"),
        (lambda: Map((x,), (x + eta * noise,), (eta,), noise=(noise,)), "noise has no modified"),
        (lambda: Map((x,), (x + eta * sp.sign(x),), (eta,)), "no Taylor series"),
        (lambda: Map((x,), (2 * x + eta,), (eta,)), "moves where the step eta is zero"),
        (lambda: Map((x,), (x + 1,)), "eta is no parameter of the map"),
        (
            lambda: ImplicitMap((x,), (noise,), (noise - 2 * x + eta,), (eta,)),
            "moves where the step eta is zero",
        ),
    ],
)
def test_refusals(build: Any, sentence: str) -> None:
    with pytest.raises(GameError, match=sentence):
        modified_flow(build(), symbol=eta)


def test_a_negative_order_and_a_taken_time() -> None:
    with pytest.raises(GameError, match="order = -1 is negative"):
        modified_flow(step_of("simultaneous", bilinear()), symbol=eta, order=-1)
    game = annealed()
    with pytest.raises(GameError, match="the map has a symbol theta of its own"):
        modified_flow(step_of("simultaneous", game), symbol=eta, time=game.state[0])
