r"""The second program on step conditions: the positive expressions, derived anew in FLINT.

A certificate of kind ``step-conditions`` says: all eigenvalues of a matrix lie inside the unit
circle iff certain expressions are positive. Checked again: the factors multiply to the matrix's
characteristic polynomial (Faddeev-LeVerrier over rational functions), and each factor's
expressions are those of Liénard and Chipart for its image under
:math:`z = \frac{1+w}{1-w}`, with determinants expanded along rows.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from math import comb
from typing import Any

from symgan.certify.formula import evaluate, read
from symgan.certify.recheck_identity import Quotient, Quotients, quotient

Entries = list[Quotient]


def check_conditions(certificate: Mapping[str, Any]) -> bool:
    """Whether the expressions are what decides the matrix's spectral radius.

    Raises:
        BadData: an entry that cannot be read.
        Undecided: an entry holds a root or a function.

    >>> descent = {"matrix": [["1 - eta*a"]], "factors": [{"coefficients": ["1", "a*eta - 1"],
    ...     "multiplicity": 1, "positive": ["a*eta", "2 - a*eta"]}]}
    >>> check_conditions(descent)
    True
    >>> descent["factors"][0]["positive"] = ["a*eta", "1 - a*eta"]
    >>> check_conditions(descent)
    False
    """
    matrix = [[read(entry) for entry in row] for row in certificate["matrix"]]
    factors = [
        (
            [read(c) for c in factor["coefficients"]],
            int(factor["multiplicity"]),
            [read(e) for e in factor["positive"]],
        )
        for factor in certificate["factors"]
    ]
    trees = [e for row in matrix for e in row]
    trees += [e for entries, _, positive in factors for e in (*entries, *positive)]
    K = Quotients(sorted({n.id for t in trees for n in ast.walk(t) if isinstance(n, ast.Name)}), {})
    read_factors = [([evaluate(c, K) for c in cs], m, ps) for cs, m, ps in factors]
    whole = _characteristic([[evaluate(e, K) for e in row] for row in matrix], K)
    product = _product(read_factors, K)
    if any(m < 1 for _, m, _ in read_factors) or len(product) != len(whole):
        return False
    if not all(map(_equal, product, whole)):
        return False
    return all(
        _same([evaluate(e, K) for e in positive], _lienard_chipart(entries, K))
        for entries, _, positive in read_factors
    )


def _same(one: Sequence[Quotient], other: Sequence[Quotient]) -> bool:
    """Equal lists, up to the order."""
    left = list(other)
    for e in one:
        match = next((k for k, o in enumerate(left) if _equal(e, o)), None)
        if match is None:
            return False
        del left[match]
    return not left


def _equal(one: Quotient, other: Quotient) -> bool:
    """Equal as rational functions: constants may stand above or below."""
    return bool(one.top * other.bottom == other.top * one.bottom)


def _product(factors: Sequence[tuple[Entries, int, Any]], K: Quotients) -> Entries:
    """The monic product of the factors."""
    found = [K.number(1)]
    for entries, multiplicity, _ in factors:
        monic = [quotient(c.top * entries[0].bottom, c.bottom * entries[0].top) for c in entries]
        for _ in range(multiplicity):
            found = _times(found, monic, K)
    return found


def _times(one: Entries, other: Entries, K: Quotients) -> Entries:
    found = [K.number(0)] * (len(one) + len(other) - 1)
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            found[i + j] += a * b
    return found


def _characteristic(A: list[Entries], K: Quotients) -> Entries:
    """Coefficients, leading one first, by Faddeev and LeVerrier."""
    n = len(A)
    M = [[K.number(0)] * n for _ in range(n)]
    found = [K.number(1)]
    for k in range(1, n + 1):
        for i in range(n):
            M[i][i] += found[-1]
        M = [[_sum([A[i][m] * M[m][j] for m in range(n)], K) for j in range(n)] for i in range(n)]
        trace = _sum([M[i][i] for i in range(n)], K)
        found.append(quotient(-trace.top, k * trace.bottom))
    return found


def _sum(terms: Sequence[Quotient], K: Quotients) -> Quotient:
    return sum(terms, K.number(0))


def _lienard_chipart(entries: Entries, K: Quotients) -> Entries:
    r"""With H the image and c the leading coefficient: every second c h_k and c^k Delta_k."""
    lead, H = entries[0], _image(entries, K)
    n = len(H) - 1
    found = [lead * H[k] for k in range(n, -1, -2)]
    if n % 2:
        found.append(lead * H[0])
    for k in range(n - 1, 0, -2):
        minor = _determinant([[_entry(H, i, j, K) for j in range(k)] for i in range(k)], K)
        found.append(minor * lead if k % 2 else minor)
    return found


def _image(entries: Entries, K: Quotients) -> Entries:
    r"""The coefficients of :math:`(1-w)^n g\!\left(\frac{1+w}{1-w}\right)`, leading one first."""
    n = len(entries) - 1
    found = [K.number(0)] * (n + 1)
    for k, c in enumerate(reversed(entries)):
        for power in range(n + 1):
            number = sum(
                comb(k, i) * comb(n - k, power - i) * (-1) ** (power - i)
                for i in range(max(0, power - n + k), min(k, power) + 1)
            )
            found[n - power] += c * K.number(number)
    return found


def _entry(H: Entries, i: int, j: int, K: Quotients) -> Quotient:
    k = 2 * j - i + 1
    return H[k] if 0 <= k < len(H) else K.number(0)


def _determinant(rows: list[Entries], K: Quotients) -> Quotient:
    """By expansion along the first row; the sizes are small."""
    if not rows:
        return K.number(1)
    found = K.number(0)
    for j, entry in enumerate(rows[0]):
        if entry.top == 0:
            continue
        minor = _determinant([row[:j] + row[j + 1 :] for row in rows[1:]], K)
        found = found - entry * minor if j % 2 else found + entry * minor
    return found
