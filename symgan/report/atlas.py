r"""The atlas as text: an overview a game, rules against regularizers, and cells in detail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import sympy as sp
from rich.table import Table
from rich.text import Text
from sympy.logic.boolalg import Boolean

from symgan.atlas import Cell, Verdict, summary
from symgan.report.steps import number, steps

SHORT: dict[Verdict, str] = {
    Verdict.GLOBAL: "global",
    Verdict.ALMOST_GLOBAL: "almost",
    Verdict.EXPONENTIAL: "exp",
    Verdict.ASYMPTOTIC: "asym",
    Verdict.STABLE: "stable",
    Verdict.CENTER: "center",
    Verdict.CYCLE: "cycle",
    Verdict.DIVERGENCE: "div",
    Verdict.DEPENDS: "dep",
    Verdict.NO_EQUILIBRIUM: "no eq",
    Verdict.NOT_APPLICABLE: "-",
    Verdict.UNDECIDED: "?",
}
"""One word a verdict, for the overview."""

STYLES: dict[Verdict, str] = {
    Verdict.GLOBAL: "bold green",
    Verdict.ALMOST_GLOBAL: "bold green",
    Verdict.EXPONENTIAL: "green",
    Verdict.ASYMPTOTIC: "green",
    Verdict.STABLE: "yellow",
    Verdict.CENTER: "yellow",
    Verdict.CYCLE: "yellow",
    Verdict.DIVERGENCE: "red",
    Verdict.DEPENDS: "cyan",
    Verdict.NO_EQUILIBRIUM: "magenta",
    Verdict.NOT_APPLICABLE: "dim",
    Verdict.UNDECIDED: "bold magenta",
}
"""Color a verdict; the words say the same without it."""

FEW = 60
"""Up to so many cells each is shown with its steps and rates; beyond, an overview a game."""
WIDE = 110
"""Columns from which the overview is a table; below, each rule has lines of its own."""
RULE = 40
"""Columns of the overview that a rule has at least."""
LONG = 60
"""Characters up to which a set of steps or a condition is written out in the terminal."""


def by_game(cells: Iterable[Cell]) -> list[tuple[str, list[Cell]]]:
    """(game with its loss, its cells), in the order of the cells."""
    return [(title, list(group)) for title, group in groupby(cells, game_title)]


def game_title(cell: Cell) -> str:
    """The game, and its loss if it takes one."""
    return f"{cell.game}, {cell.loss} loss" if cell.loss else cell.game


def rule_title(cell: Cell) -> str:
    """The rule, marked where it is a flow."""
    return f"{cell.rule}, flow" if cell.continuous else cell.rule


def overview(cells: Sequence[Cell], title: str) -> Table:
    """Rules against regularizers, one word a cell, for one game."""
    columns = list(dict.fromkeys(cell.regularizer for cell in cells))
    grid = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    grid.add_column("rule", overflow="fold", min_width=RULE)
    for column in columns:
        grid.add_column(column.replace("-", "-\n"), overflow="fold")
    for rule, row in _rows(cells):
        grid.add_row(rule, *(_word(row.get(column)) for column in columns))
    return grid


def overview_narrow(cells: Sequence[Cell]) -> Iterator[tuple[str, str]]:
    """The overview for a narrow terminal: each rule, then verdict and regularizers a line."""
    for rule, row in _rows(cells):
        yield rule, ""
        for verdict in Verdict:
            names = [name for name, cell in row.items() if cell.verdict is verdict]
            if names:
                yield f"  {verdict.value}", ", ".join(names)


def _rows(cells: Sequence[Cell]) -> list[tuple[str, dict[str, Cell]]]:
    rows: dict[str, dict[str, Cell]] = {}
    for cell in cells:
        rows.setdefault(rule_title(cell), {})[cell.regularizer] = cell
    return list(rows.items())


def word(cell: Cell) -> str:
    """The cell in one word; a question mark after it says that a part is undecided."""
    partly = cell.undecided and cell.verdict is not Verdict.UNDECIDED
    return f"{SHORT[cell.verdict]}?" if partly else SHORT[cell.verdict]


def _word(cell: Cell | None) -> Text:
    return Text("") if cell is None else Text(word(cell), style=STYLES[cell.verdict])


LEGEND = (
    ", ".join(f"{short}: {verdict.value}" for verdict, short in SHORT.items())
    + ", dep?: in part undecided"
)


def details(cells: Iterable[Cell]) -> Iterator[tuple[str, str]]:
    """Every cell: its name, then a label and its text a line."""
    for cell in cells:
        yield f"{game_title(cell)} | {cell.regularizer} | {rule_title(cell)}", ""
        yield from ((f"  {label}", text) for label, text in facts(cell))


def facts(cell: Cell) -> Iterator[tuple[str, str]]:
    """(label, text) of what is known of a cell."""
    yield "verdict", cell.verdict.value
    if len(cell.cases) > 1:
        for case in cell.cases:
            yield case.verdict.value, f"if {condition(case.condition)}"
    if cell.answer is not None and cell.answer.discrete and not cell.answer.failure:
        yield "stable", short_steps(cell.stable)
        if cell.marginal is not sp.S.EmptySet:
            yield "marginal", short_steps(cell.marginal)
        for best in cell.best:
            where = "" if best.condition is sp.true else f" if {condition(best.condition)}"
            yield "best step", f"{number(best.step)}, rate {number(best.rate)}{where}"
        if rates := cell.rate_an_update:
            yield "an update", "; ".join(number(rate) for rate in rates)
    elif cell.eigenvalues:
        shown = ", ".join(_with_multiplicity(number(v), m) for v, m in cell.eigenvalues)
        yield "spectrum", shown
    if cell.rate is not None:
        yield "abscissa", number(cell.rate)
    if cell.evidence:
        yield "evidence", ", ".join(cell.evidence)
    if cell.reason:
        yield "note", cell.reason


def _with_multiplicity(text: str, multiplicity: int) -> str:
    return text if multiplicity == 1 else f"{text} ({multiplicity} times)"


def condition(found: Boolean) -> str:
    """A condition as text, long ones cut short."""
    text = str(found)
    return text if len(text) <= LONG else f"{text[:LONG]} ... (--json writes it out)"


def short_steps(found: sp.Set) -> str:
    """A set of steps as text; one without a closed form by its condition, cut short."""
    if isinstance(found, sp.ConditionSet):
        return f"where {condition(found.condition)}"
    text = steps(found)
    return text if len(text) <= LONG else f"{text[:LONG]} ... (--json writes it out)"


def tally(cells: tuple[Cell, ...]) -> str:
    """One line: how many cells, how many of each verdict, how many distinct problems.

    >>> tally(())
    '0 cells'
    """
    problems = len({cell.problem for cell in cells if cell.problem})
    parts = [f"{len(cells)} cells" + (f", {problems} distinct linear problems" if problems else "")]
    parts += [f"{count} {name}" for name, count in summary(cells).items()]
    undecided = sum(cell.undecided for cell in cells)
    if cells:
        parts.append(f"{100 * undecided / len(cells):.1f} % undecided")
    return " · ".join(parts)


def markdown(cells: Sequence[Cell]) -> str:
    """The overviews as a Markdown document."""
    parts = [_INTRODUCTION, tally(tuple(cells)) + ".", ""]
    for title, own in by_game(cells):
        columns = list(dict.fromkeys(cell.regularizer for cell in own))
        parts += [f"## {title}", "", _line(["rule", *columns])]
        parts.append(_line(["---"] * (len(columns) + 1)))
        for rule, row in _rows(own):
            words = [word(row[c]) if c in row else "" for c in columns]
            parts.append(_line([rule, *words]))
        parts.append("")
    return "\n".join(parts)


def _line(texts: Iterable[str]) -> str:
    return "| " + " | ".join(text.replace("|", r"\|") for text in texts) + " |"


_INTRODUCTION = f"""# Atlas: rules against regularized games

What each update rule, and each flow, does near the equilibrium of each game under each
regularizer, for every positive weight gamma. Every cell is computed; of a rule the verdict is the
best that its steps allow, and the exact set of steps stands in the cell (`symgan atlas --html`).

{LEGEND}.

Written by `make ledger`; `symgan atlas` prints the same.
"""
