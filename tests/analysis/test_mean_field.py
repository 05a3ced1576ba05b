"""Rest points of the mean-field GAN: completeness, stability and what orbits do."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Rational

from symgan.analysis.mean_field import (
    NAMES,
    blank_is_stable,
    critical_overlap,
    line_block,
    recovery_is_stable,
    rest_families,
    rest_family,
    stable_families,
)
from symgan.errors import GameError
from symgan.games.quadratic import bilinear
from symgan.games.spiked import (
    Lambda,
    Lambda_G,
    P,
    eta_g,
    eta_t,
    noise_strength,
    q,
    r,
    strict_flow,
    tau,
    tau_g,
)
from symgan.kernels.particles_flow import integrate
from symgan.kernels.particles_model import SpikedModel, gram

positive = st.fractions(Rational(1, 10), 3, max_denominator=20)
noises = st.one_of(st.just(0), st.fractions(0, 2, max_denominator=20))
SYMBOLS = (Lambda, Lambda_G, eta_t, eta_g, tau, tau_g)


def at(*numbers: Any) -> dict[Any, Any]:
    """Values for all parameters."""
    return {s: sp.Rational(x) for s, x in zip(SYMBOLS, numbers, strict=True)}


def equal(noise: Any, ratio: Any) -> dict[Any, Any]:
    """Equal codes of variance 1, equal noises, tau = 1."""
    return at(1, 1, noise, noise, 1, ratio)


@cache
def field() -> Any:
    """The strict field on numbers."""
    return sp.lambdify((P, q, r, *SYMBOLS), strict_flow().rhs, "numpy")


def points(values: dict[Any, Any]) -> list[tuple[str, dict[Any, float]]]:
    """All rest points off the line, with signs and roots, as numbers."""
    found = []
    for name in NAMES[1:]:
        family = rest_family(strict_flow().subs(values), name)
        if family is None:
            continue
        roots: list[dict[Any, Any]] = [{}]
        if family.relation is not None:
            roots = [{sp.Symbol("s", positive=True): x} for x in sp.roots(sp.Poly(family.relation))]
        for root in roots:
            numbers = {s: complex(v.subs(root)) for s, v in family.point.items()}
            if all(abs(x.imag) < 1e-12 for x in numbers.values()):
                found.append((name, {s: x.real for s, x in numbers.items()}))
    return found


@settings(deadline=None, max_examples=6)
@given(st.tuples(positive, positive, noises, noises, positive, positive))
def test_rest_points_are_at_rest(numbers: tuple[Any, ...]) -> None:
    values = at(*numbers)
    for name, point in points(values):
        for sign, other in itertools.product((1, -1), repeat=2):
            state = [sign * point[P], sign * other * point[q], other * point[r]]
            rates = field()(*state, *(float(values[s]) for s in SYMBOLS))
            scale = 1 + max(abs(x) for x in state) ** 3 * 30
            assert max(map(abs, rates)) < 1e-9 * scale, name


def test_no_rest_point_is_missing() -> None:
    """Newton's method from a grid finds no realizable rest point besides the families."""
    values = at(2, 1, Rational(1, 4), Rational(1, 3), Rational(1, 2), 1)
    numbers = [float(values[s]) for s in SYMBOLS]
    known = [(abs(p[P]), abs(p[q]), abs(p[r])) for _, p in points(values)]
    f = strict_flow()
    J = sp.lambdify((P, q, r, *SYMBOLS), f.jacobian(), "numpy")
    seen = set()
    for start in itertools.product(np.linspace(-0.9, 0.9, 6), repeat=3):
        x = np.array(start)
        for _ in range(60):
            step = np.linalg.lstsq(J(*x, *numbers), field()(*x, *numbers), rcond=None)[0]
            x = x - np.clip(step, -0.5, 0.5)
        if max(map(abs, field()(*x, *numbers))) < 1e-11 and np.abs(x).max() <= 1:
            on_line = max(abs(x[1:])) < 1e-5
            near = [k for k, p in enumerate(known) if np.allclose(np.abs(x), p, atol=1e-6)]
            assert on_line or near, x
            seen |= set(near)
    assert seen  # the search does find families


@settings(deadline=None, max_examples=6)
@given(st.tuples(positive, positive, noises, noises, positive, positive))
def test_stability_is_that_of_the_eigenvalues(numbers: tuple[Any, ...]) -> None:
    values = at(*numbers)
    flow = strict_flow().subs(values)
    for overlap, condition in ((1, recovery_is_stable(flow)), (0, blank_is_stable(flow))):
        block = np.array(line_block(flow).subs(P, overlap).tolist(), dtype=float)
        worst = np.linalg.eigvals(block).real.max()
        assert abs(worst) < 1e-9 or (worst < 0) == bool(condition)
    stable = stable_families(strict_flow(), values)
    J = sp.lambdify((P, q, r), flow.jacobian(), "numpy")
    worsts: dict[str, list[float]] = {}
    for name, point in points(values):
        inside = max(map(abs, point.values())) <= 1 + 1e-12
        if inside and all(point[s] for s in ((P, r) if name == "informative" else ())):
            worst = np.linalg.eigvals(np.array(J(*point.values()), dtype=float)).real.max()
            worsts.setdefault(name, []).append(worst)
    for name, found in worsts.items():
        if min(map(abs, found)) > 1e-7:
            assert (min(found) < 0) == (name in stable), (name, found)


@pytest.mark.parametrize(
    ("ratio", "noise", "expected"),
    [
        (Rational(1, 2), Rational(1, 5), ("informative",)),
        (Rational(1, 2), Rational(2, 5), ()),
        (Rational(1, 2), Rational(3, 4), ("recovery",)),
        (Rational(1, 2), Rational(6, 5), ("recovery", "blank")),
        (1, 0, ("informative",)),
        (3, Rational(3, 5), ("informative",)),
        (3, 1, ("collapsed",)),
        (3, Rational(13, 10), ("recovery", "collapsed")),
    ],
)
def test_phases(ratio: Any, noise: Any, expected: tuple[str, ...]) -> None:
    assert stable_families(strict_flow(), equal(noise, ratio)) == expected


@pytest.mark.parametrize(
    ("noise", "duration", "swing"), [(0.2, 400, False), (0.4, 400, True), (0.75, 400, False)]
)
def test_orbits_do_what_the_phases_say(noise: float, duration: float, swing: bool) -> None:
    model = SpikedModel(eta_t=noise, eta_g=noise, tau=1.0, tau_g=0.5)
    times = np.linspace(duration - 60, duration, 121)
    late = integrate(model, gram(0.1, 0.3, 0.05), list(times), tolerance=1e-8)
    amplitude = float(np.ptp(late[:, 0, 2]))
    assert (amplitude > 1) if swing else (amplitude < 1e-3)


def test_thresholds_in_closed_form() -> None:
    """Equal codes: recovery for kappa > Lambda tau_G/(2 tau), blank for kappa > Lambda."""
    flow, kappa = strict_flow().subs({Lambda_G: Lambda}), noise_strength()
    block = line_block(flow)
    assert sp.expand(block.trace() - (tau_g * Lambda - 2 * tau * kappa)) == 0
    square = (1 - kappa / Lambda) * (1 + kappa / Lambda - tau_g / tau)
    assert sp.cancel(critical_overlap(flow) - square) == 0


@settings(deadline=None, max_examples=40)
@given(st.floats(0.05, 3), st.floats(0.05, 2), st.floats(0, 2), st.floats(0.01, 2),
       st.floats(-1, 1), st.floats(-1, 1), st.floats(-1, 1))  # fmt: skip
def test_strong_noise_stills_every_orbit(
    Lam: float, t: float, noise: float, more: float, a: float, b: float, c: float
) -> None:
    """For kappa > Lambda max(1, tau_G/tau - 1) the sum q^2 + r^2 falls in every state."""
    kappa = t * noise**2 / 2 + more * Lam
    other = float(np.sqrt(2 * more * Lam / t))
    ratio = 0.9 * (1 + kappa / Lam)
    state = (a, b, a * b + c * float(np.sqrt((1 - a * a) * (1 - b * b))))
    rates = field()(*state, Lam, Lam, noise, other, t, ratio * t)
    change = state[1] * rates[1] + state[2] * rates[2]
    if kappa > Lam:
        # Rounding of terms of order 100.
        assert change <= 1e-12 * (1 + abs(kappa) * t * 10)


def test_families_without_members_are_left_out() -> None:
    balanced = strict_flow().subs(at(1, 1, 0, 0, 1, 1))
    assert rest_family(balanced, "collapsed") is None
    assert [f.name for f in rest_families(balanced)] == ["line", "discriminator alone",
                                                         "informative"]  # fmt: skip


def test_other_flows_and_missing_numbers_are_refused() -> None:
    with pytest.raises(GameError, match="three state symbols"):
        rest_families(bilinear().flow())
    with pytest.raises(GameError, match="no family 'cycle'"):
        rest_family(strict_flow(), "cycle")
    with pytest.raises(GameError, match="give values for eta_T"):
        stable_families(strict_flow(), {s: 1 for s in SYMBOLS if s != eta_t})
    flow = strict_flow()
    twisted = replace(flow, rhs=(flow.rhs[0] + P, *flow.rhs[1:]))
    with pytest.raises(GameError, match="not the strict mean-field flow"):
        rest_families(twisted)
    assert eta_g in strict_flow().parameters
