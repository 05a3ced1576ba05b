r"""Equilibria by a complete case analysis, and linearization around them.

Each equation is factored; a branch sets one factor to zero that may vanish. A branch
ends when every equation holds; whatever state symbols are left parametrize a continuum.
Every division is by something proved or recorded not to vanish, so nothing is lost; where
a branch cannot be closed, `Undecided` says so instead of returning a part of the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp
from sympy import And, Expr, Or, Poly, Symbol
from sympy.logic.boolalg import Boolean

from symgan.analysis.branches import (
    Assumed,
    may_vanish,
    numerator_factors,
    solve_parameter,
    univariate_roots,
)
from symgan.analysis.conditions import tidy
from symgan.analysis.points import Point, displacement, jacobian_at, moving, point_values
from symgan.analysis.points import vanishes_exactly as verified
from symgan.analysis.signs import nonnegative, nonvanishing, positive, vanishes
from symgan.analysis.wholes import require_whole
from symgan.errors import GameError, Undecided
from symgan.losses import GenericLoss
from symgan.results import Equilibrium
from symgan.system import Flow, Map, System

MOST_STEPS = 200


@dataclass(frozen=True)
class Branch:
    """Equations still to solve under what was assumed on the way.

    Attributes:
        equations: expressions that must vanish.
        known: solved state symbols.
        special: parameters fixed by the branch (only for the case that a coefficient is 0).
        condition: on the parameters.
        apart: expressions that must not vanish.
        relations: polynomials in the parameters that vanish in this branch.
        eliminated: whether a Groebner basis has been taken.
    """

    equations: tuple[Expr, ...]
    known: dict[Symbol, Expr]
    special: dict[Symbol, Expr]
    condition: Boolean = sp.true
    apart: tuple[Expr, ...] = ()
    relations: tuple[Expr, ...] = ()
    eliminated: bool = False

    def put(self, symbol: Symbol, value: Expr) -> Branch:
        """The branch with a value for a state symbol."""
        at = {symbol: value}
        known = {s: v.subs(at) for s, v in self.known.items()}
        return replace(
            self,
            equations=tuple(e.subs(at) for e in self.equations),
            known={**known, symbol: value},
            apart=tuple(e.subs(at) for e in self.apart),
        )


def equilibria(system: System, *, nonzero: Iterable[int | Expr] = ()) -> tuple[Equilibrium, ...]:
    r"""All real equilibria of a flow, or fixed points of a map, solved exactly.

    Args:
        system: autonomous; polynomial, rational, or with factors of known sign (exp, the
            derivatives of the named losses).
        nonzero: what is assumed not to vanish: expressions, or orders n that stand for all
            values of :math:`f^{(n)}` of a free loss.

    Returns:
        Points and continua, each verified by substitution, with its condition on the
        parameters. A continuum holds its free state symbols as values.

    Raises:
        GameError: the system depends on time.
        Undecided: a case could not be closed; the sentence names the equation.

    >>> from symgan.games.dirac import dirac
    >>> [dict(e.point) for e in equilibria(dirac().flow(), nonzero=(1,))]
    [{theta: 0, psi: 0}]
    """
    require_whole(system, "equilibria")
    residuals = displacement(system)
    changing = [s for s in moving(system) if any(s in r.free_symbols for r in residuals)]
    if changing:
        raise GameError(
            f"the system depends on {changing[0]}, so no point need stay at rest; fix it, or take "
            "the limit system, before asking for equilibria"
        )
    assumed = Assumed(tuple(nonzero))
    solved: list[Branch] = []
    waiting = [Branch(residuals, {}, {})]
    for _ in range(MOST_STEPS):
        if not waiting:
            break
        branch = waiting.pop()
        successors = tuple(_step(branch, system.state, assumed))
        if successors == (branch,):
            solved.append(branch)
        else:
            waiting += successors[::-1]
    else:
        raise Undecided("the case analysis of the equilibria does not end; fix some parameters")
    found = [e for b in solved for e in _equilibrium(system, b, assumed)]
    return tuple(_without_repetition(found))


def linearize(system: System, at: Point) -> System:
    r"""The linear system of the deviations :math:`\delta = x - x^*` from an equilibrium.

    Args:
        system: a flow or a map.
        at: an equilibrium, checked here.

    Returns:
        :math:`\dot\delta = J\delta` (or :math:`\delta^+ = J\delta`) on symbols ``delta_x``.

    Raises:
        GameError: ``at`` is not an equilibrium, or the Jacobian does not exist there.

    >>> x, y = sp.symbols("x y", real=True)
    >>> linearize(Flow((x, y), (y, sp.sin(x))), {x: 0, y: 0}).rhs
    (delta_y, delta_x)
    """
    require_whole(system, "linearize")
    J = jacobian_at(system, at)
    deviations = tuple(Symbol(f"delta_{x.name}", real=True) for x in system.state)
    rhs = tuple(sp.expand(f) for f in J * sp.Matrix(deviations))
    free = {s for v in point_values(system, at).values() for s in v.free_symbols}
    extra = sorted((free & J.free_symbols) - set(system.parameters), key=str)
    parameters = (*system.parameters, *extra)
    build = Map if isinstance(system, Map) else Flow
    return build(deviations, rhs, parameters=parameters)


def _step(branch: Branch, state: tuple[Symbol, ...], assumed: Assumed) -> Iterator[Branch]:
    """The branches that together hold the solutions of this one; itself if it is solved."""
    factored = [(e, numerator_factors(e)) for e in branch.equations]
    left = [(e, fs) for e, fs in factored if fs is not None]
    if not left:
        yield replace(branch, equations=())
        return
    open_factors = [[f for f in fs if may_vanish(f, assumed)] for _, fs in left]
    if any(not fs for fs in open_factors):
        return  # an equation says that something nonzero vanishes
    equations = tuple(sp.Mul(*fs) for fs in open_factors)
    for number, fs in enumerate(open_factors):
        if len(fs) > 1:
            rest = equations[:number] + equations[number + 1 :]
            for f in fs:
                yield replace(branch, equations=(f, *rest))
            return
    branch = replace(branch, equations=equations)
    unknowns = tuple(x for x in state if x not in branch.known)
    for number, e in enumerate(equations):
        if not e.free_symbols & set(unknowns):
            yield from _parameter_case(branch, number)
            return
    yield from _eliminate(branch, unknowns, assumed)


def _parameter_case(branch: Branch, number: int) -> Iterator[Branch]:
    """An equation in the parameters alone is a condition on them."""
    e = branch.equations[number]
    rest = branch.equations[:number] + branch.equations[number + 1 :]
    fixed = solve_parameter(e)
    yield Branch(
        tuple(r.subs(fixed) for r in rest),
        {x: v.subs(fixed) for x, v in branch.known.items()},
        {**{s: v.subs(fixed) for s, v in branch.special.items()}, **fixed},
        And(branch.condition, vanishes(e)),
        tuple(a.subs(fixed) for a in branch.apart),
        (*branch.relations, *(() if fixed else (e,))),
        branch.eliminated,
    )


def _eliminate(branch: Branch, unknowns: tuple[Symbol, ...], assumed: Assumed) -> Iterator[Branch]:
    """Solve one equation for one unknown, the safest division first."""
    linear = []
    for number, e in enumerate(branch.equations):
        for x in unknowns:
            slope = sp.diff(e, x)
            if slope != 0 and x not in slope.free_symbols:
                moves = bool(slope.free_symbols & set(unknowns))
                rank = (may_vanish(slope, assumed), moves, sp.count_ops(slope), sp.count_ops(e))
                linear.append((rank, number, unknowns.index(x), sp.factor(slope)))
    if linear:
        (risky, *_), number, place, slope = min(linear, key=lambda c: c[:3])
        yield from _solve_linear(branch, number, unknowns[place], slope, bool(risky))
        return
    for number, e in enumerate(branch.equations):
        inside = [x for x in unknowns if x in e.free_symbols]
        roots = univariate_roots(e, inside[0]) if len(inside) == 1 else None
        if roots is not None:
            rest = branch.equations[:number] + branch.equations[number + 1 :]
            for value, condition in roots:
                new = replace(branch, equations=rest, condition=And(branch.condition, condition))
                yield new.put(inside[0], value)
            return
    yield _basis(branch, unknowns)


def _solve_linear(
    branch: Branch, number: int, x: Symbol, slope: Expr, risky: bool
) -> Iterator[Branch]:
    e = branch.equations[number]
    rest = branch.equations[:number] + branch.equations[number + 1 :]
    offset = e.subs(x, 0)
    divided = branch.apart + ((slope,) if risky else ())
    value = sp.cancel(-offset / slope) if not slope.is_number else sp.expand(-offset / slope)
    yield replace(branch, equations=rest, apart=divided).put(x, value)
    if risky:
        yield replace(branch, equations=(slope, offset, *rest))


def _basis(branch: Branch, unknowns: tuple[Symbol, ...]) -> Branch:
    """A lexicographic Groebner basis, once, where all coefficients are rational."""
    polynomial = all(e.is_polynomial(*unknowns) for e in branch.equations)
    if branch.eliminated or not polynomial:
        raise _open(branch)
    if any(not c.is_Rational for e in branch.equations for c in Poly(e, *unknowns).coeffs()):
        raise _open(branch)
    basis = sp.groebner(branch.equations, *unknowns, order="lex")
    return replace(branch, equations=tuple(basis.exprs), eliminated=True)


def _open(branch: Branch) -> Undecided:
    e = min(branch.equations, key=sp.count_ops)
    orders = sorted({g.order for g in e.atoms(GenericLoss)})
    remedy = f"pass nonzero=({orders[0]},) if f^({orders[0]}) never vanishes, or " if orders else ""
    return Undecided(
        f"cannot find all solutions of {sp.factor_terms(e)} = 0; {remedy}give values to parameters"
    )


def _equilibrium(system: System, branch: Branch, assumed: Assumed) -> Iterator[Equilibrium]:
    """The equilibrium of a closed branch, verified; nothing where its conditions clash."""
    point = {x: sp.factor(branch.known.get(x, x)) for x in system.state}
    free = tuple(x for x in system.state if x not in branch.known)
    condition = And(
        branch.condition,
        *(nonvanishing(e) for e in branch.apart if may_vanish(e, assumed)),
        *(_admitted(x, v) for x, v in point.items()),
    )
    condition = tidy(condition)
    if condition is sp.false or any(e == 0 for e in branch.apart):
        return
    for f in displacement(system):
        residual = f.subs(point, simultaneous=True).subs(branch.special)
        if verified(residual, branch.relations) is not True:
            raise Undecided(f"cannot verify the equilibrium {point}: {residual} may not vanish")
    yield Equilibrium(point, free, condition)


def _admitted(x: Symbol, value: Any) -> Boolean:
    """What the assumptions on a state symbol ask of its value."""
    if value == x:
        return sp.true
    if value.is_real is False:
        return sp.false
    if x.is_positive:
        return positive(value)
    if x.is_negative:
        return positive(-value)
    if x.is_nonnegative:
        return nonnegative(value)
    return nonvanishing(value) if x.is_nonzero else sp.true


def _without_repetition(found: list[Equilibrium]) -> list[Equilibrium]:
    united: dict[tuple[Expr, ...], Equilibrium] = {}
    for e in found:
        key = tuple(e.point.values())
        old = united.get(key)
        condition = e.condition if old is None else tidy(Or(old.condition, e.condition))
        united[key] = replace(e, condition=condition)
    kept = list(united.values())
    return [e for e in kept if not any(_inside(e, other) for other in kept if other is not e)]


def _inside(one: Equilibrium, other: Equilibrium) -> bool:
    """Whether one is a part of the continuum other, wherever it exists."""
    if len(one.free) >= len(other.free):
        return False
    at = {x: one.point[x] for x in other.free}
    same = all(sp.cancel(v.subs(at) - one.point[x]) == 0 for x, v in other.point.items())
    return same and tidy(And(one.condition, sp.Not(other.condition.subs(at)))) is sp.false
