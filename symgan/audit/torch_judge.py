"""From runs to a verdict: the formula, what is wrong whatever the formula is, and a name for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from symgan.audit.driven import SLACK
from symgan.audit.optimizer_relatives import recognized
from symgan.audit.results import (
    Audit,
    Counterexample,
    Established,
    Ground,
    Recognition,
    Verdict,
)
from symgan.audit.subject import Kind
from symgan.audit.torch_bench import Bench, Parting, shown
from symgan.audit.torch_checks import Finding
from symgan.audit.torch_hidden import hidden_at_rest
from symgan.audit.torch_runs import Setup

Checks = Callable[[Bench, bool], Any]


def judged(benches: list[Bench], setup: Setup, convention: str, checks: Checks) -> Audit:
    """The formula first, on every game; then what must hold whatever the formula is.

    Args:
        benches: the games.
        setup: how code is run at first.
        convention: how it is called, for the report.
        checks: findings on a bench; whether the formula is right there says which make sense.
    """
    findings: list[Finding] = []
    parting, place, name = None, benches[0], None
    for bench in benches:
        parting = bench.parting(setup)
        found = [
            f for f in checks(bench, parting is None) if f.kind not in {g.kind for g in findings}
        ]
        findings += found
        if parting is not None:
            place = bench
            hidden = any(f.kind == "hidden state" for f in findings)
            easier, sentence = (True, "") if hidden else _diagnosed(bench, setup)
            findings += [Finding("layout", sentence)] if sentence else []
            name = None if easier or parting.raised else _recognized(benches, setup)
            break
    return _result(benches, place, setup, convention, parting, name, findings)


def _diagnosed(bench: Bench, setup: Setup) -> tuple[bool, str]:
    """Whether another layout of the same components makes code right, and what that says."""
    others = (
        (replace(setup, joint=False),
         "is right with one optimizer a player and wrong with one for all: what it does to one "
         "tensor depends on the others (shared state)"),
        (replace(setup, groups=False),
         "is right with one group of parameters and wrong with one a player"),
        (replace(setup, layout="scalars"),
         "is right where every component is a tensor of its own, and wrong where a tensor has "
         "several entries: it treats a tensor as one number (one Jacobian row, one norm, one "
         "state)"),
        (replace(setup, layout="matrix"), "is right for matrices and wrong for vectors"),
    )  # fmt: skip
    for other, sentence in others:
        if not other.joint and (setup.grads == "closure" or not setup.joint):
            continue
        if bench.parting(other) is None:
            return True, f"{bench.title} {sentence}"
    return False, ""


def _recognized(benches: list[Bench], setup: Setup) -> str | None:
    runs = [
        (b.game, [b.trace(x0, setup).states[:: b.method.calls] for x0 in b.starts]) for b in benches
    ]
    moved = [(game, traces) for game, traces in runs if max(map(len, traces)) > 1]
    return recognized(benches[0].method, moved) if moved else None


def _result(
    benches: list[Bench],
    place: Bench,
    setup: Setup,
    convention: str,
    parting: Parting | None,
    name: str | None,
    findings: list[Finding],
) -> Audit:
    wrong = parting is not None or bool(findings)
    held = benches[0].method
    options = "".join(f", {k} = {v}" for k, v in held.options)
    worst, steps, unclear = _agreement(benches, setup)
    verdict = Verdict.DIFFERS if wrong else Verdict.SAME if steps else Verdict.UNDECIDED
    counterexample = None
    if parting is not None:
        point = tuple(zip(place.game.state, parting.start, strict=True))
        counterexample = Counterexample(
            point, parting.step, parting.component or "step", parting.expected, parting.found
        )
    hidden = None
    if parting is not None and not parting.raised:
        hidden = hidden_at_rest(place, setup, parting.step)
    points = sum(len(b.starts) for b in benches)
    last = benches[0].steps if parting is None else parting.step
    games = " and on ".join(str(b.game.name) for b in benches)
    note = f"what it does shows on {games}{unclear}"
    return Audit(
        subject=benches[0].title,
        kind=Kind.MAP,
        against=f"{held.name} with eta = {shown(held.eta)}{options}",
        convention=convention,
        verdict=verdict,
        established=Established(Ground.FLOAT, points, last, SLACK * worst, note),
        counterexample=counterexample,
        hidden=hidden,
        recognized=Recognition(name, Ground.FLOAT, len(place.starts)) if name else None,
        findings=tuple(f.sentence for f in findings),
    )


def _agreement(benches: list[Bench], setup: Setup) -> tuple[float, int, str]:
    """The largest error in units of the bound, the steps compared, and what stayed unclear."""
    worst, steps, unclear = 0.0, 0, ""
    for bench in benches:
        for start in bench.starts:
            found = bench.compared(bench.trace(start, setup))
            worst, steps = max(worst, found.worst), steps + found.steps
            unclear = unclear or (f"; not everywhere: {found.unclear}" if found.unclear else "")
    return worst, steps, unclear
