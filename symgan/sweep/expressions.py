r"""Expressions as plain data, read back without evaluating any foreign text.

An expression is a list of nodes, operands first, shared parts once:

    [["symbol", "x", {"real": true}], ["number", "3"], ["Mul", 1, 0]]

Reading builds the operations on a fixed list and nothing else, and simplifies nothing: what is
read is the tree that was written, so that it compiles to the same code everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sympy as sp
from sympy import Symbol
from sympy.functions.elementary.piecewise import ExprCondPair

from symgan.errors import BadData

Node = list[Any]

_RELATIONS: dict[str, Any] = {
    "Eq": sp.Eq,
    "Ne": sp.Ne,
    "Lt": sp.Lt,
    "Le": sp.Le,
    "Gt": sp.Gt,
    "Ge": sp.Ge,
}
_OPERATIONS: dict[str, Any] = _RELATIONS | {
    head.__name__: head
    for head in (
        *(sp.Add, sp.Mul, sp.Pow, sp.Abs, sp.sign, sp.Min, sp.Max, sp.Mod, sp.Heaviside),
        *(sp.exp, sp.log, sp.sin, sp.cos, sp.tan, sp.asin, sp.acos, sp.atan, sp.atan2),
        *(sp.sinh, sp.cosh, sp.tanh, sp.asinh, sp.acosh, sp.atanh, sp.erf, sp.erfc),
        *(sp.floor, sp.ceiling, sp.Piecewise, ExprCondPair, sp.And, sp.Or, sp.Not, sp.Xor),
    )
}
_NAMES = {head: name for name, head in _OPERATIONS.items()}
_CONSTANTS: dict[str, Any] = {"pi": sp.pi, "E": sp.E, "true": sp.true, "false": sp.false}
_ASSUMPTIONS = frozenset(
    {"commutative", "complex", "finite", "infinite", "hermitian", "imaginary", "real"}
    | {"extended_real", "positive", "negative", "zero", "nonzero", "nonnegative", "nonpositive"}
    | {"extended_positive", "extended_negative", "extended_nonzero", "integer", "noninteger"}
    | {"extended_nonnegative", "extended_nonpositive", "rational", "irrational", "algebraic"}
    | {"transcendental", "even", "odd", "prime", "composite"}
)


@dataclass
class Writer:
    """Collects the nodes of several expressions that share parts."""

    nodes: list[Node] = field(default_factory=list)
    _places: dict[Any, int] = field(default_factory=dict)

    def add(self, expression: Any) -> int:
        """The place of an expression in the list, written if it is new.

        Raises:
            BadData: it holds a function that sweeps do not write.
        """
        stack = [expression]
        while stack:
            top = stack[-1]
            operands = () if top.is_Atom else top.args
            missing = [arg for arg in operands if arg not in self._places]
            if missing and top not in self._places:
                stack += reversed(missing)
                continue
            stack.pop()
            if top not in self._places:
                self._places[top] = len(self.nodes)
                self.nodes.append(self._node(top, operands))
        return self._places[expression]

    def _node(self, value: Any, operands: Sequence[Any]) -> Node:
        if isinstance(value, Symbol):
            known = {k: v for k, v in value.assumptions0.items() if k in _ASSUMPTIONS}
            return ["symbol", value.name, known]
        if isinstance(value, sp.Rational):
            return ["number", str(value)]
        if isinstance(value, sp.Float):
            sign, mantissa, exponent, _ = value._mpf_
            signed = -int(mantissa) if sign else int(mantissa)
            return ["float", str(signed), int(exponent), int(value._prec)]
        for name, constant in _CONSTANTS.items():
            if value is constant:
                return ["constant", name]
        if type(value) not in _NAMES:
            raise BadData(f"a sweep cannot write {value} as plain data; put in a concrete function")
        return [_NAMES[type(value)], *(self._places[arg] for arg in operands)]


def read_nodes(nodes: Sequence[Any]) -> list[Any]:
    """The expressions of a list of nodes, one a node.

    Raises:
        BadData: a node that is not on the list of known ones, or that stands before its operands.

    >>> read_nodes([["symbol", "x", {}], ["number", "1/2"], ["Add", 0, 1]])[-1]
    x + 1/2
    """
    found: list[Any] = []
    for node in nodes:
        try:
            found.append(_read(list(node), found))
        except (TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
            raise BadData(f"{str(node)[:80]} is no expression of a sweep") from error
    return found


def _read(node: Node, before: Sequence[Any]) -> Any:
    head, *rest = node
    if head == "symbol":
        name, assumptions = rest
        return _symbol(name, assumptions)
    if head == "number":
        above, _, below = str(rest[0]).partition("/")
        if int(below or 1) == 0:
            raise ValueError("division by zero")
        return sp.Rational(int(above), int(below or 1))
    if head == "float":
        mantissa, exponent, precision = (int(part) for part in rest)
        if mantissa == 0:
            return sp.Float(0, precision=precision)
        return sp.Float((int(mantissa < 0), abs(mantissa), exponent), precision=precision)
    if head == "constant":
        return _CONSTANTS[rest[0]]
    operation = _OPERATIONS[head]
    if not all(isinstance(i, int) and 0 <= i < len(before) for i in rest):
        raise ValueError("operands come first")
    operands = [before[i] for i in rest]
    if operation is ExprCondPair:
        return ExprCondPair(*operands)
    return operation(*operands, evaluate=False)


def _symbol(name: Any, assumptions: Mapping[str, Any]) -> Symbol:
    if not isinstance(name, str) or not set(assumptions) <= _ASSUMPTIONS:
        raise ValueError("no symbol")
    if not all(isinstance(value, bool) for value in assumptions.values()):
        raise ValueError("no assumption")
    return Symbol(name, **assumptions)
