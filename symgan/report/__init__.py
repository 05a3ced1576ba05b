"""Rendering: the ledger and all results as LaTeX, HTML, JSON, Markdown, text and figures.

Names load on first use: `symgan --help` imports none of the libraries behind them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

_HOMES = {
    "Finding": "sheets",
    "Picture": "pictures",
    "Sheet": "sheets",
    "document": "latex",
    "ledger_markdown": "ledger",
    "page": "html",
    "prepare_folder": "files",
    "to_json": "json",
    "unconverted": "html",
    "write_report": "files",
    "write_site": "site",
}

__all__ = [
    "Finding",
    "Picture",
    "Sheet",
    "document",
    "ledger_markdown",
    "page",
    "prepare_folder",
    "to_json",
    "unconverted",
    "write_report",
    "write_site",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'symgan.report' has no attribute {name!r}")
    return getattr(import_module(f"symgan.report.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])


if TYPE_CHECKING:
    from symgan.report.files import prepare_folder, write_report
    from symgan.report.html import page, unconverted
    from symgan.report.json import to_json
    from symgan.report.latex import document
    from symgan.report.ledger import ledger_markdown
    from symgan.report.pictures import Picture
    from symgan.report.sheets import Finding, Sheet
    from symgan.report.site import write_site
