r"""The second program's check of enclosures: boxes that cover a domain, f > 0 on each of them.

Values come with slopes (`symgan.certify.recheck_jet`), so that a monotone variable can be put at
the end where f is least, and the mean value form be used.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from symgan.certify.formula import evaluate, rational, read
from symgan.certify.recheck_jet import Box, Jet, Jets, Side
from symgan.certify.recheck_range import End, Range
from symgan.errors import BadData, Undecided

FINER = 6
"""How often a box of the certificate may be halved: this arithmetic may be a little coarser."""


class Positive:
    """A formula, and the boxes on which it shall be positive."""

    def __init__(self, formula: ast.expr, names: Sequence[str], slope: int | None = None) -> None:
        self.formula, self.names, self.slope = formula, names, slope

    def on(self, box: Box, halvings: int = FINER) -> bool:
        """Whether the formula is positive on a box, halved if need be."""
        try:
            if self._is_seen(box):
                return True
        except Undecided:
            pass  # not on the whole box; perhaps on its halves
        cut = _cut(box) if halvings else None
        return cut is not None and all(self.on(half, halvings - 1) for half in halves(box, *cut))

    def _is_seen(self, box: Box) -> bool:
        jet = evaluate(self.formula, Jets(self.names, box))
        if self.slope is not None:
            return jet.slopes is not None and jet.slopes[self.slope].is_positive
        if jet.value.is_positive or _is_plainly_positive(self.formula, Jets(self.names, box)):
            return True
        if jet.slopes is None:
            return False
        face = tuple(_lowest(side, slope) for side, slope in zip(box, jet.slopes, strict=True))
        found = evaluate(self.formula, Jets(self.names, face))
        return found.value.is_positive or self._mean_value(face, found).is_positive

    def _mean_value(self, box: Box, jet: Jet) -> Range:
        """``f(m) + slopes * (box - m)``."""
        if jet.slopes is None or any(end is None for side in box for end in side):
            raise Undecided("the mean value form needs a bounded box and slopes")
        middle = [((low or 0) + (high or 0)) / 2 for low, high in box]
        at = tuple((Fraction(m), Fraction(m)) for m in middle)
        total = evaluate(self.formula, Jets(self.names, at)).value
        for side, place, slope in zip(box, at, jet.slopes, strict=True):
            total = total + slope * (Range(*side) - Range(*place))
        return total


def _is_plainly_positive(node: ast.expr, jets: Jets) -> bool:
    """By structure: exponentials, and sums, products and quotients of what is positive."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "exp":
        return True
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mult | ast.Div):
        return all(_is_plainly_positive(part, jets) for part in (node.left, node.right))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        return _is_plainly_positive(node.left, jets)
    return evaluate(node, jets).value.is_positive


def _lowest(side: Side, slope: Range) -> Side:
    low, high = side
    if low is not None and slope.is_nonnegative:
        return low, low
    if high is not None and (-slope).is_nonnegative:
        return high, high
    return side


def check_box(certificate: Mapping[str, Any]) -> bool:
    """Whether the boxes cover the domain and the function is positive on each of them."""
    names = list(certificate["domain"])
    domain = tuple(_side(certificate["domain"][name]) for name in names)
    positive = Positive(read(certificate["positive"]), names)
    return _is_positive(positive, domain, certificate["boxes"])


def check_root(certificate: Mapping[str, Any]) -> bool:
    """Whether a function has one root in an interval, and that in the enclosure."""
    names, sign = [certificate["variable"]], certificate["sign"]
    if sign not in (1, -1):
        raise BadData("the sign of a root's certificate is neither 1 nor -1")
    low, high = _side(certificate["interval"])
    c, d = _side(certificate["enclosure"])
    if low is None or high is None or c is None or d is None or not low <= c <= d <= high:
        raise BadData("a root's certificate needs bounded intervals, one within the other")
    f = read(certificate["function"])
    up, down = (f, ast.UnaryOp(ast.USub(), f))[::sign]
    return (
        _is_positive(Positive(down, names), ((low, c),), certificate["below"])
        and _is_positive(Positive(up, names), ((d, high),), certificate["above"])
        and _is_positive(Positive(up, names, slope=0), ((c, d),), certificate["slope"])
    )


def _is_positive(positive: Positive, domain: Box, texts: Sequence[Any]) -> bool:
    boxes = [tuple(_side(side) for side in box) for box in texts]
    if any(len(box) != len(domain) for box in boxes):
        raise BadData("a box of the certificate has not one side for each variable")
    return covers(boxes, domain) and all(positive.on(box) for box in boxes)


def _side(texts: Sequence[str]) -> Side:
    """Two ends, of which the second is not below the first."""
    if len(texts) != 2:
        raise BadData("a side of the certificate has not two ends")
    low = None if texts[0] == "-oo" else rational(read(texts[0]))
    high = None if texts[1] == "oo" else rational(read(texts[1]))
    if (low is None and texts[0] != "-oo") or (high is None and texts[1] != "oo"):
        raise BadData(f"the side {texts} of the certificate has no rational ends")
    if low is not None and high is not None and low > high:
        raise BadData(f"the side {texts} of the certificate is empty")
    return low, high


def covers(boxes: Sequence[Box], domain: Box) -> bool:
    """Whether closed boxes leave no point of a closed domain out.

    >>> unit = ((Fraction(0), Fraction(1)),)
    >>> covers([((Fraction(0), Fraction(1, 2)),), ((Fraction(1, 2), None),)], unit)
    True
    >>> covers([((Fraction(0), Fraction(1, 2)),), ((Fraction(3, 4), None),)], unit)
    False
    """
    if any(_holds(box, domain) for box in boxes):
        return True
    cut = _cut_between(boxes, domain)
    if cut is None:
        return False
    return all(
        covers([box for box in boxes if _meet(box, half)], half) for half in halves(domain, *cut)
    )


def _cut_between(boxes: Sequence[Box], domain: Box) -> tuple[int, Fraction] | None:
    """An end of a box inside the domain: the middle one of the side that has the most."""
    inside: list[list[Fraction]] = [
        sorted({e for box in boxes for e in box[k] if e is not None and _is_within(e, domain[k])})
        for k in range(len(domain))
    ]
    k = max(range(len(domain)), key=lambda i: len(inside[i]), default=None)
    if k is None or not inside[k]:
        return None
    if (cut := _cut(domain)) is not None and cut[1] in inside[cut[0]]:
        return cut  # where a search by halving has cut
    return k, inside[k][len(inside[k]) // 2]


def _is_within(end: Fraction, side: Side) -> bool:
    low, high = side
    return (low is None or low < end) and (high is None or end < high)


def _holds(box: Box, inner: Box) -> bool:
    return all(
        (low is None or (at is not None and low <= at))
        and (high is None or (to is not None and to <= high))
        for (low, high), (at, to) in zip(box, inner, strict=True)
    )


def _meet(box: Box, other: Box) -> bool:
    return all(
        not (high is not None and at is not None and high < at)
        and not (low is not None and to is not None and to < low)
        for (low, high), (at, to) in zip(box, other, strict=True)
    )


def _cut(box: Box) -> tuple[int, Fraction] | None:
    """Where to halve a box: an unbounded side first, else the widest."""
    widths = [None if low is None or high is None else high - low for low, high in box]
    wide = [k for k, width in enumerate(widths) if width is None] or sorted(
        (k for k, width in enumerate(widths) if width), key=lambda k: -(widths[k] or 0)
    )
    if not wide:
        return None
    return wide[0], _inner(*box[wide[0]])


def _inner(low: End, high: End) -> Fraction:
    """A point within a side: its middle, or one that doubles the distance from zero."""
    if low is None and high is None:
        return Fraction(0)
    if low is None or high is None:
        doubled = 2 * (high if high is not None else low or Fraction(0))
        return min(Fraction(-1), doubled) if high is not None else max(Fraction(1), doubled)
    return (low + high) / 2


def halves(box: Box, k: int, cut: Fraction) -> tuple[Box, Box]:
    """A box cut in two."""
    low, high = box[k]
    return (*box[:k], (low, cut), *box[k + 1 :]), (*box[:k], (cut, high), *box[k + 1 :])
