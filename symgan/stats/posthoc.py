r"""Who differs from whom: pairwise comparisons after a Friedman test."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import mpmath
import sympy as sp
from sympy import Expr, Rational

from symgan.errors import BadData
from symgan.stats.friedman import friedman
from symgan.stats.ranks import Block, Blocks, average_ranks, ranks
from symgan.stats.tails import f_tail, normal_tail, range_tail


@dataclass(frozen=True)
class Pair:
    """Two treatments compared.

    Attributes:
        first: index of one treatment.
        second: index of the other.
        difference: average rank of the first less that of the second; exact.
        z: the difference in standard errors; exact.
    """

    first: int
    second: int
    difference: Fraction
    z: Expr
    treatments: int

    @property
    def p_normal(self) -> Expr:
        """The two-sided p-value of this pair alone, in closed form."""
        return normal_tail(self.z)

    @property
    def p_nemenyi(self) -> mpmath.mpf:
        r"""The p-value for all pairs at once: the range of k normals beyond :math:`\sqrt2\,|z|`."""
        return range_tail(sp.N(sp.sqrt(2) * sp.Abs(self.z), 25), self.treatments)


def compare_ranks(blocks: Blocks) -> tuple[Pair, ...]:
    r"""All pairs of treatments by their average ranks.

    .. math:: z = \frac{\bar R_i - \bar R_j}{\sqrt{k (k + 1) / (6 n)}}

    Args:
        blocks: n rows of k exact values, the smallest ranked first.

    Raises:
        BadData: rows that cannot be ranked.

    Source: Nemenyi 1963; Demsar 2006, section 3.2.2.

    >>> compare_ranks([[1, 2], [1, 2], [2, 1], [1, 2]])[0].z
    -1
    """
    means = average_ranks(blocks)
    k, n = len(means), len(blocks)
    error = sp.sqrt(Rational(k * (k + 1), 6 * n))
    return tuple(
        Pair(i, j, gap, Rational(gap.numerator, gap.denominator) / error, k)
        for i, j in combinations(range(k), 2)
        for gap in (means[i] - means[j],)
    )


def conover(blocks: Blocks) -> dict[tuple[int, int], mpmath.mpf]:
    r"""Conover's p-values of all pairs, by their rank sums R.

    With :math:`A = \sum r_{ij}^2` and :math:`Q` as in `friedman`, and
    :math:`C = n k (k+1)^2/4`,

    .. math:: t^2 = \frac{(R_i - R_j)^2 (n-1)(k-1)}{2 n (A - C)\,(1 - Q/(n(k-1)))}

    against Student's t with (n-1)(k-1) degrees of freedom. The p-values are not adjusted for
    their number: see `holm`.

    Args:
        blocks: n >= 2 rows of k exact values, the smallest ranked first.

    Returns:
        (first, second) -> p-value; where all blocks agree, 0, or 1 for equal sums.

    Raises:
        BadData: one block, or rows that cannot be ranked.

    Source: Conover 1999, section 5.8, equation (6).

    >>> mpmath.nstr(conover([[1, 2, 3], [1, 2, 3], [2, 1, 3]])[0, 2], 4)
    '0.02411'
    """
    test = friedman(blocks)
    n, k = test.blocks, test.treatments
    if n == 1:
        raise BadData("Conover's test needs at least two blocks; use friedman's p_exact")
    squares = sum((rank**2 for row in test.rows for rank in row), Fraction(0))
    spread = squares - Fraction(n * k * (k + 1) ** 2, 4)
    left = 1 - test.statistic / (n * (k - 1))
    degrees = (n - 1) * (k - 1)
    found = {}
    for i, j in combinations(range(k), 2):
        gap = (test.rank_sums[i] - test.rank_sums[j]) ** 2
        if left == 0:
            found[i, j] = mpmath.mpf(0 if gap else 1)
            continue
        square = gap * degrees / (2 * n * spread * left)
        found[i, j] = f_tail(Rational(*square.as_integer_ratio()), 1, degrees)
    return found


def holm(p_values: Sequence[Expr]) -> tuple[Expr, ...]:
    r"""Holm's adjusted p-values, in the order given.

    The i-th smallest of m is multiplied by m - i + 1, kept from falling and capped at 1.

    Args:
        p_values: exact numbers or floats.

    Raises:
        BadData: a value outside [0, 1].

    >>> holm([Rational(1, 100), Rational(4, 100), Rational(3, 100)])
    (3/100, 3/50, 3/50)
    """
    values = [sp.sympify(p) for p in p_values]
    if not all(sp.And(p >= 0, p <= 1) for p in values):
        raise BadData("p-values lie between 0 and 1; check what is adjusted")
    order = sorted(range(len(values)), key=lambda i: values[i])
    adjusted: dict[int, Expr] = {}
    largest: Expr = sp.Integer(0)
    for place, index in enumerate(order):
        scaled = (len(values) - place) * values[index]
        largest = scaled if scaled > largest else largest
        adjusted[index] = largest if largest < 1 else sp.Integer(1)
    return tuple(adjusted[i] for i in range(len(values)))


def sign_test(differences: Block) -> Fraction:
    """The exact two-sided p-value of the sign test; zeros are left out.

    Raises:
        BadData: no difference is nonzero.

    >>> sign_test([1, 1, 1, -1, 0])
    Fraction(5, 8)
    """
    signs = [value > 0 for d in differences if (value := Fraction(d)) != 0]
    if not signs:
        raise BadData("all differences are zero; no test can tell the treatments apart")
    n, more = len(signs), max(sum(signs), len(signs) - sum(signs))
    tail = sum(math.comb(n, j) for j in range(more, n + 1))
    return min(Fraction(1), Fraction(2 * tail, 2**n))


def wilcoxon(differences: Block) -> Fraction:
    """The exact two-sided p-value of Wilcoxon's signed-rank test; zeros are left out.

    Ties among magnitudes share ranks, and the permutation distribution is that of the
    shared ranks.

    Raises:
        BadData: no difference is nonzero.

    >>> wilcoxon([1, 2, 3, 4])
    Fraction(1, 8)
    """
    used = [value for d in differences if (value := Fraction(d)) != 0]
    if not used:
        raise BadData("all differences are zero; no test can tell the treatments apart")
    doubled = [int(2 * rank) for rank in ranks([abs(d) for d in used])]
    total = sum(doubled)
    observed = sum(rank for rank, d in zip(doubled, used, strict=True) if d > 0)
    ways = [1] + [0] * total  # ways[s]: how many choices of signs give the positive sum s
    for rank in doubled:
        for s in range(total, rank - 1, -1):
            ways[s] += ways[s - rank]
    low = min(observed, total - observed)
    return min(Fraction(1), Fraction(2 * sum(ways[: low + 1]), 2 ** len(used)))
