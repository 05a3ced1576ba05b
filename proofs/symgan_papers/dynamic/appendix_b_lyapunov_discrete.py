"""Appendix B, discrete time: increments of P along a map, and what they are enough for."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.appendix_b_lyapunov import (
    POINTS,
    STATE,
    A,
    P,
    image_of,
    k,
    quadratic_form,
    u,
    v,
    value,
)


@claim(
    "dynamic.lyapunov.discrete.linear",
    source="appendix B, discrete time",
    printed=r"A^T P A - P",
    formal=r"(Ax)^T P (Ax) - x^T P x = x^T (A^T P A - P) x",
    says="the form that is to be negative semidefinite is the increment of x^T P x under x+ = A x",
    expect=Verdict.PROVED,
)
def discrete_linear() -> Examination:
    new = A * STATE
    exact = {value: sp.expand((new.T * P * new)[0] - (STATE.T * P * STATE)[0])}

    def measured(place: Any) -> Any:
        return quadratic_form(place, image_of(place)) - quadratic_form(
            place, (place["u"], place["v"])
        )

    right = sp.expand((STATE.T * (A.T * P * A - P) * STATE)[0])
    return Examination(
        eq(value, right),
        exact,
        by_numbers({value: measured}, kind="evaluated:mpmath", points=POINTS),
    )


@claim(
    "dynamic.lyapunov.discrete.two-steps",
    source="appendix B, discrete time (and lemma D.2's proof)",
    printed=r"P(f(x(k+1))) - P(x(k))",
    formal=r"P(f(x(k+1))) - P(x(k)) = P(x(k+1)) - P(x(k))",
    says="the printed difference is the increment of P in one update: here for P = u^2 + v^2 and "
    "f(u, v) = (2v, u/2)",
    expect=Verdict.REFUTED,
    amended=r"P(f(f(x))) - P(x) = 0, \quad P(f(x)) - P(x) = 3v^2 - \frac{3u^2}{4}",
    repair="write P(f(x(k))) or P(x(k+1)); x(k+1) is f(x(k)) already, so the print compares "
    "states two updates apart, which this f returns to where they were",
)
def two_steps() -> Examination:
    two, one = sp.symbols("two one", real=True)

    def mapped(first: Any, second: Any) -> tuple[Any, Any]:
        return 2 * second, first / 2

    def potential(point: Any) -> Any:
        return point[0] ** 2 + point[1] ** 2

    start = (u, v)
    exact = {
        two: sp.expand(potential(mapped(*mapped(*start))) - potential(start)),
        one: sp.expand(potential(mapped(*start)) - potential(start)),
    }
    matrix = mpmath.matrix([[0, 2], [mpmath.mpf(1) / 2, 0]])

    def after(steps: int) -> Any:
        def measure(place: Any) -> Any:
            at = mpmath.matrix([place["u"], place["v"]])
            return mpmath.norm(matrix**steps * at) ** 2 - mpmath.norm(at) ** 2

        return measure

    return Examination(
        eq(two, one),
        exact,
        by_numbers(
            {two: after(2), one: after(1)},
            kind="evaluated:mpmath",
            points=({u: 1, v: 2}, {u: -3, v: 1}),
        ),
        amendment=sp.And(eq(two, 0 * u), eq(one, 3 * v**2 - sp.Rational(3, 4) * u**2)),
    )


@claim(
    "dynamic.lyapunov.discrete.non-increasing",
    source="appendix B, discrete time",
    formal=r"P_k \le P_0",
    says="it is enough that the increments do not increase with k: so with increments all equal "
    "to c > 0 P stays below its first value S",
    expect=Verdict.REFUTED,
    amended=r"P_k = P_0 + k c",
    repair="P, not its increment, is to be nonincreasing: the increment is to be nonpositive. "
    "f(x) = x + c for x > 0 with f(0) = 0 has constant increments of P = |x| and is unstable",
)
def non_increasing() -> Examination:
    c, start = Symbol("c", positive=True), Symbol("P_0", positive=True)
    step = Symbol("j", integer=True)
    exact = {value: start + sp.summation(c, (step, 1, k))}

    def measured(place: Any) -> Any:
        at = place["P_0"]
        for _ in range(int(place["k"])):
            at = at + place["c"]
        return abs(at)

    return Examination(
        value <= start,
        exact,
        by_numbers({value: measured}, points=({c: 1, start: 1, k: 3}, {c: 2, start: 3, k: 7})),
        amendment=eq(value, start + k * c),
    )


@claim(
    "dynamic.lyapunov.discrete.sufficient",
    source="appendix B, discrete time, repaired",
    formal=r"L R_0 - l R_k = u + s_0 + s_k",
    says="ours: with l R <= P <= L R, R the squared distance, and P_k = P_0 - u, u >= 0, "
    "l R_k <= L R_0 (s_0, s_k >= 0 the slacks of the bounds): delta = eps sqrt(l/L)",
    expect=Verdict.PROVED,
)
def sufficient() -> Examination:
    low, high = sp.symbols("l L", positive=True)
    drop, s_0, s_k = sp.symbols("u s_0 s_k", nonnegative=True)
    first, last = sp.symbols("R_0 R_k", real=True)
    # P_0 = L R_0 - s_0 and P_k = l R_k + s_k with slacks, P_k = P_0 - u
    start = Symbol("P_0", real=True)
    exact = {first: (start + s_0) / high, last: (start - drop - s_k) / low}
    points = (
        {low: 1, high: 2, start: 3, drop: 1, s_0: 1, s_k: 0},
        {low: sp.Rational(1, 2), high: 1, start: 2, drop: 0, s_0: 0, s_k: 1},
    )
    numbers = {
        first: lambda p: mpmath.fdiv(p["P_0"] + p["s_0"], p["L"]),
        last: lambda p: mpmath.fdiv(p["P_0"] - p["u"] - p["s_k"], p["l"]),
    }
    return Examination(
        eq(high * first - low * last, drop + s_0 + s_k),
        exact,
        by_numbers(numbers, kind="evaluated:mpmath", points=points),
    )


@claim(
    "dynamic.lyapunov.time",
    source="appendix B",
    says="continuous time is effective for infinitesimal learning rates, discrete time is used "
    "for the others",
    expect=Verdict.INFORMAL,
    reason="a choice of method; what the two say differently of the oracle is judged in "
    "dynamic.settled.flow and dynamic.settled.w",
)
def time() -> None: ...
