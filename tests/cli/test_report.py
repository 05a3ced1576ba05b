"""``symgan report``: pages, exit codes, and what happens when things go wrong."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

import pytest

from tests.cli import samples
from tests.cli.command import CACHE, environment, inside
from tests.report.site_tree import Page, broken

TITLED = samples.SOUND + (
    '\nTITLE = "Squares & more"\n'
    'FINDINGS = (("Too bold by half.", ("note.square",)), ("Unseen.", ("note.gone",)))\n'
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, source in {
        "sound": samples.SOUND,
        "titled": TITLED,
        "surprising": samples.SURPRISING,
        "raising_claim": samples.RAISING_CLAIM,
        "raising_file": samples.RAISING_FILE,
        "lax": samples.LAX,
        "slow": samples.SLOW,
        "odd": samples.SOUND + "\nFINDINGS = (1, 2)\n",
    }.items():
        (tmp_path / f"{name}.py").write_text(source)
    return tmp_path


def front(folder: Path, name: str = "site") -> str:
    return Page((folder / name / "index.html").read_text("utf-8")).text


def test_a_claims_file_becomes_a_site(folder: Path) -> None:
    found = inside("report", "titled.py", "--out", "site", cwd=folder)
    assert found.code == 0, found.err
    assert "2 claims" in found.out
    assert "wrote site/index.html" in found.err
    assert max(map(len, found.out.splitlines())) <= 80
    assert broken(folder / "site") == []
    assert "Report on Squares & more" in front(folder)
    assert "Too bold by half." not in front(folder)  # the claim is proved
    assert (folder / "site" / "claims" / "note.square.html").is_file()
    page = Page((folder / "site" / "claims" / "note.square.html").read_text("utf-8")).text
    assert "titled.py:square" in page
    assert "symgan verify titled.py" in page
    assert not (folder / "site" / "atlas.html").exists()


def test_a_surprise_exits_with_1_and_is_on_the_front_page(folder: Path) -> None:
    found = inside("report", "surprising.py", "--out", "site", cwd=folder)
    assert found.code == 1
    assert "Not as expected" in front(folder)


def test_raising_claims_and_files_exit_with_5_and_the_rest_is_written(folder: Path) -> None:
    arguments = ("report", "raising_file.py", "raising_claim.py", "--out", "site")
    found = inside(*arguments, cwd=folder)
    assert found.code == 5
    assert "raising_file.py raised RuntimeError: half a file" in found.err
    assert "note.broken: note.broken" not in found.err
    assert "note.broken raised ValueError: no such lemma" in found.err
    assert "1 ERROR" in front(folder)


def test_mutants_are_made_and_shown(folder: Path) -> None:
    found = inside("report", "lax.py", "--out", "site", "--mutate", cwd=folder)
    assert found.code == 1
    assert "Survivors are defects of a check" in front(folder)


def test_the_atlas_is_computed_only_where_it_is_asked_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, bool]] = []

    def cells(jobs: int, no_cache: bool) -> tuple[()]:
        asked.append((jobs, no_cache))
        return ()

    monkeypatch.setattr(import_module("symgan.cli.report"), "_cells", cells)
    assert inside("report", "sound.py", "--out", "site", cwd=folder).code == 0
    assert inside("report", "sound.py", "--out", "site", "--no-atlas", cwd=folder).code == 0
    assert asked == []
    arguments = ("--out", "site", "--atlas", "--jobs", "1", "--no-cache")
    assert inside("report", "sound.py", *arguments, cwd=folder).code == 0
    assert asked == [(1, True)]


def test_a_folder_that_holds_something_else_is_refused_before_any_work(folder: Path) -> None:
    (folder / "thesis").mkdir()
    (folder / "thesis" / "main.tex").write_text("mine")
    found = inside("report", "raising_file.py", "--out", "thesis", cwd=folder)
    assert found.code == 5
    assert "is not empty and is not a symgan report" in found.err
    assert "raised" not in found.err
    assert [path.name for path in (folder / "thesis").iterdir()] == ["main.tex"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("nosuch",), 2, "nosuch"),
        (("missing.py",), 5, "does not exist"),
        (("odd.py",), 5, "FINDINGS of note must be pairs"),
        (("sound.py", "--jobs", "-1"), 2, "jobs"),
    ],
)
def test_what_cannot_be_reported_is_named(
    folder: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    found = inside("report", *arguments, "--out", "site", cwd=folder)
    assert found.code == code
    assert said in found.err
    assert not (folder / "site" / "index.html").exists()


def test_without_pdflatex_the_pdf_is_refused_before_any_work(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    found = inside("report", "raising_file.py", "--out", "site", "--pdf", cwd=folder)
    assert found.code == 3
    assert "a PDF needs pdflatex" in found.err
    assert "raised" not in found.err


@pytest.mark.external("latex")
def test_the_pdf_stands_beside_the_pages_and_goes_with_them(folder: Path) -> None:
    assert inside("report", "sound.py", "--out", "site", "--pdf", cwd=folder).code == 0
    assert (folder / "site" / "report.pdf").read_bytes().startswith(b"%PDF")
    assert "report.pdf" in front(folder)
    assert inside("report", "sound.py", "--out", "site", cwd=folder).code == 0
    assert not (folder / "site" / "report.pdf").exists()


def test_a_pdf_that_does_not_compile_leaves_its_log(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from symgan.report import pdf

    def fail(source: str) -> bytes:
        raise pdf.LatexError("pdflatex does not compile the report: Missing $", "l.5 the log")

    monkeypatch.setattr(pdf, "require_pdflatex", lambda: "pdflatex")
    monkeypatch.setattr(pdf, "compile_document", fail)
    found = inside("report", "sound.py", "--out", "site", "--pdf", cwd=folder)
    assert found.code == 5
    assert "Missing $; report.log in the folder says where" in found.err
    assert (folder / "site" / "report.log").read_text() == "l.5 the log"
    assert "report.tex" in front(folder)
    monkeypatch.undo()
    assert inside("report", "sound.py", "--out", "site", cwd=folder).code == 0


def test_an_interruption_leaves_the_earlier_report_as_it_was(folder: Path) -> None:
    assert inside("report", "sound.py", "--out", "site", cwd=folder).code == 0
    marker = folder / "site" / ".symgan-report"
    before = json.loads(marker.read_text())
    index = (folder / "site" / "index.html").read_bytes()
    run = subprocess.Popen(
        [sys.executable, "-m", "symgan.cli", "report", "slow.py", "--out", "site"],
        cwd=folder,
        env=environment() | {"SYMGAN_CACHE_DIR": str(folder / CACHE)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    started = folder / "reached"
    deadline = time.monotonic() + 60
    while not started.exists() and run.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    run.send_signal(signal.SIGINT)
    _, err = run.communicate(timeout=60)
    assert run.returncode == 130, err
    assert "interrupted; run it again to go on" in err
    assert "Traceback" not in err
    assert json.loads(marker.read_text()) == before
    assert (folder / "site" / "index.html").read_bytes() == index
