"""Gradient norm, noise, normalization, clipping, entropy: fields, equilibria, refusals."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Integer, Matrix, Rational

from symgan.errors import GameError
from symgan.expectation import Expectation
from symgan.f_divergences import F_DIVERGENCES
from symgan.games.annealed import tiny_gan
from symgan.games.dirac import dirac, dirac_f_gan, dirac_non_saturating
from symgan.games.gan import blurred, gan
from symgan.games.quadratic import bilinear, quadratic
from symgan.laws import Atoms, Gaussian
from symgan.losses import SCALAR_LOSSES, GenericLoss, jensen_shannon, wasserstein
from symgan.regularizers import (
    clip,
    entropy,
    f_gan_noise,
    gradient_norm,
    instance_noise,
    js_noise,
    spectral_normalization,
)
from symgan.rules.heavy_ball import heavy_ball
from symgan.rules.simultaneous import simultaneous
from tests.contracts import laws

gamma, sigma, eta, c = sp.symbols("gamma sigma eta c", positive=True)
theta, psi = sp.symbols("theta psi", real=True)
ORIGIN = {theta: Integer(0), psi: Integer(0)}
entries = st.integers(-3, 3)
matrices = st.lists(st.lists(entries, min_size=2, max_size=2), min_size=2, max_size=2)


@settings(max_examples=10)
@given(matrices)
def test_gradient_norm_of_a_bilinear_game(B: Any) -> None:
    """V = -theta' B psi: the penalty is gamma |B' theta|^2, its gradient 2 gamma B B' theta."""
    game = bilinear(B)
    M, x = Matrix(B), Matrix(game.players[0])
    found = gradient_norm(game, gamma)
    added = (Matrix(found.v[:2]) - Matrix(game.v[:2]) - 2 * gamma * M * M.T * x).expand()
    assert added == sp.zeros(2, 1)
    assert found.v[2:] == game.v[2:]
    assert found.losses[1] == game.losses[1]
    assert found.equilibrium == game.equilibrium


@pytest.mark.parametrize("name", sorted(set(SCALAR_LOSSES) - {"hinge"}))
def test_gradient_norm_on_the_dirac_gan(name: str) -> None:
    """J gains 2 gamma f'(0)^2 for the generator and keeps its other entries."""
    f, y = SCALAR_LOSSES[name], sp.Symbol("y", real=True)
    found, before = gradient_norm(dirac(f), gamma), dirac(f)
    gain = (found.J - before.J).subs(ORIGIN)
    slope = sp.diff(f(y), y).subs(y, 0)
    assert gain.applyfunc(sp.expand) == Matrix([[2 * gamma * slope**2, 0], [0, 0]])
    assert laws.equilibrium_violations(found) == []


def test_non_saturating_losses_share_the_linearization() -> None:
    free, fair = dirac_non_saturating(), dirac()
    assert free.J.subs(ORIGIN) == fair.J.subs(ORIGIN)
    assert free.v != fair.v
    assert sum(free.losses) != 0
    practice = dirac_non_saturating(jensen_shannon)
    assert sp.expand(practice.losses[0] - sp.log(1 + sp.exp(psi * theta)) - sp.log(2)) == 0


def test_instance_noise_is_exact_at_the_equilibrium() -> None:
    game = instance_noise(dirac(), sigma)
    slope, bend = GenericLoss(0, 1), GenericLoss(0, 2)
    assert game.J.subs(ORIGIN) == Matrix([[0, slope], [-slope, -2 * sigma**2 * bend]])
    assert game.equilibrium == ORIGIN
    assert game.parameters == (sigma,)
    third = game.losses[0].diff(psi, 4).subs(ORIGIN)  # moments beyond the second are there, too
    assert sp.expand(third - 6 * sigma**4 * GenericLoss(0, 4)) == 0


def test_instance_noise_is_the_blurred_law() -> None:
    """The same game from the Dirac-GAN and from laws, under psi -> -psi."""
    x, z = sp.symbols("x z", real=True)
    model = gan(
        discriminator=psi * x,
        generator=theta,
        features=x,
        latent=z,
        data=Atoms(((1, 0),)),
        noise=Gaussian(),
        minimize=theta,
        maximize=psi,
        equilibrium=ORIGIN,
    )
    one = blurred(model, sigma).game.losses[0].subs(psi, -psi)
    other = instance_noise(dirac(), sigma).losses[0]
    for loss in ("exponential", "least-squares"):
        f = SCALAR_LOSSES[loss]
        gap = [e.replace(GenericLoss, lambda y, n, f=f: f(y)) for e in (one, other)]
        assert sp.expand(gap[0] - gap[1]) == 0
        assert gap[0].has(sigma)


@pytest.mark.parametrize("name", SCALAR_LOSSES)
def test_instance_noise_with_a_concrete_loss(name: str) -> None:
    f, y = SCALAR_LOSSES[name], sp.Symbol("y", real=True)
    game = instance_noise(dirac(), sigma, loss=f)
    bend = sp.diff(f(y), y, 2).subs(y, 0)
    assert not game.losses[0].has(GenericLoss)
    assert game.equilibrium == ORIGIN
    if name != "hinge":  # its second derivative is a delta's, of no weight at psi = 0
        assert sp.expand(game.J[1, 1].subs(ORIGIN) + 2 * sigma**2 * bend) == 0
    assert (
        game.losses[0].has(Expectation) == (name in {"jensen-shannon", "hinge"}) or name == "tanh"
    )


def test_noise_on_a_wasserstein_loss_is_silent() -> None:
    assert instance_noise(dirac(), sigma, loss=wasserstein).v == dirac(wasserstein).v


@pytest.mark.parametrize(
    ("game", "options", "said"),
    [
        (dirac(wasserstein), {}, "pass loss="),
        (gradient_norm(dirac(), 1), {}, "pass loss="),
        (bilinear(), {}, "pass loss="),
    ],
)
def test_instance_noise_refuses(game: Any, options: Any, said: str) -> None:
    with pytest.raises(GameError, match=said):
        instance_noise(game, sigma, **options)
    with pytest.raises(GameError, match="negative"):
        instance_noise(dirac(), -1)
    with pytest.raises(GameError, match="players 0"):
        instance_noise(dirac(), sigma, player=5)


def test_instance_noise_refuses_what_is_not_linear() -> None:
    curved = dirac(lambda y: GenericLoss(sp.sympify(y) + psi**2))
    with pytest.raises(GameError, match="state its slope"):
        instance_noise(curved, sigma)
    with pytest.raises(GameError, match="linear"):
        spectral_normalization(curved)


def test_js_noise_on_the_dirac_gan() -> None:
    """gamma/2 (1/4 + s(-psi theta)^2) psi^2: slope gamma/2 at the origin, the field by hand."""
    game = js_noise(dirac(jensen_shannon), gamma)
    s = 1 / (1 + sp.exp(psi * theta))
    by_hand = gamma / 2 * (Rational(1, 4) + s**2) * psi**2
    gap = game.v[1] - dirac(jensen_shannon).v[1] - sp.diff(by_hand, psi)
    assert laws.is_zero(gap)
    assert game.v[0] == dirac(jensen_shannon).v[0]
    assert sp.expand(game.J.subs(ORIGIN)[1, 1] - gamma / 2) == 0
    wrong_side = gamma / 2 * (Rational(1, 4) + (1 - s) ** 2) * psi**2
    assert not laws.is_zero(game.v[1] - dirac(jensen_shannon).v[1] - sp.diff(wrong_side, psi))


def test_js_noise_knows_which_side_is_real() -> None:
    """The bilinear payoff -psi theta is the Dirac-GAN under psi -> -psi; the penalty follows."""
    b, p = bilinear().state
    one = js_noise(bilinear(), gamma).v[1] - bilinear().v[1]
    other = js_noise(dirac(wasserstein), gamma).v[1] - dirac(wasserstein).v[1]
    assert laws.is_zero(one + other.subs({psi: -p, theta: b}, simultaneous=True))
    assert not laws.is_zero(one - other.subs({psi: p, theta: b}, simultaneous=True))


def test_js_noise_needs_scores_elsewhere() -> None:
    with pytest.raises(GameError, match="no Dirac-GAN"):
        js_noise(tiny_gan(jensen_shannon), gamma)
    with pytest.raises(GameError, match="no Dirac-GAN"):
        js_noise(quadratic(), gamma)


@pytest.mark.parametrize("name", F_DIVERGENCES)
def test_f_divergences_are_conjugate_pairs(name: str) -> None:
    """f(1) = 0, f'(1) as declared, f*(f'(u)) = u f'(u) - f(u), and f*''(f'(1)) = 1/f''(1)."""
    d = F_DIVERGENCES[name]
    u = sp.Symbol("u", positive=True)
    slope = sp.diff(d.f(u), u)
    assert sp.expand_log(d.f(u).subs(u, 1)) == 0
    assert sp.expand_log(slope.subs(u, 1), force=True) == d.optimum
    for value in (Rational(1, 2), Integer(1), Integer(3)):
        here = slope.subs(u, value)
        gap = d.conjugate(here) - (value * here - d.f(value))
        assert abs(gap.evalf(40)) < sp.Float("1e-30")
        assert abs((gap + 1).evalf(40)) > sp.Float("1e-3")
    y = sp.Symbol("y", real=True)
    bend = sp.diff(d.conjugate(y), y, 2).subs(y, d.optimum)
    assert sp.simplify(bend * sp.diff(d.f(u), u, 2).subs(u, 1) - 1) == 0


@pytest.mark.parametrize("name", F_DIVERGENCES)
def test_f_gan_noise_damps_by_the_bend(name: str) -> None:
    d = F_DIVERGENCES[name]
    game = dirac_f_gan(d)
    score = d.optimum + psi * theta
    found = f_gan_noise(game, gamma, d, [(1, score, (psi,))])
    u = sp.Symbol("u", positive=True)
    bend = 1 / sp.diff(d.f(u), u, 2).subs(u, 1)
    J = (found.J - game.J).subs(ORIGIN).applyfunc(sp.simplify)
    assert Matrix([[0, 0], [0, gamma * bend]]) == J
    assert game.J.subs(ORIGIN).applyfunc(sp.simplify) == Matrix([[0, -1], [1, 0]])
    with pytest.raises(GameError, match="at generated data"):
        f_gan_noise(game, gamma, d, [])


@settings(max_examples=15)
@given(matrices, st.tuples(entries, entries).filter(any), st.integers(1, 4))
def test_spectral_normalization_makes_units(B: Any, q: Any, k: int) -> None:
    """The payoff does not see the length of psi; at length kappa it is the plain one."""
    game = bilinear(B)
    found = spectral_normalization(game, 3)
    assert found.equilibrium is None
    at = dict(zip(game.players[1], map(Integer, q), strict=True))
    longer = {s: k * v for s, v in at.items()}
    assert sp.expand(found.losses[0].subs(at) - found.losses[0].subs(longer)) == 0
    norm = sp.sqrt(sum(v**2 for v in at.values()))
    unit = {s: 3 * v / norm for s, v in at.items()}
    assert sp.expand(found.losses[0].subs(at) - game.losses[0].subs(unit)) == 0
    radial = sum(s * v for s, v in zip(game.players[1], found.v[2:], strict=True))
    assert sp.simplify(radial) == 0


def test_spectral_normalization_of_one_number() -> None:
    with pytest.raises(GameError, match="side=1 or side=-1"):
        spectral_normalization(dirac())
    for side in (1, -1):
        game = spectral_normalization(dirac(wasserstein), 2, side=side)
        assert game.v == (2 * side, 0)
    with pytest.raises(GameError, match="not positive"):
        spectral_normalization(bilinear([[1, 0], [0, 1]]), 0)


def test_clipping_projects_after_the_step() -> None:
    step = simultaneous(bilinear(), eta)
    clipped = clip(step, c, (psi,))
    for start, end in ((Rational(1, 2), Rational(1, 2)), (Integer(5), Integer(1))):
        at = {theta: Integer(0), psi: start, eta: Integer(1), c: Integer(1)}
        assert [f.subs(at) for f in clipped.rhs] == [start, end]
    assert clipped.parameters == (eta, c)
    assert clipped.updates == step.updates
    assert len(clipped.stages) == 2
    momentum = clip(heavy_ball(bilinear(), eta), 1, (psi,))
    assert momentum.memory == heavy_ball(bilinear(), eta).memory
    with pytest.raises(GameError, match="not positive"):
        clip(step, -1, (psi,))
    with pytest.raises(GameError, match="not parameters of the map"):
        clip(step, 1, (c,))
    with pytest.raises(GameError, match="nothing"):
        clip(step, 1, ())


def test_entropy_of_logits() -> None:
    """H(s(x)) has the gradient -x s(x) s(-x): the bonus pulls logits to 0."""
    game = entropy(bilinear(), gamma)
    weight = sp.exp(psi) / (1 + sp.exp(psi)) ** 2
    for value in (-2, 1, 3):
        gap = (game.v[1] - bilinear().v[1] - gamma * psi * weight).subs({psi: value, gamma: 1})
        assert abs(gap.evalf(40)) < sp.Float("1e-30")
    assert game.equilibrium == bilinear().equilibrium
    pair = bilinear([[1, 0], [0, 1]])
    hessian = sp.hessian(entropy(pair, 1).losses[1], pair.players[1]).subs(pair.equilibrium)
    assert hessian == Matrix([[1, -1], [-1, 1]]) / 4
    with pytest.raises(GameError, match="sum to one"):
        entropy(bilinear(), gamma, probabilities=(psi, 2 - psi))
    own = entropy(bilinear(), gamma, probabilities=(psi, 1 - psi))
    assert sp.expand(own.v[1] - theta - gamma * (sp.log(psi) - sp.log(1 - psi))) == 0


def test_gradient_norm_refuses() -> None:
    """The slope of a hinge jumps, and with it the penalty: no loss to descend."""
    with pytest.raises(GameError, match="cannot be differentiated"):
        gradient_norm(dirac(SCALAR_LOSSES["hinge"]), gamma)
    with pytest.raises(GameError, match="another player"):
        gradient_norm(dirac(), gamma, player=1)
    with pytest.raises(GameError, match="negative"):
        gradient_norm(dirac(), -1)
