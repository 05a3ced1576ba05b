"""The annealed tiny-GAN in closed form, and its Jacobian, over 1e7 times."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import sympy as sp

from benchmarks.machine import cores
from benchmarks.measuring import Array, Budget, Contender, Missing, compare
from benchmarks.peers import c
from symgan.analysis import solve_linear
from symgan.games.annealed import annealed
from symgan.results import ClosedForm

TIMES, BLOCK = 10_000_000, 1_000_000
END = 100.0
VALUES = {
    "T": 10.0, "alpha_0": 1.0, "alpha_r": 3.0, "alpha_i": 1.0, "psi_i": 0.25, "theta_i": -0.5
}  # fmt: skip
LIMIT = 1e-13
"""At |t| <= 100: arguments and three functions rounded leave a few 1e-15."""
ROWS = ("theta", "psi", "alpha")
COLUMNS = ("theta_i", "psi_i", "alpha_i", "T")

Evaluate = Callable[[Array], Any]
"""times (n,) -> arrays, one an entry."""


def form() -> ClosedForm:
    """The solution for arbitrary initial values."""
    flow = annealed().flow()
    return solve_linear(flow, {s: sp.Symbol(f"{s.name}_i", real=True) for s in flow.state})


def entries(found: ClosedForm, jacobian: bool) -> list[Any]:
    """The expressions: three states, or their twelve derivatives."""
    if not jacobian:
        return list(found.solution)
    named = {p.name: p for p in found.parameters}
    return list(sp.Matrix(found.solution).jacobian([named[name] for name in COLUMNS]))


class Peers:
    """Everybody for one list of expressions."""

    def __init__(self, found: ClosedForm, jacobian: bool, times: Array) -> None:
        self.form, self.jacobian, self.times = found, jacobian, times
        self.entries = entries(found, jacobian)
        self.arguments = [found.time, *found.parameters]
        self.values = [VALUES[p.name] for p in found.parameters]
        self.small = np.linspace(0, END, 997)

    def contender(
        self, name: str, make: Callable[[], Evaluate], threads: int = 1, note: str = ""
    ) -> Contender | Missing:
        """One of them; work comes in blocks of a million times."""
        try:
            evaluate = make()
        except ImportError as error:
            return Missing(name, f"{error.name or error} is not installed")
        except Exception as error:  # noqa: BLE001 - that a peer fails is a result
            return Missing(name, f"{type(error).__name__}: {error}".splitlines()[0], "failed")

        def run(size: int) -> None:
            for first in range(0, size, BLOCK):
                evaluate(self.times[first : min(size, first + BLOCK)])

        def probe() -> Array:
            return stacked(evaluate(self.small), len(self.small))

        return Contender(name, run, len(self.times), probe, threads, note)

    def expected(self) -> Array:
        """mpmath's answer at some thirty digits, (entries, times)."""
        import mpmath

        with mpmath.workdps(30):
            exact = sp.lambdify(self.arguments, self.entries, modules="mpmath")
            values = [mpmath.mpf(v) for v in self.values]
            rows = [exact(mpmath.mpf(float(t)), *values) for t in self.small]
        return np.array([[float(v) for v in row] for row in rows]).T

    def all(self) -> Iterable[Contender | Missing]:
        """symgan first."""
        several = cores()
        if not self.jacobian:
            yield self.contender("symgan closed form (Newton)", self.newton)
        for count in (1, several):
            yield self.contender(
                f"symgan JIT, {count} thread{'s' * (count > 1)}", lambda n=count: self.jit(n), count
            )
        yield self.contender("symgan NumPy", lambda: self.expressions("numpy"))
        yield self.contender("C with libmvec, 1 thread", lambda: self.yardstick(1), 1, "fast-math")
        yield self.contender(
            f"C with libmvec, {several} threads", lambda: self.yardstick(several), several
        )
        yield self.contender("lambdify NumPy (cse)", self.lambdified)
        yield self.contender("symengine (LLVM)", self.symengine)
        yield self.contender("numba", self.numba, several, "prange over the times")
        yield self.contender("JAX", self.jax, 0, "its own threads")
        yield self.contender("heyoka cfunc", self.heyoka)

    def newton(self) -> Evaluate:
        """The kernel of the closed form, right in every regime."""
        from symgan.kernels import compile

        kernel = compile(self.form)
        return lambda t: kernel(t, VALUES).T

    def jit(self, workers: int) -> Evaluate:
        """The elementary form compiled by the JIT."""
        return self.expressions("jit", workers=workers)

    def expressions(self, backend: str, **options: Any) -> Evaluate:
        """The elementary form through `compile(expressions, arguments=...)`."""
        from symgan.kernels import compile

        kernel: Any = compile(
            tuple(self.entries),
            arguments=self.arguments,
            parameters=self.form.parameters,
            backend=backend,
        )

        def evaluate(t: Array) -> Array:
            return np.moveaxis(kernel({self.form.time: t, **VALUES}, **options), -1, 0)

        return evaluate

    def yardstick(self, threads: int) -> Evaluate:
        """Hand-written loops, vectorized by the compiler."""
        library = c.library("closed_form.c", flags=c.FAST)
        function = library.closed_form_jacobian if self.jacobian else library.closed_form
        values = np.array(self.values)

        def evaluate(t: Array) -> Array:
            out = np.empty((len(self.entries), len(t)))
            arrays = [a.ctypes.data_as(ctypes.c_void_p) for a in (t, values, out)]
            function(*arrays, ctypes.c_long(len(t)), threads)
            return out

        return evaluate

    def lambdified(self) -> Evaluate:
        """`sympy.lambdify` to NumPy with cse."""
        function = sp.lambdify(self.arguments, self.entries, modules="numpy", cse=True)
        return lambda t: function(t, *self.values)

    def symengine(self) -> Evaluate:
        """`symengine.Lambdify` with LLVM."""
        import symengine as se

        function = se.Lambdify(self.arguments, self.entries, backend="llvm", cse=True)

        def evaluate(t: Array) -> Array:
            table = np.empty((len(t), 1 + len(self.values)))
            table[:, 0], table[:, 1:] = t, self.values
            return function(table).T

        return evaluate

    def numba(self) -> Evaluate:
        """`numba.njit(parallel=True)` on the scalar function that `lambdify` writes."""
        import numba as nb

        njit: Any = nb.njit
        scalar = njit(sp.lambdify(self.arguments, tuple(self.entries), modules="math", cse=True))
        names = ", ".join(f"out[{i}, i]" for i in range(len(self.entries)))
        values = ", ".join(map(repr, self.values))
        body = f"    for i in prange(len(t)):\n        {names} = scalar(t[i], {values})"
        space: dict[str, Any] = {"prange": nb.prange, "scalar": scalar}
        exec(f"def loop(t, out):\n{body}", space)
        loop = njit(space["loop"], parallel=True)

        def evaluate(t: Array) -> Array:
            out = np.empty((len(self.entries), len(t)))
            loop(t, out)
            return out

        return evaluate

    def jax(self) -> Evaluate:
        """JAX, jitted."""
        os.environ.setdefault("JAX_PLATFORMS", "cpu")
        import jax

        jax.config.update("jax_enable_x64", True)
        function = sp.lambdify(self.arguments, tuple(self.entries), modules="jax", cse=True)
        fast = jax.jit(lambda t: function(t, *self.values))
        return lambda t: jax.block_until_ready(fast(t))

    def heyoka(self) -> Evaluate:
        """`heyoka.cfunc`."""
        import heyoka as hy

        from symgan.kernels.heyoka_expressions import translate

        pairs = zip(self.form.parameters, self.values, strict=True)
        values = {p: sp.Float(v) for p, v in pairs}
        numbers = [sp.sympify(e).xreplace(values) for e in self.entries]
        time = hy.make_vars("t")
        function = hy.cfunc(translate(numbers, {self.form.time: time}, float), vars=[time])
        return lambda t: function(t[None])


def stacked(values: Any, count: int) -> Array:
    """Entries as rows; constants are spread over the times."""
    return np.stack([np.broadcast_to(np.asarray(v, dtype=float), (count,)) for v in values])


def run(jacobian: bool, budget: Budget, quick: bool) -> dict[str, Any]:
    """Measure."""
    times = np.linspace(0, END, TIMES // 10 if quick else TIMES)
    peers = Peers(form(), jacobian, times)
    rows = compare(list(peers.all()), peers.expected(), LIMIT, budget)
    what = "Jacobian of the closed form (3 x 4)" if jacobian else "Closed form"
    return {
        "title": f"{what}, annealed tiny-GAN: {len(times):,} times",
        "unit": "times",
        "rows": [row.plain() for row in rows],
    }
