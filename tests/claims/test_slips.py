"""Single changes: what is changed, what it is called, how large it is."""

from __future__ import annotations

import pytest
import sympy as sp
from sympy import sin

from symgan.claims import eq
from symgan.claims.edits import variants
from symgan.claims.slips import edits, sentence

x, t, Q = sp.symbols("x t Q", real=True)
a, c = sp.symbols("a c", positive=True)
PRINTED = eq(Q, a * x - sin(t) / (1 + c))


def test_every_change_is_another_statement_and_occurs_once() -> None:
    found = [edit.statement for edit in edits(PRINTED, [a, c, t, x])]
    assert len(set(found)) == len(found)
    assert PRINTED not in found
    assert not any(statement.has(sp.zoo, sp.nan, sp.oo) for statement in found)
    assert {edit.statement for edit in variants(PRINTED)} <= set(found)


def test_changes_come_in_a_fixed_order_and_are_weighed() -> None:
    once, again = ([(e.size, e.statement) for e in edits(PRINTED, [a, c])] for _ in range(2))
    assert once == again
    assert {size for size, _ in once} == {1, 2, 3, 4}


@pytest.mark.parametrize(
    ("printed", "repaired", "size", "words"),
    [
        (eq(Q, x - t), eq(Q, x + t), 1, "flip the sign of the term -t"),
        (sp.Lt(Q, x), sp.Gt(Q, x), 1, "turn the inequality: Q > x"),
        (sp.Lt(Q, x), sp.Le(Q, x), 1, "change the strictness: Q <= x"),
        (eq(Q, sin(t)), eq(Q, sp.cos(t)), 1, "write cos(t) for sin(t)"),
        (eq(Q, x + 3), eq(Q, x + 2), 2, "write 2 for 3"),
        (eq(Q, x * t), eq(Q, 0), 2, "write 0 for t*x"),
        (eq(Q, x - t), eq(Q, t - x), 1, "flip the sign of -t + x"),
        (eq(Q, x**2), eq(Q, x**4), 3, "write x**4 for x**2"),
        (eq(Q, sin(x + t)), eq(Q, sin(x) + t), 3, "write t + sin(x) for sin(t + x)"),
        (eq(Q, (a * x) ** 2), eq(Q, a * x**2), 3, "divide a**2*x**2 by a"),
        (eq(Q, a * x + t), eq(Q, a * (x + t)), 3, "write a*(t + x) for a*x + t"),
    ],
)
def test_changes_have_names(printed: sp.Basic, repaired: sp.Basic, size: int, words: str) -> None:
    symbols = sorted(printed.free_symbols - {Q}, key=str)
    edit = next(e for e in edits(printed, symbols) if e.statement == repaired)
    assert (edit.size, sentence(edit)) == (size, words)


def test_a_named_quantity_is_not_changed() -> None:
    assert all(edit.statement.lhs == Q for edit in edits(PRINTED, [a, c]))  # type: ignore[attr-defined]
