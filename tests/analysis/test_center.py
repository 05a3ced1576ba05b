"""Weak foci by a second route: a Lyapunov function of degree four, and a return map."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp
from sympy import Integer, Matrix, Rational

from symgan.analysis import first_lyapunov_coefficient, reversible
from symgan.certify.identity import is_zero
from symgan.errors import GameError
from symgan.games.annealed import alpha_r, psi, theta, tiny_gan
from symgan.games.dirac import dirac
from symgan.losses import GenericLoss, hyperbolic_tangent, jensen_shannon, wasserstein
from symgan.system import Flow

x, y, k = sp.symbols("x y k", real=True)
FLIP = {theta: theta, psi: -psi}


def generic(order: int) -> Any:
    return GenericLoss(Integer(0), Integer(order))


def lyapunov_route(A: Matrix, field: tuple[Any, Any]) -> Any:
    r"""a from V = V2 + V3 + V4 with V' = 4 a V2^2 + O(5), by comparing coefficients.

    V2 = (x^2 + v^2)/2 with v = -(A11 x + A12 y)/omega is the linear part's energy.
    """
    F = Matrix(field)
    v_squared = (A[0, 0] * x + A[0, 1] * y) ** 2 / A.det()
    V2 = (x**2 + v_squared) / 2
    c3, c4, rate = sp.symbols("c0:4"), sp.symbols("d0:5"), sp.Symbol("rate")
    V3 = sum(c * x**i * y ** (3 - i) for i, c in enumerate(c3))
    V4 = sum(d * x**i * y ** (4 - i) for i, d in enumerate(c4))
    V = V2 + V3 + V4
    change = sp.expand(Matrix([V]).jacobian([x, y]).dot(F) - 4 * rate * V2**2)
    conditions = [c for (i, j), c in sp.Poly(change, x, y).terms() if i + j in (3, 4)]
    solution = sp.linsolve(conditions, [*c3, *c4, rate])
    return next(iter(solution))[-1]


numbers = st.integers(-2, 2)


@settings(max_examples=25)
@given(
    numbers,
    st.sampled_from([-2, -1, 1, 2]),
    st.sampled_from([Rational(v) for v in ("1/4", "1", "2", "4")]),
    st.lists(numbers, min_size=14, max_size=14),
)
def test_planar_fields_against_a_lyapunov_function(
    p: int, q: int, determinant: Any, terms: list[int]
) -> None:
    """Matrices [[p, q], [r, -p]] of any positive determinant, squares or not."""
    A = Matrix([[p, q], [-(p**2 + determinant) / q, -p]])
    powers = [(i, d - i) for d in (2, 3) for i in range(d + 1)]
    higher = [
        sum(c * x**i * y**j for c, (i, j) in zip(half, powers, strict=True))
        for half in (terms[:7], terms[7:])
    ]
    first, second = A * Matrix([x, y]) + Matrix(higher)
    found = first_lyapunov_coefficient(Flow((x, y), (first, second)), {x: 0, y: 0})
    assert is_zero(found - lyapunov_route(A, (first, second))).holds is True
    assert is_zero(2 * found + 1 - lyapunov_route(A, (first, second))).holds is (found == -1)


def test_tiny_gan_with_a_free_loss() -> None:
    r"""r' = (alpha_r^4 f''''(0)/8) r^3 where f''(0) = 0; f'''(0) plays no part."""
    game = tiny_gan(GenericLoss)
    found = first_lyapunov_coefficient(game.flow(), game.equilibrium or {}, where={generic(2): 0})
    assert sp.expand(found - alpha_r**4 * generic(4) / 8) == 0
    f1, f3, f4 = sp.symbols("f1 f3 f4", positive=True)

    def loss(z: Any) -> Any:
        return f1 * z + f3 * z**3 / 6 + f4 * z**4 / 24

    moved = {theta: alpha_r + x, psi: y}
    flow = tiny_gan(loss).flow()
    rhs = tuple(sp.expand(f.subs(moved)) for f in flow.rhs)
    second = lyapunov_route(Matrix([[0, -f1], [f1, 0]]), (rhs[0], rhs[1]))
    assert sp.expand(sp.cancel(second) - alpha_r**4 * f4 / 8) == 0


@pytest.mark.parametrize("quartic", [Rational(1), Rational(-2)])
def test_tiny_gan_by_its_return_map(quartic: Any) -> None:
    """One turn of the flow from r on the theta axis: r changes by 2 pi a r^3 to leading order."""
    game = tiny_gan(lambda z: z + quartic * z**4 / 24, 1)
    coefficient = first_lyapunov_coefficient(game.flow(), game.equilibrium or {})
    f, g = (sp.lambdify((theta, psi), e, "mpmath") for e in game.flow().rhs)

    with mp.workdps(18):

        def polar(_: Any, state: Any) -> list[Any]:
            """dr/dphi along an orbit."""
            r, angle = state
            u, v = r * mp.cos(angle), r * mp.sin(angle)
            du, dv = f(1 + u, v), g(1 + u, v)
            turn = (u * dv - v * du) / r**2
            return [(u * du + v * dv) / r / turn, mp.mpf(1)]

        radius = mp.mpf("0.01")
        end = mp.odefun(polar, 0, [radius, mp.mpf(0)])(2 * mp.pi)[0]
        measured = (end - radius) / (2 * mp.pi * radius**3)
        expected = mp.mpf(int(coefficient.p)) / int(coefficient.q)
        assert abs(measured - expected) < 10 * radius * abs(expected)  # the next term is O(r)
        assert abs(measured - 2 * expected) > 10 * radius * abs(expected)


def test_odd_losses_make_centers() -> None:
    for loss in (wasserstein, hyperbolic_tangent):
        flow = tiny_gan(loss).flow()
        assert reversible(flow, FLIP)
        assert first_lyapunov_coefficient(flow, {theta: alpha_r, psi: 0}) == 0
    free = tiny_gan(GenericLoss).flow()
    assert reversible(free, FLIP, odd=True)
    assert not reversible(free, FLIP)
    assert not reversible(tiny_gan(jensen_shannon).flow(), FLIP)
    assert not reversible(free, {theta: -theta, psi: psi}, odd=True)


def test_a_reversible_orbit_closes() -> None:
    """tanh at alpha_r = 3: back on the axis after one turn, to 15 digits."""
    flow = tiny_gan(hyperbolic_tangent, 3).flow()
    f, g = (sp.lambdify((theta, psi), e, "mpmath") for e in flow.rhs)
    with mp.workdps(20):

        def field(_: Any, state: Any) -> list[Any]:
            return [f(*state), g(*state)]

        orbit = mp.odefun(field, 0, [mp.mpf("3.125"), mp.mpf(0)])
        period = mp.findroot(lambda time: orbit(time)[1], (mp.mpf("6.2"), mp.mpf("6.4")))
        assert period > 6
        assert abs(orbit(period)[0] - mp.mpf("3.125")) < mp.mpf(10) ** -15  # of odefun's 20 digits


def test_dirac_gan_is_a_center() -> None:
    flow = dirac().flow()
    assert first_lyapunov_coefficient(flow, {theta: 0, psi: 0}) == 0
    assert reversible(flow, {theta: theta, psi: -psi}, odd=True)


def test_refusals() -> None:
    game = tiny_gan(GenericLoss)
    point = game.equilibrium or {}
    with pytest.raises(GameError, match="the trace is"):
        first_lyapunov_coefficient(game.flow(), point)
    with pytest.raises(GameError, match="not an equilibrium"):
        first_lyapunov_coefficient(game.flow(), {theta: 0, psi: 1})
    with pytest.raises(GameError, match="determinant is -1"):
        first_lyapunov_coefficient(Flow((x, y), (x, -y)), {x: 0, y: 0})
    with pytest.raises(GameError, match="planar"):
        first_lyapunov_coefficient(Flow((x,), (-x,)), {x: 0})
    with pytest.raises(GameError, match="not an involution"):
        reversible(game.flow(), Matrix([[0, -1], [1, 0]]))
    with pytest.raises(GameError, match="not linear"):
        reversible(game.flow(), {theta: theta**2, psi: psi})
