"""Every public name has its entry in the reference: read from the sources, nothing is imported."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.engineering.sources import PACKAGE, ROOT

REFERENCE = sorted((ROOT / "docs" / "reference").glob("*.md"))
_ENTRY = re.compile(r"^```\{api\} ([\w.]+)\n(.*?)^```", re.M | re.S)
DISCOVERED = ("games", "rules", "optimizers")
"""Packages whose modules are all public: catalogs find what they hold."""
NOT_FOR_IMPORT = {"symgan.cli", "symgan"}
"""The program; and the package itself, whose names are entries of the modules they come from."""


ALIASES = {("symgan.parse.latex", "ParseError"): ("symgan.parse", "ParseError")}
"""Names that a package passes on from another one, whose entry is there."""


def declared(path: Path) -> list[str] | None:
    """The names in a module's ``__all__``; None where it has none."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return [name for name in ast.literal_eval(node.value) if not name.startswith("__")]
    return None


def defined(path: Path) -> list[str]:
    """Public functions and classes that a module defines."""
    kinds = (ast.FunctionDef, ast.ClassDef)
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return [node.name for node in body if isinstance(node, kinds) and node.name[0] != "_"]


def module_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


@cache
def offered() -> set[tuple[str, str]]:
    """All public names: (module, name)."""
    found = set()
    for path in PACKAGE.rglob("__init__.py"):
        module, names = module_of(path), declared(path)
        if module not in NOT_FOR_IMPORT and names is not None:
            found |= {(module, name) for name in names}
    for package in DISCOVERED:
        for path in (PACKAGE / package).glob("*.py"):
            found |= {(module_of(path), name) for name in defined(path)}
    return found


def entries(text: str) -> set[tuple[str, str]]:
    """What the blocks of a reference page document."""
    found = set()
    for module, listed in _ENTRY.findall(text):
        path = PACKAGE.parent / module.replace(".", "/")
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        every = [] if listed.split() or not path.exists() else declared(path) or defined(path)
        found |= {(module, name) for name in listed.split() or every}
    return found


@cache
def documented() -> set[tuple[str, str]]:
    return {entry for page in REFERENCE for entry in entries(page.read_text(encoding="utf-8"))}


def test_every_public_name_is_documented() -> None:
    assert sorted(offered() - documented() - set(ALIASES)) == []
    assert set(ALIASES.values()) <= documented()


def test_nothing_is_documented_twice_on_two_pages() -> None:
    pages = [entries(page.read_text(encoding="utf-8")) for page in REFERENCE]
    twice = {e for i, page in enumerate(pages) for other in pages[:i] for e in page & other}
    assert twice == set()


def test_names_of_the_package_itself_are_public_where_they_come_from() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    (homes,) = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_HOMES"
    ]
    there = documented()
    assert {n: h for n, h in homes.items() if (f"symgan.{h}", n) not in there} == {}


@pytest.mark.parametrize("missing", ["spectrum", "wilson"])
def test_a_missing_entry_is_seen(missing: str) -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in REFERENCE)
    without = re.sub(rf"^{missing}$\n", "", text, flags=re.M)
    gone = {name for _, name in offered() - entries(without)}
    assert (missing in gone) == (missing == "spectrum")  # statistics are listed as a whole
