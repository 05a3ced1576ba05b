r"""Expressions to vector code.

The order of every sum and product follows the shapes of its operands (`structure`), so that neither
names nor signs decide how a result is rounded. In a sum, terms alike in shape are added first,
those of one sign before the difference is taken, and no multiplication is fused into such an
addition; what is left is added in the order of the shapes, plain terms before products, and each
product is fused with the addition. This is sound: two terms add up to the same in either order,
and a product is fused only where no other term could have taken its place. (Three and more terms
of one shape and sign are added in the order of the arguments, so that the equality of mirror
images may end there.)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sympy import Add, Expr, Mul, Pow, S, Symbol
from sympy.logic.boolalg import BooleanAtom

from symgan.kernels.body import PARAMETER
from symgan.kernels.errors import KernelError
from symgan.kernels.jit.contents import NOTHING, VARYING, Contents
from symgan.kernels.jit.levels import Operand, Writers
from symgan.kernels.jit.operations import OPERATIONS
from symgan.kernels.jit.structure import Shape, Structure, combined, digest
from symgan.kernels.jit.terms import Factors, Power, term
from symgan.kernels.leaves import text

LARGEST_CHAIN = 64
"""Whole exponents up to this one are multiplied out; the error grows by an ulp a factor."""


@dataclass(frozen=True)
class _Unit:
    """A term of a sum, ready to be added: q, or p q not yet multiplied."""

    shape: Shape
    negative: bool
    q: Operand
    p: Operand | None = None


class Emitter:
    """A writer of the code of expressions.

    Args:
        writers: where the code goes.
        arguments: symbol -> its operand, in the order of the arguments.
        roles: symbol -> its role (`body`).
        functions: SymPy class -> what emits it.
        colorings: symbol -> a color, for every family of exchanges (`structure`).
    """

    def __init__(
        self,
        writers: Writers,
        arguments: Mapping[Symbol, Operand],
        roles: Mapping[Symbol, str],
        functions: Mapping[Any, Any],
        colorings: Sequence[Mapping[Symbol, int]] = (),
    ) -> None:
        self.writers, self._functions = writers, functions
        self._structure = Structure(tuple(arguments), roles, colorings)
        self._values: dict[Any, Operand] = dict(arguments)
        fixed = {symbol for symbol in arguments if roles[symbol] == PARAMETER}
        self._contents, self._varying = Contents(fixed), set(arguments) - fixed

    def assign(self, name: Symbol, value: Expr) -> None:
        """Let a symbol stand for the value of an expression."""
        self._values[name] = self(value)
        self._structure.name(name, value)
        self._contents.name(name, value)

    def __call__(self, node: Any) -> Operand:
        """The value of an expression or a condition."""
        found = self._values.get(node)
        if found is None:
            found = self._values[node] = self._find(node)
        return found

    def apply(self, operation: str | Callable[..., Any], *operands: Operand) -> Operand:
        """Write an operation."""
        return self.writers.apply(operation, *operands)

    def ordered(self, nodes: Sequence[Any]) -> list[Any]:
        """Operands whose order is free, by shape."""
        return sorted(nodes, key=self._structure)

    def _find(self, node: Any) -> Operand:
        if isinstance(node, BooleanAtom):
            return self.writers.truth(bool(node))
        if self._contents(node) == NOTHING and isinstance(node, Expr):
            return self._constant(node)
        if isinstance(node, Add):
            return self._sum(node)
        if isinstance(node, Mul | Pow):
            return self._product(node)
        if type(node) in OPERATIONS:
            return OPERATIONS[type(node)](self, node)
        if type(node) in self._functions:
            return self.apply(self._functions[type(node)].emit, *map(self, node.args))
        raise KernelError(f"the JIT knows no {type(node).__name__}: {node}; take backend='numpy'")

    def _constant(self, node: Expr) -> Operand:
        if not node.is_Rational and node is not S.NaN and not node.is_finite:
            value = node.evalf(30)
            if not (value.is_Number and value.is_finite):
                raise KernelError(f"{node} is no real and finite number")
        return self.writers.const(node)

    def _is_fixed(self, node: Any) -> bool:
        return self._contents(node) < VARYING

    # sums

    def _sum(self, node: Expr) -> Operand:
        fixed = [arg for arg in node.args if self._is_fixed(arg)]
        units: list[_Unit] = []
        if 0 < len(fixed) < len(node.args):
            whole = Add(*fixed)
            units.append(_Unit(self._structure(whole), False, self(whole)))
            units += self._units([arg for arg in node.args if not self._is_fixed(arg)])
        else:
            units += self._units(node.args)
        return self._added(units)

    def _units(self, nodes: Sequence[Any]) -> list[_Unit]:
        """Terms, those of one coefficient put together."""
        groups: dict[Any, list[tuple[bool, Factors]]] = {}
        for node in nodes:
            found = term(node, self._contents)
            key = (found.coefficient, found.fixed)
            groups.setdefault(key, []).append((found.negative, found.varying))
        units: list[_Unit] = []
        for (coefficient, fixed), terms in groups.items():
            alone = [self._unit(negative, varying) for negative, varying in terms]
            if coefficient is S.One and not fixed:
                units += alone
                continue
            scale, shape = self._scale(coefficient, fixed)
            whole = combined("scaled", [shape, *(unit.shape for unit in alone)], ordered=False)
            if len(alone) == 1:
                negative, varying = terms[0]
                if not varying:
                    units.append(_Unit(shape, negative, scale))
                    continue
                units.append(_Unit(whole, negative, *self._scaled(varying, scale)))
            else:
                units.append(_Unit(whole, False, self._added(alone), scale))
        return units

    def _scaled(self, varying: Factors, scale: Operand) -> tuple[Operand, Operand]:
        """A product as two factors: bare arguments, and all else with its scale.

        By the chain rule the latter is what the components of a gradient share.
        """
        bare = tuple(
            power for power in varying.above if power[1] is S.One and power[0] in self._varying
        )
        rest = tuple(p for p in varying.above if p not in bare)
        if not bare or not rest or varying.below:
            return self._value(varying), scale
        return self._value(Factors(bare)), self.apply("mul", scale, self._value(Factors(rest)))

    def _unit(self, negative: bool, varying: Factors) -> _Unit:
        shape = self._shape(varying)
        if varying.below or not varying.above:
            return _Unit(shape, negative, self._value(varying))
        if len(varying.above) == 1 and varying.above[0][1] == 2:
            root = self(varying.above[0][0])
            return _Unit(shape, negative, root, root)
        *rest, last = self._powers(varying.above)
        return _Unit(shape, negative, last, self._multiplied(rest) if rest else None)

    def _added(self, units: Sequence[_Unit]) -> Operand:
        plain: list[_Unit] = []
        products: list[_Unit] = []
        by_shape = sorted(units, key=lambda unit: unit.shape)
        for shape, alike in groupby(by_shape, key=lambda unit: unit.shape.shape):
            same = list(alike)
            if len(same) > 1:
                plain.append(_Unit(Shape(shape, ()), *self._tied(same)))
            else:
                (products if same[0].p is not None else plain).append(same[0])
        total = None
        for unit in (*plain, *products):
            total = self._accumulated(total, unit)
        assert total is not None, "a sum has terms"
        return total

    def _accumulated(self, total: Operand | None, unit: _Unit) -> Operand:
        if total is None:
            value = self._worth(unit)
            return self.apply("neg", value) if unit.negative else value
        if unit.p is None:
            return self.apply("sub" if unit.negative else "add", total, unit.q)
        factor = self.apply("neg", unit.p) if unit.negative else unit.p
        return self.apply("fma", factor, unit.q, total)

    def _tied(self, units: Sequence[_Unit]) -> tuple[bool, Operand]:
        """Terms of one shape: those of each sign added, then the difference."""
        sums: list[Operand | None] = [None, None]
        for unit in units:
            value, total = self._worth(unit), sums[unit.negative]
            sums[unit.negative] = value if total is None else self.apply("add", total, value)
        above, below = sums
        if above is None or below is None:
            return above is None, above or below or self.writers.const(0)
        return False, self.apply("sub", above, below)

    def _worth(self, unit: _Unit) -> Operand:
        return unit.q if unit.p is None else self.apply("mul", unit.p, unit.q)

    # products

    def _product(self, node: Expr) -> Operand:
        found = term(node, self._contents)
        varying = self._value(found.varying) if found.varying else None
        if found.coefficient is S.One and not found.fixed:
            value = varying or self.writers.const(1)
        else:
            value, _ = self._scale(found.coefficient, found.fixed)
            if varying is not None:
                value = self.apply("mul", value, varying)
        return self.apply("neg", value) if found.negative else value

    def _scale(self, coefficient: Expr, fixed: Factors) -> tuple[Operand, Shape]:
        number = digest("number", text(coefficient))
        shape = combined("scale", [Shape(number, ()), self._shape(fixed)])
        if not fixed:
            return self._constant(coefficient), shape
        if coefficient is S.One:
            return self._value(fixed), shape
        value = self.apply("mul", self._constant(coefficient), self._value(Factors(fixed.above)))
        if fixed.below:
            value = self.apply("div", value, self._multiplied(self._powers(fixed.below)))
        return value, shape

    def _shape(self, factors: Factors) -> Shape:
        return self._structure.product(factors.above, factors.below)

    def _value(self, factors: Factors) -> Operand:
        if not factors.above:
            above = self.writers.const(1)
        else:
            above = self._multiplied(self._powers(factors.above))
        if not factors.below:
            return above
        return self.apply("div", above, self._multiplied(self._powers(factors.below)))

    def _powers(self, powers: Sequence[Power]) -> list[Operand]:
        """The values of powers in the order of multiplication, pairs alike in shape joined."""
        shape = self._structure.power
        ordered = sorted(powers, key=shape)
        classes = [list(alike) for _, alike in groupby(ordered, key=lambda p: shape(p).shape)]
        values = [[self.power(*power) for power in alike] for alike in classes]
        return values[0] if len(values) == 1 else [self._multiplied(alike) for alike in values]

    def _multiplied(self, values: Sequence[Operand]) -> Operand:
        total = values[0]
        for value in values[1:]:
            total = self.apply("mul", total, value)
        return total

    def power(self, base: Expr, exponent: Any) -> Operand:
        """A power; whole and half exponents are multiplied out."""
        if exponent is S.One:
            return self(base)
        if exponent.is_Rational and exponent.q in (1, 2) and 0 < exponent <= LARGEST_CHAIN:
            whole, value = int(exponent.p) // int(exponent.q), self(base)
            if exponent.q == 1:
                return self._chain(value, whole)
            root = self.apply("sqrt", value)
            return root if whole == 0 else self.apply("mul", self._chain(value, whole), root)
        if Pow not in self._functions:
            raise KernelError(f"the JIT knows no power {base**exponent}; take backend='numpy'")
        return self.apply(self._functions[Pow].emit, self(base), self(exponent))

    def _chain(self, value: Operand, exponent: int) -> Operand:
        if exponent == 1:
            return value
        half = self._chain(value, exponent // 2)
        square = self.apply("mul", half, half)
        return self.apply("mul", square, value) if exponent % 2 else square
