"""Divided differences of the exponential against partial fractions in multiprecision."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mpmath import mpc, mpf

from symgan.kernels.divided import NEAR, Nodes, divided_exponentials, newton_sum
from symgan.kernels.measure import UNDERFLOW, envelope
from tests.kernels.exact import divided_difference, divided_difference_by_matrix

TOLERANCE = 1e-13
"""The project's target. Worst of 420,000 random cases with up to six nodes: 9e-15 (order 5)."""

TIMES = (0.0, 1e-300, 1e-12, 1e-3, 1.0, 100.0, 1e3)
OFFSETS = (0.0, 1e-300, 1e-15, 1e-8, 1e-3)

times = st.sampled_from(TIMES) | st.floats(-3, 3).map(lambda e: 10.0**e)
sizes = st.sampled_from([0.0, 1e-300, 1e-6, 1.0, 2**0.5, 1e3, 1e6])
fresh = st.builds(
    lambda re, im, size: complex(-re * size, im * size),
    st.floats(0, 1),
    st.sampled_from([0.0, 1.0, -1.0]) | st.floats(-1, 1),
    sizes,
)


@st.composite
def node_lists(draw: st.DrawFn) -> list[complex]:
    """Up to six nodes: new ones, and copies, conjugates and close neighbors of old ones."""
    nodes = [draw(fresh)]
    for _ in range(draw(st.integers(0, 5))):
        old, offset = draw(st.sampled_from(nodes)), draw(st.sampled_from(OFFSETS))
        close = st.sampled_from([old + offset, old * (1 + offset), old.conjugate(), old])
        nodes.append(draw(fresh | close))
    return nodes


def worst_error(nodes: list[complex], t: float) -> float:
    """Error of the kernel, all prefixes, relative to the envelope."""
    got = divided_exponentials(Nodes.of(nodes), np.array([t]))[:, 0]
    return max(
        error(value, nodes[: j + 1], t, scale)
        for j, (value, scale) in enumerate(
            zip(got, envelope([mpc(r) for r in nodes], t), strict=True)
        )
    )


def error(value: complex, nodes: list[complex], t: float, scale: object) -> float:
    exact = divided_difference(nodes, t)
    with mpmath.workdps(60):
        excess = abs(mpc(complex(value)) - exact) - UNDERFLOW
        return float(excess / mpf(scale)) if excess > 0 else 0.0


@settings(max_examples=250)
@given(node_lists(), times)
@example([-1 + 0j, -1 + 0j, -1 + 0j], 1e3)  # a triple root
@example([1j, -1j, 1j, -1j], 1e3)  # resonance
@example([1j, -1j, 1j * (1 + 1e-15), -1j * (1 + 1e-15)], 1e3)
@example([0j, 0j, -1e-300 + 0j], 1e3)  # annealing infinitely slow
@example([0j, -1e-6 + 0j, -1e6 + 0j], 1.0)  # huge overdamping
def test_differences_within_the_envelope(nodes: list[complex], t: float) -> None:
    assert worst_error(nodes, t) <= TOLERANCE


@settings(max_examples=60)
@given(node_lists(), st.sampled_from([1e-300, 1e-12, 1e-3]))
def test_plain_relative_error_near_zero(nodes: list[complex], t: float) -> None:
    """Where spread * t is small, no term exceeds the difference by more than e."""
    nodes = [r / max(1.0, *(abs(s) for s in nodes)) for r in nodes]
    got = divided_exponentials(Nodes.of(nodes), np.array([t]))[:, 0]
    for j, value in enumerate(got):
        exact = divided_difference(nodes[: j + 1], t)
        assert error(complex(value), nodes[: j + 1], t, abs(exact)) <= TOLERANCE


@settings(max_examples=60)
@given(node_lists(), st.floats(0.9, 1.1))
def test_both_formulas_at_their_border(nodes: list[complex], factor: float) -> None:
    spread = max(abs(r - s) for r in nodes for s in nodes)
    t = min(factor * NEAR / spread, 1e3) if spread > 1e-300 else 1.0
    assert worst_error(nodes, t) <= TOLERANCE


@pytest.mark.parametrize(
    ("nodes", "t"),
    [([-1, -1, -1], 2.0), ([1j, -1j, 1j, -1j], 7.0), ([0, -1e-8, -3, -3], 5.0), ([0, 0, -1], 1e-3)],
)
def test_the_oracle_by_another_formula(nodes: list[complex], t: float) -> None:
    """Partial fractions and Opitz's matrix agree to 50 digits."""
    one, other = divided_difference(nodes, t), divided_difference_by_matrix(nodes, t)
    with mpmath.workdps(60):
        assert abs(one - other) <= mpf(10) ** -50 * abs(other)


@pytest.mark.parametrize("t", [1e3, 1e6, 1e9])
def test_phase_keeps_its_digits(t: float) -> None:
    """sqrt(2) is given to 50 digits; float64 arithmetic alone would be off by sqrt(2) t / 2**53."""
    with mpmath.workdps(50):
        node = mpc(0, mpmath.sqrt(2))
        exact = mpmath.exp(node * t)
        got = mpc(complex(divided_exponentials(Nodes.of([node]), np.array([t]))[0, 0]))
        rounded = mpc(complex(np.exp(1j * (np.sqrt(2) * t))))
        assert abs(got - exact) <= 4e-16  # a rounding of sine and of cosine
        assert t < 1e6 or abs(rounded - exact) > 1e-11  # the false neighbor


def test_growth_is_infinite_only_where_it_overflows() -> None:
    nodes = Nodes.of([2.0, 1.0, -1.0])
    coefficients = np.array([[1.0, -0.5, 0.0], [0.0, 0.0, 1.0]], dtype=complex)
    got = newton_sum(nodes, coefficients, np.array([1.0, 300.0, 1e4])).real
    exact = divided_difference([2.0, 1.0, -1.0], 300.0)
    assert abs(got[1, 1] / float(exact.real) - 1) < 1e-13
    assert got[0, 0] == pytest.approx((np.e**2 + np.e) / 2, rel=1e-14)
    assert np.all(np.isinf(got[:, 2]) & (got[:, 2] > 0))


@pytest.mark.parametrize("change", [1e-12, 1e-6])
def test_a_changed_node_is_noticed(change: float) -> None:
    nodes = [-1 + 0j, -1 + 1e-8j, 0.5j]
    got = divided_exponentials(Nodes.of([nodes[0] + change, *nodes[1:]]), np.array([1.0]))[:, 0]
    scale = envelope([mpc(r) for r in nodes], 1.0)[2]
    assert error(complex(got[2]), nodes, 1.0, scale) > TOLERANCE


def test_the_quotient_alone_would_fail() -> None:
    """The recurrence without the series loses what nearly equal nodes cancel."""
    nodes, t = [-1 + 0j, -1 + 1e-8 + 0j], 1.0
    quotient = (np.exp(nodes[1] * t) - np.exp(nodes[0] * t)) / (nodes[1] - nodes[0])
    assert error(complex(quotient), nodes, t, envelope(nodes, t)[1]) > 1e-10
