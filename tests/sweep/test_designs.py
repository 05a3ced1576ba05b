"""Cells: axes, samples, lists, products."""

from __future__ import annotations

import json
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import qmc

from symgan.errors import BadData
from symgan.sweep.designs import Axis, Design, Points, Product, Sample, read_design
from symgan.sweep.sobol import DIMENSIONS, sobol

FINITE = st.floats(allow_nan=False, allow_infinity=False)
DESIGNS = st.one_of(
    st.builds(lambda low, n: Axis("a", low, low + 1, n), st.fractions(-9, 9), st.integers(2, 5)),
    st.builds(
        lambda n, seed, kind: Sample({"b": (-1, 2), "c": (0, "1/3")}, n, seed, kind),
        *(st.integers(1, 9), st.integers(0, 99), st.sampled_from(["sobol", "uniform"])),
    ),
    st.lists(FINITE, min_size=1, max_size=4).map(lambda xs: Points({"d": xs})),
)


def test_sobol_points_are_those_of_scipy() -> None:
    """All twelve dimensions, past several powers of two; another implementation."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # 600 is no power of two, which balance would want
        theirs = qmc.Sobol(DIMENSIONS, scramble=False, bits=32).random(600)
    assert sobol(600, DIMENSIONS).tobytes() == theirs.tobytes()


@given(st.integers(0, 2**62), st.integers(1, 8), st.integers(1, DIMENSIONS))
def test_a_shift_keeps_every_dyadic_interval_equally_full(seed: int, m: int, d: int) -> None:
    points = sobol(2**m, d, seed)
    assert points.min() >= 0
    for column in points.T:
        assert np.bincount((column * 2**m).astype(int), minlength=2**m).tolist() == [1] * 2**m


def test_seeds_and_kinds_give_other_points() -> None:
    box = {"x": (0, 1), "y": (0, 1)}
    drawn = [Sample(box, 8, s, kind) for s in (0, 1) for kind in ("sobol", "uniform")]  # type: ignore[arg-type]
    assert len({s.columns()["x"].tobytes() for s in drawn}) == 4
    assert (drawn[0].columns()["x"] != drawn[0].columns()["y"]).all()


@settings(max_examples=30, deadline=None)
@given(DESIGNS)
def test_designs_are_read_as_they_were_written(design: Design) -> None:
    found = read_design(json.loads(json.dumps(design.plain())))
    assert list(found.columns()) == list(design.columns())
    for name, values in design.columns().items():
        assert found.columns()[name].tobytes() == values.tobytes()


def test_a_product_takes_each_with_each_the_last_fastest() -> None:
    design = Axis("x", 0, 1, 2) * Points({"y": [5, 6, 7], "z": [1, 2, 3]}) * Axis("w", 0, 1, 2)
    rows = list(zip(*(c.tolist() for c in design.columns().values()), strict=True))
    assert rows[:4] == [(0, 5, 1, 0), (0, 5, 1, 1), (0, 6, 2, 0), (0, 6, 2, 1)]
    assert len(set(rows)) == 12
    assert [len(part) for part in design.parts] == [2, 3, 2]


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: Axis("x", 0, 1, 0), "a grid of 0 nodes along x is empty or a point"),
        (lambda: Axis("x", 1, 0, 3), "must be in order"),
        (lambda: Axis("x", float("nan"), 1, 3), "nan is not a finite number"),
        (lambda: Sample({"x": (1, 1)}, 3), "x from 1 to 1 is empty"),
        (lambda: Sample({"x": (0, 1)}, 0), "0 points"),
        (lambda: Sample({"x": (0, 1)}, 3, kind="halton"), "choose one of: sobol, uniform"),  # type: ignore[arg-type]
        (lambda: Sample({f"x{i}": (0, 1) for i in range(13)}, 3), "1 to 12 dimensions"),
        (lambda: Points({"x": []}), "is empty"),
        (lambda: Points({"x": [1], "y": [1, 2]}), "different lengths"),
        (lambda: Points({"x": [float("inf")]}), "x holds a number that is not finite"),
        (lambda: Points({"x": ["one"]}), "no number"),
        (lambda: Axis("x", 0, 1, 2) * Points({"x": [1]}), "x is given twice"),
        (lambda: Product(()), "over nothing"),
        (lambda: read_design({"design": "ring"}), "describe no cells"),
        (lambda: read_design({"design": "axis"}), "describe no cells"),
    ],
)
def test_wrong_designs_are_refused(make: Any, match: str) -> None:
    with pytest.raises(BadData, match=match):
        make()
