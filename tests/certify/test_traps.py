"""Statements on which a careless certifier errs: each false one with a true neighbor."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import And, Eq, Function, Implies, Ne, Or, Symbol
from sympy.logic.boolalg import Boolean

from symgan.certify.decide import decide
from symgan.certify.identity import is_zero
from symgan.certify.sign import ANY, signs
from symgan.certify.smt import decide_smt
from symgan.errors import Undecided
from symgan.losses import GenericLoss
from tests.certify.domains import m, n, p, x, y, z

integer, odd, prime = (Symbol("k", **{kind: True}) for kind in ("integer", "odd", "prime"))
imaginary, nothing = Symbol("w", imaginary=True), Symbol("o", zero=True)
f, g = GenericLoss, Function("g")


def eq(left: Any, right: Any) -> Boolean:
    return Eq(sp.sympify(left), sp.sympify(right), evaluate=False)


def implies(premise: Any, conclusion: Any) -> Boolean:
    return Implies(premise, conclusion, evaluate=False)


FALSE = {
    "root of a square": (eq(sp.sqrt(x**2), x), sp.true),
    "product of roots": (eq(sp.sqrt(x) * sp.sqrt(y), sp.sqrt(x * y)), sp.true),
    "quotient of roots": (eq(sp.sqrt(x) / sp.sqrt(y), sp.sqrt(x / y)), sp.true),
    "cube root of a cube": (eq(sp.cbrt(x**3), x), sp.true),
    "root of a square of a product": (eq(sp.sqrt(x**2 * y**2), x * y), sp.true),
    "logarithm of a product": (eq(sp.log(x * y), sp.log(x) + sp.log(y)), sp.true),
    "square of a complex logarithm": (sp.log(x) ** 2 >= 0, sp.true),
    "square of a complex logarithm, bounded": (sp.log(x) ** 2 > 0, x < 1),
    "complex logarithm plus one": (sp.log(x) ** 2 + 1 > 0, sp.true),
    "cosine never zero": (Ne(sp.cos(x), 0), sp.true),
    "sine above two": (sp.sin(x) > 2, sp.true),
    "closed lower end": (x**2 > 1, And(x >= 1, x < 3)),
    "closed upper end": (4 - p**2 > 0, p <= 2),
    "symbolic closed end": (x < y, x <= y),
    "integers leave gaps": (eq(2 * integer, 3), sp.true),
    "zero to a power": (eq(n * sp.sqrt(n) / n, 1), sp.true),
    "outside of a range": (Or(x > 1, x < 0), sp.true),
    "negated conjunction": (sp.Not(And(x > 0, y > 0), evaluate=False), sp.true),
    "implication by chance": (implies(x > 0, y > 0), sp.true),
    "derivatives are free": (eq(f(0, 2), f(0, 1)), sp.true),
    "other arguments": (eq(f(x), f(-x)), sp.true),
    "value and derivative": (eq(g(x).diff(x), 0), sp.true),
    "equation turned round": (y > 1, Eq(p, y + 1)),
    "false is false": (sp.false, x > 0),
    "sets of numbers": (eq(sp.FiniteSet(1, 2), sp.FiniteSet(1, 3)), sp.true),
    "equal sets differ": (Ne(sp.FiniteSet(1), sp.FiniteSet(1), evaluate=False), sp.true),
    "same name, other symbol": (implies(x > 0, eq(x, Symbol("x", positive=True))), sp.true),
    "same text, other argument": (eq(f(x), f(Symbol("x", positive=True))), sp.true),
    "a symbol named like a value": (eq(f(x), Symbol("f(x)", real=True)), sp.true),
    "imaginary square root": (
        eq(sp.sqrt(4 * x**2 * imaginary**2), 2 * sp.Abs(imaginary * x)),
        sp.true,
    ),
    "square under a root": (eq(sp.sqrt(x**2 * p + x**2), x * sp.sqrt(p + 1)), sp.true),
    "imaginary factor under a root": (
        eq(sp.sqrt(imaginary**2 * x**2 + imaginary**2), sp.Abs(imaginary) * sp.sqrt(x**2 + 1)),
        sp.true,
    ),
    "root against a negative": (m + sp.sqrt(m**2 + 1) < 0, sp.true),
    "root below": (sp.sqrt(1 + p**2) < p, sp.true),
    "root above": (p > sp.sqrt(p**2 + z**2), sp.true),
    "three-way equivalence": (sp.Equivalent(x > 0, y > 0, z > 0), sp.true),
}

TRUE = {
    "root of a square": (eq(sp.sqrt(x**2), sp.Abs(x)), sp.true),
    "product of roots": (eq(sp.sqrt(p) * sp.sqrt(n), sp.sqrt(p * n)), sp.true),
    "cube root of a cube": (eq(sp.cbrt(p**3), p), sp.true),
    "square under a root": (eq(sp.sqrt(x**2 * p + x**2), sp.Abs(x) * sp.sqrt(p + 1)), sp.true),
    "root above": (sp.sqrt(1 + p**2) > p, sp.true),
    "root against a negative": (m + sp.sqrt(m**2 + 1) > 0, sp.true),
    "negated root": (-sp.sqrt(1 + p**2) - x < 0, x > -1),
    "root of what is larger": (p < sp.sqrt(p**2 + z**2), sp.true),
    "positive through an equation": (y > 0, Eq(p, y)),
    "two roots of negatives": (eq(sp.sqrt(m) * sp.sqrt(m), m), sp.true),
    "logarithm of a product": (eq(sp.log(p * 3), sp.log(p) + sp.log(3)), sp.true),
    "square of a real logarithm": (sp.log(p) ** 2 >= 0, sp.true),
    "sine within two": (sp.sin(x) ** 2 + sp.cos(x) ** 2 < 2, sp.true),
    "open end": (4 - p**2 > 0, p < 2),
    "closed end": (4 - p**2 >= 0, p <= 2),
    "symbolic end": (x <= y, x <= y),
    "rational bound": (x * p <= 1, And(x > 0, x <= 1 / p)),
    "contradiction": (sp.false, And(x > 1, x < 0)),
    "contradicted assumption": (eq(p, 5), p < 0),
    "empty premise": (implies(And(x > 1, x < 0), eq(x, 5)), sp.true),
    "integers leave gaps": (Or(integer <= 0, integer >= 1), sp.true),
    "odd numbers": (Ne(odd, 2), sp.true),
    "prime numbers": (prime > 1, sp.true),
    "zero by assumption": (eq(nothing, 0), sp.true),
    "one point": (eq(f(n) + n, f(0)), n <= 0),
    "coinciding arguments": (implies(eq(x, y), eq(f(x), f(y))), sp.true),
    "assumption of what is eliminated": (y > -1, Eq(p, y + 1)),
    "chained equations": (x > 2, And(Eq(x, y + 1), Eq(y, 2))),
    "integer through an equation": (Ne(2 * x, 1), Eq(integer, x)),
    "sets written differently": (eq(sp.FiniteSet(sp.sqrt(x**2)), sp.FiniteSet(sp.Abs(x))), sp.true),
    "unknown whether equal": (
        eq(sp.FiniteSet(sp.sqrt((x + 1) ** 2)), sp.FiniteSet(sp.Abs(x + 1))),
        sp.true,
    ),
    "covered line": (Or(x > 0, x <= 0), sp.true),
    "twice negated": (sp.Not(sp.Not(x**2 >= 0, evaluate=False), evaluate=False), sp.true),
    "fails only where it is undefined": (sp.Gt(1 / x + x, 1 / x, evaluate=False), x >= 0),
    "differs only where it is undefined": (eq(1 / x + x, 1 / x + sp.Abs(x)), x >= 0),
    "renamed variable of integration": (
        eq(sp.Integral(g(x), (x, 0, 1)), sp.Integral(g(y), (y, 0, 1))),
        sp.true,
    ),
    "circle of bounds": (eq(x - y, 0), And(x <= y, y <= z, z <= x)),
    "circle": (x < z, And(x < y, y < z, z < x)),
}


@pytest.mark.parametrize("name", FALSE)
def test_a_false_statement_is_never_proved(name: str) -> None:
    statement, premise = FALSE[name]
    found = decide(statement, premise)
    assert found.holds is not True
    if found.holds is False and found.witness:
        assert premise.subs(found.witness) is sp.true
    if not statement.atoms(sp.Set):
        assert decide_smt(statement, premise).holds is not True


@pytest.mark.parametrize("name", TRUE)
def test_a_true_statement_is_never_refuted(name: str) -> None:
    statement, premise = TRUE[name]
    assert decide(statement, premise).holds is not False
    if not statement.atoms(sp.Set):
        assert decide_smt(statement, premise).holds is not False


PROVED = (
    "root of a square", "product of roots", "two roots of negatives", "logarithm of a product",
    "square of a real logarithm", "sine within two", "open end", "closed end", "rational bound",
    "contradiction", "contradicted assumption", "empty premise", "coinciding arguments",
    "chained equations", "covered line", "twice negated",
    "sets written differently", "zero by assumption", "square under a root", "root above",
    "root of what is larger", "root against a negative", "positive through an equation",
)  # fmt: skip
REFUTED = (
    "root of a square", "product of roots", "cube root of a cube", "logarithm of a product",
    "square of a complex logarithm", "complex logarithm plus one", "closed lower end",
    "closed upper end", "outside of a range", "negated conjunction", "implication by chance",
    "derivatives are free", "other arguments", "equation turned round", "false is false",
    "sets of numbers", "equal sets differ", "same name, other symbol", "three-way equivalence",
)  # fmt: skip


@pytest.mark.parametrize("name", PROVED)
def test_caution_does_not_lose_what_can_be_proved(name: str) -> None:
    assert decide(*TRUE[name]).holds is True


@pytest.mark.parametrize("name", REFUTED)
def test_caution_does_not_lose_what_can_be_refuted(name: str) -> None:
    assert decide(*FALSE[name]).holds is False


def test_what_is_defined_nowhere_is_left_open() -> None:
    nowhere = sp.sin(x) ** 2 + sp.cos(x) ** 2 - 1
    assert is_zero(nowhere / (sp.cosh(x) ** 2 - sp.sinh(x) ** 2 - 1)).holds is None
    assert decide(1 / (1 + nowhere) > 0).holds is True
    for statement, premise in (
        (1 / nowhere > 0, sp.true),
        (1 / x > 0, And(x >= 0, x <= 0)),
        (1 / x < 0, And(x >= 0, x <= 0)),
        (1 / (x - 1) > 0, Eq(x, 1)),
        (eq(y / (x - 1), 2 * y / (x - 1)), Eq(x, 1)),
        (eq(1 / nowhere + 1, 1 / nowhere), sp.true),
    ):
        assert decide(statement, premise).holds is None


def test_a_complex_value_has_no_rule_of_signs() -> None:
    assert signs(sp.exp(sp.I * x) ** 2 + 1) == ANY
    assert signs(sp.cbrt(x) ** 2) == ANY
    assert signs(sp.cbrt(p) ** 2) == {1}
    with pytest.raises(Undecided, match="compares what is not real"):
        decide(sp.Gt(x + sp.I * p, 0, evaluate=False))


def test_bounds_that_are_no_polynomials_lose_the_range_only() -> None:
    assert decide(x < 2, x < sp.sin(y)).holds is None
    assert decide(sp.exp(y) > x, And(x > -1, x < 0)).holds is True
    assert decide(x > 0, And(x > 0, x < sp.oo)).holds is True
    assert decide(x > 5, And(x > 0, x < sp.oo)).holds is False


def test_bounds_in_a_circle_come_to_an_end() -> None:
    assert decide(x * y > -1, And(x <= y, y <= z, z <= x)).holds in (True, None)
    assert signs(x * y + 1, And(x <= y, y <= z, z <= x)) >= {1}
    assert signs(x - y, And(x <= y, y <= z, z <= x)) >= {0}


def test_functions_without_ball_arithmetic_are_left_open() -> None:
    assert decide(sp.Gt(sp.GoldenRatio, 1, evaluate=False)).holds is None
    assert decide(sp.gamma(sp.Rational(1, 3)) * p > 0).holds in (True, None)


@pytest.mark.parametrize("where", ["left", "right", "premise"])
def test_floats_are_refused(where: str) -> None:
    sides = {
        "left": (x * 0.5 > 1, sp.true),
        "right": (x > 0.5, sp.true),
        "premise": (x > 0, x > 0.5),
    }
    with pytest.raises(ValueError, match="holds a float"):
        decide(*sides[where])
    if where != "premise":
        with pytest.raises(ValueError, match="holds a float"):
            is_zero(x - 0.5)


def test_no_statement_no_decision() -> None:
    with pytest.raises(Undecided, match="is not a statement that can be decided"):
        decide(x + 1)
    with pytest.raises(Undecided, match="z3 cannot read the statement"):
        decide_smt(sp.Xor(x > 0, y > 0))
