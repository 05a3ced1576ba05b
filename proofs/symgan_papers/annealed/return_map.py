r"""A second route to the first Lyapunov coefficient: the numeric return map.

Over one turn around :math:`(\alpha_r, 0)` the tiny-GAN with
:math:`f'(y) = f'(0) + f'''(0) y^2/2 + f''''(0) y^3/6` takes the distance r to
:math:`r + 2\pi (\ell/f'(0)) r^3 + O(r^4)`. Nothing here expands or averages by formula.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import mpmath

STEPS = 160  # of Runge-Kutta a turn: an error of about 1e-9 in the ratio below


def cubic_growth(place: Mapping[str, Any]) -> Any:
    """The coefficient l of r' = l r^3, from return maps at three shrinking distances."""
    small = mpmath.mpf(2) ** -12
    estimates = [_growth(place, small / 2**k) for k in range(3)]
    # Halving the distance removes the next two orders in turn.
    first = [2 * later - earlier for earlier, later in itertools.pairwise(estimates)]
    return (4 * first[1] - first[0]) / 3 * place["f'(0)"] / (2 * mpmath.pi)


def _growth(place: Mapping[str, Any], radius: Any) -> Any:
    """(P(r) - r) / r^3 for the return map P, with the angle as independent variable."""
    one, three, four = place["f'(0)"], place["f'''(0)"], place["f''''(0)"]
    at = place["alpha_r"]

    def prime(y: Any) -> Any:
        return one + three * y**2 / 2 + four * y**3 / 6

    def slope(angle: Any, r: Any) -> Any:
        u, w = r * mpmath.cos(angle), r * mpmath.sin(angle)
        du = -w * prime(w * (at + u))
        dw = (at + u) * prime(w * (at + u)) - at * prime(-w * at)
        return r * (u * du + w * dw) / (u * dw - w * du)

    return (_runge_kutta(slope, radius, 2 * mpmath.pi) - radius) / radius**3


def _runge_kutta(slope: Any, start: Any, end: Any) -> Any:
    """The classical fourth-order method."""
    r, angle, h = start, mpmath.mpf(0), end / STEPS
    for _ in range(STEPS):
        k1 = slope(angle, r)
        k2 = slope(angle + h / 2, r + h * k1 / 2)
        k3 = slope(angle + h / 2, r + h * k2 / 2)
        k4 = slope(angle + h, r + h * k3)
        r, angle = r + h * (k1 + 2 * k2 + 2 * k3 + k4) / 6, angle + h
    return r
