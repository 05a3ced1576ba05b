r"""Settled beyond section 4: whole orbits of optimal discriminator dynamics, enclosed.

Each state is a pair of balls. At the middle of the balls the ends of the positive set are found
by bisection; an end is proved by the signs of F at both sides of it, with the means anywhere in
their balls. Descartes' rule bounds the number of ends; where fewer are found (interlaced means),
the parts between are searched by interval arithmetic until F or its slope has one sign on each.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import mpmath
import sympy as sp
from sympy import Expr, Rational

from symgan.certify.ball import load_flint
from symgan.claims import Examination, Step, Verdict, by_numbers, claim
from symgan.errors import Undecided
from symgan_papers.gmm.model_section4 import (
    Pair,
    Place,
    measured_gradient,
    measured_tv,
    numbers,
    rational,
)

PRECISION = 512
CELLS = 64
REACH = 8
"""How far beyond the outermost mean the search for ends goes."""
STEP = Rational(3, 10)
TRUTH = (Rational(-1, 2), Rational(1, 2))


@dataclass(frozen=True)
class Difference:
    """F times a positive function: a sum of four exponentials with balls for means."""

    flint: Any
    star: tuple[Any, Any]
    hat: tuple[Any, Any]

    @property
    def means(self) -> tuple[tuple[int, Any], ...]:
        """Signs and means, from left to right by their middles."""
        pairs = [*((1, m) for m in self.star), *((-1, m) for m in self.hat)]
        return tuple(sorted(pairs, key=lambda pair: float(pair[1].mid())))

    def at(self, x: Any) -> Any:
        """The sum at a ball."""
        return sum((s * (m * x - m * m / 2).exp() for s, m in self.means), self.flint.arb(0))

    def slope(self, x: Any) -> Any:
        """Its derivative at a ball."""
        return sum((s * m * (m * x - m * m / 2).exp() for s, m in self.means), self.flint.arb(0))

    def sign(self, x: Any) -> int:
        """The proved sign at a ball, 0 where it is not decided."""
        value = self.at(x)
        return 1 if value > 0 else -1 if value < 0 else 0

    @property
    def bound(self) -> int:
        """Descartes' bound: how often the signs change in the order of the (disjoint) means."""
        ordered = self.means
        if any(not one[1] < two[1] for one, two in pairwise(ordered)):
            raise Undecided("two means are not ordered: their balls touch")
        return sum(one[0] != two[0] for one, two in pairwise(ordered))


def ends(f: Difference) -> tuple[int, list[Any]]:
    """The sign of F far to the left and balls that hold one zero each, all of them.

    Raises:
        Undecided: the ends are not separated at this precision.
    """
    means = [m for _, m in f.means]
    low, high = means[0].mid() - REACH, means[-1].mid() + REACH
    width = (high - low) / CELLS
    places = [low + (k + f.flint.arb(1) / 7) * width for k in range(CELLS + 1)]
    signs = [f.sign(x) for x in places]
    if 0 in signs:
        raise Undecided("F has no decided sign at a place of the scan")
    found = [_ball(f, *pair) for pair, s in zip(pairwise(places), pairwise(signs), strict=True)
             if s[0] != s[1]]  # fmt: skip
    if len(found) < f.bound:
        _no_others(f, means[0], means[-1], found)
    return f.means[0][0], found


def _ball(f: Difference, low: Any, high: Any) -> Any:
    """A small ball around a zero, proved by the signs at both of its ends."""
    start = f.sign(low)
    for _ in range(PRECISION):
        middle = ((low + high) / 2).mid()
        sign = f.sign(middle)
        if sign == 0:
            break
        low, high = (middle, high) if sign == start else (low, middle)
    around = ((low + high) / 2).mid()
    for exponent in range(PRECISION, 8, -4):
        radius = f.flint.arb(2) ** -exponent
        if f.sign(around - radius) == start and f.sign(around + radius) == -start:
            return (around - radius).union(around + radius)
    raise Undecided("an end of the positive set could not be enclosed")


def _no_others(f: Difference, low: Any, high: Any, found: list[Any]) -> None:
    """Interlaced means: all zeros lie between the outermost means; there are no more than found."""
    if f.bound != 3 or len(found) != 1:
        raise Undecided(f"{len(found)} ends were found where {f.bound} are possible")
    pieces, budget = [(low.lower().mid(), high.upper().mid())], 20_000
    changes = 0
    while pieces:
        a, b = pieces.pop()
        budget -= 1
        if not budget:
            raise Undecided("the search for further ends ran out of its budget")
        whole = a.union(b)
        if f.sign(whole):
            continue
        if not f.slope(whole).contains(0) and f.sign(a) and f.sign(b):
            changes += f.sign(a) != f.sign(b)
            continue
        # Not in the middle, which may be a zero of a symmetric state.
        cut = (a + (b - a) * f.flint.arb(31) / 64).mid()
        pieces += [(a, cut), (cut, b)]
    if changes != 1:
        raise Undecided(f"{changes} ends were found where one was expected")


def _density(flint: Any, x: Any) -> Any:
    return (-x * x / 2).exp() / (2 * flint.arb.pi()).sqrt()


def _tv(flint: Any, f: Difference, sign: int, zeros: list[Any]) -> Any:
    root = flint.arb(2).sqrt()

    def mass(x: Any) -> Any:
        parts = [((x - m) / root).erf() for m in (*f.star, *f.hat)]
        return (parts[0] + parts[1] - parts[2] - parts[3]) / 4

    return sum((sign * (-1) ** k * mass(z) for k, z in enumerate(zeros)), flint.arb(0))


@cache
def orbit(start: Pair, steps: int) -> tuple[tuple[Expr, Expr], ...]:
    """Rational bounds of the total variation along an orbit, the start included."""
    flint = load_flint()
    bounds: list[tuple[Expr, Expr]] = []
    with flint.ctx.workprec(PRECISION):
        star, hat = (tuple(_exact(flint, m) for m in pair) for pair in (TRUTH, start))
        for _ in range(steps + 1):
            f = Difference(flint, star, hat)
            sign, zeros = ends(f)
            value = _tv(flint, f, sign, zeros)
            bounds.append((rational(flint, value.lower()), rational(flint, value.upper())))
            hat = tuple(m - _exact(flint, STEP) * _slope(flint, sign, zeros, m) for m in hat)
    return tuple(bounds)


def _exact(flint: Any, value: Any) -> Any:
    return flint.arb(flint.fmpq(int(Rational(value).p), int(Rational(value).q)))


def _slope(flint: Any, sign: int, zeros: list[Any], mean: Any) -> Any:
    parts = (sign * (-1) ** k * _density(flint, z - mean) for k, z in enumerate(zeros))
    return sum(parts, flint.arb(0)) / 2


def measured_orbit(start: Pair, steps: int) -> list[Any]:
    """The same on numbers, by the scan."""
    star, hat = numbers(TRUTH), numbers(start)
    rate = mpmath.mpf(3) / 10
    values = [measured_tv(star, hat)]
    for _ in range(steps):
        slopes = measured_gradient(star, hat)
        hat = [m - rate * g for m, g in zip(hat, slopes, strict=True)]
        values.append(measured_tv(star, hat))
    return values


def _examined(start: Pair, steps: int, most: Any) -> Examination:
    """The last two values of f on both sides of a tenth, and the largest change in between."""
    before, after, rise = sp.symbols("f_before f_after rise", real=True)
    bounds = orbit(start, steps)
    exact = {
        before: bounds[-2][0],
        after: bounds[-1][1],
        rise: max(two[1] - one[0] for one, two in pairwise(bounds)),
    }
    values: list[Any] = []

    def measured(pick: Any) -> Any:
        def measure(_: Place) -> Any:
            if not values:  # the orbit is run once for the three quantities
                values.extend(measured_orbit(start, steps))
            return pick(values)

        return measure

    measures = {
        before: measured(lambda v: v[-2]),
        after: measured(lambda v: v[-1]),
        rise: measured(lambda v: max(b - a for a, b in pairwise(v))),
    }
    tenth = Rational(1, 10)
    return Examination(
        sp.And(before > tenth, after < tenth, rise < most),
        exact,
        by_numbers(measures, kind="simulated:mpmath", digits=20),
        steps=(Step("mu* = (-1/2, 1/2), step 3/10; every state enclosed in balls of 512 bits"),),
    )


@claim(
    "gmm.settled.orbit.outside",
    source="theorem 3.1 and section 4, an instance",
    formal=r"f_{after} < \frac{1}{10}",
    says="from mu-hat = (-1, 3/2) optimal discriminator dynamics with step 3/10 comes below total "
    "variation 1/10 after exactly 9 steps, f falling by more than 1/80 at each: the whole orbit "
    "is enclosed. An instance of theorem 3.1, no proof of it",
    expect=Verdict.PROVED,
)
def outside() -> Examination:
    return _examined((sp.Integer(-1), Rational(3, 2)), 9, -Rational(1, 80))


@claim(
    "gmm.settled.orbit.one-side",
    source="theorem 3.1 and section 4, an instance",
    formal=r"f_{after} < \frac{1}{10}",
    says="the same from mu-hat = (1, 2), both means right of the true ones: 28 steps, f falling "
    "by more than 1/80 at each, through an interlaced order with one sign change",
    expect=Verdict.PROVED,
)
def one_side() -> Examination:
    return _examined((sp.Integer(1), sp.Integer(2)), 28, -Rational(1, 80))
