r"""Linear independence shown by values modulo a prime.

Functions whose values at some points form a matrix of full column rank are linearly
independent, and a rank modulo a prime is at most the rank over the rationals; with the
parameters at one value it is at most the rank over the field of the parameters. So a full rank
proves independence there, at a fraction of what the polynomials themselves take.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

from sympy import Expr, Symbol

PRIME = 2**61 - 1
FURTHER = 3
"""Points beyond the number of functions: some may lie on a zero of a determinant."""


def independent(
    functions: Sequence[Expr], variables: set[Symbol], further: Sequence[Sequence[int]] = ()
) -> bool:
    """Whether rational functions are seen to be linearly independent over the other symbols.

    Args:
        functions: rational in all their symbols; others are not seen.
        variables: what they are functions of.
        further: rows of integers that a combination has to cancel too.

    >>> from sympy.abc import a, x, y
    >>> independent([x, a*x*y, 1/x], {x, y}), independent([x, a*x], {x, y})
    (True, False)
    """
    draw = Random(0)
    symbols = sorted(set().union(*(f.free_symbols for f in functions)), key=str)
    held = {s: draw.randrange(PRIME) for s in symbols if s not in variables}
    rows = [[n % PRIME for n in row] for row in further]
    try:
        for _ in range(len(functions) + FURTHER):
            moved = {s: draw.randrange(PRIME) for s in symbols if s in variables}
            known: dict[Expr, int] = {}
            rows.append([_value(f, {**held, **moved}, known) for f in functions])
    except (TypeError, ValueError):  # no rational function, or a pole at the point
        return False
    return _rank(rows, len(functions)) == len(functions)


def _value(node: Expr, point: Mapping[Symbol, int], known: dict[Expr, int]) -> int:
    """The value modulo the prime; equal parts are worked out once.

    Raises:
        TypeError: a part is no rational function.
        ValueError: there is a pole.
    """
    found = known.get(node)
    if found is None:
        found = known[node] = _worked_out(node, point, known) % PRIME
    return found


def _worked_out(node: Expr, point: Mapping[Symbol, int], known: dict[Expr, int]) -> int:
    if node.is_Symbol:
        return point[node]
    if node.is_Rational:
        return int(node.p) * pow(int(node.q), -1, PRIME)
    if node.is_Pow and node.exp.is_Integer:
        return pow(_value(node.base, point, known), int(node.exp), PRIME)
    parts = [_value(part, point, known) for part in node.args] if node.args else []
    if node.is_Add:
        return sum(parts)
    if node.is_Mul:
        product = 1
        for part in parts:
            product = product * part % PRIME
        return product
    raise TypeError(node.func)


def _rank(rows: list[list[int]], columns: int) -> int:
    """The rank modulo the prime, by elimination."""
    rank = 0
    for column in range(columns):
        pivot = next((i for i in range(rank, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        inverse = pow(rows[rank][column], -1, PRIME)
        for i in range(rank + 1, len(rows)):
            if factor := rows[i][column] * inverse % PRIME:
                rows[i] = [
                    (a - factor * b) % PRIME for a, b in zip(rows[i], rows[rank], strict=True)
                ]
        rank += 1
    return rank
