r"""A SymPy expression in one variable as a function of tensors, entry by entry.

Losses are stated once, in SymPy; this turns them, and their exact derivatives, into torch. The
printer of `symgan.empirical.bridge` takes any expression, differentiable to any order; this one
knows losses alone, in a third of the time, which training spends in every iteration. Tests hold
both together. :math:`\log(1 + e^u)` becomes softplus and its derivative the logistic function, so
that values and slopes neither overflow nor cancel: at :math:`|y| = 1000` in float32 they are exact.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy as sp
import torch
from sympy import Expr, Function, Integer
from torch import Tensor

from symgan.differentiation import diff
from symgan.errors import BadData

Y = sp.Symbol("y", real=True)
"""The variable: the discriminator's output, high on what it holds real."""

# Softplus gives way to the identity beyond this; exp(-40) is far below one ulp of 40 in float64,
# while torch's own default of 20 is not.
_LINEAR_FROM = 40.0


class Logistic(Function):
    r""":math:`s(u) = 1/(1 + e^{-u})`, kept whole."""

    nargs = 1

    def fdiff(self, argindex: int = 1) -> Expr:
        r""":math:`s' = s(u)\,s(-u)`, which does not cancel where s is near 1."""
        return Logistic(self.args[0]) * Logistic(-self.args[0])


class Softplus(Function):
    r""":math:`\log(1 + e^u)`, kept whole."""

    nargs = 1

    def fdiff(self, argindex: int = 1) -> Expr:
        """The logistic function."""
        return Logistic(self.args[0])


@dataclass(frozen=True)
class Elementwise:
    """A function of one variable, applied to each entry of a tensor.

    Args:
        expression: an expression in `Y` of sums, products, whole powers, exp, log(1 + exp(.)),
            tanh, Max and Min.

    Raises:
        BadData: another symbol or function occurs.

    >>> Elementwise(sp.log(1 + sp.exp(-Y)))(torch.tensor([-1000.0, 1000.0]))
    tensor([1000.,    0.])
    """

    expression: Expr

    def __post_init__(self) -> None:
        _evaluator(self.stable)  # an unknown symbol or function is found here, not in training

    def __call__(self, y: Tensor) -> Tensor:
        """The value at each entry, of the same shape; differentiable by autograd."""
        return _filled(self._value(y), y)

    @property
    def stable(self) -> Expr:
        """The expression with softplus and the logistic function in it."""
        return _stable(self.expression)

    @property
    def slope(self) -> Elementwise:
        """The derivative as a function of its own; half of both sides at a kink.

        >>> Elementwise(Y**2).slope(torch.tensor([3.0]))
        tensor([6.])
        """
        return self._slope

    @cached_property
    def _slope(self) -> Elementwise:
        return Elementwise(diff(self.stable, Y))

    @cached_property
    def _value(self) -> Callable[[Tensor], Any]:
        return _evaluator(self.stable)

    def __getstate__(self) -> dict[str, Any]:
        return {"expression": self.expression}  # the closures are made again where it is read


def _filled(value: Any, y: Tensor) -> Tensor:
    """A constant becomes a tensor like its argument."""
    return value if isinstance(value, Tensor) else torch.full_like(y, value)


def _stable(expression: Expr) -> Expr:
    r"""With :math:`\log(1 + e^u)` as softplus."""
    u = sp.Wild("u")
    return expression.replace(sp.log(1 + sp.exp(u)), lambda u: Softplus(u))


def _evaluator(node: Any) -> Callable[[Tensor], Any]:
    """A function that evaluates an expression: numbers stay numbers, `Y` is the tensor."""
    if node == Y:
        return lambda y: y
    if node.is_number and node.is_real:
        number = float(node)
        return lambda y: number
    parts = [_evaluator(part) for part in node.args]
    if isinstance(node, sp.Pow) and isinstance(node.exp, Integer):
        base, power = parts[0], int(node.exp)
        return lambda y: base(y) ** power
    for kind, apply in _RULES.items():
        if isinstance(node, kind):
            return lambda y: apply(y, *(part(y) for part in parts))
    raise BadData(f"a loss holds {node}, which has no torch form here; use {_known()} of {Y}")


def _known() -> str:
    return ", ".join(sorted({"whole powers", *(kind.__name__ for kind in _RULES)}))


def _sum(y: Tensor, *terms: Any) -> Any:
    return sum(terms[1:], start=terms[0])


def _product(y: Tensor, *factors: Any) -> Any:
    result = factors[0]
    for factor in factors[1:]:
        result = result * factor
    return result


# torch.maximum halves the derivative at a tie, as SymPy's Heaviside(0) = 1/2 does.
def _maximum(y: Tensor, a: Any, b: Any) -> Tensor:
    return torch.maximum(_filled(a, y), _filled(b, y))


def _minimum(y: Tensor, a: Any, b: Any) -> Tensor:
    return torch.minimum(_filled(a, y), _filled(b, y))


def _heaviside(y: Tensor, u: Any, half: Any) -> Tensor:
    return torch.heaviside(_filled(u, y).detach(), torch.full_like(y, half).detach())


_RULES: dict[Any, Callable[..., Any]] = {
    sp.Add: _sum,
    sp.Mul: _product,
    sp.exp: lambda y, u: torch.exp(u),
    sp.tanh: lambda y, u: torch.tanh(u),
    Softplus: lambda y, u: torch.nn.functional.softplus(u, threshold=_LINEAR_FROM),
    Logistic: lambda y, u: torch.sigmoid(u),
    sp.Max: _maximum,
    sp.Min: _minimum,
    sp.Heaviside: _heaviside,
}
