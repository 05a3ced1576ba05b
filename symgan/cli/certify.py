"""``symgan certify recheck``: certificates held against the mathematics once more."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

certify = typer.Typer(help="Check certificates again.", no_args_is_help=True, rich_markup_mode=None)

_ORDER = (1, 5, 3, 4)
"""Exit codes by weight: what is wrong comes before what could not be checked."""


@certify.callback()
def _certify() -> None:
    """Check certificates again."""


@certify.command("recheck")
def recheck(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Certificates (.json, .smt2).")
    ],
    budget: Annotated[
        float, typer.Option(min=0.1, metavar="SECONDS", help="Time limit for each file.")
    ] = 60.0,
) -> None:
    """Check each certificate again, without the code that found it.

    Prints one line a file: what it proves, or why it does not.

    \b
    Examples:
      symgan certify recheck certificates/*.json
      symgan certify recheck oracle.smt2 --budget 10

    \b
    Exits with 1 if a certificate does not prove what it says, else with 5 if a
    file is unreadable or was altered, 3 if an extra is missing, 4 if a check
    took longer than its budget.
    """
    from symgan.certify.checker import check_files

    codes: set[int] = set()
    for outcome in check_files(files, budget):
        codes.add(outcome.code)
        typer.echo(f"{outcome.path}: {outcome.text}")
    raise typer.Exit(next((code for code in _ORDER if code in codes), 0))
