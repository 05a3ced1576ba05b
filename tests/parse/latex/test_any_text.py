"""Whatever is typed: a value or a ParseError, soon, and nothing is ever run."""

from __future__ import annotations

import contextlib

import pytest
import sympy as sp
from hypothesis import example, given, settings
from hypothesis import strategies as st

from symgan.errors import BadData
from symgan.parse import ParseError
from symgan.parse.latex import Vocabulary, formula, let

WORDS: Vocabulary = let("x,y,a real", "eta>0", "n integer", "f function", "A 2x2 matrix", "K=a/eta")
PIECES = [
    *"xyaKAnfed0129.+-*/=<>^_'!,;:&|()[]{} ", r"\frac", r"\sqrt", r"\left(", r"\right)", r"\eta",
    r"\sin", r"\log", r"\exp", r"\int", r"\sum_", r"\lim_", r"\to", r"\infty", r"\partial", r"\dot",
    r"\mathcal", r"\begin{cases}", r"\end{cases}", r"\begin{pmatrix}", r"\end{pmatrix}", r"\\",
    r"\text{if}", r"\le", r"\ne", r"\Rightarrow", r"\wedge", r"\neg", r"\max", r"\|", r"\cdot",
    r"\in", r"\left.", r"\right|", r"\mathrm{d}", r"\frac{d}{dx}", "{x}", "(x)", "_{1}", "^{2}",
    r"\det", r"\begin{aligned}", r"\end{aligned}", "10^{64}", "dx", "9^{9}", r"\quad", "e^{", "}",
]  # fmt: skip


def read(text: str) -> object:
    """What the text says, or the error; anything else is a failure."""
    try:
        return formula(text, WORDS)
    except ParseError as error:
        return error


@settings(max_examples=400)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@example(r"\frac{d}{dx}")
@example(r"\sum_{n=1}^{9}")
@example(r"\begin{aligned}&\\\end{aligned}")
@example("|" * 60)
@example(r"\left.\right|_")
@example(r"\lim_{x\to0^+}")
def test_pieces_of_latex(text: str) -> None:
    found = read(text)
    assert isinstance(found, ParseError | sp.Basic)
    if isinstance(found, ParseError):
        assert 0 <= found.column <= len(text)


@settings(max_examples=150)
@given(st.text(max_size=20))
@example("\\")
@example("\x00")
@example("\n\n")
def test_any_characters(text: str) -> None:
    assert isinstance(read(text), ParseError | sp.Basic)


@settings(max_examples=150)
@given(st.lists(st.sampled_from([*PIECES, " real", ">0", "x,y", "=", " function"]), max_size=6))
def test_any_declaration(pieces: list[str]) -> None:
    text = "".join(pieces)
    with contextlib.suppress(ParseError, BadData):
        assert isinstance(let(text), Vocabulary)


@pytest.mark.parametrize(
    ("piece", "match"),
    [
        ("(", "never closed|nested more than"),
        (r"\neg ", "nested"),
        (r"\sin ", "nested"),
        (r"\frac{d}{dx}", "nested"),
        (r"\hat", "nested"),
        (r"\int_0^1", "no differential"),
        ("x^{", "never closed"),
        ("x+", "missing"),
        (r"\lim_{x\to 0}", "nested"),
        ("|", "bars"),
        ("9^{64}", "bits|1e100"),
    ],
)
def test_long_chains_end(piece: str, match: str) -> None:
    for count in (200, 5000):  # the second is longer than any text may be
        found = read(piece * count)
        assert isinstance(found, ParseError)
        assert "longer than" in str(found) if len(piece) * count > 4000 else True
    with pytest.raises(ParseError, match=match):
        formula(piece * 200, WORDS)


def test_deep_brackets_are_refused_and_shallow_ones_read() -> None:
    with pytest.raises(ParseError, match="nested more than 30 deep"):
        formula("(" * 40 + "x" + ")" * 40, WORDS)
    assert formula("(" * 20 + "x" + ")" * 20, WORDS) == WORDS.names["x"]


@pytest.mark.parametrize(
    "text",
    [
        r"10^{64} \cdot 10^{64}", r"e^{e^{e^{9}}}", r"\frac{1}{0}", r"\log 0", r"\sqrt{-1}",
        r"x^{1000}", r"\frac{x}{x - x}", "1" * 2000,
    ],
)  # fmt: skip
def test_numbers_have_limits(text: str) -> None:
    with pytest.raises(ParseError):
        formula(text, WORDS)


def test_nothing_is_run() -> None:
    for text in (
        "__import__('os')",
        r"\input{/etc/passwd}",
        r"\write18{ls}",
        "exec(x)",
        "x.__class__",
    ):
        with pytest.raises(ParseError):
            formula(text, WORDS)
