"""Every kind of rule is told from plain descent, and named."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import Rational

from symgan import rules
from symgan.audit import Verdict, audit
from symgan.games.quadratic import quadratic

ETA = sp.Symbol("eta", positive=True)
GAME = quadratic(2, 3, 1)


def stepper(name: str) -> type:
    """A class in floats for a rule of the catalog, its options at 1/3."""
    made = rules.named(name)(GAME, ETA)
    values = {p: Rational(1, 3) for p in made.parameters if p != ETA}
    visible, memory = list(made.visible), dict(made.memory)
    rows = dict(zip(made.state, made.rhs, strict=True))
    ahead = [rows[s].subs(values) for s in (*visible, *memory)]
    after = sp.lambdify([*visible, *memory, ETA], ahead, modules="math")
    begin = sp.lambdify(visible, [v.subs(values) for v in memory.values()], modules="math")

    class Code:
        def __init__(self, eta: Any) -> None:
            self.eta, self.kept = float(eta), None

        def step(self, x: Any) -> Any:
            x = [float(v) for v in x]
            found = after(*x, *(begin(*x) if self.kept is None else self.kept), self.eta)
            self.kept = found[len(x) :]
            return found[: len(x)]

    return Code


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("consensus", "consensus with gamma = 1/3"),
        ("past-extragradient", "past-extragradient"),
        ("heavy-ball", "heavy-ball with beta = 1/3"),
        ("lookahead", "lookahead"),
    ],
)
def test_a_rule_is_recognized_by_its_steps(name: str, shown: str) -> None:
    found = audit(stepper(name), GAME, "simultaneous")
    assert found.verdict is Verdict.DIFFERS
    assert found.recognized is not None
    assert found.recognized.name == shown
    given = {p.name: Rational(1, 3) for p in rules.named(name)(GAME, ETA).parameters if p != ETA}
    assert audit(stepper(name), GAME, name, options=given).verdict is Verdict.SAME
