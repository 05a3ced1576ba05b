r"""The hand that writes one result: names, variables, and the roots it has named so far."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sympy as sp
from sympy import Expr, Set, Symbol
from sympy.logic.boolalg import Boolean

from symgan.report.expressions import aligned, labeled
from symgan.report.typesetting.conditions import isolated, membership
from symgan.report.typesetting.lines import LINE, broken
from symgan.report.typesetting.printer import MathPrinter, Names
from symgan.report.typesetting.roots import Roots
from symgan.report.typesetting.tight import fenced
from symgan.report.typesetting.width import nested_fractions, width

NESTED = 12
"""What a fraction inside a fraction costs, in widths of a letter."""

_SIGNS = {"<": "<", ">": ">", "|": "|", "\\": r"\backslash", "~": r"\sim", "^": r"\wedge"}

LARGE = 400
"""Operations beyond which no shorter form of an expression is looked for."""


class Writer:
    """Prints the expressions of one result.

    Args:
        names: symbol -> LaTeX, where a symbol prints differently from its name.
        variables: the symbols that vary, in their order.
        roots: the names of algebraic numbers, shared by the parts of a result.
    """

    def __init__(
        self,
        names: Names | None = None,
        variables: Sequence[Symbol] = (),
        roots: Roots | None = None,
    ) -> None:
        self.roots = Roots() if roots is None else roots
        self.printer = MathPrinter(names, variables, self.roots)

    def of(self, variables: Sequence[Symbol], names: Names | None = None) -> Writer:
        """The same hand with other variables and names."""
        return Writer(names, variables, self.roots)

    def __call__(self, expr: Any) -> str:
        """One line."""
        return self.printer.doprint(sp.sympify(expr))

    def lines(self, expr: Any, room: float = LINE) -> list[str]:
        """As many lines as an expression needs."""
        return broken(sp.sympify(expr), self.printer, room)

    def equal(self, left: str, right: Any, sign: str = "=") -> list[str]:
        """Rows: what stands on the left, a sign, the shorter way to write the right side."""
        return labeled(left, self.shorter(right), self.printer, sign)

    def shorter(self, expr: Any) -> Any:
        """The expression, or an equal one that reads better.

        Common factors are pulled out where that is shorter, and fractions joined where some
        stand inside others.
        """
        expr = sp.sympify(expr)
        if isinstance(expr, sp.MatrixBase):
            return expr.applyfunc(self.shorter)
        if not isinstance(expr, Expr) or expr.has(sp.Piecewise) or expr.count_ops() > LARGE:
            return expr
        found = [expr, sp.factor_terms(expr)]
        if self(expr).count(r"\frac") > 1:
            found.append(sp.together(expr))
        return min(found, key=self._cost)

    def _cost(self, expr: Any) -> float:
        """The width, and something for each fraction that stands inside another."""
        latex = self(expr)
        return width(latex) + 2 * latex.count(r"\frac") + NESTED * nested_fractions(latex)

    def iff(self, label: str, condition: Boolean) -> list[str]:
        """Rows: what holds, and exactly when."""
        if condition is sp.true:
            return [rf"\text{{{label}:}} &\text{{ always}}"]
        if condition is sp.false:
            return [rf"\text{{{label}:}} &\text{{ never}}"]
        first, *rest = self.lines(isolated(condition), LINE - len(label) - 6)
        return [rf"\text{{{label}}} &\iff {first}", *(rf"&\qquad {line}" for line in rest)]

    def steps(self, label: str, symbol: Symbol, found: Set, condition: Any = None) -> list[str]:
        """Rows: for which values of a symbol something holds; the set, or a condition instead."""
        if found is sp.S.EmptySet:
            return [rf"\text{{{label}:}} &\text{{ for no }} {self(symbol)}"]
        if found == sp.Interval.open(0, sp.oo):
            return [rf"\text{{{label}:}} &\text{{ for every }} {self(symbol)} > 0"]
        if isinstance(found, sp.ConditionSet) and condition is not None:
            return self.iff(label, condition)
        text = membership(symbol, found, self.printer.doprint)
        if width(text) + len(label) > LINE:
            return self.iff(label, found.as_relational(symbol))
        return [rf"\text{{{label}}} &\iff {text}"]

    def says(self, label: str, text: str) -> list[str]:
        """A row: a word and what stands for it; its sign is none between two terms."""
        text = f"{{-}}{text[1:]}" if text.startswith("-") else text
        return [rf"\text{{{label}:}} &\quad {text}"]

    def where(self, condition: Boolean) -> str:
        """A condition behind what it is a condition of; empty where it always holds."""
        if condition is sp.true:
            return ""
        if condition is sp.false:
            return r"\quad\text{never}"
        return rf"\quad\text{{for }} {self(isolated(condition))}"

    def point(self, point: Mapping[Any, Any]) -> str:
        r"""``(x, y) = (0, 1)``, or ``x = 0`` for one symbol."""
        return f"{self.tuple(point)} = {self.tuple(point.values())}"

    def tuple(self, values: Iterable[Any]) -> str:
        """Values in parentheses, or the only one."""
        texts = [self(value) for value in values]
        return texts[0] if len(texts) == 1 else fenced("(", ", ".join(texts), ")")

    def clauses(self) -> list[str]:
        """A row for each root that has got a name."""
        head = r"\text{where } "
        return [
            rf"&{head if number == 0 else ''}{name} = {text}"
            for number, (name, text) in enumerate(self.roots.clauses(MathPrinter().doprint))
        ]


def braced(rows: list[str]) -> list[str]:
    """Rows behind one brace, as the one row that they become."""
    if len(rows) == 1:
        return rows
    return [rf"&\left\{{{aligned(rows)}\right."]


def inside(rows: list[str]) -> str:
    """Rows as one formula for the inside of another."""
    return rows[0].replace("&", "", 1) if len(rows) == 1 else aligned(rows)


def signed(text: str) -> str:
    """A term with its sign, as what follows another one."""
    return f"- {text[1:].lstrip()}" if text.startswith("-") else f"+ {text}"


def words(text: Any) -> str:
    r"""Plain text inside a formula; signs that text fonts lack stand between its pieces.

    >>> print(words("a_1 < 50 %"))
    \text{a\_1 } < \text{ 50 \%}
    """
    from symgan.report.prose import escape

    pieces = re.split(r"([<>|\\~^])", str(text))
    return " ".join(
        _SIGNS.get(piece, rf"\text{{{escape(piece).replace('{-}', '-')}}}")
        for piece in pieces
        if piece
    )
