"""Orbits that raise their own precision: against exact ones, at ties, at the budget's end."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mpf
from sympy import Piecewise, Rational, Symbol

from symgan.errors import Undecided
from symgan.games.quadratic import bilinear
from symgan.kernels import KernelError
from symgan.kernels.exact import compile_orbit
from symgan.kernels.multiprecision import comparisons, multiprecision
from symgan.kernels.settled import settle, settled_orbit
from symgan.rules.heavy_ball import heavy_ball
from symgan.rules.oracle import dirac_oracle
from symgan.system import Map

x, y = sp.symbols("x y", real=True)
eta = Symbol("eta", positive=True)
ORACLE = dirac_oracle(bilinear(), eta)
THIRDS = Map((x,), (Piecewise((x - Rational(1, 3), x > 0), (x + 2, True)),))


@settings(max_examples=12, deadline=None)
@given(st.integers(-40, 40), st.integers(-40, 40), st.sampled_from([3, 7, 10, 16]))
def test_a_settled_orbit_is_the_exact_one(a: int, b: int, denominator: int) -> None:
    """Rational states and steps, ties among them that no binary number holds."""
    start = {s: Rational(v, 10) for s, v in zip(ORACLE.state, (a, b), strict=True)}
    step, steps = Rational(1, denominator), 60
    kernel = compile_orbit(ORACLE, {eta: step})
    orbit = kernel.orbit(start, steps, stop=())
    found = settled_orbit(ORACLE, start, steps, {eta: step}, digits=25)
    assert list(found.decisions) == _ordered(kernel.decisions(orbit))
    with mpmath.workdps(60):
        exact = [mpf(int(v.numerator)) / int(v.denominator) for v in orbit.states[-1]]
        size, gaps = max(map(abs, exact)), zip(found.states[-1], exact, strict=True)
        # 25 digits were asked for; the two runs differ by more than the better one errs
        assert max(abs(u - v) for u, v in gaps) <= size * mpf(10) ** -24


def _ordered(decided: list[tuple[bool, ...]]) -> list[tuple[bool, ...]]:
    """The exact kernel's comparisons, in the order of `comparisons`."""
    mine = list(comparisons(ORACLE))
    order = sorted(mine, key=sp.default_sort_key)
    return [tuple(row[order.index(r)] for r in mine) for row in decided]


def test_fifty_digits_do_not_last() -> None:
    """Each switch of the oracle multiplies the error of the ratio by 1/(eta f)^2."""
    start, steps, step = (0.1257302210933933, -0.1321048632913019), 1500, 0.3
    program = multiprecision(ORACLE, {eta: step})
    found = settle(program, start, steps)
    with mpmath.workdps(50):
        state = tuple(map(mpf, start))
        for k in range(steps):
            state = program.step(*state, mpf(k))
        size = max(map(abs, found.states[-1]))
        error = max(abs(a - b) for a, b in zip(state, found.states[-1], strict=True)) / size
    switches = sum(a != b for a, b in pairwise(found.decisions))
    assert error > 0.5  # no digit is left of the fifty
    digits = 2 * np.log10(1 / step) + 2 * np.log10(np.e)  # a switch, f uniform on (0, 1)
    assert switches * digits > 50
    assert found.digits >= 20


def test_an_exact_tie_is_decided_exactly() -> None:
    """1 - 1/3 - 1/3 - 1/3 is not positive, in any precision that rounds it is a guess."""
    found = settled_orbit(THIRDS, {x: 1}, 12)
    assert found.exact
    assert [d for (d,) in found.decisions] == [True] * 3 + [False] + [True] * 6 + [
        False,
        True,
        True,
    ]
    assert found.states[3] == (0,)
    near = settled_orbit(THIRDS, {x: 1 + Rational(1, 10**30)}, 12)
    assert not near.exact
    assert near.decisions[3] == (True,)


def test_a_tie_that_nothing_decides_is_left_open() -> None:
    system = Map((x,), (Piecewise((x - sp.log(2), x > 0), (x + 1, True)),))
    with pytest.raises(Undecided, match="at step 2 a comparison is an equality to all digits"):
        settled_orbit(system, {x: 2 * sp.log(2)}, 5)
    assert settled_orbit(system, {x: 2}, 5).digits >= 20


def test_the_budget_ends_the_search() -> None:
    with pytest.raises(Undecided, match="2000 steps need more than 300 bits: at 260 bits"):
        settled_orbit(ORACLE, {"theta": 0.3, "psi": 0.7}, 2000, {"eta": 0.3}, max_bits=300)


def test_memory_starts_as_the_map_says() -> None:
    system = heavy_ball(bilinear(), eta, beta=Rational(1, 2))
    start = {s: Rational(1, 4) for s in system.visible}
    exact = compile_orbit(system, {eta: Rational(1, 8)}).orbit(start, 20, stop=())
    found = settled_orbit(system, start, 20, {eta: 0.125})
    rounded = [float(Fraction(int(v.numerator), int(v.denominator))) for v in exact.states[-1]]
    assert [float(v) for v in found.states[-1]] == rounded


@pytest.mark.parametrize(
    ("start", "parameters", "sentence"),
    [
        ({"theta": 1.0, "psi": 1.0}, {}, "no value for eta"),
        ({"theta": 1.0, "chi": 1.0}, {"eta": 0.1}, "unknown initial value chi"),
        ({"theta": float("nan"), "psi": 1.0}, {"eta": 0.1}, "nan is not a finite number"),
    ],
)
def test_wrong_calls(start: Any, parameters: Any, sentence: str) -> None:
    with pytest.raises(KernelError, match=sentence):
        settled_orbit(ORACLE, start, 5, parameters)
