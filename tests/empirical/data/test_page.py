"""docs/DATA.md says what the code does."""

from __future__ import annotations

import doctest
import inspect
import re
from pathlib import Path

import numpy as np

from symgan.empirical.data import Circle, Images, Line, Ring, Spiral, catalog, named, plane
from symgan.empirical.data.celeba import celeba

PAGE = Path(__file__).parents[3] / "docs" / "DATA.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_its_examples_run() -> None:
    found = doctest.testfile(str(PAGE), module_relative=False)
    assert found.attempted > 8
    assert found.failed == 0


def rows(text: str) -> set[str]:
    """The names that open a line of a table."""
    return set(re.findall(r"^\| `([\w-]+)` \|", text, re.M))


def test_it_lists_every_data_set() -> None:
    assert rows(TEXT) == set(catalog())
    assert rows(TEXT.replace("| `line` |", "| line |")) != set(catalog())


def test_its_defaults_are_the_code_s() -> None:
    assert (Ring().spread_is, Ring().radius, Ring().modes, Ring().deviation) == (
        *("deviation", 0.5, 8, 0.05),
    )
    laws: list[plane.Plane] = [Circle(), Line(), Spiral()]
    assert [law.deviation for law in laws] == [0, 0, 0]
    assert (Spiral().uniform, Spiral().radius, Circle().radius) == ("angle", 1, 0.5)
    defaults = inspect.signature(celeba).parameters
    assert {name: defaults[name].default for name in ("crop", "size", "resize")} == {
        "crop": 178,
        "size": 64,
        "resize": "bilinear",
    }


def test_its_numbers_are_right() -> None:
    letter = Ring(spread_is="variance")
    along = np.stack([np.linspace(0, 1, 2001), np.zeros(2001)], axis=-1)
    profile = np.exp(letter.log_density(along))
    assert f"{100 * profile[0] / profile.max():.0f} % of its" in TEXT
    digits = named("digits", split="all")
    assert isinstance(digits, Images)
    assert f"{len(digits):,} images, L = {digits.levels}" in TEXT
    share = 1 - np.exp(-(1e5**2) / 2 / 2**32)  # of birthdays among 2^32 days
    assert f"probability {share:.1f}" in TEXT
