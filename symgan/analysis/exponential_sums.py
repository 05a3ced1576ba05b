r"""All real zeros of exponential sums, isolated with ball arithmetic.

The difference of two mixtures of unit-variance Gaussians is a positive function times

.. math:: E(x) = \sum_i d_i e^{c_i x - c_i^2/2}, \qquad c_1 < \dots < c_n,\ d_i \neq 0.

**Theorem (Laguerre's extension of Descartes' rule).** Counted with multiplicity, E has at most V
real zeros, V the number of sign changes in :math:`d_1, \dots, d_n`, and their number has the
parity of V. So two mixtures with n distinct means between them differ with at most n - 1 sign
changes; at minus infinity F has the sign of :math:`d_1`, at plus infinity that of :math:`d_n`.

*Proof, and the algorithm.* Let :math:`d_s d_{s+1} < 0` be the first sign change. The derivative of
:math:`e^{-c_s x} E(x)` is :math:`e^{-c_s x}` times the sum with coefficients
:math:`d_i (c_i - c_s)`, which has one sign change less: those before s change their sign, s drops
out. By induction it has at most V - 1 zeros, by Rolle E has at most V; the signs at both infinities
give the parity. Downwards the same ladder finds them: a sum with V = 0 has no zero, one with
V = 1 exactly one, which is simple; between neighboring zeros of the derivative the sum is strictly
monotone up to a positive factor and has one zero or none, as the signs at the ends say.

For two mixtures the :math:`d_i` sum to zero, so that F has integral zero and takes both signs:
V = 1 gives exactly one sign change, V = 2 exactly two. Only from V = 3 on, as for two modes each
with interlaced means, the number depends on more than the signs of the :math:`d_i`.

Where a zero of the derivative is, the sum itself may be too small for its sign to be seen: a double
zero, two near ones or none. Balls separate what differs, but cannot confirm a double zero. Its
place is then kept as *open*, with proved signs at its two ends.

Source: Laguerre 1883, "Memoire sur la theorie des equations numeriques"; Polya and Szego, "Problems
and theorems in analysis II", part V, no. 77.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from symgan.analysis.budget import Budget
from symgan.analysis.enclosures import interval_ball
from symgan.certify.ball import load_flint

BISECTIONS = (1, 2), (5, 16), (11, 16)
"""Where an interval is cut: the next place serves where a zero sits too near the first."""


class Unseparated(ArithmeticError):
    """The working precision does not suffice."""


@dataclass(frozen=True)
class Zone:
    """An interval that matters: it contains one zero, or nobody knows how many.

    Attributes:
        low, high: exact points (flint ``arb``).
        left, right: the signs of the sum on its two sides.
        simple: it contains exactly one zero, and that is simple.
    """

    low: Any
    high: Any
    left: int
    right: int
    simple: bool


@dataclass(frozen=True, eq=False)
class ExponentialSum:
    r"""The sum of :math:`d_i e^{c_i x - c_i^2/2}` in balls at the working precision.

    Args:
        centers: :math:`c_1 < \dots < c_n`, balls.
        coefficients: :math:`d_i`, balls.
        signs: the signs of the coefficients, exact.
    """

    centers: tuple[Any, ...]
    coefficients: tuple[Any, ...]
    signs: tuple[int, ...]

    @cached_property
    def changes(self) -> tuple[int, ...]:
        """The indices after which the sign of the coefficients changes."""
        pairs = zip(self.signs, self.signs[1:], strict=False)
        return tuple(i for i, (a, b) in enumerate(pairs) if a != b)

    @cached_property
    def derived(self) -> ExponentialSum:
        """The next rung: the derivative after the factor that drops the term of a sign change."""
        s = self.changes[0]
        rest = [i for i in range(len(self.centers)) if i != s]
        return ExponentialSum(
            tuple(self.centers[i] for i in rest),
            tuple(self.coefficients[i] * (self.centers[i] - self.centers[s]) for i in rest),
            tuple(-self.signs[i] if i < s else self.signs[i] for i in rest),
        )

    @cached_property
    def _scales(self) -> dict[int, list[tuple[Any, Any, Any]]]:
        return {}

    def _scaled(self, near: Any) -> list[tuple[Any, Any, Any]]:
        """(coefficient, rate, offset) a term, divided by the term of the nearest center."""
        middle = float(near)
        distance = [abs(float(center) - middle) for center in self.centers]
        r = distance.index(min(distance))
        if r not in self._scales:
            c = self.centers
            self._scales[r] = [
                (d, c[i] - c[r], (c[i] + c[r]) / 2) for i, d in enumerate(self.coefficients)
            ]
        return self._scales[r]

    def value(self, x: Any, near: Any) -> Any:
        """A positive multiple of the sum, the same one for the same `near`."""
        return sum(d * (rate * (x - offset)).exp() for d, rate, offset in self._scaled(near))

    def slope(self, x: Any, near: Any) -> Any:
        """The derivative of `value`."""
        return sum(d * rate * (rate * (x - offset)).exp() for d, rate, offset in self._scaled(near))

    def sign_on(self, low: Any, high: Any) -> int:
        """The sign of the sum on the interval; 0 where it is not seen."""
        x, middle = interval_ball(low, high), _middle(low, high)
        return _sign(self.value(middle, middle) + self.slope(x, middle) * (x - middle))

    def reach(self) -> tuple[Any, Any]:
        r"""Points outside of which the extreme term exceeds all others together.

        To the right of a point x the ratios :math:`|d_i/d_n| e^{-(c_n - c_i)(x - (c_i + c_n)/2)}`
        fall; each is at most 1/n at the point returned. To the left likewise.
        """
        return -self._reach(0, -1).upper(), self._reach(len(self.centers) - 1, 1).upper()

    def _reach(self, end: int, side: int) -> Any:
        count, points = len(self.centers), []
        for i, (center, d) in enumerate(zip(self.centers, self.coefficients, strict=True)):
            if i != end:
                excess = (count * abs(d / self.coefficients[end])).max(1).log()
                middle = side * (center + self.centers[end]) / 2
                points.append(middle + excess / abs(self.centers[end] - center))
        if not all(point.is_finite() for point in points):
            raise Unseparated("two centers are not told apart")
        furthest = points[0]
        for point in points[1:]:
            furthest = furthest.max(point)
        return furthest


def zones(sum_: ExponentialSum, budget: Budget) -> list[Zone]:
    """Disjoint intervals, left to right, outside of which the sum has no zero.

    Raises:
        Unseparated: the working precision does not tell two open places apart.
        Undecided: out of time.
    """
    if not sum_.changes:
        return []
    low, high = sum_.reach()
    if len(sum_.changes) == 1:
        return [Zone(low, high, sum_.signs[0], sum_.signs[-1], True)]
    critical = zones(sum_.derived, budget)
    if critical:
        low, high = low.min(critical[0].low), high.max(critical[-1].high)
    budget.check("the zeros of a sum of exponentials")
    places = list(_signed(sum_, critical, low, high))
    return list(_between(sum_, places, low, high))


def _signed(
    sum_: ExponentialSum, critical: Sequence[Zone], low: Any, high: Any
) -> Iterator[tuple[Zone, int]]:
    """The zeros of the derivative with the sign of the sum there, 0 where it is not seen."""
    walls = (*(zone.low for zone in critical[1:]), high)
    for zone, wall in zip(critical, walls, strict=False):
        tight = zone
        while not (sign := sum_.sign_on(tight.low, tight.high)):
            smaller = refined(sum_.derived, tight) if tight.simple else None
            if smaller is None:
                break
            tight = smaller
        if not sign:
            tight = _widened(sum_, tight, low, wall)
        low = tight.high
        yield tight, sign


def _widened(sum_: ExponentialSum, zone: Zone, low: Any, high: Any) -> Zone:
    """An open place, widened until the sum has a sign at both ends."""
    margin = (zone.high - zone.low).upper().max(_grain(zone))
    left, right = zone.low, zone.high
    while left > low and right < high:
        before, after = sum_.sign_on(left, left), sum_.sign_on(right, right)
        if before and after:
            return Zone(left, right, before, after, False)
        left = left if before else (left - margin).lower()
        right = right if after else (right + margin).upper()
        margin = 2 * margin
    raise Unseparated("an open place meets another one")


def _between(
    sum_: ExponentialSum, places: Sequence[tuple[Zone, int]], low: Any, high: Any
) -> Iterator[Zone]:
    """The zeros between the signed places, and the open places themselves."""
    sign, start = sum_.signs[0], low
    for zone, seen in places:
        left, right = (seen, seen) if seen else (zone.left, zone.right)
        if left != sign:
            yield Zone(start, zone.low, sign, left, True)
        if not seen:
            yield zone
        sign, start = right, zone.high
    if sign != sum_.signs[-1]:
        yield Zone(start, high, sign, sum_.signs[-1], True)


def refined(sum_: ExponentialSum, zone: Zone) -> Zone | None:
    """A zone at most 3/4 as wide around the same simple zero; None where precision ends.

    One step of interval Newton, else a cut where the sum has a sign.
    """
    middle = _middle(zone.low, zone.high)
    x, value = interval_ball(zone.low, zone.high), sum_.value(middle, middle)
    slope = sum_.slope(x, middle)
    if not slope.contains(0):
        target = middle - value / slope
        low, high = zone.low.max(target.lower()), zone.high.min(target.upper())
        if 2 * (high - low) < zone.high - zone.low:
            return Zone(low, high, zone.left, zone.right, True)
    for numerator, denominator in BISECTIONS:
        point = _middle(zone.low, zone.high, numerator, denominator)
        inside = point > zone.low and point < zone.high
        sign = _sign(sum_.value(point, point)) if inside else 0
        if sign == zone.left:
            return Zone(point, zone.high, zone.left, zone.right, True)
        if sign == zone.right:
            return Zone(zone.low, point, zone.left, zone.right, True)
    return None


def narrowed(sum_: ExponentialSum, zone: Zone, width: Any) -> Zone:
    """The zone around a simple zero, no wider than asked.

    Raises:
        Unseparated: the working precision does not suffice.
    """
    while not zone.high - zone.low <= width:
        smaller = refined(sum_, zone)
        if smaller is None:
            raise Unseparated("the precision ends before the width")
        zone = smaller
    return zone


def _middle(low: Any, high: Any, numerator: int = 1, denominator: int = 2) -> Any:
    return (low + (high - low) * numerator / denominator).mid()


def _sign(ball: Any) -> int:
    return 1 if ball > 0 else -1 if ball < 0 else 0


def _grain(zone: Zone) -> Any:
    """A step that the working precision can see next to the zone."""
    flint = load_flint()
    size = abs(zone.low).max(abs(zone.high)).max(1).upper()
    return size * flint.arb(2) ** (8 - flint.ctx.prec)
