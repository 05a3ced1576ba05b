"""Figures of point sets: what is drawn is what was given, and nothing outside is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from symgan.errors import BadData
from symgan.report.figures import save
from symgan.report.point_sets import PointSet, point_sets

SQUARE = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])


def test_points_are_drawn_where_they_are() -> None:
    sample = np.array([[0.0, 0.5], [0.25, -0.5]])
    figure = point_sets([PointSet("a", SQUARE, sample, "W = 0.1"), PointSet("b", SQUARE + 5)])
    first, second = figure.axes
    drawn = [np.asarray(collection.get_offsets()) for collection in first.collections]
    np.testing.assert_array_equal(drawn[0], SQUARE)
    np.testing.assert_array_equal(drawn[1], sample)
    assert first.get_xlim() == first.get_ylim() == pytest.approx((-1.2, 1.2))
    assert second.get_xlim() == pytest.approx((3.8, 6.2))
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["a", "b"]
    assert [ax.texts[0].get_text() for ax in figure.axes] == ["W = 0.1", ""]


def test_points_outside_the_window_are_counted() -> None:
    sample = np.array([[0.0, 0.0], [1.3, 0.0], [0.0, -9.0], [1.19, 1.19]])
    (ax,) = point_sets([PointSet("a", SQUARE, sample)]).axes
    assert ax.texts[0].get_text() == "2 outside"


def test_panels_may_share_a_window() -> None:
    figure = point_sets([PointSet("a", SQUARE), PointSet("b", 2 * SQUARE)], shared=True, columns=1)
    assert [ax.get_xlim() for ax in figure.axes] == [pytest.approx((-2.4, 2.4))] * 2


def test_places_without_a_panel_stay_empty(tmp_path: Path) -> None:
    for name in ("one.png", "two.png"):
        figure = point_sets([PointSet(str(k), SQUARE) for k in range(5)], columns=3)
        assert [ax.axison for ax in figure.axes] == [True] * 5 + [False]
        save(figure, tmp_path / name)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: point_sets([]), "0 panels"),
        (lambda: point_sets([PointSet("a", SQUARE)], columns=0), "0 columns"),
        (lambda: point_sets([PointSet("a", SQUARE[:, :1])]), r"shape \(4, 1\)"),
        (lambda: point_sets([PointSet("a", SQUARE[:0])]), r"shape \(0, 2\)"),
        (lambda: point_sets([PointSet("a", SQUARE, SQUARE * np.nan)]), "4 points are not finite"),
    ],
)
def test_points_that_cannot_be_drawn_are_named(draw: Callable[[], object], words: str) -> None:
    with pytest.raises(BadData, match=words):
        draw()
