r"""GANs that learn mixtures of unit-variance Gaussians with interval discriminators.

The generator is :math:`G_\mu = \sum_j w_j N(\mu_j, 1)`, the truth
:math:`G_{\mu^*} = \sum_j w^*_j N(\mu^*_j, 1)`, and the discriminator is the indicator of
intervals, :math:`D = \sum_i 1_{[\ell_i, r_i]}`. With the difference of densities
:math:`F(x) = G_{\mu^*}(x) - G_\mu(x)` the payoff is a sum of integrals of F,

.. math:: L(\mu, \ell, r) = E_{x \sim G_{\mu^*}} D(x) + E_{x \sim G_\mu}[1 - D(x)]
          = 1 + \sum_i \int_{\ell_i}^{r_i} F(x)\,dx,

which the normal distribution function writes in closed form. The integrals are oriented: where
:math:`\ell_i > r_i`, the closed form goes on smoothly and counts the interval negatively.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from numbers import Integral
from typing import Any

import sympy as sp
from sympy import Expr, Matrix, Symbol

from symgan.catalog import game
from symgan.differentiation import diff
from symgan.errors import GameError
from symgan.game import Game, zero_sum
from symgan.games.gaussian_mixture import Mixture, exact, listed, normal_cdf, normal_pdf

__all__ = [
    "Mixture",
    "MixtureGan",
    "gmm_gan",
    "intervals",
    "mixture_gan",
    "normal_cdf",
    "normal_pdf",
]


@dataclass(frozen=True)
class MixtureGan:
    r"""A mixture GAN: truth, generator, and the ends of the discriminator's intervals.

    Attributes:
        truth: :math:`G_{\mu^*}`.
        generator: :math:`G_\mu`, its means are symbols.
        left, right: the ends :math:`\ell_i, r_i`, symbols.
        name: what the game is called.

    >>> gan = mixture_gan(modes=1, intervals=1)
    >>> gan.L.subs({gan.left[0]: -sp.oo, gan.right[0]: sp.oo})
    1
    """

    truth: Mixture
    generator: Mixture
    left: tuple[Symbol, ...]
    right: tuple[Symbol, ...]
    name: str = "gmm-gan"

    @property
    def mu(self) -> tuple[Symbol, ...]:
        r"""The generator's means :math:`\mu`."""
        return self.generator.means

    def F(self, x: Any) -> Expr:
        r"""The difference of densities :math:`F(x) = G_{\mu^*}(x) - G_\mu(x)`."""
        return self.truth.pdf(x) - self.generator.pdf(x)

    @property
    def L(self) -> Expr:
        r"""The payoff :math:`1 + \sum_i [H(r_i) - H(\ell_i)]`, H the difference of the cdfs.

        Source: Li et al. 2018, "On the limitations of first-order approximation in GAN
        dynamics", eq. (6).
        """
        return 1 + sp.Add(
            *(self._mass(r) - self._mass(el) for el, r in zip(self.left, self.right, strict=True))
        )

    def _mass(self, x: Any) -> Expr:
        return self.truth.cdf(x) - self.generator.cdf(x)

    @property
    def state(self) -> tuple[Symbol, ...]:
        r"""The means, then the left ends, then the right ends."""
        return (*self.mu, *self.left, *self.right)

    def gradient(self) -> Matrix:
        r"""The gradient of L: :math:`\partial_{r_i} L = F(r_i)`, :math:`\partial_{\ell_i} L =
        -F(\ell_i)`, :math:`\partial_{\mu_j} L = w_j \sum_i [\varphi(r_i - \mu_j) -
        \varphi(\ell_i - \mu_j)]`.
        """
        return Matrix([diff(self.L, symbol) for symbol in self.state])

    def hessian(self) -> Matrix:
        """The Hessian of L; its block in the ends is diagonal."""
        return sp.hessian(self.L, self.state)

    def at(self, mu: Sequence[Any]) -> Mixture:
        """The generator with these means; equal means are legal, they are a collapsed mode.

        Raises:
            GameError: another number of means, or one that is not finite and real.

        >>> mixture_gan().at((0, 0)).pdf(0) == normal_pdf(0)
        True
        """
        means = listed(mu, "means")
        if len(means) != len(self.mu):
            raise GameError(f"{len(means)} means for a generator of {len(self.mu)} modes")
        return Mixture(means, self.generator.weights)

    def payoff(self, mu: Sequence[Any], left: Sequence[Any], right: Sequence[Any]) -> Expr:
        r"""L at these means and intervals, in closed form; ends may be infinite or touch.

        Args:
            mu: the generator's means, k of them.
            left, right: the ends, m each, in the order that `intervals` wants.

        Raises:
            GameError: as for `at` and `intervals`, or another number of intervals.

        >>> gan = mixture_gan(modes=1, intervals=1, truth=Mixture((0,)))
        >>> gan.payoff((1,), (-sp.oo,), (sp.Rational(1, 2),))
        erf(sqrt(2)/4) + 1
        """
        generator, ends = self.at(mu), intervals(left, right)
        if len(ends) != len(self.left):
            raise GameError(f"{len(ends)} intervals for a discriminator of {len(self.left)}")
        parts = ((1, self.truth), (-1, generator))
        return 1 + sp.Add(*(s * (p.cdf(b) - p.cdf(a)) for s, p in parts for a, b in ends))

    @property
    def game(self) -> Game:
        r"""The zero-sum game: the generator descends L, the discriminator ascends it."""
        return zero_sum(
            self.L,
            minimize=self.mu,
            maximize=(*self.left, *self.right),
            parameters=_symbols(self.truth.means, self.truth.weights, self.generator.weights),
            name=self.name,
            source="Li et al. 2018, eq. (6)",
        )


def intervals(left: Sequence[Any], right: Sequence[Any]) -> tuple[tuple[Expr, Expr], ...]:
    r"""The intervals :math:`[\ell_i, r_i]` with :math:`\ell_1 \le r_1 \le \ell_2 \le \dots`.

    Empty and touching intervals and infinite ends (where the payoff is the limit) are legal.

    Args:
        left, right: the ends, numbers, m each.

    Raises:
        GameError: not as many left as right ends, an end that is no number, or ends out of order.

    Source: Li et al. 2018, eq. (5).

    >>> intervals((-sp.oo, 1), (1, 2))
    ((-oo, 1), (1, 2))
    """
    left, right = listed(left, "left ends"), listed(right, "right ends")
    if len(left) != len(right) or not left:
        raise GameError(
            f"{len(left)} left and {len(right)} right ends; give as many of both, at least one"
        )
    ends = (
        (exact(x, "end of an interval") for x in pair) for pair in zip(left, right, strict=True)
    )
    pairs = tuple((a, b) for a, b in ends)
    for end in (end for pair in pairs for end in pair):
        if not end.is_number or end is sp.nan or end.is_extended_real is False:
            raise GameError(f"the end {end} of an interval is not a real number or infinite")
    for i, (a, b) in enumerate(pairs, 1):
        if not a <= b:
            raise GameError(f"interval {i} ends at {b} before it starts at {a}; swap its ends")
    for i, ((_, end), (start, _)) in enumerate(pairwise(pairs), 1):
        if not end <= start:
            raise GameError(
                f"interval {i} ends at {end}, after interval {i + 1} starts at {start}; "
                "sort the intervals and make them disjoint"
            )
    return pairs


def _symbols(*groups: Sequence[Expr]) -> tuple[Symbol, ...]:
    found = (s for group in groups for e in group for s in sorted(e.free_symbols, key=str))
    return tuple(dict.fromkeys(found))


def mixture_gan(
    modes: int = 2, intervals: int = 2, *, truth: Mixture | None = None, weights: Any = ()
) -> MixtureGan:
    r"""The mixture GAN with symbols ``mu1, mu2, ..., l1, l2, ..., r1, r2, ...``.

    Args:
        modes: k, how many means the generator has.
        intervals: m, how many intervals the discriminator has.
        truth: the true distribution; k modes at ``mustar1, ...``, uniform, unless given.
        weights: the generator's; uniform unless given.

    Raises:
        GameError: modes or intervals are no positive whole numbers, or the mixtures are none.

    Source: Li et al. 2018, eqs. (2), (5), (6): k = m = 2.

    >>> gan = mixture_gan(truth=Mixture((-sp.Rational(1, 2), sp.Rational(1, 2))))
    >>> gan.state
    (mu1, mu2, l1, l2, r1, r2)
    >>> x = Symbol("x", real=True)
    >>> sp.diff(gan.L, gan.right[0]) == gan.F(gan.right[0])
    True
    """
    for what, count in (("modes", modes), ("intervals", intervals)):
        if isinstance(count, bool) or not isinstance(count, Integral) or int(count) < 1:
            raise GameError(f"{what} = {count}: give a whole number, at least 1")
    true = Mixture(_named("mustar", modes)) if truth is None else truth
    if not isinstance(true, Mixture):
        raise GameError(f"the truth {truth!r} is no Mixture; give one")
    gan = MixtureGan(
        true, Mixture(_named("mu", modes), weights), _named("l", intervals), _named("r", intervals)
    )
    _require_apart(gan)
    return gan


def _require_apart(gan: MixtureGan) -> None:
    """Refuse a truth or weights that move with the players."""
    taken = {symbol.name for symbol in gan.state}
    for symbol in _symbols(gan.truth.means, gan.truth.weights, gan.generator.weights):
        if symbol.name in taken:
            raise GameError(
                f"the symbol {symbol} of the truth or the weights is called like one of the "
                "players' parameters; rename it"
            )


def _named(letter: str, count: Any) -> tuple[Symbol, ...]:
    return tuple(Symbol(f"{letter}{i}", real=True) for i in range(1, int(count) + 1))


@game("gmm-gan")
def gmm_gan() -> Game:
    r"""Two Gaussians learned with a discriminator of two intervals.

    >>> gmm_gan().players
    ((mu1, mu2), (l1, l2, r1, r2))
    """
    return mixture_gan().game
