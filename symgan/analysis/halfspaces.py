r"""Open polyhedra: whether strict linear inequalities have a common solution, exactly.

The inequalities :math:`a_i \cdot x + b_i > 0` have one if and only if the least :math:`r \ge 0`
with :math:`a_i \cdot x + b_i \ge 1 - r` is below 1. That linear program is solved by the simplex
method over the rationals with Bland's rule, which cannot cycle.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from symgan.analysis.budget import Budget

Row = tuple[tuple[Fraction, ...], Fraction]
"""(a, b) of the inequality a x + b > 0."""

Table = list[list[Fraction]]
"""Rows of a dictionary: a basic variable is ``row[0] + sum row[j + 1] * nonbasic[j]``."""


def interior_point(
    rows: Sequence[Row], dimension: int, budget: Budget
) -> tuple[Fraction, ...] | None:
    r"""A rational point with :math:`a_i \cdot x + b_i > 0` for all rows, or None if none exists.

    Args:
        rows: the pairs (a, b), each a of length ``dimension``.
        dimension: how many coordinates x has.
        budget: the time that may be used.

    Raises:
        Undecided: out of time.

    >>> one = Fraction(1)
    >>> interior_point([((one,), one), ((-one,), one)], 1, Budget(1))
    (Fraction(0, 1),)
    >>> interior_point([((one,), -one), ((-one,), one)], 1, Budget(1)) is None
    True
    """
    program = _Program(rows, dimension)
    if program.worst < 0:
        program.pivot(program.worst_row, program.relaxation)
    while program.relaxed >= 1:
        budget.check("a linear program")
        entering = program.entering()
        if entering is None:
            return None
        program.pivot(program.leaving(entering), entering)
    return program.point()


class _Program:
    """Minimize r over nonnegative u, t, r with x = u - t (1, ..., 1) and nonnegative slacks.

    Variables are numbered u_0.., t, r, then the slacks.
    """

    def __init__(self, rows: Sequence[Row], dimension: int) -> None:
        one = Fraction(1)
        self.dimension = dimension
        self.nonbasic = list(range(dimension + 2))
        self.basic = [dimension + 2 + i for i in range(len(rows))]
        self.table: Table = [[b - 1, *a, -sum(a, Fraction(0)), one] for a, b in rows]
        self.aim = [Fraction(0), *([Fraction(0)] * (dimension + 1)), one]

    @property
    def relaxation(self) -> int:
        """The place of r among the nonbasic variables."""
        return self.nonbasic.index(self.dimension + 1)

    @property
    def worst_row(self) -> int:
        """The slack that is most negative at the start."""
        return min(range(len(self.table)), key=lambda i: self.table[i][0])

    @property
    def worst(self) -> Fraction:
        """Its value; 0 without rows."""
        return self.table[self.worst_row][0] if self.table else Fraction(0)

    @property
    def relaxed(self) -> Fraction:
        """The value of r."""
        return self.aim[0]

    def entering(self) -> int | None:
        """Bland's rule: the first variable by number that lowers r."""
        lowering = [j for j in range(len(self.nonbasic)) if self.aim[j + 1] < 0]
        return min(lowering, key=lambda j: self.nonbasic[j], default=None)

    def leaving(self, entering: int) -> int:
        """The first row by ratio, then by number; r >= 0 bounds the program."""
        falling = (i for i, row in enumerate(self.table) if row[entering + 1] < 0)
        return min(
            falling,
            key=lambda i: (-self.table[i][0] / self.table[i][entering + 1], self.basic[i]),
        )

    def pivot(self, leaving: int, entering: int) -> None:
        """Exchange a basic and a nonbasic variable."""
        row, place = self.table[leaving], entering + 1
        solved = [-entry / row[place] for entry in row]
        solved[place] = 1 / row[place]
        self.table[leaving] = solved
        for i, other in enumerate(self.table):
            if i != leaving:
                self.table[i] = _substituted(other, solved, place)
        self.aim = _substituted(self.aim, solved, place)
        pair = self.nonbasic[entering], self.basic[leaving]
        self.basic[leaving], self.nonbasic[entering] = pair

    def point(self) -> tuple[Fraction, ...]:
        """The values of x."""
        values = dict(zip(self.basic, (row[0] for row in self.table), strict=True))
        shift = values.get(self.dimension, Fraction(0))
        return tuple(values.get(j, Fraction(0)) - shift for j in range(self.dimension))


def _substituted(row: list[Fraction], solved: list[Fraction], place: int) -> list[Fraction]:
    """Put the solved variable into a row."""
    factor = row[place]
    if not factor:
        return row
    return [
        factor * s if j == place else entry + factor * s
        for j, (entry, s) in enumerate(zip(row, solved, strict=True))
    ]
