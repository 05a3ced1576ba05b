"""Results in the terminal: titled sections of labeled lines, or the same as LaTeX."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from textwrap import TextWrapper
from typing import Any, ClassVar

import sympy as sp
from rich.text import Text
from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean
from sympy.printing.str import StrPrinter

from symgan.cli.console import output
from symgan.results import ClosedForm, Equilibrium, Spectrum, Stability
from symgan.system import Flow, Map

Rows = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Case:
    """A value, and the condition under which it stands."""

    condition: Boolean
    value: Expr


FITS = 76
"""Characters of a matrix row up to which it is printed as a row."""
UNBROKEN = 40
"""Characters up to which a product is kept on one line."""


def section(title: str, rows: Rows) -> None:
    """Print a section: a bold title, then a label and its text a line, wrapped to fit."""
    console, pairs = output(), list(rows)
    width = max((len(label) for label, _ in pairs), default=0)
    console.print(Text(title, style="bold"))
    for label, text in pairs:
        head = f"  {label:{width}}  " if width else "  "
        wrapper = _Wrapper(
            max(console.width, 40),
            initial_indent=head,
            subsequent_indent=" " * (len(head) + 2),
            break_on_hyphens=False,
        )
        for line in wrapper.wrap(text) or [head]:
            console.print(Text(line), soft_wrap=True)
    console.print()


class _Wrapper(TextWrapper):
    """Breaks lines at spaces, and long products after an operator."""

    def _split(self, text: str) -> list[str]:
        parts: list[str] = []
        for chunk in super()._split(text):
            long = len(chunk) > UNBROKEN
            parts += re.split(r"(?<=[*/])(?![*])", chunk) if long else [chunk]
        return parts


def latex_section(title: str, objects: Iterable[Any]) -> None:
    """Print a section as LaTeX: a comment, then a display an object."""
    from symgan.report.latex import latex

    print(f"% {title}")
    for item in objects:
        if isinstance(item, Case):
            always = item.condition is sp.true
            when = "" if always else rf" \quad\text{{for }} {latex(item.condition)}"
            print(rf"\[ a = {latex(item.value)}{when} \]")
        else:
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
    yield "polynomial", _descending(spectrum.polynomial, spectrum.variable)
    for value, multiplicity in spectrum.eigenvalues:
        yield "eigenvalue", f"{value}" + (f"  ({multiplicity} times)" if multiplicity > 1 else "")
    for regime in spectrum.regimes:
        yield from _cases(_verdict(regime.verdict, spectrum.discrete), regime.condition)
    yield from _cases("oscillates", spectrum.oscillates)


def lyapunov_rows(found: Iterable[Case]) -> Rows:
    """One line a condition: the coefficient a of ``r' = a r^3``, and what it says."""
    for case in found:
        condition, a = case.condition, case.value
        reads = "the next terms decide, or a symmetry or a first integral"
        if a.is_nonzero:
            reads = "a weak focus, stable where a < 0, unstable where a > 0"
            if a.is_negative or a.is_positive:
                reads = f"{'a stable' if a.is_negative else 'an unstable'} weak focus"
        elif a.is_zero is None:
            reads = "a weak focus where a is not 0, stable for a < 0"
        yield "", f"a = {a}" + ("" if condition is sp.true else f", {_when(condition)}")
        yield "", f"  {reads}"


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
            yield "  phase", str(form.phase[i])
        if form.growth[i]:
            yield "  growth", f"as {form.time ** form.growth[i]}"
    if form.omega is not None:
        yield "omega", f"{form.omega}, in amplitude*sin(omega*{form.time} + phase)"
    if form.generic is not sp.true:
        yield "where", _Conditions().doprint(form.generic)


def _verdict(verdict: Stability, discrete: bool) -> str:
    return "Schur" if discrete and verdict is Stability.STABLE else verdict.value


def _cases(label: str, condition: Boolean) -> Rows:
    """A condition on one line, its alternatives on a line each where there are more than two."""
    if not isinstance(condition, sp.Or) or len(condition.args) < 3:
        yield label, _when(condition)
        return
    for index, part in enumerate(sorted(condition.args, key=sp.default_sort_key)):
        yield ("", f"or {_when(part)[3:]}") if index else (label, _when(part))


def _descending(polynomial: Expr, variable: Symbol) -> str:
    """A polynomial by falling powers of its variable: ``s**2 + (p + 1)*s + 1``."""
    terms = []
    for (power,), coefficient in sp.Poly(polynomial, variable).terms():
        factor = f"({coefficient})" if coefficient.is_Add and power else str(coefficient)
        monomial = str(variable**power)
        shown = {1: monomial, -1: f"-{monomial}"}.get(coefficient, f"{factor}*{monomial}")
        terms.append(shown if power else factor)
    return " + ".join(terms).replace("+ -", "- ")


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
        parts = (
            f"({self._print(part)})" if isinstance(part, sp.And) else self._print(part)
            for part in sorted(expr.args, key=sp.default_sort_key)
        )
        return " or ".join(parts)

    def _print_Not(self, expr: Any) -> str:
        return f"not ({self._print(expr.args[0])})"
