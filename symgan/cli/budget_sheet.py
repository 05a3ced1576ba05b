"""What ``symgan kernels check`` prints: an error budget, for people or for machines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any

import typer

from symgan.cli.console import output

if TYPE_CHECKING:
    from symgan.kernels.budget import StepError
    from symgan.kernels.growth import Growth, WrongBranch


def print_json(
    name: str, numbers: Mapping[str, float], step: StepError, grown: Growth | None
) -> None:
    """Print everything as one JSON object."""
    import json
    from dataclasses import asdict

    found = {
        "system": name,
        "parameters": dict(numbers),
        "step": asdict(step),
        "growth": None if grown is None else asdict(grown),
    }
    typer.echo(json.dumps(_finite(found), indent=2, allow_nan=False))


def _finite(value: Any) -> Any:
    """The same with texts for what JSON has no number for."""
    if isinstance(value, dict):
        return {key: _finite(v) for key, v in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(v) for v in value]
    return str(value) if isinstance(value, float) and not isfinite(value) else value


def show(
    title: str,
    numbers: Mapping[str, float],
    step: StepError,
    grown: Growth | None,
) -> None:
    """Print the sections: one step, many steps, the first wrong branch."""
    from symgan.cli.sheet import section

    section(title, [(name, repr(value)) for name, value in numbers.items()])
    what = "one step" if grown is not None else "one evaluation of the field"
    section(f"backward error of {what}, {step.states} states of all sizes", _step_rows(step))
    if grown is None:
        return
    console = output()
    console.print(f"errors after n steps, {grown.orbits} orbits", style="bold")
    console.print(_table(grown))
    if grown.first is not None:
        section("first wrong branch", _branch_rows(grown.first))
    elif grown.orbits:
        section("first wrong branch", [("", "none: every condition was decided rightly")])


def _step_rows(step: StepError) -> Iterator[tuple[str, str]]:
    where = ", ".join(f"{name} = {value:.6g}" for name, value in step.where.items())
    yield "worst", f"{step.worst:.3g} ulp, at {where}"
    yield "median", f"{step.median:.3g} ulp"
    if step.turned:
        yield "conditions", _turned(step)
    else:
        yield "conditions", "decided as in exact arithmetic"
    if step.skipped:
        yield "left out", f"{step.skipped} states whose values leave the range of floats"


def _turned(step: StepError) -> str:
    parts = [f"decided otherwise at {step.turned} states"]
    if step.underflowed:
        parts.append(f"{step.underflowed} of them below the smallest normal number")
    if step.margin:
        parts.append(f"the others within {step.margin:.3g} ulp of equality")
    return "; ".join(parts)


def _table(grown: Growth) -> Any:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    titles = ["n", "switches", "median error", "worst error", "wrong branch"]
    jumps = any(row.jumped is not None for row in grown.rows)
    for title in [*titles, *(["worst, jumping"] if jumps else [])]:
        table.add_column(title, justify="right")
    for row in grown.rows:
        cells = [str(row.steps), f"{row.switches:g}", f"{row.median:.2g}", f"{row.worst:.2g}"]
        cells.append(f"{row.wrong} of {grown.orbits}")
        table.add_row(*cells, *([f"{row.jumped:.2g}"] if row.jumped is not None else []))
    return table


def _branch_rows(first: WrongBranch) -> Iterator[tuple[str, str]]:
    from symgan.kernels.growth import Cause

    yield "where", f"orbit {first.orbit}, step {first.step}: {first.condition}"
    yield "exact", f"left minus right is {first.exact:.3g}"
    yield "computed", f"{first.computed:.3g}"
    yield "bound", f"rounding may have moved it by {first.bound:.2g} up to there"
    yield (
        "cause",
        {
            Cause.TIE: "an exact tie: both sides are equal, so that any rounding decides",
            Cause.ROUNDING: "rounding: the exact value is within the bound, so that floats of this "
            "precision cannot decide it",
            Cause.UNDERFLOW: "underflow: the value is below the smallest normal number",
        }[first.cause],
    )
