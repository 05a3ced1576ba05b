r"""Local stability of switched maps whose branches are shears with a nonlinear slope.

On each open branch one coordinate moves towards its sign change,
:math:`x_i^+ = x_i + x_j S(x_i x_j)` with :math:`z S(z) < 0`. With :math:`q = |x_i x_j|` and
:math:`k(q) = |S|`, :math:`a = |x_i|` goes to :math:`|a - bk|`, :math:`b = |x_j|`, so that
:math:`\max(a, b)` does not grow where :math:`bk \le a + \max(a, b)`. In the box
:math:`\max(a, b) \le r` this follows from

.. math:: k(q) \le 1 + q/r^2, \qquad 0 \le q \le r^2,

since :math:`a/b \ge q/r^2` where :math:`b \ge a`, and :math:`k \le 2 \le 2a/b` elsewhere. For
:math:`k = \eta s` with :math:`0 < s(q) \le s(0) + s_1 q` on :math:`0 \le q \le h` it holds
for all :math:`\eta \le 1/s(0)` with :math:`r^2 = \min(s(0)/s_1, h)`; and for
:math:`\eta > 1/s(0)` the maximum grows at states arbitrarily near the origin.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from symgan.analysis.cells import Cell, cells
from symgan.analysis.increment import increment
from symgan.analysis.scaling import Reduced
from symgan.certify.boxes import prove_on_box
from symgan.certify.decide import decide
from symgan.certify.identity import is_zero
from symgan.differentiation import diff
from symgan.results_discrete import Lyapunov
from symgan.system import Map

Data = Mapping[str, Any]
HALF = sp.Rational(1, 2)
_Q = Symbol("q", positive=True)


@dataclass(frozen=True)
class Local:
    """A maximum norm that does not grow near the origin.

    Attributes:
        holds: the exact set of steps for which that is so.
        square: the square of the box's half-width; oo where it may be any.
        parts: evidence for the shear form, the direction and the slope of each branch.
    """

    holds: sp.Set
    square: Expr
    parts: tuple[Data, ...]

    def result(self, single: Reduced, system: Map) -> Lyapunov:
        """The same for the original map."""
        norm = sp.Max(*(sp.Abs(x) for x in single.system.state))
        function = single.restore(norm)
        return Lyapunov(
            function,
            single.condition(self.holds),
            False,
            increment(function, system),
            self.certificate(single),
            domain=sp.true if self.square is sp.oo else function <= sp.sqrt(self.square),
        )

    def certificate(self, single: Reduced) -> Data:
        """The evidence, of the map with one step."""
        return {"parts": list(self.parts), "steps": str(single.given(self.holds))}


@dataclass(frozen=True)
class _Slope:
    """A branch's slope over the step: s(0), the bound s_1, how far it holds, and evidence."""

    start: Expr
    growth: Expr
    reach: Expr
    parts: tuple[Data, ...]


def shear_norm(single: Reduced) -> Local | None:
    """The maximum norm as a local Lyapunov function; None where a branch is no such shear."""
    slopes = [slope for cell in cells(single.system.rhs) for slope in _slopes(cell, single)]
    if not slopes or any(slope is None for slope in slopes):
        return None
    known = [slope for slope in slopes if slope is not None]
    largest = sp.Max(*(slope.start for slope in known))
    growth = [slope.growth for slope in known if slope.growth != 0]
    # The largest step makes the bound on r tightest: eta s_1 r^2 <= 1 at eta = 1/largest.
    square = sp.Min(largest / sp.Max(*growth) if growth else sp.oo, *(s.reach for s in known))
    parts = tuple(part for slope in known for part in slope.parts)
    return Local(sp.Interval.Lopen(0, 1 / largest), square, parts)


def _slopes(cell: Cell, single: Reduced) -> Iterator[_Slope | None]:
    """The slope of an open branch; on a tie, those along each axis."""
    x, y = single.system.state
    if cell.is_open:
        yield _open_slope(cell, single)
        return
    if set(cell.signs) != {x * y} and {x, y}.isdisjoint(cell.signs):
        yield None
        return
    for axis in _axes(cell, (x, y)):
        yield _axis_slope(cell, axis, single)


def _axes(cell: Cell, state: Sequence[Symbol]) -> Iterator[Symbol]:
    """The coordinates that may be nonzero, the other being zero, on a tie cell."""
    for free, zero in ((state[0], state[1]), (state[1], state[0])):
        at_tie = {zero: sp.Integer(0), free: _Q}
        if all(_sign(p.subs(at_tie)) in signs for p, signs in cell.signs.items()):
            yield free


def _sign(value: Expr) -> int | None:
    return 1 if value.is_positive else -1 if value.is_negative else 0 if value.is_zero else None


def _axis_slope(cell: Cell, axis: Symbol, single: Reduced) -> _Slope | None:
    """On an axis the moving coordinate is zero: it becomes slope times the other."""
    other = next(s for s in single.system.state if s != axis)
    place = dict(zip(single.system.state, cell.values, strict=True))
    kept, gained = (place[s].subs(other, 0) for s in (axis, other))
    slope = sp.cancel(gained / (axis * single.symbol))
    if sp.expand(kept - axis) != 0 or slope.free_symbols:
        return None
    return _Slope(abs(slope), sp.Integer(0), sp.oo, ())


def _open_slope(cell: Cell, single: Reduced) -> _Slope | None:
    state, step = single.system.state, single.symbol
    moving = [i for i, (x, v) in enumerate(zip(state, cell.values, strict=True)) if x != v]
    if len(moving) != 1 or len(cell.signs) != 1 or state[0] * state[1] not in cell.signs:
        return None
    x, other = state[moving[0]], state[1 - moving[0]]
    side = cell.signs[state[0] * state[1]] - {0}  # the tie belongs to it by continuity
    if len(side) != 1:
        return None
    z = next(iter(side)) * _Q
    # The slope at x = z/other; it must not depend on the other coordinate any more.
    gained = sp.simplify(((cell.values[moving[0]] - x) / (other * step)).subs(x, z / other))
    if gained.free_symbols - {_Q}:
        return None
    s = -next(iter(side)) * gained
    shear = cell.values[moving[0]] - x - other * step * gained.subs(_Q, z.coeff(_Q) * x * other)
    return _bounded(s, is_zero(shear))


def _bounded(s: Expr, shear: Any) -> _Slope | None:
    r"""Evidence for :math:`0 < s(q) \le s(0) + s_1 q`, for all q > 0 or as far as it is found."""
    slope = diff(s, _Q)
    start, growth = (sp.simplify(e.subs(_Q, 0)) for e in (s, slope))
    if not shear.holds or not start.is_positive or not growth.is_Rational:
        return None
    tangent, steeper = sp.Max(growth, 0), 2 * abs(growth) + 1
    for bound, reach in ((tangent, sp.oo), (tangent, HALF), (steeper, HALF), (steeper, HALF**4)):
        given = sp.true if reach is sp.oo else sp.Lt(_Q, reach)
        claims = (sp.Gt(s, 0), sp.Ge(sp.factor(sp.together(bound - slope)), 0))
        found = [_decided(claim, reach, given) for claim in claims]
        if None not in found:
            parts = (shear.certificate, *(data for data in found if data))
            return _Slope(start, bound, reach, tuple(data for data in parts if data))
    return None


def _decided(claim: Boolean, reach: Expr, given: Boolean) -> Data | None:
    """Evidence for a claim in q up to a reach; empty where it holds by its form."""
    if claim is sp.true:
        return {}
    decision = decide(claim, given)
    if decision.holds:
        return decision.certificate
    if reach is sp.oo or decision.holds is False:
        return None
    return prove_on_box(claim.lhs - claim.rhs, {_Q: (sp.Integer(0), reach)})
