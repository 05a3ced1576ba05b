"""Expectations: exact where they can be, unevaluated elsewhere, and right in both."""

from __future__ import annotations

import pickle
from typing import Any

import mpmath
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Integer, Rational

from symgan.errors import GameError
from symgan.expectation import NORMAL, UNIFORM, Expectation, discretized
from symgan.laws import Atoms, Blurred, Gaussian, Moments, Uniform, mean
from symgan.losses import GenericLoss, hinge, jensen_shannon

x, y, z, w, a = sp.symbols("x y z w a", real=True)
s = sp.Symbol("s", positive=True)
rationals = st.fractions(-2, 2, max_denominator=9).map(lambda q: Rational(*q.as_integer_ratio()))
coefficients = st.lists(rationals, min_size=1, max_size=6)


def density(law: Any, t: Any) -> Any:
    return mpmath.npdf(t) if law == NORMAL else mpmath.mpf(1) / 2


def quadrature(law: Any, integrand: Any) -> Any:
    far = 14 if law == NORMAL else 1
    with mpmath.workdps(30):
        return mpmath.quad(lambda t: integrand(t) * density(law, t), [-far, 0, far])


@given(coefficients)
def test_means_of_polynomials(c: list[Any]) -> None:
    p = sp.Add(*(a * z**k for k, a in enumerate(c)))
    assert Expectation(p, z, UNIFORM) == sp.integrate(p, (z, -1, 1)) / 2
    moments = [1, 0, 1, 0, 3, 0]
    assert Expectation(p, z, NORMAL) == sum(a * m for a, m in zip(c, moments, strict=False))


@settings(max_examples=20)
@given(rationals, rationals, st.integers(0, 3))
def test_exponentials_of_gaussians(slope: Any, shift: Any, k: int) -> None:
    exact = Expectation(z**k * sp.exp(slope * z + shift), z, NORMAL)
    assert not exact.has(Expectation)
    with mpmath.workdps(30):
        b, c = mpmath.mpf(slope.p) / slope.q, mpmath.mpf(shift.p) / shift.q
        measured = quadrature(NORMAL, lambda t: t**k * mpmath.exp(b * t + c))
        value = mpmath.mpf(str(exact.evalf(30)))
        # 14 standard deviations: with growth e^{2t} the tail is below 1e-30, k <= 3 included
        assert abs(value - measured) < mpmath.mpf(10) ** -20


def test_what_stays_is_one_expression_however_it_is_written() -> None:
    kept = Expectation(sp.tanh(w + z), z, UNIFORM)
    assert kept == Expectation(sp.tanh(w + x), x, UNIFORM)
    assert kept != Expectation(sp.tanh(w + z), z, NORMAL)
    assert kept.free_symbols == {w}
    assert Expectation(3 * w * sp.tanh(w + z) + z, z, UNIFORM) == 3 * w * kept
    assert Expectation((z + 1) ** 2 * sp.tanh(w + z), z, UNIFORM) == Expectation(
        z**2 * sp.tanh(w + z) + 2 * z * sp.tanh(w + z), z, UNIFORM
    ) + Expectation(sp.tanh(w + z), z, UNIFORM)
    assert pickle.loads(pickle.dumps(kept)) == kept
    assert pickle.loads(pickle.dumps(kept)).diff(w) == kept.diff(w)


def test_odd_integrands_vanish_where_they_have_a_mean() -> None:
    assert Expectation(sp.tanh(w * z), z, NORMAL) == 0
    assert Expectation(z * GenericLoss(z**2), z, UNIFORM) == 0
    assert Expectation(GenericLoss(z), z, UNIFORM) != 0
    assert Expectation(1 / z, z, UNIFORM) != 0
    assert Expectation(z / (1 + z**2 * w**2), z, UNIFORM) == 0


def test_no_variable_is_captured() -> None:
    """E_x E_z f(xz) with another expectation put inside: names must not meet."""
    inner = Expectation(sp.tanh(w + x * z), z, UNIFORM)
    outer = Expectation(inner * sp.exp(x), x, UNIFORM)
    other = Expectation(sp.cosh(z), z, UNIFORM)
    put = outer.subs(w, other)
    assert put.free_symbols == set()
    assert put.xreplace({other: Integer(2)}) == outer.subs(w, 2)
    assert put.depth == 3
    assert outer.depth == 2


@given(rationals, rationals)
@settings(max_examples=6)
def test_derivatives_are_expectations_of_derivatives(b: Any, c: Any) -> None:
    kept = Expectation(jensen_shannon(w * z**2 + b * z), z, UNIFORM)
    slope = kept.diff(w)
    f = sp.lambdify((w, z), jensen_shannon(w * z**2 + b * z), "mpmath")
    h = mpmath.mpf(10) ** -8
    with mpmath.workdps(30):
        at = mpmath.mpf(c.p) / c.q
        right, left = (quadrature(UNIFORM, lambda t, v=v: f(v, t)) for v in (at + h, at - h))
        value = mpmath.mpf(str(sp.sympify(slope.subs(w, c)).evalf(25)))
        # a central difference errs by h^2 times a third derivative, which is below 1
        assert abs(value - (right - left) / (2 * h)) < mpmath.mpf(10) ** -14


def test_the_mean_of_a_hinge_bends() -> None:
    """E min(0, w z^2 - 1) = 2/(3 sqrt w) - 1 ... for w > 1: its second derivative is a delta's."""
    kept = Expectation(hinge(w * z**2), z, UNIFORM)
    bend = kept.diff(w, 2)
    v = sp.Symbol("v", positive=True)
    r = 1 / sp.sqrt(v)
    exact = sp.integrate(v * z**2 - 1, (z, 0, r))
    for value in (2, 4, 9):
        assert sp.expand(bend.subs(w, value) - exact.diff(v, 2).subs(v, value)) == 0
    assert bend.subs(w, Rational(1, 2)) == 0
    assert bend.subs(w, 4) != 0


def test_values_across_kinks() -> None:
    """evalf puts its nodes on both sides of a kink; 25 digits would be false otherwise."""
    kept = Expectation(sp.Abs(z - Rational(1, 3)) * sp.exp(z), z, UNIFORM)
    exact: Any = sum(
        sp.integrate(sign * (z - Rational(1, 3)) * sp.exp(z), ends) / 2
        for sign, ends in ((-1, (z, -1, Rational(1, 3))), (1, (z, Rational(1, 3), 1)))
    )
    assert abs(kept.evalf(30) - exact.evalf(30)) < sp.Float("1e-28", 10)
    assert not Expectation(GenericLoss(z + 1), z, UNIFORM).is_number


@pytest.mark.parametrize("law", [UNIFORM, NORMAL])
def test_gauss_sums_are_exact_to_their_degree(law: Any) -> None:
    u = sp.Symbol("u", real=True)
    kept = Expectation(GenericLoss(u * z), z, law)
    for nodes in (2, 3, 5):
        summed = discretized(kept, nodes)

        def power(degree: int, summed: Any = summed) -> Any:
            return summed.replace(GenericLoss, lambda t, _: t**degree).subs(u, 1)

        gap = [abs(power(k) - law.moment(k)) for k in range(0, 2 * nodes + 1, 2)]
        assert max(gap[:-1]) < 1e-18  # 25-digit nodes; moments up to 105
        assert gap[-1] > 1e-4  # one degree further it is not exact


def test_generated_code_refuses_expectations() -> None:
    kept = Expectation(sp.tanh(w + z), z, UNIFORM)
    for modules in ("numpy", "mpmath", "math"):
        with pytest.raises(GameError, match="discretized"):
            sp.lambdify(w, kept, modules=modules)
    with pytest.raises(GameError, match="no finite sum"):
        discretized(Expectation(hinge(w * z**2), z, UNIFORM).diff(w, 2), 3)


def test_laws() -> None:
    half = Rational(1, 2)
    assert Atoms(((half, 0), (half, a))).mean(x**2, x) == a**2 / 2
    assert sp.expand(Uniform(a, a + 2).mean(x**2, x) - (a + 1) ** 2) == Rational(1, 3)
    assert sp.expand(Gaussian(a, s).mean(x**4, x)) == a**4 + 6 * a**2 * s**2 + 3 * s**4
    blurred = Blurred(Atoms(((1, a),)), s)
    assert blurred.mean(sp.exp(x), x) == sp.exp(a) * sp.exp(s**2 / 2)
    assert mean(x * y**2, (x, y), (Gaussian(a, 1), Uniform())) == a / 3
    assert Moments((0, s)).mean(x**2 + 3, x) == s + 3


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Atoms(((Rational(1, 2), 0),)), "sum to 1/2"),
        (lambda: Atoms(((2, 0), (-1, 1))), "positive"),
        (lambda: Moments((0, 1)).mean(sp.exp(x), x), "no polynomial"),
        (lambda: Moments((0, 1)).mean(x**3, x), "needs 3 moments"),
    ],
)
def test_refusals(make: Any, said: str) -> None:
    with pytest.raises(GameError, match=said):
        make()


@pytest.mark.parametrize(
    ("body", "law"),
    [
        (sp.tan(2 * z), UNIFORM),
        (sp.sinh(z**3), NORMAL),
        (z * sp.exp(z**2), NORMAL),
        (1 / z, NORMAL),
    ],
)
def test_odd_integrands_without_a_mean_are_not_zero(body: Any, law: Any) -> None:
    assert Expectation(body, z, law).has(Expectation)


@pytest.mark.parametrize("law", [NORMAL, UNIFORM])
def test_odd_integrands_with_a_mean_are_zero(law: Any) -> None:
    assert Expectation(sp.tanh(a * z) ** 3, z, law) == 0
    assert Expectation(sp.sinh(a * z), z, law) == 0
