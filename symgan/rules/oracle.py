r"""Switched orders: an oracle looks at the state and says who moves.

With update fields :math:`V_1` (generator alone), :math:`V_2` (discriminator alone) and
:math:`V_3` (both), an oracle :math:`\zeta` makes the map
:math:`x^+ = x + \eta\,\zeta(x, k)(x)`. Every order of updates is of this form.

Source: the dynamic paper, section 2.2, algorithm 1 and equation (7).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Literal, get_args

import sympy as sp
from sympy import Expr, Matrix, Symbol

from symgan.catalog import rule
from symgan.errors import GameError
from symgan.game import Game
from symgan.rules.coverage import open_states
from symgan.rules.steps import INDEX, descent, field_at_start, new_symbols, spread
from symgan.system import Map

Choice = tuple[tuple[int, ...], Any]
"""Who moves (indices of players; empty: nobody), and where (a SymPy Boolean)."""

Tie = Literal["mover", "generator", "discriminator", "both", "stay"]
TIES: tuple[Tie, ...] = get_args(Tie)
"""What a Dirac oracle may do where the interaction vanishes."""


def oracle(choose: Sequence[Choice]) -> Callable[..., Map]:
    r"""The update rule of a switched order: at each state, the first condition that holds.

    .. math:: x^+ = x - \eta\, \bigl(v_i(x)\,[i \in P_j]\bigr)_i
              \quad\text{where condition } j \text{ is the first that holds at } (x, k).

    Args:
        choose: (players that move, condition) pairs. A condition is made of comparisons in
            the game's state, its parameters, the iteration index `INDEX` and symbols of its
            own, which become parameters. Empty players: nobody moves there.

    Returns:
        A rule ``(game, eta) -> Map``, marked with its first-order field. One iteration counts
        as many single updates (`Map.updates`) as players move, and 0 where the choices differ
        in that number.

    Raises:
        GameError: states are left open, a player does not exist, or a condition is not one.

    Source: dynamic, section 2.2 and algorithm 1.

    >>> from symgan.games.quadratic import bilinear
    >>> theta, psi = bilinear().state
    >>> eta = Symbol("eta", positive=True)
    >>> turns = oracle([((0,), sp.Eq(sp.Mod(INDEX, 2), 0)), ((1,), True)])
    >>> turns(bilinear(), eta).rhs[0]
    Piecewise((eta*psi + theta, Eq(Mod(k, 2), 0)), (theta, True))
    """
    choices = tuple((tuple(players), _condition(where)) for players, where in choose)
    left = open_states([where for _, where in choices])
    if left:
        raise GameError(
            f"the choices leave open {left}; end with (players, True), or add a choice "
            "for it (no players: nobody moves)"
        )

    @rule("oracle", first_order=lambda game: _first_order(game, choices))
    def switched(game: Game, eta: Any) -> Map:
        """A switched order of updates."""
        return _switched(game, eta, choices)

    return switched


def _condition(where: Any) -> Any:
    condition = sp.sympify(where)
    if not isinstance(condition, sp.logic.boolalg.Boolean) or isinstance(condition, Symbol):
        raise GameError(
            f"the condition {where!r} is not a comparison; write for example psi*theta < 0, or True"
        )
    return condition


def _switched(game: Game, eta: Any, choices: Sequence[Choice]) -> Map:
    _check_players(game, choices)
    moves = descent(game, eta)(game.state, INDEX)
    conditions = [where for _, where in choices]
    own = _own_symbols(game, eta, conditions)
    timed = game.time is not None or any(INDEX in where.free_symbols for where in conditions)
    branches = by_players(game, choices, [x + m for x, m in zip(game.state, moves, strict=True)])
    return Map(
        game.state,
        piecewise(branches, conditions),
        parameters=(*game.parameters, *new_symbols(game, eta), *own),
        index=INDEX if timed else None,
        updates=_updates(choices),
    )


def by_players(
    game: Game, choices: Sequence[Choice], moved: Sequence[Any], still: Sequence[Any] | None = None
) -> list[list[Any]]:
    """One vector a choice: `moved` where a symbol's owner moves, else `still` (the state)."""
    owners = spread(game, range(len(game.players)))
    rest = game.state if still is None else still
    return [
        [m if owner in who else s for owner, m, s in zip(owners, moved, rest, strict=True)]
        for who, _ in choices
    ]


def piecewise(branches: Sequence[Sequence[Any]], conditions: Sequence[Any]) -> tuple[Expr, ...]:
    """One Piecewise an entry from vectors and the conditions under which each stands."""
    return tuple(
        sp.Piecewise(*zip(entries, conditions, strict=True))
        for entries in zip(*branches, strict=True)
    )


def _updates(choices: Sequence[Choice]) -> int:
    counts = {len(who) for who, _ in choices}
    return counts.pop() if len(counts) == 1 else 0


def _check_players(game: Game, choices: Sequence[Choice]) -> None:
    for who, where in choices:
        if any(i not in range(len(game.players)) for i in who) or len(set(who)) != len(who):
            raise GameError(
                f"players {who} move where {where}, but game {game.name!r} has players "
                f"0..{len(game.players) - 1}, each at most once"
            )


def _own_symbols(game: Game, eta: Any, conditions: Iterable[Any]) -> list[Symbol]:
    """Symbols that conditions bring in; one that looks like a known symbol is a slip."""
    known = {*game.state, *game.parameters, *new_symbols(game, eta), INDEX}
    found: set[Any] = set().union(*(where.free_symbols for where in conditions)) - known
    names = {symbol.name for symbol in known}
    for symbol in found:
        if symbol.name in names:
            raise GameError(
                f"the symbol {symbol} of a condition is not the game's {symbol}: assumptions are "
                "part of a symbol; take it from game.state, game.parameters or rules.steps.INDEX"
            )
    return sorted(found, key=str)


def _first_order(game: Game, choices: Sequence[Choice]) -> tuple[Expr, ...]:
    """The field of whoever moves, branch by branch."""
    zeros = [sp.Integer(0)] * len(game.state)
    branches = by_players(game, choices, field_at_start(game), zeros)
    return piecewise(branches, [where for _, where in choices])


def interaction(game: Game) -> Expr:
    r"""The form on whose sign a Dirac oracle switches.

    .. math:: s(\theta, \psi) = (\theta - \theta^*)^\top M (\psi - \psi^*), \qquad
              M = \nabla^2_{\theta\psi}\,\ell_0(\theta^*, \psi^*).

    Moving the generator alone shrinks its distance to the equilibrium, to first order,
    where :math:`s > 0`; moving the discriminator alone shrinks its own where
    :math:`s < 0`. It does not depend on the coordinates in which the game is written.

    Args:
        game: two players, a declared equilibrium, an antisymmetric interaction there.

    Raises:
        GameError: the game is not of this kind.

    >>> from symgan.games.dirac import dirac
    >>> interaction(dirac())
    psi*theta*f'(0)
    """
    theta, psi, M = _coupling(game)
    return _form(theta, psi, M)


def _form(theta: Matrix, psi: Matrix, M: Matrix) -> Any:
    form = (theta.T * M * psi)[0]
    return form if M.shape == (1, 1) else sp.expand(form)


def _coupling(game: Game) -> tuple[Matrix, Matrix, Matrix]:
    """Displacements of both players from the equilibrium, and the mixed second derivative."""
    title = f"the Dirac oracle does not apply to game {game.name!r}:"
    if len(game.players) != 2:
        raise GameError(f"{title} it has {len(game.players)} players, not 2")
    if game.time is not None or game.drift is not None:
        raise GameError(f"{title} it moves by itself; take a game without time and drift")
    if game.equilibrium is None:
        raise GameError(f"{title} it declares no equilibrium; give its field `equilibrium`")
    at = dict(game.equilibrium)
    mixed = [
        Matrix([[sp.diff(loss, s, r).subs(at) for r in game.players[1]] for s in game.players[0]])
        for loss in game.losses
    ]
    if mixed[0].applyfunc(sp.expand).is_zero_matrix:
        raise GameError(f"{title} its players do not interact at the equilibrium (M = 0)")
    if not (mixed[0] + mixed[1]).applyfunc(sp.expand).is_zero_matrix:
        raise GameError(f"{title} its losses do not oppose one another at the equilibrium")
    theta, psi = (Matrix([s - at[s] for s in player]) for player in game.players)
    return theta, psi, mixed[0]


def _signs(form: Any, state: Iterable[Symbol]) -> tuple[Any, Any]:
    """The conditions form > 0 and form < 0, without constant factors of known sign."""
    factor, rest = sp.factor_terms(form).as_independent(*state, as_Add=False)
    if not (factor.is_positive or factor.is_negative):
        factor, rest = form.as_coeff_Mul()
    if rest.is_Add and rest.could_extract_minus_sign():
        factor, rest = -factor, -rest
    above, below = sp.Gt(rest, 0), sp.Lt(rest, 0)
    return (above, below) if factor.is_positive else (below, above)


def _tie_choices(tie: Tie, psi: Matrix, M: Matrix) -> list[Choice]:
    """Who moves where the interaction is zero."""
    fixed: dict[str, tuple[int, ...]] = {
        "generator": (0,), "discriminator": (1,), "both": (0, 1), "stay": ()
    }  # fmt: skip
    if tie in fixed:
        return [(fixed[tie], sp.true)]
    if tie != "mover":
        raise GameError(f"unknown tie {tie!r}; choose one of: {', '.join(TIES)}")
    gradient = psi if M.shape == (1, 1) else M * psi
    return [((0,), sp.Or(*(sp.Ne(sp.expand(g), 0) for g in gradient))), ((1,), sp.true)]


def _dirac_choices(game: Game, tie: Tie = "mover") -> list[Choice]:
    theta, psi, M = _coupling(game)
    above, below = _signs(_form(theta, psi, M), game.state)
    return [((0,), above), ((1,), below), *_tie_choices(tie, psi, M)]


def _dirac_first_order(game: Game, *, tie: Tie = "mover") -> tuple[Expr, ...]:
    return _first_order(game, _dirac_choices(game, tie))


@rule("dirac-oracle", first_order=_dirac_first_order)
def dirac_oracle(game: Game, eta: Any, *, tie: Tie = "mover") -> Map:
    r"""The Dirac oracle: each player moves only where moving brings it nearer to its place.

    With the interaction :math:`s` (see `interaction`)

    .. math:: x^+ = \begin{cases}
                 (\theta - \eta v_\theta,\ \psi) & s > 0 \\
                 (\theta,\ \psi - \eta v_\psi) & s < 0 \\
                 \text{as the tie says} & s = 0.
              \end{cases}

    For one-dimensional players :math:`s = m\,\theta\psi`; for vectors the sign of
    :math:`\theta\cdot\psi` decides. The paper leaves :math:`s = 0` open. There, in one
    dimension, one of the two gradients is zero: a tie rule that updates a fixed player
    ("generator", "discriminator"), or nobody ("stay"), never leaves the points of an axis
    where that player's gradient vanishes, so the orbit may stop short of the equilibrium.
    "mover" is the default because it is the one choice that makes a single update at every
    state and rests only where both gradients vanish.

    Args:
        game: two players, a declared equilibrium with an antisymmetric interaction.
        eta: the step, or one step a player.
        tie: what happens at s = 0. "mover": the generator where its linearized gradient
            :math:`M(\psi - \psi^*)` is not zero, else the discriminator; "generator"
            (V1); "discriminator" (V2); "both" (V3; in one dimension the same as "mover"
            for losses of :math:`\psi\theta`); "stay": nobody.

    Raises:
        GameError: the game is not of this kind, a wrong step, an unknown tie.

    Source: dynamic, equation (7); the sign convention there is that of
        :math:`L = -\psi\theta`, that is :math:`m = -1`.

    >>> from symgan.games.quadratic import bilinear
    >>> eta = Symbol("eta", positive=True)
    >>> dirac_oracle(bilinear(), eta, tie="generator").rhs[0]
    Piecewise((eta*psi + theta, psi*theta < 0), (theta, psi*theta > 0), (eta*psi + theta, True))
    """
    switched = _switched(game, eta, _dirac_choices(game, tie))
    return replace(switched, updates=1)  # at a tie of two, one of the gradients is zero
