"""What symgan derives, ready to be evaluated beside code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import sympy as sp
from mpmath import mpf
from sympy import Expr, Matrix, Rational, Symbol

from symgan.audit.subject import AuditError, Kind
from symgan.game import Game
from symgan.kernels.errors import KernelError
from symgan.kernels.evaluate import FUNCTIONS, Sized, number, sized
from symgan.system import Map


@dataclass(frozen=True)
class Derived:
    """A field, Jacobian or map, and what stands in it.

    Attributes:
        kind: which of them.
        title: how sentences call it.
        game: what it was derived from.
        state: the players' symbols.
        entries: the components in the state (with a map's memory) and the parameters.
        labels: what the components are called.
        map: the map, where it is one.
        fixed: parameter -> exact value.
        free: parameters without a value.
    """

    kind: Kind
    title: str
    game: Game
    state: tuple[Symbol, ...]
    entries: tuple[Expr, ...]
    labels: tuple[str, ...]
    map: Map | None = None
    fixed: Mapping[Symbol, Expr] = field(default_factory=dict)
    free: tuple[Symbol, ...] = ()

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """What a point gives values to: the players' symbols and the free parameters."""
        return (*self.state, *self.free)

    @property
    def lifted(self) -> tuple[Symbol, ...]:
        """The state with what the map remembers."""
        return self.state if self.map is None else self.map.state

    @property
    def memory(self) -> tuple[tuple[Symbol, Expr], ...]:
        """What the map remembers, with its values at the start."""
        return () if self.map is None else self.map.memory

    @property
    def index(self) -> Symbol | None:
        """The iteration, where the map depends on it."""
        return None if self.map is None else self.map.index

    @cached_property
    def shown(self) -> tuple[Expr, ...]:
        """The components that code returns: those of a map without its memory."""
        return self.entries[: len(self.labels)]

    @cached_property
    def exactly(self) -> Callable[..., Sequence[Any]]:
        """All components in SymPy's numbers, from values of `arguments`."""
        # text would turn 3/4 into a float: numbers that are not whole go in as arguments
        numbers = {r for f in self.entries for r in f.atoms(sp.Rational) if not r.is_Integer}
        names = {r: sp.Dummy("r", real=True, positive=r > 0) for r in numbers}
        entries = [f.xreplace(names) for f in self.entries]
        code = sp.lambdify((*names.values(), *self.arguments), entries, modules="sympy", cse=True)
        return lambda *values: code(*names, *values)

    @property
    def arguments(self) -> tuple[Symbol, ...]:
        """The symbols of the components, in order."""
        clock = () if self.index is None else (self.index,)
        return (*self.lifted, *self.fixed, *self.free, *clock)

    def with_entries(self, title: str, entries: Sequence[Expr]) -> Derived:
        """The same with other components, for a field or a Jacobian."""
        return replace(self, title=title, entries=tuple(entries))


class Ahead:
    """The derived side along a run of code: it starts each step where the code stands.

    Args:
        derived: what is derived.
        point: symbol -> exact value, of the state and the free parameters.
        binary: whether parameters with given values are rounded as code holds them.
    """

    def __init__(self, derived: Derived, point: Mapping[Symbol, Any], *, binary: bool) -> None:
        self.derived, self.step = derived, 0
        fixed = {s: binary_value(v) if binary else v for s, v in derived.fixed.items()}
        self.constants = {**fixed, **{s: point[s] for s in derived.free}}
        start = {s: point[s] for s in derived.state}
        self.memory = {
            s: value.subs({**start, **self.constants}, simultaneous=True)
            for s, value in derived.memory
        }

    def place(self, visible: Sequence[Any]) -> dict[Symbol, Any]:
        """Values of everything before a step from these visible values."""
        clock = self.derived.index
        now = {} if clock is None else {clock: sp.Integer(self.step)}
        state = dict(zip(self.derived.state, visible, strict=True))
        return {**state, **self.memory, **self.constants, **now}

    def exact(self, visible: Sequence[Any]) -> list[Any] | None:
        """The components in SymPy's numbers; None where one is not defined."""
        place = self.place(visible)
        try:
            found = list(self.derived.exactly(*(place[s] for s in self.derived.arguments)))
        except (ZeroDivisionError, TypeError):  # SymPy compares nothing that is not real
            return None
        if any(sp.sympify(f).has(sp.nan, sp.zoo, sp.oo, -sp.oo) for f in found):
            return None
        self._remember(found)
        return found[: len(self.derived.labels)]

    def sized(self, visible: Sequence[Any]) -> list[Sized] | None:
        """The components with their magnitudes, in the working precision; None as above."""
        place = {s: number(v) for s, v in self.place(visible).items()}
        found = evaluated(self.derived.entries, place)
        if found is not None:
            self._remember([f.value for f in found])
            return found[: len(self.derived.labels)]
        return None

    def _remember(self, found: Sequence[Any]) -> None:
        after = dict(zip(self.derived.lifted, found, strict=False))
        self.memory = {s: after[s] for s in self.memory}
        self.step += 1


def evaluated(entries: Sequence[Expr], place: Mapping[Symbol, Any]) -> list[Sized] | None:
    """Values and magnitudes; None where one is not defined or beyond all floats."""
    try:
        found = [sized(f, place) for f in entries]
    except (KernelError, ZeroDivisionError, OverflowError, ValueError):
        return None
    most = mpf(2) ** 1000
    return found if all(abs(f.magnitude) < most for f in found) else None


def binary_value(value: Any) -> Any:
    """The double nearest to an exact number, as an exact number."""
    return Rational(float(value))


def field_of(game: Game, fixed: Mapping[Symbol, Expr], entries: Any = None, title: str = "") -> Any:
    """The vector field v of a game, or another one on its state."""
    found = tuple(game.v if entries is None else entries)
    return _derived(Kind.FIELD, title or f"v of {_name(game)}", game, found, fixed)


def jacobian_of(
    game: Game, fixed: Mapping[Symbol, Expr], matrix: Any = None, title: str = ""
) -> Any:
    """The Jacobian of v, or another matrix on the state, by rows."""
    found = game.J if matrix is None else matrix
    return _derived(Kind.JACOBIAN, title or f"J of {_name(game)}", game, tuple(found), fixed)


def map_of(game: Game, system: Any, fixed: Mapping[Symbol, Expr], title: str) -> Derived:
    """A map.

    Raises:
        AuditError: it has no formula, or draws noise.
    """
    if not isinstance(system, Map):
        raise AuditError(
            f"{title} on {_name(game)} is given by an equation without a formula for the next "
            "state; code cannot be held against it"
        )
    if system.noise:
        raise AuditError(f"{title} draws noise, which code and derivation do not share")
    entries = (*_of(system, system.visible), *_of(system, tuple(s for s, _ in system.memory)))
    ordered = (*system.visible, *(s for s, _ in system.memory))
    whole = replace(system, state=ordered, rhs=entries, stages=())
    return _derived(Kind.MAP, f"{title} on {_name(game)}", game, entries, fixed, whole)


def _of(system: Map, symbols: tuple[Symbol, ...]) -> tuple[Expr, ...]:
    rows = dict(zip(system.state, system.rhs, strict=True))
    return tuple(rows[s] for s in symbols)


def _derived(
    kind: Kind,
    title: str,
    game: Game,
    entries: tuple[Expr, ...],
    fixed: Mapping[Symbol, Expr],
    system: Map | None = None,
) -> Derived:
    state = game.state if system is None else system.visible
    known = {*(state if system is None else system.state)}
    known |= set() if system is None or system.index is None else {system.index}
    inside: set[Any] = set().union(*(f.free_symbols for f in entries))
    inside |= set(game.parameters)  # code may take what does not matter in the end
    free = tuple(sorted(inside - known - fixed.keys(), key=str))
    _require_formulas(game, entries)
    return Derived(kind, title, game, state, entries, _labels(kind, state), system, fixed, free)


def _require_formulas(game: Game, entries: Sequence[Expr]) -> None:
    """Refuse functions that stand for any function, means, and other things without a formula."""
    for f in entries:
        for g in f.atoms(sp.Function, sp.Derivative, sp.Integral, sp.Subs):
            if type(g) not in FUNCTIONS and not isinstance(g, sp.Piecewise):
                raise AuditError(
                    f"{_name(game)} holds {g}, for which there is no formula; choose a loss: --loss"
                )


def _labels(kind: Kind, state: Sequence[Symbol]) -> tuple[str, ...]:
    if kind is Kind.FIELD:
        return tuple(f"v_{s}" for s in state)
    if kind is Kind.MAP:
        return tuple(f"{s}+" for s in state)
    n = len(state)
    return tuple(f"J[{i}, {j}]" for i in range(1, n + 1) for j in range(1, n + 1))


def matrix(derived: Derived) -> Matrix:
    """The components of a Jacobian as a matrix."""
    n = len(derived.state)
    return Matrix(n, n, list(derived.entries))


def _name(game: Game) -> str:
    return game.name or "the game"
