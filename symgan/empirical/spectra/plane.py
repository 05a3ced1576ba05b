"""A diagnosis as arrays to draw: eigenvalues, and where rules at their best steps are stable."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symgan.empirical.spectra.prediction import Diagnosis, Prediction

Floats = NDArray[np.float64]

NODES = 320
"""Of a grid, a side."""
MOST = 6
"""Regions that one panel can hold and still be read."""
CROWDED = 5.0
"""How much larger the largest eigenvalue is than the middle one before a second panel is drawn."""


def drawn(diagnosis: Diagnosis) -> tuple[Prediction, ...]:
    """The predictions with a region: those of eigenvalue maps that have a best step.

    Args:
        diagnosis: where it has expanding eigenvalues, steps are those that suit the others.
    """
    usable = (
        p
        for p in (diagnosis.attracting or diagnosis.predictions)
        if p.map is not None and np.isfinite(drawn_step(p))
    )
    return tuple(usable)[:MOST]


def drawn_step(prediction: Prediction) -> float:
    """The step at which a rule's region is drawn; infinite where there is none.

    The best step; half of the longest stable one where rates say nothing of which is best.
    """
    if prediction.best_step is None:
        return np.inf
    return prediction.best_step if prediction.telling else prediction.stable[-1].high / 2


def windows(diagnosis: Diagnosis) -> tuple[tuple[float, float, float, float], ...]:
    """Windows (left, right, bottom, top): all eigenvalues, and the middle ones if they crowd.

    Args:
        diagnosis: what is drawn.
    """
    values = diagnosis.spectrum.array
    sizes = np.abs(values)
    whole = _window(values)
    middle = float(np.median(sizes)) if sizes.size else 0.0
    if middle == 0 or sizes.max() < CROWDED * middle:
        return (whole,)
    return (whole, _window(values[sizes <= 2 * middle]))


def radii(
    prediction: Prediction, window: tuple[float, float, float, float]
) -> tuple[Floats, Floats, Floats]:
    """A window's nodes and the spectral radius on them, shape (imaginary, real).

    Args:
        prediction: one of `drawn`.
        window: one of `windows`.
    """
    left, right, bottom, top = window
    real, imaginary = np.linspace(left, right, NODES), np.linspace(bottom, top, NODES)
    assert prediction.map is not None
    plane = real[None, :] + 1j * imaginary[:, None]
    return real, imaginary, prediction.map.radius(drawn_step(prediction) * plane)


def _window(values: NDArray[np.complex128]) -> tuple[float, float, float, float]:
    """Around the values and the origin, as wide as it is high at least."""
    size = 1.15 * float(np.abs(values).max(initial=0.0)) or 1.0
    left = min(-0.15 * size, 1.15 * float(values.real.min(initial=0.0)))
    right = max(0.15 * size, 1.15 * float(values.real.max(initial=0.0)))
    height = max(1.15 * float(np.abs(values.imag).max(initial=0.0)), 0.5 * (right - left))
    return left, right, -height, height
