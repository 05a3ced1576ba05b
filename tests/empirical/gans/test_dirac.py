r"""Gradients by autograd against the exact fields of the Dirac-GAN, penalties included.

The networks have one weight each: :math:`d(x) = \psi x` and :math:`g(z) = \theta`. The ground's
Dirac-GAN has a discriminator high on what is generated, so that its psi is minus the one here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sympy as sp
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from symgan import losses
from symgan.empirical.gans.gans import Gan, named
from symgan.empirical.gans.gradients import (
    Draws,
    clipped,
    discriminator_gradient,
    generator_gradient,
)
from symgan.empirical.gans.gran import Gran
from symgan.empirical.gans.losses import Y
from symgan.empirical.gans.losses import named as named_loss
from symgan.empirical.gans.networks import MLP
from symgan.empirical.gans.penalties import Penalty
from symgan.empirical.gans.spectral import advance, start
from symgan.game import Game
from symgan.games.dirac import dirac, dirac_non_saturating
from symgan.games.quadratic import bilinear
from symgan.regularizers import clip, js_noise, r1, r2, spectral_normalization, wgan_gp
from symgan.system import Map

THETA, PSI = sp.symbols("theta psi", real=True)
LINE = MLP(1, (), 1)
BCE, CRITIC = named_loss("non-saturating"), named_loss("wasserstein")
# The slope of |psi| is no derivative at 0 and sign(0) = 0 there; the torch norm has 0, too.
places = st.sampled_from([-3.0, -0.5, 0.0, 1.0, 2.5]) | st.floats(-4, 4).filter(
    lambda x: x == 0 or abs(x) > 1e-3
)
# Both sides are rounded products of about ten factors of size up to 1e3.
CLOSE = {"rtol": 1e-13, "atol": 1e-13}


def line(weight: float, offset: float) -> list[Tensor]:
    """A network x -> weight x + offset of one member."""
    w = torch.tensor([[[weight]]], dtype=torch.float64)
    return [w, torch.tensor([[offset]], dtype=torch.float64)]


def point(value: float) -> Tensor:
    return torch.tensor([[[value]]], dtype=torch.float64)


def field(gan: Gan, theta: float, psi: float, draws: Draws | None = None) -> list[float]:
    """(v_theta, v_psi) by autograd, in the ground's psi."""
    d, g = line(-psi, 0.0), line(0.0, theta)
    zero, latent = point(0.0), point(1.0)
    _, (in_psi, _) = discriminator_gradient(gan, LINE, d, zero, LINE(g, latent), draws)
    _, (_, in_theta) = generator_gradient(gan, LINE, LINE, g, d, latent, draws)
    return [float(in_theta), -float(in_psi)]


def exact(game: Game, theta: float, psi: float) -> list[float]:
    at = {THETA: sp.Rational(theta), PSI: sp.Rational(psi)}
    return [float(entry.subs(at).evalf(30)) for entry in game.v]


def agree(found: list[float], expected: list[float]) -> bool:
    return found == pytest.approx(expected, rel=CLOSE["rtol"], abs=CLOSE["atol"])


PENALIZED: dict[str, tuple[Gan, Game]] = {
    "plain": (Gan("", BCE), dirac_non_saturating(losses.jensen_shannon)),
    "saturating": (named("saturating-bce"), dirac(losses.jensen_shannon)),
    "wasserstein": (Gan("", CRITIC), dirac(losses.wasserstein)),
    "least squares": (named("least-squares"), dirac_non_saturating(losses.least_squares)),
    "r1": (named("r1-gp"), r1(dirac_non_saturating(losses.jensen_shannon), 3)),
    "r2": (named("r2-gp"), r2(dirac_non_saturating(losses.jensen_shannon), 3)),
    "js": (named("reg-js-gan"), js_noise(dirac_non_saturating(losses.jensen_shannon), 3)),
    # The source of WGAN-GP writes lambda, the ground gamma/2.
    "gp": (named("wgan-gp"), wgan_gp(dirac(losses.wasserstein), 6)),
    "gp half": (
        Gan("", CRITIC, penalty=Penalty("gp", convention="half")),
        wgan_gp(dirac(losses.wasserstein), 3),
    ),
}


@pytest.mark.parametrize("name", PENALIZED)
@settings(max_examples=12, deadline=None)
@given(theta=places, psi=places, share=st.sampled_from([0.0, 0.3, 1.0]))
def test_fields_are_exact(name: str, theta: float, psi: float, share: float) -> None:
    gan, game = PENALIZED[name]
    draws = Draws(mix=torch.tensor([[share]], dtype=torch.float64))
    assert agree(field(gan, theta, psi, draws), exact(game, theta, psi))


@pytest.mark.parametrize("name", ["r1", "r2", "js", "gp"])
def test_another_weight_or_sign_is_noticed(name: str) -> None:
    gan, game = PENALIZED[name]
    draws = Draws(mix=torch.tensor([[0.5]], dtype=torch.float64))
    other = replace(gan, penalty=Penalty(name, 2.0, "weight"))
    for wrong in (other, replace(gan, penalty=None)):
        assert not agree(field(wrong, 0.5, 1.5, draws), exact(game, 0.5, 1.5))
    assert not agree(field(gan, 0.5, -1.5, draws), exact(game, 0.5, 1.5))


def test_the_factors_of_the_js_penalty_are_differentiated() -> None:
    """With the logistic factors held constant the field would be another one."""
    gan, _ = PENALIZED["js"]
    theta, psi = 0.7, 1.1
    d = -psi * theta
    s = float(torch.sigmoid(torch.tensor(d)))
    frozen = 3 * psi * (0.25 + s**2)
    plain = field(PENALIZED["plain"][0], theta, psi)
    assert field(gan, theta, psi)[1] != pytest.approx(plain[1] + frozen, rel=1e-3)


@pytest.mark.parametrize("form", ["squared", "plain"])
@settings(max_examples=12, deadline=None)
@given(theta=places, psi=places.filter(bool))
def test_gradient_normalization_is_exact(form: str, theta: float, psi: float) -> None:
    r"""On the line f = psi x has slope |psi|: d is an explicit function of psi and x."""
    gan = replace(named("piecewise-gp"), gran=Gran(0.83, 0.1, form))
    k, epsilon, s = sp.Rational(0.83), sp.Rational(0.1), sp.Abs(PSI)
    factor = s / (PSI**2 + epsilon) if form == "squared" else 1 / (s + epsilon)
    d = -k * PSI * THETA * factor
    own = Game(
        name="gran",
        players=((THETA,), (PSI,)),
        losses=(BCE.generator.expression.subs(Y, d), BCE.fake.expression.subs(Y, d)),
    )
    assert agree(field(gan, theta, psi), exact(own, theta, psi))
    other = replace(gan, gran=Gran(0.83, 0.2, form))
    assert theta == 0 or not agree(field(other, theta, psi), exact(own, theta, psi))


@settings(max_examples=12, deadline=None)
@given(theta=places, psi=places, n=places, m=places)
def test_instance_noise_moves_both_points(theta: float, psi: float, n: float, m: float) -> None:
    """Given its draws, the noisy Dirac-GAN is a Dirac-GAN with data at sigma n, explicitly."""
    gan, sigma = named("instance-noise"), sp.Rational(0.02**0.5)
    on_real, on_fake = (-PSI * sigma * sp.Rational(n), -PSI * (THETA + sigma * sp.Rational(m)))
    payoff = BCE.real.expression.subs(Y, on_real) + BCE.fake.expression.subs(Y, on_fake)
    own = Game(
        name="noise",
        players=((THETA,), (PSI,)),
        losses=(BCE.generator.expression.subs(Y, on_fake), payoff),
    )
    draws = Draws(real_noise=point(n), fake_noise=point(m))
    assert agree(field(gan, theta, psi, draws), exact(own, theta, psi))
    quiet = replace(gan, schedule="linear")
    d, g = line(-psi, 0.0), line(0.0, theta)
    _, (faded, _) = discriminator_gradient(
        quiet, LINE, d, point(0.0), LINE(g, point(1.0)), draws, progress=1.0
    )
    assert -float(faded) == pytest.approx(field(PENALIZED["plain"][0], theta, psi)[1], abs=1e-15)


@settings(max_examples=8, deadline=None)
@given(st.tuples(places, places), st.tuples(places, places).filter(any))
def test_spectral_normalization_is_exact(theta: Any, psi: Any) -> None:
    """A linear critic on the plane becomes psi/|psi|; one round of power iteration finds |psi|."""
    game = spectral_normalization(bilinear([[1, 0], [0, 1]]))
    at = dict(zip(game.state, map(sp.Rational, (*theta, *psi)), strict=True))
    expected = [float(entry.subs(at).evalf(30)) for entry in game.v]
    gan = Gan("", CRITIC, spectral=True)
    plane, source = MLP(2, (), 1), MLP(1, (), 2)
    d = [torch.tensor([[psi]], dtype=torch.float64), torch.zeros(1, 1, dtype=torch.float64)]
    g = [torch.zeros(1, 2, 1, dtype=torch.float64), torch.tensor([theta], dtype=torch.float64)]
    state = advance(d, start(d, [0]))
    origin = torch.zeros(1, 1, 2, dtype=torch.float64)
    fake = source(g, point(1.0))
    _, (in_psi, _) = discriminator_gradient(gan, plane, d, origin, fake, state=state)
    _, (_, in_theta) = generator_gradient(gan, source, plane, g, d, point(1.0), state=state)
    assert agree([*in_theta.flatten().tolist(), *in_psi.flatten().tolist()], expected)
    # The normalized gradient is orthogonal to psi; the plain one, theta, is so only by accident.
    bare = discriminator_gradient(Gan("", CRITIC), plane, d, origin, fake)[1][0].flatten()
    assert bare.tolist() == list(theta)
    assert float(in_psi.flatten() @ d[0].flatten()) == pytest.approx(0, abs=1e-13)


@given(st.lists(st.sampled_from([-1.0, -0.01, 0.0, 0.005, 0.01, 3.0]), min_size=2, max_size=2))
@settings(max_examples=10, deadline=None)
def test_clipping_is_the_projection_of_the_ground(values: list[float]) -> None:
    u, w = sp.symbols("u w", real=True)
    projected = clip(Map((u, w), (u, w)), sp.Rational(0.01), (u, w))
    at = dict(zip((u, w), map(sp.Rational, values), strict=True))
    expected = [float(entry.subs(at)) for entry in projected.rhs]
    weights = [torch.tensor([[v]], dtype=torch.float64) for v in values]
    assert [float(x) for x in clipped(named("WGAN"), weights)] == expected
    assert [float(x) for x in clipped(named("WGAN+GP"), weights)] == values
