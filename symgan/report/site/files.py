"""Files of a site that are no pages: figures and certificates."""

from __future__ import annotations

from collections.abc import Iterator

from symgan.certify.files import certificate_text, suffix
from symgan.claims.model import Entry
from symgan.report.certificates import checkable
from symgan.report.pictures import Picture
from symgan.report.site import names


def figure_file(kind: str, owner: str, figure: Picture, suffix: str) -> str:
    """Where a figure lies in the folder.

    Args:
        kind: ``papers`` or ``pages``, whichever shows it first.
        owner: the name of that paper or page.
        figure: the figure.
        suffix: its format.
    """
    return f"figures/{kind}/{names.stem(owner)}/{names.stem(figure.name)}.{suffix}"


def picture_files(kind: str, owner: str, figure: Picture) -> Iterator[tuple[str, bytes]]:
    """(name, content) of a figure in all its formats."""
    for form, data in {"svg": figure.svg.encode(), **figure.files}.items():
        yield figure_file(kind, owner, figure, form), data


def checkable_files(entry: Entry) -> Iterator[tuple[str, str, bytes]]:
    """(name, kind, content) of each certificate that ``symgan certify recheck`` can check.

    Raises:
        BadData: a certificate holds something that is not plain data.
    """
    for number, (_, certificate) in enumerate(checkable(entry), 1):
        name = f"certificates/{names.stem(entry.claim.id)}.{number}{suffix(certificate)}"
        kind = str(certificate.get("kind", "conjunction"))
        yield name, kind, certificate_text(certificate).encode()
