"""``symgan list``: what there is to name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from symgan.cli.console import output
from symgan.errors import SymganError

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from symgan.claims import Claim


def show_list(
    paper: Annotated[
        str | None,
        typer.Argument(metavar="PAPER|CLAIM|FILE.py", hidden=True),
    ] = None,
) -> None:
    """List what there is to name, or claims.

    Papers, games, rules, flows, regularizers and losses; with a paper, a claim's
    id or its beginning, or a file with claims: those claims.

    \b
    Examples:
      symgan list
      symgan list annealed
      symgan list annealed.eq7
    """
    from rich.padding import Padding
    from rich.text import Text

    from symgan.claims import load

    console = output()
    if paper is not None:
        for claim in load([paper]):
            console.print(_heading(claim))
            console.print(Padding(Text(claim.says or claim.printed), (0, 0, 0, 4)))
        return
    for title, rows in (
        ("papers", _papers()),
        ("games", _marked("games")),
        ("rules", _marked("rules")),
        ("flows", _marked("rules", "flows")),
        ("regularizers", _marked("regularizers")),
        ("losses", _losses()),
    ):
        console.print(title, style="bold")
        console.print(_grid(rows))


def _heading(claim: Claim) -> Text:
    """Id, expected verdict and place of a claim."""
    from rich.text import Text

    place = (f"  {claim.source}", "dim")
    return Text.assemble((claim.id, "bold"), f"  {claim.expect.value}", place)


def _grid(rows: Iterable[tuple[str, str]]) -> Table:
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    grid.add_column(min_width=16, max_width=42, overflow="fold")
    grid.add_column(overflow="fold")
    for name, summary in rows:
        grid.add_row(Text(f"  {name}"), Text(summary))
    return grid


def _papers() -> Iterable[tuple[str, str]]:
    from symgan.claims import load, papers

    for name in papers():
        try:
            yield name, f"{len(load([name]))} claims (symgan list {name})"
        except SymganError as error:
            yield name, str(error)


def _marked(package: str, catalog: str = "catalog") -> Iterable[tuple[str, str]]:
    from importlib import import_module

    from symgan.catalog import mark_of

    for name, function in sorted(getattr(import_module(f"symgan.{package}"), catalog)().items()):
        yield name, _plain(mark_of(function).summary)


def _losses() -> Iterable[tuple[str, str]]:
    from symgan.losses import SCALAR_LOSSES

    for name, loss in sorted(SCALAR_LOSSES.items()):
        yield name, _plain((loss.__doc__ or "").strip().splitlines()[0].rstrip("."))
    yield "free", "Any loss f: results in terms of f'(0), f''(0) and so on"


def _plain(text: str) -> str:
    """A docstring's summary without its markup."""
    text = text.replace(":math:", "").replace("`", "").replace(r"\,", " ").replace(r"\pm", "+/-")
    text = re.sub(r"\^\{([^{}]*)\}", r"^(\1)", text.replace(r"\top", "T"))
    text = re.sub(r"(?<=\w)\\(?=[a-z])", " ", text).replace("\\", "")
    return " ".join(text.split())
