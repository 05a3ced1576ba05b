"""What a condition on parameters fixes: values to put in before a spectrum is asked for."""

from __future__ import annotations

from typing import Any


def fixed_losses(condition: Any) -> dict[Any, Any]:
    """Derivatives of a free loss that a condition fixes, such as f''(0) = 0."""
    from sympy import And, Eq

    from symgan.losses import GenericLoss

    equations = (part for part in And.make_args(condition) if isinstance(part, Eq))
    return {e.lhs: e.rhs for e in equations if isinstance(e.lhs, GenericLoss)}


def fixed_parameters(condition: Any, parameters: tuple[Any, ...]) -> dict[Any, Any]:
    """Values that a condition fixes: parameter -> value, from its equations."""
    from sympy import And, Eq

    fixed: dict[Any, Any] = {}
    for part in And.make_args(condition):
        if isinstance(part, Eq) and part.lhs in parameters:
            fixed[part.lhs] = part.rhs
    return fixed
