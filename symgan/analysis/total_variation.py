r"""Total variation of two mixtures of unit-variance Gaussians, as a rigorous interval.

With :math:`F = p - q` and :math:`H(x) = \int_{-\infty}^x F`, which vanishes at both infinities,

.. math:: d_{TV}(p, q) = \tfrac12 \int |F| = \int F^+ = \sum_{z:\ + \to -} H(z)
          - \sum_{z:\ - \to +} H(z)

over the sign changes z of F. Their enclosures enter in mean value form, and since
:math:`H' = F` vanishes at z, the error is quadratic in their width. The overlap
:math:`1 - d_{TV} = \int \min(p, q)` is summed apart, from masses of p where F is negative and of q
where it is positive, each from the complementary error function of its own tail: nothing cancels,
and it has a narrow relative enclosure however far apart the mixtures are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sympy import Integer, Rational

from symgan.analysis.budget import Budget
from symgan.analysis.enclosures import Enclosure, interval_ball, round_outward
from symgan.analysis.exponential_sums import Zone
from symgan.analysis.gaussian_difference import (
    GaussianDifference,
    GaussianMixture,
    MixtureLike,
    gaussian_difference,
    number_balls,
)
from symgan.analysis.sign_changes import (
    SECONDS,
    WIDTH,
    SignChanges,
    checked_width,
    digits_for,
    located,
    sign_changes,
    summary,
)
from symgan.certify.ball import MOST_BITS, START_BITS, load_flint
from symgan.errors import Undecided

__all__ = ["SignChanges", "TotalVariation", "sign_changes", "total_variation"]

FLOOR_BITS = 2**13
"""An overlap below 2^-FLOOR_BITS (mixtures some 200 apart) is enclosed from 0 on: as rationals,
smaller bounds would be of no use."""


@dataclass(frozen=True)
class TotalVariation:
    r"""The total variation distance of two mixtures.

    Attributes:
        lower, upper: rationals with :math:`lower \le d_{TV}(p, q) \le upper`.
        overlap: :math:`1 - d_{TV} = \int \min(p, q)`, narrow relative to itself.
        changes: the sign changes of p - q. Where some of them are open, the bounds hold whatever
            the number of zeros there is.

    The bounds compare with rationals: ``tv.upper < Rational(1, 10)`` proves a distance below 1/10.
    """

    lower: Rational
    upper: Rational
    overlap: Enclosure
    changes: SignChanges

    @property
    def width(self) -> Rational:
        """The upper bound less the lower."""
        return self.upper - self.lower

    @property
    def middle(self) -> Rational:
        """The middle of the bounds."""
        return (self.lower + self.upper) / 2


def total_variation(
    p: MixtureLike,
    q: MixtureLike,
    *,
    width: Any = WIDTH,
    most_bits: int = MOST_BITS,
    budget: float = SECONDS,
) -> TotalVariation:
    r"""The interval of the total variation distance, narrower than width times the distance.

    The overlap is enclosed with the same relative width. Where sign changes stay open at the
    highest precision, the interval holds in every case, but may be wider than asked.

    Args:
        p, q, width, most_bits, budget: as for `sign_changes`.

    Raises:
        GameError: what is no mixture, or no width.
        Undecided: the highest precision does not reach the width; out of time.

    >>> tv = total_variation((-1,), (1,))
    >>> from sympy import erf, sqrt
    >>> exact = erf(1 / sqrt(2))
    >>> bool(tv.lower < exact) and bool(exact < tv.upper), bool(tv.width < Rational(1, 10**12))
    (True, True)
    >>> round(float(total_variation((-20,), (20,)).overlap.middle) * 1e89, 4)
    5.5072
    """
    difference, narrow = gaussian_difference(p, q), checked_width(width)
    if not difference.centers:
        changes = summary(difference, (), narrow, START_BITS)
        return TotalVariation(Integer(0), Integer(0), Enclosure(Integer(1), Integer(1)), changes)
    bits, precise, clock = START_BITS, narrow**2 / 256, Budget(budget)
    while True:
        bits, found = located(difference, precise, (bits, most_bits), clock)
        result = _measured(difference, found, narrow, bits)
        open_ = bool(result.changes.open)
        if open_ or _is_narrow(result, narrow):
            return result
        if bits >= most_bits:
            raise Undecided(
                f"{most_bits} bits do not reach the relative width {width}; raise either"
            )
        bits = min(2 * bits, most_bits)
        precise = min(precise, Rational(1, 2 ** (bits // 3)))


def _is_narrow(result: TotalVariation, width: Rational) -> bool:
    overlap = result.overlap
    return bool(result.width <= width * result.lower) and (
        bool(overlap.width <= width * overlap.lower)
        or bool(overlap.upper <= Rational(1, 2**FLOOR_BITS))
    )


def _measured(
    difference: GaussianDifference, found: Sequence[Zone], width: Rational, bits: int
) -> TotalVariation:
    with load_flint().ctx.workprec(bits):
        masses = Masses(difference)
        distance, overlap = masses.distance(found), masses.overlap(found)
        direct = relative_enclosure(distance, width)
        shared = relative_enclosure(overlap, width)
        return TotalVariation(
            max(direct.lower, 1 - shared.upper),
            min(direct.upper, 1 - shared.lower),
            shared,
            summary(difference, found, width, bits),
        )


def relative_enclosure(ball: Any, width: Rational) -> Enclosure:
    """The rational enclosure of a number in [0, 1], on a grid fine enough for a relative width."""
    if not ball.is_finite():
        return Enclosure(Integer(0), Integer(1))
    mantissa, exponent = (int(part) for part in ball.upper().man_exp())
    size = exponent + mantissa.bit_length()
    digits = min(max(0, digits_for(width / 8) - size), FLOOR_BITS + 64)
    rounded = round_outward(ball, ball, digits)
    return Enclosure(max(rounded.lower, Integer(0)), min(rounded.upper, Integer(1)))


class Masses:
    """Masses of two mixtures and of their difference, in balls at the working precision."""

    def __init__(self, difference: GaussianDifference) -> None:
        self.signs = difference.signs
        self.terms = _terms(difference.coefficients, difference.centers)
        self.first, self.second = _mixture(difference.first), _mixture(difference.second)
        self.scale = load_flint().arb(2).sqrt()

    def density(self, x: Any) -> Any:
        """F on a ball."""
        normal = 1 / (2 * load_flint().arb.pi()).sqrt()
        return normal * sum(d * (-(x - c) * (x - c) / 2).exp() for d, c in self.terms)

    def primitive(self, zone: Zone) -> Any:
        """H at the zero in the zone (at any point of an open one)."""
        middle = ((zone.low + zone.high) / 2).mid()
        return self._mass(self.terms, None, middle) + self._correction(zone, middle)

    def distance(self, found: Sequence[Zone]) -> Any:
        """The total variation."""
        crossings = [zone for zone in found if zone.left != zone.right]
        total = sum(zone.left * self.primitive(zone) for zone in crossings)
        return total + self._open(found)

    def overlap(self, found: Sequence[Zone]) -> Any:
        """One less the total variation."""
        crossings = [zone for zone in found if zone.left != zone.right]
        middles = [((zone.low + zone.high) / 2).mid() for zone in crossings]
        ends, sign, total = [None, *middles, None], self.signs[0], 0
        for a, b in pairwise(ends):
            total += self._mass(self.second if sign > 0 else self.first, a, b)
            sign = -sign
        for zone, middle in zip(crossings, middles, strict=True):
            total -= zone.left * self._correction(zone, middle)
        return total - self._open(found)

    def _correction(self, zone: Zone, middle: Any) -> Any:
        x = interval_ball(zone.low, zone.high)
        return self.density(x) * (x - middle)

    def _open(self, found: Sequence[Zone]) -> Any:
        """What more than one sign in the open places may add."""
        zero = load_flint().arb(0)
        slack = zero
        for zone in found:
            if not zone.simple:
                most = abs(self.density(interval_ball(zone.low, zone.high))).upper()
                slack += interval_ball(zero, most * (zone.high - zone.low))
        return slack

    def _mass(self, terms: Sequence[tuple[Any, Any]], a: Any, b: Any) -> Any:
        """The mass between a and b; None is an infinite end."""
        return sum(
            weight * self._normal(*(None if end is None else (end - center) for end in (a, b)))
            for weight, center in terms
        )

    def _normal(self, a: Any, b: Any) -> Any:
        """The standard normal mass between a and b, from the tail that it lies in."""
        u, v = (None if end is None else end / self.scale for end in (a, b))
        if u is None:
            return load_flint().arb(1) if v is None else (-v).erfc() / 2
        if v is None:
            return u.erfc() / 2
        if u > 0:
            return (u.erfc() - v.erfc()) / 2
        if v < 0:
            return ((-v).erfc() - (-u).erfc()) / 2
        return (v.erf() - u.erf()) / 2


def _terms(weights: Sequence[Any], centers: Sequence[Any]) -> list[tuple[Any, Any]]:
    return list(zip(number_balls(weights), number_balls(centers), strict=True))


def _mixture(mixture: GaussianMixture) -> list[tuple[Any, Any]]:
    return _terms(mixture.weights, mixture.means)
