r"""Figures through matplotlib: time series with exact centers and amplitudes on them.

What is drawn comes in as arrays and expressions; nothing is computed here but the
values of those expressions. No global state stays changed: figures are built without
pyplot, inside a settings context that restores what it finds.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sympy import Expr, Symbol, fraction, lambdify, sympify

from symgan.errors import BadData, MissingExtra
from symgan.report import style
from symgan.report.expressions import expression
from symgan.report.files import write_bytes
from symgan.report.pictures import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Without dates and versions the same figure is the same file.
_METADATA: dict[str, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": "symgan"},
    "pdf": {"CreationDate": None, "Creator": "symgan", "Producer": "symgan"},
    "png": {"Software": "symgan"},
}


@dataclass(frozen=True)
class Panel:
    r"""One panel of a figure: measured series and the exact oscillation to hold them to.

    Attributes:
        title: what the panel shows.
        times: shape (n,).
        series: name -> values, shape (n,) each.
        center: the exact center of the series named in `of`; constant, or in ``t``.
        amplitude: its exact amplitude; None where nothing bounded remains.
        note: a few words behind the annotation.
        of: the series that the center and amplitude belong to.
    """

    title: str
    times: ArrayLike
    series: Mapping[str, ArrayLike]
    center: Expr | None = None
    amplitude: Expr | None = None
    note: str = ""
    of: str = "theta"


def trajectory(
    times: ArrayLike,
    states: ArrayLike,
    names: Sequence[str],
    *,
    title: str = "",
    label: str = "t",
) -> Figure:
    """Time series of a trajectory, one line a state symbol.

    Args:
        times: shape (n,).
        states: shape (n, number of names).
        names: SymPy names of the state symbols.
        title: heading of the figure; plain text.
        label: name of the horizontal axis.

    Raises:
        BadData: the shapes do not fit.
        MissingExtra: matplotlib is not installed.
    """
    table = np.asarray(states, dtype=float)
    if table.ndim != 2 or table.shape[1] != len(names):
        raise BadData(
            f"states of shape {table.shape} do not fit {len(names)} names; give one column a name"
        )
    panel = Panel(title, times, dict(zip(names, table.T, strict=True)))
    with settings():
        figure, axes = canvas((6.4, 3.6), 1, 1)
        _draw(axes[0], panel)
        axes[0].set_xlabel(math_label(Symbol(label)))
        _legend(figure, axes)
    return figure


def annealed_figure(panels: Sequence[Panel]) -> Figure:
    """Figure 1 of the annealed paper, redrawn: four panels, exact center and amplitude.

    Each panel shows its series, a line at the exact center and a band of the exact
    amplitude around it, both written out above it.

    Args:
        panels: four, in the order (a) to (d).

    Raises:
        BadData: not four panels, shapes that do not fit, a center that is not real.
        MissingExtra: matplotlib is not installed.
    """
    if len(panels) != 4:
        raise BadData(f"the figure has four panels, (a) to (d), not {len(panels)}")
    with settings():
        figure, axes = canvas((8.2, 6.2), 2, 2)
        for ax, panel in zip(axes, panels, strict=True):
            _draw(ax, panel)
        for ax in axes[2:]:
            ax.set_xlabel(math_label(Symbol("t")))
        _legend(figure, axes)
    return figure


def picture(name: str, caption: str, figure: Figure) -> Picture:
    """A figure as plain data, as SVG, PDF and PNG; the same figure gives the same bytes."""
    files = {suffix: _rendered(figure, suffix) for suffix in ("pdf", "png")}
    return Picture(name, caption, _rendered(figure, "svg").decode(), files)


def format_of(path: Path) -> str:
    """The format that the suffix of a file names: svg, pdf or png.

    Raises:
        BadData: another suffix.

    >>> format_of(Path("map.PNG"))
    'png'
    """
    suffix = path.suffix.removeprefix(".").lower()
    if suffix not in _METADATA:
        known = ", ".join(f".{name}" for name in _METADATA)
        raise BadData(f"cannot write a figure to {path.name}; end its name in one of: {known}")
    return suffix


def save(figure: Figure, path: Path) -> None:
    """Write a figure whole, in the format its suffix names: svg, pdf or png.

    Raises:
        BadData: another suffix, or a place that cannot be written.
    """
    suffix = format_of(path)
    write_bytes(path, _rendered(figure, suffix))


@contextmanager
def settings() -> Iterator[None]:
    """Our settings over matplotlib's defaults, whatever the user's own file says."""
    try:
        import matplotlib as mpl
    except ImportError:
        raise MissingExtra("matplotlib", "plot", "drawing a figure") from None
    defaults = {k: v for k, v in mpl.rcParamsDefault.items() if k not in _UNTOUCHED}
    ours: Any = {**defaults, **style.RC}
    with mpl.rc_context(ours):
        yield


_UNTOUCHED = frozenset({"backend", "backend_fallback", "interactive", "toolbar", "timezone"})


def canvas(size: tuple[float, float], rows: int, columns: int) -> tuple[Figure, list[Axes]]:
    """An empty figure of a size in inches with rows x columns axes; call it inside `settings`."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, dpi=150, layout="constrained")
    return figure, list(np.ravel(figure.subplots(rows, columns, squeeze=False)))


def _draw(ax: Axes, panel: Panel) -> None:
    times = np.asarray(panel.times, dtype=float)
    for index, (name, values) in enumerate(panel.series.items()):
        array = np.asarray(values, dtype=float)
        if array.shape != times.shape or times.ndim != 1:
            raise BadData(
                f"panel {panel.title!r}: series {name} has shape {array.shape}, the times "
                f"{times.shape}; give as many values as times"
            )
        look = style.line(name, index)
        ax.plot(times, array, color=look.color, linestyle=look.dash, label=math_label(Symbol(name)))
    if panel.center is not None:
        _mark(ax, panel, times)
    above = _annotation(panel)
    ax.set_title(panel.title, fontweight="bold", pad=21 if above else 6)
    ax.text(0, 1.025, above, transform=ax.transAxes, va="bottom", fontsize=8.5, color="#3d4a5c")
    ax.margins(x=0)


def _mark(ax: Axes, panel: Panel, times: NDArray[np.float64]) -> None:
    color = style.line(panel.of, 0).color
    center = _values(panel, "center", panel.center, times)
    ax.plot(times, center, color="#3d4a5c", linewidth=0.9, zorder=1.5)
    if panel.amplitude is not None:
        amplitude = _values(panel, "amplitude", panel.amplitude, times)
        ax.fill_between(
            times,
            center - amplitude,
            center + amplitude,
            color=color,
            alpha=style.BAND,
            linewidth=0,
        )


def _annotation(panel: Panel) -> str:
    name = math_label(Symbol(panel.of))
    parts = []
    if panel.center is not None:
        parts.append(f"{name}: center {_exact(panel.center)}")
    if panel.amplitude is not None:
        parts.append(f"amplitude {_exact(panel.amplitude)}")
    return ", ".join([*parts, panel.note] if panel.note else parts)


def _exact(value: Expr) -> str:
    """The exact value, with its first digits where it is an irrational number."""
    value = sympify(value)
    above, below = fraction(value)
    if value.is_number and not value.is_rational:
        exact = (
            f"{math_label(above)} / {below}"
            if below.is_Integer and below != 1
            else math_label(value)
        )
        return f"{exact} ≈ {float(value):.3g}"
    return math_label(value)


def _values(panel: Panel, what: str, value: Any, times: NDArray[np.float64]) -> NDArray[np.float64]:
    value = sympify(value)
    free = sorted(value.free_symbols, key=str)
    if [str(symbol) for symbol in free] not in ([], ["t"]):
        raise BadData(
            f"panel {panel.title!r}: the {what} {value} holds {', '.join(map(str, free))}; give "
            "values to all symbols but t"
        )
    found = np.broadcast_to(lambdify(free or [Symbol("t")], value, "numpy")(times), times.shape)
    if np.iscomplexobj(found):
        raise BadData(f"panel {panel.title!r}: the {what} {value} is not real")
    return np.asarray(found, dtype=float)


def math_label(value: Expr) -> str:
    """A mathtext label; expressions that mathtext cannot set are shown as text."""
    from matplotlib.mathtext import MathTextParser

    label = f"${expression(value)}$"
    try:
        MathTextParser("path").parse(label)
    except ValueError:
        return str(value).replace("$", r"\$")
    return label


def _legend(figure: Figure, axes: Sequence[Axes]) -> None:
    handles: dict[str, Any] = {}
    for ax in axes:
        for handle, name in zip(*ax.get_legend_handles_labels(), strict=True):
            handles.setdefault(name, handle)
    figure.legend(handles.values(), handles.keys(), loc="outside lower center", ncols=len(handles))


def _rendered(figure: Figure, suffix: str) -> bytes:
    buffer = io.BytesIO()
    with settings():
        figure.savefig(buffer, format=suffix, metadata=_METADATA[suffix])
    return buffer.getvalue()
