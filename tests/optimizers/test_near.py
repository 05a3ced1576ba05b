r"""What is exact near an equilibrium: the derivative of every optimizer, and its step sets."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest
import sympy as sp
from sympy import Interval, Matrix, Rational

import symgan
from symgan import optimizers, step_bound
from symgan.errors import GameError
from symgan.game import Game, zero_sum
from symgan.games.quadratic import bilinear
from symgan.kernels.evaluate import evaluate, number
from symgan.optimizers.near import (
    adam_near,
    momentum_near,
    optimistic_adam_near,
    rmsprop_near,
)
from symgan.system import Map

eta, eps, h = sp.symbols("eta epsilon h", positive=True)
x, y = sp.symbols("x y", real=True)
r = sp.Symbol("r", positive=True)

HILL = Game("hill", ((x,),), (h * x**2 / 2 + x**3,), parameters=(h,), equilibrium={x: 0})
SADDLE = zero_sum(x * y + x**2 / 2 - y**4, minimize=x, maximize=y, equilibrium={x: 0, y: 0})
HALF, THIRD = Rational(1, 2), Rational(1, 3)

CASES: dict[str, dict[str, Any]] = {
    "adam": {"beta1": THIRD, "beta2": HALF},
    "adam-decay": {"beta1": THIRD, "beta2": HALF, "weight_decay": THIRD},
    "adamw": {"beta1": THIRD, "beta2": HALF, "weight_decay": THIRD},
    "optimistic-adam": {"beta1": THIRD, "beta2": HALF},
    "rmsprop": {"alpha": HALF},
    "rmsprop-centered": {"alpha": HALF, "centered": True, "momentum": THIRD},
    "momentum": {"momentum": HALF, "nesterov": True},
}
AUTONOMOUS = {"adam", "adamw", "optimistic-adam"}


def pair(title: str, game: Game, order: Any = None) -> tuple[Map, Map]:
    """An optimizer without bias correction, and its map near an equilibrium."""
    name, options = title.removesuffix("-decay").removesuffix("-centered"), dict(CASES[title])
    options |= {} if name == "momentum" else {"eps": eps}
    near = optimizers.near_equilibrium(name)(game, eta, order=order, **options)
    free = {"bias_correction": False} if name in AUTONOMOUS else {}
    return optimizers.named(name)(game, eta, order=order, **options, **free), near


def direction(system: Map) -> dict[Any, Any]:
    """One in general position; squares, which are not negative, grow."""
    steps = {s: Rational((-1) ** i * (2 * i + 3), 7) for i, s in enumerate(system.state)}
    return {s: abs(step) if str(s).endswith("_square") else step for s, step in steps.items()}


VALUES = {eta: THIRD, eps: HALF, h: Rational(5, 4)}


def quotients(system: Map, along: dict[Any, Any], t: Any) -> dict[Any, Any]:
    """Difference quotients of a map at 0 along a direction, in the working precision."""
    here = {s: number(t * step) for s, step in along.items()}
    here |= {s: number(value) for s, value in VALUES.items()}
    return {s: evaluate(f, here) / number(t) for s, f in zip(system.state, system.rhs, strict=True)}


def off(full: Map, near: Map, tiny: Any) -> Any:
    """How far difference quotients at t = tiny**2 are from the derivative of the smooth map."""
    along = direction(full)
    linear = near.jacobian(dict.fromkeys(near.state, 0)) * Matrix([along[s] for s in near.state])
    with mpmath.workdps(80):
        found = quotients(full, along, tiny**2)
        pairs = zip(near.state, linear.subs(VALUES), strict=True)
        return max(abs(found[s] - number(value)) for s, value in pairs)


@pytest.mark.parametrize("order", [None, (0, 1)])
@pytest.mark.parametrize("title", CASES)
def test_the_derivative_is_that_of_the_smooth_map(title: str, order: Any) -> None:
    r"""The remainder over t falls with the root of t, as :math:`r^{3/2}` says, in 80 digits."""
    full, near = pair(title, SADDLE, order)
    for tiny in (Rational(1, 10**10), Rational(1, 10**20)):
        assert off(full, near, tiny) < 100 * tiny


def test_the_derivative_exactly() -> None:
    r"""With :math:`t = r^2` roots of t are r, and the limit is that of a rational function."""
    full, near = pair("adam", HILL)
    along = direction(full)
    put = {s: r**2 * step for s, step in along.items()}
    found = [sp.limit(sp.simplify(f.subs(put) / r**2), r, 0, "+") for f in full.rhs]
    linear = near.jacobian(dict.fromkeys(near.state, 0)) * Matrix([along[s] for s in near.state])
    assert [sp.simplify(a - b) for a, b in zip(found, linear, strict=False)] == [0, 0]
    assert sp.simplify(found[2] - HALF * along[full.state[2]]) == 0  # squares decay by beta2


def test_a_wrong_step_is_no_derivative() -> None:
    full, _ = pair("adam", HILL)
    assert off(full, adam_near(HILL, eta, beta1=THIRD, eps=2 * eps), Rational(1, 10**10)) > 0.01


def test_the_remainder_is_what_the_proof_says() -> None:
    """An identity, and a share of the bound that is positive and at most 1."""
    m, s = sp.symbols("m s", nonnegative=True)
    remainder = m * sp.sqrt(s) / (eps * (sp.sqrt(s) + eps))
    assert sp.simplify(m / (sp.sqrt(s) + eps) - m / eps + remainder) == 0
    share = sp.simplify(remainder / (m * sp.sqrt(s) / eps**2))
    assert sp.simplify(1 / share - (1 + sp.sqrt(s) / eps)) == 0


def test_ordinary_differentiation_finds_no_derivative() -> None:
    """Which is why the smooth map is there."""
    full, _ = pair("adam", HILL)
    assert full.jacobian(dict.fromkeys(full.state, 0)).has(sp.nan, sp.zoo)
    with pytest.raises(GameError, match="not differentiable"):
        step_bound(full, eta, at=dict.fromkeys(full.state, sp.Integer(0)))


QUADRATIC = Game("quadratic", ((x,),), (h * x**2 / 2,), parameters=(h,), equilibrium={x: 0})
REGULARIZED = zero_sum(x * y - y**2 / 2, minimize=x, maximize=y, equilibrium={x: 0, y: 0})


@pytest.mark.parametrize(
    ("system", "largest"),
    [
        (adam_near(QUADRATIC, eta), Rational(38, 10**8) / h),
        (rmsprop_near(QUADRATIC, eta, eps=eps), 2 * eps / h),
        (rmsprop_near(QUADRATIC, eta, eps=eps, momentum=HALF), 3 * eps / h),
        (optimistic_adam_near(bilinear(), eta, beta1=0, eps=eps), eps / sp.sqrt(3)),
        (adam_near(REGULARIZED, eta, beta1=0, eps=eps), eps),
        (adam_near(REGULARIZED, eta, beta1=HALF, eps=eps), 3 * eps / 7),
        (momentum_near(QUADRATIC, eta, momentum=HALF, nesterov=True), Rational(3, 2) / h),
    ],
)
def test_step_sets(system: Map, largest: Any) -> None:
    found = step_bound(system, eta).asymptotic
    assert found.start == 0
    assert sp.simplify(found.end - largest) == 0
    assert found == Interval.open(0, found.end)


def test_the_formula_of_a_curvature_in_all_parameters() -> None:
    r""":math:`\eta < 2\epsilon(1 + \beta_1)/(h(1 - \beta_1))`, by the exact condition."""
    b = sp.Symbol("b", positive=True)
    found = step_bound(adam_near(QUADRATIC, eta, beta1=b, eps=eps), eta)
    bound = 2 * eps * (1 + b) / (h * (1 - b))
    for share, stable in ((Rational(99, 100), True), (1, False), (Rational(101, 100), False)):
        for at in ({b: THIRD, eps: 2, h: 3}, {b: Rational(9, 10), eps: HALF, h: 1}):
            value = found.condition.subs({eta: share * bound}).subs(at)
            assert bool(value) is stable


@pytest.mark.parametrize("order", [None, (0, 1)])
def test_positive_momentum_leaves_no_step_on_a_bilinear_game(order: Any) -> None:
    assert step_bound(adam_near(bilinear(), eta, order=order), eta).asymptotic == sp.EmptySet
    assert step_bound(adam_near(bilinear(), eta, order=order), eta).marginal == sp.EmptySet


def test_rmsprop_in_turn_is_marginal_there() -> None:
    found = step_bound(rmsprop_near(bilinear(), eta, eps=eps, order=(0, 1)), eta)
    assert found.asymptotic == sp.EmptySet
    assert found.marginal == Interval.open(0, 2 * eps)


@pytest.mark.parametrize(("share", "stays"), [(0.97, True), (1.03, False)])
def test_orbits_of_the_full_map_turn_at_the_bound(share: float, stays: bool) -> None:
    """With the bias correction, from no memory: 1e-9 of eps away, a thousand steps."""
    b, e, n = Rational(3, 4), Rational(1, 8), 1000
    system = optimizers.named("adam")(REGULARIZED, eta, beta1=b, beta2=HALF, eps=e)
    bound = step_bound(adam_near(REGULARIZED, eta, beta1=b, eps=e), eta).asymptotic.end
    start = np.array([1e-9, -2e-9, 0, 0, 0, 0])
    orbit = symgan.compile(system).trajectory(start, n, {eta: share * float(bound)})
    early, late = (np.abs(orbit[k : k + 50, :2]).max() for k in (100, n - 50))
    assert late < early / 2 if stays else late > 2 * early


def late_orbit(decay: Any) -> Any:
    """Adam on x**2/2 from 1 with the step 1e-3: states 10,000 to 40,000."""
    own = QUADRATIC.subs({h: 1})
    system = optimizers.named("adam")(own, Rational(1, 1000), beta2=decay)
    return symgan.compile(system).trajectory(np.array([1.0, 0, 0]), 40_000, {})[10_000:]


def test_at_an_ordinary_step_adam_returns_again_and_again() -> None:
    r"""The root of the squares falls to about :math:`\eta/38` and no further, over 30,000 steps."""
    orbit = late_orbit(Rational(9, 10))
    edge = 1e-3 / 38
    assert 0.9 * edge < np.sqrt(orbit[:, 2].min()) < 1.3 * edge
    assert np.abs(orbit[:, 0]).min() < edge / 1000 < edge < np.abs(orbit[:, 0]).max()


def test_squares_that_forget_slowly_let_it_underflow() -> None:
    """With the default decay, 0.999; what follows is for rounding to decide."""
    assert np.abs(late_orbit(Rational(999, 1000))[:, 0]).min() < np.finfo(float).tiny


@pytest.mark.parametrize("name", ["adam", "adamw", "optimistic-adam", "rmsprop"])
def test_without_eps_nothing_is_at_rest(name: str) -> None:
    with pytest.raises(GameError, match="no equilibrium is at rest"):
        optimizers.near_equilibrium(name)(bilinear(), eta, eps=0)


@pytest.mark.parametrize(("name", "length"), [("adam", 1), ("rmsprop", 10)])
def test_the_first_step_without_eps(name: str, length: int) -> None:
    r""":math:`\eta` for Adam, :math:`\eta/\sqrt{1 - \alpha}` for RMSProp, for any gradient."""
    system = optimizers.named(name)(HILL, eta, eps=0)
    index = {} if system.index is None else {system.index: 0}
    start = system.lift({x: x}) | index
    moved = system.rhs[0].subs(start, simultaneous=True) - x
    g = HILL.v[0]
    assert sp.simplify(moved + length * eta * g / sp.Abs(g)) == 0
