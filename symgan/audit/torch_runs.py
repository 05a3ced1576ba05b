"""Running an optimizer or a training step on a game, in every way in which parameters may come.

A `Setup` says how the players' components lie in tensors, how optimizers are made of them and how
gradients reach them. What code does under two setups differs by rounding alone, or is a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from symgan.audit.torch_exact import Field, require_torch, tensor_value

Players = tuple[list[Any], ...]
"""One list of leaf tensors a player."""


@dataclass(frozen=True)
class Setup:
    """How code is run.

    Attributes:
        layout: "vector" (one tensor a player), "scalars" (tensors of shape () ), "mixed" (one of
            shape (), one vector) or "matrix".
        joint: whether one optimizer holds all players.
        grads: "fresh" tensors each step, "kept" ones that are overwritten, or those of a
            "closure".
        dtype: of all tensors.
        spare: whether a parameter without gradient stands beside the others.
        groups: whether each player is a group of parameters of its own.
        save: the step after which a new optimizer goes on from ``state_dict``; 0: none.
        halve: the step after which the step size in ``param_groups`` is halved; 0: none.
    """

    layout: str = "vector"
    joint: bool = True
    grads: str = "fresh"
    dtype: str = "float64"
    spare: bool = False
    groups: bool = True
    save: int = 0
    halve: int = 0


@dataclass
class Trace:
    """What happened: states, and what was noticed along the way.

    Attributes:
        states: as seen after every step, the start first.
        raised: the exception that ended the run, as "Kind: message"; empty where none did.
        changed: the first step that changed a gradient in place; 0 where none did.
        spare_moved: whether the parameter without gradient moved.
        halved: whether a step size was there to be halved.
    """

    states: list[tuple[float, ...]] = field(default_factory=list)
    raised: str = ""
    changed: int = 0
    spare_moved: bool = False
    halved: bool = False


@contextmanager
def quiet_torch() -> Iterator[Any]:
    """PyTorch with its global settings put back afterwards, whatever code does to them."""
    torch = require_torch()
    threads, dtype = torch.get_num_threads(), torch.get_default_dtype()
    graded = torch.is_grad_enabled()
    try:
        with torch.random.fork_rng(devices=[]):
            torch.default_generator.manual_seed(0)
            yield torch
    finally:
        torch.set_grad_enabled(graded)
        torch.set_default_dtype(dtype)
        if torch.get_num_threads() != threads:
            torch.set_num_threads(threads)


def shapes(n: int, layout: str) -> tuple[tuple[int, ...], ...]:
    """The shapes of the tensors that hold n components.

    >>> shapes(4, "matrix"), shapes(3, "mixed")
    (((2, 2),), ((), (2,)))
    """
    if layout == "scalars":
        return ((),) * n
    if layout == "mixed" and n > 1:
        return ((), (n - 1,))
    if layout == "matrix":
        return ((n // 2, 2),) if n % 2 == 0 else ((n, 1),)
    return ((n,),)


def players_at(x: Sequence[float], sizes: Sequence[int], setup: Setup) -> Players:
    """Leaf tensors that hold a state."""
    torch = require_torch()
    found, start = [], 0
    for n in sizes:
        tensors = []
        for shape in shapes(n, setup.layout):
            count = _count(shape)
            values = torch.tensor(x[start : start + count], dtype=getattr(torch, setup.dtype))
            tensors.append(values.reshape(shape).clone().requires_grad_(True))
            start += count
        found.append(tensors)
    return tuple(found)


def _count(shape: tuple[int, ...]) -> int:
    product = 1
    for n in shape:
        product *= n
    return product


def seen(players: Sequence[Sequence[Any]]) -> tuple[float, ...]:
    """The state that tensors hold."""
    return tuple(
        float(x) for tensors in players for t in tensors for x in t.detach().reshape(-1).tolist()
    )


Make = Callable[..., Any]
"""``(params, lr=..., **options) -> optimizer``."""


@dataclass(frozen=True)
class OptimizerCode:
    """A user's optimizer and how it is called.

    Attributes:
        make: makes one of parameters.
        step_name: the keyword of the step size.
        eta: one step a player.
        options: keywords.
        turns: the players in their order; None moves them at once.
        two_phase: whether a method ``extrapolation`` comes before ``step``.
    """

    make: Make
    step_name: str
    eta: tuple[float, ...]
    options: Mapping[str, Any]
    turns: tuple[int, ...] | None = None
    two_phase: bool = False

    def build(self, players: Players, setup: Setup) -> list[Any]:
        """One optimizer for all players, or one a player."""
        if not setup.joint:
            return [self._one(p, self.eta[i]) for i, p in enumerate(players)]
        spare = [[_spare(setup)]] if setup.spare else []
        if setup.groups:
            groups = [
                {"params": list(p), self.step_name: eta}
                for p, eta in zip((*players, *spare), (*self.eta, self.eta[0]), strict=False)
            ]
            return [self._one(groups, self.eta[0])]
        return [self._one([t for p in (*players, *spare) for t in p], self.eta[0])]

    def _one(self, params: Any, eta: float) -> Any:
        return self.make(params, **{self.step_name: eta}, **self.options)


def _spare(setup: Setup) -> Any:
    torch = require_torch()
    return torch.ones(2, dtype=getattr(torch, setup.dtype), requires_grad=True)


def run_optimizer(
    code: OptimizerCode, exact: Field, x0: Sequence[float], calls: int, setup: Setup
) -> Trace:
    """Run an optimizer from a start.

    Args:
        code: the optimizer.
        exact: the game.
        x0: the start.
        calls: rounds of ``step``.
        setup: how tensors, optimizers and gradients are laid out.
    """
    trace = Trace([tuple(float(x) for x in x0)])
    with quiet_torch():
        try:
            _rounds(code, exact, calls, setup, trace)
        except Exception as error:  # noqa: BLE001 - the user's code; what it raises is a finding
            trace.raised = f"{type(error).__name__}: {error}"
    return trace


def _rounds(code: OptimizerCode, exact: Field, calls: int, setup: Setup, trace: Trace) -> None:
    players = players_at(trace.states[0], exact.sizes, setup)
    optimizers = code.build(players, setup)
    for k in range(calls):
        _round(code, exact, players, optimizers, setup, trace, k)
        trace.states.append(seen(players))
        if setup.save == k + 1:
            optimizers = _restored(code, players, optimizers, setup)
        if setup.halve == k + 1:
            groups = [group for o in optimizers for group in o.param_groups]
            trace.halved = sum(_halved(g, code.step_name) for g in groups) == len(groups)
    spare = [t for o in optimizers for g in o.param_groups for t in g["params"] if setup.spare]
    extra = [t for t in spare if not any(t is own for p in players for own in p)]
    trace.spare_moved = any(not bool((t == 1).all()) for t in extra)


def _round(
    code: OptimizerCode,
    exact: Field,
    players: Players,
    optimizers: list[Any],
    setup: Setup,
    trace: Trace,
    k: int,
) -> None:
    everyone = tuple(range(len(players)))
    for turn in [(i,) for i in code.turns] if code.turns is not None else [everyone]:
        acting = optimizers if setup.joint else [optimizers[i] for i in turn]
        active = [players[i] for i in turn]
        if setup.grads == "closure":
            for i, optimizer in zip(turn if not setup.joint else (None,), acting, strict=True):
                optimizer.step(_closure(exact, players, optimizer, turn if i is None else (i,)))
            continue
        phases = ("extrapolation", "step") if code.two_phase else ("step",)
        for phase in phases:
            grads = set_gradients(exact, players, turn, setup)
            for optimizer in acting:
                getattr(optimizer, phase)()
            if not trace.changed and not _same(active, grads):
                trace.changed = k + 1


def set_gradients(exact: Field, players: Players, turn: Sequence[int], setup: Setup) -> list[Any]:
    """Put the field into ``.grad`` of the players whose turn it is; copies of it come back."""
    torch = require_torch()
    v, place = exact.gradient(seen(players), setup.dtype), 0
    copies = []
    for i, tensors in enumerate(players):
        for t in tensors:
            g = torch.tensor(v[place : place + t.numel()], dtype=t.dtype).reshape(t.shape)
            place += t.numel()
            if i not in turn:
                continue
            if setup.grads == "kept" and t.grad is not None:
                t.grad.zero_()
                t.grad.add_(g)
            else:
                t.grad = g.clone()
            copies.append(g)
    return copies


def _same(active: Sequence[Sequence[Any]], copies: Sequence[Any]) -> bool:
    tensors = [t for p in active for t in p]
    return all(
        t.grad is None or bool((t.grad == g).all()) for t, g in zip(tensors, copies, strict=True)
    )


def _closure(exact: Field, players: Players, optimizer: Any, turn: Sequence[int]) -> Any:
    """What ``step(closure)`` calls: gradients anew, each player's of its own loss."""

    def closure() -> Any:
        optimizer.zero_grad()
        losses = []
        for i in turn:
            loss = tensor_value(exact.losses[i], [t for p in players for t in p])
            loss.backward(inputs=list(players[i]))
            losses.append(loss)
        return losses[0]

    return closure


def _halved(group: dict[str, Any], name: str) -> bool:
    """Halve a group's step size, as a scheduler does; whether it is there."""
    if name in group:
        group[name] = group[name] / 2
    return name in group


def _restored(
    code: OptimizerCode, players: Players, optimizers: list[Any], setup: Setup
) -> list[Any]:
    """New optimizers that go on from what the old ones save."""
    import copy

    saved = [copy.deepcopy(optimizer.state_dict()) for optimizer in optimizers]
    new = code.build(players, setup)
    for optimizer, state in zip(new, saved, strict=True):
        optimizer.load_state_dict(state)
    return new
