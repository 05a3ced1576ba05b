"""What ``symgan audit`` prints, for people or for machines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from symgan.audit.results import Audit, Blame, Established

LONGEST = 400
"""Characters of an expression up to which it is printed."""

Rows = Iterator[tuple[str, str]]


def show(audit: Audit) -> None:
    """Print an audit as sections of labeled lines."""
    from symgan.cli.sheet import section

    section(f"audit of {audit.subject}", _verdict(audit))
    if audit.counterexample is not None:
        section("where they part", _parting(audit))
    if audit.blame:
        section("what differs", (row for blame in audit.blame for row in _blame(blame)))
    if audit.verdict == "differs" and (audit.hidden or audit.recognized or audit.blame):
        section("what it means", _meaning(audit))
    if audit.findings:
        section("also", [("", _sentence(finding)) for finding in audit.findings])


def _verdict(audit: Audit) -> Rows:
    yield "called as", audit.convention
    yield "held to", audit.against
    yield "verdict", audit.verdict.value
    if audit.verdict == "undecided":
        yield "because", audit.established.note or "no start was tried within the budget"
    else:
        agrees = audit.verdict == "same" or audit.counterexample is None  # but for findings
        yield "established", established(audit.established, agrees)


def established(found: Established, agrees: bool) -> str:
    """How a verdict came about, in words."""
    starts = f"{found.points} start{'s' if found.points != 1 else ''}"
    steps = f"{found.steps} step{'s' if found.steps != 1 else ''}"
    if not agrees:
        words = {
            "proved": f"proved: run on symbols, the difference is not zero (step {found.steps})",
            "polynomial": f"exactly, in rational arithmetic (step {found.steps})",
            "exact": f"exactly, in rational arithmetic (step {found.steps})",
            "50 digits": f"to 50 digits (step {found.steps})",
            "float": f"in floats, far outside the rounding budget (step {found.steps})",
        }
        return words[found.ground.value]
    words = {
        "proved": f"proved for all values, {steps}: run on symbols, the difference vanishes",
        "polynomial": f"exact on a grid of {starts} that decides polynomials",
        "exact": f"sampled: exact in rational arithmetic at {starts}, {steps} each",
        "50 digits": f"sampled: 50 digits at {starts}, {steps} each",
        "float": f"sampled: floats at {starts}, {steps} each, errors up to {found.ulps:.2g} ulp",
    }
    text = words[found.ground.value]
    if found.ground == "proved" and found.points:
        text += f"; and at {starts} with numbers"
    return text + (f". Given that {found.note}" if found.note else "")


def _parting(audit: Audit) -> Rows:
    found = audit.counterexample
    assert found is not None
    yield "input", ", ".join(f"{s} = {v}" for s, v in found.point)
    where = f"{found.component}, step {found.step}" if audit.kind == "map" else found.component
    yield "derived", f"{where} = {found.derived}"
    yield "code", found.computed


def _blame(blame: Blame) -> Rows:
    ground = blame.ground.value
    how = "proved" if ground == "proved" else f"{ground}, at {blame.points} fresh points"
    yield blame.component, f"{blame.fault} ({how})"
    if blame.term != 0:
        yield "  derived", _short(blame.term)
    yield "  code", _short(blame.instead)


def _short(expression: Any) -> str:
    """An expression, or its size where it would fill the screen."""
    text = str(expression)
    return (
        text if len(text) <= LONGEST else f"(an expression of {expression.count_ops()} operations)"
    )


def _meaning(audit: Audit) -> Rows:
    if audit.hidden is not None:
        yield "linearized", _hidden(audit.hidden)
    if audit.recognized is None:
        yield "implements", "nothing that was tried"
        return
    found = audit.recognized
    how = "proved" if found.ground == "proved" else f"{found.ground}, at {found.points} starts"
    yield "implements", f"{found.name} ({how})"


def _hidden(hidden: Any) -> str:
    point = ", ".join(f"{s} = {v}" for s, v in hidden.point)
    how = "exact" if hidden.exact else "sampled"
    if hidden.holds is None:
        return f"not known whether the linearization at {point} would show it"
    what = "would have hidden it" if hidden.holds else "shows it"
    return f"the linearization at {point} {what} ({how})"


def _sentence(text: str) -> str:
    """Capitalized, unless it starts with the name of a file."""
    return text if "." in text.split()[0] else text[:1].upper() + text[1:]


def print_json(audit: Audit) -> None:
    """Print an audit as one JSON object; expressions as text."""
    import json

    typer.echo(json.dumps(to_json(audit), indent=2, allow_nan=False))


def to_json(audit: Audit) -> dict[str, Any]:
    """An audit in JSON types."""
    example, hidden, known = audit.counterexample, audit.hidden, audit.recognized
    made = audit.established
    return {
        "subject": audit.subject,
        "kind": audit.kind.value,
        "against": audit.against,
        "called_as": audit.convention,
        "verdict": audit.verdict.value,
        "established": {
            "ground": made.ground.value,
            "sampled": made.sampled,
            "points": made.points,
            "steps": made.steps,
            "ulps": made.ulps,
            "given": made.note,
        },
        "counterexample": example
        and {
            "point": {str(s): str(v) for s, v in example.point},
            "step": example.step,
            "component": example.component,
            "derived": example.derived,
            "computed": example.computed,
        },
        "blame": [
            {
                "component": b.component,
                "fault": b.fault,
                "term": str(b.term),
                "instead": str(b.instead),
                "ground": b.ground.value,
                "fresh_points": b.points,
            }
            for b in audit.blame
        ],
        "hidden_by_linearization": hidden and {"holds": hidden.holds, "exact": hidden.exact},
        "implements": known
        and {"name": known.name, "ground": known.ground.value, "points": known.points},
        "findings": list(audit.findings),
    }
