"""A ledger as Markdown for the repository: the same for the same findings, no timings."""

from __future__ import annotations

import re

from symgan.claims.model import Entry, Ledger, Repair
from symgan.report import view
from symgan.report.expressions import display

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#~$&])")


def ledger_markdown(ledger: Ledger) -> str:
    """Markdown of a ledger: a table a paper, then what each paper has wrong, with repairs.

    Deterministic: it holds findings, not timings, so that a test can compare the file
    in the repository with a fresh run.

    >>> print(ledger_markdown(Ledger(())))
    # Ledger
    <BLANKLINE>
    0 claims.
    <BLANKLINE>
    """
    parts = ["# Ledger", f"{view.summary(ledger)}."]
    for paper, entries in view.by_paper(ledger):
        parts += [f"## {_escape(paper)}", f"{view.summary(Ledger(tuple(entries)))}."]
        parts.append(_table(entries))
        faulty = [entry for entry in entries if view.is_wrong(entry)]
        if faulty:
            parts.append(f"### What {_escape(paper)} has wrong")
            parts += [_fault(entry) for entry in faulty]
    return "\n\n".join(parts) + "\n"


def _table(entries: list[Entry]) -> str:
    rows = [
        f"| {_code(e.claim.id)} | {_escape(e.claim.source)} | {_verdict(e)} | "
        f"{view.routes(e)} | {_escape(e.claim.says)} |"
        for e in entries
    ]
    head = ["| claim | source | verdict | routes | says |", "|---|---|---|---|---|"]
    return "\n".join([*head, *rows])


def _fault(entry: Entry) -> str:
    blocks = [
        f"#### {_code(entry.claim.id)} · {_escape(entry.claim.source)} · {_verdict(entry)}",
        _escape(entry.claim.says),
        _formula("Printed", entry.claim.printed),
        _formula("Judged", entry.claim.formal),
        _formula("Amended", view.amended(entry)),
        _sentence("Smallest repair", entry.claim.repair),
        *(_found(repair) for repair in entry.repairs),
        _sentence("Reason", entry.claim.reason),
        _formula("Holds if", dict(view.formulas(entry)).get("condition", "")),
        _witness(entry),
    ]
    return "\n\n".join(block for block in blocks if block)


def _verdict(entry: Entry) -> str:
    status = view.status(entry) + (f" ({entry.outcome})" if entry.outcome else "")
    surprise = view.expectation(entry)
    return _escape(f"{status}, {surprise}" if surprise else status)


def _formula(name: str, latex: str) -> str:
    one_line = " ".join(latex.split())
    return f"{name}:\n\n```math\n{one_line}\n```" if one_line else ""


def _found(repair: Repair) -> str:
    """A repair that was searched and proved, in words and as a formula."""
    return _formula(f"Repair found: {_escape(repair.text)}", display(repair.statement))


def _sentence(name: str, text: str) -> str:
    return f"{name}: {_escape(text)}" if text else ""


def _witness(entry: Entry) -> str:
    values = ", ".join(_code(f"{name} = {value}") for name, value in view.witness(entry))
    return f"Witness: {values}" if values else ""


def _code(text: str) -> str:
    """A code span, fenced by more backticks than the text holds; no pipes for tables."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence, pad = "`" * (longest + 1), " " if longest else ""
    return f"{fence}{pad}{' '.join(text.split())}{pad}{fence}".replace("|", r"\|")


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
