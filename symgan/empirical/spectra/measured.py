"""What is known of a spectrum: eigenvalues with their errors, and how the searches went."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Complexes = NDArray[np.complex128]


@dataclass(frozen=True)
class Eigenvalue:
    r"""One eigenvalue.

    Attributes:
        value: :math:`\lambda`.
        residual: :math:`|Jx - \lambda x|` for a unit vector x, computed anew from J.
        condition: :math:`\kappa`; NaN where no left eigenvector was found.
        error: the estimate :math:`\kappa` times the residual, no residual being counted as smaller
            than the rounding of a product, :math:`\epsilon|J|`; NaN where :math:`\kappa` is.
    """

    value: complex
    residual: float
    condition: float
    error: float

    @property
    def is_zero(self) -> bool:
        """Whether the eigenvalue cannot be told from zero."""
        return abs(self.value) <= self.error


@dataclass(frozen=True)
class Search:
    """How the search at one end of the spectrum went.

    Attributes:
        which: the end, one of `ENDS`, or ``all`` for a matrix written out.
        asked: how many eigenvalues were asked for.
        found: how many converged and passed the check of their residuals.
        rejected: how many were returned and failed it.
        reason: why not all were found; empty if they were.
    """

    which: str
    asked: int
    found: int
    rejected: int = 0
    reason: str = ""

    @property
    def converged(self) -> bool:
        """Whether all that were asked for were found."""
        return self.found >= self.asked


@dataclass(frozen=True)
class Eigenvalues:
    """What was found of a spectrum.

    Attributes:
        values: by falling modulus; of a conjugate pair both.
        size: the size of J.
        searches: one an end, or one for a matrix written out.
        products: products with J and its transpose that it took.
        norm: a lower bound of the norm of J, that of rounding errors.
    """

    values: tuple[Eigenvalue, ...]
    size: int
    searches: tuple[Search, ...]
    products: int
    norm: float

    @property
    def complete(self) -> bool:
        """Whether these are all eigenvalues."""
        return len(self.values) == self.size

    @property
    def converged(self) -> bool:
        """Whether every search found what it was asked for."""
        return all(search.converged for search in self.searches)

    @property
    def array(self) -> Complexes:
        """The values alone."""
        return np.array([e.value for e in self.values], dtype=complex)
