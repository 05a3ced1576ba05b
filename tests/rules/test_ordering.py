"""Repairs of the order of ends: projections that keep what is in order and nothing else."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from math import prod
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sympy import Expr, Rational, Symbol

from symgan.errors import GameError
from symgan.games.mixture import Mixture, MixtureGan, mixture_gan
from symgan.kernels import MapKernel, compile
from symgan.program import Program
from symgan.rules.ordering import ordered, projected
from symgan.rules.simultaneous import simultaneous
from symgan.system import Map

CHAIN = sp.symbols("l1 r1 l2 r2", real=True)
SHIFT = sp.symbols("a b c d", real=True)
MOVE = Map(CHAIN, tuple(s + m for s, m in zip(CHAIN, SHIFT, strict=True)), parameters=SHIFT)
eta = Symbol("eta", positive=True)
EPS = 2.0**-52

small = st.fractions(-3, 3, max_denominator=4).map(lambda q: Rational(*q.as_integer_ratio()))
chains = st.lists(small, min_size=1, max_size=6)
starts = st.lists(small, min_size=4, max_size=4).map(sorted)
moves = st.lists(small, min_size=4, max_size=4)


def pooled(values: list[Any], low: Any = None, high: Any = None) -> list[Any]:
    """Isotonic regression by pooling adjacent violators, cut off at two bounds; written apart.

    Source: Ayer et al. 1955, "An empirical distribution function for sampling with incomplete
    information".
    """
    blocks: list[tuple[Any, int]] = []
    for value in values:
        blocks.append((value, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (a, m), (b, n) = blocks[-2:]
            blocks[-2:] = [((a * m + b * n) / (m + n), m + n)]
    flat = [mean for mean, count in blocks for _ in range(count)]
    flat = flat if low is None else [max(low, z) for z in flat]
    return flat if high is None else [min(high, z) for z in flat]


def held(before: list[Any], after: list[Any]) -> list[Any]:
    """The frozen repair: runs between closed intervals pooled, each between its neighbors."""
    found: list[Any] = []
    run: list[Any] = []
    low = None
    for i in range(0, len(before), 2):
        if before[i] == before[i + 1]:
            found += [*pooled(run, low, before[i]), before[i], before[i]]
            run, low = [], before[i]
        else:
            run += after[i : i + 2]
    return found + pooled(run, low, None)


@cache
def repaired(repair: str) -> tuple[Expr, ...]:
    return ordered(MOVE, CHAIN, repair=repair).rhs


def exact(repair: str, before: list[Any], shift: list[Any]) -> list[Fraction]:
    """One step in exact numbers."""
    values = (Fraction(str(z)) for z in (*before, *shift))
    at = dict(zip((*CHAIN, *SHIFT), values, strict=True))
    return [evaluated(f, at) for f in repaired(repair)]


def evaluated(node: Any, at: dict[Any, Any]) -> Any:
    """The value of sums, products by numbers, Min, Max and cases, by a walk over the tree."""
    if node not in at:
        at[node] = _value(node, at)
    return at[node]


def _value(node: Any, at: dict[Any, Any]) -> Any:
    if node.is_Rational:
        return Fraction(int(node.p), int(node.q))
    if node in (sp.true, sp.false):
        return node is sp.true
    if isinstance(node, sp.Piecewise):
        return next(evaluated(f, at) for f, case in node.args if evaluated(case, at))
    parts = [evaluated(part, at) for part in node.args]
    return OPERATIONS[type(node)](parts)


OPERATIONS: dict[Any, Any] = {
    sp.Add: sum,
    sp.Mul: prod,
    sp.Min: min,
    sp.Max: max,
    sp.And: all,
    sp.Eq: lambda p: p[0] == p[1],
    sp.Ne: lambda p: p[0] != p[1],
    sp.Ge: lambda p: p[0] >= p[1],
    sp.Le: lambda p: p[0] <= p[1],
}


@settings(max_examples=60, deadline=None)
@given(chains)
@example([Rational(3), Rational(2), Rational(1)])
@example([Rational(1), Rational(1)])
def test_the_formula_is_the_projection(values: list[Rational]) -> None:
    found = list(projected(values))
    assert found == pooled(values)
    assert list(projected(found)) == found


@settings(max_examples=40, deadline=None)
@given(chains, st.data())
def test_no_ordered_chain_is_nearer(values: list[Rational], data: st.DataObject) -> None:
    """The projection z of y has (y - z)(u - z) <= 0 for every ordered u: Kolmogorov's criterion."""
    z = projected(values)
    n = len(values)
    u = sorted(data.draw(st.lists(small, min_size=n, max_size=n)))
    assert sum((y - a) * (b - a) for y, a, b in zip(values, z, u, strict=True)) <= 0


@settings(max_examples=40, deadline=None)
@given(starts, moves)
def test_repairs_keep_the_order_and_are_as_defined(before: list[Any], shift: list[Any]) -> None:
    after = [a + m for a, m in zip(before, shift, strict=True)]
    assert exact("literal", before, shift) == after
    clamped, frozen = exact("clamped", before, shift), exact("frozen", before, shift)
    assert clamped == pooled(after)
    assert frozen == held(before, after)
    assert clamped == sorted(clamped)
    assert frozen == sorted(frozen)


@settings(max_examples=30, deadline=None)
@given(starts, moves)
def test_repairs_are_the_update_while_it_keeps_the_order(
    before: list[Any], shift: list[Any]
) -> None:
    after = sorted(a + m for a, m in zip(before, shift, strict=True))
    shift = [b - a for a, b in zip(before, after, strict=True)]
    assert exact("clamped", before, shift) == after
    opened = [a + Rational(i, 8) for i, a in enumerate(before)]
    shift = [b - a for a, b in zip(opened, after, strict=True)]
    assert exact("frozen", opened, shift) == after


def test_closed_intervals_stay_for_good_under_frozen_alone() -> None:
    before, shift = [0, 0, 2, 3], [-1, 1, 0, 0]
    assert exact("frozen", before, shift) == [0, 0, 2, 3]
    assert exact("clamped", before, shift) == [-1, 1, 2, 3]
    assert exact("literal", before, [1, -1, 0, 0]) == [1, -1, 2, 3]
    assert exact("clamped", before, [1, -1, 0, 0]) == [0, 0, 2, 3]
    assert exact("frozen", before, [0, 0, -5, 0]) == [0, 0, 0, 3]  # the neighbor stops at it


def test_neighbors_that_cross_meet_at_their_mean() -> None:
    assert exact("clamped", [0, 1, 2, 3], [0, 2, -1, 0]) == [0, 2, 2, 3]
    assert exact("frozen", [0, 1, 2, 3], [0, 2, -1, 0]) == [0, 2, 2, 3]


@cache
def mixture() -> MixtureGan:
    return mixture_gan(truth=Mixture((Rational(-1, 2), Rational(1, 2))))


def _ends() -> tuple[Symbol, ...]:
    (l1, l2), (r1, r2) = mixture().left, mixture().right
    return l1, r1, l2, r2


@cache
def kernel(repair: str) -> MapKernel:
    step = Program.of(simultaneous(mixture().game, eta))
    return compile(ordered(step, _ends(), repair=repair))


def starting(count: int) -> Any:
    rng = np.random.default_rng(5)
    ends = np.sort(rng.uniform(-2, 2, (count, 4)), axis=1)
    ends[::7, 1] = ends[::7, 0]  # closed ones
    ends[::11, 2] = ends[::11, 1]  # touching ones
    return np.concatenate([rng.uniform(-1, 1, (count, 2)), ends[:, [0, 2, 1, 3]]], axis=1)


def test_maps_and_programs_agree_in_kernels() -> None:
    """Both round alike but for the order of sums: a few ulp a step."""
    gan, x0 = mixture(), starting(300)
    as_map = compile(ordered(simultaneous(gan.game, eta), _ends(), repair="clamped"))
    both = (k.step(x0, {"eta": 0.3}) for k in (as_map, kernel("clamped")))
    assert np.abs(np.subtract(*both)).max() < 8 * EPS


@pytest.mark.parametrize("repair", ["clamped", "frozen"])
def test_orbits_stay_in_order_in_floating_point(repair: str) -> None:
    """Exactly: neither Min and Max nor the means that they choose from break the order."""
    x0 = starting(2000)
    orbit = kernel(repair).trajectory(x0, 120, {"eta": 0.3})[..., [2, 4, 3, 5]]
    assert (np.diff(orbit, axis=-1) >= 0).all()
    closed = orbit[..., 0::2] == orbit[..., 1::2]
    stayed = (orbit[1:][..., 0::2] == orbit[:-1][..., 0::2]) & closed[1:]
    assert closed[-1].any()
    assert not closed[-1].all()
    if repair == "frozen":
        assert stayed[closed[:-1]].all()
    else:
        assert not stayed[closed[:-1]].all()


def test_literal_orbits_cross() -> None:
    last = kernel("literal").iterate(starting(500), 120, {"eta": 0.3})[:, [2, 4, 3, 5]]
    assert (np.diff(last, axis=-1) < 0).any()


@pytest.mark.parametrize(
    ("chain", "repair", "message"),
    [
        (CHAIN, "clipped", "unknown repair 'clipped'; choose one of: literal, clamped, frozen"),
        (CHAIN[:1], "clamped", "two different symbols"),
        ((CHAIN[0], CHAIN[0]), "clamped", "two different symbols"),
        ((*CHAIN[:2], SHIFT[0]), "clamped", "a of the chain is not in the state"),
        (CHAIN[:3], "frozen", "no list of intervals"),
    ],
)
def test_bad_chains_are_refused(chain: Any, repair: str, message: str) -> None:
    with pytest.raises(GameError, match=message):
        ordered(MOVE, chain, repair=repair)


def test_what_is_no_map_is_refused() -> None:
    with pytest.raises(GameError, match="no map"):
        ordered(3, CHAIN)  # type: ignore[type-var]
    many = sp.symbols("e0:10", real=True)
    with pytest.raises(GameError, match="4 intervals at most"):
        ordered(Map(many, many), many, repair="frozen")
    with pytest.raises(GameError, match=r"more than 8, .* give Program.of"):
        ordered(Map(many, many), many, repair="clamped")
    longer = sp.symbols("e0:13", real=True)
    with pytest.raises(GameError, match="more than 12; take fewer"):
        ordered(Program(longer, longer), longer, repair="clamped")
    for wrong in (None, 5, iter(CHAIN), ([], [])):
        with pytest.raises(GameError, match="no tuple of symbols"):
            ordered(MOVE, wrong, repair="clamped")  # type: ignore[arg-type]
