"""Adam and RMSProp as machine code, on rows of one flat tensor of members."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from symgan.empirical.stacks import Stacks, State, as_double, corrections, count
from symgan.empirical.updates import Adam, RMSProp
from symgan.kernels.jit.moments import FIELDS, moments


class MachineUpdate:
    """An optimizer of `symgan.empirical.updates` for one flat tensor (members, entries).

    Steps of some members touch their rows alone, where they lie. Numbers differ from the
    optimizer's own by roundings.

    Args:
        update: which optimizer.
        dtype: float32 or float64.

    Raises:
        MissingExtra: llvmlite is not installed.
    """

    def __init__(self, update: Adam | RMSProp, dtype: torch.dtype) -> None:
        self.update = update
        self._means = isinstance(update, Adam)
        self._call = moments(str(dtype).removeprefix("torch."), means=self._means).call
        first, second = (0.0, update.alpha) if isinstance(update, RMSProp) else update.betas
        numbers = [first, 1 - first, second, 1 - second, update.eps]
        self._constants = torch.tensor(numbers, dtype=dtype)

    def init(self, parameters: Stacks) -> State:
        """See `Update.init`."""
        return self.update.init(parameters)

    @torch.no_grad()
    def step(
        self,
        parameters: Stacks,
        gradients: Stacks,
        state: State,
        rate: float | Tensor,
        members: Tensor | None = None,
    ) -> None:
        """See `Update.step`; parameters and gradients are one tensor each."""
        (x,), (g,), (square,) = parameters, gradients, state["square"]
        mean = state["mean"][0] if self._means else square
        scale, root = self._own(state, rate, members)
        m, g = len(g), g.contiguous()
        order = torch.arange(m) if members is None else members.contiguous()
        held = [order, *(t.to(x.dtype).expand(m).contiguous() for t in (scale, root))]
        table = [order.data_ptr(), g.shape[1]]
        for row in (x, square, mean, g):
            table += [row.data_ptr(), row.stride(0) * row.element_size()]
        table += [held[1].data_ptr(), held[2].data_ptr(), self._constants.data_ptr()]
        self._call(_listed(table), 0, m)

    def _own(
        self, state: State, rate: float | Tensor, members: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """What multiplies the direction of each member, and what divides its root."""
        if isinstance(self.update, Adam):
            first, second = corrections(state, members, self.update.betas)
            return -as_double(rate, first) / first, second
        return -as_double(rate, count(state, members)), torch.ones(1)


def _listed(numbers: Sequence[int]) -> Any:
    return (ctypes.c_int64 * len(FIELDS))(*numbers)
