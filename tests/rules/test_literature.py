"""Spectra and thresholds that papers state, on the bilinear game with singular value 1.

Eigenvalues are compared as polynomials; thresholds by the Schur-Cohn condition for complex
quadratics, written here anew: z^2 - a z + c has both roots in the open disk if and only if
|c| < 1 and |a - c conj(a)| < 1 - |c|^2.
"""

from __future__ import annotations

from typing import Any

import mpmath
import pytest
import sympy as sp
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sympy import I, Rational, sqrt

from symgan.rules.extragradient import extragradient, past_extragradient
from symgan.rules.heavy_ball import heavy_ball
from symgan.rules.lookahead import lookahead
from symgan.rules.optimistic import optimistic
from symgan.rules.proximal_point import proximal_point
from symgan.rules.simultaneous import simultaneous
from symgan.rules.two_timescale import two_timescale
from tests.rules.examples import GAMES, alpha, beta, eigenvalue_polynomial, eta

game = GAMES["bilinear"]
z = sp.Symbol("z")
fractions = st.fractions(Rational(1, 50), 3, max_denominator=50).map(
    lambda f: Rational(*f.as_integer_ratio())
)
momenta = st.fractions(Rational(-49, 50), Rational(49, 50), max_denominator=50).map(
    lambda f: Rational(*f.as_integer_ratio())
)


def size(number: Any) -> Any:
    """|z|^2 of an expression in real symbols and I."""
    return sp.expand(sp.expand(number) * sp.expand(sp.conjugate(number)))


def within(a: Any, c: Any) -> bool:
    """Whether z^2 - a z + c has both roots in the open unit disk."""
    gap = size(a - c * sp.conjugate(a)) - (1 - size(c)) ** 2
    return bool(size(c) < 1) and bool(sp.expand(gap) < 0)


def radius(polynomial: Any) -> Any:
    """The largest modulus of the roots; at a double root still to 25 digits."""
    with mpmath.workdps(30):
        coefficients = [mpmath.mpf(c.p) / c.q for c in sp.Poly(polynomial, z).all_coeffs()]
        roots = mpmath.polyroots(coefficients, maxsteps=500, extraprec=100)
        return max(abs(root) for root in roots)


def both_signs(quadratic: Any) -> Any:
    """The product of a complex quadratic and its conjugate: four real coordinates."""
    return sp.expand(quadratic * sp.conjugate(quadratic).subs(sp.conjugate(z), z))


def test_proximal_point_contracts_at_every_step() -> None:
    """|lambda|^2 = det = 1/(1 + eta^2). Source: Mokhtari et al. 2020, on bilinear games."""
    J = proximal_point(game, eta).jacobian()
    assert sp.cancel(J.det() - 1 / (1 + eta**2)) == 0
    assert (J * J.T - sp.eye(2) / (1 + eta**2)).applyfunc(sp.cancel) == sp.zeros(2, 2)


def test_extragradient_spectrum() -> None:
    """1 - eta^2 +- i eta: stable if and only if eta < 1, best at 1/sqrt(2) with rate
    sqrt(3)/2. Source: Korpelevich 1976; Mokhtari et al. 2020."""
    eigenvalue = 1 - eta**2 + I * eta
    found = eigenvalue_polynomial(extragradient(game, eta), z)
    assert sp.expand(found - both_signs(z - eigenvalue)) == 0
    modulus = size(eigenvalue)
    assert sp.factor(modulus - 1) == eta**2 * (eta - 1) * (eta + 1)
    assert sp.expand(modulus - Rational(3, 4) - (eta**2 - Rational(1, 2)) ** 2) == 0


@settings(max_examples=40)
@given(fractions)
@example(Rational(577350269, 10**9))
@example(Rational(577350270, 10**9))
def test_optimistic_is_stable_below_one_over_root_three(step: Any) -> None:
    """z^2 - (1 - 2 i eta) z - i eta; the roots leave the disk at exp(i pi/3), eta = 1/sqrt(3)."""
    stable = bool(step < 1 / sqrt(3))
    assert within(1 - 2 * I * step, -I * step) is stable
    for rule in (optimistic, past_extragradient):
        assert (radius(eigenvalue_polynomial(rule(game, step), z)) < 1) is stable


def test_where_optimistic_steps_leave_the_disk() -> None:
    """Daskalakis et al. 2018 prove convergence for small steps; here is where it ends.

    Source: the exact conditions of Zhang and Yu 2020 for bilinear games."""
    quadratic = z**2 - (1 - 2 * I * eta) * z - I * eta
    expected = both_signs(quadratic)
    assert sp.expand(eigenvalue_polynomial(optimistic(game, eta), z) - expected) == 0
    assert sp.expand(eigenvalue_polynomial(past_extragradient(game, eta), z) - expected) == 0
    edge = expected.subs({z: Rational(1, 2) + sqrt(3) / 2 * I, eta: 1 / sqrt(3)})
    assert sp.expand(edge) == 0


def test_simultaneous_momentum_spectrum() -> None:
    quadratic = z**2 - (1 + beta - I * eta) * z + beta
    found = eigenvalue_polynomial(heavy_ball(game, eta), z)
    assert sp.expand(found - both_signs(quadratic)) == 0


@settings(max_examples=40)
@given(fractions, momenta)
@example(Rational(1, 50), Rational(0))
@example(Rational(1), Rational(-1, 2))
def test_simultaneous_momentum_never_converges(step: Any, momentum: Any) -> None:
    """Source: Gidel et al. 2019 (negative momentum), section 5."""
    assert not within(1 + momentum - I * step, momentum)
    system = heavy_ball(game, step, beta=momentum)
    assert radius(eigenvalue_polynomial(system, z)) > 1


@settings(max_examples=40)
@given(fractions.filter(lambda step: step <= 1))
@example(Rational(1))
def test_alternating_negative_momentum_converges(step: Any) -> None:
    """beta = (-1/2, 0) and eta <= 1: squared rate below max(1/2, 1 - eta^2/16).

    Source: Gidel et al. 2019 (negative momentum), section 5.
    """
    system = heavy_ball(game, step, beta=(Rational(-1, 2), 0), alternating=True)
    rate = radius(eigenvalue_polynomial(system, z)) ** 2
    bound = max(Rational(1, 2), 1 - step**2 / 16)
    assert rate < mpmath.mpf(bound.p) / bound.q


@settings(max_examples=40)
@given(fractions)
def test_alternating_positive_momentum_diverges(step: Any) -> None:
    """The false neighbor of the last: the same momentum with the other sign."""
    system = heavy_ball(game, step, beta=(Rational(1, 2), 0), alternating=True)
    assert radius(eigenvalue_polynomial(system, z)) > 1


@given(fractions, fractions)
@example(Rational(1), Rational(2, 5))
@example(Rational(2), Rational(1, 4))
def test_lookahead_turns_divergence_into_convergence(step: Any, weight: Any) -> None:
    """Two steps of plain descent, which diverges for every step, converge with lookahead if
    and only if alpha < 2/(4 + eta^2). Source: Chavdarova et al. 2021, where the
    rotation is averaged out; the threshold is |1 - alpha + alpha (1 + i eta)^2| < 1."""
    system = lookahead(simultaneous, k=2, alpha=weight)(game, step)
    modulus = system.jacobian().det()  # a rotation and a scaling: det = |lambda|^2
    assert (modulus < 1) is sp.sympify(weight < 2 / (4 + step**2))
    assert simultaneous(game, step).jacobian().det() == 1 + step**2 > 1


def test_lookahead_spectrum() -> None:
    eigenvalue = 1 - alpha + alpha * (1 + I * eta) ** 3
    found = eigenvalue_polynomial(lookahead(simultaneous, k=3, alpha=alpha)(game, eta), z)
    assert sp.expand(found - both_signs(z - eigenvalue)) == 0


@pytest.mark.parametrize("ratio", [Rational(1, 5), 1, 7])
def test_two_time_scales_act_through_their_product(ratio: Any) -> None:
    """Scaling theta by sqrt(tau) makes the rates equal: z^2 - 2 z + 1 + tau eta^2."""
    found = eigenvalue_polynomial(two_timescale(game, eta, tau=ratio), z)
    assert sp.expand(found - ((z - 1) ** 2 + ratio * eta**2)) == 0
