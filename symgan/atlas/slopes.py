r"""Slopes of a discriminator at data, as gradient penalties take them.

For a GAN whose laws are known, the mean square slope :math:`E\|\nabla_x D_\psi(x)\|^2` of a
discriminator that is linear in :math:`\psi` is a quadratic form
:math:`\psi^\top M \psi = \sum_i d_i (L^\top\psi)_i^2` with :math:`M = L\,\mathrm{diag}(d)\,L^\top`,
which stands for the law's atoms.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from typing import Any

import sympy as sp
from sympy import Expr, Matrix

from symgan import games
from symgan.differentiation import diff
from symgan.errors import GameError
from symgan.games.gan import Gan
from symgan.losses import SCALAR_LOSSES

Slopes = list[tuple[Expr, tuple[Expr, ...]]]


def gan_of(game: str, loss: str) -> Gan | None:
    """The GAN behind a game of the catalog, if its module builds one with the same losses.

    A game that takes no loss has one of its own: all are tried.

    >>> gan_of("uniform", "wasserstein").discriminator, gan_of("bilinear", "") is None
    (w*x**2, True)
    """
    builder = games.catalog().get(game)
    if builder is None:
        return None
    wanted = builder(loss=SCALAR_LOSSES[loss]) if loss else builder()
    tried = (SCALAR_LOSSES[loss],) if loss else tuple(SCALAR_LOSSES.values())
    for function in vars(sys.modules[builder.__module__]).values():
        if not inspect.isfunction(function) or not _builds_a_gan(function):
            continue
        for one in tried:
            found = function(loss=one)
            if found.game.state == wanted.state and found.game.losses == wanted.losses:
                return found
    return None


def _builds_a_gan(function: Callable[..., Any]) -> bool:
    """Whether a function takes a loss, and nothing that it must be given, and returns a GAN."""
    shape = inspect.signature(function)
    needed = any(p.default is p.empty for p in shape.parameters.values())
    return shape.return_annotation in (Gan, "Gan") and "loss" in shape.parameters and not needed


def slopes_of(gan: Gan, penalty: str) -> Slopes:
    r"""(weight, slope) pairs with the mean square of the slope on real or generated data.

    Args:
        gan: with known laws.
        penalty: ``r1`` looks at real data, ``r2`` at generated data.

    Raises:
        GameError: another penalty, or a mean square that is no quadratic form in psi.

    >>> from symgan.games.uniform import uniform_gan
    >>> slopes_of(uniform_gan(), "r1")
    [(4/3, (w,))]
    """
    gradient = [diff(gan.discriminator, x) for x in gan.features]
    square = sp.Add(*(g**2 for g in gradient))
    if penalty == "r1":
        mean = gan.over_data(square)
    elif penalty == "r2":
        at = dict(zip(gan.features, gan.generator, strict=True))
        mean = gan.over_noise(square.subs(at, simultaneous=True))
    else:
        raise GameError(
            f"{penalty} penalizes slopes between real and generated data, which have no closed "
            f"mean in the game {gan.game.name}"
        )
    psi = Matrix(gan.game.players[1])
    form = (sp.hessian(sp.expand(mean), tuple(psi)) / 2).applyfunc(sp.factor)
    if form.free_symbols & set(psi) or sp.expand((psi.T * form * psi)[0] - mean) != 0:
        raise GameError(
            f"{penalty} on {gan.game.name} is no quadratic form in the discriminator's parameters"
        )
    return _squares(form, psi)


def _squares(form: Matrix, psi: Matrix) -> Slopes:
    """A quadratic form as a sum of weighted squares, by completing one square after another."""
    rest, found = form, []
    for i in range(form.rows):
        pivot = sp.factor(rest[i, i])
        if pivot == 0:
            continue
        row: Any = rest[i, :] / pivot
        found.append((pivot, (sp.expand((row * psi)[0]),)))
        rest = (rest - pivot * row.T * row).applyfunc(sp.factor)
    if not rest.is_zero_matrix:
        raise GameError("the slopes of this discriminator are no sum of squares")
    return found
