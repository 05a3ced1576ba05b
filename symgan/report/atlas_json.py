"""The atlas as JSON for machines: exact values as text and LaTeX, shared problems once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sympy import Basic, Set

from symgan.atlas import Answer, Cell, summary
from symgan.report.formulas import latex
from symgan.report.json import plain


def to_json(cells: tuple[Cell, ...]) -> dict[str, Any]:
    """The atlas in JSON types.

    Keys: ``summary``, ``cells`` (one object a cell) and ``problems`` (name -> the linear problem
    that cells with this ``problem`` share, in its canonical symbols; a cell's ``scales`` say
    what they stand for).

    >>> to_json(())
    {'summary': {'cells': 0, 'verdicts': {}, 'undecided': 0}, 'cells': [], 'problems': {}}
    """
    problems = {c.problem: c.answer for c in cells if c.answer is not None and c.problem}
    return {
        "summary": {
            "cells": len(cells),
            "verdicts": summary(cells),
            "undecided": sum(cell.undecided for cell in cells),
        },
        "cells": [_cell(cell) for cell in cells],
        "problems": {name: _answer(answer) for name, answer in problems.items()},
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "id": cell.id,
        "game": cell.game,
        "loss": cell.loss,
        "regularizer": cell.regularizer,
        "rule": cell.rule,
        "time": "continuous" if cell.continuous else "discrete",
        "verdict": cell.verdict.value,
        "cases": [
            {"verdict": c.verdict.value, "condition": _expression(c.condition)} for c in cell.cases
        ],
        "reason": cell.reason,
        "problem": cell.problem,
        "scales": _texts(cell.scales),
        "equilibrium": _texts(cell.equilibrium),
        "jacobian": None if cell.jacobian is None else _rows(cell.jacobian),
        "stable": _steps(cell, cell.stable),
        "stable_if": _condition(cell, cell.stable_if),
        "marginal": _steps(cell, cell.marginal),
        "marginal_if": _condition(cell, cell.marginal_if),
        "best": [
            {
                "step": _expression(b.step),
                "rate": _expression(b.rate),
                "condition": _expression(b.condition),
                "attained": b.attained,
            }
            for b in cell.best
        ],
        "rate_an_update": [_expression(rate) for rate in cell.rate_an_update],
        "eigenvalues": [{"value": _expression(v), "multiplicity": m} for v, m in cell.eigenvalues],
        "abscissa": _expression(cell.rate),
        "updates": cell.updates,
        "evidence": list(cell.evidence),
        "certificate": plain(cell.certificate, f"{cell.id}: certificate"),
        "seconds": round(cell.seconds, 3),
    }


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "matrix": _rows(answer.matrix),
        "time": "discrete" if answer.discrete else "continuous",
        "polynomial": _expression(answer.polynomial),
        "variable": None if answer.variable is None else str(answer.variable),
        "cases": [
            {"verdict": c.verdict.value, "condition": _expression(c.condition)}
            for c in answer.cases
        ],
        "boundary": [
            {
                "step": _expression(b.step),
                "edge": b.edge.value,
                "condition": _expression(b.condition),
            }
            for b in answer.boundary
        ],
        "sample": _texts(answer.sample),
        "tangent": answer.tangent,
        "failure": answer.failure,
        "certificate": plain(answer.certificate, "certificate"),
        "seconds": round(answer.seconds, 3),
    }


def _rows(matrix: Any) -> list[list[str]]:
    return [[str(entry) for entry in row] for row in matrix.tolist()]


def _texts(values: Mapping[Any, Any]) -> dict[str, str]:
    return {str(symbol): str(value) for symbol, value in values.items()}


def _steps(cell: Cell, found: Set) -> dict[str, str] | None:
    return _expression(found) if _has_steps(cell) else None


def _condition(cell: Cell, found: Basic) -> dict[str, str] | None:
    return _expression(found) if _has_steps(cell) else None


def _has_steps(cell: Cell) -> bool:
    return cell.answer is not None and cell.answer.discrete and not cell.answer.failure


def _expression(obj: Basic | None) -> dict[str, str] | None:
    return None if obj is None else dict(zip(("text", "latex"), _printed(obj), strict=True))


@lru_cache(maxsize=1 << 15)
def _printed(obj: Basic) -> tuple[str, str]:
    """Text and LaTeX; printing takes longer than anything else here, and cells share much."""
    return str(obj), latex(obj)
