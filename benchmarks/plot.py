"""The figure, from the JSON alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

INK, PALE = "#1f3b57", "#9db4c8"
CURVE_COLORS = {"symgan JIT": "#b3421f", "C": "#1f3b57", "lambdify NumPy (cse)": "#7a8b99"}


def draw(results: Mapping[str, Any], path: Path) -> None:
    """Bars of processor time relative to C, a panel a case, and the scaling curves.

    Args:
        results: what `store.load` reads.
        path: where to; the suffix decides the format.
    """
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    cases = [case for case in results["cases"].values() if _timed(case)]
    curves = [curve for case in results["cases"].values() for curve in case.get("curves", ())]
    count = len(cases) + len(curves)
    if not count:
        raise ValueError("nothing was measured that could be drawn")
    rows = (count + 1) // 2
    figure, axes = plt.subplots(rows, 2, figsize=(13, 3.4 * rows), squeeze=False)
    panels = list(axes.flat)
    for axis, case in zip(panels, cases, strict=False):
        _bars(axis, case)
    for axis, curve in zip(panels[len(cases) :], curves, strict=False):
        _curve(axis, curve)
    for axis in panels[count:]:
        axis.set_axis_off()
    machine = results["machine"]
    figure.suptitle(
        f"{machine['cpu']}, {machine['cores']} cores, {machine.get('C instructions', '')}; "
        f"{results['mode']} run, {machine['date'][:10]}",
        fontsize=10,
    )
    figure.tight_layout(rect=(0, 0, 1, 0.985))
    path.parent.mkdir(parents=True, exist_ok=True)
    with plt.rc_context({"svg.fonttype": "none"}):  # letters as text: a tenth of their outlines
        figure.savefig(path, dpi=110, metadata={"Date": None} if path.suffix == ".svg" else None)
    plt.close(figure)


def _timed(case: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [row for row in case["rows"] if row["status"] == "ok" and row["cpu"]]


def _bars(axis: Any, case: Mapping[str, Any]) -> None:
    from matplotlib.ticker import NullFormatter

    rows = sorted(_timed(case), key=lambda row: median(row["cpu"]), reverse=True)
    base = [row for row in _timed(case) if row["name"].startswith("C")] or _timed(case)
    unit = median(base[0]["cpu"])
    values = [median(row["cpu"]) / unit for row in rows]
    low = [v - min(row["cpu"]) / unit for v, row in zip(values, rows, strict=True)]
    high = [max(row["cpu"]) / unit - v for v, row in zip(values, rows, strict=True)]
    colors = [INK if row["name"].startswith("symgan") else PALE for row in rows]
    places = range(len(rows))
    axis.barh(places, values, xerr=(low, high), color=colors, height=0.7, ecolor="#555555")
    axis.set_yticks(places, [row["name"] for row in rows], fontsize=7)
    axis.set_xscale("log")
    axis.set_xlim(min(values) / 3, max(values) * 6)
    axis.xaxis.set_minor_formatter(NullFormatter())
    axis.axvline(1, color="#888888", lw=0.8, ls=":")
    for place, value, up in zip(places, values, high, strict=True):
        axis.annotate(f" {value:.3g}", ((value + up) * 1.05, place), va="center", fontsize=7)
    axis.set_title(case["title"], fontsize=8)
    axis.set_xlabel(f"processor time / {base[0]['name']}", fontsize=8)
    axis.tick_params(axis="x", labelsize=7)


def _curve(axis: Any, curve: Mapping[str, Any]) -> None:
    from matplotlib.ticker import NullFormatter

    for name, values in curve["lines"].items():
        pairs = [(x, y) for x, y in zip(curve["x"], values, strict=True) if y is not None]
        if pairs:
            axis.plot(*zip(*pairs, strict=True), "o-", ms=3, label=name,
                      color=CURVE_COLORS.get(name))  # fmt: skip
    if curve["axis"] == "threads":
        axis.set_xticks(curve["x"])
        axis.set_ylim(bottom=0)
    else:
        axis.loglog()
        axis.xaxis.set_minor_formatter(NullFormatter())
        if len(curve["x"]) and curve["x"][-1] < 100 * curve["x"][0]:
            axis.set_xticks(curve["x"], [f"{x:,}" for x in curve["x"]])
    axis.set_title(curve["what"], fontsize=9)
    axis.set_xlabel(curve["axis"], fontsize=8)
    axis.set_ylabel(curve["unit"], fontsize=7)
    axis.tick_params(labelsize=7)
    axis.grid(alpha=0.25)
    if axis.get_legend_handles_labels()[0]:
        axis.legend(fontsize=7)
