"""Witnesses in simpler numbers still refute, and solver decisions name who made them."""

from __future__ import annotations

import stat
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sympy import And, Eq, Rational, Symbol

from symgan.certify import solvers
from symgan.certify.recheck import recheck
from symgan.certify.shrink import refutes, simpler, simplest_witness, size
from symgan.certify.solvers import ask_cvc5, decide_by_solvers
from symgan.errors import MissingExtra, Undecided

x, y, z = sp.symbols("x y z", real=True)
p = Symbol("p", positive=True)
rationals = st.fractions(min_value=-9, max_value=9, max_denominator=97).map(
    lambda q: Rational(q.numerator, q.denominator)
)
STATEMENTS = (
    x**2 + y > 4,
    x * y <= Rational(1, 3),
    sp.Or(x > y, x + y > 1),
    sp.Implies(x > 0, y > x),
    sp.exp(x) > 1 + y,
    And(x**2 < 2, y < 3),
    Eq(x + y, 1),
)


@settings(max_examples=60)
@given(st.sampled_from(STATEMENTS), rationals, rationals)
def test_a_shrunk_witness_refutes_and_is_no_larger(statement: Any, a: Any, b: Any) -> None:
    point = {x: a, y: b}
    premise = y > -10
    assume(refutes(statement, premise, point))
    found = simplest_witness(statement, premise, point)
    assert statement.subs(found) is sp.false
    assert sum(size(v)[0] for v in found.values()) <= sum(size(v)[0] for v in point.values())
    for symbol, value in found.items():  # no coordinate can be made simpler alone
        assert not [v for v in simpler(value) if refutes(statement, premise, {**found, symbol: v})]


@pytest.mark.parametrize(
    ("statement", "premise", "point", "wanted"),
    [
        (x**2 > x, sp.true, {x: Rational(355, 452)}, {x: 0}),
        (x**2 > x, x > 0, {x: Rational(355, 452)}, {x: 1}),
        (p > 1, sp.true, {p: Rational(1, 97)}, {p: 1}),
        (x < 7, sp.true, {x: Rational(99, 7)}, {x: 7}),
        # the point must stay on the line: both coordinates move together
        (x < 0, Eq(x + y, 1), {x: Rational(3, 7), y: Rational(4, 7)}, {x: 0, y: 1}),
        (  # and here three
            x < 0,
            And(Eq(x + y + z, 1), Eq(y, z)),
            {x: Rational(3, 7), y: Rational(2, 7), z: Rational(2, 7)},
            {x: 1, y: 0, z: 0},
        ),
    ],
)
def test_the_simplest_numbers_are_found(
    statement: Any, premise: Any, point: Any, wanted: Any
) -> None:
    assert simplest_witness(statement, premise, point) == wanted


def test_what_does_not_refute_is_refused() -> None:
    with pytest.raises(ValueError, match="does not refute"):
        simplest_witness(x**2 >= 0, sp.true, {x: Rational(1)})
    assert not refutes(1 / x > 0, sp.true, {x: Rational(0)})  # undefined there
    assert not refutes(p > 1, sp.true, {p: Rational(-1)})


def test_a_decision_by_z3_is_named_for_it() -> None:
    for statement, holds in ((x**2 + 1 > x, True), (x**2 > x, False)):
        found = decide_by_solvers(statement)
        assert (found.kind, found.holds) == ("decided:z3", holds)
        assert recheck(found.certificate) is True
    assert decide_by_solvers(sp.exp(x) > x).holds is None


def test_cvc5_decides_or_is_asked_for() -> None:
    if find_spec("cvc5") is None:
        with pytest.raises(MissingExtra, match="cvc5"):
            decide_by_solvers(x**2 + 1 > x, cvc5=True)
        return
    for statement, holds in ((x**2 + 1 > x, True), (x**2 > x, False)):
        found = decide_by_solvers(statement, cvc5=True)
        assert (found.kind, found.holds) == ("decided:z3+cvc5", holds)


def program(folder: Path, lines: str, patch: pytest.MonkeyPatch) -> None:
    """A command ``cvc5`` that does what is written."""
    path = folder / "cvc5"
    path.write_text(f"#!/bin/sh\n{lines}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    patch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_a_second_solver_that_hangs_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, "exec sleep 600", monkeypatch)
    monkeypatch.setattr(solvers, "START_SECONDS", 0.2)
    assert ask_cvc5("(check-sat)", budget_ms=200) == "unknown"
    found = decide_by_solvers(x**2 + 1 > x, cvc5=True, budget_ms=500)
    assert (found.kind, found.holds) == ("decided:z3", True)
    assert "cvc5 gives no answer" in found.text


def test_solvers_that_contradict_each_other_decide_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, "cat > /dev/null; echo sat", monkeypatch)
    with pytest.raises(Undecided, match="z3 answers unsat and cvc5 sat"):
        decide_by_solvers(x**2 + 1 > x, cvc5=True)


def test_without_cvc5_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(solvers, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"symgan\[cvc5\]"):
        decide_by_solvers(x**2 + 1 > x, cvc5=True)
