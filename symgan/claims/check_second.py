r"""A second route for a typed formula: z3 where it is algebraic, 50 digits elsewhere.

Integrals are measured by quadrature and sums term by term, as they were typed; the exact route
decides what SymPy makes of them. A limit is not measured, and nothing is said of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mpmath
import sympy as sp
from sympy import Basic
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from symgan.certify.free import free_functions, free_names
from symgan.claims.examine import Finding, Point
from symgan.claims.second import AGREE, Measure, by_numbers, by_z3
from symgan.errors import MissingExtra, Undecided

_CALCULUS = (sp.Derivative, sp.Integral, sp.Sum, sp.Product, sp.Limit, sp.Subs)
_POINTS = 6
"""Equal sides must agree to 38 digits at so many rational points of the domain."""


def without_calculus(statement: Any) -> Any:
    """The statement with derivatives, integrals, sums and limits carried out, sides apart."""
    if isinstance(statement, Relational):
        return statement.func(*map(_carried_out, statement.args), evaluate=False)
    if isinstance(statement, sp.And | sp.Or | sp.Not | sp.Implies | sp.Equivalent):
        return statement.func(*map(without_calculus, statement.args), evaluate=False)
    return statement


def _carried_out(side: Any) -> Any:
    return side.doit() if side.has(*_CALCULUS) else side


def second_route(statement: Boolean, given: Boolean, witness: Point | None) -> Finding:
    """What a route finds that shares no decision code with the exact one.

    Args:
        statement: the statement as it was typed.
        given: what may be assumed.
        witness: a point at which the exact route found it false.
    """
    if any(isinstance(node, sp.Limit) for node in sp.preorder_traversal(statement)):
        return Finding("undecided", None, "a limit is not measured")
    if not any(isinstance(node, _CALCULUS) for node in sp.preorder_traversal(statement)):
        found = _by_solver(statement, given, witness)
        if found is not None:
            return found
    try:
        return _by_digits(statement, given, witness)
    except (ArithmeticError, ValueError, TypeError, NameError, NotImplementedError) as error:
        return Finding("undecided", None, f"a value could not be computed to 50 digits: {error}")


def _by_solver(statement: Boolean, given: Boolean, witness: Point | None) -> Finding | None:
    """z3, for inequalities; equations are told apart at points in no time."""
    if not any(not isinstance(r, sp.Equality) for r in statement.atoms(Relational)):
        return None
    try:
        found = by_z3({})(statement, given, witness)
    except (Undecided, MissingExtra):
        return None
    return found if found.holds is not None else None


def _by_digits(statement: Boolean, given: Boolean, witness: Point | None) -> Finding:
    measures: dict[Basic, Measure] = {}
    for node in _outermost(statement):
        if isinstance(node, sp.Integral | sp.Sum | sp.Product):
            measures[node] = _measure(node)
    derived = _derivatives(statement)
    names = free_names(derived, given)
    plain = free_functions(derived, names)
    route = by_numbers(measures, count=_POINTS, kind="computed:mpmath")
    domain = free_functions(given, names)
    divisors, place = _divisors(plain), {s.name: v for s, v in (witness or {}).items()}
    values = {s: place[s.name] for s in plain.free_symbols if s.name in place}
    if all(d.subs(values) != sp.false for d in divisors):
        domain = sp.And(domain, *divisors)  # points are wanted at which both sides have values
    found = route(plain, domain, witness)
    return Finding(found.kind, found.holds, found.text)


def _divisors(statement: Basic) -> list[Relational]:
    """What a statement divides by is not zero."""
    free = statement.free_symbols
    below = {p.base for p in statement.atoms(sp.Pow) if p.exp.is_negative}
    chosen = (b for b in below if b.free_symbols and b.free_symbols <= free and not b.is_nonzero)
    return [sp.Ne(b, 0) for b in sorted(chosen, key=str)]


def _outermost(statement: Basic) -> list[Basic]:
    walk = sp.preorder_traversal(statement)
    found = []
    for node in walk:
        if isinstance(node, sp.Integral | sp.Sum | sp.Product):
            found.append(node)
            walk.skip()
    return found


def _derivatives(node: Any) -> Any:
    """Derivatives carried out, where they are none of an integral or a sum."""
    if isinstance(node, sp.Derivative | sp.Subs) and not node.has(sp.Integral, sp.Sum):
        return node.doit()
    if isinstance(node, sp.Integral | sp.Sum | sp.Product) or not node.args:
        return node
    arguments = [_derivatives(argument) for argument in node.args]
    if isinstance(node, Relational | sp.And | sp.Or | sp.Not | sp.Implies | sp.Equivalent):
        return node.func(*arguments, evaluate=False)
    return node.func(*arguments)


def _measure(node: Any) -> Measure:
    """How an integral, a sum or a product is measured at a point."""
    (variable, lower, upper), *others = node.limits
    body = node.function
    if others or body.has(*_CALCULUS):
        raise NotImplementedError("nested integrals and sums are not measured")
    symbols = sorted(
        (body.free_symbols | lower.free_symbols | upper.free_symbols) - {variable}, key=str
    )
    value = sp.lambdify([variable, *symbols], body, "mpmath")
    ends = [sp.lambdify(symbols, end, "mpmath") for end in (lower, upper)]

    def measure(numbers: Mapping[str, Any]) -> Any:
        known = [numbers[s.name] for s in symbols]
        low, high = (mpmath.mpmathify(end(*known)) for end in ends)
        if isinstance(node, sp.Integral):
            return _integral(lambda x: value(x, *known), low, high)
        terms = (value(mpmath.mpf(k), *known) for k in _indices(low, high))
        return mpmath.fsum(terms) if isinstance(node, sp.Sum) else mpmath.fprod(terms)

    return measure


def _integral(f: Any, low: Any, high: Any) -> Any:
    """The integral, where the quadrature itself takes it for as exact as is compared."""
    found, error = mpmath.quad(f, [low, high], error=True)
    if error > mpmath.mpf(10) ** -AGREE * max(1, abs(found)):
        raise ArithmeticError("the quadrature does not settle, as at a kink or a pole")
    return found


def _indices(low: Any, high: Any) -> range:
    if not (mpmath.isint(low) and mpmath.isint(high)) or high - low > 10_000:
        raise ValueError("the ends of a sum are not integers within reach")
    return range(int(low), int(high) + 1)
