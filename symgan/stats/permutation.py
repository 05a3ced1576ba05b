r"""The exact permutation distribution of Friedman's statistic.

Under the hypothesis that treatments do not differ, the ranks inside each block may be
permuted freely: the vector of rank sums is a sum of n independent random permutations,
and the p-value is the share of all :math:`(k!)^n` outcomes whose rank sums lie at least as
far from their mean as the observed ones. The outcomes are counted exactly:

- the distribution is symmetric in the treatments, so only sorted sums are kept;
- what is counted is the *inside* of the sphere, so that a sum from which the sphere cannot
  be reached any more (triangle inequality) is dropped;
- counts are whole numbers in limbs of 56 bits, so NumPy adds them without rounding.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise, permutations

import numpy as np
from numpy.typing import NDArray

from symgan.errors import Undecided

LIMB = 56
"""Bits a limb: sums of fewer than 2^7 = 128 permutations stay below 2^63."""
MOST = 20_000_000
"""States times permutations of one step; more would take minutes and gigabytes."""

Ints = NDArray[np.int64]


def friedman_permutation_tail(rows: Sequence[Sequence[Fraction]]) -> Fraction:
    """The share of all permutations of the ranks with a statistic at least the observed one.

    Args:
        rows: n rows of ranks, halves allowed (ties).

    Raises:
        Undecided: the count needs too many states.

    >>> friedman_permutation_tail([[1, 2, 3], [1, 2, 3], [1, 2, 3]])  # 6 of 6**3
    Fraction(1, 36)
    """
    doubled = [[int(2 * rank) for rank in row] for row in rows]
    n, k = len(doubled), len(doubled[0])
    if k > 5:
        raise Undecided(f"the exact distribution of {k} treatments is too large; use p_chi_square")
    mean = n * (k + 1)  # of each doubled rank sum
    observed = sum((sum(column) - mean) ** 2 for column in zip(*doubled, strict=True))
    inside = _count_inside(_steps(doubled), observed)
    return 1 - Fraction(inside, math.factorial(k) ** n)


def _steps(rows: Sequence[Sequence[int]]) -> list[Ints]:
    """For each block all k! orders of its centered ranks, shape (k!, k)."""
    k = len(rows[0])
    return [np.array(list(permutations(sorted(r - k - 1 for r in row)))) for row in rows]


def _count_inside(steps: Sequence[Ints], bound: int) -> int:
    """How many outcomes have a sum of squares below the bound."""
    k = steps[0].shape[1]
    lengths = [math.sqrt(int((step[0] ** 2).sum())) for step in steps]
    states, counts = np.zeros((1, k), dtype=np.int64), [np.ones(1, dtype=np.int64)]
    for number, step in enumerate(steps):
        left = sum(lengths[number + 1 :])
        # One more than the reach: rounding of the square roots drops nothing that counts.
        reach = (math.sqrt(bound) + left + 1) ** 2
        states, counts = _add_block(states, counts, step, reach)
    chosen = (states**2).sum(axis=1) < bound
    inside = [limb[chosen] for limb in counts]
    orders = [_distinct_orders(state) for state in states[chosen].tolist()]
    return sum(
        order * sum(int(limb[place]) << (LIMB * power) for power, limb in enumerate(inside))
        for place, order in enumerate(orders)
    )


def _add_block(
    states: Ints, counts: list[Ints], step: Ints, reach: float
) -> tuple[Ints, list[Ints]]:
    """The sorted sums after one more block, and in how many ways each *ordered* sum arises."""
    if len(states) * len(step) > MOST:
        raise Undecided(f"the exact distribution needs more than {MOST} states; use p_chi_square")
    width = int(np.abs(states).max(initial=0)) + int(np.abs(step).max()) + 1
    found = np.concatenate([_codes(states + move, width) for move in np.unique(step, axis=0)])
    after = _decoded(np.unique(found), width, states.shape[1])
    after = after[(after**2).sum(axis=1) <= reach]
    known = _codes(states, width)
    order = np.argsort(known)
    known, sorted_counts = known[order], [limb[order] for limb in counts]
    totals = [np.zeros(len(after), dtype=np.int64) for _ in range(len(counts) + 1)]
    for move in step:
        before = _codes(after - move, width)
        place = np.minimum(np.searchsorted(known, before), len(known) - 1)
        present = known[place] == before
        for total, limb in zip(totals, sorted_counts, strict=False):
            total += np.where(present, limb[place], 0)
    return after, _carried(totals)


def _codes(states: Ints, width: int) -> Ints:
    """One integer for each state, the same for all orders of its entries."""
    k = states.shape[1]
    scale = 2 * width + 1
    if scale ** (k - 1) >= 2**62:
        raise Undecided("the exact distribution has too wide sums; use p_chi_square")
    columns = np.sort(states, axis=1)
    code = np.zeros(len(states), dtype=np.int64)
    for column in columns.T[:-1]:  # the last entry follows: centered sums add up to 0
        # Sums beyond the width cannot be states; clipping keeps the code inside its range.
        code = code * scale + np.clip(column, -width, width) + width
    return code


def _decoded(codes: Ints, width: int, k: int) -> Ints:
    scale = 2 * width + 1
    columns: list[Ints] = []
    for _ in range(k - 1):
        columns.insert(0, codes % scale - width)
        codes = codes // scale
    return np.stack([*columns, -sum(columns, np.zeros_like(codes))], axis=1)


def _carried(limbs: list[Ints]) -> list[Ints]:
    """Limbs below 2^LIMB again; an empty highest limb is dropped."""
    for low, high in pairwise(limbs):
        high += low >> LIMB
        low &= (1 << LIMB) - 1
    return limbs if limbs[-1].any() else limbs[:-1]


def _distinct_orders(state: Sequence[int]) -> int:
    """In how many distinct orders the entries of a sorted state can stand."""
    total = math.factorial(len(state))
    for value in set(state):
        total //= math.factorial(list(state).count(value))
    return total
