"""Exact decisions along a line and on the plane, against evaluation on grids."""

from __future__ import annotations

from fractions import Fraction

import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symgan.analysis.line import pieces, spots
from symgan.analysis.planar import Rule, decide_planar
from tests.analysis.switched_games import STATE, eta, exact, psi, theta

forms = st.tuples(*[st.integers(-3, 3)] * 4)


@settings(max_examples=25)
@given(forms, forms, st.builds(Fraction, st.integers(1, 24), st.integers(1, 6)))
def test_planar_decisions_against_a_grid_of_directions(
    constraint: tuple[int, ...], goal: tuple[int, ...], h: Fraction
) -> None:
    g = _form(constraint)
    p = _form(goal)
    assume(g != 0)
    rule = Rule({g: frozenset({1})}, p, frozenset({-1, 0}))
    verdict = decide_planar([rule], STATE, eta)
    grid = [(a, b) for a in range(-7, 8) for b in range(-7, 8) if (a, b) != (0, 0)]
    values = [(_plain(constraint, x, h), _plain(goal, x, h)) for x in grid]
    broken = any(c > 0 and v > 0 for c, v in values)
    assert not (broken and exact(h) in verdict.holds)
    for failure in verdict.failures:
        sample = failure.piece.sample
        assert sample not in verdict.holds
        if failure.state:
            point = {**failure.state, eta: sample}
            assert g.subs(point) > 0
            assert p.subs(point) > 0


def _form(c: tuple[int, ...]) -> sp.Expr:
    return sp.expand(c[0] * theta**2 + (c[1] + c[2] * eta) * theta * psi + c[3] * psi**2)


def _plain(c: tuple[int, ...], x: tuple[int, int], h: Fraction) -> Fraction:
    return c[0] * x[0] ** 2 + (c[1] + c[2] * h) * x[0] * x[1] + Fraction(c[3] * x[1] ** 2)


coefficients = st.lists(st.integers(-3, 3), min_size=2, max_size=4)


@settings(max_examples=20)
@given(coefficients, coefficients, st.builds(Fraction, st.integers(1, 30), st.integers(1, 7)))
def test_signs_along_a_line_against_evaluation(a: list[int], b: list[int], h: Fraction) -> None:
    x, p = sp.symbols("x p")
    found = [sp.expand(sum(c * x**k for k, c in enumerate(row)) + row[0] * p * x) for row in (a, b)]
    factors = [f for q in found for f, _ in sp.factor_list(q, x, p)[1] if f.has(x)]
    factors = list(dict.fromkeys(factors))
    assume(factors)
    value = sp.Rational(h.numerator, h.denominator)
    seen = {spot.signs for spot in spots(factors, x, p, value)}
    for n in range(-30, 31):
        point = {x: sp.Rational(n, 7), p: value}
        assert tuple(int(sp.sign(f.subs(point))) for f in factors) in seen
    cut = pieces(factors, x, p)
    inside = [piece for piece in cut if value in piece.set]
    assert len(inside) == 1
    # Within a piece the signs met along the line stay the same, up to the points' places.
    sample = inside[0].sample
    assert [s.signs for s in spots(factors, x, p, sample)] == [
        s.signs for s in spots(factors, x, p, value)
    ]


def test_algebraic_parameters_are_exact() -> None:
    x, p = sp.symbols("x p")
    # The line meets the parabola where p^2/4 = 1/2: at p = sqrt(2) and nowhere near.
    factors = [x**2 - p * x - sp.Rational(1, 2) + p**2 / 2, x - p / 2]
    at = [spot.signs for spot in spots([sp.expand(2 * f) for f in factors], x, p, sp.sqrt(2))]
    assert (0, 0) in at
    assert (0, 0) not in [s.signs for s in spots(factors, x, p, sp.Rational(7, 5))]
