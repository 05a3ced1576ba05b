r"""The macroscopic limit of the spiked GAN for any number of features, in NumPy.

With :math:`M = X^\top X` and :math:`X = [U, V, w]`, the expected step of X is
:math:`X A/n` for a matrix A of M's entries, and the squared length of w gains
:math:`\tau^2 b/n` from noise, so that

.. math:: M' = A^\top M + M A + \tau^2 b\,e e^\top,
   \qquad b = \eta_T(q^\top\Lambda q + \eta_T z) + \eta_G(r^\top\tilde\Lambda r + \eta_G z).

Strict regularization keeps the diagonal of S and z at 1: :math:`\lambda H'` takes the values
that do so. Nothing here uses the symbolic derivation in `symgan.games.spiked`.

Source: Wang, Hu and Lu 2019, theorem 1; the block form is derived here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from symgan.errors import Undecided
from symgan.kernels.errors import KernelError
from symgan.kernels.particles_model import Array, SpikedModel

# Dormand and Prince 1980, RK5(4)7M.
_A = (
    (),
    (1 / 5,),
    (3 / 40, 9 / 40),
    (44 / 45, -56 / 15, 32 / 9),
    (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729),
    (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656),
    (35 / 384, 0.0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84),
)
_ERROR = (71 / 57600, 0.0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40)


def drift(model: SpikedModel, M: Array) -> Array:
    r"""The right-hand side :math:`M'` at a macroscopic state.

    Args:
        model: the numbers.
        M: shape (2d+1, 2d+1).

    >>> from symgan.kernels.particles_model import gram
    >>> model = SpikedModel(eta_t=0.0, eta_g=0.0, tau=1.0, tau_g=1.0)
    >>> drift(model, gram(0.0, 0.5, 0.0))[0].tolist()
    [0.0, 0.0, 0.375]
    """
    d = model.d
    data, codes = np.array(model.data), np.array(model.codes)
    S, q, r, z = M[d:-1, d:-1], M[:d, -1], M[d:-1, -1], M[-1, -1]
    A = np.zeros_like(M)
    A[-1, d:-1] = model.tau_g * codes * r  # V gains w (Lambda_G r)^T
    A[:d, -1] = model.tau * data * q
    A[d:-1, -1] = -model.tau * codes * r
    A[-1, -1] = model.tau * (model.eta_t - model.eta_g)
    b = model.eta_t * (q @ (data * q) + model.eta_t * z)
    b += model.eta_g * (r @ (codes * r) + model.eta_g * z)
    if model.penalty is not None:
        slope = model.penalty * np.tanh(np.append(np.diag(S), z) - 1)
        A[range(d, 2 * d + 1), range(d, 2 * d + 1)] -= slope * np.append(
            np.full(d, model.tau_g), model.tau
        )
    found = A.T @ M + M @ A
    found[-1, -1] += model.tau**2 * b
    if model.penalty is None:
        shrink = np.zeros(2 * d + 1)
        shrink[d:] = np.diag(found)[d:] / (2 * np.diag(M)[d:])
        found -= shrink[:, None] * M + M * shrink
    return found


def integrate(
    model: SpikedModel,
    start: ArrayLike,
    times: Sequence[float],
    *,
    tolerance: float = 1e-10,
    budget: int = 20_000,
) -> Array:
    r"""The macroscopic state at times, by Dormand and Prince's pair of orders 5 and 4.

    Args:
        model: the numbers.
        start: :math:`M(0)`, shape (2d+1, 2d+1).
        times: increasing, not negative; m of them.
        tolerance: error of a step in any entry, relative to the largest one if above 1.
        budget: the most steps that are tried.

    Returns:
        shape (m, 2d+1, 2d+1).

    Raises:
        KernelError: times that do not increase, or a start of another size.
        Undecided: too many steps; the solution explodes or is stiff.
    """
    M, t, h = np.array(start, dtype=float), 0.0, 1e-3
    if M.shape != (2 * model.d + 1,) * 2:
        raise KernelError(f"a start of shape {M.shape} does not fit {model.d} features")
    if list(times) != sorted(times) or (len(times) and not times[0] >= 0):
        raise KernelError("times must be increasing and not negative")
    states: list[Array] = []
    left = budget
    for target in times:
        while t < target:
            left -= 1
            # A step that no longer moves t, or a state beyond all numbers: it explodes.
            if left < 0 or t + h == t or not np.isfinite(M).all():
                raise Undecided(
                    f"the macroscopic flow cannot pass t = {t:.6g} within {budget} steps; it "
                    "explodes or is stiff there"
                )
            step = min(h, target - t)
            new, error = _pair(lambda x: drift(model, x), M, step)
            error /= max(1.0, float(np.abs(new).max()))
            if error <= tolerance:
                M, t = new, target if step == target - t else t + step
            grow = 0.9 * (tolerance / error) ** 0.2 if error else 5.0
            h = step * min(5.0, max(0.2, grow)) if step == h or grow < 1 else h
        states.append(M)
    return np.array(states).reshape(len(states), *M.shape)


def _pair(field: Callable[[Array], Array], x: Array, h: float) -> tuple[Array, float]:
    """A step of order 5 and its distance from the step of order 4."""
    slopes: list[Array] = []
    for row in _A:
        stage = x + h * sum((a * k for a, k in zip(row, slopes, strict=True)), np.zeros_like(x))
        slopes.append(field(stage))
    new = x + h * sum((a * k for a, k in zip(_A[-1], slopes[:-1], strict=True)), np.zeros_like(x))
    error = h * sum((e * k for e, k in zip(_ERROR, slopes, strict=True)), np.zeros_like(x))
    return new, float(np.abs(error).max())
