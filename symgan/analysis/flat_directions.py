r"""Flat directions of a GAN at a realizable equilibrium: where the functions h_D and h_G are flat.

.. math:: h_D(\psi) = E_x\,D_\psi(x)^2, \qquad
    h_G(\theta) = \big\|E_x \nabla_\psi D - E_z \nabla_\psi D(G_\theta(z))\big\|^2
    \text{ at } \psi = \psi^*.

Where :math:`D_{\psi^*} = 0` on the data and both means agree at :math:`\theta^*`, both functions
have a minimum 0 and the Hessians

.. math:: h_D'' = 2 K_{DD}, \qquad h_G'' = 2 K_{DG}^\top K_{DG},

so their kernels are :math:`\ker K_{DD}` and :math:`\ker K_{DG}`: these are the directions that the
Jacobian of the game does not see. Stability modulo them needs that they are directions of
equilibria, which is checked here for the nonlinear field and is not implied.

Source: Nagarajan and Kolter 2017, assumption II and its relaxation, assumption IV.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import sympy as sp
from sympy import Dummy, Expr, ImmutableMatrix, Matrix, Symbol

from symgan.analysis.points import Point, point_values, vanishes_exactly
from symgan.differentiation import diff, jacobian
from symgan.errors import GameError, Undecided
from symgan.game import Game


class GanLike(Protocol):
    """What is needed of a GAN; `symgan.games.gan.Gan` has it."""

    @property
    def game(self) -> Game:
        """The game: player 0 is the generator, player 1 the discriminator."""
        ...

    @property
    def discriminator(self) -> Expr:
        """D at a data point."""
        ...

    @property
    def on_fake(self) -> Expr:
        """D at a generated point."""
        ...

    def over_data(self, body: Any) -> Expr:
        """The mean over real data."""
        ...

    def over_noise(self, body: Any) -> Expr:
        """The mean over latents."""
        ...


@dataclass(frozen=True)
class FlatDirections:
    r"""Both functions, their Hessians, and whether the flat directions are equilibria.

    Attributes:
        h_D: :math:`h_D(\psi)`.
        h_G: :math:`h_G(\theta)`, at the discriminator of the equilibrium.
        K_DD: :math:`E_x\nabla_\psi D\nabla_\psi D^\top` at the equilibrium.
        K_DG: :math:`\nabla_\theta E_z\nabla_\psi D(G_\theta(z))` there.
        hessian_D, hessian_G: second derivatives of the functions there, shown to be
            :math:`2K_{DD}` and :math:`2K_{DG}^\top K_{DG}`.
        flat_D, flat_G: bases of the kernels.
        directions: both in the order of the game's state, one tuple each.
        equilibria: whether v vanishes identically on the affine space that they span through the
            equilibrium; None where that was not decided.
        residual: v there, in the lengths along the directions; zeros where it vanishes.
    """

    h_D: Expr
    h_G: Expr
    K_DD: ImmutableMatrix
    K_DG: ImmutableMatrix
    hessian_D: ImmutableMatrix
    hessian_G: ImmutableMatrix
    flat_D: tuple[ImmutableMatrix, ...]
    flat_G: tuple[ImmutableMatrix, ...]
    directions: tuple[tuple[Expr, ...], ...]
    equilibria: bool | None
    residual: tuple[Expr, ...]


def flat_directions(gan: GanLike, at: Point | None = None) -> FlatDirections:
    r"""The functions :math:`h_D, h_G` of a GAN, their flat directions, and what rests on them.

    Args:
        gan: numbers only besides the state and a free loss.
        at: a realizable equilibrium; the declared one unless given.

    Raises:
        GameError: no point; :math:`D \ne 0` on the data, or means of :math:`\nabla_\psi D` that
            differ (then the equilibrium is not realizable); parameters in the kernels.
        Undecided: one of these was not decided.

    A redundant generator is flat along equilibria. A discriminator that is zero on the atoms but
    not around them is flat too, and yet pushes the generator by its slope:

    >>> from symgan.games.gan import gan
    >>> from symgan.laws import Atoms
    >>> x, z, t, u, p, q = sp.symbols("x z t u p q", real=True)
    >>> ends = Atoms(((sp.Rational(1, 2), -1), (sp.Rational(1, 2), 1)))
    >>> parts = {"features": x, "latent": z, "data": ends, "noise": ends}
    >>> twice = flat_directions(gan(discriminator=p*x, generator=t + u + z, **parts,
    ...     minimize=(t, u), maximize=p, equilibrium={t: 0, u: 0, p: 0}))
    >>> twice.directions, twice.equilibria
    (((-1, 1, 0),), True)
    >>> atoms = flat_directions(gan(discriminator=p*x + q*x**3, generator=t + z, **parts,
    ...     minimize=t, maximize=(p, q), equilibrium={t: 0, p: 0, q: 0}))
    >>> atoms.directions, atoms.equilibria
    (((0, -1, 1),), False)
    """
    game = gan.game
    place = at if at is not None else game.equilibrium
    if place is None:
        raise GameError(f"game {game.name!r} declares no equilibrium; give the point")
    point = point_values(game.flow(), place)
    theta, psi = game.players
    fixed = {s: point[s] for s in psi}
    h_D = gan.over_data(gan.discriminator**2)
    real = _slopes(gan.discriminator, psi).applyfunc(gan.over_data)
    fake = _slopes(gan.on_fake, psi).applyfunc(gan.over_noise)
    gap = (real - fake).subs(fixed, simultaneous=True)
    h_G = sp.Add(*(e**2 for e in gap))
    _require_realizable(h_D, h_G, point)
    outer = _slopes(gan.discriminator, psi)
    K_DD = _at((outer * outer.T).applyfunc(gan.over_data), point)
    K_DG = _at(-jacobian(gap, theta), point)
    hessian_D = _at(sp.hessian(h_D, psi), point)
    hessian_G = _at(sp.hessian(h_G, theta), point)
    _require_equal(hessian_D, 2 * K_DD, "h_D'' is not 2 K_DD")
    _require_equal(hessian_G, 2 * K_DG.T * K_DG, "h_G'' is not 2 K_DG^T K_DG")
    flat_D, flat_G = _kernel(K_DD), _kernel(K_DG)
    directions = tuple(
        [(*w, *[sp.Integer(0)] * len(psi)) for w in flat_G]
        + [(*[sp.Integer(0)] * len(theta), *u) for u in flat_D]
    )
    residual = _along(game, point, directions)
    return FlatDirections(
        h_D=h_D,
        h_G=sp.expand(h_G),
        K_DD=ImmutableMatrix(K_DD),
        K_DG=ImmutableMatrix(K_DG),
        hessian_D=ImmutableMatrix(hessian_D),
        hessian_G=ImmutableMatrix(hessian_G),
        flat_D=flat_D,
        flat_G=flat_G,
        directions=directions,
        equilibria=_all_vanish(residual),
        residual=residual,
    )


def _slopes(value: Expr, psi: tuple[Symbol, ...]) -> Matrix:
    return Matrix([diff(value, s) for s in psi])


def _at(matrix: Matrix, point: Mapping[Symbol, Expr]) -> Matrix:
    return matrix.subs(dict(point), simultaneous=True).applyfunc(lambda e: sp.expand(e.doit()))


def _require_realizable(h_D: Expr, h_G: Expr, point: Mapping[Symbol, Expr]) -> None:
    reasons = ("the discriminator is not zero on the data", "the means of the slopes of D differ")
    for function, reason in zip((h_D, h_G), reasons, strict=True):
        value = function.subs(dict(point), simultaneous=True).doit()
        zero = vanishes_exactly(value)
        if zero is False:
            raise GameError(f"the equilibrium is not realizable: {reason} (by {value}, squared)")
        if zero is None:
            raise Undecided(f"cannot decide whether {value} vanishes at the equilibrium")


def _require_equal(found: Matrix, stated: Matrix, message: str) -> None:
    """Hold the theory against the second derivatives themselves."""
    if any(vanishes_exactly(e) is not True for e in found - stated):
        raise Undecided(f"{message} here: {found.tolist()} against {stated.tolist()}")


def _kernel(K: Matrix) -> tuple[ImmutableMatrix, ...]:
    if K.free_symbols:
        raise GameError(
            f"the kernel depends on {min(K.free_symbols, key=str)}; give values to the parameters"
        )
    return tuple(ImmutableMatrix(v) for v in K.nullspace())


def _along(
    game: Game, point: Mapping[Symbol, Expr], directions: tuple[tuple[Expr, ...], ...]
) -> tuple[Expr, ...]:
    """v on the affine space through the point."""
    lengths = [Dummy(f"r{i}", real=True) for i in range(len(directions))]
    moved = {
        s: point[s] + sum((r * d[i] for r, d in zip(lengths, directions, strict=True)), sp.S.Zero)
        for i, s in enumerate(game.state)
    }
    return tuple(sp.expand(v.subs(moved, simultaneous=True).doit()) for v in game.v)


def _all_vanish(residual: tuple[Expr, ...]) -> bool | None:
    found = [vanishes_exactly(e) for e in residual]
    if False in found:
        return False
    return None if None in found else True
