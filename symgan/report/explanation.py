"""Why an entry is not as its author expected, in plain lines for a terminal or a test report."""

from __future__ import annotations

from sympy import Basic, Equality

from symgan.claims.model import Entry, Evidence, Route, Verdict
from symgan.report import view

_NAMES = {Route.EXACT: "exact", Route.SECOND: "second"}


def explain(entry: Entry) -> list[str]:
    """The lines that an author needs: what was expected, derived, found; the smallest repair.

    Args:
        entry: any entry; of one that raised only the sentence is left.

    >>> from symgan.claims import Claim
    >>> claim = Claim("a.b", "p. 1", "x = 1", "", "", Verdict.PROVED, "", "", "", lambda: None, "")
    >>> for line in explain(Entry(claim, Verdict.CHECKED, "open")):
    ...     print(line)
    a.b (p. 1): expected PROVED, found CHECKED (open)
      printed     x = 1
      why         neither route decided it
    """
    if entry.error:
        return [entry.error]
    outcome = f" ({entry.outcome})" if entry.outcome else ""
    head = f"{entry.claim.id} ({entry.claim.source}): "
    head += f"expected {entry.claim.expect.value}, found {view.status(entry)}{outcome}"
    rows = [
        ("printed", entry.claim.printed),
        ("judged", entry.claim.formal or _statement(entry)),
        *(("derived", f"{name} = {value}") for name, value in entry.derived),
        ("difference", "" if entry.difference is None else str(entry.difference)),
        ("fails at", ", ".join(f"{name} = {value}" for name, value in view.witness(entry))),
        *(("repair", _repair(r.text, r.statement)) for r in entry.repairs),
        *((_NAMES[e.route], _found(e)) for e in entry.evidence),
        ("why", _why(entry)),
    ]
    return [head, *(f"  {name:<12}{_flat(text)}" for name, text in rows if text)]


def formula(statement: Basic) -> str:
    """A statement on one line, an equation with its equals sign.

    >>> from sympy.abc import x
    >>> formula(Equality(x, 1))
    'x = 1'
    """
    if isinstance(statement, Equality):
        return f"{statement.lhs} = {statement.rhs}"
    return str(statement)


def _statement(entry: Entry) -> str:
    """The statement, where no formula was printed."""
    shown = entry.statement is None or entry.claim.printed
    return "" if shown or entry.statement is None else formula(entry.statement)


def _repair(text: str, statement: Basic) -> str:
    return f"{text}: {formula(statement)} (proved)"


def _found(evidence: Evidence) -> str:
    return f"the {evidence.subject} statement {view.found(evidence)}: {evidence.text}"


def _why(entry: Entry) -> str:
    """What keeps the verdict from being the expected one, where the rows above do not say it."""
    printed = {e.route: e.holds for e in entry.evidence if e.subject == "printed"}
    exact, second = printed.get(Route.EXACT), printed.get(Route.SECOND)
    if entry.verdict is Verdict.PROVED:
        return "both routes hold for the statement as printed"
    if entry.verdict is not Verdict.CHECKED:
        return ""
    if exact is not None and second is not None and exact is not second:
        return "the two routes contradict each other: one of them is at fault"
    if exact is None and second is None:
        return "neither route decided it"
    if exact is None:
        return "the exact route did not decide it; derive the quantities in closed form"
    if second is None and Route.SECOND not in printed:
        return "there is no second route; give one (second=by_numbers(...), or use asserts)"
    if second is None:
        return "the second route did not decide it"
    if any(e.subject == "amended" for e in entry.evidence):
        return "the amendment is not proved by both routes"
    return "it is false; a REFUTED claim also gives the corrected statement (amendment=...)"


def _flat(text: str) -> str:
    return " ".join(text.split())
