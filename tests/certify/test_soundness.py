"""What the certifier proves is never wrong: random statements against mpmath and z3.

The values come from `tests.certify.domains`: mpmath, node by node, on principal branches,
at points among which are the closed ends of ranges and points 10^-9 from open ones.
"""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from sympy import Expr
from sympy.logic.boolalg import Boolean

from symgan.certify.decide import decide
from symgan.certify.identity import is_zero
from symgan.certify.sign import signs
from symgan.certify.smt import decide_smt
from symgan.errors import Undecided
from tests.certify import domains
from tests.certify.domains import m, n, p, x, y, z

seeds = st.integers(0, 10**6)
Wrong = tuple[Any, Any]


def wrong_signs(found: Any, e: Expr, premise: Boolean, seed: int) -> list[Wrong]:
    """Points of the domain at which the sign is none of those found."""
    places = domains.points(e.free_symbols, premise, seed)
    seen = [(place, domains.sign_at(e, place)) for place in places]
    return [(place, sign) for place, sign in seen if sign is not None and sign not in found]


def fits(witness: Any, premise: Boolean) -> bool:
    admitted = all(
        getattr(v, f"is_{k}") is truth
        for s, v in witness.items()
        for k, truth in s.assumptions0.items()
    )
    return admitted and premise.subs(witness) is sp.true


def everywhere(statement: Boolean, premise: Boolean, seed: int) -> list[Wrong]:
    """Points of the domain at which a statement is false."""
    places = domains.points(statement.free_symbols, premise, seed)
    return [(place, False) for place in places if domains.truth_at(statement, place) is False]


@settings(max_examples=500)
@given(domains.expressions, domains.premises, seeds)
@example(4 - p**2, sp.And(p > 0, p <= 2), 0)  # a closed upper end was once read as open
@example(sp.cos(x), sp.true, 0)  # e^(ix) has no real values: no rule of signs
@example(sp.log(x) ** 2 + 1, sp.true, 0)
@example(sp.log(x) ** 2, x < 1, 0)
def test_signs_hold_every_sign_taken(e: Expr, premise: Boolean, seed: int) -> None:
    assert wrong_signs(signs(e, premise), e, premise, seed) == []


def test_a_lost_sign_would_be_seen() -> None:
    premise = sp.And(p > 0, p <= 2)
    assert wrong_signs(frozenset({1}), 4 - p**2, premise, 0)
    assert wrong_signs(frozenset({1}), 4 - p**2, p < 2 + domains.NEAR, 0)


@settings(max_examples=500)
@given(domains.expressions, seeds)
@example(sp.sqrt(x) * sp.sqrt(y) - sp.sqrt(x * y), 0)
@example(sp.sqrt(x**2) - x, 0)
@example(sp.cbrt(x**3) - x, 0)
@example(sp.log(x * y) - sp.log(x) - sp.log(y), 0)
@example(sp.Abs(p + sp.I * x) ** 2 - p**2 - x**2, 0)
def test_zero_is_zero_and_a_witness_is_not(e: Expr, seed: int) -> None:
    found = is_zero(e)
    if found.holds:
        places = domains.points(e.free_symbols, sp.true, seed)
        assert [at for at in places if domains.is_zero_at(e, at) is False] == []
    if found.holds is False:
        assert fits(found.witness, sp.true)
        assert domains.is_zero_at(e, found.witness) is False


_IDENTITIES = (
    sp.sin(x) ** 2 + sp.cos(x) ** 2 - 1,
    sp.exp(x + y) - sp.exp(x) * sp.exp(y),
    sp.sqrt(p * n) - sp.sqrt(p) * sp.sqrt(n),
    sp.sqrt((x + p) ** 2 * p) - sp.Abs(x + p) * sp.sqrt(p),
    sp.tanh(x) - (1 - sp.exp(-2 * x)) / (1 + sp.exp(-2 * x)),
    1 / (1 + 1 / p**2) - p**2 / (1 + p**2),
    sp.log(p**2 * sp.exp(x)) - 2 * sp.log(p) - x,
    2 ** (x / 2) * 2 ** (x / 3) - 2 ** (5 * x / 6),
)


@settings(max_examples=60)
@given(st.sampled_from(_IDENTITIES), domains.expressions)
def test_an_identity_stops_being_one_with_any_further_term(one: Expr, term: Expr) -> None:
    assert is_zero(one).holds is True
    assume(is_zero(term).holds is False)
    assert is_zero(one + term).holds is not True


@settings(max_examples=120)
@given(domains.statements, domains.premises, seeds)
@example(sp.Implies(sp.And(x > 1, x < 0), sp.Eq(x, 5), evaluate=False), sp.true, 0)
@example(y > -1, sp.Eq(p, y + 1), 0)  # p > 0 says y > -1
@example(sp.Ne(2 * x, 1), sp.Eq(sp.Symbol("k", integer=True), x), 0)
@example(sp.Not(sp.And(x > 0, y > 0), evaluate=False), sp.true, 0)
@example(sp.Not(sp.Not(x > 0, evaluate=False), evaluate=False), sp.true, 0)
@example(sp.Equivalent(x > 0, y > 0, z > 0), sp.true, 0)
@example(1 / (x - 1) > 0, sp.Eq(x, 1), 0)
@example(sp.Eq(m + n, 0), sp.true, 0)
def test_decisions_stand(statement: Boolean, premise: Boolean, seed: int) -> None:
    try:
        found = decide(statement, premise)
    except Undecided:  # an inequality of complex numbers is refused
        return
    if found.holds:
        assert everywhere(statement, premise, seed) == []
    if found.holds is False:
        assert fits(found.witness, premise)
        free = {s: -1 if s is m else 1 for s in statement.free_symbols}  # dropped out: any value
        assert domains.truth_at(statement, free | dict(found.witness)) is False
    against = decide_smt(statement, premise, budget_ms=300)
    if against.holds:
        assert everywhere(statement, premise, seed) == []
    if None not in (found.holds, against.holds) and found.kind != "vacuous":
        assert found.holds is against.holds


@pytest.mark.parametrize(
    ("statement", "premise"),
    [(x**2 > 0, sp.true), (sp.Ne(p, 2), p <= 2), (sp.Or(x > 0, x < 0), sp.true)],
)
def test_a_false_proof_would_be_seen(statement: Boolean, premise: Boolean) -> None:
    assert everywhere(statement, premise, 0)
    assert decide(statement, premise).holds is False
