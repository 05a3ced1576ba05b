"""From what is typed to the systems of a figure. Heavy imports: load it inside commands."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sympy import Symbol

from symgan import rules
from symgan.cli import options
from symgan.cli.options import Choice
from symgan.errors import GameError
from symgan.game import Game
from symgan.losses import GenericLoss
from symgan.parse import number, pairs

Ends = tuple[Any, Any] | None
ETA = Symbol("eta", positive=True)
OWN_MARKS = (b"<dc:title>symgan</dc:title>", b"/Creator (symgan)", b"Software\x00symgan")
"""What figures of symgan hold, as SVG, PDF and PNG."""


def is_own(path: Path) -> bool:
    """Whether a file is a figure that symgan wrote."""
    try:
        held = path.read_bytes()
    except OSError:
        return False
    return any(mark in held for mark in OWN_MARKS)


def ready(choice: Choice, swept: Sequence[str] = ()) -> Game:
    """The game with its values, if it can be drawn.

    Raises:
        GameError: a free loss, a parameter without a value.
    """
    if any(loss.has(GenericLoss) for loss in choice.game.losses):
        raise GameError(
            f"the loss f of {choice.game.name} is free and cannot be drawn; choose one: "
            "--loss tanh (see: symgan list)"
        )
    missing = [
        p.name for p in choice.game.parameters if p not in choice.values and p.name not in swept
    ]
    if missing:
        example = ",".join(f"{name}=1" for name in missing)
        raise GameError(f"no value for {', '.join(missing)}; give --set {example}")
    return choice.game.subs(choice.values)


def system(choice: Choice, rule: str | None, eta: str | None, flow: str | None) -> Any:
    """The game itself, another flow, or the map of a rule.

    Raises:
        SymganError: a rule without a step, a step without a rule, both a rule and a flow.
    """
    game = ready(choice)
    if rule is None:
        if eta is not None:
            raise GameError("--eta goes with a rule; add --rule")
        if flow is None:
            options.refuse_rest(choice)
            return game
        return options.apply_flow(choice, flow)
    if flow is not None:
        raise GameError("--rule and --flow name two systems; give one")
    if eta is None:
        raise GameError(f"the rule {rule!r} needs a step; add --eta 0.1")
    return options.apply_rule(choice, rule, options.step_sizes(eta)).subs(choice.values)


def stepping(choice: Choice, rule: str, symbols: Sequence[str] = ()) -> Callable[[Game, Any], Any]:
    """A rule as a function of game and step, some of its options left as symbols."""
    own = set(inspect.signature(rules.named(rule)).parameters) - {"game", "eta"}
    free = {name: Symbol(name, real=True) for name in symbols if name in own}

    def stepped(game: Game, eta: Any) -> Any:
        return options.apply_rule(replace(choice, game=game), rule, eta, symbols=free)

    return stepped


def several(choice: Choice, texts: Sequence[str], eta: str) -> dict[str, Any]:
    """Maps by name, from texts ``rule`` or ``rule:option=value,...``.

    Raises:
        SymganError: names that do not exist, a rule given twice.
    """
    options.refuse_rest(choice)
    found: dict[str, Any] = {}
    for text in texts:
        name, _, rest = text.partition(":")
        given = pairs([rest], what=f"option of {name}") if rest else {}
        own = replace(choice, rest=given)
        if text in found:
            raise GameError(f"the rule {text} is given twice")
        found[text] = options.apply_rule(own, name, options.step_sizes(eta)).subs(choice.values)
    return found


def place(text: str, what: str) -> dict[str, Any]:
    """Values by name, from ``name=value,...``."""
    given = pairs([text], what=what)
    return {name: number(value, what=f"{what} of {name}") for name, value in given.items()}


def ranges(texts: Sequence[str], flag: str) -> dict[str, tuple[Any, Any]]:
    """Name -> (low, high), from ``name=low:high``.

    Raises:
        GameError: another form.
    """
    return {
        name: interval(text, f"{flag} {name}=") for name, text in pairs(texts, what=flag).items()
    }


def interval(text: str, flag: str) -> tuple[Any, Any]:
    """Two numbers, from ``low:high``.

    Raises:
        GameError: another form.
    """
    parts = text.split(":")
    if len(parts) != 2:
        raise GameError(f"cannot read {flag}{text}; write {flag}LOW:HIGH")
    return number(parts[0], what="lower end"), number(parts[1], what="upper end")


def window(texts: Sequence[str], state: Sequence[Symbol]) -> tuple[Ends, Ends]:
    """The ends of the axes x and y of a figure in the plane; None for the usual ones.

    Raises:
        GameError: a name that is no state symbol.
    """
    given = ranges(texts, "--window")
    names = [s.name for s in state]
    if unknown := [name for name in given if name not in names]:
        raise GameError(f"--window names {unknown[0]}; the state is {', '.join(names)}")
    across, up = [*(given.get(name) for name in names), None, None][:2]
    return across, up
