r"""The numbers of the spiked GAN, its microscopic state, and how that is saved.

Source: Wang, Hu and Lu 2019, definitions 1 and 2.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from symgan.kernels.errors import KernelError

Array = NDArray[np.float64]
Latent = Literal["gaussian", "sign"]


@dataclass(frozen=True)
class SpikedModel:
    r"""The numbers of the model.

    Attributes:
        data: second moments :math:`\Lambda_i` of the d data codes.
        codes: second moments :math:`\tilde\Lambda_i` of the d generator codes.
        eta_t, eta_g: variances of the noise in the data and in the fakes.
        tau, tau_g: rates of the discriminator and of the generator; steps are tau/n.
        penalty: :math:`\lambda`; None is strict regularization.
        latent: law of the codes, ``gaussian`` or ``sign`` (plus or minus the root of the
            second moment). The limit does not depend on it.

    Raises:
        KernelError: numbers of codes that differ, or a number out of range.
    """

    data: tuple[float, ...] = (1.0,)
    codes: tuple[float, ...] = (1.0,)
    eta_t: float = 1.0
    eta_g: float = 1.0
    tau: float = 0.5
    tau_g: float = 0.25
    penalty: float | None = None
    latent: Latent = "gaussian"

    def __post_init__(self) -> None:
        if len(self.data) != len(self.codes) or not self.data:
            raise KernelError(
                f"{len(self.data)} data codes and {len(self.codes)} generator codes; the spiked "
                "model takes d > 0 of each"
            )
        positive = {"tau": self.tau, "tau_g": self.tau_g}
        numbers = {**positive, "eta_t": self.eta_t, "eta_g": self.eta_g}
        numbers |= {} if self.penalty is None else {"penalty": self.penalty}
        for name, value in numbers.items():
            if not (math.isfinite(value) and (value > 0 or (value == 0 and name not in positive))):
                raise KernelError(f"{name} = {value} is out of range for the spiked model")
        if min((*self.data, *self.codes)) < 0 or self.latent not in ("gaussian", "sign"):
            raise KernelError("codes need second moments >= 0 and the law 'gaussian' or 'sign'")

    @property
    def d(self) -> int:
        """The number of features."""
        return len(self.data)


@dataclass(frozen=True)
class Particles:
    r"""The microscopic state :math:`X_k = [U, V_k, w_k]` and what continues it.

    Attributes:
        U: data features, orthonormal rows, shape (d, n).
        V: generator features, shape (d, n).
        w: discriminator, shape (n,).
        step: k.
        generator: state of the random numbers, as NumPy gives it.
    """

    U: Array
    V: Array
    w: Array
    step: int
    generator: dict[str, Any]

    @property
    def macroscopic(self) -> Array:
        r""":math:`M_k = X_k^\top X_k`, shape (2d+1, 2d+1)."""
        X = np.vstack((self.U, self.V, self.w))
        return X @ X.T

    def save(self, path: str | Path) -> None:
        """Write the state as an ``.npz`` file, without pickles.

        Args:
            path: where to.
        """
        words = json.dumps(self.generator, default=lambda a: {"array": a.tolist()})
        np.savez(path, U=self.U, V=self.V, w=self.w, step=self.step, generator=np.array(words))

    @staticmethod
    def load(path: str | Path) -> Particles:
        """Read what `save` wrote; training continues bit by bit as if never interrupted.

        Args:
            path: the file.

        Raises:
            KernelError: the file does not hold such a state.
        """
        try:
            with np.load(path, allow_pickle=False) as file:
                words = json.loads(str(file["generator"]), object_hook=_arrays)
                return Particles(file["U"], file["V"], file["w"], int(file["step"]), words)
        except (OSError, KeyError, ValueError) as error:
            raise KernelError(f"{path} holds no saved particles: {error}") from None


def _arrays(node: dict[str, Any]) -> Any:
    return np.array(node["array"], dtype=np.uint64) if set(node) == {"array"} else node


def gram(P: ArrayLike, q: ArrayLike, r: ArrayLike, S: ArrayLike = 1.0, z: float = 1.0) -> Array:
    r"""The macroscopic matrix :math:`M = X^\top X` of its blocks.

    Args:
        P: :math:`U^\top V`, shape (d, d) or a number.
        q: :math:`U^\top w`, shape (d,) or a number.
        r: :math:`V^\top w`, shape (d,) or a number.
        S: :math:`V^\top V`, shape (d, d) or a number.
        z: :math:`w^\top w`.

    >>> gram(0.5, 0.1, 0.2).tolist()
    [[1.0, 0.5, 0.1], [0.5, 1.0, 0.2], [0.1, 0.2, 1.0]]
    """
    P, S = np.atleast_2d(np.asarray(P, float)), np.atleast_2d(np.asarray(S, float))
    q, r = np.atleast_1d(np.asarray(q, float)), np.atleast_1d(np.asarray(r, float))
    rows = [
        [np.eye(len(P)), P, q[:, None]],
        [P.T, S, r[:, None]],
        [q[None], r[None], np.full((1, 1), z)],
    ]
    return np.block(rows)


def initial(n: int, macroscopic: ArrayLike, seed: int) -> Particles:
    r"""Particles whose macroscopic state is the given one, in a random frame.

    Args:
        n: the number of dimensions.
        macroscopic: :math:`M_0`, shape (2d+1, 2d+1).
        seed: of the frame and of all that follows.

    Raises:
        KernelError: the matrix is no Gram matrix of orthonormal U and others, or n < 2d+1.

    >>> initial(10, gram(0.5, 0.1, 0.2), seed=1).macroscopic.round(12).tolist()[0]
    [1.0, 0.5, 0.1]
    """
    M = np.asarray(macroscopic, dtype=float)
    m = len(M)
    d = (m - 1) // 2
    if M.shape != (m, m) or m % 2 == 0 or not np.allclose(M, M.T, rtol=0, atol=1e-12):
        raise KernelError(f"a macroscopic state is a symmetric matrix of odd size, not {M.shape}")
    values, vectors = np.linalg.eigh(M)
    if values[0] < -1e-12 or not np.allclose(M[:d, :d], np.eye(d), rtol=0, atol=1e-12):
        raise KernelError("no orthonormal U, V and w have these inner products")
    if n < m:
        raise KernelError(f"n = {n} dimensions are too few; {m} vectors need as many")
    rng = np.random.Generator(np.random.SFC64(seed))
    frame = np.linalg.qr(rng.standard_normal((n, m)))[0]
    root = (vectors * np.sqrt(values.clip(0))) @ vectors.T
    X = (frame @ root).T.copy()
    return Particles(X[:d], X[d : 2 * d], X[-1], 0, state_of(rng))


def state_of(rng: np.random.Generator) -> dict[str, Any]:
    """The state of the random numbers as plain data.

    Args:
        rng: the generator.
    """
    return dict(rng.bit_generator.state)
