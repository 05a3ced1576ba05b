"""Adam and RMSProp as machine code, on rows of one flat tensor of members."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from symgan.empirical.stacks import Stacks, State, as_double, corrected, count
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
        self.function = moments(str(dtype).removeprefix("torch."), means=self._means)
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
        (x,), (g,) = parameters, gradients
        scale, root = self.scales(state, rate, members)
        count(state, members)
        m, g = len(g), g.contiguous()
        order = torch.arange(m) if members is None else members.contiguous()
        held = [t.to(x.dtype).expand(m).contiguous() for t in (scale, root)]
        self.function.call(_listed(self.table(x, state, g, held, order)), 0, m)

    def table(
        self, x: Tensor, state: State, gradient: Tensor, own: Sequence[Tensor], order: Tensor
    ) -> list[int]:
        """What the machine code reads; all of these must stay in memory until it has.

        Args:
            x: what changes, (members, entries).
            state: the memory of all members.
            gradient: rows by place in the order; one row serves every place.
            own: what `scales` has found, in the type of x, a number a place.
            order: the members' numbers.
        """
        (square,) = state["square"]
        mean = state["mean"][0] if self._means else square
        table = [order.data_ptr(), gradient.shape[1]]
        for row in (x, square, mean, gradient):
            apart = row.stride(0) * row.element_size()
            table += [row.data_ptr(), 0 if row is gradient and len(row) == 1 else apart]
        return [*table, *(t.data_ptr() for t in own), self._constants.data_ptr()]

    def scales(
        self, state: State, rate: float | Tensor, members: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """What multiplies the direction of each member in its next step, and what divides its root.

        It is the caller who counts the step.
        """
        counts: Tensor = state["counts"]
        if isinstance(self.update, RMSProp):
            return -as_double(rate, counts), torch.ones(1)
        next_ = (counts if members is None else counts.index_select(0, members)) + 1
        first, second = corrected(next_, state["calls"] + 1, self.update.betas)
        return -as_double(rate, first) / first, second


def _listed(numbers: Sequence[int]) -> Any:
    return (ctypes.c_int64 * len(FIELDS))(*numbers)
