"""Results in the terminal: titled sections of labeled lines, or the same as LaTeX."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap
from typing import Any, ClassVar

import sympy as sp
from rich.text import Text
from sympy import Expr
from sympy.logic.boolalg import Boolean
from sympy.printing.str import StrPrinter

from symgan.cli.console import output
from symgan.results import ClosedForm, Equilibrium, Spectrum, Stability
from symgan.system import Flow, Map

Rows = Iterable[tuple[str, str]]
FITS = 76
"""Characters of a matrix row up to which it is printed as a row."""


def section(title: str, rows: Rows) -> None:
    """Print a section: a bold title, then a label and its text a line, wrapped to fit."""
    console, pairs = output(), list(rows)
    width = max((len(label) for label, _ in pairs), default=0)
    console.print(Text(title, style="bold"))
    for label, text in pairs:
        head = f"  {label:{width}}  " if width else "  "
        fitted = wrap(
            text,
            max(console.width, 40),
            initial_indent=head,
            subsequent_indent=" " * (len(head) + 2),
            break_on_hyphens=False,
        )
        for line in fitted or [head]:
            console.print(Text(line), soft_wrap=True)
    console.print()


def latex_section(title: str, objects: Iterable[Any]) -> None:
    """Print a section as LaTeX: a comment, then a display an object."""
    from symgan.report.latex import latex

    print(f"% {title}")
    for item in objects:
        print(rf"\[ {latex(item)} \]")
    print()


def system_rows(system: Flow | Map) -> Rows:
    """One line a state symbol: ``theta' = ...`` for a flow, ``theta+ = ...`` for a map."""
    mark = "'" if isinstance(system, Flow) else "+"
    for symbol, rhs in zip(system.state, system.rhs, strict=True):
        yield f"{symbol}{mark}", f"= {rhs}"


def matrix_rows(matrix: sp.Matrix) -> Rows:
    """One line a row of the matrix where it fits, else one line an entry."""
    cells = [[str(matrix[i, j]) for j in range(matrix.cols)] for i in range(matrix.rows)]
    widths = [max(len(row[j]) for row in cells) for j in range(matrix.cols)]
    if sum(widths) + 2 * len(widths) > FITS:
        for i, row in enumerate(cells, 1):
            yield from ((f"[{i}, {j}]", cell) for j, cell in enumerate(row, 1))
        return
    for row in cells:
        yield "", "[" + "  ".join(c.rjust(w) for c, w in zip(row, widths, strict=True)) + "]"


def equilibrium_rows(equilibria: Iterable[Equilibrium]) -> Rows:
    """One line an equilibrium: its values, what is free, and where it exists."""
    for equilibrium in equilibria:
        yield "", place(equilibrium)


def place(equilibrium: Equilibrium) -> str:
    """The values of an equilibrium, what is free, and where it exists, on one line."""
    values = [f"{s} = {v}" for s, v in equilibrium.point.items() if s != v]
    free = f"any {', '.join(map(str, equilibrium.free))}" if equilibrium.free else ""
    where = "" if equilibrium.condition is sp.true else f", {_when(equilibrium.condition)}"
    return ", ".join([*values, *([free] if free else [])]) + where


def spectrum_rows(spectrum: Spectrum) -> Rows:
    """Polynomial, eigenvalues, verdicts with their conditions."""
    yield "polynomial", str(spectrum.polynomial)
    for value, multiplicity in spectrum.eigenvalues:
        yield "eigenvalue", f"{value}" + (f"  ({multiplicity} times)" if multiplicity > 1 else "")
    for regime in spectrum.regimes:
        yield _verdict(regime.verdict, spectrum.discrete), _when(regime.condition)
    yield "oscillates", _when(spectrum.oscillates)


def conserved_rows(found: Iterable[Expr]) -> Rows:
    """One line a conserved quantity."""
    for quantity in found:
        yield "", f"{quantity} = const."


def closed_form_rows(form: ClosedForm) -> Rows:
    """The solution of each component, and what of it stays, decays, persists and grows."""
    parts = ("center", "transient", "oscillatory", "secular")
    for i, symbol in enumerate(form.state):
        yield f"L[{symbol}]({form.frequency})", f"= {form.laplace[i]}"
        yield f"{symbol}({form.time})", f"= {form.solution[i]}"
        for part in parts:
            value = getattr(form, part)[i]
            if value != 0 and value != form.solution[i]:
                yield f"  {part}", str(value)
        if form.amplitude[i] not in (None, 0):
            yield "  amplitude", str(form.amplitude[i])
        if form.growth[i]:
            yield "  growth", f"{form.time}**{form.growth[i]}"
    if form.omega is not None:
        yield "omega", str(form.omega)
    if form.generic is not sp.true:
        yield "where", _Conditions().doprint(form.generic)


def _verdict(verdict: Stability, discrete: bool) -> str:
    return "Schur" if discrete and verdict is Stability.STABLE else verdict.value


def _when(condition: Boolean) -> str:
    if condition is sp.true:
        return "always"
    return "never" if condition is sp.false else f"if {_Conditions().doprint(condition)}"


class _Conditions(StrPrinter):
    """Conditions in words: ``a != 0 and (b < 1 or b = 2)``."""

    _SIGNS: ClassVar = {"==": "=", "!=": "!="}

    def _print_Relational(self, expr: Any) -> str:
        sign = self._SIGNS.get(expr.rel_op, expr.rel_op)
        return f"{self._print(expr.lhs)} {sign} {self._print(expr.rhs)}"

    def _print_And(self, expr: Any) -> str:
        parts = (
            f"({self._print(part)})" if isinstance(part, sp.Or) else self._print(part)
            for part in sorted(expr.args, key=sp.default_sort_key)
        )
        return " and ".join(parts)

    def _print_Or(self, expr: Any) -> str:
        return " or ".join(map(self._print, sorted(expr.args, key=sp.default_sort_key)))

    def _print_Not(self, expr: Any) -> str:
        return f"not ({self._print(expr.args[0])})"
