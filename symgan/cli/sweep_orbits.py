"""``symgan sweep basins|bifurcation|region|exponents``: orbits of a rule from many cells."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from symgan.cli.arguments import Loss, Settings
from symgan.cli.sweep_run import Drawing, Folder, Scheduler, Workers, drawable, fill

if TYPE_CHECKING:
    from symgan.cli.sweep_build import Typed

Game = Annotated[str, typer.Argument(metavar="GAME", help="A game that symgan list names.")]
RuleName = Annotated[str, typer.Option("--rule", metavar="RULE", help="The update rule.")]
Step = Annotated[
    str | None, typer.Option("--eta", metavar="STEP", help="Its step, unless it is swept.")
]
Linear = Annotated[bool, typer.Option("--linear", help="The game linearized at its equilibrium.")]
Over = Annotated[
    list[str] | None,
    typer.Option(
        "--over",
        metavar="NAME=LOW:HIGH:N",
        help="An axis of the grid: a state symbol, a parameter, eta or an option of the rule.",
    ),
]
Ranges = Annotated[
    list[str] | None,
    typer.Option("--sample", metavar="NAME=LOW:HIGH", help="Drawn at random from a range."),
]
Count = Annotated[int, typer.Option("--samples", metavar="N", help="How many random points.")]
Uniform = Annotated[
    bool, typer.Option("--uniform", help="Independent points instead of Sobol's sequence.")
]
Seed = Annotated[int, typer.Option(metavar="N", help="Of everything random.")]
Start = Annotated[
    str | None,
    typer.Option("--x0", metavar="NAME=VALUE,...", help="Initial values that are not swept."),
]
Steps = Annotated[int, typer.Option(metavar="N", help="Steps of an orbit.")]
Chunk = Annotated[int, typer.Option(metavar="N", help="Cells of a chunk; 0: to fit.")]
Backend = Annotated[str, typer.Option(metavar="NAME", help="auto, jit or numpy.")]
Portable = Annotated[
    bool, typer.Option("--portable", help="The same bits on every instruction set; needs the JIT.")
]


def _typed(
    game: str,
    loss: str | None,
    settings: list[str] | None,
    rule: str,
    eta: str | None,
    linear: bool,
    over: list[str] | None,
    sample: list[str] | None,
    samples: int,
    uniform: bool,
    seed: int,
    x0: str | None,
) -> Typed:
    from symgan.cli.sweep_build import Typed
    from symgan.sweep.store import require_extra

    require_extra()
    listed = (tuple(over or ()), tuple(sample or ()))
    return Typed(
        *(game, loss, tuple(settings or ()), rule, eta, linear, *listed, samples, seed),
        uniform=uniform,
        x0=x0,
    )


def _run(
    store: Path,
    typed: Typed,
    model: Any,
    measure: Any,
    *,
    place: tuple[str | None, int],
    figure: Path | None,
    **more: Any,
) -> None:
    from symgan.cli.sweep_build import starts
    from symgan.cli.sweep_show import show_store
    from symgan.sweep.sweep import Sweep

    drawable(figure)
    design = typed.design(starts(typed, model))
    sweep = Sweep((model,), design, measure, seed=typed.seed, **more)
    again = f"symgan sweep resume {store}"
    fill(store, sweep, measure.kind, again, *place)
    show_store(store, figure)


def basins(
    game: Game,
    store: Folder,
    rule: RuleName = "simultaneous",
    eta: Step = None,
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

    typed = _typed(
        game, loss, settings, rule, eta, linear, over, sample, samples, uniform, seed, x0
    )
    choice, model = choose(typed)
    measure = Basins(steps, points(point or (), choice, model), radius, hold, bound)
    more = {"chunk": chunk, "backend": backend, "portable": portable}
    _run(store, typed, model, measure, place=(scheduler, workers), figure=figure, **more)


def bifurcation(
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

    typed = _typed(
        game, loss, settings, rule, eta, linear, over, sample, samples, uniform, seed, x0
    )
    _, model = choose(typed)
    more = {"chunk": chunk, "backend": backend, "portable": portable}
    measure = Tail(steps, keep, tolerance, bound)
    _run(store, typed, model, measure, place=(scheduler, workers), figure=figure, **more)


def region(
    game: Game,
    store: Folder,
    rule: RuleName = "simultaneous",
    eta: Step = None,
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

    typed = _typed(game, loss, settings, rule, eta, linear, over, [], samples, False, seed, None)
    choice, plain = choose(typed)
    model = plain.centered(equilibrium(choice))
    drawn = tuple(f"{name}={-radius!r}:{radius!r}" for name in model.visible)
    near = Typed(**{**vars(typed), "sample": drawn})
    measure = Growth(steps, factor, bound=2 * factor * radius)
    more = {"chunk": chunk, "backend": backend, "portable": portable}
    _run(store, near, model, measure, place=(scheduler, workers), figure=figure, **more)


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

    typed = _typed(
        game, loss, settings, rule, eta, linear, over, sample, samples, uniform, seed, x0
    )
    _, model = choose(typed)
    more = {"chunk": chunk, "backend": backend, "portable": portable}
    measure = Exponents(steps, burn, every, bound)
    _run(store, typed, model, measure, place=(scheduler, workers), figure=figure, **more)
