r"""Implicit steps by Newton's method, with GMRES for its linear systems.

Source: Dembo, Eisenstat and Steihaug 1982, "Inexact Newton methods"; Knoll and Keyes 2004,
"Jacobian-free Newton-Krylov methods".
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from symgan.empirical.bridge.krylov import ROUNDING, Product, Report, Solver, gmres

HALVINGS = 12
"""Of a step of Newton's method before it is given up: 1/2048 of it does not help either."""

Residual = Callable[[Tensor], tuple[Tensor, Product, float]]
"""y -> (R(y), u -> R'(y) u, the scale that R is relative to)."""


@dataclass(frozen=True)
class _Iterate:
    """A point with its residual."""

    y: Tensor
    value: Tensor
    product: Product
    scale: float
    floor: float

    @property
    def left(self) -> float:
        return float(self.value.norm())


def newton(residual: Residual, start: Tensor, solver: Solver) -> tuple[Tensor, Report]:
    r"""The zero of a function by Newton's method, its linear systems by GMRES.

    Inner systems are solved as far as the outer residual deserves; a step that does not lower the
    residual is halved until it does. The best iterate is returned, whether or not the method
    converges.

    Args:
        residual: the function; see `Residual`.
        start: where to start.
        solver: how far.
    """
    here, used, goal = _at(residual, start, start), 0, solver.goal
    least = ROUNDING * torch.finfo(start.dtype).eps
    for _ in range(solver.newton):
        if not here.left > goal * here.scale or used >= solver.most:
            break
        inner = max(least, goal, min(1e-2, here.left / here.scale if here.scale else 0.0))
        rest = replace(solver, rtol=inner, most=solver.most - used)
        step, report = gmres(here.product, here.value, rest)
        used += report.products
        trial = _descending(residual, here, step, start)
        if trial is None:
            break
        refined = here.left <= here.floor or trial.left <= trial.floor
        done = refined and not trial.left < here.left / 2
        here = trial
        if done:
            break
    left = here.left
    relative = left / here.scale if here.scale else 0.0 if left == 0 else math.inf
    return here.y, Report(relative, used, left <= goal * here.scale or left <= here.floor)


def _at(residual: Residual, y: Tensor, start: Tensor) -> _Iterate:
    value, product, scale = residual(y)
    unit = ROUNDING * torch.finfo(y.dtype).eps * math.sqrt(y.numel())
    return _Iterate(y, value, product, scale, unit * (float(y.norm()) + float(start.norm())))


def _descending(residual: Residual, here: _Iterate, step: Tensor, start: Tensor) -> _Iterate | None:
    """The first of ever shorter steps that lowers the residual, or leaves it to rounding."""
    for halvings in range(HALVINGS):
        share = 0.5**halvings
        trial = _at(residual, here.y - share * step, start)
        if trial.left <= (1 - share / 4) * here.left or trial.left <= trial.floor:
            return trial
    return None
