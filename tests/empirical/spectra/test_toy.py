"""Exact spectra of toy games, and figures that hold networks against them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp
import torch
from torch import Tensor

from symgan.cli.diagnose_beside import RULES, boundaries, derived
from symgan.empirical.bridge import TorchGame
from symgan.empirical.bridge.players import Parameters
from symgan.empirical.ensemble.ensemble import Ensemble
from symgan.empirical.ensemble.settings import Member, Settings
from symgan.empirical.spectra import GameJacobian, eigenvalues
from symgan.empirical.spectra.checkpoint import before_training, players_from_checkpoint
from symgan.empirical.spectra.toy import exact_eigenvalues, numbers
from symgan.errors import BadData, GameError
from symgan.games.dirac import dirac
from symgan.games.quadratic import quadratic
from symgan.losses import jensen_shannon
from symgan.regularizers import named
from symgan.report.figures import save
from symgan.report.spectra import Side, spectra_beside
from tests.empirical.spectra.test_multipliers import distance

R1 = named("r1")(dirac(jensen_shannon), sp.Rational(1, 3))
GAMES = [dirac(jensen_shannon), R1, quadratic(2, 3, 5)]


def network(game: Any) -> TorchGame:
    """The game as players in torch, at its equilibrium: what is measured as a network is."""
    return TorchGame(game, dict(game.equilibrium))


class Turned:
    """The same players, of whom the second ascends what it should descend."""

    def __init__(self, players: TorchGame) -> None:
        self.players, self.parameters = players, players.parameters

    def losses(self, parameters: Parameters, batch: Any = None) -> tuple[Tensor, ...]:
        first, second = self.players.losses(parameters, batch)
        return first, -second


@pytest.mark.parametrize("game", GAMES, ids=["dirac", "dirac with R1", "quadratic"])
def test_measured_eigenvalues_are_the_exact_ones_and_not_those_of_a_wrong_sign(game: Any) -> None:
    exact = numbers(exact_eigenvalues(game))
    measured = eigenvalues(GameJacobian(network(game))).array
    assert distance(measured, exact) < 1e-14
    assert distance(measured, -exact) > 0.1 or np.abs(exact.real).max() == 0
    wrong: Any = Turned(network(game))
    assert distance(eigenvalues(GameJacobian(wrong)).array, exact) > 0.1


def test_eigenvalues_are_exact_and_counted() -> None:
    assert exact_eigenvalues(dirac(jensen_shannon)) == (-sp.I / 2, sp.I / 2)
    x, y = sp.symbols("x y", real=True)
    from symgan.game import zero_sum

    flat = zero_sum((x**2 - y**2) / 2, minimize=x, maximize=y, equilibrium={x: 0, y: 0})
    assert exact_eigenvalues(flat) == (1, 1)


def test_games_without_what_is_needed_are_refused() -> None:
    a, x, y = sp.symbols("a x y", real=True)
    from symgan.game import zero_sum

    game = zero_sum(a * x * y, minimize=x, maximize=y, parameters=(a,), name="g")
    with pytest.raises(GameError, match="g declares no equilibrium"):
        exact_eigenvalues(game)
    placed = zero_sum(
        a * x * y, minimize=x, maximize=y, parameters=(a,), name="g", equilibrium={x: 0, y: 0}
    )
    with pytest.raises(GameError, match="g needs a number for a: --set a="):
        exact_eigenvalues(placed)
    assert exact_eigenvalues(placed, {a: sp.Integer(3)}) == (-3 * sp.I, 3 * sp.I)


def test_a_figure_shows_every_spectrum_over_its_largest_modulus() -> None:
    sides = [Side("network", np.array([4.0 + 0j, 2j, -2j])), Side("toy", np.array([1j, -1j]), True)]
    figure = spectra_beside(sides, boundaries(), title="t")
    network, toy = (next(x for x in ax.lines if str(x.get_marker()) in "oD") for ax in figure.axes)
    assert np.asarray(network.get_xdata()).tolist() == [1.0, 0.0, 0.0]
    assert np.asarray(network.get_ydata()).tolist() == [0.0, 0.5, -0.5]
    assert np.asarray(toy.get_ydata()).tolist() == [1.0, -1.0]
    assert (network.get_label(), toy.get_label()) == ("measured", "exact")
    assert figure.axes[0].get_title(loc="left").endswith("3 eigenvalues, largest modulus 4")
    with pytest.raises(BadData, match="still: no eigenvalue other than 0"):
        spectra_beside([Side("still", np.zeros(2, complex))], boundaries())
    with pytest.raises(BadData, match="one spectrum and one region"):
        spectra_beside([], boundaries())


def test_thousands_of_eigenvalues_leave_a_vector_file_small(tmp_path: Path) -> None:
    values = np.exp(1j * np.linspace(0, 6, 5000))
    save(spectra_beside([Side("many", values)], boundaries()), tmp_path / "many.svg")
    save(spectra_beside([Side("few", values[::50])], boundaries()), tmp_path / "few.svg")
    assert (tmp_path / "many.svg").stat().st_size < 200_000
    assert "<image" in (tmp_path / "many.svg").read_text()
    assert "<image" not in (tmp_path / "few.svg").read_text()


def test_boundaries_are_those_of_the_rules() -> None:
    """At step one simultaneous descent is stable in the disk about 1, and on no imaginary one."""
    found = dict(zip(RULES, boundaries(), strict=True))
    plain, extra = found["simultaneous"], found["extragradient"]
    plane = plain.real[None, :] + 1j * plain.imaginary[:, None]
    assert np.allclose(plain.radius, np.abs(1 - plane), rtol=1e-13)
    assert np.allclose(extra.radius, np.abs(1 - plane + plane**2), rtol=1e-12)
    turning = (np.abs(plane.real) < 0.02) & (np.abs(plane.imag) > 0.2) & (np.abs(plane.imag) < 0.9)
    assert plain.radius[turning].min() > 1 > extra.radius[turning].max()


def test_a_toy_is_what_was_typed() -> None:
    toy = derived("dirac", "jensen-shannon", "r1", ("gamma=1/3",))
    assert toy.name == "dirac, jensen-shannon, r1, gamma=1/3"
    assert toy.eigenvalues == exact_eigenvalues(R1)
    with pytest.raises(GameError, match="gamma"):
        derived("dirac", "jensen-shannon", "r1", ())


def test_before_training_is_the_start_of_the_same_member(tmp_path: Path) -> None:
    members = [Member("unsat-bce", data, "sim", 3) for data in ("ring", "line")]
    ensemble = Ensemble(members, Settings(latent=2, hidden=(3,), batch=16), device="cpu")
    wanted = [[w.clone() for w in own] for own in ensemble.weights(1)]
    ensemble.run(until=5)
    ensemble.save(tmp_path / "run.pt")
    first = before_training(tmp_path / "run.pt", 1, samples=8)
    later = players_from_checkpoint(tmp_path / "run.pt", 1, samples=8)
    for own, others, trained in zip(
        first.players.parameters, wanted, later.players.parameters, strict=True
    ):
        for tensor, other, moved in zip(own, others, trained, strict=True):
            assert torch.equal(tensor.detach(), other.double())
            assert not torch.equal(tensor, moved)
    assert torch.equal(first.batch.real, later.batch.real)
    assert first.title.endswith("iteration 0")
    with pytest.raises(BadData, match="members 0 to 1"):
        before_training(tmp_path / "run.pt", 2)
