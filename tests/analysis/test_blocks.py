"""Singular-value blocks against the whole game, for every shape and rank."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from sympy import Interval, Matrix, Rational

from symgan.analysis.blocks import blocks, singular_step_bound, whole_matrix
from symgan.analysis.step_bound import step_bound
from symgan.errors import GameError
from symgan.game import Game
from symgan.games.dirac import dirac
from symgan.games.quadratic import bilinear, quadratic
from symgan.rules.alternating import alternating
from symgan.rules.extragradient import extragradient
from symgan.rules.optimistic import optimistic
from symgan.rules.proximal_point import proximal_point

eta = sp.Symbol("eta", positive=True)
z = sp.Symbol("z")
RULES = {f.__name__: f for f in (alternating, extragradient, proximal_point)}


@st.composite
def interactions(draw: st.DrawFn) -> Any:
    n, m = draw(st.integers(1, 2)), draw(st.integers(1, 3))
    entries = draw(st.lists(st.integers(-2, 2), min_size=n * m, max_size=n * m))
    return Matrix(n, m, entries)


@settings(max_examples=10)
@given(st.sampled_from(sorted(RULES)), interactions(), st.sampled_from([0, 1]))
@example("alternating", Matrix([[1, 1], [1, 1]]), 0)
@example("extragradient", Matrix([[1, 2, 0], [0, 0, 2]]), 0)
@example("proximal_point", Matrix([[1], [2]]), 1)
def test_blocks_answer_for_the_whole(name: str, B: Any, p: int) -> None:
    """The same sets and ends from the blocks as from the full matrix of the game."""
    assume(any(B) or p)
    game = quadratic(p * sp.eye(B.rows), B, 2 * p * sp.eye(B.cols))
    one = singular_step_bound(RULES[name], game, eta)
    two = step_bound(RULES[name](game, eta), eta)
    assert (one.asymptotic, one.marginal) == (two.asymptotic, two.marginal)
    assert [b.edge for b in one.boundary] == [b.edge for b in two.boundary]
    assert [(b.step, b.rate) for b in one.best] == [(b.step, b.rate) for b in two.best]


def test_characteristic_polynomial_of_the_whole() -> None:
    """Product over singular values: the polynomial of the game, and not that of another."""
    B = Matrix([[1, 2], [3, 4]])
    whole = alternating(bilinear(B), eta).jacobian().charpoly(z).as_expr()
    found = blocks(bilinear(B))
    J = alternating(found.game, eta).jacobian()
    mine = whole_matrix(found, J).charpoly(z).as_expr()
    assert sp.expand(whole - mine) == 0
    other = alternating(bilinear(Matrix([[1, 2], [3, 5]])), eta).jacobian().charpoly(z).as_expr()
    assert sp.expand(other - mine) != 0


def test_one_formula_for_every_dimension() -> None:
    """Marginal below 2/sigma, so below 2/sigma_max for the whole; sigma_max^2 = 15 + sqrt(221)."""
    symbolic = bilinear(Matrix(2, 3, sp.symbols("b1:7", real=True)))
    found = singular_step_bound(alternating, symbolic, eta)
    (sigma,) = found.marginal.sup.free_symbols
    assert found.marginal == Interval.open(0, 2 / sigma)
    numbers = singular_step_bound(alternating, bilinear(Matrix([[1, 2], [3, 4]])), eta)
    largest = sp.sqrt(15 + sp.sqrt(221))
    assert sp.N(numbers.marginal.sup - 2 / largest, 30) == pytest.approx(0, abs=1e-25)
    smallest = sp.sqrt(15 - sp.sqrt(221))
    assert numbers.marginal.sup < 2 / smallest


def test_ranks_and_kernels() -> None:
    found = blocks(bilinear(Matrix([[1, 1, 1], [1, 1, 1]])))
    assert (found.rank, found.kernels) == (1, (1, 2))
    assert [(f.as_expr().subs(found.square, 6), m) for f, m in found.squares] == [(0, 1)]


def test_null_directions_with_curvature_count() -> None:
    """The third parameter of the maximizer sees only its own curvature 5: steps below 2/5."""
    game = quadratic(sp.eye(2) * 5, Matrix([[Rational(1, 9), 0, 0], [0, Rational(1, 9), 0]]),
                     sp.eye(3) * 5)  # fmt: skip
    alone = singular_step_bound(alternating, game, eta)
    assert alone.asymptotic == Interval.open(0, 2 / (5 + Rational(1, 9)))
    without = quadratic(sp.eye(2), sp.zeros(2, 3), sp.eye(3) * 5)
    assert singular_step_bound(optimistic, without, eta).asymptotic == Interval.open(
        0, Rational(2, 15)
    )


def test_bad_input() -> None:
    skew = quadratic(sp.diag(1, 2), Matrix([[1], [1]]), 1)
    with pytest.raises(GameError, match="multiple of 1"):
        blocks(skew)
    with pytest.raises(GameError, match="not affine"):
        blocks(dirac())
    a, b, c = sp.symbols("a b c", real=True)
    with pytest.raises(GameError, match="3 players"):
        blocks(Game("three", ((a,), (b,), (c,)), (a * b, b * c, c * a)))
    with pytest.raises(GameError, match="J_21"):
        blocks(Game("both gain", ((a,), (b,)), (a * b, a * b)))
