r"""The Dirac-GAN: data at the origin, one generated point, a linear discriminator."""

from __future__ import annotations

import sympy as sp

from symgan.catalog import game
from symgan.f_divergences import FDivergence
from symgan.game import Game, zero_sum
from symgan.losses import GenericLoss, ScalarLoss, non_saturating


@game("dirac")
def dirac(loss: ScalarLoss = GenericLoss, *, generator: ScalarLoss | None = None) -> Game:
    r"""Dirac-GAN, :math:`L(\theta, \psi) = f(\psi\theta) + f(0)`; f is free unless given.

    Args:
        loss: the scalar loss f, whose payoff the discriminator ascends.
        generator: what the generator descends as a function g of the discriminator's output:
            its loss is :math:`g(\psi\theta) + g(0)`. Unless given it is f, and the game is
            zero-sum.

    Source: Mescheder, Geiger and Nowozin 2018, definition 2.1.

    >>> dirac().flow().rhs
    (-psi*f'(psi*theta), theta*f'(psi*theta))
    """
    theta, psi = sp.symbols("theta psi", real=True)
    payoff, own = (g(psi * theta) + g(sp.Integer(0)) for g in (loss, generator or loss))
    free = payoff.free_symbols | own.free_symbols
    return Game(
        name="dirac",
        players=((theta,), (psi,)),
        losses=(own, -payoff),
        parameters=tuple(sorted(free - {theta, psi}, key=str)),
        equilibrium={theta: sp.Integer(0), psi: sp.Integer(0)},
        source="Mescheder et al. 2018, definition 2.1",
    )


@game("dirac-non-saturating")
def dirac_non_saturating(loss: ScalarLoss = GenericLoss) -> Game:
    r"""Non-saturating Dirac-GAN: the generator descends :math:`-f(-\psi\theta)`; general-sum.

    With :math:`f = -\log(1 + e^{-y})` it is what practice trains. The linearization at the
    origin is that of the zero-sum game, for every f.

    Args:
        loss: the scalar loss f.

    Source: Goodfellow et al. 2014, section 3; Mescheder et al. 2018, section 3.

    >>> dirac_non_saturating().flow().rhs
    (-psi*f'(-psi*theta), theta*f'(psi*theta))
    """
    found = dirac(loss, generator=non_saturating(loss))
    return Game(
        name="dirac-non-saturating",
        players=found.players,
        losses=found.losses,
        parameters=found.parameters,
        equilibrium=found.equilibrium,
        source="Goodfellow et al. 2014, section 3",
    )


def dirac_f_gan(divergence: FDivergence) -> Game:
    r"""Dirac f-GAN: :math:`V = T(0) - f^*(T(\theta))` with :math:`T(x) = f'(1) + \psi x`.

    As :math:`f^{*\prime}(f'(1)) = 1`, the linearization at the origin is one for all f.

    Args:
        divergence: f with its conjugate (`f_divergences.F_DIVERGENCES`).

    Source: Nowozin et al. 2016, equation (4).

    >>> from symgan.f_divergences import F_DIVERGENCES
    >>> dirac_f_gan(F_DIVERGENCES["kl"]).v
    (-psi*exp(psi*theta), theta*exp(psi*theta))
    """
    theta, psi = sp.symbols("theta psi", real=True)
    payoff = divergence.optimum - divergence.conjugate(divergence.optimum + psi * theta)
    return zero_sum(
        payoff,
        minimize=theta,
        maximize=psi,
        name="dirac-f-gan",
        equilibrium={theta: sp.Integer(0), psi: sp.Integer(0)},
        source="Nowozin et al. 2016, eq. (4)",
    )
