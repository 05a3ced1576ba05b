r"""Values and derivatives at a point by the chain rule, with common parts looked at once.

Each node of an expression becomes its value at the point and its gradient there (forward
differentiation), so that no derivative is ever written out away from the point: what vanishes
there, as most of a rule does at an equilibrium, is gone before it is multiplied.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sympy as sp
from sympy import Add, Expr, Integer, Matrix, Mul, Pow, Symbol

from symgan.differentiation import diff

Gradient = dict[Symbol, Expr]
_SINGULAR = (sp.nan, sp.zoo, sp.oo, sp.S.NegativeInfinity)


class _Singular(Exception):
    """A part has no finite value or slope at the point."""


def values_and_jacobian(
    expressions: Sequence[Expr], at: Mapping[Symbol, Expr]
) -> tuple[list[Expr], Matrix] | None:
    r"""The values :math:`F(x^*)` and the Jacobian :math:`F'(x^*)`.

    Args:
        expressions: F, of any length m.
        at: symbol -> value, n symbols in the order of the columns; values may hold symbols.

    Returns:
        m values and a matrix of shape (m, n), both as substitution gives them; None where a
        part has no finite value or slope at the point: the whole may still have a limit or a
        sentence of its own.

    >>> x, y, a = sp.symbols("x y a", real=True)
    >>> values_and_jacobian([sp.exp(a*x) - y**2], {x: 0, y: 3})
    ([-8], Matrix([[a, -6]]))
    >>> values_and_jacobian([sp.sqrt(x)], {x: 0}) is None
    True
    """
    known = _ChainRule(at)
    try:
        found = [known(e) for e in expressions]
    except _Singular:
        return None
    slopes = [gradient.get(s, Integer(0)) for _, gradient in found for s in at]
    return [value for value, _ in found], Matrix(len(found), len(at), slopes)


class _ChainRule:
    """Expression -> (value, gradient); equal parts are one."""

    def __init__(self, at: Mapping[Symbol, Expr]) -> None:
        self.at = dict(at)
        self.known: dict[Expr, tuple[Expr, Gradient]] = {}

    def __call__(self, node: Expr) -> tuple[Expr, Gradient]:
        found = self.known.get(node)
        if found is None:
            found = self.known[node] = self._finite(self._found(node))
        return found

    def _found(self, node: Expr) -> tuple[Expr, Gradient]:
        if node in self.at:
            return sp.sympify(self.at[node]), {node: Integer(1)}
        if not node.args or not self.at.keys() & node.free_symbols:
            return node, {}
        if node.is_Add:
            return self._sum([self(a) for a in node.args])
        if node.is_Mul:
            return self._product([self(a) for a in node.args])
        if node.is_Pow and node.exp.is_Rational:
            return self._power(self(node.base), node.exp)
        if isinstance(node, sp.exp):
            inner, gradient = self(node.args[0])
            value = sp.exp(inner)
            return value, {s: value * g for s, g in gradient.items()}
        return self._by_substitution(node)

    @staticmethod
    def _sum(parts: list[tuple[Expr, Gradient]]) -> tuple[Expr, Gradient]:
        slopes: dict[Symbol, list[Expr]] = {}
        for _, gradient in parts:
            for s, g in gradient.items():
                slopes.setdefault(s, []).append(g)
        return Add(*(value for value, _ in parts)), {s: Add(*g) for s, g in slopes.items()}

    @staticmethod
    def _product(parts: list[tuple[Expr, Gradient]]) -> tuple[Expr, Gradient]:
        values = [value for value, _ in parts]
        slopes: dict[Symbol, list[Expr]] = {}
        for k, (_, gradient) in enumerate(parts):
            others = Mul(*values[:k], *values[k + 1 :]) if gradient else Integer(0)
            for s, g in gradient.items() if others != 0 else ():
                slopes.setdefault(s, []).append(others * g)
        return Mul(*values), {s: Add(*g) for s, g in slopes.items()}

    @staticmethod
    def _power(part: tuple[Expr, Gradient], exponent: Expr) -> tuple[Expr, Gradient]:
        value, gradient = part
        slope = exponent * Pow(value, exponent - 1)
        if slope.has(*_SINGULAR):  # also where the base has no gradient: sqrt(x^2 + y^2) at 0
            raise _Singular
        return Pow(value, exponent), {s: slope * g for s, g in gradient.items() if g != 0}

    def _by_substitution(self, node: Expr) -> tuple[Expr, Gradient]:
        """A part of another kind: SymPy's derivative of it alone, at the point."""
        slopes = {s: diff(node, s) for s in self.at if s in node.free_symbols}
        return node.subs(self.at, simultaneous=True), {
            s: slope.subs(self.at, simultaneous=True) for s, slope in slopes.items()
        }

    @staticmethod
    def _finite(found: tuple[Expr, Gradient]) -> tuple[Expr, Gradient]:
        value, gradient = found
        for e in (value, *gradient.values()):
            if e in _SINGULAR or (e.args and e.has(*_SINGULAR)):
                raise _Singular
        return value, {s: g for s, g in gradient.items() if g != 0}
