"""A shorter study beside the full one: do its ranks say the same?"""

from __future__ import annotations

from symgan.empirical.study.analysis import ALL, Analysis
from symgan.empirical.study.contrasts import exactly
from symgan.empirical.study.tables import NAMES, probability
from symgan.errors import BadData
from symgan.stats.agreement import agreement


def beside_full(short: Analysis, full: Analysis) -> str:
    """Average ranks of two studies of one grid, and how far they agree inside pairs, as Markdown.

    Members of equal seeds begin alike, so that the two are not independent: agreement says that
    the shorter one may stand for the longer, not that either is right.

    Args:
        short: the preliminary study.
        full: the full design.

    Raises:
        BadData: the studies have other GANs, data sets or orders.
    """
    one, other = short.study, full.study
    sides = [(s.gans, s.datasets, s.orders) for s in (one, other)]
    if sides[0] != sides[1]:
        raise BadData("the studies have different grids; compare two with the same cells")
    ranked = [found.ranked[ALL] for found in (short, full)]
    lines = ["| order | " + " | ".join(_heads(short)) + " | " + " | ".join(_heads(full)) + " |"]
    lines.append("|" + " --- |" * 5)
    for i, order in enumerate(one.orders):
        cells = [
            text
            for r in ranked
            for text in (f"{float(r.test.average_ranks[i]):.3f}", str(r.first[i]))
        ]
        lines.append(f"| {NAMES.get(order, order)} | " + " | ".join(cells) + " |")
    tests = [
        f"p = {probability(float(r.p_exact))} at {found.study.settings['iterations']} iterations"
        for r, found in zip(ranked, (short, full), strict=True)
    ]
    return "\n".join(lines) + f"\n\nFriedman, exact: {', '.join(tests)}. {_agreement(short, full)}"


def _heads(found: Analysis) -> tuple[str, str]:
    iterations, seeds = found.study.settings["iterations"], len(found.study.seeds)
    return f"average rank, {iterations} iterations, {seeds} seeds", "first"


def _agreement(short: Analysis, full: Analysis) -> str:
    tables = [
        [exactly(list(found.medians(pair))) for pair in short.pairs] for found in (short, full)
    ]
    found = agreement(*tables)
    same = sum(
        a.index(min(a)) == b.index(min(b)) for a, b in zip(tables[0], tables[1], strict=True)
    )
    return (
        f"Inside pairs the mean rank correlation of the two is {float(found.mean):.3f} (exact "
        f"one-sided p = {probability(float(found.p_exact))}); {same} of {len(short.pairs)} pairs "
        "have the same order first."
    )
