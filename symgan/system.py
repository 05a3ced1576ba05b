r"""Dynamical systems: flows :math:`\dot x = F(x, t)` and maps :math:`x^+ = F(x, k)`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import sympy as sp
from sympy import Expr, ImmutableMatrix, Matrix, Symbol

from symgan.differentiation import jacobian
from symgan.errors import GameError


@dataclass(frozen=True)
class Flow:
    r"""A flow :math:`\dot x = F(x, t)` on a tuple of scalar symbols.

    Args:
        state: the state symbols, in order.
        rhs: the right-hand side, one expression a state symbol.
        parameters: symbols that are constant along a trajectory.
        time: the time symbol; None for an autonomous flow.

    Raises:
        GameError: lengths differ, a symbol is repeated or not declared.

    >>> x, y = sp.symbols("x y", real=True)
    >>> Flow((x, y), (-y, x)).jacobian().tolist()
    [[0, -1], [1, 0]]
    """

    state: tuple[Symbol, ...]
    rhs: tuple[Expr, ...]
    parameters: tuple[Symbol, ...] = ()
    time: Symbol | None = None

    def __post_init__(self) -> None:
        _normalize(self, "flow", () if self.time is None else (self.time,))

    @property
    def autonomous(self) -> bool:
        """Whether the right-hand side is free of time."""
        return self.time is None or all(self.time not in f.free_symbols for f in self.rhs)

    def jacobian(self, at: Mapping[Symbol, Any] | None = None) -> Matrix:
        r"""The Jacobian :math:`\partial F_i / \partial x_j`, at a point if one is given."""
        return _jacobian(self, at)

    def subs(self, values: Mapping[Symbol, Any]) -> Flow:
        """The same flow with values, or expressions in new parameters, for some parameters.

        >>> x, a = sp.symbols("x a", real=True)
        >>> Flow((x,), (-a*x,), parameters=(a,)).subs({a: 2}).rhs
        (-2*x,)
        """
        left = _renamed_parameters(self.parameters, values)
        rhs = tuple(f.subs(_sympified(values), simultaneous=True) for f in self.rhs)
        return replace(self, rhs=rhs, parameters=left)


@dataclass(frozen=True)
class Map:
    r"""A map :math:`x^+ = F(x, k, \xi)` on a tuple of scalar symbols.

    Args:
        state: the state symbols, in order.
        rhs: the next state, one expression a state symbol (Piecewise: switched).
        parameters: symbols that are constant along an orbit; the step is one of them.
        index: the iteration index, where the map depends on it.
        noise: symbols drawn anew at each iteration.
        stages: the maps whose composition this is, first applied first; empty for a
            map of one stage.
        memory: state symbols that only remember, each with its value at the start of an
            orbit in terms of the other state symbols (a momentum starts at 0, a previous
            iterate at the current one).
        updates: how many single-player updates one iteration makes; 0 where iterations
            are not made of player updates.

    Raises:
        GameError: lengths differ, a symbol is repeated or not declared, a memory symbol
            is not in the state or its initial value holds another one.

    >>> x, y = sp.symbols("x y", real=True)
    >>> swap = Map((x, y), (y, x))
    >>> swap.then(swap).rhs
    (x, y)
    """

    state: tuple[Symbol, ...]
    rhs: tuple[Expr, ...]
    parameters: tuple[Symbol, ...] = ()
    index: Symbol | None = None
    noise: tuple[Symbol, ...] = ()
    stages: tuple[Map, ...] = ()
    memory: tuple[tuple[Symbol, Expr], ...] = ()
    updates: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "noise", tuple(self.noise))
        remembered = tuple((symbol, sp.sympify(value)) for symbol, value in self.memory)
        object.__setattr__(self, "memory", remembered)
        indices = () if self.index is None else (self.index,)
        _normalize(self, "map", (*indices, *self.noise))
        _check_memory(self)

    @property
    def visible(self) -> tuple[Symbol, ...]:
        """The state symbols that are not memory: the players' parameters."""
        remembered = {symbol for symbol, _ in self.memory}
        return tuple(symbol for symbol in self.state if symbol not in remembered)

    def lift(self, point: Mapping[Symbol, Any]) -> dict[Symbol, Expr]:
        r"""A start of an orbit: values for the visible symbols, with those of the memory.

        Raises:
            GameError: a visible symbol has no value.

        >>> x, m = sp.symbols("x m", real=True)
        >>> Map((x, m), (2*x - m, x), memory=((m, x),)).lift({x: 3})
        {x: 3, m: 3}
        """
        values = _sympified(point)
        missing = [str(symbol) for symbol in self.visible if symbol not in values]
        if missing:
            raise GameError(f"a start needs a value for {', '.join(missing)}")
        starts = {s: value.subs(values, simultaneous=True) for s, value in self.memory}
        return {s: starts[s] if s in starts else values[s] for s in self.state}

    def jacobian(self, at: Mapping[Symbol, Any] | None = None) -> Matrix:
        r"""The Jacobian :math:`\partial F_i / \partial x_j`, at a point if one is given."""
        return _jacobian(self, at)

    def subs(self, values: Mapping[Symbol, Any]) -> Map:
        """The same map with values for some parameters; stages follow."""
        left = _renamed_parameters(self.parameters, values)
        rhs = tuple(f.subs(_sympified(values), simultaneous=True) for f in self.rhs)
        stages = tuple(stage.subs(values) for stage in self.stages)
        memory = tuple((s, v.subs(_sympified(values), simultaneous=True)) for s, v in self.memory)
        return replace(self, rhs=rhs, parameters=left, stages=stages, memory=memory)

    def then(self, other: Map) -> Map:
        r"""The composition :math:`G \circ F`: this map first, then the other.

        Alternating updates are compositions. Both maps stand on the same state; their
        stages are kept, so that half-steps can be read off.

        Raises:
            GameError: the states, the memory's initial values or the iteration indices
                differ, or both maps draw noise under the same symbols.
        """
        if self.state != other.state:
            raise GameError(
                f"cannot compose maps on different states: {self.state} and {other.state}"
            )
        if self.memory != other.memory:
            raise GameError("cannot compose maps whose memory starts at different values")
        if self.index is not None and other.index is not None and self.index != other.index:
            raise GameError(
                f"cannot compose maps with different indices: {self.index} and {other.index}"
            )
        if set(self.noise) & set(other.noise):
            raise GameError(
                "cannot compose maps that draw noise under the same symbols; rename one's noise"
            )
        inner = dict(zip(self.state, self.rhs, strict=True))
        rhs = tuple(f.subs(inner, simultaneous=True) for f in other.rhs)
        parameters = tuple(dict.fromkeys((*self.parameters, *other.parameters)))
        stages = (*(self.stages or (self,)), *(other.stages or (other,)))
        return Map(
            self.state,
            rhs,
            parameters=parameters,
            index=self.index or other.index,
            noise=(*self.noise, *other.noise),
            stages=stages,
            memory=self.memory,
            updates=self.updates + other.updates,
        )


System = Flow | Map
"""What analysis and kernels accept."""


def require_declared(
    title: str, what: str, expressions: Iterable[Expr], known: Iterable[Symbol]
) -> None:
    """Refuse expressions with symbols outside `known`.

    Raises:
        GameError: names the undeclared symbols and the remedy.
    """
    declared = set(known)
    for expression in expressions:
        unknown = sorted(getattr(expression, "free_symbols", set()) - declared, key=str)
        if unknown:
            names = ", ".join(map(str, unknown))
            raise GameError(
                f"{title}: the {what} {expression} holds undeclared symbols: {names}; give "
                "each to a player or list it in parameters (assumptions are part of a symbol)"
            )


def _sympified(values: Mapping[Symbol, Any]) -> dict[Symbol, Any]:
    return {symbol: sp.sympify(value) for symbol, value in values.items()}


def _renamed_parameters(
    parameters: tuple[Symbol, ...], values: Mapping[Symbol, Any]
) -> tuple[Symbol, ...]:
    """Parameters without a value, and the symbols that the values bring in."""
    new = {s for value in values.values() for s in sp.sympify(value).free_symbols}
    left = (p for p in parameters if p not in values)
    return tuple(dict.fromkeys((*left, *sorted(new, key=str))))


def _normalize(system: Any, kind: str, extra: tuple[Symbol, ...]) -> None:
    object.__setattr__(system, "state", tuple(system.state))
    object.__setattr__(system, "rhs", tuple(sp.sympify(f) for f in system.rhs))
    object.__setattr__(system, "parameters", tuple(system.parameters))
    if len(system.state) != len(system.rhs):
        raise GameError(
            f"a {kind} on {len(system.state)} symbols needs as many right-hand sides, "
            f"not {len(system.rhs)}"
        )
    names = (*system.state, *system.parameters, *extra)
    if len(set(names)) != len(names):
        raise GameError(f"a {kind} uses one symbol twice among state, parameters and time: {names}")
    require_declared(f"a {kind}", "right-hand side", system.rhs, names)


def _check_memory(system: Map) -> None:
    visible = set(system.visible)
    for symbol, value in system.memory:
        if symbol not in system.state:
            raise GameError(f"memory symbol {symbol} is not in the state {system.state}")
        hidden = (value.free_symbols & set(system.state)) - visible
        if hidden:
            raise GameError(
                f"memory {symbol} starts at {value}, which holds memory itself; give its "
                "initial value in the players' parameters"
            )


@lru_cache(maxsize=256)
def _derivatives(rhs: tuple[Expr, ...], state: tuple[Symbol, ...]) -> ImmutableMatrix:
    """The Jacobian of expressions, kept: one system is asked for it again and again."""
    return ImmutableMatrix(jacobian(rhs, state))


def _jacobian(system: Any, at: Mapping[Symbol, Any] | None) -> Matrix:
    slopes = _derivatives(system.rhs, system.state).as_mutable()
    if at is None:
        return slopes
    return slopes.subs(_sympified(at), simultaneous=True)
