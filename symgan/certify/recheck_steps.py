r"""The second program on step bounds: what happens beside each end, in fractions.

A step bound cuts the half-line of steps at finitely many ends. Checked again: the ends are
isolated roots of their polynomials and in order; at the sample of each interval, and at
rational steps within :math:`10^{-12}` of each end on both sides, the matrix has the status
that is claimed. The status comes from the characteristic polynomial (Faddeev-LeVerrier) and
Miller's recursion, written anew in fractions. Not checked: that no end is missing.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

from symgan.certify.formula import evaluate, read
from symgan.errors import BadData

Matrix = list[list[Fraction]]
NARROW = Fraction(1, 10**12)
INSIDE, SIMPLE, MULTIPLE, OUTSIDE = range(4)


class Numbers:
    """Fractions, with one symbol that has a value."""

    def __init__(self, symbol: str, value: Fraction) -> None:
        self.symbol, self.value = symbol, value

    def number(self, value: int) -> Fraction:
        """An integer."""
        return Fraction(value)

    def name(self, name: str) -> Fraction:
        """The symbol's value."""
        if name != self.symbol:
            raise BadData(f"the certificate holds the unknown symbol {name}")
        return self.value

    def divide(self, one: Fraction, other: Fraction) -> Fraction:
        """A quotient."""
        return one / other

    def power(self, base: ast.expr, exponent: ast.expr) -> Fraction:
        """No powers but those with integer exponents."""
        raise BadData("the certificate of a step bound holds a root")

    def call(self, function: str, arguments: list[ast.expr]) -> Fraction:
        """No functions."""
        raise BadData(f"the certificate of a step bound holds {function}(...)")


def check_steps(certificate: Mapping[str, Any]) -> bool:
    """Whether the samples and both sides of every end have the status that is claimed.

    Raises:
        BadData: an entry that cannot be read.

    >>> half = {"step": "eta", "matrix": [["1 - eta"]], "cells": [
    ...     {"status": "stable", "step": "1"},
    ...     {"status": "marginal", "root": {"polynomial": "x - 2", "low": "2", "high": "2"}},
    ...     {"status": "unstable", "step": "3"}]}
    >>> check_steps(half)
    True
    >>> half["cells"][1]["root"] = {"polynomial": "2*x - 5", "low": "5/2", "high": "5/2"}
    >>> check_steps(half)
    False
    """
    symbol = certificate["step"]
    matrix = [[read(entry) for entry in row] for row in certificate["matrix"]]
    cells = certificate["cells"]
    if not cells or any(("step" in c) == (k % 2 == 1) for k, c in enumerate(cells)):
        return False

    def status(step: Fraction) -> str:
        algebra = Numbers(symbol, step)
        return _status([[evaluate(entry, algebra) for entry in row] for row in matrix])

    marks: list[Fraction] = [Fraction(0)]
    for k, cell in enumerate(cells):
        if k % 2 == 0:
            step = Fraction(cell["step"])
            if status(step) != cell["status"]:
                return False
            marks.append(step)
            continue
        ends = _narrowed(cell["root"])
        if ends is None:
            return False
        low, high = ends
        sides = (low - NARROW, high + NARROW)
        for side, neighbor in zip(sides, (cells[k - 1], cells[k + 1]), strict=True):
            if status(side) != neighbor["status"]:
                return False
        if low == high and cell["status"] != "undefined" and status(low) != cell["status"]:
            return False
        marks += [low, high] if low < high else [low]
    return all(a < b for a, b in pairwise(marks))


def _narrowed(root: Mapping[str, str]) -> tuple[Fraction, Fraction] | None:
    """The isolating interval made narrow; None where the polynomial does not change sign on it."""
    tree = read(root["polynomial"])

    def value(at: Fraction) -> Fraction:
        return evaluate(tree, Numbers("x", at))

    low, high = Fraction(root["low"]), Fraction(root["high"])
    if low == high:
        return (low, high) if value(low) == 0 else None
    left = value(low)
    if left * value(high) >= 0:
        return None
    while high - low > NARROW:
        middle = (low + high) / 2
        if value(middle) * left > 0:
            low = middle
        else:
            high = middle
    return low, high


def _status(A: Matrix) -> str:
    g = _characteristic(A)
    place = _place(g)
    if place is not MULTIPLE:
        return {INSIDE: "stable", SIMPLE: "marginal", OUTSIDE: "unstable"}[place]
    return "marginal" if _is_semisimple(A, g) else "defective"


def _characteristic(A: Matrix) -> list[Fraction]:
    """Coefficients, leading one first, by Faddeev and LeVerrier."""
    n = len(A)
    M = [[Fraction(0)] * n for _ in range(n)]
    found = [Fraction(1)]
    for k in range(1, n + 1):
        for i in range(n):
            M[i][i] += found[-1]
        M = _product(A, M)
        found.append(-sum((M[i][i] for i in range(n)), Fraction(0)) / k)
    return found


def _place(g: list[Fraction]) -> int:
    if len(g) == 1:
        return INSIDE
    reduced = [g[0] * a - g[-1] * b for a, b in zip(g[:-1], g[:0:-1], strict=True)]
    if abs(g[-1]) < abs(g[0]):
        return _place([c / reduced[0] for c in reduced])
    if abs(g[-1]) > abs(g[0]) or any(reduced):
        return OUTSIDE
    inner = _place(_derivative(g))
    return OUTSIDE if inner == OUTSIDE else SIMPLE if inner == INSIDE else MULTIPLE


def _is_semisimple(A: Matrix, g: list[Fraction]) -> bool:
    """Equal ranks of u(A) and its square, u square-free with the roots on the circle."""
    circle = _gcd(g, g[::-1])
    u = _quotient(circle, _gcd(circle, _derivative(circle)))
    n = len(A)
    U = [[Fraction(0)] * n for _ in range(n)]
    for c in u:
        U = _product(U, A)
        for i in range(n):
            U[i][i] += c
    return _rank(U) == _rank(_product(U, U))


def _derivative(g: list[Fraction]) -> list[Fraction]:
    n = len(g) - 1
    return [c * (n - k) for k, c in enumerate(g[:-1])]


def _gcd(one: list[Fraction], other: list[Fraction]) -> list[Fraction]:
    while other:
        one, other = other, _stripped(_division(one, other)[1])
    return [c / one[0] for c in one]


def _quotient(one: list[Fraction], other: list[Fraction]) -> list[Fraction]:
    return _division(one, other)[0]


def _division(one: list[Fraction], other: list[Fraction]) -> tuple[list[Fraction], list[Fraction]]:
    rest, quotient = list(_stripped(one)), []
    other = _stripped(other)
    while len(rest) >= len(other):
        factor = rest[0] / other[0]
        quotient.append(factor)
        for i, c in enumerate(other):
            rest[i] -= factor * c
        rest.pop(0)
    return quotient, rest


def _stripped(g: list[Fraction]) -> list[Fraction]:
    first = next((i for i, c in enumerate(g) if c), len(g))
    return g[first:]


def _product(A: Matrix, B: Matrix) -> Matrix:
    columns = list(zip(*B, strict=True))
    return [
        [sum((a * b for a, b in zip(r, c, strict=True)), Fraction(0)) for c in columns] for r in A
    ]


def _rank(A: Matrix) -> int:
    rows, rank = [list(r) for r in A], 0
    for column in range(len(A)):
        pivot = next((r for r in rows[rank:] if r[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows.insert(rank, pivot)
        for r in rows[rank + 1 :]:
            factor = r[column] / pivot[column]
            for j in range(len(A)):
                r[j] -= factor * pivot[j]
        rank += 1
    return rank
