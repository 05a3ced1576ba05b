"""Writing a report folder: all or nothing a file, and never into somebody else's folder."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from symgan.claims.model import Ledger
from symgan.errors import BadData
from symgan.report.html import page
from symgan.report.json import certificates, dumps, to_json
from symgan.report.latex import document
from symgan.report.pictures import Picture

MARKER = ".symgan-report"
"""The file that says a folder is a report, and lists what it holds."""


def prepare_folder(folder: str | os.PathLike[str]) -> Path:
    """Make sure that a report can be written to a folder; call it before any work.

    Raises:
        BadData: the folder cannot be made or written, or holds something that is not
            an earlier report.
    """
    path = Path(folder)
    try:
        path.mkdir(parents=True, exist_ok=True)
        held = any(path.iterdir())
        with tempfile.NamedTemporaryFile(dir=path, prefix=".symgan-"):
            pass
    except OSError as error:
        raise BadData(
            f"cannot write a report to {path}: {error.strerror or error}; choose a folder "
            "that can be written"
        ) from error
    if held and not (path / MARKER).is_file():
        raise BadData(
            f"{path} is not empty and is not a symgan report; choose an empty folder or an "
            "earlier report"
        )
    return path


def write_report(
    ledger: Ledger,
    folder: str | os.PathLike[str],
    figures: Sequence[Picture] = (),
    *,
    title: str = "Ledger of claims",
) -> list[Path]:
    """Write a ledger to a folder as HTML, LaTeX and JSON, with certificates and figures.

    The folder receives ``index.html``, ``ledger.tex``, ``ledger.json``,
    ``certificates/<claim>.json`` for each claim that has certificates, and
    ``figures/<name>.svg`` with the pictures' further formats. Everything is rendered
    before the first file is written, each file replaces its predecessor whole, and only
    then do files of an earlier report go that this one does not have.

    Returns:
        The files written.

    Raises:
        BadData: as `prepare_folder`; or a certificate is not plain data; or a file
            cannot be written.
    """
    return write_folder(prepare_folder(folder), dict(_contents(ledger, figures, title)))


def write_folder(path: Path, contents: Mapping[str, bytes]) -> list[Path]:
    """Make a prepared folder hold these files, and none of an earlier report beside them.

    Files that are as they should be are left alone. What is not of an earlier report is
    neither replaced nor removed.

    Args:
        path: as `prepare_folder` returns it.
        contents: name inside the folder -> content, in the order in which they are written.

    Returns:
        The files, whether they had to be written or not.

    Raises:
        BadData: a file of somebody else's has the name of one of these, or a file cannot be
            written.
    """
    before = _listed(path)
    foreign = [name for name in contents if name not in before and (path / name).exists()]
    if foreign:
        raise BadData(
            f"{path / foreign[0]} is not from an earlier report; move it away or choose another "
            "folder"
        )
    # The marker first, with all names old and new: a run cut short stays a report.
    write_bytes(path / MARKER, dumps({"files": sorted({*contents, *before})}).encode())
    for name, data in contents.items():
        if not _holds(path / name, data):
            write_bytes(path / name, data, lasting=False)
    for name in sorted(before - contents.keys()):
        _remove(path, path / name)
    write_bytes(path / MARKER, dumps({"files": sorted(contents)}).encode())
    return [path / name for name in contents]


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


def _remove(top: Path, path: Path) -> None:
    """Remove a file, and the folders below `top` that it leaves empty."""
    path.unlink(missing_ok=True)
    for folder in path.parents:
        if folder == top or not folder.is_dir() or any(folder.iterdir()):
            return
        folder.rmdir()


def write_bytes(path: Path, data: bytes, *, lasting: bool = True) -> None:
    """Write a file whole: a reader sees the old content or the new, never a part.

    Args:
        path: the file; folders above it are made.
        data: what it is to hold.
        lasting: whether to wait until the disk has it, so that it outlives a power cut.

    Raises:
        BadData: the file cannot be written.
    """
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".symgan-")
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            if lasting:
                os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        raise BadData(
            f"cannot write {path}: {error.strerror or error}; choose a place that can be written"
        ) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)  # gone where it took its place


def _contents(
    ledger: Ledger, figures: Sequence[Picture], title: str
) -> Iterator[tuple[str, bytes]]:
    yield "ledger.json", dumps(to_json(ledger)).encode()
    for entry in ledger.entries:
        found = certificates(entry)
        if found is not None:
            yield f"certificates/{quote(entry.claim.id, safe='')}.json", dumps(found).encode()
    for picture in figures:
        for suffix, data in {"svg": picture.svg.encode(), **picture.files}.items():
            yield f"figures/{quote(picture.name, safe='')}.{suffix}", data
    yield "ledger.tex", document(ledger, title).encode()
    yield "index.html", page(ledger, figures, title=title).encode()


def _listed(path: Path) -> set[str]:
    """Files of the earlier report; only names that lie inside the folder."""
    try:
        names = json.loads((path / MARKER).read_text(encoding="utf-8"))["files"]
    except FileNotFoundError:
        return set()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadData(
            f"{path / MARKER} cannot be read; delete it and the report, or choose another folder"
        ) from error
    return {name for name in names if isinstance(name, str) and _inside(name)}


def _inside(name: str) -> bool:
    pure = PurePosixPath(name)
    return not pure.is_absolute() and ".." not in pure.parts and name != MARKER
