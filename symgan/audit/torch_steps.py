"""Running a training step, ``step(players, losses, eta)``, on a game."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from symgan.audit.subject import AuditError
from symgan.audit.torch_exact import Field, require_torch, tensor_value
from symgan.audit.torch_runs import Players, Setup, Trace, players_at, quiet_torch, seen


@dataclass(frozen=True)
class StepCode:
    """A user's training step and how it is called.

    Attributes:
        step: ``(players, losses, eta)`` or ``(players, losses, eta, memory)``.
        eta: the step, or one a player.
        remembers: whether it takes a dictionary that is kept from step to step.
    """

    step: Callable[..., Any]
    eta: Any
    remembers: bool


def step_code(step: Any, eta: Any) -> StepCode:
    """A training step, looked at.

    Raises:
        AuditError: it cannot be called with three arguments or four.
    """
    name = getattr(step, "__name__", "the training step")
    if not callable(step):
        raise AuditError(f"{name} cannot be called; give a function (players, losses, eta)")
    parameters = inspect.signature(step).parameters.values()
    plain = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    needed = [p for p in plain if p.default is p.empty]
    if len(plain) < 3 or len(needed) > 4:
        raise AuditError(
            f"{name} takes {len(plain)} arguments; a training step takes (players, losses, eta), "
            "and a dictionary where it remembers: (players, losses, eta, memory)"
        )
    return StepCode(step, eta, len(plain) > 3 and plain[3].default is plain[3].empty)


def run_step(code: StepCode, exact: Field, x0: Sequence[float], calls: int, setup: Setup) -> Trace:
    """Run a training step from a start; arguments as for `torch_runs.run_optimizer`."""
    trace = Trace([tuple(float(x) for x in x0)])
    with quiet_torch():
        players = players_at(trace.states[0], exact.sizes, setup)
        memory: dict[Any, Any] = {}
        extra = (memory,) if code.remembers else ()
        try:
            for _ in range(calls):
                given = code.step(players, _losses(exact, players), code.eta, *extra)
                players = _taken(given, players)
                trace.states.append(seen(players))
        except Exception as error:  # noqa: BLE001 - the user's code; what it raises is a finding
            trace.raised = f"{type(error).__name__}: {error}"
    return trace


def _losses(exact: Field, players: Players) -> tuple[Callable[..., Any], ...]:
    """Each player's loss, at the current tensors or at those that are given."""

    def loss(formula: Any) -> Callable[..., Any]:
        def value(at: Any = None) -> Any:
            groups = players if at is None else at
            return tensor_value(formula, [t for group in groups for t in _tensors(group)])

        return value

    return tuple(loss(formula) for formula in exact.losses)


def _tensors(group: Any) -> list[Any]:
    return [group] if hasattr(group, "detach") else list(group)


def _taken(given: Any, players: Players) -> Players:
    """The players after a step: those that it returns, or those that it changed in place."""
    torch = require_torch()
    if given is None or not isinstance(given, tuple | list) or len(given) != len(players):
        return players
    groups = [_tensors(group) for group in given if not isinstance(group, int | float)]
    if len(groups) != len(players) or not all(
        isinstance(t, torch.Tensor) for group in groups for t in group
    ):
        return players
    if [t.numel() for g in groups for t in g] != [t.numel() for p in players for t in p]:
        return players  # losses, perhaps
    return tuple([t.detach().clone().requires_grad_(True) for t in group] for group in groups)
