"""Where the sides of a typed formula are real: its symbols are, and so its values are meant to be.

SymPy's roots and logarithms of negative numbers are complex, and equations between them are
decided as such. A typed formula claims nothing there, as it claims nothing of a division by zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp
from sympy import Basic
from sympy.core.relational import Relational


def real_where(statement: Basic) -> tuple[Relational, ...]:
    """The conditions under which the roots, powers and logarithms of a statement are real.

    Those of symbols that an integral or a sum binds are left out, and those that always hold.

    >>> x = sp.Symbol("x", real=True)
    >>> real_where(sp.Eq(sp.log(x**2), 2*sp.log(x), evaluate=False))
    (x**2 > 0, x > 0)
    """
    found: dict[Relational, None] = {}
    for node in sp.preorder_traversal(statement):
        if not node.free_symbols <= statement.free_symbols:
            continue
        condition = _condition(node)
        if isinstance(condition, Relational):
            found[condition] = None
    return tuple(sorted(found, key=lambda r: (-r.count_ops(), str(r))))


def _condition(node: Any) -> Any:
    if isinstance(node, sp.log):
        return sp.Gt(node.args[0], 0)
    if not isinstance(node, sp.Pow) or node.exp.is_integer or node.base == sp.E:
        return None
    if node.exp.is_Rational and node.exp.is_positive:
        return sp.Ge(node.base, 0)
    return sp.Gt(node.base, 0)


def is_real_at(statement: Basic, witness: Mapping[Any, Any] | None) -> bool:
    """Whether a witness against one relation, or one implication, lies where these are met.

    A conjunction may be false in one part and not real in another: it stays as it is.
    """
    relations = (Relational,)
    single = isinstance(statement, relations) or (
        isinstance(statement, sp.Implies) and all(isinstance(a, relations) for a in statement.args)
    )
    if not single or witness is None:
        return True
    values = {symbol.name: value for symbol, value in witness.items()}
    for condition in real_where(statement):
        place = {s: values[s.name] for s in condition.free_symbols if s.name in values}
        if condition.subs(place) == sp.false:
            return False
    return True
