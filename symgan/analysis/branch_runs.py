r"""Runs of one branch of a switched map: what many steps make of a state and of the guards.

Where a branch is affine, every polynomial y in the state follows a linear recurrence along its
run. If :math:`r_0, r_1, \dots` are the roots of the recurrence, the functions

.. math:: c_0 = y, \qquad c_{j+1} = c_j \circ F - r_j\, c_j

end in zero, and :math:`y(x_n) = \sum_j c_j(x_0)\, h_{n-j}(r_0, \dots, r_j)`: both sides satisfy
the same first-order recurrences. All of it is exact; kernels receive it as plain data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import sympy as sp
from sympy import Expr, Poly, Symbol
from sympy.polys.matrices import DomainMatrix

from symgan.analysis.cells import Cell, cells, signed_factors
from symgan.analysis.signs import sign
from symgan.analysis.wholes import require_whole
from symgan.errors import GameError
from symgan.results_discrete import BranchRuns, NewtonSequence, Run
from symgan.system import Map

MOST_GUARDS = 6
"""The table of branches has 3**6 = 729 entries then."""


class _Refused(Exception):
    """A branch whose runs cannot be jumped over, with the reason."""


def branch_runs(map: Map) -> BranchRuns:
    r"""The runs of the branches of a switched map.

    Conditions may compare polynomials in the state (products of affine functions, quadratic
    forms, ...) with one another; each is decided by the signs of its irreducible factors.
    A branch can be jumped over where it is affine, and the roots of its recurrences are real
    and not provably negative; another one carries the reason in `Run.refusal`.

    Args:
        map: without noise and index; Piecewise, Abs, Min, Max may stand in it.

    Raises:
        GameError: the map draws noise or depends on its index, a condition is no polynomial in
            the state, there are too many of them, or no branch at all can be jumped over.

    >>> from symgan.games.quadratic import bilinear
    >>> from symgan.rules.oracle import dirac_oracle
    >>> runs = branch_runs(dirac_oracle(bilinear(), Symbol("eta", positive=True)))
    >>> runs.guards
    (psi, theta)
    >>> sorted(map(str, (run.solution for run in runs.runs)))
    ['(eta*k*psi + theta, psi)', '(theta, -eta*k*theta + psi)']
    """
    _require_plain(map)
    found = cells(map.rhs)
    guards = _guards(map, found)
    values = list(dict.fromkeys(cell.values for cell in found))
    names = {s.name for s in (*map.state, *map.parameters)}
    count = Symbol("k" if "k" not in names else "steps", integer=True, nonnegative=True)
    runs = tuple(_run(map, step, guards, count) for step in values)
    if all(run.refusal for run in runs):
        raise GameError(f"no branch can be jumped over: {runs[0].refusal}")
    table = tuple(
        _branch(dict(zip(guards, signs[::-1], strict=True)), found, values)
        for signs in product((-1, 0, 1), repeat=len(guards))
    )
    return BranchRuns(map.state, map.parameters, count, guards, table, runs)


def _require_plain(map: Map) -> None:
    require_whole(map, "branch_runs")
    if not isinstance(map, Map):
        raise GameError(f"branch_runs takes a map, not the {type(map).__name__}; see symgan.rules")
    if map.noise:
        raise GameError("a map that draws noise has no runs to jump over")
    if map.index is not None:
        raise GameError(
            "a map that depends on its iteration index has no runs to jump over; "
            "compile it and step"
        )


def _guards(map: Map, found: Sequence[Cell]) -> tuple[Expr, ...]:
    """The irreducible factors of all conditions, in a fixed order."""
    conditions = {p for cell in found for p in cell.signs}
    factors = {base for p in conditions for base, _ in signed_factors(p)[1]}
    for base in factors:
        if not base.is_polynomial(*map.state):
            raise GameError(
                f"the condition on {base} is no polynomial in the state, so the end of a run has "
                "no bound; compile the map and step"
            )
    if len(factors) > MOST_GUARDS:
        raise GameError(
            f"the map has {len(factors)} guards, and runs are kept for at most {MOST_GUARDS}; "
            "compile it and step"
        )
    return tuple(sorted(factors, key=sp.default_sort_key))


def _branch(signs: Mapping[Expr, int], found: Sequence[Cell], values: list[Any]) -> int:
    """Which branch rules where the guards have these signs."""
    for cell in found:
        if all(_sign_of(p, signs) in allowed for p, allowed in cell.signs.items()):
            return values.index(cell.values)
    return -1


def _sign_of(p: Expr, signs: Mapping[Expr, int]) -> int | None:
    total, factors = signed_factors(p)
    for base, power in factors:
        if power < 0 and signs[base] == 0:
            return None
        total *= signs[base] ** abs(power)
    return total


def _run(map: Map, step: tuple[Expr, ...], guards: Sequence[Expr], count: Symbol) -> Run:
    try:
        _require_affine(step, map.state)
        moved = dict(zip(map.state, step, strict=True))
        states = tuple(sequence(s, moved) for s in map.state)
        along = tuple(sequence(g, moved) for g in guards)
        for each in (*states, *along):
            _require_real(each)
        for each in along:
            _require_ordered(each)
    except _Refused as reason:
        return Run(step, refusal=f"branch {step}: {reason}")
    solution = tuple(closed_form(each, count) for each in states)
    return Run(step, solution, states, along)


def _require_affine(step: Sequence[Expr], state: Sequence[Symbol]) -> None:
    for entry in step:
        if not entry.is_polynomial(*state) or Poly(entry, *state).total_degree() > 1:
            raise _Refused(f"{entry} is not affine in the state")


def _require_real(found: NewtonSequence) -> None:
    for node in found.nodes:
        if not node.is_extended_real:
            raise _Refused(f"the eigenvalue {node} is not real for all parameters: it rotates")


def _require_ordered(guard: NewtonSequence) -> None:
    """Nodes that are not negative, the first one positive: see `kernels.newton_runs`."""
    for node in guard.nodes:
        if sign(node) == -1:
            raise _Refused(f"the eigenvalue {node} is negative: guards alternate")
    if guard.nodes[0] == 0:
        raise _Refused("a guard is constant after a few steps (all its eigenvalues are zero)")


def sequence(observable: Expr, moved: Mapping[Symbol, Expr]) -> NewtonSequence:
    r"""A polynomial in the state along a run of an affine branch, as a Newton sequence.

    Args:
        observable: the polynomial.
        moved: state symbol -> its next value.

    >>> x, y, eta = sp.symbols("x y eta", real=True)
    >>> found = sequence(x**2 + y, {x: x, y: y + eta*x})
    >>> found.nodes, found.newton
    ((1, 1), (x**2 + y, eta*x))
    >>> sequence(x, {x: (1 - eta)*x + 2}).nodes
    (1, 1 - eta)
    """
    state = tuple(moved)
    nodes = _roots(_annihilator(observable, moved))
    newton, current = [], sp.sympify(observable)
    for node in nodes:
        newton.append(current)
        following = current.subs(moved, simultaneous=True)
        current = _collected(following - node * current, state)
    assert current == 0, "the recurrence of an observable ends in zero"
    return NewtonSequence(nodes, tuple(newton))


def _collected(expression: Expr, state: Sequence[Symbol]) -> Expr:
    terms = Poly(sp.expand(expression), *state).terms()
    powers = [(sp.prod(s**e for s, e in zip(state, m, strict=True)), c) for m, c in terms]
    return sp.Add(*(sp.factor(sp.radsimp(c)) * monomial for monomial, c in powers))


def _annihilator(observable: Expr, moved: Mapping[Symbol, Expr]) -> Poly:
    r"""The monic polynomial of least degree with :math:`p(E) y = 0`, E one step."""
    z, state = sp.Dummy("z"), tuple(moved)
    rows: list[dict[Any, Expr]] = []
    current = sp.sympify(observable)
    while True:
        rows.append(Poly(current, *state).as_dict())
        monomials = sorted(set().union(*rows))
        table = sp.Matrix([[row.get(m, sp.Integer(0)) for row in rows] for m in monomials])
        kernel = DomainMatrix.from_Matrix(table).to_field().nullspace().to_Matrix()
        if kernel.rows:
            coefficients = list(kernel.row(0))[::-1]
            return Poly([sp.cancel(c / coefficients[0]) for c in coefficients], z)
        current = sp.expand(current.subs(moved, simultaneous=True))


def _roots(polynomial: Poly) -> tuple[Expr, ...]:
    """Roots with multiplicity: ones first, zeros last, so that few of them decide."""
    roots: list[Expr] = []
    for factor, power in polynomial.factor_list()[1]:
        roots += power * _factor_roots(factor)
    return tuple(sorted(roots, key=lambda r: (r != 1, r == 0, sp.default_sort_key(r))))


def _factor_roots(factor: Poly) -> list[Expr]:
    coefficients = factor.all_coeffs()
    if factor.degree() == 1:
        return [sp.expand(sp.cancel(-coefficients[1] / coefficients[0]))]
    if factor.degree() == 2:
        a, b, c = coefficients
        root = sp.sqrt(sp.factor(b**2 - 4 * a * c))
        return [(-b - root) / (2 * a), (-b + root) / (2 * a)]
    raise _Refused(f"an eigenvalue has no formula: it is a root of {factor.as_expr()}")


def closed_form(found: NewtonSequence, count: Symbol) -> Expr:
    r"""A Newton sequence as an expression in the number of steps.

    Nodes that are different expressions are taken for different numbers.

    >>> x, k = Symbol("x"), Symbol("k", integer=True, nonnegative=True)
    >>> closed_form(NewtonSequence((sp.Integer(1), sp.Rational(1, 2)), (x, 1 - x)), k)
    x + (1 - x)*(2 - 2/2**k)
    """
    terms = (c * _difference(found.nodes[: j + 1], count) for j, c in enumerate(found.newton))
    return sp.Add(*terms)


def _difference(nodes: tuple[Expr, ...], count: Symbol) -> Expr:
    r"""The divided difference of :math:`r \mapsto r^n`."""
    last = next((i for i in range(len(nodes)) if sp.expand(nodes[i] - nodes[0]) != 0), 0)
    if not last:
        j, r = len(nodes) - 1, nodes[0]
        choose = sp.prod((count - i for i in range(j)), start=sp.Integer(1)) / sp.factorial(j)
        return choose * (r ** (count - j) if r != 1 else 1)
    one, other = nodes[1:], (*nodes[:last], *nodes[last + 1 :])
    gap = sp.factor(nodes[last] - nodes[0])
    return (_difference(one, count) - _difference(other, count)) / gap
