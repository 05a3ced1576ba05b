"""``symgan analyze``: what can be said of a game, exactly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from symgan.cli.arguments import Eta, FlowName, Rule
from symgan.cli.conditions import fixed_losses, fixed_parameters
from symgan.cli.printer import Printer
from symgan.cli.stationary import kind
from symgan.cli.typed_game import TypedGame, typed_game, with_options
from symgan.errors import GameError

if TYPE_CHECKING:
    from symgan.cli.options import Choice
    from symgan.game import Game
    from symgan.implicit import ImplicitMap
    from symgan.results import Equilibrium, Spectrum
    from symgan.system import Flow, Map


@with_options(typed_game)
def analyze(
    typed: TypedGame,
    x0: Annotated[
        str | None,
        typer.Option("--x0", metavar="NAME=VALUE,...", help="The start of the closed form."),
    ] = None,
    flow_name: FlowName = None,
    rule: Rule = None,
    eta: Eta = None,
    latex: Annotated[bool, typer.Option("--latex", help="Print LaTeX instead.")] = False,
) -> None:
    """Analyze a game exactly.

    GAME is one that symgan list names, or a payoff is typed. Prints its field,
    Jacobian, equilibria with their spectra, conserved quantities and, where it
    is linear, the closed form.

    \b
    Examples:
      symgan analyze bilinear
      symgan analyze tiny-gan --loss jensen-shannon --set alpha_r=3
      symgan analyze annealed --x0 theta=alpha_0,psi=0,alpha=alpha_0
      symgan analyze annealed --set switch=1,alpha_0=1,alpha_r=3,T=3
      symgan analyze quadratic --rule alternating --set P=1/2,n_d=2
      symgan analyze tiny-gan --loss free
      symgan analyze dirac --loss wasserstein --regularizer r1 --set gamma=1/2
      symgan analyze bilinear --flow consensus
      symgan analyze --payoff "-theta*psi" --min theta --max psi
      symgan analyze --payoff "theta*psi-k*psi**2" --min theta --max psi --param k

    \b
    With --rule also the map, its Jacobian, its spectrum and the steps for which
    it is stable; the step is the symbol eta unless --eta gives a number. Without
    --x0 the closed form starts at symbols such as theta_0. Numbers are exact: 0.1
    is 1/10.
    Exits with 4 if something stays undecided; the rest is still printed.
    """
    from symgan.cli import options, sheet

    choice = typed.choice()
    update = None
    if rule is not None and flow_name is not None:
        raise typer.BadParameter("--flow goes without --rule", param_hint="--flow")
    if rule is not None:
        step = options.step_sizes(eta) if eta is not None else _eta()
        update = options.apply_rule(choice, rule, step).subs(choice.values)
    elif eta is not None:
        raise typer.BadParameter("--eta goes with --rule", param_hint="--eta")
    if rule is None:
        flow = options.apply_flow(choice, flow_name)
    else:
        flow = choice.game.flow().subs(choice.values)
    printer = Printer(sheet, latex)
    _describe(printer, choice.game)
    declared = _declared(choice.game, choice.values)
    kind(printer, choice.game, choice.values)
    named = flow_name or "simultaneous descent"
    _flow(printer, named, flow, declared, _initial(choice, flow, x0))
    if update is not None:
        _map(printer, update, declared, None if eta is not None else _eta())
    raise typer.Exit(printer.worst)


def _describe(printer: Printer, game: Game) -> None:
    def rows(game: Game) -> Iterator[tuple[str, str]]:
        for player, loss in zip(game.players, game.losses, strict=True):
            yield ", ".join(map(str, player)), f"descends {loss}"
        if game.parameters:
            yield "parameters", ", ".join(map(str, game.parameters))
        if game.source:
            yield "source", game.source

    printer.section(f"game {game.name}".strip(), lambda: game, rows)


def _declared(game: Game, values: Any) -> tuple[Equilibrium, ...]:
    """The equilibrium that the game's author declares, where it states one."""
    from sympy import sympify, true

    from symgan.results import Equilibrium

    if game.equilibrium is None:
        return ()
    point = {symbol: sympify(value).subs(values) for symbol, value in game.equilibrium.items()}
    return (Equilibrium(point, (), true),)


def _flow(
    printer: Printer,
    named: str,
    flow: Flow,
    declared: tuple[Equilibrium, ...],
    initial: Mapping[Any, Any],
) -> None:
    from symgan import analysis

    sheet = printer.sheet
    printer.section(f"flow of {named}", lambda: flow, sheet.system_rows)
    printer.section("Jacobian of the flow", flow.jacobian, sheet.matrix_rows)
    if flow.autonomous:
        _rest(printer, flow, "flow", declared)
        printer.section(
            "conserved quantities (polynomials of degree 2, and logarithms)",
            lambda: analysis.find_conserved(flow, degree=2, logarithms=True),
            sheet.conserved_rows,
            nothing="none for generic parameters" if flow.parameters else "none",
        )
    else:
        printer.note("equilibria", "none: the flow depends on time")
    if is_linear(flow):
        start = ", ".join(f"{s}(0) = {v}" for s, v in initial.items())
        form = lambda: analysis.solve_linear(flow, initial)  # noqa: E731
        printer.section(f"closed form from {start}", form, sheet.closed_form_rows)


def _map(
    printer: Printer, update: Map | ImplicitMap, declared: tuple[Equilibrium, ...], step: Any
) -> None:
    """The map, its Jacobian and, for a symbolic step, the steps for which it is stable.

    Where the map has more than two state symbols, or switches at the point, conditions on the
    spectrum are long or do not exist; then the steps alone are shown.
    """
    from symgan.cli.discrete import stability, switches
    from symgan.implicit import ImplicitMap

    sheet = printer.sheet
    if isinstance(update, ImplicitMap):
        printer.note("map", "given by an equation; linearized at the declared equilibrium")
        update = update.linearization(dict(declared[0].point)) if declared else update
    if isinstance(update, ImplicitMap):
        return
    printer.section("map", lambda: update, sheet.system_rows)
    printer.section("Jacobian of the map", update.jacobian, sheet.matrix_rows)
    if update.index is None:
        plain = not update.memory and not any(switches(update, e.point) for e in declared)
        if step is None or plain:
            _rest(printer, update, "map", declared)
        for equilibrium in declared if step is not None else ():
            place = sheet.place(equilibrium)
            stability(printer, update, step, equilibrium.point, place)
    else:
        printer.note("fixed points", "none: the map depends on the iteration")


def _rest(
    printer: Printer, system: Flow | Map, kind: str, declared: tuple[Equilibrium, ...]
) -> None:
    """Equilibria, and the spectrum at each; at the declared one where not all are found."""
    from symgan import analysis
    from symgan.losses import GenericLoss
    from symgan.system import Flow

    title = "equilibria" if kind == "flow" else "fixed points"
    free = any(f.has(GenericLoss) for f in system.rhs)
    found = printer.section(
        f"{title} (where f' never vanishes)" if free else title,
        lambda: analysis.equilibria(system, nonzero=(1,) if free else ()),
        printer.sheet.equilibrium_rows,
    )
    for equilibrium in declared if found is None else found:
        there = system.subs(fixed_parameters(equilibrium.condition, system.parameters))
        where = printer.sheet.place(equilibrium) + (
            " (as the game declares)" if found is None else ""
        )
        spectrum = printer.section(
            f"spectrum of the {kind} at {where}",
            lambda at=equilibrium.point, there=there: analysis.spectrum(there, at=at),
            printer.sheet.spectrum_rows,
        )
        if spectrum is not None and isinstance(there, Flow) and not equilibrium.free:
            _center(printer, there, equilibrium, spectrum, where)


def _center(
    printer: Printer, flow: Flow, equilibrium: Equilibrium, spectrum: Spectrum, where: str
) -> None:
    """The first Lyapunov coefficient, where the spectrum of a nonlinear planar flow is a center."""
    from sympy import Or, false

    from symgan import analysis
    from symgan.results import Stability

    condition = spectrum.condition(Stability.CENTER)
    if condition is false or len(flow.state) != 2 or is_linear(flow):
        return

    def derive() -> tuple[Any, ...]:
        found = []
        for case in Or.make_args(condition):
            fixed = fixed_parameters(case, flow.parameters)
            at = {symbol: value.subs(fixed) for symbol, value in equilibrium.point.items()}
            given = {key.subs(fixed): value for key, value in fixed_losses(case).items()}
            coefficient = analysis.first_lyapunov_coefficient
            value = coefficient(flow.subs(fixed), at, where=given)
            found.append(printer.sheet.Case(case, value))
        return tuple(found)

    title = f"first Lyapunov coefficient (r' = a r**3) at {where}"
    printer.section(title, derive, printer.sheet.lyapunov_rows)


def is_linear(flow: Flow) -> bool:
    """Whether the Jacobian is free of state and time."""
    jacobian = flow.jacobian()
    moving = {*flow.state, *(() if flow.time is None else (flow.time,))}
    return not jacobian.free_symbols & moving


def _initial(choice: Choice, flow: Flow, x0: str | None) -> dict[Any, Any]:
    """The initial values given, else symbols: theta_0, or theta_start where that is taken."""
    from sympy import Symbol

    from symgan.cli import options

    if x0 is not None:
        if not is_linear(flow):
            raise GameError(
                "--x0 starts the closed form, and this flow is not linear; leave it out, or "
                "follow the flow with symgan simulate"
            )
        return options.point(x0, flow.state, flow.parameters)
    taken = {symbol.name for symbol in (*flow.state, *choice.game.parameters)}
    return {
        symbol: Symbol(
            f"{symbol}_0" if f"{symbol}_0" not in taken else f"{symbol}_start", real=True
        )
        for symbol in flow.state
    }


def _eta() -> Any:
    from sympy import Symbol

    return Symbol("eta", positive=True)
