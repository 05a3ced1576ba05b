"""What goes to other processes and to disk comes back as it was."""

from __future__ import annotations

import pickle
from dataclasses import fields

import pytest
import sympy as sp
from sympy import Basic

from symgan.atlas import Selection, atlas
from symgan.atlas.cell import Cell
from symgan.atlas.packed import Packed

x, y = sp.symbols("x y", real=True)
g = sp.Symbol("g", positive=True)


def there_and_back(value: Basic) -> Basic:
    return pickle.loads(pickle.dumps(Packed(value))).value


@pytest.mark.parametrize(
    "one",
    [
        sp.Lt(1, 2, evaluate=False),
        sp.Gt(g, 0, evaluate=False),
        (x > 0) & ((y < x) | sp.Eq(y, 1)),
        sp.Not(x > 0) | sp.Ne(x, y),
        sp.Interval.open(0, 2 / g),
        sp.Union(sp.Interval(0, 1), sp.Interval.open(2, x)),
        sp.ConditionSet(g, g * x < 2, sp.Interval.open(0, sp.oo)),
        sp.Piecewise((x, x > 0), (1 / g, y > 0), (sp.S.Zero, True)),
        sp.Min(x, 2 / g),
        sp.Max(x, y, g) + sp.Integral(sp.exp(-(x**2)), (x, 0, y)),
        sp.ImmutableMatrix([[x, sp.sqrt(g)], [sp.CRootOf(x**5 - x - 1, 0), sp.I]]),
    ],
)
def test_expressions_come_back_as_they_are(one: Basic) -> None:
    again = there_and_back(one)
    assert type(again) is type(one)
    assert again == one
    assert hash(again) == hash(one)
    assert sp.srepr(again) == sp.srepr(one)
    swap = {x: y, g: g + 1}
    assert again.subs(swap) == one.subs(swap)
    assert (again.free_symbols, again.is_commutative) == (one.free_symbols, one.is_commutative)


def test_a_plain_pickle_asks_again() -> None:
    """The false neighbor: what `Packed` is for."""
    one = sp.Gt(g, 0, evaluate=False)
    assert pickle.loads(pickle.dumps(one)) is sp.true
    assert there_and_back(one) != sp.true


def test_negation_and_conjunction_go_on_from_what_came_back() -> None:
    both = (x > 0) & (y > 0)
    again = there_and_back(both)
    assert sp.Not(again) == sp.Not(both)
    assert sp.And(again, x <= 0) is sp.false
    assert there_and_back(sp.Min(x, y)) + x == sp.Min(x, y) + x


def test_a_cell_comes_back_whole() -> None:
    (cell,) = atlas(Selection(game="bilinear (sigma)", regularizer="r1", rule="extragradient"))
    again = pickle.loads(pickle.dumps(Packed(cell))).value
    assert isinstance(again, Cell)
    assert [f.name for f in fields(Cell) if getattr(again, f.name) != getattr(cell, f.name)] == []
