"""Arguments and options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

GameName = Annotated[
    str | None,
    typer.Argument(metavar="GAME", hidden=True),
]
Payoff = Annotated[
    str | None, typer.Option(metavar="EXPR", help="The payoff of a game typed here.")
]
Minimize = Annotated[
    str | None, typer.Option("--min", metavar="NAMES", help="Who minimizes it: theta,...")
]
Maximize = Annotated[
    str | None, typer.Option("--max", metavar="NAMES", help="Who maximizes it: psi,...")
]
Parameters = Annotated[
    str | None, typer.Option("--param", metavar="NAMES", help="Further real symbols in it.")
]
Positive = Annotated[
    str | None, typer.Option("--positive", metavar="NAMES", help="Further positive symbols in it.")
]
Loss = Annotated[
    str | None, typer.Option(metavar="LOSS", help="The scalar loss, for games that take one.")
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="NAME=VALUE", help="A parameter or option; exact: 1/3, 0.1, sqrt(2)."
    ),
]
Rule = Annotated[str | None, typer.Option(metavar="RULE", help="An update rule.")]
Eta = Annotated[
    str | None, typer.Option(metavar="STEP", help="The step of the rule, or one a player: 0.1,0.2.")
]
Regularizer = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="A regularizer; its weight is gamma (--set gamma=1)."),
]
FlowName = Annotated[
    str | None, typer.Option("--flow", metavar="NAME", help="A flow other than simultaneous.")
]
