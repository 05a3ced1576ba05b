r"""What two expressions have in common when names and signs are set aside.

The order of additions and multiplications decides how a result is rounded. It is taken from the
*shape* of the operands: a digest of an expression in which a symbol counts only as what it is (a
state, a parameter), and a sign not at all. The image of a map under an exchange of its symbols,
or under a reflection, then rounds as the map does: a symmetric map keeps symmetric states exactly.
Operands of one shape are told apart by their *place*: which arguments they hold, at first up to
the exchanges under which the map stays as it is (`operand_order.exchange_colors`): where exchanged
symbols have equal values, operands that differ by nothing else are equal, and the order among them
means nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

import sympy as sp
from sympy import Add, Mul, Symbol

from symgan.kernels.leaves import text

_UNORDERED = (Add, Mul, sp.And, sp.Or, sp.Min, sp.Max, sp.Eq, sp.Ne)


class Shape(NamedTuple):
    """How operands are ordered: by shape, and by place among those of one shape."""

    shape: int
    place: tuple[int, ...]


class Structure:
    """The shapes of expressions.

    Args:
        arguments: the symbols, in order.
        roles: symbol -> its role; symbols of one role may change places.
        colorings: symbol -> a color, one mapping for every family of exchanges.

    >>> x, y, eta = sp.symbols("x y eta")
    >>> roles = {x: "state", y: "state", eta: "parameter"}
    >>> found = Structure((x, y, eta), roles)
    >>> found(x * y - eta * x).shape == found(eta * y - x * y).shape
    True
    >>> found(x - eta).shape == found(x - y).shape
    False
    """

    def __init__(
        self,
        arguments: Sequence[Symbol],
        roles: Mapping[Symbol, str],
        colorings: Sequence[Mapping[Symbol, int]] = (),
    ) -> None:
        self._found: dict[Any, Shape] = {}
        self._powers: dict[tuple[Any, Any], Shape] = {}
        for position, symbol in enumerate(arguments):
            colors = (*(coloring[symbol] for coloring in colorings), position)
            place = tuple(digest("at", color) for color in colors)
            self._found[symbol] = Shape(digest("symbol", roles[symbol]), place)

    def name(self, symbol: Symbol, value: Any) -> None:
        """Let a symbol stand for an expression."""
        self._found[symbol] = self(value)

    def __call__(self, node: Any) -> Shape:
        """The shape and place of an expression."""
        found = self._found.get(node)
        if found is None:
            found = self._found[node] = self._find(node)
        return found

    def power(self, power: tuple[Any, Any]) -> Shape:
        """The shape and place of a base and an exponent, one taken to the other."""
        found = self._powers.get(power)
        if found is None:
            found = self._powers[power] = combined("power", [self(part) for part in power])
        return found

    def product(self, above: Sequence[tuple[Any, Any]], below: Sequence[tuple[Any, Any]]) -> Shape:
        """The shape and place of a product of powers over another."""
        sides = (("above", above), ("below", below))
        parts = (
            combined(side, [self.power(p) for p in powers], ordered=False)
            if powers
            else _NONE[side]
            for side, powers in sides
        )
        return combined("factors", [*parts])

    def _find(self, node: Any) -> Shape:
        if not node.args:
            return Shape(digest("number", text(abs(node) if node.is_Number else node)), ())
        args = [arg for arg in node.args if arg is not sp.S.NegativeOne or not node.is_Mul]
        parts = [self(arg) for arg in args]
        if node.is_Mul and len(parts) == 1:
            return parts[0]
        return combined(type(node).__name__, parts, ordered=not isinstance(node, _UNORDERED))


def combined(kind: str, parts: Sequence[Shape], *, ordered: bool = True) -> Shape:
    """The shape of a node from those of its operands."""
    shapes = [part.shape for part in parts]
    depth = max([len(part.place) for part in parts], default=0)
    places = [[p.place[k] if p.place else p.shape for p in parts] for k in range(depth)]
    if not ordered:
        shapes, places = sorted(shapes), [sorted(place) for place in places]
    return Shape(digest(kind, *shapes), tuple([digest(kind, *place) for place in places]))


def digest(*parts: Any) -> int:
    """A number of 64 bits that depends on nothing but the text of the parts."""
    return int.from_bytes(blake2b(repr(parts).encode(), digest_size=8).digest(), "little")


_NONE = {side: combined(side, []) for side in ("above", "below")}
