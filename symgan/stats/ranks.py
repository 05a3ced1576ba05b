r"""Ranks and their averages, exactly.

A *block* holds one value a treatment, measured under the same conditions; treatments are
ranked inside each block. Ties share the mean of the ranks that they take up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from symgan.errors import BadData

Block = Sequence[int | Fraction]
Blocks = Sequence[Block]


def ranks(values: Block, *, higher_is_better: bool = False) -> tuple[Fraction, ...]:
    r"""Mid-ranks: rank 1 is the best value; ties share the mean of their places.

    .. math:: r_i = \#\{j : x_j < x_i\} + \tfrac12 (\#\{j : x_j = x_i\} + 1)

    Args:
        values: integers or fractions; floats are refused, since they tie by rounding.
        higher_is_better: rank 1 is the largest value, not the smallest.

    Raises:
        BadData: no values, or one that is not an exact number.

    >>> ranks([30, 10, 10, 20])
    (Fraction(4, 1), Fraction(3, 2), Fraction(3, 2), Fraction(3, 1))
    """
    if not values:
        raise BadData("a block holds no values; give one value a treatment")
    for value in values:
        if not isinstance(value, int | Fraction):
            raise BadData(f"{value!r} is not an exact number; give integers or fractions")
    ordered = sorted(values, reverse=higher_is_better)
    count = Counter(values)
    before = {value: place for place, value in reversed(list(enumerate(ordered)))}
    return tuple(before[value] + Fraction(count[value] + 1, 2) for value in values)


def rank_rows(blocks: Blocks) -> tuple[tuple[Fraction, ...], ...]:
    """The ranks of each block, smallest value first.

    Raises:
        BadData: no blocks, or blocks of different lengths, or fewer than two treatments.
    """
    if not blocks:
        raise BadData("there are no blocks; give at least one row of values")
    widths = {len(block) for block in blocks}
    if len(widths) > 1:
        raise BadData(
            f"blocks hold {', '.join(map(str, sorted(widths)))} values; give each block one "
            "value a treatment"
        )
    if widths == {1}:
        raise BadData("one treatment cannot be ranked; give at least two values a block")
    return tuple(ranks(block) for block in blocks)


def rank_sums(blocks: Blocks) -> tuple[Fraction, ...]:
    """The sum of each treatment's ranks over all blocks.

    >>> rank_sums([[1, 2, 3], [2, 1, 3]])
    (Fraction(3, 1), Fraction(3, 1), Fraction(6, 1))
    """
    return tuple(sum(column, Fraction(0)) for column in zip(*rank_rows(blocks), strict=True))


def average_ranks(blocks: Blocks) -> tuple[Fraction, ...]:
    """The mean of each treatment's ranks over all blocks; they sum to k (k + 1) / 2.

    >>> average_ranks([[1, 2, 3], [2, 1, 3]])
    (Fraction(3, 2), Fraction(3, 2), Fraction(3, 1))
    """
    return tuple(total / len(blocks) for total in rank_sums(blocks))
