"""Verdicts at marginality: each argument, its false neighbor, and orbits."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import Integer, Matrix, Rational

from symgan.analysis.area import invariant_density
from symgan.analysis.marginal import Fate, Reason, marginal_verdict
from symgan.errors import GameError, Undecided
from symgan.games.dirac import dirac
from symgan.games.quadratic import bilinear
from symgan.losses import GenericLoss, exponential, least_squares, wasserstein
from symgan.rules.alternating import alternating
from symgan.rules.simultaneous import simultaneous
from symgan.system import Flow, Map, System

x, y, w, z = sp.symbols("x y w z", real=True)
THIRD = Rational(1, 3)
ATTRACTING, NEUTRAL, UNSTABLE = Fate.ATTRACTING, Fate.NEUTRAL, Fate.UNSTABLE


def origin(system: System) -> dict[Any, Any]:
    return dict.fromkeys(system.state, Integer(0))


FLOWS = [
    ("cubic damping", (-y - x**3, x), ATTRACTING, Reason.NORMAL_FORM),
    ("cubic growth", (-y + x**3, x), UNSTABLE, Reason.NORMAL_FORM),
    ("pendulum", (-y, sp.sin(x)), NEUTRAL, Reason.REVERSIBLE),
    ("fifth order", (-y - x**5, x), ATTRACTING, Reason.NORMAL_FORM),
    ("sink on a line", (-(x**3), -y), ATTRACTING, Reason.NORMAL_FORM),
    ("one-sided", (x**2, -y), UNSTABLE, Reason.NORMAL_FORM),
    ("line of equilibria", (x * y, -y), NEUTRAL, Reason.CONTINUUM),
    ("quartic energy", (y**3, -(x**3)), NEUTRAL, Reason.FIRST_INTEGRAL),
    ("saddle", (x, -y + x**2), UNSTABLE, Reason.SPECTRUM),
    ("node", (-x + y**2, -y), ATTRACTING, Reason.SPECTRUM),
    ("Hamiltonian", (-y - x**2, x + x**2 + 2 * x * y), NEUTRAL, Reason.AREA),
]


@pytest.mark.parametrize(("name", "rhs", "fate", "reason"), FLOWS, ids=[f[0] for f in FLOWS])
def test_flows(name: str, rhs: Any, fate: Fate, reason: Reason) -> None:
    flow = Flow((x, y), rhs)
    found = marginal_verdict(flow, origin(flow))
    assert (found.fate, found.reason) == (fate, reason), name


MAPS = [
    ("flip inward", (-x + x**3, y / 2), ATTRACTING, Reason.NORMAL_FORM),
    ("flip outward", (-x - x**3, y / 2), UNSTABLE, Reason.NORMAL_FORM),
    ("fold", (x + x**2, y / 2), UNSTABLE, Reason.NORMAL_FORM),
    ("cubic fold", (x - x**3, y / 2), ATTRACTING, Reason.NORMAL_FORM),
    ("fixed line", (x + x * y, y / 2), NEUTRAL, Reason.CONTINUUM),
    ("contraction", (x / 2 + y, y / 3), ATTRACTING, Reason.SPECTRUM),
]


@pytest.mark.parametrize(("name", "rhs", "fate", "reason"), MAPS, ids=[f[0] for f in MAPS])
def test_maps(name: str, rhs: Any, fate: Fate, reason: Reason) -> None:
    system = Map((x, y), rhs)
    found = marginal_verdict(system, origin(system))
    assert (found.fate, found.reason) == (fate, reason), name


def test_area_preserving_maps_with_twist_and_without() -> None:
    c, s = Rational(3, 5), Rational(4, 5)
    bent = y + x**2
    twisted = Map((x, y), (c * x - s * bent, s * x + c * bent))
    found = marginal_verdict(twisted, origin(twisted))
    assert (found.fate, found.reason) == (NEUTRAL, Reason.AREA)
    leaking = Map((x, y), (c * x - s * bent - x**3, s * x + c * bent))
    assert marginal_verdict(leaking, origin(leaking)).fate is ATTRACTING


@pytest.mark.parametrize(
    ("rows", "fate", "reason"),
    [
        ([[0, 1], [-1, 0]], NEUTRAL, Reason.SEMISIMPLE),
        ([[0, 1], [0, 0]], UNSTABLE, Reason.JORDAN_BLOCK),
        ([[0, 0], [0, 0]], NEUTRAL, Reason.SEMISIMPLE),
        ([[0, 1], [0, -1]], NEUTRAL, Reason.SEMISIMPLE),
        ([[-1, 1], [0, -1]], ATTRACTING, Reason.SPECTRUM),
    ],
)
def test_linear_flows(rows: Any, fate: Fate, reason: Reason) -> None:
    flow = Flow((x, y), tuple(Matrix(rows) * Matrix([x, y])))
    found = marginal_verdict(flow)
    assert (found.fate, found.reason) == (fate, reason)


def test_a_double_pair_may_be_semisimple_or_not() -> None:
    turn = Matrix([[0, -1], [1, 0]])
    apart = sp.diag(turn, turn)
    joined = apart.copy()
    joined[0:2, 2:4] = sp.eye(2)
    for rows, fate in ((apart, NEUTRAL), (joined, UNSTABLE)):
        flow = Flow((x, y, w, z), tuple(rows * Matrix([x, y, w, z])))
        assert marginal_verdict(flow).fate is fate


def test_pairs_that_may_coincide_are_left_open() -> None:
    a, b = sp.symbols("a b", positive=True)
    flow = Flow((x, y, w, z), (-a * y + w, a * x, -b * z, b * w), parameters=(a, b))
    with pytest.raises(Undecided, match="may coincide"):
        marginal_verdict(flow)
    assert marginal_verdict(flow.subs({a: 1, b: 2})).fate is NEUTRAL
    assert marginal_verdict(flow.subs({a: 1, b: 1})).fate is UNSTABLE


def test_replicator_dynamics_of_rock_paper_scissors() -> None:
    flow = Flow((x, y, w), (x * (y - w), y * (w - x), w * (x - y)))
    found = marginal_verdict(flow, {x: THIRD, y: THIRD, w: THIRD}, budget=20)
    assert (found.fate, found.reason) == (NEUTRAL, Reason.FIRST_INTEGRAL)
    integral = found.integral
    assert integral is not None
    slope = sp.Add(*(sp.diff(integral, s) * f for s, f in zip(flow.state, flow.rhs, strict=True)))
    inside = {x: Rational(1, 2), y: Rational(1, 5), w: Rational(3, 10)}
    assert sp.simplify(slope.subs(inside)) == 0


@pytest.mark.parametrize(
    ("loss", "fate", "reason"),
    [
        (wasserstein, NEUTRAL, Reason.SEMISIMPLE),
        (exponential, ATTRACTING, Reason.NORMAL_FORM),
        (least_squares, NEUTRAL, Reason.AREA),
    ],
)
def test_alternating_descent_on_the_dirac_gan(loss: Any, fate: Fate, reason: Reason) -> None:
    system = alternating(dirac(loss), THIRD)
    found = marginal_verdict(system, origin(system), budget=20)
    assert (found.fate, found.reason) == (fate, reason)
    unstable = simultaneous(dirac(loss), THIRD)
    assert marginal_verdict(unstable, origin(unstable)).reason is Reason.SPECTRUM


def test_the_step_at_the_end_of_the_marginal_set() -> None:
    """At eta = 2 the alternating bilinear map has a Jordan block with the eigenvalue -1."""
    found = marginal_verdict(alternating(bilinear(), 2))
    assert (found.fate, found.reason) == (UNSTABLE, Reason.JORDAN_BLOCK)


def test_densities() -> None:
    assert invariant_density(Flow((x, y), (-y, x))) == 1
    density = invariant_density(alternating(dirac(least_squares), THIRD))
    assert density is not None
    assert density.free_symbols
    assert invariant_density(alternating(dirac(exponential), THIRD)) is None
    assert invariant_density(Flow((x, y), (-x, y / 2))) is None


def test_with_parameters_and_free_losses() -> None:
    flow = dirac().flow()
    found = marginal_verdict(flow, origin(flow), where={GenericLoss(0, 1): 1})
    assert found.fate is NEUTRAL
    a = sp.Symbol("a", positive=True)
    damped = Flow((x, y), (-y - a * x**3, x), parameters=(a,))
    assert marginal_verdict(damped, origin(damped)).fate is ATTRACTING
    b = sp.Symbol("b", real=True)
    open_sign = Flow((x, y), (-y - b * x**3, x), parameters=(b,))
    with pytest.raises(Undecided, match="open sign"):
        marginal_verdict(open_sign, origin(open_sign))
    moved = Flow((x, y), (-y + b * x, x), parameters=(b,))
    with pytest.raises(Undecided, match="depends on parameters"):
        marginal_verdict(moved, origin(moved))


def test_what_stays_open_says_why() -> None:
    resonant = Map((x, y), (-y - x**2, x + x**2))
    with pytest.raises(Undecided, match="strong resonance 1:4"):
        marginal_verdict(resonant, origin(resonant))
    nilpotent = Flow((x, y), (y, -(x**2) * y - x**3))
    with pytest.raises(Undecided, match="2 eigenvalues are critical"):
        marginal_verdict(nilpotent, origin(nilpotent))
    with pytest.raises(GameError, match="not an equilibrium"):
        marginal_verdict(resonant, {x: 1, y: 0})
    with pytest.raises(GameError, match="give the equilibrium"):
        marginal_verdict(Flow((x,), (1 - x,)))
    t = sp.Symbol("t", real=True)
    with pytest.raises(GameError, match="depends on t"):
        marginal_verdict(Flow((x,), (-x * t,), time=t), {x: 0})


def test_deviations_of_positive_state_symbols_have_either_sign() -> None:
    """(a - 1)^3 + (b - 1)^3 is conserved and no extremum: a < 1 is as near as a > 1."""
    a, b = sp.symbols("a b", positive=True)
    flow = Flow((a, b), ((b - 1) ** 2, -((a - 1) ** 2)))
    with pytest.raises(Undecided, match="no first integral"):
        marginal_verdict(flow, {a: 1, b: 1})
    quartic = Flow((a, b), ((b - 1) ** 3, -((a - 1) ** 3)))
    found = marginal_verdict(quartic, {a: 1, b: 1})
    assert found.fate is NEUTRAL
    assert sp.expand(found.integral - (a - 1) ** 4 - (b - 1) ** 4) == 0


@pytest.mark.parametrize("value", [sp.oo, sp.zoo, sp.nan, 0.5])
def test_points_are_exact_and_finite(value: Any) -> None:
    with pytest.raises(GameError, match=r"finite|float"):
        marginal_verdict(Flow((x,), (-(x**3),)), {x: value})


@pytest.mark.parametrize("at", ["origin", [0], 3])
def test_points_give_values_by_symbol(at: Any) -> None:
    with pytest.raises(GameError, match=r"by symbol|no value"):
        marginal_verdict(Flow((x,), (-(x**3),)), at)


def test_a_system_without_state_is_refused() -> None:
    with pytest.raises(GameError, match="no state"):
        marginal_verdict(Flow((), ()), {})
