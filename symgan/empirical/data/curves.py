r"""The circle and the line segment."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from symgan.empirical.data.catalog import dataset
from symgan.empirical.data.plane import Array, Curve, nonnegative, pairs, positive
from symgan.errors import BadData


@dataset("circle", kind="plane")
@dataclass(frozen=True)
class Circle(Curve):
    r"""A circle around the origin, uniform in arc length.

    The paper says "a circle with a radius of 0.5 centered at the origin": the curve, neither
    the disk nor a noisy ring, and it names no density on it. Arc length is the one measure that
    keeps the circle's symmetry; no noise is the reading that adds nothing.

    With noise the density is, :math:`I_0` being Bessel's function,

    .. math:: p(x) = \frac{1}{2\pi\sigma^2} e^{-(|x|^2 + R^2)/2\sigma^2}
        I_0\!\left(\frac{R |x|}{\sigma^2}\right).

    Attributes:
        radius: R.
        noise: deviation of isotropic normal noise.

    Raises:
        BadData: a radius that is not positive, or negative noise.

    >>> Circle().covariance
    array([[0.125, 0.   ],
           [0.   , 0.125]])

    Source: the paper on Dynamic-GDA, section 6.1.
    """

    radius: float = 0.5
    noise: float = 0.0

    def __post_init__(self) -> None:
        positive("circle", "radius", self.radius)
        nonnegative("circle", "noise", self.noise)

    @property
    def name(self) -> str:
        """``circle``."""
        return "circle"

    @property
    def deviation(self) -> float:
        """That of the noise."""
        return self.noise

    @property
    def mean(self) -> Array:
        """The origin."""
        return np.zeros(2)

    def skeleton(self, quantiles: Array) -> Array:
        """The point that far around, counterclockwise from (radius, 0)."""
        angle = 2 * np.pi * quantiles
        return self.radius * np.stack([np.cos(angle), np.sin(angle)], axis=-1)

    def _scatter(self) -> Array:
        return self.radius**2 / 2 * np.eye(2)

    def _phase(self, omega: Array) -> NDArray[np.complex128]:
        # Bessel's J_0(R |w|), as the mean of cos(R |w| cos t) over N even angles: off by
        # 2 J_N(R |w|), which is below 1e-30 here. PyTorch's own J_0 is off by 4e-7 near 5.
        argument = self.radius * np.hypot(omega[..., 0], omega[..., 1])
        nodes = 64 + 2 * math.ceil(float(argument.max(initial=0.0)))
        cosines = np.cos(2 * np.pi * np.arange(nodes) / nodes)
        return np.cos(argument[..., None] * cosines).mean(-1).astype(np.complex128)

    def _log_density(self, points: Array) -> Array:
        variance = self.noise**2
        away = np.hypot(points[..., 0], points[..., 1])
        scaled = torch.special.i0e(torch.as_tensor(self.radius * away / variance))
        gap = (away - self.radius) ** 2 / (2 * variance)  # i0e holds e^(-R|x|/variance)
        return np.log(scaled.numpy()) - gap - math.log(2 * math.pi * variance)


@dataset("line", kind="plane")
@dataclass(frozen=True)
class Line(Curve):
    r"""A line segment, uniform in length.

    The paper says "a line spanning (-0.5, -0.5) to (0.5, 0.5)"; uniform and without noise as
    nothing else is said.

    Attributes:
        start: one end.
        end: the other.
        noise: deviation of isotropic normal noise.

    Raises:
        BadData: ends that are not two different points, or negative noise.

    >>> Line().covariance.round(12)  # (end - start) (end - start)^T / 12
    array([[0.08333333, 0.08333333],
           [0.08333333, 0.08333333]])

    Source: the paper on Dynamic-GDA, section 6.1.
    """

    start: tuple[float, float] = (-0.5, -0.5)
    end: tuple[float, float] = (0.5, 0.5)
    noise: float = 0.0

    def __post_init__(self) -> None:
        ends = pairs([self.start, self.end])
        if not np.isfinite(ends).all() or (ends[0] == ends[1]).all():
            raise BadData(f"line: from {self.start} to {self.end}; give two different points")
        nonnegative("line", "noise", self.noise)

    @property
    def name(self) -> str:
        """``line``."""
        return "line"

    @property
    def deviation(self) -> float:
        """That of the noise."""
        return self.noise

    @property
    def mean(self) -> Array:
        """The middle."""
        return (np.asarray(self.start) + np.asarray(self.end)) / 2

    @property
    def _span(self) -> Array:
        return np.asarray(self.end) - np.asarray(self.start)

    def skeleton(self, quantiles: Array) -> Array:
        """The point that far from the start to the end."""
        return np.asarray(self.start) + quantiles[:, None] * self._span

    def _scatter(self) -> Array:
        return np.outer(self._span, self._span) / 12

    def _phase(self, omega: Array) -> NDArray[np.complex128]:
        width = np.sinc(omega @ self._span / (2 * np.pi))  # sin(w.d/2) / (w.d/2)
        return np.asarray(width * np.exp(1j * (omega @ self.mean)), dtype=np.complex128)

    def _log_density(self, points: Array) -> Array:
        length = math.hypot(*self._span)
        along = (points - self.mean) @ (self._span / length)
        across = (points - self.mean) @ (self._span[::-1] * [-1, 1] / length)
        far = (np.abs(along) + length / 2) / self.noise  # by symmetry, so that both tails
        near = (np.abs(along) - length / 2) / self.noise  # are upper ones and do not cancel
        normal = math.log(self.noise * math.sqrt(2 * math.pi))
        return _log_mass(near, far) - math.log(length) - across**2 / (2 * self.noise**2) - normal


def _log_mass(low: Array, high: Array) -> Array:
    """The logarithm of the normal probability of [low, high], for low + high >= 0."""
    upper = torch.special.log_ndtr(torch.as_tensor(-low)).numpy()
    beyond = torch.special.log_ndtr(torch.as_tensor(-high)).numpy()
    return upper + np.log1p(-np.exp(beyond - upper))
