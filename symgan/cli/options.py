"""From what is typed to a game, a rule, and values. Heavy imports: load it inside commands."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, get_args, get_type_hints

from sympy import Expr, Symbol

from symgan import games, regularizers, rules
from symgan.errors import GameError, UnknownName
from symgan.game import Game, zero_sum
from symgan.losses import GenericLoss, named_loss
from symgan.parse import ParseError, expression, names, number, pairs
from symgan.system import Flow, Map

_BY_OTHER_MEANS = frozenset({"loss", "schedule", "order", "eta", "game"})
"""Arguments of builders and rules that ``--set`` does not reach."""
_SWITCH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True)
class Choice:
    """A game, and what ``--set`` said that is not the game's own.

    Attributes:
        game: the game, its builder's options applied.
        values: numbers for the game's parameters, by symbol.
        rest: settings that neither the builder nor the parameters know.
        options: what ``--set`` reaches in the game's builder.
    """

    game: Game
    values: Mapping[Symbol, Expr]
    rest: Mapping[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()


def choose(
    name: str | None,
    *,
    payoff: str | None = None,
    minimize: str | None = None,
    maximize: str | None = None,
    parameters: str | None = None,
    positive: str | None = None,
    loss: str | None = None,
    settings: tuple[str, ...] = (),
) -> Choice:
    """The game that the options of a command describe.

    Args:
        name: a game of the catalog, or None with a payoff.
        payoff: the payoff of a typed game.
        minimize, maximize: its players' symbols, separated by commas.
        parameters, positive: its further symbols, real or positive.
        loss: a named loss, for games that take one.
        settings: texts ``name=value`` for parameters and options.

    Raises:
        SymganError: names that do not exist or do not fit together.
    """
    given = pairs(settings, what="setting")
    if (name is None) == (payoff is None):
        raise GameError("name a game (symgan list) or type one: --payoff ... --min ... --max ...")
    if name is not None:
        if minimize or maximize or parameters or positive:
            raise GameError("--min, --max, --param and --positive go with --payoff")
        return _split_settings(*_named(name, loss, given), tuple(_settable(games.named(name))))
    if loss is not None:
        raise GameError("--loss goes with a named game; write the loss into the payoff")
    game = _typed(str(payoff), minimize, maximize, parameters, positive)
    return _split_settings(game, given)


def regularize(choice: Choice, name: str | None) -> Choice:
    """The choice with a regularizer on its game; the weight is a number, or the symbol gamma.

    Raises:
        UnknownName: no such regularizer.
        GameError: it does not apply, or the game has a parameter gamma of its own.
    """
    if name is None:
        return choice
    penalty = regularizers.named(name)
    if any(symbol.name == "gamma" for symbol in choice.game.parameters):
        raise GameError("the game has a parameter gamma of its own, which the weight is called")
    rest = dict(choice.rest)
    weight = rest.pop("gamma", None)
    gamma = Symbol("gamma", positive=True)
    found = penalty(choice.game, gamma)
    given = {} if weight is None else {gamma: _fitting(gamma, number(weight, what="weight gamma"))}
    return replace(choice, game=found, values={**choice.values, **given}, rest=rest)


def apply_flow(
    choice: Choice, name: str | None, symbols: Mapping[str, Symbol] | None = None
) -> Flow:
    """The flow of this name with its options from the settings; simultaneous without a name.

    Further options are symbols, where some are given.

    Raises:
        UnknownName: no such flow, or a setting that nothing takes.
    """
    flow = rules.named_flow(name or "simultaneous")
    known = _settable(flow)
    options = {key: _option(flow, key, text) for key, text in choice.rest.items() if key in known}
    refuse_rest(choice, flow, taken=options)
    return flow(choice.game, **options, **(symbols or {})).subs(choice.values)


def apply_rule(
    choice: Choice, name: str, eta: Any, symbols: Mapping[str, Symbol] | None = None
) -> Map:
    """The map of a rule with its options from the settings, and symbols for further ones.

    Raises:
        UnknownName: no such rule, or a setting that nothing takes.
    """
    rule = rules.named(name)
    return rule(choice.game, eta, **options_of(choice, rule), **(symbols or {}))


def options_of(choice: Choice, rule: Callable[..., Any]) -> dict[str, Any]:
    """The options of a rule among the settings.

    Raises:
        UnknownName: a setting that nothing takes.
    """
    takers = [rule]
    if "base" in inspect.signature(rule).parameters:  # it hands further options to its base
        default = inspect.signature(rule).parameters["base"].default
        takers.append(rules.named(choice.rest.get("base", default)))
    options = {
        key: _option(taker, key, text)
        for key, text in choice.rest.items()
        for taker in takers
        if key in _settable(taker)
    }
    refuse_rest(choice, rule, taken=options)
    return options


def refuse_rest(
    choice: Choice, rule: Callable[..., Any] | None = None, taken: Mapping[str, Any] | None = None
) -> None:
    """Refuse settings that nothing took.

    Raises:
        UnknownName: names them and lists what could be set.
    """
    left = [key for key in choice.rest if key not in (taken or {})]
    if left:
        own = [symbol.name for symbol in choice.game.parameters]
        known = [*own, *choice.options, *(_settable(rule) if rule else [])]
        raise UnknownName(
            f"nothing here is called {', '.join(left)}; "
            f"--set reaches: {', '.join(dict.fromkeys(known)) or 'nothing'}"
        )


def step_sizes(text: str) -> Any:
    """One exact step, or a tuple of one a player, from ``0.1`` or ``0.1,0.2``."""
    steps = tuple(number(part, what="step size") for part in text.split(","))
    return steps[0] if len(steps) == 1 else steps


def point(
    text: str | None, state: tuple[Symbol, ...], parameters: tuple[Symbol, ...] = ()
) -> dict[Symbol, Expr]:
    """Initial values for every state symbol: numbers, or expressions in the parameters.

    Raises:
        GameError: one is missing, or a name is no state symbol.
        ParseError: a value that is no expression, or holds another name.
    """
    known: dict[str, Expr] = {symbol.name: symbol for symbol in parameters}
    given = {
        key: expression(value, known, what=f"initial value of {key}")
        for key, value in pairs([text] if text else [], what="initial state").items()
    }
    wanted = [symbol.name for symbol in state]
    if missing := [name for name in wanted if name not in given]:
        example = ",".join(f"{name}=1" for name in wanted)
        raise GameError(f"no initial value for {', '.join(missing)}; give --x0 {example}")
    if unknown := [name for name in given if name not in wanted]:
        raise GameError(f"--x0 names {', '.join(unknown)}; the state is {', '.join(wanted)}")
    return {symbol: given[symbol.name] for symbol in state}


def _named(name: str, loss: str | None, given: dict[str, str]) -> tuple[Game, dict[str, str]]:
    build = games.named(name)
    options: dict[str, Any] = {}
    if loss is not None:
        if "loss" not in inspect.signature(build).parameters:
            raise GameError(f"the game {name!r} takes no loss; leave --loss out")
        options["loss"] = _loss(loss)
    for key in _settable(build):
        if key in given:
            options[key] = _option(build, key, given[key])
    rest = {key: text for key, text in given.items() if key not in options}
    return build(**options), rest


def _loss(name: str) -> Any:
    """A loss by its name; ``free`` is any loss f at all."""
    if name == "free":
        return GenericLoss
    try:
        return named_loss(name)
    except UnknownName as error:
        raise UnknownName(f"{error}; or free, for any loss f") from None


def _typed(
    payoff: str,
    minimize: str | None,
    maximize: str | None,
    parameters: str | None,
    positive: str | None,
) -> Game:
    if not minimize or not maximize:
        raise GameError("a typed payoff needs its players: --min theta --max psi")
    players = [names(minimize), names(maximize)]
    reals = names(parameters) if parameters else ()
    positives = names(positive) if positive else ()
    symbols = {name: Symbol(name, real=True) for name in (*players[0], *players[1], *reals)}
    symbols |= {name: Symbol(name, positive=True) for name in positives}
    own = {name for player in players for name in player}
    for name in (*reals, *positives):
        if name in own or (*reals, *positives).count(name) > 1:
            raise GameError(f"symbol {name} is declared twice; name it in one option only")
    return zero_sum(
        expression(
            payoff, dict(symbols), what="payoff", remedy="declare it: --param or --positive"
        ),
        minimize=tuple(symbols[name] for name in players[0]),
        maximize=tuple(symbols[name] for name in players[1]),
        parameters=tuple(symbols[name] for name in (*reals, *positives)),
    )


def _split_settings(game: Game, given: dict[str, str], options: tuple[str, ...] = ()) -> Choice:
    """Numbers for the game's parameters; the other settings as they stand."""
    by_name = {symbol.name: symbol for symbol in game.parameters}
    values = {
        by_name[key]: _fitting(by_name[key], number(text, what=f"value of {key}"))
        for key, text in given.items()
        if key in by_name
    }
    rest = {key: text for key, text in given.items() if key not in by_name}
    return Choice(game, values, rest, options)


def _fitting(symbol: Symbol, value: Expr) -> Expr:
    """The value, if the symbol's assumptions allow it."""
    if (symbol.is_positive and not value.is_positive) or (
        symbol.is_nonnegative and value.is_negative
    ):
        raise GameError(f"{symbol} = {value} contradicts that {symbol} is positive")
    return value


def _settable(function: Callable[..., Any]) -> list[str]:
    return [
        key
        for key, parameter in inspect.signature(function).parameters.items()
        if key not in _BY_OTHER_MEANS and parameter.kind is not inspect.Parameter.VAR_KEYWORD
    ]


def _option(function: Callable[..., Any], key: str, text: str) -> Any:
    """The value of an option: a literal, a name, yes or no, a whole number, an expression."""
    hint = get_type_hints(function).get(key)
    if hint is bool:
        if text.lower() not in _SWITCH:
            raise ParseError(f"value of {key}", "true or false is wanted", text, 0)
        return _SWITCH[text.lower()]
    if str in get_args(hint):
        return text
    if literals := get_args(hint):
        if text in literals:
            return text
        if all(isinstance(choice, str) for choice in literals):
            raise UnknownName(f"{key} = {text!r}; choose one of: {', '.join(literals)}")
    if hint is int:
        value = number(text, what=f"value of {key}")
        if not value.is_Integer:
            raise ParseError(f"value of {key}", "a whole number is wanted", text, 0)
        return int(value)
    return expression(text, what=f"value of {key}")
