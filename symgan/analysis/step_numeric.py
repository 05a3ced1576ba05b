"""The answer for a matrix in the step alone: exact sets, ends and best step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import And, Expr, Integer, Interval, Or, Set
from sympy.logic.boolalg import Boolean

from symgan.analysis.budget import Budget
from symgan.analysis.linear_map import LinearMap
from symgan.analysis.realroot import RealRoot
from symgan.analysis.step_best import Optimum, optimum
from symgan.analysis.step_cells import Cell, Piece, Status, cells, pieces
from symgan.errors import Undecided
from symgan.results_discrete import Best, Boundary, Edge


@dataclass(frozen=True)
class Span:
    """Consecutive cells of one status, as an interval; None stands for 0 and infinity."""

    low: RealRoot | None
    high: RealRoot | None
    low_closed: bool
    high_closed: bool

    def as_set(self, factor: Expr) -> Set:
        """The interval, its ends multiplied by a factor."""
        low = Integer(0) if self.low is None else self.low.closed_form() * factor
        high = sp.oo if self.high is None else self.high.closed_form() * factor
        return Interval(low, high, not self.low_closed, not self.high_closed)

    def condition(self, step: Expr) -> Boolean:
        """That a step lies in it."""
        if self.low is not None and self.low is self.high:
            return sp.Eq(step, self.low.closed_form())
        parts: list[Boolean] = []
        if self.low is not None:
            low = self.low.closed_form()
            parts.append(step >= low if self.low_closed else step > low)
        if self.high is not None:
            high = self.high.closed_form()
            parts.append(step <= high if self.high_closed else step < high)
        return And(*parts)


@dataclass(frozen=True)
class NumericAnswer:
    """What `step_bound` says of a matrix in the step alone, before scalings are undone."""

    cells: list[Cell]
    stable: list[Span]
    marginal: list[Span]
    best: Optimum | None
    ends: list[tuple[RealRoot | None, bool, Edge, tuple[Expr, ...]]]

    def sets(self, factor: Expr) -> tuple[Set, Set]:
        """The stable and the marginal steps."""
        return _union(self.stable, factor), _union(self.marginal, factor)

    def conditions(self, step: Expr) -> tuple[Boolean, Boolean]:
        """The conditions for stable and for marginal steps."""
        return _any_of(self.stable, step), _any_of(self.marginal, step)

    def boundary(self, factor: Expr) -> tuple[Boundary, ...]:
        """What happens at the ends."""

        def value(end: RealRoot | None, at_zero: bool) -> Expr:
            if end is None:
                return Integer(0) if at_zero else sp.oo
            return end.closed_form() * factor

        return tuple(Boundary(value(e, z), edge, roots) for e, z, edge, roots in self.ends)

    def best_cases(self, factor: Expr) -> tuple[Best, ...]:
        """The best step, where there is one answer."""
        if self.best is None:
            return ()
        attained = self.best.step is not None
        step = self.best.step.closed_form() * factor if self.best.step else sp.oo
        return (Best(step, self.best.rate.closed_form(), sp.true, attained),)


def answer(system: LinearMap, budget: Budget) -> NumericAnswer:
    """The cells of the half-line and all that follows from them.

    Raises:
        Undecided: out of time.
    """
    parts = pieces(system)
    found = cells(system, budget)
    stable, marginal = (_spans(found, s) for s in (Status.STABLE, Status.MARGINAL))
    best = None
    if stable:
        try:
            best = optimum([p.entries for p in parts], budget)
        except Undecided:  # the sets stand without it
            best = None
    return NumericAnswer(found, stable, marginal, best, _ends(parts, found))


def is_numeric(system: LinearMap) -> bool:
    """Whether the step is the only symbol and all numbers are rational."""
    domain: Any = system.field.domain
    plain = domain.is_FractionField and domain.domain.is_QQ and not system.field.names
    return bool(plain and system.field.domain.symbols == (system.symbol,))


def _spans(found: Sequence[Cell], status: Status) -> list[Span]:
    spans: list[Span] = []
    group: list[Cell] = []
    for cell in [*found, None]:
        if cell is not None and cell.status is status:
            group.append(cell)
        elif group:
            first, last = group[0], group[-1]
            spans.append(Span(first.low, last.high, first.is_point, last.is_point))
            group = []
    return spans


def _any_of(spans: Sequence[Span], step: Expr) -> Boolean:
    return Or(*(span.condition(step) for span in spans))


def _union(spans: Sequence[Span], factor: Expr) -> Set:
    return sp.Union(*(s.as_set(factor) for s in spans)) if spans else sp.S.EmptySet


def _ends(parts: Sequence[Piece], found: Sequence[Cell]) -> list[Any]:
    """Where stable or marginal steps begin or end, in order."""
    good = (Status.STABLE, Status.MARGINAL)
    ends: list[Any] = []
    if found[0].status in good:
        ends.append((None, True, Edge.OPEN, ()))
    for k in range(1, len(found), 2):  # intervals and points alternate
        before, point, after = found[k - 1 : k + 2]
        if before.status is after.status is point.status:
            continue
        if not {before.status, after.status, point.status} & set(good):
            continue
        assert point.low is not None
        ends.append((point.low, False, *_edge(parts, point)))
    if found[-1].status in good:
        ends.append((None, False, Edge.OPEN, ()))
    return ends


def _edge(parts: Sequence[Piece], cell: Cell) -> tuple[Edge, tuple[Expr, ...]]:
    root = cell.low
    assert root is not None
    if cell.status in (Status.UNDEFINED, Status.UNSTABLE):
        return Edge.OPEN, ()
    values = _circle_eigenvalues(parts, root) or ()
    if cell.status is Status.DEFECTIVE:
        return Edge.JORDAN, values
    if values == (Integer(1),):
        return Edge.UNIT_ROOT, values
    return (Edge.FLIP if values == (Integer(-1),) else Edge.CIRCLE), values


def _circle_eigenvalues(parts: Sequence[Piece], root: RealRoot) -> tuple[Expr, ...] | None:
    """The distinct eigenvalues on the circle; None where they have no closed form."""
    found: dict[Expr, None] = {}
    for part in parts:
        values = _of_factor(part, root)
        if values is None:
            return None
        found.update(dict.fromkeys(values))
    return tuple(found)


def _of_factor(part: Piece, root: RealRoot) -> list[Expr] | None:
    if len(part.entries) <= 3:
        return _small_factor(part, root)
    number = root.closed_form()
    if root.rational is None:
        return None
    z = sp.Symbol("z")
    polynomial = sp.Poly([e.eval(number) for e in part.entries], z, domain="QQ")
    found: list[Expr] = []
    for factor, _ in polynomial.factor_list()[1]:
        if factor.degree() > 2 and _reciprocal(factor):
            return None
        if factor.degree() <= 2:
            monic = factor.monic().all_coeffs()[1:]
            found += _exact_on_circle(*monic)
    return found


def _small_factor(part: Piece, root: RealRoot) -> list[Expr] | None:
    """Roots of modulus one of a factor of degree one or two, decided at the exact step."""
    a, *rest = part.entries
    degree = len(rest)
    values = [v for v in (1, -1) if root.sign(_at(part.entries, v)) == 0]
    if values or degree == 1 or root.sign(a - rest[1]) != 0:
        return [Integer(v) for v in values]
    number = root.closed_form()
    if number.has(sp.CRootOf):
        return None
    return _pair(sp.radsimp(rest[0].eval(number) / a.eval(number)))


def _at(entries: Sequence[sp.Poly], value: int) -> sp.Poly:
    total = entries[0]
    for entry in entries[1:]:
        total = total * value + entry
    return total


def _exact_on_circle(*rest: Expr) -> list[Expr]:
    if len(rest) == 1:
        return [-rest[0]] if abs(rest[0]) == 1 else []
    return _pair(rest[0]) if rest[1] == 1 and abs(rest[0]) < 2 else []


def _pair(p: Expr) -> list[Expr]:
    r"""The roots of :math:`z^2 + p z + 1` with :math:`|p| < 2`."""
    height = sp.sqrt(sp.radsimp(sp.expand(1 - p**2 / 4)))
    return [-p / 2 - sp.I * height, -p / 2 + sp.I * height]


def _reciprocal(factor: Any) -> bool:
    entries = factor.all_coeffs()
    return entries == entries[::-1] or entries == [-c for c in entries[::-1]]
