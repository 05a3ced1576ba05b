"""The folder of a site: whole files, nobody else's files, and no pages that no longer exist."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from symgan.claims.model import Ledger
from symgan.errors import BadData
from symgan.report import files
from symgan.report.files import MARKER, write_folder, write_report
from symgan.report.pictures import Picture
from symgan.report.site import write_site


def held(folder: Path) -> dict[str, bytes]:
    """Name -> content of every file but the marker."""
    found = (p for p in folder.rglob("*") if p.is_file() and p.name != MARKER)
    return {str(p.relative_to(folder)): p.read_bytes() for p in found}


def test_the_marker_lists_what_was_written(ledger: Ledger, square: Picture, tmp_path: Path) -> None:
    written = write_site(ledger, tmp_path, figures={"annealed": (square,)})
    listed = json.loads((tmp_path / MARKER).read_text())["files"]
    assert set(listed) == set(held(tmp_path)) == {str(p.relative_to(tmp_path)) for p in written}
    assert listed == sorted(listed)
    assert written[-1] == tmp_path / "index.html"


def test_a_second_run_changes_nothing_and_touches_nothing(ledger: Ledger, tmp_path: Path) -> None:
    write_site(ledger, tmp_path)
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*.html")}
    write_site(ledger, tmp_path)
    assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*.html")} == before


def test_pages_that_no_longer_exist_go_and_files_of_the_user_stay(
    ledger: Ledger, harmless: Ledger, square: Picture, tmp_path: Path
) -> None:
    write_site(ledger, tmp_path, figures={"annealed": (square,)})
    (tmp_path / "claims" / "notes.txt").write_text("mine")
    write_site(Ledger(harmless.entries[:1]), tmp_path)
    assert set(held(tmp_path)) == {
        *("index.html", "style.css", "ledger.json", "papers/annealed.html"),
        *("claims/annealed.eq11.html", "claims/notes.txt", "evidence/annealed.eq11.json"),
    }
    assert not (tmp_path / "figures").exists()  # no empty folders are left


def test_the_single_page_and_the_site_replace_one_another(harmless: Ledger, tmp_path: Path) -> None:
    write_report(harmless, tmp_path)
    write_site(harmless, tmp_path)
    assert not (tmp_path / "ledger.tex").exists()
    write_report(harmless, tmp_path)
    assert not (tmp_path / "claims").exists()
    assert "As printed" in (tmp_path / "index.html").read_text()


def test_a_folder_that_holds_something_else_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(BadData, match="is not empty and is not a symgan report"):
        write_site(ledger, tmp_path)
    assert held(tmp_path) == {"thesis.tex": b"mine"}


def test_a_users_file_in_the_way_is_not_overwritten(ledger: Ledger, tmp_path: Path) -> None:
    write_site(Ledger(()), tmp_path)
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "annealed.html").write_text("mine")
    before = held(tmp_path)
    with pytest.raises(BadData, match=r"annealed\.html is not from an earlier report; move it"):
        write_site(ledger, tmp_path)
    assert held(tmp_path) == before


@pytest.mark.parametrize("stop", [0, 1, 6])
def test_an_interruption_leaves_whole_pages_and_the_next_run_mends_the_rest(
    stop: int, harmless: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    one, other = Ledger(harmless.entries[:3]), Ledger(harmless.entries[2:5])
    write_site(one, old)
    write_site(other, new)
    before, after = held(old), held(new)
    original, calls = Path.replace, iter(range(1000))

    def replace(self: Path, target: Path) -> Path:
        if next(calls) == stop:
            raise KeyboardInterrupt
        return original(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(KeyboardInterrupt):
        write_site(other, old)
    monkeypatch.undo()
    for name, content in held(old).items():
        assert content in (before.get(name), after.get(name)), name
    write_site(other, old)
    assert held(old) == after


def test_nothing_is_written_where_rendering_fails(
    harmless: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from symgan.report.site import write

    def fail(_: object) -> Iterator[tuple[str, bytes]]:
        yield "index.html", b"half"
        raise BadData("a certificate is no plain data")

    monkeypatch.setattr(write, "pages", fail)
    with pytest.raises(BadData, match="plain data"):
        write_site(harmless, tmp_path)
    assert held(tmp_path) == {}


def test_a_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> tuple[int, str]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.tempfile, "mkstemp", full)
    with pytest.raises(BadData, match="No space left on device; choose a place"):
        write_folder(tmp_path, {"a.html": b""})
