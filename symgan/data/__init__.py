"""Tables that ship with symgan: numbers transcribed from papers, one CSV file a table.

Values are kept as text, exactly as printed; `exact` reads one as a rational number.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from importlib.resources import files

from symgan.errors import BadData, UnknownName

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)


@dataclass(frozen=True)
class Table:
    """A transcribed table.

    Attributes:
        name: the stem of its file.
        columns: the names in its first line.
        rows: one mapping a line, column -> text as printed.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]


def names() -> tuple[str, ...]:
    """The names of all tables that ship with symgan.

    >>> "dynamic_table1" in names()
    True
    """
    found = (path.name for path in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".csv") for name in found if name.endswith(".csv")))


def table(name: str) -> Table:
    """A table by its name.

    Args:
        name: one of `names()`.

    Raises:
        UnknownName: no table has the name.
        BadData: a line has more or fewer fields than the header.

    >>> table("dynamic_table1").rows[0]["value"]
    '.3979'
    """
    if name not in names():
        raise UnknownName(f"no table is called {name!r}; tables: {', '.join(names())}")
    return read_table(name, files(__name__).joinpath(f"{name}.csv").read_text(encoding="utf-8"))


def read_table(name: str, text: str) -> Table:
    r"""The table that a CSV text holds; the first line names its columns.

    Raises:
        BadData: no header, or a line with more or fewer fields than the header.

    >>> read_table("t", "a,b\n1,2\n").rows
    ({'a': '1', 'b': '2'},)
    """
    lines = list(csv.reader(text.splitlines()))
    if not lines:
        raise BadData(f"table {name} is empty; its first line must name the columns")
    header, *body = lines
    for number, line in enumerate(body, 2):
        if len(line) != len(header):
            raise BadData(
                f"table {name}, line {number}: {len(line)} fields instead of {len(header)}"
            )
    return Table(name, tuple(header), tuple(dict(zip(header, line, strict=True)) for line in body))


def exact(text: str) -> Fraction:
    """A printed decimal as a rational number.

    Raises:
        BadData: the text is not a plain decimal number.

    >>> exact(".3979")
    Fraction(3979, 10000)
    """
    if not _NUMBER.fullmatch(text):
        raise BadData(f"{text!r} is not a plain decimal number; write it like 0.25")
    return Fraction(text)
