"""Best responses: fixed points, the linearization, the step of a mixture GAN, bad input."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Matrix, Rational, Symbol

from symgan.errors import GameError
from symgan.game import zero_sum
from symgan.games.mixture import Mixture, mixture_gan
from symgan.games.quadratic import bilinear
from symgan.kernels.mixture_steps import optimal_ends, optimal_step
from symgan.rules.best_response import best_response

x, y = sp.symbols("x y", real=True)
eta = Symbol("eta", positive=True)
small = st.fractions(-3, 3, max_denominator=5).map(lambda q: Rational(*q.as_integer_ratio()))


@settings(max_examples=12)
@given(small, small, small.filter(bool))
def test_the_linearization_is_that_of_the_response_solved_for(a: Any, b: Any, c: Any) -> None:
    """l = a x^2/2 + b x y - c y^2/2: y+ = b x/c, x+ = x - eta (a + b^2/c) x."""
    game = zero_sum(a * x**2 / 2 + b * x * y - c * y**2 / 2, minimize=x, maximize=y)
    map_ = best_response(game, eta)
    (solved,) = sp.solve(map_.residual, map_.next, dict=True)
    assert sp.expand(solved[map_.next[1]] - b * x / c) == 0
    assert sp.expand(solved[map_.next[0]] - (1 - eta * (a + b**2 / c)) * x) == 0
    v = Matrix(game.v).jacobian(Matrix(game.state))  # the docstring's Schur complement
    slope = sp.diff(solved[map_.next[0]], x)
    assert sp.expand(slope - (1 - eta * (v[0, 0] - v[0, 1] * v[1, 0] / v[1, 1]))) == 0


def test_equilibria_are_fixed_points_and_no_others() -> None:
    game = zero_sum(x * y - y**2 / 2 + x**3, minimize=x, maximize=y)
    map_ = best_response(game, eta)
    at_rest = [f.subs(dict(zip(map_.next, map_.state, strict=True))) for f in map_.residual]
    fixed = set(sp.solve(at_rest, (x, y)))
    assert fixed == set(sp.solve(list(game.v), (x, y))) == {(0, 0), (-Rational(1, 3),) * 2}


def truth_density(means: Any, t: Any) -> Any:
    return mp.fsum(mp.npdf(t, mean) for mean in means) / len(means)


def reference(means: Any, step: Any) -> list[Any]:
    """mu - eta grad L at the segments of positive F, at 50 digits: scan and bisection."""
    true = (mp.mpf(-1) / 2, mp.mpf(1) / 2)
    mu = [mp.mpf(m) for m in means]

    def f(t: Any) -> Any:
        return truth_density(true, t) - truth_density(mu, t)

    grid = [mp.mpf(i) / 8 + mp.mpf(1) / 77 for i in range(-80, 81)]
    values = [f(t) for t in grid]
    pairs = zip(grid, grid[1:], values, values[1:], strict=False)
    roots = [bisected(f, a, b) for a, b, fa, fb in pairs if fa * fb < 0]
    signs = [mp.sign(v) for v in (f(grid[0]), *(f(r + mp.mpf(10) ** -20) for r in roots))]
    edges = [-mp.inf, *roots, mp.inf]
    positive = [(edges[i], edges[i + 1]) for i, s in enumerate(signs) if s > 0]
    return [
        m - step * mp.fsum(mp.npdf(b, m) - mp.npdf(a, m) for a, b in positive) / len(mu) for m in mu
    ]


def bisected(f: Any, a: Any, b: Any) -> Any:
    left = mp.sign(f(a))
    for _ in range(170):
        middle = (a + b) / 2
        a, b = (middle, b) if mp.sign(f(middle)) == left else (a, middle)
    return a


MEANS = [(-0.9, 0.2), (0.3, 0.31), (1.0, -1.0), (-0.5, 0.75), (2.5, 3.0), (0.0, 0.0), (-0.6, 0.4)]


@pytest.mark.parametrize("means", MEANS, ids=str)
def test_the_step_of_the_kernel_against_50_digits(means: tuple[float, float]) -> None:
    with mp.workdps(50):
        exact = reference(means, mp.mpf(0.3))
    after = optimal_step([-0.5, 0.5], means, 0.3)
    # F at a root is rounded to 1e-16 of the densities: the root moves by 1e-16 / |F'|, and the
    # step by the density's slope times that; |F'| > 1e-3 at these means
    assert max(abs(float(a - mp.mpf(b))) for a, b in zip(exact, after, strict=True)) < 1e-13


@pytest.mark.parametrize("means", [(-0.9, 0.2), (0.3, 0.31), (1.0, -1.0), (2.5, 3.0)], ids=str)
def test_the_step_of_the_kernel_solves_the_equations(means: tuple[float, float]) -> None:
    """An end at infinity is put at 40, where the densities are below 1e-300."""
    ends = optimal_ends([-0.5, 0.5], means)
    count = sum(a < b for a, b in zip(ends.left, ends.right, strict=True))
    used = [float(max(-40.0, min(40.0, v))) for v in (*ends.left[:count], *ends.right[:count])]
    after = optimal_step([-0.5, 0.5], means, 0.3)
    # eight rounded terms below 1
    assert max(abs(r) for r in at(count, means, after, used)) < 1e-15
    off = [used[0] + 1e-3 if abs(used[0]) < 40 else used[0], *used[1:-1], used[-1] - 1e-3]
    assert max(abs(r) for r in at(count, means, after, off)) > 1e-15 or abs(used[-1]) == 40


def at(count: int, means: Any, after: Any, ends: Any) -> list[float]:
    half = Rational(1, 2)
    gan = mixture_gan(intervals=count, truth=Mixture((-half, half)))
    map_ = best_response(gan.game, Rational(3, 10))
    values = dict(zip(map_.state, (*means, *ends), strict=True))
    values |= dict(zip(map_.next, (*after, *ends), strict=True))
    return [float(f.evalf(30, subs=values)) for f in map_.residual]


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: best_response(bilinear(), eta), "nothing settles its best response"),
        (lambda: best_response("text", eta), "'text' is no game"),  # type: ignore[arg-type]
        (lambda: best_response(zero_sum(x * y, minimize=x, maximize=y), 0), "is not positive"),
    ],
)
def test_bad_input_is_one_sentence(call: Any, sentence: str) -> None:
    with pytest.raises(GameError, match=sentence):
        call()
