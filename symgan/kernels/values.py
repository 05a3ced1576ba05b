"""Checks and shapes of what users pass to kernels: parameters, states, times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Symbol

from symgan.kernels.errors import KernelError

Values = Mapping[Any, Any]
"""Parameter name or symbol -> number or array."""


def require_dtype(dtype: Any) -> np.dtype[Any]:
    """The dtype, if a kernel can compute in it.

    Raises:
        KernelError: neither float32 nor float64.
    """
    try:
        found = np.dtype(dtype)
    except TypeError:
        raise KernelError(f"dtype {dtype!r} is not supported; use float64 or float32") from None
    if found not in (np.dtype(np.float32), np.dtype(np.float64)):
        raise KernelError(f"dtype {dtype!r} is not supported; use float64 or float32")
    return found


def require_distinct(arguments: Sequence[Symbol]) -> None:
    """Refuse two arguments that a user could not tell apart by name.

    Raises:
        KernelError: two symbols carry one name.
    """
    names = [symbol.name for symbol in arguments]
    for name in names:
        if names.count(name) > 1:
            raise KernelError(
                f"two arguments are called {name!r} (symbols with different assumptions, or one "
                "listed twice); rename one"
            )


def real_array(value: Any, dtype: np.dtype[Any], what: str) -> NDArray[Any]:
    """The value as a real array of this dtype.

    Raises:
        KernelError: not numeric, complex, or without elements.
    """
    array = np.asarray(value)
    if array.dtype == object:
        try:
            array = array.astype(np.float64)
        except (TypeError, ValueError):
            raise KernelError(f"{what} is not real numbers: {value!r}") from None
    if array.dtype.kind == "c":
        raise KernelError(f"{what} is complex; kernels take real numbers")
    if array.dtype.kind not in "biuf":
        raise KernelError(f"{what} is not numeric: {value!r}")
    if array.size == 0:
        raise KernelError(f"{what} is an empty batch of shape {array.shape}; give at least one")
    return array.astype(dtype, copy=False)


def state_columns(x: Any, names: Sequence[Symbol], dtype: np.dtype[Any]) -> tuple[Any, ...]:
    """Columns of a batch of states (..., n).

    Raises:
        KernelError: the last axis is not the state, or the values are not real.
    """
    listed = ", ".join(symbol.name for symbol in names)
    array = real_array(x, dtype, f"the state ({listed})")
    if array.ndim == 0 or array.shape[-1] != len(names):
        raise KernelError(
            f"the state has shape {array.shape}; its last axis must be {len(names)}, for {listed}"
        )
    return tuple(array[..., i] for i in range(len(names)))


def parameter_columns(
    values: Values | None, names: Sequence[Symbol], dtype: np.dtype[Any]
) -> tuple[NDArray[Any], ...]:
    """Parameter arrays in the order of their names.

    Raises:
        KernelError: a parameter is missing, unknown, given twice, or not real.
    """
    given: dict[str, Any] = {}
    for key, value in (values or {}).items():
        name = key.name if isinstance(key, Symbol) else str(key)
        if name in given:
            raise KernelError(f"parameter {name!r} is given twice, by name and by symbol")
        given[name] = value
    known = [symbol.name for symbol in names]
    _require_same("parameter", given, known)
    return tuple(real_array(given[name], dtype, f"parameter {name}") for name in known)


def _require_same(what: str, given: Iterable[str], known: Sequence[str]) -> None:
    given = list(given)
    missing = [name for name in known if name not in given]
    unknown = [name for name in given if name not in known]
    takes = f"it takes {', '.join(known)}" if known else "it takes none"
    if unknown:
        raise KernelError(f"unknown {what} {', '.join(map(repr, unknown))}; {takes}")
    if missing:
        raise KernelError(f"missing {what} {', '.join(map(repr, missing))}; {takes}")


def broadcast(arrays: Sequence[Any]) -> tuple[int, ...]:
    """The common shape of a batch.

    Raises:
        KernelError: the shapes do not fit together.
    """
    shapes = [np.shape(array) for array in arrays]
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        listed = ", ".join(map(str, shapes))
        raise KernelError(f"batch shapes {listed} do not broadcast against one another") from None


def require_count(value: Any, what: str, least: int) -> int:
    """A whole number not below `least`.

    Raises:
        KernelError: it is not.
    """
    if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < least:
        raise KernelError(f"{what} must be a whole number of at least {least}, not {value!r}")
    return int(value)
