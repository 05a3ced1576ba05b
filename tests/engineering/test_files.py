"""Files stay short: one that passes 300 lines is asking to be two."""

from __future__ import annotations

import pytest

from tests.engineering.sources import ROOT, modules

LONGEST = {"symgan": 300, "tests": 300, "proofs": 400}
"""Lines a file. In proofs a section of a paper is one file: claims are data, in its order."""


@pytest.mark.parametrize("folder", LONGEST)
def test_files_are_short(folder: str) -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in modules(folder).values()
    }
    assert len(lengths) > 5  # the folder is found
    assert {name: n for name, n in lengths.items() if n > LONGEST[folder]} == {}


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "THIRD_PARTY.md", "LICENSE"])
def test_the_project_has_its_pages(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8").strip()
