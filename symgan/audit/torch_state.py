"""State that code keeps where no optimizer should: module variables, class attributes, defaults.

What is found before a run is remembered and put back, so that one run does not disturb the next,
and what a run has changed is named.
"""

from __future__ import annotations

import copy
import inspect
import sys
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FunctionType
from typing import Any

_DEPTH = 6
"""Levels of containers that are looked into."""


@dataclass(frozen=True)
class Place:
    """One place that outlives a run.

    Attributes:
        name: as a sentence names it.
        get, put: read it and set it.
    """

    name: str
    get: Callable[[], Any]
    put: Callable[[Any], None]


class Outside:
    """What code keeps outside of its objects, as it was at first."""

    def __init__(self, code: Any) -> None:
        self._places = [p for p in _places(code) if _is_data(p.get())]
        self._first = [(p, fingerprint(p.get()), copy.deepcopy(p.get())) for p in self._places]

    def changed(self) -> tuple[str, ...]:
        """The places that are no more as they were at first."""
        found = (p.name for p, print_, _ in self._first if fingerprint(p.get()) != print_)
        return tuple(dict.fromkeys(found))

    def restore(self) -> None:
        """Put back what was there at first."""
        for place, print_, value in self._first:
            if fingerprint(place.get()) != print_:
                place.put(copy.deepcopy(value))


def fingerprint(value: Any, depth: int = _DEPTH) -> Any:
    """What tells two values apart, by content."""
    if hasattr(value, "detach") and hasattr(value, "tolist"):
        return ("tensor", tuple(value.shape), repr(value.detach().reshape(-1).tolist()))
    if depth == 0:
        return ("deep", type(value).__name__)
    if isinstance(value, dict):
        # keys may be objects (parameters), whose content is no part of the place
        return ("dict", tuple((_key(k), fingerprint(v, depth - 1)) for k, v in value.items()))
    if isinstance(value, list | tuple | set | frozenset | deque):
        return (type(value).__name__, tuple(fingerprint(v, depth - 1) for v in value))
    if isinstance(value, int | float | str | bytes | bool | None):
        return (type(value).__name__, repr(value))
    return (type(value).__name__, fingerprint(getattr(value, "__dict__", {}), depth - 1))


def _key(key: Any) -> Any:
    return repr(key) if isinstance(key, int | float | str | tuple) else id(key)


def _is_data(value: Any) -> bool:
    simple = int | float | bool | dict | list | set | deque | None
    return isinstance(value, simple) or (hasattr(value, "detach") and hasattr(value, "tolist"))


def _places(code: Any) -> Iterator[Place]:
    functions: list[FunctionType] = []
    if isinstance(code, type):
        for owner in code.__mro__:
            if owner.__module__.split(".")[0] in ("torch", "builtins", "typing", "abc"):
                continue
            # PyTorch wraps step when the first instance is made
            functions += [
                inspect.unwrap(f) for f in vars(owner).values() if isinstance(f, FunctionType)
            ]
            for name in [n for n in vars(owner) if not n.startswith("__")]:
                yield _attribute(owner, name, f"the class attribute {owner.__name__}.{name}")
    elif isinstance(code, FunctionType):
        functions.append(code)
        for name in vars(code):
            yield _attribute(code, name, f"the attribute {code.__name__}.{name}")
        yield from _cells(code)
    for function in functions:
        yield from _defaults(function)
    for module in dict.fromkeys(f.__module__ for f in functions):
        yield from _globals(module, functions)


def _globals(module: str, functions: list[FunctionType]) -> Iterator[Place]:
    """The variables of the module that the functions live in."""
    space = next(f.__globals__ for f in functions if f.__module__ == module)
    for name in [n for n in space if not n.startswith("__")]:
        yield Place(
            f"the module variable {name}",
            lambda name=name: space.get(name),
            lambda value, name=name: space.__setitem__(name, value),
        )
    if module in sys.modules:
        classes = [c for c in space.values() if isinstance(c, type) and c.__module__ == module]
        for owner in classes:
            for name in [n for n in vars(owner) if not n.startswith("__")]:
                yield _attribute(owner, name, f"the class attribute {owner.__name__}.{name}")


def _attribute(owner: Any, name: str, shown: str) -> Place:
    return Place(shown, lambda: vars(owner).get(name), lambda value: setattr(owner, name, value))


def _cells(function: FunctionType) -> Iterator[Place]:
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    for name, cell in cells:
        yield Place(
            f"the variable {name} around {function.__name__}",
            lambda cell=cell: _held(cell),
            lambda value, cell=cell: setattr(cell, "cell_contents", value),
        )


def _held(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # a cell that is not filled yet holds nothing
        return None


def _defaults(function: FunctionType) -> Iterator[Place]:
    """Mutable default arguments, which live as long as the function."""
    for i, value in enumerate(function.__defaults__ or ()):
        if not isinstance(value, dict | list | set | deque):
            continue

        def put(value: Any, i: int = i) -> None:
            old = function.__defaults__ or ()
            function.__defaults__ = (*old[:i], value, *old[i + 1 :])

        names = function.__code__.co_varnames[: function.__code__.co_argcount]
        name = names[len(names) - len(function.__defaults__ or ()) + i]
        yield Place(
            f"the default value of the argument {name}",
            lambda i=i: (function.__defaults__ or ())[i],
            put,
        )
