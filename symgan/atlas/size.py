"""How large expressions are, without counting more than is asked for."""

from __future__ import annotations

from collections.abc import Iterable

import sympy as sp
from sympy import Expr

_LEAVES = 4
"""Leaves an operation: a quotient, a negative sign and a number of two parts take two at most."""


def exceeds(expressions: Iterable[Expr], operations: int) -> bool:
    """Whether expressions have more operations together than a number.

    >>> x = sp.Symbol("x")
    >>> exceeds([x + 1, x**2], 1), exceeds([x + 1, x**2], 2)
    (True, False)
    """
    given = list(expressions)
    leaves = 0
    for expression in given:
        for node in sp.preorder_traversal(expression):
            leaves += not node.args
            if leaves > _LEAVES * (operations + len(given)):
                return True
    return sum(int(e.count_ops()) for e in given) > operations
