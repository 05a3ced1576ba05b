"""A study beside the table that the paper prints."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from symgan.data import exact, table
from symgan.empirical.study.analysis import ALL, Analysis, average
from symgan.empirical.study.contrasts import exactly
from symgan.stats import friedman
from symgan.stats.agreement import Agreement, agreement, spearman

METHODS: Final = {"sim": "Sim", "alt1": "Alt1", "alt5": "Alt5", "dynamic": "Dyn"}
"""Our names of the orders -> those of the transcribed tables."""
OURS: Final = "dynamic"
"""The order that the paper proposes."""


@dataclass(frozen=True)
class Finding:
    """A sentence of the paper and what the study found.

    Attributes:
        sentence: in our words.
        printed: what the printed values give.
        measured: what ours give.
    """

    sentence: str
    printed: str
    measured: str


@dataclass(frozen=True)
class Comparison:
    """A study and the printed values of the same cells.

    Attributes:
        values: (GAN, data set, order) -> the value as printed.
        average_ranks: data set, or all -> the average ranks of the printed values, computed anew.
        first: how often each order has the smallest printed value.
        within: how far both rank the orders of each pair alike.
        cells: Spearman's correlation of all values: are the same cells hard?
        averages: Spearman's correlation of the average ranks, data sets times orders.
        inside: in how many cells the printed value lies between our smallest and largest.
        findings: sentences of the paper.
    """

    values: dict[tuple[str, str, str], str]
    average_ranks: dict[str, tuple[Fraction, ...]]
    first: tuple[int, ...]
    within: Agreement
    cells: float
    averages: float
    inside: int
    findings: tuple[Finding, ...]


def compare(found: Analysis) -> Comparison | None:
    """A study held against the printed table; None where the paper printed no such cells.

    It takes the cells that both have: a study of fewer GANs is held against theirs.
    """
    study = found.study
    values = _printed(found)
    if values is None:
        return None
    blocks = {
        (gan, data): [exact(values[gan, data, order]) for order in study.orders]
        for gan, data in found.pairs
    }
    ours = {pair: exactly(found.medians(pair)) for pair in found.pairs}
    sides = {data: [b for (_, d), b in blocks.items() if d == data] for data in study.datasets}
    sides[ALL] = list(blocks.values())
    averages = {name: average(side) for name, side in sides.items()}
    first = tuple(sum(b[i] == min(b) for b in blocks.values()) for i in range(len(study.orders)))
    flat = [
        [r for data in study.datasets for r in table[data]] for table in (averages, _own(found))
    ]
    cells = (
        exactly([found.cells[key].median for key in values]),
        [exact(text) for text in values.values()],
    )
    return Comparison(
        values,
        averages,
        first,
        agreement(list(blocks.values()), list(ours.values())),
        spearman(*cells),
        spearman(flat[0], flat[1]),
        sum(_inside(found, key, text) for key, text in values.items()),
        _findings(found, averages, first, list(blocks.values())),
    )


def _printed(found: Analysis) -> dict[tuple[str, str, str], str] | None:
    study = found.study
    if study.table != "table1" or not set(study.orders) <= set(METHODS):
        return None
    rows = table("dynamic_table1").rows
    known = {(r["gan"], r["dataset"].lower(), r["method"]): r["value"] for r in rows}
    wanted = {
        (gan, data, order): (gan, data, METHODS[order])
        for gan, data in found.pairs
        for order in study.orders
    }
    if not set(wanted.values()) <= set(known):
        return None
    return {key: known[name] for key, name in wanted.items()}


def _own(found: Analysis) -> dict[str, tuple[Fraction, ...]]:
    return {name: ranked.test.average_ranks for name, ranked in found.ranked.items()}


def _inside(found: Analysis, key: tuple[str, str, str], text: str) -> bool:
    values = [run.ranked for run in found.study.replicates(*key)]
    return min(values) <= float(exact(text)) <= max(values)


def _findings(
    found: Analysis,
    averages: dict[str, tuple[Fraction, ...]],
    first: tuple[int, ...],
    blocks: list[list[Fraction]],
) -> tuple[Finding, ...]:
    orders, datasets = found.study.orders, found.study.datasets
    if OURS not in orders:
        return ()
    here, total = orders.index(OURS), len(found.pairs)
    own = _own(found)

    def won(ranks: dict[str, tuple[Fraction, ...]]) -> str:
        names = [d for d in datasets if ranks[d][here] == min(ranks[d])]
        return f"{len(names)} of {len(datasets)}" + (f" ({', '.join(names)})" if names else "")

    def best(ranks: dict[str, tuple[Fraction, ...]]) -> str:
        row = ranks[ALL]
        names = [o for o, rank in zip(orders, row, strict=True) if rank == min(row)]
        return f"{', '.join(names)}; {OURS} has {float(row[here]):.3f}"

    mine = found.ranked[ALL]
    p_printed = friedman(blocks).p_chi_square
    return (
        Finding(
            "Dynamic-GDA is first in half of the (GAN, data set) pairs",
            f"{first[here]} of {total}",
            f"{mine.first[here]} of {total}",
        ),
        Finding(
            "Dynamic-GDA has the best average rank on three of the four data sets",
            won(averages),
            won(own),
        ),
        Finding("Dynamic-GDA is best in aggregate", best(averages), best(own)),
        Finding(
            "the orders differ (Friedman's test, chi-square; the paper's p is of both tables)",
            f"p = {float(p_printed):.3g}",
            f"p = {float(mine.test.p_chi_square):.3g}",
        ),
    )
