r"""Tables 1 and 2, exactly: what the printed values say of ranks, marks and tests.

Values are read from the package's data as rationals; nothing is rounded on the way. The
independent recount of the same files is `recount`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from sympy import Expr, Integer, Rational

from symgan.certify.ball import enclose
from symgan.claims import Step
from symgan.data import exact, table
from symgan.errors import Undecided
from symgan.stats import (
    CellChange,
    Friedman,
    friedman,
    mending_cells,
    mending_transpositions,
    rank_sums,
    ranks,
)

METHODS = ("Sim", "Alt1", "Alt5", "Dyn")
"""Sim-GDA, Alt-GDA with n_d = 1 and n_d = 5, Dynamic-GDA."""
DATASETS: Mapping[int, tuple[str, ...]] = {
    1: ("Ring", "Circle", "Spiral", "Line"),
    2: ("celebA", "CIFAR-10", "MNIST"),
}
ALL_DATASETS = DATASETS[1] + DATASETS[2]


@dataclass(frozen=True)
class Cells:
    """One (GAN, dataset) pair: a value a method, in the order of METHODS, and the marks.

    Attributes:
        gan: the class of GAN, as table 1 spells it.
        dataset: the dataset.
        values: Wasserstein distances or FID scores; smaller is better.
        texts: the same as printed.
        underlined: the methods whose value is underlined as second best.
    """

    gan: str
    dataset: str
    values: tuple[Fraction, ...]
    texts: tuple[str, ...]
    underlined: tuple[str, ...]

    @property
    def ranks(self) -> tuple[Fraction, ...]:
        """The rank of each method; 1 is the smallest value."""
        return ranks(self.values)

    def rank(self, method: str) -> Rational:
        """The rank of one method."""
        return rational(self.ranks[METHODS.index(method)])

    def holder(self, rank: int) -> tuple[str, ...]:
        """The methods of a rank."""
        return tuple(m for m, r in zip(METHODS, self.ranks, strict=True) if r == rank)


def rational(value: Fraction) -> Rational:
    """A fraction as a SymPy number."""
    return Rational(value.numerator, value.denominator)


@cache
def pairs(number: int) -> tuple[Cells, ...]:
    """The (GAN, dataset) pairs of table 1 or 2, GAN after GAN."""
    rows = table(f"dynamic_table{number}").rows
    keys = dict.fromkeys((row["gan"], row["dataset"]) for row in rows)
    return tuple(_cells(number, gan, dataset) for gan, dataset in keys)


def _cells(number: int, gan: str, dataset: str) -> Cells:
    found = {
        row["method"]: row
        for row in table(f"dynamic_table{number}").rows
        if (row["gan"], row["dataset"]) == (gan, dataset)
    }
    texts = tuple(found[method]["value"] for method in METHODS)
    marks = tuple(m for m in METHODS if found[m]["underlined_as_second"] == "yes")
    values = tuple(exact(text) for text in texts)
    # Table 2 prints "SN GAN" for what table 1 calls "SN-GAN".
    return Cells(gan.replace("SN GAN", "SN-GAN"), dataset, values, texts, marks)


def chosen(datasets: tuple[str, ...] = ALL_DATASETS) -> tuple[Cells, ...]:
    """The pairs of some datasets, over both tables."""
    return tuple(c for number in DATASETS for c in pairs(number) if c.dataset in datasets)


def pair(gan: str, dataset: str) -> Cells:
    """One (GAN, dataset) pair."""
    (found,) = (c for c in chosen((dataset,)) if c.gan == gan)
    return found


def average_rank(dataset: str, method: str) -> Rational:
    """A method's average rank over the GANs of a dataset, from the printed values."""
    blocks = [c.values for c in chosen((dataset,))]
    return rational(rank_sums(blocks)[METHODS.index(method)] / len(blocks))


def printed_average_rank(dataset: str, method: str) -> Rational:
    """The number that the bottom-most row prints."""
    (text,) = (
        row["printed"]
        for row in table("dynamic_average_ranks").rows
        if (row["dataset"], row["method"]) == (dataset, method)
    )
    return rational(exact(text))


def underlined_averages(dataset: str) -> tuple[bool, ...]:
    """Which methods' printed average ranks are underlined, in the order of METHODS."""
    rows = [row for row in table("dynamic_average_ranks").rows if row["dataset"] == dataset]
    marks = {row["method"]: row["underlined_as_second"] == "yes" for row in rows}
    return tuple(marks[method] for method in METHODS)


def times_best(method: str, number: int) -> Integer:
    """In how many pairs of a table a method has the smallest value alone."""
    return Integer(sum(c.holder(1) == (method,) for c in pairs(number)))


def right_marks(number: int) -> Integer:
    """In how many pairs the one underlined value is the second best."""
    return Integer(sum(c.underlined == c.holder(2) for c in pairs(number)))


def better_than(dataset: str, method: str) -> Integer:
    """How many methods have a smaller average rank, computed from the values."""
    own = average_rank(dataset, method)
    return Integer(sum(bool(average_rank(dataset, other) < own) for other in METHODS))


def printed_better_than(dataset: str, method: str) -> Integer:
    """How many methods have a smaller printed average rank."""
    own = printed_average_rank(dataset, method)
    return Integer(sum(bool(printed_average_rank(dataset, m) < own) for m in METHODS))


def as_good_as(dataset: str, method: str) -> Integer:
    """How many methods have the same average rank, the method itself included."""
    own = average_rank(dataset, method)
    return Integer(sum(average_rank(dataset, other) == own for other in METHODS))


@cache
def test_over(datasets: tuple[str, ...]) -> Friedman:
    """Friedman's test with the (GAN, dataset) pairs of some datasets as blocks."""
    return friedman([c.values for c in chosen(datasets)])


def rounded(value: Expr, digits: int) -> Rational:
    """A number rounded to so many decimals, proved by ball arithmetic.

    Raises:
        Undecided: it lies too near the middle between two decimals to be told.
    """
    scaled = enclose(value * 10**digits + Rational(1, 2), {}, 256).real
    unit = scaled.floor().unique_fmpz()
    if unit is None:
        raise Undecided(f"{value} cannot be rounded to {digits} decimals at 256 bits")
    return Rational(int(unit), 10**digits)


@cache
def mends(dataset: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Every single cell, and every exchange in one pair, that gives the printed row: in words."""
    rows = chosen((dataset,))
    blocks = [c.values for c in rows]
    target = [Fraction(*printed_average_rank(dataset, m).as_numer_denom()) for m in METHODS]
    cells = tuple(_in_words(rows[c.block], c) for c in mending_cells(blocks, target))
    swaps = tuple(
        f"{rows[s.block].gan}: exchange {METHODS[s.first]} and {METHODS[s.second]}"
        for s in mending_transpositions(blocks, target)
    )
    return cells, swaps


def _in_words(cells: Cells, change: CellChange) -> str:
    printed = dict(zip(cells.values, cells.texts, strict=True))
    below = f" below {printed[change.below]}" if change.below is not None else ""
    above = f" above {printed[change.above]}" if change.above is not None else ""
    joint = " and" if above and below else ""
    method = METHODS[change.treatment]
    return f"{cells.gan}: {method} {cells.texts[change.treatment]} put{above}{joint}{below}"


def mend_steps(dataset: str) -> tuple[Step, ...]:
    """What would mend a dataset's column, found by trying every single change."""
    cells, swaps = mends(dataset)
    found = (*cells, *swaps)
    return tuple(Step(f"{dataset}, one change that gives the printed row: {m}") for m in found)
