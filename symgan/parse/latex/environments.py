r"""Matrices, cases, and the lines of a display."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import ImmutableMatrix

from symgan.parse.latex.algebra import is_condition, scalar
from symgan.parse.latex.cursor import Cursor
from symgan.parse.latex.displays import DISPLAYS
from symgan.parse.latex.limits import MAX_ENTRIES

MATRICES = frozenset({"matrix", "pmatrix", "bmatrix", "Bmatrix", "smallmatrix", "array"})
CASES = frozenset({"cases", "dcases", "rcases"})
_OTHERWISE = frozenset({"otherwise", "else", "for otherwise", "if otherwise"})
_IF = frozenset({"if", "when", "for", "where", "in case"})


def read_environment(c: Cursor) -> Any:
    """The matrix, determinant, cases or display that begins here."""
    token = c.token
    if token.text in MATRICES:
        return _matrix(c)
    if token.text in ("vmatrix",):
        matrix = _matrix(c)
        if matrix.shape[0] != matrix.shape[1]:
            raise c.fail("a determinant takes a square matrix", token)
        return c.checked(matrix.det(method="berkowitz"), token)
    if token.text in CASES:
        return _cases(c)
    known = ", ".join(sorted(MATRICES | CASES | DISPLAYS))
    raise c.fail(f"the environment {token.text} cannot be read; known: {known}")


def _cells(c: Cursor) -> list[list[tuple[int, int]]]:
    """The places between ``&`` and ``\\\\`` at this depth: rows of (start, stop)."""
    rows: list[list[tuple[int, int]]] = [[]]
    start = place = c.place
    while place < c.end:
        kind = c.tokens[place].kind
        if kind in ("&", "row"):
            rows[-1].append((start, place))
            start = place + 1
            if kind == "row":
                rows.append([])
        place = c.closing.get(place, place) + 1
    rows[-1].append((start, c.end))
    if rows[-1] == [(c.end, c.end)] and len(rows) > 1:
        rows.pop()  # a line break behind the last row
    return rows


def _matrix(c: Cursor) -> ImmutableMatrix:
    token = c.token
    rows = c.group(lambda inner: _entries(inner, token))
    lengths = {len(row) for row in rows}
    if len(lengths) != 1:
        raise c.fail("the rows of this matrix are of different lengths", token)
    return ImmutableMatrix(rows)


def _entries(c: Cursor, token: Any) -> list[list[Any]]:
    if token.text == "array" and c.at("{"):
        c.place = c.closing[c.place] + 1  # how its columns are aligned
    cells = _cells(c)
    if sum(len(row) for row in cells) > MAX_ENTRIES:
        raise c.fail(f"matrices of more than {MAX_ENTRIES} entries are refused", token)
    return [[_entry(c, *cell) for cell in row] for row in cells]


def _entry(c: Cursor, start: int, stop: int) -> Any:
    c.place = start
    token = c.token
    if start == stop:
        raise c.fail("an entry of this matrix is missing; write 0")
    value = scalar(c, c.part(stop, c.inside, token), token)
    c.place = min(stop + 1, c.end)
    return value


def _cases(c: Cursor) -> Any:
    token = c.token
    return c.group(lambda inner: _pieces(inner, token))


def _pieces(c: Cursor, token: Any) -> Any:
    pieces = []
    rows = _cells(c)
    for number, row in enumerate(rows, 1):
        if len(row) != 2:
            raise c.fail("a line of cases is a value, &, and its condition", token)
        c.place = row[0][0]
        _trim(c, row[0])
        value = scalar(c, c.part(_without_mark(c, row[0]), c.inside, token), token)
        c.place = row[1][0]
        condition = _condition(c, row[1][1])
        if condition is sp.true and number < len(rows):
            raise c.fail("the case otherwise comes last", token)
        pieces.append((value, condition))
    c.place = c.end
    return c.checked(sp.Piecewise(*pieces, evaluate=False), token)


def _trim(c: Cursor, cell: tuple[int, int]) -> None:
    if cell[0] == cell[1]:
        raise c.fail("the value of this case is missing")


def _without_mark(c: Cursor, cell: tuple[int, int]) -> int:
    """Where a value ends, a comma or colon behind it left out."""
    start, stop = cell
    return stop - 1 if stop - start > 1 and c.tokens[stop - 1].kind in (",", ":", ";") else stop


def _condition(c: Cursor, stop: int) -> Any:
    end, c.end = c.end, stop
    try:
        while c.token.kind in (",", ":", ";") or (
            c.token.kind in ("text", "word") and _words(c) in _IF
        ):
            c.take()
        token = c.token
        if c.token.kind in ("text", "word") and _words(c) in _OTHERWISE:
            c.take()
            condition: Any = sp.true
        else:
            condition = c.part(_without_mark(c, (c.place, stop)), c.inside, token)
            c.place = stop
        if not is_condition(condition):
            raise c.fail("a condition is wanted here, such as x > 0", token)
        if c.token.kind != "stop":
            raise c.unexpected()
    finally:
        c.end = end
    return condition


def _words(c: Cursor) -> str:
    return c.token.text.strip(" .,:;").lower()
