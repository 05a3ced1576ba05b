r"""Laws in the plane: an exact sampler and the exact facts that samples are held to.

Every law here is a *skeleton* (a point or a point on a curve, a function of one uniform
draw) plus isotropic normal noise of some deviation :math:`\sigma \ge 0`. So with the
skeleton's mean, covariance and characteristic function the law's own are

.. math:: \mu, \qquad C + \sigma^2 I, \qquad \varphi(\omega) e^{-\sigma^2 |\omega|^2 / 2}.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from symgan.empirical.data.normal import box_muller
from symgan.errors import BadData

Array = NDArray[np.float64]


class Plane(ABC):
    """A law in the plane that can be sampled exactly."""

    @property
    @abstractmethod
    def name(self) -> str:
        """That of the catalog."""

    @property
    @abstractmethod
    def deviation(self) -> float:
        """Standard deviation of the noise in each coordinate."""

    @property
    @abstractmethod
    def mean(self) -> Array:
        """The exact mean, shape (2,)."""

    @property
    def covariance(self) -> Array:
        """The exact covariance, shape (2, 2)."""
        return self._scatter() + self.deviation**2 * np.eye(2)

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one sample: (2,)."""
        return (2,)

    @property
    def dimension(self) -> int:
        """Of one sample: 2."""
        return 2

    def sample(
        self,
        n: int,
        generator: torch.Generator,
        dtype: torch.dtype = torch.float32,
        device: torch.device | str = "cpu",
    ) -> torch.Tensor:
        """Independent draws, shape (n, 2), from a CPU generator, which advances.

        Each row is an elementwise function of its own uniform draws (one for the skeleton, two
        for noise where there is any), so that drawing n and then m gives the bits of
        drawing n + m, whatever the type, the device and the number of threads.
        """
        noisy = self.deviation > 0
        uniform = torch.rand((n, 3 if noisy else 1), generator=generator, dtype=torch.float64)
        draws = uniform.numpy()
        points = self.skeleton(np.ascontiguousarray(draws[:, 0]))
        if noisy:
            points = points + self.deviation * box_muller(draws[:, 1:])
        return torch.from_numpy(points).to(device, dtype)

    def characteristic(self, frequencies: ArrayLike) -> NDArray[np.complex128]:
        r"""The characteristic function :math:`\mathbb{E}\, e^{i \omega \cdot x}`.

        Args:
            frequencies: shape (..., 2).

        Returns:
            Shape (...).
        """
        omega = pairs(frequencies)
        damping = np.exp(-0.5 * self.deviation**2 * (omega**2).sum(-1))
        return self._phase(omega) * damping

    def log_density(self, points: ArrayLike) -> Array:
        """The logarithm of the density in the plane.

        Args:
            points: shape (..., 2).

        Returns:
            Shape (...).

        Raises:
            BadData: without noise the law lives on points or a curve and has no density.
        """
        if not self.deviation > 0:
            raise BadData(
                f"{self.name} without noise lives on a curve and has no density in the plane; "
                "give it noise > 0"
            )
        return self._log_density(pairs(points))

    @abstractmethod
    def skeleton(self, quantiles: Array) -> Array:
        """The skeleton at some values of its uniform draw: shape (n,) in [0, 1] -> (n, 2)."""

    @abstractmethod
    def _scatter(self) -> Array:
        """Covariance of the skeleton."""

    @abstractmethod
    def _phase(self, omega: Array) -> NDArray[np.complex128]:
        """Characteristic function of the skeleton."""

    @abstractmethod
    def _log_density(self, points: Array) -> Array:
        """The log-density where there is noise."""


class Curve(Plane):
    """A law on a curve, with noise or without."""

    def curve(self, count: int) -> Array:
        """Points along the curve from its start to its end, at equally spaced quantiles.

        Args:
            count: at least 2.

        Returns:
            Shape (count, 2); a closed curve ends where it starts.
        """
        return self.skeleton(np.linspace(0.0, 1.0, count))


def pairs(values: ArrayLike) -> Array:
    """Points or frequencies as an array of shape (..., 2).

    Raises:
        BadData: another shape.
    """
    array = np.asarray(values, dtype=np.float64)
    if not array.ndim or array.shape[-1] != 2:
        raise BadData(f"points in the plane have shape (..., 2), not {array.shape}")
    return array


def positive(name: str, option: str, value: float) -> None:
    """Raise `BadData` unless a size is a positive finite number."""
    if not (math.isfinite(value) and value > 0):
        raise BadData(f"{name}: {option} = {value}; it is a positive number")


def nonnegative(name: str, option: str, value: float) -> None:
    """Raise `BadData` unless a deviation is a finite number and not negative."""
    if not (math.isfinite(value) and value >= 0):
        raise BadData(f"{name}: {option} = {value}; it is 0 or a positive number")
