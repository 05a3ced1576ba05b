"""Kernels of programs: each value once, the same numbers for any split, right to rounding."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mpf
from sympy import Rational, Symbol

from symgan.games.mixture import Mixture, mixture_gan
from symgan.kernels import KernelError, MapKernel, compile
from symgan.kernels.blocks import blocks
from symgan.kernels.programs import freeing
from symgan.program import Program
from symgan.rules.simultaneous import simultaneous
from symgan.system import Map

x, y, s, t, u = sp.symbols("x y s t u", real=True)
eta = Symbol("eta", positive=True)
SPIRAL = Program(
    (x, y),
    (x - s * t, y + s * t * u),
    ((t, x**2 + sp.sin(y)), (u, sp.exp(-(t**2)) * x)),
    parameters=(s,),
)


@cache
def first_order() -> MapKernel:
    gan = mixture_gan(truth=Mixture((Rational(-1, 2), Rational(1, 2))))
    return compile(simultaneous(gan.game, eta))


@cache
def spiral() -> tuple[MapKernel, MapKernel]:
    return compile(SPIRAL), compile(SPIRAL.map())


numbers = st.floats(-3, 3, allow_subnormal=False)


@settings(max_examples=40, deadline=None)
@given(numbers, numbers, st.floats(0.01, 0.5))
def test_a_program_is_its_map(a: float, b: float, step: float) -> None:
    """Step, Jacobian and orbit; sums may be taken in another order: a few ulp of their terms."""
    program, map_ = spiral()
    left, right = (k.step([a, b], {"s": step}) for k in (program, map_))
    assert np.allclose(left, right, rtol=1e-14, atol=1e-14)
    left, right = (k.jacobian([a, b], {"s": step}) for k in (program, map_))
    assert np.allclose(left, right, rtol=1e-12, atol=1e-12)  # slopes up to 300 times their terms
    assert (
        not np.allclose(left.T, right, rtol=1e-12, atol=1e-12)
        or abs(left[0, 1] - left[1, 0]) < 1e-9
    )


def test_the_jacobian_is_not_its_transpose_nor_that_of_another_step() -> None:
    left, right = (k.jacobian([1.0, 0.5], {"s": 0.1}) for k in spiral())
    assert not np.allclose(left.T, right)
    assert not np.allclose(left, spiral()[1].jacobian([1.0, 0.5], {"s": 0.11}))


def test_every_value_is_computed_once() -> None:
    source = compile(SPIRAL, backend="numpy").source
    assert source.count("exp(") == source.count("sin(") == 1


@pytest.mark.parametrize("backend", ["jit", "numpy"])
def test_jacobians_keep_their_digits(backend: str) -> None:
    """log(1 - sigmoid(x)), differentiated as it stands, is off by 3e-2 at 36 and NaN at 900.

    The slope is -sigmoid(x); by the chain rule through t = x/2 it takes a product more.
    """
    x, t = sp.symbols("x t", real=True)
    value = sp.log(1 - 1 / (1 + sp.exp(-2 * t)))
    program = Program((x,), (value,), ((t, x / 2),))
    points = np.array([-900.0, -36.0, 0.5, 36.0, 900.0])
    _, matrix = program.tangents()
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        raw = sp.lambdify(t, matrix[0], "numpy")(points / 2)
    with mpmath.workdps(50):
        exact = np.array([float(-1 / (1 + mpmath.exp(-mpf(float(p))))) for p in points])
    got = compile(program, backend=backend).jacobian(points[:, None])[:, 0, 0]
    assert np.all(np.abs(got - exact) <= 4 * np.spacing(np.abs(exact)))
    assert abs(raw[3] / exact[3] - 1) > 1e-2
    assert np.isnan(raw[4])


def test_lines_are_freed_after_their_last_use() -> None:
    function, text = freeing("def f(p):\n    q = p + p\n    r = q*q\n    return [r, p]", {})
    assert function(3) == [36, 3]
    assert text.split("\n")[3:] == ["    del q", "    return [r, p]"]


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.integers(1, 39), max_size=4, unique=True).map(sorted), st.sampled_from([1, 2, 3])
)
def test_any_split_of_the_batch_gives_the_same_numbers(cuts: list[int], workers: int) -> None:
    rng = np.random.default_rng(3)
    x0 = rng.uniform(-2, 2, (40, 6))
    steps = rng.uniform(0.1, 0.5, 40)
    whole = first_order().iterate(x0, 25, {"eta": steps})
    edges = [0, *cuts, 40]
    parts = [
        first_order().iterate(x0[a:b], 25, {"eta": steps[a:b]}, workers=workers)
        for a, b in pairwise(edges)
    ]
    assert np.array_equal(np.concatenate(parts), whole)
    assert not np.array_equal(first_order().iterate(x0, 24, {"eta": steps}), whole)


def test_batches_of_many_blocks_are_those_of_one() -> None:
    rng = np.random.default_rng(4)
    x0 = rng.uniform(-2, 2, (5, 4001, 6))
    before = x0.copy()
    whole = first_order().iterate(x0, 3, {"eta": 0.3}, workers=2)
    stepped = x0
    for _ in range(3):
        stepped = first_order().step(stepped, {"eta": 0.3})
    assert np.array_equal(whole, stepped)
    assert first_order().trajectory(x0[0, :3], 4, {"eta": 0.3}).shape == (5, 3, 6)
    assert np.array_equal(x0, before)
    assert sum(b.stop - b.start for b in blocks(20005)) == 20005


def test_constant_and_indexed_right_hand_sides() -> None:
    k = Symbol("k", integer=True, nonnegative=True)
    clock = compile(Map((x, y), (sp.Integer(2), y + k), index=k))
    assert clock.iterate([[0.0, 0.0]] * 3, 4, workers=2).tolist() == [[2, 6]] * 3
    assert clock.iterate([5.0, 1.0], 0).tolist() == [5, 1]
    program = compile(Program((x,), (t + k,), ((t, 2 * x),), index=k))
    assert program.iterate([[1.0]], 3).tolist() == [[2 * (2 * (2 * 1 + 0) + 1) + 2]]
    single = compile(SPIRAL, dtype=np.float32).iterate([[1.0, 2.0]], 3, {"s": 0.1})
    assert single.dtype == np.float32


@pytest.mark.parametrize("workers", [-1, 1.5, True])
def test_wrong_workers_are_refused(workers: Any) -> None:
    with pytest.raises(KernelError, match="workers must be a whole number of at least 0"):
        first_order().iterate(np.zeros((2, 6)), 1, {"eta": 0.3}, workers=workers)


ENDS = st.one_of(st.floats(-3, 3), st.sampled_from([-40.0, -37.0, 20.0, 37.0, 38.5, 40.0]))


@settings(max_examples=40, deadline=None)
@given(st.tuples(numbers, numbers, ENDS, ENDS, ENDS, ENDS))
def test_first_order_steps_against_fifty_digits(start: tuple[float, ...]) -> None:
    r"""The error relative to the sum of the terms' magnitudes.

    A density at distance d is :math:`e^{-d^2/2}` with a relative error of about :math:`d^2/2` ulp
    from rounding the exponent, 800 ulp at 40; the state's own rounding comes on top. Densities
    below 2.2e-308, beyond d = 37.5, have fewer digits or are 0: they are no part of any sum that
    is stored, as the state is added to them.
    """
    got = first_order().step(start, {"eta": 0.3})
    with mpmath.workdps(50):
        want, sizes = exact_step([mpf(c) for c in start])
        for value, exact, size in zip(got, want, sizes, strict=True):
            assert abs(mpf(float(value)) - exact) <= 8 * mpf(2) ** -53 * size


def test_another_step_is_far_outside_that_bound() -> None:
    start = [0.3, -0.7, -2.0, 0.1, -0.4, 1.5]
    got = first_order().step(start, {"eta": 0.3})
    with mpmath.workdps(50):
        wrong, sizes = exact_step([mpf(c) for c in start], mpf(0.3) * (1 + mpf(10) ** -10))
        errors = [abs(mpf(float(a)) - b) for a, b in zip(got, wrong, strict=True)]
        assert max(e / size for e, size in zip(errors, sizes, strict=True)) > 1e3 * 2.0**-53


def exact_step(state: list[Any], h: Any = None) -> tuple[list[Any], list[Any]]:
    """The step from the densities, written apart, and the sum of magnitudes of every entry."""
    h = mpf(0.3) if h is None else h
    mu, left, right = state[:2], state[2:4], state[4:]
    truth = (mpf(-1) / 2, mpf(1) / 2)

    def term(at: Any, m: Any) -> tuple[Any, Any]:
        value = mpmath.npdf(at - m) / 2
        return value, value * (1 + (at - m) ** 2)

    moved, sizes = [], []
    for m in mu:
        pairs = [(1, term(e, m)) for e in left] + [(-1, term(e, m)) for e in right]
        moved.append(m + h * sum(sign * value for sign, (value, _) in pairs))
        sizes.append(abs(m) + h * sum(size for _, (_, size) in pairs))
    for sign, ends in ((-1, left), (1, right)):
        for e in ends:
            plus, minus = [term(e, m) for m in truth], [term(e, m) for m in mu]
            slope = sum(v for v, _ in plus) - sum(v for v, _ in minus)
            moved.append(e + sign * h * slope)
            sizes.append(abs(e) + h * sum(size for _, size in plus + minus))
    return moved, sizes
