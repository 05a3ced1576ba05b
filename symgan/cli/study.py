"""``symgan study``: which update order trains GANs best, with statistics; stores that resume."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from symgan.cli.console import output, say
from symgan.cli.study_options import (
    Checkpoint,
    Device,
    Figure,
    GanSetting,
    Iterations,
    Jobs,
    Json,
    Keep,
    Latex,
    Markdown,
    Names,
    Preset,
    Resume,
    Samples,
    Scheduler,
    Seeds,
    Setting,
    Store,
    Task,
    Trained,
    Unit,
)
from symgan.cli.sweep_run import INTERRUPTED, drawable

if TYPE_CHECKING:
    from symgan.empirical.study.design import Study

study = typer.Typer(
    help="Which update order trains GANs best: studies with statistics, in stores that resume.",
    no_args_is_help=True,
)


@study.command("table1")
def table1(
    preset: Preset = None,
    store: Store = None,
    seeds: Seeds = None,
    iterations: Iterations = None,
    gans: Names = None,
    datasets: Names = None,
    orders: Names = None,
    settings: Setting = None,
    gan: GanSetting = None,
    unit: Unit = None,
    samples: Samples = None,
    task: Task = None,
    device: Device = None,
    jobs: Jobs = 0,
    scheduler: Scheduler = None,
    checkpoint: Checkpoint = 1000,
    trained: Trained = False,
    resume: Resume = False,
    json: Json = None,
    markdown: Markdown = None,
    latex: Latex = None,
    figure: Figure = None,
    keep: Keep = None,
) -> None:
    """Table 1 of the dynamic paper: 8 GANs x 4 data sets in the plane x 4 update orders.

    Values are exact Wasserstein distances between samples, over several seeds.

    \b
    smoke  300 iterations, 2 seeds: shows that everything works
    quick  5,000 iterations, 3 seeds: preliminary
    full   30,000 iterations, 5 seeds: the printed design

    \b
    Examples:
      symgan study table1 --preset smoke
      symgan study table1 --preset full --store full --jobs 2
      symgan study table1 --store full --resume --json full.json
      symgan study table1 --store a --trained; ls a/trained
      symgan study table1 --store b --set betas=0.5,0.999 --gan wgan:clip=0.1

    The same command goes on where an earlier one stopped; symgan study show
    tells meanwhile how far it is.
    """
    choices = {"seeds": seeds, "iterations": iterations, "unit": unit, "samples": samples}
    choices |= {"gans": gans, "datasets": datasets, "orders": orders}
    choices |= {"task": task, "device": device, "settings": settings, "gan": gan}
    shown = {"json": json, "markdown": markdown, "latex": latex, "figure": figure, "keep": keep}
    _study("table1", preset, store, choices, resume, jobs, scheduler, checkpoint, trained, shown)


@study.command("table2")
def table2(
    preset: Preset = None,
    store: Store = None,
    seeds: Seeds = None,
    iterations: Iterations = None,
    gans: Names = None,
    orders: Names = None,
    settings: Setting = None,
    gan: GanSetting = None,
    unit: Unit = None,
    samples: Samples = None,
    task: Task = None,
    device: Device = None,
    jobs: Jobs = 0,
    scheduler: Scheduler = None,
    checkpoint: Checkpoint = 1000,
    trained: Trained = False,
    resume: Resume = False,
    json: Json = None,
    markdown: Markdown = None,
    latex: Latex = None,
    figure: Figure = None,
    keep: Keep = None,
) -> None:
    """The design of the dynamic paper's Table 2 on scikit-learn's digits, 8 x 8 pixels.

    Values are Fréchet distances between features of a small classifier of digits. The
    paper's own data are larger: its values have no counterpart here.

    \b
    smoke  300 iterations, 2 seeds, 5 layers of 32
    quick  5,000 iterations, 3 seeds, 5 layers of 84: preliminary
    full   30,000 iterations, 5 seeds, 5 layers of 84

    84 is to the digits' 64 pixels what the paper's 1,024 are to the 784 of MNIST.

    \b
    Examples:
      symgan study table2 --preset smoke
      symgan study table2 --preset full --store digits
      symgan study table2 --preset full --set hidden=1024,1024,1024,1024,1024
    """
    choices = {"seeds": seeds, "iterations": iterations, "unit": unit, "samples": samples}
    choices |= {"gans": gans, "orders": orders, "task": task, "device": device}
    choices |= {"settings": settings, "gan": gan}
    shown = {"json": json, "markdown": markdown, "latex": latex, "figure": figure, "keep": keep}
    _study("table2", preset, store, choices, resume, jobs, scheduler, checkpoint, trained, shown)


@study.command("show")
def show(
    store: Annotated[
        str, typer.Argument(metavar="STORE", help="A folder, a JSON file, or a kept study.")
    ],
    json: Json = None,
    markdown: Markdown = None,
    latex: Latex = None,
    figure: Figure = None,
    keep: Keep = None,
) -> None:
    """Show a study: its tables and tests, or how far it is."""
    from symgan.cli.study_show import present, unfinished
    from symgan.data.studies import read_study, stored_studies, stored_study

    drawable(figure)
    place = Path(store)
    if place.is_file() or (store in stored_studies() and not place.exists()):
        found = read_study(place) if place.is_file() else stored_study(store)
    else:
        from symgan.empirical.study.results import result
        from symgan.empirical.torch_extra import require_torch

        require_torch()
        if unfinished(place):
            return
        found = result(place)
    present(found, json=json, markdown=markdown, latex=latex, figure=figure, keep=keep)


@study.command("figures")
def figures(
    store: Annotated[Path, typer.Argument(metavar="STORE", help="The folder of a study.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the files go.")] = Path("figures"),
    seed: Annotated[
        int | None, typer.Option(metavar="N", help="Whose samples [default: the first].")
    ] = None,
) -> None:
    """Redraw figures 3, 7 and 8 of the dynamic paper from what a study has stored.

    Of a study of images, figure 4 and what all its GANs make in the end; of digits, how many of
    the ten a classifier finds in 2 % of what is made. Writes each as PNG; what is not there yet,
    or has diverged, is left empty and said so.
    """
    from symgan.cli.console import progress
    from symgan.cli.study_figures import available, put
    from symgan.empirical.study.results import samples
    from symgan.empirical.torch_extra import require_torch
    from symgan.errors import BadData

    require_torch()
    with progress("reading samples"):
        found = samples(store)
        names = available(found.study)
    if not names:
        raise BadData(f"{store} trains no GAN on all data sets that one of the figures shows")
    for name in names:
        put(name, found, out / f"{name}.png", seed=seed)
        output().print(str(out / f"{name}.png"), markup=False)


def _study(
    table: str,
    preset: str | None,
    store: Path | None,
    choices: dict[str, Any],
    resume: bool,
    jobs: int,
    scheduler: str | None,
    checkpoint: int,
    trained: bool,
    shown: dict[str, Any],
) -> None:
    from symgan.cli.study_show import eta_bar, present
    from symgan.empirical.torch_extra import require_torch
    from symgan.errors import BadData
    from symgan.sweep.store import require_extra

    drawable(shown["figure"])
    require_torch()
    require_extra()
    from symgan.empirical.study.results import result, study_of
    from symgan.empirical.study.run import run_study

    folder = store or Path(f"{table}-{preset or 'quick'}")
    if resume and (preset or any(value is not None for value in choices.values())):
        raise BadData("--resume takes the design from the store; leave the other options out")
    wanted = study_of(folder) if resume else _design(table, preset or "quick", choices)
    if wanted.table != table:
        raise BadData(f"{folder} holds a study of {wanted.table}; use symgan study {wanted.table}")
    try:
        with eta_bar(table) as watch:
            run_study(
                folder,
                wanted,
                jobs=jobs,
                scheduler=scheduler,
                watch=watch,
                interval=checkpoint,
                trained=trained,
            )
    except KeyboardInterrupt:
        say(f"interrupted; symgan study {table} --store {folder} --resume goes on")
        raise typer.Exit(INTERRUPTED) from None
    present(result(folder), **shown)


def _design(table: str, preset: str, choices: dict[str, Any]) -> Study:
    """The preset with what was chosen otherwise."""
    from dataclasses import replace

    from symgan.empirical.study.options import checked, gan_options, with_settings
    from symgan.empirical.study.presets import preset as named
    from symgan.empirical.torch_extra import device

    base = named(preset, table)
    given = {name: value for name, value in choices.items() if value is not None}
    settings = with_settings(base.settings, given.pop("settings", ()))
    if "iterations" in given:
        settings = replace(settings, iterations=given.pop("iterations"))
    changes: dict[str, Any] = {"settings": settings}
    if "seeds" in given:
        changes["seeds"] = tuple(range(given.pop("seeds")))
    for side in ("gans", "datasets", "orders"):
        if side in given:
            changes[side] = checked(side, _parts(given.pop(side)))
    chosen = changes.get("gans", base.gans)
    own, typed = base.options, gan_options(given.pop("gan", ()))
    names = [name for name in dict.fromkeys((*own, *typed)) if name in chosen or name in typed]
    changes["options"] = {n: {**own.get(n, {}), **typed.get(n, {})} for n in names}
    if "samples" in given:
        changes |= {name: min(getattr(base, name), given["samples"]) for name in ("early", "kept")}
    changes["device"] = str(device(given.pop("device", "cpu")))
    changes["snapshots"] = min(base.snapshots, settings.iterations)
    return base.at(**changes, **given)


def _parts(text: str) -> Sequence[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
