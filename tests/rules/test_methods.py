"""Methods against rotation: what their papers state of them, and identities between them."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from hypothesis import assume, given, settings
from sympy import I, Matrix, Rational, Symbol

from symgan.game import Game, zero_sum
from symgan.games.quadratic import bilinear, quadratic
from symgan.rules.competitive import competitive
from symgan.rules.consensus import consensus, consensus_flow
from symgan.rules.gradient_norm import gradient_norm_flow, hamiltonian_flow
from symgan.rules.heavy_ball import heavy_ball, heavy_ball_flow
from symgan.rules.local_symplectic_surgery import (
    damping,
    local_symplectic_surgery,
    local_symplectic_surgery_flow,
    two_timescale_surgery_flow,
)
from symgan.rules.proximal_point import proximal_point
from symgan.rules.simultaneous import simultaneous_flow
from symgan.rules.symplectic_adjustment import symplectic_adjustment, symplectic_adjustment_flow
from symgan.rules.two_timescale import two_timescale_flow
from symgan.rules.unrolled import unrolled, unrolled_flow
from symgan.testing import bilinear_games, quadratic_games
from tests.contracts.cases import refused
from tests.rules.examples import b, difference, eigenvalue_polynomial, eta, p, q

z = Symbol("z")
s, gamma, lam = sp.symbols("s gamma lambda", positive=True)
rotation = bilinear()


def cubic() -> Game:
    """A zero-sum game with every kind of curvature."""
    x, y, w = sp.symbols("x y w", real=True)
    payoff = x**3 / 3 + x**2 * y - 2 * x * y * w + y**3 - w**2 * x + 3 * w * x
    return zero_sum(payoff, minimize=(x,), maximize=(y, w))


def rates(flow: Any) -> Any:
    """det(z - J) of a flow at the origin."""
    return eigenvalue_polynomial(flow, z)


def test_consensus_turns_a_center_into_a_focus() -> None:
    """Eigenvalues -gamma +- i. Source: Mescheder et al. 2017, section 3; here B = 1."""
    assert sp.expand(rates(consensus_flow(rotation)) - ((z + gamma) ** 2 + 1)) == 0
    modulus = sp.expand((1 - eta * gamma + I * eta) * (1 - eta * gamma - I * eta))
    assert sp.expand(consensus(rotation, eta).jacobian().det() - modulus) == 0
    gap = sp.factor(modulus - 1)
    assert sp.expand(gap - eta * (eta * (1 + gamma**2) - 2 * gamma)) == 0


def test_symplectic_adjustment_of_a_rotation() -> None:
    """J is antisymmetric: -lambda +- i. Source: Balduzzi et al. 2018, section 3."""
    found = rates(symplectic_adjustment_flow(rotation, lam=lam))
    assert sp.expand(found - ((z + lam) ** 2 + 1)) == 0


@settings(max_examples=15)
@given(game=bilinear_games())
def test_adjustment_is_consensus_on_bilinear_games(game: Game) -> None:
    adjusted = symplectic_adjustment_flow(game, lam=gamma).rhs
    assert difference(adjusted, consensus_flow(game).rhs) == []


def test_adjustment_leaves_potential_games_alone() -> None:
    """A = 0 where both descend one function. Source: Balduzzi et al. 2018, section 3."""
    x, y = sp.symbols("x y", real=True)
    potential = x**2 * y + x * y + y**2
    game = Game("potential", ((x,), (y,)), (potential, potential))
    assert symplectic_adjustment_flow(game).rhs == simultaneous_flow(game).rhs
    assert difference(consensus_flow(game).rhs, simultaneous_flow(game).rhs)


@pytest.mark.parametrize(("curvature", "sign"), [(2, 1), (-2, -1)])
def test_alignment_follows_the_curvature(curvature: int, sign: int) -> None:
    """With J = s + A, <v, J'v><A'v, J'v> = s |v|^2 |A'v|^2. Source: Balduzzi 2018, lemma 10."""
    game = quadratic(curvature, 3, curvature)
    aligned = symplectic_adjustment(game, eta, align=True)
    fixed = symplectic_adjustment(game, eta, lam=sign)
    here: dict[Any, Any] = dict(zip(game.state, (sp.Integer(2), sp.Integer(1)), strict=True))
    at = [[f.subs(here) for f in system.rhs] for system in (aligned, fixed)]
    assert difference(*at) == []
    rest = dict.fromkeys(game.state, sp.Integer(0))
    plus = symplectic_adjustment(game, eta).jacobian(rest)
    assert difference(aligned.jacobian(rest), plus) == []


@settings(max_examples=8)
@given(game=bilinear_games(largest=2))
def test_competitive_descent_converges_on_bilinear_games_at_every_step(game: Game) -> None:
    """It is the proximal point there, (I + eta J)^-1 with J skew, for blocks of any shape.

    Source: Schaefer and Anandkumar 2019, section 3, where no step is too large.
    """
    step, implicit = competitive(game, eta), proximal_point(game, eta)
    assert difference(step.jacobian(), implicit.jacobian()) == []
    J = step.jacobian()
    forward = sp.eye(J.rows) + eta * game.J
    assert difference(J * forward, sp.eye(J.rows)) == []
    assert (game.J + game.J.T).is_zero_matrix


def test_competitive_descent_as_printed() -> None:
    """Both players' formulas with a 2 x 1 block, general-sum.

    Source: Schaefer and Anandkumar 2019, equation (4).
    """
    x1, x2, y = sp.symbols("x1 x2 y", real=True)
    f, g = x1**2 + 3 * x1 * y - x2 * y + x2 * y**2, y**3 + 2 * x1 * y + x2 * x1 * y
    game = Game("general", ((x1, x2), (y,)), (f, g))
    x, w = Matrix([x1, x2]), Matrix([y])
    df, dg = Matrix([f]).jacobian(x).T, Matrix([g]).jacobian(w).T
    fxy, gyx = df.jacobian(w), dg.jacobian(x)
    dx = -eta * (sp.eye(2) - eta**2 * fxy * gyx).inv() * (df - eta * fxy * dg)
    dy = -eta * (sp.eye(1) - eta**2 * gyx * fxy).inv() * (dg - eta * gyx * df)
    assert difference(competitive(game, eta).rhs, [*(x + dx), *(w + dy)]) == []
    assert difference(competitive(game, eta).rhs, [*(x - dx), *(w + dy)])


def test_surgery_leaves_the_symmetric_part() -> None:
    """At rest -(J + J')/2 = -diag(P, Q): real, and stable if and only if the equilibrium is a
    strict local Nash equilibrium. Source: Mazumdar et al. 2019, theorem 3."""
    game = quadratic(p, b, q)
    J = local_symplectic_surgery_flow(game).jacobian(game.equilibrium)
    assert J.applyfunc(sp.cancel) == -sp.diag(p, q)
    damped = local_symplectic_surgery_flow(game, lam=lam).jacobian(game.equilibrium)
    assert damped.applyfunc(sp.cancel) != -sp.diag(p, q)


@settings(max_examples=15)
@given(game=quadratic_games())
def test_surgery_on_quadratic_games(game: Game) -> None:
    """Without lambda it is linear, at once at all states."""
    assume(game.J.det() != 0)
    J = local_symplectic_surgery(game, eta, lam=0).jacobian()
    assert difference(J, sp.eye(J.rows) - eta * (game.J + game.J.T) / 2) == []


@settings(max_examples=10)
@given(game=quadratic_games(largest=1))
def test_surgery_is_refused_where_it_has_no_inverse(game: Game) -> None:
    """The default lambda is 0 at rest; one that is positive there is taken."""
    singular = game.J.det() == 0
    assert refused(local_symplectic_surgery, game) is singular
    assert not refused(lambda g, h: local_symplectic_surgery(g, h, lam=2), game)


def test_the_second_iterate_tracks_the_inverse() -> None:
    """h_2 vanishes at phi = (J'J + lambda)^-1 J'v, where h_1 is h. Source: Mazumdar et al. 2019."""
    game = quadratic(2, 3, 5)
    pair = two_timescale_surgery_flow(game, tau=1)
    v, J = Matrix(game.v), game.J
    phi = (J.T * J + damping(game) * sp.eye(2)).inv() * J.T * v
    here: dict[Any, Any] = dict(zip(pair.state[2:], phi, strict=True))
    first, second = ([f.subs(here) for f in part] for part in (pair.rhs[:2], pair.rhs[2:]))
    assert difference(second, [0, 0]) == []
    assert difference(first, local_symplectic_surgery_flow(game).rhs) == []


@pytest.mark.parametrize("steps", [1, 2, 5])
def test_unrolling_a_rotation(steps: int) -> None:
    """theta' = psi - 2ks theta through the unroll, and half the friction without."""
    through = rates(unrolled_flow(rotation, steps=steps, inner=s))
    partial = rates(unrolled_flow(rotation, steps=steps, inner=s, through=False))
    assert sp.expand(through - (z**2 + 2 * steps * s * z + 1)) == 0
    assert sp.expand(partial - (z**2 + steps * s * z + 1)) == 0


@pytest.mark.parametrize("game", [cubic(), quadratic(p, b, q)], ids=["cubic", "quadratic"])
@pytest.mark.parametrize(
    ("steps", "through", "weight"), [(1, True, 1), (3, True, 3), (1, False, Rational(1, 2))]
)
def test_unrolling_is_a_gradient_penalty_to_first_order(
    game: Game, steps: int, through: bool, weight: Any
) -> None:
    """d/ds at 0: k grad |v_psi|^2 through the unroll, half of it without.

    Source: Nagarajan and Kolter 2017, section 4, who call their penalty similar to 1-unrolled.
    """
    ahead = Matrix(unrolled_flow(game, steps=steps, through=through, inner=s).rhs)
    penalty = Matrix(gradient_norm_flow(game, gamma=gamma).rhs).diff(gamma)
    assert difference(ahead.subs(s, 0), simultaneous_flow(game).rhs) == []
    assert difference(ahead.diff(s).subs(s, 0), weight * penalty) == []
    assert difference(ahead.diff(s).subs(s, 0), 2 * weight * penalty)


def test_an_inner_step_of_its_own() -> None:
    """The unroll takes the discriminator's step unless it is given one."""
    c, d = sp.symbols("c d", positive=True)
    same = unrolled(rotation, (c, d))
    assert difference(same.rhs, unrolled(rotation, (c, d), inner=d).rhs) == []
    assert difference(same.rhs, unrolled(rotation, (c, d), inner=c).rhs)


def test_hamiltonian_flow_descends_the_size_of_v() -> None:
    game = cubic()
    size = sum(f**2 for f in game.v) / 2
    assert difference(hamiltonian_flow(game).rhs, [-sp.diff(size, x) for x in game.state]) == []
    consensual = [
        f - gamma * sp.diff(size, x) for f, x in zip(game.flow().rhs, game.state, strict=True)
    ]
    assert difference(consensus_flow(game).rhs, consensual) == []


def test_a_step_of_the_ball_with_friction() -> None:
    """eta = h^2, beta = 1 - a h, u = (x - past)/h is the flow to first order in h, not beyond.

    Source: Polyak 1964; Attouch, Goudou and Redont 2000.
    """
    h, a = sp.symbols("h a", positive=True)
    game = cubic()
    flow = heavy_ball_flow(game, friction=a)
    n = len(game.state)
    x, u = Matrix(flow.state[:n]), Matrix(flow.state[n:])
    ball = heavy_ball(game, h**2, beta=1 - a * h)
    here: dict[Any, Any] = dict(zip(ball.state, [*x, *(x - h * u)], strict=True))
    after = Matrix([f.subs(here, simultaneous=True) for f in ball.rhs[:n]])
    step = Matrix([*after, *((after - x) / h)]).applyfunc(sp.expand)
    slopes = [step.diff(h, order).subs(h, 0) for order in (0, 1)]
    assert difference(slopes[0], flow.state) == []
    assert difference(slopes[1], flow.rhs) == []
    assert difference(slopes[1], heavy_ball_flow(game, friction=2 * a).rhs)


def test_friction_makes_no_rotation_stable_and_curvature_does() -> None:
    """z^2 (z + a)^2 + 1 has roots on the right for every a; with P = Q = 1, B = 0 none."""
    a = Symbol("a", positive=True)
    found = rates(heavy_ball_flow(rotation, friction=a))
    assert sp.expand(found - (z**2 * (z + a) ** 2 + 1)) == 0
    bowl = rates(heavy_ball_flow(quadratic(1, 0, 1), friction=a))
    assert sp.expand(bowl - (z**2 + a * z + 1) ** 2) == 0


def test_ratios_of_rates() -> None:
    tau = Symbol("tau", positive=True)
    assert two_timescale_flow(cubic(), tau=1).rhs == simultaneous_flow(cubic()).rhs
    assert sp.expand(rates(two_timescale_flow(rotation, tau=tau)) - (z**2 + tau)) == 0
