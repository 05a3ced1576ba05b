r"""Bilinear and quadratic games."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Matrix

from symgan.catalog import game
from symgan.errors import GameError
from symgan.game import Game, zero_sum


@game("bilinear")
def bilinear(interaction: Any = None) -> Game:
    r"""Bilinear game, payoff :math:`-\theta^\top B\,\psi`; B is 1 unless given.

    The generator minimizes, the discriminator maximizes; a scalar B gives the smallest
    game that simultaneous descent cannot solve. The sign is that of the Dirac-GAN with
    Wasserstein loss under :math:`\psi \to -\psi`.

    Args:
        interaction: B, a matrix of shape (n, m) or a scalar expression.

    Source: Mescheder et al. 2018, section 2; Gidel et al. 2019.

    >>> bilinear().flow().rhs
    (psi, -theta)
    """
    B = _matrix(1 if interaction is None else interaction)
    zeros_n, zeros_m = sp.zeros(B.rows, B.rows), sp.zeros(B.cols, B.cols)
    return _quadratic("bilinear", zeros_n, B, zeros_m, "Gidel et al. 2019")


@game("quadratic")
def quadratic(P: Any = 1, B: Any = 1, Q: Any = 1) -> Game:
    r"""Quadratic game with curvature of both players.

    .. math:: L = \frac12\theta^\top P\theta - \theta^\top B\,\psi - \frac12\psi^\top Q\psi

    Args:
        P: symmetric matrix of shape (n, n), or a scalar.
        B: interaction of shape (n, m), or a scalar.
        Q: symmetric matrix of shape (m, m), or a scalar.

    Raises:
        GameError: the shapes do not fit, or P or Q is not symmetric.

    Source: Azizian et al. 2020, section 2.

    >>> quadratic(2, 3, 5).v
    (-3*psi + 2*theta, 5*psi + 3*theta)
    """
    return _quadratic("quadratic", _matrix(P), _matrix(B), _matrix(Q), "Azizian et al. 2020")


def _matrix(entry: Any) -> Matrix:
    return Matrix(entry) if isinstance(entry, sp.MatrixBase | list | tuple) else Matrix([[entry]])


def _vector(name: str, size: int) -> Matrix:
    if size == 1:
        return Matrix([sp.Symbol(name, real=True)])
    return Matrix(sp.symbols(f"{name}_1:{size + 1}", real=True))


def _quadratic(name: str, P: Matrix, B: Matrix, Q: Matrix, source: str) -> Game:
    n, m = B.shape
    if P.shape != (n, n) or Q.shape != (m, m):
        raise GameError(
            f"a quadratic game with B of shape {B.shape} needs P of shape {(n, n)} and Q of "
            f"shape {(m, m)}, not {P.shape} and {Q.shape}"
        )
    if P != P.T or Q != Q.T:
        raise GameError("P and Q of a quadratic game must be symmetric")
    theta, psi = _vector("theta", n), _vector("psi", m)
    half = sp.Rational(1, 2)
    payoff = (half * theta.T * P * theta - theta.T * B * psi - half * psi.T * Q * psi)[0]
    parameters = tuple(sorted(Matrix([*P, *B, *Q]).free_symbols, key=str))
    return zero_sum(
        sp.expand(payoff),
        minimize=tuple(theta),
        maximize=tuple(psi),
        name=name,
        parameters=parameters,
        equilibrium={symbol: sp.Integer(0) for symbol in (*theta, *psi)},
        source=source,
    )
