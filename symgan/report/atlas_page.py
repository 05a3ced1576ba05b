r"""The atlas as one self-contained HTML page: no scripts; every cell links to its derivation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from sympy import Basic

from symgan.atlas import Answer, Cell, Verdict
from symgan.report.atlas import SHORT, by_game, facts, game_title, rule_title, tally, word
from symgan.report.expressions import expression
from symgan.report.html import style
from symgan.report.mathml import MathMLError, mathml
from symgan.report.source import CONTROL

LONG = 240
"""Characters of an expression up to which it is shown as a formula; longer ones are text."""
LONGEST = 1500
"""Characters of a text that are shown; the JSON has the rest."""

_CLASSES: dict[Verdict, str] = {
    Verdict.GLOBAL: "best",
    Verdict.ALMOST_GLOBAL: "best",
    Verdict.EXPONENTIAL: "good",
    Verdict.ASYMPTOTIC: "good",
    Verdict.STABLE: "part",
    Verdict.CENTER: "part",
    Verdict.CYCLE: "part",
    Verdict.DEPENDS: "part",
    Verdict.DIVERGENCE: "bad",
    Verdict.NO_EQUILIBRIUM: "bad",
    Verdict.NOT_APPLICABLE: "blank",
    Verdict.UNDECIDED: "open",
}


@dataclass(frozen=True)
class Derivation:
    """A linear problem with the cells that share it.

    Attributes:
        name: the problem's, the fragment that leads to it.
        answer: the problem and its solution.
        cells: (number, cell) of those that share it.
    """

    name: str
    answer: Answer
    cells: tuple[tuple[int, Cell], ...]


def page(
    cells: tuple[Cell, ...], *, title: str = "Atlas", crumbs: Sequence[tuple[str, str]] = ()
) -> str:
    """One HTML page of an atlas.

    Args:
        cells: the cells, in the order in which they are shown.
        title: the heading; plain text.
        crumbs: (name, link) of the pages above this one, where it is part of a report.

    >>> page(()).startswith("<!doctype html>")
    True
    """
    numbered = list(enumerate(cells))
    text = (
        _environment()
        .get_template("atlas.html.j2")
        .render(
            title=title,
            crumbs=crumbs,
            tally=tally(cells),
            games=[(name, _grid(numbered, name)) for name, _ in by_game(cells)],
            legend=[(SHORT[v], v.value, _CLASSES[v]) for v in Verdict],
            derivations=_derivations(numbered),
            alone=[(n, c) for n, c in numbered if not _derived(c)],
        )
    )
    return CONTROL.sub("\ufffd", text)


def _derived(cell: Cell) -> bool:
    """Whether there is a linear problem with a solution to show."""
    return cell.answer is not None and not cell.answer.failure


def _grid(numbered: Sequence[tuple[int, Cell]], name: str) -> dict[str, Any]:
    """Columns, and a row a rule: (title, [(number, cell) or None a column])."""
    own = [(n, c) for n, c in numbered if game_title(c) == name]
    columns = list(dict.fromkeys(c.regularizer for _, c in own))
    rows: dict[str, dict[str, tuple[int, Cell]]] = {}
    for number, cell in own:
        rows.setdefault(rule_title(cell), {})[cell.regularizer] = (number, cell)
    return {
        "columns": columns,
        "rows": [(rule, [row.get(c) for c in columns]) for rule, row in rows.items()],
    }


def _derivations(numbered: Sequence[tuple[int, Cell]]) -> list[Derivation]:
    found: dict[str, list[tuple[int, Cell]]] = {}
    for number, cell in numbered:
        if _derived(cell):
            found.setdefault(cell.problem, []).append((number, cell))
    return [
        Derivation(name, shared[0][1].answer, tuple(shared))
        for name, shared in found.items()
        if shared[0][1].answer is not None
    ]


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("symgan", "report/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"math": _math, "inline": _inline, "short": _short}
    environment.globals |= {
        "css": _css,
        "facts": facts,
        "game_title": game_title,
        "rule_title": rule_title,
        "classes": _CLASSES,
        "word": word,
        "always": sp.true,
        "kinds": _kinds,
    }
    return environment


def _math(formula: Basic, display: bool = True) -> Markup:
    """A formula as MathML; a long one, or one that cannot be converted, as text."""
    text = str(formula)
    if len(text) <= LONG:
        try:
            return Markup(mathml(expression(formula), display=display))  # safe: checked tree
        except MathMLError:
            pass
    return Markup('<code class="source">{}</code>').format(_short(text))


def _inline(formula: Basic) -> Markup:
    return _math(formula, display=False)


def _short(text: Any) -> str:
    shown = str(text)
    return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]} ... (the JSON has the rest)"


def _kinds(answer: Answer) -> str:
    from symgan.atlas.build import kinds

    return ", ".join(kinds(answer.certificate)) or "none"


def _css() -> Markup:
    return Markup(style("page.css", "shared.css", "atlas.css"))  # safe: our own files
