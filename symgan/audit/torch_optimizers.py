r"""Audit of optimizers and training steps in PyTorch.

An optimizer is run on a game with the game's own gradients, correct to the last bit, and every
step that it makes is held against the map that symgan derives; then it is run in the other ways
in which parameters, gradients and instances come in practice, which must not matter.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from symgan.audit.optimizer_rules import Method, method
from symgan.audit.results import Audit
from symgan.audit.subject import AuditError
from symgan.audit.torch_bench import Bench, harness_game, usable_starts
from symgan.audit.torch_call import EXECUTION, Shape, called, declared
from symgan.audit.torch_checks import (
    Finding,
    closure_findings,
    gradient_findings,
    layout_findings,
    saving_findings,
    state_findings,
)
from symgan.audit.torch_exact import Field, require_torch
from symgan.audit.torch_judge import judged
from symgan.audit.torch_options import group_findings, maximize_findings, schedule_findings
from symgan.audit.torch_runs import OptimizerCode, Setup, run_optimizer
from symgan.audit.torch_state import Outside
from symgan.audit.torch_steps import run_step, step_code
from symgan.errors import GameError
from symgan.game import Game

_EXTRAGRADIENT = ("extragradient",)
"""Rules that take gradients at points of their own making, through a closure."""


def is_optimizer(subject: Any) -> bool:
    """Whether an object is a class of PyTorch optimizers; PyTorch is not imported for it.

    >>> is_optimizer(int)
    False
    """
    torch = sys.modules.get("torch")
    return (
        isinstance(subject, type)
        and torch is not None
        and issubclass(subject, torch.optim.Optimizer)
    )


def audit_optimizer(
    make: Callable[..., Any],
    game: Game,
    rule: Any,
    *,
    eta: Any,
    options: Mapping[str, Any] | None = None,
    steps: int = 6,
    title: str = "",
) -> Audit:
    r"""Hold a PyTorch optimizer against the map that symgan derives.

    The optimizer is made anew for every run. Before each step the players' ``.grad`` is the
    game's field at the current parameters, rounded once; an optimizer whose ``step`` needs a
    closure gets one. Options are handed to it and to the map; the map takes what is not given
    from ``optimizer.defaults``, then from symgan.

    Args:
        make: an optimizer class, or ``(params, lr=..., **options) -> optimizer``.
        game: without parameters, time and drift.
        rule: the name of an optimizer or rule of symgan, or ``(game, eta, **options) -> Map``.
        eta: an exact step, or one a player.
        options: under PyTorch's names or symgan's.
        steps: of the map, from every start.
        title: what sentences call it.

    Raises:
        MissingExtra: PyTorch is not installed.
        AuditError: it cannot be made or called, or an option fits neither it nor the rule.
        UnknownName: no rule carries the name.

    >>> import torch
    >>> from symgan.games.quadratic import bilinear
    >>> audit_optimizer(torch.optim.SGD, bilinear(), "simultaneous", eta=0.1).verdict
    <Verdict.SAME: 'same'>
    """
    require_torch()
    name = title or getattr(make, "__name__", "the optimizer")
    given = dict(options or {})
    step_name, defaults, shape = declared(make, name, given)
    formula = {key: value for key, value in given.items() if key not in EXECUTION}
    held = method(rule, game, eta, {**_known(rule, game, eta, defaults), **formula})
    handed = called(make, name, given, held)
    code = OptimizerCode(
        make, step_name, tuple(map(float, held.eta)), handed, held.turns, shape.two_phase
    )
    ahead = held.name in _EXTRAGRADIENT and not shape.two_phase and shape.closure == "takes"
    grads = "closure" if ahead or shape.closure == "needs" else "fresh"
    setup = Setup(joint=held.turns is None, grads=grads)
    outside = Outside(make)

    def run_on(exact: Field) -> Any:
        return lambda x0, calls, where: run_optimizer(code, exact, x0, calls, where)

    benches = _benches(name, held, game, steps, run_on, outside)
    return judged(benches, setup, f"optimizer of {step_name}", lambda bench, whole: _checks(
        bench, code, setup, shape, whole
    ))  # fmt: skip


def audit_step(
    step: Callable[..., Any],
    game: Game,
    rule: Any,
    *,
    eta: Any,
    options: Mapping[str, Any] | None = None,
    steps: int = 6,
    title: str = "",
) -> Audit:
    r"""Hold a PyTorch training step against the map that symgan derives.

    Args:
        step: ``(players, losses, eta)`` or ``(players, losses, eta, memory)``. Players is a tuple
            of lists of leaf tensors; ``losses[i]()`` is player i's loss at these, and
            ``losses[i](players)`` at others, with exact values and derivatives of every order;
            memory is a dictionary that is kept from step to step. It changes the tensors in
            place, or returns new ones.
        game, rule, eta, options, steps, title: as for `audit_optimizer`.

    Raises:
        MissingExtra: PyTorch is not installed.
        AuditError: it takes other arguments, or an option does not fit the rule.
        UnknownName: no rule carries the name.

    >>> from symgan.games.quadratic import bilinear
    >>> def step(players, losses, eta):
    ...     for (x,), loss in zip(players, losses):
    ...         loss().backward(inputs=[x])
    ...         x.data -= eta * x.grad
    ...         x.grad = None
    >>> audit_step(step, bilinear(), "simultaneous", eta=0.1).recognized.name.partition(",")[0]
    'simultaneous that alternates: player 1 (theta)'
    """
    require_torch()
    name = title or getattr(step, "__name__", "the step")
    held = method(rule, game, eta, options or {})
    floats = tuple(map(float, held.eta))
    code = step_code(step, floats[0] if len(set(floats)) == 1 else floats)

    def run_on(exact: Field) -> Any:
        return lambda x0, calls, where: run_step(code, exact, x0, calls, where)

    if held.name == "lookahead":  # a training step makes its fast steps inside
        held = replace(held, name="lookahead in one call")
    benches = _benches(name, held, game, steps, run_on, Outside(step))
    setup = Setup(grads="closure")
    return judged(benches, setup, "step(players, losses, eta)", lambda bench, whole: [
        *state_findings(bench, setup), *(layout_findings(bench, setup) if whole else ())
    ])  # fmt: skip


def _known(rule: Any, game: Game, eta: Any, defaults: Mapping[str, Any]) -> dict[str, Any]:
    """What an optimizer declares as its defaults and the method has as options."""
    bare = method(rule, game, eta, {})
    known = set(inspect.signature(bare.build).parameters)
    found = {}
    for key, value in defaults.items():
        names = {"betas": "beta1", "momentum": "beta" if "beta" in known else "momentum"}
        if names.get(key, key) in known and value is not None:
            found[key] = value
    return found


def _benches(
    name: str, held: Method, game: Game, steps: int, run_on: Any, outside: Outside
) -> list[Bench]:
    """The game, and a larger one where every player of the game has one component."""
    if steps < 1:
        raise AuditError(f"steps = {steps}: an audit makes at least one step")
    if game.time is not None or game.drift is not None:
        raise AuditError(
            f"{game.name!r} has a drift or time of its own, and an optimizer sees gradients alone"
        )
    games = [game]
    if max(map(len, game.players)) == 1 and len(game.players) == 2:
        games.append(harness_game())
    benches = []
    for where in games:
        try:
            reference, exact = held.reference(where), Field.of(where)
        except GameError:
            if where is game:
                raise
            continue  # the rule is for the game alone; larger tensors stay untried, and say so
        starts = usable_starts(where, exact, reference)
        starts = starts if where is game else starts[-2:]
        run = run_on(exact)
        benches.append(Bench(name, held, where, reference, exact, starts, steps, run, outside))
    return benches


def _checks(
    bench: Bench, code: OptimizerCode, setup: Setup, shape: Shape, whole: bool
) -> Iterator[Finding]:
    yield from state_findings(bench, setup)
    yield from gradient_findings(bench, setup)
    yield from saving_findings(bench, code, setup)
    if whole:
        yield from layout_findings(bench, setup)
        yield from group_findings(bench, code, setup)
        yield from closure_findings(bench, setup) if shape.closure == "takes" else ()
        yield from maximize_findings(bench, code, setup)
        yield from schedule_findings(bench, code, setup)
