"""The game Jacobian of players: toy games exactly, networks by an independent route."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sympy as sp
import torch

from symgan.empirical.bridge import TorchGame, rules
from symgan.empirical.bridge.fields import flatten, gradient, unflatten
from symgan.empirical.gans import MLP, Draws, catalog, discriminator_gradient, generator_gradient
from symgan.empirical.gans.gans import named
from symgan.empirical.gans.spectral import start
from symgan.empirical.spectra import GameJacobian, gradient_norms
from symgan.empirical.spectra.gan_players import GanBatch, GanPlayers
from symgan.errors import BadData
from symgan.game import zero_sum
from symgan.games.dirac import dirac
from symgan.games.quadratic import bilinear, quadratic
from symgan.losses import jensen_shannon
from tests.empirical.spectra.tiny import TinyGan

GENERATOR, DISCRIMINATOR = MLP(2, (3,), 2), MLP(2, (4,), 1, activation="tanh")


def three() -> Any:
    a, b, c = sp.symbols("a b c", real=True)
    return zero_sum(sp.sin(a * b) + a**2 * c - b * c**3, minimize=(a, b), maximize=c)


GAMES = [bilinear(), quadratic(2, 3, 5), dirac(loss=jensen_shannon), three()]


@pytest.mark.parametrize("game", GAMES)
def test_jacobians_of_toy_games_are_the_exact_ones(game: Any) -> None:
    numbers = dict(zip((*game.state, *game.parameters), (0.75, -1.25, 0.5, 2.0), strict=False))
    exact = np.array(game.J.subs(numbers).evalf(30), dtype=float)
    found = GameJacobian(TorchGame(game, numbers)).dense()
    # Sums of at most four terms, each rounded a few times.
    assert np.abs(found - exact).max() <= 16 * np.finfo(float).eps * np.abs(exact).max()


def by_differences(players: Any, batch: Any, h: float = 1e-6) -> np.ndarray[Any, Any]:
    """J by central differences of the gradient: error h^2 and rounding over h."""
    x = flatten(players.parameters).detach()

    def v(at: torch.Tensor) -> np.ndarray[Any, Any]:
        return flatten(gradient(players, unflatten(at, players.parameters), batch)).numpy()

    columns = [(v(x + h * e) - v(x - h * e)) / (2 * h) for e in torch.eye(len(x), dtype=x.dtype)]
    return np.stack(columns, axis=1)


def batch() -> GanBatch:
    g = torch.Generator().manual_seed(5)

    def normal(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=g, dtype=torch.float64)

    mix = torch.rand(1, 6, generator=g, dtype=torch.float64)
    return GanBatch(normal(6, 2), normal(6, 2), Draws(mix, normal(1, 6, 2), normal(1, 6, 2)))


def players_of(name: str) -> GanPlayers:
    weights = [
        [w[0] for w in network.init([seed], dtype=torch.float64)]
        for seed, network in enumerate((GENERATOR, DISCRIMINATOR))
    ]
    return GanPlayers.of(named(name), GENERATOR, DISCRIMINATOR, weights)


@pytest.mark.parametrize("name", sorted(catalog()))
def test_players_have_the_gradients_that_training_has(name: str) -> None:
    players, on = players_of(name), batch()
    theta, psi = ([w.detach()[None] for w in own] for own in players.parameters)
    gan, fake = players.gan, GENERATOR(theta, on.latent[None])
    state = start(psi, [0], iterations=500) if gan.spectral else None
    _, by_g = generator_gradient(
        gan, GENERATOR, DISCRIMINATOR, theta, psi, on.latent[None], on.draws, state=state
    )
    _, by_d = discriminator_gradient(
        gan, DISCRIMINATOR, psi, on.real[None], fake, on.draws, state=state
    )
    wanted = torch.cat([g.flatten() for g in (*by_g, *by_d)])
    found = flatten(gradient(players, players.parameters, on))
    # Two orders of the same sums in double precision; power iteration has converged to rounding.
    assert float((found - wanted).abs().max()) < 1e-12


@pytest.mark.parametrize("name", ["unsat-bce", "wgan-gp", "r2-gp", "sn-gan", "reg-js-gan"])
def test_jacobians_of_gans_agree_with_differences(name: str) -> None:
    players, on = players_of(name), batch()
    found, wanted = GameJacobian(players, None, on).dense(), by_differences(players, on)
    assert np.abs(found - wanted).max() < 1e-7 * max(1.0, np.abs(wanted).max())


def test_a_discriminator_that_does_not_see_the_generator_move_is_caught() -> None:
    class Detached(GanPlayers):
        def losses(self, parameters: Any, batch: Any = None) -> Any:
            theta, psi = parameters
            still = super().losses((tuple(w.detach() for w in theta), psi), batch)[1]
            return super().losses(parameters, batch)[0], still

    players, on = players_of("unsat-bce"), batch()
    detached = Detached(players.gan, GENERATOR, DISCRIMINATOR, players.parameters)
    found = GameJacobian(detached, None, on).dense()
    own = GameJacobian(players, None, on)
    n = own.sizes[0]
    assert np.abs(found[n:, :n]).max() == 0
    assert np.abs(own.dense()[n:, :n]).max() > 1e-3


def test_the_transpose_is_the_transpose() -> None:
    J = GameJacobian(TinyGan(1, 0.01))
    rows = np.stack([J.rmatvec(e) for e in np.eye(J.size)])
    assert np.abs(rows - J.dense()).max() < 1e-14
    assert np.abs(J.dense() - J.dense().T).max() > 0.01  # and J is not symmetric


def test_complex_vectors_and_counts() -> None:
    J = GameJacobian(TorchGame(quadratic(2, 3, 5), {"theta": 1, "psi": 1}))
    assert J.matvec(np.array([1, 1j])).tolist() == [2 - 3j, 3 + 5j]
    assert J.products == 2


def test_single_precision_stays_single() -> None:
    players = players_of("unsat-bce")
    on = batch()
    single = GanBatch(on.real.float(), on.latent.float(), Draws())
    J = GameJacobian(
        GanPlayers.of(
            players.gan, GENERATOR, DISCRIMINATOR, players.parameters, dtype=torch.float32
        ),
        None,
        single,
    )
    assert J.dense().dtype == np.float32
    double = GameJacobian(players, None, replace(on, draws=Draws())).dense()
    assert 0 < np.abs(J.dense() - double).max() < 1e-5


def test_players_that_move_on_leave_the_jacobian_where_it_was() -> None:
    players = TinyGan(1, 0.01)
    J = GameJacobian(players)
    before = J.dense()
    rules.named("simultaneous")(players, 1.0).step()
    assert np.array_equal(J.dense(), before)
    assert np.abs(GameJacobian(players).dense() - before).max() > 1e-3


def test_norms_are_those_of_each_player() -> None:
    players = TinyGan(1, 0.01)
    J = GameJacobian(players)
    parts = np.split(J.field, [J.sizes[0]])
    assert gradient_norms(players) == pytest.approx([np.linalg.norm(p) for p in parts], rel=1e-14)


def test_a_field_that_is_not_finite_is_refused() -> None:
    with pytest.raises(BadData, match="finite"):
        GameJacobian(TorchGame(bilinear(), {"theta": 1e308, "psi": 1}, dtype=torch.float32))
