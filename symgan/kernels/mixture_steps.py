r"""Optimal discriminators and the steps that follow them, for whole batches in float64.

.. math:: (\ell, r) = \arg\max_{\ell, r} L(\mu, \ell, r), \qquad
          \mu^+ = \mu - \eta\,\nabla_\mu L(\mu, \ell, r) + \sigma\xi.

The best m intervals are unions of neighboring pieces between the sign changes of F, so that a
finite search over the pieces' masses finds the global maximum.

Source: Li et al. 2018, eqs. (7), (8), and the noise of its footnote 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symgan.kernels.blocks import in_blocks
from symgan.kernels.errors import KernelError
from symgan.kernels.mixtures import BLOCK, Difference, Weights, difference
from symgan.kernels.philox import normals
from symgan.kernels.values import real_array, require_count

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Ends:
    """Intervals in order.

    Attributes:
        left, right: (..., m); infinite where an interval has no end, both inf where an interval
            is not needed.
    """

    left: Array
    right: Array


def optimal_ends(
    truth: Any,
    means: Any,
    *,
    intervals: int = 2,
    truth_weights: Weights = None,
    weights: Weights = None,
) -> Ends:
    r"""The best discriminator of m intervals, a global maximum of :math:`L(\mu, \cdot)`.

    Args:
        truth: means of the truth, (k*,) or (..., k*).
        means: means of the generator, (..., k).
        intervals: m.
        truth_weights, weights: one weight a mode; uniform unless given.

    Raises:
        KernelError: as `symgan.kernels.mixtures.sign_changes`; a wrong number of intervals.

    >>> ends = optimal_ends([0.0], [[1.0]], intervals=2)
    >>> ends.left.tolist(), ends.right.tolist()
    ([[-inf, inf]], [[0.5, inf]])
    """
    intervals = require_count(intervals, "intervals", 1)
    pair = difference(truth, means, truth_weights, weights)
    left, right = best_intervals(pair, intervals)
    shape = (*pair.shape, intervals)
    return Ends(left.T.reshape(shape), right.T.reshape(shape))


def optimal_step(
    truth: Any,
    means: Any,
    eta: Any,
    *,
    intervals: int = 2,
    truth_weights: Weights = None,
    weights: Weights = None,
) -> Array:
    r"""One step of optimal discriminator dynamics, :math:`\mu - \eta\nabla_\mu L` at the best ends.

    Where the mixtures are one there is no best interval, and the means rest.

    Args:
        truth, means, intervals, truth_weights, weights: as `optimal_ends`.
        eta: the step, a number.

    Returns:
        Array (..., k).

    >>> optimal_step([-0.5, 0.5], [0.5, -0.5], 0.3).tolist()
    [0.5, -0.5]
    """
    return optimal_iterate(
        truth, means, eta, 1, intervals=intervals, truth_weights=truth_weights, weights=weights
    )


def optimal_iterate(
    truth: Any,
    means: Any,
    eta: Any,
    steps: int,
    *,
    intervals: int = 2,
    truth_weights: Weights = None,
    weights: Weights = None,
    noise: float = 0.0,
    seed: int = 0,
    streams: Any = None,
    first_step: int = 0,
    workers: int = 1,
) -> Array:
    r"""Steps of optimal discriminator dynamics, each with noise :math:`\sigma\xi` added.

    Args:
        truth, means, intervals, truth_weights, weights: as `optimal_ends`.
        eta: the step, a number.
        steps: how many.
        noise: the standard deviation :math:`\sigma` of what is added to every mean.
        seed: of the noise.
        streams: (...), whole numbers: which noise each batch element sees; 0, 1, ... unless given.
        first_step: the number of the first step, for a run that goes on where another ended.
        workers: threads.

    Returns:
        Array (..., k), the same for any split of the batch that keeps the streams. Means that
        leave float64 end in inf or nan, silently.

    Raises:
        KernelError: as `optimal_ends`; a step or a noise that is no finite number from 0 on; a
            seed, a first step or streams that are no whole numbers in the range of `normals`.
    """
    steps, intervals = require_count(steps, "steps", 0), require_count(intervals, "intervals", 1)
    first_step, seed = require_count(first_step, "first_step", 0), require_count(seed, "seed", 0)
    eta, noise = _number(eta, "step"), _number(noise, "noise")
    pair = difference(truth, means, truth_weights, weights)
    numbers = _streams(streams, pair.shape)
    found = np.empty_like(pair.means)

    @np.errstate(over="ignore", invalid="ignore", divide="ignore")  # of means that run off
    def work(rows: slice) -> None:
        here = pair.part(rows)
        for k in range(first_step, first_step + steps):
            mu = here.means - eta * slopes(here, *best_intervals(here, intervals))
            if noise:
                mu += noise * normals(seed, numbers[rows], k, len(mu))
            here = Difference(here.truth, mu, here.truth_weights, here.weights, ())
        found[:, rows] = here.means

    in_blocks(work, found.shape[1], workers, BLOCK)
    return found.T.reshape((*pair.shape, len(found)))


def slopes(pair: Difference, left: Array, right: Array) -> Array:
    r""":math:`\partial_{\mu_j} L = w_j \sum_i [\varphi(r_i - \mu_j) - \varphi(\ell_i - \mu_j)]`."""
    ends = np.concatenate([right, left])[:, None] - pair.means
    density = np.exp(-0.5 * ends * ends) / np.sqrt(2 * np.pi)
    m = len(left)
    return pair.weights[:, None] * reduce(np.add, density[:m] - density[m:])


def best_intervals(pair: Difference, intervals: int) -> tuple[Array, Array]:
    """The ends of the best intervals, two arrays (m, B)."""
    marks, first = pair.marks()
    edge = np.full((1, marks.shape[1]), np.inf)
    marks = np.concatenate([-edge, marks, edge])
    if len(marks) - 1 <= 2 * intervals:  # room for every piece on which F is positive
        return positive_pieces(marks, first, intervals)
    return searched(marks, pair.mass(marks), intervals)


def positive_pieces(marks: Array, first: Array, intervals: int) -> tuple[Array, Array]:
    """All pieces on which F is positive: the odd or the even ones between the marks."""
    missing = np.full((2 * intervals + 2, marks.shape[1]), np.inf)
    marks = np.concatenate([marks, missing])
    start = np.where(first > 0, 0, 1)
    index = start + 2 * np.arange(intervals)[:, None]
    left, right = (np.take_along_axis(marks, index + i, axis=0) for i in (0, 1))
    return np.where(first == 0, np.inf, left), np.where(first == 0, np.inf, right)


def searched(marks: Array, mass: Array, intervals: int) -> tuple[Array, Array]:
    r"""The ends among the marks that maximize :math:`\sum_i [H(r_i) - H(\ell_i)]`, in order.

    Dynamic programming: ``value[s]`` is the best sum with s ends set at the marks so far, odd ones
    left and even ones right; what is chosen at which mark is traced back. Ties go to fewer ends.

    Args:
        marks: (r, B), increasing.
        mass: H there, (r, B).
        intervals: m.

    >>> marks = np.array([[-np.inf], [0.0], [1.0], [2.0], [np.inf]])
    >>> left, right = searched(marks, np.array([[0.0], [0.3], [0.2], [0.4], [0.0]]), 1)
    >>> left.tolist(), right.tolist()
    ([[-inf]], [[2.0]])
    """
    most, (rows, batch) = 2 * intervals, marks.shape
    value = np.full((most + 1, batch), -np.inf)
    value[0] = 0.0
    taken = np.zeros((rows, most + 1, batch), dtype=bool)
    for i in range(rows):
        for s in range(most, 0, -1):  # downwards: a mark serves one end
            further = value[s - 1] + (mass[i] if s % 2 == 0 else -mass[i])
            taken[i, s] = further > value[s]
            value[s] = np.maximum(value[s], further)
    at = 2 * np.argmax(value[::2], axis=0)
    ends = np.full((most + 1, batch), np.inf)
    columns = np.arange(batch)
    for i in range(rows - 1, -1, -1):
        here = taken[i, at, columns]
        ends[at[here], columns[here]] = marks[i, here]
        at = at - here
    return ends[1::2], ends[2::2]


def _number(value: Any, what: str) -> float:
    found = real_array(value, np.dtype(np.float64), f"the {what}")
    if found.ndim or not np.isfinite(found) or found < 0:
        raise KernelError(f"the {what} {value!r} is not a finite number from 0 on")
    return float(found)


def _streams(streams: Any, shape: tuple[int, ...]) -> NDArray[Any]:
    if streams is None:
        return np.arange(int(np.prod(shape, dtype=np.int64)))
    found = np.asarray(streams)
    if found.dtype.kind not in "iu" or found.shape == () != shape:
        raise KernelError(f"the streams {streams!r} are no whole numbers, one a batch element")
    if found.shape != shape:
        raise KernelError(f"streams of shape {found.shape} for a batch of shape {shape}")
    return found.reshape(-1)
