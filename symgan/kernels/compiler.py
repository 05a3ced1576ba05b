"""`compile`: from a flow, a map, expressions or a closed form to a fast kernel."""

from __future__ import annotations

import importlib.util
import logging
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, overload

import numpy as np
import sympy as sp
from sympy import Expr, Symbol

from symgan.errors import MissingExtra
from symgan.kernels.body import PARAMETER, STATE, Body
from symgan.kernels.closed_form import ClosedFormKernel, compile_closed_form
from symgan.kernels.engines import Engine, NumpyEngine
from symgan.kernels.errors import KernelError
from symgan.kernels.flows import FlowKernel
from symgan.kernels.kernel import ExpressionKernel
from symgan.kernels.maps import MapKernel
from symgan.kernels.reduce import larger
from symgan.kernels.rewrite import stable_derivative
from symgan.kernels.values import require_distinct, require_dtype
from symgan.program import Program
from symgan.results import ClosedForm
from symgan.results_discrete import BranchRuns
from symgan.system import Flow, Map

Build = Callable[[Body], Engine]
"""What a backend is: an engine of a body."""

BACKENDS = ("auto", "jit", "numpy")
DECLARING = (ClosedForm, BranchRuns, Flow, Map, Program)
"""What says itself which symbols it takes."""


@overload
def compile(
    system: Flow, *, backend: str = ..., dtype: Any = ..., portable: bool = ...
) -> FlowKernel: ...
@overload
def compile(
    system: Map, *, backend: str = ..., dtype: Any = ..., portable: bool = ...
) -> MapKernel: ...
@overload
def compile(
    system: Program, *, backend: str = ..., dtype: Any = ..., portable: bool = ...
) -> MapKernel: ...
@overload
def compile(
    system: ClosedForm, *, backend: str = ..., dtype: Any = ..., portable: bool = ...
) -> ClosedFormKernel: ...
@overload
def compile(
    system: Any,
    *,
    arguments: Sequence[Symbol],
    parameters: Sequence[Symbol] = ...,
    backend: str = ...,
    dtype: Any = ...,
    portable: bool = ...,
) -> ExpressionKernel: ...


def compile(
    system: Any,
    *,
    arguments: Sequence[Symbol] | None = None,
    parameters: Sequence[Symbol] = (),
    backend: str = "auto",
    dtype: Any = np.float64,
    portable: bool = False,
) -> Any:
    r"""Compile a system to a vectorized numeric kernel.

    Args:
        system: a `Flow`, a `Map`, a `Program`, a `ClosedForm`; or an expression, a tuple of
            expressions or a matrix, with `arguments`.
        arguments: the symbols of plain expressions, in order.
        parameters: those of the arguments that stay while the others vary. The JIT puts factors
            that hold nothing else together, and computes them once a call where their values are
            single numbers; how results are rounded follows from the declaration alone.
        backend: "jit" (LLVM, the extra `jit`), "numpy", or "auto": the JIT where it is
            installed, NumPy otherwise.
        dtype: float64 or float32. Closed forms compute in float64 and round at the end.
        portable: ask for results of the same bits on every machine, which the JIT gives and
            NumPy does not.

    Returns:
        A `FlowKernel` (field, jacobian), a `MapKernel` (step, iterate, trajectory, reduce,
        jacobian) for maps and programs, `ClosedFormKernel` (evaluate) or `ExpressionKernel`.
        Code is made when a kernel is first called, and kept on disk. Batches stand before the last
        axis: states have shape (..., n), parameters broadcast against the batch.

    Raises:
        KernelError: a function no backend knows, an undeclared symbol, a dtype or a
            backend that is not there; portable results on NumPy; arguments or parameters
            for a system that declares its own.
        MissingExtra: the JIT is asked for and not installed.

    >>> x, y, eta = sp.symbols("x y eta", real=True)
    >>> decay = compile(x / eta, arguments=[x, eta], parameters=[eta])
    >>> decay({"x": [1.0, 3.0], "eta": 2.0}).tolist()
    [0.5, 1.5]
    >>> kernel = compile(Map((x, y), (x - eta*y, y + eta*x), parameters=(eta,)))
    >>> kernel.step([[1.0, 0.0], [0.0, 2.0]], {"eta": 0.5}).tolist()
    [[1.0, 0.5], [-1.0, 2.0]]
    """
    kind, build = require_dtype(dtype), _builder(backend, require_dtype(dtype), portable)
    if isinstance(system, DECLARING) and (arguments is not None or parameters):
        raise KernelError(
            f"a {type(system).__name__} declares its own arguments; leave arguments= and "
            "parameters= out"
        )
    if isinstance(system, ClosedForm):
        return compile_closed_form(system, kind, backend=_resolved(backend))
    if isinstance(system, BranchRuns):
        from symgan.kernels.jumps import compile_jumps

        return compile_jumps(system, backend=backend, dtype=kind)
    if isinstance(system, Flow):
        return _flow(system, build)
    if isinstance(system, Map):
        return _map(system, build)
    if isinstance(system, Program):
        return _program(system, build)
    if arguments is None:
        raise KernelError(
            f"cannot compile {type(system).__name__}; give a Flow, a Map, a Program, a ClosedForm, "
            "or expressions with arguments="
        )
    return _expressions(system, tuple(arguments), tuple(parameters), build)


def _builder(name: str, dtype: np.dtype[Any], portable: bool) -> Build:
    if name not in BACKENDS:
        raise KernelError(f"unknown backend {name!r}; choose one of: {', '.join(BACKENDS)}")
    if name == "numpy":
        if portable:
            raise KernelError(
                "NumPy's results depend on the machine; portable ones need backend='jit'"
            )
        return lambda body: NumpyEngine(body, dtype)
    try:
        return _jit(dtype)
    except MissingExtra:
        if name == "jit" or portable:
            raise
        _notice()
        return lambda body: NumpyEngine(body, dtype)


def _jit(dtype: np.dtype[Any]) -> Build:
    from symgan.kernels.jit.target import host

    target = host()
    if not target.fused:
        raise KernelError("the JIT needs a processor with fused multiply-add; take backend='numpy'")
    from symgan.kernels.jit.backend import JitEngine
    from symgan.kernels.jit.store import user_store

    store = user_store()
    return lambda body: JitEngine(body, dtype, target, store)


def _resolved(name: str) -> str:
    """The backend that a name stands for, once `_builder` has accepted it."""
    missing = importlib.util.find_spec("llvmlite") is None
    return "numpy" if name == "numpy" or missing else "jit"


@cache
def _notice() -> None:
    """Say once a process that kernels run on NumPy."""
    logging.getLogger("symgan").warning(
        "kernels run on NumPy, which is slower: llvmlite is not installed "
        "(pip install 'symgan[jit]')"
    )


def _flow(flow: Flow, build: Build) -> FlowKernel:
    clock = () if flow.time is None else (flow.time,)
    roles = _roles(state=flow.state, parameter=flow.parameters, time=clock)
    engine = build(Body(roles, tuple(flow.rhs)))
    derivative = _later(flow, roles, build)
    return FlowKernel(tuple(roles), engine, flow.state, flow.parameters, flow.time, derivative)


def _map(map_: Map, build: Build) -> MapKernel:
    clock = () if map_.index is None else (map_.index,)
    roles = _roles(state=map_.state, parameter=map_.parameters, index=clock, noise=map_.noise)
    body = Body(roles, tuple(map_.rhs))
    return MapKernel(
        tuple(roles),
        build(body),
        state=map_.state,
        parameters=map_.parameters,
        index=map_.index,
        noise=map_.noise,
        derivative=_later(map_, roles, build),
        larger=cache(lambda asked, dtype: larger(body, asked, dtype, build)),
    )


def _program(program: Program, build: Build) -> MapKernel:
    clock = () if program.index is None else (program.index,)
    roles = _roles(state=program.state, parameter=program.parameters, index=clock)
    body = Body(roles, tuple(program.rhs), tuple(program.assignments))

    @cache
    def derivative() -> Engine:
        ahead, jacobian = program.tangents(stable_derivative)
        return build(Body(roles, tuple(jacobian.flat()), tuple(ahead)))

    return MapKernel(
        tuple(roles),
        build(body),
        state=program.state,
        parameters=program.parameters,
        index=program.index,
        noise=(),
        derivative=derivative,
        larger=cache(lambda asked, dtype: larger(body, asked, dtype, build)),
    )


def _roles(**symbols: Sequence[Symbol]) -> dict[Symbol, str]:
    """Argument -> role, in the order given."""
    require_distinct([symbol for group in symbols.values() for symbol in group])
    return {symbol: role for role, group in symbols.items() for symbol in group}


def _later(system: Flow | Map, roles: Mapping[Symbol, str], build: Build) -> Callable[[], Engine]:
    """The Jacobian's engine, made when it is first asked for."""

    @cache
    def derivative() -> Engine:
        slopes = (stable_derivative(f, s) for f in system.rhs for s in system.state)
        return build(Body(roles, tuple(slopes)))

    return derivative


def _expressions(
    system: Any, arguments: tuple[Symbol, ...], parameters: tuple[Symbol, ...], build: Build
) -> ExpressionKernel:
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
    require_distinct(arguments)
    for symbol in parameters:
        if symbol not in arguments:
            raise KernelError(f"the parameter {symbol} is none of the arguments; name it there too")
    roles = {s: PARAMETER if s in parameters else STATE for s in arguments}
    engine = build(Body(roles, tuple(sp.sympify(entry) for entry in flat)))
    return ExpressionKernel(arguments, engine, shape)
