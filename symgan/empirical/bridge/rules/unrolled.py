"""Unrolled descent: a player steps against opponents who have already answered."""

from __future__ import annotations

from typing import Any

from symgan.empirical.bridge.fields import field, pull
from symgan.empirical.bridge.nests import leaves
from symgan.empirical.bridge.players import Parameters, Players, Timed, Times
from symgan.empirical.bridge.rules.alternating import with_turn
from symgan.empirical.bridge.rules.steps import Descent, count, descent, torch_rule
from symgan.empirical.bridge.update import Moved, Update
from symgan.errors import GameError


@torch_rule("unrolled")
def unrolled(
    players: Players, eta: Any, *, steps: int = 1, through: bool = True, inner: Any = None
) -> Update:
    r"""Unrolled descent: player 0 descends its loss at the opponents' answer.

    .. math:: \theta^+ = \theta - \eta\,\frac{d}{d\theta}\,\ell_0(\theta, \psi^k(\theta, \psi)),
              \qquad \psi^+ = \psi - \eta\, v_\psi(\theta, \psi),

    with :math:`\psi^0 = \psi` and :math:`\psi^{j+1} = \psi^j - s\, v_\psi(\theta, \psi^j)`. Without
    the derivative through the unroll, :math:`\partial_\theta\ell_0` is evaluated at
    :math:`(\theta, \psi^k)` alone. With it the whole unroll is one graph: memory grows with the
    number of steps.

    Args:
        players: who moves; player 0 looks ahead.
        eta: the step, or one step a player.
        steps: how many steps the opponents take ahead, k.
        through: whether player 0 differentiates through these steps.
        inner: the step s of the unroll, or one a player (that of player 0 is not used); eta
            unless given.

    Raises:
        GameError: wrong steps, or one player alone.

    Source: Metz et al. 2017, "Unrolled generative adversarial networks", section 2.
    """
    if len(players.parameters) < 2:
        raise GameError("unrolled descent looks ahead at opponents, and this game has one player")
    step, ahead = descent(players, eta), count(steps, "steps")
    look = step if inner is None else descent(players, inner)

    def advance(x: Parameters, memory: Any, k: int, draw: Any) -> Moved:
        now = (k * step.steps[0],) * len(x)  # player 0's clock, which stands still meanwhile
        lead = _leader(players, look, x, ahead, through, now, draw(0))
        v = with_turn(step.field(x, k, draw(0)), 0, lead)
        moved = zip(x, v, step.steps, strict=True)
        return Moved(
            tuple(tuple(a - h * g for a, g in zip(p, q, strict=True)) for p, q, h in moved)
        )

    return Update(players, advance, updates=1 + ahead * (len(step.steps) - 1))


def _leader(
    players: Players, look: Descent, x: Parameters, ahead: int, through: bool,
    now: Times, batch: Any,
) -> tuple[Any, ...]:  # fmt: skip
    """Player 0's field at the answer of the others."""
    start = leaves(x)
    y = start
    for _ in range(ahead):
        v = field(players, y, batch, times=now, differentiable=True)
        if not through:
            v = tuple(tuple(a.detach() for a in own) for own in v)
        moved = zip(y[1:], v[1:], look.steps[1:], strict=True)
        y = (start[0], *(tuple(a - h * g for a, g in zip(p, q, strict=True)) for p, q, h in moved))
        if not through:
            y = leaves(y)
    if not through:
        return field(players, y, batch, times=now)[0]
    here = players.at(now) if isinstance(players, Timed) else players
    pulled = pull((here.losses(y, batch)[0],), start[0])
    if not isinstance(players, Timed):
        return pulled
    return tuple(a - b for a, b in zip(pulled, players.drift(x, now)[0], strict=True))
