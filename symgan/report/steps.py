r"""The table of steps: rules against games, as text for the terminal and for a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import sympy as sp
from rich.table import Table
from rich.text import Text
from sympy import Expr, Interval, Set, Union

from symgan.atlas import StepRow

HEADS = ("rule", "stable", "marginal", "at the ends", "best step", "rate", "an update", "evidence")
DIGITS = 5
LONG = 24
"""Characters up to which an algebraic number is written out; beyond, as a decimal."""


def table(rows: Iterable[StepRow], title: str) -> Table:
    """The rows of one game for the terminal."""
    grid = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for head in HEADS:
        grid.add_column(head, overflow="fold")
    for row in rows:
        grid.add_row(*(Text(cell) for cell in cells(row)))
    return grid


WIDE = 140
"""Columns from which the table is readable; below, each rule has lines of its own."""


def narrow(rows: Iterable[StepRow]) -> Iterator[tuple[str, str]]:
    """The rows of one game for a narrow terminal: a label and its text a line."""
    for row in rows:
        name, *texts = cells(row)
        known = [
            (head, text)
            for head, text in zip(HEADS[1:], texts, strict=True)
            if text not in ("", "-")
        ]
        yield name, ""
        yield from ((f"  {head}", text) for head, text in known)


def markdown(rows: Sequence[StepRow], title: str) -> str:
    """The rows of one game as a Markdown table under a heading."""
    lines = [f"## {title}", "", _line(HEADS), _line(["---"] * len(HEADS))]
    lines += [_line(cells(row)) for row in rows]
    return "\n".join([*lines, ""])


def cells(row: StepRow) -> tuple[str, ...]:
    """One row, a text a column."""
    if row.open and not row.certificate:
        return (row.method.title, row.open, *[""] * (len(HEADS) - 2))
    ends = "; ".join(
        f"{number(b.step)}: {b.edge.value}" for b in row.boundary if b.step not in (0, sp.oo)
    )
    return (
        row.method.title,
        steps(row.stable),
        steps(row.marginal) + _undecided(row),
        ends or "-",
        "; ".join(number(step) for step, _ in row.best) or "-",
        "; ".join(number(rate) for _, rate in row.best) or "-",
        "; ".join(number(rate) for rate in row.rate_an_update) or "-",
        row.evidence,
    )


def _undecided(row: StepRow) -> str:
    return "" if row.undecided is sp.S.EmptySet else f" (undecided: {steps(row.undecided)})"


def steps(found: Set) -> str:
    """A set of steps: intervals and points.

    >>> steps(Interval.open(0, sp.sqrt(2))), steps(sp.S.EmptySet)
    ('0 < eta < sqrt(2)', 'none')
    """
    if found is sp.S.EmptySet:
        return "none"
    if isinstance(found, Union):
        return " or ".join(steps(part) for part in found.args)
    if isinstance(found, sp.FiniteSet):
        return ", ".join(number(value) for value in found)
    if isinstance(found, Interval):
        low = "<" if found.left_open else "<="
        high = "<" if found.right_open else "<="
        if found.sup is sp.oo:
            return (
                f"eta > {number(found.inf)}" if found.left_open else f"eta >= {number(found.inf)}"
            )
        return f"{number(found.inf)} {low} eta {high} {number(found.sup)}"
    return str(found)


def number(value: Expr) -> str:
    """An exact number, in full where that is short; else a decimal that says so.

    >>> number(sp.sqrt(3)/2), number(sp.oo)
    ('sqrt(3)/2', 'infinity')
    """
    if value is sp.oo:
        return "infinity"
    roots = {root: sp.Symbol(f"~{sp.N(root, DIGITS)}") for root in value.atoms(sp.CRootOf)}
    text = str(value.xreplace(roots))
    if value.free_symbols or (len(text) <= LONG and not roots):
        return text
    return f"~{sp.N(value, DIGITS)}"


def _line(texts: Iterable[str]) -> str:
    return "| " + " | ".join(text.replace("|", r"\|") for text in texts) + " |"


INTRODUCTION = """# Steps: rules against games

For which steps an update rule is linearly stable at the equilibrium, exactly. *stable*: spectral
radius below one. *marginal*: spectral radius one and semisimple, so that the linear map keeps
orbits bounded; for the oracle, Lyapunov stable with a certified Lyapunov function (its
equilibrium lies on the switching surface and has no spectrum). *an update*: the best rate a
single-player update; an iteration of `simultaneous` makes two, one of `extragradient` four.
Numbers with ~ are decimals of algebraic numbers that symgan holds exactly. A game with
singular values s_1, ..., s_r is stable where it is for each of them (`analysis.blocks`).

Written by `make ledger`; `symgan steps` prints the same.
"""


def document(rows: Sequence[StepRow]) -> str:
    """The whole table as a Markdown document, a section a game."""
    games = dict.fromkeys(row.game for row in rows)
    sections = [markdown([row for row in rows if row.game == game], game) for game in games]
    return "\n".join([INTRODUCTION, *sections])
