"""Certified basins: known ones bound them, orbits from them converge, certificates recheck."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy as sp
from sympy import Matrix, Rational

from symgan.analysis.basin import certified_basin, lyapunov_matrix
from symgan.certify.boxes import prove_on_box
from symgan.certify.recheck import recheck
from symgan.errors import GameError
from symgan.system import Flow, Map

x, y, a = sp.symbols("x y a", real=True)
ORIGIN = {x: 0, y: 0}
VAN_DER_POL = Flow((x, y), (-y, x + (x**2 - 1) * y))


def test_the_basin_of_one_dimension_is_found_from_below() -> None:
    """x' = -x + x^3 has the basin |x| < 1, where V = x^2/2 is below 1/2."""
    basin = certified_basin(Flow((x,), (-x + x**3,)), {x: 0}, bits=3)
    assert Rational(2, 5) < basin.level < Rational(1, 2)
    assert basin.refused is not None
    assert basin.level < basin.refused <= Rational(9, 16)
    assert basin.contains({x: Rational(9, 10)})
    assert not basin.contains({x: 1})


def test_a_map_with_a_repelling_fixed_point() -> None:
    """x+ = x/2 + x^3/2 has fixed points 0 and +-1."""
    basin = certified_basin(Map((x,), (x / 2 + x**3 / 2,)), {x: 0}, bits=2)
    assert basin.matrix == Matrix([[Rational(4, 3)]])
    assert Rational(3, 4) < basin.level < Rational(4, 3)


def test_van_der_pol_backwards() -> None:
    """Khalil (Nonlinear Systems, example 8.9) reads 2.25 for this V off a plot."""
    basin = certified_basin(VAN_DER_POL, ORIGIN, bits=1)
    assert basin.matrix == Matrix([[Rational(3, 2), Rational(-1, 2)], [Rational(-1, 2), 1]])
    assert 2 <= basin.level <= Rational(9, 4)
    f = sp.lambdify((x, y), VAN_DER_POL.rhs, "numpy")
    angle = np.linspace(0, 2 * np.pi, 40)
    across = np.stack([np.cos(angle), np.sin(angle)])
    P = np.array(basin.matrix, dtype=float)
    size = np.sqrt(float(basin.level) / np.einsum("ik,ij,jk->k", across, P, across))
    orbit = across * size
    for _ in range(20_000):
        orbit = orbit + 0.001 * np.stack(f(*orbit))
    assert np.abs(orbit).max() < 1e-3  # e^{-10} of the start; Euler's step adds 1e-3 of that


def test_certificates_recheck() -> None:
    """The certificates of one level hold; those of a higher level on the same boxes do not."""
    basin = certified_basin(Flow((x,), (-x + x**3,)), {x: 0}, bits=0)
    assert len(basin.certificates) >= 2
    assert all(recheck(data) is True for data in basin.certificates)
    last = dict(basin.certificates[-1])
    raised = last["positive"].replace(f"- {basin.level}", f"- {4 * basin.level}")
    assert raised != last["positive"]
    wider = {**last, "positive": raised, "domain": {"x": ["1", "2"]}, "boxes": [[["1", "2"]]]}
    assert recheck(wider) is False


def test_a_level_beyond_the_basin_is_not_covered() -> None:
    P = lyapunov_matrix(VAN_DER_POL, VAN_DER_POL.jacobian(ORIGIN))
    V = (Matrix([[x, y]]) * P * Matrix([x, y]))[0]
    falling = -sp.expand(2 * (Matrix([[x, y]]) * P * Matrix(VAN_DER_POL.rhs))[0])
    too_high = sp.Max(falling, V - 9, evaluate=False)
    assert prove_on_box(too_high, {x: (2, 3), y: (0, 3)}, budget_ms=500) is None


def test_a_point_off_the_origin() -> None:
    moved = Flow((x,), (-(x - 3) + (x - 3) ** 3,))
    basin = certified_basin(moved, {x: 3}, bits=0)
    assert basin.contains({x: 3 + Rational(1, 2)})
    assert not basin.contains({x: 0})


def test_lyapunov_equations() -> None:
    J = Matrix([[-1, 2], [-3, -1]])
    P = lyapunov_matrix(VAN_DER_POL, J)
    assert P * J + J.T * P + sp.eye(2) == sp.zeros(2)
    A = J / 4
    Q = lyapunov_matrix(Map((x, y), (x, y)), A)
    assert A.T * Q * A - Q + sp.eye(2) == sp.zeros(2)


@pytest.mark.parametrize(
    ("system", "at", "words"),
    [
        (Flow((x, y), (-y, x)), ORIGIN, "not inside"),
        (Flow((x,), (x,)), {x: 0}, "not inside"),
        (Flow((x,), (-a * x,), parameters=(a,)), {x: 0}, "give values to a"),
        (Flow((x,), (2 - x**2,)), {x: sp.sqrt(2)}, "rational equilibrium"),
        (Flow((x,), (1 - x,)), {x: 0}, "not an equilibrium"),
        (Flow((x,), (-x - sp.Abs(x - 1) + 1,)), {x: 0}, "smooth"),
    ],
)
def test_refusals(system: Any, at: Any, words: str) -> None:
    with pytest.raises(GameError, match=words):
        certified_basin(system, at)


def test_a_matrix_that_does_not_fit_is_refused() -> None:
    flow = Flow((x, y), (-x + 9 * y, -y))
    with pytest.raises(GameError, match="does not decrease"):
        certified_basin(flow, ORIGIN, sp.eye(2))
    with pytest.raises(GameError, match="positive definite"):
        certified_basin(flow, ORIGIN, -sp.eye(2))


@pytest.mark.parametrize("start", [0, -1, 0.5, "a"])
def test_the_first_level_is_a_positive_rational(start: Any) -> None:
    x = sp.Symbol("x", real=True)
    with pytest.raises(GameError, match="positive rational"):
        certified_basin(Flow((x,), (-x + x**3,)), {x: 0}, start=start)


def test_doubling_ends_where_everything_is_attracted() -> None:
    x = sp.Symbol("x", real=True)
    basin = certified_basin(Flow((x,), (-x,)), {x: 0})
    assert basin.refused is None
    assert basin.level == Rational(2) ** 34  # 40 doublings of 1/64
