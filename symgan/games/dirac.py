r"""The Dirac-GAN: data at the origin, one generated point, a linear discriminator."""

from __future__ import annotations

import sympy as sp

from symgan.catalog import game
from symgan.game import Game, zero_sum
from symgan.losses import GenericLoss, ScalarLoss


@game("dirac")
def dirac(loss: ScalarLoss = GenericLoss) -> Game:
    r"""Dirac-GAN, :math:`L(\theta, \psi) = f(\psi\theta) + f(0)`; f is free unless given.

    Args:
        loss: the scalar loss f.

    Source: Mescheder, Geiger and Nowozin 2018, definition 2.1.

    >>> dirac().flow().rhs
    (-psi*f'(psi*theta), theta*f'(psi*theta))
    """
    theta, psi = sp.symbols("theta psi", real=True)
    payoff = loss(psi * theta) + loss(sp.Integer(0))
    return zero_sum(
        payoff,
        minimize=theta,
        maximize=psi,
        name="dirac",
        parameters=tuple(sorted(payoff.free_symbols - {theta, psi}, key=str)),
        equilibrium={theta: sp.Integer(0), psi: sp.Integer(0)},
        source="Mescheder et al. 2018, definition 2.1",
    )
