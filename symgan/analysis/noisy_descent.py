r"""Linear descent with noise, and descent on random batches: what `mean_square` decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy import Expr, Matrix

from symgan.analysis.mean_square import SecondMoment, assembled
from symgan.analysis.points import vanishes_exactly
from symgan.errors import GameError
from symgan.system import Map


def noisy_descent(
    J: Matrix, eta: Any, *, multiplicative: Sequence[Matrix] = (), additive: Sequence[Any] = ()
) -> Map:
    r"""Noisy linear descent, :math:`x^+ = x - \eta((J + \sum\xi_j J_j)x + \sum\zeta_j c_j)`.

    Args:
        J: the mean Jacobian, shape (n, n).
        eta: the step.
        multiplicative: the matrices :math:`J_j`, one a noise symbol ``xi_j``.
        additive: the vectors :math:`c_j`, one a noise symbol ``zeta_j``.

    Raises:
        GameError: shapes that do not fit, or no noise.

    >>> eta = sp.Symbol("eta", positive=True)
    >>> noisy_descent(Matrix([[1]]), eta, additive=[[2]]).rhs
    (-eta*(x_0 + 2*zeta_0) + x_0,)
    """
    n = Matrix(J).rows
    state = Matrix(sp.symbols(f"x_0:{n}", real=True))
    slopes, pushes = [Matrix(M) for M in multiplicative], [Matrix(c) for c in additive]
    if any(M.shape != (n, n) for M in (Matrix(J), *slopes)) or any(
        c.shape != (n, 1) for c in pushes
    ):
        raise GameError(f"the noise does not fit a Jacobian of shape {Matrix(J).shape}")
    xi = sp.symbols(f"xi_0:{len(slopes)}", real=True)
    zeta = sp.symbols(f"zeta_0:{len(pushes)}", real=True)
    if not (*xi, *zeta):
        raise GameError("a noisy iteration needs multiplicative or additive noise")
    gradient = Matrix(J) * state
    for symbol, M in zip(xi, slopes, strict=True):
        gradient += symbol * M * state
    for symbol, c in zip(zeta, pushes, strict=True):
        gradient += symbol * c
    rhs = tuple(x - eta * g for x, g in zip(state, gradient, strict=True))
    known = {*state, *xi, *zeta}
    parameters = sorted(set().union(*(f.free_symbols for f in rhs)) - known, key=str)
    return Map(tuple(state), rhs, parameters=tuple(parameters), noise=(*xi, *zeta))


def minibatch(
    jacobians: Sequence[Matrix],
    eta: Any,
    *,
    fields: Sequence[Any] | None = None,
    batch: Any = 1,
    replace: bool = True,
) -> SecondMoment:
    r"""The second moment of descent on random batches of a finite sum, at a common equilibrium.

    With :math:`v = \frac1N\sum_i v_i` a step uses the mean of a batch of m samples. The covariance
    of that mean is :math:`\frac{c}{m}` times the covariance over the samples, c being 1 with
    replacement and :math:`\frac{N - m}{N - 1}` without.

    Args:
        jacobians: :math:`J_i = v_i'(x^*)`, one a sample, shape (n, n).
        eta: the step.
        fields: :math:`v_i(x^*)`, which sum to zero; zero unless given.
        batch: m.
        replace: whether a batch is drawn with replacement.

    Raises:
        GameError: fields that do not sum to zero, no sample, a batch larger than the data.

    >>> eta = sp.Symbol("eta", positive=True)
    >>> two = minibatch([Matrix([[1]]), Matrix([[3]])], eta)
    >>> two.bound(eta).asymptotic
    Interval.open(0, 4/5)
    """
    count = len(jacobians)
    if not count or (not replace and sp.sympify(batch).is_number and batch > count):
        raise GameError(f"a batch of {batch} does not fit {count} samples")
    J = [Matrix(M) for M in jacobians]
    n = J[0].rows
    v = [Matrix(c) for c in fields] if fields is not None else [sp.zeros(n, 1)] * count
    total: Any = sum(v, sp.zeros(n, 1))
    if len(v) != count or not all(vanishes_exactly(e) for e in total):
        raise GameError(f"the samples' fields sum to {list(total)} at the equilibrium, not to zero")
    mean = sum(J, sp.zeros(n, n)) / count
    if not replace and count == 1:
        factor: Expr = sp.Integer(0)
    else:
        factor = sp.Integer(1) if replace else (count - sp.sympify(batch)) / (count - 1)
    weight = factor / (count * sp.sympify(batch))
    slopes, pushes = [-eta * (M - mean) for M in J], [-eta * c for c in v]
    return assembled(sp.eye(n) - eta * mean, slopes, pushes, weight * sp.eye(count))
