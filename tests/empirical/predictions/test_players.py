"""GANs of known equilibrium, and their spectra."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from symgan.empirical.bridge.fields import flatten, gradient
from symgan.empirical.predictions.jacobian import moving, threshold
from symgan.empirical.predictions.players import (
    GANS,
    Members,
    at_rest,
    member_norms,
    moved,
    random_directions,
)
from symgan.empirical.spectra.blocks import actual
from symgan.empirical.spectra.multipliers import derive
from symgan.empirical.spectra.operator import GameJacobian
from symgan.errors import BadData, UnknownName


def pushed(network: str, loss: str, size: float = 0.1) -> Members:
    rest = at_rest(network, loss, [0, 1, 2])
    return moved(rest, random_directions(rest, [0, 1, 2]), size)


@pytest.mark.parametrize("loss", GANS)
@pytest.mark.parametrize("network", ["line", "plane", "shallow", "deep"])
def test_the_equilibrium_is_one_and_nothing_close_by(network: str, loss: str) -> None:
    rest = at_rest(network, loss, [0, 1, 2])
    assert float(flatten(gradient(rest, rest.parameters)).abs().max()) < 1e-14
    near = pushed(network, loss)
    assert float(member_norms(gradient(near, near.parameters)).min()) > 1e-6


@pytest.mark.parametrize("rule", ["simultaneous", "alternating", "extragradient"])
def test_members_move_as_they_would_alone_with_a_step_of_their_own(rule: str) -> None:
    together = pushed("shallow", "wasserstein+r1")
    alone = together.one(1)
    together.steps = torch.tensor([0.1, 0.02, 0.0], dtype=torch.float64).expand(2, 3)
    before = [w[2].clone() for own in together.parameters for w in own]
    for players, eta in ((together, 1.0), (alone, 0.02)):
        update = actual(rule, players, eta, {})
        for _ in range(3):
            update.step()
    flat = [w for own in together.parameters for w in own]
    single = [w for own in alone.parameters for w in own]
    assert all(torch.allclose(a[1], b[0], rtol=1e-12, atol=1e-14)
               for a, b in zip(flat, single, strict=True))  # fmt: skip
    assert not any(torch.equal(a[0], b[0]) for a, b in zip(flat, single, strict=True))
    assert all(torch.equal(a[2], b) for a, b in zip(flat, before, strict=True))


@pytest.mark.parametrize("loss", GANS)
def test_all_moving_eigenvalues_are_found(loss: str) -> None:
    one = at_rest("shallow", loss, [3]).one(0)
    whole = np.linalg.eigvals(GameJacobian(one).dense().astype(float))
    found = moving(one).eigenvalues
    kept = whole[np.argsort(-np.abs(whole))][: len(found)]
    assert np.abs(np.sort_complex(found.round(9)) - np.sort_complex(kept.round(9))).max() < 1e-7
    assert np.abs(whole[np.argsort(-np.abs(whole))][len(found) :]).max(initial=0) < 1e-6


def test_with_the_wasserstein_loss_networks_are_bilinear_there() -> None:
    def own(loss: str) -> float:
        found = moving(at_rest("deep", loss, [0]))
        g = found.sizes[0]
        blocks = found.matrix[:g, :g], found.matrix[g:, g:]
        cross = found.matrix[:g, g:] + found.matrix[g:, :g].T
        return max(float(np.abs(b).max()) for b in (*blocks, cross)) / found.largest

    assert own("wasserstein") < 1e-12
    assert own("wasserstein+r1") > 1e-2


def test_thresholds_from_eigenvalues_are_the_toy_games() -> None:
    found = moving(at_rest("shallow", "wasserstein", [5]))
    assert threshold(found, derive("extragradient")).step == pytest.approx(1 / found.largest)
    assert threshold(found, derive("simultaneous")).step == 0
    regular = moving(at_rest("shallow", "wasserstein+r1", [5]))
    values = regular.eigenvalues
    exact = (2 * values.real / np.abs(values) ** 2).min()  # where |1 - eta lambda| is 1
    assert threshold(regular, derive("simultaneous")).step == pytest.approx(exact)


def test_what_is_no_equilibrium_is_refused() -> None:
    with pytest.raises(BadData, match="not at rest"):
        moving(pushed("shallow", "bce").one(0))
    with pytest.raises(BadData, match="give one"):
        moving(at_rest("line", "bce", [0, 1]))
    with pytest.raises(UnknownName, match="line, plane, shallow, deep"):
        at_rest("wide", "bce", [0])
    with pytest.raises(UnknownName, match="unknown loss"):
        at_rest("line", "hinge", [0])
