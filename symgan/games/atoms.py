r"""GANs over finitely many atoms: what a discriminator sees of data can be looked at exactly.

.. math:: L(\theta, \psi) = \sum_i p_i\, f_r(d(x_i; \psi)) + \sum_j q_j\, f_f(d(g_j(\theta); \psi))

with real atoms :math:`x_i` and generated atoms :math:`g_j(\theta)`. The generator minimizes,
the discriminator maximizes; with a scalar loss f, :math:`f_r(y) = f(y)` and
:math:`f_f(y) = f(-y)`, so that the discriminator raises its values on what is real. (`dirac`
writes the same game with :math:`\psi \to -\psi`.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import Expr, Rational, Symbol

from symgan.differentiation import diff
from symgan.errors import GameError
from symgan.game import Game, Point, zero_sum
from symgan.losses import ScalarLoss, wasserstein

Weighted = tuple[tuple[Expr, Any], ...]
"""(weight, value) pairs."""


@dataclass(frozen=True)
class AtomGame:
    r"""A game over atoms with what an oracle and a gradient penalty look at.

    Attributes:
        game: the game.
        real: (weight, :math:`d(x_i; \psi)`) of the real atoms.
        fake: (weight, :math:`d(g_j(\theta); \psi)`) of the generated atoms.
        real_slopes: (weight, :math:`\nabla_x d`) at the real atoms, a tuple of expressions.
        fake_slopes: the same at the generated atoms.
        discriminator: d as an expression in `features` and the discriminator's parameters.
        features: the symbols of a data point.
        real_atoms: (weight, location) of the real atoms.
        fake_atoms: (weight, location) of the generated atoms.
    """

    game: Game
    real: Weighted
    fake: Weighted
    real_slopes: Weighted
    fake_slopes: Weighted
    discriminator: Expr
    features: tuple[Symbol, ...]
    real_atoms: Weighted
    fake_atoms: Weighted

    @property
    def projections(self) -> dict[str, Weighted]:
        """The discriminator's values on data, as `dynamic_gda` takes them."""
        return {"real": self.real, "fake": self.fake}

    def slopes_between(self, position: Any) -> Weighted:
        r"""Gradients of d on the way from generated to real atoms, for WGAN-GP.

        Args:
            position: t in :math:`t x_i + (1 - t) g_j`, a number or a symbol.

        Returns:
            (:math:`p_i q_j`, gradient) pairs. Where they are free of a symbol t, any
            distribution of t gives the same penalty.
        """
        t = sp.sympify(position)
        mixed = [
            (p * q, tuple(t * x + (1 - t) * g for x, g in zip(real, fake, strict=True)))
            for p, real in self.real_atoms
            for q, fake in self.fake_atoms
        ]
        return _slopes(self.discriminator, self.features, tuple(mixed))


def atom_game(
    *,
    discriminator: Any,
    features: Any,
    real: Sequence[tuple[Any, Any]],
    fake: Sequence[tuple[Any, Any]],
    minimize: Any,
    maximize: Any,
    loss: ScalarLoss | tuple[ScalarLoss, ScalarLoss] = wasserstein,
    regularization: Any = 0,
    name: str = "atoms",
    equilibrium: Point | None = None,
    source: str = "",
) -> AtomGame:
    r"""The GAN of a discriminator on real and generated atoms.

    Args:
        discriminator: d, any expression in `features`, the discriminator's symbols and
            further parameters.
        features: the symbol of a data point, or a tuple of symbols.
        real: (weight, location) of the real atoms; weights are positive and sum to one. A
            location is an expression, or a tuple of as many as there are features.
        fake: (weight, location) of the generated atoms, in the generator's symbols.
        minimize: the generator's symbols.
        maximize: the discriminator's symbols.
        loss: f, or the pair :math:`(f_r, f_f)`.
        regularization: added to the payoff; the projections do not see it.
        name: what the game is called.
        equilibrium: a known rest point.
        source: bibliography key and equation.

    Raises:
        GameError: weights, locations or features that do not fit, or as `Game`.

    >>> x, theta, psi = sp.symbols("x theta psi", real=True)
    >>> gan = atom_game(discriminator=psi*x, features=x, real=[(1, 0)], fake=[(1, theta)],
    ...                 minimize=theta, maximize=psi)
    >>> gan.game.losses[0], gan.projections
    (-psi*theta, {'real': ((1, 0),), 'fake': ((1, psi*theta),)})
    """
    features = (features,) if isinstance(features, Symbol) else tuple(features)
    discriminator = sp.sympify(discriminator)
    real_atoms, fake_atoms = _atoms("real", real, features), _atoms("generated", fake, features)
    on_real = _values(discriminator, features, real_atoms)
    on_fake = _values(discriminator, features, fake_atoms)
    f_real, f_fake = loss if isinstance(loss, tuple) else (loss, lambda y: loss(-y))
    payoff = sp.Add(
        *(p * f_real(d) for p, d in on_real), *(q * f_fake(d) for q, d in on_fake), regularization
    )
    owners = [(s,) if isinstance(s, Symbol) else tuple(s) for s in (minimize, maximize)]
    state = {s for owner in owners for s in owner}
    game = zero_sum(
        payoff,
        minimize=minimize,
        maximize=maximize,
        name=name,
        parameters=tuple(sorted(_symbols(payoff) - state, key=str)),
        equilibrium=equilibrium,
        source=source,
    )
    return AtomGame(
        game,
        real=on_real,
        fake=on_fake,
        real_slopes=_slopes(discriminator, features, real_atoms),
        fake_slopes=_slopes(discriminator, features, fake_atoms),
        discriminator=discriminator,
        features=features,
        real_atoms=real_atoms,
        fake_atoms=fake_atoms,
    )


def _symbols(expression: Any) -> set[Any]:
    return set(expression.free_symbols)


def _atoms(kind: str, atoms: Sequence[tuple[Any, Any]], features: tuple[Symbol, ...]) -> Weighted:
    """(weight, location as a tuple), checked."""
    found = []
    for weight, location in atoms:
        place = tuple(location) if isinstance(location, tuple | list) else (location,)
        if len(place) != len(features):
            raise GameError(
                f"a {kind} atom at {location} has {len(place)} coordinates for {len(features)} "
                f"features {features}"
            )
        found.append((sp.sympify(weight), tuple(map(sp.sympify, place))))
    total = sp.Add(*(weight for weight, _ in found))
    if sp.expand(total - 1) != 0 or any(weight.is_positive is False for weight, _ in found):
        raise GameError(
            f"the weights of the {kind} atoms sum to {total}; give positive weights with sum one"
        )
    return tuple(found)


def _values(d: Any, features: tuple[Symbol, ...], atoms: Weighted) -> Weighted:
    at = ((w, dict(zip(features, place, strict=True))) for w, place in atoms)
    return tuple((w, d.subs(here, simultaneous=True)) for w, here in at)


def _slopes(d: Any, features: tuple[Symbol, ...], atoms: Weighted) -> Weighted:
    gradients = [_values(diff(d, x), features, atoms) for x in features]
    entries = zip(*gradients, strict=True)
    return tuple((row[0][0], tuple(slope for _, slope in row)) for row in entries)


def dirac_atoms(loss: ScalarLoss = wasserstein) -> AtomGame:
    r"""The Dirac-GAN as the dynamic paper writes it: :math:`L = f(0) + f(-\psi\theta)`.

    Args:
        loss: f; `jensen_shannon` is the paper's BCE loss.

    Source: dynamic, equation (6), lemmas D.3 and D.4.

    >>> dirac_atoms().game.flow().rhs
    (psi, -theta)
    """
    x, theta, psi = sp.symbols("x theta psi", real=True)
    return atom_game(
        discriminator=psi * x,
        features=x,
        real=[(1, 0)],
        fake=[(1, theta)],
        minimize=theta,
        maximize=psi,
        loss=loss,
        name="dirac-atoms",
        equilibrium={theta: sp.Integer(0), psi: sp.Integer(0)},
        source="dynamic, eq. (6)",
    )


def stuck_critic() -> AtomGame:
    r"""A strictly convex-concave GAN that Dynamic-GDA never solves.

    One real atom at 0, one generated at :math:`\theta`, the critic
    :math:`d(x; \psi) = \psi x + x^2`, Wasserstein loss, weight decay of both players:

    .. math:: L = -\psi\theta - \theta^2 + \tfrac32\theta^2 - \psi^2
                = \tfrac12\theta^2 - \psi\theta - \psi^2 .

    The Jacobian of v is ((1, -1), (1, 2)): simultaneous descent converges linearly for
    :math:`\eta < 1`, and so do alternating orders for small steps. The critic's best answer
    to :math:`\theta` is :math:`\psi = -\theta/2`, and there it still scores the generated
    atom above the real one, :math:`d(\theta) - d(0) = \theta^2/2 > 0`. So Dynamic-GDA updates
    the critic for ever: every :math:`(\theta, -\theta/2)` is a fixed point of the map.

    Write :math:`u = \psi/\theta` and let :math:`\eta \le 1/2`. Where :math:`u > -1` the critic
    moves, :math:`u^+ + \tfrac12 = (1 - 2\eta)(u + \tfrac12)`, and never stops. Where
    :math:`u \le -1` the generator moves, :math:`u^+ = u / (1 - \eta + \eta u)`, and -u grows by
    :math:`1/(1 - 2\eta)` at least until :math:`u > 0` (or :math:`\theta = 0`, from where one
    move leads to :math:`u = 1/\eta`). So no start but the equilibrium itself converges to it.

    >>> stuck_critic().game.v
    (-psi + theta, 2*psi + theta)
    """
    x, theta, psi = sp.symbols("x theta psi", real=True)
    return atom_game(
        discriminator=psi * x + x**2,
        features=x,
        real=[(1, 0)],
        fake=[(1, theta)],
        minimize=theta,
        maximize=psi,
        regularization=Rational(3, 2) * theta**2 - psi**2,
        name="stuck-critic",
        equilibrium={theta: sp.Integer(0), psi: sp.Integer(0)},
    )


def runaway_critic() -> AtomGame:
    r"""A GAN stable under fixed orders that Dynamic-GDA drives away from the equilibrium.

    Real atoms at -1 and 1, one generated at :math:`\theta`, the critic
    :math:`d(x; \psi) = \psi x + \tfrac{3}{10}\psi^2 x^2`, Wasserstein loss, weight decay of
    the generator:

    .. math:: L = -\psi\theta + \tfrac{3}{10}\psi^2(1 - \theta^2) + \tfrac35\theta^2 .

    With :math:`\eta = 1/2` the simultaneous map and the alternating one have spectral
    radius below one at the origin. From :math:`(0, \psi_0)` the critic's update multiplies
    :math:`\psi` by 13/10, and the distance of the projections is :math:`|\psi|` while they
    overlap: it grows by 1.3 > c1 = 1.2, so Dynamic-GDA updates the critic again, until
    :math:`|\psi| > 10/3`, however small :math:`\psi_0` was. The origin is a stable fixed
    point of the fixed orders but no saddle: the critic's loss is concave there.
    """
    x, theta, psi = sp.symbols("x theta psi", real=True)
    half = Rational(1, 2)
    return atom_game(
        discriminator=psi * x + Rational(3, 10) * psi**2 * x**2,
        features=x,
        real=[(half, -1), (half, 1)],
        fake=[(1, theta)],
        minimize=theta,
        maximize=psi,
        regularization=Rational(3, 5) * theta**2,
        name="runaway-critic",
        equilibrium={theta: sp.Integer(0), psi: sp.Integer(0)},
    )
