r"""Mini-batches and latent draws by iteration number.

`batches(source, batch, seed).at(k)` is the mini-batch of iteration k and `latents(...)` is its
counterpart for the generator's input. Both depend on nothing but their arguments: not on
which iterations were asked for before, nor on the device, nor on the number of threads. So
training orders that share a seed see the same draws, and a run that resumes goes on with those
that it would have had. Draws are made in double precision on the processor and then
converted, so that a float32 run and its float64 check see the same numbers up to rounding.

Draws are made `BLOCK` iterations at a time and the latest blocks are kept: asking for consecutive
iterations costs one draw a block.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Final

import torch

from symgan.empirical.data.normal import normal
from symgan.empirical.data.seeds import stream
from symgan.empirical.data.source import Images, Source, positions
from symgan.errors import BadData, UnknownName

BLOCK: Final = 64
"""Iterations that are drawn together."""

_KEPT = 8  # blocks kept, those used last: orders that share a stream read it at different places


@dataclass(frozen=True, eq=False, kw_only=True)
class Stream(ABC):
    """A tensor for each iteration number, the same whenever it is asked for.

    Attributes:
        batch: rows of each tensor.
        seed: of the stream; any integer.
        dtype: of the tensors.
        device: of the tensors; drawing happens on the processor.
    """

    batch: int
    seed: int
    dtype: torch.dtype = torch.float32
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    _blocks: dict[int, torch.Tensor] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        if self.batch < 1:
            raise BadData(f"batch = {self.batch}; a mini-batch has at least one row")

    def at(self, iteration: int) -> torch.Tensor:
        """The tensor of an iteration, shape (batch, ...); do not write to it.

        Raises:
            BadData: a negative iteration.
        """
        if iteration < 0:
            raise BadData(f"iteration {iteration}; iterations count from 0")
        return self._convert(self._drawn(iteration // BLOCK)[iteration % BLOCK])

    def block(self, first: int) -> torch.Tensor:
        """The tensors of iterations first, ..., first + BLOCK - 1: shape (BLOCK, batch, ...).

        Row i is `at(first + i)`. A multiple of `BLOCK` copies nothing; do not write to it.

        Raises:
            BadData: a negative iteration.
        """
        if first < 0:
            raise BadData(f"iteration {first}; iterations count from 0")
        number, inside = divmod(first, BLOCK)
        drawn = self._drawn(number)
        if inside:
            drawn = torch.cat([drawn[inside:], self._drawn(number + 1)[:inside]])
        return self._convert(drawn)

    def _drawn(self, number: int) -> torch.Tensor:
        """What was drawn for a block, kept for the next question."""
        drawn = self._blocks.pop(number, None)
        if drawn is None:
            drawn = self._draw(number)
        self._blocks[number] = drawn  # last in order, so that the first is the one to go
        if len(self._blocks) > _KEPT:
            del self._blocks[next(iter(self._blocks))]
        return drawn

    @abstractmethod
    def _draw(self, number: int) -> torch.Tensor:
        """What is kept of a block, shape (BLOCK, batch, ...)."""

    def _convert(self, drawn: torch.Tensor) -> torch.Tensor:
        """What the user sees of what is kept."""
        return drawn


@dataclass(frozen=True, eq=False, kw_only=True)
class Latents(Stream):
    """Draws of the generator's input: normal N(0, I) or uniform on [-1, 1]^dimension."""

    dimension: int
    law: str = "normal"

    def _draw(self, number: int) -> torch.Tensor:
        shape = (BLOCK, self.batch, self.dimension)
        generator = stream(self.seed, f"latents:{self.law}", number)
        if self.law == "normal":
            values = normal(shape, generator)
        else:
            values = 2 * torch.rand(shape, generator=generator, dtype=torch.float64) - 1
        return values.to(self.device, self.dtype)


@dataclass(frozen=True, eq=False, kw_only=True)
class Draws(Stream):
    """Independent draws from a source, an image data set with replacement included."""

    source: Source

    def _draw(self, number: int) -> torch.Tensor:
        generator = stream(self.seed, f"batches:{self.source.name}", number)
        rows = self.source.sample(BLOCK * self.batch, generator, self.dtype, self.device)
        return rows.reshape(BLOCK, self.batch, *self.source.shape)


@dataclass(frozen=True, eq=False, kw_only=True)
class Indexed(Stream):
    """Mini-batches of a finite data set; only positions are kept, images are fetched when asked.

    Attributes:
        source: the data set of n images.
        shuffled: iteration k takes the positions kB, ..., (k + 1)B - 1 of the endless sequence
            that strings one permutation of the data set after another, so that every batch is
            full and n consecutive positions from a multiple of n meet every image once.
            Otherwise positions are drawn with replacement.
    """

    source: Images
    shuffled: bool = True

    def _draw(self, number: int) -> torch.Tensor:
        size, rows = len(self.source), BLOCK * self.batch
        if not self.shuffled:
            generator = stream(self.seed, f"indices:{self.source.name}", number)
            return positions((BLOCK, self.batch), size, generator)
        first, last = number * rows, (number + 1) * rows - 1
        epochs = range(first // size, last // size + 1)
        order = torch.cat([self._permutation(epoch) for epoch in epochs])
        start = first - epochs[0] * size
        return order[start : start + rows].reshape(BLOCK, self.batch)

    def _permutation(self, epoch: int) -> torch.Tensor:
        """A uniform permutation: the ranks of uniform draws (a tie has probability n^2 2^-54)."""
        generator = stream(self.seed, f"epoch:{self.source.name}", epoch)
        uniform = torch.rand(len(self.source), generator=generator, dtype=torch.float64)
        return torch.argsort(uniform, stable=True)

    def _convert(self, drawn: torch.Tensor) -> torch.Tensor:
        return self.source.take(drawn, self.dtype, self.device)


ORDERS: Final = ("epochs", "replacement")
"""How mini-batches go through a finite data set."""

LAWS: Final = ("normal", "uniform")
"""Laws of the generator's input."""


def batches(
    source: Source,
    batch: int,
    seed: int,
    *,
    order: str = "epochs",
    dtype: torch.dtype = torch.float32,
    device: torch.device | str = "cpu",
) -> Stream:
    """The mini-batches of a source by iteration number.

    Args:
        source: what is sampled.
        batch: rows of a mini-batch.
        seed: streams of different seeds, or of sources of different names, are independent.
        order: of a finite data set: ``epochs`` (each epoch a permutation; the usual way to train on
            images, and so the default) or ``replacement``. A law in the plane is sampled
            afresh whatever this says: there are no epochs of an infinite data set.
        dtype: of the batches.
        device: of the batches.

    Raises:
        BadData: a batch without rows.
        UnknownName: an unknown order.

    >>> from symgan.empirical.data import named
    >>> stream = batches(named("circle"), batch=4, seed=3)
    >>> stream.at(70).shape, stream.block(64).shape
    (torch.Size([4, 2]), torch.Size([64, 4, 2]))
    >>> torch.equal(stream.block(64)[6], stream.at(70))
    True
    """
    if order not in ORDERS:
        raise UnknownName(f"unknown order {order!r}; choose one of: {', '.join(ORDERS)}")
    place = torch.device(device)
    if isinstance(source, Images):
        shuffled = order == "epochs"
        return Indexed(
            source=source, batch=batch, seed=seed, shuffled=shuffled, dtype=dtype, device=place
        )
    return Draws(source=source, batch=batch, seed=seed, dtype=dtype, device=place)


def latents(
    dimension: int,
    batch: int,
    seed: int,
    *,
    law: str = "normal",
    dtype: torch.dtype = torch.float32,
    device: torch.device | str = "cpu",
) -> Stream:
    """The draws of the generator's input by iteration number, shape (batch, dimension).

    Args:
        dimension: of the input.
        batch: rows.
        seed: independent of the mini-batches of the same seed.
        law: ``normal``, N(0, I), or ``uniform`` on [-1, 1]^dimension.
        dtype: of the draws.
        device: of the draws.

    Raises:
        BadData: a dimension or a batch below 1.
        UnknownName: an unknown law.

    >>> latents(10, batch=128, seed=0).at(29_999).shape
    torch.Size([128, 10])
    """
    if law not in LAWS:
        raise UnknownName(f"unknown law {law!r}; choose one of: {', '.join(LAWS)}")
    if dimension < 1:
        raise BadData(f"dimension = {dimension}; a latent vector has at least one entry")
    place = torch.device(device)
    return Latents(dimension=dimension, batch=batch, seed=seed, law=law, dtype=dtype, device=place)
