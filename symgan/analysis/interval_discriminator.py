r"""The globally optimal discriminator of m intervals, proved for the instance.

The payoff :math:`L = 1 + \sum_i [H(r_i) - H(\ell_i)]` depends on the ends through
:math:`H(x) = \int_{-\infty}^x F`, :math:`F = p - q`, which rises where F is positive and falls
where it is negative, and vanishes at both infinities.

**Theorem.** Let F be positive on P segments. The supremum of L over
:math:`\ell_1 \le r_1 \le \ell_2 \le \dots \le r_m` is the greatest value over all choices of
min(m, P) disjoint intervals, each of which starts at the left end of a positive segment and ends
at the right end of the same or a later one (so that it runs across the negative gaps between).

*Proof.* Moving an end out of a piece of constant sign, uphill on H until the next zero of F, the
next infinity or the neighboring end, does not lower L; ends that meet make an interval empty or two
intervals one. So the supremum is reached in the limit by intervals between zeros and infinities
with every left end followed, and every right end preceded by a positive segment. With fewer than
min(m, P) of them a positive segment is left out, which one more interval adds, or a negative gap is
run across, which one more interval cuts out; both raise L. Every optimum is of this kind, up to
spare intervals: one that is empty, or touches its neighbor.

With m >= P the positive segments themselves are optimal, :math:`L = 1 + d_{TV}(p, q)`. Ends are
real numbers in the paper's definition, so that an optimum with an infinite end is a supremum that
no discriminator attains. A dynamic program over enclosures of H finds the maximum; it drops a
choice only where another one is provably better. Equal choices come from mirror symmetry:
:math:`F(2s - x) = \pm F(x)` gives :math:`H(2s - x) = \mp H(x)`, so that they are the same
integer combination of the values of H at zeros on one side.

Source: Li et al. 2018, "On the limitations of first-order approximation in GAN dynamics",
eqs. (4)-(7), for k = m = 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sympy import Integer, Rational

from symgan.analysis.budget import Budget
from symgan.analysis.enclosures import Enclosure
from symgan.analysis.exact_inputs import whole_number
from symgan.analysis.exponential_sums import Zone
from symgan.analysis.gaussian_difference import (
    GaussianDifference,
    MixtureLike,
    gaussian_difference,
    mirror,
)
from symgan.analysis.sign_changes import (
    SECONDS,
    WIDTH,
    SignChanges,
    checked_width,
    located,
    refuse_open,
    summary,
)
from symgan.analysis.total_variation import Masses, relative_enclosure
from symgan.certify.ball import MOST_BITS, START_BITS, load_flint
from symgan.errors import Undecided

Intervals = tuple[tuple[Enclosure, Enclosure], ...]
Choice = tuple[tuple[int, int], ...]
"""Intervals as (first, last) indices of the positive segments that they run over."""
MOST_CHOICES = 4096
"""More choices than these at once, none provably better, are not followed up."""


@dataclass(frozen=True)
class OptimalIntervals:
    r"""A globally optimal discriminator of at most m intervals.

    Attributes:
        intervals: the enclosures of the ends of its nonempty intervals, left to right; an end at
            infinity is (-oo, -oo) or (oo, oo).
        spare: how many of the m intervals are not needed: they are empty anywhere, or cut an
            interval into touching ones, without changing L.
        gain: :math:`\max L - 1 = \sum_i \int_{\ell_i}^{r_i} F`, narrow relative to itself.
        attained: some optimum has real ends only; False: the supremum is not reached; None: open,
            as it depends on which of the open choices is best.
        ties: further optimal tuples of intervals, equal in value by symmetry.
        open: further tuples whose values the highest precision does not tell apart.
        changes: the sign changes of F.
    """

    intervals: Intervals
    spare: int
    gain: Enclosure
    attained: bool | None
    ties: tuple[Intervals, ...]
    open: tuple[Intervals, ...]
    changes: SignChanges

    @property
    def value(self) -> Enclosure:
        """The greatest value (supremum) of L."""
        return Enclosure(1 + self.gain.lower, 1 + self.gain.upper)

    @property
    def unique(self) -> bool | None:
        """The optimal set is unique up to measure zero; None where that is open.

        The ends are unique as numbers where it is true and `spare` is 0.
        """
        if self.changes.identical or self.ties:
            return False
        return None if self.open else True


def optimal_intervals(
    p: MixtureLike,
    q: MixtureLike,
    *,
    intervals: int = 2,
    width: Any = WIDTH,
    most_bits: int = MOST_BITS,
    budget: float = SECONDS,
) -> OptimalIntervals:
    r"""The global maximum of L over m disjoint intervals, with enclosures of its ends.

    Args:
        p: the truth.
        q: the generator.
        intervals: m, at least 1.
        width: of each end at most, and of the gain relative to it.
        most_bits: the highest working precision in bits.
        budget: seconds.

    Raises:
        GameError: what is no mixture, no number of intervals, or no width.
        Undecided: F has a double zero, or two so near that the precision does not tell; out of
            time.

    >>> half = Rational(1, 2)
    >>> best = optimal_intervals((-half, half), (-1, 1))
    >>> [(round(float(a.middle), 5), round(float(b.middle), 5)) for a, b in best.intervals]
    [(-1.11315, 1.11315)]
    >>> best.spare, best.attained, best.unique
    (1, True, True)
    >>> optimal_intervals((0,), (-1, 1), intervals=1).attained
    True
    >>> one = optimal_intervals((-1, 1), (0,), intervals=1)
    >>> one.attained, len(one.ties)
    (False, 1)
    """
    count = whole_number(intervals, "intervals", 1)
    difference, narrow = gaussian_difference(p, q), checked_width(width)
    if not difference.centers:
        nothing = Enclosure(Integer(0), Integer(0))
        changes = summary(difference, (), narrow, START_BITS)
        return OptimalIntervals((), count, nothing, True, (), (), changes)
    bits, precise, clock = START_BITS, narrow**2 / 256, Budget(budget)
    while True:
        bits, found = located(difference, precise, (bits, most_bits), clock)
        refuse_open(found, most_bits)
        result = _chosen(difference, found, count, narrow, bits)
        reached = result.gain.width <= narrow * result.gain.lower
        if reached and (not result.open or bits >= most_bits):
            return result
        if bits >= most_bits:
            raise Undecided(
                f"{most_bits} bits do not reach the relative width {width}; raise either"
            )
        bits = min(2 * bits, most_bits)
        precise = min(precise, Rational(1, 2 ** (bits // 3)))


def _chosen(
    difference: GaussianDifference, found: Sequence[Zone], count: int, width: Rational, bits: int
) -> OptimalIntervals:
    changes = summary(difference, found, width, bits)
    pieces = [i for i, sign in enumerate(changes.signs) if sign > 0]
    flint = load_flint()
    with flint.ctx.workprec(bits):
        masses, zero = Masses(difference), flint.arb(0)
        heights = [zero, *(masses.primitive(zone) for zone in found), zero]
        number = min(count, len(pieces))
        segments = [(heights[i], heights[i + 1]) for i in pieces]
        best = best_choices(segments, number)
        most = best[0][0]
        for value, _ in best[1:]:
            most = most.max(value)
        gain = relative_enclosure(most, width)
    choices = [choice for _, choice in best]
    reflection = mirror(difference) if len(choices) > 1 else 0
    first = _key(choices[0], pieces, changes.count, reflection)
    same = [_key(c, pieces, changes.count, reflection) == first for c in choices]
    optima = [_ends(choice, changes) for choice in choices]
    tied = tuple(o for o, equal in zip(optima, same, strict=True) if equal)
    rest = tuple(o for o, equal in zip(optima, same, strict=True) if not equal)
    real = any(_is_real(optimum) for optimum in tied)
    attained = None if any(_is_real(o) != real for o in rest) else real
    return OptimalIntervals(tied[0], count - number, gain, attained, tied[1:], rest, changes)


def best_choices(segments: Sequence[tuple[Any, Any]], number: int) -> list[tuple[Any, Choice]]:
    """The choices of so many intervals none of which is provably better than another.

    Args:
        segments: the values of H (balls) at the two ends of each positive segment.
        number: how many intervals, at most as many as segments.

    Raises:
        Undecided: too many choices have values too near to each other.
    """
    closed: list[list[tuple[Any, Choice]]] = [[] for _ in range(number + 1)]
    inside: list[list[tuple[Any, Choice]]] = [[] for _ in range(number)]
    closed[0] = [(0, ())]
    for j, (left, right) in enumerate(segments):
        for t in range(number):
            starts = [(value - left, (*choice, (j, j))) for value, choice in closed[t]]
            inside[t] = _undominated([*inside[t], *starts])
        for t in range(number):
            ends = [
                (value + right, (*choice[:-1], (choice[-1][0], j))) for value, choice in inside[t]
            ]
            closed[t + 1] = _undominated([*closed[t + 1], *ends])
    return closed[number]


def _undominated(candidates: list[tuple[Any, Choice]]) -> list[tuple[Any, Choice]]:
    """Those that no other one provably exceeds."""
    if len(candidates) < 2:
        return candidates
    bar = max(value.lower() for value, _ in candidates)
    kept = [(value, choice) for value, choice in candidates if value.upper() >= bar]
    if len(kept) > MOST_CHOICES:
        raise Undecided(
            f"more than {MOST_CHOICES} discriminators have values too near to each other; "
            "ask for fewer intervals"
        )
    return kept


def _key(
    choice: Choice, pieces: Sequence[int], changes: int, reflection: int
) -> tuple[tuple[int, int], ...]:
    """The value as an integer combination of heights at zeros, on one side of a mirror."""
    total: dict[int, int] = {}
    for first, last in choice:
        for end, sign in ((pieces[first], -1), (pieces[last] + 1, 1)):
            if not 0 < end <= changes:
                continue
            other = changes + 1 - end
            if reflection and other < end:
                end, sign = other, -reflection * sign
            total[end] = total.get(end, 0) + sign
    return tuple(sorted((end, factor) for end, factor in total.items() if factor))


def _ends(choice: Choice, changes: SignChanges) -> Intervals:
    segments = changes.positive
    return tuple((segments[first][0], segments[last][1]) for first, last in choice)


def _is_real(intervals: Iterable[tuple[Enclosure, Enclosure]]) -> bool:
    return all(left.is_finite and right.is_finite for left, right in intervals)
