r"""How far samples are from data: transport distances, modes, and distances of features.

Points are arrays or tensors of shape (n, d), one a row; where it pays, leading axes hold many
samples at once. All computation is in float64. Feature distances (`fid`, `kid`,
`precision_recall`) take the features that a network such as `digit_features` or `inception`
makes of images.
"""

from symgan.empirical.metrics.baseline import Baseline, baseline
from symgan.empirical.metrics.classifier import Classifier, Training, train
from symgan.empirical.metrics.coverage import (
    Modes,
    classes_reached,
    distance_to_circle,
    distance_to_path,
    modes,
)
from symgan.empirical.metrics.digits import digit_features
from symgan.empirical.metrics.features import Features, pixels
from symgan.empirical.metrics.frechet import Gaussian, fid, fitted, frechet, gaussian
from symgan.empirical.metrics.inception import Inception, inception
from symgan.empirical.metrics.kernel import Kid, KidOfSubsets, kid, kid_subsets
from symgan.empirical.metrics.manifold import PrecisionRecall, precision_recall
from symgan.empirical.metrics.one_dimensional import wasserstein_1d
from symgan.empirical.metrics.sliced import (
    even_directions,
    random_directions,
    sliced_wasserstein,
    sliced_wasserstein_plane,
)
from symgan.empirical.metrics.transport import wasserstein

__all__ = [
    "Baseline",
    "Classifier",
    "Features",
    "Gaussian",
    "Inception",
    "Kid",
    "KidOfSubsets",
    "Modes",
    "PrecisionRecall",
    "Training",
    "baseline",
    "classes_reached",
    "digit_features",
    "distance_to_circle",
    "distance_to_path",
    "even_directions",
    "fid",
    "fitted",
    "frechet",
    "gaussian",
    "inception",
    "kid",
    "kid_subsets",
    "modes",
    "pixels",
    "precision_recall",
    "random_directions",
    "sliced_wasserstein",
    "sliced_wasserstein_plane",
    "train",
    "wasserstein",
    "wasserstein_1d",
]
