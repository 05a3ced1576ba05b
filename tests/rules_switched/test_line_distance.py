"""The distance of weighted atoms on the line, as one formula for all values."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from sympy import Rational, Symbol

from symgan.errors import GameError
from symgan.kernels.exact import compile_orbit
from symgan.rules.dynamic_gda import line_distance
from symgan.system import Map
from tests.rules_switched.states import Atoms, follow, integral, rational

x, theta = sp.symbols("x theta", real=True)


@st.composite
def distributions(draw: st.DrawFn, most: int) -> Atoms:
    """Few atoms with rational weights; values collide often."""
    masses = draw(st.lists(st.integers(1, 4), min_size=1, max_size=most))
    values = st.integers(-3, 3).map(Fraction)
    return [(Fraction(m, sum(masses)), draw(values)) for m in masses]


@given(distributions(3), distributions(3))
def test_distance_on_the_line_is_the_integral(real: Atoms, fake: Atoms) -> None:
    symbols = sp.symbols(f"r0:{len(real)} f0:{len(fake)}", real=True)
    masses = [rational(w) for w, _ in (*real, *fake)]
    atoms = list(zip(masses, symbols, strict=True))
    formula = line_distance(atoms[: len(real)], atoms[len(real) :])
    step = compile_orbit(Map(symbols, (formula,) * len(symbols)))
    found = follow(step, tuple(d for _, d in (*real, *fake)), 1)[1][0]
    assert found == integral(real, fake)


def test_false_neighbor_of_the_distance() -> None:
    """One plan alone, or the difference of means, is not the distance."""
    a, b, c, d = sp.symbols("a b c d", real=True)
    half = Rational(1, 2)
    at = {a: 0, b: 3, c: 1, d: 2}
    swapped = {a: 0, b: 3, c: 2, d: 1}
    formula = line_distance([(half, a), (half, b)], [(half, c), (half, d)])
    assert formula.subs(at).doit() == formula.subs(swapped).doit() == 1
    assert (sp.Abs(a - c) / 2 + sp.Abs(b - d) / 2).subs(swapped) == 2


@pytest.mark.parametrize(
    ("real", "fake", "sentence"),
    [
        ([(1, x), (1, 0)], [(1, theta)], "sum one"),
        ([(2, x), (-1, 0)], [(1, theta)], "positive"),
        ([(Symbol("p"), x)], [(1, theta)], "rationals"),
        ([(Rational(1, 6), x)] * 6, [(Rational(1, 2), x)] * 2, "fewer atoms"),
    ],
)
def test_wrong_atoms_are_refused(real: Any, fake: Any, sentence: str) -> None:
    with pytest.raises(GameError, match=sentence):
        line_distance(real, fake)
