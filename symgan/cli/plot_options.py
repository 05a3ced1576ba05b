"""Options that the figures of ``symgan plot`` share, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from symgan.cli.arguments import (
    GameName,
    Loss,
    Maximize,
    Minimize,
    Parameters,
    Payoff,
    Positive,
    Regularizer,
    Settings,
)
from symgan.cli.console import output, progress
from symgan.cli.typed_game import TypedGame, with_options
from symgan.errors import BadData

Out = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Ends in .svg, .pdf or .png [default: GAME-KIND.svg]."),
]
Force = Annotated[
    bool, typer.Option("--force", help="Overwrite FILE though symgan did not write it.")
]
Title = Annotated[str | None, typer.Option(metavar="TEXT", help="The heading.")]
Windows = Annotated[
    list[str] | None,
    typer.Option("--window", metavar="NAME=LOW:HIGH", help="Ends of an axis [default: -2:2]."),
]
Starts = Annotated[
    list[str] | None, typer.Option("--x0", metavar="NAME=VALUE,...", help="A start; repeatable.")
]
Point = Annotated[str | None, typer.Option(metavar="NAME=VALUE,...")]
NeededRule = Annotated[str, typer.Option(metavar="RULE", help="An update rule.")]


@dataclass(frozen=True)
class Typed(TypedGame):
    """What the options that all figures share say.

    Attributes:
        out: where the figure goes; None for a name made of the game's.
        force: whether any existing file may be overwritten.
        title: heading; None for one that says what is drawn.
    """

    out: Path | None
    force: bool
    title: str | None

    def heading(self, *more: str) -> str:
        """The title: what was typed, or the game and what is done to it."""
        if self.title is not None:
            return self.title
        name = f"{self.game or 'typed game'}{f' ({self.loss})' if self.loss else ''}"
        return ", ".join(part for part in (name, self.regularizer or "", *more) if part)

    def target(self, kind: str) -> Path:
        """Where the figure goes.

        Raises:
            BadData: a suffix of no format, or a file that symgan did not write.
        """
        from symgan.cli.plot_build import is_own
        from symgan.report.figures import format_of

        path = self.out or Path(f"{self.game or 'game'}-{kind}.svg")
        format_of(path)
        if path.exists() and not self.force and not is_own(path):
            raise BadData(
                f"{path} exists and is no figure of symgan; choose another --out, or add --force "
                "to overwrite it"
            )
        return path


def _typed(
    game: GameName = None,
    payoff: Payoff = None,
    minimize: Minimize = None,
    maximize: Maximize = None,
    param: Parameters = None,
    positive: Positive = None,
    loss: Loss = None,
    settings: Settings = None,
    regularizer: Regularizer = None,
    title: Title = None,
    out: Out = None,
    force: Force = False,
) -> Typed:
    """What all figures share; `figure` gives commands these options."""
    names = (minimize, maximize, param, positive)
    given = (loss, tuple(settings or ()), regularizer)
    return Typed(game, payoff, *names, *given, out, force, title)


figure = with_options(_typed, last=("title", "out", "force"))
"""The command of a figure: its own options, and around them those that all figures share."""


def draw(typed: Typed, kind: str, figure: Callable[[], Any]) -> None:
    """Draw and write; the place is looked at before the work.

    Raises:
        BadData: a suffix of no format, or a file that symgan did not write.
    """
    from symgan.report.figures import save

    path = typed.target(kind)
    with progress("drawing"):
        found = figure()
    save(found, path)
    output().print(str(path), markup=False, soft_wrap=True)


def named(rule: str | None, eta: str | None, flow: str | None) -> str:
    """The rule with its step, if it has one value; or the flow."""
    if rule is not None:
        return rule if eta is None else f"{rule}, eta = {eta}"
    return f"flow {flow}" if flow else ""
