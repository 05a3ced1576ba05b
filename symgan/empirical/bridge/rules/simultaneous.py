"""Simultaneous gradient descent, with one step or with fixed ratios of steps."""

from __future__ import annotations

from typing import Any

from symgan.empirical.bridge.nests import plus
from symgan.empirical.bridge.players import Players
from symgan.empirical.bridge.rules.steps import Descent, descent, positive, torch_rule
from symgan.empirical.bridge.update import Moved, Update
from symgan.errors import GameError


def _at_once(players: Players, step: Descent) -> Update:
    def advance(x: Any, memory: Any, k: int, draw: Any) -> Moved:
        return Moved(plus(x, step.move(x, k, draw(0))))

    return Update(players, advance, updates=len(step.steps))


@torch_rule("simultaneous")
def simultaneous(players: Players, eta: Any) -> Update:
    r"""Simultaneous gradient descent, :math:`x^+ = x - \eta\, v(x)`.

    Args:
        players: who moves.
        eta: the step, or one step a player.

    Raises:
        GameError: a wrong number of steps, or a step that is not positive.

    Source: Mescheder et al. 2018, definition A.1.
    """
    return _at_once(players, descent(players, eta))


@torch_rule("two-timescale")
def two_timescale(players: Players, eta: Any, *, tau: Any) -> Update:
    r"""Simultaneous descent with the steps :math:`\eta` and :math:`\tau\eta`.

    Args:
        players: who moves; player 0 has the step eta.
        eta: the step of player 0.
        tau: the ratio of player 1's step to it; further players have the step eta. Or a
            tuple, one ratio each player after the first.

    Raises:
        GameError: a step or ratio that is not positive, or a wrong number of ratios.

    Source: Heusel et al. 2017.
    """
    if isinstance(eta, tuple | list):
        raise GameError("two-timescale descent takes one step; its ratios give the others")
    others = len(players.parameters) - 1
    given = tuple(tau) if isinstance(tau, tuple | list) else (tau, *(1,) * (others - 1))[:others]
    if len(given) != others:
        raise GameError(
            f"{len(given)} ratios of steps for {others} players after the first; give one each"
        )
    ratios = (1.0, *(positive(ratio, "ratio of steps tau") for ratio in given))
    step = positive(eta, "step size")
    return _at_once(players, descent(players, tuple(step * ratio for ratio in ratios)))
