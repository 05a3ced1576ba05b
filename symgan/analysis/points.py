"""Checking that a system rests at a point, and its Jacobian there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any

import sympy as sp
from sympy import Expr, Matrix, Symbol
from sympy.core.evalf import PrecisionExhausted
from sympy.core.relational import Relational

from symgan.analysis.chain_rule import values_and_jacobian
from symgan.analysis.signs import sign
from symgan.certify.identity import is_zero
from symgan.errors import GameError, Undecided
from symgan.losses import GenericLoss
from symgan.results import Equilibrium
from symgan.system import Flow, System

Point = Mapping[Symbol, Any] | Equilibrium


def moving(system: System) -> tuple[Symbol, ...]:
    """The symbols by which a system changes from outside: time, index, noise."""
    if isinstance(system, Flow):
        return () if system.time is None else (system.time,)
    return (*(() if system.index is None else (system.index,)), *system.noise)


def displacement(system: System) -> tuple[Expr, ...]:
    """What vanishes where the system rests: F(x) of a flow, F(x) - x of a map."""
    if isinstance(system, Flow):
        return system.rhs
    return tuple(f - x for f, x in zip(system.rhs, system.state, strict=True))


def point_values(system: System, at: Point) -> dict[Symbol, Expr]:
    """The values of a point, one a state symbol.

    Raises:
        GameError: a state symbol without a value, a value of something else or none that is
            finite.
    """
    given = at.point if isinstance(at, Equilibrium) else at
    if not isinstance(given, Mapping):
        raise GameError(
            f"the point {given!r} gives no values by symbol; give one for each of {system.state}"
        )
    missing = [str(x) for x in system.state if x not in given]
    surplus = [str(x) for x in given if x not in system.state]
    if missing or surplus:
        what = f"no value for {', '.join(missing)}" if missing else f"a value for {surplus[0]}"
        raise GameError(f"the point has {what}; give one value for each of {system.state}")
    values = {x: sp.sympify(given[x]) for x in system.state}
    if not values:
        raise GameError("the system has no state symbols, so it has no points")
    for x, value in values.items():
        if value.has(sp.Float):
            raise GameError(f"{x} = {value} is a float; give a rational, such as Rational(1, 10)")
        if not isinstance(value, Expr) or value.has(sp.oo, sp.zoo, sp.nan, sp.S.NegativeInfinity):
            raise GameError(f"{x} = {value} is no finite value; give a point of the state space")
    return values


def require_rest(system: System, values: Mapping[Symbol, Expr]) -> None:
    """Refuse a point at which the system does not rest.

    Raises:
        GameError: names the residual.
        Undecided: the residual could not be decided.
    """
    here = dict(values)
    residuals = (f.subs(here, simultaneous=True) for f in displacement(system))
    _require_zero(system, values, residuals)


def _require_zero(system: System, values: Mapping[Symbol, Expr], residuals: Iterable[Expr]) -> None:
    for x, residual in zip(system.state, residuals, strict=True):
        zero = vanishes_exactly(residual)
        shown = ", ".join(f"{s} = {v}" for s, v in values.items())
        if zero is False:
            raise GameError(
                f"({shown}) is not an equilibrium: the right-hand side of {x} leaves "
                f"{sp.factor_terms(residual)} there; find equilibria with analysis.equilibria"
            )
        if zero is None:
            raise Undecided(f"cannot decide whether {residual} vanishes identically at ({shown})")


def jacobian_at(system: System, at: Point | None) -> Matrix:
    """The Jacobian at an equilibrium, or the constant one of an affine system.

    Raises:
        GameError: no point for a nonlinear system, a point that is not an equilibrium, a
            Jacobian that moves with time or does not exist there.
    """
    if at is None:
        J = system.jacobian().applyfunc(sp.expand)
        if J.free_symbols & set(system.state):
            raise GameError(
                "the system is not linear, so its spectrum depends on the point; give at="
            )
    else:
        J = _at_rest(system, point_values(system, at))
    changing = [str(s) for s in moving(system) if s in J.free_symbols]
    if changing:
        raise GameError(
            f"the Jacobian depends on {changing[0]}, so its spectrum decides nothing; fix it first"
        )
    if J.has(sp.DiracDelta, sp.nan, sp.zoo, sp.oo, sp.Derivative):
        raise GameError("the right-hand side is not differentiable at this point; move the point")
    return J


def _at_rest(system: System, values: Mapping[Symbol, Expr]) -> Matrix:
    """The Jacobian at a point where the system rests and is smooth."""
    found = values_and_jacobian(system.rhs, values)
    if found is None:
        require_rest(system, values)
        _refuse_kinks(system, values)
        return system.jacobian(values)
    images, J = found
    flowing = isinstance(system, Flow)
    residuals = (f if flowing else f - x for f, x in zip(images, values.values(), strict=True))
    _require_zero(system, values, residuals)
    _refuse_kinks(system, values)
    return J


_KINKED = (sp.Heaviside, sp.Abs, sp.sign, sp.DiracDelta, sp.Min, sp.Max, sp.Piecewise)


def _switches(node: Any) -> Iterable[Expr]:
    """The expressions at whose zeros a node is not smooth."""
    if isinstance(node, sp.Heaviside | sp.Abs | sp.sign | sp.DiracDelta):
        return (node.args[0],)
    if isinstance(node, sp.Min | sp.Max):
        return tuple(u - v for u, v in combinations(node.args, 2))
    if isinstance(node, sp.Piecewise):
        return tuple(r.lhs - r.rhs for r in node.atoms(Relational))
    return ()


def _refuse_kinks(system: System, values: Mapping[Symbol, Expr]) -> None:
    """Refuse a point on a surface across which the right-hand side is not smooth.

    There SymPy's derivative takes a value (Heaviside(0) = 1/2) that means nothing.
    """
    for f in system.rhs:
        for node in sp.preorder_traversal(f) if f.has(*_KINKED) else ():
            for surface in _switches(node):
                height = surface.subs(dict(values), simultaneous=True)
                if sign(height) == 0:
                    raise GameError(
                        f"the right-hand side is not differentiable at this point: {node} switches "
                        f"where {surface} = 0; take a point beside it"
                    )
                if sign(height) is None and height.is_nonzero is not True:
                    raise Undecided(
                        f"whether the point lies on the switching surface {surface} = 0 is open; "
                        "give values to the parameters"
                    )


def assume_nonzero(
    expressions: Iterable[Expr], nonzero: Iterable[Any]
) -> tuple[list[Expr], dict[Expr, Expr]]:
    """Replace values that are assumed not to vanish by symbols that say so.

    Args:
        expressions: what to rewrite.
        nonzero: expressions, or orders n that stand for all :math:`f^{(n)}` of free losses.

    Returns:
        The rewritten expressions, and symbol -> value to write them back.
    """
    given = list(expressions)
    wanted = list(nonzero)
    orders = {n for n in wanted if isinstance(n, int)}
    values = {e for e in wanted if isinstance(e, Expr)}
    for expression in given:
        values |= {g for g in expression.atoms(GenericLoss) if g.order in orders}
    names = {v: sp.Dummy(f"n{i}", real=True, nonzero=True) for i, v in enumerate(_sorted(values))}
    rewritten = [e.xreplace(names) for e in given]
    return rewritten, {name: value for value, name in names.items()}


def _sorted(values: Iterable[Expr]) -> list[Expr]:
    return sorted(values, key=sp.default_sort_key)


def vanishes_exactly(expression: Expr, relations: Iterable[Expr] = ()) -> bool | None:
    """Whether an expression vanishes identically, given equations between parameters.

    Roots given as CRootOf are reduced by their polynomial, so they are never rounded.

    Args:
        expression: the expression.
        relations: polynomials in the parameters that are zero.

    Returns:
        True or False with proof; None where neither is found.
    """
    value = sp.sympify(expression)
    basis = [sp.sympify(r) for r in relations]
    if not basis and value.has(sp.CRootOf) and _bounded_away(value):
        return False
    for node in sorted(value.atoms(sp.CRootOf), key=sp.default_sort_key):
        name = sp.Dummy("r")
        value = value.xreplace({node: name})
        basis.append(node.poly.as_expr(name))
    if not basis:
        return is_zero(value).holds
    top = sp.fraction(sp.together(value))[0]
    symbols = sorted({s for e in (top, *basis) for s in e.free_symbols}, key=str)
    if not top.is_polynomial(*symbols) or sp.Poly(top, *symbols).domain not in (sp.ZZ, sp.QQ):
        return None
    groebner = sp.groebner(basis, *symbols, order="grevlex")
    if groebner.reduce(sp.expand(top))[1] == 0:
        return True
    # Outside the ideal it may still vanish on the real points chosen, so no False here.
    return None


def _bounded_away(value: Expr) -> bool:
    """Whether a number differs from zero by more than the error of its evaluation."""
    if not value.is_number:
        return False
    try:
        return value.evalf(2, strict=True) != 0
    except PrecisionExhausted:
        return False
