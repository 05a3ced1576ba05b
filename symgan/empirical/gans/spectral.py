r"""Spectral normalization: every matrix W divided by an estimate of its largest singular value.

Power iteration keeps unit vectors u and v per matrix and member,

.. math:: v \leftarrow W^\top u/\|W^\top u\|, \quad u \leftarrow W v/\|W v\|, \quad
          \sigma = u^\top W v \le \|W\|_2,

one round a discriminator step, carried from step to step. The state is a value: `advance` returns
the next one and nothing is kept inside. In gradients u and v are constants and
:math:`\sigma` depends on W through the product alone; this is the exact derivative of the largest
singular value once u and v have converged.

The estimate is from below, so right after the start a normalized matrix may stretch by more than
1. Convolution kernels are read as matrices (out, in x height x width); that bounds the kernel,
not the convolution.

Source: Miyato et al. 2018, algorithm 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from symgan.empirical.gans.networks import Weights, stacked


@dataclass(frozen=True)
class PowerState:
    """Unit vectors of the power iteration, one pair a matrix, stacked over members.

    Args:
        left: u, shapes (M, out).
        right: v, shapes (M, in).
    """

    left: tuple[Tensor, ...]
    right: tuple[Tensor, ...]


def matrices(weights: Weights) -> list[Tensor]:
    """The weights that are matrices or kernels, as stacked matrices (M, out, in).

    Offsets and gains, one axis beside the member's, are not normalized.
    """
    return [weight.flatten(2) for weight in weights if weight.ndim >= 3]


@torch.no_grad()
def start(weights: Weights, seeds: Sequence[int], *, iterations: int = 0) -> PowerState:
    """A state from normal draws, one seed a member.

    Args:
        weights: the discriminator's.
        seeds: one a member; a member draws from a generator of its own, as in `MLP.init`.
        iterations: rounds of power iteration at once; the source has none.
    """
    found = matrices(weights)
    rows = [_draw(found, seed) for seed in seeds]
    like = {"dtype": found[0].dtype, "device": found[0].device}
    left = tuple(_unit(u) for u in stacked(rows, **like))
    right = tuple(_unit(_times(w.mT, u)) for w, u in zip(found, left, strict=True))
    return advance(weights, PowerState(left, right), iterations=iterations)


@torch.no_grad()
def advance(weights: Weights, state: PowerState, *, iterations: int = 1) -> PowerState:
    """The state after rounds of power iteration, members independently.

    Args:
        weights: the discriminator's, as they are now.
        state: the state so far; it is not changed.
        iterations: how many rounds; the source has one a step.
    """
    left, right = state.left, state.right
    found = matrices(weights)
    for _ in range(iterations):
        right = tuple(_unit(_times(w.mT, u)) for w, u in zip(found, left, strict=True))
        left = tuple(_unit(_times(w, v)) for w, v in zip(found, right, strict=True))
    return PowerState(left, right)


def norms(weights: Weights, state: PowerState) -> list[Tensor]:
    r"""The estimates :math:`\sigma = u^\top W v`, one tensor (M,) a matrix; differentiable in W."""
    triples = zip(matrices(weights), state.left, state.right, strict=True)
    return [(u * _times(w, v)).sum(-1) for w, u, v in triples]


def normalized(weights: Weights, state: PowerState) -> list[Tensor]:
    r"""The weights with every matrix divided by its estimate; differentiable in the weights.

    >>> w = torch.tensor([[[4.0, 0.0], [0.0, 1.0]]])
    >>> state = start([w], [0], iterations=50)
    >>> normalized([w], state)[0].tolist()
    [[[1.0, 0.0], [0.0, 0.25]]]
    """
    sigmas = iter(norms(weights, state))
    return [
        weight / next(sigmas).reshape(-1, *[1] * (weight.ndim - 1)) if weight.ndim >= 3 else weight
        for weight in weights
    ]


def _draw(found: Sequence[Tensor], seed: int) -> list[Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(w.shape[1], generator=generator, dtype=torch.float64) for w in found]


def _times(matrix: Tensor, vector: Tensor) -> Tensor:
    """Matrix times vector, one a member."""
    return (matrix @ vector.unsqueeze(-1)).squeeze(-1)


def _unit(vector: Tensor) -> Tensor:
    """At length 1; a vector of zeros stays (a matrix of zeros has no direction)."""
    return torch.nn.functional.normalize(vector, dim=-1, eps=torch.finfo(vector.dtype).tiny)
