"""What every rendering of a ledger needs to know of it; no markup here."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby

from sympy import Basic, MatrixBase

from symgan.claims.model import Entry, Evidence, Fate, Ledger, Route, Verdict
from symgan.report.expressions import display, expression

ERROR = "ERROR"
"""The status of an entry whose examination raised: it has no verdict."""

STATUSES = (*(verdict.value for verdict in Verdict), ERROR)
"""All statuses, in the order in which they are counted and listed."""

_WRONG = (Verdict.REFUTED, Verdict.CONDITIONAL, Verdict.ILL_POSED)


def status(entry: Entry) -> str:
    """The verdict found, or `ERROR`."""
    return ERROR if entry.verdict is None else entry.verdict.value


def counts(ledger: Ledger) -> dict[str, int]:
    """Status -> number of entries, in the order of `STATUSES`, without zeros."""
    found = [status(entry) for entry in ledger.entries]
    return {name: found.count(name) for name in STATUSES if name in found}


def fates(ledger: Ledger) -> dict[str, int]:
    """Fate -> number of mutants, zeros included."""
    found = [mutant.fate for mutant in ledger.mutants]
    return {fate.value: found.count(fate) for fate in Fate}


def by_paper(ledger: Ledger) -> list[tuple[str, list[Entry]]]:
    """(paper, its entries), papers in alphabetical order, entries in the ledger's."""
    ordered = sorted(ledger.entries, key=lambda entry: entry.claim.paper)
    return [(paper, list(group)) for paper, group in groupby(ordered, lambda e: e.claim.paper)]


def wrong(ledger: Ledger) -> list[Entry]:
    """Entries in which the print is at fault.

    Refuted, lacking a condition or ill-posed, and numeric statements that the check
    contradicted.
    """
    return [entry for entry in ledger.entries if is_wrong(entry)]


def is_wrong(entry: Entry) -> bool:
    """Whether the paper, and not the examination, is at fault."""
    if entry.verdict is Verdict.CHECKED:
        return entry.outcome == "contradicted"
    return entry.verdict in _WRONG


def shown(formula: Basic) -> str:
    """LaTeX of a formula for a display; a report writes each formula in several places."""
    return _shown(formula.as_immutable() if isinstance(formula, MatrixBase) else formula)


@lru_cache(maxsize=16384)
def _shown(formula: Basic) -> str:
    return display(formula)


def equation(left: Basic, right: Basic) -> str:
    r"""LaTeX of an equation that is never evaluated, even where both sides are the same.

    >>> from sympy import Symbol
    >>> equation(Symbol("eta"), Symbol("eta"))
    '\\eta = \\eta'
    """
    return f"{shown(left)} = {expression(right)}"


def amended(entry: Entry) -> str:
    """LaTeX of the corrected statement: the author's, else the proved one; may be empty."""
    if entry.claim.amended:
        return entry.claim.amended
    return "" if entry.amendment is None else shown(entry.amendment)


def remedy(entry: Entry) -> str:
    """How to mend the print, in words; else the reason, else what is said."""
    return entry.claim.repair or entry.claim.reason or entry.claim.says


def note(entry: Entry) -> str:
    """One short sentence on an entry: what went wrong, the repair, or what is said."""
    return entry.error or entry.claim.repair or entry.claim.says or entry.claim.reason


def expectation(entry: Entry) -> str:
    """``expected X`` where the verdict is not the expected one; else empty."""
    return "" if entry.as_expected else f"expected {entry.claim.expect.value}"


def routes(entry: Entry) -> str:
    """Which routes decided something: ``E`` exact, ``S`` second, both or neither."""
    decided = {evidence.route for evidence in entry.evidence if evidence.holds is not None}
    return "".join(letter for route, letter in _LETTERS.items() if route in decided)


_LETTERS = {Route.EXACT: "E", Route.SECOND: "S"}


def found(evidence: Evidence) -> str:
    """What a piece of evidence established: ``holds``, ``fails`` or ``undecided``."""
    return {True: "holds", False: "fails", None: "undecided"}[evidence.holds]


def witness(entry: Entry) -> list[tuple[str, str]]:
    r"""(name, value) pairs of the witness, in its own order."""
    return [(str(name), str(value)) for name, value in entry.witness.items()]


def formulas(entry: Entry) -> list[tuple[str, str]]:
    """(what it is, LaTeX) of every formula of an entry, in the order of the page."""
    claim = entry.claim
    pairs = [("printed", claim.printed), ("judged", claim.formal), ("amended", amended(entry))]
    if entry.condition is not None:
        pairs.append(("condition", shown(entry.condition)))
    pairs += [
        (f"step {number}", shown(step.formula))
        for number, step in enumerate(entry.steps, 1)
        if step.formula is not None
    ]
    if entry.difference is not None:
        pairs.append(("difference", shown(entry.difference)))
    pairs += [(f"derived {n}", equation(*pair)) for n, pair in enumerate(entry.derived, 1)]
    pairs += [(f"repair {n}", shown(r.statement)) for n, r in enumerate(entry.repairs, 1)]
    return [(what, text) for what, text in pairs if text]


def summary(ledger: Ledger) -> str:
    """One line: how many claims, how many of each verdict, how many surprises.

    >>> summary(Ledger(entries=()))
    '0 claims'
    """
    total = len(ledger.entries)
    parts = [f"{total} claim{'' if total == 1 else 's'}"]
    parts += [f"{number} {name}" for name, number in counts(ledger).items()]
    if ledger.surprises:
        parts.append(f"{len(ledger.surprises)} not as expected")
    if ledger.mutants:
        fate = ", ".join(f"{number} {name}" for name, number in fates(ledger).items() if number)
        parts.append(f"{len(ledger.mutants)} mutants: {fate}")
    return " · ".join(parts)
