r"""The spectrum at an equilibrium of `players`, whole, from a few products with J.

There the discriminator's last layer alone decides who pulls whom: all columns of J for its other
weights are 0, and J maps the generator's weights into the last layer. So the span of the last
layer and of the range of J on it is invariant and holds every eigenvalue that is not 0. That
it is invariant is checked, not believed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.linalg as la
from numpy.typing import NDArray

from symgan.empirical.predictions.players import Members
from symgan.empirical.spectra.multipliers import EigenvalueMap
from symgan.empirical.spectra.operator import GameJacobian
from symgan.empirical.spectra.rays import intersection, stable_steps
from symgan.errors import BadData

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]
SMALL = 1e-9
"""What counts as 0, relative to the largest; rounding leaves about 1e-15."""


@dataclass(frozen=True, eq=False)
class Moving:
    r"""J on the subspace in which it moves anything.

    Attributes:
        basis: Q, orthonormal, (n, k); the generator's directions first.
        matrix: :math:`Q^\top J Q`.
        sizes: how many directions are the generator's, and the discriminator's.
    """

    basis: Floats
    matrix: Floats
    sizes: tuple[int, int]

    @property
    def eigenvalues(self) -> Complexes:
        """Those that are not 0."""
        found = np.asarray(la.eigvals(self.matrix), dtype=complex)
        return found[np.abs(found) > SMALL * np.abs(found).max(initial=0.0)]

    @property
    def largest(self) -> float:
        """The largest modulus: for the Wasserstein loss the largest singular value."""
        return float(np.abs(self.eigenvalues).max())


def moving(players: Members) -> Moving:
    """J of one member at its equilibrium, where it moves anything.

    Args:
        players: one member, at rest.

    Raises:
        BadData: several members, no equilibrium, or the subspace is not invariant.

    >>> from symgan.empirical.predictions.players import at_rest
    >>> found = moving(at_rest("line", "wasserstein", [0]))
    >>> sorted(found.eigenvalues.imag.round(12).tolist())
    [-1.0, 1.0]
    """
    if len(players.real) != 1:
        raise BadData(f"{len(players.real)} members; give one, as Members.one does")
    J = GameJacobian(players)
    if np.abs(J.field).max() > SMALL:
        raise BadData("the players are not at rest; give an equilibrium")
    last = sum(w.numel() for w in players.parameters[1][-2:])
    ends = np.eye(J.size)[:, J.size - last :]
    columns = _products(J, ends)
    pulled = columns.copy()
    pulled[J.sizes[0] :] = 0
    left, singular, _ = la.svd(pulled, full_matrices=False)
    range_ = left[:, singular > SMALL * max(singular[0], 1e-300)]
    basis = np.concatenate([range_, ends], axis=1)
    image = np.concatenate([_products(J, range_), columns], axis=1)
    matrix = basis.T @ image
    if la.norm(image - basis @ matrix) > SMALL * max(1e-300, float(la.norm(matrix))):
        raise BadData("J leaves the span of the last layer and what it pulls; no such equilibrium")
    return Moving(basis, matrix, (range_.shape[1], last))


def _products(J: GameJacobian, columns: Floats) -> Floats:
    return np.stack([J.matvec(column) for column in columns.T.copy()], axis=1)


@dataclass(frozen=True, eq=False)
class Threshold:
    """Where a rule that is a function of J stops to be stable, and along what.

    Attributes:
        step: the end of the first interval of stable steps; 0 where no step is stable.
        direction: the real part of the eigenvector that ends it, unit, in all weights.
        reader: the left eigenvector, in all weights: its product with a deviation is that
            eigenvector's share of it.
    """

    step: float
    direction: Floats
    reader: Complexes


def threshold(found: Moving, rule: EigenvalueMap) -> Threshold:
    """The threshold of a rule, from all eigenvalues through its exact multipliers.

    Args:
        found: J where it moves anything.
        rule: the rule's eigenvalue map.
    """
    solved: Any = la.eig(found.matrix, left=True, right=True)
    values, left, right = solved
    keep = np.flatnonzero(np.abs(values) > SMALL * np.abs(values).max())
    spans = [stable_steps(rule, complex(values[k])) for k in keep]
    common = [span for span in intersection(spans) if span.low == 0]
    ends = [next((s.high for s in own if s.low == 0), 0.0) for own in spans]
    binding = keep[int(np.argmin(ends))]
    ray = found.basis @ right[:, binding].real
    step = common[0].high if common else 0.0
    return Threshold(
        float(step), ray / la.norm(ray), np.asarray(found.basis @ left[:, binding], dtype=complex)
    )


def flat_to_nest(vectors: Sequence[Floats], members: Members) -> list[list[Any]]:
    """Flat vectors, one a member, as a nest of stacked tensors."""
    import torch

    rows = torch.from_numpy(np.stack(vectors))
    nest, at = [], 0
    for own in members.parameters:
        tensors: list[Any] = []
        for w in own:
            size = w[0].numel()
            tensors.append(rows[:, at : at + size].reshape(w.shape))
            at += size
        nest.append(tensors)
    return nest
