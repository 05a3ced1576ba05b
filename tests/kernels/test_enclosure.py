"""Enclosures hold the solution, are as narrow as asked, and say when they cannot be."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mpf

from symgan.errors import Undecided
from symgan.games.annealed import annealed
from symgan.kernels import KernelError, reference
from symgan.kernels.enclosure import Enclosure, enclose
from symgan.kernels.taylor import Program
from symgan.losses import jensen_shannon
from symgan.system import Flow
from tests.kernels.test_reference import SOLVED, t, x

y = sp.Symbol("y", real=True)


def distance(found: Enclosure, k: int, *true: Any) -> Any:
    return mpmath.norm([a - b for a, b in zip(found.states[k], true, strict=True)])


@pytest.mark.parametrize("name", sorted(SOLVED))
def test_known_solutions(name: str) -> None:
    rhs, start, exact = SOLVED[name]
    times = [0, Fraction(1, 1024), 1, 3.5]
    found = enclose(Flow((x,), (rhs,), time=t), {"x": start}, times, dps=30)
    with mpmath.workdps(60):
        for k, at in enumerate(times):
            true = mpf(Fraction(at).numerator) / Fraction(at).denominator
            assert distance(found, k, exact(true)) <= found.radii[k]
            assert found.radii[k] <= mpf(10) ** -30 * 4  # no state here exceeds 4
        later = exact(1 + mpf(10) ** -27)  # the false neighbor: the same solution a hair later
        assert distance(found, 2, later) > found.radii[2]


def test_the_annealed_flow() -> None:
    """The two references and the enclosure share no decision on precision or step."""
    flow = annealed(jensen_shannon).flow()
    start = {"theta": Fraction(1, 2), "psi": Fraction(1, 3), "alpha": 2}
    values = {"T": 10, "alpha_0": 2, "alpha_r": Fraction(1, 3)}
    found = enclose(flow, start, [2], values, dps=25)
    (other,) = reference(flow, dps=40, method="heyoka").solve(start, [2], values)
    with mpmath.workdps(60):
        assert distance(found, 0, *other) <= found.radii[0] + mpf(10) ** -39
        assert found.radii[0] <= mpf(10) ** -25 * 2
    off = enclose(flow, {**start, "psi": Fraction(1, 3) + Fraction(1, 10**20)}, [2], values, dps=25)
    with mpmath.workdps(60):
        assert distance(off, 0, *other) > off.radii[0] + mpf(10) ** -39


@pytest.mark.parametrize(
    ("flow", "start", "times", "last"),
    [
        # a start with steps far shorter than later ones: x = sqrt(x0^2 + 2 t)
        (Flow((x,), (1 / x,)), {"x": "1/1000000"}, [3], lambda: mpmath.sqrt(6 + mpf(10) ** -12)),
        # times so close that the last step before one is short: cos t
        (
            Flow((x, y), (-y, x)),
            {"x": 1, "y": 0},
            [1, 1 + 2.0**-40, 50],
            lambda: mpmath.cos(50),
        ),
    ],
)
def test_short_steps_are_no_reason_to_give_up(
    flow: Flow, start: Any, times: Any, last: Any
) -> None:
    found = enclose(flow, start, times, dps=15)
    with mpmath.workdps(100):
        assert abs(found.states[-1][0] - last()) <= found.radii[-1] <= mpf(10) ** -14


@settings(max_examples=3)
@given(st.fractions(-3, 3), st.fractions(-1, 1), st.integers(0, 80))
def test_a_spiral(start: Fraction, rate: Fraction, eighths: int) -> None:
    """(x, y) = start (cos t, sin t) e^{rate t}, contracting and expanding."""
    flow = Flow((x, y), (sp.Rational(rate) * x - y, x + sp.Rational(rate) * y))
    at = mpf(eighths) / 8
    found = enclose(flow, {x: start, y: Fraction(1, 7)}, [at], dps=20)
    with mpmath.workdps(80):
        a, b = mpf(start.numerator) / start.denominator, mpf(1) / 7
        size = mpmath.exp(at * rate.numerator / rate.denominator)
        c, s = size * mpmath.cos(at), size * mpmath.sin(at)
        assert distance(found, 0, a * c - b * s, a * s + b * c) <= found.radii[0]


def test_any_polynomial_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound does not rest on the Taylor coefficients being right: spoil one."""
    expand = Program.expand

    def spoiled(self: Program, *rest: Any) -> None:
        expand(self, *rest)
        self.state[0].coefficients[3] += 1 << (self.bits - 60)

    flow = Flow((x,), (x * (1 - x),))
    exact = enclose(flow, {x: Fraction(1, 10)}, [2], dps=12)
    monkeypatch.setattr(Program, "expand", spoiled)
    found = enclose(flow, {x: Fraction(1, 10)}, [2], dps=12)
    with mpmath.workdps(60):
        true = 1 / (1 + 9 * mpmath.exp(-2))
        assert distance(found, 0, true) <= found.radii[0]
        assert distance(found, 0, true) > 100 * exact.radii[0]
    monkeypatch.setattr("symgan.kernels.enclosure._RUNS", 1)
    with pytest.raises(Undecided, match="no enclosure to 30 digits"):
        enclose(flow, {x: Fraction(1, 10)}, [2], dps=30)


def test_expansion_is_paid_for_with_bits() -> None:
    """x'' = x: errors grow with e^t, so that 60 units of time cost 87 bits."""
    saddle = Flow((x, y), (y, x))
    short, long = (enclose(saddle, {x: 1, y: -1}, [at], dps=20) for at in (1, 60))
    assert long.bits > short.bits
    with mpmath.workdps(60):
        assert distance(long, 0, mpmath.exp(-60), -mpmath.exp(-60)) <= long.radii[0]


def test_what_it_refuses() -> None:
    with pytest.raises(Undecided, match=r"cannot pass t = 0\.99"):
        enclose(Flow((x,), (x**2,)), {x: 1}, [2], dps=15)
    with pytest.raises(Undecided, match="stiff"):
        enclose(Flow((x,), (-(10**9) * x,)), {x: 1}, [100], dps=15)
    for field, message in (
        (sp.Abs(x), "has kinks"),
        (sp.gamma(x), "gamma"),
        (sp.atan(x), r"no enclosure is known for atan\(x\)"),
    ):
        with pytest.raises(KernelError, match=message):
            enclose(Flow((x,), (field,)), {x: 1}, [1])
    line = Flow((x,), (x,))
    for start, times, message in (
        ({x: 1}, [Fraction(1, 3)], "1/3 is no binary fraction"),
        ({x: 1}, [], "at least one"),
        ({x: 1}, [2, 1], "increasing"),
        ({x: sp.sqrt(2)}, [1], "no rational number"),
        ({x: "nan"}, [1], "no rational number"),
        ({}, [1], "missing initial value 'x'"),
    ):
        with pytest.raises(KernelError, match=message):
            enclose(line, start, times)
