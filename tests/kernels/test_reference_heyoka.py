"""The fast reference of smooth flows, held to the mpmath reference and to exact solutions."""

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
from symgan.kernels.reference import agreement
from symgan.kernels.reference_heyoka import taylor_run
from symgan.losses import jensen_shannon
from symgan.system import Flow, Map
from tests.kernels.test_integrate import one_loss_each
from tests.kernels.test_reference import SOLVED, gap, t, x

y = sp.Symbol("y", real=True)
SMOOTH = [pair for pair in one_loss_each() if pair[1] != "hinge"]


def fast(flow: Flow, dps: int = 50) -> Any:
    return reference(flow, dps=dps, method="heyoka")


@pytest.mark.parametrize("name", sorted(SOLVED))
def test_known_solutions(name: str) -> None:
    rhs, start, exact = SOLVED[name]
    times = [0, Fraction(1, 1000), 1, Fraction(7, 2)]
    solution = fast(Flow((x,), (rhs,), time=t)).solve({"x": start}, times)
    assert solution.agreement >= 50
    with mpmath.workdps(70):
        for at, (value,) in zip(times, solution, strict=True):
            true = mpf(Fraction(at).numerator) / Fraction(at).denominator
            assert gap(value, exact(true)) <= mpf(10) ** -50
            if at == 1:  # the false neighbor: the same solution a hair later
                assert gap(value, exact(true * (1 + mpf(10) ** -47))) > mpf(10) ** -50


@pytest.mark.parametrize(("name", "loss"), SMOOTH)
def test_it_agrees_with_mpmath(name: str, loss: str) -> None:
    from tests.kernels import systems

    flow = systems.game(name, loss).flow()
    start = {s: Fraction(k + 2, 7) for k, s in enumerate(flow.state)}
    values = {p: Fraction(k + 2, 5) for k, p in enumerate(flow.parameters)}
    one, other = (
        reference(flow, dps=40, method=m).solve(start, [1], values) for m in ("mpmath", "heyoka")
    )
    assert agreement(one.states, other.states) >= 40


def test_the_nonlinear_annealed_flow() -> None:
    flow = annealed(jensen_shannon).flow()
    start = {"theta": Fraction(1, 2), "psi": Fraction(1, 3), "alpha": 2}
    values = {"T": 10, "alpha_0": 2, "alpha_r": 1}
    one, other = (
        reference(flow, method=m).solve(start, [30], values) for m in ("mpmath", "heyoka")
    )
    assert agreement(one.states, other.states) >= 50
    with mpmath.workdps(60):  # the schedule at t = 30
        assert abs(other[0][2] - 1 - mpmath.exp(-3)) <= mpf(10) ** -50


@settings(max_examples=5)
@given(st.fractions(-3, 3), st.fractions(-2, 2), st.fractions(Fraction(1, 100), 30))
def test_a_spiral(start: Fraction, rate: Fraction, at: Fraction) -> None:
    r"""(x, y) = start (cos t, sin t) e^{rate t}: growth is paid for by precision."""
    rate /= 4
    flow = Flow((x, y), (sp.Rational(rate) * x - y, x + sp.Rational(rate) * y))
    (state,) = fast(flow, 30).solve({x: start, y: 0}, [at])
    with mpmath.workdps(60):
        when = mpf(at.numerator) / at.denominator
        size = mpf(start.numerator) / start.denominator
        size *= mpmath.exp(when * rate.numerator / rate.denominator)
        bound = mpf(10) ** -29 * max(abs(size), abs(mpf(start.numerator) / start.denominator))
        assert abs(state[0] - size * mpmath.cos(when)) <= bound
        assert abs(state[1] - size * mpmath.sin(when)) <= bound


def test_precision_is_raised_until_runs_agree() -> None:
    """x'' = 4x/9 follows e^{-2t/3}, and rounding grows like e^{2t/3}: 26 digits by t = 90."""
    flow = Flow((x, y), (y, sp.Rational(4, 9) * x))
    solution = fast(flow).solve({x: 1, y: Fraction(-2, 3)}, [90])
    assert len(solution.precisions) > 2
    with mpmath.workdps(90):  # agreement is on the scale that a component has had: |x| = 1
        assert abs(solution[0][0] - mpmath.exp(-60)) <= mpf(10) ** -50
        (rough,) = taylor_run(flow, [mpf(1), -mpf(2) / 3], [mpf(90)], {}, 120)
        assert abs(rough[0] - mpmath.exp(-60)) > mpf(10) ** -20  # 120 bits do not do


def test_what_it_refuses() -> None:
    with pytest.raises(Undecided, match=r"cannot pass t = 1\.0 within"):
        fast(Flow((x,), (x**2,)), 20).solve({x: 1}, [2])
    with pytest.raises(KernelError, match="has kinks; use method='mpmath'"):
        fast(Flow((x,), (sp.Abs(x),))).solve({x: 1}, [1])
    with pytest.raises(KernelError, match="heyoka knows no rule for gamma"):
        fast(Flow((x,), (sp.gamma(x),))).solve({x: 1}, [1])
    with pytest.raises(KernelError, match="takes method='mpmath'"):
        reference(Map((x,), (x,)), method="heyoka")
    with pytest.raises(KernelError, match="unknown method 'arb'"):
        reference(Flow((x,), (x,)), method="arb")
