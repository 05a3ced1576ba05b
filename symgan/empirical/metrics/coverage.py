r"""How many modes of a mixture samples reach, and how far they lie from a curve."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from symgan.empirical.metrics.points import Points, as_points, same_dimension
from symgan.errors import BadData

_ENTRIES = 2**22
REACH = 3.0
"""Standard deviations from a center within which a sample counts as of high quality."""


@dataclass(frozen=True)
class Modes:
    """Samples against the modes of a mixture; leading axes are those of the samples.

    Attributes:
        counts: high-quality samples nearest to each center, shape (..., k).
        samples: n, how many samples there were.
        least: how many of them a covered mode has.
    """

    counts: Tensor
    samples: int
    least: int

    @property
    def covered(self) -> Tensor:
        """How many modes have at least `least` high-quality samples, shape (...)."""
        return (self.counts >= self.least).sum(-1)

    @property
    def high_quality(self) -> Tensor:
        """The share of samples that are of high quality, float64, shape (...)."""
        return self.counts.sum(-1).to(torch.float64) / self.samples

    @property
    def imbalance(self) -> Tensor:
        r"""KL(shares of the modes || uniform) in nats, float64, shape (...).

        0 where all modes have equal counts, log k where one has all; NaN without any
        high-quality sample.
        """
        shares = self.counts.to(torch.float64)
        shares = shares / shares.sum(-1, keepdim=True)
        return torch.special.xlogy(shares, shares * self.counts.shape[-1]).sum(-1)


def modes(
    samples: Points, centers: Points, deviation: float, *, reach: float = REACH, least: int = 1
) -> Modes:
    r"""Which modes of a mixture of isotropic Gaussians samples reach.

    A sample is of high quality if it lies within `reach` standard deviations of a center, and is
    counted for the nearest one. Of exact samples of one mode in d dimensions that is the share
    :math:`P(\chi_d \le reach)`, in the plane :math:`1 - e^{-reach^2/2}` = 0.989 at 3, not 1.

    Args:
        samples: shape (..., n, d).
        centers: shape (k, d).
        deviation: the standard deviation of every mode along each axis, not its variance.
        reach: radius of a mode in standard deviations.
        least: high-quality samples that a covered mode has.

    Raises:
        BadData: shapes that do not fit, or a deviation, reach or least that is not positive.

    Source: Srivastava et al., VEEGAN (2017), section 5; Lin et al., PacGAN (2018), section 4.1.

    >>> found = modes([[0.0, 0.1], [1.0, 0.0], [9.0, 9.0]], [[0.0, 0.0], [1.0, 0.0]], 0.05)
    >>> int(found.covered), round(float(found.high_quality), 3)
    (2, 0.667)
    """
    samples = as_points(samples, "samples")
    centers = as_points(centers, "centers").to(samples.device)
    same_dimension(samples, centers)
    if centers.ndim != 2:
        raise BadData(f"centers have the shape {tuple(centers.shape)}; they need (k, d)")
    if not (deviation > 0 and reach > 0 and least > 0):
        raise BadData(f"deviation = {deviation}, reach = {reach}, least = {least}; all need > 0")
    gaps = torch.cdist(samples, centers, compute_mode="donot_use_mm_for_euclid_dist")
    distance, nearest = gaps.min(-1)
    counts = torch.zeros(
        *samples.shape[:-2], len(centers), dtype=torch.int64, device=samples.device
    )
    good = (distance <= reach * deviation).to(torch.int64)
    return Modes(counts.scatter_add(-1, nearest, good), samples.shape[-2], least)


def classes_reached(labels: Tensor, classes: int, *, least: float = 0.02) -> int:
    """How many classes have at least a share of the samples: 1 after a collapse to one kind.

    It counts kinds and sees nothing of quality: what resembles no class has a likeliest one too.

    Args:
        labels: the class of each sample, numbers from 0, shape (n,).
        classes: how many there are.
        least: the share that a class is reached with.

    Raises:
        BadData: no samples, classes that are not there, or a share outside (0, 1].

    >>> classes_reached(torch.tensor([0, 0, 2, 2]), 3)
    2
    """
    if labels.ndim != 1 or not len(labels) or not 0 < least <= 1:
        raise BadData(f"labels of shape {tuple(labels.shape)}, least = {least}; (n,) and (0, 1]")
    if not 0 <= int(labels.min()) <= int(labels.max()) < classes:
        raise BadData(f"a label is outside 0 to {classes - 1}; the classifier has other classes")
    counts = torch.bincount(labels, minlength=classes).tolist()
    return sum(count / len(labels) >= least for count in counts)


def distance_to_circle(samples: Points, center: Points, radius: float) -> Tensor:
    r"""The distance :math:`||x - c| - r|` of each sample to a circle (or sphere), shape (..., n).

    Args:
        samples: shape (..., n, d).
        center: shape (1, d) or (..., 1, d).
        radius: r >= 0.

    Raises:
        BadData: shapes that do not fit, or a negative radius.

    >>> distance_to_circle([[3.0, 4.0]], [[0.0, 0.0]], 0.5)
    tensor([4.5000], dtype=torch.float64)
    """
    samples = as_points(samples, "samples")
    center = as_points(center, "center").to(samples.device)
    same_dimension(samples, center)
    if not radius >= 0:
        raise BadData(f"radius = {radius}; a circle has a radius of at least 0")
    return ((samples - center).norm(dim=-1) - radius).abs()


def distance_to_path(samples: Points, vertices: Points) -> Tensor:
    r"""The distance of each sample to a path of straight segments, shape (..., n).

    A line is two vertices. For a curve with curvature at most K, drawn by vertices at most h
    apart along it, the distance differs from that to the curve by at most :math:`K h^2 / 8`.

    Args:
        samples: shape (..., n, d).
        vertices: shape (k, d) with k >= 2, joined in order.

    Raises:
        BadData: shapes that do not fit.

    >>> distance_to_path([[0.0, 1.0], [3.0, 0.0]], [[-1.0, 0.0], [1.0, 0.0]])
    tensor([1., 2.], dtype=torch.float64)
    """
    samples = as_points(samples, "samples")
    vertices = as_points(vertices, "vertices", least=2).to(samples.device)
    same_dimension(samples, vertices)
    if vertices.ndim != 2:
        raise BadData(f"vertices have the shape {tuple(vertices.shape)}; they need (k, d)")
    flat = samples.reshape(-1, samples.shape[-1])
    rows = max(1, _ENTRIES // (len(vertices) * samples.shape[-1]))
    found = [_to_segments(part, vertices[:-1], vertices.diff(dim=0)) for part in flat.split(rows)]
    return torch.cat(found).reshape(samples.shape[:-1])


def _to_segments(points: Tensor, starts: Tensor, along: Tensor) -> Tensor:
    """The least distance of points (n, d) to the segments starts + t along, t in [0, 1]."""
    offset = points[:, None, :] - starts
    squared = along.square().sum(-1)
    t = (offset * along).sum(-1) / torch.where(squared > 0, squared, 1.0)
    return (offset - t.clamp(0, 1)[..., None] * along).norm(dim=-1).min(-1).values
