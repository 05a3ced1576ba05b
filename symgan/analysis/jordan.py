r"""Orbits that grow without bound along a Jordan block, at single steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import Expr, Matrix, Poly, Symbol

from symgan.analysis.cells import Signs
from symgan.analysis.escape import Word
from symgan.certify.certificate import witness_data
from symgan.certify.identity import is_zero, rational_points

MOST_STARTS = 60


@dataclass(frozen=True)
class Drift:
    r"""An unbounded orbit :math:`(\pm M)^k x = x + kw`.

    Attributes:
        start: x, rational.
        drift: w, what each period adds up to sign.
        certificate: the identity :math:`(\pm M - 1)^2 = 0` and the signs that keep the orbit
            :math:`x + tw`, for all :math:`t \ge 0`, in the cones of the word.
    """

    start: Mapping[Symbol, Expr]
    drift: Mapping[Symbol, Expr]
    certificate: Mapping[str, Any]


def drift(word: Word, step: Symbol, value: Expr) -> Drift | None:
    """An unbounded orbit of a word whose matrix is, at one step, a Jordan block.

    Args:
        word: a word of branches.
        step: the step.
        value: the step's value.
    """
    place = {step: value}
    M = word.matrix.subs(place)
    for sign in (1, -1) if word.is_even else (1,):
        N = sign * M - sp.eye(M.rows)
        if N.is_zero_matrix or not (N * N).applyfunc(sp.expand).is_zero_matrix:
            continue
        for start in _starts(word.state):
            found = _kept(word, start, N * Matrix(start), place)
            if found is not None:
                squares = [is_zero(entry).certificate for entry in N * N]
                w = N * Matrix(start)
                return Drift(
                    dict(zip(word.state, start, strict=True)),
                    dict(zip(word.state, w, strict=True)),
                    {"parts": [*squares, *found], "period": str(sign * M.tolist())},
                )
    return None


def _starts(state: Sequence[Symbol]) -> list[list[Expr]]:
    free = [sp.Dummy(s.name, real=True) for s in state]
    return [[p[s] for s in free] for p in rational_points(set(free), tries=MOST_STARTS)]


def _kept(
    word: Word, start: Sequence[Expr], w: Matrix, place: Mapping[Symbol, Expr]
) -> list[Mapping[str, Any]] | None:
    """Evidence that :math:`x + tw` visits the word's cones for all t; None if it does not.

    On each cone every condition is a polynomial in t whose coefficients share the wanted
    sign; a part says that such a coefficient is not of the other one.
    """
    t = Symbol("t", nonnegative=True)
    if w.is_zero_matrix:
        return None
    line = [x + t * e for x, e in zip(start, w, strict=True)]
    found: list[Mapping[str, Any]] = []
    for p, signs in word.conditions(line):
        coefficients = _one_signed(sp.expand(p.subs(place)), signs, t)
        if coefficients is None:
            return None
        found += [witness_data({}, c, "<=") for c in coefficients]
    return found


def _one_signed(moved: Expr, signs: Signs, t: Symbol) -> list[Expr] | None:
    """A polynomial's nonzero coefficients times its sign, if so all are positive."""
    sign = next(iter(signs)) if len(signs) == 1 else 0
    coefficients = [sign * c for c in Poly(moved, t).all_coeffs()]
    kept = coefficients[-1].is_positive and all(c.is_nonnegative for c in coefficients)
    return [c for c in coefficients if c != 0] if kept else None
