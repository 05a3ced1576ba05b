"""The system that learns a uniform law, through the exact analysis."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Integer, Rational, S

from symgan.analysis.conserved import conserved
from symgan.analysis.equilibria import equilibria
from symgan.analysis.spectrum import spectrum
from symgan.analysis.step_bound import step_bound
from symgan.games.uniform import POSITIVE, a, uniform, uniform_first_integral, uniform_gan, w
from symgan.losses import GenericLoss, jensen_shannon, wasserstein
from symgan.regularizers import gradient_norm, r1
from symgan.results import Stability
from symgan.rules.simultaneous import simultaneous
from symgan.system import Flow

gamma, eta = sp.symbols("gamma eta", positive=True)
WGAN = uniform(wasserstein)
REGULARIZED = gradient_norm(WGAN, gamma)
at_one: dict[Any, Any] = {a: Integer(1), w: Integer(0)}


def test_the_wasserstein_field() -> None:
    assert [sp.expand(f) for f in WGAN.flow().rhs] == [2 * a * w / 3, Rational(1, 3) - a**2 / 3]
    extra = sp.expand(REGULARIZED.v[0] - WGAN.v[0] - Rational(4, 9) * gamma * a * (a**2 - 1))
    assert extra == 0
    assert REGULARIZED.v[1] == WGAN.v[1]


@pytest.mark.parametrize("game", [WGAN, REGULARIZED.subs({gamma: 2})], ids=["bare", "penalized"])
def test_equilibria(game: Any) -> None:
    found = {(e.point[a], e.point[w]) for e in equilibria(game.flow())}
    assert found == {(1, 0), (-1, 0)}


def test_spectra_and_critical_damping() -> None:
    bare = spectrum(WGAN.flow(), at=at_one)
    assert bare.verdict is Stability.CENTER
    assert {e for e, _ in bare.eigenvalues} == {2 * sp.I / 3, -2 * sp.I / 3}
    damped = spectrum(REGULARIZED.flow(), at=at_one)
    assert damped.verdict is Stability.STABLE
    assert sp.solveset(sp.discriminant(damped.polynomial, damped.variable), gamma, S.Reals) & (
        sp.Interval(0, sp.oo)
    ) == {Rational(3, 2)}
    for value, spiral in ((Rational(149, 100), True), (Rational(151, 100), False)):
        assert damped.oscillates.subs(gamma, value) == spiral


def test_step_bounds() -> None:
    """Radius below 1: eta < gamma * 2 below critical damping; never without the regularizer."""
    assert step_bound(simultaneous(WGAN, eta), symbol=eta, at=at_one).asymptotic == S.EmptySet
    for value in (Rational(1, 2), Integer(1), Rational(5, 4)):
        game = REGULARIZED.subs({gamma: value})
        bound = step_bound(simultaneous(game, eta), symbol=eta, at=at_one)
        assert bound.asymptotic == sp.Interval.open(0, 2 * value)


def positive(flow: Flow) -> Flow:
    """The flow on the half-plane where the generator's parameter is positive."""
    rhs = tuple(f.subs(a, POSITIVE) for f in flow.rhs)
    return Flow((POSITIVE, w), rhs, parameters=flow.parameters)


def test_first_integral_and_its_decay() -> None:
    H = uniform_first_integral()
    bare = positive(WGAN.flow())
    assert conserved(bare, H) is not None
    assert conserved(bare, H + w) is None
    slopes = [sp.diff(H, s) for s in (POSITIVE, w)]
    change = sp.expand(
        sum(g * f for g, f in zip(slopes, positive(REGULARIZED.flow()).rhs, strict=True))
    )
    assert sp.expand(change + Rational(4, 9) * gamma * (POSITIVE**2 - 1) ** 2) == 0
    hessian = sp.hessian(H, (POSITIVE, w))
    assert hessian[1, 1] == 2
    assert hessian[0, 1] == 0
    assert hessian[0, 0].is_positive  # convex: one minimum, at (1, 0)


def test_the_largest_invariant_set_is_the_equilibrium() -> None:
    """Where dH/dt = 0, a = 1; there a' = 2w/3, so to stay w = 0."""
    flow = REGULARIZED.flow()
    on_line = [sp.expand(f.subs(a, 1)) for f in flow.rhs]
    assert on_line == [2 * w / 3, 0]


def test_log_loss_damps_by_itself() -> None:
    game = uniform(jensen_shannon)
    found = spectrum(game.flow(), at=at_one)
    assert found.verdict is Stability.STABLE
    s = found.variable
    # f'(0) = 1/2, f''(0) = -1/4, K_DD = 1/5, K_DG = -2/3
    assert sp.expand(found.polynomial - (s**2 + s / 10 + Rational(1, 9))) == 0


def test_the_spectrum_with_a_free_loss() -> None:
    J = uniform().flow().jacobian(at_one)
    slope, bend = GenericLoss(0, 1), GenericLoss(0, 2)
    assert sp.expand(J.trace() - 2 * bend / 5) == 0
    assert sp.expand(J.det() - 4 * slope**2 / 9) == 0


def test_r1_by_the_mean_square_of_slopes() -> None:
    model = uniform_gan(wasserstein)
    assert model.real_square == 4 * w**2 / 3
    assert model.fake_square == 4 * a**2 * w**2 / 3
    game = r1(model.game, gamma, square=model.real_square)
    assert sp.expand(game.v[1] - WGAN.v[1] - 4 * gamma * w / 3) == 0
    assert game.equilibrium == at_one
    assert spectrum(game.flow(), at=at_one).verdict is Stability.STABLE


@settings(max_examples=25)
@given(st.fractions(Rational(1, 9), 4, max_denominator=9), st.integers(-4, 4))
def test_the_integral_rises_only_without_the_regularizer(q: Any, n: int) -> None:
    """At every point of the half-plane dH/dt < 0 exactly where a is not 1."""
    point = {POSITIVE: Rational(*q.as_integer_ratio()), w: Rational(n, 2), gamma: Integer(1)}
    H = uniform_first_integral()
    rate = sum(
        sp.diff(H, s) * f
        for s, f in zip((POSITIVE, w), positive(REGULARIZED.flow()).rhs, strict=True)
    )
    value = sp.sympify(rate).subs(point)
    assert value == 0 if point[POSITIVE] == 1 else value < 0
