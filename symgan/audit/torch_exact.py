r"""A game's losses in PyTorch, exact to the last bit and differentiable any number of times.

A value is computed to 40 digits at the floating-point state and rounded once; the derivative of a
value is the derivative of its expression, treated in the same way. Code that is given such losses
sees the correctly rounded gradient, and every product with a Hessian starts from correctly rounded
entries: what it does with them is its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import mpmath
from mpmath import mpf
from sympy import Expr, Symbol

from symgan.audit.driven import UNITS
from symgan.audit.tracked import DIGITS
from symgan.differentiation import diff
from symgan.errors import MissingExtra
from symgan.game import Game
from symgan.kernels.evaluate import evaluate


def require_torch() -> Any:
    """The module ``torch``.

    Raises:
        MissingExtra: PyTorch is not installed.
    """
    try:
        import torch
    except ImportError as error:
        raise MissingExtra("PyTorch", "torch", "auditing an optimizer") from error
    return torch


@dataclass(frozen=True)
class Formula:
    """An expression in the state, and its derivatives as they are asked for.

    Attributes:
        expression: without parameters.
        state: the symbols, in the order of the values.
    """

    expression: Expr
    state: tuple[Symbol, ...]

    @cached_property
    def slopes(self) -> tuple[Formula, ...]:
        """The derivatives in the state's symbols."""
        return tuple(Formula(diff(self.expression, s), self.state) for s in self.state)

    @cached_property
    def _known(self) -> dict[Any, float]:
        """Values that were asked for: the same states come again under every layout."""
        return {}

    def at(self, values: Sequence[float], dtype: str) -> float:
        """The value at floating-point numbers, rounded once."""
        key = (tuple(values), dtype)
        if key not in self._known:
            self._known[key] = self._evaluated(values, dtype)
        return self._known[key]

    def _evaluated(self, values: Sequence[float], dtype: str) -> float:
        with mpmath.workdps(DIGITS):
            here = {s: mpf(x) for s, x in zip(self.state, values, strict=True)}
            value = evaluate(self.expression, here)
        return nearest(value, dtype)


def nearest(value: Any, dtype: str) -> float:
    """The floating-point number nearest to a multiprecision one, as a Python float.

    >>> nearest(mpf(1) / 3, "float32")
    0.3333333432674408
    """
    with mpmath.workprec(UNITS[dtype][0]):
        return float(+value)


@dataclass(frozen=True)
class Field:
    """A game's losses and its vector field, exactly.

    Attributes:
        losses: one formula a player.
        v: one formula a component.
        sizes: how many components each player has.
    """

    losses: tuple[Formula, ...]
    v: tuple[Formula, ...]
    sizes: tuple[int, ...]

    @staticmethod
    def of(game: Game) -> Field:
        """The field of a game whose parameters have values."""
        state = game.state
        return Field(
            tuple(Formula(loss, state) for loss in game.losses),
            tuple(Formula(v, state) for v in game.v),
            tuple(len(player) for player in game.players),
        )

    def gradient(self, values: Sequence[float], dtype: str) -> tuple[float, ...]:
        """v at a state, every component rounded once."""
        return tuple(v.at(values, dtype) for v in self.v)


@cache
def _function() -> Any:
    """The autograd function of a formula; PyTorch is imported here."""
    torch = require_torch()

    class Exact(torch.autograd.Function):
        """A formula at a vector; its backward pass is made of formulas again."""

        @staticmethod
        def forward(formula: Formula, x: Any) -> Any:
            dtype = str(x.dtype).removeprefix("torch.")
            return x.new_tensor(formula.at(x.detach().tolist(), dtype))

        @staticmethod
        def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
            ctx.formula = inputs[0]
            ctx.save_for_backward(inputs[1])

        @staticmethod
        def backward(ctx: Any, *grads: Any) -> Any:
            (x,) = ctx.saved_tensors
            slopes = [Exact.apply(slope, x) for slope in ctx.formula.slopes]
            return None, grads[0] * torch.stack(slopes)

    return Exact


def tensor_value(formula: Formula, tensors: Sequence[Any]) -> Any:
    """A formula at tensors whose entries, one after the other, are the state.

    Args:
        formula: the formula.
        tensors: of any shapes.
    """
    torch = require_torch()
    return _function().apply(formula, torch.cat([t.reshape(-1) for t in tensors]))
