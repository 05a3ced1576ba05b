r"""Spectral normalization of stacked layers, and gradients through it, by hand.

:math:`\bar W = W/\sigma` with :math:`\sigma = u^T W v`, u and v from rounds of the power iteration
and constants to the gradient, as in Miyato et al. 2018, eqs. (8) and (12):

.. math:: \frac{\partial E}{\partial W} = \frac1\sigma
    \Bigl(\bar G - \langle \bar G, \bar W \rangle u v^T\Bigr), \qquad
    \bar G = \frac{\partial E}{\partial \bar W}.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from symgan.empirical.gans import spectral
from symgan.empirical.gans.spectral import PowerState


@dataclass(frozen=True)
class Normalized:
    """Layers divided by their spectral norms.

    Attributes:
        weights: divided matrices, and biases as they are.
        norms: sigma, (members,) a layer.
        left: u, (members, out) a layer.
        right: v, (members, in) a layer.
    """

    weights: tuple[Tensor, ...]
    norms: tuple[Tensor, ...]
    left: tuple[Tensor, ...]
    right: tuple[Tensor, ...]

    @staticmethod
    def of(weights: Sequence[Tensor], state: PowerState) -> Normalized:
        """Layers of all members, divided."""
        norms = spectral.norms(weights, state)
        divided = list(weights)
        for layer, sigma in enumerate(norms):
            divided[2 * layer] = weights[2 * layer] / sigma[:, None, None]
        return Normalized(tuple(divided), tuple(norms), state.left, state.right)

    def chained(self, gradients: Sequence[Tensor], members: Tensor | None) -> list[Tensor]:
        """Gradients in the matrices themselves from those in the divided ones."""
        found = list(gradients)
        for layer in range(len(self.norms)):
            W, sigma, u, v = (
                t if members is None else t[members]
                for t in (
                    self.weights[2 * layer],
                    self.norms[layer],
                    self.left[layer],
                    self.right[layer],
                )
            )
            G = gradients[2 * layer]
            along = (G * W).sum((1, 2))
            rank_one = torch.einsum("m,mi,mj->mij", along, u, v)
            found[2 * layer] = (G - rank_one) / sigma[:, None, None]
        return found
