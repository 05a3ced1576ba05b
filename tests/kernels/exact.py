"""Oracles for the kernels' tests: slow, multiprecision, and by other formulas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import mpmath
from mpmath import mpc, mpf

DIGITS = 60


def divided_difference(nodes: Sequence[Any], t: Any) -> Any:
    r"""The divided difference of exp as :math:`\sum_k e^{r_k t} / \prod_{l \ne k} (r_k - r_l)`.

    Equal nodes are set apart by 1e-60 / (1 + t), which changes the value by less than a
    60th digit; the precision makes up for all that the fractions cancel.
    """
    with mpmath.workdps(20):
        apart = mpf(10) ** -DIGITS / (1 + mpf(t))
        gaps = [[max(abs(mpc(r) - mpc(s)), apart) for s in nodes] for r in nodes]
        losses = [
            mpmath.fsum(_digits(g * t) for i, g in enumerate(row) if i != k)
            for k, row in enumerate(gaps)
        ]
        digits = 2 * DIGITS + int(max(losses))
    with mpmath.workdps(digits):
        split = [mpc(r) + k * apart for k, r in enumerate(nodes)]
        terms = [
            mpmath.exp(r * t) / mpmath.fprod(r - s for i, s in enumerate(split) if i != k)
            for k, r in enumerate(split)
        ]
        return mpmath.fsum(terms) if t else mpf(len(nodes) == 1)


def divided_difference_by_matrix(nodes: Sequence[Any], t: Any) -> Any:
    """The corner of the exponential of a bidiagonal matrix (Opitz's formula)."""
    n = len(nodes)
    with mpmath.workdps(4 * DIGITS):
        matrix = mpmath.matrix(n, n)
        for i, r in enumerate(nodes):
            matrix[i, i] = mpc(r) * t
            if i + 1 < n:
                matrix[i, i + 1] = mpf(t)
        return mpmath.expm(matrix)[0, n - 1]


def _digits(x: Any) -> Any:
    return max(mpf(0), -mpmath.log10(x)) if x else mpf(0)
