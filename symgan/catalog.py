"""Marks that make a game or a rule discoverable: one file, no list to keep by hand.

A game is a function that returns a `Game` and can be called without arguments; a rule
is a function ``(game, eta, **options) -> Map``. The marks carry what contracts, the
command line and the documentation need.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, TypeVar

from symgan.errors import UnknownName
from symgan.game import Game
from symgan.system import Flow, Map

F = TypeVar("F", bound=Callable[..., Any])
_MARK = "__symgan_mark__"


@dataclass(frozen=True)
class GameMark:
    """What a game in `symgan.games` says about itself."""

    name: str
    summary: str


@dataclass(frozen=True)
class FlowMark:
    """What the continuous-time counterpart of a rule in `symgan.rules` says about itself.

    Attributes:
        name: that of the rule it belongs to, or its own where no rule discretizes it.
        summary: one line.
    """

    name: str
    summary: str


@dataclass(frozen=True)
class RegularizerMark:
    """What a regularizer in `symgan.regularizers` says about itself.

    Attributes:
        name: the name on the command line.
        summary: one line.
    """

    name: str
    summary: str


@dataclass(frozen=True)
class RuleMark:
    r"""What a rule in `symgan.rules` says about itself.

    Attributes:
        name: the name on the command line.
        summary: one line.
        first_order: the derivative of the map in :math:`\eta` at 0, as a function of the
            game and the options; contracts compare it with the map.
    """

    name: str
    summary: str
    first_order: Callable[..., tuple[Any, ...]]


@dataclass(frozen=True)
class OptimizerMark:
    r"""What an optimizer in `symgan.optimizers` says about itself.

    It is no `RuleMark`: an optimizer depends on the iteration and has no first-order field,
    since it divides by a root of what it remembers.

    Attributes:
        name: that of the optimizer.
        summary: one line.
        near: ``(game, eta, **options) -> Map``, the smooth autonomous map that has the
            optimizer's derivative at an equilibrium.
    """

    name: str
    summary: str
    near: Callable[..., Map]


def game(name: str) -> Callable[[F], F]:
    """Mark a function without required arguments as a game of this name."""

    def mark(function: F) -> F:
        setattr(function, _MARK, GameMark(name, _summary(function)))
        return function

    return mark


def rule(name: str, *, first_order: Callable[..., tuple[Any, ...]]) -> Callable[[F], F]:
    """Mark an update rule and declare its first-order field."""

    def mark(function: F) -> F:
        setattr(function, _MARK, RuleMark(name, _summary(function), first_order))
        return function

    return mark


def flow(name: str) -> Callable[[F], F]:
    """Mark a function ``(game, **options) -> Flow`` as a rule's continuous-time counterpart."""

    def mark(function: F) -> F:
        setattr(function, _MARK, FlowMark(name, _summary(function)))
        return function

    return mark


def optimizer(name: str, *, near: Callable[..., Map]) -> Callable[[F], F]:
    """Mark an optimizer and declare its map near an equilibrium."""

    def mark(function: F) -> F:
        setattr(function, _MARK, OptimizerMark(name, _summary(function), near))
        return function

    return mark


def regularizer(name: str) -> Callable[[F], F]:
    """Mark a function ``(game, weight, **options) -> Game`` as a regularizer."""

    def mark(function: F) -> F:
        setattr(function, _MARK, RegularizerMark(name, _summary(function)))
        return function

    return mark


def marked(package: ModuleType, kind: type) -> dict[str, Callable[..., Any]]:
    """All functions in a package's modules that carry a mark of this kind, by name."""
    found: dict[str, Callable[..., Any]] = {}
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda info: info.name):
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        for function in vars(module).values():
            mark = getattr(function, _MARK, None)
            if (
                mark is not None
                and isinstance(mark, kind)
                and function.__module__ == module.__name__
            ):
                found[mark.name] = function
    return found


def mark_of(function: Callable[..., Any]) -> Any:
    """The mark of a game or rule."""
    return getattr(function, _MARK)


def lookup(package: ModuleType, kind: type, what: str, name: str) -> Callable[..., Any]:
    """One marked function by name.

    Raises:
        UnknownName: nothing carries the name; the sentence lists what does.
    """
    found = marked(package, kind)
    if name not in found:
        known = ", ".join(sorted(found))
        raise UnknownName(f"unknown {what} {name!r}; choose one of: {known}")
    return found[name]


def _summary(function: Callable[..., Any]) -> str:
    return (function.__doc__ or "").strip().splitlines()[0].rstrip(".")


GameBuilder = Callable[..., Game]
UpdateRule = Callable[..., Map]
FlowRule = Callable[..., Flow]
Regularizer = Callable[..., Game]
