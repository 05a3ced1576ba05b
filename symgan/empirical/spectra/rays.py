r"""For which steps an eigenvalue is stable under a rule: where a ray meets the stability region.

The multipliers depend on :math:`u = \eta\lambda` alone, so the steps that are stable for
:math:`\lambda = r e^{i\varphi}` are the t for which the roots of
:math:`\chi(\cdot; t e^{i\varphi})` are inside the unit circle, divided by r. By Jury's recursion
(Schur, Cohn)

.. math:: A \mapsto \frac{\bar a_m A - a_0 A^*}{z}, \qquad \delta = |a_m|^2 - |a_0|^2,

all roots are inside exactly where every :math:`\delta > 0`. Each is a real polynomial in t here, so
the status can change at its zeros alone; between them it is read off the multipliers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from symgan.empirical.spectra.multipliers import EigenvalueMap

Polynomials = list[NDArray[np.complex128]]
"""One polynomial in t a power of z, by ascending powers of t."""

SMALLEST, LARGEST = 1e-12, 1e12
"""Steps in units of 1/|lambda| that are looked at: beyond, 1 + t is 1 or t to rounding."""
INSIDE = 1 - 1e-13
"""A multiplier on the unit circle is not stable; rounding leaves it within 1e-13 of it."""
IMAGINARY = 1e-3
"""A computed zero this close to the real line counts: a false one only splits an interval."""


@dataclass(frozen=True)
class Span:
    """An open interval of steps; `high` may be infinite.

    >>> Span(0.0, 2.0) & Span(1.0, 3.0)
    Span(low=1.0, high=2.0)
    """

    low: float
    high: float

    def __and__(self, other: Span) -> Span:
        return Span(max(self.low, other.low), min(self.high, other.high))

    def __contains__(self, step: float) -> bool:
        return self.low < step < self.high

    @property
    def empty(self) -> bool:
        """Whether no step lies in it."""
        return not self.low < self.high

    def scaled(self, factor: float) -> Span:
        """Both ends multiplied."""
        return Span(self.low * factor, self.high * factor)


def stable_steps(rule: EigenvalueMap, eigenvalue: complex) -> tuple[Span, ...]:
    r"""The steps :math:`\eta > 0` for which all multipliers of an eigenvalue are inside the circle.

    Args:
        rule: the eigenvalue map.
        eigenvalue: :math:`\lambda`, not zero.

    Returns:
        Intervals in order; none where no step is stable.

    Source: Jury 1964, "Theory and application of the z-transform method".

    >>> from symgan.empirical.spectra.multipliers import derive
    >>> [span] = stable_steps(derive("simultaneous"), 1 + 1j)
    >>> round(span.low, 9), round(span.high, 9)
    (0.0, 1.0)
    >>> stable_steps(derive("simultaneous"), 1j)
    ()
    """
    size = abs(eigenvalue)
    direction = eigenvalue / size
    spans = [span.scaled(1 / size) for span in _along(rule, direction)]
    return tuple(spans)


def intersection(sets: Iterable[Sequence[Span]]) -> tuple[Span, ...]:
    """What lies in every one of several unions of intervals.

    >>> intersection([[Span(0, 2), Span(3, 5)], [Span(1, 4)]])
    (Span(low=1, high=2), Span(low=3, high=4))
    """
    found: tuple[Span, ...] = (Span(0.0, np.inf),)
    for spans in sets:
        met = (one & other for one in found for other in spans)
        found = tuple(sorted((s for s in met if not s.empty), key=lambda s: s.low))
    return found


def _along(rule: EigenvalueMap, direction: complex) -> list[Span]:
    """The stable values of t on the ray of a direction of modulus one."""
    marks = [0.0, *_candidates(rule, direction), np.inf]
    inside = [_stable(rule, direction, _between(a, b)) for a, b in pairwise(marks)]
    found: list[Span] = []
    for (low, high), stable in zip(pairwise(marks), inside, strict=True):
        if stable and found and found[-1].high == low:
            found[-1] = Span(found[-1].low, high)
        elif stable:
            found.append(Span(low, high))
    edges = dict(_polished(rule, direction, marks, inside))
    return [Span(edges.get(s.low, s.low), edges.get(s.high, s.high)) for s in found]


def _stable(rule: EigenvalueMap, direction: complex, t: float) -> bool:
    return bool(rule.radius(t * direction) < INSIDE)


def _between(low: float, high: float) -> float:
    if low == 0:
        return high / 2 if np.isfinite(high) else 1.0
    return 2 * low if np.isinf(high) else float(np.sqrt(low * high))


def _polished(
    rule: EigenvalueMap, direction: complex, marks: list[float], inside: list[bool]
) -> Iterable[tuple[float, float]]:
    """Each end again, from the multipliers themselves: a zero of |z| - 1 between two intervals."""
    for i in range(1, len(marks) - 1):
        if inside[i - 1] != inside[i]:
            low, high = _between(*marks[i - 1 : i + 1]), _between(*marks[i : i + 2])
            if _gap(low, rule, direction) * _gap(high, rule, direction) < 0:
                end: Any = brentq(_gap, low, high, (rule, direction), xtol=1e-300)
                yield marks[i], float(end)


def _gap(t: float, rule: EigenvalueMap, direction: complex) -> float:
    return min(float(rule.radius(t * direction)), 2.0) - 1


def _candidates(rule: EigenvalueMap, direction: complex) -> list[float]:
    """Positive zeros of the polynomials of Jury's recursion, in order, each once."""
    found: list[float] = []
    for delta in _jury(_on_ray(rule, direction)):
        roots = np.roots(_trimmed(delta)[::-1])
        near = roots[np.abs(roots.imag) <= IMAGINARY * np.abs(roots.real)].real
        found += [t for t in near.tolist() if SMALLEST < t < LARGEST]
    ordered: list[float] = []
    for t in sorted(found):
        if not ordered or t > ordered[-1] * (1 + 1e-9):
            ordered.append(t)
    return ordered


def _on_ray(rule: EigenvalueMap, direction: complex) -> Polynomials:
    rows = [[float(c) * direction**power for power, c in enumerate(a)] for a in rule.coefficients]
    return [np.asarray(row, dtype=complex) for row in rows]


def _jury(a: Polynomials) -> Iterable[NDArray[np.float64]]:
    while len(a) > 1:
        first, last = a[0], a[-1]
        yield _add(np.convolve(last, last.conj()), -np.convolve(first, first.conj())).real
        a = [
            _add(np.convolve(last.conj(), a[k]), -np.convolve(first, a[len(a) - 1 - k].conj()))
            for k in range(1, len(a))
        ]


def _add(left: NDArray[np.complex128], right: NDArray[np.complex128]) -> NDArray[np.complex128]:
    total = np.zeros(max(left.size, right.size), dtype=complex)
    total[: left.size] += left
    total[: right.size] += right
    return total


def _trimmed(coefficients: NDArray[np.float64]) -> NDArray[np.float64]:
    """Without leading and trailing coefficients that are zero up to rounding."""
    kept = np.flatnonzero(np.abs(coefficients) > 1e-14 * np.abs(coefficients).max(initial=0.0))
    return coefficients[kept[0] : kept[-1] + 1] if kept.size else np.zeros(0)
