"""Equilibria: completeness on systems whose solutions are known by construction."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Rational

from symgan.analysis import equilibria
from symgan.errors import GameError, Undecided
from symgan.games.annealed import alpha, alpha_r, annealed, psi, theta, tiny_gan
from symgan.games.dirac import dirac
from symgan.games.quadratic import quadratic
from symgan.losses import GenericLoss, exponential, hinge, least_squares
from symgan.rules.alternating import alternating
from symgan.system import Flow, Map

x, y, z, m = sp.symbols("x y z m", real=True)
small = st.integers(-2, 2)


def points(system: Any, **options: Any) -> list[dict[Any, Any]]:
    return [dict(e.point) for e in equilibria(system, **options)]


@settings(max_examples=20)
@given(small, small, small, small)
def test_products_of_lines(p: int, q: int, r: int, t: int) -> None:
    """(x-p)(y-q) = 0 = (x-r)(y-t): two points, or lines where factors agree."""
    found = equilibria(Flow((x, y), ((x - p) * (y - q), (x - r) * (y - t))))
    on = {
        (u, v)
        for u, v in itertools.product(range(-3, 4), repeat=2)
        if (u - p) * (v - q) == 0 == (u - r) * (v - t)
    }
    covered = {
        (u, v)
        for u, v in itertools.product(range(-3, 4), repeat=2)
        if any(e.point[x].subs({x: u, y: v}) == u and e.point[y].subs({x: u, y: v}) == v
               for e in found)
    }  # fmt: skip
    assert covered == on
    assert all(e.condition is sp.true for e in found)


@settings(max_examples=20)
@given(st.lists(st.integers(-4, 4), min_size=1, max_size=4), st.integers(1, 5))
def test_polynomials_with_known_roots(roots: list[int], square: int) -> None:
    """x is a root, x^2 + square is never zero, y follows."""
    cubic = sp.expand(sp.Mul(*(x - r for r in roots)) * (x**2 + square))
    found = points(Flow((x, y), (cubic, y - x**2)))
    assert sorted((f[x], f[y]) for f in found) == sorted({(r, r**2) for r in roots})


def test_references() -> None:
    u, v = sp.symbols("u v", positive=True)
    a, b, c, d = sp.symbols("a b c d", positive=True)
    prey = Flow((u, v), (a * u - b * u * v, -c * v + d * u * v), (a, b, c, d))
    assert points(prey) == [{u: c / d, v: a / b}]  # Volterra 1926; 0 is not positive
    pitchfork = equilibria(Flow((x,), (m * x - x**3,), (m,)))
    assert [(e.point[x], e.condition) for e in pitchfork] == [
        (0, sp.true),
        (-sp.sqrt(m), m >= 0),
        (sp.sqrt(m), m >= 0),
    ]
    assert points(Flow((x,), (1 - m * sp.exp(-x),), (m,))) == [{x: sp.log(m)}]
    assert points(Flow((x,), (x**2 + 1,))) == []
    logistic = equilibria(Map((x,), (m * x * (1 - x),), (m,)))
    assert [e.point[x] for e in logistic] == [0, (m - 1) / m]


def test_games() -> None:
    assert points(dirac().flow(), nonzero=(1,)) == [{theta: 0, psi: 0}]
    target = {theta: alpha_r, psi: 0}
    assert points(tiny_gan(GenericLoss).flow(), nonzero=(1,)) == [target]
    assert points(tiny_gan(exponential).flow()) == [target]
    assert points(alternating(tiny_gan(), sp.Symbol("eta", positive=True))) == [target]
    squares = equilibria(tiny_gan(least_squares).flow())
    assert [(dict(e.point), e.condition) for e in squares if not e.free] == [
        (target, sp.true),
        ({theta: -alpha_r, psi: -1 / alpha_r}, sp.Ne(alpha_r, 0)),
    ]
    (line,) = [e for e in squares if e.free]
    assert line.condition.subs(alpha_r, 1) == False  # noqa: E712 - SymPy Boolean


def test_continua() -> None:
    (line,) = equilibria(annealed(switch=1, schedule=alpha_r).flow())
    assert line.free == (alpha,)
    assert dict(line.point) == {theta: alpha, psi: 0, alpha: alpha}
    P, B, Q = sp.symbols("P B Q", real=True)
    found = equilibria(quadratic(P, B, Q).flow())
    for values in itertools.product((-1, 0, 1), repeat=3):
        at = dict(zip((P, B, Q), values, strict=True))
        kernel = len(sp.Matrix([[P, -B], [B, Q]]).subs(at).nullspace())
        present = [e for e in found if e.condition.subs(at) == True]  # noqa: E712
        assert max(len(e.free) for e in present) == kernel


@settings(max_examples=15)
@given(small, small, small)
def test_conditions_separate_cases(p: int, q: int, r: int) -> None:
    """A system in a product of parameters, checked value by value against the general answer."""
    general = equilibria(Flow((x, y), (m * (x - 1), x * y - z * y), (m, z)))
    concrete = equilibria(Flow((x, y), (p * (x - 1), x * y - q * y)))
    at = {m: p, z: q}
    grid = list(itertools.product((-2, -1, 0, 1, 2, Rational(1, 2)), repeat=2))

    def covered(found: Any, values: dict[Any, Any]) -> set[Any]:
        return {
            (u, v)
            for u, v in grid
            for e in found
            if e.condition.subs(values) == True  # noqa: E712 - SymPy Boolean
            and e.point[x].subs(values).subs({x: u, y: v}) == u
            and e.point[y].subs(values).subs({x: u, y: v}) == v
        }

    assert covered(general, at) == covered(concrete, {})


def test_refusals() -> None:
    with pytest.raises(GameError, match="depends on t"):
        equilibria(annealed().flow())
    with pytest.raises(Undecided, match=r"nonzero=\(1,\)"):
        equilibria(dirac().flow())
    with pytest.raises(Undecided, match="Heaviside"):
        equilibria(tiny_gan(hinge).flow())
    with pytest.raises(Undecided, match="cannot find all solutions"):
        equilibria(Flow((x,), (sp.cos(x) - x,)))
