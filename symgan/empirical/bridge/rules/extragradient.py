"""Extragradient, with a fresh look ahead or with the last one, and optimistic descent."""

from __future__ import annotations

from typing import Any

from symgan.empirical.bridge.nests import plus, times
from symgan.empirical.bridge.players import Parameters, Players
from symgan.empirical.bridge.rules.steps import descent, positive, setting, torch_rule
from symgan.empirical.bridge.update import Memory, Moved, Update
from symgan.errors import GameError


@torch_rule("extragradient")
def extragradient(players: Players, eta: Any, *, extrapolation: Any = 1) -> Update:
    r"""Extragradient, :math:`x^+ = x - \eta\, v(x - \eta\, v(x))`.

    Either gradient may have a batch of its own.

    Args:
        players: who moves.
        eta: the step, or one step a player.
        extrapolation: the extrapolating step in units of eta.

    Raises:
        GameError: wrong steps, or an extrapolation that is not positive.

    Source: Korpelevich 1976; on networks Gidel et al. 2019.
    """
    step, far = descent(players, eta), positive(extrapolation, "extrapolation")

    def advance(x: Parameters, memory: Any, k: int, draw: Any) -> Moved:
        half = plus(x, step.move(x, k, draw(0)), far)
        return Moved(plus(x, step.move(half, k + 1, draw(1))))

    return Update(players, advance, updates=2 * len(step.steps), draws=2)


@torch_rule("past-extragradient")
def past_extragradient(players: Players, eta: Any, *, extrapolation: Any = 1) -> Update:
    r"""Extragradient that extrapolates with the gradient of the previous half-step.

    .. math:: y_k = x_k - \eta\, v(y_{k-1}), \qquad x_{k+1} = x_k - \eta\, v(y_k).

    The gradient is kept with the half-step: one fresh gradient an iteration, :math:`v(y_{k-1})`
    being that of the previous iteration's batch.

    Args:
        players: who moves.
        eta: the step, or one step a player.
        extrapolation: the extrapolating step in units of eta.

    Raises:
        GameError: wrong steps, or an extrapolation that is not positive.

    Source: Popov 1980; Gidel et al. 2019, "A variational inequality perspective on GANs".
    """
    step, far = descent(players, eta), positive(extrapolation, "extrapolation")

    def advance(x: Parameters, memory: Memory, k: int, draw: Any) -> Moved:
        (last,) = memory.nests
        kept = memory.fields[0] if memory.fields else step.field(last, k, draw(0))
        half = plus(x, times(kept, [-h for h in step.steps]), far)
        v = step.field(half, k + 1, draw(0))
        after = plus(x, times(v, [-h for h in step.steps]))
        return Moved(after, Memory((half,), (v,)))

    return Update(players, advance, updates=len(step.steps), start=lambda x: Memory((x,)))


@torch_rule("optimistic")
def optimistic(players: Players, eta: Any, *, optimism: Any = 1) -> Update:
    r"""Optimistic gradient, :math:`x_{k+1} = x_k - (1 + r)\eta\, v(x_k) + r\eta\, v(x_{k-1})`.

    The gradient is kept with the previous iterate, so that it is that of the previous batch.

    Args:
        players: who moves.
        eta: the step, or one step a player.
        optimism: the weight r of the prediction.

    Raises:
        GameError: wrong steps, or a negative weight.

    Source: Popov 1980; Daskalakis et al. 2018; the weight: Mokhtari et al. 2020.
    """
    step, r = descent(players, eta), setting(optimism, "optimism")
    if r < 0:
        raise GameError(f"optimism = {r} is negative; it weighs the prediction, 1 as printed")

    def advance(x: Parameters, memory: Memory, k: int, draw: Any) -> Moved:
        (past,) = memory.nests
        kept = memory.fields[0] if memory.fields else step.field(past, max(k - 1, 0), draw(0))
        v = step.field(x, k, draw(0))
        ahead = plus(x, times(v, [-(1 + r) * h for h in step.steps]))
        return Moved(plus(ahead, times(kept, [r * h for h in step.steps])), Memory((x,), (v,)))

    return Update(players, advance, updates=len(step.steps), start=lambda x: Memory((x,)))
