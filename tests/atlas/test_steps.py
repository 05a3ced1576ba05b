"""The table of steps: against numeric spectra and the literature, and its document."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import sympy as sp
from sympy import Integer, Interval, Rational

from symgan import rules
from symgan.atlas import METHODS, Method, StepRow, standard_games, step_rows
from symgan.atlas.steps import ETA
from symgan.certify.checker import check_files
from symgan.certify.recheck import recheck
from symgan.game import zero_sum
from symgan.implicit import ImplicitMap
from symgan.report.certificates import write_step_certificates
from symgan.report.json import plain
from symgan.report.steps import cells, document, narrow, number, steps

pytestmark = pytest.mark.xdist_group("table of steps")  # one process makes it once
DOCUMENT = Path(__file__).parents[2] / "docs" / "STEPS.md"
GAMES = standard_games()
DIRAC = {title: game for title, game in GAMES.items() if not game.parameters}


@cache
def rows() -> tuple[StepRow, ...]:
    return tuple(step_rows(GAMES))


def row(game: str, title: str) -> StepRow:
    return next(r for r in rows() if r.game.startswith(game) and r.method.title == title)


SMOOTH = [m for m in METHODS if not m.switched and m.rule != "two-timescale"]
PROBES = [Rational(k, 8) for k in range(1, 40, 2)]


@pytest.mark.parametrize("title", DIRAC)
@pytest.mark.parametrize("method", SMOOTH, ids=lambda m: m.title)
def test_sets_agree_with_numeric_spectra(title: str, method: Method) -> None:
    """At steps away from the ends the largest numeric |eigenvalue| says the same.

    1e-6 is far above the error of a double eigenvalue on the circle (about 1e-8).
    """
    game, found = DIRAC[title], row(title, method.title)
    if method.options.get("k", 0) > 2:  # five nested logistic steps take half a minute
        game = game.linearized()
    system = rules.named(method.rule)(game, ETA, **method.options)
    at = dict(game.equilibrium or {})
    if isinstance(system, ImplicitMap):
        jacobian = system.jacobian(at)
    else:
        jacobian = system.jacobian(system.lift(at))
    for step in PROBES:
        entries = np.array(jacobian.subs(ETA, step).evalf(20).tolist(), dtype=complex)
        radius = float(np.abs(np.linalg.eigvals(entries)).max())
        if radius < 1 - 1e-6:
            assert found.stable.contains(step) == sp.true, step
        elif radius > 1 + 1e-6:
            assert found.stable.contains(step) == sp.false, step
            assert found.marginal.contains(step) == sp.false, step


@pytest.mark.parametrize("title", DIRAC)
@pytest.mark.parametrize("method", SMOOTH, ids=lambda m: m.title)
def test_best_steps_are_best(title: str, method: Method) -> None:
    """No probe has a smaller spectral radius than the best rate; the best step attains it."""
    game, found = DIRAC[title], row(title, method.title)
    system = rules.named(method.rule)(game.linearized(), ETA, **method.options)
    jacobian = system.jacobian()

    def radius(step: sp.Expr) -> float:
        entries = np.array(jacobian.subs(ETA, step).evalf(20).tolist(), dtype=complex)
        return float(np.abs(np.linalg.eigvals(entries)).max())

    for step, rate in found.best:
        if step is sp.oo:
            assert radius(Integer(10**6)) < 1e-5
            continue
        # a defective optimum has a double root: its numeric value is right to about 1e-8
        assert abs(radius(step) - float(rate)) < 1e-6
        assert min(radius(probe) for probe in PROBES) >= float(rate) - 1e-9


@pytest.mark.parametrize(
    ("title", "stable", "marginal"),
    [
        # Mescheder et al. 2018, lemmas 2.3 and 2.4 (with equality unbounded: a Jordan block)
        ("simultaneous", sp.S.EmptySet, sp.S.EmptySet),
        ("alternating", sp.S.EmptySet, Interval.open(0, 2)),
        ("alternating (n_d = 5)", sp.S.EmptySet, Interval.open(0, 2 / sp.sqrt(5))),
        # Korpelevich 1976: eta < 1/L; Mokhtari et al. 2020 give sufficient bounds for optimism
        ("extragradient", Interval.open(0, 1), sp.FiniteSet(1)),
        ("optimistic", Interval.open(0, 1 / sp.sqrt(3)), sp.FiniteSet(1 / sp.sqrt(3))),
        # Gidel et al. 2019: negative momentum helps alternating, never simultaneous updates
        ("heavy-ball (beta = -1/2)", sp.S.EmptySet, sp.S.EmptySet),
        ("heavy-ball (beta = -1/2, alternating = True)", Interval.open(0, 1), sp.FiniteSet(1)),
        ("proximal-point", Interval.open(0, sp.oo), sp.S.EmptySet),
    ],
)
def test_the_wasserstein_dirac_gan(title: str, stable: sp.Set, marginal: sp.Set) -> None:
    found = row("Dirac-GAN, Wasserstein", title)
    assert (found.stable, found.marginal) == (stable, marginal)


def ends(found: sp.Set) -> tuple[sp.Expr, ...]:
    """The ends of a set of steps; none where it is empty."""
    return () if found is sp.S.EmptySet else (found.inf, found.sup)


@pytest.mark.parametrize("method", [m for m in METHODS if not m.switched], ids=lambda m: m.title)
def test_bce_halves_the_field(method: Method) -> None:
    """f'(0) = 1/2: at the equilibrium every rule takes twice the step, at the same rates."""
    wasserstein, bce = (row(f"Dirac-GAN, {name}", method.title) for name in ("Wasserstein", "BCE"))
    for one, other in ((wasserstein.stable, bce.stable), (wasserstein.marginal, bce.marginal)):
        assert tuple(2 * end for end in ends(one)) == ends(other)
    assert [rate for _, rate in bce.best] == [rate for _, rate in wasserstein.best]


def test_certificates_hold_from_file(tmp_path: Path) -> None:
    """Every row but none rests on data that the second program finds valid."""
    paths = write_step_certificates(rows(), tmp_path)
    assert len(paths) == len(rows())
    assert {o.path.name: o.text for o in check_files(paths) if o.code} == {}


def test_a_row_with_a_larger_bound_is_refused(tmp_path: Path) -> None:
    """The certificate of extragradient with its end moved from 1 to 11/10."""
    found = row("Dirac-GAN, Wasserstein", "extragradient")
    right = plain(found.certificate, "extragradient")
    assert recheck(right)
    cells = json.loads(json.dumps(right["cells"]))
    cells[1]["root"] = {"polynomial": "x - 11/10", "low": "11/10", "high": "11/10"}
    assert recheck({**right, "cells": cells}) is False


def test_a_rule_that_does_not_apply_says_so() -> None:
    x, y = sp.symbols("x y", real=True)
    game = zero_sum(x**2 / 2 - y**2 / 2, minimize=x, maximize=y, equilibrium={x: 0, y: 0})
    (found,) = step_rows({"alone": game}, [Method("dirac-oracle", switched=True)])
    assert "do not interact" in found.open
    assert found.open in cells(found)[1]


def test_numbers_are_exact_where_short() -> None:
    assert number(sp.sqrt(3) / 2) == "sqrt(3)/2"
    assert number(sp.CRootOf(sp.Symbol("x") ** 5 - sp.Symbol("x") - 1, 0)).startswith("~1.167")
    assert steps(Interval.Ropen(0, 1)) == "0 <= eta < 1"


def test_the_document_is_current() -> None:
    """A change of a step, an end or a rate shows in docs/STEPS.md (`make ledger`)."""
    assert DOCUMENT.read_text(encoding="utf-8") == document(rows())


def test_narrow_lines_say_what_the_table_says() -> None:
    found = row("Dirac-GAN, BCE", "dirac-oracle")
    assert ("  marginal", "0 < eta <= 2 (undecided: 2 < eta <= 4)") in list(narrow([found]))
    assert found.undecided == Interval.Lopen(2, 4)
