"""The key lemma against eigenvalues in 60 digits, and its pieces against their definitions."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp
from sympy import Integer, Matrix, Rational

from symgan.analysis.block_identities import equal, key_identities, statements, symbolic_blocks
from symgan.analysis.block_jacobian import (
    block_matrix,
    epsilon_bound,
    explicit,
    hurwitz_weights,
    key_lemma,
    safe_epsilon,
    shear,
)
from symgan.analysis.block_numeric import key_lemma_numeric
from symgan.analysis.lyapunov_matrix import check_quadratic, solve_quadratic, unobservable
from symgan.errors import GameError, Undecided
from symgan.game import zero_sum

ON_AXIS = mp.mpf(10) ** -20
"""At 60 digits a fourfold eigenvalue moves by 1e-15 only if it is defective; those on the axis are
semisimple, and the others are roots of polynomials with small rational coefficients."""
small = st.integers(-2, 2).map(Integer)
weights = st.sampled_from([Integer(0), Rational(1, 100), Rational(1, 2), Integer(50)])


def eigenvalues(M: Matrix) -> list:
    with mp.workdps(60):
        values = mp.matrix([[mp.mpf(int(e.p)) / int(e.q) for e in row] for row in M.tolist()])
        return list(mp.eig(values, left=False, right=False)) if M.rows > 1 else [values[0, 0]]


@st.composite
def blocks(draw: st.DrawFn) -> tuple[Matrix, Matrix, sp.Rational]:
    """Q = B B^T plus a skew part, often singular; P of any rank, m up to n + 1."""
    n = draw(st.integers(1, 3))
    m = draw(st.integers(1, min(3, n + 1)))
    B = Matrix(n, draw(st.integers(1, n)), lambda i, j: draw(small))
    skew = Matrix(n, n, lambda i, j: draw(small) if draw(st.booleans()) else 0)
    P = Matrix(n, m, lambda i, j: draw(small))
    return B * B.T + skew - skew.T, P, draw(weights)


@given(blocks())
@settings(max_examples=60, deadline=None)
def test_verdict_and_multiplicities_agree_with_eigenvalues(case) -> None:
    Q, P, gamma = case
    found = key_lemma(Q, P, gamma)
    with mp.workdps(60):
        values = eigenvalues(block_matrix(Q, P, gamma))
        assert all(mp.re(v) < ON_AXIS for v in values)
        assert sum(abs(mp.re(v)) < ON_AXIS for v in values) == found.imaginary
        assert sum(abs(v) < ON_AXIS for v in values) == found.zeros
    assert found.hurwitz == (found.imaginary == 0)
    assert (found.certificate is not None) == found.hurwitz


@given(blocks())
@settings(max_examples=40, deadline=None)
def test_certificates_and_axis_are_what_they_say(case) -> None:
    Q, P, gamma = case
    found = key_lemma(Q, P, gamma)
    M = found.matrix
    for z in found.axis:  # invariant: M z stays in the span
        span = Matrix.hstack(*found.axis)
        assert Matrix.hstack(span, M * z).rank() == span.rank() == found.imaginary
    parts = [found.certificate] if found.certificate else []
    for part in parts:
        assert part.R == -(part.S * M + M.T * part.S)
        assert part.S.is_positive_definite
        assert part.R.is_positive_definite


@given(blocks(), st.sampled_from([Rational(1, 1000), Integer(3), Integer(10**6)]))
@settings(max_examples=40, deadline=None)
def test_any_positive_weight_does_where_any_does(case, gamma) -> None:
    r"""For symmetric Q: Hurwitz iff ker P = 0 and ker Q, ker P^T meet in 0, at every weight."""
    Q, P, _ = case
    S = (Q + Q.T) / 2
    expected = P.rank() == P.cols and Matrix.vstack(S, P.T).rank() == P.rows
    assert key_lemma(S, P, gamma).hurwitz == expected


def test_the_block_matrix_is_the_jacobian_of_the_regularized_flow() -> None:
    d, e, g = sp.symbols("d e g", real=True)
    gamma = sp.Symbol("gamma", positive=True)
    Q, P = Matrix([[2, 1], [1, 3]]), Matrix([[1], [-2]])
    u = Matrix([d, e])
    V = -(u.T * Q * u)[0] / 2 + (u.T * P)[0] * g
    ascent = Matrix([sp.diff(V, s) for s in (d, e)])
    descent = -sp.diff(V, g) - gamma * sp.diff((ascent.T * ascent)[0], g)
    J = Matrix([*ascent, descent]).jacobian([d, e, g])
    assert (J - block_matrix(Q, P, gamma)).expand() == sp.zeros(3, 3)
    assert zero_sum(V, minimize=g, maximize=(d, e)).v[0] == sp.diff(V, g)


def test_no_column_rank_gives_as_many_zeros_as_the_kernel_has_dimensions() -> None:
    for columns, lost in (([[1, 2], [2, 4]], 1), ([[0, 0], [0, 0]], 2), ([[1, 0], [0, 1]], 0)):
        found = key_lemma(sp.eye(2), Matrix(columns))
        assert (found.imaginary, found.zeros) == (lost, lost)


def test_without_curvature_the_wasserstein_gan_turns() -> None:
    P = Matrix([[3, 0], [0, 4], [0, 0]])
    found = key_lemma(sp.zeros(3, 3), P)
    assert (found.imaginary, found.zeros) == (5, 1)
    roots = sp.roots(found.matrix.charpoly().as_expr())
    assert roots == {0: 1, 3 * sp.I: 1, -3 * sp.I: 1, 4 * sp.I: 1, -4 * sp.I: 1}
    damped = key_lemma(sp.zeros(3, 3), P, Rational(1, 10))
    assert (damped.imaginary, damped.zeros) == (1, 1)  # the third direction of D stays flat
    assert key_lemma(sp.zeros(2, 2), P[:2, :], Rational(1, 10)).hurwitz


def test_semidefinite_curvature_must_see_every_eigenvector_of_the_coupling() -> None:
    Q = sp.diag(1, 0)
    seen = key_lemma(Q, Matrix([[1, 1], [1, 2]]))
    assert seen.hurwitz
    assert seen.certificate is not None
    hidden = key_lemma(Q, Matrix([[1, 0], [0, 2]]))
    assert (hidden.hurwitz, hidden.imaginary, hidden.zeros) == (False, 2, 0)
    assert {z[1] for z in hidden.axis} | {z[3] for z in hidden.axis} == {0, 1}


def test_a_weight_beyond_the_bound_of_the_paper_is_fine() -> None:
    r"""The paper asks for :math:`\gamma < 1/(2\lambda_{\max}(Q))`; here that is 1/4."""
    for gamma in (Rational(1, 5), Rational(1, 4), Integer(1), Integer(10**4)):
        assert key_lemma([[2]], [[1]], gamma).hurwitz


@given(blocks(), st.sampled_from([Rational(-1, 3), Integer(-2), Rational(1, 7), Integer(9)]))
@settings(max_examples=25, deadline=None)
def test_the_condition_on_the_weight_holds_for_negative_ones_too(case, value) -> None:
    Q, P, _ = case
    weight = sp.Symbol("gamma", real=True)
    with mp.workdps(60):
        values = eigenvalues(block_matrix(Q, P, value))
        expected = max(mp.re(v) for v in values) < -ON_AXIS
    assert bool(hurwitz_weights(Q, P, weight).subs(weight, value)) == expected


@given(st.integers(0, 10**6))
@settings(max_examples=12, deadline=None)
def test_the_range_of_epsilon_is_exact(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, m = (int(k) for k in rng.choice([(1, 1), (2, 1), (2, 2)]))
    B, W = (Matrix(rng.integers(-2, 3, size=(n, n))) for _ in range(2))
    A = B * B.T + sp.eye(n) + W - W.T
    P = Matrix(rng.integers(-2, 3, size=(n, m))) + 5 * sp.eye(n)[:, :m]  # full column rank
    M, bound = block_matrix(A, P), epsilon_bound(A, P)
    assert 0 < safe_epsilon(A, P) < bound
    inside, beyond = (Rational(str(sp.N(bound, 30))) * f for f in (1 - SLIGHT, 1 + SLIGHT))
    check_quadratic(M, explicit(A, P, 0, inside))
    for epsilon in (beyond, Integer(0), -inside):
        with pytest.raises(Undecided):
            check_quadratic(M, explicit(A, P, 0, epsilon))


SLIGHT = Rational(1, 10**6)


@pytest.mark.parametrize("shape", [(1, 1), (2, 1), (2, 2), (3, 1), (3, 2), (3, 3)])
@pytest.mark.parametrize("symmetric", [False, True])
def test_all_identities_hold(shape: tuple[int, int], symmetric: bool) -> None:
    found = key_identities(*shape, symmetric=symmetric)
    names = "dissipation observability gram kernel lyapunov schur similarity center"
    assert [e.name for e in found] == names.split()
    assert all(e.holds for e in found)


def test_wrong_identities_are_rejected() -> None:
    b = symbolic_blocks(2, 1)
    for name, left, right in statements(b):
        assert equal(left, right), name
        assert not equal(left, -right), name
        bumped = right.copy()
        bumped[0, 0] += b.Q[0, 0]
        assert not equal(left, bumped), name
    right = {name: right for name, _, right in statements(b)}["similarity"]
    assert equal(shear(b.P, b.gamma) * block_matrix(b.Q, b.P, b.gamma), right)
    assert not equal(shear(b.P, b.gamma) * block_matrix(b.Q, b.P, 2 * b.gamma), right)
    assert not equal(shear(b.P, -b.gamma) * block_matrix(b.Q, b.P, b.gamma), right)


def test_identities_refuse_other_sizes() -> None:
    for n, m in ((1, 2), (4, 1), (2, 0)):
        with pytest.raises(GameError, match="expanded for"):
            key_identities(n, m)


def test_refusals() -> None:
    with pytest.raises(GameError, match="says nothing"):
        key_lemma([[-1]], [[1]])
    with pytest.raises(GameError, match="not rational"):
        key_lemma([[sp.sqrt(2)]], [[1]])
    with pytest.raises(GameError, match="not rational"):
        key_lemma([[0.5]], [[1]])
    with pytest.raises(GameError, match="shape"):
        key_lemma([[1]], [[1], [2]])
    with pytest.raises(GameError, match="full column rank"):
        epsilon_bound([[1]], [[1, 2]])


def test_a_lyapunov_equation_is_solved_and_a_wrong_matrix_named() -> None:
    M = Matrix([[-1, 2], [-2, 0]])
    S = solve_quadratic(M)
    assert -sp.eye(2) == S * M + M.T * S
    with pytest.raises(Undecided, match="of R"):
        check_quadratic(M, sp.eye(2))
    with pytest.raises(GameError, match="add up to zero"):
        solve_quadratic(Matrix([[0, 1], [-1, 0]]))


def test_unobservable_subspace_is_the_largest_invariant_one_in_the_kernel() -> None:
    C = Matrix([[1, 0, 0, 0]])
    K = Matrix([[0, 1, 0, 0], [-1, 0, 0, 0], [0, 0, 0, 2], [0, 0, -2, 0]])
    basis = Matrix.hstack(*unobservable(C, K))
    assert basis.rank() == 2
    assert basis[:2, :] == sp.zeros(2, 2)
    joined = K.copy()
    joined[1, 2], joined[2, 1] = 1, -1
    assert unobservable(C, joined) == []


@pytest.mark.parametrize("gamma", [0.0, 0.3])
def test_numeric_certificate_agrees_with_computed_eigenvalues(gamma: float) -> None:
    rng = np.random.default_rng(7)
    for n, m in ((1, 1), (5, 3), (40, 40), (60, 20)):
        B = rng.normal(size=(n, n))
        found = key_lemma_numeric(B @ B.T / n + 0.1 * np.eye(n), rng.normal(size=(n, m)), gamma)
        assert found.certified
        assert found.abscissa < 0


def test_numeric_certificate_of_size_500() -> None:
    rng = np.random.default_rng(1)
    B, P = rng.normal(size=(2, 500, 500))
    found = key_lemma_numeric(B @ B.T / 500 + 0.1 * np.eye(500), P, eigenvalues=False)
    assert found.certified
    assert found.margin > 0
    assert np.isnan(found.abscissa)


def test_numeric_certificate_is_withheld_where_the_lemma_fails() -> None:
    rng = np.random.default_rng(3)
    Q, P = np.eye(6), rng.normal(size=(6, 4))
    assert key_lemma_numeric(Q, P).certified
    P[:, 3] = P[:, 0] + P[:, 1]  # rank 3
    assert not key_lemma_numeric(Q, P).certified
    Q[5, 5] = 0.0
    assert not key_lemma_numeric(Q, rng.normal(size=(6, 4))).certified
    with pytest.raises(GameError, match="not finite"):
        key_lemma_numeric([[np.nan]], [[1.0]])
    with pytest.raises(GameError, match="shapes"):
        key_lemma_numeric([[1.0]], [[1.0], [1.0]])
