r"""Derivatives by the chain rule, every subexpression once.

SymPy's own asks each factor for its assumptions, which takes most of the time of a Jacobian. And
the product rule would bring a difference of nearly equal numbers into

.. math:: \bigl(\sigma(u)\,\sigma(-u)\bigr)' = -\sigma(u)\,\sigma(-u)\,\tanh(u/2)\,u'.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Add, Expr, Mul, Pow, S, Symbol
from sympy.codegen.cfunctions import expm1, log1p

from symgan.differentiation import diff
from symgan.kernels.logistic import sigmoid, softplus

_CHAIN = (sp.exp, sp.log, sp.tanh, sp.cosh, sp.sinh, sp.cos, sp.sin, sp.erf, sp.erfc)
_OWN = (sigmoid, softplus, expm1, log1p)


def derivative(expression: Expr, symbol: Symbol) -> Any:
    """The derivative of an expression.

    Args:
        expression: any; what is no sum, product, power, choice or common function is SymPy's.
        symbol: with respect to which.

    >>> x, a = sp.symbols("x a", real=True)
    >>> derivative(a * sp.exp(-x**2) + sp.Abs(x), x)
    -2*a*x*exp(-x**2) + sign(x)
    """
    return _slope(expression, symbol, {symbol: S.One})


def _slope(node: Any, symbol: Symbol, done: dict[Any, Any]) -> Any:
    if not node.args:
        return done.get(node, S.Zero)
    if node not in done:
        done[node] = _made(node, symbol, done)
    return done[node]


def _made(node: Any, symbol: Symbol, done: dict[Any, Any]) -> Any:
    if isinstance(node, sp.Piecewise):
        pairs = [(_slope(value, symbol, done), condition) for value, condition in node.args]
        return sp.Piecewise(*pairs)
    plain = isinstance(node, (Add, Mul, *_CHAIN, *_OWN))
    if not plain and not (isinstance(node, Pow) and node.exp.is_Number):
        return diff(node, symbol)
    if isinstance(node, Mul):
        return _of_product(node, symbol, done)
    slopes = [_slope(arg, symbol, done) for arg in node.args]
    if isinstance(node, Add):
        return Add(*slopes)
    if slopes[0] is S.Zero:
        return S.Zero
    outer = node.exp * node.base ** (node.exp - 1) if isinstance(node, Pow) else node.fdiff(1)
    return Mul(outer, slopes[0])


def _of_product(node: Any, symbol: Symbol, done: dict[Any, Any]) -> Any:
    logistic = dict(map(_logistic_power, node.args))
    terms: list[Any] = []
    for place, factor in enumerate(node.args):
        base, power = _logistic_power(factor)
        slope = _slope(base, symbol, done)
        if slope is S.Zero:
            continue
        both = 0
        if isinstance(base, sigmoid):
            u: Any = base.args[0]
            both = min(power, logistic.get(sigmoid(-u), 0))
            if both and place < node.args.index(sigmoid(-u) ** logistic[sigmoid(-u)]):
                terms.append(Mul(-both, *node.args, sp.tanh(u / 2), _slope(u, symbol, done)))
        rest = (*node.args[:place], base ** (power - 1), *node.args[place + 1 :])
        terms.append(Mul(power - both, *rest, slope))
    return Add(*terms)


def _logistic_power(factor: Any) -> tuple[Any, int]:
    """The base and the power of a whole power of a logistic function; all else is one factor."""
    if isinstance(factor, Pow) and isinstance(factor.base, sigmoid) and factor.exp.is_Integer:
        return (factor.base, int(factor.exp)) if factor.exp > 0 else (factor, 1)
    return factor, 1
