"""Optimizers and training steps in the manner of public code: right ones pass, others are named.

The ordinary run takes a share that changes every day; SYMGAN_FULL=1 takes all.
"""

from __future__ import annotations

import pytest

from symgan.audit import Verdict
from tests.audit.corpus.optimizer_table import CORRECT, FAULTY, Case
from tests.audit.running import CORPUS, audited, audited_variant, brief, said, today
from tests.audit.variants import FAMILIES, variant


def _name(case: Case) -> str:
    return f"{case.file}-{case.rule}"


@pytest.mark.parametrize("case", today(CORRECT, 22), ids=_name)
def test_reference_implementations_pass(case: Case) -> None:
    found = audited(case, "correct")
    assert found.verdict is Verdict.SAME, brief(found)


@pytest.mark.parametrize("case", today(FAULTY, 18), ids=_name)
def test_faults_are_named(case: Case) -> None:
    found = audited(case, "faulty")
    assert found.verdict is Verdict.DIFFERS
    assert case.says in said(found), brief(found)
    assert case.says, "every fault must be named by something"


def test_the_table_has_every_file_of_the_corpus() -> None:
    for folder, cases in (("correct", CORRECT), ("faulty", FAULTY)):
        files = {path.name for path in (CORPUS / folder).glob("*.py")} - {"__init__.py"}
        assert files == {case.file for case in cases}


def test_at_least_25_kinds_of_faults_are_told_apart() -> None:
    assert len({case.says for case in FAULTY}) >= 25


@pytest.mark.parametrize("seed", today(range(1000), 500))
def test_random_correct_variants_raise_no_alarm(seed: int) -> None:
    found = audited_variant(variant(seed), seed)
    assert found.verdict is Verdict.SAME, (variant(seed).source, brief(found))


@pytest.mark.parametrize("seed", today(range(1000), 500))
def test_their_faulty_counterparts_are_caught(seed: int) -> None:
    wrong = variant(seed, faulty=True)
    assert wrong.source != variant(seed).source
    found = audited_variant(wrong, seed)
    assert found.verdict is Verdict.DIFFERS, wrong.source


def test_the_variants_reach_every_family_and_fault() -> None:
    """A generator that never draws a fault would catch nothing with it."""
    drawn = [variant(seed, faulty=True) for seed in range(1000)]
    assert {v.family for v in drawn} == set(FAMILIES)
    for name, family in FAMILIES.items():
        seen = {v.faulty for v in drawn if v.family == name}
        assert seen == set(range(len(family.faults))), name
    sources = {variant(seed).source for seed in range(1000)}
    assert len(sources) > 600, "variants repeat one another"
