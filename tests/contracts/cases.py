"""The games and rules that the contracts run over, found by discovery."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from sympy import Integer, Mul, Rational, Symbol

from symgan import games, rules
from symgan.errors import GameError
from symgan.expectation import Expectation
from symgan.game import Game
from symgan.losses import SCALAR_LOSSES, GenericLoss
from symgan.system import Flow

eta = Symbol("eta", positive=True)

VARIANTS: dict[str, tuple[dict[str, Any], ...]] = {
    "annealed": (
        {"switch": Symbol("lambda", real=True)},
        {"switch": 1, "side": "discriminator"},
    ),
}
"""Options of games worth a case of their own; discovery supplies the defaults."""

r = Symbol("r", positive=True)
b = Symbol("b", real=True)

OPTIONS: dict[str, Callable[[Game], tuple[dict[str, Any], ...]]] = {
    "alternating": lambda game: (
        {"n_d": 2},
        {"n_g": 3, "order": tuple(reversed(range(len(game.players))))},
    ),
    "two-timescale": lambda game: ({"tau": (Rational(1, 3),) * (len(game.players) - 1)},),
    "extragradient": lambda game: ({"extrapolation": r},),
    "past-extragradient": lambda game: ({"extrapolation": Rational(1, 2)},),
    "optimistic": lambda game: ({"optimism": r}, {"optimism": 0}),
    "heavy-ball": lambda game: (
        {"alternating": True},
        {"beta": (Rational(-1, 2), *(b,) * (len(game.players) - 1)), "alternating": True},
    ),
    "lookahead": lambda game: (
        {"base": "alternating", "alpha": r},
        {"base": "heavy-ball", "beta": Rational(-1, 2), "memory": "reset"},
        {"base": "past-extragradient"},
        {"base": "optimistic", "alpha": Rational(2, 3)},
    ),
    "unrolled": lambda game: (
        {"through": False},
        {"steps": 2, "inner": Rational(1, 7)},
        {"steps": 2, "through": False},
    ),
    "symplectic-adjustment": lambda game: ({"lam": b}, {"align": True, "lam": r, "epsilon": r}),
    "local-symplectic-surgery": lambda game: ({"lam": r},),
    "local-symplectic-surgery-two-timescale": lambda game: ({"lam": 0, "tau": Rational(3, 2)},),
}
"""Options of rules worth a case of their own."""

inner = Symbol("inner", positive=True)

FLOW_OPTIONS: dict[str, Callable[[Game], tuple[dict[str, Any], ...]]] = {
    **OPTIONS,
    "unrolled": lambda game: (
        {"inner": inner},
        {"inner": inner, "through": False},
        {"steps": 2, "inner": Rational(1, 7)},
    ),
    "heavy-ball": lambda game: ({"friction": 0}, {"friction": (r,) * len(game.players)}),
}
"""Options of flows worth a case of their own; those of the rules unless they differ."""

OF_ITS_OWN_ORDER = frozenset({"heavy-ball"})
"""Flows that are no first order in the step of their rule: here the step is a square of time."""

RESTRICTED = frozenset({"dirac-oracle", "local-symplectic-surgery"})
"""Rules that refuse games outside their definition; the others take every game."""

BULKY = frozenset({"local-symplectic-surgery", "local-symplectic-surgery-two-timescale"})
"""Rules whose maps hold exp(-|v|^2) and products of Jacobians: the product has them on games of
two symbols, `test_drawn_games` on larger ones; derivatives of the rest take minutes."""


class First(GenericLoss):
    """The free loss of the first player alone."""


class Second(GenericLoss):
    """The free loss of the second player alone."""


class Third(GenericLoss):
    """The free loss of the third player alone."""


OWN_LOSSES = (First, Second, Third)


def _opaque(n: int) -> Game:
    """n players of one parameter each; every player's gradient is told from the others'."""
    players = tuple(Symbol(f"x_{i}", real=True) for i in range(n))
    meeting = Mul(*players)
    losses = tuple(loss(meeting) for loss in OWN_LOSSES[:n])
    rest = {symbol: Integer(0) for symbol in players}
    return Game(f"opaque-{n}", tuple((s,) for s in players), losses, equilibrium=rest)


OPAQUE = {f"{n} players": _opaque(n) for n in (2, 3)}
"""Games on which gradients can be counted."""


def game_cases(*, concrete: bool) -> dict[str, Game]:
    """Every game; those with a scalar loss with the free one, or with each concrete one."""
    found: dict[str, Game] = {}
    for name, build in games.catalog().items():
        takes_loss = "loss" in inspect.signature(build).parameters
        losses = SCALAR_LOSSES if concrete else {"free": GenericLoss}
        for options in ({}, *VARIANTS.get(name, ())):
            label = "-".join([name, *map(str, options.values())])
            if takes_loss:
                found |= {f"{label}-{n}": build(loss=f, **options) for n, f in losses.items()}
            else:
                found[label] = build(**options)
    if concrete:  # a mean without a closed form has derivatives but no numbers at hand
        found = {label: g for label, g in found.items() if not any(map(_is_mean, g.losses))}
    return found


def _is_mean(loss: Any) -> bool:
    return loss.has(Expectation)


def rule_cases(game: Game) -> dict[str, tuple[Callable[..., Any], dict[str, Any]]]:
    """Every rule that takes the game, with its default options and those of `OPTIONS`.

    Kept for every game: whether a rule takes it shows in building it.
    """
    if id(game) not in _cases:
        _cases[id(game)] = game, _found(game)
    return dict(_cases[id(game)][1])


def _found(game: Game) -> dict[str, tuple[Callable[..., Any], dict[str, Any]]]:
    found: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {}
    for name, rule in rules.catalog().items():
        if _left_out(name, game):
            continue
        for options in ({}, *OPTIONS.get(name, lambda _: ())(game)):
            label = "-".join([name, *(f"{k}={v}" for k, v in options.items())])
            found[label] = (rule, options)
    return found


_cases: dict[int, tuple[Game, dict[str, tuple[Callable[..., Any], dict[str, Any]]]]] = {}
"""id of a game -> the game, kept so that its id stays its own, and its cases."""
_maps: dict[tuple[int, str], tuple[Game, Any]] = {}
"""(id of a game, label) -> the game, kept so that its id stays its own, and the rule's map."""


def built(game: Game, label: str, case: tuple[Callable[..., Any], dict[str, Any]]) -> Any:
    """The map of one of a game's `rule_cases`, built once for all laws that it is held to."""
    key = (id(game), label)
    if key not in _maps:
        rule, options = case
        _maps[key] = game, rule(game, eta, **options)
    return _maps[key][1]


def flow_cases(game: Game) -> dict[str, tuple[str, Flow, dict[str, Any]]]:
    """Every flow that takes the game: its name, the flow and the options."""
    found: dict[str, tuple[str, Flow, dict[str, Any]]] = {}
    for name, flow in rules.flows().items():
        if _left_out(name, game):
            continue
        for options in ({}, *FLOW_OPTIONS.get(name, lambda _: ())(game)):
            label = "-".join([name, *(f"{k}={v}" for k, v in options.items())])
            found[label] = (name, flow(game, **options), options)
    return found


def _left_out(name: str, game: Game) -> bool:
    if name in BULKY and len(game.state) > 2:
        return True
    return name in RESTRICTED and refused(rules.named(name), game)


def refused(rule: Callable[..., Any], game: Game) -> bool:
    """Whether a rule refuses a game."""
    try:
        rule(game, eta)
    except GameError:
        return True
    return False
