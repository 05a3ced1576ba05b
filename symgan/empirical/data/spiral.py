r"""The spiral: a Swiss roll seen along its axis."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from symgan.empirical.data.catalog import dataset
from symgan.empirical.data.plane import Array, Curve, nonnegative, positive
from symgan.errors import UnknownName

START: Final = 1.5 * math.pi
"""The angle where the Swiss roll begins."""

END: Final = 4.5 * math.pi
"""The angle where it ends."""

MEASURES: Final = ("angle", "length")
"""What the spiral may be uniform in."""


@dataset("spiral", kind="plane")
@dataclass(frozen=True)
class Spiral(Curve):
    r"""The spiral of Archimedes on which a Swiss roll is wound.

    .. math:: x = \frac{R}{4.5\pi}\, t\, (\cos t, \sin t), \qquad t \in [1.5\pi, 4.5\pi].

    The paper says "a 2D projection of a swiss roll" after Marsland, which is the data set of
    scikit-learn's ``make_swiss_roll``: t uniform, no noise unless asked, the two coordinates that
    are not the roll's width. It names neither scale nor noise. Unscaled the spiral reaches 14.1
    from the origin, thirty times as far as the other data sets; the default scale brings it
    to R = 1.

    Attributes:
        radius: R, the distance of the outer end from the origin.
        noise: deviation of isotropic normal noise, after scaling.
        uniform: ``angle`` (as in a Swiss roll; denser inside) or ``length`` of arc.

    With noise the density is a quadrature along the curve: good to 1e-12 where it exceeds
    1e-20, to four digits of its logarithm farther out.

    Raises:
        BadData: a radius that is not positive, or negative noise.
        UnknownName: an unknown word for `uniform`.

    >>> Spiral(radius=END).mean.round(12)  # 2 and 2 / (3 pi)
    array([2.        , 0.21220659])

    Source: the paper on Dynamic-GDA, section 6.1; Marsland, Machine Learning: An Algorithmic
    Perspective.
    """

    radius: float = 1.0
    noise: float = 0.0
    uniform: str = "angle"

    def __post_init__(self) -> None:
        positive("spiral", "radius", self.radius)
        nonnegative("spiral", "noise", self.noise)
        if self.uniform not in MEASURES:
            known = ", ".join(MEASURES)
            raise UnknownName(f"spiral: uniform = {self.uniform!r}; choose one of: {known}")

    @property
    def name(self) -> str:
        """``spiral``."""
        return "spiral"

    @property
    def deviation(self) -> float:
        """That of the noise."""
        return self.noise

    @property
    def mean(self) -> Array:
        """Of the curve, by quadrature."""
        angles, weights = self._rule(8)
        return weights @ self._at(angles)

    def skeleton(self, quantiles: Array) -> Array:
        """The point at some quantiles of the angle or the arc length, from the inside out."""
        if self.uniform == "angle":
            return self._at(START + (END - START) * quantiles)
        return self._at(angle_at(arc_length(START) + _WHOLE * quantiles))

    def _at(self, angle: Array) -> Array:
        scale = self.radius / END
        return scale * np.stack([angle * np.cos(angle), angle * np.sin(angle)], axis=-1)

    def _rule(self, panels: int) -> tuple[Array, Array]:
        """Angles and weights of the law, 16 Gauss-Legendre nodes a panel; the weights sum to 1."""
        points, weights = np.polynomial.legendre.leggauss(16)
        inside = (np.arange(panels)[:, None] + (points + 1) / 2) / panels
        angles = START + (END - START) * inside.ravel()
        weights = np.tile(weights, panels)
        if self.uniform == "length":
            weights = weights * np.sqrt(1 + angles**2)
        return angles, weights / weights.sum()

    def _scatter(self) -> Array:
        angles, weights = self._rule(8)
        away = self._at(angles) - self.mean
        return (away * weights[:, None]).T @ away

    def _phase(self, omega: Array) -> NDArray[np.complex128]:
        # Along the curve, 6.3 R long, the phase runs through less than 9 R max |w|: panels in
        # proportion, at most 4.5 each.
        turns = self.radius * float(np.abs(omega).max(initial=0.0))
        angles, weights = self._rule(8 + 2 * math.ceil(turns))
        waves = np.exp(1j * (omega @ self._at(angles).T))
        return np.asarray(waves @ weights, dtype=np.complex128)

    def _log_density(self, points: Array) -> Array:
        # The integrand is a bell of width noise along a curve 6.3 R long: panels of three widths.
        angles, weights = self._rule(8 + 2 * math.ceil(self.radius / self.noise))
        squares = ((points[..., None, :] - self._at(angles)) ** 2).sum(-1)
        exponents = np.log(weights) - squares / (2 * self.noise**2)
        largest = exponents.max(-1, keepdims=True)
        total = np.log(np.exp(exponents - largest).sum(-1)) + largest[..., 0]
        return total - math.log(2 * math.pi * self.noise**2)


def arc_length(angle: Array | float) -> Array:
    r"""The length of r = t from the origin: :math:`(t \sqrt{1 + t^2} + \sinh^{-1} t)/2`.

    >>> abs(float(arc_length(math.sinh(1.0))) - (math.sinh(2.0) / 2 + 1) / 2) < 1e-15
    True
    """
    t = np.asarray(angle, dtype=np.float64)
    return (t * np.sqrt(1 + t**2) + np.arcsinh(t)) / 2


def angle_at(length: Array) -> Array:
    """The angle at a length of arc, for lengths between the roll's ends.

    Newton's method on a convex increasing function from the right of its root: it descends
    to the root. Its error e becomes at most e^2/(2t); sqrt(2s) is off by about
    (log(2t) + 1/2)/(2t) < 0.3, so that five steps pass double precision.
    """
    angle = np.sqrt(2 * length)
    for _ in range(5):
        angle = angle - (arc_length(angle) - length) / np.sqrt(1 + angle**2)
    return angle


_WHOLE: Final = float(arc_length(END) - arc_length(START))
