r"""Parameters made one: a pair of steps becomes its mean, a strength goes into the step.

Where a map with steps :math:`\eta_1, \eta_2` is, in the coordinates
:math:`(\theta/c, \psi)` with :math:`c = \sqrt{\eta_1/\eta_2}`, the map with the single step
:math:`\eta = \sqrt{\eta_1\eta_2}`, whatever holds for one step holds for two. Where a
positive parameter b only multiplies the step, :math:`b\eta` is the step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import sympy as sp
from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from symgan.analysis.cells import cells
from symgan.analysis.increment import require_step
from symgan.analysis.planar import condition
from symgan.errors import GameError, Undecided
from symgan.system import Map


@dataclass(frozen=True)
class Reduced:
    """A map with one step, and the way back.

    Attributes:
        system: the map with the single step, and no other parameter where that was possible.
        symbol: the single step.
        stands_for: what the single step is in the original steps and parameters.
        scale: state symbol -> what it stands for in the original state and steps.
    """

    system: Map
    symbol: Symbol
    stands_for: Expr
    scale: Mapping[Symbol, Expr]

    @property
    def is_original(self) -> bool:
        """Whether nothing was changed."""
        return self.stands_for == self.symbol and not self.scale

    def restore(self, expression: Expr) -> Expr:
        """A function of the reduced state and step in the original ones."""
        back = {**self.scale, self.symbol: self.stands_for}
        return sp.sympify(expression).subs(back, simultaneous=True)

    def state(self, reduced: Mapping[Symbol, Expr]) -> dict[Symbol, Expr]:
        """The original state of a reduced one."""
        stretch = {s: value / s for s, value in self.scale.items()}
        return {s: self.restore(value) / stretch.get(s, 1) for s, value in reduced.items()}

    def given(self, values: sp.Set) -> Boolean:
        """A set of reduced steps as a condition on the reduced step, without roots."""
        return sp.Or(*(_part_given(part, self.symbol) for part in sp.Union.make_args(values)))

    def condition(self, values: sp.Set) -> Boolean:
        """A set of reduced steps as a condition on the original ones."""
        if self.stands_for.is_rational_function():
            return condition(values, self.stands_for)
        return condition(_squared(values), self.stands_for**2)


def reduced(system: Map, symbol: Symbol | tuple[Symbol, ...] | None) -> Reduced:
    """The map with one step.

    Args:
        system: a map.
        symbol: its step, or a pair; all its parameters if they are one or two positive ones.

    Raises:
        GameError: the step is not positive, or it must be named.
        Undecided: a pair of steps does not act through its product.
    """
    steps = tuple(symbol) if isinstance(symbol, tuple | list) else (symbol,) if symbol else ()
    steps = steps or tuple(p for p in system.parameters if p.is_positive)
    if len(steps) not in (1, 2):
        raise GameError(
            f"name the step, one symbol or a pair, among the parameters {system.parameters}"
        )
    for step in steps:
        require_step(system, step)
    if len(steps) == 1:
        return _absorbed(Reduced(system, steps[0], steps[0], {}))
    for scaled in system.state:
        for power in (1, -1):
            if (found := _scaled(system, steps, scaled, power)) is not None:
                return _absorbed(found)
    for step in steps if symbol is None else ():
        found = _absorbed(Reduced(system, step, step, {}))
        if not set(steps) - {step} & set(found.system.parameters):
            return found
    raise Undecided(
        f"the steps {steps[0]} and {steps[1]} do not act through their product; fix their ratio"
    )


def _absorbed(single: Reduced) -> Reduced:
    """Without the positive parameters that only multiply the step."""
    step, system = single.symbol, single.system
    for strength in (p for p in system.parameters if p.is_positive and p != step):
        rhs = tuple(f.subs(step, step / strength) for f in system.rhs)
        if _is_free(rhs, strength):
            kept = tuple(p for p in system.parameters if p != strength)
            plain = tuple(f.subs(strength, 1) for f in system.rhs)
            inner = replace(system, rhs=plain, parameters=kept, stages=())
            return _absorbed(Reduced(inner, step, strength * single.stands_for, single.scale))
    return single


def _is_free(rhs: Sequence[Expr], symbol: Symbol) -> bool:
    """Whether neither the branches nor their regions depend on a symbol."""
    split = cells(rhs)
    parts = (part for cell in split for part in (*cell.signs, *map(sp.cancel, cell.values)))
    return not any(symbol in part.free_symbols for part in parts)


def _scaled(system: Map, steps: tuple[Symbol, ...], scaled: Symbol, power: int) -> Reduced | None:
    c, mean = sp.Dummy("c", positive=True), Symbol("eta", positive=True)
    first, second = steps
    inner = {first: mean * c, second: mean / c, scaled: scaled * c**power}
    rhs = [f.subs(inner, simultaneous=True) for f in system.rhs]
    place = system.state.index(scaled)
    rhs[place] = rhs[place] / c**power
    if not _is_free(rhs, c):
        return None
    same = {first: mean, second: mean}
    single = replace(
        system,
        rhs=tuple(f.subs(same) for f in system.rhs),
        parameters=(*(p for p in system.parameters if p not in steps), mean),
        stages=(),
    )
    ratio = sp.sqrt(first) / sp.sqrt(second)
    product = sp.sqrt(first) * sp.sqrt(second)
    return Reduced(single, mean, product, {scaled: scaled / ratio**power})


def _squared(values: sp.Set) -> sp.Set:
    """The squares of a set of positive numbers."""
    if isinstance(values, sp.Interval):
        ends = (values.start**2, values.end**2)
        return sp.Interval(*ends, values.left_open, values.right_open)
    if isinstance(values, sp.FiniteSet):
        return sp.FiniteSet(*(v**2 for v in values))
    if isinstance(values, sp.Union):
        return sp.Union(*(_squared(part) for part in values.args))
    return values


def _part_given(part: sp.Set, step: Symbol) -> Boolean:
    if isinstance(part, sp.FiniteSet):
        return sp.Or(*(_at(step, value) for value in part))
    lower, upper = part.start, part.end
    return sp.And(
        sp.true if lower == 0 else _beyond(step, lower, 1, part.left_open),
        sp.true if upper is sp.oo else _beyond(step, upper, -1, part.right_open),
    )


def _at(step: Symbol, value: Expr) -> Boolean:
    if value.is_Rational:
        return sp.Eq(step, value)
    low, high = _bracket(value)
    return sp.And(sp.Eq(sp.minimal_polynomial(value, step), 0), step > low, step < high)


def _beyond(step: Symbol, end: Expr, side: int, is_open: bool) -> Boolean:
    """The step lies above (1) or below (-1) an algebraic number, by its minimal polynomial."""
    relation = (sp.Gt if is_open else sp.Ge) if side > 0 else (sp.Lt if is_open else sp.Le)
    if end.is_Rational:
        return relation(step, end)
    if (end**2).is_Rational:
        return relation(step**2, end**2)
    minimal, (low, high) = sp.minimal_polynomial(end, step), _bracket(end)
    near, far = (low, high) if side > 0 else (high, low)
    if minimal.subs(step, far) < 0:
        minimal = -minimal
    same = sp.Gt(minimal, 0) if is_open else sp.Ge(minimal, 0)
    return sp.And(relation(step, near), sp.Or(relation(step, far), same))


def _bracket(value: Expr) -> tuple[Expr, Expr]:
    """Rationals around an algebraic number that hold no other root of its polynomial."""
    x = sp.Dummy("x")
    minimal = sp.Poly(sp.minimal_polynomial(value, x), x)
    for (low, high), _ in minimal.intervals(eps=sp.Rational(1, 64)):
        if low < value < high:
            return low, high
    raise Undecided(f"no rational bracket was found around {value}")
