"""A glance in floats: what it sees is so; what rounding could have made is not seen."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Integer, Rational

from symgan.analysis.glance import runs_away, seen_to_hold
from symgan.analysis.prune import impossible
from symgan.system import Map

a = sp.Symbol("a", real=True)
p, q = sp.symbols("p q", positive=True)
n = sp.Symbol("n", negative=True)
eta = sp.Symbol("eta", positive=True)

LINEAR = st.builds(
    lambda c, d, e, kind: kind(c * p + d * q, e),
    *[st.integers(-3, 3)] * 3,
    st.sampled_from([sp.Gt, sp.Lt, sp.Ge, sp.Le, sp.Ne]),
)
CONDITIONS = st.recursive(
    LINEAR,
    lambda parts: st.one_of(
        st.tuples(parts, parts).map(lambda t: sp.And(*t)),
        st.tuples(parts, parts).map(lambda t: sp.Or(*t)),
        parts.map(sp.Not),
    ),
    max_leaves=4,
)


def holds_at(condition: Any, values: dict[Any, Fraction]) -> bool:
    return bool(condition.subs({s: Rational(v) for s, v in values.items()}))


@settings(max_examples=25, deadline=None)
@given(CONDITIONS)
def test_what_is_seen_is_possible(condition: Any) -> None:
    """Z3, which proves that a condition never holds, must not be contradicted."""
    if seen_to_hold(condition):
        assert not _refuted(condition)


def _refuted(condition: Any) -> bool:
    from symgan.certify.smt import decide_smt

    return condition is sp.false or decide_smt(sp.Not(condition), budget_ms=500).holds is True


@pytest.mark.parametrize(
    "condition",
    [
        (p > 1) & (p < 1),
        (p + q) ** 2 < p**2 + 2 * p * q,  # off by q^2, which is small at no point
        p < 0,
        n > 0,
        sp.sqrt(p) < 0,
        1 / p < 0,
        sp.Abs(a) < 0,
        (a**2 + 1 < a) & (a > 0),
        sp.Ne((p + 1) ** 2, p**2 + 2 * p + 1),  # equal but for rounding
        (p + q) ** 3 - p**3 - 3 * p**2 * q - 3 * p * q**2 - q**3 > 0,
        p**20 / (p**10 - 1) - p**10 - 1 - 1 / (p**10 - 1) > 0,
        sp.sqrt(2) * p * sp.sqrt(2) - 2 * p < 0,
    ],
    ids=str,
)
def test_what_never_holds_is_never_seen(condition: Any) -> None:
    assert not seen_to_hold(condition)


@pytest.mark.parametrize(
    "condition",
    [
        (p > 1) & (p < 3),
        sp.Ne(p, q),
        sp.Not(p > 1),
        (n < -1) & (a > 0),
        (sp.sqrt(p) < 1) | (p < 0),
        p**2 / (p + 1) > sp.pi,
    ],
    ids=str,
)
def test_what_holds_widely_is_seen(condition: Any) -> None:
    assert seen_to_hold(condition)
    assert not impossible(condition)


def test_a_function_that_it_does_not_know_is_not_seen() -> None:
    assert not seen_to_hold(sp.gamma(a) > 0)
    assert not seen_to_hold(sp.Gt(sp.log(p), -100, evaluate=False))


def test_pruning_still_refutes_what_is_not_seen() -> None:
    assert impossible((p > 1) & (p < Rational(1, 2)))
    assert not impossible(sp.Eq(p, 7))  # seen by nobody, possible all the same


x, y = sp.symbols("x y", real=True)


@pytest.mark.parametrize(
    ("rhs", "parameters", "away"),
    [
        ((x - eta * x,), (eta,), True),  # at the step 100
        ((x / (1 + eta),), (eta,), False),
        ((2 * x,), (), True),
        ((x,), (), False),
        ((-x,), (), False),
        ((x + 1,), (), False),  # leaves, but no faster than a line
        ((x / y,), (), False),
        ((sp.Function("f")(x),), (), False),  # no look in floats
    ],
    ids=str,
)
def test_an_orbit_that_runs_away(rhs: tuple[Any, ...], parameters: Any, away: bool) -> None:
    state = (x, y) if any(f.has(y) for f in rhs) else (x,)
    full = (*rhs, *(Integer(0) for _ in state[1:]))
    assert runs_away(Map(state, full, parameters=parameters)) is away


def test_one_size_of_the_parameters_is_enough() -> None:
    """Large ones damp it, or small ones; it is only seen where both sizes are tried."""
    grows = {e: runs_away(Map((x,), (e,), parameters=(p, q))) for e in (2 * x * p / q, x / p / q)}
    assert list(grows.values()) == [True, False]
    assert set(itertools.chain(*(e.free_symbols for e in grows))) == {x, p, q}
