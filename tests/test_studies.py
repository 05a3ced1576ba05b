"""Stored results of studies: no cell without a value, and files that say what they hold."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from symgan.data.studies import (
    Run,
    StudyResult,
    from_plain,
    plain,
    read_study,
    stored_studies,
    stored_study,
    write_study,
)
from symgan.errors import BadData, UnknownName

GRID: dict[str, Any] = {
    "gans": ("A", "B"),
    "datasets": ("ring",),
    "orders": ("sim", "alt1"),
    "seeds": (0, 4),
}


def filled(**changes: Any) -> StudyResult:
    sides = GRID | {k: v for k, v in changes.items() if k in GRID}
    keys = [
        (g, d, o, s)
        for g in sides["gans"]
        for d in sides["datasets"]
        for o in sides["orders"]
        for s in sides["seeds"]
    ]
    runs = {key: Run(0.1 + 0.01 * i, None, 0.5) for i, key in enumerate(keys)}
    runs[keys[1]] = Run(None, 17, None)
    own: dict[str, Any] = {"table": "table1", "settings": {"iterations": 9}, "runs": runs}
    own |= {"floors": {"ring": 0.02}, **sides, **changes}
    return StudyResult(**own)


def test_a_stored_study_reads_back_whole(tmp_path: Path) -> None:
    study = filled()
    path = write_study(study, tmp_path / "s.json")
    assert read_study(path) == study
    assert from_plain(plain(study)) == study
    assert [p.name for p in tmp_path.iterdir()] == ["s.json"]  # nothing is left beside it


def test_values_stand_where_the_file_says() -> None:
    data = plain(filled())
    place = ((1 * 1 + 0) * 2 + 0) * 2 + 1  # B, ring, sim, second seed: the last runs fastest
    assert data["values"][place] == filled().runs["B", "ring", "sim", 4].value
    assert data["diverged"][1] == 17
    assert data["values"][1] is None


def test_a_missing_cell_is_refused_with_its_name() -> None:
    runs = dict(filled().runs)
    del runs["B", "ring", "alt1", 0]
    with pytest.raises(BadData, match="1 of 8 cells have no value, B, ring, alt1, seed 0 first"):
        filled(runs=runs)


@pytest.mark.parametrize(
    ("run", "why"),
    [
        (Run(None), "neither a value nor an iteration of divergence"),
        (Run(math.nan), "has the value nan, which is no distance"),
        (Run(math.inf), "has the value inf, which is no distance"),
        (Run(-0.1), "has the value -0.1, which is no distance"),
    ],
)
def test_values_that_are_no_distances_are_refused(run: Run, why: str) -> None:
    with pytest.raises(BadData, match=why):
        filled(runs={**filled().runs, ("A", "ring", "sim", 0): run})


def test_a_value_of_no_cell_is_refused() -> None:
    with pytest.raises(BadData, match="belongs to no cell of the study: C, ring, sim, seed 0"):
        filled(runs={**filled().runs, ("C", "ring", "sim", 0): Run(0.1)})


@pytest.mark.parametrize(
    ("changes", "preliminary"),
    [
        ({}, False),
        ({"iterations": 29_999}, True),
        ({"seeds": (0, 1, 2, 3)}, True),
        ({"gans": tuple("ABCDEFG")}, True),
        ({"table": "table9"}, True),
    ],
)
def test_what_is_preliminary_follows_from_the_design(
    changes: dict[str, Any], preliminary: bool
) -> None:
    full: dict[str, Any] = {
        "gans": tuple("ABCDEFGH"),
        "datasets": ("ring", "circle", "spiral", "line"),
        "orders": ("sim", "alt1", "alt5", "dynamic"),
        "seeds": (0, 1, 2, 3, 4),
        "iterations": 30_000,
    }
    own = full | changes
    found = filled(settings={"iterations": own.pop("iterations")}, **own)
    assert found.preliminary is preliminary
    assert found.label.startswith("preliminary" if preliminary else "full design")


def test_a_diverged_member_ranks_behind_every_other() -> None:
    runs = filled().replicates("A", "ring", "sim")
    assert runs[1].ranked == math.inf
    assert runs[0].ranked < 1e9 < runs[1].ranked


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "cannot read a study from"),
        ("[]", "this is no stored study"),
        ('{"format": "other"}', "this is no stored study"),
        ('{"format": "symgan study 1"}', r"the stored study is damaged \('gans'\)"),
    ],
)
def test_files_of_another_kind_are_refused(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(BadData, match=why):
        read_study(path)


def test_lists_that_do_not_fit_the_grid_are_refused() -> None:
    data = json.loads(json.dumps(plain(filled())))
    data["values"].pop()
    with pytest.raises(BadData, match="the stored study is damaged"):
        from_plain(data)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadData, match=r"cannot write .*: No such file or directory; choose"):
        write_study(filled(), tmp_path / "no" / "x.json")


def test_unknown_studies_list_the_known() -> None:
    with pytest.raises(UnknownName, match="no study is called 'x'; studies: "):
        stored_study("x")


def test_every_stored_study_is_whole_and_says_what_it_is() -> None:
    for name in stored_studies():
        study = stored_study(name)
        assert replace(study) == study  # every check of the class again
        assert int(study.settings["iterations"]) > 0
