"""Finding out how code wants to be called and in which numbers it computes, by trying."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

import mpmath
import numpy as np
from sympy import Rational, Symbol

from symgan.audit.calling import Convention, Form, Layout, conventions
from symgan.audit.calls import call, guarded, numbers, require_count
from symgan.audit.derived import Derived
from symgan.audit.functions import FunctionSubject, StatefulSubject, stepper, steps
from symgan.audit.numbers import DIGITS, handed
from symgan.audit.subject import Arithmetic, AuditError, Kind, Subject, SubjectError

LADDER = tuple(Arithmetic)


@dataclass(frozen=True)
class Trial:
    """Where code is tried, and what it may return.

    Attributes:
        layout: what is handed over.
        symbols: of the state, then of the free parameters.
        point: a value for each.
        values: of the parameters that are given.
        counts: how many numbers may come back, and what that makes of the code.
    """

    layout: Layout
    symbols: Mapping[str, Symbol]
    point: Mapping[str, Rational]
    values: Mapping[str, Any]
    counts: Mapping[int, Kind]

    def handed(self, arithmetic: Arithmetic) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The point and the parameters in an arithmetic."""
        source: Mapping[str, Any] = self.point
        if arithmetic is Arithmetic.SYMBOLIC:
            source = self.symbols
        x0 = tuple(handed(source[name], arithmetic) for name in self.layout.state)
        free = {name: source[name] for name in self.layout.parameters if name in source}
        both = {**free, **self.values}
        return x0, {
            name: tuple(handed(v, arithmetic) for v in value)
            if isinstance(value, tuple)
            else handed(value, arithmetic)
            for name, value in both.items()
        }


def subject_of(code: Any, title: str, trial: Trial) -> Subject:
    """The subject that a Python object is.

    Raises:
        AuditError: it cannot be called, or what it returns has the wrong length.
        SubjectError: it raises however it is called.
    """
    if isinstance(code, Subject):
        return code
    if inspect.isclass(code) or inspect.isgeneratorfunction(code):
        return _stateful(code, title, trial)
    if callable(getattr(code, "step", None)):
        return _stateful(code, title, trial, copied=True)
    if not callable(code):
        raise AuditError(f"{title} is a {type(code).__name__}, which cannot be called")
    plain = isinstance(code, FunctionType | BuiltinFunctionType | MethodType | np.ufunc)
    refusals: list[Exception] = []
    for convention in conventions(code, trial.layout, title, pointless=True):
        try:
            found = _function(code, title, trial, convention)
        except (AuditError, SubjectError) as error:
            refusals.append(error)
            continue
        if found is None:
            return _stateful(code, title, trial)
        if found.kind is Kind.MAP and not plain:
            return _stateful(code, title, trial, copied=True)
        return found
    raise _telling(refusals)


def takes_memory(code: Any, derived: Derived) -> bool:
    """Whether a function has arguments called like what a map remembers."""
    try:
        named = set(inspect.signature(code).parameters)
    except (TypeError, ValueError):
        return False
    return bool(named & {s.name for s, _ in derived.memory})


def _telling(refusals: Sequence[Exception]) -> Exception:
    """The refusal that tells most: a wrong length first, then the first way of calling."""
    return next((e for e in refusals if "numbers" in str(e)), refusals[0])


def _function(
    code: Callable[..., Any], title: str, trial: Trial, convention: Convention
) -> FunctionSubject | None:
    """A function called so; None where it returns something that steps.

    Raises:
        AuditError, SubjectError: this is not how it is called.
    """
    works: list[Arithmetic] = []
    refusals: list[Exception] = []
    count = 0
    for arithmetic in _tried(convention):
        x0, values = trial.handed(arithmetic)
        try:
            with mpmath.workdps(DIGITS):
                args, named = convention.pack(x0, values, arithmetic)
                said = call(code, args, named, title)
                answer = said.value
                if said.idle:
                    raise AuditError(f"{title} returns nothing and changes nothing; return a value")
                if _is_stepper(answer):
                    return None
                found = numbers(answer, convention, arithmetic)
                if found is not None:
                    require_count(found, tuple(trial.counts), title)
        except (AuditError, SubjectError) as error:
            refusals.append(error)
            continue
        if found is not None:
            works.append(arithmetic)
            count = len(found)
    if not works:
        raise refusals[-1] if refusals else AuditError(f"{title} returns no numbers")
    if convention.form is Form.NOTHING:
        raise AuditError(f"{title} takes no point; write it as a function of the state")
    kind = trial.counts[count]
    subject = FunctionSubject(code, title, kind, convention, tuple(works), count)
    if _loses_digits(subject, trial):
        works.remove(Arithmetic.DIGITS)
    return FunctionSubject(code, title, kind, convention, tuple(works), count)


def _is_stepper(answer: Any) -> bool:
    return steps(answer) and not isinstance(answer, np.ndarray) and not hasattr(answer, "detach")


def _tried(convention: Convention) -> tuple[Arithmetic, ...]:
    return (Arithmetic.FLOAT64,) if convention.container == "tensor" else LADDER


def _stateful(code: Any, title: str, trial: Trial, *, copied: bool = False) -> StatefulSubject:
    """Code that is made once a run.

    Raises:
        AuditError, SubjectError: no way of making it and stepping works.
    """
    if Kind.MAP not in trial.counts.values():
        raise AuditError(f"{title} is made anew for a run, which only maps are; name a --rule")
    refusals: list[Exception] = []
    makers: Iterator[Convention | None] = iter([None])
    if not copied:
        makers = iter(conventions(code, trial.layout, title, pointless=True))
    for make in makers:
        try:
            for step in _steps_of(code, title, trial, make):
                found = _running(code, title, trial, make, step, refusals)
                if found is not None:
                    return found
        except (AuditError, SubjectError) as error:
            refusals.append(error)
    raise _telling(refusals)


def _steps_of(
    code: Any, title: str, trial: Trial, make: Convention | None
) -> Iterator[Convention | None]:
    """How the step of what is made may be called; None for an iterator."""
    if inspect.isgeneratorfunction(code):
        yield None
        return
    made = code
    if make is not None:
        x0, values = trial.handed(Arithmetic.FLOAT64)
        args, named = make.pack(x0, values, Arithmetic.FLOAT64)
        made = guarded(lambda: code(*args, **named), title)
    if isinstance(made, Iterator):
        yield None
        return
    if not steps(made):
        raise AuditError(f"{title} makes a {type(made).__name__}, which has no step to call")
    given = make is not None and make.form is not Form.NOTHING
    yield from conventions(stepper(made), trial.layout, f"the step of {title}", pointless=given)


def _running(
    code: Any,
    title: str,
    trial: Trial,
    make: Convention | None,
    step: Convention | None,
    refusals: list[Exception],
) -> StatefulSubject | None:
    """The subject, if two steps can be made so."""
    count = next(n for n, kind in trial.counts.items() if kind is Kind.MAP)
    works, skips = [], False
    tried = [a for c in (make, step) if c for a in LADDER if a not in _tried(c)]
    for arithmetic in (a for a in LADDER if a not in tried):
        x0, values = trial.handed(arithmetic)
        subject = StatefulSubject(code, title, make, step, (arithmetic,), count)
        try:
            with mpmath.workdps(DIGITS):
                subject.start(x0, values, arithmetic)
                first = subject.advance()
                subject.advance()
        except (AuditError, SubjectError) as error:
            refusals.append(error)
            continue
        works.append(arithmetic)
        skips = skips or list(first) == list(x0)
    if not works:
        return None
    subject = StatefulSubject(code, title, make, step, tuple(works), count, skips=skips)
    if _loses_digits(subject, trial):
        works.remove(Arithmetic.DIGITS)
    return StatefulSubject(code, title, make, step, tuple(works), count, skips=skips)


def _loses_digits(subject: Subject, trial: Trial) -> bool:
    """Whether code that takes 50 digits rounds to floats inside (math.exp does).

    The slopes that it has over :math:`10^{-8}` and over :math:`10^{-30}` agree where it does not.
    """
    if Arithmetic.DIGITS not in subject.arithmetics():
        return False
    with mpmath.workdps(DIGITS):
        x0, values = trial.handed(Arithmetic.DIGITS)

        def at(h: Any) -> tuple[Any, ...]:
            moved = tuple(x * (1 + h * (2 + i)) for i, x in enumerate(x0))
            subject.start(moved, values, Arithmetic.DIGITS)
            return subject.advance()

        here = at(mpmath.mpf(0))
        coarse, fine = (
            [(a - b) / h for a, b in zip(at(h), here, strict=True)]
            for h in (mpmath.mpf(10) ** -8, mpmath.mpf(10) ** -30)
        )
        size = max(map(abs, coarse), default=mpmath.mpf(0))
        gap = max((abs(a - b) for a, b in zip(coarse, fine, strict=True)), default=mpmath.mpf(0))
        return bool(gap > size / 1000)
