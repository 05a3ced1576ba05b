"""A study as Markdown and LaTeX: values, ranks, tests, and the printed table beside them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

from symgan.empirical.study.analysis import ALL, Analysis, Cell
from symgan.empirical.study.printed import Comparison
from symgan.stats import Interval

TITLES: Final = {
    "table1": "Table 1: Wasserstein distance on two-dimensional data",
    "table2": "Table 2 on the digits: Fréchet distance of a classifier's features",
}
NAMES: Final = {"sim": "Sim", "alt1": "Alt 1", "alt5": "Alt 5", "dynamic": "Dynamic"}
_UNIT: Final = (
    "A cell is the median over seeds with its exact interval between order statistics; a diverged "
    "member counts as infinitely far. A block of Friedman's test is a (GAN, data set) pair: seeds "
    "are replicates of it and never further blocks."
)


def heading(found: Analysis) -> str:
    """What the table is, and whether it is preliminary."""
    return f"{TITLES[found.study.table]} ({found.study.label})"


def value(x: float) -> str:
    """A distance in four decimals, as the paper prints them; in four digits where it is large.

    >>> value(0.0332), value(1533.967), value(float("inf"))
    ('0.0332', '1534', 'diverged')
    """
    if math.isinf(x):
        return "diverged"
    return f"{x:.4f}" if abs(x) < 10 else f"{x:.4g}"


def probability(p: float) -> str:
    """A p-value with two digits.

    >>> probability(0.0192), probability(2e-9)
    ('0.019', '2e-09')
    """
    return f"{p:.2g}"


def span(interval: Interval) -> str:
    """An interval.

    >>> span(Interval(0.01, float("inf"), 0.9))
    '[0.0100, diverged]'
    """
    return f"[{value(interval.low)}, {value(interval.high)}]"


def place(found: Analysis, gan: str, data: str, order: str) -> int:
    """The place of an order in its pair by its median; equal ones share the better place."""
    row = found.medians((gan, data))
    return 1 + sum(x < row[found.study.orders.index(order)] for x in row)


def markdown(found: Analysis, beside: Comparison | None = None) -> str:
    """All that a study says, as Markdown.

    Args:
        found: its statistics.
        beside: the printed table.
    """
    parts = [f"# {heading(found)}", _UNIT, _table(*_values(found, beside))]
    parts += ["## Average ranks", _table(*_ranks(found, beside)), _rank_note(found)]
    parts += ["## Friedman's test", _table(*_tests(found))]
    parts += ["## Orders two by two", _table(*_contrast_rows(found)), _CONTRASTS]
    parts += ["## Each seed alone", _table(*_seed_rows(found)), _scores_note(found)]
    if beside is not None:
        parts += ["## Beside the printed table", _agreement(found, beside)]
        rows = [[f.sentence, f.printed, f.measured] for f in beside.findings]
        parts += [_table(["the paper says", "printed values", "this study"], rows)]
    rows = [[name, str(text)] for name, text in found.study.settings.items()]
    parts += ["## Settings", _table(["setting", "value"], rows)]
    return "\n\n".join(parts) + "\n"


def latex(found: Analysis, beside: Comparison | None = None) -> str:
    """The table of values and average ranks as a LaTeX tabular, with its label in the caption.

    Bold is the smallest median of a pair, underlined the second.
    """
    study = found.study
    columns = "ll" + "r" * len(study.datasets)
    head = " & ".join(["GAN", "Order", *(name.capitalize() for name in study.datasets)])
    lines = [r"\begin{table}", rf"\begin{{tabular}}{{{columns}}}", r"\hline", rf"{head} \\"]
    for gan in study.gans:
        lines.append(r"\hline")
        for number, order in enumerate(study.orders):
            cells = [_latex_cell(found, gan, data, order) for data in study.datasets]
            name = _escaped(gan) if number == 0 else ""
            lines.append(" & ".join([name, NAMES.get(order, order), *cells]) + r" \\")
    lines += [r"\hline", *_latex_ranks(found, beside), r"\hline", r"\end{tabular}"]
    caption = f"{heading(found)}. Medians over seeds; in the last rows average ranks"
    printed = " (in parentheses: of the printed values)" if beside is not None else ""
    return "\n".join([*lines, rf"\caption{{{_escaped(caption + printed)}.}}", r"\end{table}", ""])


def _values(found: Analysis, beside: Comparison | None) -> tuple[list[str], list[list[str]]]:
    study = found.study
    rows = []
    for gan in study.gans:
        for order in study.orders:
            row = [gan, NAMES.get(order, order)]
            for data in study.datasets:
                text = _cell_text(found, gan, data, order)
                if beside is not None:
                    text += f"; printed {beside.values[gan, data, order]}"
                row.append(text)
            rows.append(row)
    floors = [value(study.floors[d]) if d in study.floors else "" for d in study.datasets]
    rows.append(["two samples of the data", "", *floors])
    return ["GAN", "order", *study.datasets], rows


def _cell_text(found: Analysis, gan: str, data: str, order: str) -> str:
    cell, rank = found.cells[gan, data, order], place(found, gan, data, order)
    text = value(cell.median)
    if rank == 1:
        text = f"**{text}**"
    text += f" {span(cell.interval)}"
    return text + _gone(cell, len(found.study.seeds))


def _gone(cell: Cell, seeds: int) -> str:
    return f" ({cell.diverged} of {seeds} diverged)" if cell.diverged else ""


def _ranks(found: Analysis, beside: Comparison | None) -> tuple[list[str], list[list[str]]]:
    rows = []
    for i, order in enumerate(found.study.orders):
        row = [NAMES.get(order, order)]
        for name, ranked in found.ranked.items():
            text = f"{float(ranked.test.average_ranks[i]):.3f}"
            if ranked.over_seeds is not None:
                text += f" [{ranked.over_seeds[i].low:.2f}, {ranked.over_seeds[i].high:.2f}]"
            if beside is not None:
                text += f" (printed {float(beside.average_ranks[name][i]):.3f})"
            row.append(text)
        everywhere = found.ranked[ALL]
        over = everywhere.over_pairs[i]
        row += [f"{over.low:.2f} to {over.high:.2f}", str(everywhere.first[i])]
        rows.append(row)
    return ["order", *found.ranked, "over pairs", "first"], rows


def _rank_note(found: Analysis) -> str:
    level = found.ranked[ALL].over_pairs[0].level
    return (
        "Ranks are of medians over seeds. In brackets: Student's "
        f"{level:.0%} interval of the average rank that one seed's table has, which medians, being "
        f"less noisy, may leave. Over pairs: {level:.0%} bootstrap interval of blocks. First: in "
        "how many pairs the order has the smallest median. Printed ranks are computed anew from "
        "the printed values."
    )


def _tests(found: Analysis) -> tuple[list[str], list[list[str]]]:
    rows = [
        [
            name,
            str(ranked.test.blocks),
            f"{float(ranked.test.statistic):.3f}",
            probability(float(ranked.p_exact)) + (" (sampled)" if ranked.sampled else ""),
            probability(float(ranked.test.p_chi_square)),
            f"{float(ranked.test.kendall_w):.3f}",
        ]
        for name, ranked in found.ranked.items()
    ]
    return ["data", "blocks", "Q", "p exact", "p chi-square", "Kendall's W"], rows


_CONTRASTS: Final = (
    "Ratio: the median over pairs of the first order's distance over the second's, with its exact "
    "interval; below 1 the first is nearer to the data. Wilcoxon and sign tests are exact and of "
    "one contrast; Nemenyi's and Conover's p-values account for all of them (Conover's by Holm)."
)


def _contrast_rows(found: Analysis) -> tuple[list[str], list[list[str]]]:
    rows = [
        [
            f"{NAMES.get(c.first, c.first)} / {NAMES.get(c.second, c.second)}",
            f"{c.ratio:.3g} [{c.interval.low:.3g}, {c.interval.high:.3g}]",
            f"{c.wins} : {c.losses}",
            "" if c.p_wilcoxon is None else probability(float(c.p_wilcoxon)),
            "" if c.p_sign is None else probability(float(c.p_sign)),
            probability(c.p_nemenyi),
            probability(c.p_conover),
        ]
        for c in found.contrasts
    ]
    return ["orders", "ratio", "nearer", "Wilcoxon", "sign", "Nemenyi", "Conover"], rows


def _seed_rows(found: Analysis) -> tuple[list[str], list[list[str]]]:
    rows = [
        [
            str(view.seed),
            *(f"{float(rank):.3f}" for rank in view.average_ranks),
            probability(view.p),
            " : ".join(map(str, view.first)),
        ]
        for view in found.seeds
    ]
    names = [NAMES.get(order, order) for order in found.study.orders]
    return ["seed", *names, "p (Friedman)", "first"], rows


def _scores_note(found: Analysis) -> str:
    return (
        "Ranks within each seed, averaged over seeds, permuted inside pairs: "
        f"p = {probability(float(found.p_scores))} (Monte Carlo)."
    )


def _agreement(found: Analysis, beside: Comparison) -> str:
    within = beside.within
    return (
        f"Inside pairs the mean rank correlation of medians and printed values is "
        f"{float(within.mean):.3f} (exact one-sided p = {probability(float(within.p_exact))}). "
        f"Spearman's correlation is {beside.cells:.3f} over all cells and {beside.averages:.3f} "
        f"over average ranks. {beside.inside} of {len(beside.values)} printed values lie between "
        f"the smallest and the largest of our {len(found.study.seeds)} seeds."
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(_lines(head, rows))


def _lines(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + " --- |" * len(head)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |"


def _latex_cell(found: Analysis, gan: str, data: str, order: str) -> str:
    text, rank = (
        value(found.cells[gan, data, order].median),
        place(found, gan, data, order),
    )
    return {1: rf"\textbf{{{text}}}", 2: rf"\underline{{{text}}}"}.get(rank, text)


def _latex_ranks(found: Analysis, beside: Comparison | None) -> Iterator[str]:
    for i, order in enumerate(found.study.orders):
        row = ["average rank" if i == 0 else "", NAMES.get(order, order)]
        for data in found.study.datasets:
            text = f"{float(found.ranked[data].test.average_ranks[i]):.3f}"
            if beside is not None:
                text += f" ({float(beside.average_ranks[data][i]):.3f})"
            row.append(text)
        yield " & ".join(row) + r" \\"


def _escaped(text: str) -> str:
    for sign in "&%_#$":
        text = text.replace(sign, "\\" + sign)
    return text
