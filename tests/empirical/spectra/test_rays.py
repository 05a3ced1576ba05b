"""Stable steps of an eigenvalue, held against exact step bounds and against multipliers."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from symgan import rules
from symgan.analysis import step_bound
from symgan.empirical.spectra.multipliers import EigenvalueMap, derive
from symgan.empirical.spectra.rays import Span, intersection, stable_steps
from symgan.game import Game

HALF = sp.Rational(1, 2)
RULES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("simultaneous", {}),
    ("extragradient", {}),
    ("optimistic", {}),
    ("heavy-ball", {"beta": HALF}),
    ("heavy-ball", {"beta": -HALF}),
    ("proximal-point", {}),
    ("lookahead", {"k": 5}),
)


@cache
def maps() -> list[EigenvalueMap]:
    """The rules' maps of an eigenvalue, derived when a test asks."""
    return [derive(rule, **options) for rule, options in RULES]


def block(eigenvalue: complex) -> Game:
    r"""Two players whose J has the eigenvalue and its conjugate."""
    x, y = sp.symbols("x y", real=True)
    a, b = (sp.Rational(part) for part in (eigenvalue.real, eigenvalue.imag))
    losses = (a * x**2 / 2 - b * x * y, b * x * y + a * y**2 / 2)
    return Game("block", ((x,), (y,)), losses, equilibrium={x: 0, y: 0})


CASES = [
    *((i, eigenvalue) for i in (0, 1, 5) for eigenvalue in (2j, 0.25 + 3j, -0.0625 + 1j)),
    (2, 2j),
    (2, -0.0625 + 1j),
]


@pytest.mark.parametrize(("number", "eigenvalue"), CASES)
def test_spans_are_the_exact_step_bounds(number: int, eigenvalue: complex) -> None:
    rule, options = RULES[number]
    eta = sp.Symbol("eta", positive=True)
    exact = step_bound(rules.named(rule)(block(eigenvalue), eta, **options), eta).asymptotic
    spans = stable_steps(derive(rule, **options), eigenvalue)
    found = sp.Union(*(sp.Interval.open(s.low, s.high) for s in spans))
    ends = [sorted(float(e) for e in found.boundary), sorted(float(e) for e in exact.boundary)]
    assert len(ends[0]) == len(ends[1])
    # Ends are zeros of |z| - 1, which crosses the circle: rounding of z, 1e-16, over its slope.
    assert np.allclose(ends[0], ends[1], rtol=1e-11, atol=0)


def wrong_at(rule: EigenvalueMap, eigenvalue: complex, spans: tuple[Span, ...]) -> list[float]:
    """Steps at which spans and multipliers disagree, out of a grid away from the ends."""
    steps = np.geomspace(1e-4, 1e3, 400) / abs(eigenvalue)
    inside = rule.radius(steps * eigenvalue) < 1
    ends = np.array([e for s in spans for e in (s.low, s.high)] or [0.0])
    clear = (np.abs(steps[:, None] - ends) > 1e-6 * steps[:, None]).all(axis=1)
    clear &= np.abs(rule.radius(steps * eigenvalue) - 1) > 1e-11
    return [
        float(s)
        for s, stable in zip(steps[clear], inside[clear], strict=True)
        if any(s in span for span in spans) != bool(stable)
    ]


ANGLES = st.one_of(
    st.sampled_from([0.0, np.pi / 2, np.pi, np.pi / 2 - 1e-3, np.pi / 2 + 1e-3, 1e-6]),
    st.floats(0, np.pi),
)


@settings(deadline=None, max_examples=60)
@given(
    rule=st.deferred(lambda: st.sampled_from(maps())),
    angle=ANGLES,
    size=st.sampled_from([1e-8, 0.3, 7.0, 1e9]),
)
def test_spans_hold_exactly_the_stable_steps(
    rule: EigenvalueMap, angle: float, size: float
) -> None:
    eigenvalue = complex(size * np.cos(angle), size * np.sin(angle))
    assert wrong_at(rule, eigenvalue, stable_steps(rule, eigenvalue)) == []


def test_spans_of_another_rule_or_a_shifted_end_are_wrong() -> None:
    rule, other, eigenvalue = derive("extragradient"), derive("optimistic"), 0.2 + 1j
    [span] = stable_steps(rule, eigenvalue)
    assert wrong_at(rule, eigenvalue, stable_steps(other, eigenvalue))
    assert wrong_at(rule, eigenvalue, (Span(span.low, 1.05 * span.high),))


def test_an_expanding_spiral_is_stable_between_two_steps() -> None:
    [span] = stable_steps(derive("extragradient"), -0.0625 + 1j)
    assert 0.1 < span.low < 0.2 < 0.8 < span.high < 0.9


def test_intersections_of_several_intervals() -> None:
    sets = [[Span(0, 1), Span(2, np.inf)], [Span(0.5, 3)], [Span(0, 0.75), Span(2.5, 9)]]
    assert intersection(sets) == (Span(0.5, 0.75), Span(2.5, 3))
    assert intersection([[], [Span(0, 1)]]) == ()
