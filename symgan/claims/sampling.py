"""A quick look whether a statement can be true: its value at some points, to 60 digits.

Many thousands of candidates share almost all of their parts; each part is evaluated once a point.
What this look refuses is dropped; what it lets pass is proved, or dropped, by the exact route.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any

import mpmath
import sympy as sp
from sympy import Basic, Symbol
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from symgan.certify.identity import rational_points
from symgan.claims.edits import CONNECTIVES
from symgan.claims.second import complete, inequalities

DIGITS = 60
SAME = 15
"""Digits that equal sides must share: the others are left to what derived values cancel."""
POINTS = 40
FAR = 6
"""Points with larger numbers are left out where others remain: exponentials cancel there."""
SIMPLE = 18
"""The walk through a domain begins with so many simple points, at which too much is equal."""

_FUNCTIONS: dict[type, Callable[..., Any]] = {
    sp.exp: mpmath.exp,
    sp.log: mpmath.log,
    sp.sin: mpmath.sin,
    sp.cos: mpmath.cos,
    sp.tan: mpmath.tan,
    sp.sinh: mpmath.sinh,
    sp.cosh: mpmath.cosh,
    sp.tanh: mpmath.tanh,
    sp.asin: mpmath.asin,
    sp.acos: mpmath.acos,
    sp.atan: mpmath.atan,
    sp.atan2: mpmath.atan2,
    sp.erf: mpmath.erf,
    sp.Abs: abs,
    sp.sign: mpmath.sign,
    sp.re: mpmath.re,
    sp.im: mpmath.im,
    sp.Min: min,
    sp.Max: max,
}
_REAL = (sp.atan2, sp.Min, sp.Max)
"""What takes real numbers only."""


class _Unknown(Exception):
    """A value that this look does not find."""


class Sample:
    """One point, and the values of all parts that were asked for there."""

    def __init__(self, point: Mapping[Symbol, Any], values: Mapping[Basic, Any]) -> None:
        self._point = dict(point)
        self._values = dict(values)
        self._known: dict[Basic, Any] = {}

    def truth(self, statement: Basic) -> bool | None:
        """Whether a statement is true at the point; None where a part of it has no value."""
        if statement in (sp.true, sp.false):
            return statement is sp.true
        if isinstance(statement, Relational):
            return self._compared(statement)
        if not isinstance(statement, CONNECTIVES):
            return None
        parts = [self.truth(part) for part in statement.args]
        if isinstance(statement, sp.And):
            return False if False in parts else None if None in parts else True
        if isinstance(statement, sp.Or):
            return True if True in parts else None if None in parts else False
        if isinstance(statement, sp.Implies) and parts[0] is False:
            return True
        if None in parts:
            return None
        if isinstance(statement, sp.Implies):
            return parts[1]
        if isinstance(statement, sp.Equivalent):
            return len(set(parts)) == 1
        return not parts[0] if isinstance(statement, sp.Not) else None

    def _compared(self, relation: Relational) -> bool | None:
        found = self.sides(relation)
        if found is None:
            return None
        left, right = found
        if not (mpmath.isfinite(left) and mpmath.isfinite(right)):
            return None
        slack = self._slack(left, right)
        if abs(left - right) <= slack:
            return isinstance(relation, sp.Equality | sp.LessThan | sp.GreaterThan)
        if isinstance(relation, sp.Equality | sp.Unequality):
            return isinstance(relation, sp.Unequality)
        if abs(mpmath.im(left)) > slack or abs(mpmath.im(right)) > slack:
            return None
        less = mpmath.re(left) < mpmath.re(right)
        return bool(less) is isinstance(relation, sp.StrictLessThan | sp.LessThan)

    @staticmethod
    def _slack(left: Any, right: Any) -> Any:
        return mpmath.mpf(10) ** -SAME * max(abs(left), abs(right), mpmath.mpf(10) ** -SAME)

    def sides(self, relation: Relational) -> tuple[Any, Any] | None:
        """The values of both sides; None where one has none."""
        try:
            return self.value(relation.lhs), self.value(relation.rhs)
        except (_Unknown, ArithmeticError, ValueError, TypeError):
            return None

    def value(self, part: Basic) -> Any:
        """The value of a part; each is found once."""
        found = self._known.get(part)
        if found is None:
            found = self._known[part] = self._found(part)
        return found

    def _found(self, part: Basic) -> Any:
        if part in self._values:
            return self.value(sp.sympify(self._values[part]))
        if part in self._point:
            return self.value(sp.sympify(self._point[part]))
        if isinstance(part, sp.Rational):
            return mpmath.mpf(int(part.p)) / int(part.q)
        if part.is_number and not part.args:
            return mpmath.mpmathify(part.evalf(DIGITS + 5))
        if isinstance(part, sp.Add):
            return mpmath.fsum(map(self.value, part.args))
        if isinstance(part, sp.Mul):
            return mpmath.fprod(map(self.value, part.args))
        if isinstance(part, sp.Pow):
            return mpmath.power(*map(self.value, part.args))
        if type(part) in _FUNCTIONS:
            return self._applied(part)
        if isinstance(part, AppliedUndef) or getattr(part, "symgan_free", False):
            return self._free(part)
        raise _Unknown

    def _applied(self, part: Basic) -> Any:
        arguments = [self.value(argument) for argument in part.args]
        if type(part) in _REAL:
            if any(mpmath.im(argument) for argument in arguments):
                raise _Unknown
            arguments = [mpmath.re(argument) for argument in arguments]
        return _FUNCTIONS[type(part)](*arguments)

    def _free(self, part: Basic) -> Any:
        """A value of an undetermined function: any will do, the same wherever it is the same."""
        places = [mpmath.nstr(self.value(argument), SAME) for argument in part.args]
        return mpmath.mpf(random.Random(f"{part.func}{places}").uniform(-3, 3))


class Samples:
    """Points of a domain, the least simple first.

    Args:
        symbols: what needs a value.
        given: the domain.
        values: named quantity -> its derived value.
    """

    def __init__(
        self, symbols: set[Any], given: Boolean, values: Mapping[Basic, Any], count: int = POINTS
    ) -> None:
        wanted = {s for s in symbols - set(values) if isinstance(s, Symbol)}
        walk = rational_points(wanted, inequalities(given))
        points = [complete(p, given) for p in islice(walk, count + SIMPLE)]
        ordered = [*points[SIMPLE:], *points[:SIMPLE]]
        kept = [p for p in ordered if given is sp.true or given.subs(p) is sp.true]
        near = [p for p in kept if all(abs(v) < FAR for v in p.values())]
        chosen = near if len(near) > SIMPLE else kept
        self._samples: Sequence[Sample] = [Sample(p, values) for p in chosen]

    def refuse(self, statement: Basic) -> bool:
        """Whether a statement is false at one of the points."""
        with mpmath.workdps(DIGITS):
            return any(sample.truth(statement) is False for sample in self._samples)

    def confirm(self, statement: Basic) -> bool:
        """Whether a statement is true at every point at which it has a value, and has one."""
        with mpmath.workdps(DIGITS):
            found = [sample.truth(statement) for sample in self._samples]
        return True in found and False not in found

    def follows(self, conclusion: Basic, premise: Basic) -> bool:
        """Whether one statement is true wherever the other is, at some of the points."""
        with mpmath.workdps(DIGITS):
            met = [sample for sample in self._samples if sample.truth(premise)]
            return bool(met) and all(sample.truth(conclusion) for sample in met)

    def sides(self, relation: Relational) -> list[tuple[Any, Any]]:
        """The values of both sides at each point at which they have one."""
        with mpmath.workdps(DIGITS):
            found = [sample.sides(relation) for sample in self._samples]
        return [sides for sides in found if sides is not None]

    def vacuous(self, statement: Basic) -> bool:
        """Whether a premise of the statement is true at no point."""
        with mpmath.workdps(DIGITS):
            return any(
                all(sample.truth(node.args[0]) is not True for sample in self._samples)
                for node in statement.atoms(sp.Implies)
            )
