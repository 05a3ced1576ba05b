r"""What sections 2 to 5.1 share: the survey's symbols, and plain measurements.

The survey's V is minimized over theta_g and maximized over theta_d: `minmax` states it so, with
symgan's sign. Exact values come from games, divergences and networks of symgan; measurements
(the second route) are sums, quadratures and difference quotients in mpmath, written out here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import mpmath
import sympy as sp
from sympy import Expr, Symbol

from symgan.game import Game, zero_sum

theta_g, theta_d = sp.symbols("theta_g theta_d", real=True)
lam = Symbol("lambda", positive=True)
k = Symbol("k", positive=True)

Place = Mapping[str, Any]
Measure = Callable[[Place], Any]


def minmax(payoff: Any, *, generator: Any = theta_g, discriminator: Any = theta_d) -> Game:
    """min over the generator's, max over the discriminator's parameters of a payoff."""
    players = [
        tuple(p) if isinstance(p, tuple | list) else (p,) for p in (generator, discriminator)
    ]
    symbols = sp.sympify(payoff).free_symbols - set(players[0]) - set(players[1])
    return zero_sum(
        payoff,
        minimize=players[0],
        maximize=players[1],
        parameters=tuple(sorted(symbols, key=str)),
    )


def smoothed(function: Callable[[Any], Any], at: Any, deviation: Any) -> Any:
    """E g(at + deviation z) for standard normal z, by Gauss-Hermite quadrature of 20 nodes.

    Exact for polynomials up to degree 39.
    """
    total = mpmath.mpf(0)
    for node, weight in hermite_rule():
        total += weight * function(at + deviation * node)
    return total


@cache
def hermite_rule(count: int = 20) -> Sequence[tuple[Any, Any]]:
    """Nodes and weights for the standard normal law, from the roots of a Hermite polynomial."""
    past, now = [mpmath.mpf(1)], [mpmath.mpf(0), mpmath.mpf(1)]
    for n in range(1, count):
        shifted, lower = [mpmath.mpf(0), *now], [*past, mpmath.mpf(0), mpmath.mpf(0)]
        past, now = now, [a - n * b for a, b in zip(shifted, lower, strict=True)]
    roots = mpmath.polyroots(list(reversed(now)), maxsteps=500, extraprec=400)
    factor = mpmath.factorial(count - 1) / count
    below = list(reversed(past))
    return [(mpmath.re(r), factor / mpmath.polyval(below, mpmath.re(r)) ** 2) for r in roots]


def two_by_two(entries: Sequence[Any]) -> tuple[Any, Any]:
    """The eigenvalues of a 2 by 2 matrix, row by row, as complex numbers."""
    a, b, c, d = map(mpmath.mpmathify, entries)
    root = mpmath.sqrt(mpmath.mpc((a - d) ** 2 + 4 * b * c))
    return (a + d + root) / 2, (a + d - root) / 2


def radius(entries: Sequence[Any]) -> Any:
    """The spectral radius of a 2 by 2 matrix."""
    return max(abs(z) for z in two_by_two(entries))


def abscissa(entries: Sequence[Any]) -> Any:
    """The largest real part of the eigenvalues of a 2 by 2 matrix."""
    return max(mpmath.re(z) for z in two_by_two(entries))


def gradient_of(function: Callable[..., Any], at: Sequence[Any], place: int) -> Any:
    """A partial derivative by difference quotients."""

    def along(value: Any) -> Any:
        return function(*(value if i == place else x for i, x in enumerate(at)))

    return mpmath.diff(along, at[place])


def hessian_of(function: Callable[..., Any], at: Sequence[Any], first: int, second: int) -> Any:
    """A second partial derivative by difference quotients, along a diagonal where mixed."""

    def curvature(*directions: int) -> Any:
        def along(step: Any) -> Any:
            return function(*(x + step * (i in directions) for i, x in enumerate(at)))

        return mpmath.diff(along, 0, 2)

    if first == second:
        return curvature(first)
    return (curvature(first, second) - curvature(first) - curvature(second)) / 2


def jensen_shannon_of(p: Sequence[Any], q: Sequence[Any]) -> Any:
    """The Jensen-Shannon divergence of positive weights, as a plain sum."""
    pairs = list(zip(p, q, strict=True))
    one = sum(a * mpmath.log(2 * a / (a + b)) for a, b in pairs)
    return (one + sum(b * mpmath.log(2 * b / (a + b)) for a, b in pairs)) / 2


def largest(function: Callable[[Any], Any], low: Any, high: Any, rounds: int = 300) -> Any:
    """Where a concave function is largest on an interval, by golden sections."""
    low, high = mpmath.mpf(low), mpmath.mpf(high)
    part = (mpmath.sqrt(5) - 1) / 2
    for _ in range(rounds):
        left, right = high - part * (high - low), low + part * (high - low)
        if function(left) < function(right):
            low = left
        else:
            high = right
    return (low + high) / 2


def log_loss(y: Any) -> Any:
    """f(y) = -log(1 + exp(-y)) as a plain number."""
    return -mpmath.log(1 + mpmath.exp(-y))


def free_of(expression: Expr) -> set[Symbol]:
    """The symbols of an expression."""
    return set(sp.sympify(expression).free_symbols)
