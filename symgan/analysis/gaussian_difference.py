r"""The difference of two mixtures of unit-variance Gaussians, in lowest terms.

.. math:: F(x) = p(x) - q(x) = \sum_i d_i\, \varphi(x - c_i), \qquad c_1 < \dots < c_n,\ d_i \neq 0,

with equal means merged and vanishing coefficients dropped, in exact arithmetic. Since Gaussians
with distinct means are linearly independent, F is identically zero if and only if n = 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cmp_to_key
from typing import Any, Protocol

import sympy as sp
from sympy import Expr, Rational

from symgan.analysis.enclosures import rational_ball
from symgan.analysis.exact_inputs import exact_number
from symgan.certify.ball import MOST_BITS, enclose, load_flint, sign_at
from symgan.errors import GameError, Undecided

HIGHEST_DEGREE = 64
"""Of algebraic numbers whose equality is decided by a minimal polynomial, which takes seconds."""


class Weighted(Protocol):
    """A mixture: means and weights, one a mean."""

    @property
    def means(self) -> Sequence[Any]:
        """Numbers, in any order."""
        ...

    @property
    def weights(self) -> Sequence[Any]:
        """Positive numbers with sum 1."""
        ...


MixtureLike = Weighted | Sequence[Any]
"""A mixture, or the means of a uniform one."""


@dataclass(frozen=True)
class GaussianMixture:
    """Means and weights as exact numbers, checked."""

    means: tuple[Expr, ...]
    weights: tuple[Expr, ...]


@dataclass(frozen=True)
class GaussianDifference:
    r"""The difference of two mixtures.

    Attributes:
        centers: :math:`c_1 < \dots < c_n`.
        coefficients: :math:`d_i \neq 0`, exact.
        signs: the signs of the coefficients.
        first, second: the two mixtures as given.
    """

    centers: tuple[Expr, ...]
    coefficients: tuple[Expr, ...]
    signs: tuple[int, ...]
    first: GaussianMixture
    second: GaussianMixture

    @property
    def variations(self) -> int:
        """How often the sign of the coefficients changes: at most n - 1."""
        return sum(a != b for a, b in zip(self.signs, self.signs[1:], strict=False))


def gaussian_difference(p: MixtureLike, q: MixtureLike) -> GaussianDifference:
    r"""The difference p - q in lowest terms.

    Raises:
        GameError: a mean or weight that is no exact real number; weights that are not positive
            with sum 1.
        Undecided: two means or weights whose equality no method decides.

    >>> gaussian_difference((0, 0, 1), (0, 1, 1)).coefficients
    (1/3, -1/3)
    >>> gaussian_difference((1, 2), (2, 1)).centers
    ()
    """
    first, second = exact_mixture(p), exact_mixture(q)
    signed = [
        *zip(first.means, first.weights, strict=True),
        *((mean, -weight) for mean, weight in zip(second.means, second.weights, strict=True)),
    ]
    terms = [
        (center, total, sign)
        for center, total in _merged(signed)
        if (sign := _sign(total, "two weights"))
    ]
    return GaussianDifference(
        tuple(center for center, _, _ in terms),
        tuple(total for _, total, _ in terms),
        tuple(sign for _, _, sign in terms),
        first,
        second,
    )


def exact_mixture(mixture: MixtureLike) -> GaussianMixture:
    """The mixture in exact numbers; a float is the dyadic rational that it is.

    Raises:
        GameError: as for `gaussian_difference`.
    """
    given: Any = getattr(mixture, "means", mixture)
    if not _is_sequence(given):
        raise GameError(f"{mixture!r} is no mixture; give a Mixture, or a sequence of means")
    means = tuple(_exact(mean, "mean") for mean in given)
    if not means:
        raise GameError("a mixture needs at least one mean")
    weights = tuple(_exact(weight, "weight") for weight in getattr(mixture, "weights", ()))
    weights = weights or (Rational(1, len(means)),) * len(means)
    if len(weights) != len(means):
        raise GameError(f"{len(weights)} weights for {len(means)} means; give one a mean")
    for weight in weights:
        if _sign(weight, "a weight and 0") <= 0:
            raise GameError(f"the weight {weight} of a mixture is not a positive number")
    total = sp.Add(*weights)
    if _sign(total - 1, "the sum of the weights and 1"):
        raise GameError(f"the weights of a mixture sum to {total}, not to 1; give rationals")
    return GaussianMixture(means, weights)


def _is_sequence(value: Any) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping | Set)


def _exact(value: Any, what: str) -> Expr:
    return exact_number(value, f"mixture's {what}")


def _merged(terms: Iterable[tuple[Expr, Expr]]) -> list[tuple[Expr, Expr]]:
    """The terms in the order of their centers, those of equal centers added up."""

    def order(a: tuple[Expr, Expr], b: tuple[Expr, Expr]) -> int:
        return _sign(a[0] - b[0], "two means")

    merged: list[tuple[Expr, Expr]] = []
    for term in sorted(terms, key=cmp_to_key(order)):
        if merged and not order(merged[-1], term):
            merged[-1] = (merged[-1][0], merged[-1][1] + term[1])
        else:
            merged.append(term)
    return merged


def _sign(number: Expr, what: str) -> int:
    """The exact sign of a real number: by balls, or zero by its minimal polynomial."""
    if number.is_Rational:
        return (int(number.p) > 0) - (int(number.p) < 0)
    sign = sign_at(number)
    if sign is None and sp.expand(number) == 0:
        sign = 0
    if sign is None and number.is_algebraic and _degree(number) <= HIGHEST_DEGREE:
        variable = sp.Dummy("x")
        sign = 0 if sp.minimal_polynomial(number, variable) == variable else None
    if sign is None:
        raise Undecided(f"cannot tell {what} of a mixture apart ({number}); give rationals")
    return sign


def _degree(number: Expr) -> int:
    """A bound of the degree of a number made of roots, over the rationals."""
    powers = number.atoms(sp.Pow)
    return math.prod(int(p.exp.q) for p in powers if p.exp.is_Rational and not p.exp.is_Integer)


def number_balls(numbers: Sequence[Expr]) -> list[Any]:
    """Balls of exact numbers at the working precision."""
    flint = load_flint()
    return [
        rational_ball(flint, number)
        if number.is_Rational
        else enclose(number, {}, min(MOST_BITS, flint.ctx.prec)).real
        for number in numbers
    ]


def mirror(difference: GaussianDifference) -> int:
    """1 where F is symmetric about some point, -1 where it is antisymmetric, else 0; exact.

    >>> mirror(gaussian_difference((-1, 1), (0,)))
    1
    >>> mirror(gaussian_difference((-2, 1), (-1, 2)))
    -1
    """
    centers, weights = difference.centers, difference.coefficients
    if not centers:
        return 0
    sums = [c + d for c, d in zip(centers, reversed(centers), strict=True)]
    if any(_sign(total - sums[0], "two means") for total in sums[1:]):
        return 0
    pairs = list(zip(weights, reversed(weights), strict=True))
    if not any(_sign(a - b, "two weights") for a, b in pairs):
        return 1
    return 0 if any(_sign(a + b, "two weights") for a, b in pairs) else -1
