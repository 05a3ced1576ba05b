"""Conserved quantities: reference systems, and linear algebra done a second way."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Matrix, log

from symgan.analysis import conserved, find_conserved
from symgan.errors import GameError
from symgan.games.annealed import alpha_r, psi, theta, tiny_gan
from symgan.games.dirac import dirac
from symgan.games.quadratic import bilinear
from symgan.rules.alternating import alternating
from symgan.rules.simultaneous import simultaneous
from symgan.system import Flow, Map

x, y, z = sp.symbols("x y z", positive=True)
u, v = sp.symbols("u v", real=True)
a, b, c, d = sp.symbols("a b c d", positive=True)
eta = sp.Symbol("eta", positive=True)
PREY = Flow((x, y), (a * x - b * x * y, -c * y + d * x * y), (a, b, c, d))


def only(found: tuple[Any, ...]) -> Any:
    (quantity,) = found
    return quantity


def test_lotka_volterra() -> None:
    """Reference: V = d x - c log x + b y - a log y (Volterra 1926)."""
    V = d * x - c * log(x) + b * y - a * log(y)
    assert conserved(PREY, V) is not None
    assert conserved(PREY, V + log(x)) is None
    assert conserved(PREY, d * x - c * log(x) - b * y + a * log(y)) is None
    found = only(find_conserved(PREY, degree=1, logarithms=True))
    assert sp.expand(found + V) == 0
    assert find_conserved(PREY, degree=3) == ()


def test_lyness_map() -> None:
    """Reference: (1+x)(1+y)(a+x+y)/(xy) (Lyness 1945)."""
    lyness = Map((x, y), (y, (a + y) / x), (a,))
    V = (1 + x) * (1 + y) * (a + x + y) / (x * y)
    assert conserved(lyness, V) is not None
    assert conserved(lyness, V + x) is None
    logs = [x, y, 1 + x, 1 + y, a + x + y]
    found = only(find_conserved(lyness, degree=2, logarithms=logs))
    assert sp.expand(found - sp.expand_log(log(V))) == 0


def test_rigid_body() -> None:
    """Reference: energy and angular momentum of Euler's equations."""
    w = sp.symbols("w1:4", real=True)
    I1, I2, I3 = sp.symbols("I1:4", positive=True)
    rhs = ((I2 - I3) / I1 * w[1] * w[2], (I3 - I1) / I2 * w[2] * w[0], (I1 - I2) / I3 * w[0] * w[1])
    body = Flow(w, rhs, (I1, I2, I3))
    found = find_conserved(body, degree=2)
    energy = I1 * w[0] ** 2 + I2 * w[1] ** 2 + I3 * w[2] ** 2
    momentum = (I1 * w[0]) ** 2 + (I2 * w[1]) ** 2 + (I3 * w[2]) ** 2
    squares = [w_**2 for w_ in w]
    rows = [[sp.Poly(q, *w).coeff_monomial(m) for m in squares] for q in (*found, energy, momentum)]
    assert Matrix(rows[:2]).rank() == 2
    assert Matrix(rows).applyfunc(sp.cancel).rank(simplify=True) == 2


def test_games() -> None:
    assert only(find_conserved(dirac().flow())) == psi**2 + theta**2
    assert sp.expand(
        only(find_conserved(tiny_gan().flow())) - (psi**2 + theta**2 - 2 * alpha_r * theta)
    ) == 0  # fmt: skip
    energy = only(find_conserved(alternating(bilinear(), eta)))
    assert sp.expand(energy - (psi**2 + theta**2 + eta * psi * theta)) == 0
    assert find_conserved(simultaneous(bilinear(), eta)) == ()


@settings(max_examples=30)
@given(st.lists(st.integers(-2, 2), min_size=4, max_size=4), st.booleans())
def test_linear_systems_against_invariant_forms(entries: list[int], discrete: bool) -> None:
    """Quadratic forms S with A^T S + S A = 0 (A^T S A = S), and the linear ones, counted."""
    A = Matrix(2, 2, entries)
    rhs = tuple(A * Matrix([u, v]))
    system = Map((u, v), rhs) if discrete else Flow((u, v), rhs)
    found = find_conserved(system, degree=2)
    s1, s2, s3 = sp.symbols("s1:4")
    S = Matrix([[s1, s2], [s2, s3]])
    change = A.T * S * A - S if discrete else A.T * S + S * A
    quadratic = 3 - Matrix([change[0], change[1], change[3]]).jacobian([s1, s2, s3]).rank()
    linear = 2 - (A.T - sp.eye(2) if discrete else A.T).rank()
    assert len(found) == quadratic + linear
    for quantity in found:
        assert conserved(system, quantity) is not None


def test_logarithms_of_signed_variables() -> None:
    flow = Flow((u, v), (u, -v))
    assert conserved(flow, log(sp.Abs(u)) + log(sp.Abs(v))) is not None
    assert conserved(flow, log(sp.Abs(u)) - log(sp.Abs(v))) is None
    assert set(find_conserved(flow, degree=2, logarithms=True)) == {
        u * v,
        log(sp.Abs(u)) + log(sp.Abs(v)),
    }


def test_quantities_that_depend_on_time() -> None:
    t = sp.Symbol("t", nonnegative=True)
    flow = Flow((u,), (u + t,), time=t)
    assert conserved(flow, (u + t + 1) * sp.exp(-t)) is not None
    assert conserved(flow, (u + t) * sp.exp(-t)) is None


def test_refusals() -> None:
    with pytest.raises(GameError, match="neither state nor parameter"):
        conserved(PREY, x + z)
    with pytest.raises(GameError, match="empty template"):
        find_conserved(PREY, degree=0)
    with pytest.raises(GameError, match="switched"):
        find_conserved(Map((u,), (sp.Piecewise((u, u > 0), (-u, True)),)))
