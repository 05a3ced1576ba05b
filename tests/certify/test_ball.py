"""Balls contain the truth: every function against mpmath at 80 digits."""

from __future__ import annotations

from typing import Any

import mpmath
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Expr, Rational, Symbol

from symgan.certify.ball import enclose, load_flint, proved_nonzero, sign_at
from symgan.errors import MissingExtra, Undecided
from tests.certify import domains
from tests.certify.domains import x, y

DIGITS = 80
UNARY: dict[Any, Any] = {
    sp.exp: mpmath.exp, sp.log: mpmath.log, sp.sin: mpmath.sin, sp.cos: mpmath.cos,
    sp.tan: mpmath.tan, sp.cot: mpmath.cot, sp.sec: mpmath.sec, sp.csc: mpmath.csc,
    sp.sinh: mpmath.sinh, sp.cosh: mpmath.cosh, sp.tanh: mpmath.tanh, sp.coth: mpmath.coth,
    sp.sech: mpmath.sech, sp.csch: mpmath.csch, sp.atan: mpmath.atan, sp.erf: mpmath.erf,
    sp.Abs: abs, sp.sqrt: mpmath.sqrt, sp.cbrt: lambda v: mpmath.power(v, mpmath.mpf(1) / 3),
    sp.re: mpmath.re, sp.im: mpmath.im,
}  # fmt: skip
rationals = st.builds(Rational, st.integers(-40, 40), st.integers(1, 12))


def contains(ball: Any, value: Any, digits: int = DIGITS) -> bool:
    """Whether a ball, widened by the reference's own rounding, contains a value.

    The reference is off by at most 10^(3 - digits) relative to its size.
    """
    flint = load_flint()
    with flint.ctx.workprec(8 * digits), mpmath.workdps(digits + 5):
        value = mpmath.mpc(value)
        radius = mpmath.nstr((1 + abs(value)) * mpmath.mpf(10) ** (3 - digits), 5)
        slack = flint.arb(0, flint.arb(radius))
        parts = (mpmath.nstr(part, digits + 5) for part in (value.real, value.imag))
        real, imag = (flint.arb(part) + slack for part in parts)
        return bool(ball.real.overlaps(real)) and bool(ball.imag.overlaps(imag))


@pytest.mark.parametrize("function", UNARY, ids=lambda f: f.__name__)
@settings(max_examples=25)
@given(value=rationals, imaginary=st.sampled_from([0, 0, 1, Rational(-3, 2)]))
def test_every_function_against_mpmath(function: Any, value: Rational, imaginary: Any) -> None:
    point = value + imaginary * sp.I
    expression = function(x, evaluate=False) if function not in (sp.sqrt, sp.cbrt) else function(x)
    with mpmath.workdps(DIGITS + 10):
        number = mpmath.mpc(*(mpmath.mpf(int(v.p)) / int(v.q) for v in point.as_real_imag()))
        try:
            truth = UNARY[function](number if imaginary else number.real)
        except (ZeroDivisionError, ValueError):
            return  # a pole
    if not mpmath.isfinite(truth):
        return
    try:
        ball = enclose(expression, {x: point}, bits=300)
    except Undecided:  # SymPy evaluated it to an infinity or another function by itself
        return
    assert contains(ball, truth)
    with mpmath.workdps(DIGITS):
        neighbor = truth + (1 + abs(truth)) * mpmath.mpf(10) ** -60
    assert not contains(ball, neighbor)


@settings(max_examples=150)
@given(domains.elementary, st.integers(0, 10**6), st.sampled_from([53, 128, 512]))
def test_enclosures_of_expressions_contain_the_value(e: Expr, seed: int, bits: int) -> None:
    for point in domains.points(e.free_symbols, sp.true, seed, 3):
        truth = domains.value_at(e, point, DIGITS)
        try:
            ball = enclose(e, point, bits)
        except (Undecided, ZeroDivisionError):
            continue
        if truth is not None and ball.is_finite():
            assert contains(ball, truth)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (sp.atan2(2, -3), mpmath.atan2(2, -3)),
        (sp.atan2(-1, -3, evaluate=False), mpmath.atan2(-1, -3)),
        (sp.Max(sp.pi, sp.sqrt(10), 3), mpmath.sqrt(10)),
        (sp.Min(sp.pi, sp.sqrt(10), sp.E), mpmath.e),
        (sp.pi, mpmath.pi),
        (sp.E**sp.pi - sp.pi, mpmath.exp(mpmath.pi) - mpmath.pi),
        (sp.sqrt(-7), mpmath.mpc(0, mpmath.sqrt(7))),
        (sp.log(-2), mpmath.mpc(mpmath.log(2), mpmath.pi)),
        (sp.Rational(-8) ** Rational(1, 3), mpmath.mpc(1, mpmath.sqrt(3))),
        (1 / sp.sqrt(-4 + sp.I), 1 / mpmath.sqrt(mpmath.mpc(-4, 1))),
    ],
)
def test_constants_and_branches(value: Expr, number: Any) -> None:
    ball = enclose(value, {})
    assert contains(ball, number, 14)  # the references above are doubles
    assert not contains(ball, number + mpmath.mpf(10) ** -9, 14)


def test_signs_of_numbers() -> None:
    assert sign_at(sp.exp(sp.pi * sp.sqrt(163)) - 262537412640768744) == -1  # 7.5e-13 off
    assert sign_at(sp.sqrt(2) + sp.sqrt(3) - sp.sqrt(5 + 2 * sp.sqrt(6))) is None  # zero, unproved
    assert sign_at(x - y, {x: Rational(1, 3), y: Rational(1, 3)}) == 0
    assert sign_at(sp.cos(x), {x: Rational(2)}) == -1
    assert sign_at(sp.exp(-x), {x: sp.Integer(1000)}) == 1


def test_what_is_complex_or_undefined_has_no_sign() -> None:
    assert sign_at(sp.sqrt(x), {x: sp.Integer(-1)}) is None
    assert sign_at(1 + sp.I * sp.exp(-1000)) is None
    assert sign_at(1 / sp.Add(sp.sin(1) ** 2, sp.cos(1) ** 2, -1, evaluate=False)) is None
    with pytest.raises(Undecided, match="no ball arithmetic"):
        sign_at(1 / x, {x: sp.Integer(0)})
    with pytest.raises(Undecided, match="no ball arithmetic"):
        sign_at(sp.Max(x, y, evaluate=False), {x: sp.sqrt(2), y: sp.Symbol("q")})
    with pytest.raises(Undecided, match="no ball arithmetic for"):
        enclose(sp.zeta(x), {x: Rational(1, 3)})
    with pytest.raises(Undecided, match="no ball arithmetic for q"):
        enclose(Symbol("q"), {})


def test_nonzero_is_proved_or_not_at_all() -> None:
    assert proved_nonzero(x - y, {x: sp.Integer(1), y: sp.Integer(1)}) is None
    assert proved_nonzero(x - y, {x: sp.Integer(1), y: sp.Integer(2)}) == "-1"
    shown = proved_nonzero(sp.sqrt(x) - sp.log(-2), {x: sp.Integer(-1)})
    assert shown is not None
    assert shown.startswith("[-0.693147")
    zero = sp.sqrt(2) * sp.sqrt(3, evaluate=False) - sp.sqrt(6)
    assert proved_nonzero(zero + x, {x: sp.Integer(0)}) is None
    assert proved_nonzero(zero + x, {x: Rational(1, 10**300)}) is not None


def test_the_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "flint", None)
    with pytest.raises(MissingExtra, match=r"ball arithmetic needs python-flint.*symgan\[proofs\]"):
        load_flint()
