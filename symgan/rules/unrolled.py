r"""Unrolled descent: a player steps against opponents who have already answered."""

from __future__ import annotations

from numbers import Integral
from typing import Any

import sympy as sp
from sympy import Expr, Matrix, Symbol

from symgan.catalog import flow, rule
from symgan.differentiation import diff, jacobian
from symgan.errors import GameError
from symgan.game import Game
from symgan.program import Assignment, Program, forward, fresh
from symgan.rules.fields import at_start, field, flowing, follow, own
from symgan.rules.steps import (
    INDEX,
    new_symbols,
    player_steps,
    refuse_growth,
    refuse_size,
    spread,
)
from symgan.system import Flow, Map

INNER = Symbol("inner", positive=True)
"""The inner step of the flow where none is given."""
MOST_STEPS = 200
"""Of the opponents: the map holds a polynomial of this degree in the step."""


def _field(game: Game, inner: Any, steps: int, through: bool) -> Matrix:
    r""":math:`v` with player 0's part taken at the opponents' answer :math:`\psi^k`."""
    theta, x = list(game.players[0]), Matrix(game.state)
    answer: dict[Any, Any] = dict(zip(x, _answer(game, inner, steps), strict=True))
    if through:
        ahead = game.losses[0].subs(answer, simultaneous=True)
        leader = [diff(ahead, s) - d for s, d in zip(theta, game.moving, strict=False)]
    else:
        leader = [f.subs(answer, simultaneous=True) for f in field(game)[: len(theta)]]
    refuse_size(sum(f.count_ops() for f in leader), steps, steps)
    return Matrix([*leader, *field(game)[len(theta) :]])


def _answer(game: Game, inner: Any, steps: int) -> Matrix:
    r"""The state after ``steps`` steps of everyone but player 0: :math:`(\theta, \psi^k)`."""
    _check_steps(game, steps)
    _, *others = player_steps(game, inner)
    s = sp.diag(*spread(game, (sp.Integer(0), *others)))
    x = Matrix(game.state)
    once = x - s * field(game)
    affine = not jacobian(once, x).free_symbols & set(game.state)
    if not affine:
        refuse_growth([_bare(game, once)] * int(steps) + [_bare(game, field(game))])
    psi = x
    for _ in range(int(steps)):
        psi = once.subs(dict(zip(x, psi, strict=True)), simultaneous=True)
        psi = psi.expand() if affine else psi
    return psi


def _check_steps(game: Game, steps: Any) -> None:
    if not isinstance(steps, Integral) or isinstance(steps, bool) or int(steps) < 1:
        raise GameError(f"steps = {steps}: the opponents take a whole number of steps, at least 1")
    if int(steps) > MOST_STEPS:
        raise GameError(f"steps = {steps} of the opponents, more than {MOST_STEPS}; take fewer")
    if len(game.players) < 2:
        raise GameError("unrolled descent looks ahead at opponents, and this game has one player")


def _bare(game: Game, rhs: Matrix) -> Map:
    """A map for its size alone: all that is not state is a parameter."""
    rest = tuple(sorted(rhs.free_symbols - set(game.state), key=str))
    return Map(game.state, tuple(rhs), parameters=rest)


def _first_order(
    game: Game, *, steps: int = 1, through: bool = True, inner: Any = None
) -> tuple[Expr, ...]:
    r""":math:`-v` where the inner step shrinks with the outer one, else the flow's field."""
    return at_start(game, field(game) if inner is None else _field(game, inner, steps, through))


@rule("unrolled", first_order=_first_order)
def unrolled(
    game: Game, eta: Any, *, steps: int = 1, through: bool = True, inner: Any = None
) -> Map:
    r"""Unrolled descent: player 0 descends its loss at the opponents' answer.

    .. math:: \theta^+ = \theta - \eta\,\frac{d}{d\theta}\,\ell_0(\theta, \psi^k(\theta, \psi)),
              \qquad \psi^+ = \psi - \eta\, v_\psi(\theta, \psi),

    with :math:`\psi^0 = \psi` and :math:`\psi^{j+1} = \psi^j - s\, v_\psi(\theta, \psi^j)`. Without
    the derivative through the unroll, :math:`\partial_\theta\ell_0` is evaluated at
    :math:`(\theta, \psi^k)` alone, which is common practice. All players but player 0
    unroll, at once; a game's time stands still meanwhile.

    Where :math:`\nabla_\psi\ell_0 = 0` at an equilibrium, as in every zero-sum game, it is a
    fixed point and the linearization is the rule on the linearized game. In general-sum games
    with :math:`\nabla_\psi\ell_0 \ne 0` the derivative through the unroll moves it: then the
    linearized game, which has lost that gradient, says nothing of the rule.

    Args:
        game: the game; player 0 looks ahead.
        eta: the step, or one step a player.
        steps: how many steps the opponents take ahead, k.
        through: whether player 0 differentiates through these steps.
        inner: the step s of the unroll, or one a player (that of player 0 is not used); eta
            unless given.

    Raises:
        GameError: wrong steps, a game of one player, or an unroll that grows beyond use.

    Source: Metz et al. 2017, "Unrolled generative adversarial networks", section 2.

    >>> from symgan.games.quadratic import bilinear
    >>> eta = Symbol("eta", positive=True)
    >>> unrolled(bilinear(), eta).rhs[0].expand()
    -2*eta**2*theta + eta*psi + theta
    >>> unrolled(bilinear(), eta, through=False).rhs[0].expand()
    -eta**2*theta + eta*psi + theta
    """
    s = eta if inner is None else inner
    moved = _field(game, s, steps, through)
    return follow(game, eta, moved, s, updates=1 + int(steps) * (len(game.players) - 1))


def unrolled_program(
    game: Game, eta: Any, *, steps: int = 1, through: bool = True, inner: Any = None
) -> Program:
    r"""`unrolled` as straight-line code, whose length grows with the number of steps.

    The derivative through the unroll is carried forward beside the opponents' answer,

    .. math:: \psi^{j+1} = \psi^j - s\,v_\psi(\theta, \psi^j), \qquad
              T^{j+1} = T^j - s\,[\partial_\theta v_\psi + \partial_\psi v_\psi\,T^j],
              \qquad T^0 = 0,

    so that :math:`d\ell_0/d\theta = \partial_\theta\ell_0 + (T^k)^\top\partial_\psi\ell_0`.
    Only entries that are not zero by structure are kept: where opponents' parameters do not
    meet in v, each moves alone.

    Args:
        game, eta, steps, through, inner: as `unrolled`.

    Raises:
        GameError: wrong steps or a game of one player.

    Source: Metz et al. 2017, section 2; forward accumulation: Griewank and Walther 2008,
    "Evaluating derivatives", section 3.1.

    >>> from symgan.games.quadratic import bilinear
    >>> eta = Symbol("eta", positive=True)
    >>> unrolled_program(bilinear(), eta, steps=2).map().rhs[0].expand()
    -4*eta**2*theta + eta*psi + theta
    """
    _check_steps(game, steps)
    used = eta if inner is None else inner
    for step in (eta, used):  # refused before their symbols are read
        player_steps(game, step)
    settings = new_symbols(game, eta, used)
    clock = () if game.time is None else (game.time, INDEX)
    taken = {symbol.name for symbol in (*game.state, *game.parameters, *settings, *clock)}
    ahead, answer = _ahead(game, used, int(steps), taken)
    values, leader = _leader(game, ahead, answer, taken, through)
    rest = field(game)[len(game.players[0]) :]
    names = (name for name, _ in values)
    whole = follow(game, eta, Matrix([*leader, *rest]), used, *names)
    now = {} if game.time is None else {game.time: INDEX * player_steps(game, eta)[0]}
    return Program(
        game.state,
        whole.rhs,
        tuple((name, value.xreplace(now)) for name, value in values),
        parameters=(*game.parameters, *settings),
        index=whole.index,
        updates=1 + int(steps) * (len(game.players) - 1),
    )


def _ahead(
    game: Game, inner: Any, steps: int, taken: set[str]
) -> tuple[list[Assignment], dict[Symbol, Symbol]]:
    """The opponents' steps as assignments, and what stands for their symbols in the end."""
    n = len(game.players[0])
    rows = list(zip(game.state, spread(game, player_steps(game, inner)), field(game), strict=True))
    here: dict[Symbol, Symbol] = {x: x for x in game.state[n:]}
    found: list[Assignment] = []
    for _ in range(steps):
        names = [Symbol(t.name, real=True) for t in fresh(game.state[n:], taken)]
        moved = [here[x] - h * f.xreplace(here) for x, h, f in rows[n:]]
        found += zip(names, moved, strict=True)
        here = dict(zip(game.state[n:], names, strict=True))
    return found, here


def _leader(
    game: Game,
    ahead: list[Assignment],
    answer: dict[Symbol, Symbol],
    taken: set[str],
    through: bool,
) -> tuple[tuple[Assignment, ...], list[Expr]]:
    """Player 0's field at the answer, less its drift, and the assignments that it needs."""
    theta = game.players[0]
    if not through:
        return tuple(ahead), [f.xreplace(answer) for f in field(game)[: len(theta)]]
    values, slopes = forward(ahead, theta, [Symbol(name) for name in sorted(taken)])
    loss = game.losses[0]
    pull = {y: diff(loss, x).xreplace(answer) for x, y in answer.items()}
    fields: list[Expr] = []
    for t, d in zip(theta, game.moving, strict=False):
        carried = (pull[y] * slopes[y].get(t, sp.Integer(0)) for y in pull)
        fields.append(sp.Add(diff(loss, t).xreplace(answer), *carried) - d)
    return values, fields


@flow("unrolled")
def unrolled_flow(game: Game, *, steps: int = 1, through: bool = True, inner: Any = INNER) -> Flow:
    r"""Unrolled flow, :math:`\dot\theta = -d\ell_0(\theta, \psi^k)/d\theta,\ \dot\psi = -v_\psi`.

    The inner step is a finite parameter here: as it goes to 0, the flow becomes :math:`-v`.

    Args:
        game: the game; player 0 looks ahead.
        steps: how many steps the opponents take ahead, k.
        through: whether player 0 differentiates through these steps.
        inner: the step of the unroll, or one a player.

    Raises:
        GameError: a wrong inner step, a game of one player, or an unroll that grows beyond use.

    Source: Metz et al. 2017, section 2.

    >>> from symgan.games.quadratic import bilinear
    >>> unrolled_flow(bilinear()).rhs
    (-2*inner*theta + psi, -theta)
    """
    inner = own(game, inner, INNER, "inner step")
    return flowing(game, _field(game, inner, steps, through), inner)
