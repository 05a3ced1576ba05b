r"""How far a kernel is from the reference, in one measure with its reason.

The measure is the error relative to the *sum of the magnitudes of the terms*: values cross
zero, so that plain relative error is unbounded, and this is what rounding of the terms
explains. For expressions it is the magnitude of `evaluate`. For closed forms it is
:math:`\sum_j |c_{ij}| E_j(t)` with the envelope

.. math:: E[S](t) = \min\Bigl(\tfrac{t^j}{j!}\, e^{t \max \operatorname{Re} r},\;
          \tfrac{E[S \setminus x](t) + E[S \setminus z](t)}{|x - z|}\Bigr),

x and z the two nodes of S farthest apart: an upper bound of the divided difference
(Hermite-Genocchi on the left, the recurrence on the right) that tends to the divided
difference itself as t -> 0, so that the measure is plain relative error there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any

import mpmath
import numpy as np
from mpmath import mpf

from symgan.kernels.closed_form import ClosedFormKernel
from symgan.kernels.errors import KernelError
from symgan.kernels.evaluate import evaluate, number, sized
from symgan.kernels.flows import FlowKernel
from symgan.kernels.maps import MapKernel
from symgan.kernels.reference import reference
from symgan.system import Flow, Map

UNDERFLOW = mpf(2) ** -1022
"""The smallest normal float64: what is lost below it is not held against a kernel."""


@dataclass(frozen=True)
class Worst:
    """The worst error of a comparison and where it occurred.

    Attributes:
        error: relative to the sum of the magnitudes of the terms.
        where: what was put in (state, time, parameters) and which entry came out.
        got, expected, scale: the numbers behind it.
        compared: how many numbers were compared.
    """

    error: float
    where: Mapping[str, Any]
    got: float
    expected: Any
    scale: Any
    compared: int


@dataclass(frozen=True)
class Comparison:
    """One number from a kernel, what it should be, and the scale of its error."""

    got: float
    expected: Any
    scale: Any
    where: Mapping[str, Any]

    @property
    def error(self) -> float:
        """The error on that scale; infinite where a kernel's number is not finite."""
        if not np.isfinite(self.got):
            return float("inf")
        excess = abs(mpf(self.got) - self.expected) - UNDERFLOW
        if excess <= 0:
            return 0.0
        return float(excess / self.scale) if self.scale else float("inf")


def worst(comparisons: Iterable[Comparison]) -> Worst:
    """The worst of some comparisons.

    Raises:
        KernelError: there is none.
    """
    listed = list(comparisons)
    if not listed:
        raise KernelError("there is nothing to compare; give at least one state or time")
    found = max(listed, key=lambda one: one.error)
    return Worst(found.error, found.where, found.got, found.expected, found.scale, len(listed))


def error_against_reference(
    kernel: ClosedFormKernel | FlowKernel | MapKernel,
    system: Flow | Map,
    *,
    times: Sequence[float] = (0.0,),
    states: Any = None,
    parameters: Mapping[Any, float] | None = None,
    jacobian: bool = False,
    dps: int = 50,
) -> Worst:
    r"""The worst error of a kernel against multiprecision.

    A closed form is held to the integrated flow at the given times, from its own initial
    state. Fields, steps and Jacobians are held to the expressions evaluated at the given
    states; for a map this is the backward error of a step.

    Args:
        kernel: what to measure.
        system: the flow or map that it stands for.
        times: increasing, for closed forms; one time (or iteration index), or one a
            state, for flows and maps.
        states: array (m, n), for flows and maps.
        parameters: name or symbol -> float.
        jacobian: measure the Jacobian of a flow or map, not the field or step.
        dps: digits of the reference.

    >>> import sympy as sp
    >>> from symgan.kernels.compiler import compile
    >>> x = sp.Symbol("x", real=True)
    >>> flow = Flow((x,), (sp.sin(x) - x,))
    >>> error_against_reference(compile(flow), flow, states=[[0.5], [2.0]]).error < 1e-15
    True
    """
    if isinstance(kernel, ClosedFormKernel):
        return worst(_closed_form(kernel, system, times, parameters or {}, dps))
    if states is None:
        raise KernelError("give states, an array (m, n), to measure a field or a step at")
    points = np.atleast_2d(np.asarray(states, dtype=float))
    clock = np.broadcast_to(np.asarray(times, dtype=float), len(points))
    return worst(_pointwise(kernel, system, points, clock, parameters or {}, jacobian, dps))


def envelope(nodes: Sequence[Any], t: Any) -> list[Any]:
    r""":math:`E_0(t), E_1(t), \dots` for all prefixes of the nodes.

    >>> [mpmath.nstr(e, 5) for e in envelope([0, -1, 1j], mpf(2))]
    ['1.0', '1.1353', '2.0']
    """
    table: dict[tuple[int, ...], Any] = {}
    return [_envelope(tuple(range(j + 1)), nodes, mpf(t), table) for j in range(len(nodes))]


def _envelope(
    subset: tuple[int, ...], nodes: Sequence[Any], t: Any, table: dict[tuple[int, ...], Any]
) -> Any:
    if subset not in table:
        j = len(subset) - 1
        growth = max(mpmath.re(nodes[i]) for i in subset)
        bound = t**j / mpmath.factorial(j) * mpmath.exp(growth * t)
        if j:
            x, z = max(
                combinations(subset, 2), key=lambda pair: abs(nodes[pair[0]] - nodes[pair[1]])
            )
            gap = abs(nodes[x] - nodes[z])
            if gap:
                one = _envelope(tuple(i for i in subset if i != x), nodes, t, table)
                other = _envelope(tuple(i for i in subset if i != z), nodes, t, table)
                bound = min(bound, (one + other) / gap)
        table[subset] = bound
    return table[subset]


def closed_form_scale(kernel: ClosedFormKernel, t: Any, parameters: Mapping[Any, Any]) -> list[Any]:
    r""":math:`\sum_j |c_{ij}| E_j(t)`, one entry a component."""
    named = {str(key): value for key, value in parameters.items()}
    nodes, rows = kernel.newton([named[symbol.name] for symbol in kernel.parameters])
    with mpmath.workdps(50):
        terms = envelope(nodes.values, t)
        return [mpmath.fsum(abs(c) * e for c, e in zip(row, terms, strict=True)) for row in rows]


def _closed_form(
    kernel: ClosedFormKernel,
    flow: Flow | Map,
    times: Sequence[float],
    parameters: Mapping[Any, float],
    dps: int,
) -> Iterable[Comparison]:
    named = {str(key): value for key, value in parameters.items()}
    with mpmath.workdps(dps + 20):
        values = {symbol: number(named[symbol.name]) for symbol in kernel.parameters}
        initial = [evaluate(x, values) for x in kernel.form.initial]
        start = dict(zip(kernel.state, initial, strict=True))
    theirs = {s.name for s in flow.parameters}
    constants = {name: value for name, value in named.items() if name in theirs}
    solution = reference(flow, dps=dps).solve(start, times, constants)
    got = kernel.evaluate(np.asarray(times, dtype=float), parameters)
    for t, row, expected in zip(times, got, solution, strict=True):
        scales = closed_form_scale(kernel, t, parameters)
        for symbol, one, exact, scale in zip(kernel.state, row, expected, scales, strict=True):
            where = {**named, str(kernel.form.time): t, "component": symbol.name}
            with mpmath.workdps(dps):
                yield Comparison(float(one), exact, scale, where)


def _pointwise(
    kernel: FlowKernel | MapKernel,
    system: Flow | Map,
    points: Any,
    clock: Any,
    parameters: Mapping[Any, float],
    jacobian: bool,
    dps: int,
) -> Iterable[Comparison]:
    named = {str(key): value for key, value in parameters.items()}
    tick = system.time if isinstance(system, Flow) else system.index
    expressions = _slopes(system) if jacobian else system.rhs
    for x, t in zip(points, clock, strict=True):
        got = _values(kernel, x, t, parameters, jacobian)
        with mpmath.workdps(dps):
            place = {s: number(float(named[s.name])) for s in system.parameters}
            place |= {s: mpf(float(v)) for s, v in zip(system.state, x, strict=True)}
            if tick is not None:
                place[tick] = mpf(float(t))
            for index, (one, expression) in enumerate(zip(got, expressions, strict=True)):
                exact = sized(expression, place)
                where = {**named, "state": tuple(map(float, x)), "at": float(t), "entry": index}
                yield Comparison(float(one), exact.value, exact.magnitude, where)


@lru_cache(maxsize=128)
def _slopes(system: Flow | Map) -> tuple[Any, ...]:
    """The entries of the Jacobian, differentiated once however many points are compared."""
    return tuple(system.jacobian().flat())


def _values(
    kernel: FlowKernel | MapKernel, x: Any, t: Any, parameters: Mapping[Any, float], jacobian: bool
) -> Any:
    if isinstance(kernel, FlowKernel):
        compute = kernel.jacobian if jacobian else kernel.field
        return compute(x, t, parameters).ravel()
    compute = kernel.jacobian if jacobian else kernel.step
    return compute(x, parameters, index=t).ravel()
