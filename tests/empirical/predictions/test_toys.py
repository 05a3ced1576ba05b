"""What the exact theory says of rules, derived anew, against the literature."""

from __future__ import annotations

import pytest
import sympy as sp

from symgan.empirical.predictions.toys import CONVERGES, DIVERGES, STAYS, toy
from symgan.errors import GameError, UnknownName


@pytest.mark.parametrize(
    ("rule", "options", "threshold", "below"),
    [
        ("simultaneous", {}, 0, DIVERGES),
        ("heavy-ball", {"beta": -0.5}, 0, DIVERGES),
        ("alternating", {}, 2, STAYS),
        ("alternating", {"n_d": 2}, sp.sqrt(2), STAYS),
        ("extragradient", {}, 1, CONVERGES),
        ("optimistic", {}, 1 / sp.sqrt(3), CONVERGES),
        ("consensus", {"gamma": 2}, sp.sqrt(3) / 2, CONVERGES),
    ],
)
def test_thresholds(rule: str, options: dict[str, object], threshold: object, below: str) -> None:
    found = toy(rule, **options)
    assert sp.simplify(found.threshold - sp.sympify(threshold)) == 0
    assert found.below == below


def test_the_weight_of_consensus_counts_in_steps() -> None:
    """With half the step as weight, |z|^2 = (1 - s/2)^2 + s = 1 + s^2/4: no step is stable."""
    assert toy("consensus", gamma=sp.Rational(1, 2)).below == DIVERGES
    assert toy("consensus", gamma=2).threshold != toy("consensus", gamma=1).threshold


def test_what_it_does_depends_on_the_side_of_the_threshold() -> None:
    found = toy("alternating")
    assert (found.does(1), found.does(3)) == (STAYS, DIVERGES)
    assert toy("simultaneous").does(sp.Rational(1, 100)) == DIVERGES
    with pytest.raises(GameError, match="at its threshold 2"):
        found.does(2)


def test_unknown_rules_are_refused() -> None:
    with pytest.raises(UnknownName, match="no-such-rule"):
        toy("no-such-rule")
