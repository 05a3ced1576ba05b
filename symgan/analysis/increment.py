r"""Increments of a function along a map, per branch, and the steps that keep it from growing."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import sympy as sp
from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from symgan.analysis.cells import ALL, Cell, Signs, cells, signed_factors
from symgan.analysis.wholes import require_whole
from symgan.errors import GameError
from symgan.results_discrete import Branch, Increment
from symgan.system import Map

POSITIVE: Signs = frozenset({1})
NOT_POSITIVE: Signs = frozenset({-1, 0})


def increment(V: Any, system: Map, symbol: Symbol | None = None) -> Increment:
    r"""The increment :math:`V(F(x)) - V(x)`, per branch of the map and of V, factored.

    Args:
        V: an expression in the state and the parameters, with :math:`|p|`, `Max`, `Min` or
            `Piecewise` where it is not smooth.
        system: the map; switched where its right-hand side holds `Piecewise`.
        symbol: the step for which :math:`V(F(x)) \le V(x)` is solved; the map's only
            positive parameter unless given, and nothing is solved where there are several.

    Raises:
        GameError: V holds a symbol that the map does not know, or the step is not positive.

    >>> x = Symbol("x", real=True)
    >>> eta = Symbol("eta", positive=True)
    >>> descent = increment(x**2, Map((x,), (x - eta*x,), parameters=(eta,)))
    >>> descent.branches[0].value, descent.bounds[0]
    (eta*x**2*(eta - 2), (True, Eq(x, 0) | (eta <= 2)))
    """
    require_whole(system, "increment")
    function = known(V, system)
    if symbol is not None:
        require_step(system, symbol)
    found = increment_cells(function, system)
    branches = tuple(Branch(cell.region, cell.values[0]) for cell in found)
    step = symbol or _only_step(system)
    if step is None:
        return Increment(function, branches)
    solved = ((cell.region, step_condition(cell, step)) for cell in found)
    bounds = tuple((region, bound) for region, bound in solved if bound is not None)
    return Increment(function, branches, bounds)


def known(V: Any, system: Map) -> Expr:
    """V, if it holds no symbol that the map does not know.

    Raises:
        GameError: it does.
    """
    function = sp.sympify(V)
    unknown = sorted(function.free_symbols - {*system.state, *system.parameters}, key=str)
    if unknown:
        raise GameError(
            f"the function {function} holds {unknown[0]}, which is neither state nor parameter "
            "of the map (assumptions are part of a symbol)"
        )
    return function


def require_step(system: Map, symbol: Symbol) -> None:
    """Refuse what is no positive parameter of the map.

    Raises:
        GameError: it is not positive, or the map does not hold it.
    """
    if not symbol.is_positive:
        raise GameError(
            f"the step {symbol} must be a positive symbol: Symbol({str(symbol)!r}, positive=True)"
        )
    if symbol not in system.parameters:
        raise GameError(f"the step {symbol} is no parameter of the map: {system.parameters}")


def _only_step(system: Map) -> Symbol | None:
    positive = [p for p in system.parameters if p.is_positive]
    return positive[0] if len(positive) == 1 else None


def increment_cells(V: Expr, system: Map) -> tuple[Cell, ...]:
    """The increment's cells, the value of each factored."""
    image = V.subs(dict(zip(system.state, system.rhs, strict=True)), simultaneous=True)
    return tuple(Cell(cell.signs, (sp.factor(cell.values[0]),)) for cell in cells([image - V]))


def step_condition(cell: Cell, step: Symbol) -> Boolean | None:
    """The exact condition on the step for a value that is not positive; None if not solved.

    The value is a product. Factors of known sign on the cell go; what is left is solved
    where it is linear or quadratic in the step.
    """
    sign, factors = signed_factors(cell.values[0])
    rest, vanishing = sp.Integer(1), []
    for base, power in factors:
        here = known_signs(base, cell.signs)
        if power % 2 == 0:
            vanishing += [sp.Eq(base, 0)] if 0 in here else []
        elif len(here) == 1:
            sign *= next(iter(here))
        else:
            rest *= base
    solved = sp.true if sign == 0 else _at_most_zero(sp.expand(sign * rest), step, cell.signs)
    return None if solved is None else sp.Or(solved, *vanishing)


def known_signs(expression: Expr, signs: Mapping[Expr, Signs]) -> Signs:
    """The signs that an expression may take on a cell, as far as they can be read off."""
    sign, factors = signed_factors(expression)
    whole = sp.Mul(*(base ** (2 - power % 2) for base, power in factors))
    if sign == 0 or whole == 1:
        return frozenset({sign})
    parts = [{s**power for s in _base_signs(base, signs)} for base, power in factors]
    found = {sign * int(sp.prod(choice)) for choice in product(*parts)}
    return frozenset(found & {sign * s for s in signs.get(whole, ALL)})


def _base_signs(base: Expr, signs: Mapping[Expr, Signs]) -> Signs:
    found = signs.get(base, ALL) & (frozenset({0, 1}) if base.is_nonnegative else ALL)
    divides = any(
        0 not in allowed and base in (f for f, _ in signed_factors(p)[1])
        for p, allowed in signs.items()
    )
    return found - {0} if divides or base.is_nonzero else found


def _at_most_zero(value: Expr, step: Symbol, signs: Mapping[Expr, Signs]) -> Boolean | None:
    here = known_signs(value, signs)
    if here <= NOT_POSITIVE or here == POSITIVE:
        return sp.true if here <= NOT_POSITIVE else sp.false
    if not value.is_polynomial(step):
        return None
    polynomial = sp.Poly(value, step)
    lead = known_signs(polynomial.LC(), signs)
    if polynomial.degree() not in (1, 2) or len(lead - {0}) != 1:
        return value <= 0 if polynomial.degree() == 0 else None
    solve = _linear if polynomial.degree() == 1 else _quadratic
    solved = solve(polynomial, next(iter(lead - {0})), step)
    flat = _at_most_zero(_where_lead_vanishes(polynomial), step, signs) if 0 in lead else sp.false
    return None if flat is None else sp.Or(solved, sp.And(_vanishes(polynomial.LC()), flat))


def _vanishes(expression: Expr) -> Boolean:
    return sp.Or(*(sp.Eq(base, 0) for base, _ in signed_factors(expression)[1]))


def _where_lead_vanishes(polynomial: sp.Poly) -> Expr:
    """What is left of a polynomial where its leading coefficient is zero."""
    step, degree = polynomial.gen, polynomial.degree()
    rest = sp.expand(polynomial.as_expr() - polynomial.LC() * step**degree)
    factors = signed_factors(polynomial.LC())[1]
    if len(factors) == 1 and sp.fraction(sp.cancel(rest / factors[0][0]))[1].is_number:
        return sp.Integer(0)
    return rest


def _linear(polynomial: sp.Poly, sign: int, step: Symbol) -> Boolean:
    a, b = polynomial.all_coeffs()
    root = sp.cancel(-b / a)
    return step <= root if sign > 0 else step >= root


def _quadratic(polynomial: sp.Poly, sign: int, step: Symbol) -> Boolean:
    a, b, c = polynomial.all_coeffs()
    discriminant = sp.factor(b**2 - 4 * a * c)
    root = sp.sqrt(discriminant)
    low, high = ((-b - sign * root) / (2 * a), (-b + sign * root) / (2 * a))
    if sign > 0:
        return sp.And(discriminant >= 0, step >= low, step <= high)
    return sp.Or(discriminant < 0, step <= low, step >= high)
