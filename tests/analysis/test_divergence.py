"""Divergences of finite distributions against numeric suprema and known values."""

from __future__ import annotations

import itertools
from typing import Any

import mpmath
import pytest
import sympy as sp
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sympy import Rational

from symgan.analysis.divergence import (
    divergence,
    gan_value,
    jensen_shannon,
    optimal_critic,
    optimal_discriminator,
    variational_bound,
)
from symgan.errors import GameError, UnknownName
from symgan.f_divergences import F_DIVERGENCES, f_divergence

half = Rational(1, 2)


@st.composite
def pairs(draw: st.DrawFn, least: int = 1) -> Any:
    n = draw(st.integers(2, 4))
    rows = [draw(st.lists(st.integers(least, 6), min_size=n, max_size=n)) for _ in range(2)]
    rows = [[w + (not any(row)) for w in row] for row in rows]
    return tuple(tuple(Rational(w, sum(row)) for w in row) for row in rows)


def number(value: Any) -> Any:
    return mpmath.mpf(sp.N(value, 30))


@pytest.mark.parametrize("name", sorted(F_DIVERGENCES))
@settings(max_examples=15, deadline=None)
@given(pair=pairs(), nudges=st.lists(st.integers(-3, 3), min_size=4, max_size=4))
@example(pair=((half, half), (half, half)), nudges=[0, 0, 0, 0])
def test_the_bound_is_attained_at_the_critic_and_nowhere_exceeded(
    name: str, pair: Any, nudges: list[int]
) -> None:
    p, q = pair
    best = optimal_critic(name, p, q)
    value = number(divergence(name, p, q))
    assert abs(value - number(variational_bound(name, p, q, best))) < 1e-25  # 30 digits carried
    # Scaling ratios keeps a critic inside the range of f', where the conjugate is given.
    which = f_divergence(name)
    ratios = [
        a / b * sp.Integer(2) ** k
        for (a, b), k in zip(zip(*pair, strict=True), nudges, strict=False)
    ]
    other = number(variational_bound(name, p, q, [which.critic(r) for r in ratios]))
    moved = any(nudges[: len(p)])
    assert other < value if moved else abs(other - value) < 1e-25


@pytest.mark.parametrize("name", sorted(F_DIVERGENCES))
@pytest.mark.parametrize("at", [Rational(1, 3), 1, 4])
def test_the_conjugate_is_the_supremum(name: str, at: Any) -> None:
    """sup_u (t u - f(u)) at t = f'(at), by a numeric maximum; f(1) = 0; f'' (f*)'' = 1."""
    which = f_divergence(name)
    t = number(which.critic(at))
    u = sp.Symbol("u", positive=True)
    f = sp.lambdify(u, which.f(u), "mpmath")
    with mpmath.workdps(30):
        where = mpmath.findroot(lambda s: mpmath.diff(lambda r: t * r - f(r), s), number(at) * 1.1)
        assert abs(t * where - f(where) - number(which.conjugate(which.critic(at)))) < 1e-15
        grid = (mpmath.mpf(k) / 7 for k in range(1, 70))
        assert max(t * s - f(s) for s in grid) <= t * where - f(where) + mpmath.mpf(10) ** -20
    assert sp.simplify(which.f(sp.Integer(1))) == 0
    curvature = sp.diff(which.f(u), u, 2).subs(u, at)
    assert sp.simplify(which.noise_weight(which.critic(at)) * curvature - 1) == 0
    assert sp.simplify(which.slope(which.critic(at)) - at) == 0


@pytest.mark.parametrize("name", sorted(F_DIVERGENCES))
def test_limits_at_the_ends(name: str) -> None:
    which = f_divergence(name)
    u = sp.Symbol("u", positive=True)
    assert sp.limit(which.f(u), u, 0, "+") == which.at_zero
    assert sp.limit(which.f(u) / u, u, sp.oo) == which.growth


@settings(max_examples=25, deadline=None)
@given(pairs(least=0))
@example(((1, 0), (0, 1)))
@example(((half, half, 0), (half, half, 0)))
def test_the_optimal_discriminator_gives_the_jensen_shannon_divergence(pair: Any) -> None:
    p, q = pair
    best = optimal_discriminator(p, q)
    gap = gan_value(p, q, best) - 2 * jensen_shannon(p, q) + sp.log(4)
    assert abs(number(gap)) < 1e-25
    assert abs(number(2 * jensen_shannon(p, q) - divergence("jensen-shannon", p, q))) < 1e-25
    assert (jensen_shannon(p, q) == 0) == (p == q)
    assert 0 <= number(jensen_shannon(p, q)) <= mpmath.log(2) * (1 + mpmath.mpf(10) ** -15)


@settings(max_examples=25, deadline=None)
@given(pairs(), st.integers(0, 3), st.integers(1, 9))
def test_no_other_discriminator_is_better(pair: Any, place: int, tenths: int) -> None:
    p, q = pair
    best = list(optimal_discriminator(p, q))
    other = list(best)
    other[place % len(p)] = Rational(tenths, 10)
    worse = number(gan_value(p, q, other)) < number(gan_value(p, q, best))
    assert worse == (other != best)


def test_known_values() -> None:
    assert divergence("kl", (half, half), (Rational(1, 4), Rational(3, 4))).equals(
        half * sp.log(2) + half * sp.log(Rational(2, 3))
    )
    assert divergence("hellinger", (1, 0), (0, 1)) == 2
    assert divergence("pearson", (1, 0), (0, 1)) == sp.oo
    assert divergence("reverse-kl", (0, 1), (half, half)) == sp.oo
    assert jensen_shannon((1, 0), (0, 1)) == sp.log(2)


def test_symbols_are_kept() -> None:
    a = sp.Symbol("a", positive=True)
    assert optimal_discriminator((a, 1 - a), (half, half))[0] == a / (a + half)


@pytest.mark.parametrize(
    ("p", "q", "sentence"),
    [
        ((1,), (half, half), "same atoms"),
        ((half, half), (1, 1), "sum to 2"),
        ((2, -1), (half, half), "negative"),
    ],
)
def test_bad_weights_are_refused(p: Any, q: Any, sentence: str) -> None:
    for call in (jensen_shannon, optimal_discriminator, lambda *w: divergence("kl", *w)):
        with pytest.raises(GameError, match=sentence):
            call(p, q)


def test_bad_critics_and_names_are_refused() -> None:
    with pytest.raises(GameError, match="3 outputs"):
        variational_bound("kl", (half, half), (half, half), (1, 1, 1))
    with pytest.raises(GameError, match="1 outputs"):
        gan_value((half, half), (half, half), (half,))
    with pytest.raises(GameError, match="positive weights"):
        optimal_critic("kl", (1, 0), (half, half))
    with pytest.raises(UnknownName, match="jensen-shannon, kl"):
        divergence("wasserstein", (1,), (1,))


def test_every_pair_of_f_divergences_differs() -> None:
    p, q = (Rational(1, 5), Rational(4, 5)), (Rational(1, 2), Rational(1, 2))
    values = {name: number(divergence(name, p, q)) for name in F_DIVERGENCES}
    assert abs(values.pop("gan") - values["jensen-shannon"]) < 1e-12  # their f differ by c(u - 1)
    assert all(abs(a - b) > 1e-6 for a, b in itertools.combinations(values.values(), 2))
