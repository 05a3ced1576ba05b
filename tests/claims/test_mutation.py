"""Mutants: every operator, every fate, and a lax check that is found out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sympy as sp
from sympy import Symbol, cos, sin

from symgan.claims import Examination, Fate, Finding, Verdict, eq
from symgan.claims.mutation import mutants
from symgan.claims.run import Mutation, examine_claim
from tests.claims.samples import TRUE, A, K, a, case, made

Q = Symbol("Q", real=True)
t = Symbol("t", real=True)


def fates(examined: Examination) -> dict[str, set[Fate]]:
    found: dict[str, set[Fate]] = {}
    for mutant in mutants("sample.one", examined):
        found.setdefault(mutant.operator, set()).add(mutant.fate)
    return found


def test_a_sharp_check_rejects_every_mutant_of_an_equation() -> None:
    examined = Examination(eq(Q, 2 * sin(t) + K * a - 3), {Q: 2 * sin(t) + K * a - 3})
    found = fates(examined)
    assert set(found) == {
        "flipped sign",
        "doubled",
        "flipped sign of a term",
        "dropped term",
        "doubled term",
        "dropped factor",
        "changed constant",
        "sine for cosine",
    }
    assert set().union(*found.values()) == {Fate.REJECTED}


def test_weaker_and_equal_statements_are_told_apart() -> None:
    positive = Examination(Q < 0, {Q: -(a**2) - 1})
    assert fates(positive)["strictness"] == {Fate.IMPLIED}
    assert fates(positive)["inverted relation"] == {Fate.REJECTED}
    symmetric = Examination(eq(Q, cos(t)), {Q: cos(-t)})
    assert Fate.SURVIVED not in set().union(*fates(symmetric).values())


def test_a_stronger_truth_survives() -> None:
    """Q > 0 is true, but so is Q > 1: the statement asks to be sharpened."""
    loose = Examination(Q > 0, {Q: a**2 + 2})
    assert Fate.SURVIVED in fates(loose)["changed constant"]


def test_a_lax_check_is_found_out() -> None:
    class Lax(Examination):
        def decided(self, statement: Any, given: Any) -> Any:
            return super().decided(sp.true, given)

    lax = Lax(TRUE, {A: sp.Abs(K)})
    assert all(fate is Fate.SURVIVED for fate in (m.fate for m in mutants("sample.one", lax)))


def test_the_second_route_rejects_what_the_exact_one_leaves_open() -> None:
    class Silent(Examination):
        def decided(self, statement: Any, given: Any) -> Any:
            from symgan.certify.decide import Decision

            return Decision(None, "undecided", "no answer")

    def against(statement: Any, given: Any, witness: Any) -> Finding:
        return Finding("measured", False, "it fails")

    silent = Silent(eq(Q, 2 * a), {Q: 2 * a}, second=against)
    assert {m.fate for m in mutants("sample.one", silent)} == {Fate.REJECTED}


def test_a_share_of_the_mutants_is_drawn_by_the_seed() -> None:
    examined = case(TRUE)
    everyone = {m.statement for m in mutants("sample.one", examined)}
    draws = [
        tuple(m.statement for m in mutants("sample.one", examined, fraction=0.5, seed=seed))
        for seed in (1, 1, 2)
    ]
    assert draws[0] == draws[1] != draws[2]
    assert set(draws[0]) < everyone


@pytest.mark.parametrize(
    ("answer", "outcome"), [(True, "supported"), (False, "contradicted"), (None, "open")]
)
def test_only_what_runs_support_is_changed(answer: bool | None, outcome: str) -> None:
    """The opposite of a statement that runs contradict, or leave open, is no false neighbor."""
    k = Symbol("k", integer=True, positive=True)
    unknown = {Q: sp.Limit(sp.Function("X")(k), k, sp.oo)}

    def measured(statement: Any, given: Any, witness: Any) -> Finding:
        told = answer if statement == (Q > 1) else None if answer is None else not answer
        return Finding("measured:torch", told, "runs")

    examined = Examination(Q > 1, unknown, measured)
    claim = replace(made(examined, Verdict.CHECKED), reason="a measurement")
    entry, changed = examine_claim(replace(claim, examine=lambda: examined), Mutation())
    assert (entry.error, entry.outcome) == ("", outcome)
    assert bool(changed) == (outcome == "supported")
    assert all(m.fate is not Fate.SURVIVED for m in changed)
