"""Leading principal minors by fraction-free elimination."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def leading_minors(rows: Sequence[list[Any]], K: Any) -> list[Any]:
    """All leading principal minors, by Bareiss elimination without row exchanges.

    Where a minor vanishes identically the elimination starts again without it: each
    later one is then a determinant of its own.
    """
    M = [list(row) for row in rows]
    n, previous, found = len(M), K.one, []
    for k in range(n):
        pivot = M[k][k]
        found.append(pivot)
        if not pivot and k < n - 1:
            return found + [_determinant(rows, size, K) for size in range(k + 2, n + 1)]
        for i in range(k + 1, n):
            for j in range(k + 1, n):
                value = pivot * M[i][j] - M[i][k] * M[k][j]
                M[i][j] = K.exquo(value, previous)
        previous = pivot
    return found


def _determinant(rows: Sequence[list[Any]], size: int, K: Any) -> Any:
    """By Bareiss elimination with row exchanges."""
    M = [list(row[:size]) for row in rows[:size]]
    sign, previous = K.one, K.one
    for k in range(size - 1):
        swap = next((i for i in range(k, size) if M[i][k]), None)
        if swap is None:
            return K.zero
        if swap != k:
            M[k], M[swap], sign = M[swap], M[k], -sign
        for i in range(k + 1, size):
            for j in range(k + 1, size):
                M[i][j] = K.exquo(M[k][k] * M[i][j] - M[i][k] * M[k][j], previous)
        previous = M[k][k]
    return sign * M[-1][-1]
