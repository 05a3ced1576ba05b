r"""Evidence that a function is positive definite and does not grow: per cell, from products.

Every piece is plain data that `symgan.certify.recheck` checks again: sums of products of the
cell's own inequalities (`symgan.certify.positive`), completed squares with pivots of proved sign,
or an exact point at which a claim fails.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp
from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from symgan.analysis.cells import Cell
from symgan.certify.certificate import witness_data
from symgan.certify.decide import decide
from symgan.certify.identity import is_zero
from symgan.certify.positive import prove
from symgan.differentiation import diff
from symgan.errors import Undecided

Data = Mapping[str, Any]


def nonincreasing(cells: Sequence[Cell], given: Boolean) -> list[Data] | None:
    """That the cells' values are not positive; None where one is not proved."""
    found = [proved(cell.values[0] <= 0, sp.And(cell.region, given)) for cell in cells]
    return None if None in found else [data for data in found if data]


def proved(statement: Boolean, given: Boolean) -> Data | None:
    """A certificate; empty where nothing has to be shown, None where none was found."""
    if statement is sp.true or given is sp.false:
        return {}
    try:
        return prove(statement, given)
    except Undecided:
        return None


def positive_definite(
    cells: Sequence[Cell], state: Sequence[Symbol], given: Boolean
) -> list[Data] | None:
    """That the cells' values are positive off the origin; None where one is not proved."""
    somewhere = sp.Or(*(sp.Ne(x, 0) for x in state))
    found: list[Data] = []
    for cell in cells:
        data = squares(cell.values[0], state, given)
        if data is None:
            single = proved(cell.values[0] > 0, sp.And(cell.region, given, somewhere))
            data = None if single is None else [single]
        if data is None:
            return None
        found += data
    return [data for data in found if data]


def squares(form: Expr, state: Sequence[Symbol], given: Boolean) -> list[Data] | None:
    r"""A quadratic form as :math:`\sum_i d_i \ell_i^2`, with evidence that all pivots are positive.

    Returns:
        Certificates of the identity and of each pivot's sign; None where the value is no
        quadratic form or a pivot is not proved positive.
    """
    split = complete_squares(form, state)
    if split is None:
        return None
    whole = sp.Add(*(pivot * line**2 for pivot, line in split))
    identity = is_zero(form - whole)
    if not identity.holds:
        return None
    signs = [decide(sp.Gt(pivot, 0), given) for pivot, _ in split if not pivot.is_positive]
    if not all(sign.holds for sign in signs):
        return None
    return [identity.certificate, *(sign.certificate for sign in signs)]


def complete_squares(form: Expr, state: Sequence[Symbol]) -> list[tuple[Expr, Expr]] | None:
    """Pivots and lines of a quadratic form, one a state symbol; None if a pivot vanishes.

    >>> x, y, a = sp.symbols("x y a", real=True)
    >>> complete_squares(x**2 - a*x*y + y**2, (x, y))
    [(1, -a*y/2 + x), (1 - a**2/4, y)]
    """
    rest, found = sp.expand(form), []
    if not rest.is_polynomial(*state) or not _is_quadratic(rest, state):
        return None
    for x in state:
        pivot = sp.cancel(rest.coeff(x, 2))
        if pivot == 0:
            return None
        line = sp.expand(sp.cancel(diff(rest, x) / (2 * pivot)))
        found.append((pivot, line))
        rest = sp.expand(sp.cancel(rest - pivot * line**2))
    return found


def _is_quadratic(form: Expr, state: Sequence[Symbol]) -> bool:
    return all(sum(degrees) == 2 for degrees in sp.Poly(form, *state).monoms())


def fails(goal: Expr, relation: str, region: Boolean, point: Mapping[Symbol, Expr]) -> Data:
    """That ``goal relation 0`` fails at a point of a region."""
    return witness_data(point, goal, relation, region)
