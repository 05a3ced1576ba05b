"""Exact Lipschitz constants against sampled slopes, closed forms and an SMT solver."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp
import z3
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sympy import Matrix, Rational

from symgan.analysis.budget import Budget
from symgan.analysis.halfspaces import interior_point
from symgan.analysis.lipschitz import (
    lipschitz,
    relu_network,
    spectral_norm,
    spectrally_normalized,
)
from symgan.errors import GameError, Undecided

entry = st.integers(-3, 3)


@st.composite
def systems(draw: st.DrawFn) -> Any:
    n, m = draw(st.integers(1, 3)), draw(st.integers(0, 7))
    row = st.tuples(st.lists(entry, min_size=n, max_size=n), entry)
    rows = draw(st.lists(row, min_size=m, max_size=m))
    return n, [(tuple(map(Fraction, a)), Fraction(b)) for a, b in rows]


@settings(max_examples=80, deadline=None)
@given(systems())
@example((1, [((Fraction(1),), Fraction(0)), ((Fraction(-1),), Fraction(0))]))  # x > 0 > x
@example((2, [((Fraction(0), Fraction(0)), Fraction(0))]))  # 0 > 0
@example((1, [((Fraction(1),), Fraction(-1)), ((Fraction(-1),), Fraction(1))]))  # touching
def test_feasibility_agrees_with_the_solver(system: Any) -> None:
    n, rows = system
    found = interior_point(rows, n, Budget(10))
    unknown: Any = z3.Reals(" ".join(f"x{i}" for i in range(n)))
    solver = z3.Solver()
    for a, b in rows:
        products = (int(c) * s for c, s in zip(a, unknown, strict=True))
        total: Any = z3.Sum(z3.RealVal(int(b)), *products)
        solver.add(total > 0)
    assert (found is not None) is bool(solver.check() == z3.sat)
    values = [] if found is None else [sum(map(Fraction.__mul__, a, found), b) for a, b in rows]
    assert all(value > 0 for value in values)


@st.composite
def networks(draw: st.DrawFn) -> Any:
    sizes = draw(st.lists(st.integers(1, 3), min_size=2, max_size=4))
    weights = [
        Matrix(b, a, draw(st.lists(entry, min_size=a * b, max_size=a * b)))
        for a, b in itertools.pairwise(sizes)
    ]
    biases = [Matrix(draw(st.lists(entry, min_size=b, max_size=b))) for b in sizes[1:]]
    slope = draw(st.sampled_from([0, Rational(1, 4), 1]))
    return relu_network(weights, biases if draw(st.booleans()) else None, slope=slope)


def _slopes(network: Any, seed: int, count: int = 60) -> np.ndarray:
    """Spectral norms of the Jacobians at random points, by plain matrix products."""
    rng = np.random.default_rng(seed)
    weights = [np.array(W, dtype=float) for W in network.weights]
    biases = [np.array(b, dtype=float)[:, 0] for b in network.biases]
    found = []
    for x in rng.normal(size=(count, network.inputs)) * 10 ** rng.uniform(-1, 2, size=(count, 1)):
        signal, jacobian = x, np.eye(network.inputs)
        for place, (W, b) in enumerate(zip(weights, biases, strict=True)):
            signal, jacobian = W @ signal + b, W @ jacobian
            if place < len(weights) - 1:
                gate = np.where(signal > 0, 1.0, float(network.slope))
                signal, jacobian = gate * signal, gate[:, None] * jacobian
        found.append(np.linalg.norm(jacobian, 2))
    return np.array(found)


@settings(max_examples=25, deadline=None)
@given(networks(), st.integers(0, 2**32 - 1))
def test_no_sampled_slope_exceeds_the_constant_nor_this_the_product(
    network: Any, seed: int
) -> None:
    found = lipschitz(network)
    constant, product = float(found.constant), float(found.product)
    rounding = 1e-12 * (1 + product)  # float products of at most 3 by 3 matrices
    assert _slopes(network, seed).max() <= constant + rounding
    assert constant <= product + rounding
    assert abs(float(spectral_norm(found.jacobian)) - constant) <= rounding
    assert (found.constant == 0) or np.isclose(_slope_at(network, found.at), constant)


def _slope_at(network: Any, at: tuple[Any, ...]) -> float:
    """The norm of the exact difference quotients around a point inside a region."""
    h = Rational(1, 10**9)
    columns = []
    for place in range(len(at)):
        moved = [c + h * int(i == place) for i, c in enumerate(at)]
        columns.append([(a - b) / h for a, b in zip(network(*moved), network(*at), strict=True)])
    return float(np.linalg.norm(np.array(columns, dtype=float).T, 2))


def test_every_region_is_found() -> None:
    """Three lines in general position cut the plane into seven regions, not eight."""
    network = relu_network([[[1, 0], [0, 1], [1, 1]], [[1, 2, 4]]], [[0, 0, -1], [0]])
    assert lipschitz(network).regions == 7
    through_one_point = relu_network([[[1, 0], [0, 1], [1, 1]], [[1, 2, 4]]])
    assert lipschitz(through_one_point).regions == 6


def test_a_pattern_that_no_input_has_is_not_counted() -> None:
    """relu(x) and relu(-x - 1) are never active together: the constant is 3, not 5."""
    network = relu_network([[[1], [-1]], [[3, -2]]], [[0, -1], [0]])
    assert lipschitz(network).constant == 3
    overlapping = relu_network([[[1], [-1]], [[3, -2]]], [[0, 1], [0]])
    assert lipschitz(overlapping).constant == 5


def test_the_absolute_value_keeps_half_of_its_bound() -> None:
    found = lipschitz(relu_network([[[1], [-1]], [[1, 1]]]))
    assert (found.constant, found.product, found.tight) == (1, 2, False)
    assert found.ratio == Rational(1, 2)
    identity = lipschitz(relu_network([[[1], [-1]], [[1, -1]]]))
    assert (identity.constant, identity.product, identity.tight) == (1, 2, False)
    assert lipschitz(relu_network([[[3, 4]], [[2]]])).tight


def test_slope_one_is_the_product_of_the_matrices() -> None:
    W1, W2 = Matrix([[1, 2], [3, 4], [0, 1]]), Matrix([[1, -1, 2], [0, 1, 1]])
    found = lipschitz(relu_network([W1, W2], slope=1))
    assert sp.simplify(found.constant - spectral_norm(W2 * W1)) == 0
    assert abs(float(found.constant) - np.linalg.norm(np.array(W2 * W1, dtype=float), 2)) < 1e-12


@settings(max_examples=30, deadline=None)
@given(networks())
def test_normalizing_leaves_the_ratio(network: Any) -> None:
    """Without biases the patterns do not change; the rescaled slopes give the ratio."""
    bare = relu_network(network.weights, slope=network.slope)
    if any(W.is_zero_matrix for W in bare.weights):
        with pytest.raises(GameError, match="zero layer"):
            spectrally_normalized(bare.weights)
    else:
        normalized = [np.array(W, dtype=float) for W in spectrally_normalized(bare.weights)]
        assert np.allclose([np.linalg.norm(W, 2) for W in normalized], 1)
        scale = np.prod([np.linalg.norm(np.array(W, dtype=float), 2) for W in bare.weights])
        assert np.isclose(float(lipschitz(bare).ratio), float(lipschitz(bare).constant) / scale)


@pytest.mark.parametrize(
    ("weights", "options", "sentence"),
    [
        ([], {}, "at least one layer"),
        ([[[1, 2]], [[1, 1]]], {}, "layer 2 takes 2 inputs and gets 1"),
        ([[[0.5]]], {}, "rational"),
        ([[[sp.Symbol("w")]]], {}, "rational"),
        ([[[1]]], {"biases": [[1, 2]]}, "bias"),
        ([[[1]]], {"slope": 2}, "slope"),
    ],
)
def test_bad_networks_are_refused(weights: Any, options: Any, sentence: str) -> None:
    with pytest.raises(GameError, match=sentence):
        relu_network(weights, **options)


def test_a_zero_layer_has_no_ratio() -> None:
    with pytest.raises(GameError, match="zero"):
        _ = lipschitz(relu_network([[[0]], [[1]]])).ratio


def test_time_runs_out_with_a_sentence() -> None:
    network = relu_network([Matrix(6, 3, range(-9, 9)), Matrix(1, 6, [1] * 6)], [[1] * 6, [0]])
    with pytest.raises(Undecided, match="out of time"):
        lipschitz(network, seconds=0)
