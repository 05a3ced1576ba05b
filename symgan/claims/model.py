"""The ledger's data: claims, evidence, entries. Plain and frozen; `report` renders it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sympy import Basic


class Verdict(StrEnum):
    """What the ledger says of a printed statement; DESIGN's meanings.

    PROVED: exact, as printed. CONDITIONAL: right on a stated set that contains the
    paper's own setting; the condition is missing in print. REFUTED: false, with a
    witness and a proved amendment. CHECKED: numeric or statistical only. ILL_POSED: not
    well-typed or self-contradictory; each reading is an entry of its own. INFORMAL: not
    checkable, with the reason.
    """

    PROVED = "PROVED"
    CONDITIONAL = "CONDITIONAL"
    REFUTED = "REFUTED"
    CHECKED = "CHECKED"
    ILL_POSED = "ILL_POSED"
    INFORMAL = "INFORMAL"


class Route(StrEnum):
    """Which way a piece of evidence was found; PROVED and REFUTED need one of each."""

    EXACT = "exact"
    SECOND = "second"


@dataclass(frozen=True)
class Evidence:
    """One finding for or against one form of a statement.

    Attributes:
        subject: what was examined: ``printed``, ``condition``, ``amended`` or ``reading``.
        route: exact derivation, or the independent second route.
        kind: the method: ``identity``, ``sign``, ``witness``, ``decided:z3``,
            ``enclosed:arb``, ``simulated:mpmath``, ...
        holds: True (established), False (refuted), None (undecided).
        text: one sentence a reader can follow.
        certificate: plain data (JSON types) that a second program can check.
    """

    subject: str
    route: Route
    kind: str
    holds: bool | None
    text: str
    certificate: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """One step of a derivation: a sentence and, where there is one, its formula."""

    text: str
    formula: Basic | None = None


@dataclass(frozen=True)
class Repair:
    """A smallest change of a false statement that makes it true, proved.

    Attributes:
        text: what to do to the print, in words.
        statement: the statement so changed.
        size: how large the change is; `symgan.claims.slips` says how changes are weighed.
        edits: the single changes, in words.
        kind: the exact method that proved it.
        certificate: plain data that a second program can check.
    """

    text: str
    statement: Basic
    size: int
    edits: tuple[str, ...]
    kind: str
    certificate: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Claim:
    """One checkable sentence of a paper, and how to examine it.

    Attributes:
        id: ``<paper>.<label>[.part]``.
        source: where it stands in the paper.
        printed: the paper's own formula in LaTeX, sign for sign; empty for prose.
        formal: LaTeX of what is judged, where that is not the printed formula itself
            (prose, or an assertion that the text makes about a formula).
        says: the sentence in our words; for prose this is what is judged.
        expect: the verdict its author derived.
        amended: LaTeX of the corrected statement, where the print is refuted or needs a
            condition.
        repair: the smallest change that mends the printed statement, in words.
        reason: why, for INFORMAL, ILL_POSED and CHECKED.
        examine: builds the examination (`symgan.claims.examine`), or None for INFORMAL.
        origin: ``file:line`` of the claim's code.
    """

    id: str
    source: str
    printed: str
    formal: str
    says: str
    expect: Verdict
    amended: str
    repair: str
    reason: str
    examine: Callable[[], Any]
    origin: str

    @property
    def paper(self) -> str:
        """The first level of the id."""
        return self.id.split(".", 1)[0]


@dataclass(frozen=True)
class Entry:
    """What verifying one claim found: one row of the ledger.

    Attributes:
        claim: the claim.
        verdict: the verdict found; None if the examination raised.
        outcome: for CHECKED: ``supported``, ``contradicted`` or ``open``.
        statement: the printed statement as SymPy; None for prose without a formula.
        amendment: the corrected statement as SymPy, itself proved.
        condition: the condition under which the printed statement holds (CONDITIONAL).
        witness: symbol names -> exact values at which the printed statement fails.
        steps: the derivation's main steps.
        evidence: all findings.
        seconds: how long it took.
        error: one sentence, if the examination raised.
        error_code: the exit code that this error carries; 0 without one.
        cached: whether an earlier run found it; ``seconds`` is what it took then.
        derived: (named quantity, its derived value), for an entry that is not as expected.
        difference: left side minus right side of a refuted equation, derived values inserted;
            for an entry that is not as expected.
        repairs: proved repairs that were found, smallest first, where the print is contradicted
            and its author gives no amendment.
        unread: why the print of a claims file could not be held against its statement.
    """

    claim: Claim
    verdict: Verdict | None
    outcome: str = ""
    statement: Basic | None = None
    amendment: Basic | None = None
    condition: Basic | None = None
    witness: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    seconds: float = 0.0
    error: str = ""
    error_code: int = 0
    cached: bool = False
    derived: tuple[tuple[Basic, Basic], ...] = ()
    difference: Basic | None = None
    repairs: tuple[Repair, ...] = ()
    unread: str = ""

    @property
    def as_expected(self) -> bool:
        """Whether the verdict found is the one its author derived."""
        return self.verdict is self.claim.expect


class Fate(StrEnum):
    """What became of a mutant of a true statement."""

    REJECTED = "rejected"  # the check finds it false
    EQUIVALENT = "equivalent"  # the same statement in other words, shown so
    IMPLIED = "implied"  # merely weaker: it follows from the true statement
    SURVIVED = "survived"  # accepted although neither: a defect of the check


@dataclass(frozen=True)
class Mutant:
    """A true statement with one thing changed, and what the same check said."""

    claim_id: str
    operator: str
    statement: Basic
    fate: Fate
    text: str


@dataclass(frozen=True)
class Ledger:
    """All entries of one run, and the mutants if they were asked for."""

    entries: tuple[Entry, ...]
    mutants: tuple[Mutant, ...] = ()

    @property
    def surprises(self) -> tuple[Entry, ...]:
        """Entries whose verdict is not the expected one."""
        return tuple(e for e in self.entries if not e.as_expected)

    @property
    def survivors(self) -> tuple[Mutant, ...]:
        """Mutants that the checks failed to reject."""
        return tuple(m for m in self.mutants if m.fate is Fate.SURVIVED)
