r"""Switched orders: an oracle looks at the state and says who moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, get_args

import sympy as sp
import torch
from sympy import Symbol

from symgan.empirical.bridge.fields import Linearization, flatten
from symgan.empirical.bridge.nests import detached, dot, minus, zeros
from symgan.empirical.bridge.players import Parameters, Players
from symgan.empirical.bridge.rules.alternating import with_turn
from symgan.empirical.bridge.rules.steps import Descent, TorchRule, descent, torch_rule
from symgan.empirical.bridge.torch_game import TorchGame
from symgan.empirical.bridge.update import Moved, Update
from symgan.errors import GameError
from symgan.rules.oracle import interaction
from symgan.rules.steps import INDEX

Condition = Callable[[Parameters, int, Any], Any]
"""(nest, iteration, batch) -> whether it holds."""

Choice = tuple[tuple[int, ...], Any]
"""Who moves (indices of players; empty: nobody), and where: True, a function, or, on a
`TorchGame`, a SymPy Boolean in the state, the parameters and the index."""

Tie = Literal["mover", "generator", "discriminator", "both", "stay"]


def oracle(choose: Sequence[Choice]) -> TorchRule:
    r"""The update rule of a switched order: at each state, the first condition that holds.

    .. math:: x^+ = x - \eta\, \bigl(v_i(x)\,[i \in P_j]\bigr)_i
              \quad\text{where condition } j \text{ is the first that holds at } (x, k).

    Args:
        choose: (players that move, condition) pairs. Empty players: nobody moves there.

    Returns:
        A rule ``(players, eta) -> Update``. A step at which no condition holds is refused, and
        so are players that do not exist, and SymPy conditions on anything but a `TorchGame`.

    Source: dynamic, section 2.2 and algorithm 1.

    >>> from symgan.games.quadratic import bilinear
    >>> game = TorchGame(bilinear(), {"theta": 1, "psi": 1})
    >>> turns = oracle([((0,), lambda x, k, batch: k % 2 == 0), ((1,), True)])
    >>> update = turns(game, 0.5)
    >>> update.step()
    >>> [p.tolist() for (p,) in game.parameters]
    [[1.5], [1.0]]
    """

    def switched(players: Players, eta: Any) -> Update:
        step = descent(players, eta)
        _check_players(step, choose)
        conditions = [_condition(players, where) for _, where in choose]

        def advance(x: Parameters, memory: Any, k: int, draw: Any) -> Moved:
            for (who, _), holds in zip(choose, conditions, strict=True):
                if bool(holds(x, k, draw(0))):
                    return Moved(moved_by(step, who, x, k, draw(0)))
            raise GameError(f"no condition of the oracle holds at iteration {k}; end with True")

        counts = {len(who) for who, _ in choose}
        return Update(players, advance, updates=counts.pop() if len(counts) == 1 else 0)

    return switched


def moved_by(step: Descent, who: Sequence[int], x: Parameters, k: int, batch: Any) -> Parameters:
    """The nest after some players took one gradient step each, at once.

    Args:
        step: their descent step.
        who: the players that move.
        x, k, batch: where and when.
    """
    after = x
    for i in who:
        move = step.turn(x, i, k, batch)
        after = with_turn(after, i, tuple(a + m for a, m in zip(x[i], move, strict=True)))
    return after


def _condition(players: Players, where: Any) -> Condition:
    if isinstance(where, sp.logic.boolalg.Boolean) and not isinstance(where, Symbol):
        if where in (sp.true, sp.false):
            return lambda x, k, batch: where is sp.true
        if not isinstance(players, TorchGame):
            raise GameError(
                f"the condition {where} is one of SymPy, and these players have no symbols; give "
                "a function of the nest, the iteration and the batch"
            )
        told = players.printed([where], INDEX)
        return lambda x, k, batch: players.evaluate(told, x, 0.0, k)[0]
    if callable(where):
        return where
    if isinstance(where, bool):
        return lambda x, k, batch: where
    raise GameError(f"the condition {where!r} is no comparison, no function and not True")


def _check_players(step: Descent, choose: Sequence[Choice]) -> None:
    n = len(step.steps)
    for who, _ in choose:
        if any(i not in range(n) for i in who) or len(set(who)) != len(who):
            raise GameError(f"players {who} move, but there are players 0..{n - 1}, each once")


@torch_rule("dirac-oracle")
def dirac_oracle(
    players: Players, eta: Any, *, tie: Tie = "mover", equilibrium: Parameters | None = None
) -> Update:
    r"""The Dirac oracle: each player moves only where moving brings it nearer to its place.

    With :math:`s = (\theta - \theta^*)^\top M (\psi - \psi^*)` and
    :math:`M = \nabla^2_{\theta\psi}\,\ell_0(\theta^*, \psi^*)`, the generator moves where
    :math:`s > 0`, the discriminator where :math:`s < 0`. M is only multiplied by.

    Args:
        players: two, whose losses oppose one another at the equilibrium; where the players are
            no `TorchGame` this is not checked.
        eta: the step, or one step a player.
        tie: what happens at s = 0, as in `symgan.rules.oracle.dirac_oracle`.
        equilibrium: where the players belong; the declared one unless given.

    Raises:
        GameError: the game is not of this kind, a wrong step, an unknown tie.

    Source: dynamic, equation (7).
    """
    step, rest = descent(players, eta), _place(players, equilibrium)
    fixed: dict[str, tuple[int, ...]] = {
        "generator": (0,), "discriminator": (1,), "both": (0, 1), "stay": ()
    }  # fmt: skip
    if tie not in get_args(Tie):
        raise GameError(f"unknown tie {tie!r}; choose one of: {', '.join(get_args(Tie))}")

    def advance(x: Parameters, memory: Any, k: int, draw: Any) -> Moved:
        away = minus(x, rest)
        line = Linearization(players, rest, draw(0))
        pull = line.jvp((zeros(away)[0], away[1]))[0]  # M (psi - psi*)
        s = float(dot((away[0],), (pull,)))
        mover = (0,) if bool(torch.any(flatten((pull,)) != 0)) else (1,)
        who = (0,) if s > 0 else (1,) if s < 0 else fixed.get(tie, mover)
        return Moved(moved_by(step, who, x, k, draw(0)))

    return Update(players, advance, updates=1)


def _place(players: Players, equilibrium: Parameters | None) -> Parameters:
    title = "the Dirac oracle does not apply to these players:"
    if len(players.parameters) != 2:
        raise GameError(f"{title} there are {len(players.parameters)}, not 2")
    if isinstance(players, TorchGame):
        interaction(players.game)  # refuses other games, in one sentence
    found = equilibrium or getattr(players, "equilibrium", None)
    if found is None:
        raise GameError(f"{title} no equilibrium is declared; give equilibrium=")
    return detached(found)
