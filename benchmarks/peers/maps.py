"""Every way to iterate a map over a batch, from the same SymPy expressions.

Peers work on columns, their natural layout, and make them from the same initial states.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from benchmarks.measuring import Contender, Missing
from symgan.program import Program
from symgan.system import Map

Columns = NDArray[np.float64]
Stepper = Callable[[Columns, int], Any]
"""(columns (n, batch), steps) -> columns after them."""


@dataclass(frozen=True)
class Problem:
    """A map, and what is done with it.

    Attributes:
        system: the map; Piecewise and elementary functions.
        parameters: name -> number.
        start: batch size -> initial states (batch, n).
        batch, steps: the full size.
        probe: (batch, steps) of the problem on which answers are compared.
    """

    system: Map | Program
    parameters: dict[str, float]
    start: Callable[[int], Columns]
    batch: int
    steps: int
    probe: tuple[int, int]

    @cached_property
    def numbers(self) -> tuple[float, ...]:
        """The parameters' values in the system's order."""
        return tuple(self.parameters[p.name] for p in self.system.parameters)

    @cached_property
    def arguments(self) -> list[Any]:
        """State and parameters."""
        return [*self.system.state, *self.system.parameters]

    @cached_property
    def states(self) -> Columns:
        """The initial states at full size, (batch, n)."""
        return self.start(self.batch)

    @cached_property
    def columns(self) -> Columns:
        """The same, (n, batch)."""
        return np.ascontiguousarray(self.states.T)

    @cached_property
    def small(self) -> Columns:
        """The probe's initial states, (batch, n)."""
        return self.start(self.probe[0])

    def expected(self) -> Columns:
        """What symgan's NumPy backend answers to the probe."""
        from symgan.kernels import compile

        kernel = compile(self.system, backend="numpy")
        return kernel.iterate(self.small, self.probe[1], self.parameters)

    def contender(
        self, name: str, make: Callable[[Problem], Stepper], threads: int = 1, note: str = ""
    ) -> Contender | Missing:
        """A peer, or why it does not take part."""
        try:
            step = make(self)
        except ImportError as error:
            return Missing(name, f"{error.name or error} is not installed")
        except Exception as error:  # noqa: BLE001 - that a peer fails is a result
            return Missing(name, f"{type(error).__name__}: {error}".splitlines()[0], "failed")
        small = np.ascontiguousarray(self.small.T)

        def probe() -> Columns:
            return np.stack([np.asarray(c) for c in step(small, self.probe[1])], axis=-1)

        return Contender(
            name, lambda steps: step(self.columns, steps), self.steps, probe, threads, note
        )

    def symgan(
        self, backend: str, workers: int = 1, label: str = "", **options: Any
    ) -> Contender | Missing:
        """symgan itself with a backend."""
        from symgan.errors import SymganError
        from symgan.kernels import compile

        name = f"symgan {label or backend}"
        try:
            kernel: Any = compile(self.system, backend=backend, **options)
        except SymganError as error:
            return Missing(name, str(error))

        def run(steps: int) -> Columns:
            return kernel.iterate(self.states, steps, self.parameters, workers=workers)

        def probe() -> Columns:
            return kernel.iterate(self.small, self.probe[1], self.parameters, workers=workers)

        return Contender(name, run, self.steps, probe, workers)

    def others(self, threads: int) -> Iterable[Contender | Missing]:
        """All peers that work from the expressions."""
        yield self.contender("lambdify NumPy (cse)", lambdified)
        yield self.contender("symengine (LLVM)", symengine)
        yield self.contender("numba", numba, threads, "fused loop, prange over the batch")
        yield self.contender("JAX", jax, 0, "jit(fori_loop), its own threads")
        yield self.contender("heyoka cfunc", heyoka)
        yield self.contender("torch eager", torch_eager, threads)
        yield self.contender("torch.compile", torch_compiled, threads)


def lambdified(problem: Problem) -> Stepper:
    """`sympy.lambdify` to NumPy with cse, in a loop."""
    step = sp.lambdify(problem.arguments, list(problem.system.rhs), modules="numpy", cse=True)

    def run(columns: Columns, steps: int) -> Any:
        x = list(columns)
        with np.errstate(all="ignore"):
            for _ in range(steps):
                x = step(*x, *problem.numbers)
        return x

    return run


def symengine(problem: Problem) -> Stepper:
    """`symengine.Lambdify` with LLVM, in a loop."""
    import symengine as se

    step = se.Lambdify(problem.arguments, list(problem.system.rhs), backend="llvm", cse=True)

    def run(columns: Columns, steps: int) -> Any:
        n = len(columns)
        table = np.empty((columns.shape[1], n + len(problem.numbers)))
        table[:, :n], table[:, n:] = columns.T, problem.numbers
        for _ in range(steps):
            table[:, :n] = step(table)
        return list(table[:, :n].T)

    return run


def numba(problem: Problem) -> Stepper:
    """`numba.njit(parallel=True)` on the scalar function that `lambdify` writes."""
    import numba as nb

    scalar = sp.lambdify(problem.arguments, tuple(problem.system.rhs), modules="math", cse=True)
    names = ", ".join(f"x{i}" for i in range(len(problem.system.state)))
    values = "".join(f", {number!r}" for number in problem.numbers)
    lines = [
        "def loop(columns, out, steps):",
        "    for i in prange(columns.shape[1]):",
        *(f"        x{i} = columns[{i}, i]" for i in range(len(problem.system.state))),
        "        for k in range(steps):",
        f"            {names} = step({names}{values})",
        *(f"        out[{i}, i] = x{i}" for i in range(len(problem.system.state))),
    ]
    njit: Any = nb.njit
    space: dict[str, Any] = {"prange": nb.prange, "step": njit(scalar)}
    exec("\n".join(lines), space)
    loop = njit(space["loop"], parallel=True)

    def run(columns: Columns, steps: int) -> Any:
        out = np.empty_like(columns)
        loop(columns, out, steps)
        return out

    return run


def jax(problem: Problem) -> Stepper:
    """JAX: one jitted loop over steps, whole columns in each."""
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    import jax as module

    module.config.update("jax_enable_x64", True)
    step = sp.lambdify(problem.arguments, tuple(problem.system.rhs), modules="jax", cse=True)

    def body(_: Any, x: Any) -> Any:
        return tuple(step(*x, *problem.numbers))

    loop = module.jit(lambda x, steps: module.lax.fori_loop(0, steps, body, x))

    def run(columns: Columns, steps: int) -> Any:
        return module.block_until_ready(loop(tuple(columns), steps))

    return run


def heyoka(problem: Problem) -> Stepper:
    """`heyoka.cfunc` on whole columns, in a loop."""
    import heyoka as hy

    from symgan.kernels.heyoka_expressions import translate

    names = hy.make_vars(*(s.name for s in problem.system.state))
    symbols = dict(zip(problem.system.state, names, strict=True))
    values = dict(zip(problem.system.parameters, problem.numbers, strict=True))
    rhs = [sp.sympify(e).xreplace(values) for e in problem.system.rhs]
    step = hy.cfunc(translate(rhs, symbols, float), vars=names)

    def run(columns: Columns, steps: int) -> Any:
        x, out = columns.copy(), np.empty_like(columns)
        for _ in range(steps):
            step(x, outputs=out)
            x, out = out, x
        return x

    return run


def torch_eager(problem: Problem) -> Stepper:
    """torch, an operation at a time."""
    return _torch(problem, compiled=False)


def torch_compiled(problem: Problem) -> Stepper:
    """torch with the step compiled by inductor."""
    return _torch(problem, compiled=True)


def _torch(problem: Problem, compiled: bool) -> Stepper:
    import torch

    rhs = tuple(sp.N(e, 17) for e in problem.system.rhs)  # torch takes no root of a Python number
    step = sp.lambdify(problem.arguments, rhs, modules="torch", cse=True)
    numbers = [torch.tensor(number, dtype=torch.float64) for number in problem.numbers]
    run_step = torch.compile(step) if compiled else step

    def run(columns: Columns, steps: int) -> Any:
        x = tuple(torch.from_numpy(c.copy()) for c in columns)
        with torch.no_grad():
            for _ in range(steps):
                x = run_step(*x, *numbers)
        return [c.numpy() for c in x]

    return run
