"""The figure of a study of images: every member's own, on the scale of the data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from symgan.cli.study_figures import available, put
from symgan.cli.study_images import data_points, images_figure, times_figure
from symgan.empirical.study.presets import preset
from symgan.empirical.study.results import Samples
from symgan.errors import BadData
from symgan.report.studies import Mosaic, mosaics
from tests.empirical.study.made import small


def stored() -> Samples:
    """Twenty gray images a member, member k's of the number k/10; the second has diverged."""
    design = preset("smoke", "table2").at(
        gans=("WGAN", "R2-GP"), orders=("sim", "alt1"), seeds=(4, 7)
    )
    count = len(design.members)
    points = np.zeros((count, 3, 20, 64), dtype=np.float32)
    points += np.arange(count, dtype=np.float32)[:, None, None, None] / 10
    points[:, :2] = -1  # earlier snapshots
    points[1, 2] = np.nan
    return Samples(design, points)


def drawn(figure: Any) -> list[Any]:
    """The mosaic of every panel, or the words in it."""
    return [
        np.asarray(ax.images[0].get_array())
        if ax.images
        else [text.get_text() for text in ax.texts]
        for ax in figure.axes
    ]


def test_each_panel_holds_the_images_of_its_member_at_the_end() -> None:
    samples = stored()
    study = samples.study
    figure = images_figure(samples, seed=7)
    panels, columns = drawn(figure), len(study.orders) + 1
    assert len(panels) == len(study.gans) * columns
    for i, gan in enumerate(study.gans):
        assert figure.axes[i * columns].get_ylabel() == gan
        for j, order in enumerate(study.orders):
            wanted = samples.of(gan, "digits", order, 7)[-1, 0, 0]
            panel = panels[i * columns + j]
            if np.isnan(wanted):
                assert panel == ["diverged"]
            else:
                assert panel[:8, :8] == pytest.approx(np.full((8, 8), wanted))
                assert panel[-8:, -8:] == pytest.approx(np.full((8, 8), wanted))
    assert [ax.get_title(loc="center") for ax in figure.axes[:columns]] == [
        "Sim",
        "Alt 1",
        "digits",
    ]
    assert "preliminary" in figure.get_suptitle()


def test_another_seed_shows_other_members() -> None:
    first, second = (drawn(images_figure(stored(), seed=seed)) for seed in (4, 7))
    assert sum(p == ["diverged"] for p in (*first, *second) if isinstance(p, list)) == 1
    assert not np.array_equal(first[3], second[3])


def test_all_panels_have_the_scale_of_the_data() -> None:
    figure = images_figure(stored())
    data = drawn(figure)[2]
    scales = {image.get_clim() for ax in figure.axes for image in ax.images}
    assert scales == {(float(data.min()), float(data.max()))}


def test_what_is_missing_is_told_apart() -> None:
    samples = stored()
    done = np.ones(len(samples.study.members), dtype=bool)
    done[1] = False
    for found, words in ((samples, "diverged"), (replace(samples, done=done), "not there yet")):
        panels = [p for seed in (4, 7) for p in drawn(images_figure(found, seed=seed))]
        assert [p for p in panels if isinstance(p, list)] == [[words]]


def plain() -> Samples:
    """Of the plain GAN, real digits of one kind first, and all kinds in the end."""
    design = preset("smoke", "table2").at(
        gans=("Unsat. BCE", "WGAN"), orders=("sim", "alt1"), seeds=(4,)
    )
    real = data_points(design, "digits", 4)[:500].astype(np.float32)
    points = np.empty((len(design.members), design.snapshots, *real.shape), dtype=np.float32)
    points[:, :-1], points[:, -1] = real[0], real
    return Samples(design, points)


def test_figure_4_shows_the_first_snapshot_and_the_last() -> None:
    samples = plain()
    figure = times_figure(samples)
    panels, real = drawn(figure), samples.points[0, -1].reshape(-1, 8, 8)
    assert [ax.get_ylabel() for ax in figure.axes[::3]] == ["50 iterations", "300 iterations"]
    for order in range(2):
        early, late = panels[order], panels[3 + order]
        assert np.array_equal(early[:8, 9:17], real[0])
        assert np.array_equal(late[:8, 9:17], real[1])
    told = [ax.get_xlabel() for ax in figure.axes]
    assert told == [*["1 of 10 digits"] * 2, *["10 of 10 digits"] * 4]
    assert list(available(samples.study)) == ["images", "figure4"]
    with pytest.raises(BadData, match=r"shows Unsat\. BCE, which the study does not train"):
        times_figure(stored())


def test_it_is_offered_where_it_can_be_drawn(tmp_path: Path) -> None:
    samples = stored()
    assert list(available(samples.study)) == ["images"]
    put("images", samples, tmp_path / "images.png")
    assert (tmp_path / "images.png").read_bytes().startswith(b"\x89PNG")
    plane = Samples(small(), np.zeros((len(small().members), 3, 5, 2), dtype=np.float32))
    assert "images" not in available(plane.study)
    with pytest.raises(BadData, match="one data set of gray images; the study has another"):
        images_figure(plane)
    with pytest.raises(BadData, match="trains no WGAN on digits in the order sim, seed 5"):
        images_figure(replace(samples), seed=5)


def test_rows_with_other_columns_are_refused() -> None:
    image = Mosaic(np.zeros((1, 2, 2)))
    for table in ({}, {"a": {}}, {"a": {"x": image}, "b": {"y": image}}):
        with pytest.raises(BadData, match="the same columns in each of its rows"):
            mosaics(table, (0.0, 1.0), title="")
