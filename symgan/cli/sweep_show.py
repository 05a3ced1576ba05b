"""What a store holds, in the terminal and as a figure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from symgan.cli.console import output, say
from symgan.errors import BadData
from symgan.sweep import tasks
from symgan.sweep.basins import Basins
from symgan.sweep.bifurcation import Tail
from symgan.sweep.exponents import Exponents
from symgan.sweep.flows import FAILED
from symgan.sweep.growth import OUTCOMES, Growth
from symgan.sweep.layout import ATTRIBUTE, DONE
from symgan.sweep.mixture import EXPERIMENT as MIXTURES
from symgan.sweep.store import document, read, settings
from symgan.sweep.thresholds import together
from symgan.sweep.views import coordinates, finished, gridded, only, varied

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

HIDDEN = ("variables", "experiment", "cells", "digest", "map", "document")
Rows = Iterator[tuple[str, str]]


def show_store(store: Path, figure: Path | None = None) -> None:
    """Print what a store holds, and draw it where that is asked for.

    Raises:
        BadData: there is no store, or its sweep has no figure of this kind.
        MissingExtra: matplotlib is not installed.
    """
    kept, data = settings(store), read(store)
    marks = data[DONE].to_numpy()
    console = output()
    for name, value in kept.items():
        if name not in HIDDEN:
            console.print(f"{name:<14} {value}", soft_wrap=True, markup=False)
    console.print(f"{'chunks done':<14} {int(marks.sum())} of {marks.size}")
    if marks.any():
        console.print()
        _results(console, store, kept, data)
    if figure is not None:
        if kept["experiment"] == MIXTURES:
            raise BadData("maps of mixtures are drawn by symgan figures gmm; leave --figure out")
        from symgan.report.figures import save

        save(draw(store), figure)


def _results(console: Any, store: Path, kept: dict[str, Any], data: xr.Dataset) -> None:
    if kept["experiment"] == MIXTURES:
        from symgan.sweep.outcomes import outcomes, shares

        console.print(_shares(shares(outcomes(store))))
        return
    _, measure = _declared(store)
    done = finished(data)
    rows = [*_ROWS[type(measure)](measure, done), *_lost_rows(done)]
    width = max(len(name) for name, _ in rows)
    for name, text in rows:
        console.print(f"{name:<{width}}  {text}", soft_wrap=True, markup=False)


def draw(store: Path) -> Figure:
    """The figure of a store.

    Raises:
        BadData: nothing is done, or its cells are no line or grid.
        MissingExtra: matplotlib is not installed.
    """
    sweep, measure = _declared(store)
    data = finished(read(store))
    return _FIGURES[type(measure)](measure, data, "; ".join(m.name for m in sweep.models)[:70])


def _declared(store: Path) -> tuple[Any, Any]:
    sweep: Any = tasks.read(document(store))
    return sweep, sweep.measure


def _basin_rows(measure: Basins, data: xr.Dataset) -> Rows:
    yield from _counts(data["basin"].to_numpy(), measure.names)


def _growth_rows(measure: Growth, data: xr.Dataset) -> Rows:
    yield from _counts(data["outcome"].to_numpy(), OUTCOMES)
    told = data["ratio"].to_numpy()
    rate = measure.rate(told[np.isfinite(told)])
    if rate.size:
        yield "rate", f"{rate.min():.6g} to {rate.max():.6g}, of orbits that did not leave"


def _tail_rows(measure: Tail, data: xr.Dataset) -> Rows:
    left, found = data["left"].to_numpy() >= 0, data["period"].to_numpy()
    yield "escaped", _share(left)
    for p in np.unique(found[~left]).tolist():
        name = f"period {p}" if p else f"no period up to {measure.keep // 2}"
        yield name, _share((found == p) & ~left)


def _exponent_rows(measure: Exponents, data: xr.Dataset) -> Rows:
    del measure
    values = data["exponents"].to_numpy()
    largest = values[:, 0]
    yield "on a switching surface", _share(data["touched"].to_numpy() > 0)
    yield "escaped", _share(data["left"].to_numpy() > 0)
    known = largest[~np.isnan(largest)]
    if known.size:
        yield "first exponent > 0", _share(largest > 0)
        yield "first exponent", f"{known.min():.6g} to {known.max():.6g}"
        drift = np.abs(data["drift"].to_numpy()[:, 0])
        yield (
            "drift of its halves",
            f"up to {np.nanmax(np.where(np.isfinite(drift), drift, 0)):.2g}",
        )


def _lost_rows(data: xr.Dataset) -> Rows:
    """Trajectories of flows that were not followed to their end."""
    from symgan.kernels.trajectories import REASONS

    codes = data[FAILED].to_numpy() if FAILED in data else np.zeros(0)
    for code in np.unique(codes[codes > 0]).tolist():
        yield f"not followed: {REASONS[code].partition(';')[0]}", _share(codes == code)


def _counts(codes: Any, names: tuple[str, ...]) -> Rows:
    for code, name in enumerate(names):
        yield name, _share(codes == code)


def _share(happened: Any) -> str:
    return f"{int(np.sum(happened))} of {len(happened)} ({np.mean(happened):.1%})"


def _two(data: xr.Dataset, without: tuple[str, ...] = ()) -> tuple[str, str]:
    names = [name for name in varied(data) if name not in without]
    if len(names) < 2:
        raise BadData("a map needs two coordinates that vary; sweep over two")
    one, other = (name for name in coordinates(data) if name in names[:2])
    return one, other


def _one(data: xr.Dataset, without: tuple[str, ...] = ()) -> str:
    names = [name for name in varied(data) if name not in without]
    if not names:
        raise BadData("a diagram needs a coordinate that varies; sweep over one")
    return names[0]


def _draw_basins(measure: Basins, data: xr.Dataset, title: str) -> Figure:
    from symgan.report.sweeps import category_map

    grid = gridded(data, _two(data), data["basin"].to_numpy(), only)
    names = dict(enumerate(measure.names))
    return category_map(grid.x, grid.y, grid.values, names, labels=grid.names, title=title)


def _draw_growth(measure: Growth, data: xr.Dataset, title: str) -> Figure:
    from symgan.cli.sweep_boundary import NoBoundary, boundary
    from symgan.report.sweeps import OUTCOME_COLORS, category_map

    del measure
    sweep = _sweep(data)
    grid = gridded(data, _two(data, sweep.models[0].visible), data["outcome"].to_numpy(), together)
    try:
        exact = boundary(sweep, grid)
    except NoBoundary as reason:
        say(f"no exact boundary in the figure: {reason}")
        exact = None
    return category_map(
        *(grid.x, grid.y, grid.values, dict(enumerate(OUTCOMES))),
        labels=grid.names,
        title=title,
        colors=OUTCOME_COLORS,
        exact=exact,
    )


def _draw_tail(measure: Tail, data: xr.Dataset, title: str) -> Figure:
    from symgan.report.sweeps import bifurcation

    del measure
    name = _one(data, _state(data))
    shown = str(data["coordinate"].to_numpy()[0])
    tails = data["tail"].to_numpy()[..., 0]
    return bifurcation(data[name].to_numpy(), tails, labels=(name, shown), title=title)


def _draw_exponents(measure: Exponents, data: xr.Dataset, title: str) -> Figure:
    from symgan.report.sweeps import exponent_lines, heat_map

    del measure
    values = data["exponents"].to_numpy()
    if len(varied(data)) > 1:
        grid = gridded(data, _two(data), values[:, 0], np.mean)
        meaning = "largest Lyapunov exponent"
        return heat_map(
            grid.x, grid.y, grid.values, labels=grid.names, title=title, meaning=meaning
        )
    name = _one(data)
    order = np.argsort(data[name].to_numpy())
    return exponent_lines(data[name].to_numpy()[order], values[order], label=name, title=title)


def _state(data: xr.Dataset) -> tuple[str, ...]:
    """Coordinates that are starts: visible symbols of the models."""
    return _sweep(data).models[0].visible


def _sweep(data: xr.Dataset) -> Any:
    return tasks.read(data.attrs[ATTRIBUTE]["document"])


_ROWS: dict[type, Callable[[Any, xr.Dataset], Rows]] = {
    Basins: _basin_rows,
    Growth: _growth_rows,
    Tail: _tail_rows,
    Exponents: _exponent_rows,
}
_FIGURES: dict[type, Callable[[Any, xr.Dataset, str], Figure]] = {
    Basins: _draw_basins,
    Growth: _draw_growth,
    Tail: _draw_tail,
    Exponents: _draw_exponents,
}


def _shares(found: Any) -> Any:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("unequal initial means")
    for heading in ("runs", "share", "95 % interval"):
        table.add_column(heading, justify="right")
    for name, row in found.items():
        interval = f"{row.interval.low:.4f} to {row.interval.high:.4f}"
        table.add_row(
            name, f"{row.count} of {row.trials}", f"{row.count / row.trials:.4f}", interval
        )
    return table
