"""Certificates of a ledger as files, each of which `symgan certify recheck` reads on its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from symgan.atlas import StepRow
from symgan.certify.files import suffix, write_certificate
from symgan.certify.recheck import can_recheck, leaves
from symgan.claims import Entry, Ledger
from symgan.report.json import plain


def write_certificates(ledger: Ledger, folder: Path) -> list[Path]:
    """Write every certificate that a second program can check, a file each.

    ``<claim>.<number>.json``, or ``.smt2`` for a solver's decision. Measurements carry no
    certificate and are left out.

    Args:
        ledger: the entries.
        folder: where; made if it is not there.

    Raises:
        BadData: a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return [
        write_certificate(certificate, folder / f"{name}{suffix(certificate)}")
        for entry in ledger.entries
        for name, certificate in checkable(entry)
    ]


def write_step_certificates(rows: Iterable[StepRow], folder: Path) -> list[Path]:
    """Write what each row of the table of steps rests on, a file a row.

    Args:
        rows: the rows; those without an answer are left out.
        folder: where; made if it is not there.

    Raises:
        BadData: a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for row in rows:
        parts = list(leaves(plain(row.certificate, row.method.title)))
        if parts:
            name = re.sub(r"[^\w.=-]+", "-", f"{row.game}.{row.method.title}").strip("-")
            written.append(write_certificate({"parts": parts}, folder / f"{name}.json"))
    return written


def checkable(entry: Entry) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The certificates of an entry that hold enough data to be checked, each with its name."""
    number = 0
    for evidence in entry.evidence:
        certificate = plain(evidence.certificate, f"{entry.claim.id}: certificate")
        if evidence.holds is not None and can_recheck(certificate):
            number += 1
            yield f"{quote(entry.claim.id, safe='')}.{number}", certificate
