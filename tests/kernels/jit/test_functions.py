"""Every generated function against 50 digits over its whole domain, in both formats."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from mpmath import mpf
from numpy.typing import NDArray
from sympy.codegen.cfunctions import expm1, log1p

from symgan.kernels.jit.functions import FUNCTIONS
from symgan.kernels.jit.lanes import Lanes, Value
from symgan.kernels.logistic import sigmoid, softplus
from tests.kernels.jit.vectors import Vectors

KINDS = (np.float64, np.float32)
NAN, INF = mpf("nan"), mpf("inf")


def between(f: Callable[[Any], Any], low: float, high: float) -> Callable[[Any], Any]:
    """f on the closed interval, NaN outside."""
    return lambda x: f(x) if low <= x <= high else NAN


def logarithm(x: Any) -> Any:
    return mpmath.log(x) if x > 0 else -INF if x == 0 else NAN


def log_one_plus(x: Any) -> Any:
    return mpmath.log1p(x) if x > -1 else -INF if x == -1 else NAN


def area_tangent(x: Any) -> Any:
    return mpmath.atanh(x) if abs(x) < 1 else x * INF if abs(x) == 1 else NAN


def logistic(x: Any) -> Any:
    return 1 / (1 + mpmath.exp(-x))


def soft(x: Any) -> Any:
    return x if x > 2000 else mpmath.log1p(mpmath.exp(x))


def tail(x: Any) -> Any:
    return mpmath.erfc(x) if abs(x) < 100 else 1 - mpmath.sign(x)


def share(x: Any) -> Any:
    return mpmath.erf(x) if abs(x) < 100 else mpmath.sign(x)


EXACT: dict[Any, Callable[[Any], Any]] = {
    sp.exp: mpmath.exp,
    expm1: mpmath.expm1,
    sigmoid: logistic,
    softplus: soft,
    sp.sinh: mpmath.sinh,
    sp.cosh: mpmath.cosh,
    sp.tanh: mpmath.tanh,
    sp.log: logarithm,
    log1p: log_one_plus,
    sp.asinh: lambda x: mpmath.sign(x) * mpmath.asinh(abs(x)),
    sp.acosh: lambda x: mpmath.acosh(x) if x >= 1 else NAN,
    sp.atanh: area_tangent,
    sp.sin: lambda x: NAN if mpmath.isinf(x) else mpmath.sin(x),
    sp.cos: lambda x: NAN if mpmath.isinf(x) else mpmath.cos(x),
    sp.tan: lambda x: NAN if mpmath.isinf(x) else mpmath.tan(x),
    sp.asin: between(mpmath.asin, -1, 1),
    sp.acos: between(mpmath.acos, -1, 1),
    sp.atan: mpmath.atan,
    sp.erf: share,
    sp.erfc: tail,
}
ODD = (expm1, sp.sinh, sp.tanh, log1p, sp.asinh, sp.atanh, sp.sin, sp.tan, sp.asin, sp.atan, sp.erf)
"""These keep the sign of a zero."""
BOUNDARIES = (
    *(0.0, 0.25, 0.34657359027997264, 0.41421356237309503, 0.46875, 0.5, 0.6931471805599453),
    *(0.7071067811865476, 0.7853981633974483, 0.84375, 1.0, 1.4142135623730951),
    *(1.5707963267948966, 2.414213562373095, 3.141592653589793, 5.5, 9.2, 10.05, 17.3, 26.54, 27.2),
    *(36.7, 39.0, 52.0, 87.33654, 88.72284, 103.97, 104.0, 707.0, 708.3964185322641),
    *(709.782712893384, 710.4758600739439, 745.1332191019412, 746.0, 65536.0, 2.0**31, 2.0**53),
    *(1e22, 2.0**100, 1e300, 6381956970095103.0 * 2.0**797, math.inf),
    *(2.0**-149, 2.0**-126, 2.0**-60, 2.0**-28, 2.0**-14, 5e-324, 2.0**-1022, 2.0**-1023),
)
"""Where a function changes its formula, leaves the format, or is hard to reduce."""
WORST = (
    *(0.3523542829541533, 0.3526051342487335),  # expm1
    *(36.737039952133586, 16.642534255981445),  # sigmoid, negative
    *(0.007097455166796093, 0.03858986496925354),  # softplus
    *(1.0019193090320624, 1.007729172706604),  # acosh
    *(0.12065756317866899, 0.12074175477027893),  # atanh
    *(0.8462347656029192, 0.8489358425140381),  # erf
    *(0.4779884755939823, 0.47753313183784485),  # erfc
)
"""Where errors are largest: found by a search in float64, then among all float32 numbers."""


@cache
def compiled(kind: Any, width: int = 16) -> Vectors:
    def write(lanes: Lanes, x: Value) -> list[Value]:
        return [FUNCTIONS[f].emit(lanes, x) for f in EXACT]

    return Vectors(write, ["float"], len(EXACT), kind, width)


def points(kind: Any) -> NDArray[Any]:
    """The boundaries and their neighbors, of either sign."""
    with np.errstate(over="ignore"):
        middle = np.array(BOUNDARIES + WORST).astype(kind)
        above, below = np.nextafter(middle, kind(np.inf)), np.nextafter(middle, kind(0))
    found = np.unique(np.concatenate([middle, above, below]))
    return np.concatenate([-found, found])


def ulps(got: Any, exact: Any, kind: Any) -> float:
    """The error in units in the last place of the exact result; inf where its kind is wrong."""
    if mpmath.isnan(exact) or np.isnan(got):
        return 0.0 if mpmath.isnan(exact) and np.isnan(got) else math.inf
    info = np.finfo(kind)
    largest = mpf(float(info.max)) * (1 + mpf(2) ** -(info.nmant + 2))
    if abs(exact) >= largest or np.isinf(got):
        # the last half unit below the overflow may round either way
        near = abs(exact) >= mpf(float(info.max)) * (1 - mpf(2) ** -info.nmant)
        same_sign = (got > 0) == (exact > 0)
        beyond = np.isinf(got) or abs(got) == info.max
        return 0.0 if near and same_sign and beyond else math.inf
    if exact == 0:
        return 0.0 if got == 0 else math.inf
    _, exponent = mpmath.frexp(exact)
    unit = mpf(2) ** max(exponent - info.nmant - 1, info.minexp - info.nmant)
    return float(abs(mpf(float(got)) - exact) / unit)


def exact_value(function: Any, x: Any) -> Any:
    """To 50 digits at least; trigonometric functions of 2^1023 need 308 more."""
    with mpmath.workdps(60 if abs(x) < 1e15 or mpmath.isinf(x) else 400):
        return EXACT[function](mpf(float(x)))


def bound(function: Any, kind: Any) -> float:
    emitter = FUNCTIONS[function]
    return emitter.ulp if kind is np.float64 else emitter.ulp32


def worst(kind: Any, x: NDArray[Any]) -> dict[Any, tuple[float, float]]:
    """Function -> (largest error, where)."""
    found: dict[Any, tuple[float, float]] = {}
    for function, values in zip(EXACT, compiled(kind)(x), strict=True):
        errors = [ulps(y, exact_value(function, a), kind) for a, y in zip(x, values, strict=True)]
        found[function] = max(zip(errors, map(float, x), strict=True))
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_boundaries_of_regimes(kind: Any) -> None:
    for function, (error, where) in worst(kind, points(kind)).items():
        assert error <= bound(function, kind), (function, where, error)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=12)
@given(data=st.data())
def test_anywhere(kind: Any, data: st.DataObject) -> None:
    """Any bits, and numbers of ordinary size, where most of the formulas are at work."""
    width = 64 if kind is np.float64 else 32
    anything = st.floats(allow_nan=False, width=width)
    ordinary = st.floats(-40, 40, width=width) | st.floats(-2, 2, width=width)
    x = data.draw(hnp.arrays(kind, 8, elements=anything | ordinary, fill=st.nothing()))
    for function, (error, where) in worst(kind, x).items():
        assert error <= bound(function, kind), (function, where, error)


@pytest.mark.parametrize("kind", KINDS)
def test_nan_and_signed_zeros(kind: Any) -> None:
    x = np.array([np.nan, 0.0, -0.0], dtype=kind)
    for function, (at_nan, plus, minus) in zip(EXACT, compiled(kind)(x), strict=True):
        assert np.isnan(at_nan), function
        signs = (bool(np.signbit(plus)), bool(np.signbit(minus)))
        assert function not in ODD or signs == (False, True), function


@pytest.mark.parametrize("kind", KINDS)
def test_the_bits_do_not_depend_on_the_width(kind: Any) -> None:
    x = points(kind)
    for one, other in zip(compiled(kind)(x), compiled(kind, 2)(x), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_wrong_last_coefficient_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """One part in 1e7 of the last but one coefficient of the exponential breaks its bound."""
    from symgan.kernels.jit.functions import tables

    double, single = tables.TABLES["exp"]
    wrong = (*double[:3], double[3] * (1 + 1e-9), *double[4:])
    monkeypatch.setitem(tables.TABLES, "exp", (wrong, single))
    run = Vectors(lambda lanes, x: [FUNCTIONS[sp.exp].emit(lanes, x)], ["float"], 1, np.float64)
    x = np.linspace(-0.34, 0.34, 101)
    errors = [ulps(y, mpmath.exp(a), np.float64) for a, y in zip(x, run(x)[0], strict=True)]
    assert max(errors) > FUNCTIONS[sp.exp].ulp


def c_power(x: float, y: float) -> float:
    """C's pow, as Python's math module passes it on but for its exceptions."""
    odd = abs(y) < 2**53 and y == int(y) and int(y) % 2 == 1 if math.isfinite(y) else False
    if x == 0 and y < 0:
        return math.copysign(math.inf, x) if odd else math.inf
    if x < 0 and math.isfinite(x) and math.isfinite(y) and y != int(y):
        return math.nan
    return math.pow(x, y)


ENDS = (0.0, 1.0, 2.0, 0.5, 3.0, 1 / 3, 2.5, 2.0**53, 2.0**53 + 2, math.inf)


@cache
def two(function: Any, kind: Any) -> Vectors:
    return Vectors(
        lambda lanes, x, y: [FUNCTIONS[function].emit(lanes, x, y)], ["float"] * 2, 1, kind
    )


def test_powers_at_the_ends_are_those_of_c() -> None:
    values = np.array([*ENDS, *(-e for e in ENDS), math.nan])
    x, y = (a.ravel() for a in np.meshgrid(values, values))
    keep = ~((np.abs(x) > 2) & np.isfinite(x) & (np.abs(y) > 100) & np.isfinite(y))  # overflow
    x, y = x[keep], y[keep]
    (got,) = two(sp.Pow, np.float64)(x, y)
    for a, b, value in zip(map(float, x), map(float, y), got, strict=True):
        try:
            wanted = c_power(a, b)
        except OverflowError:
            wanted = math.inf
        same = value == wanted or abs(value - wanted) <= 2e-16 * abs(wanted)
        assert same or (math.isnan(wanted) and np.isnan(value)), (a, b, value)
        assert wanted != 0 or np.signbit(value) == np.signbit(wanted), (a, b)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60)
@given(
    a=st.floats(-80, 80) | st.floats(-1e-3, 1e-3),
    share_=st.floats(-1.02, 1.02) | st.sampled_from([1.0, -1.0, 0.5, 1 / 3]),
)
def test_powers_between(kind: Any, a: float, share_: float) -> None:
    """x = e^a and an exponent that brings the power up to the ends of the format and beyond."""
    x = np.array([np.exp(np.clip(a, -80, 80))], dtype=kind)
    reach = 745.0 if kind is np.float64 else 103.0
    y = np.array([share_ * min(reach / abs(a), 1e38) if a else share_ * 1e5]).astype(kind)
    (got,) = two(sp.Pow, kind)(x, y)
    with mpmath.workdps(60):
        exact = mpf(float(x[0])) ** mpf(float(y[0]))
    assert ulps(got[0], exact, kind) <= bound(sp.Pow, kind)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60)
@given(
    st.sampled_from([0.0, -0.0, 1.0, math.inf, 1e-40]) | st.floats(-10, 10, width=32),
    st.sampled_from([0.0, -0.0, -1.0, -math.inf, 1e38]) | st.floats(-10, 10, width=32),
)
def test_angles_in_every_quadrant(kind: Any, y: float, x: float) -> None:
    b, a = np.array([y], dtype=kind), np.array([x], dtype=kind)
    (got,) = two(sp.atan2, kind)(b, a)
    assert np.signbit(got[0]) == np.signbit(b[0])
    if np.isfinite(b[0]) and np.isfinite(a[0]) and a[0] != 0 and b[0] != 0:
        with mpmath.workdps(60):
            exact = mpmath.atan2(mpf(float(b[0])), mpf(float(a[0])))
    else:
        exact = mpf(math.atan2(float(b[0]), float(a[0])))
    # Python's own angle at the ends is a multiple of pi/4 rounded once
    assert ulps(got[0], exact, kind) <= bound(sp.atan2, kind)
