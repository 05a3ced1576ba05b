"""Steps of a rule for many eigenvalues at once: the worst multiplier, the best step, safe ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from symgan.empirical.spectra.multipliers import EigenvalueMap
from symgan.empirical.spectra.rays import INSIDE, Span

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

GRID = 400
"""Steps tried for the best one, on a logarithmic scale; the best is then refined."""
DECADES = 6
"""How many orders of magnitude below the upper end of the stable steps are tried."""


def worst_of(rule: EigenvalueMap, values: Complexes) -> Callable[[Floats], Floats]:
    r""":math:`\rho` as a function of steps, shape (k,) to (k,)."""

    def radius(steps: Floats) -> Floats:
        return rule.radius(np.multiply.outer(steps, values)).max(axis=-1)

    return radius


def best_step(
    radius: Callable[[Floats], Floats],
    stable: Sequence[Span],
    values: Complexes,
) -> tuple[float | None, float | None]:
    """The stable step of the smallest radius, and that radius.

    Args:
        radius: as `worst_of` gives it.
        stable: the stable steps.
        values: the eigenvalues, for the scale of steps where there is no upper end.
    """
    if not stable or not values.size:
        return None, None
    farthest = 1e6 / float(np.abs(values).min())
    best = (np.inf, np.inf)
    for span in stable:
        high = min(span.high, max(farthest, 2 * span.low))
        steps = np.geomspace(max(span.low, high * 10.0**-DECADES), high, GRID)
        rates = radius(steps)
        k = int(rates.argmin())
        low, top = steps[max(k - 1, 0)], steps[min(k + 1, GRID - 1)]
        fine: Any = minimize_scalar(
            lambda s: float(radius(np.array([s]))[0]), bounds=(low, top), method="bounded",
            options={"xatol": 1e-10 * top},
        )  # fmt: skip
        if np.isinf(span.high) and k == GRID - 1:
            best = min(best, (float(rates[k]), np.inf))
        else:
            best = min(best, (float(fine.fun), float(fine.x)))
    return best[1], best[0]


def shortened(radius: Callable[[Floats], Floats], span: Span) -> Span | None:
    """The part of an interval around its most stable step in which the radius stays below one.

    Args:
        radius: as `worst_of` gives it.
        span: the interval.

    Returns:
        None where no step of a grid is stable.
    """
    low = span.low
    high = span.high if np.isfinite(span.high) else 1e6 * max(low, 1.0)
    steps = np.geomspace(max(low, high * 1e-9), high, GRID)
    rates = radius(steps)
    if not (rates < INSIDE).any():
        return None
    center = float(steps[int(rates.argmin())])
    inner = low if low == 0 and rates[0] < INSIDE else _edge(radius, center, steps[0])
    outer = span.high if rates[-1] < INSIDE else _edge(radius, center, high)
    return Span(inner, outer)


def _edge(radius: Callable[[Floats], Floats], inside: float, outside: float) -> float:
    """By bisection, where the radius leaves the unit circle."""
    for _ in range(60):
        middle = (inside + outside) / 2
        if radius(np.array([middle]))[0] < INSIDE:
            inside = middle
        else:
            outside = middle
    return float(inside)
