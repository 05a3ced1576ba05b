"""What `solve_linear` refuses, and what it says."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import Symbol

from symgan.analysis import solve_linear
from symgan.errors import GameError, Undecided
from symgan.games.annealed import t
from symgan.system import Flow

x, y = sp.symbols("x y", real=True)


@pytest.mark.parametrize(
    ("flow", "initial", "words"),
    [
        (Flow((x, y), (x * y, x)), (1, 1), "x\\*y"),
        (Flow((x,), (sp.sin(x),)), (1,), "sin\\(x\\)"),
        (Flow((x,), (t * x,), time=t), (1,), "depends on time"),
        (Flow((x,), (1 / (1 + t),), time=t), (1,), "not a sum of"),
        (Flow((x,), (sp.exp(-(t**2)),), time=t), (1,), "not a sum of"),
        (Flow((x,), (sp.Piecewise((1, t < 1), (0, True)),), time=t), (1,), "not a sum of"),
        (Flow((x, y), (y, x)), {x: 1}, "no initial value for y"),
        (Flow((x,), (x,)), {x: 1, y: 2}, "not a state"),
        (Flow((x,), (x,)), (1, 2), "2 initial values for the 1"),
        (Flow((x,), (x,)), (0.5,), "float"),
        (Flow((x,), (x,), time=t), (t,), "depends on the time"),
    ],
)
def test_bad_input_is_refused_by_name(flow: Flow, initial: Any, words: str) -> None:
    with pytest.raises(GameError, match=words):
        solve_linear(flow, initial)


def test_open_signs_are_named() -> None:
    rate = Symbol("rate", real=True)
    with pytest.raises(Undecided, match="rate"):
        solve_linear(Flow((x,), (-rate * x,), parameters=(rate,)), (1,))
    decided = Symbol("rate", positive=True)
    form = solve_linear(Flow((x,), (-decided * x,), parameters=(decided,)), (1,))
    assert form.transient == form.solution
