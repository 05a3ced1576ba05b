"""``symgan audit``: hand-written code held against what symgan derives."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from symgan.cli.arguments import Eta, Rule
from symgan.cli.console import progress
from symgan.cli.typed_game import TypedGame, typed_game, with_options
from symgan.errors import GameError

INTERRUPTED = 130
GameOption = Annotated[str | None, typer.Option(metavar="GAME", help="The game that it is about.")]


@with_options(typed_game, game=GameOption)
def audit(
    typed: TypedGame,
    target: Annotated[
        str, typer.Argument(metavar="FILE.py:NAME", help="The code: a function or a class.")
    ],
    rule: Rule = None,
    eta: Eta = None,
    opt: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="An option of the rule.")
    ] = None,
    of: Annotated[
        str,
        typer.Option(metavar="KIND", help="field, jacobian, map, optimizer or step."),
    ] = "auto",
    sign: Annotated[
        str, typer.Option(metavar="SIGN", help="v, or flow for code that returns x' = -v.")
    ] = "v",
    steps: Annotated[int, typer.Option(min=1, metavar="N", help="Steps of a map.")] = 4,
    seed: Annotated[int, typer.Option(metavar="N", help="Of sampled points.")] = 0,
    limit: Annotated[
        float, typer.Option(min=1.0, metavar="SECONDS", help="Processor time, at most.")
    ] = 60.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead.")] = False,
) -> None:
    """Hold a hand-written field, Jacobian, update map or optimizer against the derived one.

    FILE.py is imported, which runs it, in a process of its own. A field is a
    function of the players' numbers, f(theta, psi), of one sequence, f(x), or
    of one array a player; parameters are arguments by name (eta or lr is the
    step). A map may also be a class with a method step, or a function that
    makes one or yields the states. With --rule code is taken for a map.

    \b
    Examples:
      symgan audit mine.py:field --game dirac --loss jensen-shannon
      symgan audit mine.py:jacobian --game quadratic --set P=2,B=3,Q=1
      symgan audit mine.py:step --game bilinear --rule alternating
      symgan audit mine.py:Momentum --game bilinear --rule heavy-ball --opt beta=0.9
      symgan audit mine.py:MyAdam --game bilinear --rule adam --eta 0.01 --of optimizer

    \b
    Where code accepts SymPy's symbols the verdict is a proof; else points are
    sampled, exactly where rationals are accepted. Exits with 0 if it computes
    what is derived, 1 if not, 4 if that is not decided within the limit.
    """
    from symgan.audit.child import audit_file
    from symgan.cli import options
    from symgan.cli.audit_sheet import print_json, show

    if typed.game is None and typed.payoff is None:
        raise GameError("name the game that the code is about: --game bilinear, or --payoff ...")
    choice = typed.choice(*(opt or ()))
    question = {
        "game": choice.game,
        "rule": rule,
        "eta": None if eta is None else options.step_sizes(eta),
        "options": _rule_options(choice, rule, of),
        "values": {s.name: v for s, v in choice.values.items()},
        "of": of,
        "sign": sign,
        "steps": steps,
        "seed": seed,
        "budget": limit / 2,
    }
    try:
        with progress(f"auditing {target}"):
            found = audit_file(target, question, limit=limit)
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    (print_json if as_json else show)(found)
    raise typer.Exit(found.exit_code)


def _rule_options(choice: Any, rule: str | None, of: str) -> dict[str, Any]:
    """The options of a rule or optimizer among the settings."""
    from symgan.audit.question import builder
    from symgan.cli import options

    if rule is None:
        options.refuse_rest(choice)
        return {}
    if of == "field":
        from symgan import rules

        return options.options_of(choice, rules.named_flow(rule))
    return options.options_of(choice, builder(rule))
