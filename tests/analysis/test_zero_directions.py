"""Stability modulo equilibria, its counterexamples, and the flat directions of GANs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Integer, Matrix, Rational

from symgan.analysis.flat_directions import flat_directions
from symgan.analysis.zero_directions import Modulo, stable_modulo_equilibria
from symgan.errors import GameError
from symgan.games.gan import Gan, gan
from symgan.games.uniform import uniform_gan
from symgan.laws import Atoms
from symgan.losses import GenericLoss, jensen_shannon, wasserstein
from symgan.results import Equilibrium
from symgan.system import Flow

x, y, z, u, a = sp.symbols("x y z u a", real=True)
t, p, q = sp.symbols("t p q", real=True)
ORIGIN = {x: Integer(0), y: Integer(0)}
HALF = Rational(1, 2)
ENDS = Atoms(((HALF, -1), (HALF, 1)))
small = st.integers(-3, 3).map(Integer)


def made(discriminator: Any, generator: Any, minimize: Any, maximize: Any, loss: Any) -> Gan:
    symbols = (*np.atleast_1d(minimize), *np.atleast_1d(maximize))
    return gan(
        discriminator=discriminator,
        generator=generator,
        features=x,
        latent=z,
        data=ENDS,
        noise=ENDS,
        minimize=minimize,
        maximize=maximize,
        loss=loss,
        equilibrium=dict.fromkeys(symbols, Integer(0)),
    )


@given(st.lists(small, min_size=4, max_size=4), small, small)
@settings(max_examples=30, deadline=None)
def test_linear_flows_with_a_kernel_agree_with_eigenvalues(entries, r, s) -> None:
    r"""The rest B in the last two coordinates; the first is free and drives them."""
    B = np.array(entries, dtype=float).reshape(2, 2)
    rhs = (Integer(0), entries[0] * y + entries[1] * u + r * x, entries[2] * y + entries[3] * u)
    flow = Flow((x, y, u), rhs)
    values = np.linalg.eigvals(B)
    at = {x: Integer(0), y: Integer(0), u: Integer(0)}
    kernel = Matrix(flow.jacobian()).nullspace()
    found = stable_modulo_equilibria(flow, at, [tuple(k) for k in kernel])
    # eigenvalues of integer matrices this small: real parts are 0 or at least 0.1
    if values.real.max() > 0.05:
        assert found.verdict is Modulo.UNSTABLE
    elif values.real.max() < -0.05:
        assert found.verdict is Modulo.STABLE
    else:
        assert found.verdict in (Modulo.KERNEL, Modulo.AXIS, Modulo.STABLE)
        assert (found.verdict is Modulo.AXIS) == bool(abs(values.imag).max() > 0.05)


@pytest.mark.parametrize("sign", [-1, 1])
def test_a_cubic_with_the_linearization_of_a_continuum_is_not_decided(sign: int) -> None:
    flow = Flow((x, y), (sign * x**3, -y))
    found = stable_modulo_equilibria(flow, ORIGIN)
    assert (found.verdict, found.kernel, found.condition) == (Modulo.KERNEL, True, False)
    with pytest.raises(GameError, match="no equilibria"):
        stable_modulo_equilibria(flow, ORIGIN, [(1, 0)])
    held = stable_modulo_equilibria(Flow((x, y), (Integer(0), -y)), ORIGIN, [(1, 0)])
    assert held.verdict is Modulo.STABLE


def test_a_jordan_block_at_zero_drifts_along_the_equilibria() -> None:
    found = stable_modulo_equilibria(Flow((x, y), (y, Integer(0))), ORIGIN, [(1, 0)])
    assert found.verdict is Modulo.KERNEL


def test_an_imaginary_pair_is_not_excused() -> None:
    flow = Flow((x, y, u), (y, -x, Integer(0)))
    at = {**ORIGIN, u: Integer(0)}
    assert stable_modulo_equilibria(flow, at, [(0, 0, 1)]).verdict is Modulo.AXIS
    damped = Flow((x, y, u), (y, -x - y, Integer(0)))
    assert stable_modulo_equilibria(damped, at, [(0, 0, 1)]).verdict is Modulo.STABLE
    missed = stable_modulo_equilibria(damped, at)
    assert missed.verdict is Modulo.KERNEL


def test_a_curved_manifold() -> None:
    circle = 1 - x**2 - y**2
    flow = Flow((x, y), (x * circle, y * circle))
    curve = {x: sp.sqrt(1 - y**2), y: y}
    found = stable_modulo_equilibria(flow, {x: 1, y: 0}, curve)
    assert (found.verdict, found.rest) == (Modulo.STABLE, found.variable + 2)
    assert found.tangent == Matrix([0, 1])
    with pytest.raises(GameError, match="does not hold the point"):
        stable_modulo_equilibria(flow, {x: -1, y: 0}, curve)


def test_conditions_with_parameters() -> None:
    flow = Flow((x, y), (Integer(0), -a * y + x * y), parameters=(a,))
    found = stable_modulo_equilibria(flow, ORIGIN, Equilibrium({x: x, y: 0}, (x,), sp.true))
    assert found.condition == (a > 0)
    assert found.kernel == sp.Eq(a, 0)
    assert found.verdict is Modulo.DEPENDS


def test_refusals() -> None:
    flow = Flow((x, y), (Integer(0), -y))
    with pytest.raises(GameError, match="dependent"):
        stable_modulo_equilibria(flow, ORIGIN, [(1, 0), (2, 0)])
    with pytest.raises(GameError, match="one entry"):
        stable_modulo_equilibria(flow, ORIGIN, [(1, 0, 0)])
    with pytest.raises(GameError, match="not an equilibrium"):
        stable_modulo_equilibria(flow, {x: 0, y: 1}, [(1, 0)])


def test_h_of_the_uniform_system() -> None:
    found = flat_directions(uniform_gan())
    assert (found.hessian_D, found.hessian_G) == (
        Matrix([[2 * Rational(1, 5)]]),
        2 * Matrix([[Rational(4, 9)]]),
    )
    assert (found.directions, found.equilibria) == ((), True)


def test_a_redundant_generator_is_stable_modulo_its_equilibria() -> None:
    twice = made(p * x, t + u + z, (t, u), p, jensen_shannon)
    found = flat_directions(twice)
    assert (found.directions, found.equilibria) == (((-1, 1, 0),), True)
    at = twice.game.equilibrium
    assert at is not None
    whole = stable_modulo_equilibria(twice.game.flow(), at, found.directions)
    assert whole.verdict is Modulo.STABLE
    assert stable_modulo_equilibria(twice.game.flow(), at).verdict is Modulo.KERNEL
    weak = made(p * x, t + u + z, (t, u), p, wasserstein).game.flow()
    assert stable_modulo_equilibria(weak, at, found.directions).verdict is Modulo.AXIS


def test_a_redundant_discriminator_with_a_free_loss() -> None:
    twice = made(p * x + q * x, t + z, t, (p, q), GenericLoss)
    found = flat_directions(twice)
    assert (found.directions, found.equilibria) == (((0, -1, 1),), True)
    at = twice.game.equilibrium
    assert at is not None
    whole = stable_modulo_equilibria(twice.game.flow(), at, found.directions, nonzero=(1,))
    assert whole.condition == (GenericLoss(Integer(0), 2) < 0)


def test_zero_on_the_atoms_is_not_enough() -> None:
    r"""D = r (x^3 - x) is zero on the data, but its slope there moves the generator."""
    found = flat_directions(made(p * x + q * x**3, t + z, t, (p, q), jensen_shannon))
    assert (found.directions, found.equilibria) == (((0, -1, 1),), False)
    assert found.residual[0] != 0


def test_a_kernel_that_ends_at_second_order_is_no_equilibrium() -> None:
    found = flat_directions(made(p * x, t + u**3 + z, (t, u), p, jensen_shannon))
    assert found.hessian_G[1, 1] == 0
    assert found.directions == ((0, 1, 0),)
    assert found.equilibria is False


@given(st.lists(small, min_size=6, max_size=6))
@settings(max_examples=8, deadline=None)
def test_hessians_are_what_the_matrices_say(c) -> None:
    r"""Random linear discriminators and generators, by differentiating both functions again."""
    features = (x, x**2)
    D = p * (c[0] * features[0] + c[1] * features[1]) + q * (c[2] * features[0] + c[3])
    found = flat_directions(made(D, z + c[4] * t + c[5] * u, (t, u), (p, q), wasserstein))
    assert sp.hessian(found.h_D, (p, q)) == 2 * found.K_DD
    at = {t: 0, u: 0}
    assert sp.hessian(found.h_G, (t, u)).subs(at) == 2 * found.K_DG.T * found.K_DG
    assert len(found.flat_D) == 2 - found.K_DD.rank()
    assert len(found.flat_G) == 2 - found.K_DG.rank()


def test_flat_directions_refuse_what_is_not_realizable() -> None:
    shifted = made(p * x, t + 2 * z, t, p, jensen_shannon)  # means agree, so this is fine
    assert flat_directions(shifted).equilibria is True
    with pytest.raises(GameError, match="means of the slopes"):
        flat_directions(made(p * x**2, t + 2 * z, t, p, jensen_shannon))
    with pytest.raises(GameError, match="not zero on the data"):
        flat_directions(made(p * x, t + z, t, p, jensen_shannon), {t: 0, p: 1})
    with pytest.raises(GameError, match="give values"):
        flat_directions(made(a * p * x, t + z, t, p, jensen_shannon))


def test_no_directions_are_no_manifold_and_text_is_refused() -> None:
    a, b = sp.symbols("a b", real=True)
    flow = Flow((a, b), (-a, -b))
    assert stable_modulo_equilibria(flow, {a: 0, b: 0}, []).verdict is Modulo.STABLE
    with pytest.raises(GameError, match="vectors of numbers"):
        stable_modulo_equilibria(flow, {a: 0, b: 0}, "ab")
