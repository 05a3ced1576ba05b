"""Jumps from switch to switch against exact orbits and against stepping."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any, cast

import numpy as np
import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sympy import Piecewise, Rational, Symbol

from symgan.analysis.branch_runs import branch_runs
from symgan.games.quadratic import bilinear
from symgan.kernels import KernelError, compile
from symgan.kernels.exact import compile_orbit
from symgan.kernels.jumps import JumpKernel, compile_jumps
from symgan.kernels.multiprecision import multiprecision
from symgan.kernels.settled import settle
from symgan.results_discrete import BranchRuns
from symgan.rules.oracle import dirac_oracle
from symgan.system import Map

x, y = sp.symbols("x y", real=True)
eta = Symbol("eta", positive=True)
TIES: Any = ("mover", "generator", "discriminator", "both", "stay")
ORACLES = {tie: dirac_oracle(bilinear(), eta, tie=tie) for tie in TIES}
KINDS = sorted([*((tie, "numpy") for tie in TIES), ("mover", "jit"), ("both", "jit")])
sixteenths = st.integers(-64, 64).map(lambda n: Fraction(n, 16))
MAPS = {
    "quadratic guard": Map(
        (x, y),
        (
            Piecewise(((1 - eta) * x + eta * y, x**2 + y**2 > 1), (x + y + 1, True)),
            Piecewise(((1 - eta) * y, x**2 + y**2 > 1), (y + 2, True)),
        ),
        (eta,),
    ),
    "relaxation": Map(
        (x, y),
        (x - eta * (x - y), Piecewise((y - 1, x > y / 2), (y + 20, True))),
        (eta,),
    ),
    "parabola": Map((x, y), (x - y, Piecewise((y + 1, x > -3), (y - 50, True)))),
}


@cache
def jumps(tie: str, backend: str) -> JumpKernel:
    """The oracle's jumps, compiled when a test asks."""
    return compile_jumps(branch_runs(ORACLES[tie]), backend=backend)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(KINDS),
    sixteenths,
    sixteenths,
    st.sampled_from([1, 2, 4, 8]),
    st.integers(0, 200),
    st.sampled_from([-600, 0, 400]),
)
def test_a_jump_is_the_exact_orbit(
    which: tuple[str, str], a: Fraction, b: Fraction, steps_to_one: int, steps: int, scale: int
) -> None:
    """Binary fractions of few digits: floats are exact for some switches, and so are ties.

    Scaling by a power of two changes nothing, even where products of two coordinates underflow.
    """
    system, step = ORACLES[which[0]], Fraction(1, steps_to_one)
    kernel = compile_orbit(system, {eta: Rational(step)}, arithmetic="exact")
    start = {s: Rational(v) for s, v in zip(system.state, (a, b), strict=True)}
    states = [[as_fraction(v) for v in s] for s in kernel.orbit(start, steps, stop=()).states]
    assume(all(abs(v.numerator) * v.denominator < 2**50 for s in states for v in s))
    ruling = [_ruling(branches(which[0]), system, state) for state in states[:-1]]
    switches = sum(p != q for p, q in pairwise(ruling))
    found = jumps(*which).follow(
        [float(v) * 2.0**scale for v in (a, b)], steps, {"eta": float(step)}
    )
    assert found.states.tolist() == [float(v) * 2.0**scale for v in states[-1]]
    assert int(found.switches) == switches


@cache
def branches(tie: str) -> BranchRuns:
    return branch_runs(ORACLES[tie])


def as_fraction(v: Any) -> Fraction:
    return Fraction(int(v.numerator), int(v.denominator))


def _ruling(runs: BranchRuns, system: Map, state: list[Fraction]) -> int:
    values = [state[system.state.index(cast(Symbol, g))] for g in runs.guards]
    return runs.cells[sum(((v > 0) - (v < 0) + 1) * 3**i for i, v in enumerate(values))]


def test_another_number_of_steps_is_another_state() -> None:
    """The neighbor that the test above would have to reject."""
    for kernel in (jumps(*kind) for kind in KINDS):
        states = [kernel.jump([1.0, -0.7], steps, {"eta": 0.125}).tolist() for steps in range(40)]
        assert len({tuple(s) for s in states}) == 40


@pytest.mark.parametrize("backend", ["numpy", "jit"])
@settings(max_examples=60, deadline=None)
@given(st.floats(1e-100, 1e100), st.floats(1e-3, 1e3), st.floats(1e-4, 0.9), st.data())
def test_the_first_switch_is_where_exact_arithmetic_has_it(
    backend: str, psi: float, ratio: float, step: float, data: st.DataObject
) -> None:
    """Where one player only shrinks, its first step past zero is ceil(theta / (eta psi))."""
    theta = psi * ratio
    signs = data.draw(st.sampled_from([(1, 1), (-1, -1)]))
    quotient = Fraction(theta) / (Fraction(step) * Fraction(psi))
    count = -(-quotient // 1)
    off = min(quotient - (count - 1), count - quotient) / quotient
    if off < Fraction(1, 2**50):  # rounding of the product may decide; a tie has its own test
        count = Fraction(0)
    kernel = jumps("mover", backend)
    begin = [theta * signs[0], -psi * signs[1]]  # bilinear: theta moves where psi theta < 0
    after = [kernel.jump(begin, int(count) + i, {"eta": step}) for i in (-1, 0)] if count else []
    assert [np.sign(v[0]) * signs[0] for v in after] == [1, -1][: len(after)]
    assert all(v[1] == begin[1] for v in after)


@pytest.mark.parametrize(
    ("name", "backend"), [*((name, "numpy") for name in MAPS), ("parabola", "jit")]
)
def test_other_maps_follow_their_orbits(name: str, backend: str) -> None:
    """Against settled orbits, where these are not close to a switch that rounding decides."""
    system, draw = MAPS[name], np.random.default_rng(3)
    starts = draw.normal(size=(6, 2)) * 3
    parameters = {"eta": 0.125} if system.parameters else {}
    kernel = compile_jumps(branch_runs(system), backend=backend)
    program = multiprecision(system, parameters)
    for steps in (0, 1, 7, 60):
        found = kernel.follow(starts, steps, parameters)
        exact = [settle(program, tuple(s), steps).states[-1] for s in starts.tolist()]
        wanted = np.array([[float(v) for v in state] for state in exact])
        # contractions forget and additions of whole numbers do not amplify: a few hundred
        # roundings of numbers below 1e4
        assert np.abs(found.states - wanted).max() < 1e-9
        if steps:
            other = kernel.jump(starts, steps - 1, parameters)
            assert np.abs(other - wanted).max(axis=1).min() > 1e-9
    assert int(found.stepped.max()) == 0
    assert int(found.jumps.max()) < 60


def test_parameters_at_which_a_branch_cannot_be_jumped_over_are_stepped() -> None:
    """Beyond eta = 1 the factor 1 - eta is negative and the guard alternates."""
    system = MAPS["relaxation"]
    kernel, steps = compile_jumps(branch_runs(system), backend="numpy"), 40
    rates = np.array([0.25, 1.5, 0.75, 1.125])
    begin = np.tile([2.0, -1.0], (4, 1))
    found = kernel.follow(begin, steps, {"eta": rates})
    stepped = compile(system, backend="numpy").iterate(begin, steps, {"eta": rates})
    # |1 - eta| < 1: rounding does not grow, and no condition is close
    np.testing.assert_allclose(found.states, stepped, rtol=1e-12)
    assert (found.stepped > 0).tolist() == [False, True, False, True]


def test_a_map_without_switches_is_one_jump() -> None:
    system = Map((x, y), (x + y, y + 1))
    found = compile_jumps(branch_runs(system), backend="numpy").follow(
        [[0.0, 0.0], [1.0, -5.0]], 100_000
    )
    n = 100_000
    assert found.states.tolist() == [[n * (n - 1) / 2, n], [1 - 5 * n + n * (n - 1) / 2, n - 5]]
    assert found.jumps.tolist() == [1, 1]


@pytest.mark.parametrize("backend", ["numpy", "jit"])
def test_jumps_are_more_accurate_than_steps(backend: str) -> None:
    system, draw = ORACLES["mover"], np.random.default_rng(0)
    starts, steps, step = draw.normal(size=(16, 2)), 400, {"eta": 0.05}
    program = multiprecision(system, step)
    exact = [settle(program, tuple(s), steps).states[-1] for s in starts.tolist()]
    wanted = np.array([[float(v) for v in state] for state in exact])
    jumped = jumps("mover", backend).jump(starts, steps, step)
    stepped = compile(system, backend=backend).iterate(starts, steps, step)
    errors = [np.median(np.abs(found - wanted).max(axis=1)) for found in (jumped, stepped)]
    assert 3 * errors[0] < errors[1]  # one rounding a switch against one a step


@pytest.mark.parametrize("backend", ["numpy", "jit"])
def test_bits_do_not_depend_on_the_batch(backend: str) -> None:
    kernel, draw = jumps("mover", backend), np.random.default_rng(1)
    starts = draw.normal(size=(3, 7001, 2))
    rates = draw.uniform(0.01, 0.3, size=(7001,))
    whole = kernel.jump(starts, 500, {"eta": rates}, workers=2)
    parts = [kernel.jump(starts[:, i::3], 500, {"eta": rates[i::3]}, workers=1) for i in range(3)]
    for i, part in enumerate(parts):
        assert np.array_equal(whole[:, i::3], part)


def test_orbits_that_overflow_do_not_depend_on_the_batch_either() -> None:
    """Next to one that takes longer, an orbit without steps left stands still."""
    draw = np.random.default_rng(1)
    starts, rates = draw.normal(size=(999, 2)), draw.uniform(0.01, 5, size=999)
    kernel = jumps("mover", "jit")
    whole = kernel.jump(starts, 1000, {"eta": rates})
    assert 99 < np.isnan(whole).any(axis=1).sum() < 900
    for i in range(0, 999, 9):
        part = slice(i, i + 9)
        alone = kernel.jump(starts[part], 1000, {"eta": rates[part]})
        assert np.array_equal(whole[part], alone, equal_nan=True)


@pytest.mark.parametrize("backend", ["numpy", "jit"])
def test_what_is_not_finite_stays_alone(backend: str) -> None:
    kernel: JumpKernel = jumps("mover", backend)
    begin = np.array([[1.0, 0.5], [np.nan, 1.0], [np.inf, -1.0], [1e308, -1e308], [1.0, 0.5]])
    found = kernel.jump(begin, 10_000, {"eta": 0.1})
    assert np.isfinite(found[[0, 4]]).all()
    assert np.array_equal(found[0], found[4])
    assert not np.isfinite(found[[1, 2]]).all(axis=1).any()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (([[1.0, 2.0]], -1, {"eta": 0.1}), "steps must be a whole number"),
        (([[1.0, 2.0]], 2**53 + 1, {"eta": 0.1}), "more than float64 counts exactly"),
        (([[1.0, 2.0, 3.0]], 5, {"eta": 0.1}), "its last axis must be 2"),
        (([[1.0, 2.0]], 5, {}), "missing parameter 'eta'"),
    ],
)
def test_wrong_calls(arguments: Any, sentence: str) -> None:
    with pytest.raises(KernelError, match=sentence):
        jumps("mover", "numpy").jump(*arguments)
