r"""The general GAN: a discriminator and a generator as expressions, data and latents as laws.

.. math:: V(\theta, \psi) = E_x\,f(D_\psi(x)) + E_z\,f(-D_\psi(G_\theta(z))),

which the generator minimizes and the discriminator maximizes. Means are exact where they have
a form and stay expectations elsewhere (`symgan.expectation`).

At an equilibrium where generated and real data have one law and :math:`D = 0` around its
support, the Jacobian of the flow is, in the order discriminator, generator,

.. math:: \begin{pmatrix} 2 f''(0) K_{DD} & f'(0) K_{DG} \\ -f'(0) K_{DG}^\top & 0\end{pmatrix},
    \quad K_{DD} = E_x \nabla_\psi D\,\nabla_\psi D^\top,
    \quad K_{DG} = -\nabla_\theta E_z \nabla_\psi D_\psi(G_\theta(z)).

The sign of :math:`K_{DG}` is a convention: with :math:`+\int \nabla_\psi D\,\nabla_\theta
p_\theta^\top` the off-diagonal blocks change theirs, and no eigenvalue does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import Matrix, Symbol

from symgan.differentiation import jacobian
from symgan.errors import GameError
from symgan.game import Game, Point, zero_sum
from symgan.games.model import Gan, at_point, put
from symgan.laws import Blurred, Gaussian, Law, mean
from symgan.losses import GenericLoss, ScalarLoss


def gan(
    *,
    discriminator: Any,
    generator: Any,
    features: Any,
    latent: Any,
    data: Law | Sequence[Law],
    noise: Law | Sequence[Law],
    minimize: Any,
    maximize: Any,
    loss: ScalarLoss = GenericLoss,
    name: str = "gan",
    equilibrium: Point | None = None,
    source: str = "",
) -> Gan:
    r"""The GAN of a discriminator and a generator under laws of data and latents.

    Args:
        discriminator: D, any expression in `features`, `maximize` and further parameters.
        generator: G in `latent` and `minimize`: an expression, or one a feature.
        features: the symbol of a data point, or a tuple.
        latent: the symbol of a latent point, or a tuple.
        data: the law of the features, or one each (`symgan.laws`); independent.
        noise: the law of the latents, or one each; independent.
        minimize: the generator's symbols.
        maximize: the discriminator's symbols.
        loss: the scalar loss f; free unless given.
        name: what the game is called.
        equilibrium: a known rest point.
        source: bibliography key and equation.

    Raises:
        GameError: numbers of features, laws or generator outputs that differ, a mean that the
            laws cannot give, or as `Game`.

    >>> from symgan.laws import Atoms, Gaussian
    >>> x, z, theta, psi = sp.symbols("x z theta psi", real=True)
    >>> dirac = gan(discriminator=psi*x, generator=theta, features=x, latent=z,
    ...     data=Atoms(((1, 0),)), noise=Gaussian(), minimize=theta, maximize=psi,
    ...     equilibrium={theta: 0, psi: 0})
    >>> dirac.game.losses[0], dirac.K_DG()
    (f(0) + f(-psi*theta), Matrix([[-1]]))
    """
    points, latents, made = _tuple(features), _tuple(latent), _tuple(generator)
    laws, noises = _laws("feature", data, points), _laws("latent", noise, latents)
    if len(made) != len(points):
        raise GameError(
            f"the generator has {len(made)} outputs for {len(points)} features {points}; "
            "give one expression a feature"
        )
    D, G = sp.sympify(discriminator), tuple(map(sp.sympify, made))
    real, fake = loss(D), loss(-put(D, points, G))
    payoff = mean(real, points, laws) + mean(fake, latents, noises)
    state = {*_tuple(minimize), *_tuple(maximize)}
    free: set[Any] = payoff.free_symbols - state
    game = zero_sum(
        payoff,
        minimize=minimize,
        maximize=maximize,
        name=name,
        parameters=tuple(sorted(free, key=str)),
        equilibrium=equilibrium,
        source=source,
    )
    return Gan(game, D, G, points, latents, laws, noises, loss)


def blurred(model: Gan, sigma: Any) -> Gan:
    r"""Instance noise: real and generated points are blurred, :math:`x \to x + \sigma n`.

    Args:
        model: the GAN.
        sigma: the standard deviation of each feature's noise.

    Raises:
        GameError: sigma is negative.

    >>> from symgan.games.uniform import uniform_gan
    >>> blurred(uniform_gan(), sp.Symbol("sigma", positive=True)).K_DD()
    Matrix([[3*sigma**4 + 2*sigma**2 + 1/5]])
    """
    sigma = sp.sympify(sigma)
    if sigma.is_negative:
        raise GameError(f"the standard deviation {sigma} is negative; give sigma >= 0")
    noise = tuple(sp.Dummy(f"n_{i}", real=True) for i in range(len(model.features)))
    return gan(
        discriminator=model.discriminator,
        generator=tuple(g + sigma * n for g, n in zip(model.generator, noise, strict=True)),
        features=model.features,
        latent=(*model.latent, *noise),
        data=tuple(Blurred(law, sigma) for law in model.data),
        noise=(*model.noise, *(Gaussian() for _ in noise)),
        minimize=model.game.players[0],
        maximize=model.game.players[1],
        loss=model.loss,
        name=f"{model.game.name}+noise",
        equilibrium=model.game.equilibrium,
        source=model.game.source,
    )


@dataclass(frozen=True)
class Blocks:
    r"""The Jacobian of a GAN's flow at an equilibrium, predicted by blocks and derived.

    Attributes:
        K_DD: :math:`E_x \nabla_\psi D\,\nabla_\psi D^\top`, (m, m).
        K_DG: :math:`-\nabla_\theta E_z \nabla_\psi D(G(z))`, (m, n).
        predicted: the block matrix, discriminator first, (m + n, m + n).
        derived: the Jacobian of the flow in the same order.
        agree: whether both are one matrix, by expansion.
    """

    K_DD: Matrix
    K_DG: Matrix
    predicted: Matrix
    derived: Matrix
    agree: bool


def realizable_blocks(model: Gan, at: Point | None = None) -> Blocks:
    r"""The block form of the flow's Jacobian at a realizable equilibrium, and what it is.

    The prediction supposes a realizable equilibrium (one law, :math:`D = 0` around its
    support); `agree` says whether the Jacobian has that form at the point.

    Args:
        model: the GAN.
        at: the equilibrium; the declared one unless given.

    Raises:
        GameError: no point is given or declared, or v does not vanish there.

    Source: Nagarajan and Kolter 2017, theorem 3.1.

    >>> from symgan.games.linear_quadratic import linear_quadratic_gan
    >>> blocks = realizable_blocks(linear_quadratic_gan())
    >>> blocks.agree, blocks.K_DG
    (True, Matrix([
    [ 0, -1],
    [-2*s, -2*mu]]))
    """
    game = model.game
    point = dict(at if at is not None else game.equilibrium or {})
    _require_rest(game, point)
    K_DD, K_DG = model.K_DD(point), model.K_DG(point)
    y = sp.Dummy("y", real=True)
    slope, bend = (sp.diff(model.loss(y), y, n).subs(y, 0) for n in (1, 2))
    zero = sp.zeros(K_DG.cols, K_DG.cols)
    predicted = Matrix([[2 * bend * K_DD, slope * K_DG], [-slope * K_DG.T, zero]])
    order = (*game.players[1], *game.players[0])
    field = Matrix([-game.v[game.state.index(symbol)] for symbol in order])
    derived = at_point(jacobian(field, order), point)
    agree = all(sp.expand(entry) == 0 for entry in predicted - derived)
    return Blocks(K_DD, K_DG, predicted, derived, agree)


def _require_rest(game: Game, point: Mapping[Symbol, Any]) -> None:
    missing = [str(symbol) for symbol in game.state if symbol not in point]
    if missing:
        raise GameError(f"an equilibrium of {game.name!r} needs a value for {', '.join(missing)}")
    left = [sp.expand(v.subs(point, simultaneous=True)) for v in game.v]
    if any(entry != 0 for entry in left):
        raise GameError(
            f"v of {game.name!r} is {left} at {dict(point)}, not zero; give a rest point"
        )


def _tuple(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, tuple | list) else (value,)


def _laws(kind: str, given: Any, symbols: tuple[Symbol, ...]) -> tuple[Any, ...]:
    laws = _tuple(given)
    if len(laws) != len(symbols):
        raise GameError(
            f"{len(laws)} laws for {len(symbols)} {kind} symbols {symbols}; give one each"
        )
    return laws
