"""The cycle of WGAN-GP on the Dirac-GAN, by closed form, by solving, and by integration."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from mpmath import mp
from sympy import Rational

from symgan.analysis import solve_linear
from symgan.analysis.switched_cycle import switched_cycle
from symgan.certify.identity import is_zero
from symgan.errors import GameError, Undecided
from symgan.games.dirac import dirac
from symgan.losses import wasserstein
from symgan.regularizers.penalties import wgan_gp
from symgan.system import Flow

gamma, target = sp.symbols("gamma g0", positive=True)
u, s = sp.symbols("u s", real=True)


def penalized(weight: Any, norm: Any) -> Flow:
    return wgan_gp(dirac(wasserstein), weight, target=norm).flow()


def test_the_closed_form_with_parameters() -> None:
    flow = penalized(gamma, target)
    cycle = switched_cycle(flow, flow.state[1])
    omega = sp.sqrt(4 - gamma**2) / 2
    values = {gamma: Rational(6, 5), target: 3}
    expected = gamma * target * sp.coth(gamma * sp.pi / (4 * omega))
    assert is_zero((cycle.crossing - expected).subs(values)).holds
    assert is_zero((cycle.ratio - sp.exp(-gamma * sp.pi / (2 * omega))).subs(values)).holds
    assert is_zero((cycle.period - 2 * sp.pi / omega).subs(values)).holds
    assert cycle.rest == gamma * target
    damped = {weight: bool(cycle.attracts.subs(gamma, weight)) for weight in (1, 2, 3)}
    assert damped == {1: True, 2: False, 3: False}
    assert cycle.overdamped.subs(gamma, 2) == sp.true


@pytest.mark.parametrize("weight", [Rational(6, 5), Rational(8, 5)])
def test_half_a_turn_by_the_solution_of_the_upper_flow(weight: Any) -> None:
    """After half the period the solution that starts at the crossing is at its mirror image."""
    flow = penalized(weight, 2)
    cycle = switched_cycle(flow, flow.state[1])
    form = solve_linear(cycle.upper, (cycle.crossing, sp.Integer(0)))
    along, height = (e.subs(form.time, cycle.period / 2) for e in form.solution)
    assert abs(sp.N(height, 40)) < sp.Float(10) ** -35  # of 40 digits
    assert abs(sp.N(along + cycle.crossing, 40)) < sp.Float(10) ** -35
    missed = solve_linear(cycle.upper, (2 * cycle.crossing, sp.Integer(0))).solution[0]
    assert abs(sp.N(missed.subs(form.time, cycle.period / 2) + 2 * cycle.crossing, 20)) > 1


def test_an_integrated_orbit_ends_on_the_cycle() -> None:
    """Ten half turns from far away, piece by piece, on a field written down by hand."""
    weight, norm = mp.mpf(1), mp.mpf(1)
    flow = penalized(1, 1)
    crossing = mp.mpf(sp.N(switched_cycle(flow, flow.state[1]).crossing, 20))

    def half_turn(start: Any) -> Any:
        def field(_: Any, x: Any) -> list[Any]:
            return [-x[1], x[0] - weight * (x[1] - norm)]

        orbit = mp.odefun(field, 0, [start, mp.mpf(0)])
        time = mp.findroot(lambda t: orbit(t)[1], (mp.mpf("3.5"), mp.mpf("3.7")))
        assert time > 3
        return -orbit(time)[0]

    first = half_turn(mp.mpf(5))
    second = half_turn(first)
    ratio = (second - crossing) / (first - crossing)
    assert abs(ratio - mp.exp(-mp.pi / mp.sqrt(3))) < mp.mpf(10) ** -9  # odefun's 15 digits
    last = second
    for _ in range(6):
        last = half_turn(last)
    assert abs(last - crossing) < mp.mpf(10) ** -3
    assert abs(last - 1.01 * crossing) > mp.mpf(10) ** -3


def test_refusals() -> None:
    with pytest.raises(GameError, match="not odd"):
        switched_cycle(Flow((u, s), (-s, u - s + 1)), s)
    with pytest.raises(GameError, match="off the line"):
        switched_cycle(Flow((u, s), (-s + sp.sign(s), u - s)), s)
    with pytest.raises(GameError, match="not affine"):
        switched_cycle(Flow((u, s), (-s, u - s**3)), s)
    with pytest.raises(GameError, match="no state symbol"):
        switched_cycle(Flow((u, s), (-s, u)), gamma)
    with pytest.raises(GameError, match="planar"):
        switched_cycle(Flow((u,), (-u,)), u)
    with pytest.raises(Undecided, match="mirror the flow"):
        switched_cycle(Flow((u, s), (s, -u - s + sp.sign(s))), s)
