"""Bounds of rounding: float64 code keeps them however it orders operations, and errors do not."""

from __future__ import annotations

from math import sqrt

import mpmath
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mpf

from symgan.audit.driven import SLACK, Reference, compare
from symgan.audit.tracked import DIGITS, Unclear, exact, rounded, track
from symgan.games.quadratic import bilinear
from symgan.optimizers.adam import adam
from symgan.system import Map

U = mpf(2) ** -53
X, Y = sp.symbols("x y", real=True)
NUMBERS = st.floats(-4, 4, allow_subnormal=False) | st.sampled_from([0.0, 1.0, -1.0, 0.5, 3.0])


@settings(max_examples=60)
@given(NUMBERS, NUMBERS)
def test_floats_stay_within_the_bound_in_every_order(x: float, y: float) -> None:
    formula = (X - Y) ** 2 * X + X * Y / 3 - Y
    orders = (
        (x - y) * (x - y) * x + x * y / 3 - y,
        x * (x - y) ** 2 - y + x * y * (1 / 3),
        ((x - y) ** 2 * x - y) + (x / 3) * y,
    )
    with mpmath.workdps(DIGITS):
        known = track(formula, {X: exact(x), Y: exact(y)}, U)
        for value in orders:
            assert abs(mpf(value) - known.value) <= SLACK * known.error + mpf(2) ** -1022


@given(NUMBERS.filter(lambda x: abs(x) > 1e-3))
def test_a_wrong_digit_is_outside(x: float) -> None:
    """The bound must not swallow a fault of one part in 10**9."""
    with mpmath.workdps(DIGITS):
        known = track(X**2 + X, {X: exact(x)}, U)
        scale = x * x + abs(x)
        assert abs(mpf((x * x + x) + 1e-9 * scale) - known.value) > SLACK * known.error


def test_cancellation_widens_the_bound() -> None:
    """1 - b with b = 999999/1000000 in float64 has lost six digits."""
    b = sp.Symbol("b", positive=True)
    with mpmath.workdps(DIGITS):
        known = track(1 - b, {b: rounded(mpf(999999) / 10**6, U)}, U)
        error = abs(mpf(1 - 0.999999) - mpf(1) / 10**6)
    assert 100 * U * known.value < error <= SLACK * known.error


@pytest.mark.parametrize(
    "formula",
    [1 / (X - Y), sp.sqrt(X - Y - 1), sp.sign(X - Y), sp.Piecewise((X, X > Y), (-X, True))],
)
def test_nothing_is_said_where_rounding_decides(formula: sp.Expr) -> None:
    with mpmath.workdps(DIGITS):
        values = {X: rounded(mpf(1), U), Y: exact(1)}
        with pytest.raises(Unclear):
            track(formula, values, U)


def _adam(inside: bool) -> list[tuple[float, float]]:
    """Adam on v = (-psi, theta), written with Python's floats."""
    x, m, s = [1.0, 2.0], [0.0, 0.0], [0.0, 0.0]
    states = [(1.0, 2.0)]
    for k in range(1, 9):
        for i, g in enumerate((-x[1], x[0])):
            m[i], s[i] = 0.9 * m[i] + 0.1 * g, 0.999 * s[i] + 0.001 * g * g
        for i in range(2):
            top, mean = m[i] / (1 - 0.9**k), s[i] / (1 - 0.999**k)
            root = sqrt(mean + 1e-8) if inside else sqrt(mean) + 1e-8
            x[i] -= 0.1 * top / root
        states.append((x[0], x[1]))
    return states


def test_adam_in_floats_is_told_from_eps_inside_the_root() -> None:
    """A difference in the ninth digit; memory is followed over eight steps."""
    values = {"eta": "1/10", "b1": "9/10", "b2": "999/1000", "eps": "1/100000000"}
    symbols = {name: sp.Symbol(name, positive=True) for name in values}
    game = bilinear()
    map_ = adam(game, symbols["eta"], beta1=symbols["b1"], beta2=symbols["b2"], eps=symbols["eps"])
    held = Reference(map_, tuple((symbols[n], sp.Rational(v)) for n, v in values.items()))
    right, wrong = compare(held, _adam(inside=False)), compare(held, _adam(inside=True))
    assert right.wrong is None
    assert right.steps == 8
    assert 0 < right.worst < 1
    assert wrong.wrong is not None
    assert wrong.wrong.step == 1


def test_an_exploding_orbit_is_followed_to_the_end() -> None:
    """x+ = 3x/2 + 1/3 written in another way stays within the bound after any number of steps."""
    map_ = Map((X,), (sp.Rational(3, 2) * X + sp.Rational(1, 3),))
    states = [(0.1,)]
    for _ in range(60):
        states.append((states[-1][0] + (states[-1][0] * 3 + 2 / 3) / 6 + states[-1][0] * 0,))
    assert compare(Reference(map_, ()), states).wrong is not None  # 3x/2 is not x + x/2 + ... / 6
    states = [(0.1,)]
    for _ in range(60):
        states.append(((states[-1][0] * 9 + 2) / 6,))
    assert compare(Reference(map_, ()), states).wrong is None
