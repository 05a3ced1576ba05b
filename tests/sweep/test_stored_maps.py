"""The stored failure maps: what was run, and some of it run again."""

from __future__ import annotations

import json
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from symgan_papers.gmm.map_tables import document
from symgan_papers.gmm.maps import FIGURE, all_maps

from symgan.data import gmm_maps
from symgan.data.gmm_maps import THRESHOLDS, encode, stored_map, stored_maps
from symgan.errors import BadData, UnknownName
from symgan.stats import wilson
from symgan.sweep import MixtureMap
from symgan.sweep.outcomes import cell_intervals, shares

SIZE = 2_500_000
"""Bytes that all stored maps together may take."""


def test_every_stored_map_is_one_that_is_declared() -> None:
    declared = all_maps()
    for name in stored_maps():
        kept = dict(stored_map(name).settings)
        again = declared[name].settings()
        assert {key: kept[key] for key in again if key != "symgan"} == {
            key: value for key, value in again.items() if key != "symgan"
        }
        assert np.array_equal(stored_map(name).means, declared[name].means)
        assert stored_map(name).codes.shape == (len(declared[name].means), declared[name].draws)


def test_the_figure_is_stored_at_full_size() -> None:
    assert stored_maps()[:3] == tuple(FIGURE)
    for name in ("first-order", "unrolled"):
        assert stored_map(name).codes.shape == (1681, 120)
    assert stored_map("optimal").codes.shape == (1681, 1)


def test_the_files_are_small() -> None:
    folder = files("symgan.data")
    sizes = [len(folder.joinpath(n).read_bytes()) for n in (gmm_maps.ARRAYS, gmm_maps.SETTINGS)]
    assert sum(sizes) < SIZE
    assert list(json.loads(folder.joinpath(gmm_maps.SETTINGS).read_text())) == list(stored_maps())


def rerun(m: MixtureMap, cell: int) -> np.ndarray:
    """The outcomes of one cell, (draws,)."""
    found = m.compute()(slice(cell, cell + 1), lambda: None)
    return encode(found["final"], found["tv"], found["moved"])[0][0]


CELLS = [
    ("first-order", 5 * 41 + 30),
    ("first-order", 20 * 41 + 25),
    ("rules/extragradient", 6 * 41 + 32),
    ("study/first-order/pairs:2/frozen", 7 * 11 + 2),
    ("unrolled", 12 * 41 + 33),
    ("optimal", 30 * 41 + 7),
]


@pytest.mark.parametrize(
    ("name", "cell", "backend"),
    [*((*cell, "jit") for cell in CELLS), *((*cell, "numpy") for cell in CELLS[:5])],
)
def test_cells_run_again_have_the_stored_outcomes(name: str, cell: int, backend: str) -> None:
    """One run of a hundred may differ.

    Exponentials and the order of sums differ in the last bit between backends, and NumPy's between
    processors. Two last bits of every initial coordinate, a larger change, altered none of 600
    outcomes of the first-order map. The optimal discriminator has one backend. NumPy, thirty times
    slower, follows the first draws alone: what a draw does depends on no other.
    """
    m = all_maps()[name].at(backend=backend)
    m = m.at(draws=min(24, m.draws)) if backend == "numpy" else m
    stored = stored_map(name).codes[cell][: m.draws]
    assert np.mean(rerun(m, cell) != stored) <= 0.01
    if m.draws > 1:
        assert np.mean(rerun(m.at(seed=1, iterations=300), cell) != stored) > 0.01


def test_no_judgment_hangs_on_rounding() -> None:
    """Distances are computed to about 1e-14; the nearest to a threshold is farther off."""
    assert min(stored_map(name).nearest for name in stored_maps()) > 1e-10


def test_flags_and_thresholds_of_a_stored_map_fit_together() -> None:
    m = stored_map("first-order")
    levels = [m.success(t) for t in THRESHOLDS]
    for low, high in pairwise(levels):
        assert (high | ~low).all()
    closed = m.diagonal
    assert int(closed.sum()) == 41
    assert shares(m)["TV < 0.1"].count == int(m.counts(0.1)[~closed].sum())


@pytest.mark.parametrize("name", [n for n in stored_maps() if n != "optimal-noisy"])
def test_equal_means_never_reach_the_truth(name: str) -> None:
    """They stay equal, bit for bit, as in exact arithmetic, and merged means stay 0.058 away."""
    m = stored_map(name)
    assert m.merged[m.diagonal].mean() == 1
    assert not m.success(0.05)[m.diagonal].any()
    assert not (m.success(0.05) & m.merged).any()
    assert m.merged[~m.diagonal].mean() < 1


def test_noise_parts_equal_means_and_leads_them_to_the_truth() -> None:
    m = stored_map("optimal-noisy")
    assert m.success(0.05)[m.diagonal].mean() > 0.98
    assert not (m.success(0.05) & m.merged).any()


def test_unknown_names_and_thresholds_are_refused() -> None:
    with pytest.raises(UnknownName, match="no map is called 'nonsense'; maps: first-order"):
        stored_map("nonsense")
    with pytest.raises(BadData, match=r"no success is stored for 0\.3; choose one of"):
        stored_map("first-order").success(0.3)


def test_stored_outcomes_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        stored_map("first-order").codes[0, 0] = 1


def test_intervals_of_cells_are_those_of_their_counts() -> None:
    m = stored_map("first-order")
    low, high = cell_intervals(m, 0.1, level=0.9)
    for cell in (0, 41, 1000, 1680):
        expected = wilson(int(m.counts(0.1)[cell]), 120, 0.9)
        assert (low[cell], high[cell]) == (expected.low, expected.high)


def test_the_page_says_what_is_stored() -> None:
    page = Path(__file__).parents[2] / "docs" / "GMM_MAPS.md"
    assert page.read_text(encoding="utf-8") == document({n: stored_map(n) for n in stored_maps()})
