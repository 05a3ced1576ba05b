r"""Unknown coefficients that make several polynomials nonnegative, by one exact linear program.

Each polynomial, affine in the unknowns, must equal a nonnegative combination of products of
what is given and of squares, modulo its equations. This is how templates of Lyapunov functions
are filled in; what is found must still be proved, by `symgan.certify.positive.prove`.
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp
from sympy import Expr, Rational, Symbol
from sympy.logic.boolalg import Boolean
from sympy.polys.rings import PolyElement

from symgan.certify.cases import read_goal
from symgan.certify.cone import Column, Cone, Deadline, degree_of, real, solve_linear
from symgan.differentiation import diff
from symgan.errors import Undecided

BUDGET_MS = 5000
MOST = 3000

Condition = tuple[Expr, Boolean, bool]


def find_coefficients(
    conditions: Sequence[Condition],
    unknowns: Sequence[Symbol],
    *,
    degree: int | None = None,
    budget_ms: int = BUDGET_MS,
) -> dict[Symbol, Rational] | None:
    r"""Rational values of unknowns with which every condition has multipliers, or None.

    Args:
        conditions: ``(p, given, strict)``: p, affine in the unknowns, shall be nonnegative, or
            positive, under what is given (no unknowns there; a conjunction without != to split).
        unknowns: what is sought.
        degree: bound on the degree of products; that of the condition itself by default.
        budget_ms: time limit in milliseconds.

    Raises:
        Undecided: a condition that is not polynomial in its symbols and affine in the unknowns.
        MissingExtra: z3 is not installed.

    >>> x, y, c = sp.symbols("x y c", real=True)
    >>> found = find_coefficients([(x**2 + c*x*y + y**2, sp.true, False), (c - 1, sp.true, False)],
    ...                           [c])
    >>> 1 <= found[c] <= 2
    True
    """
    deadline = Deadline(budget_ms)
    names = [f"u{k}" for k in range(len(unknowns))]
    lines = [f"(declare-const {name} Real)" for name in names]
    for number, condition in enumerate(conditions):
        rows = _condition(condition, unknowns, degree, deadline, f"c{number}_")
        if rows is None:
            return None
        lines += rows
    values = solve_linear("\n".join(lines), names, deadline)
    return None if values is None else dict(zip(unknowns, values, strict=True))


def _condition(
    condition: Condition,
    unknowns: Sequence[Symbol],
    degree: int | None,
    deadline: Deadline,
    prefix: str,
) -> list[str] | None:
    """The rows that say that a condition has multipliers, in each case of what is given."""
    p, given, is_strict = condition
    system, parts = read_goal(_affine_parts(p, unknowns), given)
    lines: list[str] = []
    for number, case in enumerate(system.cases):
        cone = Cone(case, deadline, parts)
        wanted = [cone.ring.from_expr(part) for part in parts]
        least = max(map(degree_of, wanted))
        columns = cone.columns(max(least, degree or 0), True, MOST)
        if columns is None:
            return None
        lines += _rows(wanted, columns, f"{prefix}{number}_", is_strict)
    return lines


def _affine_parts(p: Expr, unknowns: Sequence[Symbol]) -> list[Expr]:
    """``[p_0, p_1, ...]`` with ``p = p_0 + sum_k u_k p_k``.

    Raises:
        Undecided: there is no such sum.
    """
    parts = [diff(p, u) for u in unknowns]
    rest = sp.expand(p - sum(u * part for u, part in zip(unknowns, parts, strict=True)))
    if any(part.has(*unknowns) for part in (rest, *parts)):
        raise Undecided(f"{p} is not affine in {', '.join(map(str, unknowns))}")
    return [rest, *parts]


def _rows(
    wanted: Sequence[PolyElement], columns: Sequence[Column], prefix: str, is_strict: bool
) -> list[str]:
    """``p - sum_i c_i columns_i = 0``, monomial by monomial."""
    rows: dict[tuple[int, ...], list[str]] = {}
    for k, part in enumerate(wanted):
        for powers, value in part.terms():
            rows.setdefault(powers, []).append(f"(* {real(value)} u{k - 1})" if k else real(value))
    for k, column in enumerate(columns):
        for powers, value in column.value.terms():
            rows.setdefault(powers, []).append(f"(* {real(-value)} {prefix}{k})")
    lines = [f"(declare-const {prefix}{k} Real)" for k in range(len(columns))]
    lines += [f"(assert (>= {prefix}{k} 0))" for k, c in enumerate(columns) if c.equation is None]
    lines += [f"(assert (= 0 (+ 0 {' '.join(row)})))" for row in rows.values()]
    positive = " ".join(f"{prefix}{k}" for k, c in enumerate(columns) if c.is_strict)
    return [*lines, f"(assert (< 0 (+ 0 {positive})))"] if is_strict else lines
