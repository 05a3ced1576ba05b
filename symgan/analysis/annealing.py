r"""Annealing an oscillator: what a schedule leaves behind.

With loss :math:`f(y) = c\,y` the annealed tiny-GAN follows its data point :math:`\alpha(t)`:

.. math:: \dot\theta = -c\,\psi, \qquad \dot\psi = c\,(\theta - \alpha).

The complex state :math:`z = \theta - \alpha + i\psi` obeys
:math:`\dot z = i c z - \dot\alpha`, so :math:`e^{-ict}z(t)` tends to

.. math:: z_\infty = z_0 - \int_0^\infty e^{-icu}\,\dot\alpha(u)\,du,

and, as :math:`\alpha \to \alpha_r`, the state ends on a circle of radius
:math:`R = |z_\infty|` around :math:`(\alpha_r, 0)`. A schedule leaves no oscillation
exactly if its rate has the transform :math:`z_0` at the natural frequency.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import sympy as sp
from sympy import Expr, I, Integer, Symbol
from sympy.core.function import AppliedUndef

from symgan.analysis.forcing import exponential_terms, real_and_imaginary
from symgan.analysis.signs import root_of, sign
from symgan.errors import GameError, Undecided


@dataclass(frozen=True)
class ResidualOscillation:
    r"""The oscillation that an annealed oscillator ends in.

    Attributes:
        real: :math:`\int_0^\infty \cos(cu)\,\dot\alpha(u)\,du`.
        imaginary: :math:`-\int_0^\infty \sin(cu)\,\dot\alpha(u)\,du`.
        mismatch: :math:`\mathrm{Re}\,z_0 = \theta_0 - \alpha_0`.
        psi: :math:`\mathrm{Im}\,z_0 = \psi_0`.
        amplitude: :math:`R = |z_0 - \hat\alpha'(c)|`.
    """

    real: Expr
    imaginary: Expr
    mismatch: Expr
    psi: Expr
    amplitude: Expr

    @property
    def transform(self) -> Expr:
        r"""The transform of the rate at the natural frequency, a complex expression."""
        return self.real + I * self.imaginary


def residual_oscillation(
    rate: Any, time: Symbol, frequency: Any, *, mismatch: Any = 0, psi: Any = 0
) -> ResidualOscillation:
    r"""The residual amplitude for any schedule, from its rate :math:`\dot\alpha(t)`.

    Args:
        rate: the derivative of a continuous schedule for :math:`t \ge 0`: decaying sums of
            :math:`t^k e^{rt}`, sines and cosines; a Piecewise in time of such sums (linear
            ramps); or a free function, for which integrals stay unevaluated.
        time: t.
        frequency: c > 0, the slope of the loss.
        mismatch: :math:`\theta_0 - \alpha_0`.
        psi: :math:`\psi_0`.

    Raises:
        GameError: a frequency that is not positive, or another kind of rate.
        Undecided: the rate is not seen to decay.

    >>> t, a, c, K = sp.symbols("t a c K", positive=True)
    >>> residual_oscillation(K*sp.exp(-a*t), t, c).amplitude
    K/sqrt(a**2 + c**2)
    """
    c = _frequency(frequency)
    real, imaginary = _transform(sp.sympify(rate), time, c)
    mismatch, psi = sp.sympify(mismatch), sp.sympify(psi)
    square = (mismatch - real) ** 2 + (psi - imaginary) ** 2
    amplitude = min((_amplitude(square), sp.sqrt(square)), key=sp.count_ops)
    return ResidualOscillation(real, imaginary, mismatch, psi, amplitude)


def silent_ramps(
    frequency: Any,
    *,
    start: Any = None,
    target: Any = None,
    mismatch: Any = 0,
    psi: Any = 0,
) -> sp.Set:
    r"""The durations :math:`\tau > 0` of linear ramps that leave no oscillation.

    A ramp of rate :math:`(\alpha_r - \alpha_0)/\tau` has the transform
    :math:`(\alpha_r - \alpha_0)(1 - e^{-ic\tau})/(ic\tau)`. From a matched start it
    vanishes exactly for whole periods, :math:`\tau = 2\pi k/c`.

    Args:
        frequency: c > 0.
        start, target: :math:`\alpha_0` and :math:`\alpha_r`; needed unless the start is matched.
        mismatch: :math:`\theta_0 - \alpha_0`.
        psi: :math:`\psi_0`.

    Raises:
        GameError: a frequency that is not positive; an unmatched start without the ends.
        Undecided: whether the start is matched, or the ends differ, is left open.

    >>> silent_ramps(Symbol("c", positive=True))
    ImageSet(Lambda(k, 2*pi*k/c), Naturals)
    """
    c = _frequency(frequency)
    mismatch, psi = sp.sympify(mismatch), sp.sympify(psi)
    distance = None if start is None or target is None else sp.sympify(target) - sp.sympify(start)
    matched = _known_zero(mismatch) and _known_zero(psi)
    positive = sp.Interval.open(0, sp.oo)
    if distance is not None and distance.is_zero:
        return positive if matched else sp.S.EmptySet
    if matched:
        k = Symbol("k", integer=True, positive=True)
        return sp.ImageSet(sp.Lambda(k, 2 * sp.pi * k / c), sp.S.Naturals)
    if distance is None:
        raise GameError("an unmatched start needs start= and target= of the ramp")
    duration = Symbol("tau", positive=True)
    real = distance * sp.sin(c * duration) / (c * duration)
    imaginary = -distance * (1 - sp.cos(c * duration)) / (c * duration)
    silent = sp.And(sp.Eq(real, mismatch), sp.Eq(imaginary, psi))
    return sp.ConditionSet(duration, silent, positive)


def silent_start(rate: Any, time: Symbol, frequency: Any, *, start: Any) -> tuple[Expr, Expr]:
    r"""The initial state :math:`(\theta_0, \psi_0)` from which a schedule leaves no oscillation.

    .. math:: \theta_0 = \alpha_0 + \int_0^\infty \cos(cu)\,\dot\alpha(u)\,du, \qquad
              \psi_0 = -\int_0^\infty \sin(cu)\,\dot\alpha(u)\,du

    Args:
        rate, time, frequency: as `residual_oscillation`.
        start: :math:`\alpha_0`.

    Raises:
        GameError, Undecided: as `residual_oscillation`.

    >>> t, a, c, K = sp.symbols("t a c K", positive=True)
    >>> silent_start(K*sp.exp(-a*t), t, c, start=0)
    (K*a/(a**2 + c**2), -K*c/(a**2 + c**2))
    """
    found = residual_oscillation(rate, time, frequency)
    return sp.sympify(start) + found.real, found.imaginary


def _frequency(frequency: Any) -> Expr:
    c = sp.sympify(frequency)
    if not c.is_positive:
        raise GameError(f"the frequency {c} is not known to be positive; declare it positive=True")
    return c


def _known_zero(value: Expr) -> bool:
    if value.is_zero:
        return True
    if value.is_zero is False:
        return False
    raise Undecided(f"whether {value} is 0 is open; give its value, or declare it nonzero=True")


def _transform(rate: Expr, time: Symbol, c: Expr) -> tuple[Expr, Expr]:
    if rate.has(AppliedUndef):
        bounds = (time, 0, sp.oo)
        real = sp.Integral(sp.cos(c * time) * rate, bounds)
        return real, -sp.Integral(sp.sin(c * time) * rate, bounds)
    real, imaginary = Integer(0), Integer(0)
    for piece, start, end in _pieces(rate, time):
        for (z, k), coefficient in exponential_terms(piece, time).items():
            for factor, exponent in _moment(z - I * c, k, start, end):
                a, b = _turned(coefficient * factor, exponent)
                real, imaginary = real + a, imaginary + b
    return _factored(real), _factored(imaginary)


def _pieces(rate: Expr, time: Symbol) -> list[tuple[Expr, Expr, Expr]]:
    """The rate as expressions on consecutive intervals of :math:`t \\ge 0`."""
    rate = sp.piecewise_fold(rate)
    if not isinstance(rate, sp.Piecewise):
        return [(rate, Integer(0), sp.oo)]
    ends: list[Expr] = [Integer(0)]
    values = []
    for value, condition in rate.args:
        values.append(sp.sympify(value))
        ends.append(sp.oo if condition is sp.true else _end(condition, time))
        if condition is sp.true:
            break
    for before, after in pairwise(ends):
        if after is not sp.oo and sign(sp.sympify(after - before)) not in (0, 1):
            raise Undecided(f"the break points {before} and {after} are not known to be in order")
    if ends[-1] is not sp.oo:
        values.append(Integer(0))
        ends.append(sp.oo)
    return [(v, a, b) for v, (a, b) in zip(values, pairwise(ends), strict=True)]


def _end(condition: Any, time: Symbol) -> Expr:
    """The right end of ``t < end`` or ``t <= end``."""
    upper = isinstance(condition, sp.StrictLessThan | sp.LessThan)
    lower = isinstance(condition, sp.StrictGreaterThan | sp.GreaterThan)
    if (upper and condition.lhs == time) or (lower and condition.rhs == time):
        return condition.rhs if upper else condition.lhs
    raise GameError(
        f"the schedule switches where {condition}; write its pieces with t < end, in order"
    )


def _moment(rate: Expr, power: int, start: Expr, end: Expr) -> list[tuple[Expr, Expr]]:
    r""":math:`\int_a^b u^k e^{ru}\,du` as terms (factor, exponent), by the antiderivative
    :math:`e^{ru}\sum_j (-1)^{k-j}\frac{k!}{j!}\frac{u^j}{r^{k-j+1}}`."""

    rate = sp.expand(rate)
    if rate == 0 and end is not sp.oo:  # in resonance
        return [((end ** (power + 1) - start ** (power + 1)) / (power + 1), Integer(0))]

    def antiderivative(u: Expr) -> tuple[Expr, Expr]:
        terms = (
            (-1) ** (power - j) * sp.ff(power, power - j) * u**j / rate ** (power - j + 1)
            for j in range(power + 1)
        )
        return sp.Add(*terms), sp.expand(rate * u)

    factor, exponent = antiderivative(start)
    if end is not sp.oo:
        return [antiderivative(end), (-factor, exponent)]
    decay = real_and_imaginary(rate)[0]
    if sign(decay) != -1:
        raise Undecided(
            f"the rate holds exp({decay}*t), which is not known to decay, so the schedule has no "
            "known limit; declare the decay positive=True, or give the schedule an end"
        )
    return [(-factor, exponent)]


def _turned(factor: Expr, exponent: Expr) -> tuple[Expr, Expr]:
    """Real and imaginary part of a rational complex factor times an exponential."""
    top, bottom = sp.fraction(sp.together(factor))
    conjugate = bottom.xreplace({I: -I})
    a, b = real_and_imaginary(sp.expand(top * conjugate))
    decay, turn = real_and_imaginary(exponent)
    size = sp.exp(decay) / sp.expand(bottom * conjugate)
    cosine, sine = sp.cos(turn), sp.sin(turn)
    return size * (a * cosine - b * sine), size * (a * sine + b * cosine)


def _factored(value: Expr) -> Expr:
    return sp.factor(sp.together(value))


def _amplitude(square: Expr) -> Expr:
    r"""The root of :math:`R^2`; one angle is halved: :math:`2 - 2\cos x = 4\sin^2(x/2)`."""
    if square.has(sp.Integral):
        return sp.sqrt(square)
    angles = {node.args[0] for node in square.atoms(sp.sin, sp.cos)}
    if len(angles) != 1:
        return root_of(sp.expand(square)) if not angles else sp.sqrt(_factored(square))
    (angle,) = angles
    s, r = sp.Dummy("s", real=True), sp.Dummy("r", real=True)
    half = {sp.sin(angle): 2 * s * r, sp.cos(angle): r**2 - s**2}
    plain = sp.expand(square.subs(half))
    # Homogenized by r^2 + s^2 = 1, a common factor shows if there is one.
    reduced = sp.rem(sp.fraction(sp.together(plain))[0], r**2 + s**2 - 1, r)
    bottom = sp.fraction(sp.together(plain))[1]
    back = {s: sp.sin(angle / 2), r: sp.cos(angle / 2)}
    return root_of(sp.factor(reduced) / bottom).xreplace(back)
