"""Printed expressions read well and mean what they were made from."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sympy as sp
from hypothesis import example, given
from hypothesis import strategies as st

from symgan.losses import GenericLoss
from symgan.parse.latex import formula, vocabulary
from symgan.report.expressions import LINE, display, expression, tighten
from symgan.report.mathml import mathml
from symgan.report.typesetting.width import width

theta, psi, alpha, alpha_r, alpha_0 = sp.symbols("theta psi alpha alpha_r alpha_0", real=True)
a, K, T, t, s, eta = sp.symbols("a K T t s eta", positive=True)
x, y, p = sp.symbols("x y p", real=True)

# What a mathematician writes, settled by hand.
WRITTEN = [
    # order of terms
    (theta - alpha_r, r"\theta - \alpha_r"),
    (1 - x, "1 - x"),
    (1 - eta, r"1 - \eta"),
    (-(x**2) + 3 * x - 1, "-x^{2} + 3 x - 1"),
    (1 + x - x**3, "1 + x - x^{3}"),
    (theta**2 + psi**2 - eta * abs(theta * psi), r"\theta^{2} - \eta |\theta \psi| + \psi^{2}"),
    (theta - eta * psi, r"\theta - \eta \psi"),
    (eta * theta + psi, r"\psi + \eta \theta"),
    (a**2 - 4 * a * K + K**2, "a^{2} + K^{2} - 4 a K"),
    (
        K * (sp.cos(t) - a * sp.sin(t) - sp.exp(-a * t)),
        r"K (\cos(t) - a \sin(t) - e^{-a t})",
    ),
    (sum(sp.symbols("c_1 c_2 c_10")), "c_1 + c_2 + c_{10}"),
    # order of factors
    (2 * psi * theta * eta, r"2 \eta \theta \psi"),
    ((1 - eta) * theta, r"(1 - \eta) \theta"),
    (theta * (theta + psi), r"\theta (\theta + \psi)"),
    (t * sp.exp(-t) * sp.sin(t), r"t e^{-t} \sin(t)"),
    (4 * sp.I * sp.sqrt(3) / 7, r"\frac{4 i \sqrt{3}}{7}"),
    # signs and common factors
    (-K / ((1 + s**2) * (s + a)), r"-\frac{K}{(s + a) (s^{2} + 1)}"),
    ((alpha_0 - alpha_r) * sp.exp(-t / T), r"(\alpha_0 - \alpha_r) e^{-t/T}"),
    (-(alpha_0 - alpha_r) * sp.exp(-t / T) / T, r"\frac{(\alpha_r - \alpha_0) e^{-t/T}}{T}"),
    (K * (-x - y), "-K (x + y)"),
    (sp.Float(1.0) * x, "x"),
    # fractions, roots, exponents
    (theta**2 / 2, r"\frac{\theta^{2}}{2}"),
    ((theta + psi) ** 2 / 2, r"\frac{1}{2} (\theta + \psi)^{2}"),
    (x ** sp.Rational(3, 2), "x^{3/2}"),
    (1 / sp.sqrt(a), r"\frac{1}{\sqrt{a}}"),
    (sp.sqrt(2) / 2, r"\frac{\sqrt{2}}{2}"),
    (sp.exp(-(x**2) / 2) / sp.sqrt(2 * sp.pi), r"\frac{e^{-x^{2}/2}}{\sqrt{2 \pi}}"),
    (sp.exp(-(x**2) / (2 * a)), r"e^{-x^{2}/(2 a)}"),
    (2 ** ((theta - a) / T), r"2^{(\theta - a)/T}"),
    (sp.exp(sp.exp(x)), r"\exp(e^{x})"),
    ((a / x + 1) ** 2, r"\left(1 + \frac{a}{x}\right)^{2}"),
    # functions
    (sp.cos(t + a), r"\cos(t + a)"),
    (sp.atan2(x, y), r"\operatorname{atan2}(x, y)"),
    (sp.atan(K / a), r"\arctan\left(\frac{K}{a}\right)"),
    (sp.Heaviside(x), "H(x)"),
    (sp.sign(x), r"\operatorname{sign}(x)"),
    (abs(x) * abs(y), r"\left|x\right| \left|y\right|"),
    (sp.Function("theta")(t).diff(t), r"\dot{\theta}(t)"),
    (sp.Function("psi")(t).diff(t, 2), r"\ddot{\psi}(t)"),
    (GenericLoss(psi * theta).diff(psi), r"\theta f'(\theta \psi)"),
    (GenericLoss(sp.S.Zero, 1) ** 2 * a**2, "a^{2} f'(0)^{2}"),
    # names
    (sp.Symbol("x_1_next") * sp.Symbol("friction"), r"\text{friction} x_{1,\text{next}}"),
    (sp.Symbol("mustar_1"), r"\mu^{*}_1"),
    (sp.Symbol("_x1"), "x_1"),
    # conditions
    (sp.And(x > 0, y < 1, evaluate=False), r"x > 0\text{ and }y < 1"),
    (sp.And(x > 0, x <= 2), r"0 < x \leq 2"),
    (sp.Or(sp.And(x > 0, x < 1), x > 2), r"0 < x < 1\text{ or }x > 2"),
    (sp.Or(x < 1, sp.Eq(x, 1), evaluate=False), r"x \leq 1"),
    (sp.Not(sp.Or(x < 1, y > 0), evaluate=False), r"x \geq 1\text{ and }y \leq 0"),
    (sp.StrictLessThan(0, x, evaluate=False), "x > 0"),
    # cases
    (
        sp.Piecewise((x, x > 0), (0, True)),
        r"\begin{cases}x & \text{if } x > 0\\ 0 & \text{otherwise}\end{cases}",
    ),
    (
        sp.Piecewise((1, x > 0), (2, sp.Ne(y, 0)), (3, True)),
        r"\begin{cases}1 & \text{if } x > 0\\ 2 & \text{if } x \leq 0\text{ and }y \neq 0\\ "
        r"3 & \text{otherwise}\end{cases}",
    ),
    # sets
    (sp.Interval.Lopen(0, 2), "(0, 2]"),
    (sp.Union(sp.Interval.open(0, 1), sp.Interval.open(2, sp.oo)), r"(0, 1) \cup (2, \infty)"),
    (sp.S.EmptySet, r"\varnothing"),
    # algebraic numbers
    (
        sp.CRootOf(x**5 - x - 1, 0),
        r"\left[1.1673\ldots, \text{ the root of } r^{5} - r - 1 \text{ in } (1, 2)\right]",
    ),
    # matrices
    (
        sp.Matrix([[1, -x], [y / 2, 2]]),
        r"\begin{pmatrix}1 & -x\\[3pt] \frac{y}{2} & 2\end{pmatrix}",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("expr", "latex"), WRITTEN, ids=[latex for _, latex in WRITTEN])
def test_prints_as_written_by_hand(expr: sp.Basic, latex: str) -> None:
    assert expression(expr) == latex
    assert mathml(latex).startswith("<math")


VARIABLES = (theta, psi, alpha_r, a, K, t, T)
NAMES = vocabulary(*VARIABLES)
numbers = st.integers(-3, 3).map(sp.Integer) | st.sampled_from([sp.Rational(1, 2), sp.pi])
leaves = numbers | st.sampled_from(VARIABLES)
expressions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(lambda p, q: p + q, inner, inner),
        st.builds(lambda p, q: p - q, inner, inner),
        st.builds(lambda p, q: p * q, inner, inner),
        st.builds(lambda p, q: p / (q**2 + 1), inner, inner),
        st.builds(lambda p, q: -(p - q) / 2, inner, inner),
        st.builds(lambda p: sp.cos(p), inner),
        st.builds(lambda p: sp.exp(-p / T), inner),
        st.builds(lambda p: sp.exp(-(p**2) / (2 * a)) / sp.sqrt(2 * sp.pi), inner),
        st.builds(lambda p: p**2, inner),
        st.builds(lambda p: sp.sqrt(p**2 + 1) / sp.sqrt(3), inner),
        st.builds(lambda p: (p**2 + 1) ** sp.Rational(-3, 2), inner),
        st.builds(lambda p: abs(p), inner),
        st.builds(lambda p: sp.log(p**2 + 1), inner),
        st.builds(lambda p: sp.sign(p), inner),
        st.builds(lambda p, q: sp.Piecewise((p, q > 0), (q, True)), inner, inner),
    ),
    max_leaves=7,
)
# Rationals away from zeros and one another, so that a changed expression changes value.
POINT = {v: sp.Integer(n) / 16 for v, n in zip(VARIABLES, (7, 11, 13, 17, 19, 23, 29), strict=True)}


def value(expr: Any) -> complex:
    return complex(sp.sympify(expr).subs(POINT).evalf(30))


def same(expr: Any, printed: str) -> bool:
    """Whether the print is read back as an expression with the same value."""
    wanted, got = value(expr), value(formula(printed, NAMES))
    # Both are evaluated to 30 digits and rounded to doubles: 1e-12 leaves a wide margin.
    return abs(got - wanted) <= 1e-12 * max(1.0, abs(wanted))


@given(expressions)
def test_printed_expression_means_what_it_was_made_from(expr: sp.Expr) -> None:
    assert same(expr, expression(expr))


def test_the_reader_sees_wrong_signs_and_factors() -> None:
    assert not same(theta + alpha_r, expression(theta - alpha_r))
    assert not same(theta / (2 * a), expression(theta / 2 * a))
    assert not same(sp.exp(-t / T * a), expression(sp.exp(-t / (T * a))))


relations = st.builds(
    lambda relation, left, right: relation(left, right, evaluate=False),
    st.sampled_from([sp.Lt, sp.Le, sp.Gt, sp.Ge, sp.Eq, sp.Ne]),
    st.sampled_from([x, y, 2 * x - y, sp.Integer(0)]),
    st.sampled_from([sp.Integer(0), sp.Integer(1), sp.Rational(-1, 2), y]),
)
conditions = st.recursive(
    relations,
    lambda inner: st.one_of(
        st.builds(lambda p, q: sp.And(p, q, evaluate=False), inner, inner),
        st.builds(lambda p, q: sp.Or(p, q, evaluate=False), inner, inner),
        st.builds(lambda p: sp.Not(p, evaluate=False), inner),
    ),
    max_leaves=4,
)
PLACES = [{x: i, y: j} for i in sp.S("[-1, -1/2, 0, 1, 2]") for j in sp.S("[-1/2, 0, 1, 3]")]


def truths(condition: Any) -> list[bool]:
    return [bool(sp.sympify(condition).subs(place).doit()) for place in PLACES]


@given(conditions)
@example(sp.And(y >= 0, sp.Lt(0, y, evaluate=False), evaluate=False))  # one bound, two signs
def test_printed_conditions_hold_at_the_same_places(condition: Any) -> None:
    printed = expression(condition)
    if printed in (r"\text{always}", r"\text{never}"):
        assert truths(condition) == [printed == r"\text{always}"] * len(PLACES)
    else:
        assert truths(formula(printed, vocabulary(x, y))) == truths(condition)


def test_the_reader_sees_a_lost_parenthesis() -> None:
    inside = sp.Or(x > 0, sp.And(y > 0, x < 1, evaluate=False), evaluate=False)
    printed = expression(inside)
    assert truths(formula(printed, vocabulary(x, y))) == truths(inside)
    bare = printed.replace("(", "").replace(")", "")
    assert truths(formula(bare, vocabulary(x, y))) != truths(inside)


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


def rows_of(printed: str) -> list[str]:
    body = printed.removeprefix(r"\begin{aligned}").removesuffix(r"\end{aligned}")
    return body.split(r"\\ ")


def test_long_sums_are_broken_and_keep_all_terms() -> None:
    terms = [sp.Symbol(f"c_{k}") * sp.cos(k * t + alpha) for k in range(1, 30)]
    rows = rows_of(display(sp.Eq(x, sp.Add(*terms), evaluate=False)))
    printed = " ".join(rows)
    assert len(rows) > 4
    assert all(len(re.findall(rf"c_(?:\{{{k}\}}|{k}) ", printed)) == 1 for k in range(1, 30))
    assert rows[0].count("&=") == 1
    assert all(row.lstrip("&").startswith(r"\quad +") for row in rows[1:])
    assert max(map(width, rows)) <= LINE + 4


@pytest.mark.parametrize(
    "long",
    [
        K * sp.Add(*sp.symbols("c_1:60")),
        sp.Add(*sp.symbols("c_1:60")) * sp.Add(*sp.symbols("d_1:40")),
        -sp.Add(*sp.symbols("c_1:60")) / (a + 1),
    ],
    ids=["factor", "two sums", "fraction"],
)
def test_long_products_are_broken_inside_and_say_the_same(long: sp.Expr) -> None:
    lines = [row.replace("&", "") for row in rows_of(display(sp.Eq(x, long, evaluate=False)))]
    assert max(map(width, lines)) <= LINE + 4
    joined = " ".join(lines).replace(r"\bigl", "").replace(r"\bigr", "").replace(r"\quad", "")
    read: Any = formula(joined, vocabulary(*long.free_symbols, x))
    assert sp.expand(read.rhs - long) == 0


def test_short_relations_stay_on_one_line() -> None:
    assert display(sp.Eq(x, y)) == "x = y"
    assert display(x + y) == "x + y"


def test_lists_of_statements_have_a_line_each_and_bounds_do_not() -> None:
    both = sp.And(sp.Eq(x, 1), sp.Eq(y, 2), evaluate=False)
    assert rows_of(display(both)) == ["x &= 1", "y &= 2"]
    assert display(sp.And(eta > 0, eta < 2)) == r"\eta < 2"
    assert display(sp.And(x > 0, x < 2)) == "0 < x < 2"
