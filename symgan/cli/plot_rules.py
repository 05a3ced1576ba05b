"""``symgan plot loci|region|angle|distance``: spectra, and figures over steps or along lines."""

from __future__ import annotations

from typing import Annotated

import typer

from symgan.cli.arguments import Eta
from symgan.cli.plot_options import NeededRule, Point, Starts, Typed, draw, figure, named


@figure
def loci(
    typed: Typed,
    rule: NeededRule = "simultaneous",
    upto: Annotated[
        str | None, typer.Option(metavar="STEP", help="The largest step drawn.")
    ] = None,
    at: Point = None,
) -> None:
    """Eigenvalues of a rule over its step, and the unit circle.

    The stable steps, and those at which an eigenvalue meets the circle, are exact.

    \b
    Examples:
      symgan plot loci bilinear --rule extragradient
      symgan plot loci dirac --loss jensen-shannon --rule heavy-ball --set beta=-1/2
    """
    from symgan.cli import plot_build as build
    from symgan.parse import number
    from symgan.report.plots import eigenvalue_loci

    choice = typed.choice()
    drawn = build.ready(choice)
    draw(
        typed,
        "loci",
        lambda: eigenvalue_loci(
            drawn,
            build.stepping(choice, rule),
            at=build.place(at, "fixed point") if at else None,
            upto=None if upto is None else number(upto, what="largest step"),
            title=typed.heading(rule),
        ),
    )


@figure
def region(
    typed: Typed,
    rule: NeededRule = "simultaneous",
    over: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=LOW:HIGH", help="Two parameters, the first one across."),
    ] = None,
    eta: Eta = None,
    at: Point = None,
) -> None:
    """Stability region of a rule in two parameters.

    The boundary is exact, the shading is the spectral radius.

    \b
    Examples:
      symgan plot region dirac --loss jensen-shannon --rule heavy-ball --set alternating=true
        --over eta=0:8 --over beta=-1:1
    """
    from symgan.cli import options
    from symgan.cli import plot_build as build
    from symgan.errors import GameError
    from symgan.report.plots import stability_region

    choice = typed.choice()
    swept = build.ranges(over or (), "--over")
    if len(swept) != 2:
        raise GameError("a region needs two parameters: --over eta=0:2 --over NAME=LOW:HIGH")
    if ("eta" in swept) == (eta is not None):
        raise GameError("give the step once: --eta STEP, or --over eta=LOW:HIGH")
    step = build.ETA if eta is None else options.step_sizes(eta)
    posed = build.ready(choice, list(swept))
    update = build.stepping(choice, rule, list(swept))(posed, step)
    draw(
        typed,
        "region",
        lambda: stability_region(
            update,
            over=swept,
            at=build.place(at, "equilibrium") if at else posed.equilibrium,
            title=typed.heading(named(rule, eta, None)),
        ),
    )


@figure
def angle(
    typed: Typed,
    x0: Starts = None,
    end: Annotated[
        str | None,
        typer.Option(metavar="NAME=VALUE,...", help="The other end [the equilibrium]."),
    ] = None,
    reach: Annotated[
        str, typer.Option(metavar="LOW:HIGH", help="Of the line; 0 the start, 1 the end.")
    ] = "-0.5:1.5",
) -> None:
    """Path angles: the field against a straight line.

    \b
    Examples:
      symgan plot angle quadratic --set B=2 --x0 theta=1,psi=1/2 --x0 theta=1,psi=-1/2
    """
    from symgan.cli import options
    from symgan.cli import plot_build as build
    from symgan.errors import GameError
    from symgan.report.plots import path_angle

    choice = typed.choice()
    drawn = build.ready(choice)
    options.refuse_rest(choice)
    if not x0:
        example = ",".join(f"{s.name}=1" for s in choice.game.state)
        raise GameError(f"a path needs a start; give --x0 {example}")
    draw(
        typed,
        "angle",
        lambda: path_angle(
            drawn,
            [build.place(text, "start") for text in x0],
            build.place(end, "end") if end else None,
            reach=build.interval(reach, "--reach "),
            title=typed.heading(),
        ),
    )


@figure
def distance(
    typed: Typed,
    rule: Annotated[
        list[str] | None,
        typer.Option(metavar="RULE[:OPTION=VALUE,...]", help="An update rule; repeatable."),
    ] = None,
    eta: Eta = None,
    x0: Annotated[
        str | None, typer.Option("--x0", metavar="NAME=VALUE,...", help="The start.")
    ] = None,
    at: Point = None,
    steps: Annotated[int, typer.Option(min=1, metavar="N", help="Of the rules.")] = 200,
    t_end: Annotated[
        float, typer.Option(metavar="TIME", help="Of the flow, without a rule.")
    ] = 50.0,
) -> None:
    """Distance to the equilibrium, with exact rates.

    \b
    Examples:
      symgan plot distance quadratic --rule simultaneous --rule alternating
        --rule heavy-ball:beta=-1/2 --eta 0.5 --x0 theta=1,psi=1
    """
    from symgan.cli import options
    from symgan.cli import plot_build as build
    from symgan.errors import GameError
    from symgan.report.plots import distance_to_equilibrium

    choice = typed.choice()
    posed = build.ready(choice)
    options.refuse_rest(choice)
    if x0 is None:
        raise GameError(f"no start; give --x0 {','.join(f'{s.name}=1' for s in posed.state)}")
    if (eta is None) == bool(rule):
        raise GameError("rules and their step go together: --rule simultaneous --eta 0.1")
    systems = build.several(choice, rule, str(eta)) if rule else {"flow": posed}
    draw(
        typed,
        "distance",
        lambda: distance_to_equilibrium(
            systems,
            build.place(x0, "start"),
            at=build.place(at, "equilibrium") if at else posed.equilibrium,
            steps=steps,
            until=t_end,
            title=typed.heading(f"eta = {eta}" if eta else ""),
        ),
    )
