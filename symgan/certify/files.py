r"""Certificates as files: SMT-LIB 2 for solver decisions, JSON for everything else.

A digest of the content shows an alteration at once. It is no signature: whoever changes a
certificate can also change its digest, and then the mathematics must find it out
(`symgan.certify.recheck`).
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from symgan.errors import BadData

FORMAT = "symgan certificate 1"
LARGEST = 50_000_000
"""Bytes of a file; certificates have some kilobytes."""
_SMT_HEADER = f"; {FORMAT}"


def suffix(certificate: Mapping[str, Any]) -> str:
    """``.smt2`` for a solver's decision, else ``.json``."""
    return ".smt2" if certificate.get("kind") == "smtlib" else ".json"


def write_certificate(certificate: Mapping[str, Any], path: str | os.PathLike[str]) -> Path:
    """Write a certificate; the file is complete or not there.

    Args:
        certificate: plain data, as evidence carries it.
        path: where; the suffix ``.json`` or ``.smt2`` is added if there is none of the two.

    Returns:
        The path of the file.

    Raises:
        BadData: the certificate is not plain data, the suffix belongs to another kind, or the
            file cannot be written.
    """
    wanted, place = suffix(certificate), Path(path)
    if place.suffix not in (".json", ".smt2"):
        place = place.with_name(place.name + wanted)
    if place.suffix != wanted:
        raise BadData(f"a certificate of this kind is written as {wanted}, not as {place.name}")
    text = certificate_text(certificate)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", dir=place.parent, delete=False, encoding="utf-8"
        ) as f:
            f.write(text)
        Path(f.name).replace(place)
    except OSError as error:
        raise BadData(f"cannot write {place}: {error.strerror or error}") from error
    return place


def certificate_text(certificate: Mapping[str, Any]) -> str:
    """What the file of a certificate holds, by the kind that `suffix` tells.

    Raises:
        BadData: the certificate is not plain data.

    >>> certificate_text({"kind": "witness", "point": {}}).splitlines()[1]
    ' "format": "symgan certificate 1",'
    """
    return _smt_text(certificate) if suffix(certificate) == ".smt2" else _json_text(certificate)


def read_certificate(path: str | os.PathLike[str]) -> dict[str, Any]:
    """A certificate from its file, if nothing in it was altered.

    Raises:
        BadData: the file cannot be read, is no certificate, or does not match its digest.
    """
    place = Path(path)
    try:
        if place.stat().st_size > LARGEST:
            raise BadData(f"{place} is larger than {LARGEST} bytes; it is no certificate")
        text = place.read_bytes().decode("utf-8")
    except OSError as error:
        raise BadData(f"cannot read {place}: {error.strerror or error}") from error
    except UnicodeDecodeError:
        raise BadData(f"{place} is no text; it is no certificate") from None
    if text.startswith(";") or place.suffix == ".smt2":
        return _read_smt(text, place)
    return _read_json(text, place)


def digest(certificate: Mapping[str, Any]) -> str:
    """SHA-256 of the certificate's canonical JSON.

    Raises:
        BadData: it is not plain data.

    >>> digest({"kind": "witness", "point": {}})[:14]
    'sha256:da8524a'
    """
    try:
        text = json.dumps(certificate, sort_keys=True, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise BadData(f"the certificate is not plain data: {error}") from error
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _json_text(certificate: Mapping[str, Any]) -> str:
    data = {"format": FORMAT, "digest": digest(certificate), "certificate": certificate}
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def _read_json(text: str, place: Path) -> dict[str, Any]:
    try:
        data = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise BadData(f"{place} is no JSON: {error}; write the certificate again") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise BadData(f"{place} is no certificate: it does not say {FORMAT!r}")
    certificate = data.get("certificate")
    if not isinstance(certificate, dict) or set(data) != {"format", "digest", "certificate"}:
        raise BadData(f"{place} is no certificate: it must hold format, digest and certificate")
    _require_digest(certificate, data["digest"], place)
    return certificate


def _smt_text(certificate: Mapping[str, Any]) -> str:
    """SMT-LIB 2 text that any solver reads; what else is known stands in comments."""
    rest = {k: v for k, v in certificate.items() if k != "text"}
    header = [_SMT_HEADER, f"; digest: {digest(certificate)}", f"; data: {json.dumps(rest)}"]
    return "\n".join([*header, str(certificate["text"])])


def _read_smt(text: str, place: Path) -> dict[str, Any]:
    lines = text.split("\n", 3)
    starts = (_SMT_HEADER, "; digest: ", "; data: ")
    if len(lines) != 4 or not all(map(str.startswith, lines, starts)):
        raise BadData(f"{place} is no certificate: it does not begin with {_SMT_HEADER!r}")
    try:
        certificate = json.loads(lines[2].removeprefix(starts[2]), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise BadData(f"{place} is no certificate: its third line holds no data") from None
    if not isinstance(certificate, dict) or certificate.get("kind") != "smtlib":
        raise BadData(f"{place} is no certificate: its third line does not describe a decision")
    certificate["text"] = lines[3]
    _require_digest(certificate, lines[1].removeprefix(starts[1]), place)
    return certificate


def _require_digest(certificate: Mapping[str, Any], stated: Any, place: Path) -> None:
    if digest(certificate) != stated:
        raise BadData(f"{place} was altered: its content does not match its digest")


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no exact number")
