"""Every game of the catalog with every scalar loss it takes, and every rule on it."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from functools import cache

import sympy as sp

from symgan import games, rules
from symgan.errors import GameError
from symgan.expectation import Expectation
from symgan.game import Game
from symgan.kernels import FlowKernel, MapKernel, compile
from symgan.losses import SCALAR_LOSSES
from symgan.system import Flow, Map

eta = sp.Symbol("eta", positive=True)
SURGERY = "local-symplectic-surgery"
MANY = 4
"""Symbols beyond which only `PLAIN` rules are compiled with their Jacobians."""
PLAIN = ("alternating", "heavy-ball", "simultaneous")
PROBES = (("dirac", "jensen-shannon"), ("three-player-ring", ""))
"""Games on which rules are tried while tests are collected: one is not linear, one has three
players. A rule with a map on both is expected to have one on every game, and its test fails
where it has none; the others are built on every game to see on which they have one."""


def titles() -> Iterator[tuple[str, str]]:
    """(game, loss) for all games; loss is "" for games without one."""
    for name, build in games.catalog().items():
        takes_loss = "loss" in inspect.signature(build).parameters
        for loss in SCALAR_LOSSES if takes_loss else [""]:
            if not any(map(_is_mean, game(name, loss).losses)):
                yield name, loss


def on_backends(cases: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Every case on NumPy, and every fourth on the JIT as well, which takes longer to compile."""
    listed = list(cases)
    return [*((*case, "numpy") for case in listed), *((*case, "jit") for case in listed[::4])]


def _is_mean(loss: sp.Expr) -> bool:
    """Whether a loss holds a mean without a closed form, which no kernel takes."""
    return bool(loss.has(Expectation))


@cache
def game(name: str, loss: str) -> Game:
    build = games.named(name)
    return build(SCALAR_LOSSES[loss]) if loss else build()


@cache
def flow(name: str, loss: str, backend: str = "numpy") -> tuple[FlowKernel, Flow]:
    system = game(name, loss).flow()
    return compile(system, backend=backend), system


def steps() -> Iterator[tuple[str, str, str]]:
    """(game, loss, rule) for rules with an explicit map on a game that they apply to.

    All rules on games without a loss; with one, every fourth, each with some loss. On games of
    many symbols those that nest no derivatives: Jacobians of the others take minutes there.
    """
    names = list(rules.catalog())
    for name, loss in titles():
        turn = list(SCALAR_LOSSES).index(loss) % 4 if loss else 0
        chosen = names[turn::4] if loss else names
        for rule in chosen if len(game(name, loss).state) <= MANY else PLAIN:
            if rule == SURGERY and len(game(name, loss).state) > 2:
                continue  # it divides by zero where v = 0 and J is singular, as on annealed data
            if on_probes(rule) or explicit(name, loss, rule) is not None:
                yield name, loss, rule


@cache
def on_probes(rule: str) -> bool:
    """Whether a rule has a map in closed form on all `PROBES`."""
    return all(explicit(*probe, rule) is not None for probe in PROBES)


@cache
def explicit(name: str, loss: str, rule: str) -> Map | None:
    """A rule's map on a game, or None where there is none in closed form; built once."""
    try:
        system = rules.named(rule)(game(name, loss), eta)
    except GameError:
        return None  # tests/contracts says which rules may refuse which games
    return system if isinstance(system, Map) else None


@cache
def step(name: str, loss: str, rule: str, backend: str = "numpy") -> tuple[MapKernel, Map]:
    system = explicit(name, loss, rule)
    assert system is not None, f"{rule} has no map on {name} {loss}: add this game to PROBES"
    return compile(system, backend=backend), system
