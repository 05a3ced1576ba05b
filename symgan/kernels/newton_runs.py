r"""Newton sequences in float64: their values after many steps, and how long they keep their sign.

A sequence :math:`G(n) = \sum_j c_j H_{nj}`, :math:`H_{nj} = h_{n-j}(r_0, \dots, r_j)`, has
:math:`H_{n+1,j} = H_{n,j-1} + r_j H_{nj}`: H is a product of nonnegative bidiagonal matrices
where no node is negative, and so totally positive (Lindstrom; Gessel and Viennot).

*No switch is missed.* Let :math:`c_0 > 0` and drop from G every positive coefficient behind the
first negative one. What is left is a lower bound :math:`S = u - v` of G, with u from the leading
nonnegative coefficients and v from the others. As 2 x 2 minors of H are nonnegative, v/u does not
decrease with n; once S is not positive it never becomes positive again. The last n with
:math:`S(n) > 0` is therefore found by bisection, G keeps its sign up to there, and if nothing was
dropped, the next step is the first that changes it. (For :math:`c_0 < 0` turn all signs.)

One step takes the coefficients c to Uc, with the nodes on the diagonal of U and ones above it;
:math:`2^k` steps take them to :math:`U^{2^k} c`, by k squarings in which nothing cancels.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.floating[Any]]
Power = list[list[Any]]
"""The upper triangle of a power of U: entry [i][j - i], a number or one a batch element."""


def powers(nodes: Sequence[Any], steps: int) -> list[Power]:
    r""":math:`U, U^2, U^4, \dots`, enough to make any number of steps up to `steps`.

    >>> powers([1.0, 0.5], 3)[1]
    [[1.0, 1.5], [0.25]]
    """
    size = len(nodes)
    found = [[([r, 1.0] + (size - i) * [0.0])[: size - i] for i, r in enumerate(nodes)]]
    for _ in range(max(0, int(steps).bit_length() - 1)):
        found.append(_squared(found[-1]))
    return found


def _squared(power: Power) -> Power:
    size = len(power)
    return [
        [sum(power[i][k - i] * power[k][j - k] for k in range(i, j + 1)) for j in range(i, size)]
        for i in range(size)
    ]


def shifted(power: Power, coefficients: Sequence[Any]) -> list[Any]:
    """The coefficients after as many steps as the power stands for."""
    return [
        sum(entry * c for entry, c in zip(row, coefficients[i:], strict=True))
        for i, row in enumerate(power)
    ]


def value(coefficients: Sequence[Column], table: Sequence[Power], count: Column) -> Column:
    """A sequence after `count` steps, by the binary digits of the count."""
    whole, current = count.astype(np.int64), list(coefficients)
    for k, power in enumerate(table):
        bit = (whole >> k) & 1 == 1
        if bit.any():
            ahead = shifted(power, current)
            current = [np.where(bit, a, c) for a, c in zip(ahead, current, strict=True)]
    return current[0]


def polynomial(coefficients: Sequence[Any], count: Any) -> Any:
    r""":math:`\sum_j c_j \binom nj`, the value where every node is 1."""
    total, choose = coefficients[0], count
    for j, c in enumerate(coefficients[1:], start=1):
        total = total + c * choose
        choose = choose * (count - j) / (j + 1)
    return total


def first_change(
    coefficients: Sequence[Column], table: Sequence[Power] | None, limit: Column
) -> Column:
    """The first step with another sign, or a smaller number of steps that is at least 1.

    Args:
        coefficients: one array a coefficient.
        table: `powers` of the nodes; None where all of them are 1 and there are at most two.
        limit: how far to look; at least 1.

    Returns:
        Steps from 1 to the limit. All steps before keep the sign; where it is below the limit
        and no coefficient was dropped, this one does not.
    """
    first = coefficients[0]
    still = np.all([c == 0 for c in coefficients[1:]], axis=0) if len(coefficients) > 1 else True
    turned = np.where(first < 0, -1.0, 1.0)
    upward = [turned * c for c in coefficients]
    if table is None:
        found = linear_change(upward[0], upward[1], limit) if len(upward) == 2 else limit
    else:
        found = _lifted(upward, table, limit)
    moving = np.where(first == 0, 1.0, found)
    return np.where(still & (first == 0), limit, moving)


def linear_change(start: Any, slope: Any, limit: Any) -> Any:
    """The first n with start + n slope <= 0, for start > 0, checked before and after."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        guess = np.where(slope < 0, np.ceil(start / -slope), limit)
        count = np.clip(guess, 1, limit)
        count = np.where((count > 1) & (start + (count - 1) * slope <= 0), count - 1, count)
        late = (count < limit) & (start + count * slope > 0)
    return np.where(late, count + 1, count)


def _lifted(upward: Sequence[Any], table: Sequence[Power], limit: Any) -> Any:
    kept, dropped = bound(upward)
    count, current = np.zeros_like(limit), kept
    for k in range(len(table) - 1, -1, -1):
        ahead = shifted(table[k], current)
        ok = (ahead[0] > 0) & (count + 2.0**k <= limit)
        count = np.where(ok, count + 2.0**k, count)
        current = [np.where(ok, a, c) for a, c in zip(ahead, current, strict=True)]
    return np.minimum(np.where(dropped, np.maximum(count, 1), count + 1), limit)


def bound(upward: Sequence[Any]) -> tuple[list[Any], Any]:
    """The coefficients of S, and whether any was dropped.

    >>> kept, dropped = bound([np.array(c) for c in (2.0, -1.0, 3.0)])
    >>> [float(c) for c in kept], bool(dropped)
    ([2.0, -1.0, 0.0], True)
    """
    seen: Any = np.zeros(np.shape(upward[0]), dtype=bool)
    dropped, kept = seen, []
    for c in upward:
        late = seen & (c > 0)
        kept.append(np.where(late, 0.0, c))
        dropped, seen = dropped | late, seen | (c < 0)
    return kept, dropped
