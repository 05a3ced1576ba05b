"""From checkpoints of ensembles to players and snapshots."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from symgan.empirical.ensemble.ensemble import Ensemble
from symgan.empirical.ensemble.settings import Member, Settings
from symgan.empirical.spectra import GameJacobian, snapshot
from symgan.empirical.spectra.checkpoint import players_from_checkpoint, subject
from symgan.errors import BadData
from tests.empirical.spectra.test_operator import by_differences

MEMBERS = [Member("unsat-bce", data, "sim", 3) for data in ("ring", "line")]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ensemble, Path]:
    ensemble = Ensemble(MEMBERS, Settings(latent=2, hidden=(3,), batch=16), device="cpu")
    ensemble.run(until=20)
    path = tmp_path_factory.mktemp("run") / "run.pt"
    ensemble.save(path)
    return ensemble, path


def test_a_member_of_a_checkpoint_has_its_weights(trained: tuple[Ensemble, Path]) -> None:
    ensemble, path = trained
    found = players_from_checkpoint(path, 1, samples=32)
    for own, weights in zip(found.players.parameters, ensemble.weights(1), strict=True):
        for tensor, weight in zip(own, weights, strict=True):
            assert tensor.dtype == torch.float64
            assert torch.equal(tensor.detach(), weight.double())
    assert "line" in found.title
    assert "20" in found.title


def test_its_jacobian_is_the_derivative_of_its_field(trained: tuple[Ensemble, Path]) -> None:
    found = players_from_checkpoint(trained[1], 0, samples=32)
    J = GameJacobian(found.players, None, found.batch)
    wanted = by_differences(found.players, found.batch)
    # Away from the kinks of the networks, which no point is within 1e-6 of here.
    assert np.abs(J.dense() - wanted).max() < 1e-7
    assert np.abs(wanted).max() > 1e-2


def test_equal_seeds_give_equal_batches_and_others_do_not(trained: tuple[Ensemble, Path]) -> None:
    one, same, other = (
        players_from_checkpoint(trained[1], 0, samples=8, seed=s).batch for s in (1, 1, 2)
    )
    assert torch.equal(one.real, same.real)
    assert torch.equal(one.latent, same.latent)
    assert not torch.equal(one.real, other.real)


def test_a_watch_keeps_snapshots() -> None:
    ensemble = Ensemble(MEMBERS[:1], Settings(latent=2, hidden=(3,), batch=16), device="cpu")
    seen: list[Any] = []

    def watch(now: Ensemble) -> None:
        at = subject(now, 0, samples=16)
        seen.append(snapshot(at.players, None, at.batch, iteration=now.iteration))

    ensemble.run(until=70, watch=watch)
    assert [s.iteration for s in seen] == [64, 70]
    assert all(s.spectrum.complete for s in seen)
    assert seen[0].norms != seen[1].norms


def test_missing_members_and_files_are_named(
    trained: tuple[Ensemble, Path], tmp_path: Path
) -> None:
    with pytest.raises(BadData, match="members 0 to 1"):
        players_from_checkpoint(trained[1], 2)
    with pytest.raises(BadData, match="no checkpoint"):
        players_from_checkpoint(tmp_path / "none.pt")


def test_a_member_that_diverged_is_named(trained: tuple[Ensemble, Path]) -> None:
    ensemble = Ensemble.load(trained[1], device="cpu")

    class Diverged(Ensemble):
        def weights(self, member: int) -> Any:
            theta, psi = super().weights(member)
            return [theta[0] * float("nan"), *theta[1:]], psi

    ensemble.__class__ = Diverged
    with pytest.raises(BadData, match="diverged"):
        subject(ensemble, 0)
