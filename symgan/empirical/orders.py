r"""Who moves next: update orders as oracles over the generator, the discriminator, or both.

An iteration is one answer of the oracle, as in algorithm 1 of the dynamic paper: simultaneous
descent moves both players in an iteration, every other order one of them. So 30,000 iterations are
30,000 updates of each player for ``sim``, 15,000 for ``alt1``, and 5,000 of the generator for
``alt5``.

Source: the dynamic paper, eqs. (4) and (5), algorithm 2.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from torch import Tensor

from symgan.errors import BadData, UnknownName

NOBODY, GENERATOR, DISCRIMINATOR, BOTH = 0, 1, 2, 3
"""Who moves, as numbers: V_1, V_2, V_3 of the paper."""

NAMES: Final = ("sim", "alt1", "alt5", "dynamic")
"""The orders of the paper's tables; any ``altN`` and ``altG:D`` is one, too."""


@dataclass(frozen=True)
class Fixed:
    """An order that the iteration alone decides.

    Attributes:
        moves: who moves, over and over again.
    """

    moves: tuple[int, ...]

    def at(self, k: int) -> int:
        """Who moves in iteration k, which counts from 0."""
        return self.moves[k % len(self.moves)]


@dataclass(frozen=True)
class Dynamic:
    """Dynamic-GDA: the discriminator's projections decide.

    Attributes:
        c1: the discriminator moves on while the divergence grows by more than this factor.
        c2: the generator moves on while the divergence shrinks below this factor.
    """

    c1: float = 1.1
    c2: float = 0.75


Order = Fixed | Dynamic


def named(name: str, *, c1: float = 1.1, c2: float = 0.75) -> Order:
    r"""The order of a name.

    ``sim``: both players; ``altN``: N steps of the discriminator, then one of the generator, which
    is eq. (5), :math:`V_1` where :math:`i \equiv n_d \pmod{n_d + 1}`; ``altG:D``: D steps of the
    discriminator, then G of the generator; ``dynamic``: Dynamic-GDA with thresholds c1 and c2.

    Raises:
        UnknownName: no order of this name.

    >>> [named("alt1").at(k) for k in range(4)]
    [2, 1, 2, 1]
    >>> named("dynamic")
    Dynamic(c1=1.1, c2=0.75)
    """
    if name == "sim":
        return Fixed((BOTH,))
    if name == "dynamic":
        return Dynamic(c1, c2)
    counts = re.fullmatch(r"alt(?:([1-9]\d{0,3}):)?([1-9]\d{0,3})", name)
    if counts is None:
        known = ", ".join(NAMES)
        raise UnknownName(f"unknown order {name!r}; choose one of: {known}, altN or altG:D")
    n_g, n_d = int(counts[1] or 1), int(counts[2])
    return Fixed((DISCRIMINATOR,) * n_d + (GENERATOR,) * n_g)


@dataclass(frozen=True)
class Seen:
    """What Dynamic-GDA remembers of the last iteration.

    Attributes:
        last: who moved: (members,) integers, 0 before the first iteration.
        divergence: w_last: (members,).
        real: the sorted projections of the last real batch: (members, batch).
    """

    last: Tensor
    divergence: Tensor
    real: Tensor

    @staticmethod
    def start(members: int, batch: int, like: Tensor) -> Seen:
        """Before the first iteration."""
        return Seen(
            torch.zeros(members, dtype=torch.int64, device=like.device),
            like.new_zeros(members),
            like.new_zeros(members, batch),
        )


def decide(seen: Seen, real: Tensor, fake: Tensor, c1: Tensor, c2: Tensor) -> Seen:
    r"""Algorithm 2, line by line, for many members at once.

    With :math:`w = \frac1n \sum_i |d(x)_{(i)} - d(\hat x)_{(i)}|`, the Wasserstein distance of two
    samples of equal size on the line, the first condition that holds says who moves:

    .. math:: \begin{array}{ll} \text{first iteration} & V_2 \\
        \sup d(x) < \inf d(\hat x) & V_2 \\ \sup d(\hat x) < \inf d(x) & V_1 \\
        \text{last } V_1 & V_1 \text{ if } w/w_{last} < c_2, \text{ else } V_2 \\
        \text{last } V_2 & V_2 \text{ if } w/w_{last} > c_1, \text{ else } V_1 \end{array}

    A ratio 0/0 fails both comparisons, so that the other player moves.

    Args:
        seen: what is remembered.
        real: projections of real data, sorted: (members, batch).
        fake: projections of generated data, sorted: (members, batch).
        c1: thresholds (members,).
        c2: thresholds (members,).

    Returns:
        What the next iteration remembers; ``last`` is the answer.

    >>> one, half = torch.ones(1), torch.full((1,), 0.5)
    >>> seen = Seen.start(1, 2, one)
    >>> real = torch.tensor([[0.0, 1.0]])
    >>> first = decide(seen, real, real - 2, one, half)
    >>> second, third = (decide(first, real, real + c, one, half) for c in (-2, 2))
    >>> first.last.item(), second.last.item(), third.last.item()
    (2, 1, 2)
    """
    if real.shape != fake.shape:
        raise BadData(
            f"{tuple(real.shape)} real and {tuple(fake.shape)} generated projections; "
            "Dynamic-GDA compares batches of equal size"
        )
    w = (real - fake).abs().mean(1)
    ratio = w / seen.divergence
    above = real[:, -1] < fake[:, 0]
    below = fake[:, -1] < real[:, 0]
    # written so that a ratio that is no number answers as the algorithm does: by the last line
    shrunk, grown = ratio < c2, ratio > c1
    generator = below | (~above & torch.where(seen.last == GENERATOR, shrunk, ~grown))
    generator &= seen.last != NOBODY
    return Seen(torch.where(generator, GENERATOR, DISCRIMINATOR), w, real)


def of_members(names: Sequence[str], c1: float, c2: float) -> tuple[Order, ...]:
    """The orders of an ensemble's members."""
    return tuple(named(name, c1=c1, c2=c2) for name in names)


def in_order(projections: Tensor) -> Tensor:
    """Projections (members, batch), each member's in increasing order.

    NumPy sorts rows with vector instructions on the processor, several times as fast as PyTorch.
    """
    if projections.device.type == "cpu":
        return torch.from_numpy(np.sort(projections.numpy(), axis=1))
    return projections.sort(1).values
