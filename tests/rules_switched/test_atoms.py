"""Games over atoms: payoffs, projections and slopes against their definitions."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from sympy import Rational

from symgan.errors import GameError
from symgan.games.atoms import atom_game, dirac_atoms
from symgan.games.dirac import dirac
from symgan.losses import SCALAR_LOSSES, GenericLoss, jensen_shannon, least_squares

x, y, theta, psi, t = sp.symbols("x y theta psi t", real=True)
third, two_thirds = Rational(1, 3), Rational(2, 3)


@pytest.mark.parametrize("name", SCALAR_LOSSES)
def test_dirac_atoms_is_dirac_with_the_discriminator_turned(name: str) -> None:
    loss = SCALAR_LOSSES[name]
    turned = [f.subs(psi, -psi) for f in dirac(loss).losses]
    ours = dirac_atoms(loss).game.losses
    assert [sp.expand(a - b) for a, b in zip(ours, turned, strict=True)] == [0, 0]


def test_bce_is_the_papers() -> None:
    """L = log(1/2) + log(1 - sigma(psi theta)), lemma D.4."""
    sigma = 1 / (1 + sp.exp(-psi * theta))
    printed = sp.log(Rational(1, 2)) + sp.log(1 - sigma)
    ours = dirac_atoms(jensen_shannon).game.losses[0]
    slopes = (sp.diff(printed - ours, s) for s in (theta, psi))
    assert [sp.cancel(f.rewrite(sp.exp)) for f in slopes] == [0, 0]
    assert sp.expand_log((printed - ours).subs({theta: 0}), force=True) == 0


def weighted() -> Any:
    return atom_game(
        discriminator=psi * x + x**2 * y,
        features=(x, y),
        real=[(third, (0, 1)), (two_thirds, (2, 3))],
        fake=[(third, (theta, 0)), (two_thirds, (1, theta))],
        minimize=theta,
        maximize=psi,
        loss=GenericLoss,
    )


def test_weights_places_and_slopes() -> None:
    atoms = weighted()
    f = GenericLoss
    expected = (
        third * f(sp.Integer(0))
        + two_thirds * f(2 * psi + 12)
        + third * f(-psi * theta)
        + two_thirds * f(-psi - theta)
    )
    assert sp.expand(atoms.game.losses[0] - expected) == 0
    assert atoms.game.losses[1] == -atoms.game.losses[0]
    assert atoms.real_slopes == ((third, (psi, 0)), (two_thirds, (psi + 12, 4)))
    assert atoms.fake_slopes == ((third, (psi, theta**2)), (two_thirds, (psi + 2 * theta, 1)))


def test_slopes_between_atoms() -> None:
    """At t = 1 the real places, at t = 0 the generated ones, each pair with its weight."""
    atoms = weighted()
    ends = {0: atoms.fake_slopes, 1: atoms.real_slopes}
    for place, expected in ends.items():
        totals: dict[Any, Any] = {}
        for weight, slope in atoms.slopes_between(place):
            totals[slope] = totals.get(slope, 0) + weight
        assert totals == {slope: weight for weight, slope in expected}
    assert dirac_atoms().slopes_between(t) == ((1, (psi,)),)


@given(st.integers(-3, 3), st.integers(-3, 3))
def test_a_pair_of_losses(a: int, b: int) -> None:
    """Least squares with its own targets: real at 1, generated at 0."""
    pair = (least_squares, lambda d: -(d**2))
    atoms = atom_game(
        discriminator=psi * x + 1, features=x, real=[(1, 1)], fake=[(1, theta)],
        minimize=theta, maximize=psi, loss=pair,
    )  # fmt: skip
    assert atoms.game.losses[0].subs({theta: a, psi: b}) == -(b**2) - (a * b + 1) ** 2


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"real": [(1, (0, 1))]}, "2 coordinates for 1"),
        ({"real": [(third, 0)]}, "weights of the real atoms sum to 1/3"),
        ({"fake": [(2, 0), (-1, theta)]}, "positive weights"),
        ({"fake": []}, "sum to 0"),
    ],
)
def test_wrong_atoms(change: dict[str, Any], sentence: str) -> None:
    fields: dict[str, Any] = {
        "discriminator": psi * x, "features": x, "real": [(1, 0)], "fake": [(1, theta)],
        "minimize": theta, "maximize": psi,
    }  # fmt: skip
    assert atom_game(**fields).game.v == (-psi, theta)
    with pytest.raises(GameError, match=sentence):
        atom_game(**{**fields, **change})
