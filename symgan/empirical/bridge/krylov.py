r"""Linear and implicit equations with matrices that are only multiplied by.

`gmres` solves :math:`Ay = b`, `cgls` the regularized normal equations
:math:`(J^\top J + \lambda I)\,y = J^\top b` by conjugate gradients without forming
:math:`J^\top J`. Both say how far they came: on a network no tolerance can be taken for granted.

Source: Saad and Schultz 1986; Hestenes and Stiefel 1952, section 10.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from symgan.errors import BadData

Product = Callable[[Tensor], Tensor]

ROUNDING = 8.0
"""Units of rounding, times the root of the dimension, that a residual may keep."""


@dataclass(frozen=True)
class Solver:
    """How far equations are solved.

    Attributes:
        rtol: the relative residual to reach; unless given, solutions are refined until the
            residual no longer falls, so that small entries have their digits too.
        most: products with the matrix, or its transpose, after which to stop.
        restart: directions that GMRES keeps.
        newton: steps of Newton's method after which to stop.

    Raises:
        BadData: a tolerance that is negative or no number, or counts below one.
    """

    rtol: float | None = None
    most: int = 400
    restart: int = 50
    newton: int = 20

    def __post_init__(self) -> None:
        if self.rtol is not None and not 0 <= self.rtol < 1:
            raise BadData(f"rtol = {self.rtol}: a relative residual is at least 0 and below 1")
        for name in ("most", "restart", "newton"):
            if getattr(self, name) < 1:
                raise BadData(f"{name} = {getattr(self, name)}: give at least 1")

    @property
    def goal(self) -> float:
        """The relative residual to reach, 0 where it is not given."""
        return self.rtol or 0.0


UNTIL_ROUNDING = Solver()
"""As far as rounding lets a solution go."""


@dataclass(frozen=True)
class Report:
    """How far an equation was solved.

    Attributes:
        residual: the norm of what is left, relative to the right-hand side (for an implicit
            step: relative to the step); computed anew, not the method's own estimate.
        products: with the matrix or its transpose.
        converged: whether the tolerance was reached, or the limits of rounding.
    """

    residual: float
    products: int
    converged: bool


def gmres(product: Product, b: Tensor, solver: Solver) -> tuple[Tensor, Report]:
    """The solution of a linear system by restarted GMRES.

    Args:
        product: y -> A y.
        b: the right-hand side, a vector.
        solver: how far.

    >>> A = torch.tensor([[1.0, 2.0], [-2.0, 1.0]], dtype=torch.float64)
    >>> y, report = gmres(lambda u: A @ u, torch.tensor([5.0, 0.0]).double(), Solver())
    >>> y.tolist(), report.converged
    ([1.0, 2.0], True)
    """
    y, r = torch.zeros_like(b), b
    size, used, goal = float(b.norm()), 0, solver.goal
    left = best = size
    if size == 0 or not math.isfinite(size):
        return y, Report(0.0 if size == 0 else math.inf, 0, size == 0)
    while left > goal * size and (used == 0 or used + 3 <= solver.most):
        room = max(1, min(solver.restart, b.numel(), solver.most - used - 2))
        correction, products = _cycle(product, r, room, max(goal * size, _share(b) * left))
        used += products + 1
        trial = y + correction
        rest = b - product(trial)
        left = float(rest.norm())
        if not left <= 2 * best:
            break
        halved, best, y, r = left < best / 2, left, trial, rest
        if not halved:  # the last one refined what is small in a residual of rounding
            break
    if best <= goal * size:
        return y, Report(best / size, used, True)
    return y, Report(best / size, used + 1, _at_rounding(best, y, product, b))


def _share(like: Tensor) -> float:
    """How much of a residual one cycle leaves: the rest is cheaper from a fresh one."""
    return math.sqrt(torch.finfo(like.dtype).eps)


def _cycle(product: Product, r: Tensor, room: int, goal: float) -> tuple[Tensor, int]:
    """The best correction from so many directions, and the products that it took."""
    beta = float(r.norm())
    basis, columns = [r / beta], list[Tensor]()
    weights = torch.zeros(0, dtype=torch.float64)
    for j in range(room):
        w = product(basis[j])
        column = torch.zeros(room + 1, dtype=torch.float64)
        for _ in range(2):  # a second time for what rounding left of the first
            for i, q in enumerate(basis):
                along = torch.dot(q, w)
                column[i] += float(along)
                w = w - along * q
        column[j + 1] = float(w.norm())
        columns.append(column)
        weights, estimate = _least_squares(columns, beta)
        if estimate <= goal or column[j + 1] <= 1e-30 or not math.isfinite(estimate):
            break
        basis.append(w / w.norm())
    found = sum(c * q for c, q in zip(weights.tolist(), basis, strict=False))
    return torch.as_tensor(found), len(columns)


def _least_squares(columns: list[Tensor], beta: float) -> tuple[Tensor, float]:
    """Weights of the directions and the norm of what they leave."""
    m = len(columns)
    H = torch.stack(columns, dim=1)[: m + 1]
    right = torch.zeros(m + 1, dtype=torch.float64)
    right[0] = beta
    if not bool(torch.isfinite(H).all()):
        return torch.zeros(m, dtype=torch.float64), math.inf
    weights = torch.linalg.lstsq(H, right[:, None], driver="gelsd").solution[:, 0]
    return weights, float((H @ weights - right).norm())


def _at_rounding(left: float, y: Tensor, product: Product, b: Tensor) -> bool:
    """Whether a residual is no larger than rounding makes that of the nearest floats.

    The scale is the size of the terms that the residual is a difference of.
    """
    unit = torch.finfo(b.dtype).eps
    scale = float(product(y).norm() + y.norm() + b.norm())
    return left <= ROUNDING * unit * math.sqrt(b.numel()) * scale


def cgls(
    product: Product, transpose: Product, b: Tensor, damping: float, solver: Solver
) -> tuple[Tensor, Report]:
    r"""The solution of :math:`(J^\top J + \lambda I)\,y = J^\top b` by conjugate gradients.

    Args:
        product: y -> J y.
        transpose: u -> J^T u.
        b: the vector b.
        damping: :math:`\lambda`, not negative.
        solver: how far, relative to :math:`|J^\top b|`.

    >>> J = torch.tensor([[1.0, 2.0], [0.0, 1.0]], dtype=torch.float64)
    >>> y, _ = cgls(lambda u: J @ u, lambda u: J.T @ u, torch.tensor([5.0, 2.0]).double(),
    ...             0.0, Solver())
    >>> [round(float(e), 12) for e in y]
    [1.0, 2.0]
    """
    y, g = torch.zeros_like(b), transpose(b)
    size, used, goal = float(g.norm()), 1, solver.goal
    best = size
    if size == 0 or not math.isfinite(size):
        return y, Report(0.0 if size == 0 else math.inf, used, size == 0)

    def normal(p: Tensor) -> Tensor:
        return transpose(product(p)) + damping * p

    while best > goal * size and (used == 1 or used + 6 <= solver.most):
        room = (solver.most - used - 4) // 2
        stop = max(goal * size, _share(b) * best)
        correction, steps = _descend(normal, g, stop, room)
        trial = y + correction
        g = transpose(b - product(trial)) - damping * trial
        used, left = used + 2 * steps + 2, float(g.norm())
        if not left <= 2 * best:
            break
        halved, best, y = left < best / 2, left, trial
        if not halved:
            break
    if best <= goal * size:
        return y, Report(best / size, used, True)
    scale = float(transpose(product(y)).norm()) + size
    floor = ROUNDING * torch.finfo(b.dtype).eps * math.sqrt(b.numel()) * scale
    return y, Report(best / size, used + 2, best <= floor)


def _descend(product: Product, g: Tensor, goal: float, most: int) -> tuple[Tensor, int]:
    """Conjugate gradients from 0 until the goal, or twice as many steps as unknowns."""
    y, p, square, steps = torch.zeros_like(g), g, torch.dot(g, g), 0
    for _ in range(min(most, 2 * g.numel())):
        image = product(p)
        curvature = torch.dot(p, image)
        steps += 1
        if float(curvature) <= 0:
            break
        length = square / curvature
        y, g = y + length * p, g - length * image
        fresh = torch.dot(g, g)
        if math.sqrt(float(fresh)) <= goal:
            break
        p, square = g + (fresh / square) * p, fresh
    return y, steps
