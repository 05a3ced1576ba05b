r"""Update rules with one place of their formula changed: what code may in fact implement.

Each function has the shape of a rule, ``(game, eta, **options) -> Map``, and gives the rule itself
where no option is set.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy import Expr, Matrix, Symbol

from symgan.game import Game
from symgan.rules.steps import new_symbols, player_steps, remembered, spread
from symgan.system import Map

HALF = sp.Rational(1, 2)


def last_gradient(game: Game, eta: Any, *, now: Any = 2, last: Any = -1, zero: bool = False) -> Map:
    r"""A step along :math:`a\,g_k + b\,g_{k-1}`, the last gradient being remembered.

    Args:
        game: the game.
        eta: the step, or one a player.
        now, last: a and b; 2 and -1 are optimistic gradient descent.
        zero: whether the last gradient is 0 at the start, and not the first one.
    """
    h = sp.diag(*_steps(game, eta))
    v, past = Matrix(game.v), remembered(game, "gradient")
    rhs = [*(Matrix(game.state) - h * (now * v + last * Matrix(past))), *v]
    start = [sp.Integer(0)] * len(past) if zero else game.v
    return _map(game, rhs, eta, past, start)


def extrapolated(game: Game, eta: Any, *, ahead: str = "all", start: str = "here") -> Map:
    r"""A step with the gradient that is found after a first step.

    Args:
        game: the game.
        eta: the step, or one a player.
        ahead: who has made the first step where a player's gradient is taken: "all", the player
            "own" alone, the "others" alone, or players that made it "in turn".
        start: whence the second step goes: "here", from where the first one started; "there",
            from where it led; "in turn", here, but each player sees the others' second steps.
    """
    x, h = Matrix(game.state), Matrix(_steps(game, eta))
    owners = spread(game, range(len(game.players)))
    half = list(x - h.multiply_elementwise(Matrix(game.v)))
    if ahead == "in turn":
        half = _in_turn(game, list(x), list(x), h)
    base = half if start == "there" else list(x)
    if start == "in turn":
        return _map(game, _in_turn(game, base, half, h), eta)
    rhs: list[Expr] = []
    for i, owner in enumerate(owners):
        moved = {
            s: half[j]
            for j, s in enumerate(game.state)
            if ahead in ("all", "in turn") or (owners[j] == owner) == (ahead == "own")
        }
        rhs.append(base[i] - h[i] * game.v[i].xreplace(moved))
    return _map(game, rhs, eta)


def _in_turn(game: Game, base: list[Any], seen: list[Any], h: Matrix) -> list[Any]:
    """Steps from a base, each player's with the gradient at what is seen and was moved before."""
    seen, owners = list(seen), spread(game, range(len(game.players)))
    for player in range(len(game.players)):
        here = dict(zip(game.state, seen, strict=True))
        mine = [i for i, owner in enumerate(owners) if owner == player]
        for i in mine:
            seen[i] = base[i] - h[i] * game.v[i].xreplace(here)
    return seen


def products(
    game: Game,
    eta: Any,
    *,
    gamma: Any,
    rows: Sequence[int] | None = None,
    transposed: bool = True,
    normalized: bool = False,
    plain: int = 1,
) -> Map:
    r"""Consensus with :math:`J^\top v` built of some rows, or with J in its place.

    Args:
        game: the game.
        eta: the step, or one a player.
        gamma: the weight.
        rows: the components whose gradients enter; None: all.
        transposed: whether the product is :math:`J^\top v`, and not :math:`J v`.
        normalized: whether the gradient is of :math:`|v|`, and not of :math:`|v|^2/2`.
        plain: the weight of v itself.
    """
    v, J = Matrix(game.v), Matrix(game.v).jacobian(Matrix(game.state))
    kept = range(len(game.state)) if rows is None else rows
    select = sp.diag(*(int(i in kept) for i in range(len(game.state))))
    product = (J.T if transposed else J) * select * v
    if normalized:
        product = product / sp.sqrt((v.T * select * v)[0])
    field = plain * v + gamma * product
    rhs = Matrix(game.state) - sp.diag(*_steps(game, eta)) * field
    return _map(game, list(rhs), eta, settings=(gamma,))


def lookahead_from_start(game: Game, eta: Any, *, k: int = 2, alpha: Any = HALF) -> Map:
    """Lookahead whose slow weights stay at the start for ever."""
    slow = remembered(game, "slow")
    h = Matrix(_steps(game, eta))
    x = list(game.state)
    for _ in range(k):
        here = dict(zip(game.state, x, strict=True))
        x = [a - b * f.xreplace(here) for a, b, f in zip(x, h, game.v, strict=True)]
    rhs = [s + alpha * (f - s) for s, f in zip(slow, x, strict=True)]
    return _map(game, [*rhs, *slow], eta, slow, game.state, (alpha,))


def heavy_ball_from_start(game: Game, eta: Any, *, beta: Any) -> Map:
    """The heavy ball whose last iterate is never renewed."""
    start = remembered(game, "start")
    move = beta * (Matrix(game.state) - Matrix(start))
    rhs = Matrix(game.state) + move - sp.diag(*_steps(game, eta)) * Matrix(game.v)
    return _map(game, [*rhs, *start], eta, start, game.state, (beta,))


def _steps(game: Game, eta: Any) -> tuple[Expr, ...]:
    return spread(game, player_steps(game, eta))


def _map(
    game: Game,
    rhs: Sequence[Any],
    eta: Any,
    memory: Sequence[Symbol] = (),
    start: Sequence[Any] = (),
    settings: Sequence[Any] = (),
) -> Map:
    return Map(
        (*game.state, *memory),
        tuple(rhs),
        parameters=(*game.parameters, *new_symbols(game, eta, *settings)),
        memory=tuple(zip(memory, start, strict=True)),
    )
