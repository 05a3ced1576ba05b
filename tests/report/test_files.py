"""Report folders: complete, whole files, and never somebody else's folder."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from symgan.claims.model import Ledger
from symgan.errors import BadData
from symgan.report import files
from symgan.report.files import MARKER, prepare_folder, write_bytes, write_report
from symgan.report.pictures import Picture


def names(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}


def test_folder_holds_everything_and_the_marker_lists_it(
    ledger: Ledger, square: Picture, tmp_path: Path
) -> None:
    folder = tmp_path / "deep" / "report"
    written = write_report(ledger, folder, [square])
    assert names(folder) == {
        MARKER,
        "index.html",
        "ledger.tex",
        "ledger.json",
        "figures/square.svg",
        "figures/square.pdf",
        "certificates/annealed.eq11.json",
        "certificates/annealed.eq15.json",
        "certificates/annealed.eq17.integration-constant.json",
        "certificates/annealed.fig1c.amplitude.json",
        "certificates/annealed.hostile-%5Bbold%5D-name.json",
    }
    listed = set(json.loads((folder / MARKER).read_text())["files"])
    assert listed == names(folder) - {MARKER}
    assert {str(p.relative_to(folder)) for p in written} == listed
    certificate = json.loads((folder / "certificates/annealed.eq11.json").read_text())
    assert [e["certificate"] for e in certificate["evidence"]] == [
        {"zero": "K - K"},
        {"digits": 50},
    ]


def test_a_later_report_replaces_the_earlier_one_and_leaves_other_files(
    ledger: Ledger, harmless: Ledger, square: Picture, tmp_path: Path
) -> None:
    write_report(ledger, tmp_path, [square])
    (tmp_path / "notes.txt").write_text("mine")
    write_report(Ledger(harmless.entries[:1]), tmp_path)
    assert names(tmp_path) == {
        MARKER,
        "index.html",
        "ledger.tex",
        "ledger.json",
        "notes.txt",
        "certificates/annealed.eq11.json",
    }


def test_a_foreign_folder_is_refused_and_untouched(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("mine")
    with pytest.raises(BadData, match="is not empty and is not a symgan report"):
        write_report(ledger, tmp_path)
    assert names(tmp_path) == {"index.html"}
    assert (tmp_path / "index.html").read_text() == "mine"


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "report").write_text("")
    with pytest.raises(BadData, match=r"cannot write a report to .*report"):
        prepare_folder(tmp_path / "report")
    with pytest.raises(BadData, match="cannot write a report to"):
        prepare_folder(tmp_path / "report" / "inside")


def test_an_unwritable_folder_is_refused_before_any_work(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Permissions do not bind a superuser, so the refusal of the system is put in place.
    def refuse(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    def worked(*args: object) -> None:
        raise AssertionError("rendered before the folder was tried")

    monkeypatch.setattr(files.tempfile, "NamedTemporaryFile", refuse)
    monkeypatch.setattr(files, "_contents", worked)
    with pytest.raises(BadData, match="Permission denied; choose a folder"):
        write_report(ledger, tmp_path)


def test_a_failure_half_way_loses_nothing_and_can_be_mended(
    ledger: Ledger, harmless: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_report(ledger, tmp_path)
    before = {name: (tmp_path / name).read_bytes() for name in names(tmp_path) - {MARKER}}
    original = Path.replace

    def full(self: Path, target: Path) -> Path:
        if target.name == "ledger.json":
            raise OSError(28, "No space left on device")
        return original(self, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(BadData, match=r"cannot write .*ledger\.json: No space left on device"):
        write_report(harmless, tmp_path)
    monkeypatch.undo()
    assert {n: (tmp_path / n).read_bytes() for n in names(tmp_path) - {MARKER}} == before
    write_report(harmless, tmp_path)
    assert "certificates/annealed.hostile-%5Bbold%5D-name.json" not in names(tmp_path)


def test_a_marker_cannot_make_us_delete_outside(harmless: Ledger, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("mine")
    folder = tmp_path / "report"
    folder.mkdir()
    listed = ["../outside.txt", str(outside), "gone.html"]
    (folder / MARKER).write_text(json.dumps({"files": listed}))
    (folder / "gone.html").write_text("old")
    write_report(harmless, folder)
    assert outside.read_text() == "mine"
    assert not (folder / "gone.html").exists()


def test_a_damaged_marker_is_named(harmless: Ledger, tmp_path: Path) -> None:
    (tmp_path / MARKER).write_text("{")
    with pytest.raises(BadData, match="cannot be read; delete it"):
        write_report(harmless, tmp_path)


def test_a_failed_write_keeps_the_old_file_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "x.json"
    write_bytes(target, b"old")

    def fail(_: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(BadData, match="Input/output error"):
        write_bytes(target, b"new")
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == {"x.json"}
