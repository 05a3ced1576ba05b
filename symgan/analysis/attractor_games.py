"""Small quadratic games on which rules are told apart, and generic ones for proofs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import sympy as sp
from sympy import Integer, Matrix, Rational, Symbol

from symgan.game import Game, zero_sum

HALF = Rational(1, 2)
_THETA, _PSI = sp.symbols("theta psi", real=True)
_ORIGIN = {_THETA: Integer(0), _PSI: Integer(0)}


def two_player(p: Any, b: Any, c: Any, q: Any) -> Game:
    r"""The quadratic game with :math:`v' = \begin{pmatrix} p & b \\ c & q \end{pmatrix}`.

    It is zero-sum where :math:`c = -b`.

    >>> two_player(1, 2, -2, 3).v
    (2*psi + theta, 3*psi - 2*theta)
    """
    p, b, c, q = map(sp.sympify, (p, b, c, q))
    own = (p * _THETA**2 / 2, q * _PSI**2 / 2)
    shared = _THETA * _PSI
    parameters = tuple(sorted(sp.Tuple(p, b, c, q).free_symbols, key=str))
    if sp.expand(b + c) == 0:
        payoff = own[0] + b * shared - own[1]
        return zero_sum(
            payoff,
            minimize=_THETA,
            maximize=_PSI,
            name="two-player",
            parameters=parameters,
            equilibrium=_ORIGIN,
        )
    losses = (own[0] + b * shared, own[1] + c * shared)
    return Game("two-player", ((_THETA,), (_PSI,)), losses, parameters, equilibrium=_ORIGIN)


def maximum_games() -> Iterator[Game]:
    """Small games in which one player is at a strict maximum of its own loss, zero-sum first.

    The strengths grow; each game comes with either player in either role.
    """
    strengths = [(HALF, 2, 1), (Rational(1, 4), 1, 1), (HALF, 1, 1), (HALF, 4, 1), (HALF, 4, 4)]
    for number, (against, b, own) in enumerate(strengths):
        yield two_player(-against, b, -b, own)
        yield two_player(own, b, -b, -against)
        if number == 0:  # both at a maximum: repels the flow, attracts slow two-timescale surgery
            yield two_player(Rational(-1, 64), Rational(2, 5), Rational(-2, 5), Rational(-1, 5))
    for against, b, own, c in product((HALF,), (1, 2, 4), (1, 2), (-1, -4)):
        yield two_player(-against, b, c, own)
        yield two_player(own, b, c, -against)


def coordination_games() -> Iterator[Game]:
    """Strict Nash equilibria of general-sum games that are saddles of the flow, then others."""
    for b, c in ((2, 2), (3, 1), (1, 3), (4, 4), (-2, -2)):
        yield two_player(1, b, c, 1)


def generic_game(players: int) -> tuple[Game, Matrix]:
    """The quadratic game whose v' has free entries, one parameter a player."""
    x = sp.symbols(f"x_1:{players + 1}", real=True)
    J = Matrix(players, players, lambda i, j: Symbol(f"j_{i + 1}{j + 1}", real=True))
    losses = tuple(
        x[i] * sum(((HALF if i == j else 1) * J[i, j] * x[j] for j in range(players)), Integer(0))
        for i in range(players)
    )
    own = tuple((symbol,) for symbol in x)
    return Game("generic", own, losses, tuple(J), equilibrium=dict.fromkeys(x, Integer(0))), J
