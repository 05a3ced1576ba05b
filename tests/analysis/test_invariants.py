"""Invariants found, held against random orders of updates in plain Fractions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from symgan.analysis.conserved import find_conserved
from symgan.analysis.invariants import branch_maps, invariants, volume
from symgan.certify.recheck import recheck
from symgan.errors import GameError
from symgan.losses import GenericLoss
from symgan.system import Map
from tests.analysis.switched_games import eta, exact, fields, oracle, psi, rationals, theta


def vectors(n: int) -> tuple[tuple[sp.Symbol, ...], tuple[sp.Symbol, ...]]:
    return (
        tuple(sp.Symbol(f"theta_{i}", real=True) for i in range(1, n + 1)),
        tuple(sp.Symbol(f"psi_{i}", real=True) for i in range(1, n + 1)),
    )


def vector_fields(n: int, slope: sp.Expr | int = 1) -> tuple[Map, Map, Map]:
    """V1, V2, V3 of the payoff -theta.psi, or of one with another slope."""
    T, P = vectors(n)
    up = tuple(t + eta * slope * p for t, p in zip(T, P, strict=True))
    down = tuple(p - eta * slope * t for t, p in zip(T, P, strict=True))
    one, two, three = (Map((*T, *P), rhs, (eta,)) for rhs in ((*up, *P), (*T, *down), (*up, *down)))
    return one, two, three


def minors(n: int) -> list[sp.Expr]:
    T, P = vectors(n)
    return [T[i] * P[j] - T[j] * P[i] for i, j in combinations(range(n), 2)]


@pytest.mark.parametrize("n", [2, 3])
def test_the_minors_and_nothing_else_are_kept_by_every_order(n: int) -> None:
    one, two, three = vector_fields(n)
    found = invariants([one, two])
    basis = sp.Matrix([_coefficients(f.quantity, n) for f in found])
    wanted = sp.Matrix([_coefficients(m, n) for m in minors(n)])
    assert basis.rank() == wanted.rank() == basis.col_join(wanted).rank() == len(minors(n))
    assert all(f.factors == (1, 1) and f.obstructs and recheck(f.certificate) for f in found)
    scaled = invariants([one, two, three])
    assert len(scaled) == len(found)
    assert all(f.factors == (1, 1, 1 + eta**2) and f.obstructs for f in scaled)


def _coefficients(form: sp.Expr, n: int) -> list[sp.Expr]:
    T, P = vectors(n)
    return [sp.expand(form).coeff(t).coeff(p) for t in T for p in P] + [
        sp.expand(form).coeff(x, 2) for x in (*T, *P)
    ]


def test_they_are_kept_for_every_loss_of_the_inner_product() -> None:
    T, P = vectors(2)
    inner = sum((t * p for t, p in zip(T, P, strict=True)), sp.Integer(0))
    slope = sp.diff(GenericLoss(inner), T[0]) / P[0]
    (found,) = invariants(vector_fields(2, slope))
    assert sp.expand(found.quantity**2 - minors(2)[0] ** 2) == 0
    assert found.factors[:2] == (1, 1)
    assert sp.expand(found.factors[2] - 1 - eta**2 * slope**2) == 0
    assert found.obstructs
    assert recheck(found.certificate)


orders = st.lists(
    st.tuples(st.integers(0, 2), st.builds(Fraction, st.integers(1, 9), st.integers(1, 4))),
    min_size=1,
    max_size=12,
)


@settings(max_examples=60)
@given(st.lists(rationals, min_size=4, max_size=4), orders)
def test_a_random_order_with_changing_steps_keeps_the_minor(
    x: Sequence[Fraction], order: Sequence[tuple[int, Fraction]]
) -> None:
    T, P = list(x[:2]), list(x[2:])
    minor = T[0] * P[1] - T[1] * P[0]
    for which, h in order:
        up = [t + h * p for t, p in zip(T, P, strict=True)]
        down = [p - h * t for t, p in zip(T, P, strict=True)]
        T, P = [(up, P), (T, down), (up, down)][which]
        minor *= 1 + h**2 if which == 2 else 1
        assert T[0] * P[1] - T[1] * P[0] == minor
        size = sum(v**2 for v in (*T, *P))
        assert size >= 2 * abs(minor)  # how near the origin it can come


@settings(max_examples=3)
@given(st.integers(1, 5), st.integers(1, 5))
def test_damping_destroys_the_obstruction(p: int, q: int) -> None:
    # A false neighbor: V1 with weight decay scales the minor by less than one.
    decay = sp.Rational(p, p + q)
    T, _ = vectors(2)
    one, two, _ = vector_fields(2)
    damped = Map(one.state, tuple(decay * f if s in T else f for s, f in zip(one.state, one.rhs,
                 strict=True)), (eta,))  # fmt: skip
    found = invariants([damped, two])
    assert found
    assert not any(f.obstructs for f in found)
    assert {f.factors for f in found} <= {(decay, 1)}


def test_the_symmetric_product_is_no_invariant() -> None:
    T, P = vectors(2)
    wrong = T[0] * P[1] + T[1] * P[0]
    quantities = [f.quantity for f in invariants(vector_fields(2)[:2])]
    assert all(sp.expand(q - c * wrong) != 0 for q in quantities for c in (1, -1))


def test_the_plane_has_no_common_invariant() -> None:
    one, two, _ = fields()
    assert invariants([one, two]) == ()
    assert invariants(oracle("stay")) == ()  # the branches of a switched map count as maps


def test_alternating_keeps_its_form_and_agrees_with_the_other_search() -> None:
    one, two, _ = fields()
    turns = one.then(two)
    (found,) = invariants(turns)
    assert sp.expand(found.quantity - (theta**2 + eta * theta * psi + psi**2)) == 0
    assert [sp.expand(q - found.quantity) for q in find_conserved(turns)] == [0]
    assert recheck(found.certificate)


def test_an_altered_certificate_is_rejected() -> None:
    (found,) = invariants(vector_fields(2)[:2])
    part = dict(found.certificate["parts"][0])
    assert recheck(part)
    assert not recheck(part | {"form": part["form"] + " + theta_1"})


@settings(max_examples=25)
@given(st.integers(-4, 4), st.integers(-4, 4), st.integers(1, 6))
def test_volume_is_the_determinant(a: int, b: int, h: int) -> None:
    turned = Map((theta, psi), (theta + a * eta * psi, psi + b * eta * theta), (eta,))
    (branch,) = volume(turned)
    plain = 1 - Fraction(a * h) * Fraction(b * h)
    assert branch.value.subs(eta, exact(Fraction(h))) == exact(plain)


def test_every_single_update_keeps_volume_and_simultaneous_ones_do_not() -> None:
    assert {b.value for b in volume(oracle("stay"))} == {sp.Integer(1)}
    assert [b.value for b in volume(fields()[2])] == [1 + eta**2]
    assert len(branch_maps(oracle("mover"))) == 2


def test_bad_input_is_named() -> None:
    with pytest.raises(GameError, match="at least one map"):
        invariants([])
    other = Map((theta,), (theta,))
    with pytest.raises(GameError, match="on one state"):
        invariants([other, fields()[0]])
