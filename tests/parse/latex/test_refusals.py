"""What is refused, where the error points, and what it advises."""

from __future__ import annotations

import pytest

from symgan.parse import ParseError
from symgan.parse.latex import UnknownSymbol, Vocabulary, formula, let, statement

WORDS: Vocabulary = let(
    "a, b, c, x, y, t, N, theta, q real", "f function", "A 2x2 matrix", "tr, r real"
)

TWO_READINGS = [
    ("1/2x", 3, r"is \(1/2\) x.. or 1/\(2 x..\)"),
    ("a/b/c", 3, r"\(a/b\) /c.. or"),
    (r"a/b \cdot c", 4, "parentheses"),
    (r"\sin x y", 7, r"\\sin\(x\) y.. and \\sin\(x y..\)"),
    (r"\log x^2", 6, r"\\log\(x\)\^2 and \\log\(x\^2\)"),
    (r"\log N/2", 6, "two readings"),
    (r"\sin x \cdot y", 7, "two readings"),
    (r"\sin{x} y", 8, "two readings"),
    (r"\sin^{-1} x", 5, "inverse function or 1/"),
    ("a(x)", 1, "product or a value of the function a"),
    (r"\theta(t)", 6, "product or a value of the function"),
    (r"\pi(x)", 3, "product or a value"),
    ("a||b||", 1, "do not pair"),
    ("|a|b|c|", 0, r"\(a\(b\)c\) or \(a\)b\(c\)"),
    ("a^b^c", 3, "two exponents"),
    ("f^2(x)", 1, "power of its value or f applied again"),
    ("x^{(t)}", 3, "power or a marked name"),
    (r"2\frac12", 1, "2 times or 2 plus"),
    ("x 2", 2, "product or an index"),
    ("5 6", 2, "product or one number"),
    (r"\frac{a}{b}^2", 11, "power of a fraction, or of what is above"),
    ("{a + b} c", 0, "braces do not print"),
    ("{ab}^2", 0, "braces do not print"),
    ("{-1}^2", 0, "braces do not print"),
    (r"\log_2 x y", 9, r"\\log\(x\) y.."),
    ("2e-3", 1, "product with e or a power of ten"),
    (r"\frac{d}{dx} f(x) y", 18, "first factor or all"),
    (r"\sum_{k=1}^3 k + k", 17, "occurs behind the first term"),
    (r"\lim_{x\to0} f(x) + x", 20, "occurs behind the first term"),
    (r"a \ne b \ne c", 0, "which of its members differ"),
    (r"a>0 \wedge b>0 \vee c>0", 15, "and beside or"),
    (r"a>0 \Rightarrow b>0 \Rightarrow c>0", 20, "two implications"),
    (r"a \pm b", 2, "two formulas"),
    ("tr = 0", 0, "the name tr or the product t r"),
    (r"a \equiv b", 2, "identity or a congruence"),
    (r"|A|", 0, "determinant or a norm"),
]

UNREADABLE = [
    ("{a", 0, "{ is never closed"),
    ("a}", 1, "} closes nothing"),
    ("(a]", 2, r"\( at column 1 is closed by \]"),
    (r"\left(a)", 7, r"\\left\( at column 1 is closed by \)"),
    (r"\begin{cases} a & b>0 \end{matrix}", 22, "is closed by"),
    (r"\frac{a}", 8, "argument in braces"),
    ("a +", 3, "missing before the end"),
    ("= a", 0, "= is unexpected|missing"),
    ("a = ", 3, "missing before the end"),
    ("a + + b", 4, "two signs in a row"),
    ("()", 1, "brackets are empty"),
    ("x^23", 2, "raises only the 2"),
    ("x_12", 2, r"raises or lowers only the 1 of 12"),
    ("x_1_2", 3, "two lower indices"),
    (r"\frac{1}{a - a}", 0, "divides by zero"),
    (r"\sqrt{-1}", 0, "not real"),
    (r"\int_0^1 x", 0, "no differential"),
    (r"\int x\,dx", 0, "up to a constant"),
    (r"\sum_{k} x", 0, "both ends"),
    (r"\sum_{k=1}^{a} x", 0, "not known to be an integer"),
    (r"\frac{d}{dt} x^2", 0, "derivative would be 0"),
    (r"\frac{d^2}{dx} x^2", 0, "orders above and below differ"),
    (r"\min_{x} f(x)", 4, "minimum over a variable"),
    (r"\nabla f", 0, "gradient"),
    (r"\foo x", 0, r"command \\foo is not known"),
    (r"a \to b", 2, "arrow is no relation"),
    (r"a \approx b", 2, "approximately"),
    (r"a = b \ldots", 6, "abridged"),
    (r"\forall x: x > 0", 0, "quantifier"),
    (r"x = \infty", 4, r"\\infty may stand only"),
    ("a!", 1, "factorial"),
    ("5%", 1, "character"),
    ("θ", 0, r"write \\theta"),
    ("a ≤ b", 2, r"write \\le"),
    ("", 0, "empty"),
    (r"\begin{tikzpicture}\end{tikzpicture}", 0, "environment tikzpicture"),
    (r"\begin{pmatrix} 1 & 2 \\ 3 \end{pmatrix}", 0, "different lengths"),
    (r"\begin{cases} a \\ b \end{cases}", 0, "its condition"),
    (r"A + 1", 2, "matrix and a number"),
    (r"\sin A", 0, "matrix stands here"),
    ("(a > 0) + 1", 0, "condition stands here"),
    (r"x \in y", 6, "before an interval"),
    ("f", 1, "give it an argument"),
    ("f(x, y, )", 8, "missing"),
    (r"\mathbf{}", 8, "letter is wanted"),
    ("sin(x)", 0, r"write \\sin"),
    ("alpha", 1, r"write \\alpha"),
]


@pytest.mark.parametrize(("text", "column", "match"), TWO_READINGS)
def test_two_readings_are_both_named(text: str, column: int, match: str) -> None:
    with pytest.raises(ParseError, match=match) as found:
        formula(text, WORDS)
    assert found.value.column == column


@pytest.mark.parametrize(("text", "column", "match"), UNREADABLE)
def test_errors_point_and_advise(text: str, column: int, match: str) -> None:
    with pytest.raises(ParseError, match=match) as found:
        formula(text, WORDS)
    assert found.value.column == column


@pytest.mark.parametrize(
    "text",
    [
        "(1/2)x", r"\frac12 x", r"\sin(x) y", r"\log(x^2)", r"\sin x \cos y", r"a \cdot x",
        "a(x + 1)", "|a||b||c|", "{x}^2", r"\left|{a + b}\right|", "(a^b)^c",
        "f(f(x))", "f(x)^2", "x^t", r"2 \cdot \frac12", "2x",
        r"2 \cdot 10^{-3}", r"\frac{d}{dx} (f(x) y)", r"\sum_{k=1}^3 (k + k)", r"a \ne b",
        r"a>0 \wedge (b>0 \vee c>0)", r"\mathrm{tr} = 0", r"\det A", r"\arcsin x",
    ],
)  # fmt: skip
def test_the_advised_forms_are_read(text: str) -> None:
    formula(text, WORDS)


def test_an_unknown_symbol_is_told_with_the_known_ones() -> None:
    with pytest.raises(UnknownSymbol, match=r"unknown symbol \\eta; .*known: a, b, c") as found:
        formula(r"a + \eta", WORDS)
    assert (found.value.name, found.value.applied, found.value.column) == ("eta", False, 4)
    with pytest.raises(UnknownSymbol) as found:
        formula("h(x)", WORDS)
    assert (found.value.name, found.value.applied) == ("h", True)


def test_the_pointer_stands_under_the_place() -> None:
    with pytest.raises(ParseError) as found:
        formula(r"a + \foo", WORDS)
    first, text, caret = str(found.value).splitlines()
    assert text[caret.index("^") :] == r"\foo"
    assert first.startswith("cannot read the formula: ")


def test_an_expression_states_nothing() -> None:
    with pytest.raises(ParseError, match="states nothing"):
        statement("a + b", WORDS)
