"""LaSalle's principle on flows with known answers, and refusals one premise at a time."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Integer, Matrix, Rational

from symgan.analysis.invariant_set import invariant_set, lie_derivative, solutions
from symgan.analysis.lasalle import Scope, Verdict, lasalle
from symgan.analysis.semidefinite import definite, nonpositive, quadratic_form
from symgan.errors import GameError, SymganError, Undecided
from symgan.games.dirac import dirac
from symgan.games.quadratic import bilinear, quadratic
from symgan.regularizers.penalties import r1
from symgan.rules.consensus import consensus_flow
from symgan.system import Flow

x, y, a = sp.symbols("x y a", real=True)
theta, psi, w = sp.symbols("theta psi w", real=True)
gamma = sp.Symbol("gamma", positive=True)
scale = sp.Symbol("a", positive=True)
NORM = (theta**2 + psi**2) / 2
small = st.integers(-2, 2).map(Integer)


def test_dirac_with_r1_converges_from_everywhere_whatever_the_loss() -> None:
    found = lasalle(r1(dirac(), gamma).flow(), NORM, nonzero=(1,))
    assert (found.verdict, found.scope) == (Verdict.ASYMPTOTIC, Scope.GLOBAL)
    assert found.derivative == -gamma * psi**2
    assert found.invariant.rounds[0] == (psi,)


def test_dirac_without_a_penalty_is_only_stable() -> None:
    found = lasalle(dirac().flow(), NORM, nonzero=(1,))
    assert found.verdict is Verdict.INVARIANT
    assert found.derivative == 0
    assert len(found.invariant.components[0].free) == 2


def test_consensus_on_the_bilinear_game() -> None:
    found = lasalle(consensus_flow(bilinear(), gamma=gamma), NORM)
    assert (found.verdict, found.scope) == (Verdict.ASYMPTOTIC, Scope.GLOBAL)


def test_one_sided_curvature_is_enough() -> None:
    bent = lasalle(quadratic(0, 1, gamma).flow(), NORM)
    assert (bent.verdict, len(bent.invariant.rounds)) == (Verdict.ASYMPTOTIC, 2)
    flat = lasalle(quadratic(0, 0, gamma).flow(), NORM)  # no interaction: theta never moves
    assert flat.verdict is Verdict.EQUILIBRIA
    assert flat.invariant.components[0].free == (theta,)


def test_the_regularized_uniform_system_converges_on_its_half_plane() -> None:
    r"""V grows without bound towards a = 0 as well, seen in the coordinate log a."""
    V = w**2 + scale**2 / 2 - sp.log(scale) - Rational(1, 2)
    turn = Flow((scale, w), (2 * scale * w / 3, (1 - scale**2) / 3))
    brake = Rational(4, 9) * gamma * scale * (scale**2 - 1)
    damped = Flow(turn.state, (turn.rhs[0] - brake, turn.rhs[1]), parameters=(gamma,))
    at = {scale: 1, w: 0}
    found = lasalle(damped, V, at=at)
    assert (found.verdict, found.scope) == (Verdict.ASYMPTOTIC, Scope.GLOBAL)
    residual = found.derivative + Rational(4, 9) * gamma * (scale**2 - 1) ** 2
    assert sp.expand(residual) == 0
    assert found.positive.certificate["kind"] == "convex"
    assert lasalle(turn, V, at=at).verdict is Verdict.INVARIANT
    with pytest.raises(Undecided, match="convex in log"):
        lasalle(damped, w**2 + (scale - 1) ** 2, at=at)  # bounded towards a = 0


@st.composite
def dissipative(draw: st.DrawFn) -> tuple[Matrix, Matrix]:
    r"""A skew K and a damping C^T C of low rank, 2 to 3 dimensions."""
    n = draw(st.integers(2, 3))
    upper = Matrix(n, n, lambda i, j: draw(small) if i < j else 0)
    C = Matrix(1, n, lambda i, j: draw(small))
    return upper - upper.T, C


@given(dissipative())
@settings(max_examples=10, deadline=None)
def test_linear_flows_agree_with_observability(case: tuple[Matrix, Matrix]) -> None:
    K, C = case
    n = K.rows
    state = sp.symbols(f"x1:{n + 1}", real=True)
    z = Matrix(state)
    found = lasalle(Flow(state, tuple((K - C.T * C) * z)), sp.expand((z.T * z)[0]))
    stacked = Matrix.vstack(*(C * K**k for k in range(n)))
    rank = stacked.rank()
    assert (found.verdict is Verdict.ASYMPTOTIC) == (rank == n)
    assert sum(len(c.free) for c in found.invariant.components) == n - rank
    resting = K * Matrix.hstack(*(stacked.nullspace() or [0 * z]))
    assert (found.verdict is Verdict.INVARIANT) == (resting != 0 * resting)


def test_a_sublevel_set_and_what_lies_beyond_it() -> None:
    r"""Van der Pol backwards: :math:`\dot V = -2(1 - x^2)y^2`, a basin out to the cycle."""
    flow = Flow((x, y), (-y, x - (1 - x**2) * y))
    inside = lasalle(flow, x**2 + y**2, level=1)
    assert (inside.verdict, inside.scope, inside.level) == (Verdict.ASYMPTOTIC, Scope.SUBLEVEL, 1)
    with pytest.raises(SymganError, match=r"fails at|could not certify that dV/dt"):
        lasalle(flow, x**2 + y**2, level=9)


def test_other_equilibria_count_only_within_reach() -> None:
    r"""A double well with friction, energy measured from its right minimum."""
    flow = Flow((x, y), (y, x - x**3 - y))
    V = (x**2 - 1) ** 2 / 4 + y**2 / 2
    at = {x: 1, y: 0}
    local = lasalle(flow, V, at=at, region=x > 0)
    assert (local.verdict, local.scope) == (Verdict.ASYMPTOTIC, Scope.LOCAL)
    assert len(local.invariant.components) == 3
    with pytest.raises(Undecided, match="positive away"):  # V is 0 at the left minimum too
        lasalle(flow, V, at=at)


def test_the_zero_set_is_taken_with_the_gradient_only_where_the_sign_is_certified() -> None:
    flow = Flow((x, y), (y, -x - y))
    assert invariant_set(flow, x**2 + y**2).rounds[0] == (x**2 + y**2, x, y)
    assert lie_derivative(x * y, flow) == y**2 - x**2 - x * y


def test_more_equations_than_unknowns_are_solved() -> None:
    flow = Flow((x,), (x,))
    points = [dict(e.point) for e in solutions(flow, [x**2 - 1, x**3 - 1])]
    assert points == [{x: 1}]
    assert solutions(flow, [x, x - 1]) == ()


REFUSED: list[tuple[Any, Any, dict[str, Any], str]] = [
    (Flow((x, y), (y, -x)), x**2 - y**2, {}, "positive definite only if False"),
    (Flow((x, y), (y, -x + y)), x**2 + y**2, {}, "nowhere positive only if False"),
    (Flow((x, y), (y, -x - a * y), (a,)), x**2 + y**2, {}, "a >= 0"),
    (Flow((x, y), (y + 1, -x)), x**2 + y**2, {}, "not an equilibrium"),
    (Flow((x, y), (y, -x)), x**2 + y**2 + 1, {}, "does not vanish"),
    (Flow((x,), (-a * x,), (), a), x**2, {}, "depend on time"),
    (Flow((x,), (-x,)), sp.Abs(x), {}, "not smooth"),
    (Flow((x,), (-x,)), x**2 * a, {}, "undeclared"),
    (Flow((x,), (-x,)), x**2, {"level": 0}, "not positive"),
    (Flow((x,), (-x,)), x**2, {"level": 1, "region": x < 1}, "not both"),
    (Flow((x,), (-x,)), x**2, {"region": x >= 0}, "no strict inequality"),
    (Flow((x,), (-x,)), x**2, {"region": x > 0}, "no strict inequality"),
]


@pytest.mark.parametrize(("flow", "V", "options", "sentence"), REFUSED)
def test_each_missing_premise_is_named(flow: Any, V: Any, options: Any, sentence: str) -> None:
    with pytest.raises(GameError, match=sentence):
        lasalle(flow, V, **options)


def test_a_function_that_levels_off_is_no_global_proof() -> None:
    with pytest.raises(Undecided, match="grow without bound"):
        lasalle(Flow((x,), (-x,)), x**2 / (1 + x**2))


def test_certified_signs() -> None:
    assert definite(x**4 + y**2, (x, y), {x: Integer(0), y: Integer(0)}).unbounded
    assert nonpositive(Integer(0), (x,)) == {"kind": "zero"}
    with pytest.raises(GameError):
        nonpositive(x**2 - y**2, (x, y))
    with pytest.raises(GameError, match="fails at"):
        definite(x**4 - y**2, (x, y), {x: Integer(0), y: Integer(0)})
    assert quadratic_form(x**2 + x, (x,)) is None


def test_a_level_is_exact() -> None:
    x = sp.Symbol("x", real=True)
    with pytest.raises(GameError, match="float"):
        lasalle(Flow((x,), (-x + x**3,)), x**2, level=0.5)
