"""``symgan sweep thresholds``: every exact step bound, bracketed by orbits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from symgan.cli.arguments import GameName, Loss, Settings
from symgan.cli.console import output, progress
from symgan.cli.sweep_run import Drawing, Folder, Scheduler, Workers, drawable, fill
from symgan.errors import BadData

if TYPE_CHECKING:
    from symgan.atlas import Method
    from symgan.sweep.thresholds import Bound, Confirmation

DIFFERS = 1


def thresholds(
    store: Folder,
    game: GameName = None,
    loss: Loss = None,
    settings: Settings = None,
    rule: Annotated[
        list[str] | None,
        typer.Option(metavar="RULE", help="Only this update rule; may be given several times."),
    ] = None,
    steps: Annotated[int, typer.Option(min=2, metavar="N", help="Steps of an orbit.")] = 1 << 17,
    depth: Annotated[
        int, typer.Option(min=1, max=40, metavar="K", help="Nearest steps: the end +- 2^-K of it.")
    ] = 12,
    budget: Annotated[
        float, typer.Option(min=0.1, metavar="SECONDS", help="Time for each exact bound.")
    ] = 25.0,
    backend: Annotated[str, typer.Option(metavar="NAME", help="auto, jit or numpy.")] = "auto",
    scheduler: Scheduler = None,
    workers: Workers = 0,
    figure: Drawing = None,
) -> None:
    """Confirm exact step bounds by orbits: just below each end, just above it, and on it.

    Of every rule that symgan steps lists, on its games or on one that is named.
    An end is confirmed where orbits near the equilibrium do on both sides what
    the bound says, and contradict it nowhere.

    \b
    Examples:
      symgan sweep thresholds --store t.zarr --figure t.png
      symgan sweep thresholds dirac --loss jensen-shannon --store t.zarr
      symgan sweep thresholds dirac --rule extragradient --store t.zarr

    \b
    Exits with 1 if a bound is not confirmed.
    """
    from symgan.sweep.store import require_extra
    from symgan.sweep.thresholds import confirmations, threshold_sweep

    require_extra()
    drawable(figure)
    found = _bounds(game, loss, tuple(settings or ()), _methods(rule or ()), budget)
    if not found:
        raise BadData("no exact bound is known here; leave --rule out or raise --budget")
    sweep = threshold_sweep(found, steps=steps, depth=depth, backend=backend)
    again = f"the same command with --store {store}"
    fill(store, sweep, "thresholds", again, scheduler, workers)
    from symgan.sweep.store import read

    data = read(store)
    told = confirmations(found, data)
    _print(told)
    if figure is not None:
        _draw(figure, told, data, depth)
    if not all(one.agrees for one in told):
        raise typer.Exit(DIFFERS)


def _methods(wanted: Sequence[str]) -> tuple[Method, ...]:
    """The rows of the table of steps that are of some rules; all of them of none."""
    from symgan import rules
    from symgan.atlas import METHODS

    found = [method for method in METHODS if method.rule in wanted or not wanted]
    for name in wanted:
        rules.named(name)
        if all(method.rule != name for method in found):
            known = ", ".join(dict.fromkeys(method.rule for method in METHODS))
            raise BadData(f"symgan steps has no row of the rule {name!r}; choose one of: {known}")
    return tuple(found)


def _bounds(
    game: str | None,
    loss: str | None,
    settings: tuple[str, ...],
    methods: Sequence[Method],
    budget: float,
) -> list[Bound]:
    from symgan.atlas import standard_games, step_rows
    from symgan.cli import options
    from symgan.cli.sweep_bounds import bounds

    games = standard_games()
    if game is not None:
        choice = options.choose(game, loss=loss, settings=settings)
        options.refuse_rest(choice)
        games = {game: choice.game.subs(choice.values)}
    rows = []
    with progress("deciding steps", len(games) * len(methods)) as advance:
        for row in step_rows(games, methods, budget=budget):
            rows.append(row)
            advance()
    return list(bounds(rows, games))


def _print(told: Sequence[Confirmation]) -> None:
    from symgan.cli.sheet import section

    for game in dict.fromkeys(one.bound.game for one in told):
        section(game, [(o.bound.rule, _line(o)) for o in told if o.bound.game == game])
    agreed = sum(one.agrees for one in told)
    ends = sum(one.end is not None for one in told)
    output().print(
        f"{agreed} of {len(told)} confirmed: {ends} ends, "
        f"{len(told) - ends} bounds that say the same of every step"
    )


def _line(one: Confirmation) -> str:
    from symgan.report.steps import number

    wrong = "".join(f"; CONTRADICTED at eta = {eta!r}" for eta in one.contradictions)
    slow = f"; too slow to tell at {one.open} steps" if one.open else ""
    if one.end is None:
        return f"every step: {_side(one.below, one.nearest_below, '')}{slow}{wrong}"
    below = _side(one.below, one.nearest_below, f" up to {one.nearest_below:.1g} below")
    above = _side(one.above, one.nearest_above, f" from {one.nearest_above:.1g} above")
    where = "on it" if one.exact else "at the nearest float"
    return f"{number(one.end)}: {below}; {above}; {where}: {_outcome(one.on)}{slow}{wrong}"


def _side(wanted: tuple[int, ...], near: float, where: str) -> str:
    if not wanted:
        return "nothing claimed"
    what = " or ".join(_outcome(code) for code in wanted)
    return f"{what}{where}" if near < float("inf") else f"{what} NOT SEEN"


def _outcome(code: int) -> str:
    from symgan.sweep.growth import OUTCOMES

    return OUTCOMES[code]


def _draw(figure: Path, told: Sequence[Confirmation], data: Any, depth: int) -> None:
    from symgan.report.figures import save
    from symgan.report.sweeps import Bracket, brackets
    from symgan.sweep.thresholds import outcomes_of

    rows = []
    bounds = list(dict.fromkeys(one.bound for one in told))
    for place, bound in enumerate(bounds):
        seen = outcomes_of(data, place)
        for end in bound.ends:
            near = {eta: code for eta, code in seen.items() if abs(eta / float(end) - 1) <= 0.5}
            offsets = [eta / float(end) - 1 for eta in near]
            title = f"{bound.game}: {bound.rule}"
            rows.append(Bracket(title, offsets, [_outcome(code) for code in near.values()]))
    save(brackets(rows, linear=2.0**-depth, title="Exact steps and orbits around them"), figure)
