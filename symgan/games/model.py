"""A GAN with what it is made of: discriminator, generator, laws, and the game they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import Expr, Matrix, Symbol

from symgan.differentiation import diff, jacobian
from symgan.errors import GameError
from symgan.game import Game, Point
from symgan.laws import Law, mean
from symgan.losses import ScalarLoss


@dataclass(frozen=True)
class Gan:
    r"""A GAN with what it is made of.

    Attributes:
        game: the game; the generator is player 0, the discriminator player 1.
        discriminator: D, an expression in `features` and the discriminator's symbols.
        generator: G, one expression a feature, in `latent` and the generator's symbols.
        features: the symbols of a data point.
        latent: the symbols of a latent point.
        data: the laws of the features, independent.
        noise: the laws of the latents, independent.
        loss: the scalar loss f.
    """

    game: Game
    discriminator: Expr
    generator: tuple[Expr, ...]
    features: tuple[Symbol, ...]
    latent: tuple[Symbol, ...]
    data: tuple[Law, ...]
    noise: tuple[Law, ...]
    loss: ScalarLoss

    @property
    def on_fake(self) -> Expr:
        r"""The discriminator at a generated point, :math:`D(G(z))`."""
        return put(self.discriminator, self.features, self.generator)

    def over_data(self, body: Any) -> Expr:
        """The mean over real data of an expression in the features."""
        return mean(body, self.features, self.data)

    def over_noise(self, body: Any) -> Expr:
        """The mean over latents of an expression in them."""
        return mean(body, self.latent, self.noise)

    def K_DD(self, at: Point | None = None) -> Matrix:
        r""":math:`E_x \nabla_\psi D\,\nabla_\psi D^\top` over real data, (m, m).

        Args:
            at: the point; the declared equilibrium unless given.

        Raises:
            GameError: no point is given or declared.
        """
        slopes = self._slopes(self.discriminator)
        outer = (slopes * slopes.T).applyfunc(self.over_data)
        return at_point(outer, self._point(at))

    def K_DG(self, at: Point | None = None) -> Matrix:
        r""":math:`-\nabla_\theta E_z \nabla_\psi D(G(z))`, (m, n).

        Args:
            at: the point; the declared equilibrium unless given.

        Raises:
            GameError: no point is given or declared.
        """
        means = self._slopes(self.on_fake).applyfunc(self.over_noise)
        return at_point(-jacobian(means, self.game.players[0]), self._point(at))

    @property
    def real_square(self) -> Expr:
        r""":math:`E_x \|\nabla_x D\|^2` over real data: what R1 penalizes."""
        return self.over_data(self._steepness)

    @property
    def fake_square(self) -> Expr:
        r""":math:`E_z \|\nabla_x D\|^2` over generated data: what R2 penalizes."""
        return self.over_noise(put(self._steepness, self.features, self.generator))

    @property
    def _steepness(self) -> Expr:
        return sp.Add(*(diff(self.discriminator, x) ** 2 for x in self.features))

    def _slopes(self, value: Any) -> Matrix:
        return Matrix([diff(value, psi) for psi in self.game.players[1]])

    def _point(self, at: Point | None) -> dict[Any, Any]:
        point = at if at is not None else self.game.equilibrium
        if point is None:
            raise GameError(f"game {self.game.name!r} declares no equilibrium; give the point")
        return dict(point)


def at_point(matrix: Matrix, point: Mapping[Any, Any]) -> Matrix:
    """A matrix at a point, expanded."""
    return matrix.subs(dict(point), simultaneous=True).applyfunc(sp.expand)


def put(body: Any, symbols: Sequence[Symbol], values: Sequence[Any]) -> Expr:
    """An expression with values in the place of symbols."""
    return body.subs(dict(zip(symbols, values, strict=True)), simultaneous=True)
