"""What kind of stationary point the declared equilibrium is, in the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from symgan.cli.printer import Printer

if TYPE_CHECKING:
    from symgan.game import Game


def kind(printer: Printer, game: Game, values: Any) -> None:
    """A section on Nash, Stackelberg and attraction; none without a declared equilibrium."""
    from symgan.analysis import classify

    if game.equilibrium is None or game.time is not None:
        return
    chosen = game.subs(values) if values else game
    printer.section("as an equilibrium of the game", lambda: classify(chosen), _rows)


def _rows(found: Any) -> Iterator[tuple[str, str]]:
    from sympy import false, true

    cases = {
        "differential Nash": found.differential_nash,
        "strict local Nash": found.strict_nash,
        "local Nash": found.nash,
        "not Nash": found.not_nash,
        "open whether Nash": found.open,
        **{
            f"differential Stackelberg, player {leader} leads": condition
            for leader, condition in enumerate(found.stackelberg)
        },
        "attracts the flow exponentially": found.attracting,
        "non-Nash attractor": found.non_nash_attractor,
    }
    for words, condition in cases.items():
        if condition is not false:
            yield words, "yes" if condition is true else f"where {condition}"
