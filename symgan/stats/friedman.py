r"""The Friedman test: do k treatments, ranked in n blocks, differ at all?"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import mpmath
from sympy import Expr, Rational

from symgan.errors import BadData
from symgan.stats.permutation import friedman_permutation_tail
from symgan.stats.ranks import Blocks, rank_rows
from symgan.stats.tails import chi_square_tail, f_tail


@dataclass(frozen=True)
class Friedman:
    r"""A Friedman test, its statistics exact.

    Attributes:
        blocks: number n of blocks.
        treatments: number k of treatments.
        rank_sums: one a treatment.
        statistic: Friedman's :math:`Q`, with the correction for ties.
        rows: the ranks of each block.
    """

    blocks: int
    treatments: int
    rank_sums: tuple[Fraction, ...]
    statistic: Fraction
    rows: tuple[tuple[Fraction, ...], ...]

    @property
    def average_ranks(self) -> tuple[Fraction, ...]:
        """The mean rank of each treatment."""
        return tuple(total / self.blocks for total in self.rank_sums)

    @property
    def kendall_w(self) -> Fraction:
        r"""Kendall's :math:`W = Q / (n (k - 1))`: 0 no agreement of blocks, 1 full agreement."""
        return self.statistic / (self.blocks * (self.treatments - 1))

    @property
    def p_chi_square(self) -> Expr:
        r"""The large-sample p-value, in closed form: Q against chi-square with k - 1 degrees."""
        return chi_square_tail(Rational(*self.statistic.as_integer_ratio()), self.treatments - 1)

    @property
    def iman_davenport(self) -> Fraction | None:
        r""":math:`(n - 1) Q / (n (k - 1) - Q)`; None where all blocks agree: it is infinite."""
        most = self.blocks * (self.treatments - 1)
        if most == self.statistic:
            return None
        return (self.blocks - 1) * self.statistic / (most - self.statistic)

    @property
    def p_iman_davenport(self) -> mpmath.mpf:
        """The p-value of Iman and Davenport: F with k - 1 and (k - 1)(n - 1) degrees.

        Raises:
            BadData: one block leaves no degrees of freedom.
        """
        if self.blocks == 1:
            raise BadData("Iman and Davenport's test needs at least two blocks; use p_exact")
        if self.iman_davenport is None:
            return mpmath.mpf(0)
        above = self.treatments - 1
        return f_tail(self.iman_davenport, above, above * (self.blocks - 1))

    @property
    def p_exact(self) -> Fraction:
        """The p-value of the permutation distribution, a rational number.

        Raises:
            Undecided: there are too many states to count.
        """
        return friedman_permutation_tail(self.rows)


def friedman(blocks: Blocks) -> Friedman:
    r"""Friedman's test on blocks of values, the smallest value ranked first.

    With rank sums :math:`R_j`, :math:`A = \sum r_{ij}^2` and :math:`C = n k (k+1)^2/4`,

    .. math:: Q = (k - 1) \, \frac{\sum_j R_j^2 - n C}{A - C},

    which is :math:`\frac{12}{n k (k+1)} \sum_j R_j^2 - 3 n (k+1)` without ties.

    Args:
        blocks: n rows of k exact values.

    Raises:
        BadData: rows that are not n x k exact numbers, or all values of each row equal.

    Source: Friedman 1937; Conover 1999, section 5.8 (ties); Iman and Davenport 1980.

    >>> test = friedman([[1, 2, 3], [1, 2, 3], [2, 1, 3]])
    >>> test.statistic, test.kendall_w, test.p_exact
    (Fraction(14, 3), Fraction(7, 9), Fraction(7, 36))
    """
    rows = rank_rows(blocks)
    n, k = len(rows), len(rows[0])
    sums = tuple(sum(column, Fraction(0)) for column in zip(*rows, strict=True))
    squares = sum((rank**2 for row in rows for rank in row), Fraction(0))
    center = Fraction(n * k * (k + 1) ** 2, 4)
    if squares == center:
        raise BadData("every block ties all its treatments; no test can tell them apart")
    between = sum((total**2 for total in sums), Fraction(0))
    statistic = (k - 1) * (between - n * center) / (squares - center)
    return Friedman(n, k, sums, statistic, rows)
