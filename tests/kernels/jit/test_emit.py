"""Expressions on the JIT: IEEE's special values, choices in order, symmetry, accuracy, refusals."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import example, given, settings
from hypothesis import strategies as st

from symgan.kernels import KernelError, compile
from symgan.kernels.jit.choices import implies
from symgan.kernels.jit.code import generate
from symgan.kernels.jit.rounding import nearest, rounded
from symgan.kernels.jit.target import host
from tests.kernels.jit.engines import body, engine, last, values

x, y, z, a = sp.symbols("x y z a", real=True)
TINY = 5e-324
SPECIAL = [0.0, -0.0, 1.0, -1.0, 2.5, -2.5, TINY, -TINY, 1e-310, 1e308, np.inf, -np.inf, np.nan]
PAIRS = np.array([(p, q) for p in SPECIAL for q in SPECIAL]).T


def same(got: Any, wanted: Any) -> Any:
    """Whether numbers are equal, NaN with NaN."""
    return (got == wanted) | (np.isnan(got) & np.isnan(wanted))


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        (x + y, lambda p, q: p + q),
        (x - y, lambda p, q: p - q),
        (x * y, lambda p, q: p * q),
        (x / y, lambda p, q: p / q),
        (sp.Min(x, y), np.minimum),
        (sp.Max(x, y), np.maximum),
        (sp.Abs(x, evaluate=False), lambda p, q: np.abs(p)),
        (sp.sign(x), lambda p, q: np.sign(p)),
        (sp.Heaviside(x), lambda p, q: np.heaviside(p, 0.5)),
        (sp.floor(x, evaluate=False), lambda p, q: np.floor(p)),
        (sp.ceiling(x, evaluate=False), lambda p, q: np.ceil(p)),
        (sp.sqrt(x), lambda p, q: np.sqrt(p)),
        (1 / x, lambda p, q: 1 / p),
        (
            sp.Piecewise((1, x < y), (2, x > y)),
            lambda p, q: np.select([p < q, p > q], [1, 2], np.nan),
        ),
        (
            sp.Piecewise((1, sp.Eq(x, y)), (2, sp.Ne(x, y)), (3, True)),
            lambda p, q: np.where(p == q, 1, 2),
        ),
        (
            sp.Piecewise((x, x > y), (y, sp.And(x < 0, y > 0)), (7, True)),
            lambda p, q: np.select([p > q, (p < 0) & (q > 0)], [p, q], 7),
        ),
        (
            sp.Piecewise((x, x * y > 0), (y, x * y < 0), (x, sp.Ne(x, 0)), (y, True)),
            lambda p, q: np.select([p * q > 0, p * q < 0, p != 0], [p, q, p], q),
        ),
    ],
)
def test_special_values_are_those_of_numpy(expression: Any, wanted: Any) -> None:
    with np.errstate(all="ignore"):
        truth = wanted(*PAIRS)
        got = values(body((expression,), (x, y)), list(PAIRS))[0]
    assert same(got, truth).all(), PAIRS[:, ~same(got, truth)]


def test_denormals_are_kept_and_the_processor_is_left_as_it_was() -> None:
    before = np.float64(TINY) * np.float64(1)
    got = values(body((x / 2, x * y, x + y), (x, y)), [[1e-308, TINY], [0.5, TINY]])
    assert got.tolist() == [[1e-308 / 2, 0.0], [1e-308 / 2, 0.0], [1e-308 + 0.5, 2 * TINY]]
    assert before == np.float64(TINY) * np.float64(1) == TINY


@given(st.floats(-1e6, 1e6), st.floats(-1e3, 1e3).filter(lambda v: abs(v) > 1e-3))
@settings(max_examples=200, deadline=None)
def test_a_remainder_is_rounded_once(p: float, q: float) -> None:
    got = Fraction(REMAINDER.values([np.full(1, p), np.full(1, q)], 1, 1)[0, 0])
    exact = Fraction(p) - Fraction(q) * (Fraction(p) // Fraction(q))
    assert got == Fraction(float(exact))


REMAINDER = engine(body((sp.Mod(x, y),), (x, y)))


def test_a_remainder_without_exact_quotient_is_no_number() -> None:
    got = REMAINDER.values([np.array([1e300, 9.0, -9.0]), np.array([3.0, 4.0, 4.0])], 3, 1)[0]
    assert np.isnan(got[0])
    assert got[1:].tolist() == [1.0, 3.0]


@pytest.mark.parametrize(
    ("one", "other", "holds", "known"),
    [
        (x * y > 0, sp.Ne(x, 0), True, True),
        (x * y > 0, x * y < 0, False, True),
        (x * y >= 0, sp.Ne(x, 0), True, False),
        (x + y > 0, sp.Ne(x, 0), True, False),
        (x * y > 1, sp.Ne(x, 0), True, False),
        (x > 0, sp.Ne(x, 0), False, False),
    ],
)
def test_only_what_holds_in_floating_point_is_implied(
    one: Any, other: Any, holds: bool, known: bool
) -> None:
    assert implies(one, other, holds) is known


MIRROR = (
    x - a * (sp.exp(-((x - z) ** 2) / 2) * x + y * z / 3 - sp.tanh(x + y) + x * y),
    y - a * (sp.exp(-((y - z) ** 2) / 2) * y + x * z / 3 - sp.tanh(x + y) + x * y),
)
"""Symmetric under an exchange of x and y."""


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 999))
def test_a_symmetric_map_keeps_symmetric_states_to_the_bit(seed: int) -> None:
    start, third = np.random.default_rng(seed).uniform(-2, 2, (2, 40))
    made = SYMMETRIC
    found = last(made, [start, start, third, 0.25], 200)
    assert (found[0].view(np.uint64) == found[1].view(np.uint64)).all()
    swapped = last(made, [start, start + 0.5, third, 0.25], 50)
    image = last(made, [start + 0.5, start, third, 0.25], 50)
    assert (swapped[[1, 0, 2]].view(np.uint64) == image.view(np.uint64)).all()
    assert not (swapped[0] == swapped[1]).all()


SYMMETRIC = engine(body((*MIRROR, z), (x, y, z), (a,)))


def test_names_change_nothing() -> None:
    zz, aa, q, p = sp.symbols("zz aa q p", real=True)
    renamed = [e.xreplace({x: zz, y: aa, z: q, a: p}) for e in (*MIRROR, z)]
    other = body(renamed, (zz, aa, q), (p,))
    mine = SYMMETRIC.body.prepared()
    texts = [
        generate(b, (False, False, False, True), np.dtype(float), host(), orbit=True).text
        for b in (mine, other.prepared())
    ]
    start = np.random.default_rng(3).uniform(-2, 2, (3, 64))
    first, second = (last(m, [*start, 0.25], 30) for m in (SYMMETRIC, engine(other)))
    assert (first.view(np.uint64) == second.view(np.uint64)).all()
    assert sorted(map(len, texts[0].splitlines())) == sorted(map(len, texts[1].splitlines()))


LEAVES = st.sampled_from([x, y, a, sp.Integer(3), sp.Rational(1, 3), sp.Rational(-7, 5), sp.pi])


def grown(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Sums, products, quotients, powers, functions and choices of expressions."""
    two = st.tuples(inner, inner)
    return st.one_of(
        two.map(lambda p: p[0] + p[1]),
        two.map(lambda p: p[0] - 2 * p[1]),
        two.map(lambda p: p[0] * p[1]),
        two.map(lambda p: p[0] / (1 + p[1] ** 2)),
        inner.map(lambda e: (1 + e**2) ** sp.Rational(-3, 2)),
        inner.map(lambda e: sp.exp(-(e**2))),
        inner.map(sp.tanh),
        two.map(lambda p: sp.Piecewise((p[0], x > y), (p[1], True))),
    )


EXPRESSIONS = st.recursive(LEAVES, grown, max_leaves=8)


def bounded(node: Any, at: dict[Any, Any]) -> tuple[Any, Any]:
    """A value at 50 digits, and a first-order bound of the error, in units of the last place.

    Each operation may err by its own rounding (one unit; functions four; a sum one unit of the
    magnitudes of its terms a term), and passes on the errors of its operands by its derivatives.
    """
    if node in at:
        return at[node], mpmath.mpf(0)
    if not node.free_symbols:
        value = mpmath.mpf(sp.N(node, 60))
        return value, abs(value)
    if isinstance(node, sp.Piecewise):
        chosen = node.args[0][0] if at[x] > at[y] else node.args[1][0]
        return bounded(chosen, at)
    parts = [bounded(arg, at) for arg in node.args]
    if isinstance(node, sp.Add):
        size = sum(abs(v) for v, _ in parts)
        return sum(v for v, _ in parts), sum(e for _, e in parts) + len(parts) * size
    dummies = sp.symbols(f"d0:{len(parts)}")
    shape = node.func(*dummies, evaluate=False) if len(parts) > 1 else node.func(*dummies)
    point = {d: sp.Float(v, 60) for d, (v, _) in zip(dummies, parts, strict=True)}
    value = mpmath.mpf(sp.N(shape.subs(point), 50))
    error = (4 + len(parts)) * abs(value)
    if isinstance(node, sp.Pow) and node.exp.is_number:
        base, passed = parts[0]
        if base == 0:  # to first order nothing: what is left is the power of the error
            return value, error + (passed * mpmath.mpf(2) ** -52) ** float(node.exp) * 2**52
        slope = abs(float(node.exp)) * abs(value / base)
        return value, error + slope * passed + 2 * abs(value)
    for d, (_, passed) in zip(dummies, parts, strict=True):
        error += abs(mpmath.mpf(sp.N(sp.diff(shape, d).subs(point), 50))) * passed
    return value, error


@settings(max_examples=25, deadline=None)
@given(EXPRESSIONS, st.floats(-3, 3), st.floats(-3, 3), st.floats(0.1, 3))
@example(sp.exp(-1 / ((3 - 2 * a) ** 2 + 1) ** 3), 0.0, 0.0, 1.5)
def test_each_operation_errs_by_no_more_than_its_rounding(
    expression: Any, p: float, q: float, r: float
) -> None:
    """Against 50 digits; below the normal range an absolute error of the smallest number each."""
    found = values(body((expression,), (x, y), (a,)), [[p], [q], [r]])[0, 0]
    with mpmath.workdps(50):
        at = {s: mpmath.mpf(v) for s, v in zip((x, y, a), (p, q, r), strict=True)}
        truth, units = bounded(sp.sympify(expression), at)
        allowed = units * mpmath.mpf(2) ** -52 + mpmath.mpf(2) ** -1000
        assert abs(mpmath.mpf(float(found)) - truth) <= allowed


@pytest.mark.parametrize("value", [sp.Rational(1, 3), sp.pi, sp.sqrt(2) / 7, sp.Rational(-1, 10)])
def test_constants_are_the_nearest_numbers(value: Any) -> None:
    for dtype, spacing in ((np.float64, 2.0**-52), (np.float32, 2.0**-23)):
        got = rounded(value, dtype)
        exact = sp.Rational(float(got)) - value
        near = [sp.Rational(float(np.nextafter(got, dtype(s * 9)))) - value for s in (-1, 1)]
        assert all(abs(sp.N(exact, 40)) <= abs(sp.N(other, 40)) for other in near)
        assert abs(float(sp.N(exact, 40))) <= spacing * abs(float(value))


@given(
    st.integers(-(2**120), 2**120),
    st.integers(1, 2**70),
    st.integers(2**52, 2**53 - 1),
    st.integers(-1200, 1100),
)
def test_fractions_are_rounded_to_even(p: int, q: int, half: int, exponent: int) -> None:
    """By Python's quotient; a number of 54 bits is between two floats, and some are too large."""
    for whole in (Fraction(p, q), Fraction(2 * half + 1)):
        exact = whole * Fraction(2) ** exponent
        assert repr(float(rounded(exact, np.float64))) == repr(nearest(exact, 53, -1074))


def test_an_unknown_function_is_named_with_its_place() -> None:
    unknown = sp.Function("f")(x)
    with pytest.raises(KernelError, match=r"knows the function f\(x\) in x \+ f\(x\)"):
        compile(unknown + x, arguments=[x], backend="jit")


def test_portable_results_need_the_jit() -> None:
    with pytest.raises(KernelError, match="portable ones need backend='jit'"):
        compile(x, arguments=[x], backend="numpy", portable=True)
    assert compile(x, arguments=[x], portable=True).backend == "jit"
