r"""Fields with kinks: which smooth field rules where, as data that an integrator can follow.

Each comparison of a field has a *guard* g (left minus right); comparisons with one guard, up to
sign, share it. The signs of all guards are the *mode*; in one mode the field is smooth. An
integrator follows one mode until a guard reaches zero, and goes on in the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp
from sympy import Expr, Symbol

from symgan.kernels import switching
from symgan.kernels.errors import KernelError
from symgan.kernels.rewrite import stable

STEPPED = (sp.floor, sp.ceiling, sp.Mod, sp.DiracDelta)
"""Functions with infinitely many jumps, or none that is a number."""


@dataclass(frozen=True)
class Modes:
    r"""The guards of some expressions and the expressions of every mode.

    Attributes:
        guards: smooth where their own conditions do not change.
        bits: one symbol a guard, 1 where it is positive and 0 where it is negative.
        relations: comparison -> (number of its guard, +1 or -1).

    >>> x = Symbol("x", real=True)
    >>> modes = Modes.of([sp.Abs(x - 1), sp.Max(x, 1)])
    >>> len(modes.guards), modes.smooth(sp.Abs(x - 1))
    (1, Piecewise((x - 1, mode_0 > 0), (1 - x, True)))
    """

    guards: tuple[Expr, ...]
    bits: tuple[Symbol, ...]
    relations: tuple[tuple[Any, int, int], ...]

    @classmethod
    def of(cls, expressions: Sequence[Expr]) -> Modes:
        """The modes of expressions.

        Raises:
            KernelError: a function that jumps without a comparison, such as floor.
        """
        for expression in expressions:
            for kind in STEPPED:
                if expression.has(kind):
                    raise KernelError(
                        f"{expression} holds {kind.__name__}, whose jumps no integrator locates; "
                        "write it as a Piecewise"
                    )
        found: list[Expr] = []
        listed: list[tuple[Any, int, int]] = []
        for relation in switching.relations([switching.branched(e) for e in expressions]):
            guard = sp.expand(switching.branched(switching.guard(relation)))
            sign = -1 if sp.expand(-guard) in found else 1
            guard = sp.expand(sign * guard)
            if guard not in found:
                found.append(guard)
            listed.append((relation, found.index(guard), sign))
        bits = tuple(Symbol(f"mode_{i}", real=True) for i in range(len(found)))
        return cls(tuple(found), bits, tuple(listed))

    def smooth(self, expression: Expr) -> Any:
        """The expression with every comparison replaced by a comparison of its mode."""
        branched = switching.branched(expression).xreplace(self._decided)
        return stable(branched.replace(sp.ITE, _either))

    @cached_property
    def _decided(self) -> dict[Any, Any]:
        return {r: self._decision(r, self.bits[i], sign) for r, i, sign in self.relations}

    @staticmethod
    def _decision(relation: Any, bit: Symbol, sign: int) -> Any:
        positive, negative = (bit > 0, bit <= 0) if sign > 0 else (bit <= 0, bit > 0)
        if isinstance(relation, sp.StrictGreaterThan | sp.GreaterThan):
            return positive
        if isinstance(relation, sp.StrictLessThan | sp.LessThan):
            return negative
        return sp.true if isinstance(relation, sp.Unequality) else sp.false


def _either(condition: Any, yes: Any, no: Any) -> Any:
    return sp.Or(sp.And(condition, yes), sp.And(sp.Not(condition), no))


def choices(signs: Any) -> list[Any]:
    """Modes to try for each trajectory: where a guard is exactly zero, both signs.

    Args:
        signs: array (N, r) of -1, 0 and 1.

    Returns:
        Arrays (N, r) of 0 and 1; they differ only where a guard is zero.
    """
    count = signs.shape[1]
    unclear = [i for i in range(count) if (signs[:, i] == 0).any()]
    if len(unclear) > 10:
        raise KernelError("states lie on more than 10 switching surfaces; start off them")
    base = (signs > 0).astype(float)
    tried: list[Any] = []
    for number in range(2 ** len(unclear)):
        mode = base.copy()
        for place, i in enumerate(unclear):
            zero = signs[:, i] == 0
            mode[zero, i] = (number >> place) & 1
        tried.append(mode)
    return tried


def confirmed(mode: Any, signs: Any, rates: Any) -> Any:
    """Whether guards that are zero take the signs under which the field was chosen, array (N,)."""
    wanted = 2 * mode - 1
    return np.all((signs != 0) | (wanted * rates > 0), axis=1)
