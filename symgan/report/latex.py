r"""LaTeX of anything symgan derives, and of a ledger as a complete document."""

from __future__ import annotations

from symgan.claims.model import Entry, Ledger, Repair
from symgan.report import view
from symgan.report.expressions import display
from symgan.report.formulas import latex
from symgan.report.mathml import MathMLError, mathml
from symgan.report.prose import escape, in_formula

__all__ = ["document", "latex"]

_PREAMBLE = r"""\documentclass[11pt,a4paper]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{lmodern,textcomp}
\usepackage[margin=24mm]{geometry}
\usepackage{amsmath,amssymb,cancel}
\usepackage{booktabs,longtable,array,graphicx,xcolor}
\usepackage[hidelinks]{hyperref}
\definecolor{good}{HTML}{0A6B3D}
\definecolor{bad}{HTML}{B3261E}
\definecolor{part}{HTML}{8A5A00}
\definecolor{plain}{HTML}{44546A}
\newsavebox{\symganbox}
% A formula wider than the text is scaled to its width.
\newcommand{\fitted}[1]{\par\sbox{\symganbox}{$\displaystyle #1$}%
  \vspace{3pt}\noindent\makebox[\linewidth][c]{%
  \ifdim\wd\symganbox>\linewidth\resizebox{\linewidth}{!}{\usebox{\symganbox}}%
  \else\usebox{\symganbox}\fi}\par\vspace{3pt}}
\newcommand{\verdict}[2]{\mbox{\textcolor{#1}{\textsf{\textbf{\small #2}}}}}
\newcommand{\field}[1]{\par\smallskip\noindent\textbf{#1}\quad}
\setlength{\parindent}{0pt}
\setlength{\parskip}{4pt}
\emergencystretch=3em
"""

_COLORS = {
    "PROVED": "good",
    "CONDITIONAL": "part",
    "REFUTED": "bad",
    "ILL_POSED": "bad",
    "ERROR": "bad",
}


def document(ledger: Ledger, title: str = "Ledger of claims") -> str:
    r"""A complete LaTeX document of a ledger; pdfLaTeX compiles it (twice, for page numbers).

    A table of all claims, what the papers have wrong, then each claim with its printed
    formula, what it says, the verdict, the derivation's main steps, the amendment and
    the smallest repair, the condition, the witness and the evidence.

    >>> print(document(Ledger(()))[:40])
    \documentclass[11pt,a4paper]{article}
    \u
    """
    body = [
        rf"\title{{{escape(title)}}}",
        r"\author{}\date{}",
        r"\begin{document}",
        r"\maketitle",
        escape(view.summary(ledger)) + ".",
        _table(ledger),
        _faults(ledger),
        *(_paper(paper, entries) for paper, entries in view.by_paper(ledger)),
        _mutants(ledger),
        r"\end{document}",
    ]
    return _PREAMBLE + "\n\n".join(part for part in body if part) + "\n"


@latex.register
def _(entry: Entry) -> str:
    claim = entry.claim
    parts = [
        rf"\subsection*{{{_breakable(claim.id)} \hfill {_badge(entry)}}}",
        rf"\phantomsection\label{{{_label(entry)}}}",
        rf"\textit{{{escape(claim.source)}}}",
        _shown(claim.printed),
        escape(claim.says),
        _titled("Judged", _shown(claim.formal)),
        _field("Outcome", escape(entry.outcome)),
        _field("Expected", escape(claim.expect.value) if view.expectation(entry) else ""),
        _field("Error", escape(entry.error)),
        _steps(entry),
        _titled("Amended", _shown(view.amended(entry))),
        _field("Smallest repair", escape(claim.repair)),
        *(_found(repair) for repair in entry.repairs),
        _field("Reason", escape(claim.reason)),
        _titled("Holds if", "" if entry.condition is None else _shown(display(entry.condition))),
        _field("Witness", _witness(entry)),
        _evidence(entry),
    ]
    return "\n\n".join(part for part in parts if part)


@latex.register
def _(ledger: Ledger) -> str:
    return document(ledger)


def _table(ledger: Ledger) -> str:
    if not ledger.entries:
        return ""
    rows = [
        rf"\hyperref[{_label(e)}]{{{_breakable(e.claim.id)}}} & {escape(e.claim.source)} & "
        rf"{_badge(e)} & {view.routes(e)}\\"
        for _, entries in view.by_paper(ledger)
        for e in entries
    ]
    head = r"claim & source & verdict & routes\\"
    return "\n".join(
        [
            r"\begin{longtable}{@{}>{\raggedright\arraybackslash}p{0.37\linewidth}"
            r">{\raggedright\arraybackslash}p{0.31\linewidth}ll@{}}",
            rf"\toprule {head} \midrule \endfirsthead",
            rf"\toprule {head} \midrule \endhead",
            r"\bottomrule \endfoot",
            *rows,
            r"\end{longtable}",
            r"Routes that decided something: E, exact derivation; S, the independent second route."
            + (r" A verdict marked ! is not the expected one." if ledger.surprises else ""),
        ]
    )


def _faults(ledger: Ledger) -> str:
    items = [
        rf"\item \hyperref[{_label(e)}]{{{_breakable(e.claim.id)}}} ({escape(e.claim.source)}) "
        rf"{_badge(e)} {escape(view.remedy(e))}"
        for e in view.wrong(ledger)
    ]
    return _list(r"\section*{What the paper has wrong}", items)


def _paper(paper: str, entries: list[Entry]) -> str:
    return "\n\n".join([rf"\section*{{{escape(paper)}}}", *(latex(entry) for entry in entries)])


def _mutants(ledger: Ledger) -> str:
    if not ledger.mutants:
        return ""
    made = ", ".join(f"{number} {fate}" for fate, number in view.fates(ledger).items())
    survivors = [
        rf"\item {_breakable(m.claim_id)}, {escape(m.operator)}: {escape(m.text)} "
        rf"{_shown(display(m.statement))}"
        for m in ledger.survivors
    ]
    head = rf"\section*{{Mutants}} {len(ledger.mutants)} made: {made}."
    return _list(head, survivors) or head


def _steps(entry: Entry) -> str:
    items = [
        rf"\item {escape(step.text)}"
        + ("" if step.formula is None else _shown(display(step.formula)))
        for step in entry.steps
    ]
    return _list(r"\field{Derivation}", items, "enumerate")


def _found(repair: Repair) -> str:
    """A repair that was searched and proved, in words and as a formula."""
    return _titled("Repair found", escape(repair.text) + _shown(display(repair.statement)))


def _evidence(entry: Entry) -> str:
    items = [
        rf"\item \textsf{{{escape(e.route.value)}, {escape(e.kind)}}}: the {escape(e.subject)} "
        rf"\emph{{{view.found(e)}}}. {escape(e.text)}"
        for e in entry.evidence
    ]
    return _list(r"\field{Evidence}", items)


def _witness(entry: Entry) -> str:
    return ", ".join(
        rf"\texttt{{{escape(name)} = {escape(value)}}}" for name, value in view.witness(entry)
    )


def _shown(formula: str) -> str:
    """A formula in a display of its own; one that may not compile, as its source."""
    if not formula:
        return ""
    try:
        mathml(formula)  # the same judge as for the page: it knows the commands
    except MathMLError:
        return rf"\texttt{{{escape(formula)}}}"
    return rf"\fitted{{{in_formula(formula)}}}"


def _field(name: str, text: str) -> str:
    return rf"\field{{{name}}} {text}" if text else ""


def _titled(name: str, body: str) -> str:
    return rf"\field{{{name}}}" + body if body else ""


def _list(head: str, items: list[str], kind: str = "itemize") -> str:
    if not items:
        return ""
    return "\n".join([head, rf"\begin{{{kind}}}", *items, rf"\end{{{kind}}}"])


def _badge(entry: Entry) -> str:
    status = view.status(entry)
    mark = "" if entry.as_expected else r"\,!"
    return rf"\verdict{{{_COLORS.get(status, 'plain')}}}{{{escape(status)}{mark}}}"


def _label(entry: Entry) -> str:
    return "claim:" + "".join(
        c if c.isalnum() and c.isascii() else f"-{ord(c)}-" for c in entry.claim.id
    )


def _breakable(identifier: str) -> str:
    return rf"\texttt{{{escape(identifier)}}}".replace(".", r".\allowbreak{}").replace(
        "{-}", r"{-}\allowbreak{}"
    )
