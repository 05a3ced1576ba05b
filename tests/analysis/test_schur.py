"""Schur stability: two constructions against each other and against numeric roots."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from sympy import Poly, Rational

from symgan.analysis import circle
from symgan.analysis.budget import Budget
from symgan.analysis.circle import Place, place_at, simple_von_neumann, von_neumann
from symgan.analysis.field import build_field
from symgan.analysis.realroot import between, point, positive_roots, x
from symgan.analysis.schur import Cleared, cleared, schur, schur_expressions
from symgan.analysis.spectrum import spectrum
from symgan.errors import GameError
from symgan.results import Spectrum, Stability
from symgan.system import Map
from tests.analysis.test_spectrum import companion, holding, numeric_verdict

z = sp.Symbol("z")
p, q, r = sp.symbols("p q r", real=True)
CLOSE = 1e-6
"""Distance from the circle within which a double-precision radius of degree 6 decides nothing."""
ON = {
    "1": (z - 1,),
    "-1": (z + 1,),
    "pair": (z**2 + 1,),
    "third": (z**2 + z + 1,),
    "other pair": (5 * z**2 - 6 * z + 5,),
}
FACTORS = {
    **{name: (factor, "on") for name, (factor,) in ON.items()},
    "half": (2 * z - 1, "in"),
    "inner pair": (12 * z**2 + 4 * z + 3, "in"),
    "two": (z - 2, "out"),
    "mirror": (2 * z**2 - 5 * z + 2, "out"),
}
coefficients = st.integers(-6, 6)


def as_cleared(polynomial: Any) -> Cleared:
    entries = Poly(polynomial, z).all_coeffs()
    field = build_field(entries)
    return cleared([field.element(c) for c in entries], field)


@st.composite
def complex_polynomials(draw: st.DrawFn) -> Any:
    degree = draw(st.integers(1, 5))
    with_i = draw(st.booleans())
    parts = [
        draw(coefficients) + (sp.I * draw(coefficients) if with_i else 0) for _ in range(degree)
    ]
    lead = draw(st.integers(1, 12)) * draw(st.sampled_from([1, -1]))
    return Poly([lead, *parts], z)


@settings(max_examples=120)
@given(complex_polynomials())
@example(Poly([3, 1 + sp.I, 2 - sp.I], z))
def test_both_constructions_agree_with_the_roots(polynomial: Any) -> None:
    radius = max(abs(np.roots([complex(c) for c in polynomial.all_coeffs()])))
    assume(abs(radius - 1) > CLOSE)
    expression = polynomial.as_expr()
    inside = sp.true if radius < 1 else sp.false
    assert schur(expression, z) is inside
    assert schur(expression, z, method="schur-cohn") is inside


@pytest.mark.parametrize("degree", [2, 3, 4])
def test_constructions_agree_with_parameters(degree: int) -> None:
    """On half-integer points, a good part of them on a boundary."""
    symbols = sp.symbols(f"k1:{degree + 1}", real=True)
    general = z**degree + sum(k * z**i for i, k in enumerate(symbols))
    one = schur_expressions(general, z)
    two = schur_expressions(general, z, method="schur-cohn")
    rng = np.random.default_rng(0)
    inside = 0
    for _ in range(150):
        at = {
            k: Rational(int(v), 4)
            for k, v in zip(symbols, rng.integers(-4, 5, degree), strict=True)
        }
        first, second = ([e.subs(at) > 0 for e in side] for side in (one, two))
        assert all(first) == all(second)
        inside += all(first)
    assert inside > 5


def test_jury_triangle() -> None:
    """Reference: Jury 1964, the stability triangle of z^2 + p z + q; a smaller one is wrong."""
    triangle = sp.And(q < 1, 1 + p + q > 0, 1 - p + q > 0)
    found = schur(z**2 + p * z + q, z)
    for vp in range(-9, 10):
        for vq in range(-5, 6):
            at = {p: Rational(vp, 4), q: Rational(vq, 4)}
            assert bool(found.subs(at)) == bool(triangle.subs(at))
    false_neighbor = sp.And(triangle, q > Rational(-7, 8))
    witness = {p: 0, q: Rational(-15, 16)}
    assert bool(found.subs(witness)) is True
    assert bool(false_neighbor.subs(witness)) is False


def test_complex_coefficients_with_parameters() -> None:
    r"""One step of descent on a complex eigenvalue: :math:`z = 1 - \eta(a + i b)`."""
    eta, a, b = sp.symbols("eta a b", positive=True)
    found = schur(z - 1 + eta * (a + sp.I * b), z)
    for values in ((1, 1, 1), (Rational(1, 2), 1, 1), (1, 1, Rational(1, 2)), (2, 1, 1)):
        at = dict(zip((eta, a, b), values, strict=True))
        size = abs(complex((1 - eta * (a + sp.I * b)).subs(at)))
        assert abs(size - 1) < 1e-12 or bool(found.subs(at)) == (size < 1)
    assert bool(found.subs({eta: 1, a: 1, b: 1})) is False  # on the circle


@settings(max_examples=120)
@given(st.lists(st.sampled_from(sorted(FACTORS)), min_size=1, max_size=4))
@example(["pair", "pair"])
@example(["1", "-1", "pair"])
@example(["mirror", "1"])
def test_miller_against_known_factors(names: list[str]) -> None:
    polynomial = Poly(sp.prod(FACTORS[n][0] for n in names), z)
    kinds = [FACTORS[n][1] for n in names]
    critical = [n for n in names if FACTORS[n][1] == "on"]
    if "out" in kinds:
        expected = Place.OUTSIDE
    elif not critical:
        expected = Place.INSIDE
    else:
        expected = Place.SIMPLE if len(set(critical)) == len(critical) else Place.CLOSED
    entries = [Poly(c, x, domain="QQ") for c in polynomial.all_coeffs()]
    assert place_at(entries, point(1)) is expected
    whole = as_cleared(polynomial.as_expr())
    assert (von_neumann(whole) is sp.true) == (expected < Place.OUTSIDE)
    assert (simple_von_neumann(whole) is sp.true) == (expected <= Place.SIMPLE)
    assert (circle.schur_condition(whole) is sp.true) == (expected is Place.INSIDE)


def test_places_at_an_irrational_number() -> None:
    r"""z^2 - t z + 1 at :math:`t = \sqrt 2` is on the circle; at sqrt 5 outside."""
    entries = [Poly(1, x, domain="QQ"), Poly(-x, x, domain="QQ"), Poly(1, x, domain="QQ")]
    roots = positive_roots([Poly(x**2 - 2, x), Poly(x**2 - 5, x), Poly(x - 2, x)], Budget(5))
    assert [r.closed_form() for r in roots] == [sp.sqrt(2), 2, sp.sqrt(5)]
    assert [place_at(entries, t) for t in roots] == [Place.SIMPLE, Place.CLOSED, Place.OUTSIDE]
    middle = between(roots[1], roots[2])
    assert middle > 2
    assert middle**2 < 5


@settings(max_examples=25)
@given(st.lists(st.sampled_from([Rational(n, 2) for n in range(-4, 5)]), min_size=3, max_size=3))
@example([Rational(1), Rational(1), Rational(1)])
@example([Rational(-3), Rational(3), Rational(-1)])
def test_spectrum_of_maps_of_degree_three(values: list[Any]) -> None:
    at = dict(zip((p, q, r), values, strict=True))
    A = companion([p, q, r]).subs(at)
    assert holding(cubic(), at) == [numeric_verdict(A, True)]


@cache
def cubic() -> Spectrum:
    """The regimes of a map with this characteristic polynomial, found when a test asks."""
    state = sp.symbols("y1:4", real=True)
    step = tuple(companion([p, q, r]) * sp.Matrix(state))
    return spectrum(Map(state=state, rhs=step, parameters=(p, q, r)))


def test_regimes_of_a_cubic_map_leave_nothing_out() -> None:
    assert {r.verdict for r in cubic().regimes} == set(Stability)


def test_bad_input() -> None:
    with pytest.raises(GameError, match="positive degree"):
        schur(p + 1, z)
    with pytest.raises(GameError, match="real=True"):
        schur(z + sp.I * sp.Symbol("w"), z)
    with pytest.raises(GameError, match="float"):
        schur(z + 0.5, z)
