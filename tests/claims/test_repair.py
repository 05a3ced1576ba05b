"""The search for repairs: smallest first, each proved, none that says nothing."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st
from sympy import Abs, Basic, Symbol, cos, sin, sqrt

from symgan.certify.decide import Decision, decide
from symgan.claims import Examination, Finding, Repair, by_numbers, eq, load
from symgan.claims.examine import insert
from symgan.claims.repair import repairs, repairs_of
from symgan.claims.slips import edits

x, t, K, Q = sp.symbols("x t K Q", real=True)
a, c, eta = sp.symbols("a c eta", positive=True)


def found(statement: Basic, value: Any, **options: Any) -> tuple[Repair, ...]:
    """Repairs of a statement about Q, which has this value."""
    return repairs_of(Examination(statement, {Q: value}, **options))


ONE_SLIP = [
    (eq(Q, sin(t) - x), sin(t) + x, 1, "flip the sign of the term -x"),
    (eq(Q, cos(t) * x), sin(t) * x, 1, "write sin(t) for cos(t)"),
    (eq(Q, a * x), 2 * a * x, 2, "double a*x"),
    (eq(Q, a * x), a * x / 2, 2, "halve a*x"),
    (eq(Q, a + x + 1), a + 1, 2, "drop the term x"),
    (eq(Q, a * sin(x)), sin(x), 2, "drop the factor a"),
    (eq(Q, x / 3 + sin(t)), x / 4 + sin(t), 2, "write 1/4 for 1/3"),
    (eq(Q, a - c**2), c - a**2, 2, "exchange a and c"),
    (eq(Q, a + sin(c)), a + sin(a), 2, "write a for c"),
    (eq(Q, x / (1 + a)), x / (1 + a**2), 3, "multiply a by a"),
    (eq(Q, 1 + a), sqrt(1 + a), 3, "write sqrt(a + 1) for a + 1"),
    (eq(Q, 1 + a), 1 / (1 + a), 3, "write 1/(a + 1) for a + 1"),
    (eq(Q, K / (1 + a)), Abs(K) / (1 + a), 3, "write Abs(K)/(a + 1) for K/(a + 1)"),
    (eq(Q, a * (x + t)), a * x + t, 3, "write a*x + t for a*(t + x)"),
    (eq(Q, a / c), a / (c + x), 4, "add x to c"),
    (eq(Q, a * x), sqrt(c) * a * x, 4, "multiply a*x by sqrt(c)"),
]


@pytest.mark.parametrize(("statement", "value", "size", "text"), ONE_SLIP)
def test_one_slip_is_found(statement: Basic, value: Any, size: int, text: str) -> None:
    best = found(statement, value)[0]
    assert (best.size, best.text) == (size, text)
    assert decide(insert(best.statement, {Q: value})).holds is True


def test_a_printed_number_is_replaced_by_the_derived_one() -> None:
    (best,) = found(eq(Q, sp.Rational(25, 8)), sp.Integer(3))
    assert (best.text, best.statement) == ("write 3 for 25/8", eq(Q, 3))
    assert found(eq(Q, 2), sp.Rational(10**9 + 7, 10**9)) == ()


def test_two_slips_are_found_where_one_does_not_do() -> None:
    (best, *_) = found(eq(Q, x / 2 - K / (1 + a)), x / 3 + K / (1 + a))
    assert best.statement == eq(Q, x / 3 + K / (1 + a))
    assert (len(best.edits), best.size) == (2, 3)


@pytest.mark.parametrize(
    ("statement", "value", "repaired"),
    [
        (sp.Lt(Q, 1), 1 + a, sp.Gt(Q, 1)),
        (Q > 0, sp.Integer(0) * a, Q >= 0),
        (Q >= 1, 1 - eta, Q < 1),
        (sp.Ne(Q, a), a, eq(Q, a)),
        (a * Q <= 1, 1 / a + 1, a * Q > 1),
    ],
)
def test_inequalities_are_turned_before_they_are_loosened(
    statement: Basic, value: Any, repaired: Basic
) -> None:
    assert [r.statement for r in found(statement, value)] == [repaired]


def test_what_says_nothing_is_not_shown() -> None:
    """Q is -3a: Q >= -1 is false, and neither Q <= 1 nor 0 = 0 repairs it."""
    shown = {r.statement for r in found(sp.Ge(Q, a), -3 * a - 1)}
    assert shown == {sp.Lt(Q, a)}
    assert all(r.statement.has(Q) for r in found(eq(Q * x, a * x), 2 * a))
    free = repairs(eq(x, x + 1), decided=decide)
    assert all(r.statement.lhs != r.statement.rhs for r in free)  # type: ignore[attr-defined]


def test_a_premise_that_is_never_met_is_no_repair() -> None:
    printed = sp.Implies(a > 0, sp.Gt(Q, a), evaluate=False)
    empty = sp.Implies(-a > 0, sp.Gt(Q, a), evaluate=False)
    assert decide(insert(empty, {Q: a / 2})).holds is True
    shown = [r.statement for r in found(printed, a / 2)]
    assert empty not in shown
    assert shown[0] == sp.Implies(a > 0, sp.Lt(Q, a), evaluate=False)


def test_parts_of_a_conjunction_are_mended_each_by_itself() -> None:
    P = Symbol("P", real=True)
    printed = sp.And(eq(Q, x - 1), eq(P, cos(t)), evaluate=False)
    case = Examination(printed, {Q: x + 1, P: -cos(t)})
    (best, *_) = repairs_of(case)
    assert set(best.edits) == {"flip the sign of the term -1", "flip the sign of cos(t)"}
    assert case.decided(best.statement, sp.true).holds is True


def test_an_equivalence_loses_a_direction() -> None:
    printed = sp.Equivalent(x > 1, x > 2, evaluate=False)
    assert sp.Implies(x > 2, x > 1, evaluate=False) in [
        r.statement for r in repairs(printed, decided=decide)
    ]


def test_matrices_are_transposed() -> None:
    J, A, B = (sp.MatrixSymbol(name, 2, 2) for name in "JAB")
    m, n = sp.Matrix([[a, x], [1, c]]), sp.Matrix([[x, a], [c, t]])
    printed = sp.Eq(J, A * B, evaluate=False)
    (best, *_) = repairs_of(Examination(printed, {J: m * n.T, A: m, B: n}))
    assert best.statement == sp.Eq(J, A * B.T, evaluate=False)
    (turned, *_) = repairs_of(Examination(printed, {J: n * m, A: m, B: n}))
    assert turned.statement == sp.Eq(J, B * A, evaluate=False)


def test_nothing_is_shown_without_a_proof() -> None:
    """The look lets the right repair pass; a route that decides nothing must still stop it."""

    def silent(statement: Basic, given: Any) -> Decision:
        return Decision(None, "undecided", "no answer")

    def against(statement: Basic, given: Any, witness: Any) -> Finding:
        return Finding("measured", False, "no")

    printed = eq(Q, a - x)
    assert repairs(printed, decided=silent, values={Q: a + x}, budget=0.3) == ()
    refused = Examination(printed, {Q: a + x}, against)
    assert repairs_of(refused, budget=0.3) == ()
    right = by_numbers({Q: lambda p: p["a"] + p["x"]}, points=({a: 2, x: 3},))
    assert found(printed, a + x, second=right)


def test_the_budget_ends_the_search() -> None:
    printed = eq(Q, sqrt(1 + a * c + eta) * sin(t) + K * x)
    assert repairs(printed, decided=decide, values={Q: sp.exp(a)}, budget=0.2) == ()
    assert repairs(eq(Q, -a), decided=decide, values={Q: a}, budget=0) == ()


def test_cancelling_exponentials_do_not_hide_a_repair() -> None:
    """Derived values may cancel more than a double holds: 1 - 1/(1 + exp(-u)) at large u."""
    value = x * (1 - 1 / (1 + sp.exp(-10 * a))) * (1 + sp.exp(10 * a))
    assert found(eq(Q, -x), value)[0].statement == eq(Q, x)


SLIPS = [eq(Q, a * x - sin(t) / (1 + c)), eq(Q, sqrt(1 + a**2) * K - 3 * x), eq(Q, x**2 * c + a)]


UNDONE = ("flipped sign", "sine for cosine", "doubled", "halve")
"""Changes that a change of the same kind undoes."""


@settings(max_examples=8, deadline=None)
@drawn(st.sampled_from(SLIPS), st.integers(min_value=0, max_value=400))
def test_a_slip_that_can_be_undone_is_undone(truth: sp.Equality, number: int) -> None:
    """Print a sign, a function or a factor two wrong anywhere: a proved repair is found."""
    symbols = sorted(truth.free_symbols - {Q}, key=str)
    slips = [e for e in edits(truth, symbols) if e.operator.startswith(UNDONE)]
    slip = slips[number % len(slips)]
    case = Examination(slip.statement, {Q: truth.rhs})
    if case.decided(slip.statement, sp.true).holds is not False:
        return  # the change says the same
    best = repairs_of(case)
    assert best
    assert case.decided(best[0].statement, sp.true).holds is True


@pytest.mark.parametrize(
    ("claim_id", "text"),
    [
        ("annealed.eq7.alpha", "flip the sign of the term -lambda*psi*f'(-alpha*psi)"),
        ("annealed.eq13.a", "flip the sign of -K/(a**2 + 1)"),
        ("dynamic.lemma-d1.gradient", "divide psi*theta**2 by theta"),
        ("dynamic.eq11.v1", "flip the sign of the term eta*psi"),
        ("dynamic.lemma-d4.gradient.psi", "flip the sign of theta/(1 + exp(-psi*theta))"),
    ],
)
def test_the_authors_amendment_is_found(claim_id: str, text: str) -> None:
    (claim,) = (c for c in load([claim_id]) if c.id == claim_id)
    case = claim.examine()
    best = repairs_of(case)[0]
    assert (best.text, best.statement) == (text, case.amendment)


def test_a_repair_that_is_true_by_itself_is_not_shown() -> None:
    x, y = sp.symbols("x y", real=True)
    printed = sp.Or(sp.Lt(x, y), sp.Gt(x, y), evaluate=False)
    assert all(r.statement is not sp.true for r in repairs(printed, decided=decide))
