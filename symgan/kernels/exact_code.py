r"""Scalar Python code of a map, for arithmetic in any type of number.

The code is a tree of branches, each comparison once, with plain operators inside: run on
rationals it is exact, run on floats it is what a program would do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from symgan.kernels.errors import KernelError

_OPERATORS: dict[type, str] = {
    sp.StrictGreaterThan: ">",
    sp.GreaterThan: ">=",
    sp.StrictLessThan: "<",
    sp.LessThan: "<=",
    sp.Equality: "==",
    sp.Unequality: "!=",
}
_CALLS: dict[Any, str] = {sp.Abs: "abs", sp.Max: "max", sp.Min: "min", sp.sign: "_sign"}
_JOINS: dict[Any, str] = {sp.Add: " + ", sp.Mul: "*", sp.And: " and ", sp.Or: " or "}


class Coder:
    """Writes expressions as Python code and collects the constants that the code needs.

    Args:
        names: symbol -> the name of its variable.
    """

    def __init__(self, names: dict[Any, str]) -> None:
        self._names = names
        self.constants: dict[str, Fraction] = {}

    def __call__(self, node: Any) -> str:
        """The code of one expression.

        Raises:
            KernelError: something that rational arithmetic does not know.
        """
        if node.is_Symbol:
            return self._names[node]
        if node.is_Rational:
            return self._constant(node)
        if node in (sp.true, sp.false):
            return str(bool(node))
        if isinstance(node, Relational):
            return f"({self(node.lhs)} {_OPERATORS[type(node)]} {self(node.rhs)})"
        if isinstance(node, sp.Piecewise):
            return self._piecewise(node)
        if isinstance(node, sp.Pow) and node.exp.is_Integer:
            return self._power(node)
        if isinstance(node, sp.Mod):
            return f"_mod({self(node.args[0])}, {self(node.args[1])})"
        if isinstance(node, sp.Not):
            return f"(not {self(node.args[0])})"
        if node.func in _JOINS:
            return f"({_JOINS[node.func].join(map(self, node.args))})"
        if node.func in _CALLS:
            return f"{_CALLS[node.func]}({', '.join(map(self, node.args))})"
        raise KernelError(
            f"{node} is not rational, so it has no exact orbit; use symgan.kernels.reference"
        )

    def _constant(self, value: Any) -> str:
        name = f"c{len(self.constants)}"
        number = Fraction(int(value.p), int(value.q))
        known = {v: k for k, v in self.constants.items()}
        self.constants.setdefault(known.get(number, name), number)
        return known.get(number, name)

    def _power(self, node: Any) -> str:
        base, exponent = self(node.base), int(node.exp)
        power = base if abs(exponent) == 1 else f"{base}**{abs(exponent)}"
        return f"({power})" if exponent > 0 else f"({self._constant(sp.Integer(1))}/({power}))"

    def _piecewise(self, node: Any) -> str:
        code = self(node.args[-1][0])
        for value, condition in reversed(node.args[:-1]):
            code = f"({self(value)} if {self(condition)} else {code})"
        return code


def require_closed(rhs: Sequence[Any]) -> None:
    """Refuse a Piecewise without a value for the remaining states.

    Raises:
        KernelError: names it.
    """
    for piecewise in set().union(*(f.atoms(sp.Piecewise) for f in rhs)):
        if piecewise.args[-1][1] != sp.true:
            raise KernelError(f"{piecewise} leaves states open; end it with (value, True)")


def step_lines(rhs: Sequence[Any], coder: Coder, depth: int = 1) -> list[str]:
    """Statements that return the next state: a tree of the conditions of Piecewise entries."""
    pad = "    " * depth
    condition = next((f.args[0][1] for f in rhs if isinstance(f, sp.Piecewise)), None)
    if condition is None or condition in (sp.true, sp.false):
        return [f"{pad}return ({', '.join(map(coder, rhs))},)"]
    inside = [f.xreplace({condition: sp.true}) for f in rhs]
    outside = [f.xreplace({condition: sp.false}) for f in rhs]
    return [
        f"{pad}if {coder(condition)}:",
        *step_lines(inside, coder, depth + 1),
        *step_lines(outside, coder, depth),
    ]


def build(source: str, number: Callable[[Any], Any], constants: dict[str, Fraction]) -> Any:
    """The function `run` of generated code, with constants in a type of number."""
    scope: dict[str, Any] = {name: number(value) for name, value in constants.items()}
    scope |= {"_sign": lambda x: number(Fraction((x > 0) - (x < 0))), "_mod": _mod}
    exec(source, scope)
    return scope["run"]


def _mod(a: Any, b: Any) -> Any:
    quotient = a / b
    return a - b * (quotient.floor() if hasattr(quotient, "floor") else quotient // 1)
