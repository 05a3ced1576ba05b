r"""What several maps scale alike: invariants that no order of updates can escape.

A polynomial p with :math:`p(F_i(x)) = \mu_i(x)\,p(x)` for every map :math:`F_i` changes along
any orbit, in whatever order the maps are applied, by the factors :math:`\mu_i` alone. Where
:math:`|\mu_i| \ge 1` everywhere and p vanishes at the equilibrium but not at the start, no order
converges to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any

import sympy as sp
from sympy import Dummy, Expr, Symbol

from symgan.analysis.cells import cells
from symgan.analysis.conserved import Term, change, independent, kernel, monomials
from symgan.analysis.wholes import require_whole
from symgan.certify.decide import decide
from symgan.certify.identity import is_zero
from symgan.errors import GameError, Undecided
from symgan.results_discrete import Branch, Invariant
from symgan.system import Map


def invariants(fields: Map | Sequence[Map], degree: int = 2) -> tuple[Invariant, ...]:
    r"""Find polynomials that each of several maps scales by a factor, a constant or a polynomial.

    Args:
        fields: maps on one state, such as the single updates V1, V2, V3 of an oracle; the
            branches of a switched map count as maps. Functions of the state that are not
            rational count as independent quantities, which can only lose solutions.
        degree: the highest total degree of the polynomials.

    Returns:
        A basis of what all maps keep (factors 1); then what some of them keep and the
        others scale. Each is verified.

    Raises:
        GameError: the maps stand on different states, or there is none.
        Undecided: an invariant found could not be verified.

    Source: in :math:`\mathbb R^n` every update of a loss :math:`f(\theta\cdot\psi)` is a shear
    of the pair :math:`(\theta, \psi)`, which keeps :math:`\theta_i\psi_j - \theta_j\psi_i`.

    >>> x, y = sp.symbols("x y", real=True)
    >>> eta = Symbol("eta", positive=True)
    >>> turn = Map((x, y), (x + eta*y, y - eta*x), parameters=(eta,))
    >>> back = Map((x, y), (x - eta*y, y + eta*x), parameters=(eta,))
    >>> [found.quantity for found in invariants([turn.then(back), back.then(turn)])]
    []
    >>> shear = Map((x, y), (x + eta*y, y), parameters=(eta,))
    >>> [(found.quantity, found.factors, found.obstructs) for found in invariants(shear, 1)]
    [(y, (1,), True)]
    """
    maps = [branch for field in _as_maps(fields) for branch in branch_maps(field)]
    if any(single.state != maps[0].state for single in maps):
        raise GameError("invariants need maps on one state")
    names = [independent(single) for single in maps]
    found: list[Invariant] = []
    for size in range(len(maps), 0, -1):
        for kept in combinations(range(len(maps)), size):
            for quantity in _kept([maps[i] for i in kept], [names[i] for i in kept], degree):
                factors = _factors(quantity, maps)
                if factors is not None and not _is_known(quantity, found):
                    found.append(_verified(quantity, maps, factors))
    return tuple(found)


def _as_maps(fields: Any) -> list[Map]:
    several = isinstance(fields, Iterable) and not isinstance(fields, str)
    maps: list[Any] = list(fields) if several else [fields]
    if not maps:
        raise GameError("invariants need at least one map")
    for single in maps:
        require_whole(single, "invariants")
    return maps


def branch_maps(system: Map) -> list[Map]:
    """The branches of a switched map on open regions, as maps of their own, without repeats."""
    found: list[Map] = []
    for cell in cells(system.rhs):
        single = Map(system.state, cell.values, parameters=system.parameters)
        if cell.is_open and single not in found:
            found.append(single)
    return found


def volume(system: Map) -> tuple[Branch, ...]:
    r"""The determinant of the Jacobian on each open branch: how a map scales volume.

    >>> x, y = sp.symbols("x y", real=True)
    >>> eta = Symbol("eta", positive=True)
    >>> volume(Map((x, y), (x + eta*y, y - eta*x), parameters=(eta,)))[0].value
    eta**2 + 1
    """
    require_whole(system, "volume")
    found = (cell for cell in cells(system.rhs) if cell.is_open)
    return tuple(
        Branch(c.region, sp.factor(Map(system.state, c.values, system.parameters).jacobian().det()))
        for c in found
    )


def _kept(maps: Sequence[Map], names: Sequence[dict[Expr, Symbol]], degree: int) -> Iterator[Expr]:
    """A basis of the polynomials that all maps keep; a marker a map keeps their changes apart."""
    markers = [Dummy(f"m{i}") for i in range(len(maps))]
    state = maps[0].state
    terms = [
        Term(
            monomial,
            sp.Add(
                *(
                    marker * change(single, monomial, named)
                    for marker, single, named in zip(markers, maps, names, strict=True)
                )
            ),
            {},
        )
        for monomial in monomials(state, degree)
    ]
    opaque = {symbol for named in names for symbol in named.values()}
    for vector in kernel(terms, {*state, *markers, *opaque}):
        yield sp.Add(*(c * term.value for c, term in zip(vector, terms, strict=True)))


def _factors(quantity: Expr, maps: Sequence[Map]) -> tuple[Expr, ...] | None:
    """The factor of each map; None where one of them does not scale the quantity."""
    found = []
    for single in maps:
        image = quantity.subs(dict(zip(single.state, single.rhs, strict=True)), simultaneous=True)
        factor = sp.factor(sp.cancel(sp.together(sp.expand(image) / quantity)))
        if sp.fraction(factor)[1].free_symbols & set(single.state):
            return None
        found.append(factor)
    return tuple(found)


def _is_known(quantity: Expr, found: Sequence[Invariant]) -> bool:
    """Whether a quantity is a multiple of one that was found before."""
    ratios = (sp.cancel(quantity / known.quantity) for known in found)
    return any(not ratio.has(*quantity.free_symbols) or ratio.is_number for ratio in ratios)


def _verified(quantity: Expr, maps: Sequence[Map], factors: Sequence[Expr]) -> Invariant:
    parts = []
    for single, factor in zip(maps, factors, strict=True):
        image = quantity.subs(dict(zip(single.state, single.rhs, strict=True)), simultaneous=True)
        zero = is_zero(image - factor * quantity)
        if not zero.holds:
            raise Undecided(f"{quantity} solves the linear system but is not scaled by {factor}")
        parts.append(zero.certificate)
    at_origin = quantity.subs(dict.fromkeys(maps[0].state, sp.Integer(0)))
    growth = [decide(sp.Ge(factor**2, 1, evaluate=False)) for factor in factors]
    obstructs = at_origin == 0 and all(part.holds for part in growth)
    if obstructs:
        parts += [part.certificate for part in growth if part.kind == "sign"]
    return Invariant(quantity, tuple(factors), obstructs, {"parts": parts})
