"""Typed expressions: exact, safe, and errors that point at the place."""

from __future__ import annotations

import re
import time
from typing import Any

import mpmath
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from sympy import Rational, Symbol

from symgan.parse import FUNCTIONS, ParseError, assignments, expression, names, number

x, y = (Symbol(name, real=True) for name in "xy")
AT: dict[Any, Any] = {x: Rational(3, 7), y: Rational(-5, 11)}

atoms = st.one_of(
    st.sampled_from(["x", "y", "pi", "sin(x)", "exp(y)"]),
    st.integers(0, 99).map(str),
    st.decimals(0, 99, places=3).map(str),
)
texts = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*"), inner).map("({0[0]}{0[1]}{0[2]})".format),
        st.tuples(st.sampled_from(["tanh", "abs"]), inner).map("{0[0]}({0[1]})".format),
        st.tuples(inner, st.integers(0, 3)).map("({0[0]})**{0[1]}".format),
        inner.map("(-{})".format),
    ),
    max_leaves=6,
)


@given(texts)
def test_agrees_with_python_arithmetic(text: str) -> None:
    """Second route: Python's own evaluation of the same text with mpmath's numbers."""
    with mpmath.workdps(300):  # far beyond the 40 digits compared
        scope = {name: getattr(mpmath, name) for name in ("sin", "exp", "tanh", "pi")}
        scope |= {"abs": abs, "x": mpmath.mpf(3) / 7, "y": mpmath.mpf(-5) / 11, "D": mpmath.mpf}
        there = eval(_quote_decimals(text), {"__builtins__": {}} | scope)
        try:
            value = expression(text).subs(AT).evalf(40)
        except ParseError as error:
            if "bits" not in str(error):
                raise
            return
        # relative 1e-30 of the 40 digits asked for: evalf keeps its digits under cancellation
        assert abs(mpmath.mpf(str(value)) - there) <= mpmath.mpf(10) ** -30 * abs(there)


def _quote_decimals(text: str) -> str:
    return re.sub(r"(\d+\.\d+)", r"D('\1')", text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1", Rational(1, 10)),
        ("1e-3", Rational(1, 1000)),
        ("-x**2", -(x**2)),
        ("2**3**2", sp.Integer(512)),
        ("x/3", x / 3),
        ("Min(0, x - 1)", sp.Min(0, x - 1)),
        ("sigmoid(x)", 1 / (1 + sp.exp(-x))),
        ("softplus(0)", sp.log(2)),
        ("sqrt(8)", 2 * sp.sqrt(2)),
    ],
)
def test_values_are_exact(text: str, value: sp.Expr) -> None:
    result = expression(text)
    assert result == value
    assert not result.atoms(sp.Float)


@pytest.mark.parametrize(
    ("text", "reason", "column"),
    [
        ("x*foo(y)", "unknown function", 2),
        ("x +", "invalid syntax", None),
        ("2x", "write *", 0),
        ("x^2", "not ^", 2),
        ("x.real", "is not arithmetic", 0),
        ("1 + x[0]", "is not arithmetic", 4),
        ("(lambda: 1)()", "unknown function", 1),
        ("lambda*x", "call the symbol lam", 0),
        ("__import__('os')", "unknown function", 0),
        ("exp", "a function; give it an argument", 0),
        ("exp(x, y)", "one argument", 0),
        ("exp(*x)", "plain arguments", 0),
        ("1/0", "no value", 0),
        ("log(0)", "no value", 0),
        ("x + sqrt(-1)", "not real", 4),
        ("2j", "not a real number", 0),
        ("'x'", "not a real number", 0),
        ("True", "not a real number", 0),
        ("x < y", "is not arithmetic", 0),
        ("x if y else 1", "is not arithmetic", 0),
        ("x // y", "only + - * / **", 0),
        ("", "empty", 0),
        ("9**9**9**9", "exponents beyond 64", 6),
        ("x**1000", "exponents beyond 64", 3),
        ("2**(exp(9))", "exponents beyond 64", 4),
        ("(9**64)**64", "more than 4096 bits", 0),
        ("1e99999999", "too large", 0),
        ("1e-99999999", "too large or too small", 0),
        ("-" * 100 + "x", "nested", 61),
        ("(" * 300 + "x" + ")" * 300, "nested", None),
        ("x" * 3000, "longer than", None),
        ("x\0", "null", None),
        ("θ*(x", "write *", 2),
        ("θ*foo(x)", "unknown function", 2),
    ],
)
def test_refusals_point_at_the_place(text: str, reason: str, column: int | None) -> None:
    begin = time.monotonic()
    with pytest.raises(ParseError) as caught:
        expression(text)
    message = str(caught.value)
    assert reason in message
    assert column is None or caught.value.column == column
    assert all(len(line) <= 80 for line in message.splitlines()[1:])
    assert time.monotonic() - begin < 2  # seconds: no text may keep the machine busy


def test_caret_stands_under_the_column() -> None:
    with pytest.raises(ParseError) as caught:
        expression("x*foo(y)")
    _, line, caret = str(caught.value).splitlines()
    assert line[caret.index("^") :].startswith("foo(y)")


def test_unknown_names_are_refused_where_names_are_given() -> None:
    assert expression("x*k", {"x": x, "k": y}) == x * y
    with pytest.raises(ParseError, match=r"unknown name 'k'; known names: x"):
        expression("x*k", {"x": x})


@given(st.text(max_size=40))
def test_any_text_parses_or_is_refused(text: str) -> None:
    try:
        result = expression(text)
    except ParseError:
        return
    assert isinstance(result, sp.Expr)
    assert not result.has(sp.zoo, sp.nan, sp.I)


@given(st.text("x+-*/().0123456789e^ ,=lambda", max_size=40))
def test_any_arithmetic_text_parses_or_is_refused(text: str) -> None:
    test_any_text_parses_or_is_refused.hypothesis.inner_test(text)  # type: ignore[attr-defined]


def test_every_function_keeps_a_real_argument_exact() -> None:
    for name in FUNCTIONS:
        assert not expression(f"{name}(1/3)").atoms(sp.Float), name


def test_numbers_assignments_names() -> None:
    assert number("-1/3") == Rational(-1, 3)
    assert assignments(("a=Min(1,2), b=2",)) == {"a": 1, "b": 2}
    assert names(" theta,psi ") == ("theta", "psi")


@pytest.mark.parametrize("text", ["a", "a=", "=1", "a=1,,b=2", "a=1,a=2", "a b=1", "a=b"])
def test_bad_assignments(text: str) -> None:
    with pytest.raises(ParseError):
        assignments((text,))


@pytest.mark.parametrize("text", ["", "a,", "1a", "exp", "pi", "a b"])
def test_bad_names(text: str) -> None:
    with pytest.raises(ParseError):
        names(text)
