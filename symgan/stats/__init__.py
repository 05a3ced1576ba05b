r"""Rank statistics for benchmark tables, exact where numbers are rational.

Ranks, rank sums and Friedman's statistic are rational numbers; p-values come in closed form
(chi-square, normal), as exact shares of the permutation distribution, or to stated digits.

>>> test = friedman([[3, 1, 2], [3, 2, 1], [3, 1, 2]])
>>> test.average_ranks
(Fraction(3, 1), Fraction(4, 3), Fraction(5, 3))
"""

from symgan.stats.friedman import Friedman, friedman
from symgan.stats.mending import (
    CellChange,
    Transposition,
    mending_cells,
    mending_transpositions,
)
from symgan.stats.permutation import friedman_permutation_tail
from symgan.stats.posthoc import Pair, compare_ranks, conover, holm, sign_test, wilcoxon
from symgan.stats.proportions import clopper_pearson, wilson
from symgan.stats.ranks import average_ranks, rank_rows, rank_sums, ranks
from symgan.stats.resampling import Interval, bootstrap_average_ranks, sampled_friedman_tail
from symgan.stats.tails import chi_square_tail, f_tail, normal_tail, range_tail

__all__ = [
    "CellChange",
    "Friedman",
    "Interval",
    "Pair",
    "Transposition",
    "average_ranks",
    "bootstrap_average_ranks",
    "chi_square_tail",
    "clopper_pearson",
    "compare_ranks",
    "conover",
    "f_tail",
    "friedman",
    "friedman_permutation_tail",
    "holm",
    "mending_cells",
    "mending_transpositions",
    "normal_tail",
    "range_tail",
    "rank_rows",
    "rank_sums",
    "ranks",
    "sampled_friedman_tail",
    "sign_test",
    "wilcoxon",
    "wilson",
]
