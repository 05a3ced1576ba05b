"""The solvers, on systems whose solutions are known, and what they say where they fail."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from symgan.empirical.bridge.krylov import Solver, cgls, gmres
from symgan.empirical.bridge.newton import newton

UNIT = 2.0**-52


def _matrix(seed: int, n: int) -> Tensor:
    draw = torch.Generator().manual_seed(seed)
    return torch.randn(n, n, generator=draw, dtype=torch.float64)


seeds = st.integers(0, 10**6)
sizes = st.sampled_from([1, 2, 3, 5, 17, 60])


@settings(max_examples=25)
@given(seeds, sizes)
def test_gmres_solves(seed: int, n: int) -> None:
    """The forward error is within the condition number times what is left."""
    A = torch.eye(n, dtype=torch.float64) * 3 + _matrix(seed, n) / n**0.5
    y, report = gmres(lambda u: A @ u, b := _matrix(seed + 1, n)[0], Solver())
    exact = torch.linalg.solve(A, b)
    assert report.converged
    assert report.residual == pytest.approx(float((b - A @ y).norm() / b.norm()), abs=4 * UNIT)
    condition = float(torch.linalg.cond(A))
    assert float((y - exact).norm() / exact.norm()) <= condition * (report.residual + 8 * n * UNIT)


def test_gmres_of_the_transpose_is_another_solution() -> None:
    A, b = torch.eye(5, dtype=torch.float64) * 3 + _matrix(3, 5), _matrix(4, 5)[0]
    right, _ = gmres(lambda u: A @ u, b, Solver())
    wrong, _ = gmres(lambda u: A.T @ u, b, Solver())
    assert float((b - A @ right).norm()) < 1e-13 < 1e-3 < float((b - A @ wrong).norm())


@settings(max_examples=25)
@given(seeds, sizes, st.sampled_from([0.0, 1e-6, 0.5]))
def test_conjugate_gradients_solve_the_normal_equations(seed: int, n: int, lam: float) -> None:
    J = torch.eye(n, dtype=torch.float64) * 3 + _matrix(seed, n) / n**0.5
    b = _matrix(seed + 1, n)[0]
    y, report = cgls(lambda u: J @ u, lambda u: J.T @ u, b, lam, Solver())
    G = J.T @ J + lam * torch.eye(n, dtype=torch.float64)
    exact = torch.linalg.solve(G, J.T @ b)
    condition = float(torch.linalg.cond(G))
    assert report.converged
    assert float((y - exact).norm() / exact.norm()) <= condition * (report.residual + 8 * n * UNIT)


def test_singular_least_squares_have_the_solution_of_least_norm() -> None:
    J = torch.tensor([[1.0, 1.0], [2.0, 2.0]], dtype=torch.float64)
    b = torch.tensor([5.0, 0.0], dtype=torch.float64)
    y, report = cgls(lambda u: J @ u, lambda u: J.T @ u, b, 0.0, Solver())
    assert report.converged
    assert torch.allclose(y, torch.linalg.pinv(J) @ b, rtol=1e-14, atol=0)


def test_a_singular_system_is_reported() -> None:
    A = torch.tensor([[1.0, 1.0], [2.0, 2.0]], dtype=torch.float64)
    b = torch.tensor([1.0, 0.0], dtype=torch.float64)
    _, report = gmres(lambda u: A @ u, b, Solver())
    assert not report.converged
    assert report.residual == pytest.approx(2 / 5**0.5)  # the part of b that A does not reach


@pytest.mark.parametrize("most", [3, 11])
def test_the_budget_is_kept(most: int) -> None:
    A = torch.diag(torch.linspace(1, 100, 60, dtype=torch.float64))
    made: list[int] = []

    def product(u: Tensor) -> Tensor:
        made.append(1)
        return A @ u

    _, report = gmres(product, torch.ones(60, dtype=torch.float64), Solver(most=most))
    assert not report.converged
    assert report.products == len(made) <= max(most, 3)  # the least there is
    made.clear()
    _, report = cgls(product, product, torch.ones(60, dtype=torch.float64), 0.0, Solver(most=most))
    assert not report.converged
    assert report.products == len(made) <= max(most, 7)


def test_a_looser_tolerance_takes_fewer_products() -> None:
    A = torch.diag(torch.linspace(1, 30, 60, dtype=torch.float64))
    b = torch.ones(60, dtype=torch.float64)
    loose = gmres(lambda u: A @ u, b, Solver(rtol=1e-3))[1]
    tight = gmres(lambda u: A @ u, b, Solver())[1]
    assert loose.products < tight.products
    assert 1e-3 >= loose.residual > tight.residual


def test_restarts_reach_the_same_solution() -> None:
    A = torch.eye(40, dtype=torch.float64) * 8 + _matrix(5, 40)
    b = _matrix(6, 40)[0]
    whole = gmres(lambda u: A @ u, b, Solver())[0]
    pieces, report = gmres(lambda u: A @ u, b, Solver(restart=15))
    assert report.converged
    assert float((whole - pieces).norm() / whole.norm()) < 1e-13


def test_nothing_to_solve() -> None:
    zero = torch.zeros(3, dtype=torch.float64)
    assert gmres(lambda u: u, zero, Solver())[1].converged
    assert cgls(lambda u: u, lambda u: u, zero, 0.0, Solver())[1].converged
    assert not gmres(lambda u: u, zero * torch.nan, Solver())[1].converged


def test_newton_finds_a_root_and_says_where_there_is_none() -> None:
    def root(shift: float):
        return lambda y: (y**2 + shift, lambda u, y=y: 2 * y * u, 1.0)

    start = torch.tensor([3.0, 0.5], dtype=torch.float64)
    y, report = newton(root(-2.0), start, Solver())
    assert report.converged
    assert torch.allclose(y, torch.full_like(y, 2**0.5), rtol=1e-15, atol=0)
    assert not newton(root(2.0), start, Solver())[1].converged
