"""docs/NON_NASH.md: every row is what a search finds, and numeric spectra agree with it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import sympy as sp

from symgan import rules
from symgan.analysis.attractor_proofs import STEP
from symgan.analysis.attractors import Attractor, Row, attractor_table
from symgan.implicit import ImplicitMap
from symgan.report.attractors import document, row_line

DOCUMENT = Path(__file__).parents[2] / "docs" / "NON_NASH.md"
NAMES = list(rules.catalog())


@cache
def row(name: str) -> Row:
    (found,) = attractor_table({name: rules.named(name)})
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_row_is_current(name: str) -> None:
    assert row_line(row(name)) in DOCUMENT.read_text(encoding="utf-8").splitlines()


def test_the_document_holds_every_rule() -> None:
    empty = document([])
    text = DOCUMENT.read_text(encoding="utf-8")
    assert text.startswith(empty.rstrip("\n"))
    assert len(text.splitlines()) - len(empty.splitlines()) == len(NAMES)


def radius(name: str, found: Attractor, step: sp.Rational) -> float:
    """The spectral radius of the rule on the example at one step, from NumPy."""
    system = rules.named(name)(found.game, STEP)
    rest = dict(found.game.equilibrium or {})
    system = system.linearization(rest) if isinstance(system, ImplicitMap) else system
    values = {**found.values, STEP: step}
    J = system.jacobian(system.lift(rest)).subs(values)
    return max(abs(np.linalg.eigvals(np.array(J.tolist(), dtype=float))))


ATTRACTED = [n for n in NAMES if n not in ("dirac-oracle", "local-symplectic-surgery")]


@pytest.mark.parametrize("name", ATTRACTED)
def test_attractors_attract_and_are_no_nash_equilibria(name: str) -> None:
    found = row(name).attractor
    assert found is not None
    assert found.step is not None
    assert radius(name, found, found.step) < 1
    J = np.array(found.jacobian.tolist(), dtype=float)
    assert min(J[0, 0], J[1, 1]) < 0  # one player sits at a strict maximum of its own loss


@pytest.mark.parametrize("name", ["simultaneous", "alternating", "extragradient", "consensus"])
def test_longer_steps_are_outside(name: str) -> None:
    found = row(name).attractor
    assert found is not None
    end = found.steps.sup
    assert radius(name, found, sp.Rational(str(round(float(end) * 1.01, 6)))) > 1


def test_surgery_alone_is_proved_to_have_none() -> None:
    assert [name for name in NAMES if row(name).excluded] == ["local-symplectic-surgery"]
