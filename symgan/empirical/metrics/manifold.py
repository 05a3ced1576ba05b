r"""Precision and recall of samples, by balls around nearest neighbors."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from symgan.empirical.metrics.points import Points, as_features, same_dimension
from symgan.errors import BadData

_ENTRIES = 2**22


@dataclass(frozen=True)
class PrecisionRecall:
    r"""Shares of samples inside the estimated manifolds; a manifold is a union of balls.

    Attributes:
        precision: of generated samples inside the manifold of the real ones: quality.
        recall: of real samples inside the manifold of the generated ones: variety.
        density: balls of real samples around a generated one, on average, divided by k; it
            may exceed 1.
        coverage: share of real samples whose ball holds a generated one.
        neighbors: k, which neighbor's distance is the radius of a ball.
    """

    precision: float
    recall: float
    density: float
    coverage: float
    neighbors: int


def precision_recall(real: Points, generated: Points, neighbors: int = 3) -> PrecisionRecall:
    r"""Improved precision and recall, with density and coverage from the same distances.

    The ball around a sample reaches to its k-th nearest other sample of the same set, boundary
    included. A single outlier among real samples raises precision, which density and
    coverage are robust against.

    Args:
        real: features, shape (n, d), n > k.
        generated: features, shape (m, d), m > k.
        neighbors: k >= 1; Kynkaanniemi et al. use 3, Naeem et al. 5.

    Raises:
        BadData: features of another form, or too few for k.

    Source: Kynkaanniemi et al., Improved precision and recall metric (2019), equations (1), (2);
    Naeem et al., Reliable fidelity and diversity metrics (2020), equations (4), (5).

    >>> real = [[0.0], [1.0], [2.0], [3.0]]
    >>> found = precision_recall(real, [[0.5], [0.6], [9.0]], neighbors=1)
    >>> round(found.precision, 3), found.recall, round(found.density, 3), found.coverage
    (0.667, 0.75, 1.333, 0.5)
    """
    if neighbors < 1:
        raise BadData(f"neighbors = {neighbors}; a ball needs at least 1")
    x = as_features(real, "real", neighbors + 1)
    y = as_features(generated, "generated", neighbors + 1)
    same_dimension(x, y)
    x_radii, y_radii = _radii(x, neighbors), _radii(y, neighbors)
    y_balls, x_seen = _hits(y, x, x_radii)
    x_balls, _ = _hits(x, y, y_radii)
    return PrecisionRecall(
        precision=_share(y_balls > 0),
        recall=_share(x_balls > 0),
        density=float(y_balls.to(torch.float64).mean()) / neighbors,
        coverage=_share(x_seen),
        neighbors=neighbors,
    )


def _radii(points: Tensor, neighbors: int) -> Tensor:
    """The distance to the k-th nearest other point: the point itself is the first of k + 1."""
    parts = [
        _distances(part, points).kthvalue(neighbors + 1, dim=1).values
        for part in _split(points, points)
    ]
    return torch.cat(parts)


def _hits(points: Tensor, centers: Tensor, radii: Tensor) -> tuple[Tensor, Tensor]:
    """For each point, how many balls hold it; for each ball, whether it holds a point."""
    inside = [_distances(part, centers) <= radii for part in _split(points, centers)]
    held = torch.stack([part.any(0) for part in inside]).any(0)
    return torch.cat([part.sum(1) for part in inside]), held


def _distances(x: Tensor, y: Tensor) -> Tensor:
    """From differences: a point has distance 0 to itself, and ties stay ties."""
    return torch.cdist(x, y, compute_mode="donot_use_mm_for_euclid_dist")


def _split(points: Tensor, others: Tensor) -> tuple[Tensor, ...]:
    return points.split(max(1, _ENTRIES // len(others)))


def _share(holds: Tensor) -> float:
    return float(holds.to(torch.float64).mean())
