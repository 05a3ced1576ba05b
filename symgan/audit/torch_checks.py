"""What must hold of an optimizer whatever its formula is: copies, state, layouts, restoring.

Each check runs the code in two ways that may differ by rounding alone, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from symgan.audit.torch_bench import Bench, Start, same_states
from symgan.audit.torch_runs import OptimizerCode, Setup, players_at, quiet_torch, set_gradients
from symgan.audit.torch_state import fingerprint


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, whatever the formula.

    Attributes:
        kind: a word for it.
        sentence: says it, with start and step.
    """

    kind: str
    sentence: str


def state_findings(bench: Bench, setup: Setup) -> Iterator[Finding]:
    """Whether a second instance starts afresh."""
    start = bench.starts[-1]
    first = bench.trace(start, setup)
    places = bench.outside.changed()
    step = same_states(first, bench.trace(start, setup, clean=False))
    bench.outside.restore()
    if step:
        where = f" ({', '.join(places)})" if places else ""
        yield Finding(
            "hidden state",
            f"{bench.title} keeps state that outlives it{where}: a second run from "
            f"{bench.at(start)} goes another way at step {step}",
        )


def gradient_findings(bench: Bench, setup: Setup) -> Iterator[Finding]:
    """Whether gradients are copied where they are kept, and left as they are."""
    if setup.grads == "closure":
        return
    for start in bench.starts:
        fresh = bench.trace(start, setup)
        step = same_states(fresh, bench.trace(start, replace(setup, grads="kept")))
        if step:
            yield Finding(
                "aliased gradient",
                f"{bench.title} keeps the tensor p.grad and not a copy of it: where gradients are "
                f"written into the same tensor (zero_grad(set_to_none=False)), step {step} from "
                f"{bench.at(start)} goes another way",
            )
            break
    for start in bench.starts:
        changed = bench.trace(start, setup).changed
        if changed:
            yield Finding(
                "gradient changed",
                f"{bench.title} changes p.grad in place at step {changed} from {bench.at(start)}; "
                "whoever reads the gradient after the step reads another",
            )
            return


def saving_findings(bench: Bench, code: OptimizerCode, setup: Setup) -> Iterator[Finding]:
    """Whether ``state_dict`` holds all that a further step needs."""
    start, after = bench.starts[-1], max(2, bench.method.calls)
    straight = bench.trace(start, setup)
    resumed = bench.trace(start, replace(setup, save=after))
    step = same_states(straight, resumed)
    if not step:
        return
    if not resumed.raised and _close(straight.states[step], resumed.states[step]):
        yield Finding(
            "state converted",
            f"{bench.title} goes on with other digits after load_state_dict, at step {step} from "
            f"{bench.at(start)}: it keeps state in another precision than its parameters, and "
            "loading converts that",
        )
        return
    kept = _attributes(bench, code, setup)
    where = f"; it keeps {', '.join(kept)} as attributes" if kept else ""
    how = f"raises {resumed.raised}" if resumed.raised else "goes another way"
    yield Finding(
        "state not saved",
        f"state_dict() of {bench.title} does not hold all of its state{where}: restored after step "
        f"{after} from {bench.at(start)}, it {how} at step {step}",
    )


def _close(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether two states differ by no more than what float32 makes of a step."""
    size = max(map(abs, one))
    return all(abs(a - b) <= 2**-20 * size for a, b in zip(one, other, strict=True))


def _attributes(bench: Bench, code: OptimizerCode, setup: Setup) -> tuple[str, ...]:
    """Attributes of an optimizer that a step changes, beside those that are saved."""
    known = {"state", "param_groups", "defaults"}
    with quiet_torch():
        players = players_at([float(x) for x in bench.starts[-1]], bench.exact.sizes, setup)
        (first, *_) = code.build(players, setup)

        def kept() -> dict[str, Any]:
            return {
                name: fingerprint(value)
                for name, value in vars(first).items()
                if name not in known and not name.startswith("_optimizer")
            }

        before = kept()
        turn = range(len(players)) if setup.joint else (0,)
        set_gradients(bench.exact, players, tuple(turn), setup)
        first.step() if setup.grads != "closure" else None
        after = kept()
    bench.outside.restore()
    return tuple(name for name in after if before.get(name) != after[name])


def layout_findings(bench: Bench, setup: Setup) -> Iterator[Finding]:
    """Whether it matters how components lie in tensors, groups and optimizers."""
    some: tuple[Start, ...] = bench.starts[-2:]
    others = {
        "scalars": (replace(setup, layout="scalars"), "tensors of shape ()"),
        "mixed": (replace(setup, layout="mixed"), "two tensors for one player"),
        "matrix": (replace(setup, layout="matrix"), "tensors of shape (n, m)"),
        "one group": (replace(setup, groups=False), "all players in one group of parameters"),
        "own optimizers": (replace(setup, joint=False), "one optimizer a player"),
        "float32": (replace(setup, dtype="float32"), "float32"),
        "spare": (replace(setup, spare=True), "a parameter whose grad is None"),
    }
    for kind, (other, words) in others.items():
        if not _differs(setup, other, bench):
            continue
        found = bench.parting(other, some)
        if found is None and other.spare and bench.trace(some[0], other).spare_moved:
            yield Finding(kind, f"{bench.title} moves a parameter whose grad is None")
        if found is not None:
            what = (
                f"raises {found.found} at step {found.step}"
                if found.raised
                else f"differs first at step {found.step}, in {found.component}"
            )
            yield Finding(kind, f"{bench.title} with {words} {what}, from {bench.at(found.start)}")


def _differs(setup: Setup, other: Setup, bench: Bench) -> bool:
    """Whether another setup is another at all, and makes sense."""
    if not other.joint and (setup.grads == "closure" or not setup.joint):
        return False  # a closure that extrapolates has to move all players
    if bench.method.turns is not None and (other.spare or not other.groups):
        return False  # one optimizer a player: no groups
    if other.layout == "mixed" and max(bench.exact.sizes) == 1:
        return False
    return len(set(bench.method.eta)) == 1 or other.groups


def closure_findings(bench: Bench, setup: Setup) -> Iterator[Finding]:
    """Whether ``step(closure)`` does what ``step()`` does after the gradients are there."""
    if setup.grads == "closure":
        return
    found = bench.parting(replace(setup, grads="closure"), bench.starts[-1:])
    if found is None:
        return
    what = (
        f"raises {found.found}"
        if found.raised
        else f"differs from step() with the same gradients, first at step {found.step}"
    )
    yield Finding("closure", f"step(closure) of {bench.title} {what}")
