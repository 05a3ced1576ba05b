"""The result that ships with symgan: of this design, found again in part, and shown as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from symgan.data.predictions import Outcomes, stored_predictions
from symgan.empirical.predictions import far, near
from symgan.empirical.predictions.judging import markdown
from symgan.empirical.predictions.trials import (
    COURSE,
    RING,
    SEEDS,
    THRESHOLD,
    TRIALS,
    Design,
    Trial,
)

PAGE = Path(__file__).parents[3] / "docs" / "PREDICTIONS.md"


def stored(trial: Trial) -> Outcomes:
    options = dict(trial.options)
    found = stored_predictions()
    return found.of(trial.question, trial.network, trial.loss, trial.rule, **options)


def test_it_is_the_declared_design() -> None:
    found = stored_predictions()
    assert [o.title for o in found.outcomes] == [t.title for t in TRIALS]
    assert found.seeds == SEEDS
    wanted = {k: v for k, v in Design().described().items() if k not in ("torch", "symgan")}
    assert {name: found.settings[name] for name in wanted} == wanted


def test_a_slice_of_the_thresholds_is_found_again() -> None:
    trial = Trial(THRESHOLD, "shallow", "wasserstein", "optimistic")
    again, kept = near.run(trial, SEEDS[3:4]), stored(trial)
    assert again.predicted[0] == pytest.approx(kept.predicted[3], rel=1e-9)
    assert (again.low[0], again.high[0]) == pytest.approx((kept.low[3], kept.high[3]))
    assert again.predicted[0] != pytest.approx(kept.predicted[4], rel=1e-3)


def test_a_slice_of_the_courses_is_found_again() -> None:
    trial = Trial(COURSE, "shallow", "wasserstein", "extragradient")
    again, kept = near.run(trial, SEEDS[5:6]).change[0], stored(trial).change
    assert again == pytest.approx(kept[5], rel=1e-4)
    assert again != pytest.approx(kept[6], rel=1e-4)


def test_a_slice_of_the_ring_is_found_again() -> None:
    trial = Trial(RING, "deep", "wasserstein", "simultaneous")
    again = far.run(trial, SEEDS[:1]).change[0]
    assert again == pytest.approx(stored(trial).change[0], rel=1e-9)
    assert again != pytest.approx(stored(trial).change[1], rel=1e-6)


def test_the_page_shows_it() -> None:
    """`symgan study predictions --markdown FILE` writes the table."""
    assert markdown(stored_predictions()) in PAGE.read_text(encoding="utf-8")
