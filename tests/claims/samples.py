"""Small claims with known verdicts, for the tests of the engine."""

from __future__ import annotations

import mpmath
import sympy as sp
from sympy import Abs, Symbol, sqrt

from symgan.claims import Claim, Examination, Verdict, by_numbers, claim, claim_of, eq

a = Symbol("a", positive=True)
K = Symbol("K", real=True)
A = Symbol("A", real=True)
EXACT = {A: Abs(K) / sqrt(1 + a**2)}
MEASURED = by_numbers({A: lambda place: abs(place["K"]) / mpmath.sqrt(1 + place["a"] ** 2)})
WRONG = by_numbers({A: lambda place: place["K"] + 7})
UNSIGNED = eq(A, K / sqrt(1 + a**2))
TRUE = eq(A, Abs(K) / sqrt(1 + a**2))


def made(case: object, expect: Verdict) -> Claim:
    """A claim whose function returns this case."""

    @claim("sample.one", source="here", says="a sample", expect=expect, repair="r", reason="r")
    def one() -> object:
        return case

    found = claim_of(one)
    assert found is not None
    return found


def case(statement: sp.Basic, **options: object) -> Examination:
    """An examination of a statement about A, by both routes unless said otherwise."""
    return Examination(statement, EXACT, **{"second": MEASURED, **options})  # type: ignore[arg-type]
