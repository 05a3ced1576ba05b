"""From the canonical symbols of a linear problem to those of a cell."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Expr, Integer, Interval, Set, Symbol

from symgan.atlas.cell import Answer, Case, Verdict
from symgan.atlas.problem import ETA, Problem


class Own:
    """From canonical symbols to those of the cell."""

    def __init__(self, asked: Problem | None) -> None:
        self.factor: Expr = Integer(1) if asked is None else asked.factor
        self.scales = {} if asked is None else dict(asked.scales)
        self._map = {**self.scales, ETA: ETA * self.factor}
        self._plain = all(s == v for s, v in self._map.items())
        self._known: dict[Any, Any] = {}

    @property
    def shown(self) -> dict[Symbol, Expr]:
        """Canonical symbol -> what it stands for, where that is another thing."""
        return {s: v for s, v in self._map.items() if s != v}

    def __call__(self, expression: Any) -> Any:
        """An expression or condition."""
        if self._plain or expression in (sp.true, sp.false):
            return expression
        found = self._known.get(expression)
        if found is None:  # a set of steps and its condition are asked for, and share relations
            found = self._known[expression] = expression.xreplace(self._map)
        return found

    def time(self, value: Any) -> Any:
        """An eigenvalue of a flow, whose time is scaled."""
        return sp.factor_terms(self.factor * self(value)) if not self._plain else value

    def steps(self, found: Set) -> Set:
        """A set of steps."""
        if self._plain or found is sp.S.EmptySet:
            return found
        if isinstance(found, sp.ConditionSet):
            condition = self(found.condition)
            return sp.ConditionSet(ETA, condition, Interval.open(0, sp.oo))
        if isinstance(found, Interval):
            ends = (self._end(found.start), self._end(found.end))
            return Interval(*ends, found.left_open, found.right_open)
        if isinstance(found, sp.FiniteSet):
            return sp.FiniteSet(*map(self._end, found.args))
        if isinstance(found, sp.Union):
            return sp.Union(*map(self.steps, found.args))
        return found.subs(self.scales, simultaneous=True)

    def _end(self, value: Expr) -> Expr:
        if value in (sp.oo, 0):
            return value
        own = value.subs(self.scales, simultaneous=True)
        if isinstance(own, sp.Piecewise):
            return sp.Piecewise(*((e / self.factor, c) for e, c in own.args))
        return sp.factor_terms(own / self.factor)


def of_sample(cases: tuple[Case, ...], answer: Answer, own: Own) -> tuple[Case, ...]:
    """What sample values decided stands at these values alone; all else is undecided."""
    if not answer.sample or all(case.verdict is Verdict.UNDECIDED for case in cases):
        return cases
    there = sp.And(*(sp.Eq(own(s), v) for s, v in answer.sample.items()))
    at_sample = (Case(c.verdict, sp.And(there, c.condition)) for c in cases)
    return (*at_sample, Case(Verdict.UNDECIDED, sp.Not(there)))


def sampled(answer: Answer, own: Own) -> str:
    """The values for which a cell was decided, as a sentence; empty where it was for all."""
    if not answer.sample:
        return ""
    values = ", ".join(f"{own(s)} = {v}" for s, v in answer.sample.items())
    return f"decided for {values} alone"
