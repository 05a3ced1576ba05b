r"""Arithmetic with a complex pair: the field :math:`K(\lambda)`, :math:`\lambda^2 = t\lambda - n`.

A pair of conjugate eigenvalues whose sum t and product n lie in a real field K needs neither
square roots nor the imaginary unit: every number of :math:`K(\lambda)` is :math:`a + b\lambda`, and
conjugation maps :math:`\lambda` to :math:`t - \lambda`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from symgan.errors import Undecided

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Extension:
    """The field over K in which a pair with sum `trace` and product `norm` lives.

    Attributes:
        domain: K, a SymPy field.
        trace: the sum of the pair, an element of K.
        norm: its product, an element of K.

    >>> from sympy import QQ
    >>> root = Extension(QQ, QQ(0), QQ(2)).root
    >>> str((root * root).real), str(root.inverse().slope)
    ('-2', '-1/2')
    """

    domain: Any
    trace: Any
    norm: Any

    @property
    def root(self) -> Number:
        r"""One of the pair, :math:`\lambda`."""
        return Number(self, self.domain.zero, self.domain.one)

    def embed(self, element: Any) -> Number:
        """An element of K as a number of the extension."""
        return Number(self, element, self.domain.zero)


@dataclass(frozen=True)
class Number:
    r"""The number :math:`a + b\lambda`.

    Attributes:
        field: the extension.
        constant, slope: a and b, elements of K.
    """

    field: Extension
    constant: Any
    slope: Any

    def __add__(self, other: Number) -> Number:
        return Number(self.field, self.constant + other.constant, self.slope + other.slope)

    def __sub__(self, other: Number) -> Number:
        return Number(self.field, self.constant - other.constant, self.slope - other.slope)

    def __mul__(self, other: Number) -> Number:
        both = self.slope * other.slope
        constant = self.constant * other.constant - both * self.field.norm
        slope = self.constant * other.slope + self.slope * other.constant + both * self.field.trace
        return Number(self.field, constant, slope)

    def __truediv__(self, other: Number) -> Number:
        return self * other.inverse()

    def __bool__(self) -> bool:
        return bool(self.constant) or bool(self.slope)

    @property
    def conjugate(self) -> Number:
        r""":math:`a + b(t - \lambda)`."""
        return Number(self.field, self.constant + self.slope * self.field.trace, -self.slope)

    @property
    def real(self) -> Any:
        r"""The real part :math:`a + b t/2`, an element of K."""
        return self.constant + self.slope * self.field.trace / self.field.domain.convert(2)

    def inverse(self) -> Number:
        """One over this number."""
        conjugate = self.conjugate
        size = (self * conjugate).constant
        return Number(self.field, conjugate.constant / size, conjugate.slope / size)


def solve(rows: Rows, right: Sequence[Any]) -> list[Any]:
    """The solution of a square linear system over a field, by elimination.

    Args:
        rows: the matrix, entries with ``+ - * /`` that are false where they vanish.
        right: the right-hand side.

    Raises:
        Undecided: the matrix is singular.

    >>> from fractions import Fraction as Q
    >>> solve([[Q(2), Q(1)], [Q(1), Q(1)]], [Q(3), Q(2)])
    [Fraction(1, 1), Fraction(1, 1)]
    """
    reduced, pivots = _eliminated([[*row, b] for row, b in zip(rows, right, strict=True)])
    if pivots != list(range(len(rows))):
        raise Undecided("a linear system of the normal form is singular: an unforeseen resonance")
    return [row[-1] for row in reduced]


def null_vector(rows: Rows, one: Any) -> list[Any]:
    """The vector of a one-dimensional null space whose last free entry is one.

    Args:
        rows: a square matrix.
        one: the unit of the field.

    Raises:
        Undecided: the null space has another dimension.
    """
    reduced, pivots = _eliminated([list(row) for row in rows])
    free = [j for j in range(len(rows)) if j not in pivots]
    if len(free) != 1:
        raise Undecided(f"an eigenvalue has {len(free)} eigenvectors where one was expected")
    zero = one - one
    vector = [zero] * len(rows)
    vector[free[0]] = one
    for row, j in zip(reduced, pivots, strict=False):
        vector[j] = zero - row[free[0]]
    return vector


def _eliminated(rows: list[list[Any]]) -> tuple[list[list[Any]], list[int]]:
    """The reduced echelon form of the rows and the columns of its pivots."""
    pivots: list[int] = []
    for column in range(len(rows[0])):
        top = len(pivots)
        found = next((i for i in range(top, len(rows)) if rows[i][column]), None)
        if found is None:
            continue
        rows[top], rows[found] = rows[found], rows[top]
        pivot = rows[top][column]
        rows[top] = [entry / pivot for entry in rows[top]]
        for i, row in enumerate(rows):
            if i != top and row[column]:
                factor = row[column]
                rows[i] = [a - factor * b for a, b in zip(row, rows[top], strict=True)]
        pivots.append(column)
        if len(pivots) == len(rows):
            break
    return rows, pivots
