"""Systems as plain data: what is read is what was written, and nothing else is read."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from symgan import rules
from symgan.errors import BadData
from symgan.games.dirac import dirac
from symgan.games.quadratic import bilinear
from symgan.implicit import ImplicitMap
from symgan.losses import jensen_shannon, wasserstein
from symgan.program import Program
from symgan.sweep.expressions import Writer, read_nodes
from symgan.sweep.models import Model
from symgan.system import Flow, Map
from tests.sweep.orbits import TURN, A, X, Y

ETA = sp.Symbol("eta", positive=True)


def again(model: Model) -> Model:
    """The model through JSON text."""
    return Model.read(json.loads(json.dumps(model.plain())))


@pytest.mark.parametrize("rule", sorted(rules.catalog()))
def test_rules_on_games_are_read_as_they_were_written(rule: str) -> None:
    games = (dirac(jensen_shannon), dirac(wasserstein), bilinear())
    maps = [rules.named(rule)(game, ETA) for game in games]
    explicit = [m for m in maps if not isinstance(m, ImplicitMap)]
    assert explicit or rule == "proximal-point"
    for m in explicit:
        found = again(Model(rule, m)).system
        assert isinstance(found, Map)
        assert (found.state, found.rhs, found.memory) == (m.state, m.rhs, m.memory)
        assert (found.parameters, found.noise, found.index) == (m.parameters, m.noise, m.index)


def test_programs_flows_noise_and_the_clock_are_kept() -> None:
    t1 = sp.Symbol("t1", real=True)
    program = Program((X, Y), (t1 - Y, t1**2), ((t1, X * Y + A),), (A,), updates=3)
    k, w, t = sp.symbols("k w t", real=True)
    noisy = Map((X,), (X / (k + 1) + sp.Float("0.1") * w,), index=k, noise=(w,))
    for system in (program, noisy, Flow((X,), (sp.exp(-t) * X,), time=t)):
        assert again(Model("m", system)).system == system
    assert isinstance(again(Model("m", program)).system, Program)


EXPRESSIONS = st.recursive(
    st.one_of(
        st.sampled_from([X, Y, A, sp.pi, sp.E]),
        st.fractions(max_denominator=99).map(lambda q: sp.Rational(q.numerator, q.denominator)),
        st.floats(allow_nan=False, allow_infinity=False).map(sp.Float),
    ),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda p: p[0] + p[1]),
        st.tuples(inner, inner).map(lambda p: p[0] * p[1]),
        st.tuples(inner, inner).map(lambda p: sp.Piecewise((p[0], X > Y), (p[1], True))),
        inner.map(lambda e: sp.tanh(e, evaluate=False)),
        inner.map(lambda e: sp.Abs(e, evaluate=False)),
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(EXPRESSIONS)
def test_any_tree_is_read_as_it_was_written(expression: sp.Expr) -> None:
    writer = Writer()
    place = writer.add(expression)
    found = read_nodes(json.loads(json.dumps(writer.nodes)))[place]
    assert found == expression


@pytest.mark.parametrize(
    "nodes",
    [
        [["__import__", 0]],
        [["sympify", "x"]],
        [["symbol", "x", {"real": "yes"}]],
        [["symbol", "x", {"__class__": True}]],
        [["symbol", ["x"], {}]],
        [["number", "1/0"]],
        [["number", "__import__('os')"]],
        [["constant", "Lambda"]],
        [["Add", 0]],
        [["number", "1"], ["Add", -1]],
        [["number", "1"], ["exp", "0"]],
        [[]],
        [7],
    ],
)
def test_foreign_nodes_are_refused(nodes: Any) -> None:
    with pytest.raises(BadData, match="is no expression of a sweep"):
        read_nodes(nodes)


def test_a_power_that_would_fill_the_memory_is_read_and_not_computed() -> None:
    nine = [["number", "9"], ["Pow", 0, 0], ["Pow", 0, 1], ["Pow", 0, 2]]
    assert read_nodes(nine)[-1].args[0] == 9


def test_what_no_kernel_knows_is_refused_by_name() -> None:
    f = sp.Function("f", real=True)
    with pytest.raises(BadData, match=r"cannot write f\(x\) as plain data"):
        Model("m", Map((X,), (f(X),))).plain()


@pytest.mark.parametrize("change", [{"kind": "game"}, {"rhs": [99]}, {"nodes": None}])
def test_foreign_models_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(BadData, match=r"describe no system|is no expression"):
        Model.read(TURN.plain() | change)


def test_an_implicit_map_is_refused_with_the_way_out() -> None:
    implicit: Any = rules.named("proximal-point")(dirac(jensen_shannon), ETA)
    with pytest.raises(BadData, match="take its linearization"):
        Model("m", implicit)


@settings(max_examples=15, deadline=None)
@given(st.fractions(-3, 3, max_denominator=9), st.fractions(-3, 3, max_denominator=9))
def test_displacements_move_the_map_and_its_memory(p: Any, x: Any) -> None:
    """F(p + y) - p, for a map that remembers."""
    m = sp.Symbol("m", real=True)
    system = Map((X, m), (X**2 - m + 1, X), memory=((m, 2 * X),))
    point, start = sp.Rational(p), sp.Rational(x)
    whole = system.lift({X: point})
    found = Model("m", system).centered({X: point}).system
    assert isinstance(found, Map)
    here = found.lift({X: start})
    there = system.lift({X: point + start})
    for s in system.state:
        assert sp.expand(here[s] + whole[s] - there[s]) == 0
    for f, g, s in zip(found.rhs, system.rhs, system.state, strict=True):
        assert sp.expand(f.subs(here) + whole[s] - g.subs(there)) == 0
