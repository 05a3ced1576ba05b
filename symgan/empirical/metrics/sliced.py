r"""Sliced Wasserstein distances: the mean over directions of distances on the line."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from symgan.empirical.metrics.one_dimensional import require_order, wasserstein_1d
from symgan.empirical.metrics.points import Points, as_points, batches, same_dimension
from symgan.errors import BadData

_ENTRIES = 2**22
"""Projected coordinates held at once (32 MiB)."""


def random_directions(count: int, dimension: int, generator: torch.Generator) -> Tensor:
    """Unit vectors, uniform on the sphere, float64, shape (count, dimension).

    >>> random_directions(3, 2, torch.Generator().manual_seed(0)).norm(dim=1)
    tensor([1., 1., 1.], dtype=torch.float64)
    """
    drawn = torch.randn(
        count, dimension, generator=generator, dtype=torch.float64, device=generator.device
    )
    return drawn / drawn.norm(dim=1, keepdim=True)


def even_directions(count: int) -> Tensor:
    r"""Unit vectors at the angles :math:`(k + 1/2) \pi / count`, shape (count, 2).

    In the plane these are the midpoint rule of the integral over directions, whose error falls
    like count**-2, where random directions have count**-1/2.

    >>> even_directions(1).round(decimals=12)
    tensor([[0., 1.]], dtype=torch.float64)
    """
    angles = (torch.arange(count, dtype=torch.float64) + 0.5) * (math.pi / count)
    return torch.stack([angles.cos(), angles.sin()], dim=1)


def sliced_wasserstein(x: Points, y: Points, directions: Tensor, order: int = 1) -> Tensor:
    r"""The sliced Wasserstein distance over given directions.

    .. math:: SW_p^p = \frac{1}{L} \sum_l W_p^p(\langle x, u_l \rangle, \langle y, u_l \rangle)

    Args:
        x: samples, shape (..., n, d).
        y: samples, shape (..., m, d); the leading shapes broadcast.
        directions: unit vectors, shape (L, d): `random_directions`, `even_directions`.
        order: p >= 1; the distance is the p-th root.

    Returns:
        Distances in float64 on the device of x, shape (...).

    Raises:
        BadData: samples of another form, or directions of another dimension.

    Source: Bonneel, Rabin, Peyre and Pfister, Sliced and Radon Wasserstein barycenters (2015).

    >>> x = [[0.0, 0.0], [1.0, 0.0]]
    >>> y = [[0.0, 2.0], [1.0, 2.0]]
    >>> sliced_wasserstein(x, y, torch.tensor([[1.0, 0.0], [0.0, 1.0]]))
    tensor(1., dtype=torch.float64)
    """
    x, y = as_points(x, "x"), as_points(y, "y")
    same_dimension(x, y)
    require_order(order)
    if directions.ndim != 2 or directions.shape[1] != x.shape[-1] or len(directions) == 0:
        raise BadData(
            f"directions have the shape {tuple(directions.shape)}; they need (L, {x.shape[-1]})"
        )
    axes = directions.to(x).T
    rows = max(x.shape[:-1].numel(), y.shape[:-1].numel())
    total = sum(
        wasserstein_1d((x @ part).mT, (y @ part).mT, order).pow(order).sum(-1)
        for part in axes.split(max(1, _ENTRIES // rows), dim=1)
    )
    assert isinstance(total, Tensor)
    return (total / len(directions)) ** (1 / order)


def sliced_wasserstein_plane(x: Points, y: Points) -> Tensor:
    r"""The sliced Wasserstein distance of order 1 in the plane, over all directions, exact.

    Between two neighboring angles at which some pair of points projects to one value, the merged
    order of the points is fixed, and the distance on the line is linear in the direction:

    .. math:: W_1(\varphi) = \langle w, u(\varphi) \rangle, \qquad
        w = \sum_k |F_x - F_y|_k \, (z_{(k+1)} - z_{(k)}),

    so that its integral is an elementary function of the ends. For N = n + m points there are
    N (N - 1) / 2 angles: a reference for small samples, N up to a few hundred.

    Args:
        x: samples, shape (..., n, 2).
        y: samples, shape (..., m, 2); the leading shapes broadcast.

    Returns:
        Distances in float64, shape (...).

    Raises:
        BadData: samples of another form or dimension.

    >>> round(float(sliced_wasserstein_plane([[0.0, 0.0]], [[3.0, 4.0]])), 12)  # 5 * 2 / pi
    3.183098861838
    """
    x, y = as_points(x, "x"), as_points(y, "y")
    if (x.shape[-1], y.shape[-1]) != (2, 2):
        raise BadData(f"dimensions {x.shape[-1]} and {y.shape[-1]}: the plane has 2")
    shape, pairs = batches(x, y)
    values = [_over_all_angles(one, other) for one, other in pairs]
    return torch.stack(values).reshape(shape)


def _over_all_angles(x: Tensor, y: Tensor) -> Tensor:
    points = torch.cat([x, y])
    steps = torch.cat([x.new_full((len(x),), 1 / len(x)), y.new_full((len(y),), -1 / len(y))])
    ends = _meeting_angles(points)
    starts, stops = ends[:-1], ends[1:]
    total = points.new_zeros(())
    for start, stop in zip(
        starts.split(_ENTRIES // len(points) + 1),
        stops.split(_ENTRIES // len(points) + 1),
        strict=True,
    ):
        middle = _unit((start + stop) / 2)
        order = (middle @ points.T).argsort(dim=1)
        between = steps[order].cumsum(1)[:, :-1].abs()
        w = (between[..., None] * points[order].diff(dim=1)).sum(1)
        half = (stop - start) / 2  # the integral of u over the piece is 2 sin(half) u(middle)
        total = total + (2 * half.sin() * (w * middle).sum(1)).sum()
    return total / math.pi


def _meeting_angles(points: Tensor) -> Tensor:
    """Angles in [0, pi], ends included, at which two points project to one value."""
    first, second = torch.triu_indices(len(points), len(points), 1, device=points.device)
    gap = points[second] - points[first]
    angles = torch.atan2(gap[:, 0], -gap[:, 1]).remainder(math.pi)
    return torch.cat([angles.new_tensor([0.0]), angles, angles.new_tensor([math.pi])]).sort().values


def _unit(angles: Tensor) -> Tensor:
    return torch.stack([angles.cos(), angles.sin()], dim=1)
