"""Positivstellensatz certificates: found for what is true, never for what is false."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
import sympy as sp
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from sympy import Abs, And, Eq, Max, Min, Ne, Or, Rational, Symbol
from sympy.logic.boolalg import Boolean

from symgan.certify.decide import decide
from symgan.certify.positive import prove, prove_nonnegative
from symgan.certify.recheck import recheck
from symgan.errors import BadData, Undecided

theta, psi, eta, x, y = sp.symbols("theta psi eta x y", real=True)
T = Symbol("T", positive=True)
V = theta**2 - eta * Abs(theta * psi) + psi**2
OFF = Or(Ne(theta, 0), Ne(psi, 0))
Data = Mapping[str, Any]


def jury(trace: Any, determinant: Any) -> Boolean:
    """Both roots of z^2 - trace z + determinant lie in the open unit disk."""
    inside = (determinant < 1, 1 + trace + determinant > 0, 1 - trace + determinant > 0)
    return And(*inside, evaluate=False)


SMALLER = Max(Abs(theta - eta * psi), Abs(psi)) <= Max(Abs(theta), Abs(psi))
TRUE: dict[str, tuple[Any, Any]] = {
    "the oracle's V is definite": (V > 0, And(eta > 0, eta < 2, OFF)),
    "V and the norm": ((1 - eta / 2) * (theta**2 + psi**2) <= V, eta > 0),
    "V drops without overshoot": (
        V.subs(theta, theta + eta * psi) <= V,
        And(eta > 0, theta > 0, psi < 0, theta + eta * psi >= 0),
    ),
    "V stays with overshoot": (
        Eq(V.subs(theta, theta + eta * psi), V),
        And(eta > 0, theta > 0, psi < 0, theta + eta * psi <= 0),
    ),
    "the maximum does not grow": (SMALLER, And(eta > 0, eta <= 1, theta * psi > 0)),
    # extragradient on theta*psi: eigenvalues 1 - eta^2 +- i eta
    "Jury": (jury(2 - 2 * eta**2, (1 - eta**2) ** 2 + eta**2), And(eta > 0, eta < 1)),
    "Jury, inside": (jury(2 - eta * T, 1 - eta * T / 2), And(eta > 0, T * eta < 1)),
    "quotient": (Rational(1, 2) >= T / (1 + T**2), sp.true),
    "negative denominator": (1 / (x - 1) < 0, x < 1),
    "cubic mean": (x**3 + y**3 + T**3 >= 3 * T * x * y, And(x >= 0, y >= 0)),
    "cases": (Or(x > 0, x <= 0, evaluate=False), sp.true),
    "triangle": (Abs(x + y) <= Abs(x) + Abs(y), sp.true),
    "minimum": (Min(x, y) + Max(x, y) >= x + y, sp.true),
    "nested": (Abs(Abs(x) - Abs(y)) <= Abs(x - y), sp.true),
    "ideal": (x * y <= Rational(1, 2), Eq(x**2 + y**2, 1)),
    "nothing is given that could be": (x > 5, And(x * y > 1, x * y < 0)),
    "in the plane": (
        (x**2 + y**2) * (theta**2 + psi**2) >= (x * theta + y * psi) ** 2,
        sp.true,
    ),
}
FALSE: dict[str, tuple[Any, Any]] = {
    "the oracle's V at 2": (V > 0, And(eta > 0, eta <= 2, OFF)),
    "V at the origin": (V > 0, And(eta > 0, eta < 2)),
    "V and a larger norm": ((1 - eta / 3) * (theta**2 + psi**2) <= V, eta > 0),
    "V drops beyond": (V.subs(theta, theta + eta * psi) < V, And(eta > 0, theta > 0, psi < 0)),
    "V does not stay": (
        Eq(V.subs(theta, theta + eta * psi), V),
        And(eta > 0, theta > 0, psi < 0),
    ),
    "the maximum grows": (SMALLER, And(eta > 0, eta <= Rational(21, 20))),
    "Jury at the end": (jury(2 - 2 * eta**2, (1 - eta**2) ** 2 + eta**2), And(eta > 0, eta <= 1)),
    "quotient": (Rational(1, 2) > T / (1 + T**2), sp.true),
    "denominator of either sign": (1 / (x - 1) < 0, Ne(x, 1)),
    "a denominator is defined apart": (
        And(sp.Gt(1 / x, 0, evaluate=False), Ne(x, 0), evaluate=False),
        x >= 0,
    ),
    "cubic mean": (x**3 + y**3 + T**3 >= 3 * T * x * y, sp.true),
    "no cases": (Or(x > 0, x < 0, evaluate=False), sp.true),
    "triangle": (Abs(x + y) < Abs(x) + Abs(y), sp.true),
    "minimum": (Min(x, y) + Max(x, y) > x + y, sp.true),
    "ideal": (x * y <= Rational(1, 3), Eq(x**2 + y**2, 1)),
    "motzkin, less a bit": (
        x**4 * y**2 + x**2 * y**4 - 3 * x**2 * y**2 + Rational(99, 100) >= 0,
        sp.true,
    ),
}


def written(data: Data | None) -> dict[str, Any]:
    assert data is not None
    return json.loads(json.dumps(data))


@cache
def _found(name: str) -> Data | None:
    """The search runs once; what it found is written anew for every test that alters it."""
    return prove(*TRUE[name], budget_ms=20_000)


def certificate_of(name: str) -> dict[str, Any]:
    return written(_found(name))


def of_certificates(test: Any) -> Any:
    """All tests of one statement's certificate run in one process, where it is searched once."""
    together = [pytest.param(n, marks=pytest.mark.xdist_group(f"certificate: {n}")) for n in TRUE]
    return pytest.mark.parametrize("name", together)(test)


@of_certificates
def test_true_statements_have_certificates(name: str) -> None:
    data = certificate_of(name)
    assert data["kind"] == "certificate"
    assert recheck(data) is True


@pytest.mark.parametrize("name", FALSE)
def test_false_neighbors_have_none(name: str) -> None:
    assert prove(*FALSE[name], budget_ms=1000) is None


def rejected(data: Data) -> bool:
    try:
        return not recheck(data)
    except (BadData, Undecided):
        return True


def leaves(tree: Any) -> Iterator[Any]:
    if "terms" in tree:
        yield tree
    for branch in tree.get("branches", [tree["then"]] if "then" in tree else []):
        yield from leaves(branch)


@of_certificates
def test_a_certificate_proves_no_false_neighbor(name: str) -> None:
    """The multipliers stay; the claim becomes another one."""
    data = certificate_of(name)
    for false_name, (statement, premise) in FALSE.items():
        free = {s.name for s in statement.free_symbols | sp.sympify(premise).free_symbols}
        if free <= {*data["assumptions"]}:
            other = {**data, "statement": str(statement), "given": str(premise)}
            assert rejected(other), false_name
    assert rejected({**data, "given": "True", "statement": "False"})


@of_certificates
def test_altered_multipliers_are_rejected(name: str) -> None:
    data = certificate_of(name)
    count = 0
    for k, case in enumerate(data["cases"]):
        for number, leaf in enumerate(leaves(case["tree"])):
            for term in range(len(leaf["terms"])):
                for change in ("double", "negate", "drop"):
                    altered = copy.deepcopy(data)
                    terms = list(leaves(altered["cases"][k]["tree"]))[number]["terms"]
                    alter(terms, term, change)
                    count += 1
                    alone = change == "double" and len(leaf["terms"]) == 1
                    assert rejected(altered) is not (alone and not leaf["multipliers"])
    assert count or name == "cases"


def alter(terms: list[Any], term: int, change: str) -> None:
    if change == "drop":
        del terms[term]
    else:
        factor = {"double": 2, "negate": -1}[change]
        terms[term]["coefficient"] = str(factor * Rational(terms[term]["coefficient"]))


def test_a_dropped_case_is_missed() -> None:
    data = certificate_of("the oracle's V is definite")
    assert len(data["cases"]) == 2
    assert rejected({**data, "cases": data["cases"][:1]})
    assert rejected({**data, "cases": []})


def test_assumptions_are_part_of_the_claim() -> None:
    data = written(prove(sp.Gt(T**3 + T, 0, evaluate=False)))
    assert recheck(data) is True
    assert rejected({**data, "assumptions": {"T": ["real"]}})
    assert rejected({**data, "assumptions": {"T": []}})
    assert rejected({**data, "assumptions": {}})


def test_a_split_leaves_nothing_out() -> None:
    data = certificate_of("the maximum does not grow")
    texts = json.dumps(data)
    assert '"split"' in texts
    assert '"solve"' in texts
    for altered in splits_altered(data["cases"][0]["tree"]):
        other = {**data, "cases": [{**data["cases"][0], "tree": altered}]}
        assert rejected(other)


def splits_altered(tree: Any) -> Iterator[Any]:
    """The first split without a branch, with one twice, and with a strict end."""
    assert "split" in tree
    for kept in ([0], [1], [0, 0], [1, 1]):
        yield {
            **tree,
            "split": [tree["split"][k] for k in kept],
            "branches": [tree["branches"][k] for k in kept],
        }
    strict = [{**c, "relation": ">"} for c in tree["split"]]
    yield {**tree, "split": strict}
    yield {**tree, "equation": None}


numbers = st.integers(-3, 3).map(sp.Integer)
affine = st.tuples(numbers, numbers, numbers).map(lambda c: c[0] + c[1] * x + c[2] * y)


@settings(max_examples=60)
@given(
    st.lists(affine, min_size=1, max_size=3), st.lists(st.integers(0, 4), min_size=4, max_size=4)
)
def test_random_sums_of_products_are_certified(factors: list[Any], weights: list[int]) -> None:
    """A Handelman sum over a polygon, with a square added: nonnegative by construction."""
    premise = And(*(f >= 0 for f in factors))
    assume(premise not in (sp.true, sp.false))
    terms = [sp.Integer(1), *factors, factors[0] * factors[-1]]
    p = sum((w * t for w, t in zip(weights, terms, strict=False)), (x - y) ** 2)
    data = prove_nonnegative(sp.expand(p), premise, budget_ms=10_000)
    assert recheck(written(data)) is True


quadratics = st.lists(numbers, min_size=6, max_size=6).map(
    lambda c: sp.Add(*(a * m for a, m in zip(c, (1, x, y, x * x, x * y, y * y), strict=True)))
)
places = st.tuples(st.integers(-4, 4), st.integers(-4, 4)).map(
    lambda at: {x: Rational(at[0], 2), y: Rational(at[1], 2)}
)


@settings(max_examples=60)
@given(quadratics, st.lists(affine, max_size=2), st.lists(places, min_size=1, max_size=40))
@example(x**2 + 2 * x * y + y**2 - 1, [], [{x: Rational(0), y: Rational(0)}])
def test_random_false_inequalities_never_are(
    p: Any, factors: list[Any], points: list[dict[Any, Any]]
) -> None:
    inside = [at for at in points if all(f.subs(at) >= 0 for f in factors)]
    premise = And(*(f >= 0 for f in factors))
    assume(inside and premise is not sp.false)
    lowest = min(p.subs(at) for at in inside)
    assert prove(sp.Gt(p, lowest, evaluate=False), premise, budget_ms=80, most=200) is None


def test_nothing_is_decided_where_nothing_is_defined() -> None:
    nowhere = And(x >= 0, x <= 0)
    assert recheck(written(prove(1 / x > 0, nowhere))) is True
    assert decide(1 / x > 0, nowhere).holds is None


def test_decide_uses_certificates_and_still_refutes() -> None:
    statement = sp.Gt(x**2 + y**2, x * y - 1, evaluate=False)
    found = decide(statement)
    assert (found.holds, found.kind) == (True, "certificate")
    assert recheck(written(found.certificate)) is True
    assert decide(sp.Gt(x**2 + y**2, 2 * x * y, evaluate=False)).holds is False


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (sp.exp(x) > x, "only polynomials"),
        (sp.sqrt(2) * x**2 >= x, "only polynomials"),
        (Symbol("z") ** 2 + Symbol("w") > 0, "real"),
        (Max(1 / x, y) >= y, "inside Abs, Max or Min"),
    ],
)
def test_what_is_not_algebraic_is_refused(statement: Any, reason: str) -> None:
    with pytest.raises(Undecided, match=reason):
        prove(statement)


def test_the_budget_is_kept() -> None:
    """A nonnegative form that is no sum of squares: nothing is found, and soon."""
    a, b, c, d = sp.symbols("a b c d", real=True)
    hard = a**4 * b**2 + b**4 * c**2 + c**4 * a**2 - 3 * a**2 * b**2 * c**2 + d**6
    start = time.process_time()  # what the budget counts; others may use the machine
    found = prove(hard >= 0, And(a + b > 0, c + d > 0, a * d < 4), budget_ms=1000)
    seconds = time.process_time() - start
    assert found is None or recheck(found)
    assert seconds < 6  # one linear program is set up beyond the budget, on a busy machine
