"""The games and rules that the contracts run over, found by discovery."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from sympy import Symbol

from symgan import games, rules
from symgan.game import Game
from symgan.losses import SCALAR_LOSSES, GenericLoss

eta = Symbol("eta", positive=True)

VARIANTS: dict[str, tuple[dict[str, Any], ...]] = {
    "annealed": (
        {"switch": Symbol("lambda", real=True)},
        {"switch": 1, "side": "discriminator"},
    ),
}
"""Options of games worth a case of their own; discovery supplies the defaults."""

OPTIONS: dict[str, Callable[[Game], tuple[dict[str, Any], ...]]] = {
    "alternating": lambda game: (
        {"n_d": 2},
        {"n_g": 3, "order": tuple(reversed(range(len(game.players))))},
    ),
}
"""Options of rules worth a case of their own."""


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
    return found


def rule_cases(game: Game) -> dict[str, tuple[Callable[..., Any], dict[str, Any]]]:
    """Every rule with its default options and those of `OPTIONS`."""
    found: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {}
    for name, rule in rules.catalog().items():
        for options in ({}, *OPTIONS.get(name, lambda _: ())(game)):
            label = "-".join([name, *(f"{k}={v}" for k, v in options.items())])
            found[label] = (rule, options)
    return found
