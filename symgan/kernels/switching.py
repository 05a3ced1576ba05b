r"""Right-hand sides with branches: which smooth field rules where, and what to watch.

Piecewise, Heaviside, Min, Max, Abs and sign are written as branches under comparisons.
Each comparison has a *guard*, left minus right; once the signs of all guards are known,
the field is smooth until one of them changes sign.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

import sympy as sp
from sympy import Expr

from symgan.kernels.errors import KernelError

_UPPER = (sp.StrictGreaterThan, sp.GreaterThan)
_LOWER = (sp.StrictLessThan, sp.LessThan)


def branched(expression: Any) -> Any:
    """The expression with every kink written as a Piecewise.

    >>> x = sp.Symbol("x", real=True)
    >>> branched(sp.Heaviside(x))
    Piecewise((1, x > 0), (0, True))
    """
    args = getattr(expression, "args", ())
    if not args:
        return expression
    parts = [branched(arg) for arg in args]
    if isinstance(expression, sp.Heaviside):
        return sp.Piecewise((1, parts[0] > 0), (0, True))
    if isinstance(expression, sp.sign):
        return sp.Piecewise((1, parts[0] > 0), (-1, True))
    if isinstance(expression, sp.Abs):
        return sp.Piecewise((parts[0], parts[0] > 0), (-parts[0], True))
    if isinstance(expression, sp.Min):
        return reduce(lambda a, b: sp.Piecewise((a, a < b), (b, True)), parts)
    if isinstance(expression, sp.Max):
        return reduce(lambda a, b: sp.Piecewise((a, a > b), (b, True)), parts)
    return expression.func(*parts) if parts != list(args) else expression


def relations(expressions: Sequence[Any]) -> tuple[Any, ...]:
    """The comparisons that decide branches, each once, in a fixed order."""
    found: set[Any] = set()
    for expression in expressions:
        found |= expression.atoms(sp.core.relational.Relational)
    return tuple(sorted(found, key=sp.default_sort_key))


def guard(relation: Any) -> Expr:
    """Left minus right."""
    return relation.lhs - relation.rhs


def resolve(expression: Any, signs: Mapping[Any, int]) -> Any:
    """The smooth expression that rules where guards have these signs (+1 or -1).

    Args:
        expression: from `branched`.
        signs: relation -> sign of its guard.

    >>> x = sp.Symbol("x", real=True)
    >>> field = branched(sp.Heaviside(x - 1))
    >>> (relation,) = relations([field])
    >>> [resolve(field, {relation: sign}) for sign in (1, -1)]
    [1, 0]
    """
    smooth = expression.xreplace({r: _truth(r, sign) for r, sign in signs.items()})
    if smooth.has(sp.Piecewise):
        raise KernelError(f"{expression} has a branch that no comparison decides")
    return smooth


def _truth(relation: Any, sign: int) -> Any:
    if isinstance(relation, _UPPER):
        return sp.true if sign > 0 else sp.false
    if isinstance(relation, _LOWER):
        return sp.true if sign < 0 else sp.false
    return sp.true if isinstance(relation, sp.Unequality) else sp.false
