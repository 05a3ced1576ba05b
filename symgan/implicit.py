r"""Maps that are given by an equation for the next state, :math:`R(x, x^+, k) = 0`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp
from sympy import Dummy, Expr, Matrix, Symbol
from sympy.polys.matrices import DomainMatrix

from symgan.differentiation import jacobian
from symgan.errors import GameError
from symgan.system import Map, require_declared


@dataclass(frozen=True)
class ImplicitMap:
    r"""A map whose next state solves :math:`R(x, x^+, k) = 0`, with no formula for it.

    Which solution, where there are several, is the branch through
    :math:`x^+ = x` at a fixed point; so linearizations are exact, orbits are numeric.

    Args:
        state: the state symbols x, in order.
        next: the symbols of the next state, in the same order.
        residual: R, one expression a state symbol.
        parameters: symbols that are constant along an orbit; the step is one of them.
        index: the iteration index, where the equation depends on it.
        updates: how many single-player updates one iteration makes.

    Raises:
        GameError: lengths differ, a symbol is repeated or not declared.

    >>> x, y, h = sp.symbols("x y h", positive=True)
    >>> cubic = ImplicitMap((x,), (y,), (y - x + h*y**3,), parameters=(h,))
    >>> cubic.jacobian()
    Matrix([[1/(3*h*y**2 + 1)]])
    """

    state: tuple[Symbol, ...]
    next: tuple[Symbol, ...]
    residual: tuple[Expr, ...]
    parameters: tuple[Symbol, ...] = ()
    index: Symbol | None = None
    updates: int = 0

    def __post_init__(self) -> None:
        for field in ("state", "next", "parameters"):
            object.__setattr__(self, field, tuple(getattr(self, field)))
        object.__setattr__(self, "residual", tuple(sp.sympify(r) for r in self.residual))
        n = len(self.state)
        if len(self.next) != n or len(self.residual) != n:
            raise GameError(
                f"an implicit map on {n} symbols needs as many for the next state and as many "
                f"equations, not {len(self.next)} and {len(self.residual)}"
            )
        index = () if self.index is None else (self.index,)
        names = (*self.state, *self.next, *self.parameters, *index)
        if len(set(names)) != len(names):
            raise GameError(f"an implicit map uses one symbol twice: {names}")
        require_declared("an implicit map", "residual", self.residual, names)

    def jacobian(self, at: Mapping[Symbol, Any] | None = None) -> Matrix:
        r"""The Jacobian :math:`\partial x^+/\partial x = -R_{x^+}^{-1} R_x`.

        Args:
            at: a fixed point; without one the entries hold both states.

        Raises:
            GameError: the point is not seen to be fixed, or :math:`R_{x^+}` is singular there.
        """
        here = {} if at is None else self._at_rest(at)
        after = jacobian(self.residual, self.next).subs(here, simultaneous=True)
        before = jacobian(self.residual, self.state).subs(here, simultaneous=True)
        cofactors, determinant = _adjugate(after)
        if sp.expand(determinant) == 0:
            raise GameError("an implicit map has no derivative where its equation is singular")
        quotient = -cofactors * before / determinant
        return quotient if at is None else quotient.applyfunc(sp.cancel)

    def linearization(self, at: Mapping[Symbol, Any]) -> Map:
        r"""The affine map :math:`x \mapsto x^* + J(x^*)(x - x^*)` at a fixed point.

        Args:
            at: the fixed point, symbol -> value.

        Raises:
            GameError: as `jacobian`; an equation that depends on the iteration.
        """
        if self.index is not None and any(self.index in r.free_symbols for r in self.residual):
            raise GameError("a map that depends on the iteration has no one linearization")
        rest = Matrix([sp.sympify(at[symbol]) for symbol in self.state])
        rhs = rest + self.jacobian(at) * (Matrix(self.state) - rest)
        new = sorted(rest.free_symbols - set(self.parameters), key=str)
        parameters = (*self.parameters, *new)
        return Map(self.state, tuple(rhs), parameters=parameters, updates=self.updates)

    def subs(self, values: Mapping[Symbol, Any]) -> ImplicitMap:
        """The same map with values, or expressions in new parameters, for some parameters."""
        given = {symbol: sp.sympify(value) for symbol, value in values.items()}
        residual = tuple(r.subs(given, simultaneous=True) for r in self.residual)
        found: set[Any] = set().union(*(value.free_symbols for value in given.values()))
        left = [p for p in self.parameters if p not in given]
        parameters = tuple(dict.fromkeys((*left, *sorted(found, key=str))))
        return replace(self, residual=residual, parameters=parameters)

    def _at_rest(self, at: Mapping[Symbol, Any]) -> dict[Symbol, Any]:
        """Both states at a point, if it is a fixed one."""
        missing = [str(symbol) for symbol in self.state if symbol not in at]
        if missing:
            raise GameError(f"a fixed point needs a value for {', '.join(missing)}")
        pairs = zip(self.state, self.next, strict=True)
        here = {s: sp.sympify(at[x]) for x, y in pairs for s in (x, y)}
        for r in self.residual:
            if sp.expand(r.subs(here, simultaneous=True)) != 0:
                raise GameError(f"{dict(at)} is not seen to be a fixed point of the implicit map")
        return here


def _adjugate(matrix: Matrix) -> tuple[Matrix, Expr]:
    """Adjugate and determinant with the entries as names: nothing inside them is touched."""
    names = {entry: Dummy() for entry in matrix if not entry.is_Rational}
    values = {name: entry for entry, name in names.items()}
    named = matrix.applyfunc(lambda entry: names.get(entry, entry))
    adjugate, determinant = DomainMatrix.from_Matrix(named).adj_det()
    scale = adjugate.domain.to_sympy(determinant)
    return adjugate.to_Matrix().xreplace(values), scale.xreplace(values)
