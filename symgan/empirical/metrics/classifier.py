r"""A small convolutional classifier whose last hidden layer serves as features.

It is trained in float64: another number of threads rounds the sums of a convolution otherwise,
and in float64 what this does to the trained network stays far below what a metric resolves.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

import torch
from torch import Tensor
from torch.nn import functional

from symgan.empirical.data.seeds import stream
from symgan.empirical.metrics.features import in_parts
from symgan.errors import BadData

_PART = 1000


@dataclass(frozen=True)
class Training:
    """How a classifier is trained; with the images this decides the weights.

    Attributes:
        seed: of initial weights and the order of images.
        channels: of the first convolution; the second has twice as many.
        features: units of the last hidden layer.
        epochs: passes through the images.
        batch: images a step.
        rate: of Adam, falling linearly to 0.
    """

    seed: int = 0
    channels: int = 16
    features: int = 64
    epochs: int = 15
    batch: int = 64
    rate: float = 4e-3


@dataclass(frozen=True, eq=False)
class Classifier:
    """A trained classifier; called, it gives features. It never changes.

    Attributes:
        weights: of two convolutions and two linear layers, each followed by its bias.
        shape: of an image, (channels, height, width).
        accuracy: share of held-out images classified rightly; NaN before it is measured.
    """

    weights: tuple[Tensor, ...]
    shape: tuple[int, ...]
    accuracy: float

    def __call__(self, images: Tensor) -> Tensor:
        """The activations of the last hidden layer, float64, shape (n, features).

        Args:
            images: in [-1, 1], shape (n, channels, height, width), on any device.

        Raises:
            BadData: images of another shape.
        """
        if tuple(images.shape[1:]) != self.shape:
            raise BadData(
                f"images have the shape {tuple(images.shape)}; the classifier's are "
                f"(n, {', '.join(map(str, self.shape))})"
            )
        weights = tuple(w.to(images.device) for w in self.weights)
        return in_parts(lambda part: _hidden(weights, part.to(torch.float64)), images, _PART)

    def classes(self, images: Tensor) -> Tensor:
        """The likeliest class of each image, shape (n,).

        Raises:
            BadData: images of another shape.
        """
        weight, bias = (w.to(images.device) for w in self.weights[-2:])
        return functional.linear(self(images), weight, bias).argmax(1)

    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits of the weights; metrics compare where they agree."""
        return sha256(b"".join(w.numpy().tobytes() for w in self.weights)).hexdigest()[:16]


def train(
    images: Tensor,
    labels: Tensor,
    held_out: tuple[Tensor, Tensor],
    training: Training | None = None,
) -> Classifier:
    """Train a classifier by Adam on the cross-entropy, on the processor.

    Args:
        images: in [-1, 1], shape (n, channels, height, width), sides of at least 2.
        labels: classes from 0, shape (n,).
        held_out: images and labels that measure the accuracy and nothing else.
        training: seed, sizes and steps.

    Raises:
        BadData: images or labels of another shape.
    """
    chosen = training or Training()
    if images.ndim != 4 or labels.shape != images.shape[:1] or min(images.shape[2:]) < 2:
        raise BadData(
            f"images have the shape {tuple(images.shape)} and labels {tuple(labels.shape)}; "
            "they need (n, channels, height, width) with sides of at least 2, and (n,)"
        )
    shape = tuple(images.shape[1:])
    classes = int(labels.max()) + 1
    weights = _initial(shape, classes, chosen)
    _descend(weights, images.to(torch.float64), labels, chosen)
    fixed = tuple(w.detach() for w in weights)
    trained = Classifier(fixed, shape, float("nan"))
    right = trained.classes(held_out[0]) == held_out[1]
    return Classifier(fixed, shape, float(right.to(torch.float64).mean()))


def _descend(weights: list[Tensor], images: Tensor, labels: Tensor, chosen: Training) -> None:
    """Change the weights in place."""
    generator = stream(chosen.seed, "classifier", "order")
    adam = torch.optim.Adam(weights, lr=chosen.rate)
    steps = chosen.epochs * -(-len(images) // chosen.batch)
    falling = torch.optim.lr_scheduler.LambdaLR(adam, lambda step: 1 - step / steps)
    for _ in range(chosen.epochs):
        order = torch.randperm(len(images), generator=generator)
        for rows in order.split(chosen.batch):
            adam.zero_grad()
            outputs = functional.linear(_hidden(weights, images[rows]), *weights[-2:])
            functional.cross_entropy(outputs, labels[rows]).backward()
            adam.step()
            falling.step()


def _hidden(weights: list[Tensor] | tuple[Tensor, ...], images: Tensor) -> Tensor:
    """Two convolutions, halving the sides after the first, then a hidden layer."""
    w1, b1, w2, b2, w3, b3 = weights[:6]
    x = functional.max_pool2d(functional.conv2d(images, w1, b1, padding=1).relu(), 2)
    x = functional.conv2d(x, w2, b2, padding=1).relu()
    return functional.elu(functional.linear(x.flatten(1), w3, b3))


def _initial(shape: tuple[int, ...], classes: int, chosen: Training) -> list[Tensor]:
    """Normal weights with variance 2 / inputs (He et al. 2015), zero biases."""
    generator = stream(chosen.seed, "classifier", "weights")
    channels, height, width = shape
    flat = 2 * chosen.channels * (height // 2) * (width // 2)
    sizes = [
        (chosen.channels, channels, 3, 3),
        (2 * chosen.channels, chosen.channels, 3, 3),
        (chosen.features, flat),
        (classes, chosen.features),
    ]
    weights: list[Tensor] = []
    for size in sizes:
        drawn = torch.randn(size, generator=generator, dtype=torch.float64)
        drawn *= (2 / drawn[0].numel()) ** 0.5
        weights += [drawn.requires_grad_(), torch.zeros_like(drawn[:, :1].flatten()[: size[0]])]
    return [w.detach().requires_grad_() for w in weights]
