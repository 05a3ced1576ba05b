"""A ledger as JSON for machines: stable keys, valid JSON, exact values as text."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

from sympy import Basic

from symgan.claims.model import Entry, Evidence, Ledger, Mutant, Repair
from symgan.errors import BadData
from symgan.report import view
from symgan.report.formulas import latex


def to_json(ledger: Ledger) -> dict[str, Any]:
    """The ledger in JSON types.

    Keys: ``summary`` (counts by status, surprises), ``claims`` (one object an entry) and
    ``mutants`` (counts by fate, and the list). Expressions appear as ``text`` (SymPy's
    ``str``) and ``latex``.

    Raises:
        BadData: a certificate holds something that is not plain data.

    >>> to_json(Ledger(()))["summary"]
    {'claims': 0, 'verdicts': {}, 'unexpected': []}
    """
    return {
        "summary": {
            "claims": len(ledger.entries),
            "verdicts": view.counts(ledger),
            "unexpected": [entry.claim.id for entry in ledger.surprises],
        },
        "claims": [_entry(entry) for entry in ledger.entries],
        "mutants": {
            "made": len(ledger.mutants),
            **view.fates(ledger),
            "list": [_mutant(mutant) for mutant in ledger.mutants],
        },
    }


def dumps(data: Any) -> str:
    """JSON text: two spaces, keys in their own order, no NaN.

    >>> dumps({"a": 1})
    '{\\n  "a": 1\\n}\\n'
    """
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def certificates(entry: Entry) -> dict[str, Any] | None:
    """What a second program needs to check an entry again; None where there is nothing.

    Raises:
        BadData: a certificate holds something that is not plain data.
    """
    found = [_evidence(entry, evidence) for evidence in entry.evidence if evidence.certificate]
    if not found:
        return None
    return {
        "id": entry.claim.id,
        "status": view.status(entry),
        "statement": _expression(entry.statement),
        "amendment": _expression(entry.amendment),
        "condition": _expression(entry.condition),
        "evidence": found,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    claim = entry.claim
    return {
        "id": claim.id,
        "paper": claim.paper,
        "source": claim.source,
        "printed": claim.printed,
        "formal": claim.formal,
        "says": claim.says,
        "status": view.status(entry),
        "expected": claim.expect.value,
        "as_expected": entry.as_expected,
        "outcome": entry.outcome,
        "statement": _expression(entry.statement),
        "amended": view.amended(entry),
        "amendment": _expression(entry.amendment),
        "repair": claim.repair,
        "reason": claim.reason,
        "condition": _expression(entry.condition),
        "witness": dict(view.witness(entry)),
        "derived": {str(name): _expression(value) for name, value in entry.derived},
        "difference": _expression(entry.difference),
        "repairs": [_repair(repair) for repair in entry.repairs],
        "steps": [{"text": s.text, "formula": _expression(s.formula)} for s in entry.steps],
        "evidence": [_evidence(entry, evidence) for evidence in entry.evidence],
        "seconds": round(entry.seconds, 3) if math.isfinite(entry.seconds) else None,
        "cached": entry.cached,
        "unread": entry.unread,
        "error": entry.error,
    }


def _repair(repair: Repair) -> dict[str, Any]:
    return {
        "text": repair.text,
        "edits": list(repair.edits),
        "size": repair.size,
        "statement": _expression(repair.statement),
        "kind": repair.kind,
    }


def _evidence(entry: Entry, evidence: Evidence) -> dict[str, Any]:
    return {
        "subject": evidence.subject,
        "route": evidence.route.value,
        "kind": evidence.kind,
        "holds": evidence.holds,
        "text": evidence.text,
        "certificate": plain(evidence.certificate, f"{entry.claim.id}: certificate"),
    }


def _mutant(mutant: Mutant) -> dict[str, Any]:
    return {
        "claim": mutant.claim_id,
        "operator": mutant.operator,
        "statement": _expression(mutant.statement),
        "fate": mutant.fate.value,
        "text": mutant.text,
    }


def _expression(obj: Basic | None) -> dict[str, str] | None:
    return None if obj is None else {"text": str(obj), "latex": latex(obj)}


def plain(value: Any, where: str) -> Any:
    """The value in JSON types; exact values and non-finite numbers as text."""
    if value is None or isinstance(value, (bool, str)):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, Basic):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item, f"{where}[{key!r}]") for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item, f"{where}[{i}]") for i, item in enumerate(value)]
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(value)
    if isinstance(value, Real):  # fractions and the like are exact: keep them so
        return str(value)
    raise BadData(
        f"{where} holds a {type(value).__name__}, which is not plain data; "
        "put numbers, texts, lists and mappings into a certificate"
    )
