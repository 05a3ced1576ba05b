"""``symgan certify recheck``: certificates held against the mathematics once more."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from symgan.errors import BadData

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


@certify.command("coq")
def coq(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A certificate (.json).")],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.v", help="Where to write [default: beside FILE].")
    ] = None,
) -> None:
    """Write a certificate by products as a Coq proof, and run coqc on it.

    Without coqc on the PATH the proof is written and called unchecked.

    \b
    Exits with 1 if coqc rejects the proof, 4 if it takes too long, 5 if the
    certificate is unreadable or does not prove what it says.
    """
    from symgan.certify.coq import prove_in_coq
    from symgan.certify.files import read_certificate

    place = out or file.with_suffix(".v")
    proof = prove_in_coq(read_certificate(file))
    try:
        place.write_text(proof.text, encoding="utf-8")
    except OSError as error:
        raise BadData(f"cannot write {place}: {error.strerror or error}") from error
    typer.echo(f"{place}: {proof.message}")
    raise typer.Exit(1 if proof.checked is False else 0)
