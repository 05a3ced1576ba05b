"""The general GAN: its field, its block Jacobian, and where the block form does not hold."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Integer, Matrix, Rational

from symgan.analysis.spectrum import spectrum
from symgan.errors import GameError
from symgan.games.gan import blurred, gan, realizable_blocks
from symgan.games.gaussian import gaussian_mean_gan
from symgan.games.linear_quadratic import affine_gan, linear_gan, linear_quadratic_gan
from symgan.games.uniform import uniform_gan
from symgan.laws import Atoms, Gaussian, Uniform
from symgan.losses import SCALAR_LOSSES, GenericLoss, least_squares, wasserstein
from symgan.results import Stability

x, z, theta, psi, p1, p2 = sp.symbols("x z theta psi p_1 p_2", real=True)
mu = sp.Symbol("mu", real=True)
s, sigma = sp.symbols("s sigma", positive=True)
MODELS: dict[str, Any] = {
    "linear": linear_gan,
    "linear-quadratic": linear_quadratic_gan,
    "affine": affine_gan,
    "uniform": uniform_gan,
    "gaussian-mean": gaussian_mean_gan,
}
weights = st.integers(1, 5)
places = st.integers(-3, 3)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("loss", ["free", "wasserstein", "least-squares", "jensen-shannon"])
def test_blocks_at_realizable_equilibria(name: str, loss: str) -> None:
    blocks = realizable_blocks(MODELS[name]({**SCALAR_LOSSES, "free": GenericLoss}[loss]))
    assert blocks.agree
    m = blocks.K_DD.rows
    assert blocks.derived.shape == (m + blocks.K_DG.cols,) * 2


def test_moment_matrices_of_a_gaussian() -> None:
    """E x^2, E x^3, E x^4 of N(mu, s^2); raising s moves E x^2 alone by 2s."""
    model = linear_quadratic_gan()
    second, fourth = mu**2 + s**2, mu**4 + 6 * mu**2 * s**2 + 3 * s**4
    third = mu**3 + 3 * mu * s**2
    assert model.K_DD() == Matrix([[second, third], [third, fourth]])
    assert model.K_DG() == -Matrix([[0, 1], [2 * s, 2 * mu]])
    q1, q2 = model.game.players[1]
    slope = sp.expand(model.real_square - (4 * q2**2 * second + 4 * q1 * q2 * mu + q1**2))
    assert slope == 0


@settings(max_examples=6)
@given(st.lists(st.tuples(weights, places), min_size=2, max_size=4), places, places)
def test_blocks_of_drawn_gans(points: list[Any], c: int, d: int) -> None:
    """A discriminator that is curved in its parameters; data = the latent law moved by c."""
    total = sum(w for w, _ in points)
    law = Atoms(tuple((Rational(w, total), v) for w, v in points))
    moved = Atoms(tuple((Rational(w, total), v + c) for w, v in points))
    model = gan(
        discriminator=p1 * x + p2 * x**2 + p1 * p2 * x**3 + d * p1**2,
        generator=theta + z,
        features=x,
        latent=z,
        data=moved,
        noise=law,
        minimize=theta,
        maximize=(p1, p2),
        equilibrium={theta: Integer(c), p1: Integer(0), p2: Integer(0)},
    )
    blocks = realizable_blocks(model)
    assert blocks.agree
    mean, square = (sum(Rational(w, total) * (v + c) ** k for w, v in points) for k in (1, 2))
    assert -Matrix([1, 2 * mean]) == blocks.K_DG
    assert blocks.K_DD[0, 0] == square
    assert blocks.derived != -blocks.predicted


def test_the_block_form_needs_realizability() -> None:
    """One mean, two variances: v vanishes, and the curvature is not 2 f'' K_DD."""
    model = gan(
        discriminator=psi * x,
        generator=theta + 2 * z,
        features=x,
        latent=z,
        data=Gaussian(),
        noise=Gaussian(),
        minimize=theta,
        maximize=psi,
        loss=least_squares,
        equilibrium={theta: Integer(0), psi: Integer(0)},
    )
    blocks = realizable_blocks(model)
    assert not blocks.agree
    assert blocks.predicted[0, 0] == -4
    assert blocks.derived[0, 0] == -2 * (1 + 4)


def test_a_law_of_mean_zero_hides_the_scale_from_a_linear_discriminator() -> None:
    seen, hidden = linear_gan(), linear_gan(law=Uniform())
    assert seen.K_DG() == Matrix([[-1]])
    assert hidden.K_DG() == Matrix([[0]])
    flow = seen.game.flow()
    values = {GenericLoss(0, 1): Integer(1), GenericLoss(0, 2): Integer(-1)}
    J = flow.jacobian(seen.game.equilibrium).xreplace(values)
    assert (J.trace(), J.det()) == (-4, 1)


def test_curvature_of_the_loss_damps_and_a_wasserstein_loss_does_not() -> None:
    damped, bare = gaussian_mean_gan(least_squares).game, gaussian_mean_gan(wasserstein).game
    assert spectrum(damped.flow(), at=damped.equilibrium).verdict is Stability.STABLE
    assert spectrum(bare.flow(), at=bare.equilibrium).verdict is Stability.CENTER


@pytest.mark.parametrize("name", ["linear", "uniform", "gaussian-mean"])
def test_blurring_adds_to_the_moments(name: str) -> None:
    """K_DD grows; what the generator is told does not change for a linear discriminator."""
    model = MODELS[name]()
    noisy = blurred(model, sigma)
    assert realizable_blocks(noisy).agree
    grown = sp.expand(noisy.K_DD()[0] - model.K_DD()[0])
    assert grown.subs(sigma, 0) == 0
    assert grown.is_positive
    if name == "uniform":
        assert grown == 3 * sigma**4 + 2 * sigma**2
    assert noisy.K_DG() == model.K_DG()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"generator": (theta, theta)}, "2 outputs for 1 features"),
        ({"data": (Gaussian(), Gaussian())}, "2 laws for 1 feature"),
        ({"noise": ()}, "0 laws for 1 latent"),
    ],
)
def test_refusals(change: dict[str, Any], said: str) -> None:
    fields: dict[str, Any] = {
        "discriminator": psi * x,
        "generator": theta + z,
        "features": x,
        "latent": z,
        "data": Gaussian(),
        "noise": Gaussian(),
        "minimize": theta,
        "maximize": psi,
    }
    gan(**fields)
    with pytest.raises(GameError, match=said):
        gan(**{**fields, **change})


def test_refusals_at_a_point() -> None:
    model = uniform_gan()
    a, w = model.game.state
    with pytest.raises(GameError, match="not zero"):
        realizable_blocks(model, {a: Integer(2), w: Integer(0)})
    with pytest.raises(GameError, match="needs a value for w"):
        realizable_blocks(model, {a: Integer(1)})
    with pytest.raises(GameError, match="negative"):
        blurred(model, -1)
