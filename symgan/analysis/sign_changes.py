r"""The sign changes of the difference of two mixtures of unit-variance Gaussians, enclosed.

Sources: as in `symgan.analysis.exponential_sums`, where the theorem on their number stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sympy import Expr, Rational

from symgan.analysis.budget import Budget
from symgan.analysis.enclosures import (
    INFINITY,
    MINUS_INFINITY,
    Enclosure,
    rational_ball,
    round_outward,
)
from symgan.analysis.exact_inputs import exact_number, whole_number
from symgan.analysis.exponential_sums import ExponentialSum, Unseparated, Zone, narrowed, zones
from symgan.analysis.gaussian_difference import (
    GaussianDifference,
    MixtureLike,
    gaussian_difference,
    number_balls,
)
from symgan.certify.ball import MOST_BITS, START_BITS, load_flint
from symgan.errors import GameError, Undecided

WIDTH = Rational(1, 10**12)
"""The width of enclosures unless another is asked for."""
LEAST_BITS, LIMIT_BITS = 16, 2**20
"""Between these a highest precision may be chosen."""
SECONDS = 60.0
"""What a search may take unless another budget is given."""


@dataclass(frozen=True)
class SignChanges:
    r"""Where :math:`F = p - q` changes its sign.

    Attributes:
        at: enclosures of the sign changes, left to right; each contains exactly one zero of F.
        signs: the signs of F on the pieces between them, one more than sign changes; (0,) where F
            is identically zero.
        centers, coefficients: :math:`F(x) = \sum_i d_i \varphi(x - c_i)` in lowest terms.
        bound: the number of sign changes in the coefficients; F has at most so many zeros, counted
            with multiplicity, and as many but for an even number.
        open: places where the number of zeros is open; empty in what `sign_changes` returns. One
            whose two sides differ in sign is in `at` too.
    """

    at: tuple[Enclosure, ...]
    signs: tuple[int, ...]
    centers: tuple[Expr, ...]
    coefficients: tuple[Expr, ...]
    bound: int
    open: tuple[Enclosure, ...] = ()

    @property
    def count(self) -> int:
        """How many sign changes there are."""
        return len(self.at)

    @property
    def identical(self) -> bool:
        """F is identically zero: the two mixtures are one."""
        return not self.centers

    @property
    def positive(self) -> tuple[tuple[Enclosure, Enclosure], ...]:
        """The left and right ends of the segments on which F is positive."""
        ends = (MINUS_INFINITY, *self.at, INFINITY)
        return tuple((ends[i], ends[i + 1]) for i, sign in enumerate(self.signs) if sign > 0)


def sign_changes(
    p: MixtureLike,
    q: MixtureLike,
    *,
    width: Any = WIDTH,
    most_bits: int = MOST_BITS,
    budget: float = SECONDS,
) -> SignChanges:
    r"""All sign changes of :math:`F = p - q`, none missed.

    Args:
        p, q: mixtures of unit-variance Gaussians (`means`, `weights`), or the means of uniform
            ones; exact numbers, or floats, which stand for the dyadic rationals that they are.
        width: the width of each enclosure at most; a positive number, at most 1.
        most_bits: the highest working precision in bits.
        budget: seconds.

    Raises:
        GameError: what is no mixture, or no width.
        Undecided: F has a double zero, or two so near that the precision does not tell; out of
            time.

    >>> half = Rational(1, 2)
    >>> found = sign_changes((-half, half), (-1, 1))
    >>> found.signs, [round(float(place.middle), 6) for place in found.at]
    ((-1, 1, -1), [-1.113153, 1.113153])
    >>> sign_changes((0, 1), (1, 0)).identical
    True
    """
    difference, narrow = gaussian_difference(p, q), checked_width(width)
    bits, found = located(difference, narrow / 4, (START_BITS, most_bits), Budget(budget))
    refuse_open(found, most_bits)
    return summary(difference, found, narrow, bits)


def refuse_open(found: Sequence[Zone], most_bits: int) -> None:
    """Every zone holds one simple zero.

    Raises:
        Undecided: one is open.
    """
    for zone in found:
        if not zone.simple:
            raise Undecided(
                f"at {most_bits} bits the difference of the mixtures has no visible sign near "
                f"{zone.low.str(6, radius=False)}: a double zero, two near ones or none; "
                "raise most_bits"
            )


def checked_width(width: Any) -> Rational:
    """The width as a rational.

    Raises:
        GameError: it is not a positive number, at most 1.
    """
    try:
        number = exact_number(width, "width")
    except GameError:
        number = None
    if not (number and number.is_Rational and 0 < number <= 1):
        raise GameError(f"width = {width!s}: give a positive number, at most 1") from None
    return number


def located(
    difference: GaussianDifference, width: Rational, precisions: tuple[int, int], budget: Budget
) -> tuple[int, list[Zone]]:
    """The zones of F, those of simple zeros no wider than asked, and the precision in bits.

    The precision doubles from the first to the last of `precisions` until no place is open. At the
    last, open places are returned.

    Raises:
        Undecided: the last precision does not reach the width, or tell two places apart; out of
            time.
    """
    found, bits = None, precisions[0]
    most_bits = whole_number(precisions[1], "most_bits", LEAST_BITS, LIMIT_BITS)
    for precision in _precisions(bits, most_bits):
        bits = precision
        try:
            found = _located_at(difference, width, precision, budget)
        except Unseparated:
            found = None
            continue
        if all(zone.simple for zone in found):
            break
    if found is None:
        raise Undecided(
            f"{most_bits} bits do not tell the sign changes of the difference of two mixtures "
            "apart, or do not reach the width; raise most_bits or the width"
        )
    return bits, found


def _precisions(bits: int, most_bits: int) -> Iterator[int]:
    while bits < most_bits:
        yield bits
        bits *= 2
    yield most_bits


def _located_at(
    difference: GaussianDifference, width: Rational, bits: int, budget: Budget
) -> list[Zone]:
    flint = load_flint()
    with flint.ctx.workprec(bits):
        sum_ = ExponentialSum(
            tuple(number_balls(difference.centers)),
            tuple(number_balls(difference.coefficients)),
            difference.signs,
        )
        limit = rational_ball(flint, width).lower()
        found = zones(sum_, budget)
        return [narrowed(sum_, zone, limit) if zone.simple else zone for zone in found]


def summary(
    difference: GaussianDifference, found: Sequence[Zone], width: Rational, bits: int
) -> SignChanges:
    """The zones as rationals, on a binary grid as coarse as the width and the gaps allow."""
    flint = load_flint()
    with flint.ctx.workprec(bits):
        gaps = [b.low - a.high for a, b in pairwise(found)]
        least = min((gap for gap in gaps if gap > 0), default=flint.arb(1))
        digits = max(digits_for(width / 4), _digits(least) + 2)
        places = [round_outward(zone.low, zone.high, digits) for zone in found]
    kept = [i for i, zone in enumerate(found) if zone.left != zone.right]
    return SignChanges(
        tuple(places[i] for i in kept),
        (difference.signs[0], *(found[i].right for i in kept)) if difference.centers else (0,),
        difference.centers,
        difference.coefficients,
        difference.variations,
        tuple(place for place, zone in zip(places, found, strict=True) if not zone.simple),
    )


def digits_for(width: Rational) -> int:
    """How many binary digits after the point resolve a width.

    >>> digits_for(Rational(1, 8)), digits_for(Rational(1, 9))
    (3, 4)
    """
    return max(0, (-(-width.q // width.p) - 1).bit_length())


def _digits(ball: Any) -> int:
    mantissa, exponent = (int(part) for part in ball.lower().man_exp())
    return max(0, -exponent - abs(mantissa).bit_length() + 1)
