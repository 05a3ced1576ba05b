"""Kernels of flows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray
from sympy import Symbol

from symgan.kernels.kernel import Columns, Kernel, stack
from symgan.kernels.values import Values, parameter_columns, real_array, state_columns

if TYPE_CHECKING:
    from symgan.kernels.engines import Engine


@dataclass(frozen=True)
class FlowKernel(Kernel):
    r"""The field of a flow :math:`\dot x = F(x, t)` and its Jacobian."""

    state: tuple[Symbol, ...]
    parameters: tuple[Symbol, ...]
    time: Symbol | None
    derivative: Callable[[], Engine] = field(repr=False, compare=False)

    def __call__(self, x: Any, t: Any = 0.0, parameters: Values | None = None) -> NDArray[Any]:
        """`field`."""
        return self.field(x, t, parameters)

    def field(
        self, x: Any, t: Any = 0.0, parameters: Values | None = None, *, workers: int = 0
    ) -> NDArray[Any]:
        r"""The field :math:`F(x, t)`.

        Args:
            x: states (..., n).
            t: times that broadcast against the batch; without effect on autonomous flows.
            parameters: name or symbol -> number or array that broadcasts against the batch.
            workers: threads; 0 takes every core this process may use.

        Returns:
            Array (..., n).

        Raises:
            KernelError: shapes, parameters or numbers that do not fit.
        """
        n = len(self.state)
        return stack(self.engine, self._columns(x, t, parameters), (n,), workers)

    def jacobian(
        self, x: Any, t: Any = 0.0, parameters: Values | None = None, *, workers: int = 0
    ) -> NDArray[Any]:
        r"""The Jacobian :math:`\partial F_i / \partial x_j`, array (..., n, n)."""
        n = len(self.state)
        return stack(self.derivative(), self._columns(x, t, parameters), (n, n), workers)

    def _columns(self, x: Any, t: Any, parameters: Values | None) -> Columns:
        columns = state_columns(x, self.state, self.dtype)
        constants = parameter_columns(parameters, self.parameters, self.dtype)
        times = () if self.time is None else (real_array(t, self.dtype, "the time"),)
        return (*columns, *constants, *times)
