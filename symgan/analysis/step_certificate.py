"""Certificates of step bounds: plain data for a second program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sympy import Expr

from symgan.analysis.linear_map import LinearMap
from symgan.analysis.schur import Cleared

if TYPE_CHECKING:
    from symgan.analysis.step_numeric import NumericAnswer
    from symgan.analysis.step_parametric import ParametricAnswer


def numeric_certificate(system: LinearMap, found: NumericAnswer, factor: Expr) -> dict[str, Any]:
    """The matrix, the ends as isolated roots, and one rational step between each two."""
    cells = []
    for cell in found.cells:
        entry: dict[str, Any] = {"status": cell.status.name.lower()}
        if cell.sample is not None:
            entry["step"] = str(cell.sample)
        else:
            assert cell.low is not None
            entry["root"] = {
                "polynomial": str(cell.low.polynomial.as_expr()),
                "low": str(cell.low.low),
                "high": str(cell.low.high),
            }
        cells.append(entry)
    data: dict[str, Any] = {
        "kind": "step-bound",
        "step": str(system.symbol),
        "matrix": [[str(e) for e in row] for row in system.matrix.tolist()],
        "step_factor": str(factor),
        "cells": cells,
    }
    if found.best is not None:
        data["best"] = {
            "radius_above": str(found.best.radius),
            "step": str(found.best.sample),
            "rate_polynomial": str(found.best.rate.polynomial.as_expr()),
        }
    return data


def parametric_certificate(system: LinearMap, found: ParametricAnswer) -> dict[str, Any]:
    """The matrix, the factors of its characteristic polynomial, what must all be positive."""
    factors = zip(system.factors, found.expressions, strict=True)
    return {
        "kind": "step-conditions",
        "step": str(system.symbol),
        "matrix": [[str(e) for e in row] for row in system.matrix.tolist()],
        "factors": [_factor(system.cleared(g), m, positive) for (g, m), positive in factors],
    }


def _factor(factor: Cleared, multiplicity: int, positive: tuple[Expr, ...]) -> dict[str, Any]:
    return {
        "coefficients": [str(factor.expression(c)) for c in factor.entries],
        "multiplicity": multiplicity,
        "positive": [str(e) for e in positive],
    }
