r"""Functions that torch's own lose digits of, or whose derivatives do, to any order.

.. math:: \sigma(u) = \frac{1}{1 + e^{-u}}, \qquad \sigma' = b(u) = \sigma(u)\,\sigma(-u), \qquad
          b' = -b(u)\tanh(u/2), \qquad \operatorname{softplus}' = \sigma, \qquad
          \tanh' u = 4\,b(2u), \qquad (e^u - 1)' = e^u .

torch's softplus is linear beyond 20, which is wrong by :math:`2 \cdot 10^{-9}`; its derivatives of
the logistic function, of tanh and of :math:`e^u - 1` subtract nearly equal numbers where these
saturate. Derivatives here are made of the same functions, so that theirs keep their digits too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor


class _Elementwise(torch.autograd.Function):
    """A function of each entry whose slope is a differentiable function of the entry."""

    generate_vmap_rule = True
    value: Callable[[Tensor], Tensor]
    slope: Callable[[Tensor], Tensor]

    @classmethod
    def forward(cls, u: Tensor) -> Tensor:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The value."""
        return cls.value(u)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        """The point is kept: the slope is computed there, with a graph of its own."""
        del output
        ctx.save_for_backward(*inputs)
        ctx.save_for_forward(*inputs)

    @classmethod
    def backward(cls, ctx: Any, *grad_outputs: Any) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The chain rule."""
        (u,) = ctx.saved_tensors
        return grad_outputs[0] * cls.slope(u)

    @classmethod
    def jvp(cls, ctx: Any, *grad_inputs: Any) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The chain rule, forward."""
        (u,) = ctx.saved_tensors
        return grad_inputs[0] * cls.slope(u)


def _logistic(u: Tensor) -> Tensor:
    decay = torch.exp(-torch.abs(u))
    return torch.where(u >= 0, torch.ones_like(u), decay) / (1 + decay)


class _Bump(_Elementwise):
    value = staticmethod(lambda u: _logistic(u) * _logistic(-u))
    slope = staticmethod(lambda u: -_Bump.apply(u) * tanh(u / 2))


class _Sigmoid(_Elementwise):
    value = staticmethod(_logistic)
    slope = staticmethod(lambda u: _Bump.apply(u))


class _Softplus(_Elementwise):
    value = staticmethod(lambda u: torch.clamp(u, min=0) + torch.log1p(torch.exp(-torch.abs(u))))
    slope = staticmethod(lambda u: sigmoid(u))


class _Tanh(_Elementwise):
    value = staticmethod(torch.tanh)
    slope = staticmethod(lambda u: 4 * _Bump.apply(2 * u))


class _Expm1(_Elementwise):
    value = staticmethod(torch.expm1)
    slope = staticmethod(torch.exp)


def sigmoid(u: Tensor) -> Tensor:
    r"""The logistic function.

    >>> sigmoid(torch.tensor([-1000.0, 0.0]))
    tensor([0.0000, 0.5000])
    """
    return _Sigmoid.apply(u)


def softplus(u: Tensor) -> Tensor:
    r""":math:`\log(1 + e^u)`.

    >>> softplus(torch.tensor(30.0, dtype=torch.float64)).item() - 30 > 9e-14
    True
    """
    return _Softplus.apply(u)


def tanh(u: Tensor) -> Tensor:
    """The hyperbolic tangent, with a slope that keeps its digits where it saturates."""
    return _Tanh.apply(u)


def expm1(u: Tensor) -> Tensor:
    """The exponential less 1, with a slope that keeps its digits where it vanishes."""
    return _Expm1.apply(u)


class _Gate(torch.autograd.Function):
    """The identity; gradients pass where the mask is set."""

    generate_vmap_rule = True

    @staticmethod
    def forward(u: Tensor, mask: Tensor) -> Tensor:  # pyright: ignore[reportIncompatibleMethodOverride]
        return u.clone()

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        del output
        ctx.save_for_backward(inputs[1])
        ctx.save_for_forward(inputs[1])

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> Any:
        (mask,) = ctx.saved_tensors
        grad = grad_outputs[0]
        return torch.where(mask, grad, torch.zeros_like(grad)), None

    @staticmethod
    def jvp(ctx: Any, *grad_inputs: Any) -> Any:
        (mask,) = ctx.saved_tensors
        return torch.where(mask, grad_inputs[0], torch.zeros_like(grad_inputs[0]))


Branch = tuple[Any, Callable[..., Any]]
"""A condition, a Boolean tensor or True, and a branch as a function of the arguments."""


def choose(branches: list[Branch], *arguments: Tensor) -> Tensor:
    r"""The first branch whose condition holds, entry by entry.

    `torch.where` alone lets gradients of the branch not taken through as 0 times their value,
    which is no number where that is infinite. Here every branch sees its arguments through a
    gate that passes gradients of the entries that take it, and 0 otherwise, to any order.
    Where no condition holds the result is nan.

    Args:
        branches: in order.
        *arguments: what the branches are functions of.

    >>> u = torch.tensor([0.0, 4.0], requires_grad=True)
    >>> y = choose([(u > 1, torch.sqrt), (True, lambda u: 2*u)], u)
    >>> torch.autograd.grad(y.sum(), u)[0]
    tensor([2.0000, 0.2500])
    """
    shapes = [torch.as_tensor(condition).shape for condition, _ in branches]
    shape = torch.broadcast_shapes(*shapes, *(a.shape for a in arguments))
    first = arguments[0]
    wide = [a.expand(shape) for a in arguments]
    free = torch.ones(shape, dtype=torch.bool, device=first.device)
    found = torch.full(shape, torch.nan, dtype=first.dtype, device=first.device)
    for condition, branch in branches:
        holds = torch.as_tensor(condition, device=first.device).expand(shape)
        mine, free = free & holds, free & ~holds
        value = branch(*(_Gate.apply(a, mine) for a in wide))
        found = torch.where(mine, torch.as_tensor(value, dtype=first.dtype), found)
    return found


def negation(condition: Any) -> Tensor:
    """Where a condition does not hold."""
    return torch.logical_not(torch.as_tensor(condition))


def smaller(a: Any, b: Any) -> Tensor:
    """The minimum of two, one of which may be a number; at a tie gradients are shared."""
    return torch.minimum(*_both(a, b))


def larger(a: Any, b: Any) -> Tensor:
    """The maximum of two, one of which may be a number; at a tie gradients are shared."""
    return torch.maximum(*_both(a, b))


def _both(a: Any, b: Any) -> tuple[Tensor, Tensor]:
    like = a if isinstance(a, Tensor) else b
    first, second = (
        x if isinstance(x, Tensor) else torch.as_tensor(x, dtype=like.dtype, device=like.device)
        for x in (a, b)
    )
    return first, second


def step(u: Tensor, at_zero: float = 0.5) -> Tensor:
    """The Heaviside function, whose slope is 0; nan where u is."""
    middle = torch.full_like(u, at_zero)
    found = torch.where(u > 0, torch.ones_like(u), torch.where(u == 0, middle, torch.zeros_like(u)))
    return torch.where(torch.isnan(u), u, found).detach()
