"""Closed-form kernels, every regime, against integration and partial fractions."""

from __future__ import annotations

import warnings
from dataclasses import replace

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mpc, mpf

from symgan.kernels import ClosedFormKernel, KernelError, compile, error_against_reference
from symgan.kernels.measure import UNDERFLOW, closed_form_scale
from tests.kernels import forms
from tests.kernels.exact import divided_difference

TOLERANCE = 1e-13
"""The project's target; worst found in 100 s of random search: 4.1e-16 against
integration, 3.9e-16 by partial fractions."""

EARLY = (0.0, 1e-300, 1e-12, 1e-3, 1.0, 10.0)
LATE = (*EARLY, 100.0, 1e3)
EDGES = (0.0, 1e-15, -1e-15, 1e-8, -1e-8)
"""Relative distances from a boundary of regimes."""

scales = st.sampled_from([1.0]) | st.floats(-2, 2).map(lambda e: 10.0**e)
values = st.sampled_from([0.0, 1.0, -2.5]) | st.floats(-10, 10)
rates = st.sampled_from([1e-300, 1e-12, 1e-3, 0.5, 1.0, 2.0]) | st.floats(0.01, 20)
edges = st.sampled_from(EDGES) | st.floats(-0.9, 0.9)

ANNEALED, ANNEALED_FORM = forms.annealed()
DAMPED, DAMPED_FORM = forms.damped()
RESONANT, RESONANT_FORM = forms.resonant()


def residual(
    kernel: ClosedFormKernel, parameters: dict[str, float], times: tuple[float, ...]
) -> float:
    """Error against the Newton form summed in multiprecision by partial fractions."""
    nodes, rows = kernel.newton([parameters[s.name] for s in kernel.parameters])
    got = kernel.evaluate(np.array(times), parameters)
    worst = 0.0
    for time, state in zip(times, got, strict=True):
        terms = [divided_difference(nodes.values[: j + 1], time) for j in range(len(nodes.values))]
        limits = closed_form_scale(kernel, time, parameters)
        with mpmath.workdps(60):
            for value, row, scale in zip(state, rows, limits, strict=True):
                exact = mpmath.re(mpmath.fsum(c * d for c, d in zip(row, terms, strict=True)))
                lost = abs(mpf(float(value)) - exact) - UNDERFLOW * (1 + sum(map(abs, row)))
                worst = max(worst, float(lost / scale) if lost > 0 else 0.0)
    return worst


@settings(max_examples=12)
@given(rates, values, values)
def test_annealed_against_integration(a: float, K: float, start: float) -> None:
    parameters = {"a": a, "K": K, "start": start}
    found = error_against_reference(
        compile(ANNEALED_FORM), ANNEALED, times=(*EARLY, 100.0), parameters=parameters
    )
    assert found.error <= TOLERANCE, found


@settings(max_examples=12)
@given(st.floats(0.05, 3), edges, edges, values, values)
def test_damped_against_integration(
    omega: float, off_critical: float, off_root: float, x0: float, v0: float
) -> None:
    """Damping ratio 1 and the forcing at a root, exactly and nearly, as floats round them."""
    p, q = 2 * omega * (1 + off_critical), omega**2
    discriminant = max(0.0, p**2 / 4 - q)
    a = (p / 2 + discriminant**0.5) * (1 + off_root)
    parameters = {"p": p, "q": q, "g": 1.5, "a": a, "x0": x0, "v0": v0}
    found = error_against_reference(
        compile(DAMPED_FORM), DAMPED, times=EARLY, parameters=parameters
    )
    assert found.error <= TOLERANCE, found


@pytest.mark.parametrize("offset", EDGES)
def test_double_root_and_root_forcing_at_once(offset: float) -> None:
    """A triple pole, and two ways out of it: p = 2, q = 1, a = 1 (1 + offset)."""
    for p in (2.0, 2.0 * (1 + offset)):
        parameters = {"p": p, "q": 1.0, "g": 1.0, "a": 1 + offset, "x0": 1.0, "v0": 0.0}
        kernel = compile(DAMPED_FORM)
        found = error_against_reference(kernel, DAMPED, times=LATE[:-1], parameters=parameters)
        assert found.error <= TOLERANCE, found


@pytest.mark.parametrize("offset", [0.0, 1e-8, 0.4142])
def test_resonance(offset: float) -> None:
    kernel, values = compile(RESONANT_FORM), {"w": 1 + offset}
    found = error_against_reference(kernel, RESONANT, times=(*EARLY, 100.0), parameters=values)
    assert found.error <= TOLERANCE, found


@pytest.mark.parametrize("offset", [*EDGES, 1e-3, 0.4142])
def test_resonance_by_partial_fractions(offset: float) -> None:
    """Longer, and at every distance: a formula instead of an integration."""
    assert residual(compile(RESONANT_FORM), {"w": 1 + offset}, LATE) <= TOLERANCE


@settings(max_examples=25)
@given(scales, st.sampled_from([1e-6, 1e-3, 1.0, 1e3, 1e6]) | scales, edges, values, values)
def test_damped_over_all_scales(
    omega: float, ratio: float, off_root: float, x0: float, v0: float
) -> None:
    """Damping ratios from 1e-6 to 1e6, times to 1e3: stiff, beyond what integration reaches."""
    p, q = 2 * omega * ratio, omega**2
    a = (p / 2 + max(0.0, p**2 / 4 - q) ** 0.5) * (1 + off_root)
    parameters = {"p": p, "q": q, "g": 1.5, "a": max(a, 1e-300), "x0": x0, "v0": v0}
    assert residual(compile(DAMPED_FORM), parameters, LATE) <= TOLERANCE


def test_undamped_and_slow_limit() -> None:
    """a -> 0 is a steady drift, psi -> -K (1 - cos t): no cancellation as 1/a grows."""
    for a in (1e-300, 1e-20):
        psi = compile(ANNEALED_FORM)(np.array([0.5, 3.0]), {"a": a, "K": 2.0, "start": 1.0})[:, 1]
        # a t is below the last digit: only the roundings of sine and sum are left
        np.testing.assert_allclose(psi, -2 * (1 - np.cos([0.5, 3.0])), rtol=1e-15)


@settings(max_examples=10)
@given(st.floats(0.1, 5), st.floats(-5, 5).filter(lambda K: abs(K) > 0.1))
def test_the_measure_is_not_slack(a: float, K: float) -> None:
    """The scale of an error stays within a factor of the size that the component reaches."""
    parameters = {"a": a, "K": K, "start": 1.0}
    kernel = compile(ANNEALED_FORM)
    times = np.linspace(0, 50, 400)
    reached = np.maximum.accumulate(np.abs(kernel(times, parameters)), axis=0)
    for t, size in zip(times[1::40], reached[1::40], strict=True):
        scale = closed_form_scale(kernel, float(t), parameters)
        assert all(float(s) <= 40 * x for s, x in zip(scale, size, strict=True))


@pytest.mark.parametrize("component", [0, 1])
@pytest.mark.parametrize("column", [0, 1, 2])
def test_a_changed_coefficient_is_noticed(component: int, column: int) -> None:
    """One part in 1e11 of one coefficient fails the tolerance that the right form meets."""
    rows = [list(row) for row in DAMPED_FORM.newton]
    rows[component][column] *= 1 + sp.Rational(1, 10**11)
    wrong = replace(DAMPED_FORM, newton=tuple(map(tuple, rows)))
    parameters = {"p": 2.0, "q": 1.0, "g": 1.25, "a": 1.0, "x0": 1.0, "v0": 0.5}
    found = error_against_reference(compile(wrong), DAMPED, times=EARLY, parameters=parameters)
    assert found.error > TOLERANCE
    assert found.where["component"] == ("x", "v")[component]


def test_coefficients_without_their_conjugates_are_refused() -> None:
    wrong = replace(RESONANT_FORM, newton=((0, 0, 1, forms.w), RESONANT_FORM.newton[1]))
    with pytest.raises(KernelError, match="not real at w = 2"):
        compile(wrong)(1.0, {"w": 2.0})


def test_batches_broadcast_and_agree_with_single_calls() -> None:
    kernel = compile(DAMPED_FORM)
    fixed = {"g": 1.0, "a": 1.0, "x0": 1.0, "v0": 0.0}
    p, times = np.array([[1.0], [2.0], [5.0]]), np.array([0.0, 1.0, 7.0, 20.0])
    batch = kernel.evaluate(times, {**fixed, "p": p, "q": 1.0})
    assert batch.shape == (3, 4, 2)
    for i, j in np.ndindex(3, 4):
        one = kernel.evaluate(times[j], {**fixed, "p": p[i, 0], "q": 1.0})
        np.testing.assert_array_equal(batch[i, j], one)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        single = compile(DAMPED_FORM, dtype=np.float32)(times, {**fixed, "p": 1.0, "q": 1.0})
    assert single.dtype == np.float32
    np.testing.assert_array_equal(single, batch[0].astype(np.float32))


def test_nodes_settle_to_forty_digits() -> None:
    """A double root hidden in float64 parameters is found as such, not split by rounding."""
    kernel = compile(DAMPED_FORM)
    omega = 0.1
    nodes, _ = kernel.newton([2 * omega, omega**2, 0.0, 1.0, 1.0, 0.0])
    with mpmath.workdps(60):
        exact = mpmath.sqrt((mpc(2 * omega) ** 2 / 4) - mpf(omega**2)) * 2
        assert abs(nodes.values[0] - nodes.values[1] - exact) <= mpf(10) ** -38 * abs(exact)


@pytest.mark.parametrize(
    ("times", "parameters", "message"),
    [
        ([-1.0], {"w": 1.0}, "not negative"),
        ([np.inf], {"w": 1.0}, "finite"),
        ([], {"w": 1.0}, "empty batch"),
        ([1.0], {}, "missing parameter 'w'"),
        ([1.0], {"w": 1.0, "u": 2.0}, "unknown parameter 'u'"),
        ([1.0], {"w": 1j}, "complex"),
        ([1.0, 2.0], {"w": np.ones(3)}, "do not broadcast"),
        ([1.0], {"w": np.nan}, "finite"),
    ],
)
def test_what_cannot_be_evaluated(times: list[float], parameters: dict, message: str) -> None:
    with pytest.raises(KernelError, match=message):
        compile(RESONANT_FORM).evaluate(times, parameters)


def test_undefined_forms_are_named() -> None:
    wrong = replace(RESONANT_FORM, newton=((0, 0, 1, 1 / (forms.w - 1)), RESONANT_FORM.newton[1]))
    with pytest.raises(KernelError, match="not defined at w = 1"):
        compile(wrong)(1.0, {"w": 1.0})
    with pytest.raises(KernelError, match="holds p"):
        compile(replace(RESONANT_FORM, nodes=(forms.p, *RESONANT_FORM.nodes[1:])))
    with pytest.raises(KernelError, match="as many Newton coefficients"):
        compile(replace(RESONANT_FORM, nodes=RESONANT_FORM.nodes[:2]))
