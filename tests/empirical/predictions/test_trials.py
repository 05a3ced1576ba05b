"""Runs: brackets, courses, wrong predictions, and the store."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from symgan.empirical.predictions import far, near
from symgan.empirical.predictions.near import bracket
from symgan.empirical.predictions.run import run
from symgan.empirical.predictions.toys import Toy, toy
from symgan.empirical.predictions.trials import Design, Trial
from symgan.errors import BadData

LINE = Trial("threshold", "line", "wasserstein", "extragradient")


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs of a third of the length, which tell the same apart where networks are affine."""
    monkeypatch.setattr(near, "STEPS", 100)


def test_brackets_hold_the_threshold_or_say_that_it_is_elsewhere() -> None:
    true = np.array([0.5, 0.91, 1.0, 1.09, 1.2])
    low, high = bracket(lambda share: share > true)
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [True, False, False, False, True]
    kept = slice(1, 4)
    assert (low[kept] <= true[kept]).all()
    assert (true[kept] <= high[kept]).all()
    assert np.allclose((high - low)[kept], 0.025)


def test_a_right_prediction_is_bracketed_and_a_wrong_one_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert not np.isnan(near.run(LINE, [0]).low).any()
    for wrong in (0.8, 1.2):
        monkeypatch.setattr(near, "toy", lambda rule, c=wrong, **o: Toy(rule, c, "converges"))
        assert np.isnan(near.run(LINE, [0]).low).all()


def test_thresholds_of_eigenvalues_are_bracketed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    trial = Trial("threshold", "line", "wasserstein+r1", "simultaneous")
    assert not np.isnan(near.run(trial, [0]).low).any()
    monkeypatch.setattr(near, "derive", lambda rule, **o: derive_other("extragradient"))
    assert np.isnan(near.run(trial, [0]).low).all()


def derive_other(rule: str) -> object:
    from symgan.empirical.spectra.multipliers import derive

    return derive(rule)


def test_courses_are_told_apart() -> None:
    changes = {
        rule: float(near.run(Trial("course", "line", "wasserstein", rule), [4]).change[0])
        for rule in ("simultaneous", "alternating", "extragradient")
    }
    assert changes["simultaneous"] > 1e3
    assert 1 / 3 < changes["alternating"] < 3
    assert changes["extragradient"] < 1e-2
    assert toy("alternating").below == "stays"


def test_members_do_not_depend_on_each_other() -> None:
    trial = Trial("course", "shallow", "wasserstein", "extragradient")
    both, alone = near.run(trial, [8, 9]), near.run(trial, [9])
    assert both.predicted[1] == pytest.approx(alone.predicted[0], rel=1e-10)
    assert both.change[1] == pytest.approx(alone.change[0], rel=1e-6)
    assert both.change[0] != pytest.approx(alone.change[0], rel=1e-6)


def test_the_ring_tells_what_runs_off_from_what_stands_still(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trial = Trial("ring", "deep", "wasserstein", "simultaneous")
    assert (far.run(trial, [0, 1], 200).change > 1e3).all()
    monkeypatch.setattr(far, "RING_RATE", 1e-9)
    assert far.run(trial, [0, 1], 2).change == pytest.approx([1, 1], rel=1e-3)


def test_a_store_goes_on_and_refuses_another_design(tmp_path: Path) -> None:
    lines = [Trial("course", "line", "wasserstein", r) for r in ("optimistic", "alternating")]
    design = Design(lines, (1, 2))
    stopped: list[int] = []

    def stop(done: int, total: int) -> None:
        stopped.append(done)
        if done == 1 and len(stopped) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "s", design, stop)
    told: list[tuple[int, int]] = []
    found = run(tmp_path / "s", design, lambda *now: told.append(now))
    assert told[0] == (1, 2)
    assert found == run(tmp_path / "t", design)
    with pytest.raises(BadData, match="seeds"):
        run(tmp_path / "s", Design(design.trials, (1, 3)))


def test_a_design_has_everything_once() -> None:
    for trials, seeds in (((), (1,)), ((LINE, LINE), (1,)), ((LINE,), ()), ((LINE,), (1, 1))):
        with pytest.raises(BadData, match="once"):
            Design(trials, seeds)


def test_the_dirac_oracle_converges_on_the_line_and_not_in_the_plane() -> None:
    """`dynamic.settled.w.attractive.*` and `dynamic.settled.dimensions.minors`, on networks."""
    line, plane = (
        near.run(Trial("course", network, "wasserstein", "dirac-oracle"), [0]).change[0]
        for network in ("line", "plane")
    )
    assert line < 0.1 < plane
