"""The command line. Commands import what they need when they run: ``--help`` stays quick."""

from __future__ import annotations

import sys

import typer

from symgan.cli.analyze import analyze
from symgan.cli.atlas import atlas
from symgan.cli.audit import audit
from symgan.cli.cache import cache
from symgan.cli.certify import certify
from symgan.cli.check import check
from symgan.cli.diagnose import diagnose
from symgan.cli.figures import figures
from symgan.cli.kernels import kernels
from symgan.cli.listing import show_list
from symgan.cli.new import new
from symgan.cli.plot import plot
from symgan.cli.report import report
from symgan.cli.simulate import simulate
from symgan.cli.steps import steps
from symgan.cli.study import study
from symgan.cli.study_predictions import predictions
from symgan.cli.sweep import sweep
from symgan.cli.verify import verify
from symgan.errors import SymganError
from symgan.processes import collect_rarely

EXIT_CODES = """\b
Exit codes:
  0    everything is as expected
  1    a verdict differs from the expected one, or a mutant survived
  2    a wrong command line, name or game
  3    a missing extra or tool
  4    undecided within the budget
  5    data that cannot be read or written, or a claim that raised
  130  interrupted; what was finished is still written
"""

app = typer.Typer(
    name="symgan",
    help="Symbolic and numeric analysis of the dynamics of GANs and other min-max games.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.command("verify")(verify)
app.command("new")(new)
app.command("check")(check)
app.command("list")(show_list)
app.command("analyze")(analyze)
app.command("simulate")(simulate)
app.command("steps")(steps)
app.command("atlas")(atlas)
app.command("audit")(audit)
app.add_typer(sweep, name="sweep")
study.command("predictions")(predictions)
app.add_typer(study, name="study")
app.add_typer(kernels, name="kernels")
app.command("figures")(figures)
app.add_typer(plot, name="plot")
app.command("report")(report)
app.add_typer(certify, name="certify")
app.command("diagnose")(diagnose)
app.command("cache")(cache)


def _version(wanted: bool) -> None:
    if wanted:
        from symgan import __version__

        typer.echo(f"symgan {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version."
    ),
) -> None:
    """Symbolic and numeric analysis of the dynamics of GANs and other min-max games."""


def main() -> None:
    """Run the command line; errors the user can mend become one sentence and an exit code."""
    collect_rarely()
    try:
        app(prog_name="symgan")  # however it was started
    except SymganError as error:
        typer.echo(f"symgan: {error}", err=True)
        sys.exit(error.exit_code)
