"""Functions that serve no oracle: the region, its witness, and where there is none."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symgan.analysis.no_go import no_go
from symgan.certify.recheck import recheck
from symgan.errors import GameError
from symgan.system import Map
from tests.analysis import switched_orbits as plain
from tests.analysis.switched_games import (
    EUCLID,
    LARGEST,
    SHARP,
    STATE,
    eta,
    fields,
    place,
    psi,
    rationals,
    states,
    steps,
    theta,
)


def test_no_oracle_makes_the_euclidean_norm_fall() -> None:
    for chosen in (fields()[:2], fields()):
        result = no_go(EUCLID, chosen)
        assert result is not None
        assert result.range == sp.true
        assert recheck(result.certificate)
        _increases_under_all(result.witness)


def _increases_under_all(witness: Mapping[Any, Any]) -> None:
    a, b, h = (Fraction(str(witness[s])) for s in (theta, psi, eta))
    for field in (plain.first, plain.second, plain.both):
        assert plain.norm2(field((a, b), h)) > plain.norm2((a, b))


@given(st.data(), steps)
def test_the_no_go_region_is_exact(data: st.DataObject, step: Fraction) -> None:
    x = data.draw(states(2 / step))
    region = _region()
    everywhere = all(
        plain.norm2(field(x, step)) > plain.norm2(x)
        for field in (plain.first, plain.second, plain.both)
    )
    assert (region.subs(place(x, step)) == sp.true) == everywhere


@cache
def _region() -> Any:
    result = no_go(EUCLID, fields())
    assert result is not None
    return result.region


def test_the_sharp_function_meets_no_no_go_and_the_largest_coordinate_does_beyond_one() -> None:
    assert no_go(SHARP, fields()[:2]) is None
    result = no_go(LARGEST, fields()[:2])
    assert result is not None
    assert result.range == (eta > 1)
    assert recheck(result.certificate)


@given(rationals, rationals)
def test_up_to_one_some_field_keeps_the_largest_coordinate(a: Fraction, b: Fraction) -> None:
    moves = (plain.first, plain.second)
    assert any(plain.largest(f((a, b), Fraction(1))) <= plain.largest((a, b)) for f in moves)


def test_fields_that_are_not_homogeneous_get_a_witness() -> None:
    s = 1 / (1 + sp.exp(-theta * psi))
    moves = [(theta + eta * s * psi, psi), (theta, psi - eta * s * theta)]
    result = no_go(EUCLID, [Map(STATE, move, (eta,)) for move in moves])
    assert result is not None
    assert recheck(result.certificate)
    point = dict(result.witness)
    for move in moves:
        size = (move[0] ** 2 + move[1] ** 2 - EUCLID).subs(point)
        assert size.evalf(30) > 0


def test_bad_input_is_named() -> None:
    with pytest.raises(GameError, match="at least one field"):
        no_go(EUCLID, [])
