"""The solver's route: what it may say, and when it must keep silent."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import And, Eq, Implies, Ne, Or, Symbol
from sympy.logic.boolalg import Boolean

from symgan.certify.smt import decide_smt, load_z3
from symgan.errors import MissingExtra, Undecided
from symgan.losses import GenericLoss as Loss
from tests.certify.domains import m, n, p, x, y, z


def eq(left: Any, right: Any) -> Boolean:
    return Eq(sp.sympify(left), sp.sympify(right), evaluate=False)


@pytest.mark.parametrize(
    ("statement", "premise", "holds"),
    [
        (x**2 + y**2 >= 2 * x * y, sp.true, True),
        (x**2 + y**2 > 2 * x * y, sp.true, False),
        (Implies(x > 2, x**2 > 4), sp.true, True),
        (Implies(x > -2, x**2 > 4), sp.true, False),
        (sp.Equivalent(x * z > 0, Or(And(x > 0, z > 0), And(x < 0, z < 0))), sp.true, True),
        (sp.Equivalent(x > 0, y > 0, z > 0), sp.true, False),
        (sp.Not(And(x > 0, x < 0), evaluate=False), sp.true, True),
        (eq(sp.sqrt(p) * sp.sqrt(n), sp.sqrt(p * n)), sp.true, True),
        (sp.sqrt(x) >= 0, x >= 0, True),
        (sp.sqrt(1 - x**2) <= 1, And(x > -1, x < 1), True),
        (sp.Abs(x + y) <= sp.Abs(x) + sp.Abs(y), sp.true, True),
        (sp.Abs(x + y) < sp.Abs(x) + sp.Abs(y), sp.true, False),
        (m * p < 0, sp.true, True),
        (eq(Symbol("o", zero=True), 0), sp.true, True),
        (eq(Loss(0, 2), Loss(0, 1)), sp.true, False),
        (Loss(0, 1) ** 2 >= 0, sp.true, True),
    ],
)
def test_what_polynomials_decide(statement: Boolean, premise: Boolean, holds: bool) -> None:
    assert decide_smt(statement, premise).holds is holds


@pytest.mark.parametrize(
    ("statement", "premise"),
    [
        (sp.sin(x) <= 2, sp.true),  # i^2 = -1 has no real solution: unsat says nothing
        (sp.sin(x) > 2, sp.true),
        (eq(sp.sqrt(x) * sp.sqrt(y), sp.sqrt(x * y)), sp.true),  # complex for x < 0
        (sp.cbrt(x) ** 2 >= 0, sp.true),
        (sp.log(x) ** 2 >= 0, sp.true),
        (x > 5, And(x > 1, x < 0)),  # vacuous
        (eq(1 / sp.Add(sp.sqrt(p**2 + 1) ** 2, -(p**2), -1, evaluate=False), 0), sp.true),
    ],
)
def test_no_proof_where_values_are_complex_or_missing(statement: Boolean, premise: Boolean) -> None:
    assert decide_smt(statement, premise).holds is None


@pytest.mark.parametrize(
    "statement",
    [
        sp.exp(x) > 1 + x,  # e^x and x are not independent
        eq(sp.exp(sp.log(2) * p), 5),
        Or(Symbol("k", integer=True) <= 0, Symbol("k", integer=True) >= 1),
        Ne(2 * Symbol("k", integer=True), 3, evaluate=False),
        eq(Loss(x), Loss(y)),
        sp.pi * p > 4 * p,
    ],
)
def test_no_refutation_by_a_model_that_may_be_none(statement: Boolean) -> None:
    assert decide_smt(statement).holds is None


def test_a_relation_is_neither_true_nor_false_where_it_is_undefined() -> None:
    assert decide_smt(1 / x**2 > 0).holds is True
    assert decide_smt(Ne(1 / x, 0)).holds is True
    assert decide_smt(And(Ne(1 / x, 0), Ne(x, 0))).holds is False  # the second fails at zero
    assert decide_smt(Or(1 / x > 0, x <= 0)).holds is True
    assert decide_smt(Ne(x, 0), 1 / x > 0).holds is True


def test_out_of_time_is_no_answer() -> None:
    a = sp.symbols("a0:7", real=True)
    hard = eq(sum(s**7 for s in a), 3) & (sum(s**5 for s in a) > 2) & (sp.prod(a) > 1)
    assert decide_smt(Implies(hard, sum(s**3 for s in a) > sp.prod(a)), budget_ms=1).holds is None


def test_floats_and_strange_terms_are_refused() -> None:
    with pytest.raises(ValueError, match="holds a float"):
        decide_smt(x > 0.5)
    with pytest.raises(Undecided, match="cannot read the statement"):
        decide_smt(sp.Xor(x > 0, y > 0))


def test_the_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "z3", None)
    with pytest.raises(MissingExtra, match=r"needs z3-solver, .*pip install 'symgan\[proofs\]'"):
        load_z3()
