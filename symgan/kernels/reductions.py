r"""What an orbit is reduced to while it runs, as plain data.

Each reduction carries a few numbers a trajectory and says, as expressions, how a state changes
them. Times count steps from the first state, which counts as well; -1 stands for never. A state
that is no number has left every ball and entered none; norms of it are NaN from then on.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray
from sympy import Expr, Symbol

from symgan.kernels.errors import KernelError

NEVER = -1
"""The time of what does not happen."""


@dataclass(frozen=True)
class Setting:
    """What a reduction stands in.

    Attributes:
        names: of the state symbols.
        state: what they are, in the same order.
        step: the symbol of the number of the state, 0 for the first.
        dtype: of the kernel.
    """

    names: tuple[str, ...]
    state: tuple[Any, ...]
    step: Any
    dtype: np.dtype[Any]

    @property
    def largest(self) -> sp.Integer:
        """The largest finite number."""
        return sp.Integer(int(np.finfo(self.dtype).max))


class Reduction(ABC):
    """Numbers that are carried along an orbit.

    Attributes:
        stop: whether a trajectory ends when the time is found.
    """

    stop: bool = False

    @property
    @abstractmethod
    def neutral(self) -> tuple[float, ...]:
        """The numbers before the first state."""

    @abstractmethod
    def updated(self, carried: Sequence[Symbol], setting: Setting) -> tuple[Any, ...]:
        """The numbers after a state, in the numbers before it and the state.

        Raises:
            KernelError: a symbol or a center that does not fit the state.
        """

    def value(self, carried: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """The result from the numbers at the end."""
        return carried[0]


def _square(setting: Setting, center: Sequence[float] | None) -> Expr:
    """The squared distance of the state from a center."""
    at = (0.0,) * len(setting.state) if center is None else tuple(center)
    if len(at) != len(setting.state):
        raise KernelError(f"the center {at} has {len(at)} numbers, the state {len(setting.state)}")
    return sp.Add(*((x - _exact(c)) ** 2 for x, c in zip(setting.state, at, strict=True)))


def _exact(value: Any) -> sp.Rational:
    try:
        fraction = Fraction(value)
    except (TypeError, ValueError, OverflowError):
        raise KernelError(f"{value!r} in a reduction is no finite number") from None
    return sp.Rational(fraction.numerator, fraction.denominator)


class _Norm(Reduction):
    """A norm over the orbit; its square is carried, so that it overflows at half the exponents."""

    def value(self, carried: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """The norm of the carried square."""
        return np.sqrt(carried[0])


@dataclass(frozen=True)
class MaxNorm(_Norm):
    r"""The largest Euclidean norm :math:`\max_k |x_k|`; infinite where a square overflows."""

    @property
    def neutral(self) -> tuple[float, ...]:
        """No norm is below 0."""
        return (0.0,)

    def updated(self, carried: Sequence[Symbol], setting: Setting) -> tuple[Any, ...]:
        """As `Reduction.updated`."""
        return (sp.Max(carried[0], _square(setting, None), evaluate=False),)


@dataclass(frozen=True)
class MinNorm(_Norm):
    r"""The smallest Euclidean norm :math:`\min_k |x_k|`; 0 where all squares underflow."""

    @property
    def neutral(self) -> tuple[float, ...]:
        """No norm is above infinity."""
        return (np.inf,)

    def updated(self, carried: Sequence[Symbol], setting: Setting) -> tuple[Any, ...]:
        """As `Reduction.updated`."""
        return (sp.Min(carried[0], _square(setting, None), evaluate=False),)


class _Time(Reduction):
    """The number of the first state that does something; -1 where none does."""

    @property
    def neutral(self) -> tuple[float, ...]:
        """Not yet."""
        return (float(NEVER),)

    def value(self, carried: Sequence[NDArray[Any]]) -> NDArray[np.int64]:
        """The time as a whole number."""
        return carried[0].astype(np.int64)


def _threshold(radius: float, setting: Setting) -> sp.Rational:
    """The square of a radius, which must be a finite number as well."""
    square = _exact(radius) ** 2
    if radius < 0 or square > setting.largest:
        raise KernelError(
            f"the radius {radius!r} must be at least 0, and its square a finite {setting.dtype}"
        )
    return square


@dataclass(frozen=True)
class ExitTime(_Time):
    """The first state farther than a radius from a center (the origin unless given).

    Args:
        radius: at least 0.
        center: one number a state symbol.
        stop: whether the trajectory ends there.
    """

    radius: float
    center: tuple[float, ...] | None = None
    stop: bool = False

    def updated(self, carried: Sequence[Symbol], setting: Setting) -> tuple[Any, ...]:
        """As `Reduction.updated`."""
        inside = _square(setting, self.center) <= _threshold(self.radius, setting)
        found = sp.Or(carried[0] >= 0, inside)
        return (sp.Piecewise((carried[0], found), (setting.step, True)),)


@dataclass(frozen=True)
class EntryTime(_Time):
    """The first state within a radius of a center (the origin unless given).

    Args:
        radius: at least 0.
        center: one number a state symbol.
        stop: whether the trajectory ends there.
    """

    radius: float
    center: tuple[float, ...] | None = None
    stop: bool = False

    def updated(self, carried: Sequence[Symbol], setting: Setting) -> tuple[Any, ...]:
        """As `Reduction.updated`."""
        inside = _square(setting, self.center) <= _threshold(self.radius, setting)
        found = sp.And(carried[0] < 0, inside)
        return (sp.Piecewise((setting.step, found), (carried[0], True)),)


@dataclass(frozen=True)
class Overflow(_Time):
    """The first state that is not finite.

    Args:
        stop: whether the trajectory ends there.
    """

    stop: bool = False

    def updated(self, carried: Sequence[Symbol], setting: Setting) -> tuple[Any, ...]:
        """As `Reduction.updated`."""
        finite = sp.And(*(_within(x, setting.largest) for x in setting.state))
        found = sp.Or(carried[0] >= 0, finite)
        return (sp.Piecewise((carried[0], found), (setting.step, True)),)


def _within(x: Symbol, bound: Any) -> Any:
    return sp.LessThan(sp.Abs(x, evaluate=False), bound, evaluate=False)


@dataclass(frozen=True)
class SignChanges(Reduction):
    """How often a component of the state changes its sign; zeros are passed over.

    Args:
        symbol: the component, as a symbol or by its name.
    """

    symbol: Any

    @property
    def neutral(self) -> tuple[float, ...]:
        """No change, and no sign yet."""
        return (0.0, 0.0)

    def updated(self, carried: Sequence[Symbol], setting: Setting) -> tuple[Any, ...]:
        """As `Reduction.updated`."""
        changes, last = carried
        if str(self.symbol) not in setting.names:
            raise KernelError(
                f"the state has no {str(self.symbol)!r} to count sign changes of; it holds "
                f"{', '.join(setting.names)}"
            )
        x = setting.state[setting.names.index(str(self.symbol))]
        changed = sp.Or(sp.And(last < 0, x > 0), sp.And(last > 0, x < 0))
        return (
            sp.Piecewise((changes + 1, changed), (changes, True)),
            sp.Piecewise((1, x > 0), (-1, x < 0), (last, True)),
        )

    def value(self, carried: Sequence[NDArray[Any]]) -> NDArray[np.int64]:
        """The count as a whole number."""
        return carried[0].astype(np.int64)


@dataclass(frozen=True)
class Reduced:
    """What orbits came to.

    Attributes:
        final: states (..., n), at the end or where a trajectory was stopped.
        stopped: whether a reduction ended the trajectory (...).
        overflow: the number of the first state that is not finite (...), -1 for never.
        values: reduction -> array (...).
    """

    final: NDArray[Any]
    stopped: NDArray[np.bool_]
    overflow: NDArray[np.int64]
    values: Mapping[Reduction, NDArray[Any]] = field(repr=False)

    def __getitem__(self, reduction: Reduction) -> NDArray[Any]:
        """The result of a reduction, one number a trajectory."""
        return self.values[reduction]
