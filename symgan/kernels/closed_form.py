r"""Kernels of closed forms, right in every regime.

A `ClosedForm` carries its solution in Newton form,
:math:`x_i(t) = \sum_j c_{ij} \exp[r_0, \dots, r_j](t)`. Nodes and coefficients are
evaluated in multiprecision once a set of parameters (root formulas cancel near double
roots), then rounded; the sum over all times is NumPy. See `divided` for the differences.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import mpmath
import numpy as np
import sympy as sp
from mpmath import mpc, mpf
from numpy.typing import NDArray
from sympy import Symbol

from symgan.errors import Undecided
from symgan.kernels.closed_form_engines import JitSums, NumpySums, SumEngine
from symgan.kernels.divided import Nodes
from symgan.kernels.errors import KernelError
from symgan.kernels.kernel import Kernel, threads
from symgan.kernels.values import (
    Values,
    broadcast,
    parameter_columns,
    real_array,
    require_distinct,
    require_dtype,
)
from symgan.results import ClosedForm

_PRECISIONS = (60, 120, 240, 480, 960, 1920)
"""Digits tried in turn until two agree; the last covers differences of numbers near 1e-300."""
_AGREED = mpf(10) ** -40
"""Two precisions agree to twice the digits of a pair of float64 numbers: no error is left."""
_NOTHING = mpf(10) ** -330
"""Below the smallest float64: what shrinks under it with the precision is zero."""
_REAL = mpf(10) ** -30
"""Share of imaginary parts above which a transform is not real.

Numbers that agree to 40 digits leave less; a slip in a formula leaves a share of order 1.
"""


@dataclass(frozen=True)
class ClosedFormKernel(Kernel):
    r"""Evaluate :math:`x(t)` of a closed form.

    Attributes:
        parameters: what a call needs values for.
        state: the symbols on the last axis of the result.

    Floating-point model: parameters and times are taken as exact. Nodes, their differences
    and coefficients are rounded once; products :math:`rt` carry their rounding error. The
    error is then a small multiple of :math:`2^{-53} \sum_j |c_{ij}| E_j(t)`, with
    :math:`E_j` the envelope of `measure.envelope`, at any :math:`|r| t` up to 1e9.
    """

    parameters: tuple[Symbol, ...]
    state: tuple[Symbol, ...]
    form: ClosedForm = field(repr=False)
    tables: Callable[..., Any] = field(repr=False, compare=False)

    def __call__(
        self, t: Any, parameters: Values | None = None, *, workers: int = 0
    ) -> NDArray[Any]:
        """`evaluate`."""
        return self.evaluate(t, parameters, workers=workers)

    def evaluate(
        self, t: Any, parameters: Values | None = None, *, workers: int = 0
    ) -> NDArray[Any]:
        """The state at times t.

        Args:
            t: times, an array of any shape, finite and not negative.
            parameters: name or symbol -> number or array that broadcasts against t.
            workers: threads of the JIT; 0 takes every core this process may use.

        Returns:
            Array (..., n). Each distinct set of parameters costs a fraction of a
            millisecond or more of multiprecision work; times are vectorized.

        Raises:
            KernelError: a negative or infinite time, a wrong parameter, or parameters at
                which the form is not defined.
        """
        double = np.dtype(np.float64)
        times = real_array(t, double, "the time")
        if not np.all(np.isfinite(times)) or np.any(times < 0):
            raise KernelError("times must be finite and not negative")
        columns = parameter_columns(parameters, self.parameters, double)
        for symbol, column in zip(self.parameters, columns, strict=True):
            if not np.all(np.isfinite(column)):
                raise KernelError(f"parameter {symbol.name} must be finite")
        shape = broadcast([times, *columns])
        flat = np.broadcast_to(times, shape).ravel()
        used = threads(workers, flat.size)
        if all(column.size == 1 for column in columns):
            found = self._at(np.array([float(c.item()) for c in columns]), flat, used)
            return self._arranged(found, shape)
        rows = np.stack([np.broadcast_to(c, shape).ravel() for c in columns], axis=1)
        distinct, which = np.unique(rows, axis=0, return_inverse=True)
        result = np.empty((len(self.state), flat.size))
        for number, row in enumerate(distinct):
            mine = which.ravel() == number
            result[:, mine] = self._at(row, flat[mine], used)
        return self._arranged(result, shape)

    def _arranged(self, found: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
        """The components on the last axis."""
        arranged = found.reshape(len(self.state), *shape).astype(self.dtype, copy=False)
        return np.moveaxis(arranged, 0, -1)

    def newton(self, parameters: Sequence[Any]) -> tuple[Nodes, list[list[Any]]]:
        """Nodes and multiprecision coefficients at one set of parameters."""
        nodes, coefficients = settled(self.tables, parameters, self.parameters)
        return Nodes.of(nodes), coefficients

    def _at(self, row: NDArray[Any], t: NDArray[np.float64], workers: int) -> NDArray[np.float64]:
        nodes, exact = self.newton([float(value) for value in row])
        if not np.all(np.isfinite(np.array([[complex(c) for c in line] for line in exact]))):
            raise KernelError(f"the closed form exceeds float64 at {self._named(row)}")
        if not all(is_real(nodes, line) for line in exact):
            raise KernelError(
                f"the closed form is not real at {self._named(row)}; its nodes and coefficients "
                "must come in conjugate pairs"
            )
        engine = self.engine
        assert isinstance(engine, SumEngine)
        return engine.total(nodes, exact, t, workers)

    def _named(self, row: NDArray[Any]) -> str:
        pairs = zip(self.parameters, row, strict=True)
        return (
            ", ".join(f"{symbol.name} = {float(value)!r}" for symbol, value in pairs) or "all times"
        )


def compile_closed_form(
    form: ClosedForm, dtype: Any = np.float64, *, backend: str = "numpy"
) -> ClosedFormKernel:
    """The kernel of a closed form; see `compile`.

    Args:
        form: the closed form.
        dtype: float64 or float32, of the results.
        backend: "numpy" or "jit".

    Raises:
        KernelError: nodes or coefficients hold symbols that are not parameters, or
            functions that mpmath does not know.
    """
    kind = require_dtype(dtype)
    require_distinct([*form.parameters, form.time])
    expressions = [*form.nodes, *(c for row in form.newton for c in row)]
    declared = set(form.parameters)
    for expression in expressions:
        unknown = sorted(sp.sympify(expression).free_symbols - declared, key=str)
        if unknown:
            raise KernelError(
                f"the closed form's {expression} holds {', '.join(map(str, unknown))}, which is "
                "not among its parameters"
            )
    if not form.nodes or any(len(row) != len(form.nodes) for row in form.newton):
        raise KernelError("a closed form needs as many Newton coefficients a component as nodes")
    tables = sp.lambdify(
        list(form.parameters),
        (list(form.nodes), [list(row) for row in form.newton]),
        modules="mpmath",
        cse=True,
    )
    engine = JitSums if backend == "jit" else NumpySums
    return ClosedFormKernel(
        arguments=(form.time, *form.parameters),
        engine=engine(inspect.getsource(tables), kind),
        parameters=form.parameters,
        state=form.state,
        form=form,
        tables=tables,
    )


def settled(
    tables: Callable[..., Any], values: Sequence[Any], names: Sequence[Symbol]
) -> tuple[list[Any], list[list[Any]]]:
    """Nodes and coefficients at a precision at which one more doubling changes nothing.

    Raises:
        KernelError: they are not defined at these values.
        Undecided: they still change at the last precision.
    """
    at = ", ".join(f"{s.name} = {v!r}" for s, v in zip(names, values, strict=True)) or "no values"
    previous: list[Any] | None = None
    for digits in _PRECISIONS:
        with mpmath.workdps(digits):
            try:
                nodes, rows = tables(*(mpf(value) for value in values))
                flat = [mpc(number) for number in (*nodes, *(c for row in rows for c in row))]
            except (ZeroDivisionError, ValueError, TypeError, NameError) as error:
                raise KernelError(f"the closed form is not defined at {at}: {error}") from error
            if previous and all(map(_agree, flat, previous)):
                n = len(nodes)
                lines = [flat[start : start + n] for start in range(n, len(flat), n)]
                return flat[:n], lines
            previous = flat
    raise Undecided(f"nodes and coefficients do not settle within {_PRECISIONS[-1]} digits at {at}")


def _agree(now: Any, before: Any) -> bool:
    return abs(now - before) <= _AGREED * abs(now) or max(abs(now), abs(before)) < _NOTHING


def is_real(nodes: Nodes, coefficients: Sequence[Any]) -> bool:
    r"""Whether :math:`X(s) = \sum_j c_j / \prod_{k \le j} (s - r_k)` is real for real s.

    :math:`X - \bar X` is rational of degree below 2n; it is zero if it vanishes at 2n points.
    """
    n = len(nodes.values)
    with mpmath.workdps(_PRECISIONS[0]):
        reach = 1 + max(abs(r) for r in nodes.values)
        return all(
            _imaginary_share(nodes.values, coefficients, reach * (1 + mpf(k + 1) / n)) <= _REAL
            for k in range(2 * n)
        )


def _imaginary_share(nodes: Sequence[Any], coefficients: Sequence[Any], s: Any) -> Any:
    total, size, product = mpc(0), mpf(0), mpc(1)
    for node, coefficient in zip(nodes, coefficients, strict=True):
        product /= s - node
        total += coefficient * product
        size += abs(coefficient * product)
    return abs(total.imag) / size if size else mpf(0)
