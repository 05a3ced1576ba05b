r"""Positivity on boxes by branch and bound: for claims beyond polynomials.

A box on which interval arithmetic shows f > 0 is kept, any other is halved. Bounded boxes also use
the mean value form :math:`f(m) + \nabla f(B) \cdot (B - m)`, whose error falls with the square
of the width. The list of boxes is the certificate: the second program encloses f on each of them
again, and finds gaps.

Source: Moore 1966, "Interval Analysis"; Johansson 2017 (Arb).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp
from sympy import Expr, Integer, Rational, Symbol

from symgan.certify.ball import load_flint
from symgan.certify.certificate import plain_names, renamed
from symgan.certify.cone import Deadline
from symgan.certify.interval import Interval, between, enclosure, point
from symgan.differentiation import diff
from symgan.errors import Undecided

BITS = 64
Side = tuple[Any, Any]
Box = tuple[Side, ...]


def prove_on_box(
    f: Expr, box: Mapping[Symbol, Side], *, budget_ms: int = 5000, most: int = 20_000
) -> Mapping[str, Any] | None:
    r"""A certificate that f > 0 everywhere on a closed box, or None.

    Args:
        f: an expression in exp, log, tanh, sinh, cosh, sin, cos, atan, roots, Abs, Max, Min
            and arithmetic.
        box: symbol -> (low, high), rationals, or -oo and oo for no bound.
        budget_ms: time limit in milliseconds.
        most: bound on the number of boxes looked at.

    Raises:
        Undecided: a symbol of f has no side, or a side is none.
        MissingExtra: python-flint is not installed.

    >>> s = Symbol("s", real=True)
    >>> proof = prove_on_box(1 - sp.tanh(s), {s: (-5, 5)})
    >>> proof["domain"]
    {'s': ['-5', '5']}
    >>> prove_on_box(1 - 2*sp.tanh(s), {s: (-5, 5)}) is None
    True
    """
    search = _Search(f, box, Deadline(budget_ms), most)
    boxes = search.run()
    if boxes is None:
        return None
    plain = plain_names(set(box))
    return {
        "kind": "enclosed:arb",
        "positive": str(f.xreplace(plain)),
        "domain": {str(plain[s]): [str(end) for end in sides] for s, sides in search.domain},
        "boxes": [[[str(end) for end in side] for side in one] for one in boxes],
        **renamed(plain),
    }


def enclose_root(
    f: Expr, x: Symbol, interval: Side, width: Any, *, budget_ms: int = 5000
) -> Mapping[str, Any] | None:
    r"""A certificate that f has exactly one root in an interval, and where; or None.

    Args:
        f: a function of x; it and its derivative are continuous on the interval.
        x: the variable.
        interval: rational ends, at which f has different signs.
        width: of the enclosure, a rational.
        budget_ms: time limit in milliseconds.

    Returns:
        Its entry ``enclosure`` holds the ends between which the root lies.

    >>> x = Symbol("x", real=True)
    >>> proof = enclose_root(sp.exp(x) - 2, x, (0, 1), Rational(1, 8))
    >>> proof["enclosure"]
    ['5/8', '3/4']
    """
    low, high = map(sp.Rational, interval)
    for sign in (1, -1):
        enclosed = _bisected(sign * f, x, (low, high), Rational(width))
        if enclosed is None:
            continue
        c, d = enclosed
        parts = {
            "below": prove_on_box(-sign * f, {x: (low, c)}, budget_ms=budget_ms),
            "above": prove_on_box(sign * f, {x: (d, high)}, budget_ms=budget_ms),
            "slope": prove_on_box(sign * diff(f, x), {x: (c, d)}, budget_ms=budget_ms),
        }
        if None in parts.values():
            return None
        plain = plain_names({x})
        return {
            "kind": "root",
            "function": str(f.xreplace(plain)),
            "variable": str(plain[x]),
            "interval": [str(low), str(high)],
            "enclosure": [str(c), str(d)],
            "sign": sign,
            **{name: part["boxes"] for name, part in parts.items() if part is not None},
            **renamed(plain),
        }
    return None


def _bisected(f: Expr, x: Symbol, ends: Side, width: Rational) -> Side | None:
    """An interval of at most this width, f < 0 at its start and f > 0 at its end."""
    low, high = ends

    def is_positive(sign: int, place: Any) -> bool:
        return enclosure(sign * f, {x: point(place)}).is_positive

    if not (is_positive(-1, low) and is_positive(1, high)):
        return None
    while high - low > width:
        middle = (low + high) / 2
        if is_positive(1, middle):
            high = middle
        elif is_positive(-1, middle):
            low = middle
        else:  # a root at the middle, or next to it
            return None
    return low, high


class _Search:
    def __init__(self, f: Expr, box: Mapping[Symbol, Side], until: Deadline, most: int) -> None:
        load_flint()
        self.f, self.deadline, self.most = f, until, most
        self.symbols = sorted(box, key=lambda s: s.sort_key())
        if missing := f.free_symbols - set(box):
            raise Undecided(f"the box gives no side to {', '.join(sorted(map(str, missing)))}")
        self.domain = [(s, _side(s, box[s])) for s in self.symbols]
        self.gradient = [_derivative(f, s) for s in self.symbols]

    def run(self) -> list[Box] | None:
        """Boxes that cover the domain, on each of which f is positive."""
        waiting: list[Box] = [tuple(side for _, side in self.domain)]
        found: list[Box] = []
        with load_flint().ctx.workprec(BITS):
            for _ in range(self.most):
                if not waiting:
                    return found
                if not self.deadline.left_ms:
                    return None
                box = waiting.pop()
                if self.is_positive(box):
                    found.append(box)
                    continue
                halves = _halves(box)
                if halves is None or self.fails_within(box):
                    return None
                waiting.extend(halves)
        return found if not waiting else None

    def is_positive(self, box: Box) -> bool:
        """Whether f > 0 on a box, by its natural extension or the mean value form."""
        place = self._place(box)
        try:
            value = enclosure(self.f, place)  # which also shows that f is defined
            if value.is_positive or _is_plainly_positive(self.f, place):
                return True
            box = self._lowest(box, place)
            place = self._place(box)
            value = enclosure(self.f, place)
            return value.is_positive or self._mean_value(box, place).is_positive
        except Undecided:
            return False

    def _lowest(self, box: Box, place: Mapping[Symbol, Interval]) -> Box:
        """The face of a box on which f is least, as far as derivatives with a sign show it."""
        sides = list(box)
        for k, derivative in enumerate(self.gradient):
            if derivative is None:
                continue
            (low, high), slope = box[k], enclosure(derivative, place)
            if low != -sp.oo and slope.low is not None and slope.low >= 0:
                sides[k] = (low, low)
            elif high != sp.oo and slope.high is not None and slope.high <= 0:
                sides[k] = (high, high)
        return tuple(sides)

    def _mean_value(self, box: Box, place: Mapping[Symbol, Interval]) -> Interval:
        if any(end in (sp.oo, -sp.oo) for side in box for end in side):
            raise Undecided("the mean value form needs a bounded box")
        middle = [(low + high) / 2 for low, high in box]
        at = {s: point(m) for s, m in zip(self.symbols, middle, strict=True)}
        total = enclosure(self.f, at)
        for s, derivative in zip(self.symbols, self.gradient, strict=True):
            if derivative is None:
                raise Undecided("f has no derivative that could be enclosed")
            total = total + enclosure(derivative, place) * (place[s] - at[s])
        return total

    def fails_within(self, box: Box) -> bool:
        """Whether f is seen not to be positive at a point: then no halving helps."""
        at = {s: point(_inner(*side)) for s, side in zip(self.symbols, box, strict=True)}
        try:
            value = enclosure(self.f, at)
        except Undecided:
            return False
        return value.high is not None and bool(value.high <= 0)

    def _place(self, box: Box) -> dict[Symbol, Interval]:
        return {s: between(*side) for s, side in zip(self.symbols, box, strict=True)}


def _is_plainly_positive(f: Expr, place: Mapping[Symbol, Interval]) -> bool:
    """Positive by structure, even where the infimum is zero: exponentials and what they make."""
    if isinstance(f, sp.exp):
        return True
    if f.is_Add or f.is_Mul:
        return all(_is_plainly_positive(a, place) for a in f.args)
    if f.is_Pow and f.exp.is_Rational:
        return _is_plainly_positive(f.base, place)
    return enclosure(f, place).is_positive


def _derivative(f: Expr, symbol: Symbol) -> Expr | None:
    try:
        found = diff(f, symbol)
    except (ValueError, NotImplementedError):
        return None
    return None if found.has(sp.Derivative, sp.Heaviside, sp.DiracDelta) else found


def _side(symbol: Symbol, side: Side) -> Side:
    low, high = map(sp.sympify, side)
    if not all(end.is_Rational or end in (sp.oo, -sp.oo) for end in (low, high)):
        raise Undecided(f"the side of {symbol} needs rational ends, or oo")
    if not low <= high or low == sp.oo or high == -sp.oo:
        raise Undecided(f"the side of {symbol} is empty")
    return low, high


def _inner(low: Any, high: Any) -> Any:
    """A point of a side: the middle, or one that doubles the distance from zero."""
    if low == -sp.oo and high == sp.oo:
        return Integer(0)
    if high == sp.oo:
        return sp.Max(1, 2 * low)
    if low == -sp.oo:
        return sp.Min(-1, 2 * high)
    return (low + high) / 2


def _halves(box: Box) -> tuple[Box, Box] | None:
    """A box cut at the inner point of its widest side; None where there is nothing to cut."""

    def size(side: Side) -> Any:
        low, high = side
        bounded = sp.oo not in (high, -low)
        return high - low if bounded else sp.oo

    k = max(range(len(box)), key=lambda i: size(box[i]), default=None)
    if k is None or size(box[k]) == 0:
        return None
    low, high = box[k]
    cut = _inner(low, high)
    one = (*box[:k], (low, cut), *box[k + 1 :])
    other = (*box[:k], (cut, high), *box[k + 1 :])
    return one, other
