"""Figures 1 and 2 of the GMM-GAN: what is drawn, recomputed by plain arithmetic."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from symgan_papers.gmm import figure1_panels, figure2_panels
from symgan_papers.gmm.figure1_panels import EDGE

from symgan.report.pictures import Picture


@cache
def first() -> tuple[figure1_panels.Panel, ...]:
    return figure1_panels.panels()


@cache
def second() -> tuple[figure2_panels.Panel, ...]:
    return figure2_panels.panels()


@cache
def drawn() -> tuple[Picture, Picture]:
    return figure1_panels.figure(), figure2_panels.figure()


def density(x: float, means: tuple[float, float]) -> float:
    return sum(math.exp(-((x - m) ** 2) / 2) for m in means) / math.sqrt(8 * math.pi)


def excess(x: float, truth: tuple[float, float], means: tuple[float, float]) -> float:
    return density(x, truth) - density(x, means)


@pytest.mark.parametrize("which", [0, 1])
def test_the_figures_are_drawn_in_all_formats(which: int) -> None:
    found = drawn()[which]
    assert found.name == f"figure-{which + 1}"
    assert found.files["png"].startswith(b"\x89PNG")
    assert found.files["pdf"].startswith(b"%PDF")
    assert "<svg" in found.svg
    assert "  " not in found.caption


@pytest.mark.parametrize(("index", "clamped"), [(0, False), (1, False), (3, True)])
def test_first_order_panels_follow_the_printed_updates(index: int, clamped: bool) -> None:
    """Equations (9) to (11) from each drawn state to the next, written out once more."""
    panel = first()[index]
    for t in range(0, len(panel.means) - 1, 7):
        means = (float(panel.means[t, 0]), float(panel.means[t, 1]))
        left, right = panel.left[t], panel.right[t]
        for j, mean in enumerate(means):
            pull = sum(
                math.exp(-((r - mean) ** 2) / 2) - math.exp(-((el - mean) ** 2) / 2)
                for el, r in zip(left, right, strict=True)
            ) / math.sqrt(8 * math.pi)
            # Some thirty operations on numbers below 4.
            assert panel.means[t + 1, j] == pytest.approx(mean - pull / 10, abs=1e-14)
        for i in (0, 1):
            low = left[i] - excess(left[i], (-0.5, 0.5), means) / 10
            high = right[i] + excess(right[i], (-0.5, 0.5), means) / 10
            if clamped and low > high:
                low = high = (low + high) / 2
            assert panel.left[t + 1, i] == pytest.approx(low, abs=1e-14)
            assert panel.right[t + 1, i] == pytest.approx(high, abs=1e-14)


def test_panels_show_what_their_titles_say() -> None:
    a, b, c, d = first()
    assert abs(a.means[-1] - [-0.5, 0.5]).max() < 0.05
    assert abs(b.means[-1, 0] - b.means[-1, 1]) < 0.02 < 1 < abs(b.means[0, 0] - b.means[0, 1])
    assert abs(c.means[60:] - [-0.5, 0.5]).max() < 0.02
    assert (d.means[-1] == d.means[-2]).all()
    assert abs(d.means[-1] - [-0.5, 0.5]).max() > 0.5


def test_the_optimal_discriminator_covers_where_the_truth_is_denser() -> None:
    panel = first()[2]
    for t in (0, 50, 60, 80, 81):
        means = (float(panel.means[t, 0]), float(panel.means[t, 1]))
        pairs = [p for p in zip(panel.left[t], panel.right[t], strict=True) if p[0] == p[0]]
        for x in np.linspace(-EDGE, EDGE, 97):
            away = min(abs(x - e) for pair in pairs for e in pair)
            inside = any(low <= x <= high for low, high in pairs)
            # Within a thousandth of an end rounding may decide.
            assert away < 1e-3 or inside == (excess(x, (-0.5, 0.5), means) > 0)


def test_the_discriminator_flips_at_every_late_step() -> None:
    panel = first()[2]
    leftmost = panel.left[80:, 0] == -EDGE
    assert (leftmost[1:] != leftmost[:-1]).all()
    assert not (panel.left[:40, 0] == -EDGE).any()


def test_figure_2_shows_the_collapses_of_its_caption() -> None:
    widths = [[high - low for low, high in panel.intervals] for panel in second()]
    assert [[w > 0 for w in pair] for pair in widths] == [
        [True, True],
        [True, True],
        [False, True],
        [False, False],
        [False, False],
    ]


@pytest.mark.parametrize("index", range(5))
def test_figure_2_draws_the_difference_of_the_densities(index: int) -> None:
    panel = second()[index]
    x = np.array([-3.0, -0.5, 0.0, 1.25, 4.0])
    expected = [excess(float(v), (-2.0, 2.0), panel.means) for v in x]
    np.testing.assert_allclose(figure2_panels.difference(x, panel.means), expected, atol=1e-15)


def test_figure_2_covers_positive_segments_in_panel_b_alone() -> None:
    a, b, *_ = second()

    def lowest(panel: figure2_panels.Panel) -> float:
        return min(
            excess(x, (-2.0, 2.0), panel.means)
            for low, high in panel.intervals
            for x in np.linspace(low + 1e-9, high - 1e-9, 50)
        )

    assert lowest(b) > -1e-9  # F vanishes at the ends
    assert lowest(a) < -0.05
