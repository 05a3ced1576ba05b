"""The statistics of a study as data that JSON holds."""

from __future__ import annotations

import math
from typing import Any

from symgan.data.studies import plain as plain_result
from symgan.empirical.study.analysis import Analysis, Cell, Ranked, SeedView
from symgan.empirical.study.contrasts import Contrast
from symgan.empirical.study.printed import Comparison
from symgan.stats import Interval


def plain(found: Analysis, beside: Comparison | None = None) -> dict[str, Any]:
    """Everything in a study's tables; what is infinite is null beside a count of divergences.

    Args:
        found: its statistics.
        beside: the printed table.
    """
    orders = found.study.orders
    return {
        **plain_result(found.study),
        "preliminary": found.study.preliminary,
        "cells": [
            {"gan": gan, "dataset": data, "order": order, **_cell(cell)}
            for (gan, data, order), cell in found.cells.items()
        ],
        "ranks": {name: _ranked(ranked, orders) for name, ranked in found.ranked.items()},
        "contrasts": [_contrast(contrast) for contrast in found.contrasts],
        "each seed alone": [_seed(view, orders) for view in found.seeds],
        "p of ranks averaged over seeds": float(found.p_scores),
        "printed": None if beside is None else _beside(beside, orders),
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "median": _number(cell.median),
        "interval": _interval(cell.interval),
        "mean": cell.mean,
        "interval of the mean": _interval(cell.mean_interval),
        "diverged": cell.diverged,
        "generator's share of updates": cell.generator,
    }


def _ranked(ranked: Ranked, orders: tuple[str, ...]) -> dict[str, Any]:
    seeds = ranked.over_seeds or (None,) * len(orders)
    return {
        "blocks": ranked.test.blocks,
        "average ranks": dict(zip(orders, map(float, ranked.test.average_ranks), strict=True)),
        "intervals over seeds": dict(zip(orders, map(_interval, seeds), strict=True)),
        "intervals over pairs": dict(zip(orders, map(_interval, ranked.over_pairs), strict=True)),
        "first": dict(zip(orders, ranked.first, strict=True)),
        "Friedman": float(ranked.test.statistic),
        "p": float(ranked.p_exact),
        "p is": "sampled" if ranked.sampled else "exact",
        "p chi-square": float(ranked.test.p_chi_square),
        "Kendall's W": float(ranked.test.kendall_w),
    }


def _contrast(contrast: Contrast) -> dict[str, Any]:
    return {
        "first": contrast.first,
        "second": contrast.second,
        "ratio": _number(contrast.ratio),
        "interval": _interval(contrast.interval),
        "wins": contrast.wins,
        "losses": contrast.losses,
        "p Wilcoxon": None if contrast.p_wilcoxon is None else float(contrast.p_wilcoxon),
        "p sign": None if contrast.p_sign is None else float(contrast.p_sign),
        "p Nemenyi": contrast.p_nemenyi,
        "p Conover, Holm": contrast.p_conover,
    }


def _seed(view: SeedView, orders: tuple[str, ...]) -> dict[str, Any]:
    return {
        "seed": view.seed,
        "average ranks": dict(zip(orders, map(float, view.average_ranks), strict=True)),
        "Friedman": float(view.statistic),
        "p chi-square": view.p,
        "first": dict(zip(orders, view.first, strict=True)),
    }


def _beside(beside: Comparison, orders: tuple[str, ...]) -> dict[str, Any]:
    return {
        "values": [
            {"gan": gan, "dataset": data, "order": order, "printed": text}
            for (gan, data, order), text in beside.values.items()
        ],
        "average ranks": {
            name: dict(zip(orders, map(float, row), strict=True))
            for name, row in beside.average_ranks.items()
        },
        "first": dict(zip(orders, beside.first, strict=True)),
        "mean rank correlation inside pairs": float(beside.within.mean),
        "its p, exact, one-sided": float(beside.within.p_exact),
        "Spearman's correlation of all cells": beside.cells,
        "Spearman's correlation of average ranks": beside.averages,
        "printed values inside the range of seeds": beside.inside,
        "findings": [
            {"sentence": f.sentence, "printed": f.printed, "measured": f.measured}
            for f in beside.findings
        ],
    }


def _interval(interval: Interval | None) -> dict[str, Any] | None:
    if interval is None:
        return None
    return {
        "low": _number(interval.low),
        "high": _number(interval.high),
        "level": interval.level,
    }


def _number(x: float) -> float | None:
    return x if math.isfinite(x) else None
