"""Tables and figures of studies: labels, places, marks; nothing that the data do not say."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from symgan.cli.study_figures import available, ranks_figure, samples_figure, write
from symgan.data.studies import StudyResult
from symgan.empirical.study.analysis import Analysis, analyze
from symgan.empirical.study.design import DATASETS, GANS
from symgan.empirical.study.plain import plain
from symgan.empirical.study.presets import preset
from symgan.empirical.study.printed import compare
from symgan.empirical.study.results import Samples
from symgan.empirical.study.tables import latex, markdown
from symgan.errors import BadData
from symgan.report.figures import save
from symgan.report.studies import Block, Dot, Row, rank_dots, sample_blocks
from tests.empirical.study.made import result, small


def value(gan: str, data: str, order: str, seed: int) -> float:
    """alt1 before sim before dynamic before alt5, which loses two of three seeds on the line."""
    if (order, data) == ("alt5", "line") and seed > 0:
        return math.inf
    return 0.01 * (1 + ("alt1", "sim", "dynamic", "alt5").index(order)) + 0.001 * seed


def study(**changes: Any) -> StudyResult:
    return result(value, **changes)


@pytest.fixture(scope="module")
def found() -> Analysis:
    return analyze(study())


def test_what_is_preliminary_says_so_in_every_output(found: Analysis) -> None:
    outputs = {
        "markdown": markdown(found, compare(found)),
        "latex": latex(found),
        "json": json.dumps(plain(found)),
        "figure": ranks_figure(found).get_suptitle(),
    }
    assert all("preliminary: 100 iterations, 3 seeds" in text for text in outputs.values())
    whole = result(value, gans=GANS, datasets=DATASETS, seeds=range(5), iterations=30_000)
    assert "preliminary" not in markdown(analyze(whole))


def test_each_cell_stands_with_its_interval_its_losses_and_the_printed_value(
    found: Analysis,
) -> None:
    text = markdown(found, compare(found))
    line = next(row for row in text.splitlines() if row.startswith("| WGAN | Alt 5"))
    ring, lost = line.split(" | ")[2:4]
    assert ring == "0.0410 [0.0400, 0.0420]; printed .0433"
    assert lost.startswith("diverged [0.0400, diverged] (2 of 3 diverged); printed .0393")
    best = next(row for row in text.splitlines() if row.startswith("| WGAN | Alt 1"))
    assert "**0.0110** [0.0100, 0.0120]" in best
    assert text.count("**") == 2 * 4  # one best order in each of four pairs


def test_latex_marks_first_and_second_and_balances(found: Analysis) -> None:
    text = latex(found, compare(found))
    assert text.count(r"\textbf{0.0110}") == text.count(r"\underline{0.0210}") == 4
    assert text.count("{") == text.count("}")
    rows = [line for line in text.splitlines() if line.endswith(r"\\")]
    assert {line.count(" & ") for line in rows} == {3}  # GAN, order, two data sets
    assert not re.search(r"(?<!\\)[%_#]", text)


def test_json_is_plain_and_marks_what_diverged(found: Analysis) -> None:
    data = plain(found, compare(found))
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    cells = {(c["gan"], c["dataset"], c["order"]): c for c in data["cells"]}
    lost = cells["WGAN", "line", "alt5"]
    assert (lost["median"], lost["diverged"], lost["interval"]["high"]) == (None, 2, None)
    assert data["ranks"]["all"]["average ranks"] == {
        "sim": 2.0,
        "alt1": 1.0,
        "alt5": 4.0,
        "dynamic": 3.0,
    }
    assert data["printed"]["values"][0]["printed"] == ".0341"


def test_settings_are_listed_in_the_table(found: Analysis) -> None:
    assert "| iterations | 100 |" in markdown(found)


def test_the_dots_of_a_figure_are_the_average_ranks(found: Analysis) -> None:
    figure = ranks_figure(found, compare(found))
    axes = figure.axes[0]
    dots = [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "o"]
    assert dots == [2.0, 1.0, 4.0, 3.0]
    printed = [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "D"]
    assert printed == [2.0, 3.5, 2.0, 2.5]  # WGAN 1 3 2 4, SN-GAN 3 4 2 1
    assert [tick.get_text() for tick in axes.get_yticklabels()] == [
        "Sim",
        "Alt 1",
        "Alt 5",
        "Dynamic",
    ]


def stored(gan: str = "Unsat. BCE") -> Samples:
    design = small(gans=(gan,), datasets=("spiral", "circle"), seeds=(4,))
    points = np.zeros((len(design.members), 3, 5, 2), dtype=np.float32)
    points += np.arange(len(design.members), dtype=np.float32)[:, None, None, None] / 10
    points[0, 2] = np.nan
    return Samples(design, points)


def test_a_figure_of_samples_shows_each_member_and_says_what_diverged() -> None:
    figure = samples_figure("figure3", stored())
    assert len(figure.axes) == 2 * 2 * 3
    assert [ax.get_title(loc="center") for ax in figure.axes[:3]] == ["100", "200", "300"]
    texts = [[t.get_text() for t in ax.texts] for ax in figure.axes]
    assert texts[2] == ["diverged"]
    assert sum(t == ["diverged"] for t in texts) == 1
    third = figure.axes[2 * 3].lines[1].get_xdata()  # the circle in the first order
    assert third == pytest.approx([0.2] * 5, abs=1e-7)  # float32
    assert figure.axes[0].get_ylabel() == "spiral\nSim"


def test_a_figure_of_samples_says_what_is_preliminary_and_what_is_not_there_yet() -> None:
    """An unfinished member has no points; it has not diverged."""
    whole = stored()
    members = len(whole.study.members)
    done = np.arange(members) != 0
    points = whole.points.copy()
    points[0] = np.nan
    figure = samples_figure("figure3", Samples(whole.study, points, done))
    texts = [[t.get_text() for t in ax.texts] for ax in figure.axes]
    assert texts[:3] == [["not there yet"]] * 3
    assert not any("diverged" in row for row in texts)
    assert "preliminary: 300 iterations, 1 seeds" in figure.get_suptitle()
    design = preset("full")
    full = Samples(design, np.zeros((0, 6, 5, 2), dtype=np.float32))
    assert full.label == "full design: 30000 iterations, 5 seeds"


def test_pictures_are_small_and_keep_their_colors(tmp_path: Path) -> None:
    from PIL import Image

    write(samples_figure("figure3", stored()), tmp_path / "f.png")
    save(samples_figure("figure3", stored()), tmp_path / "g.png")  # its layout is its first
    sizes = [(tmp_path / name).stat().st_size for name in ("f.png", "g.png")]
    assert sizes[0] < 0.7 * sizes[1]
    few, every = (
        np.asarray(Image.open(tmp_path / name).convert("RGB"), dtype=int)
        for name in ("f.png", "g.png")
    )
    assert few.shape == every.shape
    for color in ((255, 255, 255), (0xD5, 0x5E, 0x00), (0x1F, 0x3F, 0x66)):
        there = (every == color).all(axis=-1)
        assert there.any()
        assert (few[there] == color).all()
    assert np.abs(few - every).max() < 64  # shades at edges, of 255


def test_figures_need_their_members() -> None:
    assert list(available(stored().study)) == ["figure3"]
    assert list(available(stored("WGAN").study)) == []
    with pytest.raises(BadData, match=r"the study trains no Unsat\. BCE on spiral"):
        samples_figure("figure3", stored("WGAN"))
    with pytest.raises(BadData, match=r"trains no Unsat\. BCE on spiral in the order sim, seed 9"):
        samples_figure("figure3", stored(), seed=9)
    with pytest.raises(BadData, match="no figure is called 'figure9'; figures: figure3"):
        samples_figure("figure9", stored())


def test_points_outside_the_frame_are_counted() -> None:
    target = np.array([[1.0, 0.0], [0.0, 1.0]])
    points = np.array([[[0.0, 0.0], [9.0, 0.0], [0.1, 0.0], [0.0, 0.2]]])
    figure = sample_blocks([Block("t", target, [Row("r", points)])], ["1"], title="")
    assert [t.get_text() for t in figure.axes[0].texts] == ["25% outside"]
    with pytest.raises(BadData, match="rows with 2 snapshots each"):
        sample_blocks([Block("t", target, [Row("r", points)])], ["1", "2"], title="")


def test_figures_without_ranks_are_refused(tmp_path: Path) -> None:
    for panels in ({}, {"a": []}):
        with pytest.raises(BadData, match="panels with at least one rank each"):
            rank_dots(panels, title="")
    save(rank_dots({"a": [Dot("x", 1.0, 1.0, 1.5)]}, title="t"), tmp_path / "f.png")
    assert (tmp_path / "f.png").read_bytes().startswith(b"\x89PNG")
