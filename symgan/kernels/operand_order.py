r"""An order for the operands of sums and products that mirrored expressions share.

Rounding depends on the order of operands. Where a system is unchanged under an exchange of its
symbols, :math:`F_{\sigma(i)}(\sigma x) = F_i(x)`, a start with :math:`\sigma x = x` keeps that
property forever in exact arithmetic; in floating point it does where corresponding operations
correspond. An order by names, as printers have it, does not do that.

**Order.** Operands are sorted by the structure of what they stand for, in which the symbols are
replaced by colors, and symbols that may be exchanged have one color. Then:

1. Two operands of equal keys are the same operations on symbols of equal colors. Where these
   symbols have equal values, so have the operands, bit for bit, and the order among them does not
   matter.
2. An exchange maps an expression's operands to the mirrored expression's and keeps their keys, so
   that both lists of keys are sorted alike.

By induction over the expression, both round alike wherever the symbols of every color are equal.

**Ties.** Where only two of several exchangeable symbols are equal, operands of equal keys may
differ, and no order of three or more can be right for every exchange. Operands of equal keys are
therefore folded by themselves, first: a sum of two is the same in both orders. More are told
apart one family of exchanges after another, and by the positions of the symbols in the end.

**Colors** come from refinement: all state symbols start with one color, and each is colored anew
by the structure of its next value until no more are told apart. Exchanges are found by giving two
symbols of one color different colors, both ways round, and matching what refinement makes of
either; one that does not map the system to itself is dropped. Should a color hold symbols
that are not exchangeable, only the order is poorer, never the value.

Source: color refinement, as in McKay and Piperno 2014, "Practical graph isomorphism, II".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Any

import sympy as sp
from sympy import Expr, Symbol
from sympy.core.operations import LatticeOp

from symgan.kernels.leaves import code

Operand = Any
"""An expression, or a tuple of operands to be folded first."""
Colors = dict[int, bytes]

_UNORDERED = (sp.Add, sp.Mul, LatticeOp, sp.Eq, sp.Ne)
VISITS, SEARCHED = 8, 500_000
"""Of every node for one exchange, about; and of all, half a second, beyond which none is sought."""


def operand_order(
    expressions: Sequence[Expr],
    arguments: Sequence[Symbol],
    assignments: Sequence[tuple[Symbol, Expr]] = (),
) -> OperandOrder:
    """The order of operands for a system's code.

    Args:
        expressions: the next values of the first arguments, one each; where they are more than
            the arguments, nothing is taken to be exchangeable.
        arguments: the symbols, the state first.
        assignments: pairs (name, expression) that the expressions use, in order.

    >>> x, y, a = sp.symbols("x y a")
    >>> order = operand_order((x + a + sp.exp(y - x), y + a + sp.exp(x - y)), (x, y, a))
    >>> order.tree((x + a + sp.exp(y - x)).args)
    (a, exp(-x + y), x)
    >>> order.tree((x, y, a * x, a * y, a))
    (a, (a*y, a*x), (x, y))
    """
    return OperandOrder(expressions, arguments, assignments)


def exchange_colors(
    expressions: Sequence[Expr],
    arguments: Sequence[Symbol],
    assignments: Sequence[tuple[Symbol, Expr]] = (),
) -> tuple[dict[Symbol, int], ...]:
    """One coloring of the arguments for every family of exchanges: one color for what it moves.

    Args:
        expressions, arguments, assignments: as `operand_order`.

    >>> x, y, z = sp.symbols("x y z")
    >>> exchange_colors((x + sp.sin(y), y + sp.sin(x), z), (x, y, z))
    ({x: 0, y: 0, z: 2},)
    """
    _, found = _read(expressions, arguments, assignments)
    number = {color: place for place, color in found.places.items()}
    return tuple(
        {symbol: number[family[i]] for i, symbol in enumerate(arguments)}
        for family in found.families()
    )


def _read(
    expressions: Sequence[Expr],
    arguments: Sequence[Symbol],
    assignments: Sequence[tuple[Symbol, Expr]],
) -> tuple[_Graph, _Exchanges]:
    graph = _Graph(arguments)
    for name, expression in assignments:
        graph.name(name, expression)
    roots = [graph.add(e) for e in expressions]
    return graph, _Exchanges(graph, roots if len(roots) <= len(arguments) else [])


class OperandOrder:
    """`operand_order`."""

    def __init__(
        self,
        expressions: Sequence[Expr],
        arguments: Sequence[Symbol],
        assignments: Sequence[tuple[Symbol, Expr]] = (),
    ) -> None:
        self._graph, found = _read(expressions, arguments, assignments)
        colorings = [found.colors, *found.families(), found.places]
        self._levels = [_Level(self._graph, colors) for colors in colorings]
        self._first = found.count or len(arguments)

    def tree(self, operands: Sequence[Any]) -> tuple[Operand, ...]:
        """Operands to be folded from the left, tuples among them first: constants, deep, flat."""
        found = self._grouped(list(operands), 0)
        return found if isinstance(found, tuple) else (found,)

    def varies(self, expression: Any) -> bool:
        """Whether an expression depends on the state (on any argument, where there is none)."""
        return self._graph.varies[self._graph.add(expression)] < self._first

    def depends(self, expression: Any) -> bool:
        """Whether an expression depends on any argument."""
        return self._graph.varies[self._graph.add(expression)] < self._graph.arguments

    def _grouped(self, operands: list[Any], level: int) -> Operand:
        if len(operands) == 1:
            return operands[0]
        if level == len(self._levels):
            return tuple(operands)
        groups: dict[Any, list[Any]] = {}
        for operand in operands:
            groups.setdefault(self._key(operand, level), []).append(operand)
        if len(groups) == 1:
            return self._grouped(operands, level + 1)
        return tuple(self._grouped(groups[key], level + 1) for key in sorted(groups))

    def _key(self, operand: Any, level: int) -> tuple[bool, int, bytes]:
        node = self._graph.add(operand)
        return self.varies(operand), -self._graph.height[node], self._levels[level][node]


class _Graph:
    """Expressions as numbered nodes, each once: triples (kind, children, whether unordered).

    Attributes:
        height: the length of the longest path to a leaf.
        varies: the least position of an argument below; the number of arguments without one.
    """

    def __init__(self, arguments: Sequence[Symbol]) -> None:
        self.arguments = len(arguments)
        self.nodes: list[tuple[bytes, tuple[int, ...], bool]] = []
        self.height: list[int] = []
        self.varies: list[int] = []
        self._numbers: dict[Any, int] = {}
        for position, symbol in enumerate(arguments):
            self._numbers[symbol] = self._new(b"argument %d" % position, (), False)
            self.varies[-1] = position

    def add(self, expression: Any) -> int:
        """The number of an expression."""
        known = self._numbers.get(expression)
        if known is not None:
            return known
        kind, children = "" if expression.args else code(expression), ()
        if expression.args:
            kind = f"{type(expression).__module__}.{type(expression).__name__}"
            children = tuple([self.add(arg) for arg in expression.args])
        number = self._new(kind.encode(), children, isinstance(expression, _UNORDERED))
        self._numbers[expression] = number
        return number

    def name(self, symbol: Symbol, expression: Expr) -> None:
        """Let a symbol stand for an expression."""
        self._numbers[symbol] = self.add(expression)

    def _new(self, kind: bytes, children: tuple[int, ...], unordered: bool) -> int:
        self.nodes.append((kind, children, unordered))
        self.height.append(1 + max((self.height[c] for c in children), default=-1))
        self.varies.append(min((self.varies[c] for c in children), default=self.arguments))
        return len(self.nodes) - 1


class _Level:
    """The digest of every node under a coloring of the arguments."""

    def __init__(self, graph: _Graph, colors: Colors) -> None:
        self._graph, self._colors = graph, colors
        self._digests: list[bytes] = []

    def __getitem__(self, node: int) -> bytes:
        for number in range(len(self._digests), node + 1):
            kind, children, unordered = self._graph.nodes[number]
            below = [self._digests[child] for child in children]
            color = self._colors.get(number)
            found = _digest(kind, *(sorted(below) if unordered else below))
            self._digests.append(found if color is None else color)
        return self._digests[node]


class _Exchanges:
    """Which state symbols may be exchanged.

    Attributes:
        count: of the symbols.
        places: the coloring in which every argument has its own color.
        colors: the coloring by refinement.
    """

    def __init__(self, graph: _Graph, roots: Sequence[int]) -> None:
        self._graph, self._roots, self.count = graph, roots, len(roots)
        self.places = {i: _digest(b"place", b"%d" % i) for i in range(graph.arguments)}
        whole = dict.fromkeys(range(len(roots)), _digest(b"state"))
        self.colors = self._refined(self.places | whole)

    def families(self) -> list[Colors]:
        """One coloring for every family of exchanges that share a symbol."""
        joined: list[set[int]] = []
        orbits: list[tuple[int, int]] = []
        for exchange in self._found():
            orbits += [(i, j) for i, j in enumerate(exchange) if i != j]
            moved = {i for i, j in enumerate(exchange) if i != j}
            touching = [family for family in joined if family & moved]
            joined = [family for family in joined if not family & moved]
            joined.append(moved.union(*touching))
        return [self._of_orbits([p for p in orbits if p[0] in f]) for f in joined]

    def _of_orbits(self, pairs: Sequence[tuple[int, int]]) -> Colors:
        first = list(range(len(self._roots)))
        for i, j in pairs:
            low, high = sorted((first[i], first[j]))
            first = [low if f == high else f for f in first]
        return self.places | {i: self.places[f] for i, f in enumerate(first)}

    def _found(self) -> Iterator[tuple[int, ...]]:
        visits = 0
        classes: list[int] = []
        for j in range(len(self._roots)):
            for i in [i for i in classes if self.colors[i] == self.colors[j]]:
                visits += VISITS * len(self._graph.nodes)
                exchange = self._exchange(i, j) if visits <= SEARCHED else None
                if exchange is not None:
                    yield exchange
                    break
            else:
                classes.append(j)

    def _exchange(self, i: int, j: int) -> tuple[int, ...] | None:
        """An exchange of two symbols, with those that must move along."""
        one, other = _digest(b"one"), _digest(b"other")
        before = self._refined(self.colors | {i: one, j: other})
        after = self._refined(self.colors | {j: one, i: other})
        places: dict[bytes, list[int]] = {}
        for place in range(len(self._roots) - 1, -1, -1):
            if after[place] != before[place]:
                places.setdefault(after[place], []).append(place)
        found: list[int] = []
        for s in range(len(self._roots)):
            if after[s] == before[s]:
                found.append(s)
            elif places.get(before[s]):
                found.append(places[before[s]].pop())
            else:
                return None
        return tuple(found) if self._is_symmetry(found) else None

    def _is_symmetry(self, exchange: Sequence[int]) -> bool:
        plain = _Level(self._graph, self.places)
        moved = {i: self.places[j] for i, j in enumerate(exchange)}
        mirrored = _Level(self._graph, self.places | moved)
        pairs = ((root, self._roots[j]) for root, j in zip(self._roots, exchange, strict=True))
        return all(mirrored[root] == plain[image] for root, image in pairs)

    def _refined(self, colors: Colors) -> Colors:
        count = 0
        while len(set(colors.values())) > count:
            count = len(set(colors.values()))
            level = _Level(self._graph, colors)
            new = {i: _digest(colors[i], level[r]) for i, r in enumerate(self._roots)}
            colors = colors | new
        return colors


def _digest(*parts: bytes) -> bytes:
    """A number for a structure, the same on every machine."""
    text = b"".join(b"%d:%b" % (len(part), part) for part in parts)
    return blake2b(text, digest_size=16).digest()
