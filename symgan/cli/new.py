"""``symgan new``: a folder with claims, a test and a bibliography to start from."""

from __future__ import annotations

import keyword
import re
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from symgan.cli.console import output
from symgan.errors import BadData, SymganError

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*")
_FILES = {
    "claims.py": "new_claims",
    "test_@name@.py": "new_test",
    "@name@.bib": "new_bibliography",
    "README.md": "new_readme",
}
"""File -> the template that it is written from."""


def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The paper's short name.")],
    folder: Annotated[
        Path, typer.Option("--dir", metavar="DIR", help="Where the folder NAME is made.")
    ] = Path(),
    force: Annotated[
        bool, typer.Option("--force", help="Write over files that are already there.")
    ] = False,
) -> None:
    """Write a folder with claims, a test and a bibliography to start from.

    The claims are about a small game; all of them come out as expected at once.

    \b
    Examples:
      symgan new my_paper
      symgan verify my_paper
      pytest my_paper
    """
    target = folder / _checked(name)
    contents = {target / file: text for file, text in _written(target.name).items()}
    standing = [path for path in contents if path.exists()]
    if standing and not force:
        raise BadData(f"{_listed(standing)} would be written over; choose another name, or --force")
    _write(target, contents)
    console = output()
    for path in contents:
        again = " (written over)" if path in standing else ""
        console.print(f"wrote {path}{again}", markup=False, soft_wrap=True)
    console.print(f"\nnext: symgan verify {target}", markup=False, soft_wrap=True)


def _checked(name: str) -> str:
    """The name, if it can name a folder, a test module and the ids of claims.

    Raises:
        SymganError: it cannot.
    """
    from symgan.claims import papers

    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        raise SymganError(
            f"{name!r} cannot name a paper; write letters and digits, joined by - or _, beginning "
            "with a letter"
        )
    if _id(name) in papers():
        raise SymganError(f"a paper called {_id(name)} is installed already; choose another name")
    return name


def _id(name: str) -> str:
    """The first level of the ids: lower case, with hyphens."""
    return name.lower().replace("_", "-")


def _written(name: str) -> dict[str, str]:
    """File -> content, for a paper of this name."""
    from importlib.resources import files

    templates = files("symgan.report") / "templates"
    module = name.replace("-", "_")
    found = {}
    for file, template in _FILES.items():
        text = (templates / f"{template}.txt").read_text(encoding="utf-8")
        text = text.replace("test_my_paper", f"test_{module}").replace("my-paper", _id(name))
        text = text.replace("my_paper.bib", f"{module}.bib").replace("my_paper", name)
        found[file.replace("@name@", module)] = text.replace("@year@", str(date.today().year))
    return found


def _write(target: Path, contents: dict[Path, str]) -> None:
    try:
        target.mkdir(parents=True, exist_ok=True)
        for path, text in contents.items():
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadData(f"cannot write {target}: {error.strerror or error}") from error


def _listed(paths: list[Path]) -> str:
    return ", ".join(map(str, paths))
