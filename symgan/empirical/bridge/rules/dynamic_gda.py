r"""Dynamic-GDA: an oracle that looks at the discriminator's values on data.

It needs more than players: the projections of real and generated data. So it is not in the catalog.

Source: the dynamic paper, section 5 and algorithm 2.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, cast, get_args

import torch
from torch import Tensor

from symgan.empirical.bridge.players import Parameters, Players
from symgan.empirical.bridge.rules.oracle import moved_by
from symgan.empirical.bridge.rules.steps import descent, setting
from symgan.empirical.bridge.torch_game import TorchGame
from symgan.empirical.bridge.update import Memory, Moved, Update
from symgan.errors import GameError

Values = Callable[[Parameters, Any], tuple[Tensor, Tensor]]
"""(nest, batch) -> weights and values of the discriminator."""

Undefined = Literal["switch", "keep", "generator", "discriminator"]
NOBODY, GENERATOR, DISCRIMINATOR = 0.0, 1.0, 2.0


def line_distance(x: Tensor, p: Tensor, y: Tensor, q: Tensor) -> float:
    r"""The Wasserstein-1 distance on the line, :math:`\int |F - G|`.

    Args:
        x, p: values and weights of one distribution.
        y, q: of the other.

    >>> half = torch.tensor([0.5, 0.5])
    >>> line_distance(torch.tensor([0.0, 2.0]), half, torch.tensor([1.0]), torch.tensor([1.0]))
    1.0
    """
    places, order = torch.sort(torch.cat([x, y]))
    mass = torch.cat([p, -q])[order].cumsum(0)[:-1]
    return float(torch.sum(torch.abs(mass) * torch.diff(places)))


def dynamic_gda(
    players: Players,
    eta: Any,
    *,
    real: Any = (),
    fake: Any = (),
    c1: Any = 1.2,
    c2: Any = 0.8,
    undefined: Undefined = "switch",
) -> Update:
    r"""Dynamic-GDA, the paper's algorithm 2: see `symgan.rules.dynamic_gda.dynamic_gda`.

    Args:
        players: player 0 the generator, player 1 the discriminator.
        eta: the step, or one step a player.
        real: the discriminator's values on real data, a function of the nest and the batch that
            returns weights and values; on a `TorchGame` also (weight, expression) pairs, as
            `symgan.games.atoms` makes them.
        fake: the same on generated data.
        c1: the discriminator's threshold.
        c2: the generator's threshold.
        undefined: who moves where both distances are zero and the values are not apart.

    Raises:
        GameError: no values, players that are not two, wrong steps or an unknown name.

    Source: dynamic, algorithm 2; c1 = 1.2 and c2 = 0.8 are the paper's.
    """
    step = descent(players, eta)
    if len(step.steps) != 2:
        raise GameError(f"Dynamic-GDA is an order of two players, not {len(step.steps)}")
    if undefined not in get_args(Undefined):
        known = ", ".join(get_args(Undefined))
        raise GameError(f"unknown undefined={undefined!r}; choose one of: {known}")
    on_real, on_fake = _values(players, real), _values(players, fake)
    up, down = setting(c1, "threshold c1"), setting(c2, "threshold c2")

    def advance(x: Parameters, memory: Memory, k: int, draw: Any) -> Moved:
        w_last, last = memory.numbers
        (p, r), (q, f) = on_real(x, draw(0)), on_fake(x, draw(0))
        w = line_distance(r, p, f, q)
        mover = _mover(r, f, w, w_last, last, up, down, undefined)
        who = (0,) if mover == GENERATOR else (1,)
        return Moved(moved_by(step, who, x, k, draw(0)), Memory(numbers=(w, mover)))

    return Update(players, advance, updates=1, start=lambda x: Memory(numbers=(0.0, NOBODY)))


def _mover(
    r: Tensor, f: Tensor, w: float, w_last: float, last: float, c1: float, c2: float,
    undefined: Undefined,
) -> float:  # fmt: skip
    """Algorithm 2, line by line; w / w_last < c is read as w < c w_last."""
    if last == NOBODY or bool(r.max() < f.min()):
        return DISCRIMINATOR
    if bool(f.max() < r.min()):
        return GENERATOR
    if w == 0 and w_last == 0 and undefined != "switch":
        fixed = {"generator": GENERATOR, "discriminator": DISCRIMINATOR, "keep": last}
        return fixed[undefined]
    if last == GENERATOR:
        return GENERATOR if w < c2 * w_last else DISCRIMINATOR
    return DISCRIMINATOR if w > c1 * w_last else GENERATOR


def _values(players: Players, given: Any) -> Values:
    if callable(given):
        return cast("Values", given)
    if not given or not isinstance(players, TorchGame):
        raise GameError(
            "Dynamic-GDA looks at the discriminator's values on data; give real= and fake= as "
            "functions of the nest and the batch, or as (weight, expression) pairs on a TorchGame"
        )
    weights = torch.tensor([float(w) for w, _ in given], dtype=torch.float64)
    inner = players.printed([value for _, value in given])

    def values(x: Parameters, batch: Any) -> tuple[Tensor, Tensor]:
        found = torch.stack(players.evaluate(inner, x))
        return weights.to(found), found

    return values
