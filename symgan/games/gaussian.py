r"""GANs over a one-dimensional Gaussian.

The generator shifts noise, :math:`G(z) = \theta + s z`, and the discriminator is linear: the
game of learning a mean. (`linear_quadratic` learns mean and variance.) The noise enters the
payoff: with a curved loss the flow at :math:`\psi = 0` is damped by
:math:`K_{DD} = E x^2`, the Dirac-GAN's by nothing.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Integer, Symbol

from symgan.catalog import game
from symgan.game import Game
from symgan.games.gan import Gan, gan
from symgan.laws import Gaussian
from symgan.losses import GenericLoss, ScalarLoss, least_squares

theta, psi, x, z = sp.symbols("theta psi x z", real=True)
mu = Symbol("mu", real=True)
s = Symbol("s", positive=True)


def gaussian_mean_gan(loss: ScalarLoss = GenericLoss, location: Any = mu, scale: Any = s) -> Gan:
    r"""A GAN that learns the mean of :math:`N(\mu, s^2)` with :math:`D(x) = \psi x`.

    Args:
        loss: the scalar loss f.
        location: :math:`\mu`.
        scale: s, of data and generated points alike; 0 gives two points, the tiny-GAN.

    Source: Feizi et al. 2017, "Understanding GANs: the LQG setting", with one dimension.

    >>> gaussian_mean_gan().K_DD()
    Matrix([[mu**2 + s**2]])
    """
    return gan(
        discriminator=psi * x,
        generator=theta + scale * z,
        features=x,
        latent=z,
        data=Gaussian(location, scale),
        noise=Gaussian(),
        minimize=theta,
        maximize=psi,
        loss=loss,
        name="gaussian-mean",
        equilibrium={theta: sp.sympify(location), psi: Integer(0)},
        source="Feizi et al. 2017",
    )


@game("gaussian-mean")
def gaussian_mean() -> Game:
    r"""Learning the mean of :math:`N(\mu, s^2)` with least-squares loss.

    >>> gaussian_mean().flow().rhs[0]
    2*psi**2*theta + 2*psi
    """
    return gaussian_mean_gan(least_squares).game
