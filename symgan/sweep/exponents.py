r"""Lyapunov exponents of maps: tangent vectors carried along orbits, orthonormalized on the way.

.. math:: \lambda_j = \lim_N \frac1N \sum_{k<N} \ln R_{jj}^{(k)}, \; F'(x_k) Q_k = Q_{k+1} R^{(k)}

with :math:`R_{jj} > 0`. Off the switching surfaces of a piecewise map its Jacobian is that of
the branch; an orbit that lies on a surface has no exponents by this method, and NaN is stored.

Source: Benettin et al. 1980, "Lyapunov characteristic exponents for smooth dynamical systems";
Dieci, Russell and Van Vleck 1997 for the discrete QR method.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from symgan.sweep.declaration import Variable
from symgan.sweep.measures import Measure, Results, final, require_positive, require_whole
from symgan.sweep.models import Model
from symgan.sweep.orbits import Floats, Orbits
from symgan.sweep.tangent import with_tangents

LN2 = 0.6931471805599453
_TERMS = 12
"""Of the series of the logarithm: its rest is below 0.172^25, 1e-19."""


@dataclass(frozen=True)
class Exponents(Measure):
    """The Lyapunov exponents of an orbit.

    Args:
        steps: over how many steps they are averaged.
        burn: steps before, which do not count.
        every: steps between two orthonormalizations.
        bound: a Euclidean norm beyond which an orbit has escaped and has no exponents.

    Raises:
        BadData: numbers out of their ranges.

    >>> Exponents(1000).every
    4
    """

    kind: ClassVar[str] = "exponents"

    burn: int = 100
    every: int = 4
    bound: float = 1e6

    def __post_init__(self) -> None:
        super().__post_init__()
        require_whole(self.burn, "burn", 0)
        require_whole(self.every, "every", 1)
        require_positive(self.bound, "bound")

    def prepared(self, model: Model) -> Model:
        """The map with its tangent vectors."""
        return with_tangents(model)

    def variables(self, models: Sequence[Model]) -> tuple[Variable, ...]:
        """The exponents, their drift, where the orbit ended and what was in the way."""
        own = {"exponent": self._most(models)}
        return (
            Variable("exponents", own, "float64", "an iteration, in the order of the QR method"),
            Variable("drift", own, "float64", "the second half's exponents less the first's"),
            final(models),
            Variable("touched", {}, "uint8", "1 where the orbit met a switching surface"),
            Variable("left", {}, "uint8", "1 where the norm passed the bound"),
        )

    def results(self, orbits: Orbits, start: Floats) -> Results:
        """The variables of some orbits."""
        n = _dimension(start.shape[-1])
        basis = start[:, n:].copy()
        x = orbits.advance(start, self.burn)
        x = np.concatenate([x[:, :n], basis[:, :-1], x[:, -1:]], axis=-1)
        halves, done, half = [], self.burn, self.steps // 2
        gone = np.zeros(len(start), dtype=bool)
        for count in (half, self.steps - half):
            logs = _Logs.ones((len(start), n))
            for first in range(done, done + count, self.every):
                taken = min(self.every, done + count - first)
                x = orbits.advance(x, taken, first=first)
                gone |= ~(_norm(x[:, :n]) <= self.bound)
                q, r = orthonormal(x[:, n:-1].reshape(-1, n, n))
                logs = logs.times(r)
                x = np.concatenate([x[:, :n], q.reshape(-1, n * n), x[:, -1:]], axis=-1)
            halves.append(logs.sum())
            done += count
        touched = x[:, -1] != 0
        void = (gone | touched)[:, None]
        exponents = np.where(void, np.nan, (halves[0] + halves[1]) / self.steps)
        with np.errstate(invalid="ignore"):  # -inf twice: a singular Jacobian in both halves
            drift = halves[1] / (self.steps - half) - halves[0] / max(1, half)
        return {
            "exponents": exponents,
            "drift": np.where(void, np.nan, drift),
            "final": orbits.seen(x),
            "touched": touched.astype(np.uint8),
            "left": gone.astype(np.uint8),
        }

    def _most(self, models: Sequence[Model]) -> int:
        return max(len(model.system.state) for model in models)


def orthonormal(a: Floats) -> tuple[Floats, Floats]:
    """Modified Gram-Schmidt on columns: Q and the diagonal of R, nonnegative.

    Written in single operations, which round alike on every machine; a library's sums do not.

    Args:
        a: matrices (cells, n, n).

    Returns:
        Q (cells, n, n), a zero column where A's depends on those before; R's diagonal (cells, n).
    """
    q, n = a.copy(), a.shape[-1]
    diagonal = np.empty(a.shape[:-1])
    with np.errstate(over="ignore", invalid="ignore"):
        for j in range(n):
            for i in range(j):
                along = _dot(q[..., i], q[..., j])
                q[..., j] -= along[..., None] * q[..., i]
            size = _norm(q[..., j])
            diagonal[..., j] = size
            scale = np.where(size == 0, 1.0, size)
            q[..., j] = q[..., j] / scale[..., None]
    return q, diagonal


def _dot(u: Floats, v: Floats) -> Floats:
    total = u[..., 0] * v[..., 0]
    for k in range(1, u.shape[-1]):
        total = total + u[..., k] * v[..., k]
    return total


def _norm(u: Floats) -> Floats:
    """The Euclidean norm, scaled so that no square overflows or vanishes."""
    with np.errstate(over="ignore", invalid="ignore"):
        size = np.abs(u).max(axis=-1)
        scale = np.where((size > 0) & np.isfinite(size), size, 1.0)
        unit = u / scale[..., None]
        return scale * np.sqrt(_dot(unit, unit))


@dataclass(frozen=True)
class _Logs:
    """Running products as mantissas and exponents, so that one logarithm a run is taken."""

    mantissa: Floats
    exponent: NDArray[np.int64]

    @classmethod
    def ones(cls, shape: tuple[int, ...]) -> _Logs:
        return cls(np.ones(shape), np.zeros(shape, dtype=np.int64))

    def times(self, factor: Floats) -> _Logs:
        mantissa, shift = np.frexp(factor)
        product, more = np.frexp(self.mantissa * mantissa)
        return _Logs(product, self.exponent + shift + more)

    def sum(self) -> Floats:
        """The natural logarithm of the product."""
        return logarithm(self.mantissa) + self.exponent * LN2


def logarithm(m: Any) -> Floats:
    r"""The logarithm of numbers of [1/2, 1], and of 0, by :math:`2\,\mathrm{artanh}`.

    In single operations, for the same bits on every machine.

    >>> float(logarithm(0.5)) + LN2, float(logarithm(0.0))
    (0.0, -inf)
    """
    low = m < 0.7071067811865476
    doubled = np.where(low, 2 * m, m)
    s = (doubled - 1) / (doubled + 1)
    square = s * s
    total = np.full(np.shape(s), 1 / (2 * _TERMS - 1))
    for k in range(_TERMS - 1, 0, -1):
        total = total * square + 1 / (2 * k - 1)
    found = 2 * s * total - np.where(low, LN2, 0.0)
    return np.where(m == 0, -np.inf, found)


def _dimension(whole: int) -> int:
    """The n of a state of n + n^2 + 1 numbers."""
    return next(n for n in range(1, whole) if n + n * n + 1 == whole)
