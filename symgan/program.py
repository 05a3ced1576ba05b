r"""Straight-line programs: maps whose formulas are shared by name instead of written out.

A rule that takes several steps inside one, such as unrolling, nests its formulas; written out,
they grow with a power of the number of steps. A program names every intermediate value once,

.. math:: t_1 = f_1(x), \quad t_2 = f_2(x, t_1), \quad \dots, \qquad x^+ = F(x, t_1, \dots, t_n),

and stays as long as the computation is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp
from sympy import Expr, Matrix, Symbol

from symgan.differentiation import diff
from symgan.errors import GameError
from symgan.system import Map, require_declared

Assignment = tuple[Symbol, Expr]
"""A name and the expression that it stands for."""
Derivative = Callable[[Expr, Symbol], Any]
"""The derivative of an expression by a symbol."""
Slopes = Mapping[Symbol, Mapping[Symbol, Expr]]

LARGEST = 50_000
"""Operations beyond which `Program.map` refuses to write a program out."""


@dataclass(frozen=True)
class Program:
    r"""A map :math:`x^+ = F(x, t)` with intermediate values t, each computed once.

    Args:
        state: the state symbols, in order.
        rhs: the next state in the state, the parameters and the assigned names.
        assignments: pairs (name, expression), in the order of the computation.
        parameters: symbols that are constant along a trajectory.
        index: the iteration index, where the program depends on it.
        updates: how many single-player updates one iteration makes.

    Raises:
        GameError: lengths differ, a symbol is repeated, not declared, or used before it is
            assigned.

    >>> x, t = sp.symbols("x t", real=True)
    >>> Program((x,), (t - t**2,), ((t, x**2),)).map().rhs
    (-x**4 + x**2,)
    """

    state: tuple[Symbol, ...]
    rhs: tuple[Expr, ...]
    assignments: tuple[Assignment, ...] = ()
    parameters: tuple[Symbol, ...] = ()
    index: Symbol | None = None
    updates: int = 0

    def __post_init__(self) -> None:
        for field in ("state", "parameters"):
            given = getattr(self, field)
            object.__setattr__(self, field, tuple(_expression(s, Symbol) for s in given))
        object.__setattr__(self, "rhs", tuple(_expression(f) for f in self.rhs))
        pairs = tuple((_expression(t, Symbol), _expression(f)) for t, f in self.assignments)
        object.__setattr__(self, "assignments", pairs)
        _check(self)

    @classmethod
    def of(cls, system: Map) -> Program:
        """A map as a program without intermediate values.

        Raises:
            GameError: the map draws noise or remembers, which programs do not.
        """
        if not isinstance(system, Map):
            raise GameError(f"{system!r} is no Map")
        if system.noise or system.memory:
            raise GameError("a map with noise or memory is no program; compile the map itself")
        own = (system.state, system.rhs, (), system.parameters, system.index, system.updates)
        return cls(*own)

    @property
    def names(self) -> tuple[Symbol, ...]:
        """The assigned names."""
        return tuple(name for name, _ in self.assignments)

    def map(self) -> Map:
        """The program written out as a `Map`.

        Raises:
            GameError: the formulas would hold more than `LARGEST` operations.
        """
        self._refuse_growth()
        values: dict[Any, Any] = {}
        needed = self._needed()
        for name, expression in self.assignments:
            if name in needed:
                values[name] = expression.xreplace(values)
        return Map(
            self.state,
            tuple(f.xreplace(values) for f in self.rhs),
            parameters=self.parameters,
            index=self.index,
            updates=self.updates,
        )

    def then(self, other: Program) -> Program:
        r"""The composition: this program first, then the other; nothing is written out.

        Raises:
            GameError: the states or the iteration indices differ.

        >>> x = sp.Symbol("x", real=True)
        >>> square = Program((x,), (x**2,))
        >>> square.then(square).map().rhs
        (x**4,)
        """
        if not isinstance(other, Program):
            raise GameError(f"{other!r} is no program; give one, as Program.of makes of a map")
        if self.state != other.state:
            raise GameError(f"cannot compose programs on {self.state} and on {other.state}")
        if None not in (self.index, other.index) and self.index != other.index:
            raise GameError(f"cannot compose programs with indices {self.index} and {other.index}")
        taken = {s.name for s in (*_symbols(self), *_symbols(other))}
        middle = fresh(self.state, taken)
        later = fresh(other.names, taken)
        put: dict[Any, Any] = dict(zip(self.state, middle, strict=True))
        put |= dict(zip(other.names, later, strict=True))
        moved = ((put[name], value.xreplace(put)) for name, value in other.assignments)
        return Program(
            self.state,
            tuple(f.xreplace(put) for f in other.rhs),
            (*self.assignments, *zip(middle, self.rhs, strict=True), *moved),
            parameters=tuple(dict.fromkeys((*self.parameters, *other.parameters))),
            index=self.index or other.index,
            updates=self.updates + other.updates,
        )

    def subs(self, values: Mapping[Symbol, Any]) -> Program:
        """The same program with values, or expressions in new parameters, for some parameters.

        Raises:
            GameError: a symbol that is no parameter.
        """
        given = {symbol: _expression(value) for symbol, value in values.items()}
        for symbol in given:
            if symbol not in self.parameters:
                raise GameError(f"{symbol} is no parameter of the program: {self.parameters}")
        new = {s for value in given.values() for s in value.free_symbols}
        left = (p for p in self.parameters if p not in given)
        return replace(
            self,
            rhs=tuple(f.subs(given, simultaneous=True) for f in self.rhs),
            assignments=tuple((s, e.subs(given, simultaneous=True)) for s, e in self.assignments),
            parameters=tuple(dict.fromkeys((*left, *sorted(new, key=str)))),
        )

    def tangents(self, derivative: Derivative = diff) -> tuple[tuple[Assignment, ...], Matrix]:
        r"""The Jacobian :math:`\partial F_i/\partial x_j`, by tangents carried forward.

        Returns:
            Assignments, and the Jacobian in the state, the parameters and the assigned names.

        >>> x, t = sp.symbols("x t", real=True)
        >>> Program((x,), (t - t**2,), ((t, x**2),)).tangents()
        (((t, x**2), (dt_dx, 2*x)), Matrix([[dt_dx*(1 - 2*t)]]))
        """
        ahead, slopes = forward(self.assignments, self.state, _symbols(self), derivative)
        rows = [_chain(f, self.state, slopes, derivative) for f in self.rhs]
        return ahead, Matrix([[row.get(s, 0) for s in self.state] for row in rows])

    def _needed(self) -> set[Symbol]:
        """What the next state depends on."""
        found = set[Any]().union(*(f.free_symbols for f in self.rhs))
        for name, value in reversed(self.assignments):
            found |= value.free_symbols if name in found else set()
        return found

    def _refuse_growth(self) -> None:
        sizes: dict[Symbol, int] = {}

        def size(expression: Expr) -> int:
            held = expression.free_symbols & sizes.keys()
            return int(expression.count_ops()) + sum(
                int(expression.count(s)) * sizes[s] for s in held
            )

        for name, expression in self.assignments:
            sizes[name] = size(expression)
        total = sum(map(size, self.rhs))
        if total > LARGEST:
            raise GameError(
                f"written out, the program holds {total} operations, more than {LARGEST}; compile "
                "the program itself"
            )


def forward(
    assignments: Sequence[Assignment],
    seeds: Sequence[Symbol],
    taken: Iterable[Symbol],
    derivative: Derivative = diff,
) -> tuple[tuple[Assignment, ...], dict[Symbol, dict[Symbol, Expr]]]:
    r"""Assignments with their tangents, :math:`\dot t = \sum_u (\partial f/\partial u)\,\dot u`.

    Only entries that are not zero by structure are kept; constant ones get no name.

    Args:
        assignments: pairs (name, expression), in order.
        seeds: the symbols to differentiate by.
        taken: symbols whose names are in use.
        derivative: of an expression by a symbol.

    Returns:
        The assignments, each followed by its tangents; and name -> seed -> tangent.

    >>> x, t = sp.symbols("x t", real=True)
    >>> forward(((t, x**2),), (x,), (x, t))
    (((t, x**2), (dt_dx, 2*x)), {t: {x: dt_dx}})
    """
    used = {s.name for s in taken}
    found: list[Assignment] = []
    slopes: dict[Symbol, dict[Symbol, Expr]] = {}
    for name, expression in assignments:
        found.append((name, expression))
        slopes[name] = {}
        for seed, slope in _chain(expression, seeds, slopes, derivative).items():
            if slope.is_Number:
                slopes[name][seed] = slope
                continue
            (tangent,) = fresh((Symbol(f"d{name.name}_d{seed.name}", real=True),), used, plain=True)
            found.append((tangent, slope))
            slopes[name][seed] = tangent
    return tuple(found), slopes


def _chain(
    expression: Expr, seeds: Sequence[Symbol], slopes: Slopes, derivative: Derivative
) -> dict[Symbol, Expr]:
    """Seed -> the total derivative of an expression, where it is not zero by structure."""
    partial = {s: derivative(expression, s) for s in sorted(expression.free_symbols, key=str)}
    found: dict[Symbol, Expr] = {}
    for seed in seeds:
        inner = (partial[s] * slopes[s][seed] for s in partial if seed in slopes.get(s, {}))
        total = sp.Add(partial.get(seed, sp.Integer(0)), *inner)
        if total != 0:
            found[seed] = total
    return found


def fresh(symbols: Iterable[Symbol], taken: set[str], *, plain: bool = False) -> list[Symbol]:
    """New symbols called after others, with their assumptions; `taken` grows by their names.

    Args:
        symbols: what they are called after.
        taken: names in use.
        plain: whether a name that is free is used as it is.
    """
    found: list[Symbol] = []
    for symbol in symbols:
        name, number = symbol.name, 0
        while name in taken or (not plain and number == 0):
            number += 1
            name = f"{symbol.name}_{number}"
        taken.add(name)
        found.append(Symbol(name, **symbol.assumptions0))
    return found


def _expression(value: Any, kind: Any = Expr) -> Any:
    if not isinstance(found := None if isinstance(value, str) else sp.sympify(value), kind):
        raise GameError(f"{value!r} in a program is no {kind.__name__}; text is not read")
    return found


def _symbols(program: Program) -> tuple[Symbol, ...]:
    index = () if program.index is None else (program.index,)
    return (*program.state, *program.parameters, *index, *program.names)


def _check(program: Program) -> None:
    wanted, given = len(program.state), len(program.rhs)
    if wanted != given:
        raise GameError(
            f"a program on {wanted} symbols needs as many right-hand sides, not {given}"
        )
    symbols = _symbols(program)
    names = [s.name for s in symbols]
    for name in names:
        if names.count(name) > 1:
            raise GameError(f"a program uses the name {name} twice; rename one of the symbols")
    known = set(symbols) - set(program.names)
    for name, expression in program.assignments:
        require_declared("a program", f"value of {name}", (expression,), known)
        known.add(name)
    require_declared("a program", "right-hand side", program.rhs, known)
