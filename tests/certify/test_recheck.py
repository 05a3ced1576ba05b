"""The second program: it confirms what the first one proves and rejects what was altered."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest
import sympy as sp
from sympy import And, Eq, Ne, Symbol
from sympy.logic.boolalg import Boolean

from symgan.certify.decide import decide
from symgan.certify.formula import evaluate, exponent_terms, rational, read, relations
from symgan.certify.recheck import recheck
from symgan.certify.smt import decide_smt
from symgan.errors import BadData, Undecided
from symgan.losses import GenericLoss
from tests.certify.domains import p, x, y, z

Data = Mapping[str, Any]
t = Symbol("t", positive=True)
f = GenericLoss


def eq(left: Any, right: Any) -> Boolean:
    return Eq(sp.sympify(left), sp.sympify(right), evaluate=False)


def certificate(statement: Boolean, premise: Boolean = sp.true) -> Data:
    found = decide(statement, premise)
    assert found.holds is not None
    return json.loads(json.dumps(found.certificate))  # plain data survives writing


def accepted(data: Data) -> bool:
    try:
        return recheck(data)
    except (BadData, Undecided):
        return False


WITNESSES = {
    "rational": (x**2 > 1, x >= 1),
    "transcendental": (sp.exp(x) <= 2 + sp.sin(x), And(x > 1, x < 3)),
    "root": (eq(sp.sqrt(x**2), x), sp.true),
    "equality of what differs": (eq(sp.log(p), p), Ne(p, 2)),
    "equation": (x > y, Eq(x, y)),
    "free value": (f(0, 1) > f(0, 2), sp.true),
    "angle": (eq(sp.atan2(x, p), 0), x > 1),
}


@pytest.mark.parametrize("name", WITNESSES)
def test_witnesses_are_confirmed(name: str) -> None:
    data = certificate(*WITNESSES[name])
    assert data["kind"] == "witness"
    assert recheck(data) is True
    opposite = {"==": "!=", ">": "<=", ">=": "<", "<=": ">"}[data["relation"]]
    assert recheck({**data, "relation": opposite}) is False
    assert recheck({**data, "difference": "0", "relation": "=="}) is False
    outside = {**data, "given": f"({data['given']}) & ({min(data['point'])} > 10**6)"}
    assert recheck(outside) is False


def test_a_witness_without_a_relation_is_refused() -> None:
    with pytest.raises(Undecided, match="without a relation"):
        recheck(certificate(sp.false))
    good = certificate(x > 1)
    with pytest.raises(Undecided, match="gives no value to y"):
        recheck({**good, "difference": "y"})
    with pytest.raises(Undecided, match="not defined at the witness"):
        recheck({**good, "difference": "1/(x - x)"})
    with pytest.raises(Undecided, match="not known to be real"):
        recheck({**good, "difference": "sqrt(-4)"})
    with pytest.raises(Undecided, match="holds zero"):
        recheck({**good, "difference": "sqrt(2)*sqrt(3) - sqrt(6)"})
    with pytest.raises(Undecided, match="no ball arithmetic for the function zeta"):
        recheck({**good, "difference": "zeta(3)"})
    with pytest.raises(Undecided, match="is not made of relations"):
        recheck({**good, "given": "(x > 1) | x"})


SIGNS = {
    "polynomial": (x**2 - x + 1 > 0, sp.true),
    "closed end": (4 - p**2 >= 0, p <= 2),
    "quotient": (sp.Lt(p / (1 + p), 1, evaluate=False), sp.true),
    "root": (sp.sqrt(1 + p**2) > p, sp.true),
    "absolute": (sp.Gt(sp.Abs(x) + 1, 0, evaluate=False), sp.true),
    "exponentials": (sp.exp(-t) < 1, sp.true),
    "symbolic bound": (x < z + 1, And(x > z, x < z + 1)),
    "free value": (f(0, 1) ** 2 + 1 > 0, sp.true),
}


@pytest.mark.parametrize("name", SIGNS)
def test_signs_are_confirmed(name: str) -> None:
    data = certificate(*SIGNS[name])
    assert data["kind"] == "sign"
    assert recheck(data) is True
    assert not accepted({**data, "difference": f"-({data['difference']})"})
    real = {name: ["real"] for name in data["assumptions"]}
    times = f"({data['difference']})*{min(real)}"
    assert not accepted({**data, "assumptions": real, "difference": times})


def test_an_absolute_value_is_no_bare_value() -> None:
    data = certificate(*SIGNS["absolute"])
    assert recheck({**data, "difference": "Abs(x) - x", "signs": [0, 1]}) is True
    assert recheck({**data, "difference": "Abs(x) - x", "signs": [0]}) is False


def test_signs_beyond_polynomials_are_refused() -> None:
    data = certificate(*SIGNS["polynomial"])
    for difference, reason in (
        ("log(x) + 5", "cannot be checked by polynomials"),
        ("sqrt(x) + 5", "may be negative under a root"),
        ("q", "does not say what q is"),
        ("x**y", "is not rational"),
        ("exp(x) + exp(-x) - x", "rests on more"),
    ):
        with pytest.raises(Undecided, match=reason):
            recheck({**data, "difference": difference})
    with pytest.raises(Undecided, match="does not say that x is real"):
        recheck({**data, "assumptions": {"x": []}})


def test_solver_answers_are_run_again() -> None:
    for statement, answer in ((x**2 + 1 > x, "unsat"), (x**2 + 1 > 2 * x, "sat")):
        data = {"kind": "smtlib", "text": decide_smt(statement).smtlib, "answer": answer}
        assert recheck(data) is True
        other = {"unsat": "sat", "sat": "unsat"}[answer]
        assert recheck({**data, "answer": other}) is False
    text = decide_smt(x**2 + 1 > x).smtlib
    altered = re.sub(r"\(not (\$x\d+)\)", r"\1", text)
    assert altered != text
    assert recheck({"kind": "smtlib", "text": altered, "answer": "unsat"}) is False
    with pytest.raises(Undecided, match="gave no answer"):
        recheck({"kind": "smtlib", "text": text})
    with pytest.raises(BadData, match="cannot be read"):
        recheck({"kind": "smtlib", "text": "(assert (> x 1))", "answer": "sat"})


def test_no_parts_prove_nothing() -> None:
    with pytest.raises(BadData, match="no parts"):
        recheck({"parts": []})


def test_all_parts_must_stand() -> None:
    root = sp.sqrt(1 + p**2)
    data = certificate(And(eq((root + p) * (root - p), 1), x**2 - x + 1 > 0, evaluate=False))
    assert len(data["parts"]) == 2
    assert recheck(data) is True
    wrong = {**data["parts"][0], "form": "1"} if "form" in data["parts"][0] else {}
    broken = {"parts": [wrong or {**data["parts"][0], "signs": [-1]}, data["parts"][1]]}
    assert recheck(broken) is False


EMPTY = {"kind": "identity", "generators": {}, "relations": {}}


@pytest.mark.parametrize(
    ("data", "error", "reason"),
    [
        ({}, Undecided, "kind None holds nothing"),
        ({"kind": "simulated"}, Undecided, "kind 'simulated' holds nothing"),
        ({"kind": "identity", "form": "x"}, BadData, "lacks its entry 'generators'"),
        (EMPTY | {"form": "x +"}, BadData, "cannot be read"),
        (EMPTY | {"form": "x.y"}, BadData, "not arithmetic"),
        (EMPTY | {"form": "'a'*x"}, BadData, "not arithmetic"),
        (EMPTY | {"form": "1.5*x"}, BadData, "not arithmetic"),
        (EMPTY | {"form": "x // 2"}, BadData, "not arithmetic"),
    ],
)
def test_unreadable_certificates_are_named(data: Data, error: type, reason: str) -> None:
    with pytest.raises(error, match=reason):
        recheck(data)


def test_formulas_are_read_and_never_run() -> None:
    assert rational(read("-(3/2)**2")) == sp.Rational(-9, 4)
    assert rational(read("0**-1")) is None
    assert rational(read("x")) is None
    assert relations(read("x")) is None
    assert [r for _, r, _ in relations(read("(x >= 1) & Ne(x, 2)")) or []] == [">=", "!="]
    assert exponent_terms(read("t*2 - t/3"))[1][0] == sp.Rational(-1, 3)
    with pytest.raises(BadData, match="is not arithmetic"):
        evaluate(read("__import__('os').system('true')"), None)  # type: ignore[arg-type]


def test_the_second_program_uses_no_sympy_polynomials() -> None:
    code = (
        "import symgan.certify.recheck as r, ast, inspect, sys\n"
        "from symgan.certify import formula, recheck_identity, recheck_sign, recheck_cases\n"
        "from symgan.certify import recheck_cone, recheck_box, recheck_jet, recheck_range\n"
        "for m in (r, formula, recheck_identity, recheck_sign, recheck_cases, recheck_cone,\n"
        "          recheck_box, recheck_jet, recheck_range):\n"
        "    for node in ast.walk(ast.parse(inspect.getsource(m))):\n"
        "        if isinstance(node, ast.Import | ast.ImportFrom):\n"
        "            print(getattr(node, 'module', None) or node.names[0].name)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    used = set(done.stdout.split())
    assert not {name for name in used if name.startswith("sympy")}
    certifier = {"generators", "identity", "sign", "domain", "decide", "witness", "free"}
    certifier |= {"cases", "cone", "refute", "positive", "interval", "boxes"}
    assert not {name for name in used if name.rpartition(".")[2] in certifier}


@pytest.mark.parametrize(
    ("difference", "signs", "right"),
    [
        ("E - 2", [1], True),
        ("E - 2", [-1], False),
        ("exp(-1) - 1/2", [-1], True),
        ("-1/(2*(1 + E)) + 1/(2*(exp(-1) + 1))", [1], True),
        ("pi - 22/7", [0, 1], False),
        ("3 - 2 - 1", [0], True),
    ],
)
def test_signs_of_constants(difference: str, signs: list[int], right: bool) -> None:
    """A constant has no variables for a solver: its ball decides."""
    certificate = {
        "kind": "sign", "difference": difference, "given": "True", "signs": signs,
        "assumptions": {},
    }  # fmt: skip
    assert recheck(certificate) is right


@pytest.mark.parametrize(
    ("given", "right"),
    [
        ("(x > 0) & ((x <= 0) | (x < 3))", True),
        ("(x > 3) | (x < 1)", False),
        ("~(x > 3)", True),
        ("~(Eq(x, 2))", False),
        ("False", False),
    ],
)
def test_premises_of_any_shape(given: str, right: bool) -> None:
    certificate = {
        "kind": "witness", "point": {"x": "2"}, "difference": "x - 2", "relation": ">",
        "given": given,
    }  # fmt: skip
    assert recheck(certificate) is right
