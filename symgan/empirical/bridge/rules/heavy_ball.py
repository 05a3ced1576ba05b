"""Heavy ball: gradient descent with momentum, positive or negative."""

from __future__ import annotations

from typing import Any

from symgan.empirical.bridge.nests import plus, times
from symgan.empirical.bridge.players import Parameters, Players
from symgan.empirical.bridge.rules.alternating import with_turn
from symgan.empirical.bridge.rules.steps import descent, per_player, torch_rule
from symgan.empirical.bridge.update import Memory, Moved, Update
from symgan.errors import GameError


@torch_rule("heavy-ball")
def heavy_ball(players: Players, eta: Any, *, beta: Any, alternating: bool = False) -> Update:
    r"""Heavy ball, :math:`x_{k+1} = x_k - \eta\, v(x_k) + \beta\,(x_k - x_{k-1})`.

    Alternating, the players take that step in turn, each on what the others left.

    Args:
        players: who moves.
        eta: the step, or one step a player.
        beta: the momentum, or one a player; negative momentum is below 0.
        alternating: whether the players move in turn.

    Raises:
        GameError: wrong steps, or a momentum outside (-1, 1).

    Source: Polyak 1964; Gidel et al. 2019, "Negative momentum for improved game dynamics".
    """
    step, momenta = descent(players, eta), per_player(players, beta, "momentum coefficient")
    for b in momenta:
        if abs(b) >= 1:
            raise GameError(
                f"momentum beta = {b} is not between -1 and 1: without a gradient it would not die"
            )
    n = len(momenta)

    def together(x: Parameters, memory: Memory, k: int, draw: Any) -> Moved:
        drift = times(plus(x, memory.nests[0], -1.0), momenta)
        return Moved(plus(x, plus(step.move(x, k, draw(0)), drift)), Memory((x,)))

    def in_turn(x: Parameters, memory: Memory, k: int, draw: Any) -> Moved:
        (past,), before = memory.nests, x
        for i, b in enumerate(momenta):
            move = step.turn(x, i, k, draw(i))
            entries = zip(x[i], move, past[i], strict=True)
            x = with_turn(x, i, tuple(a + (m + b * (a - p)) for a, m, p in entries))
        return Moved(x, Memory((before,)))

    advance, draws = (in_turn, n) if alternating else (together, 1)
    return Update(players, advance, updates=n, draws=draws, start=lambda x: Memory((x,)))
