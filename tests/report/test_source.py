"""Prose escapes, faults of formulas, and MathML that can be trusted."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symgan.report.mathml import MathMLError, mathml
from symgan.report.prose import escape, in_formula
from symgan.report.source import fault

SOUND = [
    r"\dot{\theta} = -\psi",
    r"\frac{K}{1+a^2}",
    r"\mathcal{L}^{-1}\{\psi(s)\}",
    r"\mathcal A = \sqrt{A^2 + B^2 + 2AB\cos(\pi/2)}",
    r"\begin{cases} x & \text{for}\: a>0 \\[4pt] y & \text{otherwise}\end{cases}",
    r"\left\{\begin{array}{l} a \\ b\end{array}\right.",
    r"\left\{\begin{aligned} a &= b \\ c &= d\end{aligned}\right.",
    r"\begin{gathered} a \\ b \end{gathered}",
    r"\begin{split} a &= b \\ c &= d\end{split}",
    r"\left[\begin{matrix}1 & 2\\3 & 4\end{matrix}\right]",
    r"\begin{pmatrix}1\\2\end{pmatrix} \begin{bmatrix}1\end{bmatrix} \begin{Bmatrix}1\end{Bmatrix}",
    r"\begin{vmatrix}1\end{vmatrix} \begin{Vmatrix}1\end{Vmatrix}",
    r"\begin{smallmatrix}1\end{smallmatrix}",
    r"\lim_{T\to\infty}\theta(t) = \alpha_r + \Psi_1(t)",
    r"\int_{\tau=0}^{\tau=t} e^{-a\tau}\,d\tau",
    r"\underbrace{\int_0^t \psi_1(\tau)\,d\tau}_{\Psi_1(t)}",
    r"\overbrace{A\cos(t) + B\sin(t)}^{\psi_1(t)} + Ce^{-at}",
    r"\tan^{-1}(A, B)",
    r"\cancel{\theta(0)}",
    r"\operatorname{atan2}(B, A)",
    r"\arg\min_\theta \max_\psi \mathbb{E}_{p(z)}[f(D_\psi(G_\theta(z)))]",
    r"f'(-\psi\alpha_r) \neq 0 \quad \lambda \in \{0, 1\}",
    r"\theta(0) = \alpha(0) \Rightarrow \psi(0) = 0",
    r"\left|K\right| \le 1 \wedge x \ge 0",
    r"\nabla_\theta L(\theta, \psi) \iff \forall x\, \exists y",
    "α ≤ 1",
]
BROKEN = [
    (r"\frac{1}", "1 parts instead of 2"),
    (r"{\dot x", "brace is not closed"),
    ("x}", "closes nothing"),
    (r"\left( x", "is not closed"),
    (r"x \right)", "closes nothing"),
    (r"\begin{cases} x", "is not closed"),
    (r"\begin{cases} x \end{array}", "closes nothing"),
    (r"\begin{foo}x\end{foo}", "does not belong"),
    (r"\begin{align}x\end{align}", "does not belong"),
    (r"\unknowncommand x", "is not known"),
    (r"a & b", "outside a table"),
    (r"a \\ b", "line break outside a table"),
    (r"\input{/etc/passwd}", "has no place"),
    (r"\href{javascript:alert(1)}{x}", "has no place"),
    ("50% off", "unescaped %"),
    ("a # b", "unescaped #"),
    ("$x$", r"unescaped \$"),
    ("x\n\ny", "blank line"),
    ("", "NoAvailableTokens"),
]


@pytest.mark.parametrize("latex", SOUND)
def test_sound_formulas_convert_to_well_formed_mathml(latex: str) -> None:
    assert fault(latex) == ""
    tree = ET.fromstring(mathml(latex))
    assert tree.tag == "math"
    assert "\\" not in "".join(tree.itertext())


@pytest.mark.parametrize(("latex", "why"), BROKEN)
def test_broken_formulas_are_refused_with_a_reason(latex: str, why: str) -> None:
    with pytest.raises(MathMLError, match=why):
        mathml(latex)


def test_tables_keep_their_rows_and_columns() -> None:
    for environment in ("aligned", "split", "cases", "matrix"):
        source = rf"\begin{{{environment}}} a &= b \\ c &= d\end{{{environment}}}"
        tree = ET.fromstring(mathml(source))
        assert len(tree.findall(".//mtr")) == 2
        assert len(tree.findall(".//mtd")) == 4


@given(st.text(max_size=40))
def test_any_text_gives_safe_mathml_or_a_refusal(text: str) -> None:
    for latex in (text, rf"\text{{{text}}}"):
        try:
            converted = mathml(latex)
        except MathMLError:
            continue
        for element in ET.fromstring(converted).iter():
            assert element.tag in MATHML
            assert not set(element.attrib) & {"href", "style", "onclick", "src"}


MATHML = {
    "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msub", "msup",
    "msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded",
    "mphantom", "menclose",
}  # fmt: skip


def test_markup_inside_text_stays_text() -> None:
    converted = mathml(r"\text{<script>alert(1)</script> 50\%}")
    assert "<script" not in converted
    assert "50%" in "".join(ET.fromstring(converted).itertext())


def test_signs_after_operators_are_marked_as_prefixes() -> None:
    signs = [e for e in ET.fromstring(mathml("x = -y - z")).iter("mo") if e.text == "−"]
    assert [sign.get("form") for sign in signs] == ["prefix", None]


def test_bars_of_absolute_values_open_and_close() -> None:
    """A bar without a form is set as a relation, with spaces inside: | x |."""
    bars = [e for e in ET.fromstring(mathml(r"|x| \le |y - 1|")).iter("mo") if e.text == "|"]
    assert [bar.get("form") for bar in bars] == ["prefix", "postfix"] * 2
    lone = [e for e in ET.fromstring(mathml("P(A | B)")).iter("mo") if e.text == "|"]
    assert [bar.get("form") for bar in lone] == [None]


def test_function_names_stand_apart_from_letters_but_not_from_parentheses() -> None:
    assert "mspace" in mathml(r"x \cos t")
    assert "mspace" not in mathml(r"\cos(t)")


def test_escaped_prose_by_hand() -> None:
    assert escape("50% & a_b #1 {x} $5 ~ ^ \\") == (
        r"50\% \& a\_b \#1 \{x\} \$5 \textasciitilde{} \textasciicircum{} \textbackslash{}"
    )
    assert escape("θ ≤ ½ — ẋ θ̇ é 漢") == (
        r"\ensuremath{\theta} \ensuremath{\le} \ensuremath{\tfrac12} \textemdash{} "
        r"\ensuremath{\dot{x}} \ensuremath{\dot{\theta}} é \text{[U+6F22]}"
    )
    assert escape("a\n\nb -- c") == "a  b {-}{-} c"


@given(st.text(max_size=60))
def test_escaped_prose_is_never_markup(text: str) -> None:
    escaped = escape(text)
    assert fault(escaped) == ""
    assert not any(sign in escaped for sign in '<>|"`\n')
    assert all(character in "αβ" or _plain(character) for character in escaped)


def _plain(character: str) -> bool:
    return character.isascii() or 0xC0 <= ord(character) <= 0x17F


def test_formulas_spell_greek_and_signs_as_commands() -> None:
    assert in_formula("α_r ≥ 0") == r"\alpha _r \ge  0"
    assert in_formula("漢").isascii()
