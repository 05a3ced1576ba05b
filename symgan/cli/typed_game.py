"""The game that a command is about, as it is typed: the same options everywhere."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

from symgan.cli.arguments import (
    GameName,
    Loss,
    Maximize,
    Minimize,
    Parameters,
    Payoff,
    Positive,
    Regularizer,
    Settings,
)

if TYPE_CHECKING:
    from symgan.cli.options import Choice


@dataclass(frozen=True)
class TypedGame:
    """A game as it was typed.

    Attributes:
        game: its name; None with a payoff.
        payoff: the payoff of a game that has no name.
        minimize, maximize: its players' symbols, separated by commas.
        parameters, positive: its further symbols, real or positive.
        loss: a named loss, for games that take one.
        settings: texts ``name=value`` for parameters and options.
        regularizer: the name of one, None without.
    """

    game: str | None
    payoff: str | None
    minimize: str | None
    maximize: str | None
    parameters: str | None
    positive: str | None
    loss: str | None
    settings: tuple[str, ...]
    regularizer: str | None

    def choice(self, *more: str) -> Choice:
        """The game with its settings and these.

        Raises:
            SymganError: names that do not exist or do not fit together.
        """
        from symgan.cli import options

        found = options.choose(
            self.game,
            payoff=self.payoff,
            minimize=self.minimize,
            maximize=self.maximize,
            parameters=self.parameters,
            positive=self.positive,
            loss=self.loss,
            settings=(*self.settings, *more),
        )
        return options.regularize(found, self.regularizer)


def typed_game(
    game: GameName = None,
    payoff: Payoff = None,
    minimize: Minimize = None,
    maximize: Maximize = None,
    param: Parameters = None,
    positive: Positive = None,
    loss: Loss = None,
    settings: Settings = None,
    regularizer: Regularizer = None,
) -> TypedGame:
    """A game from its options."""
    names = (minimize, maximize, param, positive)
    return TypedGame(game, payoff, *names, loss, tuple(settings or ()), regularizer)


def with_options(
    of: Callable[..., Any], last: Sequence[str] = (), **changed: Any
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Makes a command of a function whose first argument is what options say.

    Args:
        of: what makes that argument; its parameters are the options, listed first by help.
        last: those of them that help lists after the function's own.
        changed: what Typer is told of some of them instead of what `of` says.
    """

    def decorate(own: Callable[..., None]) -> Callable[..., None]:
        shared = {
            name: p.replace(annotation=changed.get(name, p.annotation))
            for name, p in inspect.signature(of, eval_str=True).parameters.items()
        }
        others = list(inspect.signature(own, eval_str=True).parameters.values())[1:]
        first = [p for name, p in shared.items() if name not in last]

        @wraps(own)
        def command(**given: Any) -> None:
            typed = of(**{name: given.pop(name) for name in shared})
            own(typed, **given)

        needed = [p for p in others if p.default is p.empty]  # Python has these first
        more = [p for p in others if p.default is not p.empty]
        parameters = [*needed, *first, *more, *(shared[name] for name in last)]
        command.__signature__ = inspect.Signature(parameters)  # pyright: ignore[reportAttributeAccessIssue]
        return command

    return decorate
