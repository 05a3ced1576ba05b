"""``symgan check``: one formula, typed in LaTeX, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from symgan.errors import SymganError

if TYPE_CHECKING:
    from rich.console import Console

_CODES = {True: 0, False: 1, None: 4}


def check(
    formula: Annotated[str, typer.Argument(metavar="LATEX", help="A statement in LaTeX.")],
    let: Annotated[
        list[str] | None,
        typer.Option(metavar="DECLARATION", help='What names are: "x,y real", "eta>0", "K=a/T".'),
    ] = None,
    given: Annotated[
        list[str] | None,
        typer.Option(metavar="CONDITION", help=r'What else may be assumed: "\eta < 2".'),
    ] = None,
    latex: Annotated[bool, typer.Option("--latex", help="Print LaTeX.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    no_repair: Annotated[
        bool, typer.Option("--no-repair", help="Look for no repair of a false formula.")
    ] = False,
    budget: Annotated[
        float, typer.Option(min=0.1, metavar="SECONDS", help="Limit of processor time.")
    ] = 20.0,
) -> None:
    """Check one formula for all values of its symbols.

    It is proved by two routes, or refuted by an exact witness, with the smallest
    repairs that are proved to hold. Where a side is undefined, nothing is claimed.

    \b
    Declarations (--let, repeatable; commas or semicolons between several):
      "x,y real"  "eta>0"  "0<eta<2"  "n positive integer"  "K=(a-b)/T"
      "f function"  "A 2x2 matrix"  "v 3-vector"  "\\dot\\theta real"

    \b
    Examples:
      symgan check "(a + b)^2 = a^2 + 2ab + b^2" --let "a,b real"
      symgan check "a^2 - \\eta a b + b^2 > 0" --let "a,b,eta>0" --given "\\eta < 2"
      symgan check "\\frac{d}{dx} \\tanh x = 1 - \\tanh^2 x" --let "x real"
      symgan check "x^2 > 0 \\Rightarrow x > 0" --let "x real"

    \b
    Exits with 0 if it holds, 1 if it is false, 4 if it is undecided, 2 if it
    cannot be read or a name in it is not declared.
    """
    if latex and json:
        raise SymganError("--latex and --json exclude each other; leave one out")
    from symgan.certify.limit import limited
    from symgan.claims.check import check as examine
    from symgan.report.check import check_data, check_lines

    search = min(5.0, budget / 2)
    with limited(budget, "checking this formula"):
        found = examine(formula, let or (), given or (), repair=not no_repair, budget=search)
    if json:
        from symgan.report.json import dumps

        typer.echo(dumps(check_data(found)), nl=False)
    elif latex:
        from symgan.report.formulas import latex as rendered

        typer.echo(rendered(found))
    else:
        from symgan.cli.console import output

        _print(list(check_lines(found)), output())
    raise typer.Exit(_CODES[found.holds])


def _print(lines: list[str], console: Console) -> None:
    """The lines as wide as the terminal, what is long below its own beginning."""
    from textwrap import wrap

    for line in lines:
        for part in wrap(line, console.width, subsequent_indent=" " * 19) or [""]:
            typer.echo(part)
