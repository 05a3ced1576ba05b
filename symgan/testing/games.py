r"""Hypothesis strategies for games, and for orders in which their players move."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import sympy as sp
from hypothesis import strategies as st
from sympy import Matrix, Symbol

from symgan.game import Game
from symgan.games.dirac import dirac
from symgan.games.quadratic import bilinear, quadratic
from symgan.losses import SCALAR_LOSSES
from symgan.rules.oracle import oracle
from symgan.rules.simultaneous import INDEX
from symgan.system import Map
from symgan.testing.values import rationals

ENTRY = 9
"""Entries of drawn matrices and coefficients lie between -ENTRY and ENTRY."""

Rule = Callable[[Game, Any], Map]


def entries() -> st.SearchStrategy[sp.Rational]:
    """Rational entries with small denominators; 0 and whole numbers come up often."""
    return rationals(-ENTRY, ENTRY, denominator=4)


@st.composite
def bilinear_games(draw: st.DrawFn, *, largest: int = 3) -> Game:
    r"""Bilinear games :math:`-\theta^\top B\psi` with rational B, up to a size, any rank.

    >>> from hypothesis import find
    >>> find(bilinear_games(), lambda g: len(g.state) == 3).v
    (0, 0, 0)
    """
    n, m = draw(st.integers(1, largest)), draw(st.integers(1, largest))
    return bilinear(Matrix(n, m, [draw(entries()) for _ in range(n * m)]))


@st.composite
def quadratic_games(draw: st.DrawFn, *, largest: int = 2) -> Game:
    r"""Quadratic games with rational B and symmetric P and Q, definite or not.

    >>> from hypothesis import find
    >>> find(quadratic_games(), lambda g: g.v != (0, 0)).losses
    (-psi**2/2, psi**2/2)
    """
    n, m = draw(st.integers(1, largest)), draw(st.integers(1, largest))
    B = Matrix(n, m, [draw(entries()) for _ in range(n * m)])
    return quadratic(draw(_symmetric(n)), B, draw(_symmetric(m)))


@st.composite
def polynomial_games(draw: st.DrawFn, *, players: int = 2, degree: int = 3) -> Game:
    r"""General-sum games: one symbol and one random polynomial loss a player.

    The losses have no constant or linear terms, so that the origin is an equilibrium.

    >>> from hypothesis import find
    >>> find(polynomial_games(players=3), lambda g: True).losses
    (0, 0, 0)
    """
    state = sp.symbols(f"x_1:{players + 1}", real=True)
    terms = _terms(state, degree)
    losses = tuple(
        sp.Add(
            *(draw(entries()) * term for term in draw(st.lists(st.sampled_from(terms), max_size=4)))
        )
        for _ in state
    )
    return Game(
        name="polynomial",
        players=tuple((s,) for s in state),
        losses=losses,
        equilibrium={s: sp.Integer(0) for s in state},
    )


def dirac_games() -> st.SearchStrategy[Game]:
    """Dirac-GANs with every concrete scalar loss that is smooth.

    >>> from hypothesis import find
    >>> find(dirac_games(), lambda g: True).name
    'dirac'
    """
    smooth = [loss for name, loss in SCALAR_LOSSES.items() if name != "hinge"]
    return st.sampled_from(smooth).map(dirac)


def games() -> st.SearchStrategy[Game]:
    """Games of every kind above, smaller ones first.

    >>> from hypothesis import find
    >>> find(games(), lambda g: len(g.players) == 3).name
    'polynomial'
    """
    return st.one_of(
        bilinear_games(),
        quadratic_games(),
        dirac_games(),
        st.integers(2, 3).flatmap(lambda n: polynomial_games(players=n)),
    )


@st.composite
def oracles(draw: st.DrawFn, game: Game, *, branches: int = 3) -> Rule:
    r"""Switched orders for a game: who moves depends on the state or on the iteration.

    Conditions are signs of products of coordinates and of their differences, and residues
    of the iteration index; the last branch takes what is left.

    >>> from hypothesis import find
    >>> eta = sp.Symbol("eta", positive=True)
    >>> find(oracles(bilinear()), lambda rule: True)(bilinear(), eta).rhs
    (theta, psi)
    """
    everyone = range(len(game.players))
    movers = st.lists(st.sampled_from(everyone), unique=True).map(tuple)
    conditions = _conditions(game.state)
    number = draw(st.integers(0, branches - 1))
    chosen = [(draw(movers), draw(conditions)) for _ in range(number)]
    return oracle([*chosen, (draw(movers), sp.true)])


@cache
def _terms(state: tuple[Symbol, ...], degree: int) -> tuple[Any, ...]:
    """The monomials of degree two and more."""
    return tuple(sorted(sp.itermonomials(state, degree, 2), key=sp.default_sort_key))


@st.composite
def _symmetric(draw: st.DrawFn, size: int) -> Matrix:
    found = sp.zeros(size, size)
    for i in range(size):
        for j in range(i + 1):
            found[i, j] = found[j, i] = draw(entries())
    return found


@st.composite
def _conditions(draw: st.DrawFn, state: tuple[Symbol, ...]) -> Any:
    kind = draw(st.sampled_from(("product", "difference", "turn")))
    if kind == "turn":
        period = draw(st.integers(2, 4))
        return sp.Eq(sp.Mod(INDEX, period), draw(st.integers(0, period - 1)))
    one, other = draw(st.sampled_from(state)), draw(st.sampled_from(state))
    side = one * other if kind == "product" else one - draw(entries()) * other
    relation = draw(st.sampled_from((sp.Gt, sp.Ge, sp.Lt, sp.Le)))
    return relation(side, 0)
