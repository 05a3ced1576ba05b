"""Step conditions with parameters, checked again by the second program."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symgan import rules
from symgan.analysis.step_bound import step_bound
from symgan.certify.recheck import recheck
from symgan.games.dirac import dirac
from symgan.games.quadratic import quadratic
from symgan.implicit import ImplicitMap
from symgan.regularizers import r1

eta, mu, s, nu, gamma = sp.symbols("eta mu s nu gamma", positive=True)

GAMES = {
    "quadratic": quadratic(mu, s, nu),
    "equal curvature": quadratic(mu, s, mu),
    "free loss, R1": r1(dirac(), gamma).linearized(),
}
CASES = [
    ("simultaneous", {}),
    ("alternating", {}),
    ("optimistic", {}),
    ("heavy-ball", {}),
    ("proximal-point", {}),
    ("lookahead", {"k": 2}),
]


def certificate(game: str, rule: str, options: dict[str, Any]) -> dict[str, Any]:
    found: Any = rules.named(rule)(GAMES[game], eta, **options)
    rest: Any = GAMES[game].equilibrium
    at = dict(rest) if isinstance(found, ImplicitMap) else found.lift(rest)
    return json.loads(json.dumps(step_bound(found, eta, at=at).certificate))


@pytest.mark.parametrize(("rule", "options"), CASES)
@pytest.mark.parametrize("game", GAMES)
def test_conditions_are_derived_again(game: str, rule: str, options: dict[str, Any]) -> None:
    found = certificate(game, rule, options)
    assert found["kind"] == "step-conditions"
    assert recheck(found)


def test_every_altered_condition_is_noticed() -> None:
    found = certificate("quadratic", "optimistic", {})
    for k, factor in enumerate(found["factors"]):
        for j, text in enumerate(factor["positive"]):
            for wrong in (f"-({text})", f"2*({text})", f"({text}) + eta"):
                altered = json.loads(json.dumps(found))
                altered["factors"][k]["positive"][j] = wrong
                assert not recheck(altered), wrong
            shorter = json.loads(json.dumps(found))
            del shorter["factors"][k]["positive"][j]
            assert not recheck(shorter)


def test_another_matrix_is_noticed() -> None:
    found = certificate("equal curvature", "simultaneous", {})
    found["matrix"][0][0] = f"({found['matrix'][0][0]}) + eta"
    assert not recheck(found)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.fractions(-2, 2, max_denominator=6), min_size=3, max_size=3))
def test_conditions_place_the_roots(coefficients: list[Any]) -> None:
    """At numbers, all expressions are positive iff all roots of a cubic lie inside."""
    import numpy as np

    from symgan.certify.recheck_conditions import _lienard_chipart
    from symgan.certify.recheck_identity import Quotients

    K = Quotients(["x"], {})
    entries = [K.number(1)]
    for c in coefficients:
        entries.append(K.divide(K.number(c.numerator), K.number(c.denominator)))
    signs = [sp.Rational(str(e.top)) / sp.Rational(str(e.bottom)) for e in
             _lienard_chipart(entries, K)]  # fmt: skip
    radius = max(abs(np.roots([1.0, *map(float, coefficients)])))
    assume(abs(radius - 1) > 1e-4)  # a triple root is found to about 1e-5
    assert all(e > 0 for e in signs) == bool(radius < 1)
