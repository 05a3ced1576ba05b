"""Exact bounds against orbits: true ones are confirmed, and every false neighbor is not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sympy as sp
from sympy import Interval, S

from symgan.atlas import Method, step_rows
from symgan.cli.sweep_bounds import bounds
from symgan.errors import BadData
from symgan.games.dirac import dirac
from symgan.games.quadratic import bilinear
from symgan.losses import jensen_shannon
from symgan.sweep import Model, open_store, run
from symgan.sweep.growth import CONVERGES, GROWS, STAYS
from symgan.sweep.thresholds import Bound, Confirmation, confirmations, threshold_sweep
from symgan.system import Map

ETA = sp.Symbol("eta", positive=True)
X, Y = sp.symbols("x y", real=True)
DESCENT = Model("descent", Map((X, Y), (X - ETA * X, Y - ETA * Y / 2), parameters=(ETA,)))
"""Stable for 0 < eta < 2; at 2 it stays."""
TURN = Model("turn", Map((X, Y), (X - ETA * Y, Y + ETA * (X - ETA * Y)), parameters=(ETA,)))
"""Marginal for 0 < eta < 2, a Jordan block at 2."""


def confirmed(folder: Path, *given: Bound, **options: Any) -> tuple[Confirmation, ...]:
    """What 768 steps say, down to 2^-3 of an end."""
    sweep = threshold_sweep(given, steps=768, depth=3, backend="numpy", **options)
    store = open_store(folder, sweep.declaration())
    run(store, sweep.compute(), threads=1)
    return confirmations(given, store.dataset())


def bound(model: Model, stable: Any, marginal: Any = S.EmptySet, **more: Any) -> Bound:
    """A statement on a map."""
    return Bound("plane", model.name, model, stable, marginal, **more)


TRUE = (
    bound(DESCENT, Interval.open(0, 2), sp.FiniteSet(2)),
    bound(TURN, S.EmptySet, Interval.open(0, 2)),
    bound(TURN, S.EmptySet, bounded=Interval.open(0, 2)),
)
FALSE = (
    bound(DESCENT, Interval.open(0, sp.Rational(3, 2))),
    bound(DESCENT, Interval.open(0, sp.Rational(5, 2))),
    bound(DESCENT, S.EmptySet, Interval.open(0, 2)),
    bound(DESCENT, S.EmptySet),
    bound(DESCENT, Interval.open(0, S.Infinity)),
    bound(TURN, Interval.open(0, 2)),
    bound(TURN, S.EmptySet, Interval.open(0, sp.Rational(5, 2))),
    bound(TURN, S.EmptySet),
)


def test_true_bounds_are_confirmed_and_false_ones_are_not(tmp_path: Path) -> None:
    found = confirmed(tmp_path / "s", *TRUE, *FALSE)
    told: dict[int, bool] = {}
    for one in found:
        place = (*TRUE, *FALSE).index(one.bound)
        told[place] = told.get(place, True) and one.agrees
    assert [told[i] for i in range(len(TRUE))] == [True] * len(TRUE)
    assert [told[i] for i in range(len(TRUE), len(TRUE) + len(FALSE))] == [False] * len(FALSE)
    descent, turn = found[0], found[1]
    assert (descent.below, descent.above) == ((CONVERGES,), (GROWS,))
    assert descent.exact
    assert descent.nearest_below == descent.nearest_above == 2.0**-3
    assert (turn.below, turn.above) == ((STAYS,), (GROWS,))


def test_bounds_of_the_toolkit_are_confirmed(tmp_path: Path) -> None:
    """Smooth, marginal, implicit and switched rules, a nonlinear loss, a parameter with values."""
    games = {"bilinear": bilinear(sp.Symbol("sigma", positive=True)), "bce": dirac(jensen_shannon)}
    methods = [
        Method("simultaneous"),
        Method("alternating"),
        Method("extragradient"),
        Method("proximal-point"),
        Method("dirac-oracle", switched=True),
    ]
    rows = [
        *step_rows({"bilinear": games["bilinear"]}, methods),
        *step_rows({"bce": games["bce"]}, methods[1:3]),
    ]
    found = confirmed(tmp_path / "s", *bounds(rows, games))
    assert {(one.bound.game, one.bound.rule) for one in found if not one.agrees} == set()
    ends = {(o.bound.game, o.bound.rule): o.end for o in found}
    assert ends["bilinear (sigma = 1/3)", "alternating"] == 6
    assert ends["bce", "extragradient"] == 2
    assert ends["bilinear (sigma = 2)", "proximal-point"] is None
    assert ends["bilinear (sigma = 2)", "dirac-oracle"] == 1
    # The same orbits refute the neighbor of each: its ends are moved by a half.
    moved = [
        replace(
            one.bound,
            **{
                part: Interval.open(0, one.end * sp.Rational(3, 2))
                for part in ("stable", "marginal", "bounded")
                if getattr(one.bound, part).measure
            },
        )
        for one in found
        if one.end is not None
    ]
    assert len(moved) >= 8
    assert not any(one.agrees for one in confirmed(tmp_path / "moved", *moved))


def test_what_is_no_bound_on_the_step_is_refused(tmp_path: Path) -> None:
    other = Model("m", Map((X,), (X / 2,)))
    with pytest.raises(BadData, match="a threshold is sought in eta alone"):
        bound(other, S.EmptySet)
    with pytest.raises(BadData, match="no bounds to confirm"):
        threshold_sweep([])
    unknown = sp.ConditionSet(ETA, sp.exp(ETA) < 2, S.Reals)
    with pytest.raises(BadData, match="has no listed ends"):
        threshold_sweep([bound(DESCENT, unknown)])
    sweep = threshold_sweep([TRUE[0]], steps=10, depth=2, backend="numpy")
    store = open_store(tmp_path / "s", sweep.declaration())
    with pytest.raises(BadData, match="not finished"):
        confirmations([TRUE[0]], store.dataset())
    run(store, sweep.compute(), threads=1)
    with pytest.raises(BadData, match="no steps at the ends of"):
        confirmations([bound(DESCENT, Interval.open(0, 7))], store.dataset())
