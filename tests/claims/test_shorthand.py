"""Claims in a few lines: what names mean, what the second route is, what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import mpmath
import pytest
import sympy as sp
from sympy import Symbol, sqrt

from symgan.claims import Verdict, asserts, eq, load, verify
from symgan.claims.measures import evaluated, spectral_abscissa, spectral_radius
from symgan.errors import BadData
from symgan.game import zero_sum
from symgan.parse import ParseError
from symgan.parse.latex import let
from symgan.rules.simultaneous import simultaneous

eta = Symbol("eta", positive=True)
x, y = sp.symbols("x y", real=True)
RHO = r"\rho = \sqrt{1 + \eta^2}"
EXACT = {r"\rho": sqrt(1 + eta**2)}
STEP = simultaneous(zero_sum(x * y, minimize=(x,), maximize=(y,)), eta)


def holds(case: Any) -> tuple[bool | None, bool | None]:
    """What both routes say of the printed statement."""
    second = case.second(case.statement, case.given, None)
    return case.decided(case.statement, case.given).holds, second.holds


def test_names_come_from_the_derived_values() -> None:
    case = asserts(RHO, exact=EXACT)
    assert case.statement == eq(Symbol("rho", real=True), sqrt(1 + eta**2))
    assert case.printed == RHO
    assert holds(case) == (True, True)


def test_a_wrong_formula_is_refused_by_both_routes() -> None:
    assert holds(asserts(r"\rho = \sqrt{1 - \eta^2}", exact=EXACT)) == (False, False)


def test_a_measured_quantity_catches_a_wrong_derivation() -> None:
    """The exact value is wrong and the print agrees with it: only the measurement sees that."""
    wrong = {r"\rho": 1 + eta**2}
    measured = {r"\rho": spectral_radius(STEP)}
    assert holds(asserts(r"\rho = 1 + \eta^2", exact=wrong, measured=measured)) == (True, False)
    assert holds(asserts(r"\rho = 1 + \eta^2", exact=wrong)) == (True, True)
    assert holds(asserts(RHO, exact=EXACT, measured=measured)) == (True, True)


@pytest.mark.parametrize(
    ("measured", "kind"),
    [((), "evaluated"), (("p",), "measured in part"), (("p", "q"), "measured")],
)
def test_the_second_route_says_what_it_measured(measured: tuple[str, ...], kind: str) -> None:
    """What is only evaluated from the derived value is not called measured."""
    measures = {name: evaluated(eta) for name in measured}
    case = asserts("p = q", exact={"p": eta, "q": eta}, measured=measures)
    assert case.second is not None
    assert case.second(case.statement, case.given, None).kind == f"{kind}:mpmath"


def test_what_is_declared_and_given() -> None:
    case = asserts(r"a b \le \frac{a^2 + b^2}{2}", let="a, b real", given="a > b")
    a, b = sp.symbols("a b", real=True)
    assert case.given == (a > b)
    assert case.decided(case.statement, case.given).holds is True
    same = asserts(r"a b \le \frac{a^2 + b^2}{2}", let=let("a, b real"), given=a > b)
    assert (same.statement, same.given) == (case.statement, case.given)
    assert asserts(r"\eta < 2", let="0 < eta < 1").given is not sp.true
    assert asserts(eq(x, x + 1), let=[x]).statement == eq(x, x + 1)


def test_points_reach_symbols_that_only_derived_values_have() -> None:
    case = asserts("Q < 0", exact={"Q": -(eta**2)})
    assert holds(case) == (True, True)
    chosen = asserts("Q < 0", exact={"Q": 1 - eta}, points=[{r"\eta": 2}])
    assert chosen.second is not None
    assert chosen.second(chosen.statement, chosen.given, None).text.startswith("1 points")


@pytest.mark.parametrize(
    ("formula", "options", "error", "words"),
    [
        (r"\rho = \beta", {"exact": EXACT}, ParseError, r"unknown symbol \\beta"),
        (r"\rho = \sqrt{1 + \eta^2", {"exact": EXACT}, ParseError, "never closed"),
        (r"\rho + 1", {"exact": EXACT}, ParseError, "states nothing"),
        (RHO, {"exact": EXACT, "amendment": r"\rho"}, ParseError, "cannot read the amendment"),
        (RHO, {"exact": EXACT, "given": "1"}, ParseError, "cannot read the given"),
        (RHO, {"exact": EXACT, "let": "eta real"}, BadData, "eta is declared twice"),
        (RHO, {"exact": EXACT, "measured": {r"\sigma": evaluated(eta)}}, BadData, "not declared"),
        (RHO, {"exact": EXACT, "measured": {"eta": evaluated(eta)}}, BadData, "no derived value"),
        (RHO, {"exact": EXACT, "points": [{"z": 1}]}, BadData, "z is not declared"),
    ],
)
def test_what_cannot_be_read_is_named(
    formula: str, options: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        asserts(formula, **options)


def test_measures_follow_the_system() -> None:
    with mpmath.workdps(50):
        place = {"eta": mpmath.mpf(3) / 4}
        assert mpmath.almosteq(spectral_radius(STEP)(place), mpmath.mpf(5) / 4, 1e-45)
        damped = zero_sum(x * y + x**2, minimize=(x,), maximize=(y,)).flow()
        assert mpmath.almosteq(spectral_abscissa(damped)({}), -1, 1e-20)  # a double eigenvalue
    cubic = zero_sum(x * y + x**4, minimize=(x,), maximize=(y,))
    with pytest.raises(BadData, match="depends on x; give the point"):
        spectral_radius(simultaneous(cubic, eta))
    at_rest = spectral_radius(simultaneous(cubic, eta), at={x: 0, y: 0})
    assert mpmath.almosteq(at_rest({"eta": mpmath.mpf(1)}), mpmath.sqrt(2), 1e-12)


FILE = """
import sympy as sp
from symgan.claims import Examination, Verdict, asserts, by_z3, claim, eq
from symgan.parse.latex import let
x, L = sp.symbols("x L", real=True)
NOTATION = let(r"\\mathcal K real")

def case():
    return Examination(eq(L, (x + 1)**2), {L: x**2 + 2*x + 1}, by_z3({L: x**2 + 2*x + 1}))

def marked(label, printed, **more):
    return claim("note." + label, source="p. 1", says="s", expect=Verdict.PROVED,
                 printed=printed, **more)

@marked("same", r"L = (1 + x)^2")
def same(): return case()

@marked("turned", r"(x + 1)^2 = L")
def turned(): return case()

@marked("other", r"L = (x + 2)^2")
def other(): return case()

@marked("formal", r"L = \\text{a square}", formal=r"L = (x + 2)^2")
def formal(): return case()

@marked("unread", r"\\mathcal L = (x + 1)^2")
def unread(): return case()

@marked("read", r"\\mathcal K^2 \\ge 0")
def read():
    k = NOTATION.names["Kcal"]
    return Examination(sp.Ge(k**2, 0, evaluate=False), {}, by_z3({}))

@claim("note.short", source="p. 2", says="s", expect=Verdict.PROVED)
def short(): return asserts(r"Q = x^2 + 1", exact={"Q": x**2 + 1})

@claim("note.repaired", source="p. 3", says="s", expect=Verdict.PROVED)
def repaired(): return asserts(r"Q = x^2 - 1", exact={"Q": x**2 + 1})
"""


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_file_prints_what_it_judges(tmp_path: Path, jobs: int) -> None:
    path = tmp_path / "note.py"
    path.write_text(FILE, encoding="utf-8")
    entries = {e.claim.id[5:]: e for e in verify(load([str(path)]), jobs=jobs).entries}
    right = ("same", "turned", "unread", "read", "short")
    assert all(entries[name].verdict is Verdict.PROVED for name in right)
    assert "the statement has (x + 1)**2 where the print reads (x + 2)**2" in entries["other"].error
    assert "the print and the statement differ" in entries["formal"].error
    assert r"unknown symbol \mathcal L" in entries["unread"].unread
    assert [n for n in entries if entries[n].unread] == ["unread"]
    assert entries["short"].claim.printed == r"Q = x^2 + 1"
    (repair,) = entries["repaired"].repairs
    assert repair.text == "flip the sign of the term -1"
    assert entries["repaired"].difference == 2
    assert entries["short"].repairs == ()
