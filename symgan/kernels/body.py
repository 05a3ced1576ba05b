"""What a kernel computes, before any backend: expressions in arguments that play roles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sympy import Expr, Symbol

from symgan.kernels.numpy_backend import prepared

STATE, PARAMETER, INDEX, NOISE = "state", "parameter", "index", "noise"
"""Roles. Symbols of one role may change places in a symmetry of the system; an index counts steps,
noise is drawn anew at each, parameters stay."""


@dataclass(frozen=True)
class Body:
    """Expressions to compute.

    Attributes:
        roles: argument -> its role, in the order of the arguments.
        outputs: expressions in the arguments and the assigned names.
        assignments: pairs (name, expression), in the order of the computation.
    """

    roles: Mapping[Symbol, str] = field(hash=False)
    outputs: tuple[Expr, ...]
    assignments: tuple[tuple[Symbol, Expr], ...] = ()

    @property
    def arguments(self) -> tuple[Symbol, ...]:
        """The arguments, in order."""
        return tuple(self.roles)

    def having(self, role: str) -> tuple[int, ...]:
        """The positions of the arguments of a role."""
        return tuple(i for i, found in enumerate(self.roles.values()) if found == role)

    def prepared(self) -> Body:
        """The body with every expression rewritten so that it keeps its digits.

        Raises:
            KernelError: a function no backend knows, or an undeclared symbol.
        """
        known = (*self.roles, *(name for name, _ in self.assignments))
        values: Any = prepared([value for _, value in self.assignments], known)
        pairs = zip((name for name, _ in self.assignments), values, strict=True)
        outputs: Any = prepared(self.outputs, known)
        return replace(self, outputs=tuple(outputs), assignments=tuple(pairs))
