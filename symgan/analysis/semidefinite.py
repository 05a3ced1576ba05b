r"""Certified signs of functions of the state: positive definite V, nonpositive :math:`\dot V`.

Quadratic forms are decided exactly with parameters. A function with a positive definite Hessian
everywhere and a critical point is positive elsewhere and grows without bound; a state symbol a > 0
is taken in the coordinate log a, so that this includes growth towards a = 0. Other functions go to
`certify`: the sign of coefficients first, then multipliers found by z3's linear arithmetic and
expanded by SymPy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import Dummy, Expr, Or, Rational, Symbol
from sympy.logic.boolalg import Boolean

from symgan.analysis.definite import positive_definite, positive_semidefinite
from symgan.certify.decide import decide
from symgan.certify.identity import is_zero
from symgan.certify.positive import prove
from symgan.differentiation import diff
from symgan.errors import GameError, Undecided


@dataclass(frozen=True)
class Definite:
    """How a function was shown to be positive away from a point.

    Attributes:
        unbounded: whether it was also shown to grow without bound towards infinity, and towards
            0 in state symbols declared positive: its sublevel sets are compact.
        certificate: plain data; its kind is ``minors`` for a quadratic form, ``convex`` where the
            Hessian was shown positive definite everywhere.
    """

    unbounded: bool
    certificate: Mapping[str, Any]


def definite(
    V: Expr,
    state: Sequence[Symbol],
    point: Mapping[Symbol, Expr],
    given: Boolean = sp.true,
    *,
    proper: bool = True,
) -> Definite:
    r"""Certify V > 0 away from a point at which it vanishes.

    Args:
        V: a function of the state.
        state: its symbols.
        point: where it vanishes.
        given: a region to which the claim is restricted.
        proper: whether growth without bound is looked for too.

    Raises:
        GameError: V is proved not to be positive definite.
        Undecided: neither was found.

    >>> x, y = sp.symbols("x y", real=True)
    >>> definite(x**2 + x*y + y**2, (x, y), {x: 0, y: 0}).certificate
    {'kind': 'minors', 'condition': 'True'}
    """
    shift = {s: s + point[s] for s in state}
    half_lines = [s for s in state if s.is_positive]
    W = sp.expand(V.subs(shift, simultaneous=True))
    form = None if half_lines else quadratic_form(W, state)
    if form is not None:
        condition = positive_definite(form)
        if condition is not sp.true:
            raise GameError(f"V = {V} is positive definite only if {condition}; assume it")
        return Definite(True, {"kind": "minors", "condition": str(condition)})
    convex = _convex(V, state, point)
    if convex is not None:
        return Definite(True, convex)
    if half_lines:
        raise Undecided(f"could not certify that V = {V} is convex in log {half_lines[0]}")
    off = Or(*(sp.Ne(s, 0) for s in state))
    inside = given if given is sp.true else given.subs(shift, simultaneous=True)
    certificate = _certified(sp.Gt(W, 0, evaluate=False), sp.And(off, inside))
    if certificate is None:
        raise Undecided(f"could not certify that V = {V} is positive away from the equilibrium")
    return Definite(proper and _unbounded(W, state), certificate)


def nonpositive(W: Expr, state: Sequence[Symbol], given: Boolean = sp.true) -> Mapping[str, Any]:
    r"""Certify :math:`W \le 0` for all states under what is given.

    Raises:
        GameError: it is refuted; the sentence holds a state.
        Undecided: neither was found.

    >>> x, y = sp.symbols("x y", real=True)
    >>> nonpositive(-x**2 + 2*x*y - y**2, (x, y))
    {'kind': 'semidefinite', 'condition': 'True'}
    """
    W = sp.expand(W)
    if is_zero(W).holds:
        return {"kind": "zero"}
    form = quadratic_form(W, state)
    half_lines = any(s.is_positive for s in state)
    if form is not None and given is sp.true and not half_lines:
        condition = positive_semidefinite(-form)
        if condition is not sp.true:
            raise GameError(f"dV/dt = {W} is nowhere positive only if {condition}; assume it")
        return {"kind": "semidefinite", "condition": str(condition)}
    certificate = _certified(sp.Le(sp.factor(W), 0, evaluate=False), given)
    if certificate is None:
        raise Undecided(f"could not certify that dV/dt = {W} is nowhere positive")
    return certificate


def _convex(
    V: Expr, state: Sequence[Symbol], point: Mapping[Symbol, Expr]
) -> Mapping[str, Any] | None:
    """Evidence that V has a critical point and a positive definite Hessian, in log a for a > 0."""
    names = {s: Dummy(s.name, real=True) for s in state}
    inside = {s: sp.exp(u) if s.is_positive else u for s, u in names.items()}
    here = {u: sp.log(point[s]) if s.is_positive else point[s] for s, u in names.items()}
    W, variables = V.subs(inside, simultaneous=True), list(names.values())
    gradient = (diff(W, u).subs(here, simultaneous=True) for u in variables)
    if any(is_zero(g).holds is not True for g in gradient):
        return None
    H = sp.hessian(W, variables)
    minors = [sp.factor(H[:k, :k].det(method="berkowitz")) for k in range(1, H.rows + 1)]
    claims = [sp.Gt(minor, 0, evaluate=False) for minor in minors]
    found = [_evidence(claim, sp.true) for claim in claims]
    if not all(isinstance(evidence, Mapping) for evidence in found):
        return None
    return {"kind": "convex", "minors": [str(minor) for minor in minors], "parts": found}


def quadratic_form(W: Expr, state: Sequence[Symbol]) -> sp.Matrix | None:
    """The symmetric matrix of a quadratic form in the state; None for anything else.

    >>> x, y, a = sp.symbols("x y a", real=True)
    >>> quadratic_form(a*x**2 + 2*x*y, (x, y)).tolist()
    [[a, 1], [1, 0]]
    """
    if not W.is_polynomial(*state):
        return None
    polynomial = sp.Poly(W, *state)
    if any(sum(powers) != 2 for powers in polynomial.monoms()):
        return None
    return sp.hessian(W, state) / 2


def _unbounded(W: Expr, state: Sequence[Symbol]) -> bool:
    r"""Whether :math:`W \ge c|x|^2 - d` for some c, d > 0 was certified."""
    square = sp.Add(*(s**2 for s in state))
    bounds = ((Rational(1, 2), 1), (Rational(1, 8), 4), (Rational(1, 64), 16))
    claims = (sp.Ge(W - c * square + d, 0, evaluate=False) for c, d in bounds)
    return any(isinstance(_evidence(claim, sp.true), Mapping) for claim in claims)


def _certified(claim: Boolean, given: Boolean) -> Mapping[str, Any] | None:
    """Evidence for a claim; None where none was found.

    Raises:
        GameError: the claim is refuted.
    """
    found = _evidence(claim, given)
    if isinstance(found, str):
        raise GameError(f"{claim} fails at {found}; take another function or a smaller region")
    return found


def _evidence(claim: Boolean, given: Boolean) -> Mapping[str, Any] | str | None:
    """Evidence for a claim, a state at which it fails, in words, or nothing."""
    try:
        found = decide(claim, given)
    except Undecided:
        return None
    if found.holds is False:
        return ", ".join(f"{s} = {v}" for s, v in found.witness.items())
    if found.holds:
        return {"kind": found.kind, "text": found.text, **found.certificate}
    try:
        return prove(claim, given)
    except Undecided:
        return None
