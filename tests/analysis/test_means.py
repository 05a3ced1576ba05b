"""Enclosures of expectations contain the value, and nothing far from it."""

from __future__ import annotations

from typing import Any

import mpmath
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Rational

from symgan.analysis.means import enclose_means
from symgan.certify.ball import load_flint
from symgan.errors import Undecided
from symgan.expectation import NORMAL, UNIFORM, Expectation
from symgan.games.dirac import dirac
from symgan.games.uniform import a, uniform, w
from symgan.losses import SCALAR_LOSSES, GenericLoss, jensen_shannon
from symgan.regularizers import instance_noise

z = sp.Symbol("z", real=True)
rationals = st.fractions(-2, 2, max_denominator=9).map(lambda q: Rational(*q.as_integer_ratio()))


def holds(ball: Any, value: Any) -> bool:
    """Whether a ball contains a number known to 30 digits."""
    flint = load_flint()
    with flint.ctx.workprec(150):
        near = flint.arb(f"{mpmath.nstr(value, 32)} +/- 1e-25")
        return bool(ball.overlaps(near))


@pytest.mark.parametrize(
    ("body", "exact"),
    [
        (sp.tanh(z + 1), sp.log(sp.cosh(2)) / 2),
        (sp.exp(2 * z), sp.sinh(2) / 2),
        (sp.log(z + 2), (3 * sp.log(3) - 2) / 2),
        (1 / (z**2 + 1), sp.pi / 4),
    ],
)
def test_integrals_with_a_closed_form(body: Any, exact: Any) -> None:
    ball = enclose_means(Expectation(body, z, UNIFORM))
    assert float(ball.rad()) < 1e-25
    with mpmath.workdps(40):
        value = mpmath.mpf(str(exact.evalf(40)))
        assert holds(ball, value)
        assert not holds(ball, value + mpmath.mpf(10) ** -20)


def test_tails_are_in_the_ball() -> None:
    """E s(z + 1/2) by another way; and a low precision gives a wide ball, not a wrong one."""
    logistic = sp.exp(z + Rational(1, 2)) / (1 + sp.exp(z + Rational(1, 2)))
    kept = Expectation(logistic * z**2, z, NORMAL)
    with mpmath.workdps(40):
        far = mpmath.inf
        measured = mpmath.quad(
            lambda t: t**2 * mpmath.npdf(t) / (1 + mpmath.exp(-t - 0.5)), [-far, -3, 0, 3, far]
        )
        balls = {bits: enclose_means(kept, bits=bits) for bits in (30, 60, 128)}
        assert all(holds(ball, measured) for ball in balls.values())
    widths = [float(ball.rad()) for ball in balls.values()]
    assert widths == sorted(widths, reverse=True)
    assert 1e-12 < widths[0] < 1e-5


@settings(max_examples=12)
@given(st.sampled_from(sorted(SCALAR_LOSSES)), rationals.filter(bool), rationals)
def test_the_field_of_the_uniform_system(name: str, at: Any, weight: Any) -> None:
    field = uniform(SCALAR_LOSSES[name]).v
    point = {a: at, w: weight}
    with mpmath.workdps(40):
        for entry in field:
            value = sp.sympify(entry.subs(point)).evalf(32)
            assert holds(enclose_means(entry, point), mpmath.mpf(str(value)))


@settings(max_examples=10)
@given(rationals, rationals)
def test_instance_noise_off_the_equilibrium(theta: Any, psi: Any) -> None:
    game = instance_noise(dirac(), Rational(1, 2), loss=jensen_shannon)
    point = dict(zip(game.state, (theta, psi), strict=True))
    with mpmath.workdps(35):
        b, c = (mpmath.mpf(v.p) / v.q for v in (theta, psi))
        slope = lambda y: 1 / (1 + mpmath.exp(y))  # noqa: E731
        measured = mpmath.quad(
            lambda n: c * slope(c * (b + n / 2)) * mpmath.npdf(n), [-16, -4, 0, 4, 16]
        )
        assert holds(enclose_means(game.v[0], point), measured)


@pytest.mark.parametrize(
    "kept",
    [
        Expectation(GenericLoss(z + 1), z, UNIFORM),
        Expectation(sp.tanh(w + z), z, UNIFORM),
        Expectation(sp.exp(z**2 / 4) * sp.tanh(z + 1), z, NORMAL),
        Expectation(sp.sqrt(z**2 + 1) ** 3, z, NORMAL),
        Expectation(Expectation(sp.tanh(1 + w * z), z, UNIFORM), w, NORMAL),
    ],
    ids=["free loss", "symbol", "growth", "function", "nested"],
)
def test_what_has_no_enclosure_is_refused(kept: Any) -> None:
    with pytest.raises(Undecided):
        enclose_means(kept)
