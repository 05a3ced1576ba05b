"""One piece of code, one method and one game: runs, and where they part from the method."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import mpmath
import sympy as sp
from mpmath import mpf
from sympy import Rational

from symgan.audit.driven import Comparison, Reference, compare
from symgan.audit.optimizer_rules import Method
from symgan.audit.subject import AuditError
from symgan.audit.torch_exact import Field
from symgan.audit.torch_runs import Setup, Trace
from symgan.audit.torch_state import Outside
from symgan.audit.tracked import DIGITS
from symgan.errors import SymganError
from symgan.game import Game

Start = tuple[Rational, ...]
Run = Callable[[Sequence[float], int, Setup], Trace]

PATTERNS = (
    "1", "1 0", "0 1", "1 -1", "1 2", "-1/2 1", "2 1/2 -1 3", "1/4 -2 3/2 1 -1/2",
)  # fmt: skip
"""Starts, repeated along the state: fractions of powers of 2, which code holds exactly, the
simplest first. Zeros show what is done to components without a gradient."""


@dataclass(frozen=True)
class Bench:
    """Where code is tried.

    Attributes:
        title: what sentences call the code.
        method: what it is held to.
        game: the game.
        reference: the method on the game.
        exact: the game's field.
        starts: the simplest first.
        steps: of the map, from every start.
        run: runs the code.
        outside: what the code keeps outside of its objects.
        known: comparisons that were made; layouts mostly give the same bits.
    """

    title: str
    method: Method
    game: Game
    reference: Reference
    exact: Field
    starts: tuple[Start, ...]
    steps: int
    run: Run
    outside: Outside
    known: dict[Any, Comparison] = field(default_factory=dict, repr=False, compare=False)

    def trace(self, start: Start, setup: Setup, *, clean: bool = True) -> Trace:
        """A run from a start; code's outside state is put back first."""
        if clean:
            self.outside.restore()
        return self.run([float(x) for x in start], self.steps * self.method.calls, setup)

    def compared(self, trace: Trace, dtype: str = "float64") -> Comparison:
        """A run held against the method."""
        states = tuple(trace.states[:: self.method.calls])
        if (states, dtype) not in self.known:
            self.known[states, dtype] = compare(self.reference, states, dtype)
        return self.known[states, dtype]

    def parting(self, setup: Setup, starts: Sequence[Start] | None = None) -> Parting | None:
        """The first start and step at which code and method part; None where they do not."""
        for start in self.starts if starts is None else starts:
            found = parting_of(self, start, self.trace(start, setup), setup.dtype)
            if found is not None:
                return found
        return None

    def at(self, start: Start) -> str:
        """A start in words: ``theta = 1, psi = 0``."""
        return ", ".join(f"{s} = {x}" for s, x in zip(self.game.state, start, strict=True))


@dataclass(frozen=True)
class Parting:
    """Where code and method part.

    Attributes:
        start: the start.
        step: counted from 1.
        component: the name of the symbol; empty where code raised.
        expected, found: values as text, or what was raised.
    """

    start: Start
    step: int
    component: str
    expected: str
    found: str

    @property
    def raised(self) -> bool:
        """Whether code raised there."""
        return not self.component


def parting_of(bench: Bench, start: Start, trace: Trace, dtype: str = "float64") -> Parting | None:
    """Where a run parts from the method."""
    wrong = bench.compared(trace, dtype).wrong
    if wrong is not None:
        return Parting(start, wrong.step, wrong.component, repr(wrong.expected), repr(wrong.found))
    if trace.raised:
        step = (len(trace.states) - 1) // bench.method.calls + 1
        return Parting(start, step, "", "a step", trace.raised)
    return None


def same_states(one: Trace, other: Trace) -> int:
    """The first step after which two runs differ in any bit; 0 where none does."""
    for k, (a, b) in enumerate(zip(one.states, other.states, strict=False)):
        if any(x != y and not (x != x and y != y) for x, y in zip(a, b, strict=True)):
            return k
    short = min(len(one.states), len(other.states))
    return 0 if len(one.states) == len(other.states) else short


def usable_starts(game: Game, exact: Field, reference: Reference) -> tuple[Start, ...]:
    """Starts at which the game and the method are defined.

    Raises:
        AuditError: there is none among those that are tried.
    """
    found = [x for x in _candidates(game) if _defined(exact, reference, x)]
    if not found:
        raise AuditError(
            f"{game.name!r} is defined at none of the simple starts that are tried; shift its state"
        )
    return tuple(dict.fromkeys(found))


def _candidates(game: Game) -> Iterator[Start]:
    for pattern in PATTERNS:
        parts = pattern.split()
        raw = [sp.Rational(parts[i % len(parts)]) for i in range(len(game.state))]
        yield tuple(
            (abs(x) or sp.Integer(1)) if s.is_positive else abs(x) if s.is_nonnegative else x
            for s, x in zip(game.state, raw, strict=True)
        )


def _defined(exact: Field, reference: Reference, start: Start) -> bool:
    """Whether the field exists at a start, and at a point beside it."""
    with mpmath.workdps(DIGITS):
        try:
            values = exact.gradient([float(x) for x in start], "float64")
        except (SymganError, ZeroDivisionError, ValueError, TypeError):
            return False  # a pole or the edge of the domain: not a start
        ended = compare(reference, [[float(x) for x in start]] * 2)
    return all(mpmath.isfinite(mpf(v)) for v in values) and not ended.unclear


def harness_game() -> Game:
    """A game of two players with four and three components, none like another.

    Faults of code that treats a tensor as one number need tensors of several entries; the
    coefficients differ so that no two components can be exchanged, and the cubic terms make the
    Jacobian depend on the state.
    """
    a, b, c, d = theta = sp.symbols("theta_1:5", real=True)
    p, q, r = psi = sp.symbols("psi_1:4", real=True)
    coupling = a * p + 2 * b * q - c * p + d * q / 2 - 3 * a * r / 2 + b * r
    first = coupling + a**2 / 2 + a * b + c**2 - c * d / 4 + d**3 / 8
    second = -coupling + p**2 / 4 + p * q / 2 + q**2 + r**3 / 8 + r * p
    return Game("a game of 4 and 3 components", (theta, psi), (first, second))


def shown(value: Any) -> str:
    """A step or a tuple of equal ones, as short as it can be said."""
    values = tuple(value)
    return str(values[0]) if len(set(values)) == 1 else str(values)
