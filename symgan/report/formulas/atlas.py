r"""Cells of the atlas and rows of the table of steps."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Symbol

from symgan.atlas import Answer, Case, Cell, Method, StepRow
from symgan.report.formulas import formula
from symgan.report.formulas.spectral import best_row, characteristic, eigenvalues, end_row, verdicts
from symgan.report.formulas.writer import Writer, words
from symgan.results_discrete import Best


@formula.register
def _(case: Case, write: Writer) -> list[str]:
    return [rf"&{words(case.verdict)}{write.where(case.condition)}"]


@formula.register
def _(cell: Cell, write: Writer) -> list[str]:
    rows = [f"&{words(', '.join(cell.id.split(' | ')))}"]
    rows += verdicts(cell.cases, write) or write.says("verdict", words(cell.verdict))
    if cell.jacobian is not None:
        rows.append(f"v' &= {write(cell.jacobian)}")
    step = _step(cell)
    if not cell.continuous and cell.cases:
        rows += _steps(cell, step, write)
    if cell.eigenvalues:
        rows += eigenvalues(cell.eigenvalues, Symbol("lambda"), write)
    if cell.rate is not None:
        rows += write.equal(r"\max \operatorname{Re} \lambda", cell.rate)
    rows += [row for best in cell.best for row in best_row(best, step, write)]
    return [*rows, *write.says("note", words(cell.reason))] if cell.reason else rows


@formula.register
def _(answer: Answer, write: Writer) -> list[str]:
    rows = [f"J &= {write(answer.matrix)}"]
    if answer.polynomial is not None and answer.variable is not None:
        rows += characteristic(answer.polynomial, answer.variable, write)
        rows += eigenvalues(answer.eigenvalues, answer.variable, write)
    rows += verdicts(answer.cases, write)
    if answer.discrete and answer.step is not None:
        rows += _steps(answer, answer.step, write)
        rows += [row for end in answer.boundary for row in end_row(end, answer.step, write)]
        rows += [row for best in answer.best for row in best_row(best, answer.step, write)]
    return rows if not answer.failure else [*rows, *write.says("open", words(answer.failure))]


@formula.register
def _(method: Method, write: Writer) -> list[str]:
    return [f"&{words(method.title)}"]


@formula.register
def _(row: StepRow, write: Writer) -> list[str]:
    step = Symbol("eta", positive=True)
    rows = [f"&{words(f'{row.method.title} on {row.game}')}"]
    if row.open:
        return [*rows, *write.says("open", words(row.open))]
    rows += write.steps("stable", step, row.stable)
    rows += write.steps("marginal", step, row.marginal)
    if row.undecided is not sp.S.EmptySet:
        rows += write.steps("undecided", step, row.undecided)
    rows += [line for end in row.boundary for line in end_row(end, step, write)]
    for value, rate in row.best:
        found = Best(value, rate, sp.true, attained=value is not sp.oo)
        rows += best_row(found, step, write)
    return rows


def _steps(found: Any, step: Symbol, write: Writer) -> list[str]:
    rows = write.steps("stable", step, found.stable, found.stable_if)
    return [*rows, *write.steps("marginal", step, found.marginal, found.marginal_if)]


def _step(cell: Cell) -> Symbol:
    """The step as the cell's own conditions name it."""
    named = cell.stable_if.free_symbols | cell.marginal_if.free_symbols
    return next((s for s in named if str(s) == "eta"), Symbol("eta", positive=True))
