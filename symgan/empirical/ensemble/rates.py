r"""The derivatives of a GAN's losses in the outputs, as machine code.

Where a loss is a mean over the batch of a function :math:`\ell` of the output alone, all that a
pass backward needs of it is :math:`q_b = \ell'(d_b)/B`, which is derived in SymPy here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp
import torch
from torch import Tensor

from symgan.differentiation import diff
from symgan.empirical import orders
from symgan.empirical.ensemble import objectives
from symgan.empirical.gans.elementwise import Elementwise, Logistic, Softplus, Y
from symgan.empirical.gans.gans import Gan
from symgan.kernels.body import STATE, Body
from symgan.kernels.errors import KernelError
from symgan.kernels.jit.backend import JitEngine
from symgan.kernels.jit.calls import Variant, evaluate
from symgan.kernels.jit.store import user_store
from symgan.kernels.jit.target import host


@dataclass(frozen=True)
class Rate:
    """The derivative of a mean over the batch in its entries.

    Attributes:
        variant: the machine code: groups of so many lanes, its table an address to read at and one
            to write to.
    """

    variant: Variant

    def __call__(self, output: Tensor) -> Tensor:
        """Entry by entry, of the same shape."""
        given = output.contiguous()
        found = torch.empty_like(given)
        row = found.view(1, -1).numpy()
        evaluate(self.variant, [given.view(-1).numpy()], row, 1)
        return found

    def padded(self, batch: int) -> int:
        """The entries of a row of whole groups."""
        return -(-batch // self.variant.lanes) * self.variant.lanes


Rates = dict[int, tuple[Rate, ...]]
"""A player -> the rates of its loss in the outputs that it reads: at real and at generated points,
or at generated points."""


def rates(gan: Gan, batch: int, dtype: torch.dtype) -> Rates | None:
    """The rates of both players; None where losses read more than outputs, or hold a function that
    has no machine code.

    Args:
        gan: whose losses.
        batch: B.
        dtype: float32 or float64.

    Raises:
        MissingExtra: llvmlite is not installed.

    >>> from symgan.empirical.gans.gans import named
    >>> found = rates(named("unsat-bce"), 2, torch.float64)
    >>> found[orders.GENERATOR][0](torch.zeros(1, 2, dtype=torch.float64))
    tensor([[-0.2500, -0.2500]], dtype=torch.float64)
    >>> rates(named("wgan-gp"), 2, torch.float64) is None
    True
    """
    if any(objectives.slopes_at(gan)):
        return None
    try:
        real, fake, generator = (
            _rate(part, batch, dtype) for part in (gan.loss.real, gan.loss.fake, gan.loss.generator)
        )
    except KernelError:
        return None
    return {orders.DISCRIMINATOR: (real, fake), orders.GENERATOR: (generator,)}


def _rate(loss: Elementwise, batch: int, dtype: torch.dtype) -> Rate:
    slope: Any = diff(loss.stable, Y) / batch
    plain = slope.replace(Logistic, lambda u: 1 / (1 + sp.exp(-u)))
    plain = plain.replace(Softplus, lambda u: sp.log(1 + sp.exp(u)))
    body = Body({Y: STATE}, (plain,))
    kind = np.dtype(str(dtype).removeprefix("torch."))
    return Rate(JitEngine(body, kind, host(), user_store()).evaluation())
