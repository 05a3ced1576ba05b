"""Subjects from Python code: functions, and what keeps state between its steps."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from symgan.audit.calling import Convention, Form
from symgan.audit.calls import call, guarded, numbers, require_count
from symgan.audit.subject import Arithmetic, AuditError, Kind

CHANGES = "it changes its argument in place, and returns a value as well: copy what is handed over"


class FunctionSubject:
    """A function of the point: a field, a Jacobian, or a map without memory.

    Args:
        function: the code.
        title: how sentences call it.
        kind: what it computes.
        convention: how it is called.
        arithmetics: those it computes in.
        count: how many numbers it returns.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        title: str,
        kind: Kind,
        convention: Convention,
        arithmetics: tuple[Arithmetic, ...],
        count: int,
    ) -> None:
        self.title, self.kind, self.convention, self.count = title, kind, convention, count
        self._function, self._arithmetics = function, arithmetics
        self._findings: dict[str, None] = {}
        self._now: tuple[Any, ...] = ()
        self._values: Mapping[str, Any] = {}
        self._arithmetic = Arithmetic.FLOAT64

    def arithmetics(self) -> tuple[Arithmetic, ...]:
        """Those it computes in, the most telling first."""
        return self._arithmetics

    def takes(self) -> frozenset[str]:
        """The parameters that are arguments of the function."""
        return frozenset(parameter for _, parameter in self.convention.extras)

    def start(self, x0: tuple[Any, ...], values: Mapping[str, Any], arithmetic: Arithmetic) -> None:
        """Begin at a point."""
        self._now, self._values, self._arithmetic = tuple(x0), values, arithmetic

    def advance(self) -> tuple[Any, ...]:
        """Call the function once."""
        args, named = self.convention.pack(self._now, self._values, self._arithmetic)
        answer = call(self._function, args, named, self.title)
        if answer.changed:
            self._findings[CHANGES] = None
        found = numbers(answer.value, self.convention, self._arithmetic)
        if found is None:
            raise AuditError(f"{self.title} returns numbers of a lower kind at some inputs")
        require_count(found, (self.count,), self.title)
        if self.kind is Kind.MAP:
            self._now = found
        return found

    def findings(self) -> tuple[str, ...]:
        """Whether arguments were changed."""
        return tuple(self._findings)


class StatefulSubject:
    """Code that is made once a run and keeps state: a class, a factory, a generator function.

    Args:
        code: a class, a function that makes a stepper, a generator function, or a stepper
            that is copied for each run.
        title: how sentences call it.
        make: how it is called to begin a run; None where `code` is copied.
        step: how its step is called; None for a generator.
        arithmetics: those it computes in.
        count: how many numbers a step returns.
        skips: whether the first thing it returns is the start itself.
    """

    kind = Kind.MAP

    def __init__(
        self,
        code: Any,
        title: str,
        make: Convention | None,
        step: Convention | None,
        arithmetics: tuple[Arithmetic, ...],
        count: int,
        *,
        skips: bool = False,
    ) -> None:
        self.title, self.count = title, count
        self.convention = make or step
        self._code, self._make, self._step, self._skips = code, make, step, skips
        self._arithmetics = arithmetics
        self._findings: dict[str, None] = {}
        self.shared = False
        self.returned: list[tuple[Any, list[Any]]] = []
        self._run: Any = None
        self._buffer: Any = None

    def arithmetics(self) -> tuple[Arithmetic, ...]:
        """Those it computes in, the most telling first."""
        return self._arithmetics

    def takes(self) -> frozenset[str]:
        """The parameters that are arguments of the maker or of the step."""
        both = [c for c in (self._make, self._step) if c is not None]
        return frozenset(parameter for c in both for _, parameter in c.extras)

    def start(self, x0: tuple[Any, ...], values: Mapping[str, Any], arithmetic: Arithmetic) -> None:
        """Make it anew."""
        self._now, self._values, self._arithmetic = tuple(x0), values, arithmetic
        self.returned, self._buffer, self._handed = [], None, []
        if self._make is None:
            self._run = guarded(lambda: copy.deepcopy(self._code), self.title)
        else:
            self._handed, named = self._make.pack(self._now, values, arithmetic)
            args = self._handed
            self._run = guarded(lambda: self._code(*args, **named), self.title)
        if self._skips:
            self.advance()

    def advance(self) -> tuple[Any, ...]:
        """One step."""
        value = self._advanced()
        convention = self._step or self._make
        assert convention is not None
        found = numbers(value, convention, self._arithmetic)
        if found is None:
            raise AuditError(f"{self.title} returns numbers of a lower kind at some inputs")
        require_count(found, (self.count,), self.title)
        if isinstance(value, np.ndarray):
            self.returned.append((value, value.tolist()))
        self._now = found
        return found

    def _advanced(self) -> Any:
        if self._step is None:
            return guarded(lambda: next(self._run), self.title)
        args, named = self._step.pack(self._now, self._values, self._arithmetic)
        if self.shared and self._step.form is Form.SEQUENCE:
            args = [self._reused(args[0])]
        answer = call(stepper(self._run), args, named, self.title)
        if answer.changed:
            self._findings[CHANGES] = None
        if answer.value is None and self._handed:  # it works on what it was made with
            return self._handed if len(self._handed) > 1 else self._handed[0]
        return answer.value

    def _reused(self, packed: Any) -> Any:
        """One array for all steps, as a training loop that updates in place has it."""
        if self._buffer is None or not isinstance(packed, np.ndarray):
            self._buffer = packed
        else:
            self._buffer[:] = packed
        return self._buffer

    def findings(self) -> tuple[str, ...]:
        """Whether arguments were changed."""
        return tuple(self._findings)


def stepper(made: Any) -> Callable[..., Any]:
    """What makes a step: the method ``step``, or the object itself."""
    return made.step if callable(getattr(made, "step", None)) else made


def steps(made: Any) -> bool:
    """Whether an object can step."""
    return callable(getattr(made, "step", None)) or callable(made) or isinstance(made, Iterator)
