r"""Exact step bounds held against orbits: just below an end, just above it, and on it.

An exact bound says for which steps an equilibrium is linearly stable, marginal or unstable. For
every end e of these sets orbits are run at :math:`e(1 \pm 2^{-k})`, from starts so near to the
equilibrium that the nonlinear part is below what the criterion of `symgan.sweep.growth` sees.
The bound is confirmed where the criterion agrees on both sides and contradicts it nowhere; how
near it agrees is reported. The step that is nearest to e in float64 is run as well, and its
outcome stated: there the linear part decides nothing or grows like a power of the step number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray
from sympy import Expr, Set

from symgan.errors import BadData
from symgan.sweep.designs import Points, Sample
from symgan.sweep.growth import CONVERGES, GROWS, OUTCOMES, STAYS, UNDECIDED, Growth
from symgan.sweep.models import Model
from symgan.sweep.sweep import SYSTEM, Sweep

if TYPE_CHECKING:
    import xarray as xr

Outcomes = tuple[int, ...]
"""Codes of `symgan.sweep.growth`."""
STEP = "eta"
RADIUS = 1e-6
"""Starts lie this near to the equilibrium: second-order terms are a millionth of those of first
order, and still a thousandth where an orbit has grown by the factor that is told from staying."""
LEAVE = 2e3
"""An orbit has grown that reaches this multiple of the radius, whatever it does from there: limit
cycles farther away are no stability."""
STARTS = 4
ELSEWHERE = tuple(2.0**k for k in range(-4, 5))
"""Steps that are run where a bound has no ends: it then says the same of all of them."""


@dataclass(frozen=True)
class Bound:
    """What is known exactly of the steps of one rule on one game.

    Args:
        game: what the game is called.
        rule: what the rule is called.
        model: its map in displacements from the equilibrium, the step ``eta`` its one parameter.
        stable: steps at which orbits converge.
        marginal: steps at which they stay near, and do not converge.
        bounded: steps at which they stay near, and may converge (a Lyapunov function).
        undecided: steps of which nothing is claimed; at all others some orbits leave.

    Raises:
        BadData: the map has other parameters.
    """

    game: str
    rule: str
    model: Model
    stable: Set
    marginal: Set
    bounded: Set = sp.S.EmptySet
    undecided: Set = sp.S.EmptySet

    def __post_init__(self) -> None:
        if self.model.parameters != (STEP,):
            raise BadData(
                f"{self.model.name!r} has the parameters {', '.join(self.model.parameters)}; a "
                f"threshold is sought in {STEP} alone: give the others values"
            )

    @property
    def ends(self) -> tuple[Expr, ...]:
        """The finite positive ends of the sets, in order."""
        found: set[Expr] = set()
        for steps in (self.stable, self.marginal, self.bounded, self.undecided):
            found |= set(_ends(steps))
        return tuple(sorted(found, key=float))

    def expected(self, step: float) -> Outcomes:
        """The outcomes that the bound allows at a step; empty where it asserts nothing."""
        exact = sp.Rational(step)
        allowed = (
            (self.undecided, ()),
            (self.stable, (CONVERGES,)),
            (self.marginal, (STAYS,)),
            (self.bounded, (CONVERGES, STAYS)),
        )
        return next((outcomes for steps, outcomes in allowed if exact in steps), (GROWS,))

    def steps(self, depth: int) -> tuple[float, ...]:
        """The steps that are run, in order."""
        if not self.ends:
            return ELSEWHERE
        found = {float(end) for end in self.ends}
        for end in self.ends:
            shares = (sign * 2.0**-k for k in range(1, depth + 1) for sign in (-1, 1))
            found |= {float(end) * (1 + share) for share in shares}
        return tuple(sorted(found))


@dataclass(frozen=True)
class Confirmation:
    """One end of a bound, and what orbits did around it.

    Attributes:
        bound: the bound.
        end: the end; None of a bound without ends.
        below, above: the outcomes that it allows on its two sides; empty: it asserts nothing.
        nearest_below, nearest_above: relative distances of the nearest steps at which orbits did
            so; infinite where none did, or nothing is asserted. Without an end: 0 where they did
            so at more than half of the steps, else infinite.
        on: the outcome at the float64 number nearest to the end.
        exact: whether that number is the end itself.
        contradictions: steps between this end and its neighbors at which orbits converged or
            grew although they must not.
        open: how many steps there were too slow to tell: undecided, or staying so far.
    """

    bound: Bound
    end: Expr | None
    below: Outcomes
    above: Outcomes
    nearest_below: float
    nearest_above: float
    on: int
    exact: bool
    contradictions: tuple[float, ...]
    open: int

    @property
    def agrees(self) -> bool:
        """Nothing contradicts the bound, and what it asserts was seen on each side."""
        sides = ((self.below, self.nearest_below), (self.above, self.nearest_above))
        seen = all(not side or np.isfinite(near) for side, near in sides)
        return seen and not self.contradictions


def threshold_sweep(
    bounds: Sequence[Bound],
    *,
    steps: int = 1 << 17,
    depth: int = 12,
    starts: int = STARTS,
    radius: float = RADIUS,
    seed: int = 0,
    **options: Any,
) -> Sweep:
    """The sweep that brackets every end of some bounds.

    Args:
        bounds: with maps on equally many symbols.
        steps: how long orbits are followed; the nearer to an end, the longer it takes to tell.
        depth: the nearest steps are the end times 1 -+ 2^-depth.
        starts: from how many states.
        radius: they lie in a cube of half this side around the equilibrium.
        seed: of the starts.
        options: of `Sweep`.

    Raises:
        BadData: no bounds, or maps on different numbers of symbols.
    """
    if not bounds:
        raise BadData("no bounds to confirm; give at least one")
    names = [f"x{i + 1}" for i in range(len(bounds[0].model.visible))]
    models = tuple(bound.model.renamed(names) for bound in bounds)
    pairs = [(i, eta) for i, bound in enumerate(bounds) for eta in bound.steps(depth)]
    columns = {STEP: [eta for _, eta in pairs]}
    if len(bounds) > 1:
        columns[SYSTEM] = [i for i, _ in pairs]
    box = Sample(dict.fromkeys(names, (-radius, radius)), starts, seed=seed)
    return Sweep(models, Points(columns) * box, Growth(steps, bound=LEAVE * radius), **options)


def confirmations(bounds: Sequence[Bound], data: xr.Dataset) -> tuple[Confirmation, ...]:
    """What the sweep of `threshold_sweep` says of the bounds it was made for, an end each.

    Args:
        bounds: the same, in the same order.
        data: the dataset of its store.

    Raises:
        BadData: the sweep is not finished, or is one of other bounds.
    """
    if not data["done"].to_numpy().all():
        raise BadData("the sweep of thresholds is not finished; run it again to go on")
    found: list[Confirmation] = []
    for place, bound in enumerate(bounds):
        seen = outcomes_of(data, place)
        if not {float(end) for end in bound.ends} <= set(seen):
            raise BadData(f"the store has no steps at the ends of {bound.rule}, {bound.game}")
        found += _of_bound(bound, seen)
    return tuple(found)


def outcomes_of(data: xr.Dataset, place: int) -> dict[float, int]:
    """Step -> outcome of one of the bounds, by its place among them."""
    outcomes, etas = data["outcome"].to_numpy(), data[STEP].to_numpy()
    which = data[SYSTEM].to_numpy() if SYSTEM in data else np.zeros(len(etas))
    mine = which == place
    steps = np.unique(etas[mine])
    return {eta: together(outcomes[mine & (etas == eta)]) for eta in steps.tolist()}


def together(outcomes: NDArray[Any]) -> int:
    """The outcome of several starts: growth of one is growth; else all must agree, or stay.

    >>> together(np.array([CONVERGES, GROWS])), together(np.array([CONVERGES, STAYS]))
    (3, 2)
    """
    kinds = {int(code) for code in outcomes}
    if GROWS in kinds:
        return GROWS
    if UNDECIDED in kinds:
        return UNDECIDED
    return STAYS if STAYS in kinds else CONVERGES


def _of_bound(bound: Bound, seen: Mapping[float, int]) -> Iterator[Confirmation]:
    marks = [0.0, *(float(end) for end in bound.ends), float("inf")]
    for i, end in enumerate(bound.ends or (None,), start=1):
        low, here, high = (*marks[i - 1 : i + 1], marks[min(i + 1, len(marks) - 1)])
        below = [eta for eta in sorted(seen) if low < eta < here]
        above = [eta for eta in sorted(seen) if here < eta < high]
        wanted = {eta: bound.expected(eta) for eta in (*below, *above)}
        told = {e: seen[e] for e in wanted if wanted[e]}
        yield Confirmation(
            bound,
            end,
            wanted[below[-1]],
            wanted[above[0]] if above else (),
            _nearest(wanted, here, below, seen),
            _nearest(wanted, here, above, seen),
            seen.get(here, UNDECIDED),
            end is not None and bool(sp.Rational(here) == end),
            tuple(e for e, o in told.items() if o in (CONVERGES, GROWS) and o not in wanted[e]),
            sum(o not in wanted[e] for e, o in told.items() if o in (UNDECIDED, STAYS)),
        )


def _nearest(
    wanted: Mapping[float, Outcomes], end: float, side: Sequence[float], seen: Mapping[float, int]
) -> float:
    """The relative distance of the nearest step on a side with an outcome that is allowed."""
    near = [eta for eta in side if seen[eta] in wanted[eta]]
    if not np.isfinite(end):  # no end: at most of the steps, lest a few speak for all
        return 0.0 if 2 * len(near) > len(side) else float("inf")
    return min((abs(eta / end - 1) for eta in near), default=float("inf"))


def _ends(steps: Set) -> Iterable[Expr]:
    if isinstance(steps, sp.Union):
        for part in steps.args:
            yield from _ends(part)
    elif isinstance(steps, sp.FiniteSet):
        yield from steps
    elif isinstance(steps, sp.Interval):
        yield from (end for end in (steps.inf, steps.sup) if end.is_finite and end != 0)
    elif steps is not sp.S.EmptySet:
        raise BadData(f"the set of steps {steps} has no listed ends; give its parameters values")


__all__ = ["OUTCOMES", "Bound", "Confirmation", "confirmations", "threshold_sweep", "together"]
