"""``symgan simulate``: a trajectory of a game's flow or of a rule, as a plot and a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from symgan.cli.arguments import Eta, FlowName, Rule
from symgan.cli.console import output, progress, say
from symgan.cli.typed_game import TypedGame, typed_game, with_options
from symgan.errors import GameError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from symgan.system import Flow, Map

PLOTTED = 1e30
"""States beyond this are left out of plots; the axes of matplotlib overflow with them."""
DIGITS = 12
"""Digits to which two runs of the integrator must agree on nonlinear flows."""


@with_options(typed_game)
def simulate(
    typed: TypedGame,
    x0: Annotated[
        str | None, typer.Option("--x0", metavar="NAME=VALUE,...", help="The initial state.")
    ] = None,
    t_end: Annotated[
        str | None, typer.Option(metavar="TIME", help="The flow, up to this time [default: 50].")
    ] = None,
    points: Annotated[int, typer.Option(min=2, metavar="N", help="Times of the flow.")] = 1001,
    flow_name: FlowName = None,
    rule: Rule = None,
    eta: Eta = None,
    steps: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Steps of the rule [default: 1000].")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="PREFIX",
            help="Where to write: PREFIX.csv and so on; the game's name unless given.",
        ),
    ] = None,
) -> None:
    """Simulate a game: a plot and a table.

    GAME is one that symgan list names, or a payoff is typed. Follows the flow of
    simultaneous descent, another flow, or an update rule.

    \b
    Examples:
      symgan simulate tiny-gan --x0 theta=1,psi=2 --set alpha_r=3
      symgan simulate dirac --loss tanh --x0 theta=1,psi=0 --t-end 20
      symgan simulate bilinear --x0 theta=1,psi=0 --rule alternating --eta 0.1
      symgan simulate bilinear --x0 theta=1,psi=0 --flow consensus --set gamma=1/4
      symgan simulate --payoff "x*y" --min x --max y --x0 x=1,y=0 --out orbit

    \b
    Writes PREFIX.csv, PREFIX.png and PREFIX.svg. Linear flows are evaluated in
    closed form, others integrated until two runs agree to 12 digits; rules run
    in float64.
    """
    from symgan.cli import options

    choice = typed.choice()
    require_values(choice)
    names = [symbol.name for symbol in choice.game.state]
    if rule is None:
        _refuse(eta=eta, steps=steps)
        flow = options.apply_flow(choice, flow_name)
        _require_explicit(flow, flow_name or "simultaneous")
        names = [symbol.name for symbol in flow.state]
        clock, table = _flow(flow, options.point(x0, flow.state), t_end or "50", points)
    else:
        _refuse(t_end=t_end, flow=flow_name)
        start = options.point(x0, choice.game.state)
        if eta is None:
            raise GameError(f"the rule {rule!r} needs a step; add --eta 0.1")
        update = options.apply_rule(choice, rule, options.step_sizes(eta)).subs(choice.values)
        _require_explicit(update, rule)
        clock, table = _orbit(update, start, steps or 1000)
    title = " ".join(filter(None, [choice.game.name or "typed game", rule or flow_name]))
    _write(out or Path(choice.game.name or "game"), clock, table, names, title, rule is not None)


def require_values(choice: Any) -> None:
    """Refuse a game whose loss is free, or whose parameters have no values."""
    from symgan.losses import GenericLoss

    if any(loss.has(GenericLoss) for loss in choice.game.losses):
        raise GameError(
            f"the loss f of {choice.game.name} is free and cannot be followed; choose one: "
            "--loss tanh (see: symgan list)"
        )
    missing = [p.name for p in choice.game.parameters if p not in choice.values]
    if missing:
        example = ",".join(f"{name}=1" for name in missing)
        raise GameError(f"no value for {', '.join(missing)}; give --set {example}")


def _require_explicit(update: Any, rule: str) -> None:
    """Refuse a map without a formula, and one whose own symbols have no values."""
    from symgan.implicit import ImplicitMap

    if isinstance(update, ImplicitMap):
        raise GameError(
            f"the rule {rule!r} is given by an equation on this game, without a formula to "
            "iterate; symgan analyze and symgan steps use its linearization"
        )
    if update.parameters:
        names = [p.name for p in update.parameters]
        example = ",".join(f"{name}=1" for name in names)
        raise GameError(f"no value for {', '.join(names)}; give --set {example}")


def _refuse(**options: Any) -> None:
    for name, value in options.items():
        if value is not None:
            flag = f"--{name.replace('_', '-')}"
            wants = (
                "a flow; leave --rule out" if name in ("t_end", "flow") else "a rule; add --rule"
            )
            raise typer.BadParameter(f"goes with {wants}", param_hint=flag)


def _flow(
    flow: Flow, start: Mapping[Any, Any], t_end: str, points: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Times (n,) and states (n, dimension)."""
    import numpy as np

    from symgan.cli.analyze import is_linear
    from symgan.kernels import compile, reference
    from symgan.parse import number

    end = number(t_end, what="end time")
    if not end.is_positive:
        raise GameError(f"the end time {t_end} is not positive; give --t-end 50")
    times = np.linspace(0.0, float(end), points)
    with progress("integrating the flow"):
        if is_linear(flow):
            from symgan.analysis import solve_linear

            return times, compile(solve_linear(flow, start)).evaluate(times)
        solution = reference(flow, dps=DIGITS).solve(start, list(times))
        return times, np.array([[float(x) for x in state] for state in solution])


def _orbit(
    update: Map, start: Mapping[Any, Any], steps: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Iterations (n,) and visible states (n, dimension); cut where they leave float64."""
    import numpy as np

    from symgan.kernels import compile

    lifted = update.lift(start)
    first = np.array([float(lifted[symbol]) for symbol in update.state])
    with progress("iterating the rule"):
        table = compile(update).trajectory(first, steps)
    table = table[:, [update.state.index(symbol) for symbol in update.visible]]
    finite = np.isfinite(table).all(axis=1)
    if not finite.all():
        last = int(np.argmin(finite))
        say(f"the orbit leaves the range of float64 at step {last}; cut there")
        table = table[:last]
    return np.arange(len(table), dtype=float), table


def _write(
    prefix: Path,
    clock: NDArray[np.float64],
    table: NDArray[np.float64],
    names: list[str],
    title: str,
    discrete: bool,
) -> None:
    """The table first: it needs no plotting library."""
    from symgan.report import figures
    from symgan.report.files import write_bytes

    label = "k" if discrete else "t"
    lines = [",".join([label, *names])]
    for now, state in zip(clock, table, strict=True):
        first = str(int(now)) if discrete else repr(float(now))
        lines.append(",".join([first, *(repr(float(x)) for x in state)]))
    written = [_with_suffix(prefix, "csv")]
    write_bytes(written[0], ("\n".join(lines) + "\n").encode())
    output().print(f"{written[0]}  {len(table)} rows: {lines[0]}", markup=False)
    shown = abs(table).max(axis=1) <= PLOTTED
    if not shown.all():
        say(f"the plot leaves out states beyond {PLOTTED:g}; the table has them")
    figure = figures.trajectory(clock[shown], table[shown], names, title=title, label=label)
    for suffix in ("png", "svg"):
        figures.save(figure, _with_suffix(prefix, suffix))
        output().print(str(_with_suffix(prefix, suffix)), markup=False)


def _with_suffix(prefix: Path, suffix: str) -> Path:
    return prefix.with_name(f"{prefix.name}.{suffix}")
