r"""SymPy expressions as a mathematician would write them.

One printer serves every rendering: the LaTeX document, the page's MathML and the labels
of figures. Its rules stand in `symgan.report.typesetting`.
"""

from __future__ import annotations

from collections.abc import Sequence

from sympy import And, Basic, Expr, Symbol
from sympy.core.relational import Relational

from symgan.report.typesetting.lines import LINE, broken, relation_rows
from symgan.report.typesetting.printer import MathPrinter, Names
from symgan.report.typesetting.tight import tighten
from symgan.report.typesetting.width import width

__all__ = ["LINE", "Names", "aligned", "display", "equation", "expression", "tighten"]


def expression(expr: Basic, names: Names | None = None, variables: Sequence[Symbol] = ()) -> str:
    r"""LaTeX of an expression, relation, condition or set, on one line.

    Args:
        expr: any SymPy object.
        names: symbol -> LaTeX, where a symbol prints differently from its name.
        variables: what varies, in its order, where names of symbols do not say it.

    >>> import sympy as sp
    >>> theta, alpha_r, eta, t, T = sp.symbols("theta alpha_r eta t T")
    >>> print(expression(theta - alpha_r), expression(1 - eta), expression(sp.exp(-t/T)))
    \theta - \alpha_r 1 - \eta e^{-t/T}
    >>> print(expression(sp.And(0 < eta, eta < 2)))
    0 < \eta < 2
    """
    return MathPrinter(names, variables).doprint(expr)


def display(expr: Basic, names: Names | None = None) -> str:
    r"""LaTeX for a display: as `expression`, but what is long is broken into lines.

    >>> import sympy as sp
    >>> x, y = sp.symbols("x y")
    >>> print(display(sp.And(sp.Eq(x, 1), sp.Eq(y, 2), evaluate=False)))
    \begin{aligned}x &= 1\\ y &= 2\end{aligned}
    """
    rows = _rows(expr, MathPrinter(names))
    return expression(expr, names) if len(rows) == 1 else aligned(rows)


def equation(left: str, right: Basic, names: Names | None = None) -> list[str]:
    r"""Rows for `aligned` that say ``left = right``, a long right side on several.

    >>> import sympy as sp
    >>> equation("y", sp.Symbol("x") + 1)
    ['y &= x + 1']
    """
    return labeled(left, right, MathPrinter(names))


def labeled(left: str, right: Basic, printer: MathPrinter, sign: str = "=") -> list[str]:
    r"""Rows for `aligned`: what stands on the left, a sign, and an expression in lines."""
    first, *rest = broken(right, printer, max(LINE - width(left) - 3, LINE / 2))
    return [f"{left} &{sign} {first}", *(rf"&\quad {line}" for line in rest)]


def aligned(rows: list[str]) -> str:
    r"""Rows, aligned at their ``&``.

    >>> print(aligned(["x &= 1", "y &= 2"]))
    \begin{aligned}x &= 1\\ y &= 2\end{aligned}
    """
    return r"\begin{aligned}" + r"\\ ".join(rows) + r"\end{aligned}"


def _rows(expr: Basic, printer: MathPrinter) -> list[str]:
    if isinstance(expr, And) and _is_list(expr):
        return [row for part in expr.args for row in _rows(part, printer)]
    if isinstance(expr, Relational):
        return relation_rows(expr, printer)
    return [f"&{line}" for line in broken(expr, printer)]


def _is_list(expr: Expr) -> bool:
    """Whether a conjunction is a list of statements rather than of bounds."""
    return len(expr.args) > 1 and any(
        not isinstance(part, Relational) or part.rel_op == "==" for part in expr.args
    )
