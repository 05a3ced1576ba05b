"""The noisy recursion: its map, and a seeded run on two time scales."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp

from symgan.errors import GameError
from symgan.game import zero_sum
from symgan.games.quadratic import bilinear
from symgan.kernels import compile as compile_kernel
from symgan.rules.simultaneous import simultaneous
from symgan.rules.steps import INDEX
from symgan.rules.stochastic import stochastic

theta, psi = sp.symbols("theta psi", real=True)
GAME = zero_sum(
    theta**2 / 2 - theta * psi - psi**2 / 2, minimize=theta, maximize=psi, name="concave"
)


def test_without_noise_and_decay_it_is_simultaneous_descent() -> None:
    eta = sp.Symbol("eta", positive=True)
    plain = stochastic(GAME, eta, noise=0)
    assert sp.Matrix(plain.rhs).expand() == sp.Matrix(simultaneous(GAME, eta).rhs).expand()
    assert plain.parameters == simultaneous(GAME, eta).parameters


def test_every_player_has_its_own_step_and_noise() -> None:
    slow, fast = 1 / (INDEX + 1), 1 / sp.sqrt(INDEX + 1)
    noisy = stochastic(GAME, (slow, fast), noise=(2, 3))
    xi_theta, xi_psi = noisy.noise
    assert sp.diff(noisy.rhs[0], xi_theta) == -2 * slow
    assert sp.diff(noisy.rhs[1], xi_psi) == -3 * fast
    assert sp.diff(noisy.rhs[0], xi_psi) == 0


def test_decaying_steps_converge_and_constant_ones_do_not() -> None:
    """400 seeded runs: with a_k = 1/k, b_k = k^(-2/3) the spread goes, with constants it stays."""
    draws = np.random.default_rng(3).standard_normal((3000, 400, 2))
    start = np.ones((400, 2))
    k = INDEX + 2
    decaying = stochastic(GAME, (1 / k, k ** sp.Rational(-2, 3)))
    constant = stochastic(GAME, sp.Rational(1, 2))
    spread = {
        name: np.sqrt((compile_kernel(system).iterate(start, 3000, noise=draws) ** 2).mean(axis=0))
        for name, system in (("decaying", decaying), ("constant", constant))
    }
    assert max(spread["decaying"]) < 0.1  # b_k = 0.005 at the end: a spread of sqrt(b_k/2) = 0.05
    assert min(spread["constant"]) > 0.3


def test_refusals() -> None:
    with pytest.raises(GameError, match="shift its index"):
        stochastic(bilinear(), 1 / INDEX)
    with pytest.raises(GameError, match="not positive"):
        stochastic(bilinear(), -1 / (INDEX + 1))
    with pytest.raises(GameError, match="step sizes for 2 players"):
        stochastic(bilinear(), (1, 2, 3))
