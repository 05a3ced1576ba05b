"""Options that PyTorch's optimizers share: maximize, and a step size that a schedule changes."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from dataclasses import replace

from symgan.audit.driven import compare
from symgan.audit.torch_bench import Bench, same_states
from symgan.audit.torch_checks import Finding
from symgan.audit.torch_exact import Field
from symgan.audit.torch_runs import OptimizerCode, Setup, Trace, run_optimizer

_BY_SCHEDULE = ("adam", "adamw", "rmsprop", "momentum", "optimistic-adam", "simultaneous")
"""Methods whose step may change along the way without a change of their memory."""


def maximize_findings(bench: Bench, code: OptimizerCode, setup: Setup) -> Iterator[Finding]:
    """With ``maximize`` and the gradients of the negative losses nothing may change."""
    if "maximize" not in inspect.signature(code.make).parameters or setup.grads == "closure":
        return
    start = bench.starts[-1]
    game = replace(bench.game, losses=tuple(-f for f in bench.game.losses), equilibrium=None)
    other = replace(code, options={**code.options, "maximize": True})
    bench.outside.restore()
    x0 = [float(x) for x in start]
    turned = run_optimizer(other, Field.of(game), x0, bench.steps * bench.method.calls, setup)
    step = same_states(bench.trace(start, setup), turned)
    if step:
        yield Finding(
            "maximize",
            f"{bench.title} with maximize=True on the negative losses goes another way than "
            f"without it on the losses, at step {step} from {bench.at(start)}",
        )


def group_findings(bench: Bench, code: OptimizerCode, setup: Setup) -> Iterator[Finding]:
    """Whether each group of parameters moves by its own step size."""
    if code.turns is not None or len(set(bench.method.eta)) > 1:
        return
    eta = tuple(e / 2**i for i, e in enumerate(bench.method.eta))
    held = replace(bench.method, eta=eta)
    other = replace(code, eta=tuple(map(float, eta)))

    def run(x0: Sequence[float], calls: int, where: Setup) -> Trace:
        return run_optimizer(other, bench.exact, x0, calls, where)

    second = replace(bench, method=held, reference=held.reference(bench.game), run=run, known={})
    found = second.parting(setup, bench.starts[-1:])
    if found is not None:
        what = f"raises {found.found}" if found.raised else f"moves {found.component} another way"
        yield Finding(
            "groups",
            f"{bench.title} with groups of parameters of step sizes {', '.join(map(str, eta))} "
            f"{what}, at step {found.step} from {bench.at(found.start)}: it takes options of one "
            "group for another",
        )


def schedule_findings(bench: Bench, code: OptimizerCode, setup: Setup) -> Iterator[Finding]:
    """Whether a step size that is halved in ``param_groups`` after two steps is the one taken."""
    if bench.method.name not in _BY_SCHEDULE or code.turns is not None:
        return
    start, after = bench.starts[-1], 2
    trace = bench.trace(start, replace(setup, halve=after))
    if trace.raised == "" and not trace.halved:
        yield Finding(
            "schedule",
            f"{bench.title} does not hold its step size as {code.step_name!r} in param_groups, "
            "where schedulers change it",
        )
        return
    later = replace(bench.method, eta=tuple(e / 2 for e in bench.method.eta)).reference(bench.game)
    found = compare(bench.reference, trace.states, later=(after, later))
    if found.wrong is not None:
        yield Finding(
            "schedule",
            f"{bench.title} does not follow its step size when that is halved in param_groups "
            f"after step {after}: step {found.wrong.step} from {bench.at(start)} is another",
        )
