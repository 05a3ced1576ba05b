r"""Values of undetermined functions as free real quantities.

A statement about a free loss :math:`f` holds for every loss exactly if it holds for
every value that the loss and its derivatives can take independently at distinct points;
at one point a function has one value, and a counterexample must respect that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

import sympy as sp
from sympy import Basic, Expr, Symbol
from sympy.core.function import AppliedUndef

_BINDING = (sp.Derivative, sp.Integral, sp.Subs, sp.Sum, sp.Product, sp.Limit)
_KEPT = ("positive", "negative", "nonnegative", "nonpositive", "nonzero", "integer")
Names = Mapping[Expr, Symbol]


def free_functions(expression: Any, names: Names | None = None) -> Any:
    """Replace values of undetermined functions by free real symbols.

    Args:
        expression: an expression or a Boolean.
        names: which symbol stands for which value (`free_names`); chosen here unless given.
    """
    return expression.xreplace(dict(free_names(expression) if names is None else names))


def free_names(*expressions: Any) -> dict[Expr, Symbol]:
    """A symbol for each value of an undetermined function, distinct from all others.

    A derivative, integral or sum that holds such values is one quantity by itself.
    """
    taken = set().union(*(e.free_symbols for e in expressions))
    names: dict[Expr, Symbol] = {}
    for node in (node for e in expressions for node in _opaque(e)):
        if node not in names:
            kept = {key: True for key in _KEPT if getattr(node, f"is_{key}")}
            name = str(node)
            while (symbol := Symbol(name, real=True, **kept)) in taken:
                name += "*"
            names[node] = symbol
            taken.add(symbol)
    return names


def _opaque(node: Basic) -> Iterator[Any]:
    if _is_free_value(node) or (isinstance(node, _BINDING) and _holds_free_value(node)):
        yield node
        if isinstance(node, _BINDING):
            return  # what it binds is not a quantity of its own
    for argument in node.args:
        yield from _opaque(argument)


def _is_free_value(node: Basic) -> bool:
    return isinstance(node, AppliedUndef) or bool(getattr(node, "symgan_free", False))


def _holds_free_value(node: Basic) -> bool:
    return any(_is_free_value(inner) for inner in sp.preorder_traversal(node))


def argument_symbols(names: Names) -> set[Any]:
    """The symbols on which the functions' arguments depend."""
    return set().union(*(node.free_symbols for node in names)) if names else set()


def consistent(names: Names, point: Mapping[Symbol, Any]) -> bool:
    """Whether some functions take the values that a point gives them.

    Args:
        names: the symbols of the values.
        point: an exact value for each of them and for the symbols in their arguments.
    """
    if any(isinstance(node, _BINDING) for node in names):
        return False  # a derivative or an integral depends on more than these values
    values = {node: point.get(symbol) for node, symbol in names.items()}
    places = {node: [_place(a, names, point) for a in node.args] for node in names}
    return all(
        values[one] == values[other] or _apart(places[one], places[other])
        for one, other in combinations(names, 2)
        if one.func == other.func
    )


def may_coincide(names: Names) -> bool:
    """Whether two of the values may be one, or one may be determined by the others."""
    if any(isinstance(node, _BINDING) for node in names):
        return True
    pairs = ((a, b) for a, b in combinations(names, 2) if a.func == b.func)
    return not all(_apart(list(a.args), list(b.args)) for a, b in pairs)


def _place(argument: Basic, names: Names, point: Mapping[Symbol, Any]) -> Basic:
    return argument.xreplace(dict(names)).xreplace(dict(point))


def _apart(one: list[Basic], other: list[Basic]) -> bool:
    """Whether two exact argument lists certainly differ."""
    differences = (sp.sympify(a - b) for a, b in zip(one, other, strict=True))
    return any(d.is_Rational and d != 0 for d in differences)
