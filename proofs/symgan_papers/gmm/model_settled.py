r"""What the claims on equilibria, single Gaussians and more modes share.

Exact values come from `MixtureGan` by differentiation. The measurements of the second route know
the model only through the error function: the payoff is a plain number, its slopes are difference
quotients, its masses quadratures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Step, by_numbers
from symgan.games.mixture import Mixture, MixtureGan, mixture_gan

Place = Mapping[str, Any]
Measure = Callable[[Place], Any]

a = Symbol("a", positive=True)
"""Half the distance of the true means -a and a; the paper's Figures 1 and 3 have a = 1/2."""
x, m = sp.symbols("x m", real=True)
HALF = Rational(1, 2)
OURS = "ours"
"""Where a statement stands that is not the paper's."""


@cache
def two_modes(intervals: int = 2) -> MixtureGan:
    """The paper's game with the true means -a and a."""
    return mixture_gan(intervals=intervals, truth=Mixture((-a, a)))


@cache
def one_mode() -> MixtureGan:
    """A single Gaussian with one interval; the true mean is 0."""
    return mixture_gan(modes=1, intervals=1, truth=Mixture((0,)))


def examined(
    statement: Any,
    exact: Mapping[Any, Any],
    numbers: Mapping[Any, Measure],
    points: Sequence[Mapping[Symbol, Any]] = ({},),
    *steps: Step,
    kind: str = "quotients:mpmath",
    digits: int = 15,
    **fields: Any,
) -> Examination:
    """An examination whose second route measures the named quantities.

    Fifteen digits unless told: quotients of second order keep more than twenty of 65.
    """
    second = by_numbers(numbers, points=points, kind=kind, digits=digits)
    return Examination(statement, exact, second, steps=steps, **fields)


def below(y: Any) -> Any:
    """The probability of a standard normal variable below y, as a plain number."""
    return mpmath.erfc(-mpmath.mpf(y) / mpmath.sqrt(2)) / 2


def plain_payoff(true: Sequence[Any], means: Sequence[Any], ends: Sequence[tuple[Any, Any]]) -> Any:
    """E D under the truth plus E (1 - D) under the generator, uniform weights."""

    def mass(centers: Sequence[Any]) -> Any:
        shares = [below(r - c) - below(left - c) for left, r in ends for c in centers]
        return mpmath.fsum(shares) / len(centers)

    return mass(true) + 1 - mass(means)


def slope(function: Callable[..., Any], at: Sequence[Any], place: int) -> Any:
    """A central difference quotient of fourth order in one argument."""
    h = mpmath.mpf(10) ** -8
    total = mpmath.mpf(0)
    for k, weight in ((1, 8), (2, -1)):
        up, down = list(at), list(at)
        up[place] += k * h
        down[place] -= k * h
        total += weight * (function(*up) - function(*down))
    return total / (12 * h)


def plain_part(true: Sequence[Any], modes: int, part: int) -> Callable[..., Any]:
    """One component of the flow of (9)-(11), by difference quotients of the payoff."""

    def payoff(*z: Any) -> Any:
        count = (len(z) - modes) // 2
        ends = list(zip(z[modes : modes + count], z[modes + count :], strict=True))
        return plain_payoff(true, z[:modes], ends)

    sign = -1 if part < modes else 1
    return lambda *z: sign * slope(payoff, z, part)


def plain_field(true: Sequence[Any], state: Sequence[Any], modes: int = 2) -> tuple[Any, ...]:
    """The flow at a state: means, left ends, right ends."""
    return _field(tuple(true), tuple(state), modes, mpmath.mp.prec)


@lru_cache(maxsize=64)
def _field(true: Any, state: Any, modes: int, _bits: int) -> tuple[Any, ...]:
    return tuple(plain_part(true, modes, k)(*state) for k in range(len(state)))


def plain_jacobian(true: Sequence[Any], state: Sequence[Any], modes: int = 2) -> Any:
    """The Jacobian of the flow at a state."""
    return _jacobian(tuple(true), tuple(state), modes, mpmath.mp.prec)


@lru_cache(maxsize=64)
def _jacobian(true: Any, state: Any, modes: int, _bits: int) -> Any:
    places = range(len(state))
    parts = [plain_part(true, modes, k) for k in places]
    return mpmath.matrix([[slope(part, state, k) for k in places] for part in parts])


def difference(true: Sequence[Any], means: Sequence[Any]) -> Callable[[Any], Any]:
    """F as the slope of the difference of distribution functions."""

    def cumulative(y: Any) -> Any:
        one = mpmath.fsum(below(y - c) for c in true) / len(true)
        return one - mpmath.fsum(below(y - c) for c in means) / len(means)

    return lambda y: slope(cumulative, [mpmath.mpf(y)], 0)
