r"""`latex`: one function that prints games, systems and every result, by single dispatch."""

from __future__ import annotations

from functools import singledispatch
from importlib import import_module
from typing import Any

from sympy import Basic, MatrixBase, Set
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from symgan.report.expressions import aligned
from symgan.report.formulas.writer import Writer
from symgan.report.typesetting.lines import relation_rows

__all__ = ["formula", "latex", "renders"]

_HOMES = {
    "analysis": ("spectral", "solutions", "stability", "players", "matrices", "mixtures"),
    "atlas": ("atlas",),
    "audit": ("audits",),
    "certify": ("evidence",),
    "claims": ("evidence",),
    "f_divergences": ("distributions",),
    "game": ("systems",),
    "games": ("systems", "matrices"),
    "implicit": ("systems",),
    "kernels": ("kernels",),
    "laws": ("distributions",),
    "program": ("systems",),
    "results": ("spectral", "solutions"),
    "results_discrete": ("spectral", "stability"),
    "stats": ("statistics",),
    "sweep": ("statistics",),
    "system": ("systems",),
}
"""Part of the package -> the modules here that print its results, loaded when one is met."""


@singledispatch
def latex(obj: Any) -> str:
    r"""LaTeX of an object, without dollar signs, for a display.

    Prints SymPy expressions, games, systems and every result of a public function;
    `symgan.report.latex` adds the ledger and its entries. Algebraic numbers without a closed form
    get names, and clauses at the end that say which roots they are.

    Raises:
        TypeError: nothing is known about printing this type.

    >>> import sympy as sp
    >>> from symgan import Flow
    >>> x, y = sp.symbols("x y", real=True)
    >>> print(latex(Flow((x, y), (-y, x))))
    \left\{\begin{aligned}\dot{x} &= -y\\ \dot{y} &= x\end{aligned}\right.
    """
    write = Writer()
    rows = [*formula(obj, write), *write.clauses()]
    return rows[0].replace("&", "", 1) if len(rows) == 1 else aligned(rows)


@singledispatch
def formula(obj: Any, write: Writer) -> list[str]:
    r"""The rows of an object's display, aligned at their ``&``.

    Args:
        obj: what to print.
        write: prints its expressions, and remembers the roots that it has named.

    Raises:
        TypeError: nothing is known about printing this type.
    """
    if not renders(type(obj)):
        raise TypeError(f"no LaTeX form is known for {type(obj).__name__}")
    return formula(obj, write)


def renders(kind: type) -> bool:
    """Whether results of a type are printed; loads the module that prints them.

    >>> renders(int)
    False
    """
    part = [*kind.__module__.split("."), ""]
    homes = _HOMES.get(part[1], ()) if part[0] == "symgan" else ()
    for home in homes:
        import_module(f"symgan.report.formulas.{home}")
    return formula.dispatch(kind) is not formula.dispatch(object)


@formula.register(Basic)
@formula.register(MatrixBase)
@formula.register(Set)
def _(obj: Basic, write: Writer) -> list[str]:
    return [f"&{line}" for line in write.lines(obj)]


@formula.register(Boolean)
def _(obj: Boolean, write: Writer) -> list[str]:
    if isinstance(obj, Relational):
        return relation_rows(obj, write.printer)
    return [f"&{line}" for line in write.lines(obj)]
