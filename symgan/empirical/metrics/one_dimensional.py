r"""Wasserstein distances on the line, batched: sorted samples and their quantiles."""

from __future__ import annotations

import torch
from torch import Tensor

from symgan.errors import BadData


def wasserstein_1d(x: Tensor, y: Tensor, order: int = 1) -> Tensor:
    r"""The Wasserstein distance between samples on the line, for every batch entry.

    .. math:: W_p^p = \int_0^1 |F_x^{-1}(q) - F_y^{-1}(q)|^p \, dq,

    for equal sizes the mean of :math:`|x_{(i)} - y_{(i)}|^p` over sorted samples. For unequal
    sizes both quantile functions are constant between neighboring fractions of the form i/n or
    j/m, so that the integral is a finite sum with the same weights in every batch entry.

    Computed in the dtype of the samples, on their device, differentiable almost everywhere.
    A sample with NaN has the distance NaN.

    Args:
        x: samples, shape (..., n).
        y: samples, shape (..., m); the leading shapes broadcast.
        order: p >= 1; the distance is the p-th root.

    Returns:
        Distances, shape (...).

    Raises:
        BadData: an empty sample, or an order below 1.

    Source: Villani, Topics in Optimal Transportation (2003), theorem 2.18.

    >>> wasserstein_1d(torch.tensor([[0.0, 1.0], [3.0, 1.0]]), torch.tensor([2.0, 0.0]))
    tensor([0.5000, 1.0000])
    >>> wasserstein_1d(torch.tensor([0.0, 1.0]), torch.tensor([0.0, 0.0, 3.0]))
    tensor(0.8333)
    """
    require_order(order)
    _require_samples(x, y)
    x, y = x.sort(-1).values, y.sort(-1).values
    if x.shape[-1] == y.shape[-1]:
        return _root((x - y).abs(), order)
    i, j, weights = quantile_pieces(x.shape[-1], y.shape[-1], x.device)
    gaps = (x[..., i] - y[..., j]).abs()
    powers = gaps if order == 1 else gaps**order
    total = (powers * weights.to(powers.dtype)).sum(-1)
    return total if order == 1 else total ** (1 / order)


def quantile_pieces(n: int, m: int, device: torch.device) -> tuple[Tensor, Tensor, Tensor]:
    """Where the quantile functions of n and of m points are both constant.

    Returns:
        For each piece of (0, 1): the index of the n points, of the m points, and the length
        of the piece in float64, each of shape (k,) with k <= n + m - 1. Ends are found in
        integers, as multiples of 1 / (n m).
    """
    ends = torch.cat([torch.arange(1, n + 1) * m, torch.arange(1, m + 1) * n]).unique()
    starts = torch.cat([ends.new_zeros(1), ends[:-1]])
    weights = (ends - starts).to(torch.float64) / (n * m)
    return (starts // m).to(device), (starts // n).to(device), weights.to(device)


def _root(gaps: Tensor, order: int) -> Tensor:
    return gaps.mean(-1) if order == 1 else (gaps**order).mean(-1) ** (1 / order)


def require_order(order: int) -> None:
    """Refuse what is no order of a Wasserstein distance.

    Raises:
        BadData: an order below 1.
    """
    if order < 1:
        raise BadData(f"order = {order}; a Wasserstein distance has an order of at least 1")


def _require_samples(x: Tensor, y: Tensor) -> None:
    for name, sample in (("x", x), ("y", y)):
        if sample.ndim == 0 or sample.shape[-1] == 0:
            raise BadData(f"{name} has the shape {tuple(sample.shape)}; it needs (..., n), n >= 1")
