"""Options that the commands of ``symgan sweep`` share, and how a sweep starts from them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from symgan.cli.sweep_run import drawable, fill

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
FlowName = Annotated[
    str | None, typer.Option("--flow", metavar="NAME", help="A flow instead of a rule.")
]
Interval = Annotated[
    float, typer.Option(metavar="TIME", help="Of a flow: the time that counts as a step.")
]
Accuracy = Annotated[
    float, typer.Option(metavar="T", help="Of a flow: the local error of its integration.")
]


def read_options(
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
    flow: tuple[str | None, float, float] = (None, 1.0, 1e-12),
) -> Typed:
    """What was typed, once the extra that stores need is there.

    Raises:
        MissingExtra: it is not.
        BadData: an interval or an accuracy that is no positive number.
    """
    from symgan.cli.sweep_build import Typed
    from symgan.sweep.models import Sampling
    from symgan.sweep.store import require_extra

    require_extra()
    name, interval, accuracy = flow
    listed = (tuple(over or ()), tuple(sample or ()))
    return Typed(
        *(game, loss, tuple(settings or ()), rule, eta, linear, *listed, samples, seed),
        uniform=uniform,
        x0=x0,
        flow=name,
        sampling=Sampling(interval, accuracy) if name else None,
    )


def start(
    store: Path,
    typed: Typed,
    model: Any,
    measure: Any,
    *,
    place: tuple[str | None, int],
    figure: Path | None,
    **more: Any,
) -> None:
    """Run a sweep into its store, show what it holds and draw it."""
    from symgan.cli.sweep_build import starts
    from symgan.cli.sweep_show import show_store
    from symgan.sweep.sweep import Sweep

    drawable(figure)
    design = typed.design(starts(typed, model))
    sweep = Sweep((model,), design, measure, seed=typed.seed, **more)
    again = f"symgan sweep resume {store}"
    fill(store, sweep, measure.kind, again, *place)
    show_store(store, figure)
