"""First integrals with a strict extremum at the origin: stable without attracting.

Integrals with a gradient at the origin count as constraints: where a combination without
gradient is definite on their common tangent space, adding enough of their squares makes it
definite altogether.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import sympy as sp
from sympy import Expr, Matrix, Symbol

from symgan.analysis.budget import Budget
from symgan.analysis.conserved import find_conserved
from symgan.analysis.signs import sign
from symgan.certify.identity import is_zero
from symgan.certify.positive import prove
from symgan.differentiation import diff
from symgan.errors import GameError, Undecided
from symgan.system import System

DEGREES = (2, 3, 4)


@dataclass(frozen=True)
class Extremal:
    """A first integral with a strict extremum at the origin.

    Attributes:
        function: the integral.
        certificate: what shows the extremum; plain data.
    """

    function: Expr
    certificate: Mapping[str, Any] = field(default_factory=dict)


def extremal_integral(system: System, budget: Budget) -> Extremal | None:
    """A first integral of a polynomial or logarithmic template with a strict extremum at 0.

    Args:
        system: a flow or a map that rests at the origin.
        budget: the time left; higher degrees are looked at while there is some.

    >>> from symgan.system import Flow
    >>> x, y = sp.symbols("x y", real=True)
    >>> extremal_integral(Flow((x, y), (-y**3, x)), Budget(10)).function
    2*x**2 + y**4
    """
    for degree in DEGREES:
        for logarithms in (False, True):
            if not budget.left:
                return None
            found = _among(_integrals(system, degree, logarithms), system.state)
            if found is not None:
                return found
    return None


def _integrals(system: System, degree: int, logarithms: bool) -> list[Expr]:
    """Integrals that are smooth at the origin."""
    try:
        basis = find_conserved(system, degree, logarithms)
    except (GameError, Undecided):  # a switched or too involved right-hand side has none here
        return []
    origin = dict.fromkeys(system.state, sp.Integer(0))

    def smooth(V: Expr) -> bool:
        entries = [V, *(diff(V, s) for s in system.state), *sp.hessian(V, system.state)]
        values = (e.subs(origin) for e in entries)
        return not any(v.has(sp.nan, sp.zoo, sp.oo, sp.DiracDelta, sp.Subs) for v in values)

    return [V for V in basis if smooth(V)]


def _among(integrals: Sequence[Expr], state: Sequence[Symbol]) -> Extremal | None:
    if not integrals:
        return None
    origin = dict.fromkeys(state, sp.Integer(0))
    slopes = Matrix([[diff(V, s).subs(origin) for s in state] for V in integrals])
    tangent = Matrix.hstack(*slopes.nullspace()) if slopes.nullspace() else sp.zeros(len(state), 0)
    flat = [sp.Add(*(c * V for c, V in zip(v, integrals, strict=True)))
            for v in slopes.T.nullspace()]  # fmt: skip
    for W in _combinations(flat):
        hessian = tangent.T * sp.hessian(W, state).subs(origin) * tangent
        minors = _definite(hessian)
        if minors is not None:
            data = {"hessian": str(hessian.tolist()), "minors": [str(m) for m in minors]}
            return Extremal(sp.factor_terms(W), {"tangent": str(tangent.tolist()), **data})
        data = _lowest_form(W, state)
        if data is not None:
            return Extremal(W, data)
    return None


def _combinations(functions: Sequence[Expr]) -> Iterator[Expr]:
    """The functions, then their sums and differences in pairs."""
    yield from functions
    for one, other in combinations(functions, 2):
        yield one + other
        yield one - other


def _definite(hessian: Matrix) -> list[Expr] | None:
    """Leading minors that show a matrix definite; None where they do not."""
    minors = [sp.factor(hessian[:k, :k].det()) for k in range(1, hessian.rows + 1)]
    signs = [sign(m) for m in minors]
    positive = all(s == 1 for s in signs)
    negative = all(s == (-1) ** k for k, s in enumerate(signs, 1))
    return minors if minors and (positive or negative) else None


def _lowest_form(W: Expr, state: Sequence[Symbol]) -> dict[str, Any] | None:
    r"""Evidence that a polynomial integral is positive off the origin, up to its sign.

    With weights on the symbols the terms of least weight decide; here W itself is tried.
    """
    if not W.is_polynomial(*state) or W.free_symbols - set(state):
        return None
    if not is_zero(W.subs(dict.fromkeys(state, 0))).holds:
        return None
    somewhere = sp.Or(*(sp.Ne(s, 0) for s in state))
    for signed in (W, -W):
        try:
            found = prove(signed > 0, somewhere, budget_ms=300)
        except Undecided:
            return None
        if found is not None:
            return {"positive": dict(found)}
    return None
