r"""Noise on the data: instance noise as an exact expectation, and the penalties it induces.

Instance noise blurs real and generated points alike, :math:`x \to x + \sigma n` with n
standard normal. For a discriminator that is affine in x with slope :math:`\psi` each term of
the payoff becomes :math:`E_n f(u + \sigma\,\psi\cdot n)`: an expectation, kept as one. On the
Dirac-GAN the linearization at the origin is exact and reads

.. math:: J = \begin{pmatrix} 0 & f'(0)\\ -f'(0) & -2\sigma^2 f''(0)\end{pmatrix}:

noise damps where :math:`f''(0) < 0`, and does nothing for a Wasserstein loss. The
*noise-induced penalties* are what a second-order expansion in :math:`\sigma` suggests; they
are other games, under other names.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy import Dummy, Expr

from symgan.catalog import regularizer
from symgan.differentiation import diff
from symgan.errors import GameError
from symgan.f_divergences import FDivergence
from symgan.game import Game
from symgan.laws import Gaussian, mean
from symgan.losses import GenericLoss, ScalarLoss
from symgan.regularizers.adding import changed, owned, penalized, setting, square

Scores = Sequence[tuple[Any, Any, Sequence[Any]]]
"""(weight, discriminator's value, its gradient in x), one a data point."""


@regularizer("instance-noise")
def instance_noise(
    game: Game,
    sigma: Any,
    *,
    loss: ScalarLoss | None = None,
    slope: Sequence[Any] | None = None,
    player: int = 1,
) -> Game:
    r"""Instance noise: :math:`E_n f(D(x + \sigma n))` at real and generated points.

    Args:
        game: a game with the free loss (`losses.GenericLoss`), so that the discriminator's
            values can be read off; a concrete loss has swallowed them.
        sigma: the noise's standard deviation.
        loss: put in the place of the free loss; it stays free unless given.
        slope: :math:`\nabla_x D`, the same everywhere, for a D affine in x; unless given, the
            player's own parameters, right for :math:`D(x) = \psi\cdot x`.
        player: the discriminator.

    Raises:
        GameError: sigma is negative, the player does not exist, the game shows no free loss,
            or its discriminator is not linear in the player's parameters and no slope is given.

    Source: Sonderby et al. 2017; Arjovsky and Bottou 2017; Mescheder et al. 2018, section 3.

    >>> from symgan.games.dirac import dirac
    >>> game = instance_noise(dirac(), sp.Symbol("sigma", positive=True))
    >>> game.J.subs(game.equilibrium)
    Matrix([
    [      0,             f'(0)],
    [-f'(0), -2*sigma**2*f''(0)]])
    """
    sigma = setting(game, sigma, "standard deviation")
    if sigma.is_negative:
        raise GameError(f"the standard deviation {sigma} is negative; give sigma >= 0")
    steps = tuple(owned(game, player) if slope is None else map(sp.sympify, slope))
    terms = _free_terms(game, "instance noise")
    if slope is None:
        require_linear(game, terms, player, "instance noise")
    noise = [Dummy(f"n_{i}", real=True) for i in range(len(steps))]
    shift = sigma * sp.Add(*(g * n for g, n in zip(steps, noise, strict=True)))
    laws = [Gaussian()] * len(noise)
    f = loss or GenericLoss
    blurred = {term: mean(f(term.args[0] + shift), noise, laws) for term in terms}
    return changed(game, "instance-noise", [e.xreplace(blurred) for e in game.losses])


def _free_terms(game: Game, what: str) -> set[Any]:
    """The free losses that a game's losses are made of."""
    terms = set().union(*(e.atoms(GenericLoss) for e in game.losses))
    if not terms or any(term.order for term in terms):
        raise GameError(
            f"{what} looks at the discriminator's values, and game {game.name!r} does not show "
            "them inside a free loss; build it with losses.GenericLoss and pass loss="
        )
    return terms


def require_linear(game: Game, terms: set[Any], player: int, what: str) -> None:
    """Refuse discriminators that are not linear in the player's parameters.

    Raises:
        GameError: one of the free losses looks at something else.
    """
    psi = owned(game, player)
    for value in (term.args[0] for term in terms):
        euler = sp.Add(*(s * diff(value, s) for s in psi))
        if sp.expand(euler - value) != 0 or any(diff(value, s).has(*psi) for s in psi):
            raise GameError(
                f"{what} needs a discriminator that is linear in {psi}, and game {game.name!r} "
                f"looks at {value}; state its slope, or blur the laws (games.gan.blurred)"
            )


@regularizer("js-noise")
def js_noise(
    game: Game,
    gamma: Any,
    *,
    real: Scores | None = None,
    fake: Scores | None = None,
    player: int = 1,
) -> Game:
    r"""Noise-induced penalty of the Jensen-Shannon GAN, in the discriminator's loss.

    .. math:: \frac\gamma2\left(E_{p}\,(1 - s(d))^2 \|\nabla d\|^2
              + E_{q}\,s(d)^2 \|\nabla d\|^2\right), \qquad s(d) = \frac{1}{1 + e^{-d}},

    with d the logit, high on what the discriminator holds real. The generator does not
    descend it.

    Args:
        game: the game.
        gamma: the weight :math:`\gamma \ge 0`.
        real: (weight, d, :math:`\nabla_x d`) at the real data. Unless given, and `fake` with
            it, the game must be a Dirac-GAN, a function of :math:`\psi\cdot\theta`. Then
            :math:`d(x) = -\psi\cdot x`, as its discriminator is high on what is generated,
            or :math:`\psi\cdot x` where the payoff falls in :math:`\psi\cdot\theta`.
        fake: the same at the generated data.
        player: the discriminator.

    Raises:
        GameError: gamma is negative, the player does not exist, or the scores are not given
            and not known.

    Source: Roth et al. 2017.

    >>> from symgan.games.dirac import dirac
    >>> from symgan.losses import jensen_shannon
    >>> game = js_noise(dirac(jensen_shannon), sp.Symbol("gamma", positive=True))
    >>> game.J.subs(game.equilibrium)
    Matrix([
    [   0,     1/2],
    [-1/2, gamma/2]])
    """
    if real is None or fake is None:
        real, fake = _dirac_scores(game, player)
    on_real = (w * (1 - _sigmoid(d)) ** 2 * square(g) for w, d, g in real)
    on_fake = (w * _sigmoid(d) ** 2 * square(g) for w, d, g in fake)
    return penalized(game, "js-noise", gamma, sp.Add(*on_real, *on_fake) / 2, player)


def f_gan_noise(
    game: Game, gamma: Any, divergence: FDivergence, fake: Scores, *, player: int = 1
) -> Game:
    r"""Noise-induced penalty of an f-GAN, in the discriminator's loss.

    .. math:: \frac\gamma2\,E_q\left[f^{*\prime\prime}(d)\,\|\nabla_x d\|^2\right]

    for the payoff :math:`E_p\,d - E_q f^*(d)`: what remains of Gaussian noise of variance
    :math:`\gamma` at second order, where the laws are near each other.

    Args:
        game: the game.
        gamma: the weight :math:`\gamma \ge 0`.
        divergence: f with its conjugate (`f_divergences.F_DIVERGENCES`).
        fake: (weight, d, :math:`\nabla_x d`) at the generated data.
        player: the discriminator.

    Raises:
        GameError: gamma is negative, the player does not exist, or no score is given.

    Source: Roth et al. 2017; survey, section 5.1.2, with
        :math:`\lambda = \gamma/2`.

    >>> from symgan.games.dirac import dirac_f_gan
    >>> from symgan.f_divergences import F_DIVERGENCES
    >>> game = dirac_f_gan(F_DIVERGENCES["pearson"])
    >>> theta, psi = game.state
    >>> gamma = sp.Symbol("gamma", positive=True)
    >>> damped = f_gan_noise(game, gamma, F_DIVERGENCES["pearson"], [(1, psi*theta, (psi,))])
    >>> damped.v[1] - game.v[1]
    gamma*psi/2
    """
    if not fake:
        raise GameError("a noise-induced penalty needs the discriminator at generated data")
    y = Dummy("y", real=True)
    bend = sp.diff(divergence.conjugate(y), y, 2)
    terms = (sp.sympify(w) * bend.subs(y, d) * square(g) for w, d, g in fake)
    return penalized(game, "f-gan-noise", gamma, sp.Add(*terms) / 2, player)


def _sigmoid(d: Any) -> Expr:
    return 1 / (1 + sp.exp(-sp.sympify(d)))


def _dirac_scores(game: Game, player: int) -> tuple[Scores, Scores]:
    """Scores of a Dirac-GAN: real data at 0, one generated point."""
    psi = owned(game, player)
    theta: tuple[Any, ...] = game.players[1 - player] if len(game.players) == 2 else ()
    payoff = game.losses[player]
    same = len(theta) == len(psi) and all(
        sp.expand(theta[j] * diff(payoff, theta[i]) - psi[i] * diff(payoff, psi[j])) == 0
        for i in range(len(psi))
        for j in range(len(psi))
    )
    if not same:
        raise GameError(
            f"game {game.name!r} is no Dirac-GAN, so the discriminator's values are not known; "
            "give real= and fake= as (weight, d, gradient of d) at the data"
        )
    origin = dict.fromkeys(game.state, sp.Integer(0))
    mixed = sp.diff(payoff, theta[0], psi[0]).subs(origin, simultaneous=True)
    side = 1 if mixed.is_positive else -1  # whether psi.x is high on the real or the generated
    d = side * sp.Add(*(a * b for a, b in zip(theta, psi, strict=True)))
    slope = tuple(side * s for s in psi)
    return [(1, sp.Integer(0), slope)], [(1, d, slope)]
