r"""The backward error of one step or one evaluation of a field, over the whole domain.

The value that a kernel computes is held to the exact value of the branch that it chose, relative
to the sum of the magnitudes of the terms (`evaluate.sized`), in units of the last place (ulp,
:math:`2^{-52}` in float64). A branch chosen otherwise than exact arithmetic would is counted on
its own: what it takes to justify it is the size of the condition, relative to the magnitude of
its terms.

States are drawn over many orders of magnitude; some have zeros in them, and some lie on the
conditions or as near as rounding lets them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import mpmath
import numpy as np
import sympy as sp
from mpmath import mpf
from numpy.typing import NDArray
from sympy import Symbol

from symgan.differentiation import diff
from symgan.kernels.compiler import compile
from symgan.kernels.errors import KernelError
from symgan.kernels.evaluate import holds, number, sized
from symgan.kernels.measure import Comparison
from symgan.kernels.switching import branched, guard, relations
from symgan.kernels.values import require_count
from symgan.system import Flow, Map

DECADES = {8: 100, 4: 12}
"""Bytes of a float -> states reach from 10**-d to 10**d, so that cubes of them are still floats."""
_DPS = 60
"""Digits of the exact values: enough where 53 bits cancel against one another twice over."""


@dataclass(frozen=True)
class StepError:
    """The backward error of one step (or one evaluation of a field).

    Attributes:
        worst, median: in ulp, relative to the magnitudes of the terms.
        where: the state of the worst, symbol name -> value.
        states: how many were measured.
        turned: at how many of them a condition was decided otherwise than in exact arithmetic.
        margin: the largest such condition, in ulp of the magnitude of its terms.
        underflowed: how many of these conditions are below the smallest normal number.
        skipped: states whose exact value is beyond the floating-point range.
    """

    worst: float
    median: float
    where: Mapping[str, float]
    states: int
    turned: int
    margin: float
    underflowed: int
    skipped: int


@dataclass(frozen=True)
class Decisions:
    """How a kernel decides the comparisons of a system: 1 or 0 each, in the kernel's arithmetic."""

    relations: tuple[Any, ...]
    decide: Callable[..., NDArray[np.bool_]] = field(repr=False, compare=False)


def decisions(system: Flow | Map, *, backend: str = "auto", dtype: Any = np.float64) -> Decisions:
    """Compile the comparisons of a system by themselves.

    Returns:
        Its comparisons, and ``decide(x, parameters, clock)``: states (..., n) -> (..., number of
        comparisons).
    """
    found = relations([branched(f) for f in system.rhs])
    if isinstance(system, Map):
        found = tuple(r for r in found if r.free_symbols & set(system.visible))
    clock = tick(system)
    arguments = [*system.state, *system.parameters, *([clock] if clock else [])]
    if not found:
        return Decisions((), lambda x, parameters, at=0.0: np.zeros((*np.shape(x)[:-1], 0), bool))
    told = [sp.Piecewise((1, r), (0, True)) for r in found]
    kernel = compile(told, arguments=arguments, backend=backend, dtype=dtype)

    def decide(x: Any, parameters: Mapping[Any, Any], at: Any = 0.0) -> NDArray[np.bool_]:
        columns = {s: np.asarray(x)[..., i] for i, s in enumerate(system.state)}
        own = {str(key): value for key, value in parameters.items()}
        given = {p: own[p.name] for p in system.parameters}
        return kernel({**columns, **given, **({clock: at} if clock else {})}) != 0

    return Decisions(found, decide)


def tick(system: Flow | Map) -> Symbol | None:
    """The time of a flow, the index of a map."""
    return system.time if isinstance(system, Flow) else system.index


def backward_error(
    system: Flow | Map,
    parameters: Mapping[Any, float] | None = None,
    *,
    backend: str = "auto",
    dtype: Any = np.float64,
    states: int = 300,
    seed: int = 0,
) -> StepError:
    r"""Measure one step of a map, or one evaluation of a field, over the whole domain.

    Args:
        system: the flow or map.
        parameters: name or symbol -> float; taken as exact.
        backend, dtype: of the kernel that is measured.
        states: how many to draw.
        seed: of the draws.

    Raises:
        KernelError: a parameter without a value, or one that is no float of this dtype.

    >>> x, y = sp.symbols("x y", real=True)
    >>> found = backward_error(Map((x, y), (x - y/8, y + x/8)), states=50)
    >>> 0 < found.worst <= 1, found.turned
    (True, 0)
    """
    kind = np.dtype(dtype)
    given = _constants(system, parameters or {}, kind)
    told = decisions(system, backend=backend, dtype=kind)
    points = domain(system, told, given, require_count(states, "states", 1), seed, kind)
    got = _computed(system, points, given, backend, kind)
    chosen = told.decide(points, given)
    measured = [
        _measure(system, told, given, x, g, tuple(map(bool, c)), kind)
        for x, g, c in zip(points, got, chosen, strict=True)
    ]
    return _summary(system, points, measured)


def _computed(
    system: Flow | Map,
    points: NDArray[Any],
    given: Mapping[str, float],
    backend: str,
    kind: np.dtype[Any],
) -> NDArray[Any]:
    if isinstance(system, Flow):
        return compile(system, backend=backend, dtype=kind).field(points, 0.0, given)
    return compile(system, backend=backend, dtype=kind).step(points, given)


@dataclass(frozen=True)
class _Measured:
    """One state: its error in ulp (None: beyond the range), and conditions decided otherwise."""

    error: float | None
    margins: tuple[float, ...]
    underflowed: int


def _summary(system: Flow | Map, points: NDArray[Any], measured: Sequence[_Measured]) -> StepError:
    errors = np.array([np.nan if m.error is None else m.error for m in measured])
    if np.isnan(errors).all():
        raise KernelError("every value is beyond the floating-point range; nothing was measured")
    worst = int(np.nanargmax(errors))
    where = {s.name: float(v) for s, v in zip(system.state, points[worst], strict=True)}
    margins = [margin for m in measured for margin in m.margins]
    return StepError(
        worst=float(errors[worst]),
        median=float(np.nanmedian(errors)),
        where=where,
        states=int((~np.isnan(errors)).sum()),
        turned=sum(bool(m.margins or m.underflowed) for m in measured),
        margin=max(margins, default=0.0),
        underflowed=sum(m.underflowed for m in measured),
        skipped=int(np.isnan(errors).sum()),
    )


def _measure(
    system: Flow | Map,
    told: Decisions,
    given: Mapping[str, float],
    x: NDArray[Any],
    got: NDArray[Any],
    chosen: tuple[bool, ...],
    kind: np.dtype[Any],
) -> _Measured:
    ulp, tiny = mpf(float(np.finfo(kind).eps)), float(np.finfo(kind).tiny)
    with mpmath.workdps(_DPS):
        place = place_of(system, given, x)
        margins, underflowed = [], 0
        for r, c in zip(told.relations, chosen, strict=True):
            if holds(r, place) != c:
                condition = sized(guard(r), place)
                if abs(condition.value) < tiny:
                    underflowed += 1
                else:
                    margins.append(float(abs(condition.value) / condition.magnitude / ulp))
        worst = 0.0
        for one, f in zip(got, branch(system, told.relations, chosen), strict=True):
            exact = sized(f, place)
            if exact.magnitude >= mpf(float(np.finfo(kind).max)) / 4:
                return _Measured(None, tuple(margins), underflowed)
            error = Comparison(float(one), exact.value, exact.magnitude, {}).error
            lost = tiny > abs(exact.value) and kind.itemsize == 4
            worst = max(worst, 0.0 if lost else float(error / ulp))
    return _Measured(worst, tuple(margins), underflowed)


def place_of(
    system: Flow | Map, given: Mapping[str, float], x: Iterable[Any], at: Any = 0
) -> dict[Symbol, Any]:
    """Numbers of the working precision for the symbols of a system."""
    place = {p: number(float(given[p.name])) for p in system.parameters}
    for s, v in zip(system.state, x, strict=True):
        place[s] = v if isinstance(v, mpf) else mpf(float(v))
    clock = tick(system)
    return place if clock is None else {**place, clock: mpf(at)}


def branch(system: Flow | Map, told: Sequence[Any], chosen: Sequence[bool]) -> tuple[Any, ...]:
    """The right-hand sides that rule where the comparisons turn out so."""
    truth = {r: sp.true if c else sp.false for r, c in zip(told, chosen, strict=True)}
    return tuple(branched(f).xreplace(truth) for f in system.rhs)


def domain(
    system: Flow | Map,
    told: Decisions,
    given: Mapping[str, float],
    count: int,
    seed: int,
    kind: np.dtype[Any],
) -> NDArray[Any]:
    """States (count, n) over the whole domain; every fourth has a zero, every fourth a tie."""
    draw, n = np.random.default_rng(seed), len(system.state)
    most = DECADES[kind.itemsize]
    reach = most * draw.choice([0.02, 0.2, 1.0, 1.65], size=(count, 1))
    spread = np.where(draw.random((count, 1)) < 0.5, 1.0, reach)
    middle = (reach - spread) * draw.uniform(-1, 1, (count, 1))
    exponents = middle + spread * draw.uniform(-1, 1, (count, n))
    x = draw.choice([-1.0, 1.0], size=(count, n)) * 10.0**exponents
    x = x.astype(kind).astype(np.float64)
    x[::4, :][np.arange(len(x[::4])), draw.integers(n, size=len(x[::4]))] = 0.0
    guards = [guard(r) for r in told.relations]
    for i in range(1, count, 4):
        if guards:
            x[i] = _tied(system, guards[draw.integers(len(guards))], given, x[i], draw)
    return x.astype(kind)


def _tied(
    system: Flow | Map, condition: Any, given: Mapping[str, float], x: Any, draw: Any
) -> NDArray[np.float64]:
    """The state with one coordinate moved to where a condition that is linear in it is zero."""
    which = int(draw.integers(len(x)))
    symbol = system.state[which]
    slope = diff(condition, symbol)
    if slope == 0 or symbol in slope.free_symbols:
        return x
    with mpmath.workdps(_DPS):
        place = place_of(system, given, x)
        rise = sized(slope, place).value
        place[symbol] = mpf(0)
        if rise:
            x[which] = float(-sized(condition, place).value / rise)
    return x


def _constants(
    system: Flow | Map, parameters: Mapping[Any, float], kind: np.dtype[Any]
) -> dict[str, float]:
    named = {str(key): value for key, value in parameters.items()}
    missing = [p.name for p in system.parameters if p.name not in named]
    if missing:
        raise KernelError(f"no value for {', '.join(missing)}; give one to each parameter")
    for name, value in named.items():
        if float(kind.type(value)) != value:
            raise KernelError(
                f"{name} = {value!r} is not a number of {kind}; give {float(kind.type(value))!r}"
            )
    return {name: float(value) for name, value in named.items()}
