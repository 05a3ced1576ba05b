"""From a checkpoint of an ensemble to the players of one member, on one batch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from symgan.empirical.bridge.players import Players
from symgan.empirical.data import stream
from symgan.empirical.data.normal import normal
from symgan.empirical.ensemble.ensemble import Ensemble
from symgan.empirical.gans.gradients import Draws
from symgan.empirical.spectra.gan_players import GanBatch, GanPlayers
from symgan.errors import BadData


@dataclass(frozen=True)
class Subject:
    """What is diagnosed.

    Attributes:
        players: with the checkpoint's parameters, generator first.
        batch: the data that the losses are taken on.
        title: which member, when.
        names: of the players.
    """

    players: Players
    batch: Any
    title: str
    names: tuple[str, ...] = ("generator", "discriminator")


def players_from_checkpoint(
    path: Path, member: int = 0, *, samples: int = 1024, seed: int = 0
) -> Subject:
    """One member of a checkpoint as players in double precision, with a fresh batch.

    Args:
        path: what `Ensemble.save` wrote.
        member: which, by number.
        samples: of data and of latent points that the losses are means over.
        seed: of these.

    Raises:
        BadData: no checkpoint there, no such member, or one whose weights are no numbers.
    """
    return subject(Ensemble.load(path, device="cpu"), member, samples=samples, seed=seed)


def before_training(path: Path, member: int = 0, *, samples: int = 1024, seed: int = 0) -> Subject:
    """The same member with its initial weights, which its seed decides, on the same batch.

    Args:
        path, member, samples, seed: as `players_from_checkpoint`.

    Raises:
        BadData: as `players_from_checkpoint`.
    """
    later = Ensemble.load(path, device="cpu")
    _checked(later, member)
    first = Ensemble([later.members[member]], later.settings, device="cpu", engine=later.engine)
    return subject(first, 0, samples=samples, seed=seed)


def subject(ensemble: Ensemble, member: int, *, samples: int = 1024, seed: int = 0) -> Subject:
    """One member of a running ensemble; for a watch.

    Args:
        ensemble: as it stands.
        member, samples, seed: as `players_from_checkpoint`.

    Raises:
        BadData: no such member, or one whose weights are no numbers.
    """
    _checked(ensemble, member)
    which = ensemble.members[member]
    weights = ensemble.weights(member)
    if not all(bool(w.isfinite().all()) for own in weights for w in own):
        raise BadData(f"member {member} ({which}) has diverged; it has no finite weights")
    players = GanPlayers.of(ensemble.gan, ensemble.generator, ensemble.discriminator, weights)
    title = f"{which}, iteration {ensemble.iteration}"
    return Subject(players, _batch(ensemble, member, samples, seed), title)


def _checked(ensemble: Ensemble, member: int) -> None:
    if not 0 <= member < len(ensemble.members):
        last = len(ensemble.members) - 1
        raise BadData(f"member {member}; the checkpoint has members 0 to {last}")


def _batch(ensemble: Ensemble, member: int, samples: int, seed: int) -> GanBatch:
    source = ensemble.sources[ensemble.members[member].data]
    real = source.sample(samples, stream(seed, "spectra", "real"), torch.float64).flatten(1)
    latent = normal((samples, ensemble.settings.latent), stream(seed, "spectra", "latent"))
    noise = [normal(tuple(real.shape), stream(seed, "spectra", which)) for which in ("r", "f")]
    mix = torch.rand(1, samples, generator=stream(seed, "spectra", "mix"), dtype=torch.float64)
    draws = Draws(mix, noise[0][None].double(), noise[1][None].double())
    progress = min(1.0, ensemble.iteration / max(1, ensemble.settings.iterations))
    return GanBatch(real, latent.double(), draws, progress)
