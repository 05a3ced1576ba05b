"""Normal form coefficients against other formulas, other coordinates, and orbits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Integer, Matrix, Rational, Symbol

from symgan.analysis import first_lyapunov_coefficient
from symgan.analysis.center_line import flip, fold, zero_eigenvalue
from symgan.analysis.focal import focal_value, twist
from symgan.analysis.hopf import hopf_coefficient
from symgan.analysis.jets import taylor
from symgan.analysis.neimark_sacker import neimark_sacker_coefficient
from symgan.errors import GameError, Undecided
from symgan.games.dirac import dirac
from symgan.losses import GenericLoss, exponential, jensen_shannon
from symgan.rules.alternating import alternating
from symgan.system import Flow, Map

x, y, w = sp.symbols("x y w", real=True)
STATE = (x, y, w)
ORIGIN = {x: 0, y: 0}
ORIGIN3 = {x: 0, y: 0, w: 0}
small = st.integers(-2, 2)
C, S = Rational(3, 5), Rational(4, 5)
"""A rotation that is no root of unity."""


def polynomial(coefficients: Any, symbols: Any, degrees: Any) -> Any:
    monomials = [m for d in degrees for m in sorted(sp.itermonomials(symbols, d, d), key=str)]
    return sp.Add(*(c * m for c, m in zip(coefficients, monomials, strict=False)))


def conjugated(system: Any, T: Matrix) -> Any:
    """The same system in coordinates y = T x."""
    back = dict(zip(system.state, T.inv() * Matrix(system.state), strict=True))
    rhs = T * Matrix([f.subs(back, simultaneous=True) for f in system.rhs])
    return type(system)(system.state, tuple(sp.expand(f) for f in rhs))


@settings(deadline=None, max_examples=4)
@given(st.lists(small, min_size=14, max_size=14), st.sampled_from([1, 2, 5]))
def test_hopf_agrees_with_the_planar_formula(coefficients: list[int], square: int) -> None:
    nonlinear = [polynomial(coefficients[i::2], (x, y), (2, 3)) for i in range(2)]
    flow = Flow((x, y), (x - (1 + square) * y + nonlinear[0], x - y + nonlinear[1]))
    assert hopf_coefficient(flow, ORIGIN).coefficient == first_lyapunov_coefficient(flow, ORIGIN)


@settings(deadline=None, max_examples=3)
@given(st.lists(small, min_size=18, max_size=18))
def test_hopf_in_three_dimensions_by_eliminating_the_stable_one(coefficients: list[int]) -> None:
    """With w' = -w + q(x, y) the center manifold to second order is solved by hand."""
    q = polynomial(coefficients[:3], (x, y), (2,))
    f, g = (polynomial(coefficients[3 + i : 8 + i], (x, y), (2,)) for i in (0, 5))
    a, b = coefficients[14], coefficients[15]
    flow = Flow(STATE, (-y + f + a * x * w, x + g + b * y * w, -w + q))
    h = sp.symbols("h0:3")
    shape = h[0] * x**2 + h[1] * x * y + h[2] * y**2
    rotated = sp.diff(shape, x) * -y + sp.diff(shape, y) * x
    equations = sp.Poly(sp.expand(rotated + shape - q), x, y).coeffs()
    known = sp.solve(equations, h, dict=True)[0]
    reduced = Flow((x, y), tuple(e.subs(w, shape.subs(known)) for e in flow.rhs[:2]))
    expected = first_lyapunov_coefficient(reduced, ORIGIN)
    assert hopf_coefficient(flow, ORIGIN3).coefficient == expected
    T = Matrix([[1, 0, 0], [1, 1, 0], [2, 1, 1]])  # keeps the first symbol, so also the scale
    assert hopf_coefficient(conjugated(flow, T), ORIGIN3).coefficient == expected


def test_hopf_with_parameters_and_a_condition() -> None:
    a, b = sp.symbols("a b", real=True)
    flow = Flow(STATE, (-y + a * x * w, x, b * w + x**2), parameters=(a, b))
    form = hopf_coefficient(flow, ORIGIN3)
    assert form.condition == (b < 0)
    at_minus_one = hopf_coefficient(flow.subs({b: -1}), ORIGIN3).coefficient
    assert sp.factor(form.coefficient.subs(b, -1) - at_minus_one) == 0
    assert form.attracting is None


def test_free_losses_stay_symbols() -> None:
    flow = dirac().flow()
    values = {GenericLoss(0, 1): 1}
    form = hopf_coefficient(flow, dict.fromkeys(flow.state, 0), where=values)
    assert form.coefficient == 0


@pytest.mark.parametrize("seed", [2, 3, 8])
def test_neimark_sacker_against_an_orbit(seed: int) -> None:
    """1/r^2 falls by 2a a step, on average: a line fitted to 20000 steps in float64.

    Within a turn 1/r^2 swings by some 1/r = 500: over 20000 steps that would tilt a line by
    0.025 at worst, and by far less where some 3000 turns average it.
    """
    drawn = np.random.default_rng(seed).integers(-2, 3, 14)
    coefficients = [Rational(int(c), 4) for c in drawn]
    nonlinear = [polynomial(coefficients[i::2], (x, y), (2, 3)) for i in range(2)]
    turn = Map((x, y), (C * x - S * y + nonlinear[0], S * x + C * y + nonlinear[1]))
    a = float(neimark_sacker_coefficient(turn, ORIGIN).coefficient)
    f = sp.lambdify((x, y), turn.rhs, "math")
    point, inverse = (0.002, 0.0), []
    for _ in range(20_000):
        inverse.append(1 / (point[0] ** 2 + point[1] ** 2))
        point = f(*point)
    measured = -np.polyfit(np.arange(20_000.0), inverse, 1)[0] / 2
    assert abs(a) > 0.1
    assert abs(measured - a) < 0.01
    assert abs(measured - 1.1 * a) > 0.01


def test_neimark_sacker_known_values() -> None:
    """The delayed logistic map at its bifurcation: attracting (Guckenheimer and Holmes, 3.5)."""
    delayed = Map((x, y), (y, 2 * y * (1 - x)))
    form = neimark_sacker_coefficient(delayed.subs({}), {x: Rational(1, 2), y: Rational(1, 2)})
    assert form.attracting is True
    assert abs(form.eigenvalue) == 1
    grown = Map((x, y), (C * x - S * y + x**3, S * x + C * y + y * x**2))
    assert neimark_sacker_coefficient(grown, ORIGIN).attracting is False


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        ([[1, 1], [0, 1]], "1:1"),
        ([[-1, 1], [0, -1]], "1:2"),
        ([[0, -1], [1, -1]], "1:3"),
        ([[0, -1], [1, 0]], "1:4"),
    ],
)
def test_strong_resonances_are_named(rows: Any, name: str) -> None:
    rhs = Matrix(rows) * Matrix([x, y]) + Matrix([x**3, 0])
    with pytest.raises(GameError, match=f"resonance {name}"):
        neimark_sacker_coefficient(Map((x, y), tuple(rhs)), ORIGIN)


def test_weak_resonance_is_no_obstacle() -> None:
    sixth = Map((x, y), (-y * 1, x + y - x * y**2))
    assert neimark_sacker_coefficient(sixth, ORIGIN).coefficient != 0


@settings(deadline=None, max_examples=12)
@given(st.lists(small, min_size=4, max_size=4))
def test_flip_against_the_second_iterate(coefficients: list[int]) -> None:
    tail = polynomial(coefficients, (x,), (2, 3, 4, 5))
    system = Map((x,), (-x + tail,))
    twice = sp.Poly(sp.expand(system.then(system).rhs[0] - x), x)
    terms = sorted((m[0], c) for m, c in twice.terms() if m[0] <= 7 and c != 0)
    if terms:
        form = flip(system, {x: 0})
        assert (form.order, 2 * form.coefficient) == terms[0]
    else:
        with pytest.raises(Undecided, match="all terms"):
            flip(system, {x: 0})


def test_lines_on_curved_manifolds() -> None:
    """y is slaved to x: h = -x^2 + x^4 + ..., so that x' = x h + x^3 = x^5 + ..."""
    curved = Flow((x, y), (x * y + x**3, -y - x**2 + x**4))
    form = zero_eigenvalue(curved, ORIGIN)
    assert (form.coefficient, form.order, form.attracting) == (1, 5, False)
    with pytest.raises(Undecided, match="curve of equilibria"):
        zero_eigenvalue(Flow((x, y), (x * y + x**3, -y - x**2)), ORIGIN)
    folded = fold(Map((x, y), (x + x * y, y / 2 + x**2)), ORIGIN)
    assert (folded.coefficient, folded.order, folded.attracting) == (2, 3, False)
    turned = flip(Map((x, y), (-x + x * y, y / 2 - x**2)), ORIGIN)
    assert (turned.coefficient, turned.order, turned.attracting) == (2, 3, False)
    T = Matrix([[1, 0], [3, 1]])
    assert zero_eigenvalue(conjugated(curved, T), ORIGIN).coefficient == 1


def test_focal_values_of_higher_order() -> None:
    r2 = x**2 + y**2
    a = Symbol("a", real=True)
    spiral = Flow((x, y), (-y + x * r2 + a * x * r2**2, x + y * r2), parameters=(a,))
    assert focal_value(spiral, ORIGIN).order == 3
    fifth = Flow((x, y), (-y * (1 + r2) - 2 * x * r2**2, x * (1 + r2) - 2 * y * r2**2))
    form = focal_value(fifth, ORIGIN)
    assert (form.coefficient, form.order) == (-2, 5)
    u = (1 + x) * Matrix([fifth.rhs]).T  # another speed along the same orbits
    faster = focal_value(Flow((x, y), tuple(u)), ORIGIN)
    assert (faster.order, faster.attracting) == (5, True)
    turning = 1 + x**2 + y**2 - 3 * r2**2
    rolled = Map((x, y), (turning * (C * x - S * y), turning * (S * x + C * y)))
    assert focal_value(rolled, ORIGIN).coefficient == 1
    with pytest.raises(Undecided, match="up to order 9 vanish"):
        focal_value(Flow((x, y), (-y - y**3, x)), ORIGIN)


def test_alternating_descent_on_the_dirac_gan_attracts_or_repels_at_high_order() -> None:
    """The exponential loss attracts at order 5; r^-4 then grows by 4|a| a step."""
    system = alternating(dirac(exponential), Rational(1, 3))
    form = focal_value(system, dict.fromkeys(system.state, Integer(0)))
    assert (form.coefficient, form.order) == (Rational(-1, 144), 5)
    logistic = alternating(dirac(jensen_shannon), Rational(1, 3))
    weak = focal_value(logistic, dict.fromkeys(logistic.state, Integer(0)))
    assert (weak.order, weak.attracting) == (9, False)
    f = sp.lambdify(system.state, system.rhs, "math")
    point, rise = (0.15, 0.0), []
    for k in range(120_000):
        point = f(*point)
        if k in (20_000, 119_999):
            window = []
            for _ in range(2000):
                point = f(*point)
                window.append(abs(point[0]))
            rise.append(max(window) ** -4.0)
    measured = (rise[1] - rise[0]) / (4 * 101_999)
    # the largest |theta| of an ellipse is r up to a factor 1/sin, 36/35 at this step; squared twice
    assert abs(measured - (1 / 144) * (35 / 36) ** 2) < 0.02 / 144 * 10
    assert not abs(measured - 2 / 144) < 0.02 / 144 * 10


def test_twist_of_a_bent_rotation() -> None:
    bent = y + x**3
    assert twist(Map((x, y), (C * x - S * bent, S * x + C * bent)), ORIGIN)[1] == 1
    with pytest.raises(Undecided, match="amplitude changes"):
        twist(Map((x, y), (C * x - S * y + x**3, S * x + C * y)), ORIGIN)
    with pytest.raises(Undecided, match="does not change"):
        twist(Map((x, y), (C * x - S * y, S * x + C * y)), ORIGIN)


def test_series_against_derivatives() -> None:
    f = sp.log(1 + sp.exp(x * y - x)) / sp.cos(y) + sp.Abs(x - 1) + sp.Max(y, -1) ** 3
    found = taylor([f], {x: Integer(0), y: Integer(0)}, 4)[0]
    for i in range(5):
        for j in range(5 - i):
            value = f.subs(sp.Abs(x - 1), 1 - x).subs(sp.Max(y, -1), y)
            value = sp.diff(value, x, i) if i else value
            value = (sp.diff(value, y, j) if j else value).subs({x: 0, y: 0})
            expected = value / (sp.factorial(i) * sp.factorial(j))
            assert sp.expand(found.get((i, j), Integer(0)) - expected) == 0
    with pytest.raises(GameError, match="switches"):
        taylor([sp.Abs(x)], {x: Integer(0)}, 2)


def test_refusals() -> None:
    with pytest.raises(GameError, match="no simple pair"):
        hopf_coefficient(Flow((x, y), (x, -y)), ORIGIN)
    with pytest.raises(GameError, match="not inside"):
        hopf_coefficient(Flow(STATE, (-y, x, w)), ORIGIN3)
    with pytest.raises(GameError, match="of an autonomous flow"):
        hopf_coefficient(Map((x, y), (-y, x)), ORIGIN)  # pyright: ignore[reportArgumentType]
    with pytest.raises(GameError, match="not an equilibrium"):
        hopf_coefficient(Flow((x, y), (-y + 1, x)), ORIGIN)
    with pytest.raises(GameError, match="no simple eigenvalue 0"):
        zero_eigenvalue(Flow((x, y), (y + x**2, 0 * x)), ORIGIN)
    with pytest.raises(GameError, match="no simple eigenvalue -1"):
        flip(Map((x,), (x / 2,)), {x: 0})
    s = sp.Symbol("s", real=True)
    with pytest.raises(Undecided, match="squared frequency"):
        hopf_coefficient(Flow((x, y), (-s * y, x), parameters=(s,)), ORIGIN)
