"""Dynamic-GDA in training: decisions against algorithm 2, read off the ensemble's own weights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from symgan.empirical import gans
from symgan.empirical.ensemble import Ensemble, Member, Settings
from symgan.empirical.ensemble.iteration import Drawn
from symgan.empirical.orders import DISCRIMINATOR, GENERATOR

SETTINGS = Settings(latent=3, hidden=(6, 5), batch=64, iterations=200, rate=3e-2, dtype="float64")
STEPS = 90


class Oracle:
    """Algorithm 2 for one member, with real projections kept as section 4.3 has it."""

    def __init__(self, reuse: bool) -> None:
        self.reuse, self.last, self.w_last = reuse, 0, 0.0
        self.real = np.zeros(0)

    def decide(self, real: np.ndarray, fake: np.ndarray) -> int:
        """Who moves, from the projections of this iteration's batches."""
        if not (self.reuse and self.last == GENERATOR):
            self.real = real
        w = float(np.abs(np.sort(self.real) - np.sort(fake)).mean())
        self.last, self.w_last = self._choice(w, fake), w
        return self.last

    def _choice(self, w: float, fake: np.ndarray) -> int:
        if self.last == 0 or self.real.max() < fake.min():
            return DISCRIMINATOR
        if fake.max() < self.real.min():
            return GENERATOR
        if self.last == GENERATOR:
            return GENERATOR if w / self.w_last < SETTINGS.c2 else DISCRIMINATOR
        return DISCRIMINATOR if w / self.w_last > SETTINGS.c1 else GENERATOR


def projections(ensemble: Ensemble, member: int, drawn: Drawn) -> tuple[np.ndarray, np.ndarray]:
    """Of the real and the generated batch, by `gans.project`, regularization off."""
    plain = replace(ensemble.gan, decide_plain=True)
    theta, psi = ([w[None] for w in own] for own in ensemble.weights(member))
    G, D = ensemble.generator, ensemble.discriminator

    def seen(x: Tensor) -> np.ndarray:
        return gans.project(plain, D, psi, x)[0].numpy()

    z, real = (t[member : member + 1].mT for t in (drawn.latent, drawn.real))
    return seen(real), seen(G(theta, z))


def decisions(
    gan: str, *, reuse: bool, read: bool, plain: bool = True
) -> tuple[list[list[int]], list[list[int]]]:
    """Those of the ensemble and of the oracle, iteration by iteration.

    The ensemble keeps projections as `reuse` says, the oracle as `read` does.
    """
    members = [Member(gan, data, "dynamic", seed) for data in ("ring", "line") for seed in (0, 1)]
    settings = replace(SETTINGS, reuse=reuse, gan={"decide_plain": plain})
    ensemble = Ensemble(members, settings, "cpu")
    ((stack, draws),) = ensemble._stacks
    oracles = [Oracle(read) for _ in members]
    found, expected = [], []
    for k in range(STEPS):
        drawn = draws.at(k)
        expected.append([o.decide(*projections(ensemble, m, drawn)) for m, o in enumerate(oracles)])
        with torch.no_grad():
            stack.iterate(k, drawn)
        found.append(stack.seen.last.tolist())
    return found, expected


@pytest.mark.parametrize("reuse", [True, False])
@pytest.mark.parametrize("gan", ["unsat-bce", "wgan", "sn-gan", "piecewise-gp", "instance-noise"])
def test_decisions_are_those_of_algorithm_2(gan: str, reuse: bool) -> None:
    """Regularization is off for them; nothing is near a tie in double precision."""
    found, expected = decisions(gan, reuse=reuse, read=reuse)
    assert found == expected
    assert {move for row in found for move in row} == {GENERATOR, DISCRIMINATOR}


def test_keeping_projections_makes_a_difference() -> None:
    found, expected = decisions("unsat-bce", reuse=True, read=False)
    assert found != expected


@pytest.mark.parametrize("gan", ["sn-gan", "piecewise-gp", "instance-noise"])
def test_deciding_with_the_regularization_on_makes_a_difference(gan: str) -> None:
    found, expected = decisions(gan, reuse=True, read=True, plain=False)
    assert found != expected
