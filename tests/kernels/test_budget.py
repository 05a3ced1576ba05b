"""The error budget: what it measures, and what it makes of wrong kernels."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sympy as sp
from sympy import Piecewise, Rational, Symbol

from symgan import losses
from symgan.games.dirac import dirac
from symgan.games.quadratic import bilinear
from symgan.kernels import KernelError, budget, compile
from symgan.kernels.body import Body
from symgan.kernels.budget import backward_error, decisions, domain
from symgan.kernels.engines import NumpyEngine
from symgan.kernels.growth import Cause, growth
from symgan.rules.oracle import dirac_oracle
from symgan.system import Flow, Map

x, y = sp.symbols("x y", real=True)
eta = Symbol("eta", positive=True)
ORACLE = dirac_oracle(bilinear(), eta)
TENTH = {"eta": 0.3}
ULP = float(np.finfo(float).eps)


@pytest.mark.parametrize("backend", ["numpy", "jit"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("loss", [losses.wasserstein, losses.jensen_shannon])
def test_a_step_of_the_oracle(loss: Any, dtype: Any, backend: str) -> None:
    """Products and one sum; the logistic function adds a few roundings of its own."""
    system = dirac_oracle(dirac(loss), eta)
    found = backward_error(system, {"eta": 0.25}, backend=backend, dtype=dtype, states=120)
    # a product and a sum, each half an ulp; an exponential, a sum and a quotient more: three
    assert 0 < found.worst <= (1.0 if loss is losses.wasserstein else 4.0)
    assert found.states + found.skipped == 120
    assert found.margin == 0


def test_a_field_is_measured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    flow = Flow((x, y), (sp.sin(x) * y, sp.exp(-(x**2)) - x))
    found = backward_error(flow, states=60, backend="numpy")
    assert found.worst < 8  # sine, exponential: below an ulp each in NumPy; sums and products

    class Shifted(NumpyEngine):
        """Eleven ulp beside the value."""

        def values(self, columns: Any, size: int, workers: int) -> Any:
            return super().values(columns, size, workers) * (1 + 11 * ULP)

    def wrong(system: Any, **options: Any) -> Any:
        kernel = compile(system, backend="numpy")
        body: Body = kernel.engine.body
        return replace(kernel, engine=Shifted(body, np.dtype(float)))

    monkeypatch.setattr(budget, "compile", wrong)
    assert backward_error(flow, states=60).worst > 9


def test_the_domain_meets_zeros_and_ties() -> None:
    system = Map((x, y), (Piecewise((x, 2 * x > y + 3), (-x, True)), y))
    told = decisions(system)
    states = domain(system, told, {}, 400, 0, np.dtype(float))
    gap = np.abs(2 * states[:, 0] - states[:, 1] - 3)
    size = np.abs(states).max(axis=1) + 3
    assert (states == 0).any(axis=1).sum() >= 100
    assert (gap <= 4 * ULP * size).sum() >= 60
    assert np.abs(states).max() > 1e100
    assert np.abs(states[states != 0]).min() < 1e-100


def test_errors_grow_and_the_first_wrong_branch_is_explained() -> None:
    starts = np.array([[0.1257302210933933, -0.1321048632913019], [1.0, 0.5]])
    found = growth(ORACLE, starts, [1, 10, 400], TENTH, backend="numpy")
    errors = [row.worst for row in found.rows]
    assert errors[0] < ULP
    assert errors[0] < errors[1] < 1e-14  # rounding of ten steps, one switch
    assert errors[2] > 0.1
    assert [row.wrong for row in found.rows][:2] == [0, 0]
    assert found.rows[2].wrong >= 1
    assert found.first is not None
    assert found.first.cause is Cause.ROUNDING
    assert np.sign(found.first.exact) != np.sign(found.first.computed)
    assert abs(found.first.exact - found.first.computed) <= found.first.bound
    assert found.first.bound < 1e-12  # what it takes to turn this one is small


def test_ties_and_underflow_are_told_from_rounding() -> None:
    thirds = Map((x,), (Piecewise((x - Rational(1, 3), x > 0), (x + 2, True)),))
    found = growth(thirds, [[1.0]], [12], backend="numpy").first
    assert found is not None
    assert (found.cause, found.step, found.exact) == (Cause.TIE, 3, 0.0)
    tiny = growth(ORACLE, [[1e-170, 1e-170]], [3], TENTH, backend="numpy").first
    assert tiny is not None
    assert (tiny.cause, tiny.step) == (Cause.UNDERFLOW, 0)
    assert growth(ORACLE, [[1e-140, 1e-140]], [3], TENTH, backend="numpy").first is None


def test_another_kernel_is_shown_beside() -> None:
    exact = compile(ORACLE, backend="numpy")

    def jump(states: Any, steps: int, parameters: Any) -> Any:
        return exact.iterate(states, steps, parameters) * (1 + 1e-3)

    (row,) = growth(ORACLE, [[1.0, 0.5]], [20], TENTH, backend="numpy", jump=jump).rows
    assert row.jumped == pytest.approx(1e-3, rel=1e-9)
    assert row.worst < 1e-13


def test_what_is_not_settled_is_said() -> None:
    found = growth(ORACLE, [[0.3, 0.7], [0.0, 0.0]], [900], TENTH, max_bits=300, backend="numpy")
    assert found.orbits == 1
    assert len(found.unsettled) == 1
    assert found.unsettled[0].startswith("orbit 0: 900 steps need more than 300 bits")


def test_wrong_calls() -> None:
    with pytest.raises(KernelError, match="no value for eta"):
        backward_error(ORACLE)
    with pytest.raises(KernelError, match=r"eta = 0.3 is not a number of float32"):
        backward_error(ORACLE, TENTH, dtype=np.float32)
    with pytest.raises(KernelError, match="give at least one number of steps"):
        growth(ORACLE, [[1.0, 1.0]], [], TENTH)
