r"""Where a table contradicts its own average ranks: every single change that mends it.

Averages of ranks depend on a value only through its place in its block, so all real values
that a cell might have had fall into finitely many open intervals; each is tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise

from symgan.stats.ranks import Block, Blocks, rank_rows, ranks


@dataclass(frozen=True)
class CellChange:
    """One value replaced by any value strictly between two bounds.

    Attributes:
        block: index of the block.
        treatment: index of the treatment.
        above: the new value lies above this value of the block; None is minus infinity.
        below: and below this one; None is infinity.
    """

    block: int
    treatment: int
    above: Fraction | None
    below: Fraction | None

    def allows(self, value: Fraction) -> bool:
        """Whether a value lies between the bounds."""
        return (self.above is None or value > self.above) and (
            self.below is None or value < self.below
        )


@dataclass(frozen=True)
class Transposition:
    """Two values of one block exchanged."""

    block: int
    first: int
    second: int


def mending_cells(blocks: Blocks, target: Sequence[Fraction]) -> tuple[CellChange, ...]:
    """Every change of one cell, without a new tie, after which the average ranks are the target.

    Args:
        blocks: n rows of k exact values, the smallest ranked first.
        target: the average ranks that are to come out, one a treatment.

    Raises:
        BadData: rows that cannot be ranked.

    >>> mending_cells([[1, 2], [3, 4]], [Fraction(3, 2), Fraction(3, 2)])[0]
    CellChange(block=0, treatment=0, above=Fraction(2, 1), below=None)
    """
    changes = (
        (place, CellChange(place, cell, above, below), changed)
        for place, block in enumerate(blocks)
        for cell in range(len(block))
        for above, below, changed in _moved(block, cell)
    )
    return tuple(change for place, change, row in changes if _hits(blocks, place, row, target))


def mending_transpositions(blocks: Blocks, target: Sequence[Fraction]) -> tuple[Transposition, ...]:
    """Every exchange of two values of a block after which the average ranks are the target.

    >>> mending_transpositions([[1, 2], [3, 4]], [Fraction(3, 2), Fraction(3, 2)])
    (Transposition(block=0, first=0, second=1), Transposition(block=1, first=0, second=1))
    """
    found = []
    for place, block in enumerate(blocks):
        for i, j in combinations(range(len(block)), 2):
            row = [Fraction(value) for value in block]
            row[i], row[j] = row[j], row[i]
            if _hits(blocks, place, row, target):
                found.append(Transposition(place, i, j))
    return tuple(found)


def _moved(
    block: Block, cell: int
) -> Iterator[tuple[Fraction | None, Fraction | None, list[Fraction]]]:
    """The cell's value moved into each open interval between the other values."""
    values = [Fraction(value) for value in block]
    others = sorted({value for place, value in enumerate(values) if place != cell})
    edges: list[Fraction | None] = [None, *others, None]
    for above, below in pairwise(edges):
        changed = list(values)
        changed[cell] = _between(above, below)
        if ranks(changed) != ranks(values):
            yield above, below, changed


def _between(above: Fraction | None, below: Fraction | None) -> Fraction:
    if above is not None and below is not None:
        return (above + below) / 2
    return above + 1 if above is not None else (below or Fraction(0)) - 1


def _hits(blocks: Blocks, place: int, row: Block, target: Sequence[Fraction]) -> bool:
    changed = [row if number == place else block for number, block in enumerate(blocks)]
    sums = [sum(column, Fraction(0)) for column in zip(*rank_rows(changed), strict=True)]
    return sums == [len(blocks) * Fraction(mean) for mean in target]
