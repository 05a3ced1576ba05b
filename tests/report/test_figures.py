"""Figures: what is drawn is what was given, and the same figure is the same file."""

from __future__ import annotations

import builtins
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
import sympy as sp

from symgan.errors import BadData, MissingExtra
from symgan.report.figures import Panel, annealed_figure, picture, save, trajectory

TIMES = np.linspace(0, 20, 200)
SERIES = {"theta": 3 - 2 * np.cos(TIMES), "psi": -2 * np.sin(TIMES), "alpha": 3 + 0 * TIMES}


def panel(**changes: Any) -> Panel:
    fields = {"title": "(a)", "times": TIMES, "series": SERIES, "center": sp.Integer(3)}
    return Panel(**{**fields, "amplitude": 2 * sp.sqrt(2), **changes})


def test_trajectory_draws_the_states_it_was_given() -> None:
    states = np.stack([SERIES["theta"], SERIES["psi"]], axis=1)
    (axes,) = trajectory(TIMES, states, ["theta", "psi"], title="flow").axes
    drawn = {str(line.get_label()): np.asarray(line.get_ydata()) for line in axes.lines}
    np.testing.assert_array_equal(drawn[r"$\theta$"], SERIES["theta"])
    np.testing.assert_array_equal(drawn[r"$\psi$"], SERIES["psi"])
    assert axes.get_title(loc="left") == "flow"


def test_center_and_band_are_the_exact_ones() -> None:
    figure = annealed_figure([panel()] * 4)
    for axes in figure.axes:
        (band,) = axes.collections
        box = band.get_datalim(axes.transData)
        # Doubles of exact values; one rounding in the sum.
        assert (box.y0, box.y1) == pytest.approx((3 - 8**0.5, 3 + 8**0.5), rel=1e-15)
        assert any(np.all(np.asarray(line.get_ydata()) == 3) for line in axes.lines)
        assert r"$\theta$: center $3$, amplitude $2 \sqrt{2}$ ≈ 2.83" in axes.texts[0].get_text()


def test_center_may_move_in_time_and_amplitude_may_be_absent() -> None:
    t = sp.Symbol("t", nonnegative=True)
    axes = annealed_figure([panel(center=1 + t / 2, amplitude=None)] * 4).axes[0]
    assert not axes.collections
    center = np.asarray(axes.lines[-1].get_ydata(), dtype=float)
    np.testing.assert_allclose(center, 1 + TIMES / 2, rtol=1e-15)  # two roundings


@pytest.mark.parametrize(
    ("panels", "why"),
    [
        ([panel()] * 3, "four panels"),
        ([panel(series={"theta": TIMES[:-1]})] * 4, "series theta has shape"),
        ([panel(center=sp.Symbol("K"))] * 4, "center K holds K"),
        ([panel(amplitude=sp.sqrt(-2))] * 4, "amplitude .* is not real"),
    ],
)
def test_bad_panels_are_refused_by_name(panels: list[Panel], why: str) -> None:
    with pytest.raises(BadData, match=why):
        annealed_figure(panels)


def test_states_that_do_not_fit_their_names_are_refused() -> None:
    with pytest.raises(BadData, match="do not fit 3 names"):
        trajectory(TIMES, np.zeros((200, 2)), ["x", "y", "z"])


def test_pictures_are_the_same_bytes_for_the_same_data() -> None:
    one, two = (picture("f", "caption", annealed_figure([panel()] * 4)) for _ in range(2))
    assert one == two
    other = picture("f", "caption", annealed_figure([panel(amplitude=sp.Integer(1))] * 4))
    assert other.svg != one.svg
    assert ET.fromstring(one.svg).tag.endswith("svg")
    assert one.files["pdf"].startswith(b"%PDF")
    assert one.files["png"].startswith(b"\x89PNG")
    assert "<script" not in one.svg


def test_drawing_leaves_matplotlib_as_it_was() -> None:
    before = dict(mpl.rcParams)
    picture("f", "caption", trajectory(TIMES, np.zeros((200, 1)), ["x"]))
    assert dict(mpl.rcParams) == before


def test_labels_that_mathtext_cannot_set_are_shown_as_text() -> None:
    strange = sp.Piecewise((sp.Integer(1), sp.Symbol("t") < 1), (sp.Integer(2), True))
    figure = annealed_figure([panel(center=strange)] * 4)
    assert "Piecewise" in figure.axes[0].texts[0].get_text()
    assert picture("f", "", figure).svg


def test_save_follows_the_suffix_and_refuses_others(tmp_path: Path) -> None:
    figure = trajectory(TIMES, np.zeros((200, 1)), ["x"])
    save(figure, tmp_path / "f.png")
    assert (tmp_path / "f.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(BadData, match=r"f\.bmp; end its name in one of: \.svg, \.pdf, \.png"):
        save(figure, tmp_path / "f.bmp")


def test_without_matplotlib_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.split(".")[0] == "matplotlib":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtra, match=r"pip install 'symgan\[plot\]'"):
        trajectory(TIMES, np.zeros((200, 1)), ["x"])
