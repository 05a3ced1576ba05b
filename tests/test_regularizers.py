"""Regularizers: penalties by definition, the field they make, and which equilibria they keep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Integer, Rational, Symbol

from symgan.errors import GameError
from symgan.game import Game
from symgan.games.annealed import annealed
from symgan.games.atoms import atom_game, dirac_atoms
from symgan.games.dirac import dirac
from symgan.games.quadratic import bilinear, quadratic
from symgan.losses import SCALAR_LOSSES, GenericLoss, least_squares, wasserstein
from symgan.regularizers import r1, r2, weight_decay, wgan_gp
from tests.contracts import laws

gamma = Symbol("gamma", positive=True)
x, theta, psi, t = sp.symbols("x theta psi t", real=True)
REGULARIZERS: dict[str, Callable[..., Game]] = {
    "r1": r1, "r2": r2, "wgan-gp": wgan_gp, "weight decay": weight_decay
}  # fmt: skip
ORIGIN = {theta: Integer(0), psi: Integer(0)}
points = st.integers(-5, 5).map(lambda n: Rational(n, 2))


def difference(game: Game, before: Game) -> list[Any]:
    return [sp.expand(a - b) for a, b in zip(game.v, before.v, strict=True)]


@pytest.mark.parametrize("name", [*SCALAR_LOSSES, "free"])
def test_gradient_penalties_on_the_dirac_gan(name: str) -> None:
    """Mescheder et al. 2018: R1 and R2 add gamma psi to the discriminator, nothing else."""
    before = dirac({**SCALAR_LOSSES, "free": GenericLoss}[name])
    for penalize in (r1, r2, weight_decay):
        game = penalize(before, gamma)
        assert difference(game, before) == [0, gamma * psi]
        assert game.losses[0] == before.losses[0]
        assert game.equilibrium == ORIGIN
        assert laws.equilibrium_violations(game) == []
    assert difference(r1(before, gamma), before) != [0, -gamma * psi]
    pulled = wgan_gp(before, gamma)
    assert difference(pulled, before) == [0, sp.expand(gamma * (sp.Abs(psi) - 1) * sp.sign(psi))]


def test_penalties_of_vectors() -> None:
    game = bilinear([[1, 0], [0, 1]])
    a, b = game.players[1]
    assert difference(r1(game, gamma), game) == [0, 0, gamma * a, gamma * b]
    assert difference(weight_decay(game, gamma, player=0), game)[2:] == [0, 0]
    norm = sp.sqrt(a**2 + b**2)
    pulled = wgan_gp(game, gamma, target=3)
    assert sp.expand(pulled.losses[1] - game.losses[1] - gamma * (norm - 3) ** 2 / 2) == 0
    assert pulled.equilibrium is None
    assert r1(game, gamma).equilibrium == game.equilibrium


@given(points, points)
def test_slopes_of_atoms_by_definition(a: Any, b: Any) -> None:
    """A critic with curvature: E |d'|^2 at real, generated and mixed places."""
    d = psi * x + psi**2 * x**3
    thirds = (Rational(1, 3), Rational(2, 3))
    real, fake = list(zip(thirds, (1, -2), strict=True)), [(1, theta)]
    atoms = atom_game(
        discriminator=d, features=x, real=real, fake=fake, minimize=theta, maximize=psi
    )
    before, slope = atoms.game, sp.diff(d, x)
    means = {
        "real": sum(w * slope.subs(x, place) ** 2 for w, place in real),
        "fake": slope.subs(x, theta) ** 2,
        "mixed": sum(w * (slope.subs(x, (place + theta) / 2) ** 2) for w, place in real),
    }
    games = {
        "real": r1(before, gamma, slopes=atoms.real_slopes),
        "fake": r2(before, gamma, slopes=atoms.fake_slopes),
        "mixed": wgan_gp(before, gamma, target=0, slopes=atoms.slopes_between(Rational(1, 2))),
    }
    at = {theta: a, psi: b}
    for kind, game in games.items():
        added = sp.diff(gamma * means[kind] / 2, psi)
        assert [sp.expand(e.subs(at)) for e in difference(game, before)] == [
            0,
            sp.expand(added.subs(at)),
        ]


def test_interpolates_of_a_linear_critic_do_not_matter() -> None:
    atoms = dirac_atoms()
    for place in (0, Rational(1, 3), t):
        mixed = wgan_gp(atoms.game, gamma, slopes=atoms.slopes_between(place))
        assert mixed.v == wgan_gp(atoms.game, gamma).v


def test_wgan_gp_repels_from_the_former_equilibrium() -> None:
    """The slope of the penalty jumps by 2 gamma at psi = 0: descent moves away on both sides."""
    game = wgan_gp(dirac(wasserstein), gamma)
    assert game.equilibrium is None
    at_zero = game.v[1].subs(theta, 0)
    assert sp.limit(at_zero, psi, 0, "+") == -gamma
    assert sp.limit(at_zero, psi, 0, "-") == gamma
    still = wgan_gp(dirac(wasserstein), gamma, target=0)
    assert still.v == r1(dirac(wasserstein), gamma).v
    assert still.equilibrium == ORIGIN


@settings(max_examples=25)
@given(points.filter(bool), points, st.integers(1, 4))
def test_wgan_gp_has_no_rest_point_where_the_loss_has_no_slope_zero(b: Any, a: Any, g: int) -> None:
    """v_theta = psi f'(psi theta) vanishes at psi != 0 only where f' does; least squares: y = 1."""
    for name in ("wasserstein", "jensen-shannon", "exponential", "tanh"):
        field = wgan_gp(dirac(SCALAR_LOSSES[name]), gamma, target=g).v
        assert field[0].subs({theta: a, psi: b}).evalf(30) != 0
    pulled = wgan_gp(dirac(least_squares), gamma, target=g)
    for sign in (1, -1):
        rest = {psi: Integer(sign * g), theta: Rational(sign, g)}
        assert [sp.expand(v.subs(rest)) for v in pulled.v] == [0, 0]
        assert laws.equilibrium_violations(replace(pulled, equilibrium=rest)) == []
        off = {psi: rest[psi], theta: -rest[theta]}
        assert laws.equilibrium_violations(replace(pulled, equilibrium=off))


def test_an_equilibrium_away_from_slope_zero_is_kept_only_if_it_rests() -> None:
    """At (1/g, g) of least squares the pull to g is at rest; the pull to another norm is not."""
    rest = {psi: Integer(2), theta: Rational(1, 2)}
    game = replace(dirac(least_squares), equilibrium=rest)
    assert laws.equilibrium_violations(game) == []
    assert wgan_gp(game, gamma, target=2).equilibrium == rest
    assert wgan_gp(game, gamma, target=3).equilibrium is None
    assert r1(game, gamma).equilibrium is None
    assert weight_decay(game, gamma, player=0).equilibrium is None


def test_parameters_and_names() -> None:
    game = r1(weight_decay(quadratic(), gamma, player=0), Symbol("c", positive=True))
    assert game.parameters == (gamma, Symbol("c", positive=True))
    assert game.name == "quadratic+weight-decay+r1"
    again = r1(game, gamma)
    assert again.parameters == game.parameters
    moving = weight_decay(annealed(), gamma)
    assert moving.time == annealed().time
    assert difference(moving, annealed()) == [0, gamma * psi, 0]
    assert weight_decay(quadratic(), 3).parameters == ()


@pytest.mark.parametrize("name", REGULARIZERS)
def test_wrong_input(name: str) -> None:
    penalize = REGULARIZERS[name]
    with pytest.raises(GameError, match="negative"):
        penalize(bilinear(), -1)
    with pytest.raises(GameError, match=r"players 0\.\.1, not 2"):
        penalize(bilinear(), gamma, player=2)
    if name != "weight decay":
        with pytest.raises(GameError, match="at least one slope"):
            penalize(bilinear(), gamma, slopes=[])
        with pytest.raises(GameError, match=">= 0"):
            penalize(bilinear(), gamma, slopes=[(-1, (psi,))])


@pytest.mark.parametrize("penalty", [r1, r2, weight_decay, wgan_gp])
@pytest.mark.parametrize(
    ("weight", "words"), [(None, "finite"), ("1/2", "finite"), (sp.oo, "finite"), (psi, "state")]
)
def test_weights_are_exact_settings(penalty: Any, weight: Any, words: str) -> None:
    with pytest.raises(GameError, match=words):
        penalty(dirac(wasserstein), weight)
