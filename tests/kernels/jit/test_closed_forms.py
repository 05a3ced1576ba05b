"""Closed forms as machine code: the same numbers in every batch, in every regime."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import sympy as sp

from symgan.kernels import KernelError, compile
from symgan.kernels.closed_form import ClosedFormKernel
from symgan.kernels.measure import closed_form_scale
from tests.kernels import forms

DAMPED = forms.damped()[1]
RESONANT = forms.resonant()[1]
FIXED = {"g": 1.5, "x0": 1.0, "v0": 0.5}
REGIMES = {
    "critical, forced at the root": {"p": 2.0, "q": 1.0, "a": 1.0},
    "nearly so": {"p": 2.0, "q": 1.0, "a": 1.0 + 1e-9},
    "under": {"p": 0.2, "q": 1.0, "a": 0.5},
    "over": {"p": 8.0, "q": 1.0, "a": 0.5},
    "growing": {"p": -0.3, "q": 1.0, "a": 0.5},
    "stiff": {"p": 1e6, "q": 1.0, "a": 0.5},
}
TIMES = np.concatenate([[0.0, 1e-300, 1e-9], np.linspace(0.01, 30, 180), [400.0]])
TOLERANCE = 1e-14
"""Of the scale of the terms: two routes with a few roundings a term each, and what clusters at
distance 1/t cancel."""


def both(form: object = DAMPED) -> tuple[ClosedFormKernel, ClosedFormKernel]:
    return compile(form, backend="jit"), compile(form, backend="numpy")  # type: ignore[return-value]


def distance(form: object, other: object, parameters: dict[str, float]) -> float:
    """The largest difference of two kernels in units of the scale of the terms."""
    one, two = both(form)[0], both(other)[1]
    differences = np.abs(one(TIMES, parameters) - two(TIMES, parameters))
    scales = [[float(s) for s in closed_form_scale(two, float(t), parameters)] for t in TIMES]
    return float(np.max(differences / np.maximum(np.array(scales), 1e-300)))


@pytest.mark.parametrize("regime", REGIMES)
def test_every_regime_agrees_with_numpy(regime: str) -> None:
    parameters = {**FIXED, **REGIMES[regime]}
    assert distance(DAMPED, DAMPED, parameters) <= TOLERANCE


@pytest.mark.parametrize("w", [1.0, 1 + 1e-12, 1.001, 2.5])
def test_resonance_agrees_with_numpy(w: float) -> None:
    assert distance(RESONANT, RESONANT, {"w": w}) <= TOLERANCE


def test_a_changed_coefficient_is_noticed() -> None:
    first, second = DAMPED.newton
    wrong = replace(
        DAMPED, newton=((first[0], first[1], first[2] * sp.Rational(10**12, 10**12 - 1)), second)
    )
    parameters = {**FIXED, **REGIMES["under"]}
    assert distance(DAMPED, wrong, parameters) > TOLERANCE


@pytest.mark.parametrize("regime", REGIMES)
def test_bits_do_not_depend_on_the_batch(regime: str) -> None:
    kernel, _ = both()
    parameters = {**FIXED, **REGIMES[regime]}
    whole = kernel(TIMES, parameters, workers=2)
    order = np.random.default_rng(0).permutation(TIMES.size)
    np.testing.assert_array_equal(kernel(TIMES[order], parameters), whole[order])
    for k in (0, 3, 7, 90, 182):
        np.testing.assert_array_equal(kernel(TIMES[k], parameters), whole[k])


def test_growth_beyond_float64_is_infinite_and_never_nan() -> None:
    kernel, _ = both()
    found = kernel([1e4, 1e5], {**FIXED, "p": -2.0, "q": 0.75, "a": 0.5})
    assert np.all(np.isinf(found))


def test_a_closed_form_has_no_steps() -> None:
    kernel, _ = both()
    assert kernel.backend == "jit"
    with pytest.raises(KernelError, match="call the kernel"):
        kernel.engine.values([], 0, 1)
