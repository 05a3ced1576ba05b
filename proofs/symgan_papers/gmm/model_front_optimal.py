r"""Optimal discriminator dynamics (7)-(8): exact orbits in balls, and plain ones.

The optimal discriminator covers where F > 0; its finite ends are the zeros of F, and an infinite
end pulls no mean. So (8) moves the mean mu_j by -eta/2 times the sum of
:math:`\pm\varphi(z - \mu_j)` over the zeros z, + where F falls. Balls enclose every zero by
Newton's method, and bisection proves that none is missed.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.certify.ball import load_flint
from symgan.errors import Undecided
from symgan_papers.gmm.model_front import Pair, ball, game, gap, in_balls, phi

BITS = 320
"""Near the optimum a step can multiply the radius of a ball by some ten."""
NEWTON = 8
"""Steps: from 1e-6 quadratically beyond 600 bits."""


@dataclass(frozen=True)
class Moment:
    """A state of the dynamics: the means, the zeros of F, and the sign of F left of the first."""

    means: Pair
    zeros: tuple[Any, ...]
    first: int


@cache
def _functions() -> tuple[Callable[..., Any], Callable[..., Any]]:
    """F and F' times e^(x^2/2), and the slope of L in a mean where [-oo, x] is covered."""
    gan, x = game(), Symbol("x", real=True)
    scaled = sp.expand(sp.powsimp(sp.expand(gan.F(x) * sp.exp(x**2 / 2))))
    (l1, l2), (r1, r2) = gan.left, gan.right
    slope = sp.diff(gan.L, gan.mu[0]).subs({l1: -sp.oo, l2: -sp.oo}).subs({r2: -sp.oo, r1: x})
    names = (x, *gan.truth.means, *gan.mu)
    return (
        in_balls(names, [scaled, sp.diff(scaled, x)]),
        in_balls((x, gan.mu[0]), [slope]),
    )


@cache
def optimal_orbit(truth: Pair, means: Pair, eta: Any, steps: int) -> tuple[Moment, ...]:
    """The moments 0, ..., steps of (7)-(8), enclosed.

    Raises:
        Undecided: the zeros of F cannot be separated.
    """
    pull = _functions()[1]
    with load_flint().ctx.workprec(BITS):
        true, step = tuple(map(ball, truth)), ball(eta)
        moments = [_moment(true, tuple(map(ball, means)))]
        for _ in range(steps):
            now = moments[-1]
            signs = [now.first * (-1) ** k for k in range(len(now.zeros))]
            new = tuple(
                m - step * sum(s * pull(z, m)[0] for s, z in zip(signs, now.zeros, strict=True))
                for m in now.means
            )
            moments.append(_moment(true, new))
        return tuple(moments)


def _moment(truth: Pair, means: Pair) -> Moment:
    """The zeros of F at means in balls, none missed."""
    guesses = plain_zeros([float(m.mid()) for m in truth], [float(m.mid()) for m in means])
    both = _functions()[0]

    def value(x: Any) -> tuple[Any, Any]:
        found = both(x, *truth, *means)
        return found[0], found[1]

    zeros = tuple(_newton(value, guess) for guess in guesses)
    reach = _reach(truth, means)
    if len(zeros) < _most_zeros(truth, means):
        _none_missed(value, reach, zeros)
    return Moment(means, zeros, 1 if value(-reach)[0] > 0 else -1)


def _most_zeros(truth: Pair, means: Pair) -> int:
    """Descartes' rule: no more zeros than sign changes of the weights in the means' order."""
    ordered = sorted([(m, 1) for m in truth] + [(m, -1) for m in means], key=_middle)
    if not all(a[0] < b[0] for a, b in itertools.pairwise(ordered)):
        return len(ordered) - 1
    return sum(a[1] != b[1] for a, b in itertools.pairwise(ordered))


def _middle(term: tuple[Any, int]) -> float:
    return float(term[0].mid())


def _newton(value: Callable[[Any], tuple[Any, Any]], guess: float) -> Any:
    """The ball of the only zero near a guess: Newton's operator maps a first ball into itself."""
    arb = load_flint().arb
    place = arb(guess, 1e-6)
    for round_ in range(NEWTON):
        middle = arb(place.mid())
        new = middle - value(middle)[0] / value(place)[1]
        if round_ == 0 and not place.contains_interior(new):
            raise Undecided(f"no simple zero of F is found near {guess}")
        if not new.rad() < place.rad():
            break  # as narrow as the means' balls allow
        place = new
    return place


def _reach(truth: Pair, means: Pair) -> Any:
    """R such that F has no zero beyond -R and R: one exponential outweighs the others there."""
    arb = load_flint().arb
    terms = [(m, 1) for m in truth] + [(m, -1) for m in means]
    reach = arb(8)
    while not all(_outweighed([(s * m, c) for m, c in terms], reach) for s in (1, -1)):
        reach = 2 * reach
        if reach > 2**20:
            raise Undecided("two means are too close to bound the zeros of F")
    return reach


def _outweighed(terms: Sequence[tuple[Any, int]], reach: Any) -> bool:
    """Whether the largest mean's term exceeds the others together, from `reach` on."""
    top = max(terms, key=_middle)[0]
    largest = [t for t in terms if t[0] is top or t[0].overlaps(top)]
    if len({c for _, c in largest}) > 1:
        raise Undecided("a mean of the generator is a true mean: no term is the largest")
    others = [t for t in terms if not any(t is u for u in largest)]
    weight = sum(((m - top) * reach - (m * m - top * top) / 2).exp() for m, _ in others if m < top)
    return bool(weight < len(largest)) and all(m < top for m, _ in others)


def _none_missed(value: Callable[[Any], tuple[Any, Any]], reach: Any, zeros: Sequence[Any]) -> None:
    """Cover [-R, R]: on each piece F has no zero, or is monotone and has the zeros known."""
    arb = load_flint().arb
    with load_flint().ctx.workprec(128):
        pieces = [(-reach, reach)]
        while pieces:
            low, high = pieces.pop()
            middle, half = arb(((low + high) / 2).mid()), arb(0, 1) * (high - low)
            slope = value(middle + half)[1]
            if not (value(middle)[0] + slope * half).contains(0):
                continue  # by the mean value theorem
            inside = sum(bool(low < z) and bool(z < high) for z in zeros)
            if not slope.contains(0) and inside == 1:
                continue
            if not slope.contains(0) and bool(value(low)[0] * value(high)[0] > 0):
                continue
            if high - low < arb(2) ** -60:
                raise Undecided("a zero of F could be missed")
            cut = arb((low + (high - low) * arb("0.493")).mid())  # seldom a zero itself
            pieces += [(low, cut), (cut, high)]


def plain_zeros(truth: Sequence[Any], means: Sequence[Any]) -> list[float]:
    """Zeros of F in double precision: sign changes on a grid, then bisection."""

    def scaled(x: float) -> float:
        pairs = [(m, 1.0) for m in truth] + [(m, -1.0) for m in means]
        return sum(c * math.exp(m * x - m * m / 2) for m, c in pairs)

    found = []
    grid = [k / 16 for k in range(-400, 401)]
    for a, b in itertools.pairwise(grid):
        if scaled(a) * scaled(b) < 0:
            for _ in range(60):
                middle = (a + b) / 2
                a, b = (middle, b) if scaled(a) * scaled(middle) > 0 else (a, middle)
            found.append((a + b) / 2)
    return found


@cache
def plain_optimal_orbit(truth: Pair, means: Pair, eta: Any, steps: int) -> tuple[Any, ...]:
    """The same dynamics in fifty digits: (means, zeros) at each step."""
    with mpmath.workdps(50):
        true = [mpmath.mpf(m.p) / m.q for m in map(sp.Rational, truth)]
        now = [mpmath.mpf(m.p) / m.q for m in map(sp.Rational, means)]
        rate, states = mpmath.mpf(sp.Rational(eta).p) / sp.Rational(eta).q, []
        for _ in range(steps + 1):
            zeros = [_polished(true, now, z) for z in plain_zeros(*_floats(true, now))]
            states.append((tuple(now), tuple(zeros)))
            sides = [1 if gap(z - mpmath.mpf(10) ** -8, true, now) > 0 else -1 for z in zeros]
            now = [
                m - rate * sum(s * phi(z - m) for s, z in zip(sides, zeros, strict=True)) / 2
                for m in now
            ]
        return tuple(states)


def _floats(*lists: Sequence[Any]) -> list[list[float]]:
    return [[float(v) for v in values] for values in lists]


def _polished(truth: Sequence[Any], means: Sequence[Any], guess: float) -> Any:
    """A zero of F by the secant method."""
    a, b = mpmath.mpf(guess), mpmath.mpf(guess) + mpmath.mpf(10) ** -10
    for _ in range(9):
        fa, fb = gap(a, truth, means), gap(b, truth, means)
        if fa == fb:
            break
        a, b = b, b - fb * (b - a) / (fb - fa)
    return b
