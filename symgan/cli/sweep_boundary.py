r"""The exact boundary of linear stability over the two parameters of a region's figure.

`step_bound` (of a map in its step) or `spectrum` (of a flow) gives an exact Boolean in the
parameters. It becomes a function that is positive where it holds and zero on its boundary: for
:math:`p < q` the difference :math:`q - p`, the least of these for *and*, the greatest for *or*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp

from symgan.errors import SymganError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from symgan.sweep.models import Model
    from symgan.sweep.sweep import Sweep
    from symgan.sweep.views import Grid

STEP = "eta"
SECONDS = 10.0
"""Processor time for a condition; a figure is drawn without it rather than late."""


class NoBoundary(SymganError):
    """Why no exact boundary can be drawn."""


def boundary(sweep: Sweep, grid: Grid) -> NDArray[np.float64]:
    """A function on the grid of a figure, zero where linear stability ends.

    Args:
        sweep: of one system, whose equilibrium is at 0.
        grid: over two parameters.

    Raises:
        NoBoundary: several systems, starts as axes, a system that analysis does not decide, or
            stability that does not change within the figure.
    """
    if len(sweep.models) != 1:
        raise NoBoundary("several systems share the figure")
    model = sweep.models[0]
    condition = _fixed(_condition(model), model, sweep)
    symbols = {s.name: s for s in model.system.parameters}
    if not set(grid.names) <= set(symbols):
        raise NoBoundary(f"{' and '.join(grid.names)} are not both parameters")
    x, y = (symbols[name] for name in grid.names)
    if left := condition.free_symbols - {x, y}:
        raise NoBoundary(f"stability depends on {', '.join(sorted(map(str, left)))} as well")
    values = dict(zip((x, y), np.meshgrid(grid.x, grid.y, indexing="ij"), strict=True))
    found = margin(condition, values)
    for symbol, value in values.items():
        if symbol.is_positive:
            found = np.where(value > 0, found, np.nan)
    inside = found[~np.isnan(found)] > 0
    if not inside.any() or inside.all():
        raise NoBoundary(f"linearly stable {'everywhere' if inside.any() else 'nowhere'} in it")
    most = np.abs(found[np.isfinite(found)]).max(initial=0.0) or 1.0
    return np.clip(found, -most, most)


def _condition(model: Model) -> Any:
    """The exact condition for linear stability at 0."""
    from symgan.analysis.spectrum import spectrum
    from symgan.analysis.step_bound import step_bound
    from symgan.results import Stability
    from symgan.system import Flow, Map

    system: Any = model.system
    rest = dict.fromkeys(system.state, sp.Integer(0))
    try:
        if isinstance(system, Flow):
            return spectrum(system, rest).condition(Stability.STABLE)
        step = next((p for p in system.parameters if p.name == STEP), None)
        if not isinstance(system, Map) or step is None:
            raise NoBoundary(f"{model.name!r} is no map with the step {STEP}")
        return step_bound(system, step, rest, budget=SECONDS).condition
    except SymganError as error:
        if isinstance(error, NoBoundary):
            raise
        raise NoBoundary(str(error)) from error


def _fixed(condition: Any, model: Model, sweep: Sweep) -> Any:
    """The condition with the value of every parameter that does not vary."""
    for symbol in model.system.parameters:
        column = np.unique(sweep.cells[symbol.name])
        if column.size == 1:
            condition = condition.subs(symbol, sp.Rational(float(column[0])))
    return condition


def margin(condition: Any, values: dict[Any, NDArray[np.float64]]) -> NDArray[np.float64]:
    """A function that is positive where a condition holds and negative where it does not.

    Equations, which hold on lines, count as never holding, and their negations as always.

    >>> a = sp.Symbol("a", real=True)
    >>> margin((a < 2) & sp.Ne(a, 0), {a: np.array([0.0, 1.0, 3.0])}).tolist()
    [2.0, 1.0, -1.0]
    """
    shape = np.shape(next(iter(values.values())))
    if isinstance(condition, sp.And | sp.Or):
        fold: Any = np.minimum if isinstance(condition, sp.And) else np.maximum
        return fold.reduce([margin(arg, values) for arg in condition.args])
    if isinstance(condition, sp.Not):
        return -margin(condition.args[0], values)
    if condition in (sp.true, sp.false) or isinstance(condition, sp.Eq | sp.Ne):
        holds = condition is sp.true or isinstance(condition, sp.Ne)
        return np.full(shape, np.inf if holds else -np.inf)
    if not isinstance(condition, sp.core.relational.Relational):
        raise NoBoundary(f"{type(condition).__name__} is no comparison")
    with np.errstate(all="ignore"):
        found = sp.lambdify(tuple(values), condition.gts - condition.lts, "numpy")(*values.values())
    return np.broadcast_to(np.asarray(found, dtype=float), shape)
