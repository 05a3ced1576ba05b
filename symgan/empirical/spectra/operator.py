r"""The game Jacobian J of players at a point, as a linear operator on NumPy vectors.

Nothing of the size of J is held: :math:`Ju` and :math:`J^\top u` are one backward pass each
(`symgan.empirical.bridge.fields.Linearization`). SciPy's Arnoldi iteration takes the operator as
it is; small networks are written out column by column.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse.linalg import LinearOperator

from symgan.empirical.bridge.fields import Linearization, flatten, gradient, unflatten
from symgan.empirical.bridge.nests import detached
from symgan.empirical.bridge.players import Parameters, Players
from symgan.errors import BadData

Array = NDArray[Any]


class SpentBudget(Exception):
    """More products, or more time, than was granted."""


class GameJacobian:
    r"""J of players at a point.

    Vectors are flat: player after player, tensor after tensor. They have the precision of the
    parameters; complex vectors are two real ones.

    Args:
        players: whose field.
        parameters: where; the players' own unless given.
        batch: on what data, the same for every product.

    Attributes:
        size: n, the number of parameters.
        sizes: of each player.
        field: v there, shape (n,).
        products: how many products with J or its transpose were made.

    Raises:
        BadData: the field is not finite there.

    >>> from symgan.empirical.bridge import TorchGame
    >>> from symgan.games.quadratic import quadratic
    >>> J = GameJacobian(TorchGame(quadratic(2, 3, 5), {"theta": 1, "psi": 1}))
    >>> J.dense().tolist()
    [[2.0, -3.0], [3.0, 5.0]]
    >>> J.products
    2
    """

    size: int
    sizes: tuple[int, ...]
    field: Array
    products: int

    def __init__(
        self, players: Players, parameters: Parameters | None = None, batch: Any = None
    ) -> None:
        # A copy: the graph stays that of this point while the players move on.
        self._at = detached(players.parameters if parameters is None else parameters)
        with torch.enable_grad():  # training watches are called without
            self._line = Linearization(players, self._at, batch)
        self.sizes = tuple(sum(t.numel() for t in own) for own in self._at)
        self.size = sum(self.sizes)
        self.field = _array(self._line.field)
        self.products = 0
        self._limit: tuple[float, float] = (np.inf, np.inf)
        if not np.isfinite(self.field).all():
            raise BadData("the gradient is not finite at this point; a spectrum needs a finite one")

    @property
    def dtype(self) -> np.dtype[Any]:
        """The precision of the parameters."""
        return self.field.dtype

    def matvec(self, u: Array) -> Array:
        r""":math:`Ju` of a vector of shape (n,)."""
        return self._product(self._line.jvp, u)

    def rmatvec(self, u: Array) -> Array:
        r""":math:`J^\top u` of a vector of shape (n,)."""
        return self._product(self._line.vjp, u)

    def dense(self) -> Array:
        """J written out, shape (n, n), a product a column."""
        columns = (self.matvec(row) for row in np.eye(self.size, dtype=self.dtype))
        return np.stack(list(columns), axis=1)

    def operator(self, *, transposed: bool = False) -> LinearOperator:
        """J, or its transpose, for SciPy."""
        there, back = self.matvec, self.rmatvec
        shape, dtype = (self.size, self.size), self.dtype
        if transposed:
            there, back = back, there
        build: Any = LinearOperator  # its annotations know the subclass's arguments alone
        return build(shape, matvec=there, rmatvec=back, dtype=dtype)

    def grant(self, products: float, seconds: float) -> None:
        """Allow that many more products, and that much time, from now on.

        Beyond, a product raises `SpentBudget`.
        """
        self._limit = (self.products + products, time.monotonic() + seconds)

    def _product(self, multiply: Any, u: Array) -> Array:
        if np.iscomplexobj(u):
            real, imaginary = np.real(u), np.imag(u)
            return self._product(multiply, real) + 1j * self._product(multiply, imaginary)
        if self.products >= self._limit[0] or time.monotonic() >= self._limit[1]:
            raise SpentBudget
        self.products += 1
        vector = torch.from_numpy(np.ascontiguousarray(u, dtype=self.dtype).reshape(-1))
        first = self._at[0][0]
        with torch.enable_grad():
            return _array(multiply(unflatten(vector.to(first.device), self._at)))


def gradient_norms(
    players: Players, parameters: Parameters | None = None, batch: Any = None
) -> tuple[float, ...]:
    r"""The Euclidean norm of each player's part of the field, :math:`|v_i|`.

    Args:
        players, parameters, batch: as `GameJacobian`.

    >>> from symgan.empirical.bridge import TorchGame
    >>> from symgan.games.quadratic import bilinear
    >>> gradient_norms(TorchGame(bilinear(), {"theta": 3, "psi": 5}))
    (5.0, 3.0)
    """
    with torch.enable_grad():
        v = gradient(players, players.parameters if parameters is None else parameters, batch)
    return tuple(float(flatten((own,)).norm()) for own in v)


def _array(nest: Parameters) -> Array:
    return flatten(nest).detach().cpu().numpy()
