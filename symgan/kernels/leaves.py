"""Leaves of expressions as SymPy writes them: its printers take long for a fraction."""

from __future__ import annotations

from typing import Any

import sympy as sp


def text(leaf: Any) -> str:
    """As `str`.

    >>> text(sp.Rational(-1, 3)), text(sp.Integer(2)), text(sp.pi)
    ('-1/3', '2', 'pi')
    """
    if not leaf.is_Rational:
        return str(leaf)
    return f"{leaf.p}" if leaf.q == 1 else f"{leaf.p}/{leaf.q}"


def code(leaf: Any) -> str:
    """As `sympy.srepr`.

    >>> code(sp.Rational(-1, 3)), code(sp.Integer(2)), code(sp.Symbol("x"))
    ('Rational(-1, 3)', 'Integer(2)', "Symbol('x')")
    """
    if not leaf.is_Rational:
        return sp.srepr(leaf)
    return f"Integer({leaf.p})" if leaf.q == 1 else f"Rational({leaf.p}, {leaf.q})"
