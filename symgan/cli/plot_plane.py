"""``symgan plot portrait|players|basins``: figures in the plane of the states."""

from __future__ import annotations

from typing import Annotated

import typer

from symgan.cli.arguments import Eta, FlowName, Rule
from symgan.cli.plot_options import Point, Starts, Typed, Windows, draw, figure, named


@figure
def portrait(
    typed: Typed,
    rule: Rule = None,
    eta: Eta = None,
    flow: FlowName = None,
    follow: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RULE[:OPTION=VALUE,...]", help="A rule whose orbits are drawn; repeatable."
        ),
    ] = None,
    window: Windows = None,
    x0: Starts = None,
    steps: Annotated[int, typer.Option(min=1, metavar="N", help="Of orbits of a rule.")] = 200,
    t_end: Annotated[float, typer.Option(metavar="TIME", help="Of orbits of a flow.")] = 20.0,
    field: Annotated[
        str, typer.Option(metavar="HOW", help="streamlines, arrows or none.")
    ] = "streamlines",
) -> None:
    """Phase portrait: field, nullclines, equilibria, orbits.

    Nullclines and equilibria are exact; markers say the class, full ones attract.

    \b
    Examples:
      symgan plot portrait dirac --loss jensen-shannon --regularizer r1 --set gamma=1
        --x0 theta=1,psi=1
      symgan plot portrait bilinear --rule extragradient --eta 0.5 --x0 theta=1,psi=0
      symgan plot portrait bilinear --follow simultaneous --follow extragradient --eta 0.5
        --x0 theta=1,psi=0
      symgan plot portrait --payoff "x**4/4 - x**2/2 + x*y - 2*y**2/3" --min x --max y
    """
    from symgan.cli import plot_build as build
    from symgan.errors import GameError
    from symgan.report.plots import phase_portrait

    if field not in ("streamlines", "arrows", "none"):
        raise GameError(f"--field {field} is none of streamlines, arrows, none")
    choice = typed.choice()
    if follow and (rule is not None or eta is None or not x0):
        raise GameError("--follow goes with --eta and --x0, and without --rule")
    drawn = build.system(choice, rule, None if follow else eta, flow)
    rules = build.several(choice, follow, str(eta)) if follow else {}
    across, up = build.window(window or (), choice.game.state)
    draw(
        typed,
        "portrait",
        lambda: phase_portrait(
            drawn,
            x=across,
            y=up,
            starts=[build.place(text, "start") for text in x0 or ()],
            follow=rules,
            steps=steps,
            until=t_end,
            field=field,
            title=typed.heading(named(rule, eta, flow)),
        ),
    )


@figure
def players(
    typed: Typed,
    window: Windows = None,
    at: Point = None,
) -> None:
    """The field by player, and its potential and rotational part.

    \b
    Examples:
      symgan plot players dirac --loss jensen-shannon --regularizer r1 --set gamma=1
    """
    from symgan.cli import options
    from symgan.cli import plot_build as build
    from symgan.report.plots import player_fields

    choice = typed.choice()
    drawn = build.ready(choice)
    options.refuse_rest(choice)
    across, up = build.window(window or (), choice.game.state)
    draw(
        typed,
        "players",
        lambda: player_fields(
            drawn,
            x=across,
            y=up,
            at=build.place(at, "center") if at else None,
            title=typed.heading(),
        ),
    )


@figure
def basins(
    typed: Typed,
    rule: Rule = None,
    eta: Eta = None,
    flow: FlowName = None,
    window: Windows = None,
    point: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE,...", help="Where orbits may end [what attracts]."),
    ] = None,
    count: Annotated[int, typer.Option(min=2, metavar="N", help="Starts a side.")] = 121,
    steps: Annotated[
        int | None, typer.Option(min=20, metavar="N", help="[default: 2000; of a flow, time 100]")
    ] = None,
    radius: Annotated[float, typer.Option(metavar="R", help="This near counts as there.")] = 1e-2,
    certify: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", help="Search for certified sets around the ends."),
    ] = None,
) -> None:
    """Basin map: at which equilibrium orbits end.

    A criterion, no proof: the last 20 steps lie within the radius. What --certify draws is proved.

    \b
    Examples:
      symgan plot basins --payoff "x**4/4 - x**2/2 + x*y - 2*y**2/3" --min x --max y
      symgan plot basins dirac --loss jensen-shannon --rule extragradient --eta 1
        --window theta=-6:6 --window psi=-6:6 --point theta=0,psi=0
    """
    from symgan.cli import plot_build as build
    from symgan.report.plots import basin_map

    choice = typed.choice()
    drawn = build.system(choice, rule, eta, flow)
    across, up = build.window(window or (), choice.game.state)
    draw(
        typed,
        "basins",
        lambda: basin_map(
            drawn,
            x=across,
            y=up,
            ends=[build.place(text, "point") for text in point] if point else None,
            count=count,
            steps=steps,
            radius=radius,
            certify=certify,
            title=typed.heading(named(rule, eta, flow)),
        ),
    )
