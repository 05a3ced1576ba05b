r"""GANs over one-dimensional data with linear, affine and quadratic discriminators.

Data are :math:`N(\mu, s^2)`. What a discriminator can see is what the generator can learn: the
mean from :math:`\psi x`, mean and variance from :math:`\psi_1 x + \psi_2 x^2`.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Integer, Symbol

from symgan.catalog import game
from symgan.game import Game
from symgan.games.gan import Gan, gan
from symgan.laws import Gaussian, Law
from symgan.losses import GenericLoss, ScalarLoss, wasserstein

x, z = sp.symbols("x z", real=True)
mu = Symbol("mu", real=True)
s = Symbol("s", positive=True)
ZERO = Integer(0)


def linear_gan(loss: ScalarLoss = GenericLoss, law: Law | None = None) -> Gan:
    r"""Linear GAN: :math:`D(x) = \psi x`, :math:`G(z) = \theta z`, data and latents of one law.

    At the equilibrium :math:`(\theta, \psi) = (1, 0)`, :math:`K_{DD} = E x^2` and
    :math:`K_{DG} = -E z`: for a law of mean 0 the blocks do not meet and nothing linear
    draws the generator to the data.

    Args:
        loss: the scalar loss f.
        law: the law of data and latents; N(1, 1) unless given.

    Source: Nagarajan and Kolter 2017.

    >>> linear_gan(wasserstein).game.v
    (-psi, theta - 1)
    """
    theta, psi = sp.symbols("theta psi", real=True)
    law = law or Gaussian(1, 1)
    return gan(
        discriminator=psi * x,
        generator=theta * z,
        features=x,
        latent=z,
        data=law,
        noise=law,
        minimize=theta,
        maximize=psi,
        loss=loss,
        name="linear-gan",
        equilibrium={theta: Integer(1), psi: ZERO},
        source="Nagarajan and Kolter 2017",
    )


def linear_quadratic_gan(loss: ScalarLoss = GenericLoss, location: Any = mu, scale: Any = s) -> Gan:
    r"""Linear-quadratic GAN: :math:`D = \psi_2 x^2 + \psi_1 x`, :math:`G = \theta_1 z + \theta_2`.

    Data are :math:`N(\mu, s^2)`, latents N(0, 1). Equilibria have :math:`\psi = 0`,
    :math:`\theta_2 = \mu` and :math:`\theta_1 = \pm s`; the declared one has the plus.
    With Wasserstein loss

    .. math:: V = \psi_2(\mu^2 + s^2 - \theta_1^2 - \theta_2^2) + \psi_1(\mu - \theta_2).

    Args:
        loss: the scalar loss f.
        location: :math:`\mu`.
        scale: :math:`s > 0`.

    Source: Nagarajan and Kolter 2017.

    >>> linear_quadratic_gan(wasserstein).game.v[:3]
    (-2*psi_2*theta_1, -psi_1 - 2*psi_2*theta_2, -mu + theta_2)
    """
    theta_1, theta_2, psi_1, psi_2 = sp.symbols("theta_1 theta_2 psi_1 psi_2", real=True)
    return gan(
        discriminator=psi_2 * x**2 + psi_1 * x,
        generator=theta_1 * z + theta_2,
        features=x,
        latent=z,
        data=Gaussian(location, scale),
        noise=Gaussian(),
        minimize=(theta_1, theta_2),
        maximize=(psi_1, psi_2),
        loss=loss,
        name="linear-quadratic",
        equilibrium={
            theta_1: sp.sympify(scale),
            theta_2: sp.sympify(location),
            psi_1: ZERO,
            psi_2: ZERO,
        },
        source="Nagarajan and Kolter 2017",
    )


def affine_gan(loss: ScalarLoss = GenericLoss, location: Any = mu, scale: Any = s) -> Gan:
    r"""Affine GAN: :math:`D(x) = \theta_d x + \theta'_d`, :math:`G(z) = \theta_g z + \theta'_g`.

    Data are :math:`N(\mu, s^2)`, latents N(0, 1). An affine discriminator sees the mean alone
    to first order: at :math:`\theta_d = \theta'_d = 0`, :math:`\theta'_g = \mu` every
    :math:`\theta_g` rests. With Wasserstein loss :math:`V = \theta_d(\mu - \theta'_g)`, which
    holds neither :math:`\theta'_d` nor :math:`\theta_g`: the equilibria form a plane. The
    declared point has the law of the data.

    Args:
        loss: the scalar loss f.
        location: :math:`\mu`.
        scale: :math:`s > 0`.

    Source: survey, section 4.

    >>> affine_gan(wasserstein).game.losses[0]
    mu*theta_d - theta_d*thetap_g
    """
    theta_g, thetap_g, theta_d, thetap_d = sp.symbols(
        "theta_g thetap_g theta_d thetap_d", real=True
    )
    rest = {theta_g: sp.sympify(scale), thetap_g: sp.sympify(location), theta_d: ZERO}
    return gan(
        discriminator=theta_d * x + thetap_d,
        generator=theta_g * z + thetap_g,
        features=x,
        latent=z,
        data=Gaussian(location, scale),
        noise=Gaussian(),
        minimize=(theta_g, thetap_g),
        maximize=(theta_d, thetap_d),
        loss=loss,
        name="affine-gan",
        equilibrium={**rest, thetap_d: ZERO},
        source="survey, section 4",
    )


@game("linear-gan")
def linear() -> Game:
    r"""Linear Wasserstein GAN on N(1, 1): :math:`D(x) = \psi x`, :math:`G(z) = \theta z`.

    Source: Nagarajan and Kolter 2017.

    >>> linear().flow().rhs
    (psi, 1 - theta)
    """
    return linear_gan(wasserstein).game


@game("linear-quadratic")
def linear_quadratic() -> Game:
    r"""Linear-quadratic Wasserstein GAN on :math:`N(\mu, s^2)`: learns mean and variance.

    Source: Nagarajan and Kolter 2017.

    >>> linear_quadratic().flow().rhs[0]
    2*psi_2*theta_1
    """
    return linear_quadratic_gan(wasserstein).game
