"""The spiked GAN's exact moments: against enumeration, sampling and the literature's limit."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from symgan.errors import GameError
from symgan.games import spiked
from symgan.games.spiked import (
    Lambda,
    Lambda_G,
    P,
    S,
    eta_g,
    eta_t,
    expected_increment,
    fourth,
    fourth_g,
    lambda_,
    macroscopic_flow,
    mean_game,
    n,
    q,
    r,
    slope_s,
    slope_z,
    strict_flow,
    tau,
    tau_g,
    z,
)
from symgan.games.spiked_rows import microscopic, row_moments

# The law on -sqrt 3, 0, sqrt 3 has a Gaussian's moments up to order five.
NODES = ((-math.sqrt(3), 1 / 6), (0.0, 2 / 3), (math.sqrt(3), 1 / 6))
sizes = st.floats(0.1, 2.0)
small = st.floats(-0.9, 0.9)


def frame(values: dict[Any, float], size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Vectors U, V, w with the inner products asked for."""
    U, V, w = np.zeros((3, size))
    U[0] = 1
    V[0], w[0] = values[P], values[q]
    V[1] = math.sqrt(values[S] - values[P] ** 2)
    w[1] = (values[r] - values[P] * values[q]) / V[1]
    w[2] = math.sqrt(values[z] - w[0] ** 2 - w[1] ** 2)
    return U, V, w


def side(
    feature: np.ndarray, w: np.ndarray, second: float, noise: float
) -> tuple[Any, float, float]:
    """E[(y.w) y], E[(y.w)^2 |y|^2] and E[(y.w) c], all outcomes summed."""
    outcomes = np.array(list(itertools.product(*[[x for x, _ in NODES]] * (len(w) + 1))))
    weights = np.array(
        [math.prod(p) for p in itertools.product(*[[p for _, p in NODES]] * (len(w) + 1))]
    )
    codes = math.sqrt(second) * outcomes[:, 0]
    y = codes[:, None] * feature + math.sqrt(noise) * outcomes[:, 1:]
    score = y @ w
    return (
        (weights * score) @ y,
        float(weights @ (score**2 * (y * y).sum(1))),
        float(weights @ (score * codes)),
    )


def enumerated(values: dict[Any, float], size: int) -> dict[Any, float]:
    """E[change of M] in a given number of dimensions, all outcomes summed."""
    U, V, w = frame(values, size)
    real, real_square, _ = side(U, w, values[Lambda], values[eta_t])
    fake, fake_square, code = side(V, w, values[Lambda_G], values[eta_g])
    rate, rate_g = values[tau] / size, values[tau_g] / size
    pull_z, pull_s = values[lambda_] * values[slope_z], values[lambda_] * values[slope_s]
    dw = rate * (real - fake - pull_z * w)
    dV = rate_g * (code * w - pull_s * V)
    ww = real_square + fake_square - 2 * real @ fake
    ww += -2 * pull_z * (real - fake) @ w + pull_z**2 * w @ w
    # E (s~ c~)^2, from the Gaussian pair (s~, c~)
    square = values[Lambda_G] * (values[Lambda_G] * values[r] ** 2 + values[eta_g] * values[z])
    square += 2 * (values[Lambda_G] * values[r]) ** 2
    vv = square * w @ w - 2 * code * pull_s * w @ V + pull_s**2 * V @ V
    return {
        P: float(U @ dV),
        q: float(U @ dw),
        S: float(2 * V @ dV + rate_g**2 * vv),
        z: float(2 * w @ dw + rate**2 * ww),
    }


@settings(deadline=None, max_examples=8)
@given(
    st.tuples(*[sizes] * 7), st.tuples(*[small] * 2), st.tuples(small, small, small),
    st.sampled_from((3, 4)), st.booleans(),
)  # fmt: skip
def test_expected_increments_are_sums_over_all_outcomes(
    scales: tuple[float, ...], slopes: tuple[float, ...], angles: tuple[float, ...], size: int,
    silent: bool,
) -> None:  # fmt: skip
    names = (Lambda, Lambda_G, tau, tau_g, lambda_, S, z)
    values: dict[Any, float] = dict(zip(names, scales, strict=True))
    values |= {eta_t: 0.0 if silent else 0.4, eta_g: 0.7, slope_s: slopes[0], slope_z: slopes[1]}
    a, b, c = angles
    values[P] = a * math.sqrt(values[S])
    values[q] = b * math.sqrt(values[z])
    inner = values[P] * values[q] + c * math.sqrt(
        (values[S] - values[P] ** 2) * (values[z] - values[q] ** 2)
    )
    values[r] = inner
    given_values = {**values, n: size, fourth: 3 * values[Lambda] ** 2}
    given_values[fourth_g] = 3 * values[Lambda_G] ** 2
    for symbol, expected in enumerated(values, size).items():
        found = float(expected_increment()[symbol].subs(given_values))
        # Sums of 729 terms in binary64, the largest of order 10.
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-9), symbol


def test_increment_of_r_is_the_mean_of_many_steps() -> None:
    values = {Lambda: 1.3, Lambda_G: 0.7, eta_t: 0.5, eta_g: 0.4, tau: 0.6, tau_g: 0.9}
    values |= {lambda_: 0.8, slope_s: 0.3, slope_z: -0.2, P: 0.4, q: -0.3, r: 0.5, S: 1.2, z: 0.9}
    size, runs = 4, 400_000
    U, V, w = frame(values, size)
    rng = np.random.default_rng(5)
    a, b = rng.standard_normal((2, runs, size))
    c, g = rng.standard_normal((2, runs))
    c, g = c * math.sqrt(values[Lambda]), g * math.sqrt(values[Lambda_G])
    y, fake = c[:, None] * U + math.sqrt(0.5) * a, g[:, None] * V + math.sqrt(0.4) * b
    s, t = y @ w, fake @ w
    dw = 0.6 / size * (s[:, None] * y - t[:, None] * fake + 0.8 * 0.2 * w)
    dV = 0.9 / size * ((t * g)[:, None] * w - 0.8 * 0.3 * V)
    changes = ((V + dV) * (w + dw)).sum(1) - V @ w
    given_values = {**values, n: size, fourth: 3 * 1.3**2, fourth_g: 3 * 0.7**2}
    expected = float(expected_increment()[r].subs(given_values))
    # Four standard errors of the mean; without the term dV.dw it would be off by more.
    margin = 4 * changes.std() / math.sqrt(runs)
    assert changes.mean() == pytest.approx(expected, abs=margin)
    assert abs((V @ dw.T + dV @ w).mean() - expected) > margin


def test_limit_is_the_published_one() -> None:
    """Wang, Hu and Lu 2019, theorem 1 for F(x) = x^2/2 and d = 1."""
    g, g_fake = Lambda * q, Lambda_G * r
    pull_s, pull_z = lambda_ * slope_s, lambda_ * slope_z
    h = eta_t - eta_g - pull_z
    b = eta_t * (Lambda * q**2 + eta_t * z) + eta_g * (Lambda_G * r**2 + eta_g * z)
    published = (
        tau_g * (q * g_fake - P * pull_s),
        tau * (g - P * g_fake + q * h),
        tau * (P * g - S * g_fake + r * h) + tau_g * (z * g_fake - pull_s * r),
        2 * tau_g * (r * g_fake - S * pull_s),
        2 * tau * (q * g - r * g_fake + z * h) + tau**2 * b,
    )
    found = macroscopic_flow(None).rhs
    assert [sp.expand(a - b) for a, b in zip(found, published, strict=True)] == [0] * 5


def test_strict_flow_is_the_regularized_one_held_at_length_one() -> None:
    full = macroscopic_flow(None)
    held = sp.solve([full.rhs[3].subs(S, 1), full.rhs[4].subs(z, 1)], [slope_s, slope_z], dict=True)
    at = [f.subs(held[0]).subs({S: 1, z: 1}) for f in full.rhs[:3]]
    gaps = [sp.simplify(a - b) for a, b in zip(at, strict_flow().rhs, strict=True)]
    assert gaps == [0, 0, 0]


def test_strong_penalty_approaches_the_strict_flow() -> None:
    """With lambda = 10^4 lengths settle near 1 and the field is the strict one up to 1/lambda."""
    numbers = {Lambda: 1, Lambda_G: 2, eta_t: 0.5, eta_g: 0.3, tau: 0.7, tau_g: 0.4}
    state = {P: 0.4, q: 0.3, r: -0.2}
    strict = [float(f.subs(numbers).subs(state)) for f in strict_flow().rhs]
    errors = []
    for strength in (1e3, 1e4):
        full = [f.subs({**numbers, lambda_: strength}).subs(state) for f in macroscopic_flow().rhs]
        lengths = sp.nsolve(full[3:], (S, z), (1, 1))
        put = {S: lengths[0], z: lengths[1]}
        found = [float(f.subs(put)) for f in full[:3]]
        errors.append(max(abs(a - b) for a, b in zip(found, strict, strict=True)))
    assert errors[1] < errors[0] / 5 < 1e-3


def test_gradient_flow_of_the_mean_lacks_the_noise() -> None:
    game = mean_game(3, penalty=lambda x: x)
    V, w = (sp.Matrix(player) for player in game.players)
    dV, dw = -tau_g * sp.Matrix(game.v[:3]), -tau * sp.Matrix(game.v[3:])
    place = {**dict(zip(V, (Fraction(2, 5), Fraction(1, 3), 0), strict=True)),
             **dict(zip(w, (Fraction(-1, 2), 1, Fraction(3, 7)), strict=True))}  # fmt: skip
    place = {s: sp.Rational(v) for s, v in place.items()}
    at = {P: V[0], q: w[0], r: V.dot(w), S: V.dot(V), z: w.dot(w)}
    state = {s: e.subs(place) for s, e in at.items()}
    full = [f.subs(state) for f in macroscopic_flow(lambda x: x).rhs]
    rates = (dV[0], dw[0], V.dot(dw) + dV.dot(w), 2 * V.dot(dV), 2 * w.dot(dw))
    gaps = [sp.expand(a - b.subs(place)) for a, b in zip(full, rates, strict=True)]
    assert gaps[:4] == [0, 0, 0, 0]
    noise = eta_t * (Lambda * state[q] ** 2 + eta_t * state[z])
    noise += eta_g * (Lambda_G * state[r] ** 2 + eta_g * state[z])
    assert sp.expand(gaps[4] - tau**2 * noise) == 0


def test_equation_of_rows_gives_the_macroscopic_flow() -> None:
    """Ito: the mean of v omega, u omega, omega^2, ... over rows moves as r, q, z, ... do."""
    rows = microscopic()
    u, v, omega = rows.state
    means = {u * u: 1, u * v: P, u * omega: q, v * v: S, v * omega: r, omega * omega: z}

    def average(expression: Any) -> Any:
        poly = sp.Poly(sp.expand(expression), u, v, omega)
        products = (
            (sp.Mul(*(s**k for s, k in zip(rows.state, powers, strict=True))), factor)
            for powers, factor in poly.terms()
        )
        return sp.Add(*(factor * means[product] for product, factor in products))

    _, f_v, f_w = rows.drift
    moved = (
        average(u * f_v),
        average(u * f_w),
        average(v * f_w + omega * f_v),
        average(2 * v * f_v),
        average(2 * omega * f_w) + rows.diffusion[2],
    )
    gaps = [sp.expand(a - b) for a, b in zip(moved, macroscopic_flow(None).rhs, strict=True)]
    assert gaps == [0] * 5


def test_rows_do_not_jump() -> None:
    values = {Lambda: 1, Lambda_G: 2, eta_t: 1, eta_g: 1, tau: 1, tau_g: 1, lambda_: 1, slope_s: 1,
              slope_z: 1, q: Fraction(1, 2), r: Fraction(1, 3), z: 1}  # fmt: skip
    rows = [
        moment.subs({s: sp.Rational(x) for s, x in values.items()}) for moment in row_moments(4)
    ]
    assert [sp.limit(n * moment, n, sp.oo) for moment in rows] == [0, 0]


def test_bad_size_is_refused() -> None:
    with pytest.raises(GameError, match="at least one dimension"):
        mean_game(0)


def test_noise_strength_is_what_the_blank_state_feels() -> None:
    blank = strict_flow().jacobian().subs({P: 0, q: 0, r: 0})
    assert sp.expand(blank[1, 1] - tau * (Lambda - spiked.noise_strength())) == 0
