"""Runs of branches: closed forms against iteration, the table of branches, refusals."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import pytest
import sympy as sp
from sympy import Abs, Max, Piecewise, Rational, Symbol

from symgan.analysis.branch_runs import branch_runs, closed_form, sequence
from symgan.errors import GameError
from symgan.games.quadratic import bilinear
from symgan.results_discrete import NewtonSequence
from symgan.rules.oracle import dirac_oracle
from symgan.system import Map

x, y = sp.symbols("x y", real=True)
eta = Symbol("eta", positive=True)
k = Symbol("k", integer=True, nonnegative=True)

STEPS: dict[str, tuple[Any, Any]] = {
    "shear": (x - eta * y, y),
    "contraction": ((1 - eta) * x, y),
    "drift": (x + y + 1, y + 2),
    "contraction to a point": ((1 - eta) * x + 3 * eta, y - 1),
    "Jordan block": ((1 - eta) * x + y, (1 - eta) * y),
    "two rates": ((1 - eta) * x, y / 2 + x),
    "constant": (sp.Integer(2), y),
    "reflection": (-x + 1, y),
}
OBSERVABLES = {"affine": x - 2 * y + 1, "product": x * y, "quadratic": x**2 + y**2 - 1}


def after(step: tuple[Any, Any], start: dict[Any, Any], count: int) -> dict[Any, Any]:
    place = dict(start)
    for _ in range(count):
        place = {s: sp.expand(f.subs(place)) for s, f in zip((x, y), step, strict=True)}
    return place


@pytest.mark.parametrize(
    ("step", "observable"),
    [
        *((step, OBSERVABLES["affine"]) for step in STEPS.values()),
        *((STEPS[name], OBSERVABLES["product"]) for name in ("shear", "two rates", "reflection")),
        *((STEPS[name], OBSERVABLES["quadratic"]) for name in ("drift", "contraction")),
    ],
)
def test_a_closed_form_is_the_iteration(step: tuple[Any, Any], observable: Any) -> None:
    """At rational states and a step at which nodes that differ are different numbers."""
    found = sequence(observable, dict(zip((x, y), step, strict=True)))
    solution = closed_form(found, k)
    point = {x: Rational(2, 3), y: Rational(-5, 7), eta: Rational(1, 3)}
    start = {x: point[x], y: point[y]}
    fixed = tuple(f.subs(eta, point[eta]) for f in step)
    for count in (0, 1, 4):
        expected = observable.subs(after(fixed, start, count))
        computed = solution.subs({**point, k: count})
        assert sp.radsimp(computed - expected) == 0
        wrong = closed_form(
            NewtonSequence(found.nodes, (found.newton[0] + 1, *found.newton[1:])), k
        )
        assert wrong.subs({**point, k: count}) != expected or found.nodes[0] == 0


@pytest.mark.parametrize("tie", ["mover", "generator", "discriminator", "both", "stay"])
def test_the_table_names_the_branch(tie: Any) -> None:
    """At states inside the quadrants, on both axes and in the origin."""
    system = dirac_oracle(bilinear(), Rational(1, 3), tie=tie)
    runs = branch_runs(system)
    for point in product((-2, 0, Rational(1, 2)), repeat=2):
        place = dict(zip(system.state, point, strict=True))
        signs = [int(sp.sign(g.subs(place))) for g in runs.guards]
        run = runs.runs[runs.cells[sum((s + 1) * 3**i for i, s in enumerate(signs))]]
        assert [f.subs(place) for f in run.step] == [f.subs(place) for f in system.rhs]
        others = [other for other in runs.runs if other is not run]
        moves = [[f.subs(place) for f in r.step] for r in (run, *others)]
        assert point[0] * point[1] == 0 or moves[0] not in moves[1:]


def test_conditions_are_taken_apart() -> None:
    """Factors without constant sign are guards; kinks and quadratic forms are seen."""
    inside = x**2 + y**2 < 1
    system = Map((x, y), (Piecewise((x / 2, inside), (x - 1, True)), Abs(y) + Max(x * y, 0)))
    assert set(branch_runs(system).guards) == {x, y, x**2 + y**2 - 1}
    runs = branch_runs(Map((x,), (Piecewise((x - 1, -3 * eta * x < 0), (x, True)),), (eta,)))
    assert runs.guards == (x,)
    assert [runs.runs[c].step for c in runs.cells] == [(x,), (x,), (x - 1,)]


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        ((x - eta * y, y + eta * x), "it rotates"),
        ((-x, y), "the eigenvalue -1 is negative"),
        ((x**2, y), r"x\*\*2 is not affine"),
        ((x * y, y), r"x\*y is not affine"),
        ((sp.Integer(0), sp.Integer(0)), "all its eigenvalues are zero"),
    ],
)
def test_a_branch_that_cannot_be_jumped_over_says_why(step: Any, reason: str) -> None:
    other = (x - 1, y)
    switched = tuple(Piecewise((a, x > 0), (b, True)) for a, b in zip(step, other, strict=True))
    runs = branch_runs(Map((x, y), switched, (eta,)))
    (refused,) = (run for run in runs.runs if run.refusal)
    assert refused.step == step
    assert re.search(reason, refused.refusal)
    assert (refused.solution, refused.guards) == ((), ())


def test_a_map_of_such_branches_is_refused() -> None:
    switched = Piecewise((-x, x > 0), (1 - x, True))
    with pytest.raises(GameError, match=r"no branch can be jumped over: .*-1 is negative"):
        branch_runs(Map((x,), (switched,)))


@pytest.mark.parametrize(
    ("system", "sentence"),
    [
        (Map((x,), (x + y,), noise=(y,)), "draws noise"),
        (Map((x,), (x + k,), index=k), "depends on its iteration index"),
        (Map((x,), (Piecewise((x, sp.exp(x) > 2), (-x, True)),)), "no polynomial in the state"),
        (
            Map((x,), (sum((Abs(x - i) for i in range(7)), start=sp.Integer(0)),)),
            "has 7 guards",
        ),
    ],
    ids=["noise", "index", "exponential", "many"],
)
def test_maps_without_runs_are_refused(system: Map, sentence: str) -> None:
    with pytest.raises(GameError, match=sentence):
        branch_runs(system)
