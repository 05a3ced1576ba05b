r"""One step of a torch rule, held to the exact map of the same rule in sixty digits.

The error is the difference from the exact value of the map at the same floats, in units of the
last place of the sum of the magnitudes of the map's terms (`symgan.kernels.evaluate`); where the
map is implicit, the residual of its equation at what torch computed, in those of its terms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
import sympy as sp
import torch
from mpmath import mpf
from sympy import Symbol

from symgan import rules
from symgan.empirical.bridge import Memory, TorchGame, Update, flatten, unflatten
from symgan.empirical.bridge.nests import detached
from symgan.empirical.bridge.rules import named
from symgan.empirical.bridge.update import drawn
from symgan.game import Game
from symgan.implicit import ImplicitMap
from symgan.kernels.evaluate import sized
from symgan.system import Map

ULP = mpf(2) ** -52
DIGITS = 60
TINY = mpf(2) ** -1022
"""The smallest normal float: what is lost below it is not held against torch."""

FEW = 4.0
"""Ulp that a step may err: a step has some ten roundings, each of them of at most half an ulp of a
term, and the terms carry their own. The whole product errs by less than 3; a step that is wrong in
one term errs by a thousand times as much (`test_false_neighbors`)."""

OPEN = {"heavy-ball": "beta", "two-timescale": "tau", "consensus": "gamma"} | {
    "gradient-norm": "gamma",
    "local-symplectic-surgery": "xi",
    "local-symplectic-surgery-two-timescale": "xi tau",
}
"""Options that are symbols in symgan unless given, and numbers here."""


@dataclass(frozen=True)
class Case:
    """A rule with options on a game.

    Attributes:
        game, name, options: as symgan takes them, with symbols in the options.
        eta: the step, a symbol or one a player.
    """

    game: Game
    name: str
    options: Mapping[str, Any]
    eta: Any

    def exact(self) -> Map | ImplicitMap:
        """symgan's map."""
        found: Any = rules.named(self.name)(self.game, self.eta, **self.options)
        return found

    def update(self, values: Mapping[str, float]) -> Update:
        """The rule on torch, at these values of all symbols by their names."""
        own = {s.name for s in (*self.game.state, *self.game.parameters)}
        players = TorchGame(self.game, {n: v for n, v in values.items() if n in own})
        options = {name: _numeric(value, values) for name, value in self.options.items()}
        for option in OPEN.get(self.options.get("base", self.name), "").split():
            if option not in options and not (option == "xi" and "lam" in options):
                options[option] = values[option]
        return named(self.name)(players, _numeric(self.eta, values), **options)


def _numeric(value: Any, values: Mapping[str, float]) -> Any:
    if isinstance(value, tuple):
        return tuple(_numeric(v, values) for v in value)
    if isinstance(value, Symbol):
        return values[value.name]
    return value


def symbols_of(system: Map | ImplicitMap) -> list[Symbol]:
    """The state and the parameters."""
    return [*system.state, *system.parameters]


def drawn_values(system: Map | ImplicitMap, seed: int, reach: float = 3.0) -> dict[str, float]:
    """Values of all symbols: states over some decades, of either sign, now and then zero.

    Parameters are between 1/20 and 1/2, where every option is allowed.
    """
    draw = np.random.default_rng(seed)
    found = {p.name: float(draw.uniform(0.05, 0.5)) for p in system.parameters}
    size = 10.0 ** draw.uniform(-reach, 0.5)
    for s in system.state:
        found[s.name] = float(draw.choice([-1.0, 1.0]) * size * 10.0 ** draw.uniform(-1, 0.0))
    if draw.random() < 0.2:
        found[str(draw.choice([s.name for s in system.state]))] = 0.0
    return found


def advanced(update: Update, system: Map | ImplicitMap, values: Mapping[str, float], k: int) -> Any:
    """What torch makes of a state of the exact map: its next state, in the map's order."""
    players: Any = update.players
    x = detached(players.parameters)
    n = len(players.game.state)
    rest = torch.tensor([values[s.name] for s in system.state[n:]], dtype=torch.float64)
    memory = update.start(x)
    nests = tuple(unflatten(part, x) for part in rest.split(n)) if memory.nests else ()
    numbers = tuple(rest.tolist()) if memory.numbers else ()
    moved = update.advance(x, Memory(nests, numbers=numbers), k, drawn(None))
    after = [flatten(moved.parameters), *map(flatten, moved.memory.nests)]
    return [*torch.cat(after).tolist(), *moved.memory.numbers], moved.report


def error(system: Map | ImplicitMap, after: Any, values: Mapping[str, float], k: int) -> float:
    """The error of a next state, in ulp of the magnitudes of the map's terms."""
    with mpmath.workdps(DIGITS):
        place = {s: mpf(values[s.name]) for s in symbols_of(system)}
        if system.index is not None:
            place[system.index] = mpf(k)
        if isinstance(system, ImplicitMap):
            place |= {s: mpf(v) for s, v in zip(system.next, after, strict=True)}
            sizes = [(sized(r, place), mpf(0)) for r in system.residual]
        else:
            pairs = zip(system.rhs, after, strict=True)
            sizes = [(sized(f, place), mpf(float(v))) for f, v in pairs]
        return max(float(_ulps(exact, got)) for exact, got in sizes)


def _ulps(exact: Any, got: Any) -> Any:
    if not mpmath.isfinite(got):
        return mpf("inf")
    lost = max(mpf(0), abs(got - exact.value) - TINY)
    return lost / (exact.magnitude * ULP) if lost else mpf(0)


@dataclass(frozen=True)
class Step:
    """A step on torch beside the exact one: its error, and whether an equation was solved."""

    error: float
    solved: bool


def step(case: Case, seed: int, k: int = 0) -> Step:
    """One step from a drawn state."""
    system = case.exact()
    values = drawn_values(system, seed)
    after, report = advanced(case.update(values), system, values, k)
    solved = report is None or report.converged
    return Step(error(system, after, values, k), solved)


def as_float(value: Any) -> Any:
    """An exact default as torch has it."""
    return float(value) if isinstance(value, sp.Expr) and value.is_number else value
