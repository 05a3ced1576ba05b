"""``symgan kernels``: what rounding does to the kernels of a game or a rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from symgan.cli.arguments import Eta, Rule
from symgan.cli.budget_sheet import print_json, show
from symgan.cli.console import progress, say
from symgan.cli.typed_game import TypedGame, typed_game, with_options
from symgan.errors import GameError, SymganError, Undecided

if TYPE_CHECKING:
    from symgan.cli.options import Choice
    from symgan.system import Flow, Map

DIFFERS = 1

kernels = typer.Typer(help="What rounding does to a game's kernels.", no_args_is_help=True)


@kernels.callback()
def _group() -> None:
    """What rounding does to a game's kernels."""


@kernels.command("check")
@with_options(typed_game)
def check(
    typed: TypedGame,
    rule: Rule = None,
    eta: Eta = None,
    x0: Annotated[
        str | None,
        typer.Option("--x0", metavar="NAME=VALUE,...", help="One start [default: random ones]."),
    ] = None,
    steps: Annotated[int, typer.Option(min=1, metavar="N", help="Steps of an orbit.")] = 1000,
    starts: Annotated[int, typer.Option(min=1, metavar="N", help="How many random starts.")] = 8,
    states: Annotated[
        int, typer.Option(min=1, metavar="N", help="States at which one step is measured.")
    ] = 400,
    seed: Annotated[int, typer.Option(metavar="N", help="Of random starts and states.")] = 0,
    backend: Annotated[str, typer.Option(metavar="NAME", help="jit, numpy or auto.")] = "auto",
    single: Annotated[bool, typer.Option("--float32", help="Measure float32 kernels.")] = False,
    bound: Annotated[
        float, typer.Option(min=0, metavar="ULP", help="Backward error that is accepted.")
    ] = 8.0,
    max_bits: Annotated[
        int, typer.Option(min=128, metavar="BITS", help="Precision at which orbits are given up.")
    ] = 1 << 14,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead.")] = False,
) -> None:
    """Measure the rounding errors of a game's kernel against exact and multiprecision values.

    GAME is one that symgan list names, or a payoff is typed; without one, the
    Dirac oracle on the Dirac-GAN with the Wasserstein loss. Three things are
    shown. The backward error of one step, in units of the last place (ulp): what
    a kernel promises. How errors grow over many steps: a switched rule can lose
    all digits. And the first step at which rounding takes another branch than
    exact arithmetic, with the reason. Without --rule: the error of the field.

    \b
    Examples:
      symgan kernels check
      symgan kernels check dirac --loss jensen-shannon --rule dirac-oracle --eta 0.3
      symgan kernels check bilinear --rule alternating --eta 1/8 --steps 10000
      symgan kernels check --payoff "x*y" --min x --max y
      symgan kernels check dirac --loss tanh --json

    \b
    Steps and parameters are rounded to floats first; the errors are those of the
    arithmetic alone. Exits with 1 if the backward error of a step exceeds the
    bound, and with 4 if an orbit could not be settled; the rest is still shown.
    """
    import numpy as np

    if typed.game is None and typed.payoff is None:
        typed = replace(typed, game="dirac", loss=typed.loss or "wasserstein")
        rule, eta = rule or "dirac-oracle", eta or "0.1"
    choice = typed.choice()
    dtype = np.dtype(np.float32 if single else np.float64)
    system, values = _system(choice, rule, eta)
    numbers = _floats(system, values, dtype)
    kind = {"backend": backend, "dtype": dtype}
    with progress("measuring one step"):
        from symgan.kernels.budget import backward_error

        step = backward_error(system, numbers, states=states, seed=seed, **kind)
    grown = None
    if rule is not None:
        points = _starts(system, x0, starts, seed, dtype)
        ulps = max(2.0, float(np.ceil(step.worst)))
        with progress("settling orbits"):
            from symgan.kernels.growth import growth

            jump = _jumping(system, kind)
            limits = {"max_bits": max_bits, "ulps": ulps, "jump": jump}
            grown = growth(system, points, _marks(steps), numbers, **kind, **limits)
    elif x0 is not None:
        raise typer.BadParameter("goes with a rule; add --rule", param_hint="--x0")
    name = " ".join(filter(None, [choice.game.name or "typed game", rule]))
    if as_json:
        print_json(name, numbers, step, grown)
    else:
        show(f"{name}, {dtype}, backend {backend}", numbers, step, grown)
    if grown is not None and grown.unsettled:
        say(f"{len(grown.unsettled)} orbits are not settled; {grown.unsettled[0]}")
    if step.worst > bound:
        say(f"the backward error of a step is {step.worst:.2g} ulp, more than {bound:g}")
        raise typer.Exit(DIFFERS)
    if grown is not None and grown.unsettled:
        raise typer.Exit(Undecided.exit_code)


def _system(choice: Choice, rule: str | None, eta: str | None) -> tuple[Any, Mapping[Any, Any]]:
    """The flow or map, and exact values for its parameters."""
    from sympy import Symbol

    from symgan.cli import options
    from symgan.cli.simulate import require_values
    from symgan.implicit import ImplicitMap

    require_values(choice)
    if rule is None:
        if eta is not None:
            raise typer.BadParameter("goes with a rule; add --rule", param_hint="--eta")
        return options.apply_flow(choice, None), choice.values
    if eta is None:
        raise GameError(f"the rule {rule!r} needs a step; add --eta 0.1")
    given = options.step_sizes(eta)
    if isinstance(given, tuple):
        symbols: Any = tuple(Symbol(f"eta_{i + 1}", positive=True) for i in range(len(given)))
        own = dict(zip(symbols, given, strict=True))
    else:
        symbols = Symbol("eta", positive=True)
        own = {symbols: given}
    update = options.apply_rule(choice, rule, symbols)
    if isinstance(update, ImplicitMap):
        raise GameError(
            f"the rule {rule!r} is given by an equation on this game, without a formula to compile"
        )
    return update, {**choice.values, **own}


def _floats(system: Flow | Map, values: Mapping[Any, Any], dtype: Any) -> dict[str, float]:
    """The floats nearest to the parameters that a system has."""
    missing = [p.name for p in system.parameters if p not in values]
    if missing:
        example = ",".join(f"{name}=1" for name in missing)
        raise GameError(f"no value for {', '.join(missing)}; give --set {example}")
    return {p.name: float(dtype.type(float(values[p]))) for p in system.parameters}


def _starts(system: Map, x0: str | None, count: int, seed: int, dtype: Any) -> Any:
    """Starts (m, n) of all state symbols: the one given, or normally distributed ones."""
    import numpy as np

    from symgan.cli import options

    if x0 is not None:
        point = options.point(x0, system.visible)
        rows = [[float(point[s]) for s in system.visible]]
    else:
        rows = np.random.default_rng(seed).normal(size=(count, len(system.visible))).tolist()
    lifted = [system.lift(dict(zip(system.visible, row, strict=True))) for row in rows]
    return np.array([[float(x) for x in start.values()] for start in lifted]).astype(dtype)


def _marks(steps: int) -> list[int]:
    """Powers of ten below the number of steps, and that number."""
    return [*(10**i for i in range(len(str(steps))) if 10**i < steps), steps]


def _jumping(system: Map, kind: Mapping[str, Any]) -> Any:
    """A kernel that jumps from switch to switch, where the map's branches are affine."""
    from symgan.analysis.branch_runs import branch_runs
    from symgan.kernels.jumps import compile_jumps

    try:
        return compile_jumps(branch_runs(system), **kind).jump
    except SymganError:  # it is stepped then, and the column of jumps is left out
        return None
