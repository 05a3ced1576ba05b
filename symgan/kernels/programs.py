"""Programs as NumPy code: every assignment once, subexpressions shared across all of them."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any, TypeGuard

import numpy as np
import sympy as sp
from sympy import Expr, Symbol

from symgan.kernels.kernel import Compiled
from symgan.kernels.numpy_backend import NAMES, SPACE, prepared
from symgan.kernels.numpy_source import numpy_source

Assignments = Sequence[tuple[Symbol, Expr]]


def program_backend(
    assignments: Assignments,
    outputs: Sequence[Expr],
    arguments: Sequence[Symbol],
    dtype: np.dtype[Any],
) -> tuple[Compiled, str]:
    """Compile straight-line code to one NumPy function of arrays.

    Args:
        assignments: pairs (name, expression), in the order of the computation.
        outputs: expressions in the arguments and the assigned names.
        arguments: the symbols, one array each.
        dtype: the caller's arrays; code follows it, as constants are Python numbers.

    Returns:
        The function and its source.

    Raises:
        KernelError: a function that NumPy does not know, or an undeclared symbol.

    >>> x, t = sp.symbols("x t", real=True)
    >>> function, _ = program_backend([(t, x + 1)], [t**2, -t], [x], np.dtype(float))
    >>> [float(value) for value in function(2.0)]
    [9.0, -3.0]
    """
    del dtype
    names = [name for name, _ in assignments]
    known = [*arguments, *names]
    values = [sp.factor_terms(e) for e in prepared([e for _, e in assignments], known)]
    last = [sp.factor_terms(e) for e in prepared(outputs, known)]
    lines = list(zip(names, values, strict=True))
    return freeing(numpy_source(last, arguments, lines, functions=NAMES), SPACE)


def freeing(source: str, names: dict[str, Any]) -> tuple[Compiled, str]:
    """The function of straight-line source, with every name deleted after its last use.

    The memory of a column that is no longer needed serves the next one while it is still in the
    cache.

    Args:
        source: one function of assignments that ends in a return.
        names: what the source refers to.

    >>> function, source = freeing("def f(x):\\n    y = x + 1\\n    z = 2*y\\n    return [z]", {})
    >>> function(3), source.splitlines()[3].strip()
    ([8], 'del y')
    """
    tree = ast.parse(source)
    (function,) = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    waiting = {t.id for line in function.body for t in ast.walk(line) if _is_stored(t)}
    body: list[ast.stmt] = [function.body.pop()]
    waiting -= _loaded(body[0])
    for line in reversed(function.body):
        done = sorted(_loaded(line) & waiting)
        waiting -= set(done)
        if done:
            body.append(ast.Delete([ast.Name(name, ast.Del()) for name in done]))
        body.append(line)
    function.body = body[::-1]
    text = ast.unparse(ast.fix_missing_locations(tree))
    space = dict(names)
    exec(compile(text, "<symgan program>", "exec"), space)
    return space[function.name], text


def _is_stored(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def _loaded(line: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(line) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
