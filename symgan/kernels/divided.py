r"""Divided differences of the exponential, accurate at equal and nearly equal nodes.

For nodes :math:`r_0, r_1, \dots` and a time :math:`t` these are

.. math:: \exp[r_0](t) = e^{r_0 t}, \qquad
          \exp[r_0, \dots, r_j](t) = \frac{\exp[r_1, \dots, r_j](t) -
          \exp[r_0, \dots, r_{j-1}](t)}{r_j - r_0},

continued to equal nodes: :math:`\exp[r, \dots, r](t) = t^j e^{rt} / j!`.

Two formulas share the work. Where the nodes of a set lie within `NEAR` of one another
(in units of :math:`1/t`) a Taylor series about one of them,

.. math:: e^{ct}\,\frac{t^j}{j!} \sum_k h_k(r - c)\, \frac{j!\,t^k}{(j+k)!},

with :math:`h_k` the complete homogeneous symmetric polynomials; elsewhere the recurrence
above over the two nodes farthest apart. Nodes are unevaluated sums of two float64
numbers and :math:`rt` is formed with a compensated product, so that the phase of
:math:`e^{i\omega t}` does not lose digits as :math:`\omega t` grows.

Source: McCurdy, Ng and Parlett 1984, "Accurate computation of divided differences of the
exponential function"; Dekker 1971 for the compensated product.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import mpmath
import numpy as np
from mpmath import mpc
from numpy.typing import NDArray

Complex = NDArray[np.complex128]
Real = NDArray[np.float64]

NEAR = 2.0
"""Nodes with spread * t below this are expanded about one of them.

Larger values lose digits to cancellation in the series of oscillating nodes, smaller
ones to the difference in the recurrence; 2 balances the two.
"""
TERMS = 34
"""Terms of the series: the next one is below NEAR**34 / 34! < 1e-28 of the sum of magnitudes."""
_DIGITS = 120
"""Digits in which differences of nodes are formed before they are rounded once."""


@dataclass(frozen=True)
class Nodes:
    """Nodes of a divided difference, each rounded to two float64 numbers.

    Attributes:
        values: the nodes as given, multiprecision complex numbers.
        high, low: complex arrays (n,); the node is their unevaluated sum.
        gaps: complex array (n, n), ``gaps[i, j]`` is node i minus node j, rounded once.
    """

    values: tuple[Any, ...]
    high: Complex
    low: Complex
    gaps: Complex

    @classmethod
    def of(cls, values: Sequence[Any]) -> Nodes:
        """Nodes from numbers: Python, NumPy or mpmath, real or complex.

        >>> Nodes.of([0, 0.25]).gaps[1].real.tolist()
        [0.25, 0.0]
        """
        with mpmath.workdps(_DIGITS):
            exact = tuple(mpc(value) for value in values)
            high = [complex(r) for r in exact]
            low = [complex(r - h) for r, h in zip(exact, high, strict=True)]
            gaps = [[complex(r - s) for s in exact] for r in exact]
        return cls(exact, np.array(high), np.array(low), np.array(gaps, dtype=complex))

    def shifted(self, prefix: int) -> tuple[Nodes, Any]:
        """The first nodes moved left until none grows, and by how much."""
        first = self.values[:prefix]
        with mpmath.workdps(_DIGITS):
            growth = max(mpmath.mpf(0), *(r.real for r in first))
            return Nodes.of([r - growth for r in first]), growth


def divided_exponentials(nodes: Nodes, t: Real) -> Complex:
    r"""All prefixes :math:`\exp[r_0, \dots, r_j](t)`, :math:`j = 0, \dots, n-1`.

    Args:
        nodes: the n nodes, in order, repeated where they are multiple.
        t: times, shape (m,), finite and not negative.

    Returns:
        Complex array (n, m).

    >>> t = np.array([0.5])
    >>> bool(divided_exponentials(Nodes.of([-1, -1]), t)[1, 0] == 0.5 * np.exp(-0.5))
    True
    """
    table: dict[tuple[int, ...], Complex] = {}
    prefixes = [_difference(tuple(range(j + 1)), nodes, t, table) for j in range(len(nodes.high))]
    return np.stack(prefixes)


def newton_sum(nodes: Nodes, coefficients: Complex, t: Real) -> Complex:
    r"""Evaluate :math:`x_i(t) = \sum_j c_{ij} \exp[r_0, \dots, r_j](t)`.

    Growing exponentials are split off and multiplied in last: the sum is infinite only
    where it exceeds float64, and never an indeterminate difference of infinities.

    Args:
        nodes: n nodes.
        coefficients: complex array (c, n).
        t: times, shape (m,).

    Returns:
        Complex array (c, m).
    """
    if np.all(nodes.high.real <= 0):
        return coefficients @ divided_exponentials(nodes, t)
    prefixes = range(1, len(nodes.high) + 1)
    moved = [nodes.shifted(prefix) for prefix in prefixes]
    growth = max(rate for _, rate in moved)
    table = np.stack(
        [
            divided_exponentials(part, t)[-1] * exponential(*_pair(rate - growth), t)
            for part, rate in moved
        ]
    )
    total = coefficients @ table
    with np.errstate(over="ignore", invalid="ignore"):
        factor = exponential(*_pair(growth), t).real
        return _where_nonzero(total.real, factor) + 1j * _where_nonzero(total.imag, factor)


def exponential(high: complex, low: complex, t: Real) -> Complex:
    r""":math:`e^{(h + l)t}` with the rounding error of :math:`ht` put back.

    Without it the phase error would be about :math:`2^{-53} |h| t`.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        real, real_error = _product(high.real, t)
        imag, imag_error = _product(high.imag, t)
        rest = (real_error + low.real * t) + 1j * (imag_error + low.imag * t)
        return np.exp(real + 1j * imag) * (1 + rest)


def _pair(value: Any) -> tuple[complex, complex]:
    nodes = Nodes.of([value])
    return complex(nodes.high[0]), complex(nodes.low[0])


def _where_nonzero(values: Real, factor: Real) -> Real:
    return np.where(values == 0, 0.0, values * factor)


def _product(a: float, t: Real) -> tuple[Real, Real]:
    """Dekker's product: rounded product and its exact rounding error."""
    product = a * t
    a_high, t_high = _leading_half(a), _leading_half(t)
    a_low, t_low = a - a_high, t - t_high
    error = a_low * t_low - (((product - a_high * t_high) - a_low * t_high) - a_high * t_low)
    # Beyond 1e290 the splitting overflows; no phase is defined there, keep the product.
    return product, np.where(np.isfinite(error), error, 0.0)


def _leading_half(x: Any) -> Any:
    scaled = 134217729.0 * x  # 2**27 + 1
    return scaled - (scaled - x)


def _difference(
    subset: tuple[int, ...], nodes: Nodes, t: Real, table: dict[tuple[int, ...], Complex]
) -> Complex:
    """One divided difference over a subset of the nodes, all times at once."""
    if subset in table:
        return table[subset]
    if len(subset) == 1:
        (i,) = subset
        value = exponential(complex(nodes.high[i]), complex(nodes.low[i]), t)
    else:
        first, last, spread = _farthest(subset, nodes)
        near = spread * t <= NEAR
        value = np.empty(t.shape, dtype=complex)
        value[near] = _series(subset, spread, nodes, t[near])
        if not near.all():
            upper = _difference(tuple(i for i in subset if i != first), nodes, t, table)
            lower = _difference(tuple(i for i in subset if i != last), nodes, t, table)
            value[~near] = (upper - lower)[~near] / nodes.gaps[last, first]
    table[subset] = value
    return value


def _farthest(subset: tuple[int, ...], nodes: Nodes) -> tuple[int, int, float]:
    first, last = max(combinations(subset, 2), key=lambda pair: abs(nodes.gaps[pair]))
    return first, last, float(abs(nodes.gaps[first, last]))


def _series(subset: tuple[int, ...], spread: float, nodes: Nodes, t: Real) -> Complex:
    """The Taylor series about the leftmost node: for real nodes all its terms are positive."""
    order = len(subset) - 1
    base = min(subset, key=lambda i: nodes.high[i].real)
    offsets = [complex(nodes.gaps[i, base]) / spread if spread else 0j for i in subset]
    symmetric = _complete_symmetric(offsets)
    scaled = spread * t
    total = np.zeros(t.shape, dtype=complex)
    for k in range(TERMS - 1, -1, -1):
        weight = math.factorial(order) / math.factorial(order + k)
        total = total * scaled + symmetric[k] * weight
    center = exponential(complex(nodes.high[base]), complex(nodes.low[base]), t)
    return center * total * (t**order / math.factorial(order))


def _complete_symmetric(offsets: list[complex]) -> list[complex]:
    r""":math:`h_0, h_1, \dots` of the offsets, by :math:`h_k(Z, z) = h_k(Z) + z\,h_{k-1}(Z, z)`."""
    symmetric = [1 + 0j] + [0j] * (TERMS - 1)
    for z in offsets:
        for k in range(1, TERMS):
            symmetric[k] += z * symmetric[k - 1]
    return symmetric
