"""The survey's figures: what is drawn at the non-Nash attractor, recomputed by hand."""

from __future__ import annotations

import numpy as np
import pytest
from symgan_papers.survey import figure_non_nash
from symgan_papers.survey.figure_non_nash import WORDS

from symgan.kernels import compile

J = np.array([[-1.0, 3.0], [-3.0, 2.0]])
A = (J - J.T) / 2
INNER = 0.25
BY_HAND = {
    "simultaneous": J,
    "consensus": J + J.T @ J,
    "symplectic-adjustment": J + A.T @ J,
    "hamiltonian": J.T @ J,
    "local-symplectic-surgery": (J + J.T) / 2,
}
"""The linearization of each field, v descended, written out."""


def unrolled_by_difference() -> np.ndarray:
    """theta's slope of the unrolled payoff by difference quotients, psi's of the payoff."""

    def payoff(x: float, y: float) -> float:
        return -x * x / 2 + 3 * x * y - y * y

    def unrolled(x: float, y: float) -> float:
        return payoff(x, y + INNER * (3 * x - 2 * y))

    def slope(x: float, y: float) -> np.ndarray:
        h = 1e-3  # quadratics: the quotient has no error but rounding, about 1e-13
        return np.array([(unrolled(x + h, y) - unrolled(x - h, y)) / (2 * h), -(3 * x - 2 * y)])

    return np.column_stack([slope(1.0, 0.0), slope(0.0, 1.0)])


@pytest.mark.parametrize("title", figure_non_nash.FLOWS)
def test_each_verdict_is_that_of_the_linearization(title: str) -> None:
    name = figure_non_nash.FLOWS[title][0]
    matrix = unrolled_by_difference() if name == "unrolled" else BY_HAND[name]
    attracts = min(np.linalg.eigvals(matrix).real) > 0
    verdict = figure_non_nash.verdicts()[title]
    assert verdict is not None
    assert WORDS[verdict] == ("attracts" if attracts else "repels")


@pytest.mark.parametrize("title", figure_non_nash.FLOWS)
def test_the_fields_drawn_have_these_linearizations(title: str) -> None:
    name = figure_non_nash.FLOWS[title][0]
    matrix = unrolled_by_difference() if name == "unrolled" else BY_HAND[name]
    kernel = compile(figure_non_nash.flows()[title])
    for state in np.eye(2) * 1e-6:  # surgery is linear up to its lambda <= |v|^2 = 1e-11
        np.testing.assert_allclose(kernel.field(state), -matrix @ state, rtol=1e-9, atol=1e-16)


def test_only_surgery_tells_the_point_from_a_nash_equilibrium() -> None:
    words = {title: WORDS[v] for title, v in figure_non_nash.verdicts().items() if v}
    assert [title for title, word in words.items() if word == "repels"] == [
        "local symplectic surgery"
    ]
