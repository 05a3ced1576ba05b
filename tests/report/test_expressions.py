"""Printed expressions read well and mean what they were made from."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from sympy.parsing.latex import parse_latex

from symgan.losses import GenericLoss
from symgan.report.expressions import LINE, display, expression, tighten

theta, psi, alpha, alpha_r, alpha_0 = sp.symbols("theta psi alpha alpha_r alpha_0", real=True)
a, K, T, t, s = sp.symbols("a K T t s", positive=True)
x, y = sp.symbols("x y")

# What a mathematician writes, settled by hand.
WRITTEN = [
    (theta - alpha_r, r"\theta - \alpha_{r}"),
    (-K / ((1 + s**2) * (s + a)), r"- \frac{K}{(s + a) (s^{2} + 1)}"),
    ((alpha_0 - alpha_r) * sp.exp(-t / T), r"(\alpha_{0} - \alpha_{r}) e^{- t / T}"),
    (-(alpha_0 - alpha_r) * sp.exp(-t / T) / T, r"\frac{(\alpha_{r} - \alpha_{0}) e^{- t / T}}{T}"),
    (-(x**2) + 3 * x - 1, r"- x^{2} + 3 x - 1"),
    (1 - x, "1 - x"),
    (sp.Float(1.0) * x, "x"),
    (K * (-x - y), "- K (x + y)"),
    (sp.exp(-(x**2) / (2 * a)), r"e^{- \frac{x^{2}}{2 a}}"),
    (sp.cos(t + a), r"\cos(t + a)"),
    (sp.atan2(x, y), r"\operatorname{atan2}(x, y)"),
    (sp.atan(K / a), r"\arctan{\left(\frac{K}{a}\right)}"),
    (sp.Heaviside(x), "H(x)"),
    (sp.Function("theta")(t).diff(t), r"\dot{\theta}(t)"),
    (sp.Function("psi")(t).diff(t, 2), r"\ddot{\psi}(t)"),
    (GenericLoss(psi * theta).diff(psi), r"\theta f'(\psi \theta)"),
    (sp.And(x > 0, y < 1, evaluate=False), r"x > 0\text{ and }y < 1"),
    ((a / x + 1) ** 2, r"\left(\frac{a}{x} + 1\right)^{2}"),
]


@pytest.mark.parametrize(("expr", "latex"), WRITTEN, ids=[latex for _, latex in WRITTEN])
def test_prints_as_written_by_hand(expr: sp.Basic, latex: str) -> None:
    assert expression(expr) == latex


numbers = st.integers(-3, 3).map(sp.Integer) | st.sampled_from([sp.Rational(1, 2), sp.pi])
leaves = numbers | st.sampled_from([theta, psi, alpha_r, a, K, t])
expressions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(lambda p, q: p + q, inner, inner),
        st.builds(lambda p, q: p - q, inner, inner),
        st.builds(lambda p, q: p * q, inner, inner),
        st.builds(lambda p, q: p / (q**2 + 1), inner, inner),
        st.builds(lambda p: sp.cos(p), inner),
        st.builds(lambda p: sp.exp(-p / T), inner),
        st.builds(lambda p: p**2, inner),
        st.builds(lambda p: sp.sqrt(p**2 + 1), inner),
    ),
    max_leaves=7,
)
# Rationals away from zeros and one another, so that a changed expression changes value.
POINT = dict(zip([theta, psi, alpha_r, a, K, t, T], sp.S([7, 11, 13, 17, 19, 23, 29]), strict=True))
POINT = {sp.Symbol(symbol.name): value / 16 for symbol, value in POINT.items()}


def value_of(printed: str) -> complex:
    """What a reader of the LaTeX would compute, through SymPy's own parser."""
    # The parser takes a letter before a parenthesis for a function; we print a space there.
    letter = r"(\\theta|\\psi|\\alpha_\{r\}|\\pi|\b[aKtT])"
    product = re.sub(letter + r" (\\left)?\(", r"\1 \\cdot \2(", printed)
    read: Any = parse_latex(product)
    read = read.doit()
    # The parser keeps the braces of subscripts, and reads e as a symbol.
    names = {f: sp.Symbol(f.name.replace("{", "").replace("}", "")) for f in read.free_symbols}
    values = {**POINT, sp.Symbol("e"): sp.E, sp.Symbol("pi"): sp.pi}
    return complex(read.xreplace(names).subs(values).evalf(30))


def meant(expr: sp.Expr) -> complex:
    plain = expr.xreplace({f: sp.Symbol(str(f)) for f in expr.free_symbols})
    return complex(plain.subs(POINT).evalf(30))


@given(expressions)
def test_printed_expression_means_what_it_was_made_from(expr: sp.Expr) -> None:
    wanted = meant(expr)
    got = value_of(expression(expr))
    # Both are evaluated to 30 digits and rounded to doubles: 1e-12 leaves a wide margin.
    assert abs(got - wanted) <= 1e-12 * max(1.0, abs(wanted))


def test_the_reader_sees_a_wrong_sign() -> None:
    assert abs(value_of(expression(theta - alpha_r)) - meant(theta + alpha_r)) > 0.1


@given(expressions)
def test_tightening_changes_only_sizes(expr: sp.Expr) -> None:
    loose = sp.latex(expr)

    def bare(latex: str) -> str:
        return re.sub(r"\\left|\\right|[{}\s]", "", latex)

    assert bare(tighten(loose)) == bare(loose)
    assert tighten(loose).count(r"\left(") == tighten(loose).count(r"\right)")
    assert tighten(tighten(loose)) == tighten(loose)


@pytest.mark.parametrize(
    ("loose", "tight"),
    [
        (r"\sqrt{\left(x \right)}", r"\sqrt{(x)}"),
        (r"\frac{a}{\left(b \right)}", r"\frac{a}{(b)}"),
        (r"x^{\left(a + b \right)}", "x^{(a + b)}"),
        (r"\left(\left(x \right) + \frac{1}{2} \right)", r"\left((x) + \frac{1}{2}\right)"),
        (r"\left[0, 1\right)", r"\left[0, 1\right)"),
        (r"\left. x \right|_{0}", r"\left. x \right|_{0}"),
        (r"\leftarrow \rightarrow", r"\leftarrow \rightarrow"),
    ],
)
def test_tighten_keeps_arguments_and_other_delimiters(loose: str, tight: str) -> None:
    assert tighten(loose) == tight


def test_long_sums_are_broken_and_keep_all_terms() -> None:
    terms = [sp.Symbol(f"c_{k}") * sp.cos(k * t + alpha) for k in range(1, 30)]
    printed = display(sp.Eq(x, sp.Add(*terms), evaluate=False))
    rows = printed.split(r"\\ ")
    assert len(rows) > 5
    assert all(printed.count(f"c_{{{k}}}") == 1 for k in range(1, 30))
    assert rows[0].count("&=") == 1
    assert all(row.lstrip("&").startswith(r"\quad +") for row in rows[1:])
    assert max(len(row) for row in rows) < 3 * LINE  # LaTeX is longer than what it prints


def test_short_relations_stay_on_one_line() -> None:
    assert display(sp.Eq(x, y)) == "x = y"
    assert display(x + y) == "x + y"
