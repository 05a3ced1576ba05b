"""Each law rejects a game, rule or map that is wrong by one thing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
import sympy as sp
from sympy import Matrix, Rational

from symgan.games.annealed import alpha_r, psi, theta, tiny_gan
from symgan.games.quadratic import bilinear, quadratic
from symgan.losses import jensen_shannon
from symgan.rules.alternating import alternating
from symgan.rules.simultaneous import simultaneous
from symgan.system import Flow, Map
from tests.contracts import laws
from tests.contracts.cases import eta

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
