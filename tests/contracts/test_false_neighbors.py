"""Each law rejects a game, rule or map that is wrong by one thing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
import sympy as sp
from sympy import Matrix, Rational

from symgan.catalog import mark_of
from symgan.game import Game
from symgan.games.annealed import alpha_r, psi, theta, tiny_gan
from symgan.games.dirac import dirac
from symgan.games.quadratic import bilinear, quadratic
from symgan.implicit import ImplicitMap
from symgan.losses import jensen_shannon
from symgan.rules.alternating import alternating
from symgan.rules.extragradient import extragradient
from symgan.rules.heavy_ball import heavy_ball
from symgan.rules.lookahead import lookahead
from symgan.rules.optimistic import optimistic
from symgan.rules.proximal_point import proximal_point
from symgan.rules.simultaneous import simultaneous
from symgan.rules.steps import INDEX, assemble, descent, remembered
from symgan.system import Flow, Map
from tests.contracts import laws
from tests.contracts.cases import OPAQUE, OWN_LOSSES, eta

POINT = tuple(Rational(n, 60) for n in (37, -51, 43, 29, -53, 11, 17))


@pytest.mark.parametrize(
    "point", [{theta: alpha_r, psi: 1}, {theta: -alpha_r, psi: 0}, {theta: alpha_r}, {}]
)
def test_wrong_equilibrium(point: dict[Any, Any]) -> None:
    assert laws.equilibrium_violations(tiny_gan()) == []
    assert laws.equilibrium_violations(replace(tiny_gan(), equilibrium=point))


def test_point_that_the_rule_moves() -> None:
    system = simultaneous(tiny_gan(), eta)
    assert laws.fixed_point_violations(system, {theta: alpha_r, psi: sp.Integer(0)}) == []
    assert laws.fixed_point_violations(system, {theta: alpha_r + 1, psi: sp.Integer(0)})


def test_rule_that_ascends() -> None:
    """A sign slip still fixes the equilibrium; only the first-order law sees it."""
    game = bilinear()
    field = tuple(-v for v in game.v)
    ascent = Map(
        game.state,
        tuple(x + eta * v for x, v in zip(game.state, game.v, strict=True)),
        parameters=(eta,),
    )
    assert laws.fixed_point_violations(ascent, game.equilibrium or {}) == []
    assert laws.first_order_violations(ascent, eta, field)
    assert laws.first_order_violations(simultaneous(game, eta), eta, field) == []


@pytest.mark.parametrize("declared", [(), (psi,), (2 * psi, -theta), (psi, theta)])
def test_wrong_first_order_field(declared: tuple[Any, ...]) -> None:
    assert laws.first_order_violations(simultaneous(bilinear(), eta), eta, declared)


@dataclass(frozen=True)
class Transposed(Flow):
    def jacobian(self, at: Any = None) -> Matrix:
        return super().jacobian(at).T


@dataclass(frozen=True)
class SlightlyOff(Flow):
    def jacobian(self, at: Any = None) -> Matrix:
        return super().jacobian(at) + Matrix([[0, 0], [0, Rational(1, 10**25)]])


@pytest.mark.parametrize("kind", [Transposed, SlightlyOff])
def test_wrong_jacobian(kind: type[Flow]) -> None:
    flow = tiny_gan(loss=jensen_shannon).flow()
    wrong = kind(flow.state, flow.rhs, parameters=flow.parameters)
    assert laws.jacobian_violations(flow, laws.point_of(flow, POINT)) == []
    assert laws.jacobian_violations(wrong, laws.point_of(flow, POINT))


def test_stages_in_the_wrong_order() -> None:
    system = alternating(quadratic(2, 3, 5), eta)
    values = laws.point_of(system, POINT)
    assert laws.stage_violations(system, values) == []
    assert laws.stage_violations(replace(system, stages=tuple(reversed(system.stages))), values)
    assert laws.stage_violations(replace(system, stages=system.stages[:1]), values)


def _declared(rule: Any, game: Game, **options: Any) -> tuple[Any, ...]:
    return mark_of(rule).first_order(game, **options)


def _optimistic(game: Game, *, old: int) -> Map:
    """x - 2 eta v(x) + old eta v(past): right for old = 1."""
    memory = remembered(game, "prev")
    x, past, move = Matrix(game.state), Matrix(memory), descent(game, eta)
    rhs = Matrix([x + 2 * move(x, INDEX) - old * move(past, INDEX), x])
    return assemble(game, rhs, eta, memory=memory, updates=2)


@pytest.mark.parametrize("game", [bilinear(), dirac()], ids=lambda game: game.name)
def test_optimistic_with_the_wrong_sign(game: Game) -> None:
    declared = _declared(optimistic, game)
    right, wrong = _optimistic(game, old=1), _optimistic(game, old=-1)
    assert right.rhs == optimistic(game, eta).rhs
    assert laws.first_order_violations(right, eta, declared) == []
    assert laws.first_order_violations(wrong, eta, declared)


@pytest.mark.parametrize("game", [bilinear(), dirac()], ids=lambda game: game.name)
def test_momentum_that_starts_in_motion(game: Game) -> None:
    """A previous iterate that starts at 0 keeps the fixed point 0; only the start sees it."""
    right = heavy_ball(game, eta)
    wrong = replace(right, memory=tuple((s, sp.Integer(0)) for s, _ in right.memory))
    assert laws.start_violations(right, eta) == []
    assert laws.fixed_point_violations(wrong, game.equilibrium or {}) == []
    assert laws.start_violations(wrong, eta)


def test_memory_that_remembers_the_wrong_player() -> None:
    right = heavy_ball(quadratic(2, 3, 5), eta)
    crossed = (*right.rhs[:2], *reversed(right.rhs[2:]))
    assert laws.start_violations(replace(right, rhs=crossed), eta)


@pytest.mark.parametrize("sign", [1, -1])
def test_an_extragradient_that_extrapolates_backwards(sign: int) -> None:
    """It shows in the second order alone, which no law for all rules fixes: x'' = 2 J v.

    Right is the step whose second derivative in eta at 0 is that of the proximal point.
    """
    game = quadratic(2, 3, 5)
    x, move = Matrix(game.state), descent(game, eta)
    step = assemble(game, x + move(x + sign * move(x, INDEX), INDEX), eta, updates=4)
    implicit = proximal_point(game, eta)
    assert isinstance(implicit, Map)
    bends = [[sp.diff(f, eta, 2).subs(eta, 0) for f in system.rhs] for system in (step, implicit)]
    agree = all(laws.is_zero(a - b) for a, b in zip(*bends, strict=True))
    assert agree is (sign == 1)
    assert laws.first_order_violations(step, eta, _declared(extragradient, game)) == []


def _wrong_residuals(right: ImplicitMap) -> dict[str, ImplicitMap]:
    ascent = tuple(2 * (y - x) - r for x, y, r in _triples(right))
    doubled = tuple(2 * r - (y - x) for x, y, r in _triples(right))
    shifted = (right.residual[0] + eta, *right.residual[1:])
    return {
        "ascent": replace(right, residual=ascent),
        "twice the gradient": replace(right, residual=doubled),
        "a constant": replace(right, residual=shifted),
    }


def _triples(system: ImplicitMap) -> zip[Any]:
    return zip(system.state, system.next, system.residual, strict=True)


@pytest.mark.parametrize("wrong", ["ascent", "twice the gradient", "a constant"])
def test_wrong_proximal_residual(wrong: str) -> None:
    game = dirac()
    right, declared = proximal_point(game, eta), _declared(proximal_point, game)
    assert isinstance(right, ImplicitMap)
    assert laws.first_order_violations(right, eta, declared) == []
    assert laws.first_order_violations(_wrong_residuals(right)[wrong], eta, declared)


def test_proximal_residual_that_does_not_rest() -> None:
    game = dirac()
    right = proximal_point(game, eta)
    assert isinstance(right, ImplicitMap)
    origin = game.equilibrium or {}
    moved = _wrong_residuals(right)["a constant"]
    scaled = replace(right, residual=tuple(r + (y - 2 * x) for x, y, r in _triples(right)))
    assert laws.fixed_point_violations(right, origin) == []
    assert laws.fixed_point_violations(moved, origin)
    assert laws.start_violations(right, eta) == []
    assert laws.start_violations(scaled, eta)


@dataclass(frozen=True)
class ExplicitSlope(ImplicitMap):
    """The derivative of the explicit step, I - eta J, in the place of the implicit one."""

    def jacobian(self, at: Any = None) -> Matrix:
        return Matrix(self.residual).jacobian(Matrix(self.next)).applyfunc(
            lambda entry: -entry
        ) + 2 * sp.eye(len(self.state))


def test_wrong_implicit_jacobian() -> None:
    right = proximal_point(dirac(jensen_shannon), eta)
    assert isinstance(right, ImplicitMap)
    fields = {name: getattr(right, name) for name in ("state", "next", "residual", "parameters")}
    values = laws.point_of(right, POINT)
    assert laws.jacobian_violations(right, values) == []
    assert laws.jacobian_violations(ExplicitSlope(**fields), values)


@pytest.mark.parametrize("game", OPAQUE.values(), ids=OPAQUE)
@pytest.mark.parametrize("rule", [simultaneous, extragradient, optimistic, proximal_point])
def test_updates_counted_wrongly(rule: Any, game: Game) -> None:
    right = rule(game, eta)
    values = laws.point_of(right, POINT)
    assert laws.update_violations(right, OWN_LOSSES, values) == []
    for wrong in (right.updates - 1, right.updates + 1, 2 * right.updates):
        assert laws.update_violations(replace(right, updates=wrong), OWN_LOSSES, values)


@pytest.mark.parametrize(("k", "alpha"), [(2, 1), (3, Rational(1, 2))])
def test_lookahead_that_declares_the_field_of_its_base(k: int, alpha: Any) -> None:
    """k alpha times it is right over a rule without memory, more over a momentum."""
    game, b = bilinear(), sp.Symbol("beta", real=True)
    fast = _declared(simultaneous, game)
    slow = lookahead(simultaneous, k=k, alpha=alpha)(game, eta)
    assert laws.first_order_violations(slow, eta, tuple(k * alpha * f for f in fast)) == []
    assert laws.first_order_violations(slow, eta, fast)
    heavy = lookahead(heavy_ball, k=k, alpha=alpha)(game, eta)
    gained = sum((1 - b ** (j + 1)) / (1 - b) for j in range(k))
    assert laws.first_order_violations(heavy, eta, tuple(gained * alpha * f for f in fast)) == []
    assert laws.first_order_violations(heavy, eta, tuple(k * alpha * f for f in fast))
