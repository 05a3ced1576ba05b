r"""KID: the squared maximum mean discrepancy of features under a cubic kernel, unbiased."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import fmean, pstdev

import torch
from torch import Tensor

from symgan.empirical.metrics.points import Points, as_features, same_dimension
from symgan.errors import BadData

_ROWS = 2048
"""Rows of a kernel matrix held at once."""


@dataclass(frozen=True)
class Kid:
    """A kernel inception distance.

    Attributes:
        value: the estimate; unbiased, so that it may be negative.
        error: the standard error of the estimate over draws of both sets.
    """

    value: float
    error: float


@dataclass(frozen=True)
class KidOfSubsets:
    """Kernel inception distances of random subsets of two sets.

    Attributes:
        values: one a subset.
    """

    values: tuple[float, ...]

    @property
    def value(self) -> float:
        """The mean over subsets; unbiased."""
        return fmean(self.values)

    @property
    def deviation(self) -> float:
        """The deviation over subsets (divided by their number, as in TorchMetrics).

        Papers print it after a plus-minus. Subsets share samples: it is no error of `value`,
        for which see `kid`.
        """
        return pstdev(self.values)


def kid(x: Points, y: Points) -> Kid:
    r"""The kernel inception distance of all samples: the U-statistic of the squared MMD.

    .. math:: \frac{1}{n(n-1)} \sum_{i \ne j} k(x_i, x_j) + \frac{1}{m(m-1)} \sum_{i \ne j}
        k(y_i, y_j) - \frac{2}{nm} \sum_{ij} k(x_i, y_j), \qquad k(u, v) = (u \cdot v / d + 1)^3

    The error is a delete-one jackknife over both sets. It is consistent where the laws differ;
    where they agree the statistic is degenerate, and the jackknife is conservative there.

    Args:
        x: features of one set, shape (n, d), n >= 3.
        y: features of the other, shape (m, d), m >= 3.

    Raises:
        BadData: features of another form.

    Source: Binkowski et al., Demystifying MMD GANs (2018), section 4; Gretton et al. (2012),
    lemma 6.

    >>> found = kid([[0.0], [1.0], [2.0]], [[0.0], [1.0], [2.0]])
    >>> round(found.value, 12)
    -23.333333333333
    """
    x, y = as_features(x, "x", 3), as_features(y, "y", 3)
    same_dimension(x, y)
    n, m = len(x), len(y)
    xx, yy = _row_sums(x, x) - _diagonal(x), _row_sums(y, y) - _diagonal(y)
    xy, yx = _row_sums(x, y), _row_sums(y, x)
    value = _combined(xx.sum(), yy.sum(), xy.sum(), n, m)
    without_x = _combined(xx.sum() - 2 * xx, yy.sum(), xy.sum() - xy, n - 1, m)
    without_y = _combined(xx.sum(), yy.sum() - 2 * yy, xy.sum() - yx, n, m - 1)
    return Kid(float(value), sqrt(_jackknife(without_x) + _jackknife(without_y)))


def kid_subsets(
    x: Points,
    y: Points,
    generator: torch.Generator,
    *,
    subsets: int = 100,
    size: int = 1000,
) -> KidOfSubsets:
    r"""The kernel inception distance as it is usually printed: mean and deviation over subsets.

    Each subset is drawn without replacement from both sets; its value is the U-statistic of
    `kid`, so that the mean has the same expectation, with more variance and less work.

    Args:
        x: features of one set, shape (n, d).
        y: features of the other, shape (m, d).
        generator: on the processor; draws the subsets.
        subsets: how many, at least 2 (TorchMetrics: 100).
        size: of each subset, at least 2, at most n and m (TorchMetrics: 1000).

    Raises:
        BadData: features of another form, or subsets that the sets do not hold.

    Source: Binkowski et al., Demystifying MMD GANs (2018), section 4.

    >>> x = torch.arange(8.0)[:, None]
    >>> found = kid_subsets(x, x, torch.Generator().manual_seed(0), subsets=2, size=8)
    >>> found.value == found.values[0] and found.deviation < 1e-9 * abs(found.value)
    True
    """
    x, y = as_features(x, "x", 2), as_features(y, "y", 2)
    same_dimension(x, y)
    if not (2 <= size <= min(len(x), len(y)) and subsets >= 2):
        raise BadData(
            f"subsets = {subsets} of size = {size}; they need at least 2 subsets of 2 to "
            f"{min(len(x), len(y))} samples, the smaller set"
        )
    values = torch.stack(
        [_mmd2(_subset(x, size, generator), _subset(y, size, generator)) for _ in range(subsets)]
    )
    return KidOfSubsets(tuple(values.tolist()))


def _subset(points: Tensor, size: int, generator: torch.Generator) -> Tensor:
    chosen = torch.randperm(len(points), generator=generator)[:size]
    return points[chosen.to(points.device)]


def _mmd2(x: Tensor, y: Tensor) -> Tensor:
    """The U-statistic of the squared MMD."""
    xx = (_row_sums(x, x) - _diagonal(x)).sum()
    yy = (_row_sums(y, y) - _diagonal(y)).sum()
    return _combined(xx, yy, _row_sums(x, y).sum(), len(x), len(y))


def _combined(xx: Tensor, yy: Tensor, xy: Tensor, n: int, m: int) -> Tensor:
    """The statistic from sums of the kernel over pairs: i != j within, all between."""
    return xx / (n * (n - 1)) + yy / (m * (m - 1)) - 2 * xy / (n * m)


def _jackknife(without: Tensor) -> float:
    """The jackknife variance from the values without each sample."""
    n = len(without)
    return float((without - without.mean()).square().sum()) * (n - 1) / n


def _row_sums(x: Tensor, y: Tensor) -> Tensor:
    """The sums of the kernel of each row of x with all rows of y, shape (n,)."""
    rows = [_cubic(part @ y.mT, x.shape[1]).sum(1) for part in x.split(_ROWS)]
    return torch.cat(rows)


def _diagonal(x: Tensor) -> Tensor:
    return _cubic(x.square().sum(1), x.shape[1])


def _cubic(products: Tensor, dimension: int) -> Tensor:
    return (products / dimension + 1) ** 3
