"""Eigenvalues of the game Jacobian: against exact spectra, matrices, and each other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy as sp
import torch

from symgan.analysis import spectrum
from symgan.empirical.bridge import TorchGame
from symgan.empirical.spectra import GameJacobian, eigenvalues
from symgan.empirical.spectra.blocks import LinearPlayers
from symgan.empirical.spectra.eigenvalues import ENDS
from symgan.errors import BadData
from symgan.games.dirac import dirac
from symgan.games.quadratic import bilinear, quadratic
from symgan.losses import jensen_shannon
from tests.empirical.spectra.test_multipliers import distance
from tests.empirical.spectra.tiny import TinyGan


def linear(matrix: Any, sizes: tuple[int, ...]) -> LinearPlayers:
    matrix = np.array(matrix, dtype=float)
    return LinearPlayers.of(matrix, sizes, np.zeros((len(matrix), 1)))


def random_game(seed: int, n: int = 40) -> np.ndarray[Any, Any]:
    """A matrix with symmetric diagonal blocks of half the size."""
    whole = np.random.default_rng(seed).standard_normal((n, n))
    for own in (slice(0, n // 2), slice(n // 2, n)):
        whole[own, own] = (whole[own, own] + whole[own, own].T) / 2
    return whole


@pytest.mark.parametrize("game", [bilinear(), quadratic(2, 3, 5), dirac(loss=jensen_shannon)])
def test_eigenvalues_of_toy_games_are_the_exact_ones(game: Any) -> None:
    rest = dict(game.equilibrium)
    numbers = {**rest, **{p: sp.Integer(1) for p in game.parameters}}
    exact = spectrum(game.flow().subs(dict.fromkeys(game.parameters, 1)), at=rest).eigenvalues
    wanted = np.array([-complex(value) for value, m in exact for _ in range(m)])  # the flow has -J
    found = eigenvalues(GameJacobian(TorchGame(game, numbers)))
    assert found.complete
    assert found.converged
    assert distance(found.array, wanted) < 1e-14


@pytest.mark.parametrize("seed", range(3))
def test_the_ends_of_a_spectrum_are_those_of_the_matrix(seed: int) -> None:
    matrix = random_game(seed)
    every = np.linalg.eigvals(matrix)
    found = eigenvalues(GameJacobian(linear(matrix, (20, 20))), count=3, dense=0)
    assert found.converged
    assert not found.complete
    keys = {"LM": np.abs(every), "LR": every.real, "SR": -every.real, "LI": np.abs(every.imag)}
    wanted = {complex(np.round(every[k], 9)) for end in ENDS for k in np.argsort(-keys[end])[:3]}
    known = np.array([e.value for e in found.values])
    for value in wanted:
        # Eigenvalues of random matrices have condition numbers of about 10.
        assert np.abs(known - value).min() < 1e-8
    for e in found.values:
        assert np.abs(every - e.value).min() <= 100 * e.error


def test_a_network_without_a_matrix_agrees_with_the_matrix() -> None:
    J = GameJacobian(TinyGan(2, 0.01))
    every, ends = eigenvalues(J), eigenvalues(J, count=2, dense=0)
    assert every.complete
    assert ends.converged
    for e in ends.values:
        assert np.abs(every.array - e.value).min() < 1e-11
    largest = max(abs(v) for v in every.array)
    assert abs(ends.values[0].value) == pytest.approx(largest, rel=1e-11)


@pytest.mark.parametrize("dense", [600, 0])
def test_error_estimates_grow_with_the_condition(dense: int) -> None:
    far = 1e5
    matrix = np.diag(np.arange(1.0, 31.0))
    matrix[29, 28] = matrix[28, 29] = 0  # 29 and 30 are joined across the players alone
    order = [*range(0, 29), 29]
    matrix[28, 29] = far
    found = eigenvalues(GameJacobian(linear(matrix[np.ix_(order, order)], (29, 1))), count=2,
                        ends=("LM",), dense=dense)  # fmt: skip
    top = found.values[0]
    assert top.condition == pytest.approx(np.hypot(1, far), rel=1e-4)
    assert abs(top.value - 30) <= 10 * top.error
    assert top.error > 1e-11  # well above the rounding of the eigenvalue itself
    small = min(found.values, key=lambda e: e.value.real)
    assert small.condition < 1.01 or dense == 0


def test_conjugates_and_multiple_eigenvalues_are_counted() -> None:
    turn = np.kron(np.eye(2), [[1.0, -2.0], [2.0, 1.0]])  # a double pair
    matrix = np.zeros((12, 12))
    matrix[:4, :4] = turn[np.ix_([0, 2, 1, 3], [0, 2, 1, 3])]
    matrix[4:, 4:] = np.diag([0.5, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0, 0.0])
    order = [0, 1, 4, 5, 6, 7, 2, 3, 8, 9, 10, 11]
    J = GameJacobian(linear(matrix[np.ix_(order, order)], (6, 6)))
    found = eigenvalues(J)
    assert sum(np.isclose(found.array, 1 + 2j)) == sum(np.isclose(found.array, 1 - 2j)) == 2
    assert sum(e.is_zero for e in found.values) == 2


def test_what_does_not_converge_is_said() -> None:
    J = GameJacobian(linear(random_game(0, 200), (100, 100)))
    found = eigenvalues(J, count=4, dense=0, products=20)
    assert not found.converged
    assert all("within" in s.reason for s in found.searches if not s.converged)
    late = eigenvalues(J, count=4, dense=0, seconds=0.0)
    assert late.values == ()
    assert {s.reason for s in late.searches} == {
        "nothing converged within the time or the number of products"
    }


class Drifting(GameJacobian):
    """Products that change while the search goes on: no residual can be small."""

    def matvec(self, u: Any) -> Any:
        return super().matvec(u) * (1 + 0.3 * np.sin(self.products))


def test_eigenpairs_that_fail_their_check_are_rejected() -> None:
    found = eigenvalues(Drifting(linear(random_game(1), (20, 20))), count=3, dense=0)
    assert found.values == ()
    assert not found.converged
    assert all(s.rejected or s.reason for s in found.searches)


def test_a_matrix_is_written_out_on_one_thread_and_the_others_come_back() -> None:
    seen: set[int] = set()

    class Counting(GameJacobian):
        def matvec(self, u: Any) -> Any:
            seen.add(torch.get_num_threads())
            return super().matvec(u)

    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        J = Counting(linear(random_game(4), (20, 20)))
        eigenvalues(J)
        assert (seen, torch.get_num_threads()) == ({1}, 2)
        eigenvalues(J, count=1, ends=("LM",), dense=0)  # large ones keep what was set
        assert seen == {1, 2}
    finally:
        torch.set_num_threads(before)


def test_without_a_left_eigenvector_the_error_is_not_known() -> None:
    class OneSided(GameJacobian):
        def rmatvec(self, u: Any) -> Any:
            return np.cos(self.products) * super().rmatvec(u)

    found = eigenvalues(OneSided(linear(random_game(2), (20, 20))), count=2, ends=("LM",), dense=0)
    assert found.values
    assert all(np.isnan(e.error) or e.condition > 1 for e in found.values)
    assert any(np.isnan(e.error) for e in found.values)


def test_equal_seeds_give_equal_results() -> None:
    J = GameJacobian(linear(random_game(3), (20, 20)))
    first, second = (eigenvalues(J, count=2, dense=0, seed=4) for _ in range(2))
    assert first.values == second.values


@pytest.mark.parametrize("wrong", [{"ends": ("SM",)}, {"count": 0}])
def test_wrong_requests_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadData, match="choose of"):
        eigenvalues(GameJacobian(TorchGame(bilinear(), {"theta": 0, "psi": 0})), **wrong)
