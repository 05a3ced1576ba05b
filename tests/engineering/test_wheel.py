"""The wheel, installed outside the checkout, holds everything and verifies a paper."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.engineering.sources import ROOT

BUILT_FROM = ("symgan", "proofs", "pyproject.toml", "README.md", "LICENSE", "THIRD_PARTY.md")

CLAIMS = (
    *("annealed.eq15", "dynamic.eq8", "stability.key-lemma.not-optimal"),
    *("survey.consensus.sign", "gmm.eq2"),
)


def run(*command: str | Path, cwd: Path) -> str:
    """The output of a command that must succeed, away from the checkout."""
    hidden = ("PYTHONPATH", "PYTHONHOME")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy, so that the checkout stays clean."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in BUILT_FROM:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
            shutil.copytree(ROOT / name, source / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, source / name)
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    run(*pip, "wheel", ".", "--no-deps", "--no-build-isolation", "-q", "-w", out, cwd=source)
    (built,) = out.glob("symgan-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel; it borrows our dependencies, not our checkout.

    A path file points at our site-packages. Path files inside that folder are not read,
    so the editable installation of the checkout is out of reach.
    """
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python)
    run(*pip, "install", "-q", "--no-deps", "--no-index", wheel, cwd=folder)
    purelib = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))",
                  cwd=folder).strip()  # fmt: skip
    (Path(purelib) / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


def test_contents(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    expected = {
        str(path.relative_to(base))
        for base, package in ((ROOT, "symgan"), (ROOT / "proofs", "symgan_papers"))
        for path in (base / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }
    assert "symgan/py.typed" in names
    assert any(name.startswith("symgan/report/templates/") for name in names)
    assert expected - names == set()
    foreign = {name for name in names if not name.startswith(("symgan/", "symgan_papers/"))}
    assert {name.split("/")[0].split("-")[0] for name in foreign} == {"symgan"}  # the dist-info


def test_runs_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    where = run(
        installed / "bin" / "python",
        "-c",
        "import symgan, symgan_papers as p; print(symgan.__file__, p.__file__)",
        cwd=tmp_path,
    )
    assert all(path.startswith(str(installed)) for path in where.split())
    assert str(ROOT) not in where


def test_verifies_claims(installed: Path, tmp_path: Path) -> None:
    """One claim of every paper, by both routes; the papers' own tests take all of them."""
    report = tmp_path / "report"
    run(installed / "bin" / "symgan", "verify", *CLAIMS, "--report", report, cwd=tmp_path)
    page = (report / "index.html").read_text(encoding="utf-8")
    assert [claim for claim in CLAIMS if claim not in page] == []
    assert "<math" in page
