r"""Stability of an equilibrium that lies on a switching surface.

There the map has no Jacobian. Stability is proved by a Lyapunov function
(`symgan.analysis.lyapunov`), instability by an orbit that leaves through cones
(`symgan.analysis.escape`); what neither settles is said to be undecided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import sympy as sp
from sympy import Expr, Symbol

from symgan.analysis.budget import Budget
from symgan.analysis.cones import ConeMap, cone_map
from symgan.analysis.escape import Word, expanding, ray, words
from symgan.analysis.evidence import positive_definite
from symgan.analysis.glance import runs_away
from symgan.analysis.increment import POSITIVE, increment_cells
from symgan.analysis.jordan import drift
from symgan.analysis.line import Piece, between
from symgan.analysis.local import shear_norm
from symgan.analysis.lyapunov import BUDGET, search
from symgan.analysis.planar import Rule, decide_planar
from symgan.analysis.scaling import Reduced, reduced
from symgan.analysis.wholes import require_whole
from symgan.errors import GameError, Undecided
from symgan.results_discrete import Lyapunov, SwitchedStability
from symgan.system import Map

LONGEST = 3
POSITIVE_STEPS = sp.Interval.open(0, sp.oo)


def switched_stability(
    system: Map,
    symbol: Symbol | tuple[Symbol, Symbol] | None = None,
    at: Mapping[Symbol, Any] | None = None,
    *,
    longest: int = LONGEST,
    budget: float = BUDGET,
) -> SwitchedStability:
    r"""For which steps an equilibrium on a switching surface is Lyapunov stable, exactly.

    Args:
        system: a map on the plane, switched between branches that all fix the equilibrium.
        symbol: its step, or a pair; all its parameters unless given.
        at: the equilibrium; the origin unless given.
        longest: the longest period of branches searched for an escaping orbit.
        budget: seconds for the search of a Lyapunov function, and as many for that of orbits.

    Returns:
        The steps with a certified Lyapunov function, those with a certified orbit that
        leaves every neighborhood (near the equilibrium, for branches that are not
        linear), and the rest. Ties count with whatever the map does there.

    Raises:
        GameError: the map does not fix the equilibrium, or the step is not positive.
        Undecided: the map is not on the plane, or a search ran out of time.

    Source: dynamic, section 4; the sharp threshold 2 of the Dirac oracle corrects it.

    >>> x, y = sp.symbols("x y", real=True)
    >>> eta = Symbol("eta", positive=True)
    >>> away = sp.Piecewise((x + eta*y, x*y < 0), (x, True))
    >>> back = sp.Piecewise((y - eta*x, x*y > 0), (y, True))
    >>> found = switched_stability(Map((x, y), (away, back), parameters=(eta,)))
    >>> found.stable, found.unstable, found.undecided
    (eta < 2, eta >= 2, False)
    """
    require_whole(system, "switched_stability")
    single = reduced(moved(system, at), symbol)
    if len(single.system.state) != 2:
        raise Undecided("switched stability is decided on the plane; reduce the map to two states")
    cones = cone_map(single.system)
    if cones.is_exact and runs_away(single.system):
        for word in islice(words(cones.branches, single.system.state, longest), 1):
            expanding(word, single.symbol)  # no function serves all steps: what it refuses stays so
    found = search(single, None, budget) if cones.is_exact else shear_norm(single)
    stable = sp.EmptySet if found is None else found.holds
    escapes = _escapes(cones, single, stable, longest, Budget(budget))
    unstable = sp.Union(*(e.steps for e in escapes))
    if unstable & stable is not sp.EmptySet:
        raise AssertionError(f"{unstable & stable} was found both stable and unstable")
    lyapunov = None if found is None else found.result(single, system)
    return SwitchedStability(
        single.condition(stable),
        single.condition(unstable),
        single.condition(POSITIVE_STEPS - stable - unstable),
        lyapunov,
        tuple(single.state(state) for e in escapes for state in e.states),
        _certificate(lyapunov, escapes, cones.is_exact),
    )


def moved(system: Map, at: Mapping[Symbol, Any] | None) -> Map:
    """The map in coordinates in which an equilibrium is the origin."""
    if not at:
        return system
    unknown = [s for s in at if s not in system.state]
    if unknown:
        raise GameError(f"{unknown[0]} is no state symbol of the map: {system.state}")
    center = {s: sp.sympify(at.get(s, 0)) for s in system.state}
    shift = {s: s + c for s, c in center.items()}
    rhs = (
        f.subs(shift, simultaneous=True) - center[s]
        for s, f in zip(system.state, system.rhs, strict=True)
    )
    return replace(system, rhs=tuple(rhs), stages=())


@dataclass(frozen=True)
class Escape:
    """Steps for which a word of branches lets an orbit escape, with the evidence."""

    steps: sp.Set
    states: tuple[Mapping[Symbol, Expr], ...]
    certificate: Mapping[str, Any]


def _escapes(
    cones: ConeMap, single: Reduced, stable: sp.Set, longest: int, time: Budget
) -> list[Escape]:
    """Escaping orbits until every step is settled, the words are too long, or time is out."""
    found = _growing(cones, single)
    left = POSITIVE_STEPS - stable - sp.Union(*(e.steps for e in found))
    for word in words(cones.branches, single.system.state, longest):
        if left is sp.EmptySet or time.left <= 0:
            break
        new = [e for part in _parts(left & expanding(word, single.symbol))
               if (e := _expanding(word, single, part))]  # fmt: skip
        left -= sp.Union(*(e.steps for e in new))
        found += new
        if cones.is_exact:
            drifting = [e for value in _points(left) if (e := _drifting(word, single, value))]
            left -= sp.Union(*(e.steps for e in drifting))
            found += drifting
    return found


def _growing(cones: ConeMap, single: Reduced) -> list[Escape]:
    r"""Of a map without switches: the steps at which every state's Euclidean norm grows.

    Its growth is a quadratic form, so that a positive one grows by a factor at least.
    """
    state = single.system.state
    if len(cones.branches) > 1 or not cones.is_exact:
        return []
    changes = increment_cells(sp.Add(*(x**2 for x in state)), single.system)
    rules = [Rule(cell.signs, sp.expand(cell.values[0]), POSITIVE) for cell in changes]
    steps = decide_planar(rules, state, single.symbol).holds
    if steps is sp.EmptySet:
        return []
    parts = positive_definite(changes, state, single.given(steps))
    if parts is None:
        return []
    start = dict(zip(state, (sp.Integer(1), sp.Integer(0)), strict=True))
    return [Escape(steps, (start,), {"steps": str(steps), "parts": parts})]


def _parts(steps: sp.Set) -> Sequence[sp.Set]:
    return [] if steps is sp.EmptySet else sp.Union.make_args(steps)


def _points(steps: sp.Set) -> list[Expr]:
    """The isolated values of a set of steps, and the ends that belong to it."""
    found: list[Expr] = []
    for part in _parts(steps):
        if isinstance(part, sp.FiniteSet):
            found += list(part)
        elif not part.left_open:
            found.append(part.start)
        elif not part.right_open:
            found.append(part.end)
    return found


def _expanding(word: Word, single: Reduced, steps: sp.Set) -> Escape | None:
    if isinstance(steps, sp.FiniteSet):
        pieces = [Piece(value, value, value) for value in steps]
    else:
        pieces = [Piece(steps.start, steps.end, between(steps.start, steps.end))]
    found = [ray(word, single.symbol, piece, single.given(steps)) for piece in pieces]
    if any(r is None for r in found):
        return None
    states = tuple(state for r in found if r for state in r.states)
    parts = [part for r in found if r for part in r.certificate["parts"]]
    return Escape(steps, states, {"steps": str(steps), "parts": parts})


def _drifting(word: Word, single: Reduced, value: Expr) -> Escape | None:
    found = drift(word, single.symbol, value)
    if found is None:
        return None
    return Escape(sp.FiniteSet(value), (found.start,), {"steps": str(value), **found.certificate})


def _certificate(
    lyapunov: Lyapunov | None, escapes: Sequence[Escape], is_exact: bool
) -> Mapping[str, Any]:
    stable = {} if lyapunov is None else dict(lyapunov.certificate)
    reason = "the orbit itself" if is_exact else _UNSTABLE_MANIFOLD
    return {
        "stable": stable,
        "unstable": [dict(e.certificate) for e in escapes],
        "argument": reason if escapes else "",
    }


_UNSTABLE_MANIFOLD = (
    "the linearized orbit lies inside open cones, so the composed smooth branches have an "
    "unstable manifold tangent to it, whose points follow the same branches until they leave"
)
