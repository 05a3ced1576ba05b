"""Shipped tables: read exactly, complete, and refused where they are ragged."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symgan.data import exact, names, read_table, table
from symgan.errors import BadData, UnknownName

SHAPES = {
    "dynamic_table1": (8, 4, 4),
    "dynamic_table2": (8, 4, 3),
}
"""GANs, methods and datasets of the paper's tables."""


@pytest.mark.parametrize(("name", "shape"), SHAPES.items())
def test_every_cell_is_there_once(name: str, shape: tuple[int, int, int]) -> None:
    rows = table(name).rows
    keys = [(row["gan"], row["method"], row["dataset"]) for row in rows]
    assert len(set(keys)) == len(keys)
    factors = [{key[place] for key in keys} for place in range(3)]
    assert tuple(map(len, factors)) == shape
    assert len(keys) == shape[0] * shape[1] * shape[2]
    assert all(exact(row["value"]) > 0 for row in rows)
    assert {row["underlined_as_second"] for row in rows} == {"yes", "no"}


def test_average_ranks_cover_both_tables() -> None:
    rows = table("dynamic_average_ranks").rows
    keys = {(row["method"], row["dataset"]) for row in rows}
    cells = [row for name in SHAPES for row in table(name).rows]
    assert keys == {(row["method"], row["dataset"]) for row in cells}
    assert len(rows) == len(keys)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (".3979", Fraction(3979, 10000)),
        ("142.079", Fraction(142079, 1000)),
        ("-3", Fraction(-3)),
        ("2.", Fraction(2)),
    ],
)
def test_decimals_are_read_exactly(text: str, value: Fraction) -> None:
    assert exact(text) == value


@pytest.mark.parametrize("text", ["", ".", "1e3", "1/2", "nan", " 1", "1,5", "_1", "１"])
def test_anything_else_is_no_number(text: str) -> None:
    with pytest.raises(BadData, match="is not a plain decimal number"):
        exact(text)


def test_tables_are_found_by_name() -> None:
    assert set(SHAPES) <= set(names())
    assert all(table(name).rows for name in names())
    with pytest.raises(UnknownName, match=r"no table is called 'dynamic'; tables: dynamic_"):
        table("dynamic")


@pytest.mark.parametrize(
    ("text", "why"),
    [("", "is empty"), ("a,b\n1\n", "line 2: 1 fields instead of 2"), ("a\n1\n2,3\n", "line 3")],
)
def test_ragged_tables_are_refused(text: str, why: str) -> None:
    with pytest.raises(BadData, match=why):
        read_table("sample", text)
