r"""Constraints on the discriminator: spectral normalization and weight clipping.

Normalization changes the game, :math:`\psi \to \kappa\,\psi/\|\psi\|`; clipping changes the
update: it projects each parameter onto :math:`[-c, c]` after the step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sympy as sp
from sympy import Symbol

from symgan.catalog import regularizer
from symgan.errors import GameError
from symgan.game import Game
from symgan.losses import GenericLoss
from symgan.regularizers.adding import changed, owned, rests, setting, square
from symgan.regularizers.noise import require_linear
from symgan.system import Map


@regularizer("spectral-normalization")
def spectral_normalization(
    game: Game, bound: Any = 1, *, side: int | None = None, player: int = 1
) -> Game:
    r"""Spectral normalization of a linear discriminator: :math:`\psi \to \kappa\psi/\|\psi\|`.

    A vector becomes a unit vector, undefined at 0: an equilibrium with :math:`\psi = 0` is
    none any more. A single number becomes its sign: on either side of 0 the discriminator is
    the constant :math:`\pm\kappa` and does not learn.

    Args:
        game: a game whose discriminator is linear in the player's parameters; this is checked
            where the loss is free and supposed otherwise.
        bound: :math:`\kappa > 0`, the Lipschitz constant that is kept.
        side: for a single parameter, its sign: 1 or -1.
        player: the discriminator.

    Raises:
        GameError: the bound is not positive, the player does not exist, the discriminator is
            seen not to be linear, or it has one parameter and no side is given.

    Source: Miyato et al. 2018.

    >>> from symgan.games.quadratic import bilinear
    >>> game = spectral_normalization(bilinear([[1, 0], [0, 1]]))
    >>> game.losses[0], game.equilibrium
    (-psi_1*theta_1/sqrt(psi_1**2 + psi_2**2) - psi_2*theta_2/sqrt(psi_1**2 + psi_2**2), None)
    """
    psi, bound = owned(game, player), setting(game, bound, "Lipschitz constant")
    if bound.is_positive is False:
        raise GameError(f"the Lipschitz constant {bound} is not positive; give bound > 0")
    if terms := set().union(*(e.atoms(GenericLoss) for e in game.losses)):
        require_linear(game, terms, player, "spectral normalization")
    if len(psi) == 1:
        unit = {psi[0]: bound * _side(game, psi[0], side)}
    else:
        norm = sp.sqrt(square(psi))
        unit = {s: bound * s / norm for s in psi}
    losses = [e.subs(unit, simultaneous=True) for e in game.losses]
    found = changed(replace(game, equilibrium=None), "spectral-normalization", losses)
    kept = not _vanishes(game, psi) and rests(found, game)
    return replace(found, equilibrium=game.equilibrium) if kept else found


def _side(game: Game, symbol: Symbol, side: int | None) -> int:
    if side not in (1, -1):
        raise GameError(
            f"the discriminator of {game.name!r} has the one parameter {symbol}, of which spectral "
            f"normalization leaves the sign, undefined at 0; say side=1 or side=-1"
        )
    return side


def _vanishes(game: Game, psi: Sequence[Symbol]) -> bool:
    """Whether the declared equilibrium is, or may be, where the normalization is undefined."""
    point = game.equilibrium
    return point is None or not any(sp.sympify(point[s]).is_nonzero for s in psi)


def clip(system: Map, bound: Any, symbols: Sequence[Symbol]) -> Map:
    r"""Weight clipping: the map, then :math:`x_i \to \max(-c, \min(c, x_i))`.

    Args:
        system: the map of an update rule.
        bound: :math:`c > 0`.
        symbols: which parameters are clipped, the discriminator's.

    Raises:
        GameError: the bound is not positive, or a symbol is not in the map's visible state.

    Source: Arjovsky et al. 2017, algorithm 1.

    >>> x, y = sp.symbols("x y", real=True)
    >>> clip(Map((x, y), (x - y, x + y)), 1, (y,)).rhs
    (x - y, Max(-1, Min(1, x + y)))
    """
    bound = setting(system, bound, "bound")
    if bound.is_positive is False:
        raise GameError(f"the bound {bound} is not positive; give c > 0")
    strange = [str(s) for s in symbols if s not in system.visible]
    if strange or not symbols:
        raise GameError(f"cannot clip {', '.join(strange) or 'nothing'}: not parameters of the map")
    rhs = tuple(sp.Max(-bound, sp.Min(bound, s)) if s in symbols else s for s in system.state)
    parameters = tuple(sorted(bound.free_symbols, key=str))
    projection = Map(system.state, rhs, parameters=parameters, memory=system.memory)
    return system.then(projection)
