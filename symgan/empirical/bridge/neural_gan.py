r"""Two networks as players of a game: the same interface as that of a symgan game."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from sympy import Expr, Symbol
from torch import Tensor, nn
from torch.func import functional_call

from symgan.empirical.bridge.players import Parameters
from symgan.empirical.bridge.printer import elementwise
from symgan.errors import BadData

Elementwise = Callable[[Tensor], Tensor]


class LogitLoss(Protocol):
    r"""Three elementwise functions of the discriminator's outputs.

    The discriminator descends the mean of ``real(d(x))`` plus that of ``fake(d(g(z)))``, the
    generator the mean of ``generator(d(g(z)))``.
    """

    @property
    def real(self) -> Elementwise:
        """Of outputs on real data."""
        ...

    @property
    def fake(self) -> Elementwise:
        """Of outputs on generated data, for the discriminator."""
        ...

    @property
    def generator(self) -> Elementwise:
        """Of outputs on generated data, for the generator."""
        ...


@dataclass(frozen=True)
class Terms:
    """A `LogitLoss` from three functions.

    Attributes:
        real, fake, generator: as in `LogitLoss`.
    """

    real: Elementwise
    fake: Elementwise
    generator: Elementwise


def terms(
    real: Callable[[Symbol], Expr],
    fake: Callable[[Symbol], Expr],
    generator: Callable[[Symbol], Expr],
) -> Terms:
    r"""A loss from SymPy functions of a discriminator output, through the printer.

    Args:
        real: y -> what the discriminator descends on real data.
        fake: y -> what it descends on generated data.
        generator: y -> what the generator descends.

    Raises:
        KernelError: a function that no kernel knows.

    >>> import sympy as sp
    >>> saturating = terms(lambda y: sp.log(1 + sp.exp(-y)), lambda y: sp.log(1 + sp.exp(y)),
    ...                    lambda y: -sp.log(1 + sp.exp(y)))
    >>> saturating.fake(torch.tensor([0.0, 800.0]))
    tensor([6.9315e-01, 8.0000e+02])
    """
    y = Symbol("y", real=True)
    return Terms(*(elementwise(f(y), y) for f in (real, fake, generator)))


Penalty = Callable[[Elementwise, Tensor, Tensor], Tensor]
"""(the discriminator, real, generated) -> what is added to the discriminator's loss."""


class NeuralGan(nn.Module):
    r"""A generator and a discriminator as players 0 and 1.

    A batch is a pair (real data, latent draws). Losses are pure: networks run on copies of their
    buffers (running means, power iterations), and what they write there in one evaluation of the
    field does not reach the next. `refresh`, which every step of a rule calls once at its end,
    lets the buffers follow.

    Args:
        generator: latent draws -> data.
        discriminator: data -> one output an example.
        loss: functions of these outputs.
        penalty: added to the discriminator's loss.

    Raises:
        BadData: a network without parameters.

    >>> wasserstein = terms(lambda y: -y, lambda y: y, lambda y: -y)
    >>> gan = NeuralGan(nn.Linear(2, 3), nn.Linear(3, 1), wasserstein)
    >>> [loss.shape for loss in gan.losses(gan.parameters, (torch.zeros(5, 3), torch.ones(5, 2)))]
    [torch.Size([]), torch.Size([])]
    """

    def __init__(
        self,
        generator: nn.Module,
        discriminator: nn.Module,
        loss: LogitLoss,
        *,
        penalty: Penalty | None = None,
    ) -> None:
        super().__init__()
        self.generator = generator
        self.discriminator = discriminator
        self.loss = loss
        self.penalty = penalty
        for name, network in (("generator", generator), ("discriminator", discriminator)):
            if not any(p.requires_grad for p in network.parameters()):
                raise BadData(f"the {name} has no parameters to train")

    @property
    def parameters(self) -> Parameters:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The trainable tensors of the generator, then those of the discriminator."""
        return tuple(
            tuple(p for p in network.parameters() if p.requires_grad)
            for network in (self.generator, self.discriminator)
        )

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget gradients, as any module does."""
        self.generator.zero_grad(set_to_none)
        self.discriminator.zero_grad(set_to_none)

    def losses(self, parameters: Parameters, batch: Any = None) -> tuple[Tensor, ...]:
        """The generator's loss and the discriminator's.

        Args:
            parameters: tensors in the places of the networks' own.
            batch: (real data, latent draws).

        Raises:
            BadData: a batch that is no such pair.
        """
        if not isinstance(batch, tuple | list) or len(batch) != 2:
            raise BadData("a GAN's losses need a batch: a pair of real data and latent draws")
        real, latent = batch
        generate = _called(self.generator, parameters[0])
        judge = _called(self.discriminator, parameters[1])
        made = generate(latent)
        on_fake, on_real = judge(made), judge(real)
        generator = self.loss.generator(on_fake).mean()
        discriminator = self.loss.real(on_real).mean() + self.loss.fake(on_fake).mean()
        if self.penalty is not None:
            discriminator = discriminator + self.penalty(judge, real, made)
        return generator, discriminator

    def refresh(self, batch: Any = None) -> None:
        """Run the networks once as they stand, for the buffers that follow training.

        Args:
            batch: (real data, latent draws).
        """
        if any(True for _ in self.buffers()) and self.training:
            real, latent = batch
            with torch.no_grad():
                self.discriminator(self.generator(latent))
                self.discriminator(real)


def _called(network: nn.Module, tensors: tuple[Tensor, ...]) -> Elementwise:
    """The network with these tensors as its trainable ones, on copies of its buffers."""
    names = [name for name, p in network.named_parameters() if p.requires_grad]
    own = dict(zip(names, tensors, strict=True))

    def call(values: Tensor) -> Tensor:
        buffers = {name: b.clone() for name, b in network.named_buffers()}
        return functional_call(network, {**own, **buffers}, (values,))

    return call
