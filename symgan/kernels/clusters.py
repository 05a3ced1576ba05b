r"""Newton forms as sums over clusters of nodes, each right on an interval of times.

By residues, :math:`x_i(t) = \sum_C \frac1{2\pi i}\oint_C X_i(z)\,e^{zt}\,dz` over any partition
of the nodes of :math:`X_i(z) = \sum_j c_{ij} / \prod_{l \le j}(z - r_l)` into clusters. About a
center c,

.. math:: \frac1{2\pi i}\oint_C X_i\,e^{zt}\,dz = e^{ct} \sum_k m_{ik}\,\frac{t^k}{k!}, \qquad
          m_{ik} = \frac1{2\pi i}\oint_C X_i(z)\,(z - c)^k\,dz .

With :math:`X_i = N_i/(D\,E)`, D vanishing on the cluster and E on the other nodes, the moments are
those of :math:`N_i E^{-1} \bmod D`, computed with the matrix of multiplication by z - c modulo D:
no difference of nodes of the same cluster is divided by, so that they may coincide.

At a time t, nodes closer than `NEAR`/t belong to one cluster (single linkage); what the clusters'
sums then cancel, and what a power series cancels, stays within a small factor.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from typing import Any

import mpmath
import numpy as np
from mpmath import mpc, mpf
from numpy.typing import NDArray

NEAR = 1.0
"""Distance times t below which nodes share a cluster; see `NEAR` of `divided`."""
_DIGITS = 120
_RELATIVE = mpf(10) ** -20
"""What is left out of a series, as a share of its terms."""
_PAIRED = mpf(10) ** -30
"""Clusters agree with their conjugates to this; as `_REAL` of `closed_form`."""


@dataclass(frozen=True)
class Cluster:
    r""":math:`\mathrm{Re}\, e^{ct} \sum_k p_{ik} w^k` with :math:`w = t/s`.

    Attributes:
        high, low: the center as an unevaluated sum.
        coefficients: complex array (components, terms).
    """

    high: complex
    low: complex
    coefficients: NDArray[np.complex128]


@dataclass(frozen=True)
class Region:
    """Clusters that hold on begin <= t < end.

    Attributes:
        scale: s.
        growth: a rate that has been taken out of every center, as an unevaluated sum.
    """

    begin: float
    end: float
    scale: float
    growth: tuple[float, float]
    clusters: tuple[Cluster, ...]


def regions(nodes: Sequence[Any], rows: Sequence[Sequence[Any]], last: float) -> list[Region]:
    """The regions that begin up to a last time, in order; each is the same for every such time.

    Args:
        nodes: multiprecision complex numbers.
        rows: coefficients, a row a component.
        last: the last time asked for.

    >>> one, two = regions([mpf(0), mpf(-1)], [[mpf(0), mpf(1)]], 5.0)
    >>> one.end, two.begin, two.end, len(one.clusters), len(two.clusters)
    (1.0, 1.0, inf, 1, 2)
    """
    with mpmath.workdps(_DIGITS):
        edges = [0.0, *sorted({_limit(h) for h in _links(nodes)} - {math.inf}), math.inf]
        return [_region(nodes, rows, begin, end) for begin, end in pairwise(edges) if begin <= last]


def _limit(gap: Any) -> float:
    """The time up to which nodes at this distance share a cluster."""
    return float(NEAR / gap) if gap > mpf(10) ** -290 else math.inf


def _links(nodes: Sequence[Any]) -> list[Any]:
    """The distances at which single linkage joins clusters."""
    groups, found = [[r] for r in nodes], []
    while len(groups) > 1:
        pairs = [(i, j) for j in range(len(groups)) for i in range(j)]
        gaps = {(i, j): min(abs(r - s) for r in groups[i] for s in groups[j]) for i, j in pairs}
        i, j = min(pairs, key=gaps.__getitem__)
        found.append(gaps[i, j])
        groups[i] = groups[i] + groups.pop(j)
    return found


def _partition(nodes: Sequence[Any], joined: Callable[[float], bool]) -> list[list[int]]:
    """Single linkage: numbers of nodes that a chain of joined pairs connects."""
    groups: list[list[int]] = []
    for number, node in enumerate(nodes):
        near = [g for g in groups if any(joined(_limit(abs(node - nodes[k]))) for k in g)]
        groups = [g for g in groups if g not in near]
        groups.append(sorted([number, *(k for g in near for k in g)]))
    return sorted(groups)


def _region(
    nodes: Sequence[Any], rows: Sequence[Sequence[Any]], begin: float, end: float
) -> Region:
    scale = end if end < math.inf else 1.0  # in the last region every series is a polynomial
    growth = max(mpf(0), *(mpmath.re(r) for r in nodes))
    found = [_Moments(nodes, rows, part, mpf(scale)) for part in _partition(nodes, end.__le__)]
    high = float(growth)
    kept = _halved([m for m in found if any(any(row) for row in m.rows)])
    clusters = tuple(m.cluster(growth, factor) for m, factor in kept)
    return Region(begin, end, scale, (high, float(growth - high)), clusters)


def _halved(found: list[_Moments]) -> list[tuple[_Moments, int]]:
    """Of clusters that are conjugate to each other one, twice."""
    kept: list[tuple[_Moments, int]] = []
    left = list(found)
    while left:
        one = left.pop(0)
        other = next((m for m in left if one.is_conjugate(m)), None)
        if other is not None:
            left.remove(other)
        kept.append((one, 1 if other is None else 2))
    return kept


class _Moments:
    """The moments of one cluster, times powers of the scale over factorials."""

    def __init__(
        self, nodes: Sequence[Any], rows: Sequence[Sequence[Any]], part: list[int], scale: Any
    ) -> None:
        self.center = _center([nodes[k] for k in part])
        offsets = [nodes[k] - self.center for k in part]
        others = [r - self.center for k, r in enumerate(nodes) if k not in part]
        all_offsets = [r - self.center for r in nodes]
        multiply = _multiplication(offsets)
        terms = _terms(max(map(abs, offsets)) * scale, len(part))
        self.rows = [_series(multiply, all_offsets, others, row, terms, scale) for row in rows]

    def is_conjugate(self, other: _Moments) -> bool:
        """Whether another cluster adds the conjugate of what this one adds."""
        if self.center.imag == 0 or not _same(self.center, mpmath.conj(other.center)):
            return False
        return all(
            _same(a, mpmath.conj(b))
            for mine, theirs in zip(self.rows, other.rows, strict=True)
            for a, b in zip_longest(mine, theirs, fillvalue=mpf(0))
        )

    def cluster(self, growth: Any, factor: int) -> Cluster:
        """In floating point, the growth taken out."""
        center = self.center - growth
        high = complex(center)
        rows = np.array([[complex(factor * p) for p in row] for row in self.rows])
        return Cluster(high, complex(center - high), rows)


def _same(a: Any, b: Any) -> bool:
    return abs(a - b) <= _PAIRED * max(abs(a), abs(b))


def _center(nodes: list[Any]) -> Any:
    """The leftmost node; the real point below it where the cluster meets its own conjugate."""
    leftmost = min(nodes, key=lambda r: (mpmath.re(r), abs(mpmath.im(r))))
    imaginary = [mpmath.im(r) for r in nodes]
    if min(imaginary) <= 0 <= max(imaginary):
        return mpc(leftmost.real)
    return mpc(leftmost)


def _multiplication(offsets: list[Any]) -> Any:
    r"""Multiplication by y modulo :math:`\prod_l (y - d_l)`, in powers of y."""
    monic = [mpc(1)]
    for d in offsets:
        shifted, scaled = [mpc(0), *monic], [*(-d * c for c in monic), mpc(0)]
        monic = [a + b for a, b in zip(shifted, scaled, strict=True)]
    m = len(offsets)
    return mpmath.matrix(m, m) + mpmath.matrix(
        [
            [(1 if i == j + 1 else 0) - (monic[i] if j == m - 1 else 0) for j in range(m)]
            for i in range(m)
        ]
    )


def _terms(reach: Any, order: int) -> int:
    """How many terms leave nothing out: the next is below `_RELATIVE` of those kept."""
    count, term = 0, mpf(1)
    while term > _RELATIVE and reach > 0:
        count += 1
        term *= reach / count
    return order + count


def _series(
    multiply: Any,
    offsets: list[Any],
    others: list[Any],
    row: Sequence[Any],
    terms: int,
    scale: Any,
) -> list[Any]:
    """One component's moments, times powers of the scale over factorials."""
    m = multiply.rows
    one = mpmath.matrix(m, 1)
    one[0] = mpc(1)
    # the numerator by Horner's rule: N = (...(c_0 (y - d_1) + c_1)(y - d_2) + ...) + c_last
    vector = one * row[0]
    for d, c in zip(offsets[1:], row[1:], strict=True):
        vector = multiply * vector - vector * d + one * c
    identity = mpmath.eye(m)
    for d in others:
        vector = mpmath.lu_solve(multiply - identity * d, vector)
    found: list[Any] = []
    weight = mpf(1)
    for k in range(terms):
        found.append(vector[m - 1] * weight)
        vector, weight = multiply * vector, weight * scale / (k + 1)
    return found
