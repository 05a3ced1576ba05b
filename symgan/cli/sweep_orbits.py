"""``symgan sweep basins|bifurcation|region|exponents``: orbits of a rule from many cells."""

from __future__ import annotations

from typing import Annotated

import typer

from symgan.cli.arguments import Loss, Settings
from symgan.cli.sweep_options import (
    Accuracy,
    Backend,
    Chunk,
    Count,
    FlowName,
    Game,
    Interval,
    Linear,
    Over,
    Portable,
    Ranges,
    RuleName,
    Seed,
    Start,
    Step,
    Steps,
    Uniform,
    read_options,
    start,
)
from symgan.cli.sweep_run import Drawing, Folder, Scheduler, Workers


def basins(
    game: Game,
    store: Folder,
    rule: RuleName = "simultaneous",
    eta: Step = None,
    flow: FlowName = None,
    interval: Interval = 1.0,
    accuracy: Accuracy = 1e-12,
    loss: Loss = None,
    settings: Settings = None,
    linear: Linear = False,
    over: Over = None,
    sample: Ranges = None,
    samples: Count = 64,
    uniform: Uniform = False,
    seed: Seed = 0,
    x0: Start = None,
    point: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE,...", help="Where orbits may end [the equilibrium]."),
    ] = None,
    radius: Annotated[float, typer.Option(metavar="R", help="This near counts as there.")] = 1e-3,
    hold: Annotated[int, typer.Option(metavar="N", help="For so many last steps.")] = 20,
    bound: Annotated[float, typer.Option(metavar="R", help="A norm that is escape.")] = 1e6,
    steps: Steps = 2000,
    chunk: Chunk = 0,
    backend: Backend = "auto",
    portable: Portable = False,
    scheduler: Scheduler = None,
    workers: Workers = 0,
    figure: Drawing = None,
) -> None:
    """Map basins of attraction: near which point an orbit ends, from a grid of starts.

    A criterion, no proof: the last steps all lie within the radius of a point.

    \b
    Examples:
      symgan sweep basins dirac --loss jensen-shannon --rule extragradient --eta 1
        --over theta=-6:6:301 --over psi=-6:6:301 --store b.zarr --figure b.png
    """
    from symgan.cli.sweep_build import choose, points
    from symgan.sweep.basins import Basins

    typed = read_options(
        game,
        loss,
        settings,
        rule,
        eta,
        linear,
        over,
        sample,
        samples,
        uniform,
        seed,
        x0,
        (flow, interval, accuracy),
    )
    choice, model = choose(typed)
    measure = Basins(steps, points(point or (), choice, model), radius, hold, bound)
    more = {"chunk": chunk, "backend": backend, "portable": portable}
    start(store, typed, model, measure, place=(scheduler, workers), figure=figure, **more)


def bifurcation(
    game: Game,
    store: Folder,
    rule: RuleName = "simultaneous",
    eta: Step = None,
    flow: FlowName = None,
    interval: Interval = 1.0,
    accuracy: Accuracy = 1e-12,
    loss: Loss = None,
    settings: Settings = None,
    linear: Linear = False,
    over: Over = None,
    sample: Ranges = None,
    samples: Count = 4,
    uniform: Uniform = False,
    seed: Seed = 0,
    x0: Start = None,
    keep: Annotated[int, typer.Option(metavar="N", help="Last states that are kept.")] = 64,
    tolerance: Annotated[float, typer.Option(metavar="T", help="Of a period.")] = 1e-6,
    bound: Annotated[float, typer.Option(metavar="R", help="A norm that is escape.")] = 1e6,
    steps: Steps = 4000,
    chunk: Chunk = 0,
    backend: Backend = "auto",
    portable: Portable = False,
    scheduler: Scheduler = None,
    workers: Workers = 0,
    figure: Drawing = None,
) -> None:
    """Bifurcation diagram: the last states of orbits over the step, or another parameter.

    \b
    Examples:
      symgan sweep bifurcation dirac --loss jensen-shannon --rule alternating
        --over eta=3:8:800 --x0 theta=1,psi=0.5 --store d.zarr --figure d.png
    """
    from symgan.cli.sweep_build import choose
    from symgan.sweep.bifurcation import Tail

    typed = read_options(
        game,
        loss,
        settings,
        rule,
        eta,
        linear,
        over,
        sample,
        samples,
        uniform,
        seed,
        x0,
        (flow, interval, accuracy),
    )
    _, model = choose(typed)
    more = {"chunk": chunk, "backend": backend, "portable": portable}
    measure = Tail(steps, keep, tolerance, bound)
    start(store, typed, model, measure, place=(scheduler, workers), figure=figure, **more)


def region(
    game: Game,
    store: Folder,
    rule: RuleName = "simultaneous",
    eta: Step = None,
    flow: FlowName = None,
    interval: Interval = 1.0,
    accuracy: Accuracy = 1e-12,
    loss: Loss = None,
    settings: Settings = None,
    linear: Linear = False,
    over: Over = None,
    samples: Count = 4,
    seed: Seed = 0,
    radius: Annotated[
        float, typer.Option(metavar="R", help="Starts lie this near to the equilibrium.")
    ] = 1e-6,
    factor: Annotated[float, typer.Option(metavar="F", help="Shrinking or growth to see.")] = 1e3,
    steps: Steps = 4000,
    chunk: Chunk = 0,
    backend: Backend = "auto",
    portable: Portable = False,
    scheduler: Scheduler = None,
    workers: Workers = 0,
    figure: Drawing = None,
) -> None:
    """Stability region of the equilibrium in two parameters, told from nearby orbits.

    \b
    Examples:
      symgan sweep region dirac --loss jensen-shannon --rule heavy-ball
        --over eta=0.01:4:200 --over beta=-0.95:0.95:191 --store r.zarr --figure r.png
    """
    from symgan.cli.sweep_build import Typed, choose, equilibrium
    from symgan.sweep.growth import Growth

    typed = read_options(
        game,
        loss,
        settings,
        rule,
        eta,
        linear,
        over,
        [],
        samples,
        False,
        seed,
        None,
        (flow, interval, accuracy),
    )
    choice, plain = choose(typed)
    model = plain.centered(equilibrium(choice))
    drawn = tuple(f"{name}={-radius!r}:{radius!r}" for name in model.visible)
    near = Typed(**{**vars(typed), "sample": drawn})
    measure = Growth(steps, factor, bound=2 * factor * radius)
    more = {"chunk": chunk, "backend": backend, "portable": portable}
    start(store, near, model, measure, place=(scheduler, workers), figure=figure, **more)


def exponents(
    game: Game,
    store: Folder,
    rule: RuleName = "simultaneous",
    eta: Step = None,
    loss: Loss = None,
    settings: Settings = None,
    linear: Linear = False,
    over: Over = None,
    sample: Ranges = None,
    samples: Count = 4,
    uniform: Uniform = False,
    seed: Seed = 0,
    x0: Start = None,
    burn: Annotated[int, typer.Option(metavar="N", help="Steps before.")] = 500,
    every: Annotated[
        int, typer.Option(metavar="N", help="Steps between two orthonormalizations.")
    ] = 4,
    bound: Annotated[float, typer.Option(metavar="R", help="A norm that is escape.")] = 1e6,
    steps: Steps = 2000,
    chunk: Chunk = 0,
    backend: Backend = "auto",
    portable: Portable = False,
    scheduler: Scheduler = None,
    workers: Workers = 0,
    figure: Drawing = None,
) -> None:
    """Lyapunov exponents of orbits, by QR along them.

    \b
    Examples:
      symgan sweep exponents dirac --loss jensen-shannon --rule alternating
        --over eta=3:8:400 --x0 theta=1,psi=0.5 --store e.zarr --figure e.png
    """
    from symgan.cli.sweep_build import choose
    from symgan.sweep.exponents import Exponents

    typed = read_options(
        game, loss, settings, rule, eta, linear, over, sample, samples, uniform, seed, x0
    )
    _, model = choose(typed)
    more = {"chunk": chunk, "backend": backend, "portable": portable}
    measure = Exponents(steps, burn, every, bound)
    start(store, typed, model, measure, place=(scheduler, workers), figure=figure, **more)
