r"""From a statement and its two routes to a verdict.

An examination holds the printed statement over *named quantities*, the exactly derived
value of each quantity, and a second, independent route. The verdict is computed, never
typed: see `judge`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import sympy as sp
from sympy import Basic, Expr, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from symgan.certify.decide import Decision, decide
from symgan.claims.model import Claim, Entry, Evidence, Route, Step, Verdict
from symgan.differentiation import diff
from symgan.errors import BadData

Point = Mapping[Symbol, Any]
_MATRICES = (sp.MatrixBase, sp.MatrixExpr)


@dataclass(frozen=True)
class Finding:
    """What a second route found for one statement."""

    kind: str
    holds: bool | None
    text: str
    certificate: Mapping[str, Any] = field(default_factory=dict)


class SecondRoute(Protocol):
    """Examines any variant of a statement, independently of the exact route."""

    def __call__(self, statement: Basic, given: Boolean, witness: Point | None) -> Finding:
        """Examine a statement under what is given; look at the witness too."""
        ...


@dataclass(frozen=True)
class Examination:
    r"""How one printed statement is examined.

    Attributes:
        statement: the printed statement over named quantities, as SymPy.
        exact: named quantity -> its exactly derived value.
        second: the second route.
        given: what the paper assumes (its standing hypotheses).
        condition: the missing condition, where the statement needs one.
        setting: the paper's own values, which must satisfy the condition.
        amendment: the corrected statement, where the printed one is false.
        amendment_given: what the amendment assumes, if not `given`.
        steps: the derivation's main steps.
        printed: LaTeX from which the statement was read, if it was.
        amended: LaTeX from which the amendment was read, if it was.
    """

    statement: Basic
    exact: Mapping[Basic, Any] = field(default_factory=dict)
    second: SecondRoute | None = None
    given: Boolean = sp.true
    condition: Boolean | None = None
    setting: Mapping[Symbol, Any] = field(default_factory=dict)
    amendment: Basic | None = None
    amendment_given: Boolean | None = None
    steps: Sequence[Step] = ()
    printed: str = ""
    amended: str = ""

    def decided(self, statement: Basic, given: Boolean) -> Decision:
        """The exact route: quantities replaced by their derived values, then decided."""
        return decide(insert(statement, self.exact), given)

    @property
    def truth(self) -> tuple[Basic, Boolean]:
        """The statement that holds, and what it assumes: what mutants are made of."""
        if self.amendment is not None:
            given = self.given if self.amendment_given is None else self.amendment_given
            return self.amendment, given
        if self.condition is not None:
            return self.statement, sp.And(self.given, self.condition)
        return self.statement, self.given


@dataclass(frozen=True)
class IllPosed:
    r"""A statement whose one side binds a symbol on which the other side depends.

    Attributes:
        statement: the printed statement.
        bound: the symbol that one side binds (by a limit, an integral, a maximum).
        free_side: the exact value of the side that should not depend on it.
        readings: the ids of the entries that judge each reading.
        steps: what is wrong, step by step.
    """

    statement: Basic
    bound: Symbol
    free_side: Expr
    readings: tuple[str, ...]
    steps: Sequence[Step] = ()


def eq(left: Any, right: Any) -> sp.Equality:
    """An equation that stays as written."""
    return sp.Eq(sp.sympify(left), sp.sympify(right), evaluate=False)


def insert(statement: Basic, values: Mapping[Basic, Any]) -> Basic:
    """Replace named quantities below connectives and relations, evaluating nothing else.

    An equation of matrices becomes that of their entries.
    """
    if isinstance(statement, Relational):
        left, right = (_insert(side, values) for side in (statement.lhs, statement.rhs))
        if isinstance(left, _MATRICES) and isinstance(right, _MATRICES):
            return _entrywise(left, right)
        return statement.func(left, right, evaluate=False)
    if isinstance(statement, sp.And | sp.Or | sp.Not | sp.Implies | sp.Equivalent):
        return statement.func(*(insert(a, values) for a in statement.args), evaluate=False)
    return statement


def _entrywise(left: Any, right: Any) -> Basic:
    """The equations of the entries of two matrices."""
    if left.shape != right.shape:
        raise BadData(f"the matrices have shapes {left.shape} and {right.shape}; mend one side")
    sides = [sp.Matrix(side.doit().as_explicit()).expand() for side in (left, right)]
    return sp.And(*(eq(a, b) for a, b in zip(*sides, strict=True)), evaluate=False)


def _insert(side: Basic, values: Mapping[Basic, Any]) -> Basic:
    if not values:
        return side
    pairs = {key: sp.sympify(value) for key, value in values.items()}
    return side.subs(pairs, simultaneous=True) if side.has(sp.Derivative) else side.xreplace(pairs)


def judge(claim: Claim, examination: Any) -> Entry:
    """The verdict that the evidence supports; plain data, no timing.

    Raises:
        BadData: the claim's function returned something that is not an examination.
    """
    if examination is None:
        return _informal(claim)
    if isinstance(examination, IllPosed):
        return _ill_posed(claim, examination)
    if isinstance(examination, Examination):
        return _Judgement(with_formulas(claim, examination), examination).entry()
    raise BadData(
        f"claim {claim.id} returned {type(examination).__name__}; return an Examination, an "
        "IllPosed, or None for an INFORMAL claim"
    )


def with_formulas(claim: Claim, case: Examination) -> Claim:
    """The claim with the LaTeX that its function read, where its mark gives none."""
    printed, amended = claim.printed or case.printed, claim.amended or case.amended
    return replace(claim, printed=printed, amended=amended)


def _informal(claim: Claim) -> Entry:
    if claim.expect is not Verdict.INFORMAL:
        raise BadData(
            f"claim {claim.id} returned nothing, yet expects {claim.expect}; return an "
            "Examination, such as asserts(...) makes"
        )
    return Entry(claim, Verdict.INFORMAL)


def _ill_posed(claim: Claim, case: IllPosed) -> Entry:
    derivative = diff(case.free_side, case.bound)
    decision = decide(eq(derivative, 0))
    text = f"the side outside the binding of {case.bound} depends on {case.bound}: {decision.text}"
    certificate = dict(decision.certificate)
    evidence = Evidence("printed", Route.EXACT, decision.kind, decision.holds, text, certificate)
    verdict = Verdict.ILL_POSED if decision.holds is False else None
    error = "" if verdict else f"the statement is well-posed: {case.bound} does not occur freely"
    readings = tuple(Step(f"reading: {reading}") for reading in case.readings)
    steps = (*case.steps, *readings)
    return Entry(
        claim, verdict, statement=case.statement, steps=steps, evidence=(evidence,), error=error
    )


class _Judgement:
    """Collects evidence on the printed statement, its condition and its amendment."""

    def __init__(self, claim: Claim, examination: Examination) -> None:
        self.claim, self.case = claim, examination
        self.evidence: list[Evidence] = []
        self.witness: Mapping[str, str] = {}

    def entry(self) -> Entry:
        case = self.case
        exact, second = self._both("printed", case.statement, case.given)
        verdict, outcome = self._verdict(exact, second)
        refuted = verdict is Verdict.REFUTED
        return Entry(
            self.claim,
            verdict,
            outcome=outcome,
            statement=case.statement,
            amendment=case.amendment if refuted else None,
            condition=case.condition if verdict is Verdict.CONDITIONAL else None,
            witness=self.witness,
            steps=tuple(case.steps),
            evidence=tuple(self.evidence),
        )

    def _both(
        self, subject: str, statement: Basic, given: Boolean
    ) -> tuple[bool | None, bool | None]:
        """Examine one form of the statement by both routes and keep the evidence."""
        decision = self.case.decided(statement, given)
        self.evidence.append(
            Evidence(
                subject,
                Route.EXACT,
                decision.kind,
                decision.holds,
                decision.text,
                decision.certificate,
            )
        )
        if subject == "printed" and decision.holds is False:
            by_name = sorted(decision.witness.items(), key=lambda item: str(item[0]))
            self.witness = {str(s): str(v) for s, v in by_name}
        if self.case.second is None:
            return decision.holds, None
        witness = decision.witness if decision.holds is False else None
        found = self.case.second(statement, given, witness)
        self.evidence.append(
            Evidence(subject, Route.SECOND, found.kind, found.holds, found.text, found.certificate)
        )
        return decision.holds, found.holds

    def _verdict(self, exact: bool | None, second: bool | None) -> tuple[Verdict, str]:
        if exact is None or second is None or exact is not second:
            return Verdict.CHECKED, _outcome(exact, second)
        if exact:
            return Verdict.PROVED, ""
        if self.case.condition is not None and self._holds_under_condition():
            return Verdict.CONDITIONAL, ""
        if self.case.amendment is not None and self._amendment_holds():
            return Verdict.REFUTED, ""
        return Verdict.CHECKED, "contradicted"

    def _holds_under_condition(self) -> bool:
        case = self.case
        assert case.condition is not None
        setting = case.condition.subs(dict(case.setting))
        if setting is not sp.true:
            self.evidence.append(
                Evidence(
                    "condition",
                    Route.EXACT,
                    "setting",
                    False,
                    f"the paper's own setting does not satisfy the condition: {setting}",
                )
            )
            return False
        return self._both("condition", case.statement, sp.And(case.given, case.condition)) == (
            True,
            True,
        )

    def _amendment_holds(self) -> bool:
        statement, given = self.case.truth
        return self._both("amended", statement, given) == (True, True)


def _outcome(exact: bool | None, second: bool | None) -> str:
    """What one-sided or contradictory evidence amounts to."""
    if exact is not None and second is not None:
        return "open"  # the routes contradict each other: a defect to be found
    known = exact if exact is not None else second
    return {True: "supported", False: "contradicted", None: "open"}[known]
