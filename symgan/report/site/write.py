"""Writing a site: rendered whole before the first file is touched."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from symgan.atlas import Cell
from symgan.claims.model import Ledger
from symgan.report.files import prepare_folder, write_folder
from symgan.report.pictures import Picture
from symgan.report.sheets import Finding, Sheet
from symgan.report.site.build import pages
from symgan.report.site.model import Site


def write_site(
    ledger: Ledger,
    folder: str | os.PathLike[str],
    *,
    title: str = "Ledger of claims",
    titles: Mapping[str, str] | None = None,
    figures: Mapping[str, Sequence[Picture]] | None = None,
    findings: Mapping[str, Sequence[Finding]] | None = None,
    sheets: Sequence[Sheet] = (),
    atlas: tuple[Cell, ...] = (),
    files: Mapping[str, bytes] | None = None,
) -> list[Path]:
    """Write a ledger to a folder as static pages: a front page, a page a paper, a page a claim.

    Everything is rendered before the first file is written; each file replaces its
    predecessor whole; then the files of an earlier report go that this one does not have.
    Files that are not of an earlier report stay as they are.

    Args:
        ledger: the entries, and the mutants if there are any.
        folder: an empty folder, one that is not there yet, or an earlier report.
        title: the heading of the front page; plain text.
        titles: paper -> its title.
        figures: paper -> its figures.
        findings: paper -> what is wrong with it, in short; shown where this ledger bears it out.
        sheets: further pages.
        atlas: cells of the atlas; none leaves it out.
        files: further files by name, such as ``report.pdf``; the front page names them.

    Returns:
        The files, the front page last.

    Raises:
        BadData: the folder holds something else or cannot be written, or a certificate is not
            plain data.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in write_site(Ledger(()), folder)]
    ['style.css', 'ledger.json', 'index.html']
    """
    path = prepare_folder(folder)
    site = Site(
        ledger,
        title,
        titles or {},
        figures or {},
        findings or {},
        tuple(sheets),
        atlas,
        files or {},
    )
    return write_folder(path, dict(pages(site)))
