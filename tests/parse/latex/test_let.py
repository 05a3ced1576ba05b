"""Declarations: what they make of names, and which are refused."""

from __future__ import annotations

import pytest
import sympy as sp
from sympy import Symbol

from symgan.errors import BadData
from symgan.parse import ParseError
from symgan.parse.latex import Vocabulary, let, spelling, vocabulary


@pytest.mark.parametrize(
    ("text", "name", "facts"),
    [
        ("x real", "x", {"real"}),
        ("x, y real", "y", {"real"}),
        ("eta > 0", "eta", {"positive"}),
        (r"\eta > 0", "eta", {"positive"}),
        ("0 < eta", "eta", {"positive"}),
        ("eta >= 0", "eta", {"nonnegative"}),
        (r"\eta \ge 0", "eta", {"nonnegative"}),
        ("x < 0", "x", {"negative"}),
        ("x <= 0", "x", {"nonpositive"}),
        ("x != 0", "x", {"nonzero"}),
        ("x > 2", "x", {"positive"}),
        ("x > -2", "x", {"real"}),
        ("a, b > 0", "a", {"positive"}),
        ("n integer", "n", {"integer"}),
        ("n positive integer", "n", {"positive", "integer"}),
        (r"\dot\theta_k real", "thetadot_k", {"real"}),
        (r"\mathcal A real", "Acal", {"real"}),
        ("alpha_r real", "alpha_r", {"real"}),
        (r"x \in (0, 1)", "x", {"positive"}),
    ],
)
def test_kinds_and_ranges(text: str, name: str, facts: set[str]) -> None:
    symbol = let(text).names[name]
    assert symbol == Symbol(name, **dict.fromkeys({*facts, "real"}, True))


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("eta > 0", "True"),
        ("0 < eta < 2", "eta < 2"),
        ("x > 2", "x > 2"),
        ("-1 <= x <= 1", "(-1 <= x) & (x <= 1)"),
        ("L > 0, 0 < eta < 2/L", "eta < 2/L"),
        ("a, b real; a < b", "a < b"),
        (r"x \in [0, 1)", "x < 1"),
        ("x, y > 1", "(x > 1) & (y > 1)"),
    ],
)
def test_what_assumptions_cannot_say_is_given(text: str, given: str) -> None:
    assert str(let(text).given) == given


def test_definitions_functions_and_matrices() -> None:
    found = let("K = (a - b)/T", "a, b real, T > 0", "f, g function", "A 2x2 matrix; v 3-vector")
    a, b, T = (found.names[name] for name in "abT")
    assert found.names["K"] == (a - b) / T
    assert found.functions["f"](a).is_real
    assert found.names["A"][0, 1] == found.names["A_12"]
    assert found.names["v"].shape == (3, 1)
    assert let("S symmetric 2x2 matrix").names["S"].is_symmetric()
    assert let("I 2x2 identity").names["I"] == sp.eye(2)
    assert let("a real", "K = sqrt(a**2 + 1)/2").names["K"] == sp.sqrt(a**2 + 1) / 2
    assert let("a real", r"\lambda = \frac{a}{2}").names["lambda"] == a / 2


@pytest.mark.parametrize(
    ("texts", "match", "column"),
    [
        (("x",), 'nothing is said of x; say what it is, as in "x real"', 0),
        (("x, y real", "x > 0; x real"), "x is declared twice", 7),
        (("x reel",), "'x reel' declares nothing", 0),
        (("2x real",), "is no name|declares nothing", 0),
        (("a < b",), "it is not said what a, b are", 0),
        (("x positive negative",), "positive and negative at once", 0),
        (("K = a/T",), "unknown symbol a", 0),
        (("K = 2 +", "x real"), "missing", 3),
        (("A 9x9 matrix",), "36 entries", 0),
        (("A symmetric 2x3 matrix",), "symmetric is square", 0),
        (("w function of t",), "t is not declared", 0),
        (("",), "it is empty", 0),
        (("x real; y",), "nothing is said of y", 8),
    ],
)
def test_refusals(texts: tuple[str, ...], match: str, column: int) -> None:
    with pytest.raises(ParseError, match=match) as found:
        let(*texts)
    assert found.value.column == column


@pytest.mark.parametrize(
    ("latex", "name"),
    [
        (r"\theta_{k}", "theta_k"), (r"\hat\mu_{12}", "muhat_12"), ("theta0", "theta_0"),
        (r"\theta^{*}", "theta^*"), (r"\zeta^{\text{Alt}}", "zeta^Alt"), ("x''", "xprimeprime"),
        (r"\theta'_d", "thetaprime_d"), (r"\theta_d'", "thetaprime_d"), (r"\mathbf{x}", "xbold"),
        (r"x^{k+1}", "x^k+1"), (r"\mathrm{tr}", "tr"),
    ],
)  # fmt: skip
def test_one_spelling_a_name(latex: str, name: str) -> None:
    assert spelling(latex) == name


def test_no_name_is_declared_twice() -> None:
    x = Symbol("x", real=True)
    with pytest.raises(BadData, match="declared twice"):
        vocabulary(x, names={"x": Symbol("y")})
    with pytest.raises(BadData, match="as a name and as a function"):
        vocabulary(x, functions={"x": sp.Function("x")})
    with pytest.raises(BadData, match="is no name"):
        spelling("x + y")
    joined = vocabulary(x).joined(let("0 < eta < 2"))
    assert isinstance(joined, Vocabulary)
    assert str(joined.given) == "eta < 2"
    with pytest.raises(BadData, match="declared twice"):
        joined.joined(let("x real"))
