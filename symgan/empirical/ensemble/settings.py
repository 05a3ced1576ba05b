"""What an ensemble trains: its members, and everything else that decides the numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from symgan.errors import BadData

PRECISIONS = ("float32", "float64")


@dataclass(frozen=True)
class Member:
    """One configuration.

    Attributes:
        gan: loss and stabilizer, by name.
        data: the data set, by name.
        order: who moves when, by name (`symgan.empirical.orders.named`).
        seed: of initial weights, latent draws and mini-batches; equal seeds give equal ones
            whatever the order is, and equal weights and latent draws for all data sets and GANs.
    """

    gan: str
    data: str
    order: str
    seed: int

    def __str__(self) -> str:
        return f"{self.gan} / {self.data} / {self.order} / seed {self.seed}"


@dataclass(frozen=True)
class Settings:
    """Everything but the members that decides the numbers of an ensemble.

    What the dynamic paper states (sections 5 and 6, appendix F) is the default; what it does not is
    marked.

    Attributes:
        latent: dimension of the generator's input, standard normal.
        hidden: widths of the hidden layers of both networks.
        slope: of the activation below zero; not stated, 0.2 as is common in GANs; 0 is the ReLU.
        batch: size of a mini-batch.
        rate: learning rate of both players.
        iterations: decisions of the oracle (`symgan.empirical.orders`).
        betas: Adam's; not stated, PyTorch's defaults.
        alpha: RMSProp's; not stated, PyTorch's default.
        eps: of both; not stated, PyTorch's default.
        c1: Dynamic-GDA's threshold of the discriminator; 1.1 in two dimensions, 1.2 on images.
        c2: that of the generator; 0.75 in two dimensions, 0.8 on images.
        reuse: whether projections of real data are kept after a step of the generator, section 4.3.
        dtype: float32 or float64.
        gan: options of the GAN, name -> number or word (`symgan.empirical.gans`).
        data: options of the data sets.
    """

    latent: int = 10
    hidden: tuple[int, ...] = (16,) * 5
    slope: float = 0.2
    batch: int = 128
    rate: float = 2e-4
    iterations: int = 30_000
    betas: tuple[float, float] = (0.9, 0.999)
    alpha: float = 0.99
    eps: float = 1e-8
    c1: float = 1.1
    c2: float = 0.75
    reuse: bool = True
    dtype: str = "float32"
    gan: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("latent", "batch", "iterations"):
            _require_whole(name, getattr(self, name))
        if not self.hidden:
            raise BadData("hidden = (); give the width of at least one hidden layer")
        for width in self.hidden:
            _require_whole("hidden", width)
        if self.dtype not in PRECISIONS:
            raise BadData(f"dtype = {self.dtype!r}; choose one of: {', '.join(PRECISIONS)}")
        if not 0 <= self.slope <= 1:
            raise BadData(f"slope = {self.slope}; give a number from 0 (ReLU) to 1 (linear)")
        for name in ("rate", "c1", "c2", "eps"):
            if not 0 < getattr(self, name) < float("inf"):
                raise BadData(f"{name} = {getattr(self, name)}; give a positive number")
        object.__setattr__(self, "hidden", tuple(self.hidden))
        object.__setattr__(self, "betas", tuple(self.betas))

    def document(self) -> str:
        """The settings as text.

        >>> Settings.read(Settings(batch=64).document()) == Settings(batch=64)
        True
        """
        return json.dumps(asdict(self), sort_keys=True)

    @staticmethod
    def read(text: str) -> Settings:
        """The settings of a `document`.

        Raises:
            BadData: text of another kind, an unknown setting or a value out of range.
        """
        try:
            found = json.loads(text)
            unknown = sorted(set(found) - {f.name for f in fields(Settings)})
        except (ValueError, TypeError) as error:
            raise BadData("the text holds no settings of an ensemble") from error
        if unknown:
            known = ", ".join(f.name for f in fields(Settings))
            raise BadData(f"unknown setting {unknown[0]!r}; the settings are: {known}")
        return Settings(**found)


def _require_whole(name: str, value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise BadData(f"{name} = {value!r}; give a whole number, at least 1")
