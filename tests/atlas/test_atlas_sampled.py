"""What is decided at sample values of parameters stands there alone."""

from __future__ import annotations

import sympy as sp

from symgan.atlas import Selection, Verdict, atlas
from symgan.atlas.cell import Answer, Case
from symgan.atlas.own import Own, of_sample
from symgan.report.atlas import word

p, q = sp.symbols("p q", positive=True)
CASES = (Case(Verdict.GLOBAL, sp.true),)


def answer(**fields: object) -> Answer:
    return Answer(sp.ImmutableMatrix(0, 0, []), True, **fields)  # type: ignore[arg-type]


def test_a_verdict_at_sample_values_is_no_verdict_elsewhere() -> None:
    found = of_sample(CASES, answer(sample={p: sp.Integer(1), q: sp.Integer(4)}), Own(None))
    there = sp.Eq(p, 1) & sp.Eq(q, 4)
    assert [(c.verdict, c.condition) for c in found] == [
        (Verdict.GLOBAL, there),
        (Verdict.UNDECIDED, sp.Not(there)),
    ]


def test_a_verdict_for_all_values_stays() -> None:
    assert of_sample(CASES, answer(), Own(None)) == CASES


def test_such_a_cell_counts_as_undecided_in_part() -> None:
    """Heavy ball with friction on the bilinear game: a quartic with two symbols."""
    cells = atlas(Selection("bilinear (sigma)", regularizer="none", rule="heavy-ball"))
    (flow,) = (c for c in cells if c.continuous)
    assert flow.verdict is Verdict.DEPENDS
    assert flow.undecided
    assert word(flow) == "dep?"
