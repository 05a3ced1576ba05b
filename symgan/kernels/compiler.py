"""`compile`: from a flow, a map, expressions or a closed form to a fast kernel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, overload

import numpy as np
import sympy as sp
from sympy import Expr, Symbol

from symgan.kernels.closed_form import ClosedFormKernel, compile_closed_form
from symgan.kernels.errors import KernelError
from symgan.kernels.flows import FlowKernel
from symgan.kernels.kernel import Backend, Compiled, ExpressionKernel, Kernel
from symgan.kernels.maps import MapKernel
from symgan.kernels.numpy_backend import numpy_backend
from symgan.kernels.programs import program_backend
from symgan.kernels.values import require_distinct, require_dtype
from symgan.program import Program
from symgan.results import ClosedForm
from symgan.system import Flow, Map

_BACKENDS: dict[str, Backend] = {"numpy": numpy_backend}


@overload
def compile(system: Flow, *, backend: str = ..., dtype: Any = ...) -> FlowKernel: ...
@overload
def compile(system: Map, *, backend: str = ..., dtype: Any = ...) -> MapKernel: ...
@overload
def compile(system: Program, *, backend: str = ..., dtype: Any = ...) -> MapKernel: ...
@overload
def compile(system: ClosedForm, *, backend: str = ..., dtype: Any = ...) -> ClosedFormKernel: ...
@overload
def compile(
    system: Any, *, arguments: Sequence[Symbol], backend: str = ..., dtype: Any = ...
) -> ExpressionKernel: ...


def compile(
    system: Any,
    *,
    arguments: Sequence[Symbol] | None = None,
    backend: str = "auto",
    dtype: Any = np.float64,
) -> Kernel:
    r"""Compile a system to a vectorized numeric kernel.

    Args:
        system: a `Flow`, a `Map`, a `Program`, a `ClosedForm`; or an expression, a tuple of
            expressions or a matrix, with `arguments`.
        arguments: the symbols of plain expressions, in order.
        backend: "numpy"; "auto" takes the fastest that is there.
        dtype: float64 or float32. Closed forms compute in float64 and round at the end.

    Returns:
        A `FlowKernel` (field, jacobian), a `MapKernel` (step, iterate, trajectory, jacobian) for
        maps and programs,
        `ClosedFormKernel` (evaluate) or `ExpressionKernel`. Batches stand before the last
        axis: states have shape (..., n), parameters broadcast against the batch.

    Raises:
        KernelError: a function no backend knows, an undeclared symbol, a dtype or a
            backend that is not there.

    >>> x, y, eta = sp.symbols("x y eta", real=True)
    >>> kernel = compile(Map((x, y), (x - eta*y, y + eta*x), parameters=(eta,)))
    >>> kernel.step([[1.0, 0.0], [0.0, 2.0]], {"eta": 0.5}).tolist()
    [[1.0, 0.5], [-1.0, 2.0]]
    """
    kind, build = require_dtype(dtype), _backend(backend)
    if isinstance(system, ClosedForm):
        return compile_closed_form(system, kind)
    if isinstance(system, Flow):
        return _flow(system, build, kind)
    if isinstance(system, Map):
        return _map(system, build, kind)
    if isinstance(system, Program):
        return _program(system, kind)
    if arguments is None:
        raise KernelError(
            f"cannot compile {type(system).__name__}; give a Flow, a Map, a Program, a ClosedForm, "
            "or expressions with arguments="
        )
    return _expressions(system, tuple(arguments), build, kind)


def _backend(name: str) -> Backend:
    if name == "auto":
        return numpy_backend
    if name not in _BACKENDS:
        known = ", ".join(["auto", *sorted(_BACKENDS)])
        raise KernelError(f"unknown backend {name!r}; choose one of: {known}")
    return _BACKENDS[name]


def _flow(flow: Flow, build: Backend, dtype: np.dtype[Any]) -> FlowKernel:
    clock = () if flow.time is None else (flow.time,)
    arguments = (*flow.state, *flow.parameters, *clock)
    require_distinct(arguments)
    function, source = build(flow.rhs, arguments, dtype)
    derivative = _later(flow, arguments, build, dtype)
    return FlowKernel(
        arguments, source, dtype, flow.state, flow.parameters, flow.time, function, derivative
    )


def _map(map_: Map, build: Backend, dtype: np.dtype[Any]) -> MapKernel:
    clock = () if map_.index is None else (map_.index,)
    arguments = (*map_.state, *map_.parameters, *clock, *map_.noise)
    require_distinct(arguments)
    function, source = build(map_.rhs, arguments, dtype)
    return MapKernel(
        arguments,
        source,
        dtype,
        state=map_.state,
        parameters=map_.parameters,
        index=map_.index,
        noise=map_.noise,
        function=function,
        derivative=_later(map_, arguments, build, dtype),
    )


def _program(program: Program, dtype: np.dtype[Any]) -> MapKernel:
    clock = () if program.index is None else (program.index,)
    arguments = (*program.state, *program.parameters, *clock)
    require_distinct(arguments)
    function, source = program_backend(program.assignments, program.rhs, arguments, dtype)

    @cache
    def derivative() -> Compiled:
        ahead, jacobian = program.tangents()
        return program_backend(ahead, jacobian.flat(), arguments, dtype)[0]

    return MapKernel(
        arguments,
        source,
        dtype,
        state=program.state,
        parameters=program.parameters,
        index=program.index,
        noise=(),
        function=function,
        derivative=derivative,
    )


def _later(
    system: Flow | Map, arguments: Sequence[Symbol], build: Backend, dtype: np.dtype[Any]
) -> Callable[[], Compiled]:
    """The Jacobian's function, compiled when it is first asked for."""

    @cache
    def derivative() -> Compiled:
        return build(system.jacobian().flat(), arguments, dtype)[0]

    return derivative


def _expressions(
    system: Any, arguments: tuple[Symbol, ...], build: Backend, dtype: np.dtype[Any]
) -> ExpressionKernel:
    require_distinct(arguments)
    if isinstance(system, sp.MatrixBase):
        shape, flat = system.shape, system.flat()
    elif isinstance(system, tuple | list | sp.Tuple):
        shape, flat = (len(system),), list(system)
    else:
        shape, flat = (), [system]
    for entry in flat:
        if not isinstance(sp.sympify(entry), Expr):
            raise KernelError(f"{entry!r} is not a scalar expression")
    if not flat:
        raise KernelError("there are no expressions to compile")
    function, source = build([sp.sympify(e) for e in flat], arguments, dtype)
    return ExpressionKernel(arguments, source, dtype, shape, function)
