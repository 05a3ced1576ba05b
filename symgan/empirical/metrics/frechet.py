r"""The Frechet distance between Gaussians, and FID, the distance between fitted ones.

Conventions are those of TorchMetrics, pytorch-fid and clean-fid: unbiased covariances
(n - 1), the squared distance, no offset on the diagonal. What differs is the arithmetic: a
covariance is kept as a factor A with A^T A = S and never squared, so that singular
covariances need no special case and small distances keep their digits.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from symgan.empirical.metrics.points import Points, as_features, as_points, same_dimension
from symgan.errors import BadData

ASYMMETRY = 1e-10
"""How far a given covariance may be from symmetric and semidefinite, relative to its norm."""


@dataclass(frozen=True)
class Gaussian:
    r"""A Gaussian with mean :math:`\mu` and covariance :math:`A^T A`.

    Attributes:
        mean: shape (d,).
        factor: A, shape (k, d), any k >= 0.
    """

    mean: Tensor
    factor: Tensor

    @property
    def covariance(self) -> Tensor:
        """S, shape (d, d)."""
        return self.factor.mT @ self.factor


def fitted(samples: Points) -> Gaussian:
    """The Gaussian with the mean and the unbiased covariance of samples.

    Args:
        samples: shape (n, d), n >= 2; for n <= d the covariance is singular.

    Raises:
        BadData: samples of another form.

    >>> round(float(fitted([[0.0], [2.0]]).covariance), 12)
    2.0
    """
    x = as_features(samples, "samples", least=2)
    mean = x.mean(0)
    deviations = (x - mean) / (len(x) - 1) ** 0.5
    if len(x) > x.shape[1]:  # the triangle of a QR decomposition has the same A^T A
        deviations = torch.linalg.qr(deviations, mode="r").R
    return Gaussian(mean, deviations)


def gaussian(mean: Points, covariance: Points) -> Gaussian:
    """The Gaussian of a given mean and covariance.

    Args:
        mean: shape (d,).
        covariance: shape (d, d), symmetric and positive semidefinite up to rounding.

    Raises:
        BadData: the shapes do not fit, or the matrix is no covariance.

    >>> gaussian([0.0, 0.0], [[4.0, 0.0], [0.0, 0.0]]).covariance
    tensor([[4., 0.],
            [0., 0.]], dtype=torch.float64)
    """
    matrix = as_features(covariance, "covariance")
    center = as_points([mean] if not isinstance(mean, Tensor) else mean[None], "mean")[0]
    if matrix.shape != (len(center), len(center)):
        raise BadData(
            f"mean and covariance have the shapes {tuple(center.shape)}, {tuple(matrix.shape)}; "
            "they need (d,) and (d, d)"
        )
    scale = float(matrix.abs().max())
    values, vectors = torch.linalg.eigh((matrix + matrix.mT) / 2)
    skew = float((matrix - matrix.mT).abs().max())
    if max(skew, -float(values.min())) > ASYMMETRY * scale * len(center):
        raise BadData("the covariance is not symmetric and positive semidefinite")
    return Gaussian(center, values.clamp(min=0).sqrt()[:, None] * vectors.mT)


def frechet(p: Gaussian, q: Gaussian) -> float:
    r"""The squared Frechet (2-Wasserstein) distance between Gaussians.

    .. math:: |\mu_p - \mu_q|^2 + tr(S_p) + tr(S_q) - 2\, tr((S_p S_q)^{1/2}),

    where :math:`tr((S_p S_q)^{1/2})` is the sum of the square roots of the eigenvalues of
    :math:`S_p S_q`, equal to the sum of the singular values of :math:`A_p A_q^T`: the product
    is not symmetric, its roots are; no root of a matrix is formed.

    Raises:
        BadData: the dimensions differ.

    Source: Dowson and Landau, The Frechet distance between multivariate normal distributions
    (1982); Heusel et al. (2017), section 3.

    >>> frechet(gaussian([0.0], [[1.0]]), gaussian([3.0], [[4.0]]))  # 3^2 + (2 - 1)^2
    10.0
    """
    same_dimension(p.mean, q.mean)
    cross = torch.linalg.svdvals(p.factor @ q.factor.mT).sum()
    spread = p.factor.square().sum() + q.factor.square().sum() - 2 * cross
    return float((p.mean - q.mean).square().sum() + spread.clamp(min=0))


def fid(x: Points, y: Points) -> float:
    r"""The Frechet inception distance between two sets of features.

    Biased upwards by an amount that falls like 1/n and depends on the generator: compare only
    values with equal n, and see Chong and Forsyth, Effectively unbiased FID (2020).

    Args:
        x: features of one set, shape (n, d), n >= 2.
        y: features of the other, shape (m, d), m >= 2.

    Raises:
        BadData: features of another form.

    Source: Heusel et al., GANs trained by a two time-scale update rule (2017), section 3.

    >>> fid([[0.0], [2.0]], [[1.0], [3.0]])
    1.0
    """
    return frechet(fitted(x), fitted(y))
