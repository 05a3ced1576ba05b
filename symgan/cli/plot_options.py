"""Options that the figures of ``symgan plot`` share, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from symgan.cli.console import output, progress

if TYPE_CHECKING:
    from symgan.cli.plot_build import Typed

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

SHARED = frozenset(
    {"game", "payoff", "minimize", "maximize", "positive", "loss", "regularizer"}
    | {"out", "force", "title"}
)


def typed_of(given: Mapping[str, Any]) -> Typed:
    """What all figures share, from the arguments of a command."""
    from symgan.cli.plot_build import Typed

    rest = {name: value for name, value in given.items() if name in SHARED}
    return Typed(parameters=given["param"], settings=tuple(given["settings"] or ()), **rest)


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
