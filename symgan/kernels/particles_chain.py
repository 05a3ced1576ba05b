r"""The macroscopic state of the spiked GAN as a Markov chain, for one feature and many runs.

Gaussian noise looks the same from every orthonormal frame, so the law of :math:`M_{k+1}`
given :math:`X_k` depends on :math:`M_k` alone: a step needs the noise along the three axes
of U, V and w, and of what is left only two lengths and an angle. That samples the exact law
of :math:`M_k` at a cost that does not grow with n, for thousands of runs side by side.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from symgan.kernels.errors import KernelError
from symgan.kernels.particles_flow import integrate
from symgan.kernels.particles_model import Array, SpikedModel

_LAST = 5
"""Axes of a step: those of U, V and w, and the two of what is left of the noises."""


@dataclass(frozen=True)
class Rate:
    r"""How the distance from the limit falls with n.

    Attributes:
        sizes: the dimensions n, shape (m,).
        errors: :math:`\max_k` of the mean over runs of :math:`\|M_k - M(k/n)\|_F`, shape (m,).
        spreads: standard errors of these means, shape (m,).
        slope: of log error against log n, by weighted least squares.
        slope_error: its standard error.
    """

    sizes: NDArray[np.int64]
    errors: Array
    spreads: Array
    slope: float
    slope_error: float


def chain(
    model: SpikedModel, n: int, start: ArrayLike, stops: Sequence[int], runs: int, seed: int
) -> Array:
    r"""Independent runs of the chain :math:`M_k`, in the law of the particles' M.

    Args:
        model: the numbers; one feature.
        n: the number of dimensions, at least 5.
        start: :math:`M_0`, shape (3, 3).
        stops: the steps k to record, increasing; m of them.
        runs: how many runs.
        seed: of the random numbers.

    Returns:
        shape (m, runs, 3, 3).

    Raises:
        KernelError: more features than one, n < 5, or a start that is no Gram matrix.

    >>> from symgan.kernels.particles_model import gram
    >>> found = chain(SpikedModel(), 1000, gram(0, 0.3, 0.2), [0, 500], runs=4, seed=1)
    >>> found.shape, float(found[1, :, 0, 0].max())
    ((2, 4, 3, 3), 1.0)
    """
    if model.d != 1 or n < _LAST:
        raise KernelError(f"the chain takes one feature and n >= {_LAST}, not {model.d} and {n}")
    if list(stops) != sorted(stops):
        raise KernelError("the steps to record must increase")
    rng = np.random.Generator(np.random.SFC64(seed))
    frame = _Frame(model, n, np.asarray(start, dtype=float), runs)
    states, k = [], 0
    for stop in stops:
        for _ in range(stop - k):
            frame.step(rng)
        k = max(k, stop)
        states.append(frame.macroscopic())
    return np.array(states).reshape(len(states), runs, 3, 3)


class _Frame:
    """U, V and w of every run in coordinates: U = e_1, V in (e_1, e_2), w in (e_1, e_2, e_3)."""

    def __init__(self, model: SpikedModel, n: int, M: Array, runs: int) -> None:
        self.model, self.n = model, n
        P, q, r, S, z = M[0, 1], M[0, 2], M[1, 2], M[1, 1], M[2, 2]
        v = math.sqrt(max(S - P * P, 0.0))
        w2 = (r - P * q) / v if v else 0.0
        left = z - q * q - w2 * w2
        if M.shape != (3, 3) or min(S - P * P, left) < -1e-12 or abs(M[0, 0] - 1) > 1e-12:
            raise KernelError("no U of length 1, V and w have these inner products")
        self.V = np.tile(np.array([P, v, 0.0])[:, None], runs)
        self.w = np.tile(np.array([q, w2, math.sqrt(max(left, 0.0))])[:, None], runs)

    def step(self, rng: np.random.Generator) -> None:
        """One step of every run, then new axes."""
        model, V, w = self.model, self.V, self.w
        runs = w.shape[1]
        a, b = np.zeros((2, _LAST, runs))
        drawn = rng.standard_normal((9, runs))
        a[:3], b[:4] = drawn[:3], drawn[3:7]
        a[3] = np.sqrt(rng.chisquare(self.n - 3, runs))
        b[4] = np.sqrt(rng.chisquare(self.n - 4, runs))
        codes = drawn[7:] if model.latent == "gaussian" else np.sign(drawn[7:])
        c, g = math.sqrt(model.data[0]) * codes[0], math.sqrt(model.codes[0]) * codes[1]
        y, fake = math.sqrt(model.eta_t) * a, math.sqrt(model.eta_g) * b
        y[0] += c
        fake[:3] += g * V
        score, score_g = (y[:3] * w).sum(0), (fake[:3] * w).sum(0)
        rate, rate_g = model.tau / self.n, model.tau_g / self.n
        keep, keep_g = 1.0, 1.0
        if model.penalty is not None:
            keep = 1 - rate * model.penalty * np.tanh((w * w).sum(0) - 1)
            keep_g = 1 - rate_g * model.penalty * np.tanh((V * V).sum(0) - 1)
        moved = rate * (score * y - score_g * fake)
        self.V = keep_g * V + rate_g * score_g * g * w
        moved[:3] += keep * w
        if model.penalty is None:
            moved /= np.sqrt((moved * moved).sum(0))
            self.V /= np.sqrt((self.V * self.V).sum(0))
        self._turn(moved)

    def _turn(self, w: Array) -> None:
        """Turn e_2 towards V, and e_3 towards what is left of w."""
        x, y = self.V[1], self.V[2]
        length = np.hypot(x, y)
        cos = np.divide(x, length, out=np.ones_like(x), where=length > 0)
        sin = np.divide(y, length, out=np.zeros_like(x), where=length > 0)
        self.V = np.stack((self.V[0], length, np.zeros_like(x)))
        across = cos * w[2] - sin * w[1]
        left = np.sqrt(across**2 + w[3] ** 2 + w[4] ** 2)
        self.w = np.stack((w[0], cos * w[1] + sin * w[2], left))

    def macroscopic(self) -> Array:
        """M of every run, shape (runs, 3, 3)."""
        U = np.zeros_like(self.w)
        U[0] = 1.0
        X = np.stack((U, self.V, self.w))
        return np.einsum("ikm,jkm->mij", X, X)


def convergence(
    model: SpikedModel,
    start: ArrayLike,
    sizes: Sequence[int],
    *,
    duration: float,
    runs: int,
    seed: int,
    records: int = 20,
) -> Rate:
    r"""Measure :math:`\max_{k \le nT} E\|M_k - M(k/n)\|` for several n, and its slope.

    Args:
        model: the numbers; one feature.
        start: :math:`M_0 = M(0)`.
        sizes: the dimensions n, at least two different ones.
        duration: T.
        runs: independent runs for each n.
        seed: of the random numbers.
        records: equally spaced times at which states are compared.

    Raises:
        KernelError: as `chain`, or fewer than two sizes.
    """
    if len(set(sizes)) < 2:
        raise KernelError("a slope needs at least two different sizes")
    errors, spreads = [], []
    for place, n in enumerate(sizes):
        stops = [round(duration * n * j / records) for j in range(1, records + 1)]
        states = chain(model, n, start, stops, runs, seed + place)
        limit = integrate(model, start, [k / n for k in stops])
        distances = np.linalg.norm(states - limit[:, None], axis=(2, 3))
        worst = int(distances.mean(axis=1).argmax())
        errors.append(distances[worst].mean())
        spreads.append(distances[worst].std(ddof=1) / math.sqrt(runs))
    slope, slope_error = _slope(np.log(sizes), np.log(errors), np.array(spreads) / errors)
    return Rate(np.array(sizes), np.array(errors), np.array(spreads), slope, slope_error)


def _slope(x: Array, y: Array, sigma: Array) -> tuple[float, float]:
    """The slope of a weighted regression line, and its standard error."""
    weights = sigma**-2.0
    center = float((weights * x).sum() / weights.sum())
    spread = float((weights * (x - center) ** 2).sum())
    return float((weights * (x - center) * y).sum()) / spread, spread**-0.5
