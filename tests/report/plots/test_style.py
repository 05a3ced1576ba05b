"""What all figures share: same bytes, no global state, apart without color."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from sympy import Rational

from symgan.games.quadratic import bilinear, quadratic
from symgan.report import style
from symgan.report.figures import save
from symgan.report.plots import distance_to_equilibrium, path_angle, phase_portrait
from symgan.report.plots.look import exact, joined
from symgan.rules import named


def luminance(color: str) -> float:
    """Relative luminance of a color, 0 to 1."""
    r, g, b = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return 0.2126 * r**2.2 + 0.7152 * g**2.2 + 0.0722 * b**2.2


def test_the_same_figure_is_the_same_file_and_nothing_stays_changed(tmp_path: Path) -> None:
    before, pyplot = dict(mpl.rcParams), "matplotlib.pyplot" in sys.modules
    plain: dict[str, Any] = {"field": "none", "nullclines": False, "size": (2.0, 2.0), "rest": []}
    figures = [phase_portrait(bilinear(), starts=[at], **plain) for at in [(1, 0), (1, 0), (1, 1)]]
    for suffix in ("svg", "pdf"):
        for i, figure in enumerate(figures):
            save(figure, tmp_path / f"{i}.{suffix}")
        one, same, other = ((tmp_path / f"{i}.{suffix}").read_bytes() for i in range(3))
        assert one == same != other
    assert dict(mpl.rcParams) == before
    assert ("matplotlib.pyplot" in sys.modules) == pyplot


def test_lines_differ_without_their_color() -> None:
    looks = [style.series(i) for i in range(28)]
    assert len(set(looks)) == 28
    figure = path_angle(quadratic(1, 2, 1), [(1, 0.5), (1, -0.5), (0.5, 1), (-1, 1)])
    lines = [line for line in figure.axes[0].lines if "from" in str(line.get_label())]
    assert len({str(line.get_linestyle()) for line in lines}) == 4
    assert len({line.get_color() for line in lines}) == 4


def test_nullclines_and_orbits_differ_without_their_color() -> None:
    rules = {n: named(n)(bilinear(), Rational(1, 5)) for n in ("simultaneous", "extragradient")}
    figure = phase_portrait(bilinear(), starts=[(1, 0)], follow=rules, steps=3, field="none")
    lines = {str(line.get_label()): line for line in figure.axes[0].lines}
    seen = {
        (str(lines[name].get_linestyle()), str(lines[name].get_marker()))
        for name in (*rules, r"$\dot{\theta} = 0$", r"$\dot{\psi} = 0$")
    }
    assert len(seen) == 4


def test_text_on_figures_can_be_read() -> None:
    """At least 4.5 to 1 against white, as WCAG 2.1 asks of text."""
    assert 1.05 / (luminance(style.INK) + 0.05) > 4.5
    assert 1.05 / (luminance("#9aa5b1") + 0.05) < 4.5  # the field is lighter, and holds no text


def test_every_figure_names_its_axes_and_keeps_its_legend_off_them() -> None:
    rules = {
        n: named(n)(quadratic(1, 2, 1), Rational(1, 5)) for n in ("simultaneous", "optimistic")
    }
    figure = distance_to_equilibrium(rules, (1, 1), steps=40, title="A title")
    figure.savefig(io.BytesIO(), format="png")
    (ax,) = figure.axes
    assert ax.get_xlabel()
    assert ax.get_ylabel()
    box, legend = ax.get_window_extent(), figure.legends[0].get_window_extent()
    assert legend.y1 <= box.y0
    whole = figure.bbox
    for part in (ax.get_tightbbox(), legend):
        assert part is not None
        assert whole.x0 <= part.x0
        assert part.x1 <= whole.x1
        assert whole.y0 <= part.y0
        assert part.y1 <= whole.y1


def test_pieces_of_streamlines_are_joined_without_loss() -> None:
    line = np.cumsum(np.ones((6, 2)), axis=0)
    pieces = [line[i : i + 2] for i in range(5)]
    (whole,) = joined(pieces)
    np.testing.assert_array_equal(whole, line)
    assert len(joined([pieces[0], pieces[2]])) == 2


def test_exact_numbers_are_written_out_where_they_are_short() -> None:
    assert exact(Rational(2, 5)) == "$2 / 5$"
    assert exact(Rational(1, 1009)).endswith("≈ 0.000991")
    assert exact(-Rational(1, 1009)).endswith("≈ −0.000991")
