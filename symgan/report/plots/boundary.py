"""The boundary of a condition in two parameters, from the exact formulas of its relations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray
from sympy import Expr, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from symgan.errors import Undecided
from symgan.kernels import compile
from symgan.report.plots.curves import Curve, Window, zero_set

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
BESIDE = 1e-5
"""How far beside a curve the condition is asked for, as a part of the window."""


def truth(condition: Boolean, values: Mapping[Symbol, Floats]) -> Bools:
    """Where a condition holds, in double precision.

    Args:
        condition: relations joined by and, or, not.
        values: symbol -> array; arrays broadcast.

    Raises:
        Undecided: something else than comparisons.

    >>> a = Symbol("a", real=True)
    >>> truth((a > 0) & (a < 2), {a: np.array([-1.0, 1.0, 3.0])}).tolist()
    [False, True, False]
    """
    shape = np.broadcast_shapes(*(np.shape(array) for array in values.values()))
    if condition in (sp.true, sp.false):
        return np.full(shape, condition is sp.true)
    if isinstance(condition, sp.And | sp.Or):
        fold: Any = np.logical_and if isinstance(condition, sp.And) else np.logical_or
        return fold.reduce([truth(part, values) for part in condition.args])
    if isinstance(condition, sp.Not):
        return ~truth(condition.args[0], values)
    if not isinstance(condition, Relational):
        raise Undecided(f"a boundary is drawn of comparisons, not of {type(condition).__name__}")
    return np.broadcast_to(_compared(condition, values), shape)


def boundary(condition: Boolean, x: Symbol, y: Symbol, window: Window) -> tuple[Curve, ...]:
    """The curves in a window across which a condition changes.

    Each relation vanishes on curves with exact formulas, or on a contour; of these, the points
    are kept beside which the whole condition holds on one side and fails on the other.

    >>> a, b = sp.symbols("a b", real=True)
    >>> found = boundary((a > 0) & (b > a), a, b, ((-1, 1), (-1, 1)))
    >>> [(curve.formula, curve.pieces[0].min(axis=0).round(2).tolist()) for curve in found]
    [(Eq(a, 0), [0.0, 0.0]), (Eq(a, b), [0.0, 0.0])]
    """
    found = []
    for relation in sorted(condition.atoms(Relational), key=sp.default_sort_key):
        if isinstance(relation, sp.Eq | sp.Ne):
            continue  # holds, or fails, on a line only
        for curve in zero_set(relation.lhs - relation.rhs, x, y, window):
            pieces = tuple(
                part for piece in curve.pieces for part in _kept(condition, piece, x, y, window)
            )
            if pieces:
                found.append(Curve(pieces, curve.formula))
    return tuple(found)


def _kept(
    condition: Boolean, piece: Floats, x: Symbol, y: Symbol, window: Window
) -> Iterator[Floats]:
    """The runs of a polyline with the condition on one side of it only."""
    scale = np.array([high - low for low, high in window])
    along = np.gradient(piece / scale, axis=0)
    with np.errstate(invalid="ignore"):
        across = along[:, ::-1] * [-1, 1] / np.sqrt((along**2).sum(axis=1, keepdims=True))
    one, other = (
        truth(condition, {x: side[:, 0], y: side[:, 1]})
        for side in (piece + BESIDE * scale * across, piece - BESIDE * scale * across)
    )
    turning = one != other
    cuts = np.flatnonzero(np.diff(turning)) + 1
    for run in np.split(np.arange(len(piece)), cuts):
        if turning[run[0]] and len(run) > 1:
            yield piece[run]


def _compared(relation: Any, values: Mapping[Symbol, Floats]) -> Any:
    """Whether a relation holds; not where a side is no number."""
    gap: Expr = relation.lhs - relation.rhs
    kernel = compile(gap, arguments=tuple(values), backend="numpy")
    with np.errstate(all="ignore"):
        found = kernel(dict(values), workers=1)
    compare: Any = {
        sp.StrictGreaterThan: np.greater,
        sp.GreaterThan: np.greater_equal,
        sp.StrictLessThan: np.less,
        sp.LessThan: np.less_equal,
        sp.Equality: np.equal,
        sp.Unequality: np.not_equal,
    }[type(relation)]
    return compare(found, 0.0)
