"""SymPy's derivatives, without what SymPy asks on the way to them.

After every step of the product and the chain rule SymPy asks whether what it has found is zero
under its symbols' assumptions, and looks through all of it for derivatives to be put in order.
That takes most of the time of a Jacobian and changes nothing: here the same rules are applied
to every subexpression once, and the results are SymPy's.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sympy as sp
from sympy import Add, Expr, Function, Mul, Piecewise, Pow, S, Symbol
from sympy.core.function import AppliedUndef, ArgumentIndexError

_Done = dict[Any, Any]
"""Subexpression -> its derivative."""


def diff(expression: Any, symbol: Any) -> Any:
    """The derivative of an expression, as ``sympy.diff`` writes it.

    Args:
        expression: any; what is no sum, product, power, choice or function with known
            derivatives is left to SymPy.
        symbol: with respect to which; for anything but a symbol SymPy is asked.

    >>> x, y = sp.symbols("x y", real=True)
    >>> diff(x**2 * sp.exp(-x * y), x)
    -x**2*y*exp(-x*y) + 2*x*exp(-x*y)
    """
    node = sp.sympify(expression)
    if not isinstance(symbol, Symbol) or not isinstance(node, Expr):
        return sp.diff(node, symbol)
    return _slope(node, symbol, {symbol: S.One})


def jacobian(expressions: Iterable[Any], symbols: Iterable[Symbol]) -> sp.Matrix:
    """The matrix of derivatives: one row an expression, one column a symbol.

    >>> x, y = sp.symbols("x y", real=True)
    >>> jacobian([x * y, x + y**2], [x, y])
    Matrix([
    [y,   x],
    [1, 2*y]])
    """
    rows, columns = list(expressions), list(symbols)
    done: dict[Symbol, _Done] = {s: {s: S.One} for s in columns}
    entries = [_slope(sp.sympify(f), s, done[s]) for f in rows for s in columns]
    return sp.Matrix(len(rows), len(columns), entries)


def _slope(node: Any, symbol: Symbol, done: _Done) -> Any:
    if node in done:
        return done[node]
    if not node.args:
        return S.Zero if isinstance(node, Expr) else node.diff(symbol)
    found = done[node] = _made(node, symbol, done)
    return found


def _made(node: Any, symbol: Symbol, done: _Done) -> Any:
    """The derivative by the rule of the node's kind, as SymPy's class of it has the rule."""
    if not node.is_commutative:
        return node.diff(symbol)
    if isinstance(node, Add):
        return Add(*(_slope(arg, symbol, done) for arg in node.args))
    if isinstance(node, Mul):
        return _of_product(node, symbol, done)
    if isinstance(node, Pow):
        return _of_power(node, symbol, done)
    if isinstance(node, Piecewise):
        return _of_choice(node, symbol, done)
    if type(node)._eval_derivative is Function._eval_derivative and _is_known(node):
        return _of_function(node, symbol, done)
    return node.diff(symbol)


def _of_product(node: Any, symbol: Symbol, done: _Done) -> Any:
    terms = []
    for place, arg in enumerate(node.args):
        slope = _slope(arg, symbol, done)
        if slope is not S.Zero:
            terms.append(Mul(*node.args[:place], slope, *node.args[place + 1 :]))
    return Add(*terms)


def _of_power(node: Any, symbol: Symbol, done: _Done) -> Any:
    base, exponent = node.args
    slopes = _slope(base, symbol, done), _slope(exponent, symbol, done)
    parts = []
    if slopes[1] is not S.Zero:
        parts.append(slopes[1] * sp.log(base))
    if slopes[0] is not S.Zero:
        parts.append(slopes[0] * exponent / base)
    return node * Add(*parts) if parts else S.Zero


def _of_choice(node: Any, symbol: Symbol, done: _Done) -> Any:
    if symbol not in node.free_symbols:
        return S.Zero
    return Piecewise(*((_slope(value, symbol, done), where) for value, where in node.args))


def _of_function(node: Any, symbol: Symbol, done: _Done) -> Any:
    terms = []
    for place, arg in enumerate(node.args, 1):
        inner = _slope(arg, symbol, done)
        if inner is S.Zero:
            continue
        try:
            outer = node.fdiff(place)
        except ArgumentIndexError:
            outer = Function.fdiff(node, place)
        terms.append(outer * inner)
    return Add(*terms)


def _is_known(node: Any) -> bool:
    """Whether a function is none of the unnamed ones, whose derivatives stay unevaluated."""
    return isinstance(node, Function) and not isinstance(node, AppliedUndef)
