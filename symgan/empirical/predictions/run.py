"""The experiment into a store that resumes, and from there into a result."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from symgan.data.predictions import Outcomes, PredictionResult
from symgan.empirical.predictions import far, near
from symgan.empirical.predictions.trials import RING, Design, Trial
from symgan.errors import BadData
from symgan.sweep.declaration import Declaration, Variable
from symgan.sweep.run import run as fill
from symgan.sweep.store import Store, open_store, read

VARIABLES = {
    "predicted": "the step of the threshold, 0 where no step is stable",
    "low": "the largest step seen stable, over the predicted one",
    "high": "the smallest step seen unstable, over the predicted one",
    "change": "of the field, or of the distance from the data",
}


def declaration(design: Design) -> Declaration:
    """What a store of the experiment holds: a trial a cell."""
    across = {"seed": len(design.seeds)}
    return Declaration(
        design.described(),
        {"trial": np.arange(len(design.trials), dtype=float)},
        tuple(Variable(n, across, "float64", meaning) for n, meaning in VARIABLES.items()),
        1,
    )


def one(trial: Trial, design: Design) -> near.Found:
    """What a trial finds, on all seeds of a design."""
    return (far if trial.question == RING else near).run(trial, design.seeds)


def run(
    folder: str | os.PathLike[str],
    design: Design,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> PredictionResult:
    """Run the experiment, or what is left of it, on one thread.

    Args:
        folder: of the store; made, or gone on with.
        design: what is run.
        report: told (trials done, trials in all).

    Raises:
        BadData: the folder holds something else, or another design; another process is at work.
        MissingExtra: xarray or Zarr is not installed.
        KeyboardInterrupt: passed on; finished trials are kept.
    """
    store = open_store(folder, declaration(design))

    def compute(cells: slice, checkpoint: Callable[[], None]) -> dict[str, NDArray[Any]]:
        checkpoint()
        torch.set_num_threads(1)  # of this thread: networks are small, two would wait in turn
        found = one(design.trials[cells.start], design)
        return {name: getattr(found, name)[None] for name in VARIABLES}

    fill(store, compute, threads=1, report=report)
    return result(store, design)


def result(store: Store, design: Design) -> PredictionResult:
    """The result of a store that is whole.

    Raises:
        BadData: trials are missing.
    """
    if pending := store.pending():
        raise BadData(f"{len(pending)} of {len(design.trials)} trials are missing; run it again")
    data = read(Path(store.path))
    columns = {name: data[name].to_numpy() for name in VARIABLES}
    outcomes = [
        Outcomes(
            trial.question, trial.network, trial.loss, trial.rule, dict(trial.options),
            **{name: _plain(column[i]) for name, column in columns.items()},
        )
        for i, trial in enumerate(design.trials)
    ]  # fmt: skip
    return PredictionResult(design.described(), tuple(design.seeds), tuple(outcomes))


def _plain(row: NDArray[np.float64]) -> tuple[float | None, ...]:
    return tuple(float(value) if np.isfinite(value) else None for value in row)
