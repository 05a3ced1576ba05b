r"""Gradients by autograd against exact ones where slopes differ from point to point.

The discriminator :math:`d = \psi x + \psi^2 x^3 + \varphi x y - \varphi^2 y` is curved in the
points and in its parameters, so that real, generated and mixed points each count for themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import mpmath
import pytest
import sympy as sp
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sympy import Rational
from torch import Tensor

from symgan import losses
from symgan.empirical.gans.gans import Gan, named
from symgan.empirical.gans.gradients import Draws, discriminator_gradient, generator_gradient
from symgan.empirical.gans.gran import Gran
from symgan.empirical.gans.networks import MLP, Weights
from symgan.empirical.gans.penalties import Penalty
from symgan.game import Game
from symgan.games.atoms import AtomGame, atom_game
from symgan.regularizers import js_noise, r1, r2, wgan_gp

X, Z, A, B, PSI, PHI = sp.symbols("x y a b psi phi", real=True)
VALUE = PSI * X + PSI**2 * X**3 + PHI * X * Z - PHI**2 * Z
REAL = (((1, -1), Rational(1, 3)), ((-2, Rational(1, 2)), Rational(2, 3)))
SHARE = Rational(1, 4)
places = st.sampled_from([-2.0, -0.5, 0.0, 0.25, 1.0, 1.5])
POINTS = MLP(1, (), 2)


@dataclass(frozen=True)
class Cubic:
    """The discriminator above, as a network of the weights (psi, phi)."""

    shapes: tuple[tuple[int, ...], ...] = ((2,),)

    def init(self, seeds: Sequence[int], **kind: Any) -> list[Tensor]:
        return [torch.zeros(len(seeds), 2)]

    def __call__(self, weights: Weights, x: Tensor) -> Tensor:
        psi, phi = (w.unsqueeze(1) for w in weights[0].unbind(1))
        u, v = x.unbind(-1)
        return (psi * u + psi**2 * u**3 + phi * u * v - phi**2 * v).unsqueeze(-1)


def atoms(discriminator: Any = VALUE, loss: Any = losses.jensen_shannon) -> AtomGame:
    return atom_game(
        discriminator=discriminator,
        features=(X, Z),
        real=[(weight, place) for place, weight in REAL],
        fake=[(1, (A, B))],
        minimize=(A, B),
        maximize=(PSI, PHI),
        loss=loss,
    )


def scores(values: Any, slopes: Any) -> list[tuple[Any, Any, Any]]:
    return [(p, d, g) for (p, d), (_, g) in zip(values, slopes, strict=True)]


STABILIZERS = ("none", "r1", "r2", "gp", "js", "squared", "plain")


@cache
def games() -> dict[str, tuple[Gan, Game]]:
    """A GAN and the exact game that it is to descend, the generator's loss saturating.

    By stabilizer; derived when a test asks, which spares the processes that ask for none.
    """
    own = atoms()
    real, fake = scores(own.real, own.real_slopes), scores(own.fake, own.fake_slopes)
    saturating = named("saturating-bce")
    size = sp.sqrt(sum(sp.diff(VALUE, s) ** 2 for s in (X, Z)))
    k, epsilon = Rational(0.83), Rational(0.1)
    between = own.slopes_between(SHARE)
    return {
        "none": (saturating, own.game),
        "r1": (penalized("r1"), r1(own.game, 3, slopes=own.real_slopes)),
        "r2": (penalized("r2"), r2(own.game, 3, slopes=own.fake_slopes)),
        "gp": (penalized("gp"), wgan_gp(own.game, 6, slopes=between)),
        "js": (penalized("js"), js_noise(own.game, 3, real=real, fake=fake)),
        "squared": (
            replace(saturating, gran=Gran(0.83, 0.1)),
            atoms(k * VALUE * size / (size**2 + epsilon)).game,
        ),
        "plain": (
            replace(saturating, gran=Gran(0.83, 0.1, "plain")),
            atoms(k * VALUE / (size + epsilon)).game,
        ),
    }


def penalized(kind: str) -> Gan:
    return replace(named("saturating-bce"), penalty=Penalty(kind))


def field(gan: Gan, at: Sequence[float]) -> list[float]:
    """v at (a, b, psi, phi) by autograd; the atom of weight 2/3 stands twice in the batch."""
    a, b, psi, phi = at
    g = [torch.zeros(1, 2, 1, dtype=torch.float64), torch.tensor([[a, b]], dtype=torch.float64)]
    d = [torch.tensor([[psi, phi]], dtype=torch.float64)]
    first, second = (tuple(map(float, place)) for place, _ in REAL)
    real = torch.tensor([[first, second, second]], dtype=torch.float64)
    z = torch.ones(1, 3, 1, dtype=torch.float64)
    draws = Draws(mix=torch.full((1, 3), float(SHARE), dtype=torch.float64))
    _, (on_d,) = discriminator_gradient(gan, Cubic(), d, real, POINTS(g, z), draws)
    _, (_, on_g) = generator_gradient(gan, POINTS, Cubic(), g, d, z, draws)
    return [*on_g.flatten().tolist(), *on_d.flatten().tolist()]


@cache
def formulas(name: str) -> Callable[..., Sequence[Any]]:
    """v of a game as a function of mpmath numbers."""
    game = games()[name][1]
    return sp.lambdify(game.state, game.v, "mpmath", cse=True)


def exact(name: str, at: Sequence[float]) -> list[float]:
    with mpmath.workdps(30):
        return [float(entry) for entry in formulas(name)(*map(mpmath.mpf, at))]


def kinked(a: float, b: float, psi: float, phi: float) -> bool:
    """Whether a slope vanishes at one of the points, where its norm has no derivative."""
    slope = [sp.diff(VALUE, s).subs({PSI: Rational(psi), PHI: Rational(phi)}) for s in (X, Z)]
    t, fake = SHARE, (Rational(a), Rational(b))
    mixed = [tuple(t * u + (1 - t) * v for u, v in zip(x, fake, strict=True)) for x, _ in REAL]
    where = [x for x, _ in REAL] + [fake, *mixed]
    return any(all(s.subs({X: x, Z: y}) == 0 for s in slope) for x, y in where)


def agree(found: list[float], expected: list[float]) -> bool:
    """Within rounding: sums of terms up to 1e3, a few tens of operations each."""
    return found == pytest.approx(expected, rel=1e-11, abs=1e-11)


@pytest.mark.parametrize("name", STABILIZERS)
@settings(max_examples=5, deadline=None)
@given(places, places, places.filter(bool), places.filter(bool))
def test_fields_are_exact_at_points_that_differ(
    name: str, a: float, b: float, psi: float, phi: float
) -> None:
    assume(not kinked(a, b, psi, phi))
    assert agree(field(games()[name][0], (a, b, psi, phi)), exact(name, (a, b, psi, phi)))


@pytest.mark.parametrize("name", STABILIZERS)
def test_no_stabilizer_passes_for_another(name: str) -> None:
    at = (0.25, -0.5, 1.5, -0.5)
    found = field(games()[name][0], at)
    assert [other for other in STABILIZERS if agree(found, exact(other, at))] == [name]


def test_every_stabilizer_is_named() -> None:
    assert tuple(games()) == STABILIZERS
