"""What is distributed, installed outside the checkout, holds everything and works.

The wheel is built from the unpacked source distribution, as a packager would do it, so that one
build tests both. Nothing is downloaded: the build runs in this environment, and the installation
borrows its dependencies.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.engineering.sources import ROOT

BUILT_FROM = ("symgan", "proofs", "pyproject.toml", "README.md", "LICENSE", "THIRD_PARTY.md")

CLAIMS = ("annealed.eq4", "stability.key-lemma")  # papers whose figures are drawn in seconds

BUILD = """
import sys
from setuptools import build_meta
print(getattr(build_meta, "build_" + sys.argv[1])(sys.argv[2]))
"""


def run(*command: str | Path, cwd: Path) -> str:
    """The output of a command that must succeed, away from the checkout."""
    hidden = ("PYTHONPATH", "PYTHONHOME")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@dataclass(frozen=True)
class Distributions:
    """A source distribution, and the wheel built from it."""

    source: Path
    wheel: Path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Distributions:
    """Both, from a copy, so that the checkout stays clean."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("out")
    for name in BUILT_FROM:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
            shutil.copytree(ROOT / name, source / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, source / name)
    run(sys.executable, "-c", BUILD, "sdist", out, cwd=source)
    (packed,) = out.glob("symgan-*.tar.gz")
    with tarfile.open(packed) as archive:
        archive.extractall(out, filter="data")
    run(sys.executable, "-c", BUILD, "wheel", out, cwd=out / packed.name.removesuffix(".tar.gz"))
    (wheel,) = out.glob("symgan-*.whl")
    return Distributions(packed, wheel)


@pytest.fixture(scope="module")
def installed(built: Distributions, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel; it borrows our dependencies, not our checkout.

    A path file points at our site-packages. Path files inside that folder are not read,
    so the editable installation of the checkout is out of reach.
    """
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python)
    run(*pip, "install", "-q", "--no-deps", "--no-index", "--no-compile", built.wheel, cwd=folder)
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    purelib = Path(run(python, "-c", where, cwd=folder).strip())
    (purelib / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


def packaged() -> set[str]:
    """The files of both packages, as a wheel names them."""
    return {
        str(path.relative_to(base))
        for base, package in ((ROOT, "symgan"), (ROOT / "proofs", "symgan_papers"))
        for path in (base / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }


def test_the_wheel_holds_everything_and_nothing_else(built: Distributions) -> None:
    names = set(zipfile.ZipFile(built.wheel).namelist())
    assert "symgan/py.typed" in names
    assert any(name.startswith("symgan/report/templates/") for name in names)
    assert packaged() - names == set()
    foreign = {name for name in names if not name.startswith(("symgan/", "symgan_papers/"))}
    assert {name.split("/")[0].split("-")[0] for name in foreign} == {"symgan"}  # the dist-info


def test_the_source_distribution_has_its_pages(built: Distributions) -> None:
    with tarfile.open(built.source) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "README.md", "LICENSE", "THIRD_PARTY.md", "PKG-INFO"} <= names


def test_runs_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    """Claims of two papers by both routes; the papers' own tests take all of them."""
    where = run(
        installed / "bin" / "python",
        "-c",
        "import symgan, symgan_papers as p; print(symgan.__file__, p.__file__)",
        cwd=tmp_path,
    )
    assert all(path.startswith(str(installed)) for path in where.split())
    assert str(ROOT) not in where
    report = tmp_path / "report"
    once = ("--jobs", "1", "--no-cache")  # further processes would each compile all of symgan
    run(installed / "bin" / "symgan", "verify", *CLAIMS, *once, "--report", report, cwd=tmp_path)
    page = (report / "index.html").read_text(encoding="utf-8")
    assert [claim for claim in CLAIMS if claim not in page] == []
    assert "<math" in page


def test_a_new_paper_and_its_tests(installed: Path, tmp_path: Path) -> None:
    """``symgan new``, and the pytest plugin, which the wheel's entry point offers."""
    run(installed / "bin" / "symgan", "new", "mine", cwd=tmp_path)
    pytest_run = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "mine/claims.py")
    said = run(installed / "bin" / "python", *pytest_run, cwd=tmp_path)
    assert "3 passed" in said
