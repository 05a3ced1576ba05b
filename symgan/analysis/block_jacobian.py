r"""The key lemma: block Jacobians of GANs at a realizable equilibrium, with certificates.

Let d and g be the deviations of the discriminator (n parameters, ascends V) and the generator
(m parameters, descends V). With :math:`V_{DD} = -Q`, :math:`V_{DG} = P`, :math:`V_{GG} = 0`
and the generator's penalty :math:`\gamma\|\nabla_D V\|^2` the linearization is

.. math:: d' = -Qd + Pg, \qquad g' = -P^\top d - 2\gamma P^\top(-Qd + Pg) = -P^\top d
    - 2\gamma P^\top d',

.. math:: M_\gamma = \begin{pmatrix} -Q & P \\ -P^\top(I - 2\gamma Q) & -2\gamma P^\top P
    \end{pmatrix}.

**Similarity.** :math:`h = g + 2\gamma P^\top d` has :math:`h' = -P^\top d`, so that
:math:`M_\gamma` is similar to the unregularized form with :math:`A = Q + 2\gamma PP^\top` in
place of Q: the penalty is damping, of exactly this amount.

**Dissipation.** In (d, h) the matrix is :math:`K - \mathrm{diag}(A_s, 0)` with K skew and
:math:`A_s = (A + A^\top)/2`. If :math:`A_s \ge 0`, no eigenvalue has positive real part, and
those on the axis are, with multiplicity and semisimple, as many as the largest K-invariant
subspace of :math:`\ker\mathrm{diag}(A_s, 0)` has dimensions.

So for symmetric Q: if :math:`Q > 0`, M is Hurwitz exactly if P has full column rank, and 0 is
otherwise an eigenvalue of multiplicity :math:`\dim\ker P`. If :math:`Q \ge 0`, exactly if P has
full column rank and no eigenvector of :math:`PP^\top` lies in :math:`\ker Q`. If
:math:`Q \ge 0` and :math:`\gamma > 0`, exactly if P has full column rank and
:math:`\ker Q \cap \ker P^\top = 0`, *whatever the size of* :math:`\gamma`.

Source: Nagarajan and Kolter 2017, lemma C.3 and theorem 4.1 (there with an upper bound on the
weight, which the flow does not need).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import Expr, ImmutableMatrix, Matrix, Rational
from sympy.logic.boolalg import Boolean

from symgan.analysis.conditions import tidy
from symgan.analysis.definite import positive_definite, positive_semidefinite
from symgan.analysis.lyapunov_matrix import (
    Quadratic,
    check_quadratic,
    solve_quadratic,
    unobservable,
)
from symgan.analysis.routh import hurwitz
from symgan.errors import GameError

HALF = Rational(1, 2)
QUARTER = Rational(1, 4)
LARGEST_SOLVED = 10
"""Size up to which a Lyapunov equation is solved exactly (55 unknowns, under a second)."""


@dataclass(frozen=True)
class KeyLemma:
    r"""What the key lemma says of one matrix, with the evidence.

    Attributes:
        matrix: :math:`M_\gamma` in (d, g).
        damping: :math:`A = Q + 2\gamma PP^\top`.
        hurwitz: whether all eigenvalues have negative real part.
        imaginary: the number of eigenvalues on the imaginary axis, with multiplicity; all
            are semisimple.
        zeros: how many of them are zero.
        axis: a basis, in (d, g), of the sum of their eigenspaces.
        certificate: V(z) = z^T S z with S M + M^T S = -R, both S and R positive definite,
            checked exactly; None where the matrix is not Hurwitz, or where the damping is
            singular and the size exceeds 10.
        epsilon: the weight of the cross term in S, where the explicit S was taken.
    """

    matrix: ImmutableMatrix
    damping: ImmutableMatrix
    hurwitz: bool
    imaginary: int
    zeros: int
    axis: tuple[ImmutableMatrix, ...]
    certificate: Quadratic | None
    epsilon: Expr | None


def block_matrix(Q: Any, P: Any, gamma: Any = 0) -> Matrix:
    r"""The matrix :math:`M_\gamma` of the module, entries as given.

    Args:
        Q: shape (n, n).
        P: shape (n, m).
        gamma: weight of the generator's penalty.

    Raises:
        GameError: the shapes do not fit.

    >>> q, p, gamma = sp.symbols("q p gamma")
    >>> block_matrix([[q]], [[p]], gamma)
    Matrix([
    [                 -q,             p],
    [-p*(-2*gamma*q + 1), -2*gamma*p**2]])
    """
    Q, P = Matrix(Q), Matrix(P)
    n = P.rows
    if Q.shape != (n, n):
        raise GameError(
            f"P of shape {P.shape} needs Q of shape {(n, n)}, not {Q.shape}: the rows of both are "
            "the discriminator's parameters"
        )
    twice = 2 * sp.sympify(gamma)
    return Matrix.vstack(
        Matrix.hstack(-Q, P),
        Matrix.hstack(-P.T * (sp.eye(n) - twice * Q), -twice * P.T * P),
    )


def key_lemma(Q: Any, P: Any, gamma: Any = 0) -> KeyLemma:
    r"""Decide the key lemma for rational matrices, with an exact certificate.

    Args:
        Q: shape (n, n); its symmetric part plus :math:`2\gamma PP^\top` must be positive
            semidefinite. It need not be symmetric.
        P: shape (n, m).
        gamma: weight of the generator's penalty.

    Raises:
        GameError: the shapes do not fit, entries are not rational, or the damping is not
            positive semidefinite, of which the lemma says nothing.

    >>> found = key_lemma([[1, 0], [0, 2]], [[1], [1]])
    >>> found.hurwitz, found.epsilon
    (True, 4/15)
    >>> wide = key_lemma([[1]], [[1, 2]])
    >>> wide.hurwitz, wide.imaginary, wide.zeros
    (False, 1, 1)
    """
    Q, P, gamma = Matrix(Q), Matrix(P), sp.sympify(gamma)
    M = block_matrix(Q, P, gamma)
    _require_rational(M, gamma)
    A = Q + 2 * gamma * P * P.T
    damping = HALF * (A + A.T)
    if positive_semidefinite(damping) is not sp.true:
        raise GameError(
            "the symmetric part of Q + 2 gamma P P^T is not positive semidefinite, so the key "
            "lemma says nothing; use spectrum"
        )
    axis = _axis(A, P, gamma)
    zeros = len(axis) - Matrix.hstack(*(M * z for z in axis)).rank() if axis else 0
    certificate, epsilon = None, None
    if not axis and positive_definite(damping) is sp.true:
        epsilon = safe_epsilon(A, P)
        certificate = check_quadratic(M, explicit(A, P, gamma, epsilon))
    elif not axis and M.rows <= LARGEST_SOLVED:
        certificate = check_quadratic(M, solve_quadratic(M))
    return KeyLemma(
        matrix=ImmutableMatrix(M),
        damping=ImmutableMatrix(A),
        hurwitz=not axis,
        imaginary=len(axis),
        zeros=zeros,
        axis=tuple(map(ImmutableMatrix, axis)),
        certificate=certificate,
        epsilon=epsilon,
    )


def hurwitz_weights(Q: Any, P: Any, gamma: sp.Symbol) -> Boolean:
    r"""The exact condition on every real weight, negative ones included, for a Hurwitz matrix.

    Of any sign of Q, without the lemma: Lienard and Chipart on the characteristic polynomial.
    Positive weights only ever help where :math:`Q \ge 0`; a large weight costs steps, not stability
    of the flow: for Q = 0 and a singular value :math:`\sigma` of P with :math:`\gamma\sigma \ge 1`
    the largest rate is :math:`\gamma\sigma^2 + \sigma\sqrt{\gamma^2\sigma^2 - 1}`, and Euler steps
    must stay below two over it.

    Args:
        Q: shape (n, n); entries may be symbols.
        P: shape (n, m).
        gamma: the weight, a real symbol.

    Raises:
        GameError: the shapes do not fit.

    >>> gamma = sp.Symbol("gamma", real=True)
    >>> hurwitz_weights([[3]], [[1]], gamma)
    2*gamma > -3
    >>> hurwitz_weights([[0, 0], [0, 0]], [[1], [2]], gamma)
    False
    """
    s = sp.Dummy("s")
    return tidy(hurwitz(block_matrix(Q, P, gamma).charpoly(s).as_expr(s), s))


def explicit(A: Matrix, P: Matrix, gamma: Any, epsilon: Any) -> Matrix:
    r"""The matrix S of the strict Lyapunov function
    :math:`|d|^2 + |h|^2 - 2\epsilon\, d^\top P h`, :math:`h = g + 2\gamma P^\top d`, in (d, g)."""
    n, m = P.shape
    S = Matrix.vstack(
        Matrix.hstack(sp.eye(n), -epsilon * P),
        Matrix.hstack(-epsilon * P.T, sp.eye(m)),
    )
    T = shear(P, gamma)
    return T.T * S * T


def shear(P: Matrix, gamma: Any) -> Matrix:
    r"""The change of variables :math:`(d, g) \mapsto (d, g + 2\gamma P^\top d)`."""
    n, m = P.shape
    return Matrix.vstack(
        Matrix.hstack(sp.eye(n), sp.zeros(n, m)),
        Matrix.hstack(2 * sp.sympify(gamma) * P.T, sp.eye(m)),
    )


def safe_epsilon(A: Matrix, P: Matrix) -> Expr:
    r"""A rational :math:`\epsilon` inside `epsilon_bound`: with a trace for the largest eigenvalue.

    :math:`\epsilon = \frac12 / \mathrm{tr}(A_s^{-1}X)`, and
    :math:`\lambda_{\max}(A_s^{-1}X) \le \mathrm{tr}(A_s^{-1}X)` since X is positive semidefinite.
    """
    damping, X = _pencil(A, P)
    return HALF / damping.LUsolve(X).trace()


def epsilon_bound(A: Any, P: Any) -> Expr:
    r"""The exact range of the cross term: S is a strict Lyapunov matrix for
    :math:`0 < \epsilon < 1/\lambda_{\max}(A_s^{-1}X)`, and for no other :math:`\epsilon`.

    .. math:: X = PP^\top + \tfrac14 A^\top P(P^\top P)^{-1}P^\top A

    is what the Schur complement of R leaves; S > 0 follows, since M is Hurwitz.

    Args:
        A: damping, shape (n, n), rational, with positive definite symmetric part.
        P: shape (n, m), rational, of full column rank.

    Raises:
        GameError: otherwise.

    >>> epsilon_bound([[2]], [[1]])
    1
    """
    A, P = Matrix(A), Matrix(P)
    _require_rational(block_matrix(A, P), sp.Integer(0))
    if P.rank() < P.cols or positive_definite(HALF * (A + A.T)) is not sp.true:
        raise GameError("the range needs A + A^T > 0 and P of full column rank")
    damping, X = _pencil(A, P)
    s = sp.Dummy("s")
    polynomial = sp.Poly(damping.LUsolve(X).charpoly(s).as_expr(s), s)
    return 1 / max(sp.real_roots(polynomial))


def _pencil(A: Matrix, P: Matrix) -> tuple[Matrix, Matrix]:
    """The damping's symmetric part, and what epsilon takes from it."""
    projected = P * (P.T * P).LUsolve(P.T)
    return HALF * (A + A.T), P * P.T + QUARTER * A.T * projected * A


def _axis(A: Matrix, P: Matrix, gamma: Expr) -> Sequence[Matrix]:
    """The part on the imaginary axis, found in (d, h) and taken back to (d, g)."""
    m = P.cols
    skew = block_matrix(HALF * (A - A.T), P)
    damping = sp.diag(HALF * (A + A.T), sp.zeros(m, m))
    back = shear(P, -gamma)
    return [back * z for z in unobservable(damping, skew)]


def _require_rational(M: Matrix, gamma: Expr) -> None:
    wrong = next((e for e in (*M, gamma) if not e.is_Rational), None)
    if wrong is not None:
        raise GameError(
            f"the entry {wrong} is not rational; for symbols take key_identities, for floats "
            "key_lemma_numeric"
        )
