"""The gallery: its code runs, its pictures are there, and are what the code draws."""

from __future__ import annotations

import importlib.util
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from symgan.report.figures import save
from tests.engineering.sources import ROOT

FULL = bool(os.environ.get("SYMGAN_FULL"))
PAGE = (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8")
REDRAWN = "figures/angle.svg"
"""Compared with the file: small, and made of arithmetic without choices that rounding decides."""


def generator() -> Any:
    """The script beside the page, as a module."""
    spec = importlib.util.spec_from_file_location("make_gallery", ROOT / "docs" / "make_gallery.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_gallery"] = module  # its dataclass looks its module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def drawn() -> dict[str, Any]:
    """The figures of the page; one with a search for certificates in the full run only."""
    return dict(generator().figures(PAGE, lambda block: FULL or "certify" not in block.source))


def test_every_block_draws_its_picture(drawn: dict[str, Any]) -> None:
    named = set(re.findall(r"\((figures/[\w-]+\.svg)\)", PAGE))
    kept = {f"figures/{path.name}" for path in (ROOT / "docs" / "figures").glob("*.svg")}
    assert named == kept
    assert named - set(drawn) == (set() if FULL else {"figures/basins-certified.svg"})
    assert all(figure.axes for figure in drawn.values())


def parts(svg: str) -> tuple[str, list[float]]:
    """The text of an SVG without its numbers and identifiers, and the numbers."""
    plain = re.sub(r"[#\"](?:[a-z]\w{9,12}|DejaVu[\w-]+)[\")]", '"id"', svg)
    number = r"-?\d+(?:\.\d+)?(?:e-?\d+)?"
    return re.sub(number, "0", plain), [float(n) for n in re.findall(number, plain)]


def test_a_picture_is_what_the_code_draws(drawn: dict[str, Any], tmp_path: Path) -> None:
    save(drawn[REDRAWN], tmp_path / "fresh.svg")
    fresh = (tmp_path / "fresh.svg").read_text(encoding="utf-8")
    kept = (ROOT / "docs" / REDRAWN).read_text(encoding="utf-8")
    (form, numbers), (other, others) = parts(fresh), parts(kept)
    assert form == other
    # Points of 1/72 inch: another machine's last digits are invisible.
    assert numbers == pytest.approx(others, abs=2e-3)
    assert parts(fresh.replace("L 1", "L 9"))[1] != pytest.approx(others, abs=2e-3)


def test_pictures_have_words_for_those_who_do_not_see_them() -> None:
    assert all(len(words) > 20 for words in re.findall(r"!\[([^\]]*)\]", PAGE))
