r"""Inverse Laplace transforms of partial fractions, as real functions of time.

.. math:: \frac{1}{(s-r)^j} \to \frac{t^{j-1}}{(j-1)!} e^{rt}, \qquad
          \frac{1}{(x^2+\omega^2)^j} \to f_j(t),\quad
          f_1 = \frac{\sin\omega t}{\omega},\quad
          f_{j+1} = -\frac{1}{2 j \omega}\,\frac{\partial f_j}{\partial\omega}.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import sympy as sp
from sympy import Dummy, Expr, Integer, Lambda, Poly, RootSum, Symbol, exp

from symgan.analysis.modes import Kind, Mode, squares
from symgan.analysis.signs import sign
from symgan.differentiation import diff
from symgan.errors import Undecided

ZERO = Integer(0)
OMEGA = Dummy("omega", positive=True)
Waves = dict[int, tuple[Expr, Expr]]
r"""power k -> (A, B), the function :math:`\sum_k t^k (A_k\cos\omega t + B_k\sin\omega t)`."""


@dataclass(frozen=True)
class Parts:
    r"""A function of time in the four parts of a closed form.

    Attributes:
        harmonics: :math:`\omega` -> (A, B), whose sum
            :math:`A\cos\omega t + B\sin\omega t` is the oscillatory part.
        growth: the degree in time of the secular part.
    """

    center: Expr = ZERO
    transient: Expr = ZERO
    secular: Expr = ZERO
    harmonics: dict[Expr, tuple[Expr, Expr]] = field(default_factory=dict)
    growth: int = 0

    def __add__(self, other: Parts) -> Parts:
        harmonics = dict(self.harmonics)
        for omega, (cosine, sine) in other.harmonics.items():
            old = harmonics.get(omega, (ZERO, ZERO))
            harmonics[omega] = (sp.factor(old[0] + cosine), sp.factor(old[1] + sine))
        return Parts(
            self.center + other.center,
            self.transient + other.transient,
            self.secular + other.secular,
            {w: pair for w, pair in harmonics.items() if pair != (ZERO, ZERO)},
            max(self.growth, other.growth),
        )


def invert(mode: Mode, power: int, digits: Sequence[Expr], t: Symbol) -> Parts:
    r"""Invert :math:`(\sum_k d_k s^k) / g(s)^j`.

    Args:
        mode: the factor g.
        power: j.
        digits: the coefficients :math:`d_0, d_1, \dots`, fewer than the degree of g.
        t: the time symbol.

    Raises:
        Undecided: a repeated pair of real poles of opposite signs.
    """
    if all(d == 0 for d in digits):
        return Parts()
    if mode.degree == 1:
        return _linear(mode, power, digits[0], t)
    if mode.degree == 2:
        return _quadratic(mode, power, digits, t)
    return _higher(mode, digits, t)


def _linear(mode: Mode, power: int, digit: Expr, t: Symbol) -> Parts:
    k = power - 1
    value = digit * t**k / sp.factorial(k) * exp(mode.nodes[0] * t)
    if mode.kind is Kind.DECAYING:
        return Parts(transient=value)
    if mode.kind is Kind.ZERO and k == 0:
        return Parts(center=value)
    return Parts(secular=value, growth=k)


def _quadratic(mode: Mode, power: int, digits: Sequence[Expr], t: Symbol) -> Parts:
    _, p, q = mode.coefficients
    if mode.kind is Kind.SADDLE or (power == 1 and sign(p**2 - 4 * q) == 1):
        return _real_pair(mode, power, digits, t)
    shift, omega = -p / 2, sp.sqrt(sp.factor(q - p**2 / 4))
    waves = _shifted_waves(power, digits, shift)
    if mode.kind is Kind.HARMONIC:
        return _undamped(waves, omega, t)
    value = _wave_sum(waves, omega, t) * exp(shift * t)
    if mode.kind is Kind.DECAYING:
        return Parts(transient=value)
    return Parts(secular=value, growth=power - 1)


def _real_pair(mode: Mode, power: int, digits: Sequence[Expr], t: Symbol) -> Parts:
    r"""Residues :math:`h(r)/g'(r)` at two distinct real poles."""
    if power > 1:
        raise Undecided(
            f"the factor ({mode.factor.as_expr()})^{power} has repeated real poles of opposite "
            "signs; give values to its parameters"
        )
    _, p, q = mode.coefficients
    root = sp.sqrt(sp.factor(p**2 - 4 * q))
    total = Parts()
    for side in (-1, 1):
        r = (-p + side * root) / 2
        value = sp.expand((digits[0] + digits[1] * r) / (side * root)) * exp(r * t)
        decays = mode.kind is Kind.DECAYING or (mode.kind is Kind.SADDLE and side < 0)
        total = total + (Parts(transient=value) if decays else Parts(secular=value))
    return total


def _undamped(waves: Waves, omega: Expr, t: Symbol) -> Parts:
    plain = {k: _at(pair, omega) for k, pair in waves.items()}
    secular = {k: pair for k, pair in plain.items() if k > 0 and pair != (ZERO, ZERO)}
    steady = plain.get(0, (ZERO, ZERO))
    return Parts(
        secular=sum((t**k * _wave(pair, omega, t) for k, pair in secular.items()), ZERO),
        harmonics={omega: steady} if steady != (ZERO, ZERO) else {},
        growth=max(secular, default=0),
    )


def _higher(mode: Mode, digits: Sequence[Expr], t: Symbol) -> Parts:
    s = mode.factor.gen
    found = squares(mode.coefficients, s) if mode.kind is Kind.HARMONIC else None
    if found is not None:
        return _undamped_squares(mode, digits, found)
    g = Poly(mode.coefficients, s)
    residue = Poly(list(reversed(digits)), s).as_expr() / g.diff(s).as_expr()
    value = RootSum(g, Lambda(s, residue * exp(s * t)), auto=False)
    return Parts(transient=value) if mode.kind is Kind.DECAYING else Parts(secular=value)


def _undamped_squares(mode: Mode, digits: Sequence[Expr], found: Sequence[Expr]) -> Parts:
    r"""Pairs :math:`\pm i\sqrt{-u}` of an even factor :math:`g(s) = G(s^2)`.

    With :math:`h(s) = h_e(s^2) + s\,h_o(s^2)` the pair contributes
    :math:`(h_o(u)\cos\omega t + h_e(u)\,\omega^{-1}\sin\omega t)/G'(u)`.
    """
    s = mode.factor.gen
    slope = Poly(mode.coefficients[::2], s).diff(s)
    even, odd = (Poly(list(reversed(list(half))) or [0], s) for half in (digits[::2], digits[1::2]))
    harmonics = {}
    for u in found:
        omega = sp.sqrt(-u)
        harmonics[omega] = (odd.eval(u) / slope.eval(u), even.eval(u) / (omega * slope.eval(u)))
    return Parts(harmonics=harmonics)


@lru_cache(maxsize=64)
def _kernel(power: int) -> tuple[tuple[int, Expr, Expr], ...]:
    """The function f_j as (k, A, B) triples in OMEGA."""
    if power == 1:
        return ((0, ZERO, 1 / OMEGA),)
    waves: Waves = {}
    for k, a, b in _kernel(power - 1):
        _accumulate(waves, k, diff(a, OMEGA), diff(b, OMEGA))
        _accumulate(waves, k + 1, b, -a)
    scale = -1 / (2 * (power - 1) * OMEGA)
    return tuple((k, sp.expand(scale * a), sp.expand(scale * b)) for k, (a, b) in waves.items())


def _shifted_waves(power: int, digits: Sequence[Expr], shift: Expr) -> Waves:
    r"""The inverse of :math:`(B x + C + B\sigma)/(x^2+\omega^2)^j` without its exponential."""
    slope, offset = digits[1], digits[0] + digits[1] * shift
    waves: Waves = {}
    for k, a, b in _kernel(power):
        _accumulate(waves, k, offset * a + slope * OMEGA * b, offset * b - slope * OMEGA * a)
        if k:
            _accumulate(waves, k - 1, slope * k * a, slope * k * b)
    return waves


def _accumulate(waves: Waves, k: int, a: Expr, b: Expr) -> None:
    old = waves.get(k, (ZERO, ZERO))
    waves[k] = (sp.expand(old[0] + a), sp.expand(old[1] + b))


def _at(pair: tuple[Expr, Expr], omega: Expr) -> tuple[Expr, Expr]:
    a, b = (sp.factor(sp.expand(part.xreplace({OMEGA: omega}))) for part in pair)
    return a, b


def _wave(pair: tuple[Expr, Expr], omega: Expr, t: Symbol) -> Expr:
    return pair[0] * sp.cos(omega * t) + pair[1] * sp.sin(omega * t)


def _wave_sum(waves: Waves, omega: Expr, t: Symbol) -> Expr:
    pairs = {k: _at(pair, omega) for k, pair in waves.items()}
    return sum((t**k * _wave(pair, omega, t) for k, pair in pairs.items()), ZERO)


def oscillation(parts: Parts, t: Symbol) -> Expr:
    """The oscillatory part as one expression."""
    return sum((_wave(pair, omega, t) for omega, pair in parts.harmonics.items()), ZERO)
