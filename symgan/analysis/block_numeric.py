r"""The key lemma for large floating-point matrices: numeric, and called so.

Two pieces of evidence, both in double precision. The *abscissa* is the largest real part among
LAPACK's eigenvalues; for matrices far from normal its error can exceed the rounding unit by
much. The *certificate* does not use eigenvalues: the explicit strict Lyapunov function of
`symgan.analysis.block_jacobian` is checked by two Cholesky factorizations whose success, with a
margin above their rounding error, proves positive definiteness of the computed matrices
(Rump 2006). The rounding while S and R are formed is not covered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symgan.errors import GameError

Array = NDArray[np.float64]
UNIT = float(np.finfo(np.float64).eps) / 2


@dataclass(frozen=True)
class NumericLemma:
    """Numeric evidence for one matrix; nothing here is exact.

    Attributes:
        size: (n, m).
        abscissa: the largest real part of the computed eigenvalues; nan if not asked for.
        certified: both Cholesky factorizations succeeded with their margins: M is Hurwitz. False
            says nothing.
        epsilon: the cross term of the Lyapunov function, or nan where there is none.
        margin: how far the smallest eigenvalue of the scaled R is known to be from 0, at least.
    """

    size: tuple[int, int]
    abscissa: float
    certified: bool
    epsilon: float
    margin: float


def key_lemma_numeric(
    Q: Any, P: Any, gamma: float = 0.0, *, eigenvalues: bool = True
) -> NumericLemma:
    r"""Numeric evidence that :math:`M_\gamma` of `block_jacobian` is Hurwitz.

    Args:
        Q: shape (n, n), finite.
        P: shape (n, m), finite.
        gamma: weight of the generator's penalty.
        eigenvalues: compute them too; at n = m = 500 they take most of the time.

    Raises:
        GameError: the shapes do not fit, or entries are not finite.

    Source: Rump 2006, "Verification of positive definiteness".

    >>> found = key_lemma_numeric([[1.0, 0.0], [0.0, 2.0]], [[1.0], [1.0]])
    >>> found.certified, found.abscissa < 0
    (True, True)
    >>> key_lemma_numeric([[1.0]], [[1.0, 2.0]]).certified
    False
    """
    curvature, coupling = _checked(Q, P)
    damping = curvature + 2 * gamma * coupling @ coupling.T
    M = np.block(
        [[-damping, coupling], [-coupling.T, np.zeros((coupling.shape[1],) * 2)]]
    )  # similar to M_gamma, so it has the same eigenvalues
    abscissa = float(np.linalg.eigvals(M).real.max()) if eigenvalues else float("nan")
    epsilon = _epsilon(damping, coupling)
    margin = -np.inf if np.isnan(epsilon) else _margin(damping, coupling, epsilon)
    return NumericLemma(coupling.shape, abscissa, bool(margin > 0), epsilon, float(margin))


def _checked(Q: Any, P: Any) -> tuple[Array, Array]:
    curvature, coupling = np.asarray(Q, dtype=np.float64), np.asarray(P, dtype=np.float64)
    if coupling.ndim != 2 or curvature.shape != (coupling.shape[0],) * 2:
        raise GameError(
            f"P of shape (n, m) needs Q of shape (n, n); these have shapes {coupling.shape} and "
            f"{curvature.shape}"
        )
    if not (np.isfinite(curvature).all() and np.isfinite(coupling).all()):
        raise GameError("the blocks hold entries that are not finite numbers")
    return curvature, coupling


def _epsilon(damping: Array, coupling: Array) -> float:
    """Half of the largest cross term, by eigenvalues; nan where the form does not apply."""
    n, m = coupling.shape
    if m > n:
        return float("nan")
    try:
        factor = np.linalg.cholesky((damping + damping.T) / 2)
        basis = np.linalg.qr(coupling)[0]
        taken = basis.T @ damping
        X = coupling @ coupling.T + taken.T @ taken / 4
        scaled = np.linalg.solve(factor, np.linalg.solve(factor, X).T)
    except np.linalg.LinAlgError:
        return float("nan")
    return float(0.5 / np.linalg.eigvalsh((scaled + scaled.T) / 2)[-1])


def _margin(damping: Array, coupling: Array, epsilon: float) -> float:
    """The smaller of the margins of S and R, both scaled to a unit diagonal."""
    n, m = coupling.shape
    S = np.block([[np.eye(n), -epsilon * coupling], [-epsilon * coupling.T, np.eye(m)]])
    cross = -epsilon * damping.T @ coupling
    corner = damping + damping.T - 2 * epsilon * coupling @ coupling.T
    R = np.block([[corner, cross], [cross.T, 2 * epsilon * coupling.T @ coupling]])
    return min(_definite_margin(S), _definite_margin(R))


def _definite_margin(A: Array) -> float:
    r"""A positive number by which a symmetric A, scaled, is proved definite; -inf if it is not.

    With a unit diagonal, Cholesky of :math:`A - cI` succeeding in floating point proves
    :math:`A - cI + \Delta > 0`, :math:`\|\Delta\| \le \gamma_{k+1}\,\mathrm{tr}`, with
    :math:`\gamma_k = ku/(1 - ku)`. c is four times the bound, and half of it is the margin; the
    rounding while A was formed and scaled is not covered.
    """
    k = A.shape[0]
    diagonal = np.diag(A)
    if diagonal.min() <= 0:
        return -np.inf
    scale = 1 / np.sqrt(diagonal)
    unit = scale[:, None] * ((A + A.T) / 2) * scale
    bound = (k + 1) * UNIT / (1 - (k + 1) * UNIT) * k
    try:
        np.linalg.cholesky(unit - 4 * bound * np.eye(k))
    except np.linalg.LinAlgError:
        return -np.inf
    return 2 * bound
