r"""Curves :math:`p(x, y) = 0` in a window: nullclines and switching surfaces.

An expression is factored. A factor linear in one of the symbols is a graph, drawn from its exact
formula; any other one is traced as the zero contour of its kernel.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import sympy as sp
from numpy.typing import NDArray
from sympy import Expr, Symbol

from symgan.analysis.cells import cells, signed_factors
from symgan.kernels import compile

Floats = NDArray[np.float64]
Window = tuple[tuple[float, float], tuple[float, float]]
"""The ends of both axes."""

POINTS = 1201
GRID = 401
AREA = 0.01
"""What vanishes at more than this part of the nodes does so on a region: it has no curve."""
SWITCHES = (sp.Piecewise, sp.Abs, sp.Max, sp.Min, sp.Heaviside, sp.sign)


@dataclass(frozen=True, eq=False)
class Curve:
    """A part of a zero set.

    Attributes:
        pieces: polylines, arrays (k, 2).
        formula: the exact equation of a graph; None for a contour.
    """

    pieces: tuple[Floats, ...]
    formula: Expr | None = None


def zero_set(expression: Expr, x: Symbol, y: Symbol, window: Window) -> tuple[Curve, ...]:
    """The curves in a window on which an expression vanishes.

    Factors that cannot vanish, and expressions that vanish everywhere, have none.

    >>> a, b = sp.symbols("a b", real=True)
    >>> [curve.formula for curve in zero_set(a * (b - a**2), a, b, ((-1, 1), (-1, 1)))]
    [Eq(a, 0), Eq(b, a**2)]
    """
    curves = (_curve(factor, x, y, window) for factor in _factors(expression, x, y))
    return tuple(curve for curve in curves if curve.pieces)


def guards(expressions: Sequence[Expr]) -> tuple[Expr, ...]:
    """The expressions whose signs decide which branch holds.

    >>> a = sp.Symbol("a", real=True)
    >>> guards([abs(a - 1)])
    (a - 1,)
    """
    if not any(e.has(*SWITCHES) for e in expressions):
        return ()
    found = (guard for cell in cells(expressions) for guard in cell.signs)
    return tuple(dict.fromkeys(found))


def field_on(
    expressions: Sequence[Expr], x: Symbol, y: Symbol, across: Floats, up: Floats
) -> Floats:
    """Values of expressions on a grid, array (len(up), len(across), number of expressions)."""
    kernel = compile(tuple(expressions), arguments=(x, y), backend="numpy")
    with np.errstate(all="ignore"):  # what has no value is left out of the figure
        return kernel({x: across[None, :], y: up[:, None]}, workers=1)


def _factors(expression: Expr, x: Symbol, y: Symbol) -> Iterator[Expr]:
    if not expression.free_symbols & {x, y}:
        return
    if expression.has(*SWITCHES):
        yield expression
        return
    for base, power in signed_factors(expression)[1]:
        if power > 0 and base.free_symbols & {x, y}:
            yield base


def _curve(factor: Expr, x: Symbol, y: Symbol, window: Window) -> Curve:
    for index, (solved, along) in enumerate(((x, y), (y, x))):
        formula = _solved(factor, solved, along)
        if formula is not None:
            free, bound = (window[1], window[0]) if index == 0 else window
            pieces = tuple(_graph(formula, along, free, bound))
            order = (1, 0) if index == 0 else (0, 1)
            return Curve(tuple(p[:, order] for p in pieces), sp.Eq(solved, formula))
    across, up = (np.linspace(*ends, GRID) for ends in window)
    values = field_on([factor], x, y, across, up)[..., 0]
    if (values == 0).mean() > AREA:
        return Curve(())
    return Curve(tuple(contour(across, up, values)))


def _solved(factor: Expr, symbol: Symbol, other: Symbol) -> Expr | None:
    """The symbol in terms of the other one, where the factor is linear in it."""
    if factor.has(*SWITCHES) or not factor.is_polynomial(symbol):
        return None
    polynomial = sp.Poly(factor, symbol)
    if polynomial.degree() != 1:
        return None
    slope, rest = polynomial.all_coeffs()
    found = sp.cancel(-rest / slope) if factor.is_polynomial(other) else -rest / slope
    return found


def _graph(
    formula: Expr, along: Symbol, free: tuple[float, float], bound: tuple[float, float]
) -> Iterator[Floats]:
    """Pieces (k, 2) of a graph, the argument first; cut far outside and at poles."""
    places = np.linspace(*free, POINTS)
    with np.errstate(all="ignore"):  # poles are cut below
        kernel = compile(formula, arguments=(along,), backend="numpy")
        values = kernel({along: places}, workers=1)
    height = bound[1] - bound[0]
    inside = (values > bound[0] - height) & (values < bound[1] + height)  # false where it is NaN
    with np.errstate(invalid="ignore"):
        jump = np.abs(np.diff(values, prepend=values[:1])) > height
    breaks = np.flatnonzero(~inside | jump)
    for piece in np.split(np.arange(POINTS), breaks):
        kept = piece[inside[piece]]
        if len(kept) > 1:
            yield np.stack([places[kept], values[kept]], axis=-1)


def contour(across: Floats, up: Floats, values: Floats, level: float = 0.0) -> list[Floats]:
    """Polylines (k, 2) of a level, from values (len(up), len(across)); none where they are NaN."""
    from contourpy import contour_generator

    lines = contour_generator(across, up, np.ma.masked_invalid(values)).lines(level)
    return [np.asarray(line, dtype=float) for line in lines]
