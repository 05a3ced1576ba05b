"""Figures of installed papers. A paper's package may hold a module ``figures``."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from symgan.claims import paper_package

if TYPE_CHECKING:
    from symgan.report.pictures import Picture


def pictures(paper: str) -> tuple[Picture, ...]:
    """What ``figures.pictures()`` of a paper's package returns; nothing if there is none.

    Raises:
        UnknownName: no paper has the name.
        MissingExtra: drawing needs an extra that is not installed.
    """
    module = f"{paper_package(paper).__name__}.figures"
    if find_spec(module) is None:
        return ()
    return tuple(import_module(module).pictures())
