r"""Total variation of mixtures of unit-variance Gaussians, for whole batches in float64.

With :math:`F = \sum_j w^*_j\varphi(x - \mu^*_j) - \sum_j w_j\varphi(x - \mu_j)` and its integral H,
the distance is half the variation of H, and H takes its extrema where F changes sign:

.. math:: d_{TV} = \tfrac12 \sum_i |H(x_{i+1}) - H(x_i)|, \qquad
          H(x) = \sum_p w_p\,[\Phi(x - a_p) - \Phi(x - b_p)],

where the pairs :math:`(a_p, b_p)` couple the modes of both mixtures. Every mass is computed without
cancellation, so that small distances keep their digits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symgan.kernels.blocks import in_blocks
from symgan.kernels.errors import KernelError
from symgan.kernels.exponential_roots import FAR, exponential_sums, real_roots
from symgan.kernels.normal import normal_mass
from symgan.kernels.values import real_array

Array = NDArray[np.float64]
Weights = Sequence[float] | NDArray[Any] | None

SUMS_TO_ONE = 1e-12
"""How far weights may sum from 1: rounded thirds and tenths pass, forgotten weights do not."""
CLOSE = 1e-6
"""How far apart coupled modes are where densities cancel so much that the places where they cross
are lost: with roundings u a place is right to u/d, the distance to (u/d)^2 of itself."""
NEWTON = 4
BLOCK = 4096
"""Elements a block: a root search holds some thirty columns for each."""


@dataclass(frozen=True)
class SignChanges:
    """Where the difference of two mixtures' densities changes sign.

    Attributes:
        roots: (..., n - 1), increasing, padded with nan.
        count: (...), how many there are.
        first_sign: (...), the sign left of all of them; 0 where the mixtures are one.
    """

    roots: Array
    count: NDArray[np.int64]
    first_sign: NDArray[np.int64]


@dataclass(frozen=True)
class Difference:
    """Two batches of mixtures as columns: means (k, B), weights (k,)."""

    truth: Array
    means: Array
    truth_weights: Array
    weights: Array
    shape: tuple[int, ...]

    def part(self, rows: slice) -> Difference:
        """Some elements of the batch."""
        return Difference(
            self.truth[:, rows], self.means[:, rows], self.truth_weights, self.weights, ()
        )

    def marks(self) -> tuple[Array, Array]:
        """The sign changes, increasing and padded with inf: (n - 1, B); the first sign: (B,)."""
        signed = np.concatenate([self.truth_weights, -self.weights])
        means = np.concatenate([self.truth, self.means])
        sums = exponential_sums(means, np.repeat(signed[:, None], means.shape[1], axis=1))
        return real_roots(sums), sums.first_sign

    def settled(self, marks: Array) -> Array:
        r"""The marks again, found anew where all coupled modes a, b are close.

        By Newton's method on :math:`\sum w (\varphi(x - a) - \varphi(x - b))` in a form that keeps
        its digits, :math:`-\sum w \varphi(x - a)(e^t - 1)` with :math:`t = (b - a)(x - (a + b)/2)`.
        """
        pairs = self._pairs()
        close = np.max([np.abs(b - a) for _, a, b in pairs], axis=0) < CLOSE
        if not close.any():
            return marks
        near = [(w, a[close], b[close]) for w, a, b in pairs]
        finite = np.isfinite(marks[:, close])
        x = np.where(finite, marks[:, close], 0.0)
        value, slope = _apart(near, x)
        for _ in range(NEWTON):
            moves = finite & (value != 0) & (slope != 0)
            there = x - np.divide(value, slope, out=np.zeros_like(x), where=moves)
            then, steeper = _apart(near, there)
            better = moves & (np.abs(then) < np.abs(value))
            x, value = np.where(better, there, x), np.where(better, then, value)
            slope = np.where(better, steeper, slope)
        found = marks.copy()
        found[:, close] = np.where(finite, x, marks[:, close])
        return found

    def mass(self, marks: Array) -> Array:
        """H at the marks, (r, B); 0 at infinity."""
        total = np.zeros_like(marks)
        finite = np.isfinite(marks)
        x = np.where(finite, marks, 0.0)
        for weight, a, b in self._pairs():
            total += weight * normal_mass(x - b, x - a, b - a)
        return np.where(finite, total, 0.0)

    def _pairs(self) -> list[tuple[float, Array, Array]]:
        """Modes coupled: in order of their means where all weights are equal, else as given."""
        truth, means = self.truth, self.means
        every = np.concatenate([self.truth_weights, self.weights])
        if len(truth) == len(means) and np.all(every == every[0]):
            truth, means = np.sort(truth, axis=0), np.sort(means, axis=0)
        found, i, j = [], 0, 0
        rounding = len(every) * float(np.finfo(np.float64).eps)
        left, right = float(self.truth_weights[0]), float(self.weights[0])
        while True:
            weight = min(left, right)
            found.append((weight, truth[i], means[j]))
            left, right = left - weight, right - weight
            if left <= rounding:
                i += 1
                if i == len(truth):
                    return found
                left = float(self.truth_weights[i])
            if right <= rounding:
                j += 1
                if j == len(means):
                    return found
                right = float(self.weights[j])


def _apart(pairs: Sequence[tuple[float, Array, Array]], x: Array) -> tuple[Array, Array]:
    """The difference of densities, and its slope, times sqrt(2 pi)."""
    value, slope = np.zeros_like(x), np.zeros_like(x)
    for weight, a, b in pairs:
        u, width = x - a, b - a
        density, t = weight * np.exp(-u * u / 2), width * (u - width / 2)
        gap = np.expm1(t)
        value -= density * gap
        slope += density * (u * gap - width * (gap + 1))
    return value, slope


def sign_changes(
    truth: Any, means: Any, *, truth_weights: Weights = None, weights: Weights = None
) -> SignChanges:
    """The points where the difference of densities, truth less mixture, changes sign.

    Args:
        truth: means of the truth, (k*,) or (..., k*).
        means: means of the mixture, (..., k).
        truth_weights, weights: one weight a mode; uniform unless given.

    Raises:
        KernelError: means that are not finite or beyond 1e60, weights that are not positive or do
            not sum to 1, batches that do not broadcast.

    >>> found = sign_changes([0.0], [[1.0], [0.0]])
    >>> found.roots.tolist(), found.count.tolist(), found.first_sign.tolist()
    ([[0.5], [nan]], [1, 0], [1, 0])
    """
    pair = difference(truth, means, truth_weights, weights)
    marks, first = pair.marks()
    count = np.isfinite(marks).sum(axis=0).reshape(pair.shape)
    roots = np.where(np.isfinite(marks), marks, np.nan).T.reshape((*pair.shape, len(marks)))
    return SignChanges(roots, count, first.astype(np.int64).reshape(pair.shape))


def total_variation(
    truth: Any,
    means: Any,
    *,
    truth_weights: Weights = None,
    weights: Weights = None,
    workers: int = 1,
) -> Array:
    """The total variation distance between two mixtures, in closed form.

    Args:
        truth, means, truth_weights, weights: as `sign_changes`.
        workers: threads.

    Returns:
        Array (...).

    Raises:
        KernelError: as `sign_changes`.

    >>> from math import erf, sqrt
    >>> float(total_variation([0.0], [2.0])) - erf(1 / sqrt(2)) < 1e-15
    True
    """
    pair = difference(truth, means, truth_weights, weights)
    found = np.empty(pair.means.shape[1])

    def work(rows: slice) -> None:
        part = pair.part(rows)
        mass = part.mass(part.settled(part.marks()[0]))
        edge = np.zeros((1, mass.shape[1]))
        changes = np.abs(np.diff(np.concatenate([edge, mass, edge]), axis=0))
        found[rows] = reduce(np.add, changes) / 2

    in_blocks(work, len(found), workers, BLOCK)
    return found.reshape(pair.shape)


def difference(truth: Any, means: Any, truth_weights: Weights, weights: Weights) -> Difference:
    """Two mixtures as columns of one batch.

    Raises:
        KernelError: as `sign_changes`.
    """
    p = _means(truth, "truth")
    q = _means(means, "mixture")
    try:
        shape = np.broadcast_shapes(p.shape[:-1], q.shape[:-1])
    except ValueError:
        raise KernelError(
            f"truths of shape {p.shape} and means of shape {q.shape} do not broadcast"
        ) from None
    size = int(np.prod(shape, dtype=np.int64))
    columns = [
        np.ascontiguousarray(np.broadcast_to(a, (*shape, a.shape[-1])).reshape(size, -1).T)
        for a in (p, q)
    ]
    return Difference(
        columns[0],
        columns[1],
        _weights(truth_weights, p.shape[-1], "truth's"),
        _weights(weights, q.shape[-1], "mixture's"),
        shape,
    )


def _means(value: Any, whose: str) -> Array:
    array = real_array(value, np.dtype(np.float64), f"the array of the {whose}'s means")
    if array.ndim == 0:
        raise KernelError(f"the {whose}'s means {value!r} have no axis of modes; give (..., k)")
    if not np.all(np.isfinite(array)):
        raise KernelError(f"the {whose}'s means hold nan or infinity; give finite ones")
    if np.any(np.abs(array) > FAR):
        raise KernelError(f"the {whose}'s means go beyond {FAR:g}; move them nearer to 0")
    return array


def _weights(value: Weights, count: int, whose: str) -> Array:
    if value is None:
        return np.full(count, 1.0 / count)
    array = real_array(value, np.dtype(np.float64), f"the array of the {whose} weights")
    if array.shape != (count,):
        raise KernelError(f"the {whose} weights have shape {array.shape}; give ({count},)")
    if not np.all(array > 0) or abs(float(array.sum()) - 1) > SUMS_TO_ONE:
        raise KernelError(f"the {whose} weights {array.tolist()} are not positive with sum 1")
    return array
