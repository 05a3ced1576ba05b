"""Choices: the first condition of a Piecewise that holds, by masks and as few of them as can be.

Branches of one value are joined: where only two values are left to choose between, a further
condition changes the mask and costs no selection. Which condition implies which is read off in
floating point, NaN and zeros included.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import sympy as sp
from sympy import Mul, S

from symgan.kernels.jit.levels import Operand, Writers


class Emit(Protocol):
    """What an operation needs of the emitter."""

    writers: Writers

    def __call__(self, node: Any) -> Operand:
        """The value of an expression."""
        ...

    def apply(self, operation: str | Callable[..., Any], *operands: Operand) -> Operand:
        """Write an operation."""
        ...

    def ordered(self, nodes: Any) -> list[Any]:
        """Operands whose order is free, by shape."""
        ...


@dataclass(frozen=True)
class _Literal:
    """A condition that holds, or one that does not; `mask` where neither is left to be seen."""

    condition: Any
    holds: bool
    mask: Operand | None = None


@dataclass(frozen=True)
class _Choice:
    """yes where all literals are true, else no."""

    literals: tuple[_Literal, ...]
    yes: Operand
    no: Operand


def piecewise(emit: Emit, node: Any) -> Operand:
    """The value of the first condition that holds; NaN where none does."""
    found: _Choice | Operand = emit.writers.const(S.NaN)
    for value, condition in reversed(node.args):
        if condition == sp.true:
            found = emit(value)
        else:
            found = _before(emit, emit(value), condition, found)
    return _selected(emit, found) if isinstance(found, _Choice) else found


def _before(emit: Emit, value: Operand, condition: Any, rest: _Choice | Operand) -> Any:
    """A branch in front of the others."""
    if not isinstance(rest, _Choice):
        return rest if value == rest else _Choice((_Literal(condition, True),), value, rest)
    if value == rest.no:
        return replace(rest, literals=(*rest.literals, _Literal(condition, False)))
    if value == rest.yes:
        if all(implies(condition, one.condition, one.holds) for one in rest.literals):
            return rest
        mask = emit.apply("either", emit(condition), _mask(emit, rest))
        return replace(rest, literals=(_Literal(None, True, mask),))
    return _Choice((_Literal(condition, True),), value, _selected(emit, rest))


def _selected(emit: Emit, choice: _Choice) -> Operand:
    return emit.apply("select", _mask(emit, choice), choice.yes, choice.no)


def _mask(emit: Emit, choice: _Choice) -> Operand:
    found: Operand | None = None
    for literal in choice.literals:
        mask = literal.mask or emit(literal.condition)
        mask = mask if literal.holds else emit.apply("invert", mask)
        found = mask if found is None else emit.apply("both", found, mask)
    assert found is not None, "a choice has a condition"
    return found


def implies(one: Any, other: Any, holds: bool) -> bool:
    """Whether a condition implies another, or its contrary, for floating-point numbers.

    Args:
        one: a condition.
        other: another.
        holds: whether the other is to hold, or not to.

    >>> x, y = sp.symbols("x y", real=True)
    >>> implies(x * y > 0, sp.Ne(x, 0), True), implies(x * y >= 0, sp.Ne(x, 0), True)
    (True, False)
    >>> implies(x > 0, x < 0, False), implies(x > 0, x < 0, True)
    (True, False)
    """
    if one == other:
        return holds
    signed = isinstance(one, sp.StrictGreaterThan | sp.StrictLessThan) and one.rhs == 0
    if not signed or other is None or getattr(other, "rhs", None) != 0:
        return False
    if isinstance(other, sp.StrictGreaterThan | sp.StrictLessThan):
        return not holds and other.lhs == one.lhs  # of two signs one excludes the other
    # a product that is not zero has no factor that is; with NaN it would have no sign
    return isinstance(other, sp.Ne) and holds and other.lhs in Mul.make_args(one.lhs)
