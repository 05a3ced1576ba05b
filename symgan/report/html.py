r"""A ledger as one self-contained HTML page: MathML, inline CSS, no scripts, no network."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from sympy import Basic

from symgan.claims.model import Entry, Ledger
from symgan.report import view
from symgan.report.mathml import MathMLError, mathml
from symgan.report.pictures import Picture
from symgan.report.source import CONTROL


def page(
    ledger: Ledger, figures: Sequence[Picture] = (), *, title: str = "Ledger of claims"
) -> str:
    """One HTML page of a ledger.

    Args:
        ledger: the entries, and the mutants if there are any.
        figures: pictures to embed, in order.
        title: the heading; plain text.

    >>> page(Ledger(())).startswith("<!doctype html>")
    True
    """
    template = environment().get_template("page.html.j2")
    text = template.render(
        title=title,
        ledger=ledger,
        papers=view.by_paper(ledger),
        counts=view.counts(ledger),
        wrong=view.wrong(ledger),
        fates=view.fates(ledger),
        figures=figures,
        unconverted=unconverted(ledger),
    )
    return CONTROL.sub("\ufffd", text)


def unconverted(ledger: Ledger) -> list[tuple[str, str, str, str]]:
    """Formulas that the page shows as LaTeX source: (claim id, which, LaTeX, why).

    >>> unconverted(Ledger(()))
    []
    """
    problems: list[tuple[str, str, str, str]] = []
    for entry in ledger.entries:
        for what, latex in view.formulas(entry):
            try:
                mathml(latex)
            except MathMLError as reason:
                problems.append((entry.claim.id, what, latex, str(reason)))
    return problems


def environment() -> Environment:
    """The templates of pages: everything is escaped, formulas are MathML."""
    found = Environment(
        loader=PackageLoader("symgan", "report/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {
        "math": _math,
        "equation": _equation,
        "anchor": _anchor,
        "breakable": _breakable,
    }
    found.globals |= {"view": view, "css": _css, "image": _image}
    return found


def style(*names: str) -> str:
    """The text of style sheets among the templates, in order."""
    loader = PackageLoader("symgan", "report/templates")
    bare = Environment(autoescape=True)
    return "\n".join(loader.get_source(bare, name)[0] for name in names)


def _math(formula: str | Basic | Any) -> Markup:
    """A formula as MathML; one that cannot be converted, as its source."""
    latex = formula if isinstance(formula, str) else view.shown(formula)
    try:
        return Markup(mathml(latex))  # safe: serialized from a checked tree
    except MathMLError as reason:
        return Markup('<code class="source" title="{}">{}</code>').format(
            f"not shown as a formula: {reason}", latex
        )


def _equation(pair: tuple[Basic, Basic]) -> Markup:
    """Left and right side of an equation, which is never evaluated."""
    return _math(view.equation(*pair))


def _anchor(entry: Entry) -> str:
    """The fragment that leads to a claim, for an attribute."""
    return "#" + quote(entry.claim.id, safe="")


def _breakable(identifier: str) -> Markup:
    """An id that may break after its dots and hyphens on a narrow screen."""
    text = str(escape(identifier))
    return Markup(re.sub(r"([.:+-])", r"\1<wbr>", text))  # safe: escaped above


def _css() -> Markup:
    return Markup(style("page.css"))  # safe: our own file


def _image(picture: Picture) -> str:
    """A picture as a data URI: a page with several SVGs inline would share their ids."""
    return "data:image/svg+xml;base64," + b64encode(picture.svg.encode()).decode()
