"""Second moments against a series, a simulation, and a second condition of stability."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sympy import Matrix, Rational

from symgan.analysis.mean_square import mean_square_bound, second_moment, stationary_covariance
from symgan.analysis.noisy_descent import minibatch, noisy_descent
from symgan.errors import GameError, Undecided
from symgan.system import Map

eta, s, mu, gamma = sp.symbols("eta s mu gamma", positive=True)
TURN = Matrix([[0, -1], [1, 0]])
small = st.integers(-3, 3)


def matrices() -> st.SearchStrategy[Matrix]:
    return st.lists(small, min_size=4, max_size=4).map(lambda e: Matrix(2, 2, e) / 2)


def radius(mean: Matrix, slopes: list[Matrix], step: Any) -> float:
    """The spectral radius of E[A kron A] from its definition, in floating point."""
    A = np.eye(2) - float(step) * np.array(mean, dtype=float)
    total = np.kron(A, A)
    for M in slopes:
        B = float(step) * np.array(M, dtype=float)
        total = total + np.kron(B, B)
    return float(max(abs(np.linalg.eigvals(total))))


@settings(deadline=None, max_examples=6)
@given(matrices(), matrices(), st.sampled_from([Rational(1, 7), Rational(1, 2), Rational(3, 2)]))
def test_both_conditions_agree_with_the_full_kronecker_product(
    J: Matrix, M: Matrix, step: Any
) -> None:
    measured = radius(J, [M], step)
    assume(abs(measured - 1) > 1e-6)  # rounding of a double eigenvalue is of the order 1e-8
    fixed = second_moment(noisy_descent(J, step, multiplicative=[M]))
    assume((sp.eye(3) - fixed.operator).det() != 0)
    moment = second_moment(noisy_descent(J, eta, multiplicative=[M]))
    assert bool(moment.bound(eta).condition.subs(eta, step)) == (measured < 1)
    assert bool(fixed.condition()) == (measured < 1)


def test_the_stationary_covariance_is_the_sum_of_the_series() -> None:
    J = Matrix([[1, -1], [1, 2]])
    noisy = noisy_descent(J, Rational(1, 4), multiplicative=[TURN / 3], additive=[[1, 0], [1, 2]])
    S = stationary_covariance(noisy)
    A, B = sp.eye(2) - J / 4, TURN / 12
    Q = (Matrix([1, 0]) * Matrix([[1, 0]]) + Matrix([1, 2]) * Matrix([[1, 2]])) / 16
    term, total = Q, sp.zeros(2, 2)
    for _ in range(60):
        total += term
        term = (A * term * A.T + B * term * B.T).evalf(30)
    assert max(abs(e) for e in total.evalf(30) - S.evalf(30)) < 1e-9  # radius 0.64 to the 60th
    assert max(abs(e) for e in total.evalf(30) - 2 * S.evalf(30)) > 1e-3


def test_closed_forms() -> None:
    """Bilinear game with strong convexity mu and a random interaction of variance s^2."""
    J = Matrix([[mu, -1], [1, mu]])
    noisy = noisy_descent(J, eta, multiplicative=[s * TURN], additive=[[1, 0], [0, 1]])
    assert mean_square_bound(noisy, eta).asymptotic == sp.Interval.open(
        0, 2 * mu / (mu**2 + s**2 + 1)
    )
    S = stationary_covariance(noisy)
    assert sp.simplify(S - sp.eye(2) * eta / (2 * mu - eta * (mu**2 + s**2 + 1))) == sp.zeros(2)
    assert mean_square_bound(noisy.subs({mu: 1, s: 0}), eta).asymptotic == sp.Interval.open(0, 1)


def test_no_step_is_mean_square_stable_without_damping() -> None:
    noisy = noisy_descent(TURN, eta, additive=[[1, 0]])
    assert mean_square_bound(noisy, eta).asymptotic is sp.S.EmptySet
    assert second_moment(noisy).condition() is sp.false


def test_against_a_seeded_simulation() -> None:
    """Four standard errors: a true covariance is missed once in 5000 runs of three entries."""
    J, step, count = Matrix([[1, -1], [1, 1]]), Rational(1, 3), 40_000
    noisy = noisy_descent(J, step, multiplicative=[TURN / 2], additive=[[1, 0], [0, 2]])
    S = np.array(stationary_covariance(noisy), dtype=float)
    draw = np.random.default_rng(7)
    f = sp.lambdify((*noisy.state, *noisy.noise), noisy.rhs, "numpy")
    x = np.zeros((2, count))
    for _ in range(60):  # the second moment contracts by 0.56 a step
        x = np.stack(f(*x, *draw.standard_normal((3, count))))
    products = {(i, j): x[i] * x[j] for i in range(2) for j in range(i, 2)}
    for (i, j), values in products.items():
        error = values.std() / np.sqrt(count)
        assert abs(values.mean() - S[i, j]) < 4 * error
    assert abs((x[1] ** 2).mean() - 1.1 * S[1, 1]) > 4 * (x[1] ** 2).std() / np.sqrt(count)


@pytest.mark.parametrize(("batch", "replace"), [(1, True), (2, True), (1, False), (2, False)])
def test_minibatches_by_enumeration(batch: int, replace: bool) -> None:
    """The operator against the mean over all batches of three samples."""
    from itertools import combinations, product

    J = [Matrix([[1, -1], [1, 0]]), Matrix([[2, 0], [1, 1]]), Matrix([[0, 1], [-1, 2]])]
    v = [Matrix([1, 0]), Matrix([-2, 1]), Matrix([1, -1])]
    moment = minibatch(J, eta, fields=v, batch=batch, replace=replace)
    batches = list(product(range(3), repeat=batch) if replace else combinations(range(3), batch))
    S = Matrix([[2, 1], [1, 5]])
    image, pushed = sp.zeros(2), sp.zeros(2)
    for chosen in batches:
        A = sp.eye(2) - eta * sum((J[i] for i in chosen), sp.zeros(2)) / batch
        b = -eta * sum((v[i] for i in chosen), sp.zeros(2, 1)) / batch
        image, pushed = image + A * S * A.T, pushed + b * b.T
    found = moment.operator * Matrix([S[a, b] for a, b in moment.pairs])
    expected = Matrix([image[a, b] for a, b in moment.pairs]) / len(batches)
    assert sp.expand(found - expected) == sp.zeros(3, 1)
    assert sp.expand(moment.additive - pushed / len(batches)) == sp.zeros(2)
    assert sp.expand(2 * found - expected) != sp.zeros(3, 1)


def test_correlated_noise_counts() -> None:
    x, a, b = sp.symbols("x a b", real=True)
    noisy = Map((x,), (x - eta * (1 + a) * x - eta * b,), parameters=(eta,), noise=(a, b))
    r = sp.Symbol("r", real=True)
    C = Matrix([[1, r], [r, 4]])
    moment = second_moment(noisy, covariance=C)
    assert sp.expand(moment.operator[0] - ((1 - eta) ** 2 + eta**2)) == 0
    assert moment.additive[0] == 4 * eta**2  # the correlation r meets the mean of x, which is zero


def test_a_nonlinear_map_is_linearized_at_its_point() -> None:
    x, xi = sp.symbols("x xi", real=True)
    noisy = Map((x,), (x - eta * (1 + xi) * sp.sin(x),), parameters=(eta,), noise=(xi,))
    assert mean_square_bound(noisy, eta, {x: 0}).asymptotic == sp.Interval.open(0, 1)


def test_refusals() -> None:
    x, xi = sp.symbols("x xi", real=True)
    with pytest.raises(GameError, match="noise symbols"):
        second_moment(Map((x,), (x / 2,)))
    with pytest.raises(GameError, match="nonlinearly"):
        second_moment(Map((x,), (x * xi**2,), noise=(xi,)))
    with pytest.raises(GameError, match="not linear"):
        second_moment(Map((x,), (x**2 + xi,), noise=(xi,)))
    with pytest.raises(GameError, match="does not rest"):
        second_moment(Map((x,), (x / 2 + 1 + xi,), noise=(xi,)))
    with pytest.raises(GameError, match="symmetric"):
        second_moment(Map((x,), (x / 2 + xi,), noise=(xi,)), covariance=sp.eye(2))
    with pytest.raises(Undecided, match="eigenvalue 1"):
        stationary_covariance(Map((x,), (x + xi,), noise=(xi,)))
    with pytest.raises(GameError, match="sum to"):
        minibatch([Matrix([[1]])], eta, fields=[[1]])
    with pytest.raises(GameError, match="does not fit"):
        minibatch([Matrix([[1]])], eta, batch=2, replace=False)


def test_no_noise_has_an_indefinite_covariance() -> None:
    x, one, two = sp.symbols("x one two", real=True)
    noisy = Map((x,), (x * (1 + one + two) / 2,), noise=(one, two))
    with pytest.raises(GameError, match="positive semidefinite"):
        second_moment(noisy, covariance=Matrix([[1, -2], [-2, 1]]))
    edge = second_moment(noisy, covariance=Matrix([[1, -1], [-1, 1]]))
    assert edge.operator == Matrix([[Rational(1, 4)]])
