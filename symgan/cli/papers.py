"""What papers bring beside their claims.

A paper's package may say its ``TITLE`` and hold the modules ``figures`` (``pictures()``), ``pages``
(``pages()``) and ``findings`` (``FINDINGS``); a claims file may say ``TITLE`` and ``FINDINGS``.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING

from symgan.claims import paper_package, papers
from symgan.errors import BadData

if TYPE_CHECKING:
    from symgan.report.pictures import Picture
    from symgan.report.sheets import Finding, Sheet


def pictures(paper: str) -> tuple[Picture, ...]:
    """What ``figures.pictures()`` of a paper's package returns; nothing if there is none.

    Raises:
        UnknownName: no paper has the name.
        MissingExtra: drawing needs an extra that is not installed.
    """
    module = _part(paper, "figures")
    return () if module is None else tuple(module.pictures())


def pages(paper: str) -> tuple[Sheet, ...]:
    """What ``pages.pages()`` of a paper's package returns; nothing if there is none.

    Raises:
        UnknownName: no paper has the name.
        MissingExtra: a page needs an extra that is not installed.
    """
    module = _part(paper, "pages")
    return () if module is None else tuple(module.pages())


def title(paper: str, origin: str) -> str:
    """The ``TITLE`` of a paper's package or claims file; empty if it says none.

    Args:
        paper: the first level of its ids.
        origin: where one of its claims stands, as `Claim.origin`.
    """
    return str(getattr(_home(paper, origin), "TITLE", ""))


def findings(paper: str, origin: str) -> tuple[Finding, ...]:
    """What is wrong with a paper, in short: ``FINDINGS``, pairs of a sentence and claim ids.

    Args:
        paper: the first level of its ids.
        origin: where one of its claims stands, as `Claim.origin`.

    Raises:
        BadData: ``FINDINGS`` is something else.
    """
    from symgan.report.sheets import Finding

    own = _part(paper, "findings") if paper in papers() else None
    listed = getattr(own or _home(paper, origin), "FINDINGS", ())
    try:
        found = tuple(Finding(str(text), tuple(claims)) for text, claims in listed)
    except (TypeError, ValueError) as error:
        raise BadData(
            f"FINDINGS of {paper} must be pairs of a sentence and the ids of its claims"
        ) from error
    return found


def _home(paper: str, origin: str) -> ModuleType | None:
    return paper_package(paper) if paper in papers() else sys.modules.get(origin.split(":", 1)[0])


def _part(paper: str, name: str) -> ModuleType | None:
    module = f"{paper_package(paper).__name__}.{name}"
    return None if find_spec(module) is None else import_module(module)
