"""What an author reads of a verdict that was not expected, in every form of the ledger."""

from __future__ import annotations

import sympy as sp

from symgan.claims import Claim, Entry, Evidence, Ledger, Repair, Route, Verdict, eq
from symgan.report.explanation import explain
from symgan.report.html import page
from symgan.report.json import to_json
from symgan.report.latex import latex
from symgan.report.ledger import ledger_markdown

x, Q = sp.symbols("x Q", real=True)
CLAIM = Claim(
    "a.b", "p. 1", "Q = x - 1", "", "says", Verdict.PROVED, "", "", "", lambda: None, "m:f"
)
REPAIR = Repair("flip the sign of the term -1", eq(Q, x + 1), 1, ("flip it",), "identity")


def evidence(route: Route, holds: bool | None, subject: str = "printed") -> Evidence:
    return Evidence(subject, route, "kind", holds, "because")


def entry(verdict: Verdict, outcome: str, *found: Evidence, **more: object) -> Entry:
    return Entry(CLAIM, verdict, outcome=outcome, evidence=found, **more)  # type: ignore[arg-type]


FALSE = entry(
    Verdict.CHECKED,
    "contradicted",
    evidence(Route.EXACT, False),
    evidence(Route.SECOND, False),
    statement=eq(Q, x - 1),
    witness={"x": "1"},
    derived=((Q, x + 1),),
    difference=sp.Integer(2),
    repairs=(REPAIR,),
)


def test_all_that_is_known_is_said() -> None:
    assert explain(FALSE) == [
        "a.b (p. 1): expected PROVED, found CHECKED (contradicted)",
        "  printed     Q = x - 1",
        "  derived     Q = x + 1",
        "  difference  2",
        "  fails at    x = 1",
        "  repair      flip the sign of the term -1: Q = x + 1 (proved)",
        "  exact       the printed statement fails: because",
        "  second      the printed statement fails: because",
        "  why         it is false; a REFUTED claim also gives the corrected statement "
        "(amendment=...)",
    ]


def test_why_depends_on_what_the_routes_found() -> None:
    exact, second = Route.EXACT, Route.SECOND
    cases = {
        "the two routes contradict each other": (evidence(exact, True), evidence(second, False)),
        "neither route decided it": (evidence(exact, None), evidence(second, None)),
        "the exact route did not decide it": (evidence(exact, None), evidence(second, True)),
        "there is no second route": (evidence(exact, True),),
        "the second route did not decide it": (evidence(exact, True), evidence(second, None)),
        "the amendment is not proved": (
            evidence(exact, False),
            evidence(second, False),
            evidence(exact, None, "amended"),
        ),
    }
    for words, found in cases.items():
        assert words in explain(entry(Verdict.CHECKED, "open", *found))[-1]
    assert "both routes hold" in explain(entry(Verdict.PROVED, ""))[-1]
    raised = Entry(CLAIM, None, error="a.b raised ValueError: no")
    assert explain(raised) == ["a.b raised ValueError: no"]


def test_repairs_stand_in_every_form() -> None:
    ledger = Ledger((FALSE,))
    assert to_json(ledger)["claims"][0]["repairs"] == [
        {
            "text": REPAIR.text,
            "edits": ["flip it"],
            "size": 1,
            "statement": {"text": "Eq(Q, x + 1)", "latex": "Q = x + 1"},
            "kind": "identity",
        }
    ]
    for text in (ledger_markdown(ledger), latex(FALSE), page(ledger)):
        assert "flip the sign of the term" in text
    assert "Repair found" not in ledger_markdown(Ledger((entry(Verdict.PROVED, ""),)))
