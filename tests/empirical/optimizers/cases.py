"""Optimizers as maps and as torch has them, with the same numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import sympy as sp
import torch
from sympy import Rational

from symgan import optimizers
from symgan.empirical.optimizers import OptimisticAdam
from symgan.game import Game
from symgan.games.dirac import dirac_non_saturating
from symgan.games.linear_quadratic import linear_quadratic
from symgan.games.multiplayer import four_player
from symgan.games.quadratic import bilinear
from symgan.losses import jensen_shannon
from symgan.system import Map

beta1, beta2, alpha, mu = sp.symbols("beta1 beta2 alpha mu", nonnegative=True)
eps, w = sp.symbols("epsilon w", nonnegative=True)
eta = sp.Symbol("eta", positive=True)

Values = Mapping[sp.Symbol, float]

DEFAULTS: Values = {
    beta1: 0.9, beta2: 0.999, alpha: 0.99, mu: 0.9, eps: 1e-8, eta: 1e-3, w: 0.01,
}  # fmt: skip
"""Those of PyTorch, where it has any but 0."""
COARSE: Values = {beta1: 0.5, beta2: 0.75, alpha: 0.6, mu: 0.3, eps: 0.1, eta: 0.25, w: 0.125}
"""Values at which every option counts."""


@dataclass(frozen=True)
class Case:
    """One optimizer.

    Attributes:
        name: in `symgan.optimizers`.
        torch: (tensors, values, \\*\\*implementation) -> the optimizer of torch.
        options: of the map; the torch optimizer has the same.
        ways: implementations that torch has of it.
    """

    name: str
    torch: Callable[..., torch.optim.Optimizer]
    options: Mapping[str, Any] = field(default_factory=dict)
    ways: tuple[str, ...] = ("single", "foreach", "fused")

    def map(self, title: str, order: Sequence[int] | None = None) -> Map:
        """The map on one of `GAMES`, with symbols for the numbers."""
        return _map(self.name, tuple(self.options.items()), title, order)

    def make(self, values: Values, way: str) -> Callable[[Any], torch.optim.Optimizer]:
        """Tensors -> the optimizer of torch."""
        how = {} if self.ways == ("single",) else {"foreach": way == "foreach"}
        how |= {"fused": True} if way == "fused" else {}
        return lambda tensors: self.torch(tensors, values, **how)


@lru_cache(maxsize=256)
def _map(name: str, options: Any, title: str, order: Any) -> Map:
    return optimizers.named(name)(GAMES[title], eta, order=order, **dict(options))


def _adam(kind: Any, decay: bool = False) -> Callable[..., torch.optim.Optimizer]:
    def make(tensors: Any, v: Values, **how: Any) -> torch.optim.Optimizer:
        more = {"weight_decay": v[w]} if decay else {}
        return kind(tensors, lr=v[eta], betas=(v[beta1], v[beta2]), eps=v[eps], **more, **how)

    return make


def _rmsprop(centered: bool = False, ball: bool = False) -> Callable[..., torch.optim.Optimizer]:
    def make(tensors: Any, v: Values, **how: Any) -> torch.optim.Optimizer:
        more = {"momentum": v[mu], "weight_decay": v[w]} if ball else {}
        return torch.optim.RMSprop(
            tensors, lr=v[eta], alpha=v[alpha], eps=v[eps], centered=centered, **more, **how
        )

    return make


def _sgd(nesterov: bool) -> Callable[..., torch.optim.Optimizer]:
    def make(tensors: Any, v: Values, **how: Any) -> torch.optim.Optimizer:
        more = {"nesterov": True, "weight_decay": v[w]} if nesterov else {}
        return torch.optim.SGD(tensors, lr=v[eta], momentum=v[mu], **more, **how)

    return make


MEANS = {"beta1": beta1, "beta2": beta2, "eps": eps}
SQUARES = {"alpha": alpha, "eps": eps}
BALL = {"momentum": mu, "weight_decay": w}

CASES = {
    "adam": Case("adam", _adam(torch.optim.Adam), MEANS),
    "adam-decay": Case("adam", _adam(torch.optim.Adam, True), {**MEANS, "weight_decay": w}),
    "adamw": Case("adamw", _adam(torch.optim.AdamW, True), {**MEANS, "weight_decay": w}),
    "optimistic-adam": Case("optimistic-adam", _adam(OptimisticAdam), MEANS, ("single",)),
    "rmsprop": Case("rmsprop", _rmsprop(), SQUARES, ("single", "foreach")),
    "rmsprop-centered": Case(
        "rmsprop", _rmsprop(centered=True), {**SQUARES, "centered": True}, ("single", "foreach")
    ),
    "rmsprop-momentum": Case(
        "rmsprop", _rmsprop(True, True), {**SQUARES, **BALL, "centered": True},
        ("single", "foreach"),
    ),
    "momentum": Case("momentum", _sgd(False), {"momentum": mu}),
    "nesterov": Case("momentum", _sgd(True), {**BALL, "nesterov": True}),
}  # fmt: skip

GAMES: dict[str, Game] = {
    "bilinear": bilinear(),
    "dirac-non-saturating": dirac_non_saturating(jensen_shannon),
    "linear-quadratic": linear_quadratic().subs(
        dict(zip(linear_quadratic().parameters, (Rational(1, 2), Rational(3, 4)), strict=True))
    ),
    "four-player": four_player(),
}


def orders(game: Game) -> tuple[tuple[int, ...] | None, ...]:
    """All at once, and in turn; in a game of two, also with one player twice."""
    everyone = tuple(range(len(game.players)))
    return None, everyone, *(((1, 0, 1),) if len(game.state) == 2 else ())
