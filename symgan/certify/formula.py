"""Formulas as text: read with Python's grammar, evaluated in an algebra of one's choice.

Nothing is executed: only numbers, names, arithmetic, calls of functions by name,
comparisons and ``& | ~`` are read. This is the reader of the second program that checks
certificates; it shares no code with SymPy.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Protocol

from symgan.errors import BadData

_ARITHMETIC: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}
_RELATIONS = {
    ast.Gt: ">", ast.GtE: ">=", ast.Lt: "<", ast.LtE: "<=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip
_NAMED_RELATIONS = {"Eq": "==", "Ne": "!="}
LARGEST_EXPONENT = 1000
"""Beyond it a formula is refused: its powers would not be computed in any useful time."""
LONGEST = 1_000_000
"""Characters of a formula."""


class Algebra(Protocol):
    """Where a formula gets its values; they support ``+ - *`` among themselves."""

    def number(self, value: int) -> Any:
        """An integer."""
        ...

    def name(self, name: str) -> Any:
        """A symbol or constant."""
        ...

    def divide(self, one: Any, other: Any) -> Any:
        """A quotient."""
        ...

    def power(self, base: ast.expr, exponent: ast.expr) -> Any:
        """A power that is none of a value with an integer exponent."""
        ...

    def call(self, function: str, arguments: list[ast.expr]) -> Any:
        """A function's value."""
        ...


def read(text: str) -> ast.expr:
    """The syntax tree of a formula.

    Raises:
        BadData: the text is no formula.

    >>> ast.unparse(read("x**2 + 1/3"))
    'x ** 2 + 1 / 3'
    """
    if len(text) > LONGEST:
        raise BadData(f"a formula of {len(text)} characters is longer than {LONGEST}")
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        shown = text if len(text) <= 80 else f"{text[:77]}..."
        raise BadData(
            f"the formula {shown!r} cannot be read; write it as SymPy prints it"
        ) from None


def rational(node: ast.expr) -> Fraction | None:
    """The value of a tree that holds nothing but integers, or None.

    >>> rational(read("-3/2"))
    Fraction(-3, 2)
    """
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return Fraction(node.value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = rational(node.operand)
        return None if inner is None else -inner
    if isinstance(node, ast.BinOp):
        left, right = rational(node.left), rational(node.right)
        if left is None or right is None:
            return None
        if isinstance(node.op, ast.Div):
            return left / right if right else None
        if isinstance(node.op, ast.Pow):
            if abs(right) > LARGEST_EXPONENT:
                raise BadData(f"the exponent {right} is beyond {LARGEST_EXPONENT}")
            return left ** int(right) if right.denominator == 1 and (left or right > 0) else None
        combine = _ARITHMETIC.get(type(node.op))
        return None if combine is None else combine(left, right)
    return None


def evaluate(node: ast.expr, algebra: Algebra) -> Any:
    """The value of an arithmetic formula.

    Raises:
        BadData: the tree holds something that is not arithmetic.
    """
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return algebra.number(node.value)
    if isinstance(node, ast.Name):
        return algebra.name(node.id)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return algebra.number(0) - evaluate(node.operand, algebra)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        return algebra.call(node.func.id, node.args)
    if isinstance(node, ast.BinOp):
        return _binary(node, algebra)
    raise BadData(f"the formula {ast.unparse(node)!r} is not arithmetic")


def _binary(node: ast.BinOp, algebra: Algebra) -> Any:
    if isinstance(node.op, ast.Pow):
        exponent = rational(node.right)
        if exponent is None or exponent.denominator != 1:
            return algebra.power(node.left, node.right)
        whole_power = getattr(algebra, "whole_power", None) or _multiplied(algebra)
        return whole_power(evaluate(node.left, algebra), int(exponent))
    left, right = evaluate(node.left, algebra), evaluate(node.right, algebra)
    if isinstance(node.op, ast.Div):
        return algebra.divide(left, right)
    combine = _ARITHMETIC.get(type(node.op))
    if combine is None:
        raise BadData(f"the formula {ast.unparse(node)!r} is not arithmetic")
    return combine(left, right)


def _multiplied(algebra: Algebra) -> Callable[[Any, int], Any]:
    """Powers by multiplication, where an algebra has no ``whole_power`` of its own."""
    return lambda base, exponent: integer_power(base, exponent, algebra)


def integer_power(base: Any, exponent: int, algebra: Algebra) -> Any:
    """A value to an integer power, by multiplication.

    Raises:
        BadData: the exponent is beyond `LARGEST_EXPONENT`.
    """
    if abs(exponent) > LARGEST_EXPONENT:
        raise BadData(f"the exponent {exponent} is beyond {LARGEST_EXPONENT}")
    product = algebra.number(1)
    for _ in range(abs(exponent)):
        product = product * base
    return product if exponent >= 0 else algebra.divide(algebra.number(1), product)


def relations(node: ast.expr) -> list[tuple[ast.expr, str, ast.expr]] | None:
    """The conjuncts ``(left, relation, right)`` of a Boolean; None if it is no conjunction.

    >>> [relation for _, relation, _ in relations(read("(x > 1) & Eq(y, 2)"))]
    ['>', '==']
    """
    if isinstance(node, ast.Constant) and node.value is True:
        return []
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd):
        left, right = relations(node.left), relations(node.right)
        return None if left is None or right is None else left + right
    found = single_relation(node)
    return None if found is None else [found]


def single_relation(node: ast.expr) -> tuple[ast.expr, str, ast.expr] | None:
    """``(left, relation, right)`` of a comparison; None if it is none.

    >>> single_relation(read("Ne(x, 1)"))[1]
    '!='
    """
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _RELATIONS:
        return node.left, _RELATIONS[type(node.ops[0])], node.comparators[0]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 2:
        relation = _NAMED_RELATIONS.get(node.func.id)
        return None if relation is None else (node.args[0], relation, node.args[1])
    return None


def exponent_terms(exponent: ast.expr) -> list[tuple[Fraction, str]]:
    """A sum as rational multiples of products, each product in one spelling.

    >>> exponent_terms(read("-t*a/2 + 1"))
    [(Fraction(-1, 2), '(a)*(t)/(1)'), (Fraction(1, 1), '1/(1)')]
    """
    if isinstance(exponent, ast.BinOp) and isinstance(exponent.op, ast.Add | ast.Sub):
        right = exponent_terms(exponent.right)
        if isinstance(exponent.op, ast.Sub):
            right = [(-c, t) for c, t in right]
        return exponent_terms(exponent.left) + right
    coefficient, over, under = _factors(exponent)
    return [(coefficient, f"{_joined(over)}/({_joined(under)})")]


def _joined(factors: list[str]) -> str:
    return "*".join(f"({factor})" for factor in sorted(factors)) or "1"


def _factors(node: ast.expr) -> tuple[Fraction, list[str], list[str]]:
    if (value := rational(node)) is not None:
        return value, [], []
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        coefficient, over, under = _factors(node.operand)
        return -coefficient, over, under
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
        a, over, under = _factors(node.left)
        b, more, less = _factors(node.right)
        if isinstance(node.op, ast.Mult):
            return a * b, over + more, under + less
        return a / b, over + less, under + more
    return Fraction(1), [ast.unparse(node)], []
