r"""Sums and products of nests, tensor by tensor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from symgan.empirical.bridge.players import Parameters


def apply(f: Callable[..., Tensor], *nests: Parameters) -> Parameters:
    """A function of tensors on each entry of one nest, or of several alike.

    Args:
        f: a function of as many tensors as there are nests.
        *nests: the nests.
    """
    return tuple(
        tuple(f(*entries) for entries in zip(*players, strict=True))
        for players in zip(*nests, strict=True)
    )


def plus(x: Parameters, y: Parameters, scale: float = 1.0) -> Parameters:
    r""":math:`x + sy`.

    >>> one = ((torch.ones(2),), (torch.ones(1),))
    >>> plus(one, one, -3.0)
    ((tensor([-2., -2.]),), (tensor([-2.]),))
    """
    return apply(lambda a, b: torch.add(a, b, alpha=scale), x, y)


def minus(x: Parameters, y: Parameters) -> Parameters:
    r""":math:`x - y`."""
    return apply(torch.sub, x, y)


def times(x: Parameters, factors: Any) -> Parameters:
    """A nest times a number, or times one number a player.

    Args:
        x: the nest.
        factors: a number, or one a player.
    """
    if not isinstance(factors, Sequence):
        return apply(lambda a: a * factors, x)
    return tuple(tuple(a * s for a in own) for own, s in zip(x, factors, strict=True))


def dot(x: Parameters, y: Parameters) -> Tensor:
    r"""The scalar product over all entries."""
    products = [torch.sum(a * b) for own, other in zip(x, y, strict=True)
                for a, b in zip(own, other, strict=True)]  # fmt: skip
    return torch.stack(products).sum()


def flat(x: Parameters) -> list[Tensor]:
    """All tensors, player after player."""
    return [a for own in x for a in own]


def flatten(x: Parameters) -> Tensor:
    """All entries in one vector, player after player.

    >>> flatten(((torch.ones(2, 1),), (torch.zeros(1),)))
    tensor([1., 1., 0.])
    """
    return torch.cat([a.reshape(-1) for a in flat(x)])


def unflatten(vector: Tensor, like: Parameters) -> Parameters:
    """A vector as a nest of the shapes of another one; the inverse of `flatten`.

    Args:
        vector: as many entries as the nest has.
        like: a nest.
    """
    parts = iter(torch.split(vector, [a.numel() for a in flat(like)]))
    return apply(lambda a: next(parts).reshape(a.shape), like)


def zeros(like: Parameters) -> Parameters:
    """Zeros in the shapes of a nest."""
    return apply(torch.zeros_like, like)


def detached(x: Parameters) -> Parameters:
    """Copies without a graph, which later steps in place do not change."""
    return apply(lambda a: a.detach().clone(), x)


def leaves(x: Parameters) -> Parameters:
    """The same values as leaves of a new graph."""
    return apply(lambda a: a.detach().requires_grad_(), x)


def mixed(choose: Sequence[bool], x: Parameters, y: Parameters) -> Parameters:
    """The first nest's entries of the players chosen, the second's of the others."""
    return tuple(a if c else b for c, a, b in zip(choose, x, y, strict=True))
