"""What the engine must not conclude: undefined, complex, unmet or conflicting evidence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import mpmath
import pytest
import sympy as sp
from hypothesis import given, settings
from sympy import Symbol

from symgan.certify.recheck import recheck
from symgan.claims import Entry, Examination, Verdict, by_numbers, by_z3, eq, judge, load, verify
from symgan.errors import BadData
from tests.certify.domains import rational_functions
from tests.claims.samples import A, K, a, case, made

Q, x = sp.symbols("Q x", real=True)
VALUES = {-1: mpmath.mpc(0, 1), 0: mpmath.mpf(0), 1: mpmath.mpf(5), 2: mpmath.nan}


def at(k: int) -> Any:
    return by_numbers({Q: lambda place: VALUES[int(place["x"])]}, points=({x: k},))


@pytest.mark.parametrize(
    ("statement", "k", "holds"),
    [
        (Q > 0, -1, None),  # complex: no order
        (eq(Q**2, -1), -1, True),
        (eq(Q, 1), -1, False),
        (1 / Q > 0, 0, None),  # division by zero
        (Q > 4, 2, None),  # not a number
        (eq(Q, 5), 2, None),
        (sp.Or(1 / Q > 0, Q > 1, evaluate=False), 0, None),
        (sp.Or(1 / Q > 0, Q > -1, evaluate=False), 0, True),
        (sp.And(1 / Q > 0, Q > 1, evaluate=False), 0, False),
        (sp.And(1 / Q > 0, Q > -1, evaluate=False), 0, None),
        (sp.Implies(1 / Q > 0, Q > 1, evaluate=False), 0, None),
        (sp.Implies(1 / Q > 0, Q > -1, evaluate=False), 0, True),
        (sp.Implies(Q > -1, 1 / Q > 0, evaluate=False), 0, None),
        (sp.Equivalent(1 / Q > 0, 2 / Q > 0, evaluate=False), 0, None),
        (sp.Equivalent(Q > 1, Q > 2, Q > 3, evaluate=False), 1, True),
        (sp.Equivalent(Q > 1, Q > 2, Q > 5, evaluate=False), 1, False),
        (sp.Not(1 / Q > 0, evaluate=False), 0, None),
        (sp.Xor(Q > 1, x > 7, evaluate=False), 1, None),  # a connective that is not read
    ],
)
def test_a_measurement_is_true_false_or_neither(statement: Any, k: int, holds: bool | None) -> None:
    assert at(k)(statement, sp.true, None).holds is holds


def test_no_verdict_from_points_that_break_what_is_given() -> None:
    route = by_numbers({Q: lambda place: place["x"] ** 2})
    assert route(eq(Q, 4), eq(x, 2), None).holds is True
    assert route(eq(Q, 9), eq(x, 2), None).holds is False
    assert (
        route(eq(Q, 4), sp.Eq(x**2, 4), None).holds is not False
    )  # not solved for x: other points
    elsewhere = by_numbers({Q: lambda place: place["x"] ** 2}, points=({x: 3},))
    assert elsewhere(eq(Q, 9), sp.Eq(x**2, 4), None).holds is None


@settings(max_examples=40)
@given(rational_functions)
def test_only_the_derived_value_is_proved(value: sp.Expr) -> None:
    both = {"exact": {Q: value}, "second": by_z3({Q: value})}
    right = Examination(eq(Q, sp.expand(value)), **both)
    assert judge(made(right, Verdict.PROVED), right).verdict in (Verdict.PROVED, Verdict.CHECKED)
    wrong = Examination(eq(Q, value + sp.Rational(1, 10**12)), **both)
    found = judge(made(wrong, Verdict.PROVED), wrong)
    assert (found.verdict, found.outcome) == (Verdict.CHECKED, "contradicted")


@pytest.mark.parametrize(
    "setting", [{}, {K: -1}, {a: 1}], ids=["none", "outside", "another symbol"]
)
def test_a_condition_must_be_met_by_the_papers_own_setting(setting: dict[Symbol, int]) -> None:
    conditional = case(eq(A, K / sp.sqrt(1 + a**2)), condition=K >= 0, setting=setting)
    found = judge(made(conditional, Verdict.CHECKED), conditional)
    assert found.verdict is Verdict.CHECKED
    assert found.condition is None
    assert [e.holds for e in found.evidence if e.kind == "setting"] == [False]


def test_a_contradictory_premise_proves_nothing() -> None:
    """The exact route finds it vacuously true; no second route confirms that."""
    empty = case(eq(A, 7), given=sp.And(K > 1, K < 0))
    found = judge(made(empty, Verdict.PROVED), empty)
    assert (found.verdict, found.outcome) == (Verdict.CHECKED, "supported")
    solver = Examination(eq(Q, 7), {Q: K}, by_z3({Q: K}), given=sp.And(K > 1, K < 0))
    assert judge(made(solver, Verdict.PROVED), solver).verdict is Verdict.CHECKED


HEAD = "from symgan.claims import Verdict, claim\n"
CLAIM = """
@claim("{id}", source="p. 1", says="a remark", expect=Verdict.INFORMAL, reason="opinion")
def {name}():
    {body}
"""


def test_one_id_in_two_files_is_noticed(tmp_path: Path) -> None:
    one, other = tmp_path / "one.py", tmp_path / "other.py"
    for path in (one, other):
        path.write_text(HEAD + CLAIM.format(id="mine.a", name="a", body="..."), encoding="utf-8")
    assert len(load([str(one), str(one)])) == 1
    with pytest.raises(BadData, match=r"two claims have the id mine\.a"):
        load([str(one), str(other)])


def test_a_claim_or_file_that_exits_ends_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "leaving.py"
    text = CLAIM.format(id="mine.a", name="a", body="raise SystemExit(0)")
    text += CLAIM.format(id="mine.b", name="b", body="return None")
    path.write_text(HEAD + text, encoding="utf-8")
    seen: list[str] = []
    ledger = verify(load([str(path)]), on_entry=lambda entry: seen.append(entry.claim.id))
    assert [e.verdict for e in ledger.entries] == [None, Verdict.INFORMAL]
    assert ledger.entries[0].error == "mine.a raised SystemExit: 0 (leaving.py, line 5)"
    assert seen == ["mine.a", "mine.b"]
    (tmp_path / "gone.py").write_text("raise SystemExit(3)\n", encoding="utf-8")
    with pytest.raises(BadData, match="raised SystemExit: 3"):
        load([str(tmp_path / "gone.py")])


CHOSEN = ["annealed.eq2", "annealed.eq7", "annealed.eq15", "annealed.psi0"]


def flat(entry: Entry) -> list[Any]:
    """The single certificates of an entry."""
    found, waiting = [], [e.certificate for e in entry.evidence if e.certificate]
    while waiting:
        one = waiting.pop()
        waiting += one.get("parts", [])
        found += [] if "parts" in one else [one]
    return found


def test_the_second_program_confirms_a_papers_certificates() -> None:
    entries = verify(load(CHOSEN)).entries
    kinds = [c["kind"] for entry in entries for c in flat(entry)]
    assert {"identity", "witness"} <= set(kinds)
    assert [c for entry in entries for c in flat(entry) if not recheck(c)] == []


def test_certificates_do_not_depend_on_the_hash_seed() -> None:
    code = (
        "import json; from symgan.claims import load, verify\n"
        f"entries = verify(load({CHOSEN[1:3]!r})).entries\n"
        "print(json.dumps([[dict(e.certificate) for e in n.evidence] for n in entries]))\n"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1] != ""
