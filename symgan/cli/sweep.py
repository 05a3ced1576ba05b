"""``symgan sweep``: many runs of one system, kept in a store that survives interruptions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from symgan.cli.sweep_orbits import basins, bifurcation, exponents, region
from symgan.cli.sweep_run import Drawing, Folder, Scheduler, Workers, fill
from symgan.cli.sweep_thresholds import thresholds

sweep = typer.Typer(help="Many runs of one system, in a store that resumes.", no_args_is_help=True)


@sweep.command("gmm")
def gmm(
    store: Folder,
    dynamics: Annotated[
        str | None,
        typer.Option(metavar="RULE[:OPTION=VALUE,...]", help="[default: first-order]"),
    ] = None,
    intervals: Annotated[
        str | None,
        typer.Option(metavar="KIND:A", help="The initial intervals [default: uniform:2]."),
    ] = None,
    repair: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="literal, clamped or frozen [default: literal]."),
    ] = None,
    grid: Annotated[
        int | None, typer.Option(metavar="N", help="Nodes a side of the grid [default: 41].")
    ] = None,
    low: Annotated[
        str | None, typer.Option(metavar="X", help="The grid's lower end [default: -1].")
    ] = None,
    high: Annotated[
        str | None, typer.Option(metavar="X", help="The grid's upper end [default: 1].")
    ] = None,
    draws: Annotated[
        int | None, typer.Option(metavar="N", help="Discriminators a cell [default: 120].")
    ] = None,
    iterations: Annotated[
        int | None, typer.Option(metavar="N", help="Steps of a run [default: 3000].")
    ] = None,
    eta: Annotated[
        str | None, typer.Option(metavar="STEP", help="Step of both players [default: 0.3].")
    ] = None,
    truth: Annotated[
        str | None, typer.Option(metavar="X,Y", help="The true means [default: -0.5,0.5].")
    ] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", help="[default: 0]")] = None,
    backend: Annotated[
        str | None, typer.Option(metavar="NAME", help="auto, jit or numpy [default: auto].")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Take the settings from the store.")
    ] = False,
    threads: Annotated[
        int,
        typer.Option(
            "--threads",
            "--workers",
            min=0,
            metavar="N",
            help="Threads or processes; 0: a core each.",
        ),
    ] = 0,
    scheduler: Scheduler = None,
) -> None:
    """Map where a mixture GAN learns two Gaussians: a grid of initial means, random discriminators.

    Without options: the first-order map of Li et al. 2018, figure 3.

    \b
    RULE is first-order, unrolled:steps=5, alternating:n_d=5, optimal,
    optimal:noise=1e-6, lookahead:k=5, or a rule that symgan list names.
    KIND:A is uniform:2, normal:1, pairs:2 (may overlap), narrow:0.5, wide:1, or
    fixed:-1,0.2,0.5,2.5 for one discriminator l1,r1,l2,r2.

    \b
    Examples:
      symgan sweep gmm --store map.zarr --grid 21 --draws 40
      symgan sweep gmm --store unrolled.zarr --dynamics unrolled:steps=5
      symgan sweep gmm --store map.zarr --resume
      symgan sweep show map.zarr

    \b
    The same command goes on where an earlier one stopped; a store that was made
    with other settings is refused.
    """
    from symgan.sweep.mixture import MixtureMap
    from symgan.sweep.store import require_extra, settings
    from symgan.sweep.sweep import named_backend

    engine = backend or ("" if resume else "auto")  # a store goes on with its own
    given = {
        "dynamics": dynamics,
        "intervals": intervals,
        "repair": repair,
        "count": grid,
        "low": low,
        "high": high,
        "draws": draws,
        "iterations": iterations,
        "eta": eta,
        "truth": None if truth is None else tuple(truth.split(",")),
        "seed": seed,
        "backend": named_backend(engine) if engine else None,
    }
    require_extra()
    base = MixtureMap.from_settings(settings(store)) if resume else MixtureMap()
    wanted = base.at(**{name: value for name, value in given.items() if value is not None})
    again = f"symgan sweep gmm --store {store} --resume"
    fill(store, wanted, wanted.dynamics, again, scheduler, threads)
    show(store)


@sweep.command("show")
def show(
    store: Annotated[Path, typer.Argument(metavar="DIR", help="The store of a sweep.")],
    figure: Drawing = None,
) -> None:
    """Show what a store holds: its settings, how far it is, what the orbits did."""
    from symgan.cli.sweep_show import show_store

    show_store(store, figure)


@sweep.command("resume")
def resume_store(
    store: Annotated[Path, typer.Argument(metavar="DIR", help="The store of a sweep.")],
    scheduler: Scheduler = None,
    workers: Workers = 0,
    figure: Drawing = None,
) -> None:
    """Go on with the sweep that a store was made for."""
    from symgan.cli.sweep_show import show_store
    from symgan.sweep import tasks
    from symgan.sweep.mixture import MixtureMap
    from symgan.sweep.store import document, require_extra, settings

    require_extra()
    kept, text = settings(store), document(store)
    again = tasks.read(text) if text else MixtureMap.from_settings(kept)
    what = str(kept["experiment"])
    fill(store, again, what, f"symgan sweep resume {store}", scheduler, workers)
    show_store(store, figure)


sweep.command("basins")(basins)
sweep.command("bifurcation")(bifurcation)
sweep.command("region")(region)
sweep.command("exponents")(exponents)
sweep.command("thresholds")(thresholds)
