"""The NumPy backend: one function of arrays, after `rewrite`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray
from sympy import Expr, Symbol
from sympy.codegen.cfunctions import expm1, log1p

from symgan.kernels.errors import KernelError
from symgan.kernels.kernel import Compiled
from symgan.kernels.normal import erf, erfc
from symgan.kernels.numpy_source import numpy_source
from symgan.kernels.rewrite import sigmoid, softplus, stable

_KNOWN = (
    *(sp.exp, sp.log, sp.sin, sp.cos, sp.tan, sp.asin, sp.acos, sp.atan, sp.atan2),
    *(sp.sinh, sp.cosh, sp.tanh, sp.asinh, sp.acosh, sp.atanh, sp.erf, sp.erfc),
    *(sp.Abs, sp.sign, sp.Min, sp.Max, sp.Heaviside, sp.floor, sp.ceiling, sp.Mod),
    *(sp.Piecewise, sigmoid, softplus, expm1, log1p),
)
_CALLED = (sp.Function, sp.Derivative, sp.Integral, sp.Sum, sp.Subs)
_UNREAL = frozenset((sp.I, sp.zoo, sp.oo, -sp.oo))


def numpy_backend(
    expressions: Sequence[Expr], arguments: Sequence[Symbol], dtype: np.dtype[Any]
) -> tuple[Compiled, str]:
    """Compile expressions to one NumPy function of arrays.

    Args:
        expressions: scalar expressions in the arguments.
        arguments: the symbols, one array each.
        dtype: the caller's arrays; code follows it, as constants are Python numbers.

    Returns:
        The function and its source.

    Raises:
        KernelError: a function that NumPy does not know, or an undeclared symbol.
    """
    del dtype
    ready = prepared(expressions, arguments)
    source = numpy_source(ready, arguments, functions=NAMES)
    space = dict(SPACE)
    exec(source, space)
    return space["kernel"], source


def prepared(expressions: Sequence[Expr], arguments: Sequence[Symbol]) -> list[Expr]:
    """The expressions after `rewrite`, once each is seen to be computable.

    Raises:
        KernelError: as `require_known`.
    """
    ready = [stable(sp.sympify(e).doit(deep=False)) for e in expressions]
    for original, expression in zip(expressions, ready, strict=True):
        require_known(original, expression, arguments)
    return ready


def require_known(original: Expr, expression: Expr, arguments: Sequence[Symbol]) -> None:
    """Refuse what no backend can compute.

    Raises:
        KernelError: names the function or symbol and the expression that holds it.
    """
    seen, waiting = set[Any](), [expression]
    while waiting:  # in the order in which the expression is read, each part once
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        waiting += reversed(node.args)
        if isinstance(node, _CALLED):
            if not isinstance(node, _KNOWN):
                raise KernelError(
                    f"no backend knows the function {node} in {original}; put in a concrete one "
                    "(games take a loss, for example losses.jensen_shannon)"
                )
        elif node in _UNREAL:
            raise KernelError(
                f"the expression {original} holds {node}; kernels are real and finite"
            )
    unknown = sorted(expression.free_symbols - set(arguments), key=str)
    if unknown:
        names = ", ".join(map(str, unknown))
        raise KernelError(f"the expression {original} holds {names}, not among its arguments")


def _softplus(u: Any) -> Any:
    return np.logaddexp(0, u)


def _sigmoid(u: Any) -> Any:
    decay = np.exp(-np.abs(u))
    return np.where(np.greater_equal(u, 0), 1, decay) / (1 + decay)


def _piecewise(conditions: Sequence[Any], values: Sequence[Any], default: Any) -> NDArray[Any]:
    """`numpy.select` for scalars and arrays of any mix of shapes."""
    arrays = np.broadcast_arrays(*conditions, *values)
    count = len(conditions)
    chosen = [np.asarray(c, dtype=bool) for c in arrays[:count]]
    return np.select(chosen, arrays[count:], default=default)


NAMES = {
    "softplus": _softplus,
    "sigmoid": _sigmoid,
    "select": _piecewise,
    "erf": erf,
    "erfc": erfc,
}
"""What the code calls besides NumPy's functions."""
SPACE = {**vars(np), **NAMES}
"""What the names in the code mean."""
