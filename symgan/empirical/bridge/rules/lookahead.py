r"""Lookahead: k fast steps of any rule, then a step of the slow weights towards them."""

from __future__ import annotations

from typing import Any, Literal, get_args

from symgan.empirical.bridge.players import Parameters, Players
from symgan.empirical.bridge.rules.steps import TorchRule, count, positive, torch_rule
from symgan.empirical.bridge.update import Memory, Moved, Update, between, worse
from symgan.errors import GameError

Keeping = Literal["interpolate", "reset"]


def lookahead(
    base: TorchRule, *, k: int = 2, alpha: Any = 0.5, memory: Keeping = "interpolate"
) -> TorchRule:
    r"""The rule :math:`x^+ = x + \alpha\,(F^k(x) - x)` over a rule with the map F.

    Args:
        base: the rule that makes the fast steps.
        k: how many of them.
        alpha: the slow step, positive; above 1 it overshoots.
        memory: what a slow step does to memory: ``"interpolate"`` treats it as x, ``"reset"``
            starts every slow step with fresh memory.

    Returns:
        A rule ``(players, eta, **options) -> Update``; the options are those of the base.

    Raises:
        GameError: k is no whole number of at least 1, alpha is not positive, or another memory.

    Source: Zhang et al. 2019; for games, Chavdarova et al. 2021.
    """
    fast_steps, share = count(k, "k"), positive(alpha, "slow step alpha")
    if memory not in get_args(Keeping):
        raise GameError(f"memory = {memory!r}; choose one of: {', '.join(get_args(Keeping))}")

    def rule(players: Players, eta: Any, **options: Any) -> Update:
        return _over(base(players, eta, **options), fast_steps, share, memory == "reset")

    return rule


def _over(fast: Update, k: int, share: float, fresh: bool) -> Update:
    """The update that makes k steps of another one and goes that share of the way."""

    def advance(x: Parameters, memory: Memory, n: int, draw: Any) -> Moved:
        start = fast.start(x) if fresh else memory
        y, m, report = x, start, None
        for j in range(k):
            moved = fast.advance(y, m, k * n + j, lambda i, j=j: draw(j * fast.draws + i))
            y, m, report = moved.parameters, moved.memory, worse(report, moved.report)
        kept = Memory() if fresh else start.towards(m, share)
        return Moved(between(x, y, share), kept, report)

    nothing = Memory()
    return Update(
        fast.players,
        advance,
        updates=k * fast.updates,
        draws=k * fast.draws,
        start=(lambda x: nothing) if fresh else fast.start,
    )


@torch_rule("lookahead")
def lookahead_over(
    players: Players,
    eta: Any,
    *,
    base: TorchRule | str = "simultaneous",
    k: int = 2,
    alpha: Any = 0.5,
    memory: Keeping = "interpolate",
    **options: Any,
) -> Update:
    """Lookahead over a rule that is given by its name; see `lookahead`.

    Each fast step may have a batch of its own.

    Args:
        players: who moves.
        eta: the step, or one step a player.
        base: the name of a rule, or a rule.
        k, alpha, memory: as of `lookahead`.
        **options: options of the base.

    Raises:
        UnknownName: no rule carries the name.
        GameError: as `lookahead`.
    """
    from symgan.empirical.bridge.rules import named

    rule = named(base) if isinstance(base, str) else base
    return lookahead(rule, k=k, alpha=alpha, memory=memory)(players, eta, **options)
