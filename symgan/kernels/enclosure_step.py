"""One validated step: a polynomial, a bound of its defect, and of how errors grow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import mpmath
import sympy as sp
from mpmath import mpf

from symgan.kernels.flint_values import Formulas, ball, flint
from symgan.kernels.rewrite import stable
from symgan.kernels.taylor import Program
from symgan.system import Flow

STEPS = 20_000
"""Most steps of one run."""
RHO = 5
"""The radius, in steps, of the disk on which the defect is bounded."""
AMBITION = 2 * RHO
"""The radius of convergence in steps: how far the disk keeps from singularities."""
TRIES = 60
"""Attempts at one step, each shorter."""
_SQUARES = 12
"""Squares along the diameter that cover the disk."""
_COARSE = 64
"""Bits for bounds, of which only the size matters."""
_TUBE = 30
"""The tube within which the Jacobian is bounded is never thinner than 2**-_TUBE."""


class TooWide(Exception):
    """Bounds that have become useless; caught where precision is raised."""


class Step:
    """Validated steps of a flow at one precision.

    Args:
        flow: a smooth flow.
        values: parameter -> rational.
        bits: the unit is 2**-bits.
    """

    def __init__(self, flow: Flow, values: Mapping[Any, Fraction], bits: int) -> None:
        self.flow, self.bits = flow, bits
        self.flint = flint()
        # Terms of the polynomial fall like AMBITION**-k, and below the unit they are noise.
        self.degree = int(bits / mpmath.log(AMBITION, 2)) + 4
        self.order = int(bits / mpmath.log(RHO, 2)) + 6
        self.flint.ctx.prec = bits + 32
        n = len(flow.state)
        numbers = {s: mpf(v.numerator) / v.denominator for s, v in values.items()}
        fields = [sp.sympify(f) for f in flow.rhs]
        self.program = Program(flow.state, flow.time, fields, numbers, bits)
        arguments = (*flow.state, *(() if flow.time is None else (flow.time,)))
        balls = {s: ball(v) for s, v in values.items()}
        self.field = Formulas([stable(f) for f in fields], arguments, balls)
        jacobian = flow.jacobian()
        symmetric = (jacobian + jacobian.T) / 2
        rows = [[(i, i), *((i, j) for j in range(n) if j != i)] for i in range(n)]
        self.rates = [
            Formulas([stable(symmetric[at]) for at in row], arguments, balls) for row in rows
        ]

    def advance(
        self, x: Sequence[int], t: int, h: int, radius: Any
    ) -> tuple[list[int], Any, int, int]:
        """State, radius, the step that was taken, and the one to try next.

        Raises:
            TooWide: no step can be validated.
        """
        for _ in range(TRIES):
            if h <= 0:
                break
            self.program.expand(x, t, h, self.degree, len(x))
            series = [part.coefficients for part in self.program.state]
            fits = AMBITION * self._ratio(series)
            if fits > 1.25:
                h = int(h / mpmath.ceil(fits * 8) * 8)
                continue
            bound = self._defect(series, t, h)
            if mpmath.isfinite(bound):
                new = self._grown(series, t, h, radius, bound)
                if new is not None:
                    ahead = int(h * mpf(min(2.0, 1 / max(fits, 1e-9))))
                    return [sum(c) for c in series], new, h, max(ahead, 1)
            h = h * 2 // 3
        raise TooWide

    def _ratio(self, series: Sequence[Sequence[int]]) -> float:
        """One over the radius of convergence, in steps, as the last terms show it."""
        worst = 0.0
        for terms in series:
            top = max(map(abs, terms))
            for k in (len(terms) - 1, len(terms) - 2, len(terms) // 2):
                if abs(terms[k]) > 2**20:  # below, only rounding is left
                    worst = max(worst, float((mpf(abs(terms[k])) / top) ** (mpf(1) / k)))
        return worst

    def _defect(self, series: Sequence[Sequence[int]], t: int, h: int) -> Any:
        """A bound of the defect on the step, in the Euclidean norm; infinite if there is none."""
        known = self._known(series, t, h)
        largest = self._on_the_disk(series, t, h)
        squares = mpf(0)
        for low, most in zip(known, largest, strict=True):
            tail = most * mpf(RHO) ** -self.order / (1 - mpf(1) / RHO)
            squares += (low + tail) ** 2
        return mpmath.sqrt(squares) * (1 + mpf(2) ** -30)  # mpmath rounds to nearest

    def _known(self, series: Sequence[Sequence[int]], t: int, h: int) -> list[Any]:
        """The sum of the magnitudes of the first coefficients of the defect."""
        ctx, n = self.flint.ctx, self.order
        ctx.prec, ctx.cap = self.bits + 32, n
        terms_of = [list(map(self._exact, terms)) for terms in series]
        if self.flow.time is not None:
            terms_of.append([self._exact(t), self._exact(h)])
        place = [self.flint.arb_series(terms, prec=n) for terms in terms_of]
        zero = self.flint.arb_series([0], prec=n)
        found = []
        for value, terms in zip(self.field(place), series, strict=True):
            field = (zero + value * self._exact(h)).coeffs()
            total = self.flint.arb(0)
            for k in range(n):
                rate = self._exact((k + 1) * terms[k + 1] if k < self.degree else 0)
                total += abs((field[k] if k < len(field) else 0) - rate)
            found.append(_upper(total))
        return found

    def _on_the_disk(self, series: Sequence[Sequence[int]], t: int, h: int) -> list[Any]:
        """Bounds of the defect for |u| <= RHO, from squares that cover the upper half.

        The lower half is its mirror image, as everything is real on the real line.
        """
        self.flint.ctx.prec = _COARSE
        side = mpf(RHO) / _SQUARES
        reach = side * mpmath.sqrt(2) * (1 + mpf(2) ** -40)
        slopes = [self._slope(terms, RHO + 2 * reach) for terms in series]
        polynomials = [self.flint.arb_poly([self._exact(c) for c in terms]) for terms in series]
        most = [mpf(0)] * len(series)
        for i in range(_SQUARES):
            for j in range(_SQUARES // 2):
                center = mpmath.mpc((2 * i + 1 - _SQUARES) * side, (2 * j + 1) * side)
                if abs(center) <= RHO + reach:
                    sizes = self._sizes(polynomials, slopes, center, reach, t, h)
                    most = [max(pair) for pair in zip(most, sizes, strict=True)]
        return [a + b for a, b in zip(most, slopes, strict=True)]

    def _sizes(
        self, polynomials: Any, slopes: Sequence[Any], center: Any, reach: Any, t: int, h: int
    ) -> list[Any]:
        """Bounds of h |F| on the disk of radius `reach` around a point."""
        acb = self.flint.acb
        point = acb(_arb(center.real), _arb(center.imag))
        place = [
            polynomial(point) + self._box(slope * reach)
            for polynomial, slope in zip(polynomials, slopes, strict=True)
        ]
        length = self._exact(h)
        if self.flow.time is not None:
            place.append(self._exact(t) + length * (point + self._box(reach)))
        found = []
        for value in self.field(place):
            size = _upper((value * length).abs_upper())
            found.append(size if mpmath.isfinite(size) else mpf("inf"))
        return found

    def _grown(
        self, series: Sequence[Sequence[int]], t: int, h: int, radius: Any, defect: Any
    ) -> Any:
        """The radius after the step, or None if the solution may leave the tube."""
        tube = max(4 * (radius + defect), mpf(2) ** -_TUBE)
        rate = self._expansion(series, t, h, tube)
        if not mpmath.isfinite(rate):
            return None
        growth = mpmath.exp(rate * mpmath.ldexp(mpf(h), -self.bits)) * (1 + mpf(2) ** -30)
        most = max(mpf(1), growth) * (radius + defect)
        if most >= tube:
            return None
        return (growth * radius + max(mpf(1), growth) * defect) * (1 + mpf(2) ** -30)

    def _expansion(self, series: Sequence[Sequence[int]], t: int, h: int, tube: Any) -> Any:
        """A bound of the logarithmic norm of the Jacobian in the tube, by Gershgorin's disks."""
        self.flint.ctx.prec = _COARSE
        slopes = [self._slope(terms, mpf(1)) for terms in series]
        middle = self.flint.arb(1) / 2
        place = []
        for terms, slope in zip(series, slopes, strict=True):
            polynomial = self.flint.arb_poly([self._exact(c) for c in terms])
            place.append(polynomial(middle) + self.flint.arb(0, _arb(slope / 2 + tube)))
        if self.flow.time is not None:
            place.append(self._exact(t) + self._exact(h) * self.flint.arb(0.5, 0.5))
        rates = []
        for row in self.rates:
            (center, *rest) = row(place)
            total = center + sum((abs(v) for v in rest), self.flint.arb(0))
            rates.append(_upper(total.upper()))
        return max(rates)

    def _slope(self, terms: Sequence[int], at: Any) -> Any:
        r"""A bound of :math:`|p'(u)|` for |u| up to a radius: the sum of magnitudes."""
        total = self.flint.arb(0)
        place = _arb(at)
        for k in range(len(terms) - 1, 0, -1):
            total = total * place + k * abs(self._exact(terms[k]))
        return _upper(total)

    def _box(self, half: Any) -> Any:
        """The square around 0 with this half side."""
        side = self.flint.arb(0, _arb(half))
        return self.flint.acb(side, side)

    def _exact(self, value: int) -> Any:
        """A number in units of 2**-bits."""
        return self.flint.arb((value, -self.bits))


def _arb(value: Any) -> Any:
    """An mpf, exactly."""
    sign, mantissa, exponent, _ = value._mpf_
    return flint().arb((-int(mantissa) if sign else int(mantissa), int(exponent)))


def _upper(value: Any) -> Any:
    """An mpf not below a ball; infinite where the ball is."""
    if not value.is_finite():
        return mpf("inf")
    mantissa, exponent = value.upper().man_exp()
    return mpmath.ldexp(mpf(int(mantissa)), int(exponent))
