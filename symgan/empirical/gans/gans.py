r"""The GANs of the study by the names of the printed table, and a few more.

A `Gan` says what its players descend and what keeps its discriminator in check. What the dynamic
paper leaves unsaid is a field here, with the reason for its default beside it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from typing import Any

from symgan.empirical.gans.gran import Gran
from symgan.empirical.gans.losses import Loss
from symgan.empirical.gans.losses import named as named_loss
from symgan.empirical.gans.penalties import Penalty
from symgan.errors import BadData, UnknownName

SCHEDULES = ("constant", "linear")


@dataclass(frozen=True)
class Gan:
    r"""A kind of GAN.

    Args:
        name: as in the printed table.
        loss: what the players descend.
        noise: the variance :math:`\sigma^2` of instance noise: normal noise on real and generated
            points alike, before the discriminator, in the steps of both players.
        schedule: of the noise's variance: ``constant``, or ``linear``, falling to 0 at the end of
            training. The dynamic paper says N(0, 0.02 I) and no more, so constant is the default;
            Sonderby et al. anneal.
        clip: weight clipping: after each discriminator step every weight is moved into
            :math:`[-c, c]`.
        penalty: a gradient penalty in the discriminator's loss.
        spectral: whether every matrix of the discriminator is divided by its spectral norm.
        gran: gradient normalization of the discriminator.
        decide_plain: whether Dynamic-GDA decides by the network without `spectral` and `gran`,
            as appendix F has it.

    Raises:
        BadData: a number out of its range.
        UnknownName: an unknown schedule.

    >>> gan = named("WGAN")
    >>> gan.clip, gan.bounded, gan.optimizer
    (0.01, False, 'rmsprop')
    """

    name: str
    loss: Loss
    noise: float = 0.0
    schedule: str = "constant"
    clip: float | None = None
    penalty: Penalty | None = None
    spectral: bool = False
    gran: Gran | None = None
    decide_plain: bool = True

    def __post_init__(self) -> None:
        if self.schedule not in SCHEDULES:
            known = ", ".join(SCHEDULES)
            raise UnknownName(f"unknown noise schedule {self.schedule!r}; choose one of: {known}")
        if not self.noise >= 0:
            raise BadData(f"the variance {self.noise} of instance noise; choose one >= 0")
        if self.clip is not None and not self.clip > 0:
            raise BadData(f"the clipping value {self.clip} of {self.name!r}; choose one > 0")

    @property
    def bounded(self) -> bool:
        """Whether the discriminator is bounded: its loss reads the output through a logistic.

        So the GANs with a binary cross-entropy count as bounded and those with a Wasserstein,
        hinge or least-squares loss do not, whatever normalization they carry: appendix F of the
        dynamic paper calls WGAN's unbounded and those "for use with BCE loss" bounded.
        """
        return self.loss.bounded

    @property
    def optimizer(self) -> str:
        """``adam`` where the discriminator is bounded, else ``rmsprop`` (appendix F)."""
        return "adam" if self.bounded else "rmsprop"

    @property
    def needs_mix(self) -> bool:
        """Whether its gradients need uniform draws (M, B) for points between data."""
        return self.penalty is not None and self.penalty.needs_mix

    def variance(self, progress: float = 0.0) -> float:
        """The variance of the instance noise at a share in [0, 1] of training.

        >>> from dataclasses import replace
        >>> replace(named("Instance Noise"), schedule="linear").variance(0.75)
        0.005
        """
        return self.noise * (1 - progress) if self.schedule == "linear" else self.noise


def _study() -> tuple[Gan, ...]:
    """The eight of the printed table; 0.02, 0.83 and 3 are the dynamic paper's, section 6.2.

    It names no loss for the stabilized ones. Those of its sources that work with any loss have
    the non-saturating cross-entropy, the paper's own baseline, so that the stabilizer is what
    differs.
    """
    bce, critic = named_loss("non-saturating"), named_loss("wasserstein")
    return (
        Gan("Unsat. BCE", bce),
        Gan("Instance Noise", bce, noise=0.02),
        Gan("WGAN", critic, clip=0.01),  # unsaid; 0.01 is the default of Arjovsky et al. 2017
        Gan("WGAN+GP", critic, penalty=Penalty("gp")),
        Gan("Reg. JS-GAN", bce, penalty=Penalty("js")),
        Gan("SN-GAN", bce, spectral=True),
        Gan("R2-GP", bce, penalty=Penalty("r2")),
        Gan("Piecewise-GP", bce, gran=Gran(0.83)),
    )


def _more() -> tuple[Gan, ...]:
    return (
        Gan("R1-GP", named_loss("non-saturating"), penalty=Penalty("r1")),
        Gan("Saturating BCE", named_loss("saturating")),
        Gan("Hinge", named_loss("hinge")),
        Gan("Least Squares", named_loss("least-squares")),
    )


def adjusted(gan: Gan, options: Mapping[str, Any]) -> Gan:
    """A GAN with other options, given as plain numbers and words.

    Args:
        gan: what is adjusted.
        options: name -> value: ``loss`` by its name; a field of `Gan`; ``penalty.X`` and
            ``gran.X`` for a field X of its penalty or gradient normalization.

    Raises:
        UnknownName: an unknown option, loss or word; the sentence lists the known ones.
        BadData: a number out of its range.

    >>> adjusted(named("R2-GP"), {"penalty.weight": 10, "loss": "hinge"}).penalty
    Penalty(kind='r2', weight=10, convention='source', target=1.0)
    """
    parts = {"penalty": gan.penalty, "gran": gan.gran}
    known = ["loss", *(f.name for f in fields(Gan) if f.name not in ("name", "loss", *parts))]
    known += [f"{p}.{f.name}" for p, part in parts.items() if part for f in fields(part)]
    for option, value in options.items():
        if option not in known:
            raise UnknownName(
                f"unknown option {option!r} of {gan.name!r}; choose one of: {', '.join(known)}"
            )
        whole, _, part = option.partition(".")
        before = gan.loss.name if option == "loss" else attrgetter(option)(gan)
        if not _alike(value, before) and (option, value) != ("clip", None):
            example = 0.1 if before is None else before
            raise BadData(f"{option} = {value!r} of {gan.name!r}; give a value like {example!r}")
        if part:
            value = replace(getattr(gan, whole), **{part: value})
        gan = replace(gan, **{whole: named_loss(value) if whole == "loss" else value})
    return gan


def _alike(value: Any, before: Any) -> bool:
    """Whether a value is a word, a yes or no, or a number, as the one before."""
    if isinstance(before, bool | str):
        return type(value) is type(before)
    return isinstance(value, int | float) and not isinstance(value, bool)


STUDY = tuple(gan.name for gan in _study())
"""The names of the eight GANs of the dynamic paper, in the order of its tables."""


def catalog() -> dict[str, Gan]:
    """All GANs by their short names.

    >>> list(catalog())[:4]
    ['unsat-bce', 'instance-noise', 'wgan', 'wgan-gp']
    """
    return {short(gan.name): gan for gan in (*_study(), *_more())}


def short(name: str) -> str:
    """A name in lower case, with hyphens for everything that is no letter or digit.

    >>> short("Reg. JS-GAN"), short("SN GAN")
    ('reg-js-gan', 'sn-gan')
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def named(name: str) -> Gan:
    """The GAN of this name, as printed or short.

    Raises:
        UnknownName: no GAN carries the name; the sentence lists the known ones.

    >>> named("wgan-gp") == named("WGAN+GP")
    True
    """
    found = catalog()
    if short(name) not in found:
        raise UnknownName(f"unknown GAN {name!r}; choose one of: {', '.join(found)}")
    return found[short(name)]
