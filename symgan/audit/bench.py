r"""Code and derivation side by side from one start, in one arithmetic.

The derived side starts each step where the code stands, so that what is compared is one step and
rounding does not accumulate; what a map remembers it keeps by itself.

**The rounding budget.** An expression with n operations, evaluated in floating point in some order,
errs by at most about :math:`n\,u\,|F|_*`, where :math:`|F|_*` is the sum of the magnitudes of its
terms (`symgan.kernels.evaluate`). Code may write the same expression otherwise: expanded,
factored, with :math:`1 - \sigma(y)` for :math:`\sigma(-y)`. Its own terms may then be larger than
the derived ones, but not than those that the same formula has at points of this size. So where
:math:`4(n + 4)\,u\,|F|_*` is exceeded, :math:`|F|_*` is taken at its largest over all signs of the
coordinates, each as large as the largest. What is lost between the two is reported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import product
from typing import Any

import mpmath
import sympy as sp
from mpmath import mpf
from sympy import Expr, Rational, Symbol

from symgan.audit.derived import Ahead, Derived, binary_value, evaluated
from symgan.audit.numbers import DIGITS, handed
from symgan.audit.outcomes import Mismatch, Outcome, Residual
from symgan.audit.points import Point, conditions
from symgan.audit.subject import Arithmetic, AuditError, Subject, SubjectError
from symgan.differentiation import diff
from symgan.errors import Undecided
from symgan.kernels.errors import KernelError
from symgan.kernels.evaluate import evaluate, number, sized
from symgan.kernels.switching import guard

LAST_PLACE = {Arithmetic.FLOAT64: mpf(2) ** -53, Arithmetic.DIGITS: mpf(10) ** -50}
"""The unit that errors are measured in. Of 60 working digits 50 are asked for."""
MODERATE = 4
"""Up to this size of all numbers, code must not return infinities."""
MOST_SIGNS = 6
"""Coordinates up to which all signs are tried for the magnitude, 64 of them."""


class Bench:
    """A subject beside what is derived.

    Args:
        subject: the code.
        derived: what it is held against.
        arithmetic: the numbers it is run on.
        strict: whether the budget is that of the derived form alone.
    """

    def __init__(
        self, subject: Subject, derived: Derived, arithmetic: Arithmetic, *, strict: bool = False
    ) -> None:
        self._strict = strict
        self.subject, self.derived, self.arithmetic = subject, derived, arithmetic
        self.binary = arithmetic is Arithmetic.FLOAT64
        self.exact = arithmetic is Arithmetic.RATIONAL
        self._unit = LAST_PLACE.get(arithmetic, LAST_PLACE[Arithmetic.DIGITS])
        self._slack = float(getattr(subject, "slack", 1.0))

    @cached_property
    def _budgets(self) -> list[int]:
        return [4 * (int(f.count_ops()) + 4) for f in self.derived.entries]

    def start(self, point: Mapping[Symbol, Any]) -> tuple[Any, ...]:
        """Begin a run of the code; returns the exact start."""
        parameters = {**self.derived.fixed, **{s: point[s] for s in self.derived.free}}
        handed_over = {s.name: handed(v, self.arithmetic) for s, v in parameters.items()}
        x0 = tuple(point[s] for s in self.derived.state)
        self.subject.start(
            tuple(handed(x, self.arithmetic) for x in x0), handed_over, self.arithmetic
        )
        return x0

    def rounded(self, point: Point) -> Point:
        """The point as the code's numbers hold it."""
        return {s: binary_value(v) for s, v in point.items()} if self.binary else dict(point)

    def run(self, point: Point, steps: int) -> Outcome:
        """Compare so many steps from a start."""
        point = self.rounded(point)
        with mpmath.workdps(DIGITS):
            return self._run(point, steps)

    def _run(self, point: Point, steps: int) -> Outcome:
        try:
            visible: Sequence[Any] = self.start(point)
            ahead, worst, strained = self.ahead(point), 0.0, False
            memory_errors = [mpf(0)] * len(ahead.memory)
            for k in range(1, steps + 1):
                place = ahead.place(visible)
                known = ahead.exact(visible) if self.exact else ahead.sized(visible)
                if known is None or (not self.exact and self._undecided(place)):
                    return Outcome(None, k - 1, worst, strained)
                found = self._advance()
                carried = self._carried(place, memory_errors)
                for i, (f, x) in enumerate(zip(known, found, strict=True)):
                    wrong, ulps, strain = self._judge(i, f, x, place, carried[i])
                    if wrong:
                        if self.binary and _overflown(x, place):
                            return Outcome(None, k - 1, worst, strained, overflow=True)
                        value = f if self.exact else f.value
                        return Outcome(Mismatch(point, k, i, value, x, place), k - 1)
                    worst, strained = max(worst, ulps), strained or strain
                visible = found
        except Undecided:
            return Outcome(None, 0)
        return Outcome(None, steps, worst, strained)

    def residuals(self, point: Point, step: int) -> Residual | None:
        """Code minus derivation at one step; None where they part before, or one is undefined."""
        point = self.rounded(point)
        with mpmath.workdps(DIGITS):
            if step > 1 and self._run(point, step - 1).steps < step - 1:
                return None
            visible: Sequence[Any] = self.start(point)
            ahead = self.ahead(point)
            for _ in range(step - 1):
                if (ahead.exact(visible) if self.exact else ahead.sized(visible)) is None:
                    return None
                visible = self._advance()
            place = {s: number(v) for s, v in ahead.place(visible).items()}
            known = ahead.sized(visible)
            found = self._advance()
            if known is None or self._undecided(place) or not all(map(_finite, found)):
                return None
            values = tuple(number(x) - f.value for x, f in zip(found, known, strict=True))
            return Residual(place, values, tuple(f.magnitude for f in known))

    def noise(self, index: int, magnitude: Any) -> Any:
        """What rounding may make of a residual."""
        return 4 * self._budgets[index] * self._unit * self._slack * magnitude + self._tiny

    def ahead(self, point: Point) -> Ahead:
        """The derived side from a start."""
        return Ahead(self.derived, point, binary=self.binary)

    def _advance(self) -> Sequence[Any]:
        try:
            found = self.subject.advance()
        except (SubjectError, AuditError) as error:
            return [str(error)] * len(self.derived.labels)
        if len(found) != len(self.derived.labels):
            wanted = len(self.derived.labels)
            raise AuditError(f"{self.subject.title} returns {len(found)} numbers, not {wanted}")
        if self.arithmetic is Arithmetic.SYMBOLIC:
            return [_constant(x) for x in found]
        return found

    def _judge(
        self, index: int, known: Any, found: Any, place: Mapping[Symbol, Any], carried: Any
    ) -> tuple[bool, float, bool]:
        """Whether a component is wrong, by how many ulp it is off, and whether it was strained."""
        if self.exact:
            return isinstance(found, str) or sp.sympify(found) != known, 0.0, False
        if not _finite(found):
            return True, 0.0, False
        error = abs(number(found) - known.value)
        unit = self._unit * self._slack
        ulps = error / (unit * known.magnitude) if known.magnitude else mpf(0)
        if error <= self._tiny:
            return False, 0.0, False
        if error <= self._budgets[index] * unit * known.magnitude + carried:
            return False, float(ulps), False
        if self._strict:
            return True, 0.0, False
        reach = self.reach(index, place)
        return error > self._budgets[index] * unit * reach + carried, 0.0, True

    @property
    def _tiny(self) -> Any:
        """What underflow may lose: nothing but in floats."""
        return mpf(2) ** -1000 if self.binary else mpf(0)

    def reach(self, index: int, place: Mapping[Symbol, Any]) -> Any:
        """The largest magnitude of a component over all signs of a state of this size."""
        state = [s for s in self.derived.lifted if s in place]
        most = max(abs(number(place[s])) for s in state)
        numbers = {s: number(v) for s, v in place.items()}
        signs = product((1, -1), repeat=len(state)) if len(state) <= MOST_SIGNS else [(1,)]
        entry, best = self.derived.entries[index], mpf(0)
        for sign in signs:
            pattern = sign * len(state) if len(sign) < len(state) else sign
            here = {**numbers, **{s: e * most for s, e in zip(state, pattern, strict=True)}}
            found = evaluated([entry], here)
            best = max(best, found[0].magnitude) if found else best
        return best

    def _carried(self, place: Mapping[Symbol, Any], errors: list[Any]) -> list[Any]:
        """What rounding of the code's memory makes of the components; `errors` moves on."""
        if self.exact or not errors:
            return [mpf(0)] * len(self.derived.labels)
        numbers = {s: number(v) for s, v in place.items()}
        rows = []
        for row in self._slopes:
            here = evaluated(row, numbers)
            pairs = zip(here, errors, strict=True) if here else ()
            rows.append(sum((abs(d.value) * e for d, e in pairs), mpf(0)))
        shown = len(self.derived.labels)
        for j, i in enumerate(range(shown, len(self.derived.entries))):
            own = evaluated([self.derived.entries[i]], numbers)
            size = own[0].magnitude if own else mpf(0)
            errors[j] = rows[i] + self._budgets[i] * self._unit * size
        return rows[:shown]

    @cached_property
    def _slopes(self) -> list[list[Expr]]:
        """Derivatives of all entries by what is remembered."""
        return [[diff(f, m) for m, _ in self.derived.memory] for f in self.derived.entries]

    @cached_property
    def _guards(self) -> tuple[Expr, ...]:
        return tuple(guard(c) for c in conditions(self.derived))

    def _undecided(self, place: Mapping[Symbol, Any]) -> bool:
        """Whether rounding may decide a branch."""
        numbers = {s: number(v) for s, v in place.items()}
        for gap in self._guards:
            try:
                found = sized(gap, numbers)
            except (KernelError, ZeroDivisionError):
                continue
            if found.magnitude and abs(found.value) <= 64 * self._unit * found.magnitude:
                return True
        return False


def _overflown(found: Any, place: Mapping[Symbol, Any]) -> bool:
    """Whether code left the floating-point range away from small numbers."""
    if isinstance(found, str):
        return "OverflowError" in found
    return not _finite(found) and any(abs(number(v)) > MODERATE for v in place.values())


def _finite(found: Any) -> bool:
    return not isinstance(found, str) and bool(mpmath.isfinite(number(found)))


def _constant(found: Any) -> Any:
    """The number that an expression without symbols is."""
    if isinstance(found, Rational):
        return found
    try:
        return evaluate(sp.sympify(found), {})
    except (KernelError, ZeroDivisionError):
        return f"{found}, which is no finite real number"
