"""Forged certificates: whatever the second program accepts is true.

A certificate of a true claim is altered at random, in claim, constraints and multipliers alike, so
that its parts may still fit each other; what is accepted after that is held against z3.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Abs, And, Ne, Rational

from symgan.certify.positive import prove
from symgan.certify.recheck import recheck
from symgan.certify.smt import decide_smt
from symgan.errors import BadData, Undecided

x, y, eta = sp.symbols("x y eta", real=True)
NAMES = {"x": x, "y": y, "eta": eta}


def proved(statement: Any, premise: Any = sp.true) -> str:
    found = prove(statement, premise, budget_ms=10_000)
    assert found is not None
    return json.dumps(found)


CLAIMS = (
    proved(x**2 - eta * Abs(x * y) + y**2 > 0, And(eta > 0, eta < 2, Ne(x, 0))),
    proved(x**2 + y**2 >= 2 * x * y),
    proved(x * y <= 1, And(x <= 1, y <= 1, x >= 0)),
    proved(x / (1 + x**2) <= Rational(1, 2)),
    proved(sp.Max(x, y) >= (x + y) / 2),
    proved(sp.Implies(And(x > 1, y > x), x * y > 1)),
    proved(Abs(x) < 2, And(x < 2, x > -1)),
)
_TOKEN = re.compile(r"(?<![\w.])(\d+|>=|<=|==|!=|>|<|[xy]|eta|\+|-)(?!\w)")


@settings(max_examples=400)
@given(
    st.sampled_from(CLAIMS),
    st.lists(
        st.tuples(
            st.integers(0, 10**4),
            st.sampled_from(["0", "1", "2", "3", ">", ">=", "<", "<=", "x", "y", "-", "+", "=="]),
            st.booleans(),
        ),
        min_size=1,
        max_size=3,
    ),
)
def test_what_is_accepted_is_true(text: str, changes: list[tuple[int, str, bool]]) -> None:
    for place, token, everywhere in changes:
        places = list(_TOKEN.finditer(text))
        old = places[place % len(places)]
        if everywhere:
            pattern = rf"(?<![\w.]){re.escape(old.group())}(?![\w])"
            text = re.sub(pattern, lambda _, t=token: t, text)
        else:
            text = text[: old.start()] + token + text[old.end() :]
    try:
        data = json.loads(text)
    except json.JSONDecodeError:
        return
    if accepted(data):
        assert is_not_false(data)


def accepted(data: Any) -> bool:
    try:
        return recheck(data)
    except (BadData, Undecided):
        return False


def is_not_false(data: dict[str, Any]) -> bool:
    """Whether z3 finds no counterexample to a certificate's claim."""
    plain = {name: NAMES.get(name, sp.Symbol(name, real=True)) for name in data["assumptions"]}
    statement, premise = (
        sp.sympify(data[key], locals=plain, evaluate=False) for key in ("statement", "given")
    )
    for name, facts in data["assumptions"].items():
        signs = {"positive": plain[name] > 0, "nonnegative": plain[name] >= 0}
        premise = And(premise, *(fact for key, fact in signs.items() if key in facts))
    return decide_smt(statement, premise).holds is not False


def test_a_false_claim_would_be_seen() -> None:
    data = {"assumptions": {"x": ["real"]}, "statement": "x**2 > 0", "given": "True"}
    assert not is_not_false(data)
    assert is_not_false({**data, "given": "Ne(x, 0)"})


CASE = {"constraints": [{"polynomial": "-x", "relation": ">"}]}
LIE = {
    "kind": "certificate", "statement": "x >= 0", "given": "True", "generators": {},
    "assumptions": {"x": ["real"]},
}  # fmt: skip
X, MINUS = {"polynomial": "x", "relation": ">="}, {"polynomial": "-x", "relation": ">="}


def leaf(*terms: tuple[str, list[int], list[str]], multipliers: Any = ()) -> dict[str, Any]:
    written = [{"coefficient": c, "factors": f, "squares": q} for c, f, q in terms]
    return {"terms": written, "multipliers": list(multipliers)}


@pytest.mark.parametrize(
    "tree",
    [
        leaf(("1", [0], []), ("-1", [0], [])),  # a negative coefficient
        leaf(("0", [0], [])),  # nothing positive
        leaf(),
        leaf(("1", [0], ["0"])),  # a square that is zero is not positive
        leaf(("1", [], []), multipliers=[{"equation": 0, "polynomial": "-1/x"}]),
        leaf(("1", [0], []), multipliers=[{"equation": 0, "polynomial": "1"}]),  # no equation
        leaf(("1", [1], [])),  # no such constraint
        leaf(("1", [-1], [])),
        leaf(("1", [0], []), ("1", [True], [])),
        {"split": [X, MINUS], "equation": None, "branches": [leaf(("1", [0], []), ("1", [1], []))]},
        {"split": [X], "equation": None, "branches": [leaf(("1", [0], []), ("1", [1], []))]},
        {
            "split": [X, X],
            "equation": None,
            "branches": [leaf(("1", [0], []), ("1", [1], []))] * 2,
        },
        {"split": [], "equation": 0, "branches": []},
        {"split": [], "equation": None, "branches": []},
        {"solve": "x", "value": "0", "equation": 0, "then": leaf(("1", [0], []))},
        {"solve": "0", "value": "0", "equation": 0, "then": leaf(("1", [0], []))},
    ],
)
def test_known_tricks_do_not_work(tree: Any) -> None:
    assert not accepted({**LIE, "cases": [{**CASE, "tree": tree}]})


def test_constraints_must_be_those_of_the_claim() -> None:
    invented = [{"polynomial": "-1", "relation": ">"}]
    tree = leaf(("1", [], []), ("1", [0], []))
    assert recheck({**LIE, "cases": [{"constraints": invented, "tree": tree}]}) is False
    turned = [{"polynomial": "x", "relation": ">"}, {"polynomial": "-x", "relation": ">"}]
    tree = leaf(("1", [0], []), ("1", [1], []))
    assert recheck({**LIE, "cases": [{"constraints": turned, "tree": tree}]}) is False
    with pytest.raises(Undecided, match="not say that x is real"):
        recheck({**LIE, "assumptions": {"x": ["positive"]}, "cases": []})


@pytest.mark.parametrize("divisor", ["x", "x**2"])
def test_a_denominator_counts_only_where_it_is_met(divisor: str) -> None:
    """At x = 0 the first part is undefined and the second false: the whole is false there."""
    data = {**LIE, "statement": "(1/x**2 > 0) & Ne(x, 0)"}
    first = {
        "constraints": [
            {"polynomial": "x**2", "relation": "!="},
            {"polynomial": "-1", "relation": ">="},
        ],
        "tree": leaf(("1", [], []), ("1", [1], [])),
    }
    second = {
        "constraints": [
            {"polynomial": "x", "relation": "=="},
            {"polynomial": divisor, "relation": "!="},
        ],
        "tree": leaf(
            ("1", [1, 1], []),
            multipliers=[{"equation": 0, "polynomial": {"x": "x", "x**2": "x**3"}[divisor]}],
        ),
    }
    assert recheck({**data, "statement": "1/x**2 > 0", "cases": [first]}) is True
    assert recheck({**data, "given": "Ne(x, 0)", "cases": [first, second]}) is (divisor == "x")
    assert recheck({**data, "cases": [first, second]}) is False


def test_a_variable_is_replaced_only_by_what_it_equals() -> None:
    case = [{"polynomial": "-x", "relation": ">"}, {"polynomial": "x - y", "relation": "=="}]
    data = {
        **LIE, "given": "Eq(x, y)", "assumptions": {"x": ["real"], "y": ["real"]},
    }  # fmt: skip
    for value, variable in (("0", "x"), ("-y", "x"), ("x + 1", "y")):
        tree = {"solve": variable, "value": value, "equation": 1, "then": leaf(("1", [0], []))}
        assert recheck({**data, "cases": [{"constraints": case, "tree": tree}]}) is False
    tree = {"solve": "x", "value": "y", "equation": 1, "then": leaf(("1", [0], []), ("1", [2], []))}
    case = [*case, {"polynomial": "y", "relation": ">="}]
    true = {**data, "given": "Eq(x, y) & (y >= 0)", "cases": [{"constraints": case, "tree": tree}]}
    assert recheck(true) is True
    assert recheck({**true, "given": "Eq(x, y)"}) is False


def test_what_is_not_zero_has_no_sign() -> None:
    case = [{"polynomial": "x", "relation": "!="}, {"polynomial": "-x", "relation": ">"}]
    data = {**LIE, "given": "Ne(x, 0)"}
    for factors in ([0], [0, 0, 0]):
        other = [1] * len(factors)
        tree = leaf(("1", factors, []), ("1", other, []))
        assert recheck({**data, "cases": [{"constraints": case, "tree": tree}]}) is False
