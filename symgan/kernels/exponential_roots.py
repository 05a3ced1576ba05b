r"""Real roots of sums of exponentials, for whole batches in float64.

A difference of Gaussian mixtures with unit variances is, up to the factor
:math:`e^{-x^2/2}`, a sum of exponentials

.. math:: f_1(x) = \sum_{j=1}^n c_j e^{m_j x}, \qquad m_1 < \dots < m_n.

With :math:`f_{p+1} = \sum_{j > p} c_j \prod_{i \le p} (m_j - m_i)\, e^{m_j x}` one has
:math:`(e^{-m_p x} f_p)' = e^{-m_p x} f_{p+1}`: between neighboring roots of :math:`f_{p+1}` the
function :math:`f_p` changes sign at most once. So the roots of the last level, which has none,
bracket those of the level before, and so on up to :math:`f_1`, which has at most n - 1: none is
missed that the signs at the brackets show. Roots that lie so close together that the sum between
them is below its own rounding may be left out in pairs.

Everything is computed from logarithms of coefficients, so that nothing overflows or underflows,
however far out a root lies.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FAR = 1e60
"""Roots beyond this are not told from it."""
NEAR = 2.0**-50
"""Means this near, relative to their size or 1, make terms that rounding hardly tells apart."""
OUTSIDE = 1e4
"""Beyond this, exponents are large enough to lose digits of the weights' logarithms."""
ROUNDINGS = 64
"""Units in the last place that a term may err by, besides those of its exponent."""
OPERATIONS = 4
"""Roundings on the way to an exponent."""
ROUNDS = 400
"""Bisection alone narrows a bracket of 2 FAR to 1e-17 in 260 rounds; Newton takes about five."""


@dataclass(frozen=True)
class ExponentialSums:
    r"""Sums :math:`\sum_j \pm e^{\lambda_j - (x - m_j)^2/2}`, sorted, terms of weight zero first.

    Attributes:
        means: (n, B), increasing along the first axis where the weights are not zero.
        logs: (n, B), logarithms of the weights' magnitudes; -inf for terms that are not there.
        signs: (n, B), -1, 0 or 1.
    """

    means: Array
    logs: Array
    signs: Array

    @property
    def first_sign(self) -> Array:
        """The sign towards minus infinity, that of the lowest mean; 0 for the zero sum."""
        found = np.zeros(self.means.shape[1])
        for sign in self.signs[::-1]:
            found = np.where(sign != 0, sign, found)
        return found


def exponential_sums(means: Array, weights: Array) -> ExponentialSums:
    """Sums from means and signed weights (n, B).

    Means nearer than 1 / FAR are one, and so are means nearer than NEAR whose weights do not
    cancel: that changes the sum by its rounding only. Weights at one mean that cancel but for their
    rounding leave no term.
    """
    order = np.argsort(means, axis=0, kind="stable")
    m = np.take_along_axis(means, order, axis=0)
    w = np.take_along_axis(weights, order, axis=0)
    size = np.abs(w)
    for i in range(len(m) - 1):  # what stands at one mean goes to the last of its terms
        near = m[i + 1] - m[i] <= NEAR * np.maximum(1.0, np.abs(m[i]))
        near &= np.abs(w[i] + w[i + 1]) > 0.01 * (np.abs(w[i]) + np.abs(w[i + 1]))
        same = (m[i + 1] - m[i] < 1 / FAR) | near
        m[i + 1] = np.where(same & (np.abs(w[i]) > np.abs(w[i + 1])), m[i], m[i + 1])
        w[i + 1] += np.where(same, w[i], 0.0)
        size[i + 1] += np.where(same, size[i], 0.0)
        w[i] = np.where(same, 0.0, w[i])
    rounded = np.finfo(np.float64).eps * size  # n rounded additions of weights below 1
    w[np.abs(w) <= len(w) * rounded] = 0.0
    if np.any(w == 0):
        order = np.argsort(w != 0, axis=0, kind="stable")
        m = np.take_along_axis(m, order, axis=0)
        w = np.take_along_axis(w, order, axis=0)
    with np.errstate(divide="ignore"):
        return ExponentialSums(m, np.log(np.abs(w)), np.sign(w))


@np.errstate(over="ignore", invalid="ignore")  # of terms that are not there
def real_roots(sums: ExponentialSums) -> Array:
    """All sign changes, increasing, padded with inf: (n - 1, B)."""
    n, batch = sums.means.shape
    roots = np.empty((0, batch))
    logs = _ladder(sums)
    for p in range(n - 2, -1, -1):
        there = sums.signs[p] != 0
        found = _level(_Level(sums.means[p:], logs[p], sums.signs[p:]), roots, there)
        pad = np.full((1, batch), np.inf)
        roots = np.where(there, found, np.concatenate([roots, pad]))
    return roots


def _ladder(sums: ExponentialSums) -> list[Array]:
    """The logarithms of the coefficients of every level, (n - p, B) for level p."""
    logs, found = sums.logs, [sums.logs]
    for p in range(len(sums.means) - 1):
        gaps = sums.means[p + 1 :] - sums.means[p]
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            logs = np.where(sums.signs[p] != 0, logs[1:] + np.log(gaps), logs[1:])
        found.append(logs)
    return found


@dataclass(frozen=True)
class _Level:
    """One level: means, logarithms and signs of its terms, (n - p, B)."""

    means: Array
    logs: Array
    signs: Array

    def take(self, rows: NDArray[np.intp]) -> _Level:
        return _Level(self.means[:, rows], self.logs[:, rows], self.signs[:, rows])

    @np.errstate(over="ignore", invalid="ignore")  # of terms that are not there
    def ratio(self, x: Array) -> tuple[Array, Array]:
        r""":math:`\varphi = \log(P/N)` of the positive and the negative part, and its slope.

        It has the sign of the sum; between far terms it is nearly linear, which Newton likes.
        """
        gaps, powers = self._powers(x)
        terms = np.exp(powers - np.maximum(reduce(np.maximum, powers), -FAR))
        plus = np.where(self.signs > 0, terms, 0.0)
        minus = terms - plus
        above, below = reduce(np.add, plus), reduce(np.add, minus)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            value = np.log(above) - np.log(below)
            slope = reduce(np.add, plus * gaps) / above - reduce(np.add, minus * gaps) / below
        return value, slope

    def _powers(self, x: Array) -> tuple[Array, Array]:
        """The means from one of them, and the terms' exponents up to a common summand."""
        gaps = self.means - self.means[0]
        powers = gaps * (x - (self.means + self.means[0]) / 2) + self.logs
        if np.max(np.abs(x)) < OUTSIDE:
            return gaps, powers
        greatest = np.argmax(powers, axis=0)[None]  # from its mean, so that no logarithm drowns
        top = np.take_along_axis(self.means, greatest, axis=0)
        return self.means - top, (self.means - top) * (x - (self.means + top) / 2) + self.logs

    def sign(self, x: Array) -> Array:
        r"""The sign of the sum at a root of the next level; at the infinities of the outer term.

        Where the sum is above its own rounding that is its sign. Elsewhere
        :math:`\sum_{j>p} c_j (m_j - m_p) e^{m_j x} = 0` is used, so that the greatest term q drops
        out: :math:`f_p = \sum_{j \ne q} c_j e^{m_j x} (m_q - m_j)/(m_q - m_p)`. Terms of nearly
        equal means, which almost cancel in f_p, do not cancel here; but an error of the root counts
        as many times as those means are near.
        """
        _, powers = self._powers(np.where(np.isfinite(x), x, 0.0))
        inside, clear = self._own_sign(powers)
        greatest = 1 + np.argmax(powers[1:], axis=0)
        gaps = np.take_along_axis(self.means, greatest[None], axis=0) - self.means
        with np.errstate(divide="ignore"):
            powers = powers + np.log(np.abs(gaps))
        terms = np.exp(powers - np.maximum(reduce(np.maximum, powers), -FAR))
        without = np.sign(reduce(np.add, terms * self.signs * np.sign(gaps)))
        outer = np.where(x > 0, self.signs[-1], self.signs[0])
        return np.where(np.isfinite(x), np.where(clear, inside, without), outer)

    def _own_sign(self, powers: Array) -> tuple[Array, NDArray[np.bool_]]:
        """The sign of the sum as it is computed, and whether rounding leaves it no doubt."""
        greatest = np.maximum(reduce(np.maximum, powers), -FAR)
        terms = np.exp(powers - greatest)
        value = reduce(np.add, terms * self.signs)
        # an exponent is a sum of two numbers that may cancel: its error is theirs
        sizes = np.abs(np.where(terms > 0, powers, 0)) + 2 * np.abs(
            np.where(terms > 0, self.logs, 0)
        )
        rounded = terms * (ROUNDINGS + OPERATIONS * sizes + np.abs(greatest))
        return np.sign(value), np.abs(value) > np.finfo(float).eps * reduce(np.add, rounded)

    def far(self) -> tuple[Array, Array]:
        """Points left and right of which the outer term outweighs all others together."""
        share = np.log(len(self.means))
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            middle = (self.means[1:] + self.means[0]) / 2
            left = middle - (share + self.logs[1:] - self.logs[0]) / (
                self.means[1:] - self.means[0]
            )
            middle = (self.means[:-1] + self.means[-1]) / 2
            right = middle + (share + self.logs[:-1] - self.logs[-1]) / (
                self.means[-1] - self.means[:-1]
            )
            return np.maximum(left.min(axis=0), -FAR), np.minimum(right.max(axis=0), FAR)


def _level(level: _Level, above: Array, there: NDArray[np.bool_]) -> Array:
    """The roots of a level, bracketed by those of the level above it."""
    batch = level.means.shape[1]
    end = np.full((1, batch), np.inf)
    marks = np.concatenate([-end, above, end])
    signs = [level.signs[0]]
    for mark in marks[1:]:
        sign = level.sign(mark)
        signs.append(np.where(sign == 0, signs[-1], sign))
    found = np.full((len(marks) - 1, batch), np.inf)
    low, high = level.far()
    for i in range(len(found)):
        changes = np.flatnonzero((signs[i] * signs[i + 1] < 0) & there & (marks[i] < np.inf))
        if changes.size:
            a, b = marks[i][changes], marks[i + 1][changes]
            a = np.where(np.isfinite(a), a, np.minimum(low[changes], b))
            b = np.where(np.isfinite(b), b, np.maximum(high[changes], a))
            open_left = ~np.isfinite(marks[i][changes])
            found[i, changes] = _bracketed(
                level.take(changes), a, b, signs[i][changes], np.where(open_left, a, b)
            )
    return np.sort(found, axis=0)


def _bracketed(level: _Level, a: Array, b: Array, sign: Array, start: Array) -> Array:
    """One root in each of the brackets [a, b]; the sum has this sign left of it."""
    a, b = a.copy(), b.copy()
    found = np.where(np.isfinite(start), start, (a + b) / 2)
    x, rows = found.copy(), np.arange(len(a))
    for _ in range(ROUNDS):
        value, slope = level.ratio(x)
        left = value * sign > 0
        a, b = np.where(left, x, a), np.where(left, b, x)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            step = value / slope
            newton = x - step
        inside = (newton > a) & (newton < b)
        following = np.where(inside, newton, (a + b) / 2)
        ready = (value == 0) | (np.abs(following - x) <= 2 * np.spacing(np.abs(x)))
        found[rows] = np.where(value == 0, x, following)
        going = np.flatnonzero(~ready)
        if not going.size:
            break
        if going.size < len(rows):
            rows, a, b = rows[going], a[going], b[going]
            sign, following, level = sign[going], following[going], level.take(going)
        x = following
    return found
