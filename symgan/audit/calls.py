"""One call of code under audit: what it raises, what it changes, what it returns."""

from __future__ import annotations

import traceback
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from symgan.audit.calling import Convention
from symgan.audit.numbers import flat, read
from symgan.audit.subject import Arithmetic, AuditError, SubjectError


@dataclass(frozen=True)
class Answer:
    """What a call returned.

    Attributes:
        value: as it was returned; the containers that were handed over where nothing was.
        changed: whether a container held other numbers afterwards, although something was
            returned.
        idle: whether nothing was returned and nothing changed.
    """

    value: Any
    changed: bool
    idle: bool = False


def call(
    function: Callable[..., Any], args: Sequence[Any], named: Mapping[str, Any], title: str
) -> Answer:
    """Call code; one that returns nothing is taken to work in place.

    Raises:
        SubjectError: it raised; the sentence names the line.
    """
    before = [_held(arg) for arg in args]
    value = guarded(lambda: function(*args, **named), title)
    changed = any(
        old is not None and _held(arg) != old for arg, old in zip(args, before, strict=True)
    )
    if value is None and any(old is not None for old in before):
        return Answer(list(args) if len(args) > 1 else args[0], changed=False, idle=not changed)
    return Answer(value, changed, idle=value is None)


def guarded(action: Callable[[], Any], title: str) -> Any:
    """Run code of a user's.

    Raises:
        SubjectError: it raised.
    """
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # what overflows shows in the values
        try:
            return action()
        except StopIteration:
            raise SubjectError(f"{title} ended before the audit did; let it go on") from None
        except (Exception, SystemExit) as error:
            raise SubjectError(f"{title} raised {described(error)}") from error


def described(error: BaseException) -> str:
    """An exception with its message and the last line of the user's file on the way to it."""
    lines = str(error).strip().splitlines()
    text = type(error).__name__ + (f": {lines[0]}" if lines else "")
    own = Path(__file__).parent
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.parent != own and "site-packages" not in path.parts and path.is_file():
            return f"{text} ({path.name}, line {frame.lineno})"
    return text


def numbers(answer: Any, convention: Convention, arithmetic: Arithmetic) -> tuple[Any, ...] | None:
    """The numbers that were returned; None where one is of a lower kind than the arithmetic's."""
    found = [read(value, arithmetic) for value in flat(answer, convention.layout.state)]
    return None if any(value is None for value in found) else tuple(found)


def require_count(found: Sequence[Any], wanted: Sequence[int], title: str) -> None:
    """Refuse an answer of another length.

    Raises:
        AuditError: says how many numbers were returned and how many are wanted.
    """
    if len(found) not in wanted:
        many = " or ".join(str(n) for n in sorted(set(wanted)))
        raise AuditError(f"{title} returns {len(found)} numbers where {many} are wanted")


def _held(argument: Any) -> list[Any] | None:
    """The numbers in a container that code could change; None for anything else."""
    if isinstance(argument, list):
        return list(argument)
    if isinstance(argument, np.ndarray) or hasattr(argument, "detach"):
        return flat(argument)
    return None
