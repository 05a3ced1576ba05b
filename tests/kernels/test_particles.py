"""Particles of the spiked GAN against their limit, their Markov chain and the exact moments."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symgan.errors import Undecided
from symgan.games import spiked
from symgan.kernels import reference
from symgan.kernels.errors import KernelError
from symgan.kernels.particles import simulate
from symgan.kernels.particles_chain import chain, convergence
from symgan.kernels.particles_flow import drift, integrate
from symgan.kernels.particles_model import Latent, Particles, SpikedModel, gram, initial

MODEL = SpikedModel(eta_t=0.7, eta_g=0.7, tau=0.5, tau_g=0.25)
START = gram(0.2, 0.3, 0.1)
TWO = SpikedModel(data=(1.5, 0.5), codes=(1.0, 0.75), eta_t=0.6, eta_g=0.4, tau=0.5, tau_g=0.4)
START_TWO = gram([[0.3, 0.1], [0.0, 0.4]], [0.3, -0.2], [0.1, 0.2], [[1, 0.2], [0.2, 1]])
rates = st.floats(0.1, 2.0)
cosines = st.floats(-0.9, 0.9)


def realizable(a: float, b: float, c: float, S: float = 1.0, z: float = 1.0) -> np.ndarray:
    """A Gram matrix: c is the cosine of what V and w have off U."""
    P, q = a * math.sqrt(S), b * math.sqrt(z)
    return gram(P, q, P * q + c * math.sqrt((S - P * P) * (z - q * q)), S, z)


@settings(deadline=None, max_examples=30)
@given(st.tuples(*[rates] * 6), cosines, cosines, cosines, st.sampled_from((None, 0.0, 1.7)))
def test_matrix_drift_is_the_exact_limit(
    numbers: tuple[float, ...], a: float, b: float, c: float, penalty: float | None
) -> None:
    model = SpikedModel((numbers[0],), (numbers[1],), *numbers[2:], penalty=penalty)
    lengths = {} if penalty is None else {"S": 1.4, "z": 0.6}
    M = realizable(a, b, c, **lengths)
    state = dict(zip((spiked.P, spiked.q, spiked.r), (M[0, 1], M[0, 2], M[1, 2]), strict=True))
    values = dict(zip(spiked.parameters, numbers, strict=True))
    places = [(0, 1), (0, 2), (1, 2)]
    flow = spiked.strict_flow()
    if penalty is not None:
        flow = spiked.macroscopic_flow()
        places += [(1, 1), (2, 2)]
        state |= {spiked.S: M[1, 1], spiked.z: M[2, 2]}
        values |= {spiked.lambda_: penalty}
    expected = [float(f.subs(values).subs(state)) for f in flow.rhs]
    found = drift(model, M)
    # Both in binary64, with terms of order 10 that may cancel.
    np.testing.assert_allclose([found[p] for p in places], expected, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found, found.T, rtol=0, atol=1e-12)


def test_matrix_drift_is_the_mean_step_of_two_features() -> None:
    """n (E M_1 - M_0) by sampling steps in many dimensions, where 1/n^2 terms are small."""
    model = replace(TWO, eta_t=1.5, eta_g=1.0, tau=0.8)
    n, runs = 300, 4000
    first = initial(n, START_TWO, 1)
    total = np.zeros((runs, 5, 5))
    for k in range(runs):
        one = replace(first, generator=dict(np.random.SFC64(k).state))
        total[k] = n * (simulate(model, one, 1, every=1).states[1] - START_TWO)
    # Four standard errors, and the bias of a step in n dimensions (10/n with rates of order 1).
    bound = 4 * total.std(0) / math.sqrt(runs) + 10 / n
    assert (np.abs(total.mean(0) - drift(model, START_TWO)) < bound).all()
    without_noise = drift(replace(model, eta_t=0.0, eta_g=0.0), START_TWO)
    assert (np.abs(total.mean(0) - without_noise) > bound).any()


def test_a_missed_feature_is_found_again_only_under_weak_noise() -> None:
    """Row j of P zero and q = r = 0: q_j grows at the rate tau (Lambda_j - kappa), any d."""
    for noise in (0.4, 0.8, 1.3):
        model = SpikedModel((1.5, 0.5), (1.5, 0.5), noise, noise, tau=0.8, tau_g=0.3)
        kappa = 0.8 * noise**2
        h = 1e-6
        P = [[1.0, 1.0], [0.0, 0.0]]  # both columns of V on the first feature
        M = gram(P, [0.0, h], [0.0, 0.0], [[1, 1], [1, 1]])
        # One-sided difference quotient: relative error h^2 and rounding of order 1e-10.
        assert drift(model, M)[1, -1] / h == pytest.approx(0.8 * (0.5 - kappa), abs=1e-8)


def test_integration_agrees_with_the_reference() -> None:
    values = dict(zip(spiked.parameters, (1, 1, 0.7, 0.7, 0.5, 0.25), strict=True))
    exact = reference(spiked.strict_flow(), dps=20)
    states = exact.solve({"P": 0.2, "q": 0.3, "r": 0.1}, [1, 10], values)
    found = integrate(MODEL, START, [1.0, 10.0])
    for M, state in zip(found, states, strict=True):
        # The tolerance of a step is 1e-10, and there are a few hundred.
        expected = [float(x) for x in state]
        np.testing.assert_allclose([M[0, 1], M[0, 2], M[1, 2]], expected, rtol=0, atol=1e-7)
        np.testing.assert_allclose(np.diag(M), 1, rtol=0, atol=1e-7)


def test_integration_within_its_budget() -> None:
    wild = SpikedModel(eta_t=2.0, penalty=0.0, tau_g=3.0)
    start = gram(0.2, 0.3, 0.3, 4.0, 4.0)
    early = integrate(wild, start, [2.0], budget=1000)
    assert 100 < early[0, 1, 1] < 1000  # it grows, and is still followed
    with pytest.raises(Undecided, match="within 1000 steps; it explodes"):
        integrate(wild, start, [50.0], budget=1000)


@pytest.mark.parametrize("latent", ["gaussian", "sign"])
@pytest.mark.parametrize("penalty", [None, 1.5])
def test_chain_has_the_law_of_the_particles(penalty: float | None, latent: Latent) -> None:
    model = replace(MODEL, penalty=penalty, latent=latent, data=(1.3,), tau=0.8)
    n, steps, runs = 8, 5, 1500
    trained = np.array([simulate(model, initial(n, START, 100 + s), steps, every=steps).states[-1]
                        for s in range(runs)])  # fmt: skip
    chained = chain(model, n, START, [steps], 20 * runs, seed=3)[0]
    lengths = [] if penalty is None else [(1, 1), (2, 2)]
    # Kolmogorov and Smirnov's bound of level 0.001 for 1500 against 30000; seeds are fixed.
    bound = 1.95 * math.sqrt((1 + 1 / 20) / runs)
    for place in [(0, 1), (0, 2), (1, 2), *lengths]:
        assert distance(trained[:, *place], chained[:, *place]) < bound, place
    quiet = chain(replace(model, eta_t=0.0, eta_g=0.0), n, START, [steps], 20 * runs, seed=3)[0]
    assert distance(trained[:, 0, 2], quiet[:, 0, 2]) > 2 * bound


def distance(one: np.ndarray, many: np.ndarray) -> float:
    """The largest difference of two empirical distribution functions."""
    both = np.concatenate((one, many))
    shares = [np.searchsorted(np.sort(x), both, side="right") / len(x) for x in (one, many)]
    return float(np.abs(shares[0] - shares[1]).max())


def test_error_falls_as_the_root_of_n() -> None:
    rate = convergence(MODEL, START, [125, 250, 500, 1000], duration=2.0, runs=300, seed=1)
    assert rate.slope_error < 0.03
    # Three standard errors; -1/4 and -1 are more than ten away.
    assert abs(rate.slope + 0.5) < 3 * rate.slope_error
    assert (np.diff(rate.errors) < 0).all()


def test_particles_follow_the_limit() -> None:
    n = 2000
    trace = simulate(MODEL, initial(n, START, 4), 2 * n)
    limit = integrate(MODEL, START, list(trace.steps / n))
    # The mean distance at n = 2000 is 0.03; with twice the noise the limit is another one.
    assert np.linalg.norm(trace.states - limit, axis=(1, 2)).max() < 0.09
    wrong = integrate(replace(MODEL, eta_t=1.4, eta_g=1.4), START, list(trace.steps / n))
    assert np.linalg.norm(trace.states - wrong, axis=(1, 2)).max() > 0.15


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 60), st.integers(0, 60), st.sampled_from((None, 0.7)))
def test_resuming_continues_bit_by_bit(first: int, second: int, penalty: float | None) -> None:
    model = replace(TWO, penalty=penalty)
    start = initial(40, START_TWO, 9)
    whole = simulate(model, start, first + second, every=7).last
    half = simulate(model, start, first, every=3).last
    again = simulate(model, half, second, every=11).last
    assert np.array_equal(whole.w, again.w)
    assert np.array_equal(whole.V, again.V)
    assert whole.step == again.step == first + second


def test_saved_particles_continue_bit_by_bit(tmp_path: Path) -> None:
    whole = simulate(MODEL, initial(30, START, 2), 80).last
    simulate(MODEL, initial(30, START, 2), 33).last.save(tmp_path / "half.npz")
    again = simulate(MODEL, Particles.load(tmp_path / "half.npz"), 47).last
    assert np.array_equal(whole.w, again.w)
    assert np.array_equal(whole.V, again.V)


def test_progress_reports_and_interrupts() -> None:
    seen: list[tuple[int, int]] = []

    def progress(particles: Particles, left: int) -> bool:
        seen.append((particles.step, left))
        return particles.step < 40

    start = initial(30, START, 2)
    trace = simulate(MODEL, start, 100, every=20, progress=progress)
    assert seen == [(20, 80), (40, 60)]
    assert trace.steps.tolist() == [0, 20, 40]
    rest = simulate(MODEL, trace.last, 60)
    assert np.array_equal(rest.last.w, simulate(MODEL, start, 100).last.w)


def test_training_leaves_its_start_alone() -> None:
    start = initial(30, START, 2)
    before = start.w.copy(), start.V.copy()
    simulate(MODEL, start, 10)
    assert np.array_equal(start.w, before[0])
    assert np.array_equal(start.V, before[1])


@settings(deadline=None, max_examples=25)
@given(cosines, cosines, st.floats(-1, 1), st.integers(3, 50), st.integers(0, 99))
def test_a_start_has_the_inner_products_asked_for(
    a: float, b: float, c: float, n: int, seed: int
) -> None:
    M = realizable(a, b, c)  # c = 1 or -1 lies on the boundary
    found = initial(n, M, seed)
    # The root of a nearly singular matrix halves the digits of binary64.
    np.testing.assert_allclose(found.macroscopic, M, rtol=0, atol=1e-7)
    np.testing.assert_allclose(found.U @ found.U.T, 1, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: SpikedModel(data=(1.0, 2.0)), "data codes"),
        (lambda: SpikedModel(tau=0.0), "tau = 0.0 is out of range"),
        (lambda: SpikedModel(eta_t=float("nan")), "eta_t = nan"),
        (lambda: SpikedModel(data=(-1.0,)), "second moments"),
        (lambda: initial(10, gram(0.9, 0.9, -0.9), 1), "no orthonormal"),
        (lambda: initial(2, START, 1), "too few"),
        (lambda: initial(10, np.eye(4), 1), "odd size"),
        (lambda: simulate(TWO, initial(9, START, 1), 1), "1 features, the model 2"),
        (lambda: simulate(MODEL, initial(9, gram(0, 0, 0, 2.0), 1), 1), "of length 1"),
        (lambda: simulate(MODEL, initial(9, START, 1), -1), "must be positive"),
        (lambda: chain(TWO, 10, START_TWO, [1], 2, 1), "one feature"),
        (lambda: chain(MODEL, 4, START, [1], 2, 1), "n >= 5"),
        (lambda: chain(MODEL, 9, START, [2, 1], 2, 1), "must increase"),
        (lambda: chain(MODEL, 9, gram(0.9, 0.9, -0.9), [1], 2, 1), "these inner products"),
        (lambda: convergence(MODEL, START, [9], duration=1, runs=2, seed=1), "two different"),
        (lambda: integrate(MODEL, START_TWO, [1.0]), "does not fit"),
        (lambda: integrate(MODEL, START, [2.0, 1.0]), "increasing"),
    ],
)
def test_bad_input_is_named(wrong: Any, words: str) -> None:
    with pytest.raises(KernelError, match=words):
        wrong()


def test_a_file_that_holds_no_particles_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", w=np.ones(3))
    (tmp_path / "text.npz").write_text("no archive")
    for name in ("other.npz", "text.npz", "missing.npz"):
        with pytest.raises(KernelError, match=r"no saved particles"):
            Particles.load(tmp_path / name)


def test_an_exploding_run_is_reported() -> None:
    wild = SpikedModel(tau=40.0, tau_g=40.0, eta_t=3.0, penalty=0.0)
    with pytest.raises(KernelError, match="exploded"), np.errstate(all="ignore"):
        simulate(wild, initial(10, START, 1), 2000, every=50)
