r"""The atlas as a LaTeX document: booktabs tables, an overview and the exact steps a game."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from symgan.atlas import Cell, Verdict
from symgan.report.atlas import SHORT, by_game, rule_title, tally, word
from symgan.report.expressions import expression
from symgan.report.prose import escape

LONG = 70
"""Characters of an expression up to which it is set in the table; longer ones are left out."""

_PREAMBLE = r"""\documentclass[10pt,a4paper,landscape]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{lmodern,textcomp}
\usepackage[margin=14mm]{geometry}
\usepackage{amsmath,amssymb,booktabs,longtable,array,xcolor}
\definecolor{good}{HTML}{0A6B3D}
\definecolor{bad}{HTML}{B3261E}
\definecolor{part}{HTML}{8A5A00}
\definecolor{plain}{HTML}{44546A}
\newcommand{\verdict}[2]{\textcolor{#1}{\textsf{#2}}}
\setlength{\parindent}{0pt}
\setlength{\LTleft}{0pt}
\setlength{\tabcolsep}{4pt}
"""

COLORS: dict[Verdict, str] = {
    Verdict.GLOBAL: "good",
    Verdict.ALMOST_GLOBAL: "good",
    Verdict.EXPONENTIAL: "good",
    Verdict.ASYMPTOTIC: "good",
    Verdict.DIVERGENCE: "bad",
    Verdict.CENTER: "part",
    Verdict.CYCLE: "part",
    Verdict.STABLE: "part",
}


def document(cells: tuple[Cell, ...], title: str = "Atlas") -> str:
    r"""A complete LaTeX document; pdfLaTeX compiles it.

    >>> print(document(())[:48])
    \documentclass[10pt,a4paper,landscape]{article}
    """
    legend = ", ".join(f"{word}: {verdict.value}" for verdict, word in SHORT.items())
    body = [
        rf"\title{{{escape(title)}}}\author{{}}\date{{}}",
        r"\begin{document}\maketitle",
        escape(tally(cells)) + ".",
        escape(legend) + ".",
        *(_game(name, own) for name, own in by_game(cells)),
        r"\end{document}",
    ]
    return _PREAMBLE + "\n\n".join(body) + "\n"


def _game(title: str, cells: Sequence[Cell]) -> str:
    parts = [rf"\section*{{{escape(title)}}}", _overview(cells), _steps(cells)]
    return "\n\n".join(part for part in parts if part)


def _overview(cells: Sequence[Cell]) -> str:
    columns = list(dict.fromkeys(cell.regularizer for cell in cells))
    rows: dict[str, dict[str, Cell]] = {}
    for cell in cells:
        rows.setdefault(rule_title(cell), {})[cell.regularizer] = cell
    lines = [
        " & ".join([escape(rule), *(_word(row.get(c)) for c in columns)]) + r"\\"
        for rule, row in rows.items()
    ]
    head = " & ".join(["rule", *map(escape, columns)]) + r"\\"
    return _longtable("l" * (len(columns) + 1), head, lines)


def _steps(cells: Sequence[Cell]) -> str:
    lines = [
        " & ".join(
            [
                escape(rule_title(cell)),
                escape(cell.regularizer),
                _word(cell),
                _set(cell.stable),
                "; ".join(_formula(b.step) for b in cell.best) or "--",
                "; ".join(_formula(b.rate) for b in cell.best) or "--",
            ]
        )
        + r"\\"
        for cell in cells
        if not cell.continuous and cell.stable is not sp.S.EmptySet
    ]
    if not lines:
        return ""
    head = r"rule & regularizer & verdict & stable steps & best step & rate\\"
    return _longtable("llllll", head, lines)


def _longtable(columns: str, head: str, lines: Sequence[str]) -> str:
    return "\n".join(
        [
            rf"\begin{{longtable}}{{@{{}}{columns}@{{}}}}",
            rf"\toprule {head} \midrule \endfirsthead",
            rf"\toprule {head} \midrule \endhead",
            r"\bottomrule \endfoot",
            *lines,
            r"\end{longtable}",
        ]
    )


def _word(cell: Cell | None) -> str:
    if cell is None:
        return ""
    color = COLORS.get(cell.verdict, "plain")
    return rf"\verdict{{{color}}}{{{escape(word(cell))}}}"


def _set(found: sp.Set) -> str:
    if isinstance(found, sp.ConditionSet):
        return _formula(found.condition)
    return _formula(found)


def _formula(found: sp.Basic) -> str:
    if len(str(found)) > LONG:
        return "(long)"
    return f"${expression(found)}$"
