r"""Do two tables rank the same treatments alike? Rank correlation, within blocks and overall."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations

from symgan.errors import BadData
from symgan.stats.ranks import Block, Blocks, rank_rows, ranks


@dataclass(frozen=True)
class Agreement:
    r"""How far two tables rank the treatments of each block alike.

    Attributes:
        mean: the mean over blocks of :math:`\rho_b`; 1 equal orders, -1 opposite ones.
        rows: :math:`\rho_b` of each block.
        p_exact: the share of all permutations inside blocks that agree at least as well.
    """

    mean: Fraction
    rows: tuple[Fraction, ...]
    p_exact: Fraction


def agreement(first: Blocks, second: Blocks) -> Agreement:
    r"""The mean rank correlation of two tables inside their blocks, and its exact p-value.

    With ranks :math:`r, s` of the k treatments of a block,

    .. math:: \rho_b = \frac{12}{k^3 - k} \sum_i (r_i - \bar r)(s_i - \bar s),

    Spearman's coefficient where the block has no ties; ties only draw it towards 0. Where the
    second table is unrelated to the first, its ranks inside a block may be permuted freely: the
    p-value counts all :math:`(k!)^n` outcomes, one-sided.

    Args:
        first, second: n rows of k exact values each, blocks in the same order.

    Raises:
        BadData: tables of different shapes, or rows that cannot be ranked.

    Source: Spearman 1904; Lyerly 1952, "The average Spearman rank correlation coefficient".

    >>> found = agreement([[1, 2, 3], [1, 2, 3]], [[10, 20, 30], [10, 30, 20]])
    >>> found.mean, found.p_exact
    (Fraction(3, 4), Fraction(5, 36))
    """
    one, other = _centered(first), _centered(second)
    if len(one) != len(other) or len(one[0]) != len(other[0]):
        raise BadData(
            f"tables of {len(one)} x {len(one[0])} and {len(other)} x {len(other[0])} values; "
            "give both the same blocks and treatments"
        )
    k = len(one[0])
    most = Fraction(4 * (k**3 - k), 12)  # of 4 times the sum of products: ranks are doubled
    sums = [_product(r, s) for r, s in zip(one, other, strict=True)]
    rows = tuple(total / most for total in sums)
    return Agreement(sum(rows, Fraction(0)) / len(rows), rows, _tail(one, other, sum(sums)))


def spearman(first: Block, second: Block) -> float:
    r"""Spearman's rank correlation of two lists, with ties: Pearson's of the mid-ranks.

    Raises:
        BadData: lists of different lengths, or one whose values are all equal.

    >>> spearman([1, 2, 3, 4], [10, 20, 40, 30])
    0.8
    """
    if len(first) != len(second):
        raise BadData(f"{len(first)} and {len(second)} values; give two lists of one length")
    r, s = (_doubled(ranks(values)) for values in (first, second))
    squares = _product(r, r) * _product(s, s)
    if squares == 0:
        raise BadData("all values of a list are equal; no correlation exists")
    return _product(r, s) / math.sqrt(squares)


def _tail(one: Sequence[Sequence[int]], other: Sequence[Sequence[int]], observed: int) -> Fraction:
    """The share of permutations whose sum of products is at least the observed one."""
    ways = Counter({0: 1})
    for r, s in zip(one, other, strict=True):
        step = Counter(_product(r, order) for order in permutations(s))
        after: Counter[int] = Counter()
        for total, count in ways.items():
            for change, times in step.items():
                after[total + change] += count * times
        ways = after
    return Fraction(sum(n for total, n in ways.items() if total >= observed), ways.total())


def _centered(table: Blocks) -> list[list[int]]:
    return [_doubled(row) for row in rank_rows(table)]


def _doubled(row: Sequence[Fraction]) -> list[int]:
    """Twice the ranks less their mean: whole numbers, ties or not."""
    return [int(2 * rank) - len(row) - 1 for rank in row]


def _product(r: Sequence[int], s: Sequence[int]) -> int:
    return sum(a * b for a, b in zip(r, s, strict=True))
