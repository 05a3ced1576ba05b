"""What the atlas keeps rests on: every file whose code runs, and a file more or less."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from symgan.atlas.axes import Specimen, Way, pairs
from symgan.atlas.build import cell, solve, task
from symgan.atlas.setting import settle
from symgan.atlas.sources import CORE, Sources, of_place, of_way
from symgan.atlas.stored import Stored
from symgan.cache import Cache
from tests.atlas.samples import SIGMA, named

ROOT = Path(__file__).parents[2]


@contextmanager
def files_run() -> Iterator[set[Path]]:
    """The files of the package of which a function is called."""
    names: set[str] = set()

    def look(frame: FrameType, _event: str, _argument: Any) -> None:
        if frame.f_code.co_name != "<module>":
            names.add(frame.f_code.co_filename)

    found: set[Path] = set()
    before = sys.gettrace()
    sys.settrace(look)
    try:
        yield found
    finally:
        sys.settrace(before)
        found |= {p for p in map(Path, names) if p.is_relative_to(ROOT / "symgan")}


@pytest.mark.parametrize(
    ("specimen", "penalty", "way"),
    [
        (SIGMA, "weight-decay", named("lookahead (k = 2)")),
        (Specimen("uniform", "wasserstein"), "r1", named("simultaneous", True)),
        (Specimen("annealed", "wasserstein"), "none", named("competitive")),
    ],
    ids=str,
)
def test_all_that_runs_is_counted(specimen: Specimen, penalty: str, way: Way) -> None:
    every = list(pairs(full=True))  # loads all modules of the catalogs
    assert any(w == way for _, _, w in every)
    sources = Sources(ROOT)
    of_rule, of_all = of_way(way), (*of_way(way), *of_place(specimen, penalty))
    with files_run() as of_setting:
        setting = settle(specimen, penalty)
    counted = {m: sources.reach(m) for m in (CORE, *of_all)}
    assert of_setting <= counted[CORE].union(*(counted[m] for m in of_place(specimen, penalty)))
    with files_run() as of_answer:
        asked = task(setting, way)
        answer = solve(asked)
    assert of_answer <= counted[CORE].union(*(counted[m] for m in of_rule))
    with files_run() as of_cell:
        cell(setting, way, asked, answer)
    assert of_cell <= counted[CORE].union(*(counted[m] for m in of_all))
    own = ROOT.joinpath(*of_rule[0].split(".")).with_suffix(".py")
    assert own in of_answer - counted[CORE]  # it ran, and was seen to


def test_a_file_that_does_not_count_is_told_apart() -> None:
    reach = Sources(ROOT).reach
    competitive, extragradient = (
        ROOT / "symgan" / "rules" / f"{name}.py" for name in ("competitive", "extragradient")
    )
    assert competitive in reach("symgan.rules.competitive")
    assert competitive not in reach("symgan.rules.extragradient") | reach(CORE)
    assert extragradient in reach("symgan.rules.lookahead")  # it takes any rule by its name
    assert ROOT / "symgan" / "analysis" / "nash.py" not in reach(CORE)
    assert ROOT / "symgan" / "analysis" / "glance.py" in reach(CORE)  # by way of another


FILES = {
    "__init__.py": "",
    "atlas/__init__.py": "",
    "atlas/build.py": "from symgan import rules\nfrom symgan.analysis.root import solve\n",
    "analysis/__init__.py": "from symgan.analysis.other import more\n",
    "analysis/root.py": "def solve():\n    from symgan.analysis import deep\n",
    "analysis/deep.py": "import math\n",
    "analysis/other.py": "import symgan.rules.one\n",
    "rules/__init__.py": "from symgan.system import catalog\n",
    "rules/one.py": "from symgan.rules.shared import all\n",
    "rules/two.py": "from symgan import rules\n",
    "rules/shared.py": "",
    "system.py": "",
}


def written(folder: Path) -> Callable[[str], str]:
    for name, text in FILES.items():
        path = folder / "symgan" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return lambda module: Sources(folder).digest((CORE, module))


@pytest.mark.parametrize(
    ("changed", "one", "two"),
    [
        ("analysis/deep.py", True, True),  # imported inside a function
        ("analysis/other.py", False, False),  # the package gathers it; nobody here names it
        ("analysis/__init__.py", True, True),
        ("rules/shared.py", True, True),
        ("rules/one.py", True, True),
        ("rules/two.py", False, True),
        ("system.py", False, False),
    ],
)
def test_a_change_counts_where_it_is_imported(
    tmp_path: Path, changed: str, one: bool, two: bool
) -> None:
    """Rule one is on its own; rule two takes the whole catalog."""
    digest = written(tmp_path)
    before = [digest(f"symgan.rules.{name}") for name in ("one", "two")]
    with (tmp_path / "symgan" / changed).open("a") as file:
        file.write("# another word\n")
    after = [digest(f"symgan.rules.{name}") for name in ("one", "two")]
    assert [a != b for a, b in zip(before, after, strict=True)] == [one, two]


def test_what_is_kept_is_found_under_the_same_modules_alone(tmp_path: Path) -> None:
    stored = Stored(Cache(tmp_path / "kept"))
    stored.keep("answer", "key", of_way(Way("extragradient")), "found")
    assert stored.find("answer", "key", of_way(Way("extragradient"))) == "found"
    assert stored.find("answer", "key", of_way(Way("competitive"))) is None
    assert stored.find("cell", "key", of_way(Way("extragradient"))) is None
    assert stored.find("answer", "other", of_way(Way("extragradient"))) is None
