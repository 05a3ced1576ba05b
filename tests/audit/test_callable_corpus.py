"""Hand-written fields, Jacobians and maps: right ones pass, wrong ones are named.

The ordinary run takes a share that changes every day; SYMGAN_FULL=1 takes all.
"""

from __future__ import annotations

import ast

import pytest

from symgan.audit import Audit, AuditError, Verdict, audit
from symgan.audit.load import load
from tests.audit.callable_variants import callable_variant, held_to
from tests.audit.corpus.callable_table import CORRECT, FAULTY, Call
from tests.audit.running import CORPUS, said, today


def _audited(call: Call, file: str) -> Audit:
    code = load(f"{CORPUS / 'callables' / file}:{call.name}")
    return audit(code, call.game(), call.rule, of=call.of, sign="v")


def _words(found: Audit) -> str:
    """Verdict, recognition, findings, blame, step and what the linearization hides."""
    blame = [b.fault for b in found.blame]
    step = f"at step {found.counterexample.step}" if found.counterexample else ""
    hides = found.hidden is not None and found.hidden.holds
    hidden = "hidden by the linearization" if hides else ""
    return "; ".join([str(found.verdict), said(found), *blame, step, hidden])


@pytest.mark.parametrize("call", today(CORRECT, 2), ids=lambda call: call.name)
def test_reference_implementations_pass(call: Call) -> None:
    found = _audited(call, "reference.py")
    assert found.verdict is Verdict.SAME, _words(found)


@pytest.mark.parametrize("call", today(FAULTY, 13), ids=lambda call: call.name)
def test_faults_are_named(call: Call) -> None:
    if "keeps state" in call.says:  # which leaves nothing to compare
        with pytest.raises(AuditError, match=call.says):
            _audited(call, "faulty.py")
        return
    found = _audited(call, "faulty.py")
    assert found.verdict is Verdict.DIFFERS
    assert call.says in _words(found), _words(found)


@pytest.mark.parametrize(
    "call", today([c for c in CORRECT if c.of == "field"], 3), ids=lambda call: call.name
)
def test_a_field_is_no_map_and_no_other_game_s(call: Call) -> None:
    """The reference field is not that of the game with one loss negated."""
    game = call.game()
    other = type(game)("other", game.players, (game.losses[0], -game.losses[1]))
    code = load(f"{CORPUS / 'callables' / 'reference.py'}:{call.name}")
    assert audit(code, other, of="field").verdict is Verdict.DIFFERS


def test_the_tables_have_every_function() -> None:
    for file, calls in (("reference.py", CORRECT), ("faulty.py", FAULTY)):
        tree = ast.parse((CORPUS / "callables" / file).read_text())
        names = {n.name for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef)}
        assert names - {"field"} == {call.name for call in calls} - {"field"}


@pytest.mark.parametrize("seed", today(range(1000), 250))
def test_random_correct_variants_raise_no_alarm(seed: int) -> None:
    found = held_to(callable_variant(seed))
    assert found.verdict is Verdict.SAME, (callable_variant(seed).source, _words(found))


@pytest.mark.parametrize("seed", today(range(1000), 500))
def test_their_faulty_counterparts_are_caught(seed: int) -> None:
    wrong = callable_variant(seed, faulty=True)
    found = held_to(wrong)
    assert found.verdict is Verdict.DIFFERS, wrong.source
